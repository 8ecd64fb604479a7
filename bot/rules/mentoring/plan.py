"""The plan of those who agreed: one comment, which says who does what, and is kept up to date where it stands."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.effects import Effect, LookAgain, Quiet, Revise, Say, Value
from bot.looking import ThreadLook
from bot.mentors import Mentoring, State
from bot.model import Person
from bot.pathway import Acted
from bot.policy import Policy
from bot.policytypes import Mode
from bot.rules.manners import shut
from bot.rules.mentoring.pair import NAME, Pair, key, pair

TEMPLATE: Final = f"{NAME}-plan"
TOO_LATE: Final = timedelta(days=14)  # after they began they have found a way of their own


def decide(mentoring: Mentoring, mentee: Person, look: ThreadLook, policy: Policy, now: datetime) -> Effect | None:
    """None: there is no plan, and none is due."""
    standing = _standing(mentoring, look)
    begun = mentoring.running_since
    if begun is None or (not standing and mentoring.state is not State.RUNNING):
        return None
    said = _say(mentoring, mentee, look, policy, now)
    if reason := shut(look, policy):
        return _quiet(reason)
    if standing:
        return _kept_up(standing, said, look, policy, now)
    if said.key in look.said_here:
        return _quiet("the plan was told once")
    if now >= begun + TOO_LATE:
        return _quiet("they have agreed long ago")
    return held(look, now) or said


def held(look: ThreadLook, now: datetime) -> LookAgain | None:
    """What is said once waits until it may be said."""
    stops = (look.hush.snoozed_until, look.hush.paused_until)
    until = max((stop for stop in stops if stop is not None and stop > now), default=None)
    return None if until is None else LookAgain(rule=NAME, at=until, why="it is quiet here for a while")


def _standing(mentoring: Mentoring, look: ThreadLook) -> list[Acted]:
    """What was done with the plan so far, while it stands there; nothing if it does not."""
    first = key("plan", mentoring)
    said = [act for act in look.acted if act.key == first and act.external_id is not None]
    if not said or any(act.detail.get("said") == first for act in look.acted):
        return []
    return said + [act for act in look.acted if act.effect == Revise.kind and act.key.startswith(f"{first}/")]


def _kept_up(standing: list[Acted], now_so: Say, look: ThreadLook, policy: Policy, now: datetime) -> Effect:
    said, last = standing[0], standing[-1]
    again = f"{now_so.key}/{len(standing)}"
    if last.why == now_so.why:
        return _quiet("the plan stands there as it is")
    if again in look.said_here:
        return _quiet("GitHub did not let the plan be changed")
    if policy.mode(NAME) is not Mode.ON:
        return _quiet(f"{NAME}.mode is not on")
    if until := held(look, now):
        return until
    say = replace(now_so, mention=now_so.mention and not said.detail.get("folded", False))
    return Revise(
        rule=NAME, key=again, why=now_so.why, thread=look.thread.ref, say=say, comment_id=said.external_id or 0,
        node_id=said.node_id,
    )  # fmt: skip


def _say(mentoring: Mentoring, mentee: Person, look: ThreadLook, policy: Policy, now: datetime) -> Say:
    them, repo = pair(mentoring), look.thread.repo
    talk, guide = policy.mentoring.talk, policy.mentoring.guide
    coming = policy.next_call(now) if policy.mentoring.first_call else None
    checks = [*_checks(mentoring, them), None, None]
    values: dict[str, Value] = {
        "sought": mentoring.state is State.SEEKING,
        "answers": them.answers.login if them.answers else None,
        "reviews": them.reviews.login if them.reviews else None,
        "guide": them.guide.login if them.guide else None,
        "guide_url": _at(guide, look),
        "first_check": checks[0],
        "second_check": checks[1],
        "first_call": policy.mentoring.first_call,
        "call": coming and {"name": coming[0].name, "url": coming[0].url, "at": f"{coming[1]:%Y-%m-%d %H:%M} UTC"},
        "talk": _at(talk, look) or policy.links.at(repo)["chat"],
    }
    return Say(
        rule=NAME,
        key=key("plan", mentoring),
        why=_why(mentoring, mentee, them),
        thread=look.thread.ref,
        template=TEMPLATE,
        language=policy.language,
        values=values,
        to=mentee,
        mention=_is_here(mentee, look),
    )


def _checks(mentoring: Mentoring, them: Pair) -> list[Value]:
    people = [them.on_check(number) for number in range(len(mentoring.checks))]
    return [
        {"day": f"{day:%Y-%m-%d}", "who": person.login}
        for day, person in zip(mentoring.checks, people, strict=True)
        if person is not None
    ]


def _at(link: str | None, look: ThreadLook) -> str | None:
    repo = look.thread.repo
    return link.replace("{owner}", repo.owner).replace("{repo}", repo.name) if link else None


def _why(mentoring: Mentoring, mentee: Person, them: Pair) -> str:
    """It tells what the plan says, so that a change of it is noticed."""
    sought = ", and others are sought" if mentoring.state is State.SEEKING else ""
    if them.answers is None:
        return f"nobody mentors {mentee.login} any more{sought}"
    days = ", ".join(f"{day:%Y-%m-%d}" for day in mentoring.checks) or "no day"
    parts = f"{them.answers.login} answers, {them.reviews.login if them.reviews else ''} reviews"
    guided = f", {them.guide.login} is their guide" if them.guide else ""
    return f"{mentee.login} is mentored: {parts}{guided}; looked at on {days}{sought}"


def _is_here(mentee: Person, look: ThreadLook) -> bool:
    """Whether they are in the thread: nobody else is brought into it."""
    thread = look.thread
    spoke = any(answer.person == mentee for answer in thread.answers)
    took = any(claim.person == mentee for claim in look.claims)
    return mentee == thread.author or mentee.id in thread.assignees or spoke or took


def _quiet(why: str) -> Quiet:
    return Quiet(rule=NAME, why=why)
