"""What is said in the private issue of a check-in: the question comes to whom it is for, lighter reminders follow, a
human is told that nobody answered, and a sign of somebody ends it.

Whom and when, is decided where the whole organisation is looked at (bot/checkin/). Here it is said, once, if it still
holds, and nowhere but in a private repository. Nobody is asked again in other words: what cannot reach somebody now
waits.
"""

from datetime import datetime, timedelta
from typing import Final

from bot.checkinnotes import Told
from bot.checkins import State
from bot.effects import Effect, LookAgain, Quiet, Say, Value
from bot.looking import ThreadLook
from bot.policy import Policy
from bot.policytypes import Mode
from bot.rules.manners import shut
from bot.team import About, Note

NAME: Final = "check_ins"
ABOUTS: Final = (About.QUESTION, About.REMINDER, About.HANDED, About.SEEN)

_DAY: Final = timedelta(days=1)
_AGAIN: Final = timedelta(hours=6)  # whether they may be mentioned
_HOLDS: Final = {  # how far a check-in is while a note about it holds
    About.QUESTION: State.ASKED,
    About.REMINDER: State.ASKED,
    About.HANDED: State.HANDED,
    About.SEEN: State.OVER,
}


def decide(look: ThreadLook, policy: Policy, now: datetime) -> list[Effect]:
    return [_told(one, look, policy, now) for one in look.check_in_told]


def _told(told: Told, look: ThreadLook, policy: Policy, now: datetime) -> Effect:
    say = speech(told, policy, organisation=look.thread.repo.owner)
    if say.key in look.said_here:
        return Quiet(rule=NAME, why="it was said here")
    if reason := _in_the_way(told, look, policy):
        return Quiet(rule=NAME, why=reason)
    if until := _waits(look, policy, now):
        return LookAgain(rule=NAME, at=until, why="nothing is said just now, and it should not get lost")
    if say.must_reach and told.person.id not in look.reachable:
        return LookAgain(rule=NAME, at=now + _AGAIN, why="whoever it is for is not to be mentioned now")
    return say


def _waits(look: ThreadLook, policy: Policy, now: datetime) -> datetime | None:
    """Until when nothing is said. What was only recorded meanwhile would never be said."""
    paused = look.hush.paused_until
    if paused is not None and paused > now:
        return paused
    return None if policy.mode(NAME) is Mode.ON else now + _DAY


def _in_the_way(told: Told, look: ThreadLook, policy: Policy) -> str | None:
    if not look.thread.repo.private:
        return "it is not in a private repository"
    if not look.thread.is_open:
        return "the issue is closed"
    if not _those(told):
        return "it does not hold any more"
    if policy.leaves_alone(told.person):
        return f"{told.person.login} asked to be left alone"
    return shut(look, policy)


def _those(told: Told) -> list[str]:
    """Whose check-ins it is about, as far as it holds, by login."""
    return [one.person.login for one in told.about if one.state is _HOLDS[told.note.about]]


def key_of(note: Note) -> str:
    """In the ledger. Of a check-in each is said once; reminders, and what humans take over, each time that they are
    due."""
    begin = f"{NAME}/{note.about}/{note.owner_id}/{note.person}/{int(note.matter.timestamp())}"
    return f"{begin}/{int(note.at.timestamp())}" if note.about in {About.REMINDER, About.HANDED} else begin


def speech(told: Told, policy: Policy, *, organisation: str) -> Say:
    """What somebody is told. That they were seen needs no @: they know."""
    about, values = told.note.about, dict[str, Value]()
    if about is About.REMINDER:
        values = {"again": told.again}
    elif about is About.HANDED:
        values = {"names": ", ".join(_those(told)), "organisation": organisation}
    elif about is About.QUESTION:
        values = {"organisation": organisation}
    return Say(
        rule=NAME,
        key=key_of(told.note),
        why=_WHY[about],
        thread=told.note.place,
        template=f"check-in-{about}",
        language=policy.language,
        values=values,
        to=told.person,
        mention=about is not About.SEEN,
        must_reach=about is not About.SEEN,
        for_few=True,
    )


_WHY: Final = {  # told to admins only, by `explain`
    About.QUESTION: "they are asked how things are",
    About.REMINDER: "they may not have seen the question",
    About.HANDED: "nobody answered, and a human takes it from here",
    About.SEEN: "there was a sign of them",
}
