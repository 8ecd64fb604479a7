"""Each kind of delivery becomes the rows that it should, also in the odd forms that GitHub's payloads have."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.levelling.traits import traits
from bot.memory import schema
from bot.memory.threads import answer_of, answers_query
from bot.model import GHOST, Answer, Came, RepoId, ThreadRef, Verdict
from bot.sandbox import ChangedFile
from bot.sandbox.model import Discussion, Issue, PullRequest, Thread
from tests import npm
from tests.memory.conftest import Known, Village, tell
from tests.stage import BEGIN

FILES = [ChangedFile(filename="a.py")]


def issue(v: Village) -> Issue:
    return v.world.open_issue(v.maps, by=v.ada, title="How do I rotate a map?", labels=["docs", "bug"])


def pull(v: Village) -> PullRequest:
    return v.world.open_pull_request(v.maps, by=v.ada, title="Rotate maps", files=FILES)


def draft(v: Village) -> PullRequest:
    return v.world.open_pull_request(v.maps, by=v.ada, title="Rotate maps", files=FILES, draft=True)


def discussion(v: Village) -> Discussion:
    return v.world.open_discussion(v.maps, by=v.ada, title="Hello", category="q-a")


@dataclass(frozen=True)
class Case:
    """What happens to a thread an hour after it was opened, and what its row holds then, besides what it held."""

    id: str
    opened: Callable[[Village], Thread]
    then: Callable[[Village, Any], object]
    expected: dict[str, object]


HOUR = BEGIN + timedelta(hours=1)
CASES = [
    Case("an issue", issue, lambda v, t: None, {"kind": "issue", "labels": ["bug", "docs"], "hint": "question"}),
    Case("a pull request", pull, lambda v, t: None, {"kind": "pull_request", "labels": [], "paths": None}),
    Case("a draft", draft, lambda v, t: None, {"draft": True, "ready_at": None}),
    Case("a discussion", discussion, lambda v, t: None, {"kind": "discussion", "category": "Q&A"}),
    Case("labelled", issue, lambda v, t: v.world.label(t, "ask", by=v.grace), {"labels": ["ask", "bug", "docs"]}),
    Case("unlabelled", issue, lambda v, t: v.world.unlabel(t, "bug", by=v.grace), {"labels": ["docs"]}),
    Case("closed", issue, lambda v, t: v.world.close(t, by=v.grace), {"is_open": False, "closed_at": HOUR}),
    Case("locked", issue, lambda v, t: v.world.lock(t, by=v.grace), {"locked": True, "is_open": True}),
    Case("renamed", issue, lambda v, t: v.world.edit(t, by=v.ada, title="docs: turn"), {"hint": "docs"}),
    Case("deleted", issue, lambda v, t: v.world.delete(t, by=v.grace), {"gone": True}),
    Case("moved away", issue, lambda v, t: v.world.transfer(t, v.huts, by=v.grace), {"gone": True, "moved": False}),
    Case("ready", draft, lambda v, t: v.world.ready_for_review(t, by=v.ada), {"draft": False, "ready_at": HOUR}),
    Case("drafted", pull, lambda v, t: v.world.convert_to_draft(t, by=v.ada), {"draft": True, "ready_at": None}),
    Case("merged", pull, lambda v, t: v.world.merge(t, by=v.grace), {"merged_at": HOUR, "is_open": False}),
    Case("declined", pull, lambda v, t: v.world.close(t, by=v.grace), {"merged_at": None, "closed_at": HOUR}),
    Case("talk closed", discussion, lambda v, t: v.world.close(t, by=v.grace), {"is_open": False}),
    Case("talk locked", discussion, lambda v, t: v.world.lock(t, by=v.grace), {"locked": True, "is_open": True}),
    Case("talk deleted", discussion, lambda v, t: v.world.delete(t, by=v.grace), {"gone": True}),
    Case("made a talk", issue, lambda v, t: v.world.convert_to_discussion(t, by=v.grace), {"is_open": False}),
]  # fmt: skip


REPORT = "It breaks in 1.2.3.\n\n## Steps to reproduce\n\nOpen a map." + " And so on." * 200


def report(v: Village) -> Issue:
    """With a long text, of which the traits stay."""
    return v.world.open_issue(v.maps, by=v.ada, title="It breaks", body=REPORT)


MORE_FILES = [*FILES, ChangedFile(filename="b.py", additions=3, deletions=2)]
CASES += [
    Case("a report", report, lambda v, t: None, {"traits": sorted(traits("It breaks", REPORT)), "files": None}),
    Case("cut short", report, lambda v, t: v.world.edit(t, by=v.ada, body="It breaks in 1.2.3"),
         {"traits": sorted(traits("It breaks", "It breaks in 1.2.3"))}),
    Case("no report", pull, lambda v, t: None, {"traits": None, "files": 1, "lines": 1, "sized_at": BEGIN}),
    Case("a larger pull request", pull, lambda v, t: v.world.synchronize(t, by=v.ada, files=MORE_FILES),
         {"files": 2, "lines": 6, "sized_at": HOUR}),
    Case("a comment tells no size", pull, lambda v, t: v.world.comment(t, by=v.grace, body="Thanks"),
         {"files": 1, "lines": 1, "sized_at": BEGIN}),
    Case("nor does a review", pull, lambda v, t: v.world.review(t, by=v.grace, state="COMMENTED", body="Thanks"),
         {"files": 1, "lines": 1, "sized_at": BEGIN}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_thread_is_as_the_last_news_shows_it(known: Known, case: Case) -> None:
    village = known.village
    thread = case.opened(village)
    village.later(hours=1)
    case.then(village, thread)
    known.hear()
    always: dict[str, object] = {
        "author_id": village.ada.id, "opened_by": village.ada.id, "moved": False,
        "node_id": thread.node_id, "created_at": BEGIN,
    }  # fmt: skip
    row = known.thread(thread)
    assert {name: row[name] for name in always | case.expected} == always | case.expected


def test_what_was_closed_can_be_opened_again(known: Known) -> None:
    thread = issue(known.village)
    for act in (known.village.world.close, known.village.world.reopen):
        known.village.later(hours=1)
        act(thread, by=known.village.grace)
    known.hear()
    assert known.thread(thread)["is_open"]
    assert known.thread(thread)["closed_at"] is None


def test_a_thread_that_was_moved_or_converted_was_opened_by_whoever_did_it(known: Known) -> None:
    v = known.village
    moved = v.world.transfer(issue(v), v.huts, by=v.grace)
    converted = v.world.convert_to_discussion(issue(v), by=v.linus)
    known.hear()
    rows = [known.thread(thread) for thread in (moved, converted)]
    assert [(row["author_id"], row["opened_by"]) for row in rows] == [(v.ada.id, v.grace.id), (v.ada.id, v.linus.id)]
    assert rows[0]["moved"]


def test_comments_and_reviews_are_kept_without_their_text_and_stay_gone(known: Known) -> None:
    v = known.village
    asked, proposed, talk = issue(v), pull(v), discussion(v)
    comments = [v.world.comment(thread, by=v.linus, body="Hm.") for thread in (asked, proposed, talk)]
    review = v.world.review(proposed, by=v.grace, state="APPROVED")
    v.later(hours=1)
    v.world.delete_comment(comments[0], by=v.grace)
    known.hear()
    told = {
        (kind, source, number, person, gone)
        for kind, source, number, person, at, gone in known.all(
            schema.activity, "kind", "source_id", "number", "person_id", "at", "gone"
        )
        if at == BEGIN
    }
    assert told == {
        ("issue_comment", comments[0].id, asked.number, v.linus.id, True),
        ("issue_comment", comments[1].id, proposed.number, v.linus.id, False),
        ("discussion_comment", comments[2].id, talk.number, v.linus.id, False),
        ("review", review.id, proposed.number, v.grace.id, False),
    }


WHY = "Why is that?"
ASKS: list[tuple[str, Callable[[Village], object], bool | None]] = [
    ("a comment asks", lambda v: v.world.comment(issue(v), by=v.grace, body=WHY), True),
    ("a comment tells", lambda v: v.world.comment(issue(v), by=v.grace, body="So it is."), False),
    ("in a discussion", lambda v: v.world.comment(discussion(v), by=v.grace, body=WHY), True),
    ("a bot asks", lambda v: v.world.comment(issue(v), by=v.installation.app.bot, body=WHY), None),
    ("a review asks", lambda v: v.world.review(pull(v), by=v.grace, state="COMMENTED", body=WHY), True),
    ("a review tells", lambda v: v.world.review(pull(v), by=v.grace, state="APPROVED", body="Good."), False),
    ("a review says nothing", lambda v: v.world.review(pull(v), by=v.grace, state="APPROVED"), False),
    ("changes are asked for", lambda v: v.world.review(pull(v), by=v.grace, state="CHANGES_REQUESTED", body="x"), True),
]  # fmt: skip


@pytest.mark.parametrize(("act", "asks"), [case[1:] for case in ASKS], ids=[case[0] for case in ASKS])
def test_whether_an_answer_asks_something(known: Known, act: Callable[[Village], object], asks: bool | None) -> None:
    act(known.village)
    known.hear()
    assert [answer.asks for answer in answers(known)] == [asks]


AWAY = "/away 1 week"
TO_THE_BOT: list[tuple[str, Callable[[Village], object], bool | None]] = [
    ("a command", lambda v: v.world.comment(issue(v), by=v.grace, body=AWAY), False),
    ("beside words", lambda v: v.world.comment(issue(v), by=v.grace, body=f"So it is.\n\n{AWAY}"), True),
    ("words alone", lambda v: v.world.comment(issue(v), by=v.grace, body="So it is."), True),
    ("for another", lambda v: v.world.comment(issue(v), by=v.grace, body="@linus help"), True),
    ("to people", lambda v: v.world.comment(issue(v), by=v.grace, body="/level medium"), True),
    ("a bot's", lambda v: v.world.comment(issue(v), by=v.installation.app.bot, body=AWAY), None),
    ("in a review", lambda v: v.world.review(pull(v), by=v.grace, state="COMMENTED", body=AWAY), False),
    ("a verdict", lambda v: v.world.review(pull(v), by=v.grace, state="APPROVED", body=AWAY), True),
    ("a verdict without words", lambda v: v.world.review(pull(v), by=v.grace, state="APPROVED"), True),
]  # fmt: skip


@pytest.mark.parametrize(("act", "says"), [case[1:] for case in TO_THE_BOT], ids=[case[0] for case in TO_THE_BOT])
def test_whether_an_answer_is_to_the_bot_alone(
    known: Known, act: Callable[[Village], object], says: bool | None
) -> None:
    act(known.village)
    known.hear()
    assert [answer.says for answer in answers(known)] == [says]


def answers(known: Known) -> list[Answer]:
    at = {"owner_id": known.village.organisation.id}
    return known.store.read_now(lambda db: [answer_of(row) for row in db.execute(answers_query(), at)])


@pytest.mark.parametrize("turn", [1, -1], ids=["in order", "late"])
def test_an_edit_may_ask_or_no_longer_do(known: Known, turn: int) -> None:
    v = known.village
    comments = [v.world.comment(issue(v), by=v.grace, body=body) for body in (WHY, "So.")]
    v.later(hours=1)
    for comment, body in zip(comments, ("So.", WHY), strict=True):
        v.world.edit_comment(comment, by=v.grace, body=body)
    known.store.write_now(lambda db: tell(db, v.deliveries[::turn]))
    assert [answer.asks for answer in answers(known)] == [False, True]


@pytest.mark.parametrize("turn", [1, -1], ids=["in order", "late"])
def test_an_edit_may_add_words_to_a_command_or_leave_only_that(known: Known, turn: int) -> None:
    v = known.village
    comments = [v.world.comment(issue(v), by=v.grace, body=body) for body in (AWAY, "So.")]
    v.later(hours=1)
    for comment, body in zip(comments, (f"So.\n\n{AWAY}", AWAY), strict=True):
        v.world.edit_comment(comment, by=v.grace, body=body)
    known.store.write_now(lambda db: tell(db, v.deliveries[::turn]))
    assert [answer.says for answer in answers(known)] == [True, False]


def test_changes_that_were_requested_and_dismissed_ask_nothing(known: Known) -> None:
    v = known.village
    judged = v.world.review(pull(v), by=v.grace, state="CHANGES_REQUESTED", body="Bluer.")
    v.later(hours=1)
    v.world.dismiss_review(judged, by=v.grace)
    known.hear()
    assert [(answer.verdict, answer.asks) for answer in answers(known)] == [(Verdict.DISMISSED, False)]


@pytest.mark.parametrize("turn", [1, -1], ids=["in order", "late"])
def test_the_newest_commit_of_a_pull_request_is_known(known: Known, turn: int) -> None:
    v = known.village
    it = pull(v)
    v.later(hours=1)
    v.world.synchronize(it, by=v.ada, files=FILES)
    v.later(hours=1)
    v.world.comment(it, by=v.grace, body="Thanks")
    known.store.write_now(lambda db: tell(db, v.deliveries[::turn]))
    assert known.thread(it)["head_sha"] == it.head_sha


def test_a_comment_alone_is_enough_to_know_the_thread(known: Known) -> None:
    thread = pull(known.village)
    known.village.world.comment(thread, by=known.village.linus, body="Nice.")
    del known.village.deliveries[:-1]
    known.hear()
    row = known.thread(thread)
    assert (row["kind"], row["author_id"], row["opened_by"]) == ("pull_request", known.village.ada.id, None)


def test_review_comments_and_dismissed_reviews_are_understood_as_github_sends_them(known: Known) -> None:
    examples = json.loads(npm.file("@octokit/webhooks-examples", "api.github.com/index.json").read_bytes())
    by_name = {each["name"]: each["examples"] for each in examples}
    [ref] = known.hear_payload("pull_request_review_comment", by_name["pull_request_review_comment"][0])
    [again] = known.hear_payload("pull_request_review", by_name["pull_request_review"][0])
    assert ref == again
    assert {kind for kind, *_ in known.all(schema.activity, "kind")} == {"review", "review_comment"}


def test_the_team_is_known_from_members_collaborators_and_associations(known: Known) -> None:
    v = known.village
    kim, lee, mia = (v.world.user(login) for login in ("kim", "lee", "mia"))
    v.world.add_member(v.organisation, kim)
    v.world.add_collaborator(v.maps, lee)
    v.world.remove_collaborator(v.maps, lee)
    v.world.add_member(v.organisation, mia)
    v.world.remove_member(v.organisation, mia)
    v.world.comment(issue(v), by=v.grace, body="Hello.")
    known.hear()
    team = dict(known.all(schema.team, "person_id", "belongs"))
    assert team == {kim.id: True, lee.id: True, mia.id: False, v.grace.id: True}


def test_the_installation_follows_what_the_owner_does_with_it(known: Known) -> None:
    v = known.village
    states = []
    acts: list[Callable[[], object]] = [
        lambda: None,
        lambda: v.world.suspend(v.installation),
        lambda: v.world.unsuspend(v.installation),
        lambda: v.world.accept_permissions(v.installation),
        lambda: v.world.uninstall(v.installation),
        lambda: issue(v),
    ]
    for hour, act in enumerate(acts):
        v.later(hours=1)
        act()
        known.hear(BEGIN + timedelta(hours=hour))
        states.append(known.all(schema.installations, "id", "owner_id", "state"))
    words = ["active", "suspended", "active", "active", "deleted", "deleted"]
    assert states == [[(v.installation.id, v.organisation.id, word)] for word in words]


def test_a_repository_is_known_by_its_id_through_rename_archive_and_deletion(known: Known) -> None:
    v = known.village
    issue(v)
    v.world.rename_repository(v.maps, "atlas")
    v.world.archive(v.maps)
    known.hear()
    row = known.row(schema.repos, id=v.maps.id)
    assert row is not None
    assert (row["owner_id"], row["name"], row["archived"], row["gone"]) == (v.organisation.id, "atlas", True, False)
    v.world.delete_repository(v.maps)
    known.hear(HOUR)
    row = known.row(schema.repos, id=v.maps.id)
    assert row is not None
    assert row["gone"]


def test_people_are_known_by_their_id_and_bots_by_their_type(known: Known) -> None:
    v = known.village
    thread, bot = issue(v), v.world.bot("dependabot")
    v.world.comment(thread, by=bot, body="Bump.")
    v.world.rename_user(v.ada, "countess")
    v.world.comment(thread, by=v.ada, body="It is me.")
    known.hear()
    people = {id_: (login, is_bot) for id_, login, is_bot in known.all(schema.people, "id", "login", "is_bot")}
    assert people[v.ada.id] == ("countess", False)
    assert people[bot.id] == ("dependabot[bot]", True)


def test_an_owner_is_witnessed_from_the_first_news_on_and_may_be_renamed(known: Known) -> None:
    v = known.village
    known.hear(BEGIN)
    v.world.rename_organization(v.organisation, "alpine-club")
    known.hear(HOUR)
    owners = known.all(schema.owners, "id", "login", "is_organisation", "witnessed_since")
    assert owners == [(v.organisation.id, "alpine-club", True, BEGIN)]


def test_the_past_is_told_by_the_same_payloads_but_opens_nothing_and_asks_nothing(known: Known) -> None:
    v = known.village
    thread = v.world.open_issue(v.maps, by=v.ada, title="A", body="/no-bot")
    assert known.hear_payload("issues", v.deliveries[-1].payload, live=False) == {
        ThreadRef(RepoId(v.maps.id), thread.number)
    }
    assert known.thread(thread)["opened_by"] is None
    assert known.all(schema.requests, "name") == []


def _change(path: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(data: dict[str, Any]) -> None:
        *parents, last = path.split(".")
        for name in parents:
            data = data[name]
        if value is KeyError:
            data.pop(last)
        else:
            data[last] = value

    return change


ODD = [
    ("a deleted author", _change("issue.user", None), {"author_id": GHOST.id}),
    ("a deleted sender", _change("sender", None), {"opened_by": GHOST.id}),
    ("no text", _change("issue.body", None), {"hint": Came.QUESTION}),
    ("no title and no text", lambda d: (_change("issue.title", None)(d), d["issue"].pop("body")), {"hint": "unknown"}),
    ("no labels", _change("issue.labels", None), {"labels": []}),
    ("no node id", _change("issue.node_id", KeyError), {"node_id": ""}),
    ("no date of change", _change("issue.updated_at", None), {"updated_at": BEGIN}),
    ("no association", _change("issue.author_association", KeyError), {"is_open": True}),
    ("no lock", _change("issue.locked", KeyError), {"locked": False}),
    ("no installation", _change("installation", KeyError), {"is_open": True}),
    ("milliseconds", _change("issue.updated_at", "2026-11-23T09:00:00.123Z"),
     {"updated_at": BEGIN + timedelta(milliseconds=123)}),
    ("another zone", _change("issue.created_at", "2026-11-23T10:00:00+01:00"), {"created_at": BEGIN}),
    ("no zone", _change("issue.created_at", "2026-11-23T09:00:00"), {"created_at": BEGIN}),
]  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), [row[1:] for row in ODD], ids=[row[0] for row in ODD])
def test_what_github_leaves_out_or_writes_otherwise_is_understood(
    known: Known, change: Callable[[dict[str, Any]], object], expected: dict[str, object]
) -> None:
    thread = issue(known.village)
    data = next(each.payload for each in known.village.deliveries if each.name == "issues.opened")
    change(data)
    known.hear_payload("issues", data)
    row = known.thread(thread)
    assert {name: row[name] for name in expected} == expected
    assert all(value.tzinfo is UTC for value in row.values() if isinstance(value, datetime))


def test_a_user_owns_repositories_as_well_as_an_organisation_does(known: Known) -> None:
    v = known.village
    own = v.world.repository(v.linus, "notes")
    v.world.open_issue(own, by=v.ada, title="A")
    known.hear_payload("issues", v.world.past[-1].payload)
    assert known.all(schema.owners, "id", "login", "is_organisation") == [(v.linus.id, "linus", False)]
