"""What would have been posted, as tables of small memories: who counts as new, what may be told where, what a change
brings."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.memory import schema
from bot.model import OwnerId, Repo, RepoId
from bot.policy import Policy
from bot.policytypes import Mode
from bot.preview import Difference, Preview, Sight, difference, preview
from tests import postgres
from tests.memory.conftest import ADA, ANOTHER_REPO, BOT, GRACE, GREETER, LINUS, OWNER, REPO, Archive, opened
from tests.rules.scenes import policy
from tests.stage import BEGIN

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = BEGIN + 60 * DAY
WINDOW = NOW - 30 * DAY
LATELY = NOW - 10 * DAY
LATER = LATELY + DAY
ON = policy(welcome={"mode": Mode.ON})
HELD = policy(welcome={"mode": Mode.ON, "hold": 2 * HOUR})
GREETED = policy(welcome={"mode": Mode.ON, "other_greeters": ("Welcome-Robot",)})
INVITES = policy(invitation={"mode": Mode.ON})
REPORT: dict[str, Any] = {"hint": "problem", "traits": ["steps", "traceback", "version"]}
PULL: dict[str, Any] = {"kind": "pull_request"}


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with opened(f"sqlite:///{tmp_path}/memory.db") as store:
        yield Archive(store)


def shown(
    archive: Archive,
    given: Policy | Mapping[int, Policy] = ON,
    *,
    days: int = 30,
    repos: list[RepoId] | None = None,
    seen_from: RepoId | Sight | None = Sight.OPERATOR,
) -> Preview:
    def policies(_: Connection, where: Repo) -> Policy:
        return given if isinstance(given, Policy) else given.get(where.id, policy())

    return archive.store.read_now(
        lambda db: preview(
            db, OwnerId(OWNER), policies, NOW, since=timedelta(days=days), repos=repos, seen_from=seen_from
        )
    )


def said(told: Preview) -> list[tuple[str, str]]:
    return [(post.thread.partition("/")[2], post.template) for post in told.aloud]


Given = Callable[[Archive], object]
ISSUE, MERGE = ("maps#9", "welcome-issue"), ("maps#9", "welcome-merge")


@dataclass(frozen=True)
class Case:
    """What memory holds besides Ada's issue 9 of late, and what would have been posted."""

    id: str
    given: Given
    expected: list[tuple[str, str]]
    policy: Policy = ON


def _set(**columns: object) -> Given:
    return lambda a: a.set(schema.threads, **columns)


def _step(step: str, at: timedelta, about: str = "") -> Given:
    place = {"repo_id": REPO, "number": 9, "at": LATELY + at, "step": step, "about": about, "person_id": GRACE}
    return lambda a: a.put(schema.happenings, **place)


def _all(*given: Given) -> Given:
    return lambda a: [one(a) for one in given]


