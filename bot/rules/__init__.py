"""The rules, in the order in which they are asked, and why in that order.

A rule is a pure function of what is known, the configuration and the time. What it returns is only a wish: the budget,
the ledger and the writer come after it. A rule need not know whether its feature is switched on, speaks, or is muted:
that is the same for all of them, and stands here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.effects import Effect, LookAgain, Quiet, Revise, Say
from bot.looking import Hush, ThreadLook
from bot.policy import Policy
from bot.policytypes import Mode
from bot.rules import (
    advice,
    answers,
    checkins,
    claims,
    cohorts,
    invitation,
    mentoring,
    need_help,
    next_steps,
    offers,
    readiness,
    steer,
    stop,
    thanks,
    triage,
    welcome,
)

Decide = Callable[[ThreadLook, Policy, datetime], list[Effect]]


@dataclass(frozen=True, slots=True)
class Rule:
    """`about` is one line for the documentation."""

    name: str
    about: str
    decide: Decide


RULES: Final[Sequence[Rule]] = (
    # A person who asks the bot to be quiet is answered before anything else is said.
    Rule(
        stop.NAME,
        "Answers `/no-bot` and `/forget-me` with a thumbs up; its author is left alone then.",
        stop.decide,
    ),
    # Then whoever steers it: a pause holds for all that follows.
    Rule(steer.NAME, "Obeys maintainers who steer it with `/switchback`, and answers them.", steer.decide),
    Rule(answers.NAME, "Answers every other command, and does what people ask for with it.", answers.decide),
    # Then whoever is new is welcomed; nothing else is said to them before.
    Rule(welcome.NAME, "Welcomes people who are new in the organisation; congratulates on a merge.", welcome.decide),
    # Then whoever waits for help: a promise was given.
    Rule(
        need_help.NAME,
        "Asks a human who agreed to it when somebody wrote `/need-help` and nobody has answered.",
        need_help.decide,
    ),
    # A first merge is the welcome's, a tenth is one to be thankful for; the ones between lead on.
    Rule(
        thanks.NAME,
        "Thanks for somebody's tenth merge, say; shows the thank-you for somebody who stepped back to them alone.",
        thanks.decide,
    ),
    Rule(next_steps.NAME, "Thanks for a later merge, and names issues that would be a next step.", next_steps.decide),
    # What is offered to somebody may wait until their thread has been answered otherwise.
    Rule(offers.NAME, "Offers an issue that fits to somebody who asked for one or has just begun.", offers.decide),
    # What nobody waits for comes last.
    Rule(
        invitation.NAME,
        "Invites people from outside who know the system well to try their own report with a co-mentor.",
        invitation.decide,
    ),
    # Who has taken something is known before anybody is asked; the question can wait for everything else.
    Rule(
        claims.NAME, "Asks how it goes with an issue that somebody has taken; opens it to others later.", claims.decide
    ),
    # Who is to mentor somebody is asked once it is known who has taken what.
    Rule(
        mentoring.NAME,
        "Asks two people who agreed to it to mentor somebody together; plans, reminds and thanks them.",
        mentoring.decide,
    ),
    # Who waits for the team hears of it after all that they asked for.
    Rule(
        triage.NAME,
        "Reminds the team of what waits for it, in the digest; tells newcomers who were left waiting that it is seen.",
        triage.decide,
    ),
    # In a cohort's own places nothing else is said.
    Rule(
        cohorts.NAME,
        "Records what applicants of a cohort do; reminds its mentors in the evaluation sheet; thanks applicants.",
        cohorts.decide,
    ),
    # In the private issue of a check-in nothing else is said either.
    Rule(
        checkins.NAME,
        "Asks people of the team in private how things are; reminds them, and hands over to a human.",
        checkins.decide,
    ),
    # What is for maintainers comes after what is for the author, and after commands, which may say what is missing.
    Rule(
        readiness.NAME,
        "Tells whoever called an issue medium what somebody still needs to know to begin.",
        readiness.decide,
    ),
    Rule(advice.NAME, "Tells maintainers which level a new issue looks like, if they want that.", advice.decide),
)


def decide(look: ThreadLook, policy: Policy, now: datetime) -> list[Effect]:
    """All that the rules wish for, in their order."""
    return [effect for rule in RULES for effect in _asked(rule, look, policy, now)]


def _asked(rule: Rule, look: ThreadLook, policy: Policy, now: datetime) -> list[Effect]:
    mode = policy.mode(rule.name)
    if mode is Mode.OFF:
        switch = "switchback" if policy.switchback == "off" else f"{rule.name}.mode"
        return [Quiet(rule=rule.name, why=f"{switch} is off")]
    return [_as_configured(effect, mode, look.hush, policy, now) for effect in rule.decide(look, policy, now)]


def _as_configured(effect: Effect, mode: Mode, hush: Hush, policy: Policy, now: datetime) -> Effect:
    """What is said by itself may be muted, or only be recorded. All may have words of the organisation's own."""
    if isinstance(effect, Revise):  # what may not be said anew is not changed either
        say = _as_configured(effect.say, mode, hush, policy, now)
        if isinstance(say, Say):
            return replace(effect, say=say) if say.aloud else Quiet(rule=effect.rule, why="it does not speak now")
        return say
    if not isinstance(effect, Say):
        return effect
    words = policy.messages.get(effect.template)
    if effect.asked_for:
        return replace(effect, words=words)
    if hush.snoozed_until is not None:
        return LookAgain(rule=effect.rule, at=hush.snoozed_until, why="the thread is snoozed")
    if effect.template in hush.muted:
        return Quiet(rule=effect.rule, why=f"{effect.template} is muted here: /switchback unmute {effect.template}")
    paused = hush.paused_until is not None and now < hush.paused_until
    return replace(effect, aloud=mode is Mode.ON and not paused, words=words)
