"""Whom the check-ins would have asked over a history, and why: each Monday is judged with what was known then.

What somebody opens, says or commits is a sign of them. Merges are not: of those a history tells the author alone.
Commits that change nothing but what does not count (`activity.excluded_paths`) or a team file (`team.files`) are left
out, if the history tells files; where it tells folders, they count.

Nobody answers in a history. Whoever is asked is taken to answer "still here" with the next thing that they do, and is
asked no more until then.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from operator import attrgetter
from typing import Final

from bot.model import Person, PersonId
from bot.policy import Policy
from bot.policytypes import Mode
from bot.presence import Asked, Month, Presence, Signal, month_of
from bot.replay.history import Commit, Deed, Event, History
from bot.replay.known import NO_OWNER
from bot.rules.presence import signal

VISIBLE: Final = 12  # active days in the year before: whoever has as many can be seen to be around
_SIGNS: Final = frozenset({Deed.OPENED, Deed.ANSWERED})
_WEEK: Final = timedelta(days=7)
_YEAR: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    """Somebody would have been asked at `at` (aware UTC). `active_days`: theirs in the year before."""

    at: datetime
    owner: str
    login: str
    signal: Signal
    active_days: int

    @property
    def key(self) -> str:
        return f"check-in/{self.owner}/{self.login}/{self.at:%Y-%m-%d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIns:
    """`people`: who could have been asked, and `years`: how long all together, from when they were there long enough.
    `lasted`: how many years, from the first sign of anybody."""

    asked: tuple[CheckIn, ...] = ()
    people: int = 0
    years: float = 0.0
    lasted: float = 0.0


@dataclass(slots=True)
class _Known:
    """What is known of somebody up to now."""

    owner: str
    login: str
    first: datetime
    last: datetime
    months: dict[Month, int] = field(default_factory=dict)
    days: list[datetime] = field(default_factory=list)
    asked: Asked = field(default_factory=Asked)

    def did(self, at: datetime, again: timedelta) -> None:
        if not self.days or self.days[-1].date() != at.date():
            self.months[month_of(at)] = self.months.get(month_of(at), 0) + 1
            self.days.append(at)
        self.last = at
        if self.asked.is_open:
            self.asked = Asked(asked_at=self.asked.asked_at, answered_at=at, again_at=at + again)

    def presence(self) -> Presence:
        return Presence(first=self.first, last=self.last, months=self.months)


def check_ins(history: History, maintainers: Collection[str], policy: Policy) -> CheckIns:
    """`maintainers` are the logins of the team, all the time from the first that each of them did."""
    signs = sorted(_signs(history, maintainers, policy), key=attrgetter("at"))
    if policy.check_ins.mode is Mode.OFF or not signs:
        return CheckIns()
    end = max([one.at for one in history.events] + [one.at for one in history.commits])
    people: dict[tuple[str, str], _Known] = {}
    asked = tuple(_lived(signs, people, policy, end))
    years = sum(max(end - one.first - policy.check_ins.joined, timedelta()) / _YEAR for one in people.values())
    return CheckIns(asked=asked, people=len(people), years=years, lasted=(end - signs[0].at) / _YEAR)


def _lived(
    signs: list[Event | Commit], people: dict[tuple[str, str], _Known], policy: Policy, end: datetime
) -> Iterator[CheckIn]:
    at, next_ = _monday_after(signs[0].at), 0
    while at <= end:
        while next_ < len(signs) and signs[next_].at < at:
            _hear(signs[next_], people, policy)
            next_ += 1
        yield from _asked(people, policy, at)
        at += _WEEK
    for sign in signs[next_:]:
        _hear(sign, people, policy)


def _hear(sign: Event | Commit, people: dict[tuple[str, str], _Known], policy: Policy) -> None:
    owner = sign.repo.rpartition("/")[0] or NO_OWNER
    key = owner.casefold(), sign.actor.casefold()
    known = people.get(key)
    if known is None:
        known = people[key] = _Known(owner=owner, login=sign.actor, first=sign.at, last=sign.at)
    known.did(sign.at, policy.check_ins.again)


def _asked(people: dict[tuple[str, str], _Known], policy: Policy, now: datetime) -> Iterator[CheckIn]:
    """Those who were not heard of for longest are asked first, as many as may be in a week."""
    left: dict[str, int] = {}
    for one in sorted(people.values(), key=attrgetter("last")):
        if left.setdefault(one.owner, policy.check_ins.a_week) == 0:
            continue
        told = signal(one.presence(), one.asked, policy.check_ins, now)
        if told is not None:
            left[one.owner] -= 1
            one.asked = Asked(asked_at=now, is_open=True)
            lately = sum(day > now - _YEAR for day in one.days)
            yield CheckIn(at=now, owner=one.owner, login=one.login, signal=told, active_days=lately)


def _signs(history: History, maintainers: Collection[str], policy: Policy) -> Iterator[Event | Commit]:
    """What the team did. People who are never asked are left out: no year of theirs counts."""
    never = {login.casefold() for login in policy.check_ins.never_ask}
    team = {login.casefold() for login in maintainers} - never
    for event in history.events:
        if event.deed in _SIGNS and event.actor.casefold() in team and not _is_bot(event, policy):
            yield event
    for commit in history.commits:
        paths, repo = [commit.path] if commit.path else None, commit.repo.rpartition("/")[2]
        if commit.actor.casefold() in team and not _is_bot(commit, policy) and not policy.excludes(repo, paths):
            yield commit


def _is_bot(sign: Event | Commit, policy: Policy) -> bool:
    return policy.is_bot(Person(PersonId(0), sign.actor, sign.by_bot))


def _monday_after(at: datetime) -> datetime:
    day = at.date() + timedelta(days=7 - at.weekday())
    return datetime.combine(day, time(), UTC)
