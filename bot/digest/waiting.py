"""What the weekly digest has to tell of triage: what waits for the team, and since when. Pure.

Each thread is named once. Lists are short, and say how many more there are: nothing is silently dropped. First come
those that a look helps most: newcomers who were left waiting, then the others, the longest first. But what has waited
for most of a year comes behind what has not, for a few weeks more make no difference there.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from types import MappingProxyType
from typing import Final

from bot.memory.deeds_of_week import Deeds
from bot.model import ThreadRef
from bot.rules.triage import shown
from bot.waiting import Because, Case, On
from bot.words import Shown

_MOST: Final = 10  # of each list but that of what waits longest
_MOST_PEOPLE: Final = 100
_MERGE: Final = "MERGE"  # what is approved waits for the team too, and for nothing but that
_KINDS: Final = (On.TRIAGE.name, On.TEAM.name, On.REVIEW.name, _MERGE, On.DECISION.name, On.AUTHOR.name,
                 On.PROGRESS.name, On.NOBODY.name)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Short:
    """The beginning of a list of threads, by their names, and how many more there are."""

    names: tuple[str, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """`late`: what waits for the team longer than it should, as far as it is named; `more`: how many others do, by what
    they wait for, `ancient` of them for most of a year. `closable`: its author was asked twice and has not answered.
    `quiet`: where somebody was not mentioned who would have been. `on_duty`: the login of whoever looks after triage
    this week. `open`: all open threads, by what they wait for.
    """

    thanks: Deeds = field(default_factory=Deeds)
    late: tuple[Case, ...] = ()
    more: Mapping[str, int] = field(default_factory=dict)
    ancient: int = 0
    decisions: Short = field(default_factory=Short)
    approved: Short = field(default_factory=Short)
    held: Short = field(default_factory=Short)
    closable: Short = field(default_factory=Short)
    quiet: Short = field(default_factory=Short)
    on_duty: str | None = None
    open: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that somebody could do."""
        lists = (self.decisions, self.approved, self.held, self.closable, self.quiet)
        return not (self.late or self.more or any(one.names for one in lists))


def backlog(
    cases: Sequence[Case],
    *,
    longest: int,
    unanswered: Collection[ThreadRef] = (),
    quiet: Mapping[ThreadRef, str] = MappingProxyType({}),
    on_duty: str | None = None,
    thanks: Deeds | None = None,
) -> Backlog:
    """`cases`: all open threads that may be told of. `longest`: how many late ones are named. `unanswered`: the author
    was asked again, long ago. `quiet`: with their names, since they may be closed by now."""
    awake = [case for case in cases if not case.asleep]
    late = sorted((case for case in awake if case.waiting.on.is_team and case.is_late), key=attrgetter("turn"))
    named, others = late[:longest], late[longest:]
    known = {case.thread.ref for case in named}
    rest = sorted((case for case in awake if case.thread.ref not in known), key=_by_age)
    return Backlog(
        thanks=thanks or Deeds(),
        late=tuple(named),
        more=_counted(others),
        ancient=sum(case.is_ancient for case in others),
        decisions=_short(case.thread.name for case in rest if case.waiting.on is On.DECISION),
        approved=_short(case.thread.name for case in rest if _kind(case) == _MERGE),
        held=_short(case.thread.name for case in rest if case.waiting.because is Because.CHECKS_HELD),
        closable=_short(
            case.thread.name for case in rest if case.waiting.on is On.AUTHOR and case.thread.ref in unanswered
        ),
        quiet=_short(_quiet(quiet, cases)),
        on_duty=on_duty,
        open=_counted(cases),
    )


def _quiet(names: Mapping[ThreadRef, str], cases: Sequence[Case]) -> Iterator[str]:
    """What waits for the team first, and last what is not open any more."""
    still = sorted((case for case in cases if case.thread.ref in names), key=_by_need)
    yield from (case.thread.name for case in still)
    yield from (names[ref] for ref in sorted(names.keys() - {case.thread.ref for case in still}))


def _by_need(case: Case) -> tuple[bool, tuple[bool, bool, datetime, ThreadRef]]:
    return not case.waiting.on.is_team, case.turn


def _by_age(case: Case) -> tuple[bool, datetime, ThreadRef]:
    return not case.newcomer, case.waiting.since, case.thread.ref


def _kind(case: Case) -> str:
    waiting = case.waiting
    return _MERGE if waiting.because is Because.APPROVED and waiting.on.is_team else waiting.on.name


def _counted(cases: Iterable[Case]) -> dict[str, int]:
    found = Counter(map(_kind, cases))
    return {kind: found[kind] for kind in _KINDS if found[kind]}


def _short(names: Iterable[str]) -> Short:
    found = list(names)
    return Short(names=tuple(found[:_MOST]), more=max(len(found) - _MOST, 0))


def values(told: Backlog) -> dict[str, Shown]:
    """What the document `digest` is given as `waiting`."""
    return {
        "thanks": {
            "people": list(told.thanks.people[:_MOST_PEOPLE]),
            "more": max(len(told.thanks.people) - _MOST_PEOPLE, 0),
            "answered": told.thanks.answered,
            "merged": told.thanks.merged,
            "closed": told.thanks.closed,
        },
        "late": [shown(case) for case in told.late],
        "more": _numbers(told.more),
        "ancient": told.ancient,
        "decisions": _list(told.decisions),
        "approved": _list(told.approved),
        "held": _list(told.held),
        "closable": _list(told.closable),
        "quiet": _list(told.quiet),
        "on_duty": told.on_duty,
        "open": _numbers(told.open),
    }


def _list(short: Short) -> dict[str, Shown]:
    return {"names": list(short.names), "more": short.more}


def _numbers(counts: Mapping[str, int]) -> list[Shown]:
    return [{"kind": kind, "number": number} for kind, number in counts.items()]
