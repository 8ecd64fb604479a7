"""Which tables a piece of work reads from end to end, as SQLite itself plans it (EXPLAIN QUERY PLAN)."""

import re
from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import event, text

from bot.memory.store import Store

# The tables that grow with what happens. A scan of a partial index is none: it holds only what is looked for.
_GROW: Final = frozenset(
    {"activity", "commits", "deliveries", "happenings", "ledger", "looks", "people", "requests", "threads"}
)
_SCAN: Final = re.compile(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?")
_PLANNED: Final = ("SELECT", "UPDATE", "DELETE")
_PARTIAL: Final = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'"


def scanned(store: Store, work: Callable[[], object]) -> list[str]:
    """By name."""
    partial = store.read_now(lambda db: set(db.scalars(text(_PARTIAL))))
    found: set[str] = set()

    def explain(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        if statement.lstrip().startswith(_PLANNED) and not many:
            plan = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            hits = [hit for *_, told in plan if (hit := _SCAN.match(told))]
            found.update(hit[1] for hit in hits if hit[1] in _GROW and hit[2] not in partial)

    event.listen(store.engine, "before_cursor_execute", explain)
    try:
        work()
    finally:
        event.remove(store.engine, "before_cursor_execute", explain)
    return sorted(found)
