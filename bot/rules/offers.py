"""Offers somebody an issue that fits, in a thread of their own.

To whom, is decided where the whole organisation is looked at (bot/ramp/offering.py). Here it is said, once, if the
issue is still there to be taken.
"""

from datetime import datetime
from typing import Final

from bot.effects import Effect, Learn, Question, Quiet, Say
from bot.looking import ThreadLook
from bot.pathway import Opening
from bot.policy import Policy
from bot.policytypes import Mode
from bot.rules.manners import left_alone

NAME: Final = "offers"


def decide(look: ThreadLook, policy: Policy, now: datetime) -> list[Effect]:
    if not look.offered:
        return []
    if reason := left_alone(look, policy):
        return [_quiet(reason)]
    if look.author.is_team is None:
        return [Learn(rule=NAME, question=Question.TEAM, why="to tell newcomers from members")]
    return [_offer(look, opening, policy) for opening in look.offered]


def _offer(look: ThreadLook, opening: Opening, policy: Policy) -> Effect:
    thread = look.thread
    key = f"{NAME}/{opening.ref.repo_id}/{opening.ref.number}/{thread.author.id}"
    if key in look.said_here:
        return _quiet(f"{opening.name} was offered here")
    if opening.taken or not opening.is_open or not opening.ready:
        return _quiet(f"{opening.name} is not there to be taken any more")
    asked = look.seeker is not None and look.seeker.interests is not None
    why = "wrote /interested" if asked else "has finished a first step"
    return Say(
        rule=NAME,
        key=key,
        why=f"{opening.name} fits {thread.author.login}, who {why}",
        thread=thread.ref,
        template=NAME,
        language=policy.language,
        values={
            "issue": opening.name,
            "areas": ", ".join(sorted(opening.areas)) or None,
            "asked": asked,
            "claims": policy.mode("claims") is not Mode.OFF,
            "days": max(policy.offers.every.days, 1),
        },
        to=thread.author,
    )


def _quiet(why: str) -> Quiet:
    return Quiet(rule=NAME, why=why)
