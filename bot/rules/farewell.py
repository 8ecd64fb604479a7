"""What is said in their private issue to somebody who steps back, and of them to owners once they are back. Pure.

When and where, is decided where the whole organisation is looked at (bot/farewell/). Each is said once.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from bot.effects import Say, Value
from bot.farewells import Change, HandOver, Leave, Task
from bot.model import OwnerId, ThreadRef
from bot.policy import Policy

NAME: Final = "farewell"
CHECKLIST: Final = "farewell-checklist"  # the messages
STANDING: Final = "farewell-standing"
MOST_SHOWN: Final = 15  # of each list
MOST_DIFFS: Final = 30_000  # characters of all of them; GitHub takes 65,536 in a comment


def checklist(
    leave: Leave, place: ThreadRef, told: HandOver, policy: Policy, *, owner_id: OwnerId, organisation: str
) -> Say:
    """What to hand over, to tick off. It is never changed afterwards, so that the ticks stay."""
    lists = (told.knows, told.claims, told.reviews, told.pulls, told.mentors)
    accounts = [{"about": one.name, "url": one.url or None} for one in policy.farewell.accounts]
    return Say(
        rule=NAME,
        key=key(CHECKLIST, leave, owner_id),
        why=f"{leave.person.login} steps back",
        thread=place,
        template=CHECKLIST,
        language=policy.language,
        values={
            "organisation": organisation,
            "from_": ", ".join(leave.repos) or None,
            "until": f"{leave.until:%Y-%m-%d}" if leave.until else None,
            "noted": leave.by != leave.person.id,
            "knows": _tasks(told.knows),
            "claims": _tasks(told.claims),
            "reviews": _tasks(told.reviews),
            "pulls": _tasks(told.pulls),
            "mentors": _tasks(told.mentors),
            "accounts": _numbered(accounts) if leave.is_whole else {},
            "changes": _changes(told.changes),
            "owners": ", ".join(policy.farewell.owners) or None,
            "more": sum(max(len(one) - MOST_SHOWN, 0) for one in lists),
        },
        to=leave.person,
        for_few=True,
        words=policy.messages.get(CHECKLIST),
    )


def standing(
    leave: Leave, place: ThreadRef, teams: Sequence[str], changes: Sequence[Change], policy: Policy,
    *, owner_id: OwnerId, organisation: str,
) -> Say:  # fmt: skip
    """For owners: which teams they were in, and once somebody said that they are back, how to give them these again."""
    is_back, login = leave.back_at is not None, leave.person.login
    steps = [f"gh api -X PUT orgs/{organisation}/teams/{slug}/memberships/{login}" for slug in teams]
    return Say(
        rule=NAME,
        key=key(f"{STANDING}/{'back' if is_back else 'seen'}", leave, owner_id),
        why=f"{login} is here again",
        thread=place,
        template=STANDING,
        language=policy.language,
        values={
            "organisation": organisation,
            "back": is_back,
            "teams": ", ".join(teams) or None,
            "steps": "\n".join(steps) if is_back and steps else None,
            "changes": _changes(changes),
            "owners": ", ".join(policy.farewell.owners) or None,
        },
        to=leave.person,
        mention=False,
        for_few=True,
        words=policy.messages.get(STANDING),
    )


def key(what: str, leave: Leave, owner_id: OwnerId) -> str:
    """In the ledger: once for each time that somebody steps back."""
    return f"{NAME}/{what}/{owner_id}/{leave.person.id}/{second(leave.at)}"


def second(at: datetime) -> int:
    return int(at.timestamp())


def _tasks(tasks: Sequence[Task]) -> dict[str, Value]:
    shown = [{"about": one.about, "next": one.next or None, "area": one.is_area} for one in tasks]
    return _numbered(shown[:MOST_SHOWN])


def _changes(changes: Sequence[Change]) -> dict[str, Value]:
    """What does not fit into a comment is only named: part of a diff is none."""
    shown: list[Mapping[str, Value]] = []
    left = MOST_DIFFS
    for one in changes:
        fits = len(one.diff) <= left
        left -= len(one.diff) if fits and not one.pull else 0
        shown.append({"file": one.file, "diff": one.diff if fits else None, "url": one.pull or None})
    return _numbered(shown)


def _numbered(shown: Sequence[Mapping[str, Value]]) -> dict[str, Value]:
    """A list, as a message can be given it."""
    return {str(number): one for number, one in enumerate(shown, 1)}
