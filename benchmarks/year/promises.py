"""What the bot promises of a year, checked on what it said in public. Pure.

Who holds the ball is told here from the flow alone, not by the rules of the bot. The flow knows which words are a
question and which review asks for changes, so nothing has to be guessed.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from benchmarks.year.flow import ENDINGS, Act, Event, Flow, Role, Wish
from benchmarks.year.said import Lived, Said
from benchmarks.year.scripts import QUESTION

A_DAY: Final = 1
A_WEEK: Final = 2
EVERY: Final = timedelta(days=14)
A_DAY_IN_ALL: Final = 5
ASK_AFTER: Final = timedelta(days=30)
_DAY: Final = timedelta(days=1)
_EXACT: Final = timedelta(milliseconds=1)
_WEEK: Final = timedelta(days=7)
_QUIET: Final = (time(20), time(8))
_SATURDAY: Final = 5
_NUDGE, _SENTENCE, _QUESTION = "triage-nudge", "triage-sentence", "triage-question"
_NAMES: Final = re.compile(r"(?:[\w.-]+/([\w.-]+))?#(\d+)")
_HOME: Final = ".github"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """`counted`: of how much it was found true. `broken`: where it was not, in words."""

    what: str
    counted: str
    broken: tuple[str, ...]


def promises(flow: Flow, lived: Lived) -> list[Promise]:
    mentioned = _mentioned(lived.said)
    nudged = list(_nudged(flow, lived))
    in_threads = [one for one in lived.said if one.rule == "triage" and one.template != _NUDGE and not one.is_edit]
    of_triage = len(in_threads)
    return [
        _of_people(
            "nobody is mentioned more than once in 24 hours or twice in 7 days, or than they allow", mentioned,
            lambda who, times: _over(who, times, flow.people.wishes),
        ),
        _of_people(
            "nobody is mentioned who is away, or in their night or weekend", mentioned,
            lambda who, times: _disturbed(times, [wish for wish in flow.people.wishes if wish.who == who]),
        ),
        _of_people(
            "nobody of the team is mentioned who did not agree to be, or takes part in the thread", mentioned,
            lambda who, _: _uninvited(flow, lived, who),
        ),
        Promise(
            what="no thread is brought up twice within 14 days", counted=f"{len(nudged)} reminders",
            broken=tuple(_too_soon(nudged)),
        ),
        Promise(
            what="somebody is reminded of at most 5 threads a day", counted=f"{len({at for at, _ in nudged})} days",
            broken=tuple(_too_many(nudged)),
        ),
        Promise(
            what="nobody is reminded of what is over, on hold, or waits for its author",
            counted=f"{len(nudged)} reminders", broken=tuple(_in_vain(flow, lived, nudged)),
        ),
        Promise(
            what="while the team holds the ball a contributor hears of it by one sentence, if new, and once",
            counted=f"{of_triage} comments", broken=tuple(_unkind(flow, lived, in_threads)),
        ),
        Promise(
            what="nothing is closed but the bot's own digests", counted=f"{len(lived.ended)} of them",
            broken=tuple(title for title, is_own in lived.ended if not is_own),
        ),
        Promise(
            what="the daily sweep asks GitHub nothing",
            counted=f"{lived.looks['triage']} sweeps",
            broken=tuple(f"{many} {way}" for (kind, way), many in lived.calls.items() if kind == "triage" and many),
        ),
    ]  # fmt: skip


# -- mentions


def _mentioned(said: Iterable[Said]) -> dict[str, list[datetime]]:
    """When each person was called."""
    found: defaultdict[str, list[datetime]] = defaultdict(list)
    for one in said:
        for who in one.mentions:
            found[who].append(one.at)
    return {who: sorted(times) for who, times in found.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """How often somebody was, and the most within such a time."""

    all: int
    a_day: int
    a_week: int


def most_mentioned(said: Iterable[Said]) -> dict[str, Called]:
    return {
        who: Called(
            all=len(times),
            a_day=max(_before(times, at, _DAY) for at in times),
            a_week=max(_before(times, at, _WEEK) for at in times),
        )
        for who, times in _mentioned(said).items()
    }


def _of_people(
    what: str, mentioned: dict[str, list[datetime]], look: Callable[[str, list[datetime]], Iterable[str]]
) -> Promise:
    return Promise(
        what=what, counted=f"{len(mentioned)} people",
        broken=tuple(f"{who}: {how}" for who, times in mentioned.items() for how in look(who, times)),
    )  # fmt: skip


def _before(times: Sequence[datetime], at: datetime, within: timedelta) -> int:
    """Memory keeps whole milliseconds: what is less apart from the border is on it."""
    return sum(at - within + _EXACT < one <= at for one in times)


def _over(who: str, times: Sequence[datetime], wishes: Iterable[Wish]) -> Iterator[str]:
    for at in times:
        own = [wish.a_week for wish in wishes if wish.who == who and wish.at < at and wish.a_week is not None]
        allowed = min([A_WEEK, *own[-1:]])
        if _before(times, at, _DAY) > min(A_DAY, allowed):
            yield f"twice within a day, until {at}"
        if _before(times, at, _WEEK) > allowed:
            yield f"more than {allowed} within a week, until {at}"


def _disturbed(times: Sequence[datetime], wishes: Iterable[Wish]) -> Iterator[str]:
    begin, end = _QUIET
    for wish in wishes:
        for at in times:
            if at < wish.at:
                continue
            if wish.away_until is not None and at < wish.away_until:
                yield f"away at {at}"
            if wish.zone:
                there = at.astimezone(ZoneInfo(wish.zone))
                if there.weekday() >= _SATURDAY or there.time() >= begin or there.time() < end:
                    yield f"their time is {there}"


def _uninvited(flow: Flow, lived: Lived, who: str) -> Iterator[str]:
    people = flow.people
    if who in {*people.rota, *people.areas} or not flow.is_team(who):
        return
    for one in lived.said:
        if who in one.mentions:
            number = lived.numbers.get((one.repo, one.number))
            if not any(event.by == who and event.at <= one.at for event in flow.events if event.thread == number):
                yield f"in {one.repo}#{one.number} at {one.at}"


# -- reminders


def _nudged(flow: Flow, lived: Lived) -> Iterator[tuple[datetime, tuple[str, int]]]:
    """Each time that a thread was brought up to somebody of the team, by what the comment says."""
    for one in lived.said:
        if one.template == _NUDGE and not one.is_edit:
            for repo, number in _NAMES.findall(one.body):
                yield one.at, (repo or _HOME, int(number))


def _too_soon(nudged: Iterable[tuple[datetime, tuple[str, int]]]) -> Iterator[str]:
    times: defaultdict[tuple[str, int], list[datetime]] = defaultdict(list)
    for at, thread in nudged:
        times[thread].append(at)
    for thread, those in times.items():
        yield from (f"{thread} at {one} and {two}" for one, two in pairwise(sorted(those)) if two - one < EVERY)


def _too_many(nudged: Iterable[tuple[datetime, tuple[str, int]]]) -> Iterator[str]:
    days: defaultdict[str, int] = defaultdict(int)
    for at, _ in nudged:
        days[f"{at:%Y-%m-%d}"] += 1
    yield from (f"{many} on {day}" for day, many in days.items() if many > A_DAY_IN_ALL)


def _in_vain(flow: Flow, lived: Lived, nudged: Iterable[tuple[datetime, tuple[str, int]]]) -> Iterator[str]:
    for at, place in nudged:
        number = lived.numbers.get(place)
        if number is None:
            yield f"{place}: it is nobody's thread"
            continue
        before = [event for event in flow.events if event.thread == number and event.at < at]
        if any(event.act in ENDINGS for event in before):
            yield f"{place} at {at}: it is over"
        elif any(event.what in {"on hold", "/waiting-on nobody"} for event in before):
            yield f"{place} at {at}: it waits for nobody"
        elif _is_theirs(flow, before, flow.threads[number].author):
            yield f"{place} at {at}: it waits for its author"


# -- what contributors hear


def _unkind(flow: Flow, lived: Lived, said: Iterable[Said]) -> Iterator[str]:
    told: set[tuple[str, int, str]] = set()
    for one in said:
        where = f"{one.template} in {one.repo}#{one.number} at {one.at}"
        number = lived.numbers.get((one.repo, one.number))
        if number is None:
            yield f"{where}: it is nobody's thread"
            continue
        if (key := (one.repo, one.number, one.template)) in told:
            yield f"{where}: twice"
        told.add(key)
        before = [event for event in flow.events if event.thread == number and event.at < one.at]
        author, role = flow.threads[number].author, flow.threads[number].role
        if one.template == _SENTENCE:
            if role not in {Role.NEW, Role.RETURNING}:
                yield f"{where}: its author belongs to the team"
            if _is_theirs(flow, before, author):
                yield f"{where}: it waits for its author"
        elif one.template == _QUESTION:
            if not _was_asked(flow, before, author, one.at):
                yield f"{where}: nobody asked its author for anything"
        else:
            yield f"{where}: this is not one of the two"


def _is_theirs(flow: Flow, before: Sequence[Event], author: str) -> bool:
    """Whether its author has to do something: somebody of the team asked, the checks fail, or it is a draft."""
    asked = failing = draft = False
    for event in before:
        if event.act is Act.CHECKS:
            failing = event.what == "failure"
        elif event.act is Act.PUSH:
            failing = asked = False
        elif event.act in {Act.DRAFT, Act.READY}:
            draft = event.act is Act.DRAFT
        elif event.by == author:
            asked = False
        elif flow.is_team(event.by):
            asked = event.what in {QUESTION, "CHANGES_REQUESTED", "needs-info"}
    return asked or failing or draft


def _was_asked(flow: Flow, before: Sequence[Event], author: str, now: datetime) -> bool:
    asked: datetime | None = None
    for event in before:
        if event.what == "needs-info":
            asked = event.at if event.act is Act.LABEL else None
        elif event.by == author:
            asked = None
    return asked is not None and now - asked >= ASK_AFTER
