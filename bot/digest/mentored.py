"""What the weekly digest has to tell of mentoring: where a maintainer is needed, and whom there is to thank.

Who was asked is told to nobody, and so is whom it is for: it is the thread that is named.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from bot.memory import mentorings, on_call
from bot.memory.answer_time import review_time
from bot.mentors import Mentoring, State
from bot.model import OwnerId, PersonId, Repo, RepoId
from bot.policy import Policy
from bot.policytypes import Mode
from bot.words import Shown

FEATURE: Final = "mentoring"

_LATELY: Final = timedelta(days=7)
_LONG: Final = timedelta(days=30)  # after the last day of the plan
_MOST: Final = 10  # of each list
_SOUGHT: Final = frozenset({State.WAITING, State.SEEKING, State.UNFILLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentored:
    """By the names of threads. `unfilled`: nobody of the roster could be found. `held`: reviews take so many days
    there. `nobody`: mentors are sought, and nobody is on the roster. `long`: it has run for long, and nothing is
    merged. `thanks`: the logins of who mentored somebody to the end."""

    unfilled: tuple[str, ...] = ()
    held: tuple[tuple[str, int], ...] = ()
    nobody: tuple[str, ...] = ()
    long: tuple[str, ...] = ()
    thanks: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.unfilled or self.held or self.nobody or self.long or self.thanks)


def mentored(
    connection: Connection, owner_id: OwnerId, places: Mapping[RepoId, Repo], policies: Mapping[RepoId, Policy],
    now: datetime, *, anybody: bool,
) -> Mentored:  # fmt: skip
    """`places`: the repositories of which may be told. `anybody`: whether somebody is on the roster."""
    here = {id_: where for id_, where in places.items() if policies[id_].mode(FEATURE) is Mode.ON}
    known = [one for one in mentorings.of_owner(connection, owner_id, (*State,)) if one.ref.repo_id in here]
    held = [one for one in known if one.state is State.HELD]
    days = {id_: _days(connection, id_, policies[id_], now) for id_ in {one.ref.repo_id for one in held}}
    return Mentored(
        unfilled=_names([one for one in known if one.state is State.UNFILLED], here) if anybody else (),
        held=tuple((_name(one, here), days[one.ref.repo_id]) for one in held[-_MOST:]),
        nobody=() if anybody else _names([one for one in known if one.state in _SOUGHT], here),
        long=_names([one for one in known if _is_long(one, now)], here),
        thanks=_thanks(connection, owner_id, known, policies, now),
    )


def _days(connection: Connection, repo_id: RepoId, policy: Policy, now: datetime) -> int:
    """How long a first review takes; if there is too little to tell by now, what was too long."""
    usual = review_time(connection, repo_id, now, policy.people.bots) or policy.mentoring.review_within
    return round(usual / timedelta(days=1))


def _is_long(one: Mentoring, now: datetime) -> bool:
    last = max(one.checks, default=one.running_since)
    return one.state is State.RUNNING and last is not None and now > last + _LONG


def _thanks(
    connection: Connection, owner_id: OwnerId, known: Sequence[Mentoring], policies: Mapping[RepoId, Policy],
    now: datetime,
) -> tuple[str, ...]:  # fmt: skip
    """Who wants to be left alone is not named."""
    done = [one for one in known if one.state is State.DONE and one.state_at > now - _LATELY]
    them = {
        ask.person.id: ask.person
        for one in done
        for ask in one.mentors
        if not policies[one.ref.repo_id].leaves_alone(ask.person)
    }
    able: Mapping[PersonId, object] = on_call.by_id(connection, owner_id, [*them])
    return tuple(sorted((who.login for id_, who in them.items() if id_ in able), key=str.casefold))


def _names(those: Sequence[Mentoring], places: Mapping[RepoId, Repo]) -> tuple[str, ...]:
    return tuple(_name(one, places) for one in those[-_MOST:])


def _name(one: Mentoring, places: Mapping[RepoId, Repo]) -> str:
    return f"{places[one.ref.repo_id].full_name}#{one.ref.number}"


def values(told: Mentored | None) -> dict[str, Shown] | None:
    """What the document `digest` is given. None: nothing is told of mentoring."""
    if told is None or told.is_empty:
        return None
    return {
        "unfilled": list(told.unfilled),
        "held": [{"thread": name, "days": days} for name, days in told.held],
        "nobody": list(told.nobody),
        "long": list(told.long),
        "thanks": list(told.thanks),
    }
