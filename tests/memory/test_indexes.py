"""What grows for years is not read from end to end. On SQLite: PostgreSQL reads small tables without indexes."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, event

from bot.memory import candidates, checks, ledger, presence
from bot.mentors import Mentor, Need
from bot.model import OwnerId, Person, PersonId, RepoId, ThreadRef
from tests.memory.conftest import GRACE, OWNER, REPO, opened
from tests.rules.scenes import DEFAULTS
from tests.stage import BEGIN


def folded(db: Connection) -> object:
    return ledger.folded_since(db, OwnerId(OWNER), BEGIN)


def old_suites(db: Connection) -> object:
    return checks.forget(db, BEGIN)


def who_could_mentor(db: Connection) -> object:
    need = Need(ref=ThreadRef(RepoId(REPO), 1), repo_id=RepoId(REPO), areas=frozenset())
    mentor = Mentor(person=Person(PersonId(GRACE), "grace"))
    return candidates.candidates(db, OwnerId(OWNER), need, [mentor], DEFAULTS, BEGIN)


def how_present_somebody_is(db: Connection) -> object:
    return presence.presence_of(db, OwnerId(OWNER), [PersonId(GRACE)], DEFAULTS, BEGIN)


@pytest.mark.parametrize(
    ("asks", "by"),
    [
        (folded, "ledger USING INDEX ledger_by_owner (owner_id=? AND claimed_at>?)"),
        (who_could_mentor, "mentor_asks USING INDEX "),
        (who_could_mentor, "activity USING INDEX activity_by_person (person_id=? AND at>?)"),
        (who_could_mentor, "happenings USING INDEX happenings_by_person (person_id=? AND at>?)"),
        (who_could_mentor, "threads USING INDEX threads_by_author (author_id=?"),
        (how_present_somebody_is, "activity USING INDEX activity_by_person (person_id=? AND at>? AND at<?)"),
        (how_present_somebody_is, "happenings USING INDEX happenings_by_person (person_id=? AND at>? AND at<?)"),
        (how_present_somebody_is, "threads USING INDEX threads_by_author (author_id=?"),
        (how_present_somebody_is, "commits USING INDEX commits_by_person (person_id=?)"),
        (old_suites, "check_suites USING INDEX check_suites_by_time (at<?)"),
    ],
)
def test_it_is_found_by_its_index(tmp_path: Path, asks: Callable[[Connection], object], by: str) -> None:
    asked: list[tuple[str, tuple[object, ...]]] = []
    with opened(f"sqlite:///{tmp_path}/memory.db") as store:
        event.listen(store.engine, "before_cursor_execute", lambda *args: asked.append((args[2], args[3])))
        store.write_now(asks)
        queries = [(f"EXPLAIN QUERY PLAN {query}", values) for query, values in asked if query.startswith("SELECT")]
        with store.engine.connect() as db:
            plans = [row[3] for query in queries for row in db.exec_driver_sql(*query)]
    assert any(by in plan for plan in plans), plans
