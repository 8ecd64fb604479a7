"""The triage rota as memory tells it: turns, weeks that were taken over, and who agreed to be asked about what."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

import pytest

from bot.effects import JoinTriage
from bot.memory import rota, schema
from bot.memory.store import Store
from bot.model import OwnerId, Person, PersonId, RepoId, ThreadRef
from bot.policy import Policy
from bot.triagepolicy import AreaPerson
from bot.waiting import OnDuty, Rota
from tests.memory.conftest import ADA, BOT, GRACE, GREETER, LINUS, LOGINS, OWNER, Archive
from tests.rules.scenes import policy
from tests.stage import BEGIN

NOW: Final = datetime(2026, 11, 25, 22, 0, tzinfo=UTC)  # a Wednesday
MONDAY: Final = date(2026, 11, 23)
WEEK: Final = timedelta(days=7)
THREE: Final = ("ada", "Grace", "linus")
PEOPLE: Final = {id_: Person(PersonId(id_), login) for id_, login in LOGINS.items()}


@pytest.fixture
def archive(store: Store) -> Archive:
    return Archive(store)


def configured(*logins: str, people: dict[str, tuple[str, ...]] | None = None) -> Policy:
    asked = tuple(AreaPerson(login=login, areas=areas) for login, areas in (people or {}).items())
    return policy(triage={"rota": logins, "people": asked})


def told(archive: Archive, policy_: Policy, *, now: datetime = NOW, weeks: int = 4) -> Rota:
    return archive.store.read_now(lambda db: rota.rota(db, OwnerId(OWNER), policy_, now, weeks))


def turns(archive: Archive, *logins: str, now: datetime = NOW, weeks: int = 4) -> list[str]:
    return [one.person.login for one in told(archive, configured(*logins), now=now, weeks=weeks).weeks]


def areas(archive: Archive, policy_: Policy) -> dict[str, list[str]]:
    return {area: [one.login for one in people] for area, people in told(archive, policy_).areas.items()}


def take(archive: Archive, week: date, to: int | None, at: datetime = BEGIN) -> None:
    person = None if to is None else PersonId(to)
    archive.store.write_now(lambda db: rota.take(db, OwnerId(OWNER), week, person, at))


def join(archive: Archive, who: int, *areas: str, leaves: bool = False, at: datetime = BEGIN) -> None:
    order = JoinTriage(
        rule="answers", key="k", why="", thread=ThreadRef(RepoId(11), 1), person=PEOPLE[who],
        areas=None if leaves else areas, as_of=at,
    )  # fmt: skip
    archive.store.write_now(lambda db: rota.join(db, OwnerId(OWNER), order))


def test_everybody_has_a_week_in_turn_from_this_weeks_monday_on(archive: Archive) -> None:
    found = told(archive, configured(*THREE))
    assert [one.week for one in found.weeks] == [MONDAY + many * WEEK for many in range(4)]
    names = [one.person.login for one in found.weeks]
    assert names[3] == names[0]
    assert sorted(names[:3]) == ["ada", "grace", "linus"]
    assert found.members == (PEOPLE[ADA], PEOPLE[GRACE], PEOPLE[LINUS])


@pytest.mark.parametrize("weeks", range(1, 5))
def test_turns_go_on_as_they_were_told_before(archive: Archive, weeks: int) -> None:
    before = turns(archive, *THREE, weeks=8)
    assert turns(archive, *THREE, now=NOW + weeks * WEEK, weeks=8 - weeks) == before[weeks:]


@pytest.mark.parametrize(
    ("now", "first"),
    [
        pytest.param(datetime(2026, 11, 22, 23, 59, tzinfo=UTC), MONDAY - WEEK, id="Sunday"),
        pytest.param(datetime(2026, 11, 23, tzinfo=UTC), MONDAY, id="Monday"),
        pytest.param(datetime(2027, 1, 3, tzinfo=UTC), date(2026, 12, 28), id="the 53rd week"),
        pytest.param(datetime(2027, 1, 4, tzinfo=UTC), date(2027, 1, 4), id="the first week"),
    ],
)
def test_a_week_begins_on_monday(archive: Archive, now: datetime, first: date) -> None:
    assert told(archive, configured(*THREE), now=now).weeks[0].week == first


def test_nobody_has_two_weeks_on_end_when_a_year_begins(archive: Archive) -> None:
    names = turns(archive, *THREE, weeks=60)
    assert all(names[at] != names[at + 1] for at in range(59))


def test_others_keep_their_weeks_where_somebody_is_left_out_and_share_theirs(archive: Archive) -> None:
    before = turns(archive, *THREE, weeks=12)
    archive.put(schema.optouts, owner_id=OWNER, person_id=LINUS, opted_out=True, as_of=BEGIN)
    after = turns(archive, *THREE, weeks=12)
    shared = [new for old, new in zip(before, after, strict=True) if old == "linus"]
    assert [new for old, new in zip(before, after, strict=True) if old != "linus"] == [
        old for old in before if old != "linus"
    ]
    assert sorted(shared) == ["ada", "ada", "grace", "grace"]


def test_who_is_not_on_it(archive: Archive) -> None:
    """Nobody knows them, they are bots, or want to be left alone."""
    logins = ("nobody-here", LOGINS[BOT], "ada", LOGINS[GREETER], "linus", "grace")
    chosen = policy(triage={"rota": logins}, people={"bots": (LOGINS[GREETER],), "leave_alone": ("Linus",)})
    join(archive, GRACE, leaves=True)
    found = told(archive, chosen)
    assert found.members == (PEOPLE[ADA],)
    assert {one.person for one in found.weeks} == {PEOPLE[ADA]}


def test_nobody_on_it_no_weeks(archive: Archive) -> None:
    take(archive, MONDAY, ADA)
    join(archive, ADA)
    assert told(archive, configured()) == Rota(areas={"": (PEOPLE[ADA],)})
    assert told(archive, configured("nobody-here")).weeks == ()


def test_a_week_is_taken_over_and_given_back(archive: Archive) -> None:
    before = told(archive, configured(*THREE)).weeks
    other = before[0].person.id
    take(archive, MONDAY + WEEK, other, at=NOW)
    assert told(archive, configured(*THREE)).weeks == (
        before[0], OnDuty(week=MONDAY + WEEK, person=before[0].person, stands_in=True, since=NOW), *before[2:]
    )  # fmt: skip
    take(archive, MONDAY + WEEK, before[1].person.id, at=NOW + WEEK)
    own = told(archive, configured(*THREE)).weeks[1]
    assert (own.person, own.stands_in) == (before[1].person, False)
    take(archive, MONDAY + WEEK, None, at=NOW + 2 * WEEK)
    assert told(archive, configured(*THREE)).weeks == before


def test_a_week_goes_back_to_whose_turn_it_is_if_who_took_it_does_not_look_after_triage(archive: Archive) -> None:
    take(archive, MONDAY, ADA)
    assert turns(archive, "grace") == ["grace"] * 4
    join(archive, ADA, "documentation")
    assert turns(archive, "grace")[0] == "ada"
    join(archive, ADA, leaves=True, at=NOW)
    assert turns(archive, "grace") == ["grace"] * 4


def test_who_is_away_is_on_it_as_ever(archive: Archive) -> None:
    before = told(archive, configured(*THREE))
    archive.put(schema.preferences, owner_id=OWNER, person_id=GRACE, away_until=NOW + 9 * WEEK, away_as_of=BEGIN)
    assert told(archive, configured(*THREE)) == before


def test_who_agreed_to_be_asked_about_which_areas(archive: Archive) -> None:
    chosen = configured(people={"ada": ("Documentation", "rockets"), "Grace": (), "nobody-here": ("rockets",)})
    assert areas(archive, chosen) == {"": ["grace"], "documentation": ["ada"], "rockets": ["ada"]}
    join(archive, LINUS, "documentation")
    assert areas(archive, chosen)["documentation"] == ["ada", "linus"]


def test_their_own_word_counts_more_than_the_configuration(archive: Archive) -> None:
    chosen = configured("ada", people={"ada": ("documentation",), "grace": ("automation",)})
    join(archive, ADA, "automation")
    join(archive, GRACE, leaves=True)
    assert areas(archive, chosen) == {"automation": ["ada"]}
    assert told(archive, chosen).members == (PEOPLE[ADA],)
    join(archive, ADA, leaves=True, at=NOW)
    assert told(archive, chosen) == Rota()


def test_what_is_said_elsewhere_does_not_count(archive: Archive) -> None:
    archive.put(schema.triagers, owner_id=2, person_id=ADA, joined=False, areas=[], as_of=BEGIN)
    archive.put(schema.rota_swaps, owner_id=2, week=MONDAY.isoformat(), person_id=ADA, as_of=BEGIN)
    assert told(archive, configured("grace", "ada")).members == (PEOPLE[GRACE], PEOPLE[ADA])
    assert not any(one.stands_in for one in told(archive, configured("grace", "ada")).weeks)


def test_all_who_look_after_triage_each_once(archive: Archive) -> None:
    join(archive, ADA, "documentation", "automation")
    found = told(archive, configured("grace", "ada", people={"linus": ()}))
    assert found.willing == (PEOPLE[GRACE], PEOPLE[ADA], PEOPLE[LINUS])
    assert found.of(MONDAY + timedelta(days=6)) == found.weeks[0]
    assert found.of(MONDAY - timedelta(days=1)) is None
