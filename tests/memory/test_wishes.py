"""Where somebody's wish to be forgotten is heard, and where it is none."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from bot.memory import schema
from bot.model import GHOST
from bot.sandbox import ChangedFile
from bot.sandbox.model import Account
from tests.memory.conftest import Known, Village
from tests.traces import traces

ASKS = "Thank you all.\n\n/forget-me\n"
FILES = [ChangedFile(filename="a.py")]


def left(known: Known, who: Account) -> list[str]:
    return known.store.read_now(lambda db: traces(db, who.id, who.login))


def comment(v: Village, body: str) -> None:
    v.world.comment(v.world.open_issue(v.maps, by=v.grace, title="A"), by=v.ada, body=body)


def by_an_edit(v: Village, by: Account) -> None:
    said = v.world.comment(v.world.open_issue(v.maps, by=v.grace, title="A"), by=v.ada, body="Hello")
    v.world.edit_comment(said, by=by, body=ASKS)


def of_the_title(v: Village) -> None:
    v.world.edit(v.world.open_issue(v.maps, by=v.ada, title="A", body=ASKS), by=v.grace, title="B")
    del v.deliveries[-2]  # the opening is lost


def taken_out_by_another(v: Village) -> None:
    v.world.edit(v.world.open_issue(v.maps, by=v.ada, title="A", body=ASKS), by=v.grace, body="Hello")
    del v.deliveries[-2]


def reviewed(v: Village) -> None:
    pull = v.world.open_pull_request(v.maps, by=v.grace, title="A", files=FILES)
    v.world.review(pull, by=v.ada, body=ASKS)


def remarked(v: Village) -> None:
    pull = v.world.open_pull_request(v.maps, by=v.grace, title="A", files=FILES)
    v.world.review_comment(pull, by=v.ada, body=ASKS, path="a.py")


def in_a_talk(v: Village) -> None:
    v.world.comment(v.world.open_discussion(v.maps, by=v.grace, title="A"), by=v.ada, body=ASKS)


@dataclass(frozen=True)
class Case:
    """What Ada does, and where her wish is taken down then; None: it is none."""

    id: str
    does: Callable[[Village], object]
    place: str | None


CASES = [
    Case("in an issue", lambda v: v.world.open_issue(v.maps, by=v.ada, title="A", body=ASKS), "issue"),
    Case("in a pull request", lambda v: v.world.open_pull_request(v.maps, by=v.ada, title="A", body=ASKS, files=FILES),
         "issue"),
    Case("in a discussion", lambda v: v.world.open_discussion(v.maps, by=v.ada, title="A", body=ASKS), "discussion"),
    Case("in a comment", lambda v: comment(v, ASKS), "issue_comment"),
    Case("in a talk", in_a_talk, "discussion_comment"),
    Case("in a review", reviewed, "review"),
    Case("on a line", remarked, "review_comment"),
    Case("politely", lambda v: comment(v, "/forget-me please"), "issue_comment"),
    Case("on a telephone", lambda v: comment(v, "/Forget-me."), "issue_comment"),
    Case("by an edit", lambda v: by_an_edit(v, v.ada), "issue_comment"),
    Case("before somebody changed the title", of_the_title, "issue"),
    Case("before somebody took it out", taken_out_by_another, "issue"),
    Case("by an edit of another", lambda v: by_an_edit(v, v.grace), None),
    Case("in a quote", lambda v: comment(v, "> /forget-me"), None),
    Case("in code", lambda v: comment(v, "```\n/forget-me\n```"), None),
    Case("in a line", lambda v: comment(v, "Try /forget-me"), None),
    Case("as an explanation", lambda v: comment(v, "/forget-me makes it forget you"), None),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_where_the_wish_is_heard(known: Known, case: Case) -> None:
    v = known.village
    v.world.open_issue(v.huts, by=v.ada, title="Hello")
    case.does(v)
    known.hear()
    wishes = [
        (place, who)
        for place, name, who in known.all(schema.requests, "place", "name", "person_id")
        if name == "forget-me"
    ]
    if case.place is None:
        assert (wishes, bool(left(known, v.ada))) == ([], True)
    else:
        assert (wishes, left(known, v.ada)) == ([(case.place, GHOST.id)], [])


def test_a_bot_and_a_deleted_account_do_not_ask(known: Known) -> None:
    v = known.village
    bot = v.world.bot("renovate")
    v.world.comment(v.world.open_issue(v.maps, by=v.ada, title="A"), by=bot, body=ASKS)
    known.hear()
    assert left(known, bot)
    data = v.deliveries[-1].payload
    data["comment"] |= {"user": None, "id": 5}
    known.hear_payload("issue_comment", data)
    assert known.all(schema.forgotten, "hash") == []
