"""Memory ends up the same in whatever order and however often deliveries come, and keeps nothing that people wrote.

Not the same are when something was first heard of (`heard_at`, `witnessed_since`, `as_of`, and the counting of looks),
and what GitHub sends without any time, so that of two that contradict each other the one that came last counts: the
login that an account took (and so which commits it links by the old one), the name that a team took, who left the
organisation or a team. Each of those is compared in every history in which it does not happen (`UNTIMED`). The name of
a label has no time either, so here none is renamed twice, and no name is used again.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from bot import sandbox
from bot.memory import rows, schema
from bot.memory.store import Store
from tests.memory.conftest import Village, tell
from tests.memory.plays import FILE, WROTE, Step, play, steps
from tests.stage import BEGIN

# Which columns tell when it was heard, or follow from that; the inbox itself is the order.
HEARD: Final = {
    "deliveries": set(schema.deliveries.c.keys()),
    "forgotten": {"at"},
    "installations": {"heard_at"},
    "labels": {"heard_at"},
    "looks": {"due_at", "rev"},
    "owners": {"witnessed_since"},
    "people": {"heard_at"},
    "repos": {"heard_at"},
    "requests": {"turn"},
    "team": {"as_of"},
    "team_members": {"as_of"},
    "teams": {"heard_at"},
    "threads": {"heard_at"},
}
# Which columns something decides that GitHub tells without a time.
UNTIMED: Final[dict[str, dict[str, set[str]]]] = {
    "rename the account": {"people": {"login"}, "commits": {"person_id"}},
    "rename the team": {"teams": {"slug", "name"}},
    "leave the team": {"team_members": {"belongs"}},
    "leave the organisation": {"team": {"belongs"}, "team_members": {"belongs"}},
}


def dump(db: Connection, but: Iterable[str] = ()) -> dict[str, list[tuple[Any, ...]]]:
    """All that memory holds, but for what follows from when it was heard, and for what these plays decide."""
    held: dict[str, list[tuple[Any, ...]]] = {}
    for name, table in schema.metadata.tables.items():
        left_out = HEARD.get(name, set()).union(*(UNTIMED.get(play, {}).get(name, ()) for play in but))
        columns = [column for column in table.c if column.name not in left_out]
        if columns:
            held[name] = sorted(map(tuple, db.execute(select(*columns))), key=repr)
    return held


def heard(
    store: Store, deliveries: Sequence[sandbox.Delivery], but: Iterable[str] = ()
) -> dict[str, list[tuple[Any, ...]]]:
    """What memory holds after these, of which it keeps nothing. They come a day later."""
    with store.engine.connect() as connection, connection.begin() as transaction:
        key = schema.marks.insert().values(name="forgotten", value="00" * 32)  # otherwise a new one each time
        connection.execute(key)
        tell(connection, deliveries, BEGIN + timedelta(days=1))
        held = dump(connection, but)
        transaction.rollback()
    return held


# The store is the same for all examples, and as empty as before after each. Shrinking one would take minutes.
every_history = settings(
    deadline=None,
    max_examples=60,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@every_history
@given(history=st.lists(steps, min_size=1, max_size=8), data=st.data())
def test_any_order_and_any_repeats_end_the_same(store: Store, history: list[Step], data: st.DataObject) -> None:
    told = play(history).deliveries
    repeats = data.draw(st.lists(st.integers(0, len(told) - 1), max_size=3))
    order = data.draw(st.permutations([*range(len(told)), *repeats]))
    note(f"heard as {[f'{number} {told[number].name}' for number in order]}")
    but = {name for name, _, _ in history}
    assert heard(store, [told[number] for number in order], but) == heard(store, told, but)


@every_history
@given(history=st.lists(steps, min_size=1, max_size=8))
def test_nothing_that_people_wrote_is_kept(store: Store, history: list[Step]) -> None:
    village = play(history)
    with store.engine.connect() as connection, connection.begin() as transaction:
        tell(connection, village.deliveries)
        for table in schema.metadata.tables.values():
            for row in connection.execute(select(table)):
                assert WROTE not in repr(tuple(row))
        transaction.rollback()


def ready_twice(v: Village) -> None:
    pull = v.world.open_pull_request(v.maps, by=v.ada, title="A", files=[FILE], draft=True)
    for act in (v.world.ready_for_review, v.world.convert_to_draft, v.world.ready_for_review):
        v.later(hours=1)
        act(pull, by=v.ada)


def asks_and_thinks_better_of_it(v: Village) -> None:
    comment = v.world.comment(v.world.open_issue(v.maps, by=v.ada, title="A"), by=v.ada, body="/no-bot")
    v.later(hours=1)
    v.world.edit_comment(comment, by=v.ada, body="/no-bot off")


def asks_then_not_then_asks(v: Village) -> None:
    issue = v.world.open_issue(v.maps, by=v.ada, title="A")
    for body in ("/no-bot", "/no-bot off", "/no-bot"):
        v.later(hours=1)
        v.world.comment(issue, by=v.ada, body=body)


def wonders_and_finds_out(v: Village) -> None:
    comment = v.world.comment(v.world.open_issue(v.maps, by=v.ada, title="A"), by=v.grace, body="Since when?")
    v.later(hours=1)
    v.world.edit_comment(comment, by=v.grace, body="Since May.")


def commands_and_then_answers(v: Village) -> None:
    comment = v.world.comment(v.world.open_issue(v.maps, by=v.ada, title="A"), by=v.grace, body="/away 1 week")
    v.later(hours=1)
    v.world.edit_comment(comment, by=v.grace, body="Since May.\n\n/away 1 week")


def is_checked_again(v: Village) -> None:
    suite = v.world.check_suite(v.world.open_pull_request(v.maps, by=v.ada, title="A", files=[FILE]))
    for conclusion in ("failure", "success"):
        v.later(hours=1)
        v.world.conclude(suite, conclusion)


def repository_ends(v: Village) -> None:
    v.world.open_issue(v.maps, by=v.ada, title="A")
    v.world.delete_repository(v.maps)


def app_is_removed(v: Village) -> None:
    v.world.open_issue(v.maps, by=v.ada, title="A")
    v.world.uninstall(v.installation)


LATE: Final[list[tuple[Callable[[Village], None], int]]] = [  # which of its deliveries comes last of all
    (ready_twice, -3), (wonders_and_finds_out, -2), (commands_and_then_answers, -2),
    (is_checked_again, -2), (is_checked_again, -3), (asks_and_thinks_better_of_it, -2), (asks_then_not_then_asks, -2),
    (repository_ends, -2), (app_is_removed, 0),
]  # fmt: skip


@pytest.mark.parametrize(("story", "late"), LATE, ids=[story.__name__ for story, _ in LATE])
def test_one_that_comes_late_changes_nothing(
    store: Store, village: Village, story: Callable[[Village], None], late: int
) -> None:
    story(village)
    told = list(village.deliveries)
    told.append(told.pop(late))
    assert heard(store, told) == heard(store, village.deliveries)


def test_what_a_member_wrote_before_leaving_does_not_bring_them_back_when_it_is_heard_late(
    store: Store, village: Village
) -> None:
    issue = village.world.open_issue(village.maps, by=village.ada, title="A")
    village.world.comment(issue, by=village.grace, body="Hello.")
    late = village.deliveries.pop()
    village.later(hours=1)
    village.world.remove_member(village.organisation, village.grace)
    store.write_now(lambda db: tell(db, village.deliveries, BEGIN + timedelta(hours=1)))
    store.write_now(lambda db: tell(db, [late], BEGIN + timedelta(hours=2)))
    key = {"owner_id": village.organisation.id, "person_id": village.grace.id}
    row = store.read_now(lambda db: rows.get(db, schema.team, **key))
    assert row is not None
    assert not row["belongs"]
