"""What people ask of the bot is taken down once, from wherever they wrote it, and counts from when they wrote it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.memory import app, schema
from bot.sandbox import ChangedFile
from bot.sandbox.model import Thread
from tests.memory.conftest import Known, Village
from tests.stage import BEGIN

HOUR = timedelta(hours=1)
FILES = [ChangedFile(filename="a.py")]
ASKS = "Thank you.\n\n/no-bot\n"


def comment(v: Village, thread: Thread, body: str = ASKS) -> None:
    v.world.comment(thread, by=v.linus, body=body)


def issue(v: Village, body: str = "Hello") -> Thread:
    return v.world.open_issue(v.maps, by=v.linus, title="A", body=body)


def pull(v: Village, body: str = "Hello") -> Thread:
    return v.world.open_pull_request(v.maps, by=v.linus, title="A", body=body, files=FILES)


def discussion(v: Village, body: str = "Hello") -> Thread:
    return v.world.open_discussion(v.maps, by=v.linus, title="A", body=body)


def by_a_bot(v: Village) -> None:
    v.world.comment(issue(v), by=v.world.bot("renovate"), body=ASKS)


def edited(v: Village) -> None:
    thread = issue(v, ASKS)
    v.later(hours=1)
    v.world.edit(thread, by=v.linus, body="/no-bot off")


def added_later(v: Village) -> None:
    thread = issue(v)
    v.later(hours=1)
    v.world.edit(thread, by=v.linus, body=ASKS)


def taken_back(v: Village) -> None:
    thread = issue(v, ASKS)
    v.later(hours=1)
    comment(v, thread, "/no-bot off")


@dataclass(frozen=True)
class Case:
    """What Linus does, where his requests are taken down with their arguments, and whether he is left alone then."""

    id: str
    does: Callable[[Village], object]
    requests: list[tuple[str, str]]
    opted_out: bool | None


CASES = [
    Case("nothing", issue, [], None),
    Case("in an issue", lambda v: issue(v, ASKS), [("issue", "")], True),
    Case("in a pull request", lambda v: pull(v, ASKS), [("issue", "")], True),
    Case("in a discussion", lambda v: discussion(v, ASKS), [("discussion", "")], True),
    Case("in a comment", lambda v: comment(v, issue(v)), [("issue_comment", "")], True),
    Case("in a comment on a pull request", lambda v: comment(v, pull(v)), [("issue_comment", "")], True),
    Case("in a comment on a discussion", lambda v: comment(v, discussion(v)), [("discussion_comment", "")], True),
    Case("to be spoken to again", lambda v: comment(v, issue(v), "/no-bot off"), [("issue_comment", "off")], False),
    Case("first so, then otherwise", taken_back, [("issue", ""), ("issue_comment", "off")], False),
    Case("with thanks", lambda v: comment(v, issue(v), "/no-bot, thank you!"), [("issue_comment", "thank you!")], True),
    Case("with a capital", lambda v: comment(v, issue(v), "/No-bot OFF."), [("issue_comment", "OFF.")], False),
    Case("an edit does not ask twice", edited, [("issue", "")], True),
    Case("an edit may ask", added_later, [("issue", "")], True),
    Case("a quote does not ask", lambda v: comment(v, issue(v), "> /no-bot"), [], None),
    Case("an explanation does not ask", lambda v: comment(v, issue(v), "/no-bot is how one stops it"), [], None),
    Case("a bot does not ask", by_a_bot, [], None),
    Case("to steer it", lambda v: comment(v, issue(v), "/switchback pause 2 weeks"),
         [("issue_comment", "pause 2 weeks")], None),
    Case("to steer it, twice in one text", lambda v: issue(v, "/switchback resume\n/switchback status"),
         [("issue", "resume")], None),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_request_is_taken_down(known: Known, case: Case) -> None:
    case.does(known.village)
    known.hear()
    assert sorted(known.all(schema.requests, "place", "args")) == case.requests
    assert {who for (who,) in known.all(schema.requests, "person_id")} <= {known.village.linus.id}
    out = known.row(schema.optouts, owner_id=known.village.organisation.id, person_id=known.village.linus.id)
    assert (out and out["opted_out"]) is case.opted_out


@pytest.mark.parametrize(
    ("slug", "text", "asked"),
    [
        pytest.param("Switchback", "@switchback help", [("help", "")], id="by our name"),
        pytest.param("switchback", "@switchback[bot] hlep", [("unknown", "help")], id="a slip"),
        pytest.param("switchback", "@goat help\n/why", [("why", "")], id="by another's"),
        pytest.param("switchback", "@goat help\n@switchback help", [("help", "")], id="by another's, then by ours"),
        pytest.param("switchback", "@switchback help\n/help me", [("help", "")], id="both, which is once"),
        pytest.param(None, "@switchback help\n/why", [("why", "")], id="nobody knows our name yet"),
    ],
)
def test_whom_a_command_is_for(known: Known, slug: str | None, text: str, asked: list[tuple[str, str]]) -> None:
    if slug is not None:
        known.store.write_now(lambda db: app.called(db, slug, BEGIN))
    comment(known.village, issue(known.village), text)
    known.hear()
    assert known.all(schema.requests, "name", "args") == asked


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["as it happened", "the edit first"])
def test_an_edit_may_put_our_name_in_front_and_asks_for_the_same(known: Known, order: tuple[int, ...]) -> None:
    known.store.write_now(lambda db: app.called(db, "switchback", BEGIN))
    thread = issue(known.village, "/help")
    known.village.later(hours=1)
    known.village.world.edit(thread, by=known.village.linus, body="@switchback help")
    *others, asks, edits = known.village.deliveries
    known.village.deliveries[:] = [*others, *((asks, edits)[one] for one in order)]
    known.hear()
    assert known.all(schema.requests, "name", "at", "to_us") == [("help", BEGIN + HOUR, True)]


def test_an_edit_that_takes_our_name_away_changes_nothing(known: Known) -> None:
    known.store.write_now(lambda db: app.called(db, "switchback", BEGIN))
    thread = issue(known.village, "/help\n\n@switchback help")
    known.village.later(hours=1)
    known.village.world.edit(thread, by=known.village.linus, body="/help")
    known.hear()
    assert known.all(schema.requests, "name", "at", "to_us") == [("help", BEGIN, True)]


def test_the_turn_is_that_of_their_coming(known: Known) -> None:
    thread = issue(known.village)
    for body in ("/claim", "/why"):
        comment(known.village, thread, body)
    *others, why = known.village.deliveries
    known.village.deliveries[:] = [why, *others]
    known.hear()
    assert known.all(schema.requests, "name", "turn") == [("claim", 2), ("why", 1)]


def test_it_counts_from_when_it_was_written(known: Known) -> None:
    thread = issue(known.village)
    known.village.later(hours=1)
    comment(known.village, thread)
    known.hear(BEGIN + HOUR * 5)
    assert known.all(schema.requests, "number", "at") == [(thread.number, BEGIN + HOUR)]
    assert known.all(schema.optouts, "as_of") == [(BEGIN + HOUR,)]
