"""Rows into what rests on one person: each repository and area, who could grow into it, and what would train them."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from bot.advising import suggested
from bot.inforce import Policies
from bot.memory import backlog, growth, ramp, stewards
from bot.model import Level, OwnerId, Person, PersonId, Repo, RepoId
from bot.pathway import Opening, Suggested
from bot.policy import Policy
from bot.policytypes import Mode
from bot.rules import succession
from bot.stewards import Alarm, Around, Deeds, Heir, Kept, Place, Training
from bot.succession.fading import fading

_ADVICE: Final = "advice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """From where it is looked at: what may be told of in `seen_from` (a repository), or all there is (`whole`)."""

    seen_from: RepoId | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A place that is alive. `first`: on whom it rests (None: not on one person). The rest is empty where that is not
    asked for."""

    kept: Kept
    factor: int
    first: Deeds | None = None
    alarm: Alarm | None = None
    heirs: tuple[Heir, ...] = ()
    issues: tuple[Training, ...] = ()


def overview(
    connection: Connection, owner_id: OwnerId, policies: Policies, policy: Policy, now: datetime, seen: Seen, *,
    without: RepoId | None = None,
) -> list[Entry]:  # fmt: skip
    """Each place that is alive. Who could come after is told of those that rest on one person, and with `whole`; else
    of alarms alone. `without`: a repository that is left out, because it is none to look after."""
    where = stewards.places(connection, owner_id, seen_from=seen.seen_from, with_private=seen.whole)
    where = {id_: repo for id_, repo in where.items() if id_ != without}
    known = stewards.kept(connection, where, policy, now, lately=succession.LATELY, alive=succession.ALIVE)
    known = [one for one in known if succession.is_alive(one, now)]
    around = replace(
        stewards.around(connection, owner_id, policy, now),
        active=frozenset(each.person.id for one in known for each in one.deeds if each.lately),
        fading=fading(connection, owner_id, _telling(known, policy.succession.share), policy, now),
    )
    share = policy.succession.share
    alarms = {one.place.key: one for one in succession.alarms(known, around, share, now)}
    entries = [
        Entry(
            kept=one,
            factor=succession.bus_factor(one),
            first=succession.rests_on(one, around, share),
            alarm=alarms.get(one.place.key),
        )
        for one in known
    ]
    told = [one for one in entries if one.alarm is not None or (seen.whole and one.first is not None)]
    after = _After(connection, owner_id, policies, policy, now, seen, where)
    return after.added(entries, told, around)


def _telling(known: Sequence[Kept], share: float) -> list[Person]:
    """Those of whom it matters whether they do less: who did most of something, who could go on with it, and who could
    grow into it."""
    mostly = [(one, first) for one in known if (first := succession.most_by(one, share)) is not None]
    return [*{each.person.id: each.person for one, first in mostly for each in _of(one, first)}.values()]


def _of(kept: Kept, first: Deeds) -> list[Deeds]:
    return [first, *(each for each in kept.deeds if each.lately or each.landed)]


class _After:
    """Who could come after, and what would train them."""

    def __init__(
        self, connection: Connection, owner_id: OwnerId, policies: Policies, policy: Policy, now: datetime, seen: Seen,
        where: Mapping[RepoId, Repo],
    ) -> None:  # fmt: skip
        self._connection = connection
        self._owner_id = owner_id
        self._policies = policies
        self._policy = policy
        self._now = now
        self._seen = seen
        self._where = where
        self._areas = {area.name: area for area in policy.areas}

    def added(self, entries: Sequence[Entry], told: Sequence[Entry], around: Around) -> list[Entry]:
        if not told:
            return [*entries]
        people = {each.person.id for one in told for each in one.kept.deeds} & around.active
        grown = growth.grown(self._connection, self._owner_id, self._where, people, self._policy)
        openings = self._openings()
        looking = [one.kept.place for one in told if not any(self._fits(one.kept.place, each) for each in openings)]
        judged = self._judged(looking)
        named: Counter[PersonId] = Counter()
        made: dict[str, Entry] = {}
        for one in told:
            assert one.first is not None, "what is told rests on somebody"
            heirs = succession.heirs(one.kept, one.first.person.id, around, grown, self._policy, named=named)
            named.update(heir.person.id for heir in heirs)
            issues = [*self._training(one.kept.place, openings, judged)][: self._policy.succession.issues]
            made[one.kept.place.key] = replace(one, heirs=tuple(heirs), issues=tuple(issues))
        return [made.get(one.kept.place.key, one) for one in entries]

    def _openings(self) -> list[Opening]:
        """Medium issues that somebody could begin with, those at their level for longest first."""
        found = ramp.openings(
            self._connection, self._owner_id, self._policies, self._now, seen_from=self._seen.seen_from,
            with_private=self._seen.whole,
        )  # fmt: skip
        return [
            one
            for one in found
            if one.level is Level.MEDIUM and one.ready and not one.taken and one.repo.id in self._where
        ]

    def _fits(self, place: Place, one: Opening) -> bool:
        return self._is_there(place, one.repo, one.areas)

    def _is_there(self, place: Place, repo: Repo, areas: Collection[str]) -> bool:
        if place.repo is not None:
            return repo.id == place.repo.id
        return place.area in areas or self._areas[place.area].has(repo.name)

    def _judged(self, places: Sequence[Place]) -> list[tuple[backlog.OpenIssue, Suggested]]:
        """Issues without a level that look medium, the surest first: where there is none that is."""
        repos = {place.repo.id for place in places if place.repo is not None}
        here = [one for one in self._where.values() if one.id in repos or any(place.repo is None for place in places)]
        policies = {one.id: self._policies(self._connection, one) for one in here}
        spoken = {
            one.id: one
            for one in here
            if policies[one.id].switchback == "on" and policies[one.id].mode(_ADVICE) is not Mode.OFF
        }
        if not spoken:
            return []
        size = backlog.similar(self._connection, self._owner_id, spoken, self._policy, self._now)
        found = []
        for issue in backlog.open_issues(self._connection, spoken, self._policy.people.bots):
            its = policies[issue.repo.id]
            if issue.taken or its.no_bot_label.casefold() in {label.casefold() for label in issue.labels}:
                continue
            looks_like = suggested(
                traits=issue.traits, labels=issue.labels, repo=issue.repo.full_name, came=issue.came, similar=size,
                policy=its,
            )  # fmt: skip
            if looks_like is not None and looks_like.level is Level.MEDIUM:
                found.append((issue, looks_like))
        return sorted(found, key=lambda one: (-one[1].confidence, one[0].name))

    def _training(
        self, place: Place, openings: Sequence[Opening], judged: Sequence[tuple[backlog.OpenIssue, Suggested]]
    ) -> Iterator[Training]:
        ready = [one for one in openings if self._fits(place, one)]
        for one in ready:
            yield Training(ref=one.ref, name=one.name, ready=True)
        for issue, looks_like in judged if not ready else ():
            areas = self._policy.areas_of(issue.labels, None) | ({looks_like.area} if looks_like.area else set())
            if self._is_there(place, issue.repo, areas):
                yield Training(ref=issue.ref, name=issue.name, ready=False)
