"""A key is claimed by one, once; a claim that nobody settled stands until somebody finds out what became of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.effects import Act, React, Say, whom
from bot.memory import ledger, looks
from bot.memory.ledger import Claim, Entry, Unsettled
from bot.memory.store import Store
from bot.model import InstallationId, OwnerId, Person, PersonId, Repo, RepoId, Request, ThreadRef
from tests.memory.conftest import ADA as ADA_ID
from tests.memory.conftest import ANOTHER_REPO, Archive
from tests.memory.conftest import LINUS as LINUS_ID
from tests.stage import BEGIN

HERE, ELSEWHERE = ThreadRef(RepoId(11), 5), ThreadRef(RepoId(11), 6)
MAPS = Repo(RepoId(11), OwnerId(1), "alpine-tools", "maps")
ADA, LINUS = Person(PersonId(101), "ada"), Person(PersonId(102), "linus")
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
OURS, OTHERS = InstallationId(1), InstallationId(2)

WELCOME = Say(rule="welcome", key="welcome/issue/1/101", why="first issue of ada", thread=HERE, template="t",
              language="en", to=ADA)  # fmt: skip
THUMB = React(rule="stop", key="stop/issue/7", why="ada asked", thread=HERE, content="+1",
              request=Request("no-bot", "", ADA, BEGIN, "issue", 7, "N7"))  # fmt: skip


def claim(
    store: Store, act: Act = WELCOME, at: datetime = BEGIN, installation: InstallationId = OURS
) -> tuple[Claim, datetime]:
    who = whom(act).id
    return store.write_now(lambda db: ledger.claim(db, act, who, MAPS, installation, at))


def _done(db: Connection) -> None:
    ledger.done(db, WELCOME.key, BEGIN + SECOND, 9, "https://github.com/9")


def _dropped(db: Connection) -> None:
    ledger.dropped(db, WELCOME.key, BEGIN + SECOND, "it is deleted")


def _released(db: Connection) -> None:
    ledger.release(db, WELCOME.key, BEGIN, BEGIN + SECOND)


def _nothing(db: Connection) -> None:
    pass


@dataclass(frozen=True)
class Case:
    """What became of a claim that was made at BEGIN, who asks then and when, and what they are told."""

    id: str
    then: Callable[[Connection], None]
    after: timedelta
    told: Claim
    since: timedelta = timedelta()  # when the claim that stands was made, after BEGIN
    thread: ThreadRef = HERE


CASES = [
    Case("at once", _nothing, timedelta(), Claim.UNSURE),
    Case("much later", _nothing, HOUR, Claim.UNSURE),
    Case("from another thread", _nothing, timedelta(), Claim.TAKEN, thread=ELSEWHERE),
    Case("from another thread, much later", _nothing, HOUR, Claim.TAKEN, thread=ELSEWHERE),
    Case("done", _done, HOUR, Claim.TAKEN),
    Case("done, from another thread", _done, HOUR, Claim.TAKEN, thread=ELSEWHERE),
    Case("dropped", _dropped, HOUR, Claim.TAKEN),
    Case("released", _released, SECOND, Claim.OURS, since=SECOND),
    Case("released, from another thread", _released, SECOND, Claim.OURS, since=SECOND, thread=ELSEWHERE),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_key_is_had_by_one(store: Store, case: Case) -> None:
    assert claim(store) == (Claim.OURS, BEGIN)
    store.write_now(case.then)
    told = claim(store, replace(WELCOME, thread=case.thread), BEGIN + case.after)
    assert told == (case.told, BEGIN + case.since)


def test_what_nobody_settled_is_told_for_its_thread_until_somebody_does(store: Store) -> None:
    def unsettled(ref: ThreadRef = HERE) -> list[str]:
        return [claim.key for claim in store.read_now(lambda db: ledger.unsettled(db, ref))]

    claim(store, at=BEGIN + SECOND)
    claim(store, THUMB)
    claim(store, replace(WELCOME, key="elsewhere", thread=ELSEWHERE))
    assert unsettled() == [THUMB.key, WELCOME.key]
    assert store.read_now(lambda db: ledger.unsettled(db, HERE)) == [
        Unsettled(THUMB.key, "stop", "react", BEGIN),
        Unsettled(WELCOME.key, "welcome", "say", BEGIN + SECOND),
    ]
    store.write_now(_done)
    store.write_now(lambda db: ledger.dropped(db, THUMB.key, BEGIN, "it is deleted"))
    assert unsettled() == []
    store.write_now(lambda db: ledger.release(db, "elsewhere", BEGIN, BEGIN))
    assert unsettled(ELSEWHERE) == []


def released(store: Store, ref: ThreadRef) -> set[str]:
    """What is looked at again when what was claimed for this thread did not happen."""
    claim(store, act := replace(WELCOME, to=Person(PersonId(ADA_ID), "ada"), thread=ref))
    store.write_now(lambda db: ledger.release(db, act.key, BEGIN, BEGIN + SECOND))
    assert store.read_now(lambda db: looks.due(db, BEGIN, 9, ())) == []
    return {look.subject for look in store.read_now(lambda db: looks.due(db, BEGIN + SECOND, 9, ()))}


def test_when_a_claim_is_released_the_persons_earlier_threads_are_looked_at_again(store: Store) -> None:
    archive = Archive(store)
    archive.repo(9, "far", owner=2)
    earlier = {archive.thread(2, at=BEGIN - HOUR), archive.thread(1, at=BEGIN - HOUR, repo=ANOTHER_REPO)}
    archive.thread(3, by=LINUS_ID, at=BEGIN - HOUR)
    archive.thread(4, at=BEGIN - HOUR, repo=9)
    archive.thread(5, at=BEGIN - HOUR, gone=True)
    archive.thread(6, at=BEGIN + HOUR)
    archive.thread(8, at=BEGIN)
    assert released(store, archive.thread(7, at=BEGIN)) == {ref.subject for ref in earlier}


def test_when_the_claim_for_a_merge_is_released_it_is_the_earlier_merges(store: Store) -> None:
    archive = Archive(store)
    merge: dict[str, Any] = {"kind": "pull_request", "is_open": False}
    before = archive.thread(2, at=BEGIN - HOUR, merged_at=BEGIN, **merge)
    archive.thread(3, at=BEGIN - HOUR * 2, merged_at=BEGIN + HOUR * 2, **merge)
    archive.thread(4, at=BEGIN - HOUR * 3)
    this = archive.thread(5, at=BEGIN - HOUR * 4, merged_at=BEGIN + HOUR, **merge)
    assert released(store, this) == {before.subject}


def test_only_the_claim_that_was_made_is_released(store: Store) -> None:
    claim(store)
    store.write_now(lambda db: ledger.release(db, WELCOME.key, BEGIN - SECOND, BEGIN + HOUR))
    store.write_now(lambda db: ledger.release(db, "no such key", BEGIN, BEGIN))
    assert claim(store, at=BEGIN + HOUR)[0] is Claim.UNSURE


def test_what_is_claimed_for_a_thread_that_is_gone_is_dropped(store: Store) -> None:
    claim(store)
    claim(store, replace(WELCOME, key="elsewhere", thread=ELSEWHERE))
    store.write_now(lambda db: ledger.all_dropped(db, HERE, BEGIN + HOUR, "the thread is gone"))
    assert [entry.outcome for entry in store.read_now(lambda db: ledger.about(db, HERE))] == ["the thread is gone"]
    assert [entry.state for entry in store.read_now(lambda db: ledger.about(db, ELSEWHERE))] == ["claimed"]


@pytest.mark.parametrize("settle", [_done, _dropped], ids=["done", "dropped"])
def test_what_is_settled_is_not_released(store: Store, settle: Callable[[Connection], None]) -> None:
    claim(store)
    store.write_now(settle)
    before = store.read_now(lambda db: ledger.about(db, HERE))
    store.write_now(_released)
    assert store.read_now(lambda db: ledger.about(db, HERE)) == before
    assert claim(store, at=BEGIN + HOUR)[0] is Claim.TAKEN


def test_it_tells_what_happened_in_a_thread_and_why(store: Store) -> None:
    claim(store, at=BEGIN + SECOND)
    claim(store, THUMB, at=BEGIN)
    claim(store, replace(WELCOME, key="welcome/issue/1/102", thread=ELSEWHERE, to=LINUS))
    store.write_now(_done)
    store.write_now(lambda db: ledger.dropped(db, THUMB.key, BEGIN + HOUR, "it is deleted"))
    assert store.read_now(lambda db: ledger.about(db, HERE)) == [
        Entry(THUMB.key, "stop", "react", "dropped", "ada asked", BEGIN + HOUR, None, "it is deleted"),
        Entry(
            WELCOME.key, "welcome", "say", "done", "first issue of ada", BEGIN + SECOND, "https://github.com/9", None
        ),
    ]


def test_what_was_written_lately_is_counted_by_installation_and_rule(store: Store) -> None:
    def written(rule: str | None, since: datetime = BEGIN, installation: InstallationId = OURS) -> int:
        return store.read_now(lambda db: ledger.written_since(db, installation, since, rule))

    assert written(None) == 0
    for minute in range(4):
        claim(store, replace(WELCOME, key=f"welcome/{minute}"), BEGIN + timedelta(minutes=minute))
    claim(store, THUMB, BEGIN + HOUR)
    claim(store, replace(WELCOME, key="welcome/others"), BEGIN + HOUR, OTHERS)
    assert (written("welcome"), written("stop"), written("thanks"), written(None)) == (3, 1, 0, 4)
    assert written("welcome", BEGIN + timedelta(minutes=2)) == 1
    assert written(None, BEGIN, OTHERS) == 1
    store.write_now(lambda db: ledger.dropped(db, "welcome/3", BEGIN, "it is deleted"))
    store.write_now(lambda db: ledger.release(db, "welcome/2", BEGIN + timedelta(minutes=2), BEGIN))
    store.write_now(lambda db: ledger.done(db, "welcome/1", BEGIN + HOUR, 1, ""))
    assert written("welcome") == 1


def test_a_persons_mentions_are_counted_over_all_places(store: Store) -> None:
    def mentions(who: Person, since: datetime = BEGIN) -> int:
        return store.read_now(lambda db: ledger.mentions_of(db, [who.id], since)[who.id])

    assert mentions(ADA) == 0
    at = BEGIN + HOUR
    claim(store, at=at)
    claim(store, replace(WELCOME, key="elsewhere", thread=ELSEWHERE), at, OTHERS)
    claim(store, replace(WELCOME, key="without the @", mention=False), at)
    claim(store, replace(WELCOME, key="to another", to=LINUS), at)
    claim(store, replace(WELCOME, key="given up"), at)
    store.write_now(lambda db: ledger.dropped(db, "given up", at, "it is locked"))
    claim(store, THUMB, at)
    assert (mentions(ADA), mentions(LINUS)) == (2, 1)
    assert mentions(ADA, since=at) == 0


def test_what_was_said_without_its_mention_is_told_and_nobody_with_it(store: Store) -> None:
    archive = Archive(store)
    for number in (5, 6, 7):
        archive.thread(number, gone=number == 7)
    folded = replace(WELCOME, mention=False, folded=True)
    says = {
        "mentioned": WELCOME,
        "never meant to": replace(WELCOME, mention=False),
        "for its author": folded,
        "for another": replace(folded, thread=ELSEWHERE, to=LINUS, rule="need_help", template="need-help"),
        "in a thread that is gone": replace(folded, thread=ThreadRef(RepoId(11), 7)),
        "not posted": folded,
    }
    for number, (key, say) in enumerate(says.items()):
        claim(store, replace(say, key=key), BEGIN + number * HOUR)
        if key != "not posted":
            store.write_now(lambda db, key=key: ledger.done(db, key, BEGIN, 9, f"https://github.com/{key}"))  # type: ignore[misc]  # mypy cannot infer a lambda with a default
    for since, keys in ((BEGIN, ["for its author", "for another"]), (BEGIN + 2 * HOUR, ["for another"])):
        found = store.read_now(lambda db: ledger.folded_since(db, OwnerId(1), since))  # noqa: B023 (called at once)
        assert [one.url.removeprefix("https://github.com/") for one in found] == keys
    first, second = store.read_now(lambda db: ledger.folded_since(db, OwnerId(1), BEGIN))
    assert (first.thread, first.rule, first.template, first.at) == (HERE, "welcome", "t", BEGIN + 2 * HOUR)
    assert (first.to_author, second.to_author) == (True, False)
    assert store.read_now(lambda db: ledger.folded_since(db, OwnerId(2), BEGIN)) == []
