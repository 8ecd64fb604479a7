"""Who may be mentioned now: by the settings, by what they said of themselves, and by how often it happened."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

import pytest
from sqlalchemy import Connection

from bot.effects import GoAway, KeepQuiet, LimitMentions
from bot.memory import attention, export, forgetting, orders, rows, schema
from bot.memory.store import Store
from bot.model import InstallationId, OwnerId, Person, PersonId, Repo, RepoId, ThreadRef
from tests.memory.conftest import ADA, GRACE, LINUS, OWNER, REPO, Archive
from tests.rules.scenes import policy
from tests.traces import traces

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WHERE: Final = Repo(RepoId(REPO), OwnerId(OWNER), "alpine-tools", "maps")
ELSEWHERE: Final = Repo(RepoId(900), OwnerId(9), "valley-tools", "huts")
WHO: Final = Person(PersonId(GRACE), "grace")
NOON: Final = datetime(2026, 11, 24, 12, tzinfo=UTC)  # a Tuesday
LIMITS: Final = policy(limits={"mentions_a_day": 1, "mentions_a_week": 2}).limits
MANY: Final = policy(limits={"mentions_a_day": 9, "mentions_a_week": 9}).limits
NONE: Final = policy(limits={"mentions_a_day": 0, "mentions_a_week": 0}).limits


def wish(kind: Callable[..., Any], *, ago: timedelta = 2 * DAY, **values: Any) -> Any:
    at = NOON - ago
    key = f"{kind.__name__}/{at}"
    return kind(
        rule="answers", key=key, why="grace wrote it", thread=ThreadRef(WHERE.id, 1), person=WHO, as_of=at, **values
    )


def budget(a_day: int | None = None, a_week: int | None = None, **more: Any) -> Any:
    return wish(LimitMentions, a_day=a_day, a_week=a_week, **more)


def away(until: datetime | None, **more: Any) -> Any:
    return wish(GoAway, until=until, **more)


def quiet(zone: str | None, begins: time | None = None, ends: time | None = None, **more: Any) -> Any:
    return wish(KeepQuiet, zone=zone, begins=begins, ends=ends, **more)


@pytest.fixture
def archive(store: Store) -> Archive:
    return Archive(store)


def obey(archive: Archive, *wishes: Any, where: Repo = WHERE) -> list[bool]:
    def write(db: Connection) -> list[bool]:
        return [orders.obey(db, one, where, InstallationId(1), NOON) for one in wishes]

    return archive.store.write_now(write)


def mentioned(archive: Archive, *hours_ago: float, to: int = GRACE) -> None:
    def write(db: Connection) -> None:
        for number, hours in enumerate(hours_ago):
            about = {"rule": "welcome", "effect": "say", "owner_id": OWNER, "installation_id": 1, "repo_id": REPO}
            values = about | {"number": 1, "person_id": to, "mention": True, "why": "because", "state": "done"}
            at = NOON - timedelta(hours=hours)
            rows.put(db, schema.ledger, values | {"claimed_at": at}, key=f"welcome/{to}/{number}")

    archive.store.write_now(write)


def free(archive: Archive, now: datetime = NOON, *, limits: Any = LIMITS, owner: int = OWNER) -> bool:
    return archive.store.read_now(lambda db: attention.free(db, OwnerId(owner), WHO.id, limits, now))


def is_away(archive: Archive, now: datetime = NOON, *, owner: int = OWNER) -> bool:
    return archive.store.read_now(lambda db: attention.away(db, OwnerId(owner), WHO.id, now))


def free_from(archive: Archive, now: datetime, *, limits: Any = LIMITS) -> datetime | None:
    return archive.store.read_now(lambda db: attention.free_from(db, OwnerId(OWNER), WHO.id, limits, now))


@dataclass(frozen=True)
class Case:
    """What they wished for, how many hours ago they were mentioned, and whether they may be now."""

    id: str
    free: bool
    wishes: tuple[Any, ...] = ()
    before: tuple[float, ...] = ()
    limits: Any = LIMITS
    now: datetime = field(default=NOON)


CASES: Final = [
    Case("nobody said anything", True),
    Case("once today", False, before=(1,)),
    Case("twice a week", False, before=(30, 60)),
    Case("a week ago", True, before=(30, 168)),
    Case("a lower limit for the week", False, (budget(a_week=1),), (30,)),
    Case("of a lower limit one is left", True, (budget(a_week=1),), (200,)),
    Case("a lower limit for the day", False, (budget(a_day=1),), (1,), MANY),
    Case("the day is over", True, (budget(a_day=1),), (25,), MANY),
    Case("none at all", False, (budget(a_day=0, a_week=0),), (), MANY),
    Case("more than the settings allow is what they allow", False, (budget(a_day=5, a_week=9),), (1,)),
    Case("none by the settings", False, (budget(a_week=9),), (), NONE),
    Case("as usual again", True, (budget(a_day=0), budget(ago=DAY))),
    Case("away", False, (away(NOON + DAY),)),
    Case("back", True, (away(NOON),)),
    Case("back before the time", True, (away(NOON + DAY), away(None, ago=DAY))),
    Case("by day", True, (quiet("Europe/Berlin"),)),
    Case("at night, by the hours of the settings", False, (quiet("Europe/Berlin"),), now=NOON + 7 * HOUR),
    Case("the same hour without a zone", True, now=NOON + 7 * HOUR),
    Case("hours of their own", False, (quiet("Europe/Berlin", time(13), time(14)),)),
    Case("hours of their own, another zone", True, (quiet("Asia/Kolkata", time(13), time(14)),)),
    Case("on Saturday", False, (quiet("Europe/Berlin"),), now=NOON + 4 * DAY),
    Case("on Saturday without a zone", True, now=NOON + 4 * DAY),
    Case("no quiet hours any more", True, (quiet("UTC"), quiet(None, ago=DAY)), now=NOON + 4 * DAY),
    Case("a zone that this machine does not know", True, (quiet("Mars/Olympus_Mons"),), now=NOON + 4 * DAY),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_who_may_be_mentioned_now(archive: Archive, case: Case) -> None:
    obey(archive, *case.wishes)
    mentioned(archive, *case.before)
    assert free(archive, case.now, limits=case.limits) is case.free


def test_who_wants_to_be_left_alone_is_not_mentioned(archive: Archive) -> None:
    archive.put(schema.optouts, owner_id=OWNER, person_id=GRACE, opted_out=True, as_of=NOON)
    assert not free(archive)
    assert free(archive, owner=9)
    archive.set(schema.optouts, owner_id=OWNER, person_id=GRACE, opted_out=False, as_of=NOON)
    assert free(archive)


def test_what_somebody_wishes_holds_for_them_and_in_this_organisation(archive: Archive) -> None:
    obey(archive, away(NOON + DAY))
    assert (is_away(archive), is_away(archive, owner=9), is_away(archive, NOON + DAY)) == (True, False, False)
    assert free(archive, owner=9)
    mentioned(archive, 1, to=LINUS)
    assert free(archive, NOON + DAY)


def test_what_was_said_last_counts_in_whatever_order_it_comes(archive: Archive) -> None:
    obey(archive, budget(ago=HOUR), budget(a_day=0), away(None, ago=DAY), away(NOON + DAY))
    assert free(archive)


@pytest.mark.parametrize(
    ("now", "wishes", "before", "limits", "then"),
    [
        pytest.param(NOON, (quiet("UTC"),), (), LIMITS, None, id="free now"),
        pytest.param(NOON + 9 * HOUR, (), (), LIMITS, None, id="no zone"),
        pytest.param(NOON + 9 * HOUR, (quiet("UTC"),), (), LIMITS, NOON + 20 * HOUR, id="in the morning"),
        pytest.param(NOON + 4 * DAY, (quiet("UTC"),), (), LIMITS, NOON + 6 * DAY - 4 * HOUR, id="on Monday"),
        pytest.param(NOON + 9 * HOUR, (quiet("UTC"), away(NOON + DAY)), (), LIMITS, None, id="away then"),
        pytest.param(NOON + 9 * HOUR, (quiet("UTC"), away(NOON + 10 * HOUR)), (), LIMITS, NOON + 20 * HOUR,
                     id="back by then"),
        pytest.param(NOON + 9 * HOUR, (quiet("UTC"),), (1, 30), LIMITS, None, id="had enough of it this week"),
        pytest.param(NOON + 9 * HOUR, (quiet("UTC"),), (4,), LIMITS, NOON + 20 * HOUR, id="had enough until then"),
        pytest.param(NOON + 9 * HOUR, (quiet("UTC"),), (), NONE, None, id="never"),
    ],
)  # fmt: skip
def test_when_their_night_or_weekend_is_over(
    archive: Archive, now: datetime, wishes: tuple[Any, ...], before: tuple[float, ...], limits: Any,
    then: datetime | None,
) -> None:  # fmt: skip
    obey(archive, *wishes)
    mentioned(archive, *before)
    assert free_from(archive, now, limits=limits) == then


def test_what_they_wished_is_theirs_to_see_and_goes_with_them(archive: Archive) -> None:
    obey(archive, budget(a_week=1), away(NOON + DAY), quiet("Europe/Berlin", time(19), time(9)))
    obey(archive, away(NOON + 2 * DAY, ago=HOUR), where=ELSEWHERE)
    mine = archive.store.read_now(lambda db: export.export(db, WHO)).as_json()["stored"]["preferences"]
    told = [(row["owner_id"], row["a_week"], row["away_until"], row["zone"], row["quiet_from"]) for row in mine]
    assert told == [
        (OWNER, 1, "2026-11-25T12:00:00+00:00", "Europe/Berlin", "19:00"),
        (9, None, "2026-11-26T12:00:00+00:00", None, None),
    ]
    hers = archive.store.read_now(lambda db: export.export(db, Person(PersonId(ADA), "ada")))
    assert "preferences" not in hers.rows

    archive.store.write_now(lambda db: forgetting.forget(db, WHO, NOON))
    assert archive.store.read_now(lambda db: traces(db, WHO.id, WHO.login)) == []
    late = away(NOON + DAY, ago=timedelta(0))
    assert obey(archive, late) == [False]
    assert not is_away(archive)
