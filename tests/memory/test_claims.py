"""Who has taken an issue: whoever was first; and what is a sign that they are at it."""

from datetime import datetime, timedelta
from typing import Any, Final

import pytest

from bot.effects import EndClaim, TakeClaim, Work
from bot.looking import Asker, ThreadLook
from bot.memory import forgetting, orders, recall, schema
from bot.memory.store import Store
from bot.model import OwnerId, Person, PersonId, Repo, RepoId, ThreadRef
from bot.pathway import Ended
from tests.memory.conftest import ADA, ANOTHER_REPO, GRACE, LINUS, OWNER, REPO, Archive
from tests.memory.test_links import link, pull
from tests.stage import BEGIN
from tests.traces import traces

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW: Final = BEGIN + 30 * DAY
MAPS: Final = Repo(RepoId(REPO), OwnerId(OWNER), "alpine-tools", "maps")
HERE: Final = ThreadRef(MAPS.id, 5)
PEOPLE: Final = {id_: Person(PersonId(id_), name) for id_, name in ((ADA, "ada"), (LINUS, "linus"), (GRACE, "grace"))}


@pytest.fixture
def archive(store: Store) -> Archive:
    archive = Archive(store)
    archive.thread(5, by=GRACE)
    return archive


def obey(archive: Archive, order: type[TakeClaim | Work], who: int, at: datetime = BEGIN, key: str = "") -> bool:
    it = order(rule="answers", key=key or f"{order.kind}/{who}/{at}", why="", thread=HERE, person=PEOPLE[who], as_of=at)
    return archive.store.write_now(lambda db: orders.obey(db, it, MAPS, None, NOW))


def end(archive: Archive, who: int, at: datetime = BEGIN + DAY, ended: Ended = Ended.GIVEN_BACK) -> bool:
    it = EndClaim(rule="answers", key=f"end/{who}/{at}", why="", thread=HERE, person=PEOPLE[who], ended=ended, as_of=at)
    return archive.store.write_now(lambda db: orders.obey(db, it, MAPS, None, NOW))


def look(archive: Archive, ref: ThreadRef = HERE) -> ThreadLook:
    found = archive.store.read_now(lambda db: recall.thread_look(db, ref, NOW, bots=(), greeters=()))
    assert found is not None
    return found


def held(archive: Archive) -> list[tuple[str, bool]]:
    return [(claim.person.login, claim.is_open) for claim in look(archive).claims]


def test_whoever_is_first_has_it(archive: Archive) -> None:
    assert obey(archive, TakeClaim, ADA, BEGIN + HOUR)
    assert not obey(archive, TakeClaim, LINUS, BEGIN, key="linus")  # heard of later, though written before
    assert held(archive) == [("ada", True)]
    assert "linus" not in look(archive).said_here  # so it may be obeyed later


def test_an_order_is_obeyed_once(archive: Archive) -> None:
    assert obey(archive, TakeClaim, ADA, key="one")
    assert end(archive, ADA)
    assert not obey(archive, TakeClaim, ADA, key="one")
    assert held(archive) == [("ada", False)]


def test_who_gave_it_back_may_take_it_again_and_so_may_others(archive: Archive) -> None:
    obey(archive, TakeClaim, ADA)
    end(archive, ADA)
    assert obey(archive, TakeClaim, LINUS, BEGIN + 2 * DAY)
    assert not obey(archive, TakeClaim, ADA, BEGIN + 3 * DAY)
    assert held(archive) == [("ada", False), ("linus", True)]
    end(archive, LINUS, BEGIN + 4 * DAY, Ended.FREED)
    assert obey(archive, TakeClaim, ADA, BEGIN + 5 * DAY)
    [linus, ada] = look(archive).claims
    assert (linus.ended, linus.ended_at) == (Ended.FREED, BEGIN + 4 * DAY)
    assert (ada.at, ada.last_sign, ada.ended) == (BEGIN + 5 * DAY, BEGIN + 5 * DAY, None)


def test_what_is_over_does_not_end_twice(archive: Archive) -> None:
    obey(archive, TakeClaim, ADA)
    end(archive, ADA, BEGIN + DAY, Ended.DONE)
    end(archive, ADA, BEGIN + 2 * DAY, Ended.FREED)
    assert [claim.ended for claim in look(archive).claims] == [Ended.DONE]


def opened(archive: Archive, **more: Any) -> None:
    pull(archive, 12, at=BEGIN + 4 * DAY, **more)
    link(archive, 12, closes=False)


@pytest.mark.parametrize(
    ("given", "at"),
    [
        pytest.param(lambda a: None, 0, id="taking it"),
        pytest.param(lambda a: obey(a, Work, ADA, BEGIN + 3 * DAY), 3, id="/working"),
        pytest.param(lambda a: a.answer(5, by=ADA, at=BEGIN + 2 * DAY), 2, id="a comment"),
        pytest.param(lambda a: a.answer(5, by=ADA, at=BEGIN + 2 * DAY, gone=True), 0, id="a comment that is gone"),
        pytest.param(lambda a: a.answer(5, by=LINUS, at=BEGIN + 2 * DAY), 0, id="another's comment"),
        pytest.param(opened, 4, id="a pull request"),
        pytest.param(lambda a: opened(a, by=LINUS), 0, id="another's pull request"),
    ],
)
def test_what_is_a_sign(archive: Archive, given: Any, at: int) -> None:
    obey(archive, TakeClaim, ADA)
    given(archive)
    [claim] = look(archive).claims
    assert claim.last_sign == BEGIN + at * DAY


