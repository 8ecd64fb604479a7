"""Reminders that were chosen: where they are given, and what was said before."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

from bot.memory import export, forgetting, looks, nudges
from bot.memory.store import Store
from bot.model import GHOST, OwnerId, Person, PersonId, RepoId, ThreadRef
from bot.waiting import Because, Nudge, Reminder
from tests.memory.conftest import ADA, GRACE, OWNER, REPO
from tests.stage import BEGIN

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HERE, DIGEST = ThreadRef(RepoId(REPO), 5), ThreadRef(RepoId(REPO), 90)
ME = OwnerId(OWNER)
NUDGE = Nudge(
    ref=HERE, reminder=Reminder.NUDGE, person=PersonId(GRACE), because=Because.UNANSWERED, since=BEGIN - 20 * DAY,
    at=BEGIN,
)  # fmt: skip
SENTENCE = replace(NUDGE, reminder=Reminder.SENTENCE, person=PersonId(ADA))


def test_they_are_given_where_they_belong(store: Store) -> None:
    store.write_now(lambda db: nudges.write(db, ME, NUDGE, DIGEST))
    store.write_now(lambda db: nudges.write(db, ME, SENTENCE, HERE))
    now = BEGIN + HOUR
    assert store.read_now(lambda db: nudges.told_in(db, DIGEST, now)) == (NUDGE,)
    assert store.read_now(lambda db: nudges.told_in(db, HERE, now)) == ()
    assert store.read_now(lambda db: nudges.about(db, HERE, now)) == (SENTENCE,)
    due = store.read_now(lambda db: looks.due(db, now, 9, ()))
    assert {look.subject for look in due} == {HERE.subject, DIGEST.subject}


def test_what_could_not_be_said_in_time_is_not_said_late(store: Store) -> None:
    store.write_now(lambda db: nudges.write(db, ME, NUDGE, DIGEST))
    store.write_now(lambda db: nudges.write(db, ME, SENTENCE, HERE))
    late = BEGIN + nudges.FRESH
    assert store.read_now(lambda db: nudges.told_in(db, DIGEST, late)) == ()
    assert store.read_now(lambda db: nudges.about(db, HERE, late)) == ()


def test_all_that_were_ever_chosen_count(store: Store) -> None:
    again = replace(NUDGE, at=BEGIN + 14 * DAY)
    nowhere = replace(NUDGE, at=BEGIN + DAY)
    for nudge, place in ((again, DIGEST), (NUDGE, DIGEST), (nowhere, nudges.NOWHERE)):
        store.write_now(partial(nudges.write, owner_id=ME, nudge=nudge, place=place))
    assert store.read_now(lambda db: nudges.of_owner(db, ME, shadow=False)) == {HERE: (NUDGE, again)}
    assert store.read_now(lambda db: nudges.of_owner(db, ME, shadow=True)) == {HERE: (NUDGE, nowhere, again)}
    assert store.read_now(lambda db: nudges.of_owner(db, OwnerId(2), shadow=True)) == {}
    assert store.read_now(lambda db: nudges.chosen_since(db, ME, BEGIN)) == 2
    assert store.read_now(lambda db: nudges.chosen_since(db, OwnerId(2), BEGIN)) == 0


def test_there_is_one_first_sweep(store: Store) -> None:
    assert not store.read_now(lambda db: nudges.begun(db, ME))
    store.write_now(lambda db: nudges.begin(db, ME, BEGIN))
    assert store.read_now(lambda db: nudges.begun(db, ME))
    assert not store.read_now(lambda db: nudges.begun(db, OwnerId(2)))


def test_whoever_asked_to_be_forgotten_is_not_reminded(store: Store) -> None:
    store.write_now(lambda db: forgetting.forget(db, Person(PersonId(GRACE), "grace"), BEGIN))
    store.write_now(lambda db: nudges.write(db, ME, NUDGE, DIGEST))
    assert store.read_now(lambda db: nudges.of_owner(db, ME, shadow=True)) == {}


def test_that_a_thread_was_told_of_counts_when_whoever_was_told_is_forgotten(store: Store) -> None:
    sentence = replace(SENTENCE, person=PersonId(GRACE))
    store.write_now(lambda db: nudges.write(db, ME, NUDGE, DIGEST))
    store.write_now(lambda db: nudges.write(db, ME, sentence, HERE))
    store.write_now(lambda db: forgetting.forget(db, Person(PersonId(GRACE), "grace"), BEGIN))
    assert store.read_now(lambda db: nudges.of_owner(db, ME, shadow=False)) == {
        HERE: (replace(NUDGE, person=GHOST.id), replace(sentence, person=GHOST.id))
    }
    assert store.read_now(lambda db: nudges.chosen_since(db, ME, BEGIN - DAY)) == 2
    assert store.read_now(lambda db: nudges.told_in(db, DIGEST, BEGIN + HOUR)) == ()
    assert store.read_now(lambda db: nudges.about(db, HERE, BEGIN + HOUR)) == ()
    assert store.read_now(lambda db: export.export(db, Person(PersonId(GRACE), "grace"))).rows == {}
