"""What there is to take, who somebody is by what they did, and who could be offered something."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import pytest
from sqlalchemy import event

from bot.memory import forgotten, looks, offers, ramp, schema
from bot.memory.store import Store
from bot.model import Level, OwnerId, PersonId, RepoId, Subject, ThreadRef
from bot.pathway import Opening
from bot.policytypes import Mode
from tests.memory.conftest import ADA, ANOTHER_REPO, BOT, GRACE, LINUS, OWNER, REPO, Archive
from tests.rules.scenes import DEFAULTS, policy
from tests.stage import BEGIN

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = BEGIN + 30 * DAY
ME: Final = OwnerId(OWNER)
PULL: Final = "pull_request"
ALL_TOLD: Final = ["expected", "names-file", "steps"]
POLICY = policy(levels={"advanced": ("hard",)})


@pytest.fixture
def archive(store: Store) -> Archive:
    return Archive(store)


def issue(archive: Archive, number: int = 1, **changes: Any) -> Archive:
    """Medium, with all that one needs to begin, and a member of the team who said so."""
    values: dict[str, Any] = {"labels": ["medium", "docs"], "traits": ALL_TOLD, "by": LINUS} | changes
    archive.thread(number, **values)
    return labeled(archive, number, repo=values.get("repo", REPO))


def labeled(archive: Archive, number: int, *, by: int = GRACE, at: timedelta = DAY, repo: int = REPO) -> Archive:
    what = {"step": "labeled", "about": "medium", "at": BEGIN + at, "person_id": by}
    return archive.put(schema.happenings, repo_id=repo, number=number, **what)


def pull(archive: Archive, number: int, *, closes: int = 0, to: str = "", by: int = ADA, **changes: Any) -> Archive:
    archive.thread(number, kind=PULL, by=by, **changes)
    if not closes:
        return archive
    link = {"to_repo": to, "to_number": closes, "closes": True, "gone": False, "as_of": BEGIN}
    return archive.put(schema.links, repo_id=changes.get("repo", REPO), number=number, **link)


def claim(archive: Archive, number: int, *, by: int = ADA, ended: str | None = None) -> Archive:
    over = {"ended": ended, "ended_at": BEGIN if ended else None}
    return archive.put(schema.claims, repo_id=REPO, number=number, person_id=by, at=BEGIN, worked_at=BEGIN, **over)


def pointers(archive: Archive, *given: str, ask: int | None = None) -> Archive:
    told = {"given": list(given), "ask_id": ask, "url": "", "as_of": BEGIN + 2 * DAY}
    return archive.put(schema.pointers, repo_id=REPO, number=1, **told)


def openings(archive: Archive, **how: Any) -> list[Opening]:
    return archive.store.read_now(lambda db: ramp.openings(db, ME, lambda *_: POLICY, NOW, **how))


def test_an_opening(archive: Archive) -> None:
    issue(archive)
    [one] = openings(archive)
    assert (one.name, one.level) == ("alpine-tools/maps#1", Level.MEDIUM)
    assert one.areas == one.nearby == {"documentation"}
    assert (one.since, one.author, one.ready, one.taken, one.is_open) == (BEGIN + DAY, LINUS, True, False, True)
    assert one.answer_minutes is None


@dataclass(frozen=True)
class Case:
    """What there is, and of each opening that is found whether it is ready and taken."""

    id: str
    given: Callable[[Archive], object]
    found: list[tuple[bool, bool]]


READY, TAKEN, LACKS = (True, False), (True, True), (False, False)
CASES = [
    Case("nothing", lambda a: None, []),
    Case("no level", lambda a: issue(a, labels=["bug"]), []),
    Case("no labels", lambda a: issue(a, labels=[]), []),
    Case("closed", lambda a: issue(a, is_open=False), []),
    Case("locked", lambda a: issue(a, locked=True), []),
    Case("gone", lambda a: issue(a, gone=True), []),
    Case("left alone", lambda a: issue(a, labels=["medium", "No-Bot"]), []),
    Case("a pull request", lambda a: issue(a, kind=PULL), []),
    Case("in an archived repository", lambda a: issue(a.set(schema.repos, archived=True)), []),
    Case("in a private repository", lambda a: issue(a.set(schema.repos, private=True)), []),
    Case("out of reach", lambda a: issue(a.set(schema.repos, covered=False)), []),
    Case("a starter needs nothing", lambda a: a.thread(1, labels=["good first issue"]), [READY]),
    Case("something is missing", lambda a: issue(a, traits=["expected"]), [LACKS]),
    Case("nobody has read it", lambda a: issue(a, traits=None), [LACKS]),
    Case("nobody to ask", lambda a: labeled(a, a.thread(1, labels=["medium"], traits=ALL_TOLD).number, by=LINUS),
         [LACKS]),
    Case("the team had us set it", lambda a: (
        a.thread(1, labels=["medium"], traits=ALL_TOLD), a.said("level/1", 1, to=GRACE).set(
            schema.ledger, effect="label")), [READY]),
    Case("somebody to ask", lambda a: pointers(issue(a, traits=[]), "outcome", "where", "try", ask=GRACE), [READY]),
    Case("pointers to some of it", lambda a: pointers(issue(a, traits=[]), "outcome"), [LACKS]),
    Case("assigned", lambda a: issue(a, assignees=[LINUS]), [TAKEN]),
    Case("assigned to the team", lambda a: issue(a, assignees=[GRACE]), [TAKEN]),
    Case("assigned to a bot", lambda a: issue(a, assignees=[BOT]), [READY]),
    Case("claimed", lambda a: claim(issue(a), 1), [TAKEN]),
    Case("claimed once", lambda a: claim(issue(a), 1, ended="given back"), [READY]),
    Case("a pull request closes it", lambda a: pull(issue(a), 2, closes=1), [TAKEN]),
    Case("one elsewhere does", lambda a: pull(issue(a), 2, repo=ANOTHER_REPO, closes=1, to="alpine-tools/maps"),
         [TAKEN]),
    Case("one closes its namesake", lambda a: pull(issue(a), 2, repo=ANOTHER_REPO, closes=1), [READY]),
    Case("one names what we do not know", lambda a: pull(issue(a), 2, closes=1, to="other/maps"), [READY]),
    Case("it was closed without", lambda a: pull(issue(a), 2, closes=1, is_open=False), [READY]),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_there_is_to_take(archive: Archive, case: Case) -> None:
    case.given(archive)
    assert [(one.ready, one.taken) for one in openings(archive)] == case.found


def test_private_repositories_are_told_of_in_themselves(archive: Archive) -> None:
    archive.set(schema.repos, private=True)
    issue(archive)
    assert [len(openings(archive, **how)) for how in (
        {}, {"seen_from": RepoId(ANOTHER_REPO)}, {"seen_from": RepoId(REPO)}, {"with_private": True}
    )] == [0, 0, 1, 1]  # fmt: skip


def test_where_all_is_off_nothing_is_told_of(archive: Archive) -> None:
    issue(archive)
    off = DEFAULTS.model_copy(update={"switchback": "off"})
    assert archive.store.read_now(lambda db: ramp.openings(db, ME, lambda *_: off, NOW)) == []


def test_how_long_an_answer_takes_there(archive: Archive) -> None:
    issue(archive)
    for number in range(10, 16):
        archive.thread(number, by=LINUS, at=NOW - 3 * DAY)
        archive.answer(number, by=GRACE, at=NOW - 3 * DAY + HOUR)
    assert [one.answer_minutes for one in openings(archive)] == [60]


def test_one_opening_with_what_is_nearby(archive: Archive) -> None:
    issue(archive, labels=["medium"])
    issue(archive, 2, labels=["hard", "ci"])
    issue(archive, 3, is_open=False)
    archive.thread(4)

    def one(number: int, repo: int = REPO) -> Opening | None:
        ref = ThreadRef(RepoId(repo), number)
        return archive.store.read_now(lambda db: ramp.opening(db, ref, lambda *_: POLICY, NOW))

    first, closed = one(1), one(3)
    assert first is not None
    assert closed is not None
    assert (first.areas, first.nearby, closed.is_open) == (frozenset(), frozenset({"automation"}), False)
    assert (one(4), one(9), one(1, repo=99)) == (None, None, None)
    archive.set(schema.repos, archived=True)
    assert one(1) is None


@contextmanager
def counted(store: Store) -> Iterator[list[str]]:
    asked: list[str] = []

    def ask(*args: object) -> None:
        asked.append(str(args[2]))

    event.listen(store.engine, "before_cursor_execute", ask)
    yield asked
    event.remove(store.engine, "before_cursor_execute", ask)


def test_many_take_as_many_queries_as_one(archive: Archive) -> None:
    issue(archive)
    with counted(archive.store) as for_one:
        openings(archive)
    for number in range(2, 30):
        issue(archive, number, repo=(REPO, ANOTHER_REPO)[number % 2])
    with counted(archive.store) as for_many:
        assert len(openings(archive)) == 29
    assert len(for_many) == len(for_one) <= 12


def seeker(archive: Archive, who: int = ADA, **how: Any) -> Any:
    return archive.store.read_now(lambda db: ramp.seeker(db, ME, PersonId(who), POLICY, **how))


@dataclass(frozen=True)
class Past:
    """What somebody did, how much of it was merged, and the highest level of that."""

    id: str
    given: Callable[[Archive], object]
    merged: int
    highest: Level | None


MERGED: Final[dict[str, Any]] = {"merged_at": BEGIN + DAY, "is_open": False}
PASTS = [
    Past("nothing", lambda a: None, 0, None),
    Past("opened one", lambda a: pull(a, 1), 0, None),
    Past("merged one", lambda a: pull(a, 1, **MERGED), 1, Level.STARTER),
    Past("merged by its label", lambda a: pull(a, 1, labels=["hard"], **MERGED), 1, Level.ADVANCED),
    Past("closed a medium one", lambda a: pull(issue(a, 2), 1, closes=2, **MERGED), 1, Level.MEDIUM),
    Past("closed one elsewhere", lambda a: pull(
        issue(a, 2, repo=ANOTHER_REPO), 1, closes=2, to="alpine-tools/huts", **MERGED), 1, Level.MEDIUM),
    Past("closed one that nobody knows", lambda a: pull(a, 1, closes=2, to="other/huts", **MERGED), 1, Level.STARTER),
    Past("did one that was claimed", lambda a: claim(issue(a, 2), 2, ended="done"), 0, Level.MEDIUM),
    Past("gave one back", lambda a: claim(issue(a, 2), 2, ended="given back"), 0, None),
]  # fmt: skip


@pytest.mark.parametrize("past", PASTS, ids=lambda past: past.id)
def test_what_somebody_has_done(archive: Archive, past: Past) -> None:
    past.given(archive)
    known = seeker(archive)
    assert (known.merged, known.highest) == (past.merged, past.highest)
    assert known.person.login == "ada"


def test_where_somebody_was(archive: Archive) -> None:
    pull(archive, 1, labels=["docs"], paths=["docs/a.md"])
    archive.thread(2, labels=["ci"], repo=ANOTHER_REPO)
    archive.put(schema.offers, repo_id=REPO, number=9, person_id=ADA, in_repo_id=REPO, in_number=1, at=BEGIN)
    asks(archive, areas=["auth"])
    known = seeker(archive)
    assert (known.areas, known.repos) == ({"documentation"}, {REPO, ANOTHER_REPO})  # an issue alone is no work
    assert (known.interests, known.offered) == (("auth",), {ThreadRef(RepoId(REPO), 9)})
    archive.set(schema.repos, private=True)
    assert seeker(archive).repos == set()
    assert seeker(archive, seen_from=RepoId(REPO)).repos == {REPO}


def asks(archive: Archive, who: int = ADA, number: int = 1, **changes: Any) -> Archive:
    wish = {"interested": True, "areas": [], "repo_id": REPO, "number": number, "as_of": BEGIN} | changes
    return archive.put(schema.interests, owner_id=OWNER, person_id=who, **wish)


@dataclass(frozen=True)
class Reach:
    """What happened, and in which thread somebody could be offered something; None: not at all."""

    id: str
    given: Callable[[Archive], object]
    thread: int | None


OLD: Final[dict[str, Any]] = {"merged_at": BEGIN - 90 * DAY, "is_open": False}
REACHED = [
    Reach("nothing", lambda a: a.thread(1), None),
    Reach("asked in their own thread", lambda a: (a.thread(1), asks(a)), 1),
    Reach("asked in another's", lambda a: (a.thread(1, by=LINUS), asks(a)), None),
    Reach("asked in another's, and had one merged",
          lambda a: (a.thread(1, by=LINUS), asks(a), pull(a, 2, **OLD)), 2),
    Reach("asked in another's, and had an issue", lambda a: (
        a.thread(1, by=LINUS), asks(a), a.thread(2, closed_at=BEGIN, is_open=False)), 2),
    Reach("the last merge counts", lambda a: (pull(a, 1, **MERGED), pull(a, 2, **OLD)), 1),
    Reach("asked where it is locked", lambda a: (a.thread(1, locked=True), asks(a)), None),
    Reach("took it back", lambda a: (a.thread(1), asks(a, interested=False)), None),
    Reach("merged of late", lambda a: pull(a, 1, **MERGED), 1),
    Reach("merged long ago", lambda a: pull(a, 1, **OLD), None),
    Reach("asked, and has taken one", lambda a: claim(asks(a, number=a.thread(1).number), 5), None),
    Reach("asked, and is of the team", lambda a: asks(a.team(ADA), number=a.thread(1).number), None),
    Reach("asked, and opted out", lambda a: (a.thread(1), asks(a), a.put(
        schema.optouts, owner_id=OWNER, person_id=ADA, opted_out=True, as_of=BEGIN)), None),
    Reach("a bot", lambda a: pull(a, 1, by=BOT, **MERGED), None),
]  # fmt: skip


@pytest.mark.parametrize("case", REACHED, ids=lambda case: case.id)
def test_who_could_be_offered_something_and_where(archive: Archive, case: Reach) -> None:
    case.given(archive)
    found = archive.store.read_now(lambda db: offers.possible(db, ME, BEGIN))
    assert [one.thread.number for one in found] == ([] if case.thread is None else [case.thread])


def test_an_offer_is_written_down_and_its_thread_looked_at(archive: Archive) -> None:
    pull(archive, 1, **MERGED)
    this, there = ThreadRef(RepoId(REPO), 1), ThreadRef(RepoId(REPO), 7)
    archive.store.write_now(lambda db: offers.write(db, there, PersonId(ADA), this, NOW))
    read = archive.store.read_now
    assert read(lambda db: offers.here(db, this, PersonId(ADA), NOW - DAY)) == [there]
    assert read(lambda db: offers.here(db, this, PersonId(ADA), NOW)) == []
    assert read(lambda db: offers.given(db, [there, this])) == {there: 1}
    assert [look.subject for look in read(lambda db: looks.due(db, NOW, 9, ()))] == [this.subject]
    [possible] = read(lambda db: offers.possible(db, ME, BEGIN))
    assert (possible.offers, possible.merged) == ((NOW,), ((BEGIN + DAY, this),))


def test_who_asked_to_be_forgotten_is_offered_nothing(archive: Archive) -> None:
    archive.store.write_now(lambda db: forgotten.note(db, PersonId(ADA), {"ada"}, NOW))
    this = ThreadRef(RepoId(REPO), 1)
    archive.store.write_now(lambda db: offers.write(db, this, PersonId(ADA), this, NOW))
    assert archive.store.read_now(lambda db: offers.given(db, [this])) == {}


def test_which_merges_were_for_a_starter(archive: Archive) -> None:
    issue(archive, 1, labels=["good first issue"])
    pull(archive, 2, closes=1, **MERGED)
    pull(archive, 3, labels=["good first issue"], **MERGED)
    pull(archive, 4, **MERGED)
    refs = [ThreadRef(RepoId(REPO), number) for number in (2, 3, 4)]
    assert archive.store.read_now(lambda db: ramp.starters(db, refs, POLICY)) == {*refs[:2]}


def test_the_subject_of_an_owner() -> None:
    assert ramp.owner_of(ramp.subject(ME)) == ME
    assert ramp.subject(ME) == Subject("ramp/1")
    assert POLICY.mode("ramp") is Mode.SHADOW
