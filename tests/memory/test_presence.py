"""How present the team is: what counts as an active day, what is left out, and what speaks against asking somebody."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Final

import pytest

from bot.checkins import Because, Said, State
from bot.effects import AnswerCheckIn, GoAway, SetCare, StepDown, Wish
from bot.memory import boards, care, checkins, courtesy, evidence, leaves, preferences, presence, schema
from bot.memory.store import Store
from bot.model import Doing, OwnerId, Person, PersonId, RepoId, Step, ThreadRef
from bot.policy import Activity
from bot.presence import Asked, Presence, month_of
from bot.team import Evidence, Sign
from bot.teampolicy import TeamFile
from tests.memory.conftest import ADA, ANOTHER_REPO, GRACE, LINUS, OWNER, REPO, Archive
from tests.rules.scenes import DEFAULTS
from tests.stage import BEGIN

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW: Final = BEGIN + 100 * DAY
PERSON: Final = Person(PersonId(ADA), "ada")
SECRET = 13  # a private repository
TEAM_FILE = TeamFile(repo="maps", path="docs/team.yaml")
POLICY = DEFAULTS.model_copy(
    update={
        "activity": Activity(excluded_paths=("AUTHORS*",)),
        "team": DEFAULTS.team.model_copy(update={"files": (TEAM_FILE,)}),
        "check_ins": DEFAULTS.check_ins.model_copy(update={"never_ask": ("LINUS",)}),
    }
)
_numbers = count(1)


@pytest.fixture
def archive(store: Store) -> Archive:
    return Archive(store).repo(SECRET, "secret", private=True).repo(14, "elsewhere", owner=99)


def told(archive: Archive, *people: int, now: datetime = NOW) -> dict[PersonId, Presence]:
    ids = [PersonId(one) for one in people]
    return archive.store.read_now(lambda db: presence.presence_of(db, OwnerId(OWNER), ids, POLICY, now))


def thread(archive: Archive, *, by: int = LINUS, repo: int = REPO, **more: Any) -> int:
    number = next(_numbers)
    archive.thread(number, by=by, repo=repo, **more)
    return number


def says(archive: Archive, number: int, *, kind: str = "issue_comment", repo: int = REPO, **more: object) -> Archive:
    told = {"person_id": ADA, "at": BEGIN + HOUR, "gone": False} | more
    return archive.put(schema.activity, kind=kind, source_id=next(_numbers), repo_id=repo, number=number, **told)


def does(archive: Archive, number: int, step: Step, *, repo: int = REPO, **more: object) -> Archive:
    told = {"person_id": ADA, "at": BEGIN + HOUR, "about": ""} | more
    return archive.put(schema.happenings, repo_id=repo, number=number, step=step.value, **told)


def commits(archive: Archive, *, repo: int = REPO, **more: object) -> Archive:
    told = {"person_id": None, "login": "ada", "at": BEGIN + HOUR, "paths": None} | more
    return archive.put(schema.commits, repo_id=repo, sha=f"{next(_numbers):040}", **told)


def in_a_board(archive: Archive) -> None:
    number = thread(archive)
    archive.store.write_now(
        lambda db: boards.opened(db, OwnerId(OWNER), "digest/1", RepoId(REPO), number, "N", "", BEGIN)
    )
    says(archive, number)
    does(archive, number, Step.LABELED)


def signs(archive: Archive, sign: Sign, at: datetime) -> None:
    one = Evidence(person=PersonId(ADA), sign=sign, at=at)
    archive.store.write_now(lambda db: evidence.keep(db, OwnerId(OWNER), one))


@dataclass(frozen=True)
class Case:
    """What Ada did, as what it counts, and on how many days."""

    id: str
    given: Callable[[Archive], object]
    counts: set[Doing] = field(default_factory=set)
    days: int = 1


def pull(archive: Archive, *paths: str, repo: int = REPO, by: int = LINUS) -> int:
    return thread(archive, by=by, repo=repo, kind="pull_request", paths=list(paths))


CASES = [
    Case("nothing", lambda a: None, days=0),
    Case("opened an issue", lambda a: thread(a, by=ADA), {Doing.ISSUE}),
    Case("opened a discussion", lambda a: thread(a, by=ADA, kind="discussion"), {Doing.DISCUSSION}),
    Case("in a private repository", lambda a: thread(a, by=ADA, repo=SECRET), {Doing.ISSUE}),
    Case("opened one that is gone", lambda a: thread(a, by=ADA, gone=True), days=0),
    Case("another opened one", lambda a: thread(a), days=0),
    Case("in another organisation", lambda a: says(a, thread(a, by=ADA, repo=14), repo=14), days=0),
    Case("two things on a day", lambda a: says(a, thread(a, by=ADA)), {Doing.ISSUE, Doing.COMMENT}),
    Case("on two days", lambda a: says(says(a, thread(a)), thread(a), at=BEGIN + 2 * DAY), {Doing.COMMENT}, 2),
    Case("reviewed", lambda a: says(a, thread(a), kind="review", verdict="approved"), {Doing.REVIEW}),
    Case("to the bot alone", lambda a: says(a, thread(a), says=False), days=0),
    Case("to people", lambda a: says(a, thread(a), says=True), {Doing.COMMENT}),
    Case("a comment that is gone", lambda a: says(a, thread(a), gone=True), days=0),
    Case("tomorrow", lambda a: says(a, thread(a), at=NOW + DAY), days=0),
    Case("in an issue of ours", in_a_board, days=0),
    Case("merged", lambda a: does(a, thread(a), Step.MERGED), {Doing.MERGE}),
    Case("labelled another's", lambda a: does(a, thread(a), Step.LABELED), {Doing.TRIAGE}),
    Case("closed one's own", lambda a: does(a, thread(a, by=ADA), Step.CLOSED), {Doing.ISSUE}),
    Case("pushed", lambda a: does(a, pull(a, "a.py"), Step.PUSHED), {Doing.COMMIT}),
    Case("committed, by login", lambda a: commits(a), {Doing.COMMIT}),
    Case("committed, by id", lambda a: commits(a, person_id=ADA, login="countess"), {Doing.COMMIT}),
    Case("another's with her login", lambda a: commits(a, person_id=LINUS), days=0),
    Case("committed what does not count", lambda a: commits(a, paths=["AUTHORS.md"]), days=0),
    Case("committed the team file", lambda a: commits(a, paths=["docs/team.yaml", "AUTHORS"]), days=0),
    Case("and another file", lambda a: commits(a, paths=["docs/team.yaml", "a.py"]), {Doing.COMMIT}),
    Case("a file of that name elsewhere", lambda a: commits(a, repo=ANOTHER_REPO, paths=["docs/team.yaml"]),
         {Doing.COMMIT}),
    Case("proposed the team file", lambda a: pull(a, "docs/team.yaml", by=ADA), days=0),
    Case("merged it", lambda a: does(a, pull(a, "docs/team.yaml"), Step.MERGED), days=0),
    Case("reviewed it and more", lambda a: says(a, pull(a, "docs/team.yaml", "b"), kind="review"), {Doing.REVIEW}),
    Case("was in a meeting", lambda a: signs(a, Sign.MEETING, BEGIN)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_is_an_active_day(archive: Archive, case: Case) -> None:
    case.given(archive)
    found = told(archive, ADA)[PersonId(ADA)]
    assert set(found.doings) == case.counts
    assert sum(found.months.values()) == case.days
    assert (found.last is None) == (case.days == 0)


def test_months_are_counted_for_each_person(archive: Archive) -> None:
    for at in (BEGIN, BEGIN + HOUR, BEGIN + 40 * DAY):
        says(archive, thread(archive), at=at)
        commits(archive, at=at)
    says(archive, thread(archive), person_id=GRACE, at=BEGIN + DAY)
    found = told(archive, ADA, GRACE, LINUS)
    ada = found[PersonId(ADA)]
    assert ada.months == {month_of(BEGIN): 1, month_of(BEGIN + 40 * DAY): 1}
    assert ada.doings == {Doing.COMMENT: ada.months, Doing.COMMIT: ada.months}
    assert (ada.first, ada.last) == (BEGIN, BEGIN + 40 * DAY)
    assert found[PersonId(GRACE)].last == BEGIN + DAY
    assert told(archive) == {}


def test_signs_are_told_apart_and_the_newest_counts(archive: Archive) -> None:
    for sign, at in ((Sign.MEETING, BEGIN), (Sign.MEETING, BEGIN + DAY), (Sign.VOUCH, BEGIN + DAY)):
        signs(archive, sign, at)
    found = told(archive, ADA)[PersonId(ADA)]
    assert found.signs == {Sign.MEETING: BEGIN + DAY, Sign.VOUCH: BEGIN + DAY}
    assert sum(found.months.values()) == 2


def test_what_is_long_over_tells_only_when_it_was(archive: Archive) -> None:
    says(archive, thread(archive), at=BEGIN)
    commits(archive, person_id=ADA, at=BEGIN + DAY)
    found = told(archive, ADA, now=BEGIN + 2000 * DAY)[PersonId(ADA)]
    assert (found.first, found.last, found.months) == (None, BEGIN + DAY, {})


@pytest.mark.parametrize(
    ("rows_", "since"),
    [
        pytest.param([BEGIN + DAY], BEGIN + DAY, id="joined"),
        pytest.param([BEGIN + 2 * DAY, BEGIN + DAY], BEGIN + DAY, id="two files: the first"),
        pytest.param([None, BEGIN], None, id="always in one of them"),
        pytest.param([], None, id="in none"),
    ],
)
def test_since_when_they_are_on_the_team(
    archive: Archive, rows_: list[datetime | None], since: datetime | None
) -> None:
    for number, at in enumerate(rows_):
        archive.put(
            schema.members, owner_id=OWNER, repo_id=REPO, path=f"team{number}", login="ada", person_id=ADA, repos=[],
            given_name="", groups=[], inactive=False, last_check_in="", since=at, gone=False, as_of=BEGIN,
        )  # fmt: skip
    assert told(archive, ADA)[PersonId(ADA)].since == since


def test_before_the_past_is_read_nothing_is_known_of_it(store: Store) -> None:
    archive = Archive(store, past_read=False)
    assert told(archive, ADA)[PersonId(ADA)].known_from == BEGIN
    archive.set(schema.owners, past_read_at=BEGIN)
    assert told(archive, ADA)[PersonId(ADA)].known_from is None


def asks(archive: Archive, state: State, because: Because = Because.SILENCE) -> None:
    archive.store.write_now(lambda db: checkins.begin(db, OwnerId(OWNER), PersonId(ADA), because, state, BEGIN))


def orders(archive: Archive, kind: type[Wish], **more: Any) -> None:
    where = ThreadRef(RepoId(REPO), 1)
    order = kind(rule="answers", key="k", why="", thread=where, person=PERSON, as_of=BEGIN + DAY, **more)
    obeys: dict[type[Wish], Callable[..., None]] = {
        AnswerCheckIn: checkins.answer, SetCare: care.set_, GoAway: preferences.away, StepDown: leaves.step_down,
    }  # fmt: skip
    archive.store.write_now(lambda db: obeys[kind](db, OwnerId(OWNER), order))


def answers(archive: Archive) -> None:
    orders(archive, AnswerCheckIn, said=Said.HERE, again_at=NOW + DAY)


def comes_back(archive: Archive) -> None:
    orders(archive, StepDown, whom=PERSON)
    archive.set(schema.leaves, back_at=BEGIN + 2 * DAY)


def opts_out(archive: Archive) -> None:
    archive.put(schema.optouts, owner_id=OWNER, person_id=ADA, opted_out=True, as_of=BEGIN)


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        pytest.param([], Asked(), id="nothing"),
        pytest.param([lambda a: asks(a, State.ASKED)], Asked(asked_at=BEGIN, is_open=True), id="asked"),
        pytest.param([lambda a: asks(a, State.HANDED)], Asked(asked_at=BEGIN, is_open=True), id="a human's"),
        pytest.param([lambda a: asks(a, State.DUE)], Asked(), id="only due"),
        pytest.param([lambda a: asks(a, State.ASKED), answers],
                     Asked(asked_at=BEGIN, answered_at=BEGIN + DAY, again_at=NOW + DAY), id="answered"),
        pytest.param([answers], Asked(answered_at=BEGIN + DAY, again_at=NOW + DAY), id="said so without being asked"),
        pytest.param([lambda a: asks(a, State.OVER)], Asked(asked_at=BEGIN, answered_at=BEGIN), id="was seen"),
        pytest.param([lambda a: orders(a, SetCare, asked=False)], Asked(never=True), id="does not want it"),
        pytest.param([lambda a: orders(a, GoAway, until=NOW + DAY)], Asked(away=True), id="away"),
        pytest.param([lambda a: orders(a, GoAway, until=NOW - DAY)], Asked(back_at=NOW - DAY), id="back again"),
        pytest.param([lambda a: orders(a, GoAway, until=None)], Asked(back_at=BEGIN + DAY), id="said so"),
        pytest.param([lambda a: orders(a, StepDown, whom=PERSON)], Asked(stepped_back=True), id="stepped back"),
        pytest.param([lambda a: orders(a, StepDown, whom=PERSON, repos=("maps",))], Asked(), id="from one repository"),
        pytest.param([lambda a: orders(a, StepDown, whom=PERSON, until=NOW - DAY)], Asked(answered_at=NOW - DAY),
                     id="stepped back until then"),
        pytest.param([comes_back], Asked(answered_at=BEGIN + 2 * DAY), id="came back"),
        pytest.param([opts_out], Asked(opted_out=True), id="no bot"),
    ],
)  # fmt: skip
def test_what_speaks_against_asking(
    archive: Archive, given: list[Callable[[Archive], object]], asked: Asked
) -> None:  # fmt: skip
    for each in given:
        each(archive)
    linus = Person(PersonId(LINUS), "linus")
    found = archive.store.read_now(
        lambda db: courtesy.asked_of(db, OwnerId(OWNER), [PERSON, linus], POLICY, NOW)
    )  # fmt: skip
    assert found == {PERSON.id: asked, linus.id: Asked(never=True)}