CASES = [
    Case("a newcomer", lambda a: None, [ISSUE]),
    Case("a second issue", lambda a: a.thread(10, at=LATER), [ISSUE]),
    Case("an issue before, witnessed", lambda a: a.thread(1, at=BEGIN + DAY), []),
    Case("an issue before, in a repository that is not covered",
         lambda a: (a.repo(77, "old", covered=False), a.thread(1, at=BEGIN + DAY, repo=77)), []),
    Case("a deleted issue before", lambda a: a.thread(1, at=BEGIN + DAY, gone=True), []),
    Case("another kind before", lambda a: a.thread(1, at=BEGIN + DAY, kind="discussion"), [ISSUE]),
    Case("a comment from before the bot", lambda a: a.answer(1, by=ADA, at=BEGIN - DAY), []),
    Case("a comment since the bot was there", lambda a: a.answer(1, by=ADA, at=BEGIN + DAY), [ISSUE]),
    Case("a comment before, in a thread of theirs that was witnessed",
         lambda a: (a.thread(1, at=BEGIN - DAY, **PULL), a.answer(1, by=ADA, at=BEGIN - DAY)), [ISSUE]),
    Case("a pull request from before the bot", lambda a: a.thread(1, at=BEGIN - DAY, opened_by=None, **PULL), []),
    Case("a merge before", lambda a: a.thread(1, at=BEGIN + DAY, merged_at=LATELY - HOUR, **PULL),
         [("maps#1", "welcome-merge")]),
    Case("a report that the team has answered",
         _all(_set(**REPORT), lambda a: a.answer(9, by=GRACE, at=LATELY + HOUR)), [("maps#9", "invitation")], INVITES),
    Case("one that nobody has answered", _set(**REPORT), [], INVITES),
    Case("one that somebody of the team took at once, and gave back",
         _all(_set(**REPORT), _step("assigned", HOUR, str(GRACE)), _step("unassigned", 2 * HOUR, str(GRACE))),
         [("maps#9", "invitation")], INVITES),
    Case("one that somebody of the team has taken for another",
         _all(_set(**REPORT, assignees=[LINUS]), _step("assigned", HOUR, str(LINUS)),
              lambda a: a.answer(9, by=GRACE, at=LATELY + HOUR)), [], INVITES),
    Case("a report with fewer signs by somebody who has reported several times",
         _all(lambda a: [a.thread(number, at=BEGIN + DAY) for number in (1, 2, 3)], _set(**REPORT),
              _set(traits=["version", "steps"]), lambda a: a.answer(9, by=GRACE, at=LATELY + HOUR)),
         [("maps#9", "invitation")], INVITES),
    Case("a member", lambda a: a.team(ADA), []),
    Case("one who left the team", lambda a: a.team(ADA, belongs=False), [ISSUE]),
    Case("a bot by its type", _set(author_id=BOT, opened_by=BOT), []),
    Case("a bot by the configuration", lambda a: None, [],
         policy(welcome={"mode": Mode.ON}, people={"bots": ("Ada",)})),
    Case("a deleted account", _set(author_id=10137, opened_by=10137), []),
    Case("nobody we know", _set(author_id=999, opened_by=999), []),
    Case("the owner", _all(_set(author_id=OWNER, opened_by=OWNER), lambda a: a.put(
        schema.people, id=OWNER, login="alpine-tools", is_bot=False, heard_at=BEGIN)), []),
    Case("opted out", lambda a: a.put(schema.optouts, owner_id=OWNER, person_id=ADA, opted_out=True, as_of=NOW), []),
    Case("opted in again", lambda a: a.put(schema.optouts, owner_id=OWNER, person_id=ADA, opted_out=False, as_of=NOW),
         [ISSUE]),
    Case("locked", _set(locked=True), []),
    Case("gone", _set(gone=True), []),
    Case("made by somebody else", _set(opened_by=GRACE), []),
    Case("moved", _set(moved=True), []),
    Case("not witnessed, opened while the bot is taken to have been there",
         _all(_set(opened_by=None), lambda a: a.set(schema.owners, witnessed_since=NOW)), [ISSUE]),
    Case("closed later", _set(is_open=False, closed_at=LATER), [ISSUE]),
    Case("with the label", _set(labels=["No-Bot"]), []),
    Case("the label came later", _all(_set(labels=["no-bot"]), _step("labeled", HOUR, "no-bot")), [ISSUE]),
    Case("the label came at once", _all(_set(labels=["no-bot"]), _step("labeled", timedelta(seconds=2), "no-bot")), []),
    Case("the label was taken away in time", _step("unlabeled", HOUR, "no-bot"), [ISSUE]),
    Case("the label was taken away too late", _step("unlabeled", 8 * DAY, "no-bot"), []),
    Case("the team answered in time", lambda a: a.answer(9, by=GRACE, at=LATELY + HOUR), [], HELD),
    Case("the team answered, and nothing waits for it", lambda a: a.answer(9, by=GRACE, at=LATELY + HOUR), [ISSUE]),
    Case("somebody else answered", lambda a: a.answer(9, by=LINUS, at=LATELY + HOUR), [ISSUE], HELD),
    Case("closed while the team had time", _all(_set(is_open=False), _step("closed", HOUR)), [], HELD),
    Case("closed and reopened", _all(_step("closed", HOUR), _step("reopened", 3 * HOUR)), [ISSUE], HELD),
    Case("another bot is around and greets here",
         lambda a: (a.answer(1, by=GREETER, at=BEGIN), a.answer(9, by=GREETER, at=LATELY + timedelta(seconds=9))),
         [], GREETED),
    Case("another bot comes too late", lambda a: a.answer(9, by=GREETER, at=LATELY + HOUR), [ISSUE], GREETED),
    Case("another bot greeted there", _set(greeted=True), [], GREETED),
    Case("another bot greets elsewhere", lambda a: a.answer(1, by=GREETER, at=BEGIN), [ISSUE], GREETED),
    Case("ready late", _all(_set(kind="pull_request", ready_at=LATER)), [("maps#9", "welcome-pull-request")]),
    Case("a draft", _all(_set(kind="pull_request", draft=True)), []),
    Case("merged", _all(_set(kind="pull_request", merged_at=LATER, closed_at=LATER, is_open=False)),
         [("maps#9", "welcome-pull-request"), MERGE]),
    Case("opened long ago, merged of late", _set(kind="pull_request", created_at=BEGIN - DAY, opened_by=None,
                                                 merged_at=LATELY, is_open=False), [MERGE]),
    Case("switched off", lambda a: None, [], policy(welcome={"mode": Mode.OFF})),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_who_would_hear_something(case: Case, archive: Archive) -> None:
    archive.thread(9, at=LATELY)
    case.given(archive)
    assert said(shown(archive, case.policy)) == case.expected


def test_a_post_tells_all_about_itself(archive: Archive) -> None:
    archive.thread(9, at=LATELY, kind="discussion")
    [post] = shown(archive, HELD).posts
    assert (post.at, post.repo, post.number) == (LATELY + 2 * HOUR, "alpine-tools/maps", 9)
    assert (post.feature, post.template, post.login, post.aloud) == ("welcome", "welcome-discussion", "ada", True)
    assert post.url == "https://github.com/maps/discussions/9"
    assert post.why == "first discussion of ada in alpine-tools"


@pytest.mark.parametrize(
    ("since", "commented_at", "new"),
    [
        pytest.param(NOW, WINDOW - HOUR, False, id="before the window, and the bot came later"),
        pytest.param(NOW, WINDOW + HOUR, True, id="in the window"),
        pytest.param(WINDOW - DAY, WINDOW - HOUR, True, id="since the bot really listens"),
        pytest.param(WINDOW - DAY, WINDOW - 2 * DAY, False, id="before it really listened"),
    ],
)
def test_where_the_past_ends(archive: Archive, since: datetime, commented_at: datetime, *, new: bool) -> None:
    archive.set(schema.owners, witnessed_since=since)
    archive.thread(9, at=LATELY, opened_by=None)
    archive.answer(3, by=ADA, at=commented_at, repo=ANOTHER_REPO)
    assert said(shown(archive)) == ([ISSUE] if new else [])


@pytest.mark.parametrize(
    ("told", "expected"),
    [({"has_past": True}, []), ({"has_past": None}, []), ({"has_past": False}, [ISSUE]), (None, [ISSUE])],
)
def test_while_the_past_is_not_read_searches_count(
    tmp_path: Path, told: dict[str, bool | None] | None, expected: object
) -> None:
    with opened(f"sqlite:///{tmp_path}/memory.db") as store:
        archive = Archive(store, past_read=False)
        archive.thread(9, at=LATELY)
        if told is not None:
            archive.put(schema.acquaintances, owner_id=OWNER, person_id=ADA, asked_at=BEGIN, **told)
        found = shown(archive)
        assert (said(found), found.past_is_read) == (expected, False)


def test_the_window_is_what_is_told_of_and_what_was_said_before_counts(archive: Archive) -> None:
    archive.thread(1, at=WINDOW - HOUR)
    archive.thread(2, at=WINDOW + HOUR, by=LINUS, kind="pull_request")
    archive.thread(3, at=WINDOW + 2 * HOUR)
    assert said(shown(archive)) == [("maps#2", "welcome-pull-request")]
    assert [thread for thread, _ in said(shown(archive, days=31))] == ["maps#1", "maps#2"]


def test_a_note_on_another_repository_needs_a_welcome_before(archive: Archive) -> None:
    notes = policy(welcome={"mode": Mode.ON, "another_repo": "note"}, links={"chat": "https://example.org/{repo}"})
    archive.thread(1, at=BEGIN + DAY)
    archive.thread(9, at=LATELY, repo=ANOTHER_REPO)
    note = [("huts#9", "welcome-another-repo")]
    assert said(shown(archive, notes)) == note
    shy = notes.model_copy(update={"welcome": notes.welcome.model_copy(update={"mode": Mode.SHADOW})})
    assert said(shown(archive, {REPO: shy, ANOTHER_REPO: notes})) == []  # the welcome was never posted
    hide = schema.repos.update().where(schema.repos.c.id == REPO).values(private=True)
    archive.store.write_now(lambda db: db.execute(hide))
    assert said(shown(archive, notes)) == []  # it was said in a private place


def test_private_repositories_are_told_of_in_themselves_alone(archive: Archive) -> None:
    archive.repo(13, "secret", private=True)
    archive.thread(1, at=LATELY, repo=13)
    archive.thread(2, at=LATELY, by=LINUS)
    public, secret = [("maps#2", "welcome-issue")], [("secret#1", "welcome-issue")]
    assert said(shown(archive, seen_from=None)) == public
    assert said(shown(archive, seen_from=RepoId(REPO))) == public
    assert sorted(said(shown(archive, seen_from=RepoId(13)))) == public + secret
    assert sorted(said(shown(archive))) == public + secret
    assert said(shown(archive, repos=[RepoId(13)])) == secret
    assert said(shown(archive, repos=[RepoId(13)], seen_from=None)) == []


def test_each_repository_has_its_own_configuration_and_shadow_is_told_apart(archive: Archive) -> None:
    archive.thread(1, at=LATELY)
    archive.thread(2, at=LATER, by=LINUS, repo=ANOTHER_REPO)
    told = shown(archive, {REPO: ON})
    assert [(post.thread, post.aloud) for post in told.posts] == [
        ("alpine-tools/maps#1", True),
        ("alpine-tools/huts#2", False),
    ]
    assert (told.counts(), told.by_feature()) == ({"welcome-issue": 1}, {"welcome": 1})
    assert [post.number for post in told.recorded] == [2]


def test_pauses_and_mutes_do_not_count(archive: Archive) -> None:
    archive.thread(9, at=LATELY)
    archive.put(schema.pauses, owner_id=OWNER, repo_id=0, until=NOW + DAY, as_of=BEGIN)
    archive.put(schema.mutes, repo_id=REPO, kind="welcome-issue", muted=True, as_of=BEGIN)
    assert said(shown(archive)) == [ISSUE]


def changed(archive: Archive, before: Policy, after: Policy) -> Difference:
    return difference(shown(archive, before), shown(archive, after))


def test_a_difference_is_what_comes_what_goes_and_what_stays(archive: Archive) -> None:
    archive.thread(1, at=LATELY)
    archive.answer(1, by=GRACE, at=LATELY + HOUR)
    archive.thread(2, at=LATELY, by=LINUS)
    archive.thread(3, at=LATER, by=LINUS, kind="discussion")
    talk = policy(welcome={"mode": Mode.ON, "hold": 2 * HOUR, "first_discussion": False})
    change = changed(archive, talk, ON)
    assert [[post.number for post in posts] for posts in (change.new, change.gone, change.kept)] == [[1, 3], [], [2]]
    change = changed(archive, ON, talk)
    assert [[post.number for post in posts] for posts in (change.new, change.gone, change.kept)] == [[], [1, 3], [2]]
    change = changed(archive, policy(), ON)
    assert [len(posts) for posts in (change.new, change.gone, change.kept)] == [3, 0, 0]


def test_postgresql_tells_the_same(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    notes = policy(welcome={"mode": Mode.ON, "another_repo": "note"}, links={"chat": "https://example.org/{repo}"})
    with postgres.database("postgresql", request.config, tmp_path) as url, opened(url) as store:
        archive = Archive(store)
        archive.thread(1, at=BEGIN + DAY)
        archive.thread(9, at=LATELY, repo=ANOTHER_REPO)
        archive.thread(3, at=BEGIN - DAY, by=LINUS, opened_by=None, merged_at=LATELY, is_open=False, **PULL)
        archive.answer(9, by=GREETER, at=LATER, repo=ANOTHER_REPO)
        assert said(shown(archive, notes)) == [("maps#3", "welcome-merge"), ("huts#9", "welcome-another-repo")]