@pytest.mark.parametrize(
    ("more", "waits"),
    [
        pytest.param({}, True, id="open"),
        pytest.param({"draft": True}, False, id="a draft"),
        pytest.param({"is_open": False}, False, id="closed"),
        pytest.param({"by": LINUS}, False, id="another's"),
    ],
)
def test_a_pull_request_that_waits_for_the_team(archive: Archive, more: dict[str, Any], waits: bool) -> None:
    obey(archive, TakeClaim, ADA)
    opened(archive, **more)
    assert look(archive).claims[0].waits_for_team is waits
    archive.answer(12, by=GRACE, at=BEGIN + 6 * DAY)
    assert look(archive).claims[0].waits_for_team is False


@pytest.mark.parametrize("opted_out", [True, False])
def test_who_opted_out_keeps_it(archive: Archive, opted_out: bool) -> None:
    obey(archive, TakeClaim, ADA)
    archive.put(schema.optouts, owner_id=OWNER, person_id=ADA, opted_out=opted_out, as_of=BEGIN)
    [claim] = look(archive).claims
    assert (claim.is_open, claim.opted_out) == (True, opted_out)


def test_who_is_forgotten_has_nothing_any_more(archive: Archive) -> None:
    obey(archive, TakeClaim, ADA)
    opened(archive)
    archive.store.write_now(lambda db: forgetting.forget(db, PEOPLE[ADA], NOW))
    assert archive.store.read_now(lambda db: traces(db, ADA, "ada")) == []
    assert look(archive).claims == ()
    assert not obey(archive, TakeClaim, ADA, key="once more")
    assert obey(archive, TakeClaim, LINUS)


def asker(archive: Archive, name: str = "claim") -> Asker:
    archive.put(schema.requests, place="issue_comment", place_id=1, name=name, args="", repo_id=REPO, number=5,
                person_id=ADA, node_id="N", at=NOW - HOUR)  # fmt: skip
    return look(archive).askers[PEOPLE[ADA].id]


def merged(archive: Archive, *, repo: int = REPO, by: int = ADA) -> None:
    pull(archive, 20, repo=repo, by=by, is_open=False, merged_at=BEGIN)


def told(archive: Archive, *, merged: bool) -> None:
    archive.set(schema.owners, past_read_at=None)
    archive.put(schema.acquaintances, owner_id=OWNER, person_id=ADA, has_past=True, merged_before=merged, asked_at=NOW)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(lambda a: None, False, id="nothing"),
        pytest.param(merged, True, id="merged"),
        pytest.param(lambda a: merged(a, repo=ANOTHER_REPO), True, id="in another repository"),
        pytest.param(lambda a: merged(a, by=LINUS), False, id="another's"),
        pytest.param(lambda a: a.set(schema.owners, past_read_at=None), None, id="nobody knows"),
        pytest.param(lambda a: told(a, merged=True), True, id="a search told"),
        pytest.param(lambda a: told(a, merged=False), False, id="a search told of nothing"),
    ],
)
def test_whether_something_of_theirs_was_merged(archive: Archive, given: Any, expected: bool | None) -> None:
    given(archive)
    assert asker(archive).merged is expected


@pytest.mark.parametrize(
    ("thread", "claim", "count"),
    [
        pytest.param({}, {}, 1, id="another issue"),
        pytest.param({"repo": ANOTHER_REPO}, {}, 1, id="in another repository"),
        pytest.param({"is_open": False}, {}, 0, id="one that is closed"),
        pytest.param({"gone": True}, {}, 0, id="one that is gone"),
        pytest.param({}, {"ended_at": BEGIN, "ended": "freed"}, 0, id="it is over"),
        pytest.param({}, {"person_id": LINUS}, 0, id="another's"),
    ],
)
def test_how_many_others_they_have(archive: Archive, thread: dict[str, Any], claim: dict[str, Any], count: int) -> None:
    obey(archive, TakeClaim, ADA)  # this one does not count
    ref = archive.thread(6, **thread)
    row = {"repo_id": ref.repo_id, "number": 6, "person_id": ADA, "at": BEGIN, "worked_at": BEGIN} | claim
    archive.put(schema.claims, **row)
    assert asker(archive).other_claims == count


def test_what_is_private_is_told_nowhere_else(archive: Archive) -> None:
    archive.thread(6, repo=ANOTHER_REPO)
    archive.put(schema.claims, repo_id=ANOTHER_REPO, number=6, person_id=ADA, at=BEGIN, worked_at=BEGIN)
    archive.store.write_now(
        lambda db: db.execute(schema.repos.update().where(schema.repos.c.id == ANOTHER_REPO).values(private=True))
    )
    assert asker(archive).other_claims == 0


def test_who_asks_for_something_else_is_not_looked_into(archive: Archive) -> None:
    merged(archive)
    assert asker(archive, "working") == Asker()


def test_who_is_assigned_is_named_where_somebody_asks(archive: Archive) -> None:
    archive.set(schema.threads, assignees=[LINUS])
    assert look(archive).assigned == ()
    asker(archive)
    assert look(archive).assigned == (PEOPLE[LINUS],)
