"""What memory tells of what people did together in a time."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from bot import policyfile
from bot.memory import backlog, community, schema
from bot.memory.community import Happened, Help, steps_of
from bot.memory.store import Store
from bot.model import OwnerId, PersonId, RepoId
from bot.policy import Policy
from tests.memory.conftest import ADA, ANOTHER_REPO, BOT, GRACE, GREETER, LINUS, OWNER, REPO, Archive
from tests.stage import BEGIN

DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)
SINCE: Final = datetime(2026, 12, 7, 6, tzinfo=UTC)
UNTIL: Final = datetime(2027, 1, 4, 6, tzinfo=UTC)
EARLIER: Final = SINCE - 20 * DAY
MONTHS: Final = [datetime(2026, month, 1, tzinfo=UTC) for month in range(7, 13)] + [datetime(2027, 1, 1, tzinfo=UTC)]
ROBOTS: Final = policyfile.defaults().model_copy(
    update={"people": policyfile.defaults().people.model_copy(update={"bots": ("welcome-robot",)})}
)


@pytest.fixture
def archive(store: Store) -> Archive:
    return Archive(store)


def told(archive: Archive, chosen: Policy = ROBOTS, *, seen_from: int | None = None) -> Happened:
    place = None if seen_from is None else RepoId(seen_from)

    def read(db: Any) -> Happened:
        places = backlog.places(db, OwnerId(OWNER), place)
        policies = dict.fromkeys(places, chosen)
        return community.happened(
            db, OwnerId(OWNER), policies, places, (SINCE, UNTIL), months=MONTHS, seen_from=place
        )  # fmt: skip

    return archive.store.read_now(read)


def came(found: Happened) -> list[tuple[str, str]]:
    return [(who.login, place.name) for who, place in found.came]


def celebrated(found: Happened) -> list[tuple[str, int, int]]:
    return [(one.person.login, one.number, one.place.ref.number) for one in found.milestones]


def helped(found: Happened) -> dict[str, list[str]]:
    return {help_.value: [who.login for who in people] for help_, people in found.helped.items()}


def merged(archive: Archive, number: int, *, by: int = ADA, at: datetime = SINCE, **more: Any) -> None:
    archive.thread(number, by=by, at=at - HOUR, kind="pull_request", is_open=False, merged_at=at, **more)


def test_who_came_is_told_with_their_first_thread(archive: Archive) -> None:
    archive.thread(5, by=ADA, at=SINCE)
    archive.thread(6, by=ADA, at=SINCE + DAY)
    archive.thread(7, by=LINUS, at=UNTIL - timedelta(seconds=1), kind="discussion", repo=ANOTHER_REPO)
    assert came(told(archive)) == [("ada", "alpine-tools/maps#5"), ("linus", "alpine-tools/huts#7")]


@pytest.mark.parametrize(
    ("who", "at", "first"),
    [
        pytest.param(ADA, SINCE - timedelta(seconds=1), None, id="before"),
        pytest.param(ADA, UNTIL, None, id="after"),
        pytest.param(ADA, SINCE, EARLIER, id="again"),
        pytest.param(GRACE, SINCE, None, id="of-the-team"),
        pytest.param(BOT, SINCE, None, id="a-bot"),
        pytest.param(GREETER, SINCE, None, id="a-bot-by-the-configuration"),
    ],
)
def test_the_others_did_not_come_new(archive: Archive, who: int, at: datetime, first: datetime | None) -> None:
    archive.thread(5, by=who, at=at)
    if first is not None:
        archive.thread(4, by=who, at=first, repo=ANOTHER_REPO)
    assert came(told(archive)) == []


def test_of_a_private_repository_is_told_in_itself_alone(archive: Archive) -> None:
    archive.repo(13, "hidden", private=True)
    archive.thread(5, by=ADA, at=SINCE, repo=13)
    archive.thread(6, by=ADA, at=SINCE + DAY)
    merged(archive, 7, by=LINUS, repo=13)
    assert came(told(archive)) == [("ada", "alpine-tools/maps#6")]
    assert came(told(archive, seen_from=13)) == [("ada", "alpine-tools/hidden#5")]
    assert (told(archive).merged, told(archive, seen_from=13).merged) == (0, 1)


def test_who_came_to_an_archived_repository_first_is_not_new_in_another(archive: Archive) -> None:
    archive.repo(13, "old", archived=True)
    archive.thread(5, by=ADA, at=EARLIER, repo=13)
    archive.thread(6, by=ADA, at=SINCE)
    assert came(told(archive)) == []


def test_merges_are_counted_and_milestones_found(archive: Archive) -> None:
    merged(archive, 5)
    merged(archive, 6, at=SINCE + DAY)
    for number in range(10, 19):
        merged(archive, number, by=GRACE, at=EARLIER)
    merged(archive, 20, by=GRACE)
    merged(archive, 21, by=BOT)
    merged(archive, 22, by=LINUS, at=EARLIER)
    found = told(archive)
    assert (found.merged, found.merged_by) == (3, 2)
    assert celebrated(found) == [("ada", 1, 5), ("grace", 10, 20)]


@pytest.mark.parametrize(
    ("before", "after", "steps"),
    [(0, 0, []), (0, 1, [1]), (0, 12, [1, 10]), (9, 10, [10]), (10, 49, []), (48, 51, [50]), (99, 205, [100, 200])],
)
def test_what_is_a_milestone(before: int, after: int, steps: list[int]) -> None:
    assert list(steps_of(before, after)) == steps


def review(archive: Archive, number: int, *, by: int, at: datetime, kind: str = "review") -> None:
    archive.put(
        schema.activity, kind=kind, source_id=1000 * number + by, repo_id=REPO, number=number, person_id=by, at=at,
        gone=False,
    )  # fmt: skip


def test_a_first_review_is_a_milestone(archive: Archive) -> None:
    archive.thread(5, by=ADA, at=EARLIER, kind="pull_request")
    archive.thread(6, by=LINUS, at=EARLIER, kind="pull_request")
    review(archive, 5, by=LINUS, at=SINCE)
    review(archive, 5, by=LINUS, at=SINCE + DAY, kind="review_comment")
    review(archive, 6, by=LINUS, at=EARLIER)  # of their own
    review(archive, 6, by=GRACE, at=EARLIER)
    review(archive, 5, by=GRACE, at=SINCE)
    review(archive, 5, by=ADA, at=SINCE)
    found = told(archive)
    assert celebrated(found) == [("linus", 0, 5)]
    assert helped(found) == {"reviews": ["grace", "linus"]}


def step(archive: Archive, number: int, step: str, *, by: int, at: datetime = SINCE) -> None:
    archive.put(schema.happenings, repo_id=REPO, number=number, at=at, step=step, about="", person_id=by)


def test_whom_there_is_to_thank(archive: Archive) -> None:
    archive.thread(5, by=ADA, at=EARLIER)
    archive.thread(6, by=LINUS, at=EARLIER, kind="discussion")
    merged(archive, 7, by=ADA)
    archive.answer(5, by=LINUS, at=SINCE).answer(5, by=ADA, at=SINCE).answer(5, by=BOT, at=SINCE)
    archive.answer(5, by=GREETER, at=SINCE).answer(6, by=ADA, at=SINCE).answer(6, by=GRACE, at=EARLIER)
    archive.answer(6, by=GRACE, at=SINCE, gone=True)
    step(archive, 7, "merged", by=LINUS)
    step(archive, 5, "labeled", by=GRACE)
    step(archive, 5, "closed", by=ADA)  # their own
    step(archive, 5, "closed", by=BOT)
    step(archive, 6, "labeled", by=LINUS, at=EARLIER)
    step(archive, 7, "pushed", by=GRACE)
    step(archive, 5, "closed", by=GREETER)
    assert helped(told(archive)) == {"reviews": ["linus"], "answers": ["linus"], "talks": ["ada"], "triage": ["grace"]}
    assert set(told(archive).helped) == set(Help)


def test_who_asked_for_it_is_not_named(archive: Archive) -> None:
    for who in (ADA, LINUS):
        archive.thread(who, by=who, at=SINCE)
    archive.put(schema.optouts, owner_id=OWNER, person_id=ADA, opted_out=True, as_of=BEGIN)
    archive.put(schema.optouts, owner_id=OWNER, person_id=LINUS, opted_out=False, as_of=BEGIN)
    assert told(archive).unnamed == {ADA}
    quiet = ROBOTS.model_copy(update={"people": ROBOTS.people.model_copy(update={"leave_alone": ("Linus",)})})
    assert told(archive, quiet).unnamed == {ADA, PersonId(LINUS)}
    assert len(told(archive).came) == 2


def test_the_months_before_are_counted(archive: Archive) -> None:
    archive.thread(5, by=ADA, at=datetime(2026, 7, 1, tzinfo=UTC))
    archive.thread(6, by=LINUS, at=SINCE)
    merged(archive, 7, at=datetime(2026, 9, 30, 23, 59, tzinfo=UTC))
    merged(archive, 8, at=SINCE)
    merged(archive, 9, at=UNTIL - DAY)  # in January
    months = told(archive).months
    assert [f"{month.first:%m}" for month in months] == ["07", "08", "09", "10", "11", "12"]
    assert [month.came for month in months] == [1, 0, 0, 0, 0, 1]
    assert [month.merged for month in months] == [0, 0, 1, 0, 0, 1]


def test_where_the_past_is_not_read_a_search_has_to_tell(store: Store) -> None:
    archive = Archive(store, past_read=False)
    for who, has_past in ((ADA, False), (LINUS, True)):
        archive.thread(who, by=who, at=SINCE)
        merged(archive, 1000 + who, by=who, at=SINCE + DAY)
        archive.put(
            schema.acquaintances, owner_id=OWNER, person_id=who, has_past=has_past, merged_before=has_past,
            asked_at=BEGIN,
        )  # fmt: skip
    archive.thread(7, by=GREETER, at=SINCE, kind="pull_request")
    review(archive, 7, by=LINUS, at=SINCE)
    found = told(archive, policyfile.defaults())
    assert [login for login, _ in came(found)] == ["ada"]
    assert celebrated(found) == [("ada", 1, 1000 + ADA)]  # whether it was a first review nobody knows
    assert [f"{month.first:%m}" for month in found.months] == ["12"]


@pytest.mark.parametrize(
    ("past_read", "since", "knows"),
    [(True, BEGIN - DAY, True), (False, BEGIN, True), (False, BEGIN - DAY, False)],
)
def test_how_far_memory_goes_back(store: Store, past_read: bool, since: datetime, knows: bool) -> None:
    archive = Archive(store, past_read=past_read)
    assert archive.store.read_now(lambda db: community.knows(db, OwnerId(OWNER), since)) is knows
    assert not archive.store.read_now(lambda db: community.knows(db, OwnerId(99), since))
