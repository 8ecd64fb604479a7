"""Nobody is mentioned more often than the limits and they themselves say, over all rules and places; the rest is said
without the @, and remembered."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import settings as slowly
from hypothesis import strategies as st
from sqlalchemy import create_engine

from bot import budget
from bot.effects import LimitMentions, Say
from bot.memory import ledger, preferences, schema
from bot.memory.store import Store
from bot.model import InstallationId, OwnerId, Person, PersonId, Repo, RepoId, ThreadRef
from bot.policy import Limits
from tests import postgres
from tests.stage import BEGIN

ADA, LINUS = Person(PersonId(101), "ada"), Person(PersonId(102), "linus")
MAPS = Repo(RepoId(11), OwnerId(1), "alpine-tools", "maps")
SAY = Say(
    rule="welcome", key="now", why="first issue", thread=ThreadRef(RepoId(11), 5), template="t", language="en", to=ADA
)
NOW = BEGIN + timedelta(days=30)


@pytest.fixture(params=postgres.KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with postgres.made(request.param, request.config, tmp_path) as url:
        store = Store(url)
        yield store
        store.close()


@dataclass(frozen=True)
class Case:
    """How many hours ago the person was mentioned before, the limits, and whether there is an @ now."""

    id: str
    before: tuple[float, ...]
    mentions: bool
    a_day: int = 1
    a_week: int = 3


CASES = [
    Case("never before", (), True),
    Case("once today", (1,), False),
    Case("once today, of two", (1,), True, a_day=2),
    Case("twice today, of two", (1, 2), False, a_day=2),
    Case("just less than a day ago", (23.999,), False),
    Case("a day ago", (24,), True),
    Case("on two other days", (30, 60), True),
    Case("on three other days", (30, 60, 90), False),
    Case("on three days, one a week ago", (30, 60, 168), True),
    Case("long ago and often", (200,) * 9, True),
    Case("never at all, says the day", (), False, a_day=0),
    Case("never at all, says the week", (), False, a_day=0, a_week=0),
    Case("the week counts today as well", (1, 30), False, a_day=2, a_week=2),
]


def claim(store: Store, say: Say, hours_ago: float) -> None:
    at = NOW - timedelta(hours=hours_ago)
    store.write_now(lambda db: ledger.claim(db, say, say.to.id, MAPS, InstallationId(1), at))


def within(store: Store, say: Say, limits: Limits) -> Say:
    return store.read_now(lambda db: budget.within(db, MAPS.owner_id, say, limits, NOW))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_mention_is_made_while_there_are_some_left(store: Store, case: Case) -> None:
    for number, hours in enumerate(case.before):
        claim(store, replace(SAY, rule=f"rule {number}", key=f"before {number}"), hours)
    limits = Limits(mentions_a_day=case.a_day, mentions_a_week=case.a_week, **LIMITS)
    assert within(store, SAY, limits) == replace(SAY, mention=case.mentions, folded=not case.mentions)


LIMITS: Final[dict[str, Any]] = {
    "mute_after": 3, "comments_an_hour": 20, "quiet_from": "20:00", "quiet_to": "08:00"
}  # fmt: skip
STRICT = Limits(mentions_a_day=1, mentions_a_week=1, **LIMITS)
NOT_COUNTED = {
    "a comment without the @": replace(SAY, key="before", mention=False),
    "somebody else's": replace(SAY, key="before", to=LINUS),
}


@pytest.mark.parametrize("before", NOT_COUNTED.values(), ids=NOT_COUNTED)
def test_it_does_not_count(store: Store, before: Say) -> None:
    claim(store, before, 1)
    assert within(store, SAY, STRICT).mention


def test_what_has_no_mention_gets_none(store: Store) -> None:
    say = replace(SAY, mention=False)
    assert within(store, say, STRICT) is say


def test_who_wants_fewer_gets_fewer(store: Store) -> None:
    none = LimitMentions(
        rule="answers", key="k", why="w", thread=SAY.thread, person=ADA, a_day=0, a_week=0, as_of=BEGIN
    )
    store.write_now(lambda db: preferences.limit(db, MAPS.owner_id, none))
    assert within(store, SAY, STRICT) == replace(SAY, mention=False, folded=True)
    assert within(store, replace(SAY, to=LINUS), STRICT).mention


WISHES: Final = st.one_of(st.none(), st.integers(0, 4))


@slowly(max_examples=60)
@given(
    hours=st.lists(st.integers(0, 400), max_size=40),
    a_day=st.integers(0, 3),
    more=st.integers(0, 4),
    own_day=WISHES,
    own_week=WISHES,
)
def test_in_no_day_or_week_is_anybody_mentioned_more_often(
    hours: list[int], a_day: int, more: int, own_day: int | None, own_week: int | None
) -> None:
    """Whatever is said, at whichever hours, and whatever they wish: what is over is said without the @, all of it."""
    limits = Limits(**LIMITS | {"mentions_a_day": a_day, "mentions_a_week": a_day + more})
    wish = LimitMentions(
        rule="answers", key="k", why="w", thread=SAY.thread, person=ADA, a_day=own_day, a_week=own_week, as_of=BEGIN
    )
    mentioned: list[datetime] = []
    folded = 0
    engine = create_engine("sqlite://")
    with engine.begin() as db:
        schema.metadata.create_all(db)
        preferences.limit(db, MAPS.owner_id, wish)
        for number, hour in enumerate(sorted(hours)):
            now, say = BEGIN + timedelta(hours=hour), replace(SAY, key=f"{number}", rule=f"rule {number % 3}")
            told = budget.within(db, MAPS.owner_id, say, limits, now)
            ledger.claim(db, told, ADA.id, MAPS, InstallationId(1), now)
            mentioned += [now] if told.mention else []
            folded += told.folded
    engine.dispose()
    least_day = min(a_day, a_day if own_day is None else own_day)
    least_week = min(a_day + more, a_day + more if own_week is None else own_week)
    for now in mentioned:
        before = [now - one for one in mentioned if one <= now]
        assert sum(ago < timedelta(days=1) for ago in before) <= least_day
        assert sum(ago < timedelta(days=7) for ago in before) <= least_week
    assert len(mentioned) + folded == len(hours)
    assert mentioned or not hours or not least_day or not least_week
