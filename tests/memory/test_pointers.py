"""How to begin with an issue, and who is around to ask: what memory notes down and tells of it."""

from datetime import datetime, timedelta
from functools import partial
from itertools import permutations

import pytest
from sqlalchemy import Connection

from bot.effects import GivePointers
from bot.looking import ThreadLook
from bot.memory import known_names, learned, orders, pointers, readings, recall, rows, schema
from bot.memory.readings import Key, Part
from bot.memory.store import Store
from bot.model import InstallationId, OwnerId, Person, PersonId, Repo, RepoId, ThreadRef
from bot.pathway import Pointers
from tests.memory.conftest import ADA, ANOTHER_REPO, GRACE, LINUS, OWNER, REPO, Archive, Known
from tests.stage import BEGIN

HOUR = timedelta(hours=1)
HERE = ThreadRef(RepoId(REPO), 5)
MAPS = Repo(RepoId(REPO), OwnerId(OWNER), "alpine-tools", "maps")
INSTALLATION = InstallationId(1)


@pytest.fixture
def archive(store: Store) -> Archive:
    return Archive(store)


def order(given: tuple[str, ...], at: datetime, *, ask: int | None = None) -> GivePointers:
    return GivePointers(
        rule="answers", key=f"answers/pointers/{at:%H}", why="w", thread=HERE, person=Person(PersonId(GRACE), "grace"),
        given=given, ask=None if ask is None else PersonId(ask), url=f"https://x/{at:%H}", as_of=at,
    )  # fmt: skip


@pytest.mark.parametrize("sequence", list(permutations(range(3))))
def test_pointers_add_up_in_any_order(archive: Archive, sequence: tuple[int, ...]) -> None:
    given = [
        order(("where", "ask"), BEGIN, ask=GRACE),
        order(("outcome", "ask"), BEGIN + HOUR, ask=ADA),
        order(("where",), BEGIN + 2 * HOUR),
    ]

    def obey(db: Connection) -> None:
        for index in sequence:
            assert orders.obey(db, given[index], MAPS, INSTALLATION, BEGIN)
            assert not orders.obey(db, given[index], MAPS, INSTALLATION, BEGIN)

    assert archive.store.read_now(lambda db: pointers.known(db, HERE)) == Pointers()
    archive.store.write_now(obey)
    found = archive.store.read_now(lambda db: pointers.known(db, HERE))
    assert (found.given, found.url) == (frozenset({"where", "ask", "outcome"}), "https://x/11")
    later_first = sequence.index(2) < sequence.index(1)  # then nobody knows any more who was named last
    assert found.ask in ({PersonId(ADA), PersonId(GRACE)} if later_first else {PersonId(ADA)})


def look(archive: Archive, ref: ThreadRef = HERE) -> ThreadLook:
    found = archive.store.read_now(lambda db: recall.thread_look(db, ref, BEGIN + HOUR, bots=(), greeters=()))
    assert found is not None
    return found


def labeled(archive: Archive, by: int) -> None:
    archive.put(
        schema.happenings, repo_id=REPO, number=5, step="labeled", at=BEGIN, about="medium", person_id=by
    )  # fmt: skip


def test_what_an_issue_tells_of_itself_and_who_helps(archive: Archive) -> None:
    archive.thread(5, traits=["steps"], assignees=[GRACE, LINUS])
    archive.store.write_now(lambda db: pointers.give(db, order(("where",), BEGIN)))
    found = look(archive)
    assert (found.traits, found.pointers.given) == (frozenset({"steps"}), frozenset({"where"}))
    assert (found.helpers, found.left_alone, found.named, found.acted) == (frozenset({GRACE}), frozenset(), {}, ())
    plain = look(archive, archive.thread(6, is_open=False, assignees=[GRACE]))
    assert (plain.traits, plain.pointers, plain.helpers) == (frozenset(), Pointers(), frozenset())


def test_who_set_labels_and_wants_to_be_left_alone(archive: Archive) -> None:
    archive.thread(5)
    for person in (GRACE, LINUS):
        labeled(archive, person)
        archive.put(schema.optouts, owner_id=OWNER, person_id=person, opted_out=person == GRACE, as_of=BEGIN)
    assert look(archive).left_alone == {GRACE}
    archive.set(schema.threads, is_open=False)
    assert look(archive).left_alone == frozenset()


def test_whom_pointers_name(archive: Archive) -> None:
    archive.thread(5)
    for number, args in enumerate(["where ask=linus", "ask=nobody", "try"]):
        archive.put(
            schema.requests, place="issue_comment", place_id=number, name="pointers", args=args, repo_id=REPO,
            number=5, person_id=GRACE, node_id="N", at=BEGIN,
        )  # fmt: skip
    assert look(archive).named == {"linus": LINUS}


def test_what_was_done_is_told_where_something_is_kept_up_to_date(archive: Archive) -> None:
    archive.thread(5)
    archive.said("welcome/issue/1/101", 5)
    assert look(archive).acted == ()
    archive.said(f"readiness/{REPO}/5", 5)
    assert [one.key for one in look(archive).acted] == [f"readiness/{REPO}/5", "welcome/issue/1/101"]


def told(*names: str) -> list[dict[str, object]]:
    return [{"id": sum(map(ord, name)), "name": name} for name in names]


def test_labels_that_were_asked_for_are_known(archive: Archive) -> None:
    def known() -> frozenset[str] | None:
        return archive.store.read_now(lambda db: known_names.labels(db, MAPS))

    archive.store.write_now(lambda db: rows.put(db, schema.labels, {"name": "a", "gone": False, "heard_at": BEGIN},
                                                repo_id=ANOTHER_REPO, label_id=1))  # fmt: skip
    assert known() is None
    archive.store.write_now(partial(learned.labels, where=MAPS, told=told("bug", "medium"), asked_at=BEGIN + HOUR))
    assert known() == frozenset({"bug", "medium"})
    archive.store.write_now(partial(learned.labels, where=MAPS, told=told("bug"), asked_at=BEGIN + 2 * HOUR))
    assert known() == frozenset({"bug"})
    reading = archive.store.read_now(
        lambda db: readings.find(db, Key(MAPS.owner_id, MAPS.id, Part.LABELS))
    )  # fmt: skip
    assert reading is not None
    assert (reading.done_at, reading.why) == (BEGIN + 2 * HOUR, None)


@pytest.mark.parametrize("sequence", list(permutations(range(4))))
def test_labels_that_change_hands_within_a_second(known: Known, sequence: tuple[int, ...]) -> None:
    v = known.village
    issue = v.world.open_issue(v.maps, by=v.ada, title="A", labels=("bug", "docs"))
    v.later(minutes=1)
    before = len(v.deliveries)
    v.world.create_label(v.maps, "medium")
    begun = len(v.deliveries)
    v.world.label(issue, "medium", by=v.grace)
    v.world.unlabel(issue, "bug", by=v.grace)
    v.world.unlabel(issue, "docs", by=v.grace)
    v.world.comment(issue, by=v.grace, body="There")
    happened = v.deliveries[begun:]
    v.deliveries[before:] = [*v.deliveries[before:begun], *(happened[index] for index in sequence)]
    known.hear()
    assert known.thread(issue)["labels"] == ["medium"]
