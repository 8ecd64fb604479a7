"""Who asks to be forgotten is in no table any more, stays so, and what belongs to others goes on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from bot.effects import React, Say
from bot.memory import forgetting, inbox, intake, learned, ledger, looks, past, rows, schema
from bot.memory.ledger import Claim
from bot.memory.past import Told
from bot.model import GHOST, InstallationId, OwnerId, Person, PersonId, Repo, RepoId, Request, Subject, ThreadRef
from bot.sandbox import ChangedFile
from bot.sandbox.model import Account, Issue
from tests.memory.conftest import Known, Village, tell
from tests.stage import BEGIN
from tests.traces import traces

HOUR = timedelta(hours=1)
ASKS = "Thank you all.\n\n/forget-me\n"
FILES = [ChangedFile(filename="a.py")]


def left(known: Known, who: Account, *logins: str) -> list[str]:
    return known.store.read_now(lambda db: traces(db, who.id, who.login, *logins))


def person(who: Account) -> Person:
    return Person(PersonId(who.id), who.login)


def everywhere(v: Village) -> Issue:
    """Ada does all that there is to do. One of the issues."""
    w = v.world
    issue = w.open_issue(v.maps, by=v.ada, title="A", labels=["bug"])
    another = w.open_issue(v.maps, by=v.linus, title="B")
    pull = w.open_pull_request(v.maps, by=v.ada, title="C", files=FILES)
    w.open_discussion(v.huts, by=v.ada, title="D")
    w.add_member(v.organisation, v.ada)
    w.join_team(w.team(v.organisation, "Guides"), v.ada)
    w.comment(another, by=v.ada, body="/no-bot")
    w.assign(another, v.ada, v.linus, by=v.grace)
    w.label(another, "docs", by=v.ada)
    w.close(another, by=v.ada)
    w.review(w.open_pull_request(v.maps, by=v.linus, title="E", files=FILES), by=v.ada, state="APPROVED")
    w.synchronize(pull, by=v.ada)
    w.push(v.maps, by=v.grace, author=v.ada, files=["a.py"])
    return issue


def comment(v: Village, body: str) -> None:
    v.world.comment(v.world.open_issue(v.maps, by=v.grace, title="A"), by=v.ada, body=body)


def test_what_belongs_to_a_thread_stays_and_what_was_theirs_goes(known: Known) -> None:
    v = known.village
    everywhere(v)
    known.hear()
    told = len(v.deliveries)
    before = known.all(schema.happenings, "step", "number")
    comment(v, ASKS)
    known.store.write_now(lambda db: tell(db, v.deliveries[told:], BEGIN + HOUR))
    authors = {number: author for number, author in known.all(schema.threads, "number", "author_id") if number <= 3}
    assert authors == {1: GHOST.id, 2: v.linus.id, 3: GHOST.id}
    assert known.all(schema.happenings, "step", "number") == before
    row = known.row(schema.threads, repo_id=v.maps.id, number=2)
    assert row is not None
    assert row["assignees"] == [GHOST.id, v.linus.id]  # so it is still taken
    for table in (schema.activity, schema.commits, schema.optouts, schema.team_members):
        assert known.all(table, *table.primary_key.columns.keys()) == []


@pytest.mark.parametrize("first", [True, False], ids=["they come first", "they come later"])
def test_what_comes_later_brings_nothing_back(known: Known, first: bool) -> None:
    v = known.village
    everywhere(v)
    comment(v, ASKS)
    v.later(hours=1)
    everywhere_again = len(v.deliveries)
    v.world.open_issue(v.huts, by=v.ada, title="Again")
    v.world.remove_member(v.organisation, v.ada)
    v.world.push(v.maps, by=v.grace, author=v.ada, files=["b.py"])
    if first:
        later = v.deliveries[everywhere_again:]
        del v.deliveries[everywhere_again:]
        v.deliveries[:0] = later
    known.hear()
    assert left(known, v.ada) == []


def test_another_login_is_learned_and_one_that_is_somebody_elses_by_now_is_not_theirs(known: Known) -> None:
    v = known.village
    comment(v, ASKS)
    known.hear()
    v.world.rename_user(v.ada, "countess")
    v.world.push(v.maps, by=v.grace, author=v.ada, files=["a.py"])  # tells the login alone
    known.hear(BEGIN + HOUR)
    assert left(known, v.ada, "ada") != []
    v.world.open_issue(v.maps, by=v.ada, title="B")
    known.hear(BEGIN + HOUR * 2)
    assert left(known, v.ada, "ada") == []
    v.world.rename_user(v.linus, "ada")
    v.world.open_issue(v.maps, by=v.linus, title="C")
    v.world.push(v.maps, by=v.grace, author=v.linus, files=["a.py"])
    known.hear(BEGIN + HOUR * 3)
    assert known.all(schema.commits, "login") == [("ada",)]


def test_the_login_that_we_knew_is_forgotten_with_the_one_of_today(known: Known) -> None:
    v = known.village
    v.world.push(v.maps, by=v.grace, author=v.ada, files=["a.py"])
    everywhere(v)
    known.hear()
    v.world.rename_user(v.ada, "countess")
    comment(v, ASKS)
    known.hear(BEGIN + HOUR)
    assert left(known, v.ada, "ada") == []


def test_the_past_is_read_without_them_and_their_wish_counts_there_too(known: Known) -> None:
    v = known.village
    everywhere(v)
    known.hear()
    where = Repo(RepoId(v.maps.id), OwnerId(v.organisation.id), "alpine-tools", "maps")
    opened = next(each.payload["issue"] for each in v.deliveries if each.name == "issues.opened")
    wrote = next(each.payload["comment"] for each in v.deliveries if each.event == "issue_comment")
    asks = Told(answers=[("issue_comment", 1, wrote | {"id": 5, "body": ASKS})])
    commit = {"sha": "1" * 40, "author": opened["user"], "commit": {"committer": {"date": "2026-11-23T09:00:00Z"}}}
    step = {
        "event": "assigned",
        "created_at": "2026-11-23T09:00:00Z",
        "actor": opened["user"],
        "assignee": opened["user"],
    }
    more = Told(threads=[opened], answers=[("issue_comment", 1, wrote)], commits=[commit], steps=[(1, step)])
    known.store.write_now(lambda db: past.write(db, where, asks, BEGIN + HOUR))
    assert left(known, v.ada) == []
    known.store.write_now(lambda db: past.write(db, where, more, BEGIN + HOUR))
    members = [({"id": 7, "slug": "guides", "name": "Guides"}, [opened["user"]])]
    known.store.write_now(lambda db: past.groups(db, OwnerId(v.organisation.id), members, BEGIN + HOUR))
    assert left(known, v.ada) == []
    assert known.row(schema.team_members, team_id=7, person_id=GHOST.id) is None


@pytest.fixture
def asked(known: Known) -> Known:
    """Ada was known, and asked to be forgotten."""
    everywhere(known.village)
    comment(known.village, ASKS)
    known.hear()
    return known


def test_what_was_under_way_when_they_asked_writes_nothing(asked: Known) -> None:
    v, owner = asked.village, OwnerId(asked.village.organisation.id)
    ref, where = ThreadRef(RepoId(v.maps.id), 1), Repo(RepoId(v.maps.id), owner, "alpine-tools", "maps")
    ada, said = person(v.ada), "first issue of ada in alpine-tools"
    welcome = Say(rule="welcome", key=f"welcome/issue/{owner}/{ada.id}", why=said, thread=ref, template="x",
                  language="en", to=ada)  # fmt: skip
    wish = Request("no-bot", "", ada, BEGIN, "issue_comment", 5, "N")
    answer = React(rule="stop", key="stop/issue_comment/5", why="ada asked", thread=ref, request=wish, content="+1")

    def work(db: Connection) -> list[Claim]:
        learned.team(db, owner, [ada, person(v.linus)], BEGIN)
        learned.past(db, owner, ada.id, BEGIN, has_past=True, merged_before=None)
        rows.commit(db, where.id, "1" * 40, BEGIN, person_id=ada.id, login=None, paths=None)
        rows.commit(db, where.id, "2" * 40, BEGIN, person_id=None, login="Ada", paths=None)
        return [ledger.claim(db, act, ada.id, where, InstallationId(1), BEGIN)[0] for act in (welcome, answer)]

    assert asked.store.write_now(work) == [Claim.TAKEN, Claim.TAKEN]
    assert left(asked, v.ada) == []
    assert asked.row(schema.team, owner_id=owner, person_id=v.linus.id) is not None


@pytest.mark.parametrize("dead", [False, True], ids=["waiting", "dead"])
def test_why_a_look_ended_does_not_name_them(known: Known, dead: bool) -> None:
    v = known.village
    issue = everywhere(v)
    known.hear()
    subject = ThreadRef(RepoId(v.maps.id), issue.number).subject
    other = Subject(f"thread/{v.maps.id}/99")

    def looked(db: Connection) -> None:
        for which, why in ((subject, "ada was active before"), (other, "Ada and adam disagree")):
            looks.touch(db, [which], BEGIN)
            due = next(one for one in looks.due(db, BEGIN + HOUR, 99, ()) if one.subject == which)
            looks.died(db, due, why) if dead else looks.finished(db, due, BEGIN, None, why)

    known.store.write_now(looked)
    assert left(known, v.ada)
    known.store.write_now(lambda db: forgetting.forget(db, person(v.ada), BEGIN))
    assert left(known, v.ada) == []
    row = known.row(schema.looks, subject=subject)
    assert row is not None
    assert row["state"] == ("dead" if dead else "waiting")


def test_a_look_that_was_under_way_does_not_count(known: Known) -> None:
    v = known.village
    everywhere(v)
    known.hear()
    found = known.store.read_now(lambda db: looks.due(db, BEGIN + HOUR, 99, ()))
    due = next(one for one in found if one.subject.startswith("thread/"))
    known.store.write_now(lambda db: forgetting.forget(db, person(v.ada), BEGIN))
    known.store.write_now(lambda db: looks.finished(db, due, BEGIN + HOUR, None, "ada was active before"))
    assert left(known, v.ada) == []
    again = known.store.read_now(lambda db: looks.due(db, BEGIN + HOUR, 99, ()))
    assert due.subject in {one.subject for one in again}


def test_what_was_said_to_others_does_not_name_them_either(known: Known) -> None:
    v = known.village
    where = Repo(RepoId(v.maps.id), OwnerId(v.organisation.id), "alpine-tools", "maps")
    say = Say(rule="welcome", key="k", why="Ada and ada-2 met; adapted", thread=ThreadRef(where.id, 1), template="x",
              language="en", to=person(v.linus))  # fmt: skip
    comment(v, "Hello")
    known.hear()
    known.store.write_now(lambda db: ledger.claim(db, say, say.to.id, where, InstallationId(1), BEGIN))
    known.store.write_now(lambda db: forgetting.forget(db, person(v.ada), BEGIN))
    assert known.all(schema.ledger, "why") == [("somebody and ada-2 met; adapted",)]


BROKEN: list[tuple[str, Callable[[Village], bytes], bool]] = [
    ("by id", lambda v: b'{"sender": {"id": %d}}' % v.ada.id, True),
    ("by login", lambda v: b'{"commits": [{"author": {"username": "Ada"}}]}', True),
    ("no JSON", lambda v: b"{ @ada says", True),
    ("half a letter", lambda v: b'{"x": "\xff ada"', True),
    ("another", lambda v: b'{"sender": {"id": 1%d, "login": "adam"}, "x": ["ada-2"]}' % v.ada.id, False),
]


@pytest.mark.parametrize("later", [False, True], ids=["before they asked", "after they asked"])
@pytest.mark.parametrize(("payload", "drops"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_of_what_could_not_be_read_nothing_stays_that_names_them(
    known: Known, payload: Callable[[Village], bytes], drops: bool, later: bool
) -> None:
    v = known.village
    body = payload(v).replace(b"{", b'{"repository": [1], ', 1)
    broken = inbox.Delivery(id="broken", event="issues", payload=body, received_at=BEGIN)

    def breaks(db: Connection) -> None:
        inbox.insert(db, [broken])
        while intake.take_in(db, BEGIN, start_live=True):
            pass

    comment(v, ASKS)
    acts: list[Callable[[], object]] = [known.hear, lambda: known.store.write_now(breaks)]
    for act in acts if later else reversed(acts):
        act()
    row = known.store.read_now(
        lambda db: db.execute(select(schema.deliveries).where(schema.deliveries.c.id == "broken")).one()
    )
    assert row.state == inbox.FAILED
    assert (row.payload is None) is drops
    assert ("asked to be forgotten" in row.error) is drops


def test_who_is_recorded_again_is_not_forgotten_because_of_an_old_wish(asked: Known) -> None:
    v = asked.village
    ada = PersonId(v.ada.id)
    assert asked.store.write_now(lambda db: forgetting.remember(db, ada))
    assert not asked.store.write_now(lambda db: forgetting.remember(db, ada))
    old = next(each.payload for each in reversed(v.deliveries) if each.event == "issue_comment")
    asked.hear_payload("issue_comment", old | {"action": "edited", "changes": {}})
    v.world.push(v.maps, by=v.grace, author=v.ada, files=["a.py"])
    asked.hear(BEGIN + HOUR)
    assert asked.row(schema.people, id=ada) is not None
    assert asked.all(schema.commits, "login") == [("ada",)]
    assert asked.all(schema.forgotten, "hash") == []
    comment(v, ASKS)
    asked.hear(BEGIN + HOUR * 2)
    assert left(asked, v.ada) == []


def test_nobody_is_forgotten_unless_they_were(known: Known) -> None:
    assert not known.store.write_now(lambda db: forgetting.remember(db, PersonId(5)))
    assert known.all(schema.marks, "name") == []


def test_several_are_forgotten_each_by_themselves(known: Known) -> None:
    v = known.village
    everywhere(v)
    comment(v, ASKS)
    v.world.comment(v.world.open_issue(v.maps, by=v.grace, title="A"), by=v.linus, body=ASKS)
    known.hear()
    assert (left(known, v.ada), left(known, v.linus)) == ([], [])
    assert left(known, v.grace)
    row = known.row(schema.threads, repo_id=v.maps.id, number=2)
    assert row is not None
    assert row["assignees"] == [GHOST.id]
    counted: Any = known.store.read_now(lambda db: db.scalar(select(func.count()).select_from(schema.forgotten)))
    assert counted == 4  # an id and a login of each
