"""Memory ends up the same in whatever order and however often deliveries come, and keeps nothing that people wrote.

Not the same, because GitHub sends no time with them, are: when something was first heard of (`heard_at`,
`witnessed_since`, `as_of`, and the counting of looks); and what the last delivery that came tells of the name of an
account or a repository, of who left the organisation, and of a suspended installation. Histories have no such changes
but renamed accounts, whose login is not compared.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from bot import sandbox
from bot.memory import rows, schema
from bot.memory.store import Store
from bot.sandbox import ChangedFile, RefusedError
from bot.sandbox.model import Issue, PullRequest, Thread
from tests.memory.conftest import Village, build_village, tell
from tests.stage import BEGIN

WROTE: Final = "as the people wrote it"  # is in every text of the histories

# Which columns tell when it was heard, or follow from that; the inbox itself is the order.
HEARD: Final = {
    "deliveries": set(schema.deliveries.c.keys()),
    "installations": {"heard_at"},
    "looks": {"due_at", "rev"},
    "owners": {"witnessed_since"},
    "people": {"heard_at", "login"},
    "repos": {"heard_at"},
    "team": {"as_of"},
    "threads": {"heard_at"},
}

Play = Callable[[Village, Thread], object]


def someone(v: Village, thread: Thread) -> Any:
    return (v.ada, v.linus, v.grace)[len(thread.comments) % 3]


def draft(v: Village, thread: Thread) -> None:
    if isinstance(thread, PullRequest):
        (v.world.ready_for_review if thread.draft else v.world.convert_to_draft)(thread, by=v.ada)


def merge(v: Village, thread: Thread) -> None:
    if isinstance(thread, PullRequest):
        v.world.merge(thread, by=v.grace)


def review(v: Village, thread: Thread) -> None:
    if isinstance(thread, PullRequest):
        v.world.review(thread, by=v.linus, state="COMMENTED", body=WROTE)


def uncomment(v: Village, thread: Thread) -> None:
    if thread.comments:
        v.world.delete_comment(thread.comments[0], by=v.grace)


def recomment(v: Village, thread: Thread) -> None:
    if thread.comments:
        v.world.edit_comment(thread.comments[-1], by=v.grace, body=f"{WROTE}, and again")


def convert(v: Village, thread: Thread) -> None:
    if isinstance(thread, Issue) and not isinstance(thread, PullRequest):
        v.world.convert_to_discussion(thread, by=v.grace)


def transfer(v: Village, thread: Thread) -> None:
    if isinstance(thread, Issue):
        v.world.transfer(thread, v.huts, by=v.grace)


FILE: Final = ChangedFile(filename="a.py")
PLAYS: Final[dict[str, Play]] = {
    "issue": lambda v, t: v.world.open_issue(v.maps, by=v.linus, title=f"How, {WROTE}?", body=WROTE, labels=["bug"]),
    "pull": lambda v, t: v.world.open_pull_request(v.maps, by=v.ada, title=WROTE, body=WROTE, files=[FILE], draft=True),
    "discussion": lambda v, t: v.world.open_discussion(v.maps, by=v.ada, title=WROTE, body=f"## Question\n{WROTE}"),
    "say": lambda v, t: v.world.comment(t, by=someone(v, t), body=WROTE),
    "ask": lambda v, t: v.world.comment(t, by=someone(v, t), body=f"{WROTE}\n\n/no-bot\n"),
    "unask": lambda v, t: v.world.comment(t, by=someone(v, t), body=f"{WROTE}\n\n/no-bot off\n"),
    "edit": lambda v, t: v.world.edit(t, by=v.ada, title=f"docs: {WROTE}", body=f"{WROTE}, once more"),
    "label": lambda v, t: v.world.label(t, "docs", by=v.grace),
    "unlabel": lambda v, t: v.world.unlabel(t, "bug", by=v.grace),
    "close": lambda v, t: v.world.close(t, by=v.grace),
    "reopen": lambda v, t: v.world.reopen(t, by=v.ada),
    "lock": lambda v, t: v.world.lock(t, by=v.grace),
    "unlock": lambda v, t: v.world.unlock(t, by=v.grace),
    "delete": lambda v, t: v.world.delete(t, by=v.grace),
    "rename the account": lambda v, t: v.world.rename_user(v.ada, f"ada-{len(v.deliveries)}"),
    "draft": draft,
    "merge": merge,
    "review": review,
    "uncomment": uncomment,
    "recomment": recomment,
    "convert": convert,
    "transfer": transfer,
}

Step = tuple[str, int, int]  # what is done, to which of the open threads, how many seconds after the last
steps = st.tuples(st.sampled_from(sorted(PLAYS)), st.integers(0, 3), st.sampled_from((0, 1, 3600)))


def play(history: Sequence[Step]) -> Village:
    """A village where this has happened. What GitHub refuses has not."""
    village = build_village()
    village.world.open_issue(village.maps, by=village.ada, title=WROTE, body=WROTE, labels=["bug", "docs"])
    for name, which, seconds in history:
        village.later(seconds=max(seconds, name in {"ask", "unask"}))  # of two in one second none is the later
        threads = list(village.world.threads())
        try:
            PLAYS[name](village, threads[which % len(threads)])
        except (RefusedError, ValueError):
            continue
        if not list(village.world.threads()):
            break
    return village


def dump(db: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """All that memory holds, but for what follows from when it was heard."""
    held: dict[str, list[tuple[Any, ...]]] = {}
    for name, table in schema.metadata.tables.items():
        columns = [column for column in table.c if column.name not in HEARD.get(name, ())]
        if columns:
            held[name] = sorted(map(tuple, db.execute(select(*columns))), key=repr)
    return held


def heard(store: Store, deliveries: Sequence[sandbox.Delivery]) -> dict[str, list[tuple[Any, ...]]]:
    """What memory holds after these, of which it keeps nothing."""
    with store.engine.connect() as connection, connection.begin() as transaction:
        tell(connection, deliveries)
        held = dump(connection)
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
    assert heard(store, [told[number] for number in order]) == heard(store, told)


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


def repository_ends(v: Village) -> None:
    v.world.open_issue(v.maps, by=v.ada, title="A")
    v.world.delete_repository(v.maps)


def app_is_removed(v: Village) -> None:
    v.world.open_issue(v.maps, by=v.ada, title="A")
    v.world.uninstall(v.installation)


LATE: Final[list[tuple[Callable[[Village], None], int]]] = [  # which of its deliveries comes last of all
    (ready_twice, -3), (asks_and_thinks_better_of_it, -2), (asks_then_not_then_asks, -2), (repository_ends, -2),
    (app_is_removed, 0),
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
