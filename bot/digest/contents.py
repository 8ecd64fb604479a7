"""What the weekly digest has to tell of levels: which are suggested, and where there is nothing left to take.

Pure: rows go in, the values of the document come out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, TypeVar

from bot.digest import mentored, waiting
from bot.digest.mentored import Mentored
from bot.digest.waiting import Backlog
from bot.memory.backlog import OpenIssue
from bot.model import Level, RepoId
from bot.pathway import Opening, Suggested
from bot.policy import Policy
from bot.words import Shown

_NEW: Final = timedelta(days=14)
_MOST: Final = 10  # of each list
_OTHERS: Final = {"needs-info": "unclear", "question": "questions"}

Judged = tuple[OpenIssue, Suggested]
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """What there is to take in an area: medium issues that are ready and free. `newest`: since when the newest is."""

    area: str
    ready: int
    newest: datetime | None
    unready: tuple[Opening, ...] = ()  # medium, and somebody would have to say how to begin
    candidates: tuple[Judged, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """`new` and `older`: suggestions for issues without a level. `wished`: with what people wrote behind /level.
    `short`: the areas that are short of issues; `more_short`: how many more there are."""

    new: tuple[Judged, ...] = ()
    older: tuple[Judged, ...] = ()
    wished: tuple[tuple[OpenIssue, str], ...] = ()
    unclear: tuple[OpenIssue, ...] = ()
    questions: tuple[OpenIssue, ...] = ()
    short: tuple[Supply, ...] = ()
    more_short: int = 0
    supply: Mapping[Level, int] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that somebody could do. That an area is short of issues is no news by itself."""
        something = (self.new, self.older, self.wished, self.unclear, self.questions)
        return not any(something) and not any(one.unready or one.candidates for one in self.short)

    def halved(self) -> "Contents":
        """With the first half of each list: GitHub does not take a text of any length."""
        short = tuple(
            replace(one, unready=_half(one.unready), candidates=_half(one.candidates)) for one in _half(self.short)
        )
        return replace(
            self, new=_half(self.new), older=_half(self.older), wished=_half(self.wished), unclear=_half(self.unclear),
            questions=_half(self.questions), short=short, more_short=self.more_short + len(self.short) - len(short),
        )  # fmt: skip


def _half(those: tuple[T, ...]) -> tuple[T, ...]:
    return those[: len(those) // 2]


def contents(
    judged: Sequence[tuple[OpenIssue, Suggested | None]],
    openings: Sequence[Opening],
    policies: Mapping[RepoId, Policy],
    policy: Policy,
    now: datetime,
) -> Contents:
    """`judged`: the open issues, with what they look like if that may be told. `policy` is the one of the place where
    the digest stands."""
    levelled: list[Judged] = [(issue, found) for issue, found in judged if found is not None and found.level]
    others: dict[str, list[OpenIssue]] = {"unclear": [], "questions": []}
    for issue, found in judged:
        if found is not None and found.rung in _OTHERS and issue.created_at > now - _NEW:
            others[_OTHERS[found.rung]].append(issue)
    free = [opening for opening in openings if not opening.taken]
    return Contents(
        new=_surest(one for one in levelled if one[0].created_at > now - _NEW),
        older=_surest(one for one in levelled if one[0].created_at <= now - _NEW),
        wished=tuple(_wished(issue for issue, _ in judged if policies[issue.repo.id].levels.of(issue.labels) is None)),
        unclear=tuple(others["unclear"][-_MOST:]),
        questions=tuple(others["questions"][-_MOST:]),
        short=tuple(_short(free, levelled, policy, now)),
        supply={level: sum(opening.level is level and opening.ready for opening in free) for level in Level},
    )


def _surest(found: Iterable[Judged]) -> tuple[Judged, ...]:
    return tuple(sorted(found, key=_by_confidence)[:_MOST])


def _by_confidence(one: Judged) -> tuple[float, str]:
    return -one[1].confidence, one[0].name


def _wished(issues: Iterable[OpenIssue]) -> Iterator[tuple[OpenIssue, str]]:
    """What was said last of each; maintainers who say so set it, and then it has a level."""
    found = [(issue, issue.wishes[-1][1]) for issue in issues if issue.wishes]
    yield from found[-_MOST:]


def _short(free: Sequence[Opening], levelled: Sequence[Judged], policy: Policy, now: datetime) -> Iterator[Supply]:
    """The areas in which there is no medium issue to take, or none that is young enough."""
    medium = [opening for opening in free if opening.level is Level.MEDIUM]
    for area in (area.name for area in policy.areas):
        ready = [opening for opening in medium if opening.ready and area in opening.areas]
        newest = max((opening.since for opening in ready), default=None)
        if newest is not None and newest > now - policy.digest.stale_supply:
            continue
        fitting = [one for one in levelled if one[1].level is Level.MEDIUM and area in _areas(one, policy)]
        yield Supply(
            area=area,
            ready=len(ready),
            newest=newest,
            unready=tuple(opening for opening in medium if not opening.ready and area in opening.areas)[:_MOST],
            candidates=tuple(sorted(fitting, key=_by_confidence)[: policy.digest.candidates]),
        )


def _areas(one: Judged, policy: Policy) -> frozenset[str]:
    issue, found = one
    return policy.areas_of(issue.labels, None) | ({found.area} if found.area else set())


def values(
    told: Contents,
    backlog: Backlog | None,
    mentorings: Mentored | None = None,
    *,
    organisation: str,
    day: datetime,
    due: Sequence[str] = (),
) -> dict[str, Shown]:
    """What the document `digest` is given. `backlog`, `mentorings` None: nothing is told of triage, or of mentoring.
    `due`: whose check-ins are."""
    return {
        "due": list(due),
        "mentored": mentored.values(mentorings),
        "waiting": None if backlog is None else waiting.values(backlog),
        "organisation": organisation,
        "day": f"{day:%Y-%m-%d}",
        "new": [_judged(one) for one in told.new],
        "older": [_judged(one) for one in told.older],
        "wished": [{"thread": issue.name, "wish": wish} for issue, wish in told.wished],
        "unclear": [issue.name for issue in told.unclear],
        "questions": [issue.name for issue in told.questions],
        "short": [_supply(one) for one in told.short],
        "more_short": told.more_short,
        "starter": told.supply.get(Level.STARTER, 0),
        "medium": told.supply.get(Level.MEDIUM, 0),
    }


def _judged(one: Judged) -> dict[str, Shown]:
    issue, found = one
    return {
        "thread": issue.name,
        "level": found.rung,
        "area": found.area,
        "reasons": "; ".join(found.why),
    }


def _supply(one: Supply) -> dict[str, Shown]:
    return {
        "area": one.area,
        "ready": one.ready,
        "newest": None if one.newest is None else f"{one.newest:%Y-%m-%d}",
        "unready": [opening.name for opening in one.unready],
        "candidates": [_judged(candidate) for candidate in one.candidates],
    }
