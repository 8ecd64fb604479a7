"""What memory tells of thanks: who can be thanked, whose tenth merge it is, whose story there is, what to celebrate."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

import pytest

from bot import policyfile
from bot.effects import GiveThanks
from bot.gratitude import Deeds, Work
from bot.memory import backlog, celebrated, evidence, orders, recall, rows, schema, story, thanking, threads
from bot.memory.celebrated import Celebrated, years_between
from bot.memory.store import Store
from bot.model import Doing, InstallationId, OwnerId, Person, PersonId, RepoId, ThreadRef
from bot.team import Evidence, Sign
from tests.memory.conftest import ADA, ANOTHER_REPO, BOT, GRACE, LINUS, OWNER, REPO, Archive
from tests.stage import BEGIN

DAY: Final = timedelta(days=1)
SINCE: Final = datetime(2026, 12, 7, 6, tzinfo=UTC)
UNTIL: Final = datetime(2027, 1, 4, 6, tzinfo=UTC)
POLICY: Final = policyfile.defaults()
PRIVATE: Final = 77
ORG: Final = OwnerId(OWNER)


@pytest.fixture
def archive(store: Store) -> Archive:
    return Archive(store).repo(PRIVATE, "secret", private=True)


def leave(archive: Archive, who: int, **more: object) -> None:
    told: dict[str, object] = {
        "repos": [], "until": None, "for_good": False, "by_id": who, "repo_id": PRIVATE, "number": 1, "standing": [],
    }  # fmt: skip
    archive.put(schema.leaves, owner_id=OWNER, person_id=who, at=BEGIN, **told | more)


def mentored(archive: Archive, number: int, who: int, at: datetime, *, repo: int = REPO, state: str = "done") -> None:
    key = {"repo_id": repo, "number": number, "began_at": BEGIN}
    archive.put(
        schema.mentorings, **key, owner_id=OWNER, mentee_id=ADA, asked_by_id=ADA, because="asked", state=state,
        state_at=at, checks=[],
    )  # fmt: skip
    archive.put(
        schema.mentor_asks, **key, person_id=who, chosen_at=BEGIN, owner_id=OWNER, part="guide", said="accepted",
        reasons=[], beside_reasons=[],
    )  # fmt: skip


def thanks(archive: Archive, whom: int, at: datetime, *, by: int = ADA, repo: int = REPO, work: str = "calls") -> None:
    one = Evidence(
        person=PersonId(whom), sign=Sign.THANKS, at=at, by=PersonId(by), about=work,
        place=ThreadRef(RepoId(repo), 5), url="https://x",
    )  # fmt: skip
    archive.store.write_now(lambda db: evidence.keep(db, ORG, one))


def told(archive: Archive, *, seen_from: int | None = None, chosen: Any = POLICY) -> Celebrated:
    place = None if seen_from is None else RepoId(seen_from)

    def read(db: Any) -> Celebrated:
        places = backlog.places(db, ORG, place)
        return celebrated.celebrated(db, ORG, chosen, places, (SINCE, UNTIL), seen_from=place)

    return archive.store.read_now(read)


def test_who_can_be_thanked(archive: Archive) -> None:
    archive.put(schema.optouts, owner_id=OWNER, person_id=LINUS, opted_out=True, as_of=BEGIN)
    names = {"ada", "linus", "goat[bot]", "nobody", "alpine-tools"}
    found = archive.store.read_now(lambda db: thanking.able(db, ORG, names))
    assert found == {"ada": Person(PersonId(ADA), "ada")}
    assert archive.store.read_now(lambda db: thanking.able(db, ORG, ())) == {}


def test_more_than_five_a_day_are_not_taken_down(archive: Archive) -> None:
    where = archive.store.read_now(lambda db: recall.repo(db, RepoId(REPO)))
    assert where is not None
    for number in range(7):
        order = GiveThanks(
            rule="answers", key=f"thank/{number}", why="", thread=ThreadRef(RepoId(REPO), 5), as_of=BEGIN,
            person=Person(PersonId(ADA), "ada"), whom=Person(PersonId(500 + number), f"p{number}"), work=Work.DOCS,
            url="",
        )  # fmt: skip
        obey = partial(orders.obey, order=order, where=where, installation_id=InstallationId(1), now=BEGIN)
        assert archive.store.write_now(obey) is (number < 5)
    assert archive.store.read_now(lambda db: thanking.given(db, PersonId(ADA), BEGIN + 2 * DAY)) == 0


@pytest.mark.parametrize(
    ("number", "past_read", "expected"),
    [
        pytest.param(9, True, 3, id="counted-over-repositories"), pytest.param(7, True, 1, id="the-first"),
        pytest.param(9, False, None, id="the-past-is-not-known"),
    ],
)  # fmt: skip
def test_the_how_manieth_merge(store: Store, number: int, past_read: bool, expected: int | None) -> None:
    archive = Archive(store, past_read=past_read).repo(PRIVATE, "secret", private=True)
    for pull, repo, at in ((7, REPO, 1), (8, ANOTHER_REPO, 2), (9, REPO, 3), (10, REPO, 4), (4, PRIVATE, 1)):
        archive.thread(pull, kind="pull_request", repo=repo, merged_at=BEGIN + at * DAY, is_open=False)
    archive.thread(11, kind="pull_request")

    def read(db: Any) -> int | None:
        where, row = recall.repo(db, RepoId(REPO)), {"repo_id": REPO, "number": number}
        known = rows.get(db, schema.threads, **row)
        assert where is not None
        assert known is not None
        return thanking.merges(db, threads.thread(db, ThreadRef(where.id, number), known, where))

    assert archive.store.read_now(read) == expected  # the private one does not count


def test_a_story_is_made_of_what_was_public(archive: Archive) -> None:
    old = BEGIN - 900 * DAY
    archive.thread(5, by=GRACE, at=old)
    archive.thread(6, by=GRACE, at=old + DAY, repo=ANOTHER_REPO)
    for number, who in enumerate((ADA, LINUS, ADA, BOT)):
        archive.answer(6, by=who, at=old + (2 + number) * DAY, repo=ANOTHER_REPO)
    archive.thread(1, by=GRACE, at=old - DAY, repo=PRIVATE)
    archive.thread(7, by=LINUS, at=old)  # their first; a bot was quicker than grace
    archive.answer(7, by=BOT, at=old).answer(7, by=GRACE, at=old + DAY)
    archive.thread(8, by=LINUS, at=old + DAY)
    archive.answer(8, by=GRACE, at=old + 2 * DAY)
    archive.thread(9, by=ADA, at=old)  # somebody else was first there
    archive.answer(9, by=LINUS, at=old + DAY).answer(9, by=GRACE, at=old + 2 * DAY)
    mentored(archive, 5, GRACE, BEGIN)
    mentored(archive, 1, GRACE, BEGIN, repo=PRIVATE)
    mentored(archive, 8, GRACE, BEGIN, state="running")
    thanks(archive, GRACE, BEGIN, work="docs")
    thanks(archive, GRACE, BEGIN + DAY, repo=PRIVATE, work="funding")
    found = archive.store.read_now(lambda db: story.deeds(db, ORG, PersonId(GRACE), POLICY))
    assert (found.since, found.repos, found.did) == (old, ("maps", "huts"), frozenset({Doing.COMMENT}))
    assert (found.works, found.welcomed, found.mentored) == (frozenset({Work.DOCS}), 1, 1)
    assert found.first is not None
    assert found.discussed is not None
    assert (found.first.name, found.discussed.name) == ("alpine-tools/maps#5", "alpine-tools/huts#6")
    assert found.discussed.url == "https://github.com/huts/issues/6"


def test_there_is_no_story_of_somebody_who_is_only_known_by_name(archive: Archive) -> None:
    assert archive.store.read_now(lambda db: story.deeds(db, ORG, PersonId(LINUS), POLICY)) == Deeds()
    archive.answer(5, by=LINUS, at=BEGIN)
    found = archive.store.read_now(lambda db: story.deeds(db, ORG, PersonId(LINUS), POLICY))
    assert (found.did, found.first, found.discussed) == (frozenset({Doing.COMMENT}), None, None)


@pytest.mark.parametrize(
    ("first", "years"),
    [
        (SINCE.replace(year=2025), 1), (SINCE.replace(year=2024), 2), (SINCE.replace(year=2023), None),
        (UNTIL.replace(year=2022), None), (UNTIL.replace(year=2022) - DAY, 5), (SINCE.replace(year=2006), 20),
        (SINCE, None),
    ],
)  # fmt: skip
def test_which_years_are_celebrated(first: datetime, years: int | None) -> None:
    assert years_between(first, SINCE, UNTIL) == years


def test_a_leap_day_has_an_anniversary_each_year() -> None:
    leap, march = datetime(2028, 2, 29, tzinfo=UTC), datetime(2029, 3, 1, tzinfo=UTC)
    assert years_between(leap, march - DAY, march) == 1


@pytest.mark.parametrize(
    ("chosen", "more", "expected"),
    [
        pytest.param({}, {}, [("ada", 2)], id="who-is-there"),
        pytest.param({"anniversaries": False}, {}, [], id="switched-off"),
        pytest.param({}, {"optout": ADA}, [], id="asked-to-be-left-alone"),
        pytest.param({}, {"leave": {}}, [], id="stepped-back"),
        pytest.param({}, {"leave": {"story": "shared"}}, [("ada", 2)], id="stepped-back-and-shares-it"),
        pytest.param({}, {"leave": {"back_at": BEGIN}}, [("ada", 2)], id="back"),
        pytest.param({}, {"leave": {"repos": ["maps"]}}, [("ada", 2)], id="stepped-back-from-some"),
        pytest.param({}, {"leave": {"until": UNTIL}}, [("ada", 2)], id="until-then"),
        pytest.param({}, {"leave": {"until": UNTIL + DAY}}, [], id="until-later"),
        pytest.param({}, {"past": None}, [], id="the-past-is-not-known"),
    ],
)
def test_years_are_told_of_people_who_are_there(
    archive: Archive, chosen: dict[str, Any], more: dict[str, Any], expected: list[tuple[str, int]]
) -> None:
    begun = SINCE.replace(year=2024)
    for number, who in enumerate((ADA, LINUS, BOT), 5):
        archive.thread(number, by=who, at=begun)
        archive.answer(number, by=who, at=begun + 9 * DAY)
    archive.answer(5, by=ADA, at=UNTIL - 80 * DAY)
    archive.answer(7, by=BOT, at=UNTIL - 80 * DAY)
    archive.answer(6, by=LINUS, at=UNTIL - 91 * DAY).answer(6, by=LINUS, at=UNTIL)  # nobody sees that they were away
    if "optout" in more:
        archive.put(schema.optouts, owner_id=OWNER, person_id=more["optout"], opted_out=True, as_of=BEGIN)
    if "leave" in more:
        leave(archive, ADA, **more["leave"])
    if "past" in more:
        archive.set(schema.owners, past_read_at=None)
    policy = POLICY.model_copy(update={"thanks": POLICY.thanks.model_copy(update=chosen)})
    assert [(who.login, years) for who, years in told(archive, chosen=policy).years] == expected


def test_the_first_mentoring_to_the_end(archive: Archive) -> None:
    mentored(archive, 5, GRACE, SINCE)
    mentored(archive, 6, LINUS, SINCE - DAY)
    mentored(archive, 7, LINUS, SINCE + DAY)
    mentored(archive, 8, ADA, SINCE + DAY, state="running")
    assert [who.login for who in told(archive).mentored] == ["grace"]


def test_thanks_are_told_where_they_may_be_read(archive: Archive) -> None:
    thanks(archive, GRACE, SINCE)
    thanks(archive, GRACE, SINCE + DAY)  # the same again
    thanks(archive, GRACE, SINCE + DAY, work="docs", by=LINUS)
    thanks(archive, LINUS, SINCE - DAY)
    thanks(archive, LINUS, UNTIL)
    thanks(archive, LINUS, SINCE, repo=PRIVATE)
    pairs = [("ada", "grace", Work.CALLS), ("linus", "grace", Work.DOCS)]
    assert [(one.by.login, one.whom.login, one.work) for one in told(archive).thanked] == pairs
    assert len(told(archive, seen_from=PRIVATE).thanked) == 3
    archive.put(schema.optouts, owner_id=OWNER, person_id=GRACE, opted_out=True, as_of=BEGIN)
    assert told(archive).thanked == ()


@pytest.mark.parametrize(
    ("more", "names"),
    [
        pytest.param({"story": "shared", "story_at": SINCE, "story_where": "digest"}, ["ada"], id="shared"),
        pytest.param({"story": "shared", "story_at": UNTIL, "story_where": "digest"}, [], id="for-the-next"),
        pytest.param({"story": "shared", "story_at": SINCE, "story_where": "issue"}, [], id="elsewhere"),
        pytest.param({"story": "drafted", "story_at": SINCE}, [], id="nothing-said"),
        pytest.param({"story": "kept", "story_at": SINCE}, [], id="private"),
    ],
)
def test_a_story_is_told_by_wish_alone(archive: Archive, more: dict[str, Any], names: list[str]) -> None:
    archive.thread(5, by=ADA, at=BEGIN)
    leave(archive, ADA, **more)
    leave(archive, LINUS, story="shared", story_at=SINCE, story_where="digest")  # of whom nothing is known
    assert [who.login for who, _ in told(archive).stories] == names
