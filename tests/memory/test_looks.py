"""Looks are coalesced, wait their time, give way to nobody while they back off, and can be raised from the dead."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection

from bot.memory import looks
from bot.memory.looks import DeadLetter, Due
from bot.memory.store import Store
from bot.model import Subject
from tests.stage import BEGIN

A, B, C = (Subject(f"thread/1/{number}") for number in (1, 2, 3))
MINUTE = timedelta(minutes=1)
LATER = BEGIN + MINUTE * 10


def touch(store: Store, *subjects: Subject, at: datetime = BEGIN) -> None:
    store.write_now(lambda db: looks.touch(db, subjects, at))


def due(store: Store, at: datetime = BEGIN, limit: int = 10, without: tuple[Subject, ...] = ()) -> list[Due]:
    return store.read_now(lambda db: looks.due(db, at, limit, without))


def taken(store: Store, at: datetime = BEGIN) -> Due:
    """The one look that is due."""
    [look] = due(store, at)
    return look


def next_due(store: Store, *without: Subject) -> datetime | None:
    return store.read_now(lambda db: looks.next_due(db, without))


def test_news_makes_a_subject_due_once_however_much_there_is(store: Store) -> None:
    touch(store, A, B, A)
    touch(store, A)
    assert [look.subject for look in due(store)] == [A, B]
    assert [look.attempts for look in due(store)] == [0, 0]


def test_the_longest_due_comes_first_and_what_is_under_way_is_left_out(store: Store) -> None:
    for minute, subject in enumerate((B, C, A)):
        touch(store, subject, at=BEGIN + MINUTE * minute)
    assert [look.subject for look in due(store, LATER)] == [B, C, A]
    assert [look.subject for look in due(store, BEGIN + MINUTE)] == [B, C]
    assert [look.subject for look in due(store, LATER, limit=2)] == [B, C]
    assert [look.subject for look in due(store, LATER, limit=1, without=(B, A))] == [C]
    assert due(store, LATER, limit=0) == []
    assert due(store, BEGIN - MINUTE) == []


def test_the_next_due_time_is_that_of_what_is_not_under_way(store: Store) -> None:
    assert next_due(store) is None
    for minute, subject in enumerate((A, B)):
        touch(store, subject, at=BEGIN + MINUTE * minute)
    assert next_due(store) == BEGIN
    assert next_due(store, A) == BEGIN + MINUTE
    assert next_due(store, A, B) is None


Ending = Callable[[Connection, Due], None]


def end(store: Store, look: Due, ending: Ending) -> None:
    store.write_now(lambda db: ending(db, look))


def _finished(db: Connection, look: Due) -> None:
    looks.finished(db, look, LATER, None, "nothing to say")


def _again(db: Connection, look: Due) -> None:
    looks.finished(db, look, LATER, LATER + MINUTE * 5, "the team may answer first")


def _postponed(db: Connection, look: Due) -> None:
    looks.postponed(db, look, LATER + MINUTE * 5, "GitHub asked to wait")


def _failed(db: Connection, look: Due) -> None:
    looks.failed(db, look, LATER + MINUTE * 5, "HTTP 502")


def _died(db: Connection, look: Due) -> None:
    looks.died(db, look, "HTTP 502, for the last time")


@dataclass(frozen=True)
class Case:
    """How a look that began at BEGIN with one failed try ends at LATER; the next due time and its tries then."""

    id: str
    ending: Ending
    quiet: datetime | None  # without news
    news_during: datetime  # there was news while it was under way
    news_after: datetime | None  # a minute after it ended
    attempts: int


CASES = [
    Case("finished", _finished, None, LATER, LATER + MINUTE, 0),
    Case("finished, again later", _again, LATER + MINUTE * 5, LATER, LATER + MINUTE, 0),
    Case("postponed", _postponed, LATER + MINUTE * 5, LATER + MINUTE * 5, LATER + MINUTE * 5, 1),
    Case("failed", _failed, LATER + MINUTE * 5, LATER + MINUTE * 5, LATER + MINUTE * 5, 2),
    Case("died", _died, None, LATER, LATER + MINUTE, 0),
]


def begin(store: Store) -> Due:
    """A look under way, which has failed once before."""
    touch(store, A, at=BEGIN - MINUTE)
    first = taken(store)
    store.write_now(lambda db: looks.failed(db, first, BEGIN, "HTTP 502"))
    return taken(store)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_when_a_look_is_over_the_next_one_is_planned(store: Store, case: Case) -> None:
    look = begin(store)
    end(store, look, case.ending)
    assert next_due(store) == case.quiet


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_news_during_a_look_is_not_forgotten_with_it(store: Store, case: Case) -> None:
    look = begin(store)
    touch(store, A, at=BEGIN + MINUTE)
    end(store, look, case.ending)
    assert [again.subject for again in due(store, case.news_during)] == [A]
    assert bool(due(store, LATER)) is (case.news_during == LATER)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_news_after_a_look_brings_the_next_one_forward_unless_it_backs_off(store: Store, case: Case) -> None:
    look = begin(store)
    end(store, look, case.ending)
    touch(store, A, at=LATER + MINUTE)
    assert next_due(store) == case.news_after
    [again] = due(store, LATER + MINUTE * 60)
    assert again.attempts == case.attempts


def test_what_is_postponed_for_the_first_time_is_brought_forward_by_news(store: Store) -> None:
    touch(store, A)
    look = taken(store)
    end(store, look, _postponed)
    assert next_due(store) == LATER + MINUTE * 5
    touch(store, A, at=LATER)
    assert next_due(store) == LATER


def test_every_failed_try_counts_until_a_good_one(store: Store) -> None:
    touch(store, A)
    for attempts in range(3):
        look = taken(store)
        assert look.attempts == attempts
        end(store, look, lambda db, look: looks.failed(db, look, BEGIN, "HTTP 502"))
    end(store, taken(store), lambda db, look: looks.finished(db, look, BEGIN, BEGIN, None))
    assert taken(store).attempts == 0


def test_the_dead_are_listed_with_why_until_there_is_news(store: Store) -> None:
    touch(store, A, B)
    for look in due(store):
        end(store, look, lambda db, look: looks.died(db, look, f"why {look.subject}"))
    assert due(store, LATER) == []
    assert store.read_now(looks.waiting) == (0, 2)
    assert store.read_now(looks.dead) == [DeadLetter(A, 1, f"why {A}"), DeadLetter(B, 1, f"why {B}")]
    touch(store, B, at=LATER)
    assert [look.subject for look in due(store, LATER)] == [B]
    assert [letter.subject for letter in store.read_now(looks.dead)] == [A]
    assert store.read_now(looks.waiting) == (1, 1)


def test_the_dead_can_be_tried_again_by_hand(store: Store) -> None:
    touch(store, A, B, C)
    for look in due(store)[:2]:
        end(store, look, lambda db, look: looks.died(db, look, "HTTP 502"))
    end(store, taken(store), _finished)
    assert [store.write_now(lambda db: looks.retry_dead(db, LATER)) for _ in range(2)] == [2, 0]
    assert [(look.subject, look.attempts) for look in due(store, LATER)] == [(A, 0), (B, 0)]
    assert store.read_now(looks.dead) == []


def test_the_planned_are_counted_and_those_at_rest_are_not(store: Store) -> None:
    touch(store, A, B, C, at=LATER)
    for look in due(store, LATER)[:1]:
        end(store, look, _finished)
    assert store.read_now(looks.waiting) == (2, 0)


def test_a_look_at_what_nobody_ever_heard_of_changes_nothing(store: Store) -> None:
    end(store, Due(A, 1, 0), _finished)
    assert store.read_now(looks.waiting) == (0, 0)


def test_news_that_can_wait_is_not_lost_in_a_look_that_is_under_way(store: Store) -> None:
    subject, later = Subject("ramp/1"), BEGIN + timedelta(minutes=15)
    store.write_now(lambda db: looks.news(db, subject, later))
    store.write_now(lambda db: looks.news(db, subject, later + timedelta(minutes=1)))
    assert store.read_now(lambda db: looks.due(db, later - timedelta(seconds=1), 9, ())) == []
    [look] = store.read_now(lambda db: looks.due(db, later, 9, ()))
    store.write_now(lambda db: looks.news(db, subject, later + timedelta(minutes=15)))
    store.write_now(lambda db: looks.finished(db, look, later, later + timedelta(days=1), None))
    assert [one.subject for one in store.read_now(lambda db: looks.due(db, later, 9, ()))] == [subject]
