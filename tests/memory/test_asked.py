"""The words behind a command are kept until it is answered, whatever the answer is, and do not come back."""

from datetime import timedelta
from typing import Literal

import pytest

from bot.effects import GoAway, React
from bot.memory import app, asked, ledger, orders, schema
from bot.memory.store import Store
from bot.model import InstallationId, OwnerId, Person, PersonId, Repo, RepoId, Request, ThreadRef
from bot.sandbox.model import Comment
from tests.memory.conftest import ADA, OWNER, REPO, Known
from tests.stage import BEGIN

HOUR = timedelta(hours=1)
HERE = ThreadRef(RepoId(REPO), 5)
MAPS = Repo(RepoId(REPO), OwnerId(OWNER), "alpine-tools", "maps")
OURS = InstallationId(1)
ME = Person(PersonId(ADA), "ada")
WORDS = "2 weeks"


def reaction(key: str, content: Literal["eyes", "+1"] = "+1") -> React:
    request = Request("snooze", WORDS, ME, BEGIN, "issue_comment", 50, "N")
    return React(rule="answers", key=key, why="", thread=HERE, request=request, content=content)


def away(id_: int) -> GoAway:
    return GoAway(rule="answers", key=f"answers/away/order/issue_comment/{id_}", why="", thread=HERE, person=ME,
                  until=None, as_of=BEGIN)  # fmt: skip


def wrote(store: Store, *names: str, id_: int = 50) -> None:
    values = {"place": "issue_comment", "place_id": id_, "args": WORDS, "repo_id": REPO, "number": 5,
              "person_id": ADA, "node_id": "N", "at": BEGIN}  # fmt: skip
    rows = [values | {"name": name} for name in names]
    store.write_now(lambda db: db.execute(schema.requests.insert(), rows))


def kept(store: Store) -> set[str]:
    """Of which commands the words are still there."""
    known = Known(store, None)  # type: ignore[arg-type]  # no village here
    return {name for name, args in known.all(schema.requests, "name", "args") if args}


ENDS = [
    ("answers/snooze/issue_comment/50", {"away", "level", "switchback", "no-bot"}),
    ("answers/snooze/passed-over/issue_comment/50", {"away", "level", "switchback", "no-bot"}),
    ("answers/away/issue_comment/50", {"snooze", "level", "switchback", "no-bot"}),
    ("steer/issue_comment/50", {"away", "snooze", "level", "no-bot"}),
]
ALL = {"away", "level", "no-bot", "snooze", "switchback"}
NO_ENDS = [
    "answers/level/issue_comment/50",
    "stop/issue_comment/50",
    "answers/snooze/seen/issue_comment/50",
    "answers/snooze/reply/issue_comment/50",
    "answers/snooze/order/issue_comment/50",
    "answers/snooze/issue_comment/51",
    "steer/order/issue_comment/50",
]


@pytest.mark.parametrize("how", ["done", "dropped", "shadow"])
@pytest.mark.parametrize(("key", "left"), [*ENDS, *((key, ALL) for key in NO_ENDS)])
def test_they_go_with_the_last_thing_that_the_command_does(store: Store, key: str, left: set[str], how: str) -> None:
    wrote(store, *ALL)
    if how == "shadow":
        store.write_now(lambda db: ledger.shadow(db, reaction(key), ME.id, MAPS, OURS, BEGIN))
    else:
        store.write_now(lambda db: ledger.claim(db, reaction(key), ME.id, MAPS, OURS, BEGIN))
        assert kept(store) == ALL  # perhaps it is to be answered again
        if how == "done":
            store.write_now(lambda db: ledger.done(db, key, BEGIN, 9, ""))
        else:
            store.write_now(lambda db: ledger.dropped(db, key, BEGIN, "the comment is gone"))
    assert kept(store) == left


def test_private_ones_go_as_soon_as_they_are_obeyed(store: Store) -> None:
    wrote(store, "away", "snooze")
    assert store.write_now(lambda db: orders.obey(db, away(50), MAPS, OURS, BEGIN))
    assert kept(store) == {"snooze"}


def test_what_is_never_answered_loses_them_with_time(store: Store) -> None:
    wrote(store, *ALL)
    assert store.write_now(lambda db: asked.forget(db, BEGIN)) == 0
    assert kept(store) == ALL
    assert [store.write_now(lambda db: asked.forget(db, BEGIN + HOUR)) for _ in range(2)] == [3, 0]
    assert kept(store) == {"level", "no-bot"}


def asks(known: Known, text: str) -> Comment:
    v = known.village
    known.store.write_now(lambda db: app.called(db, "switchback", BEGIN))
    comment = v.world.comment(v.world.open_issue(v.maps, by=v.grace, title="A"), by=v.linus, body=text)
    known.hear()
    return comment


@pytest.mark.parametrize(
    ("text", "args"),
    [("/away 2 weeks because I am ill", ""), ("/claim because I am at home", ""), ("/away 2 weeks", "2 weeks")],
)
def test_only_what_a_command_can_use_is_stored(known: Known, text: str, args: str) -> None:
    asks(known, text)
    assert known.all(schema.requests, "args") == [(args,)]


SETTLED = [
    ("answers/away/issue_comment/{}", ""),
    ("answers/away/order/issue_comment/{}", ""),
    ("answers/away/passed-over/issue_comment/{}", "3 weeks"),  # nobody has read it, and now it is for us
    ("answers/away/seen/issue_comment/{}", "3 weeks"),
]


@pytest.mark.parametrize(("key", "args"), SETTLED)
def test_an_edit_brings_none_back_that_was_answered(known: Known, key: str, args: str) -> None:
    comment = asks(known, "/away 2 weeks")
    act = reaction(key.format(comment.id))
    known.store.write_now(lambda db: ledger.shadow(db, act, ME.id, MAPS, OURS, BEGIN))
    known.hear()  # once more, which changes nothing
    v = known.village
    v.later(hours=1)
    v.world.edit_comment(comment, by=v.linus, body="/away 4 weeks")
    v.world.edit_comment(comment, by=v.linus, body="@switchback away 3 weeks")
    known.hear()
    assert known.all(schema.requests, "name", "args", "to_us") == [("away", args, True)]


def test_an_edit_does_not_bring_back_what_steered(known: Known) -> None:
    comment = asks(known, "/switchback pause 2 weeks")
    act = reaction(f"steer/issue_comment/{comment.id}")
    known.store.write_now(lambda db: ledger.shadow(db, act, ME.id, MAPS, OURS, BEGIN))
    known.village.world.edit_comment(comment, by=known.village.linus, body="@switchback pause 2 weeks")
    known.hear()
    assert known.all(schema.requests, "name", "args", "to_us") == [("switchback", "", True)]
