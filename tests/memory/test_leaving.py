"""What people say of themselves and of each other in the team: the later word counts, in whatever order news come, and
nothing is kept of who asked to be forgotten."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import permutations
from typing import Any, Final

import pytest
from sqlalchemy import Connection

from bot.checkins import Because, CheckIn, Said, State
from bot.effects import AnswerCheckIn, GiveThanks, Order, SetCare, ShareStory, StepDown, TakeBack, VouchFor
from bot.farewells import Leave, Story, Where
from bot.gratitude import Work
from bot.memory import care, checkins, evidence, forgetting, leaves, notes, orders, rows, schema
from bot.memory.store import Store
from bot.model import InstallationId, OwnerId, Person, PersonId, Repo, RepoId, ThreadRef
from bot.team import About, Care, Evidence, Note, Sign
from tests.stage import BEGIN

DAY: Final = timedelta(days=1)
OWNER: Final = OwnerId(1)
MAPS: Final = Repo(RepoId(11), OWNER, "alpine-tools", "maps")
HERE: Final = ThreadRef(MAPS.id, 5)
PLACE: Final = ThreadRef(RepoId(19), 2)
GRACE, ADA = Person(PersonId(100), "grace"), Person(PersonId(101), "ada")


@pytest.fixture(autouse=True)
def people(store: Store) -> None:
    def write(db: Connection) -> None:
        for one in (GRACE, ADA):
            rows.put(db, schema.people, {"login": one.login, "is_bot": False, "heard_at": BEGIN}, id=one.id)
        rows.put(
            db, schema.teams, {"owner_id": OWNER, "slug": "guides", "name": "Guides", "gone": False, "heard_at": BEGIN},
            id=7,
        )  # fmt: skip
        rows.put(db, schema.team_members, {"belongs": True, "as_of": BEGIN}, team_id=7, person_id=GRACE.id)

    store.write_now(write)


def order(kind: Any, days: int, *, by: Person = GRACE, **given: Any) -> Any:
    """Given that many days after the beginning."""
    as_of = BEGIN + days * DAY
    return kind(rule="test", key=f"{kind.kind}/{by.id}/{days}", why="", thread=HERE, person=by, as_of=as_of, **given)


def obey(store: Store, given: Iterable[Order]) -> None:
    for one in given:
        store.write_now(partial(orders.obey, order=one, where=MAPS, installation_id=InstallationId(1), now=BEGIN))


def check_in(store: Store) -> CheckIn | None:
    return store.read_now(lambda db: checkins.latest(db, OWNER, GRACE.id))


def leave(store: Store) -> Leave | None:
    return store.read_now(lambda db: leaves.current(db, OWNER, GRACE.id))


def answer(days: int, said: Said) -> AnswerCheckIn:
    again: AnswerCheckIn = order(AnswerCheckIn, days, said=said, again_at=BEGIN + (days + 180) * DAY)
    return again


@pytest.mark.parametrize("asked", [True, False], ids=["asked", "by themselves"])
@pytest.mark.parametrize("in_order", [*permutations(range(3))])
def test_the_last_answer_counts(store: Store, in_order: tuple[int, ...], asked: bool) -> None:
    if asked:
        store.write_now(lambda db: checkins.begin(db, OWNER, GRACE.id, Because.SILENCE, State.ASKED, BEGIN))
    answers = [answer(1, Said.HERE), answer(2, Said.STEPS_BACK), answer(3, Said.LATER)]
    obey(store, (answers[index] for index in in_order))
    found = check_in(store)
    assert found is not None
    assert (found.said, found.state, found.again_at) == (Said.LATER, State.ANSWERED, BEGIN + 183 * DAY)


def test_a_check_in_goes_its_way(store: Store) -> None:
    def live(db: Connection) -> None:
        checkins.begin(db, OWNER, GRACE.id, Because.DECLINE, State.ASKED, BEGIN)
        checkins.at(db, OWNER, GRACE.id, BEGIN, PLACE)
        [one] = checkins.in_thread(db, PLACE)
        checkins.becomes(db, OWNER, one, State.HANDED, BEGIN + 44 * DAY, handed_to=ADA.id)

    store.write_now(live)
    found = check_in(store)
    assert found is not None
    assert found.is_open
    assert (found.because, found.state, found.place, found.handed_to) == (
        Because.DECLINE, State.HANDED, PLACE, ADA.id
    )  # fmt: skip
    obey(store, [answer(50, Said.HERE)])
    assert store.read_now(lambda db: checkins.of_owner(db, OWNER))[GRACE.id].state is State.ANSWERED


@pytest.mark.parametrize("in_order", [*permutations(range(3))])
def test_how_somebody_wants_to_be_asked(store: Store, in_order: tuple[int, ...]) -> None:
    said = [order(SetCare, 1, asked=False), order(SetCare, 2, together=True), order(SetCare, 3, asked=True)]
    obey(store, (said[index] for index in in_order))
    assert store.read_now(lambda db: care.of_owner(db, OWNER)) == {GRACE.id: Care(asked=True, together=True)}


def test_what_others_say_of_somebody(store: Store) -> None:
    obey(store, [order(VouchFor, 1, by=ADA, whom=GRACE), order(VouchFor, 1, by=ADA, whom=GRACE)])
    obey(store, [order(GiveThanks, 2, by=ADA, whom=GRACE, work=Work.CALLS, url="https://example.org/5")])
    vouch, thanks = store.read_now(lambda db: evidence.since(db, OWNER, BEGIN))
    assert (vouch.sign, vouch.by, vouch.place) == (Sign.VOUCH, ADA.id, HERE)
    assert thanks == Evidence(
        person=GRACE.id, sign=Sign.THANKS, at=BEGIN + 2 * DAY, by=ADA.id, about="calls", repo_id=MAPS.id, place=HERE,
        url="https://example.org/5",
    )  # fmt: skip
    assert store.read_now(lambda db: evidence.since(db, OWNER, BEGIN + 2 * DAY, Sign.VOUCH)) == []


@pytest.mark.parametrize("late", [False, True])
def test_what_is_said_of_stepping_back_replaces_what_was(store: Store, late: bool) -> None:
    said = [order(StepDown, 1, whom=GRACE), order(StepDown, 2, whom=GRACE, for_good=True)]
    obey(store, reversed(said) if late else said)
    found = leave(store)
    assert found is not None
    assert found.for_good
    assert (found.standing, found.said_in, found.is_whole) == (("guides",), HERE, True)
    obey(store, [order(TakeBack, 9, by=ADA, whom=GRACE)])
    assert leave(store) is None


@pytest.mark.parametrize("in_order", [*permutations(range(4))])
def test_who_took_it_back_has_not_stepped_back_whatever_is_heard_first(store: Store, in_order: tuple[int, ...]) -> None:
    said = [
        order(StepDown, 1, whom=GRACE, repos=("maps",)), order(StepDown, 2, whom=GRACE),
        order(TakeBack, 3, whom=GRACE), order(TakeBack, 4, by=ADA, whom=GRACE),
    ]  # fmt: skip
    obey(store, (said[index] for index in in_order))
    now = BEGIN + 9 * DAY
    assert leave(store) is None
    assert store.read_now(lambda db: leaves.of_people(db, OWNER, [GRACE.id], now)) == {}


def test_what_is_said_in_one_breath_is_kept(store: Store) -> None:
    one, other = (order(StepDown, 1, whom=GRACE, repos=(name,)) for name in ("maps", "huts"))
    obey(store, [one, replace(other, key="another")])
    found = store.read_now(lambda db: leaves.of_person(db, OWNER, GRACE.id))
    assert {name for leave in found for name in leave.repos} == {"maps", "huts"}


def test_a_word_of_somebody_who_is_forgotten_is_not_their_own(store: Store) -> None:
    obey(store, [order(StepDown, 1, by=ADA, whom=GRACE)])
    store.write_now(lambda db: forgetting.forget(db, ADA, BEGIN))
    found = leave(store)
    assert found is not None
    assert found.by not in {ADA.id, GRACE.id}


def test_what_becomes_of_a_thank_you(store: Store) -> None:
    obey(store, [order(StepDown, 1, whom=GRACE, repos=("maps",), until=BEGIN + 90 * DAY)])

    def draft(db: Connection) -> None:
        [one] = leaves.of_owner(db, OWNER)
        leaves.placed(db, OWNER, one, PLACE)
        leaves.drafted(db, OWNER, one, BEGIN + DAY)

    store.write_now(draft)
    at = BEGIN + DAY
    obey(store, [order(ShareStory, 5, left_at=at, where=Where.ISSUE), order(ShareStory, 4, left_at=at, where=None)])
    [found] = store.read_now(lambda db: leaves.in_thread(db, PLACE))
    assert (found.story, found.story_where, found.repos) == (Story.SHARED, Where.ISSUE, ("maps",))
    obey(store, [order(ShareStory, 6, left_at=at, where=None), order(ShareStory, 7, left_at=BEGIN, where=None)])
    [found] = store.read_now(lambda db: leaves.in_thread(db, PLACE))
    assert (found.story, found.story_where) == (Story.KEPT, None)


def note(about: About, at: datetime) -> Note:
    return Note(owner_id=OWNER, about=about, person=GRACE.id, at=at, matter=BEGIN, place=PLACE)


def test_what_somebody_is_to_be_told(store: Store) -> None:
    first, second = note(About.QUESTION, BEGIN), note(About.REMINDER, BEGIN + 14 * DAY)

    def write(db: Connection) -> None:
        notes.write(db, first)
        notes.write(db, second)

    store.write_now(write)
    both = (About.QUESTION, About.REMINDER)
    assert store.read_now(lambda db: notes.told_in(db, PLACE, BEGIN, *both)) == [second]
    assert store.read_now(lambda db: notes.of_person(db, OWNER, GRACE.id, *both)) == [first, second]
    assert store.read_now(lambda db: notes.of_owner(db, OWNER, BEGIN, About.QUESTION)) == [first]


def test_nothing_stays_of_who_asked_to_be_forgotten(store: Store) -> None:
    said = [
        answer(1, Said.HERE), order(SetCare, 1, asked=False), order(StepDown, 1, whom=GRACE),
        order(VouchFor, 1, by=ADA, whom=GRACE), order(VouchFor, 2, by=GRACE, whom=ADA),
        order(StepDown, 3, whom=ADA),
    ]  # fmt: skip
    obey(store, said)
    store.write_now(lambda db: notes.write(db, note(About.QUESTION, BEGIN)))
    store.write_now(lambda db: forgetting.forget(db, GRACE, BEGIN + 5 * DAY))
    late = [
        answer(6, Said.HERE), order(SetCare, 6, asked=False), order(StepDown, 6, whom=GRACE),
        order(VouchFor, 6, by=ADA, whom=GRACE), order(VouchFor, 7, by=GRACE, whom=ADA),
    ]  # fmt: skip
    obey(store, late)
    store.write_now(lambda db: notes.write(db, note(About.REMINDER, BEGIN + 6 * DAY)))
    store.write_now(lambda db: checkins.begin(db, OWNER, GRACE.id, Because.SILENCE, State.ASKED, BEGIN + 6 * DAY))
    assert check_in(store) is None
    assert [one.person for one in store.read_now(lambda db: leaves.of_owner(db, OWNER))] == [ADA]
    assert store.read_now(lambda db: care.of_owner(db, OWNER)) == {}
    assert store.read_now(lambda db: evidence.since(db, OWNER, BEGIN)) == []
    assert store.read_now(lambda db: notes.of_owner(db, OWNER, BEGIN, *About)) == []
