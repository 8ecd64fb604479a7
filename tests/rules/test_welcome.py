"""The welcome as a table: who is welcomed, who is left alone and why, and what is asked first."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from bot.effects import Learn, LookAgain, Question, Quiet, Say
from bot.looking import ThreadLook
from bot.model import GHOST, Came, RepoId, ThreadKind
from bot.policy import Call, Policy
from bot.rules import welcome
from tests.rules.scenes import ADA, DEFAULTS, GOAT, GRACE, MAPS, NOW, answered, look, policy

PULL = {"kind": ThreadKind.PULL_REQUEST, "paths": ("maps/draw.py",)}
MERGED = {**PULL, "merged_at": NOW, "is_open": False}
HOUR = timedelta(hours=1)
NOTE: dict[str, Any] = {"welcome": {"another_repo": "note"}, "links": {"chat": "https://example.org/{repo}"}}
ELSEWHERE: dict[str, Any] = {
    "earlier": frozenset({ThreadKind.ISSUE}), "met_in": frozenset({RepoId(101)}),
    "done": frozenset({"welcome/issue/1/7"}),
}  # fmt: skip


HELD_NOTE = policy(**NOTE | {"welcome": {"another_repo": "note", "hold": HOUR}})
OLD: dict[str, Any] = {"created_at": NOW - 8 * 24 * HOUR, "heard_at": NOW - 8 * 24 * HOUR}


def only(scene: ThreadLook, configured: Policy = DEFAULTS) -> object:
    [effect] = welcome.decide(scene, configured, NOW)
    return effect


@pytest.mark.parametrize(
    ("scene", "template", "came", "again"),
    [
        pytest.param(look(), "issue", "unknown", False, id="first issue"),
        pytest.param(look(labels=frozenset({"bug"})), "issue", "problem", False, id="problem by label"),
        pytest.param(look(labels=frozenset({"BUG"})), "issue", "problem", False, id="labels in any case"),
        pytest.param(look(labels=frozenset({"support"})), "issue", "question", False, id="question by label"),
        pytest.param(look(labels=frozenset({"enhancement"})), "issue", "wish", False, id="wish by label"),
        pytest.param(look(labels=frozenset({"documentation"})), "issue", "docs", False, id="docs by label"),
        pytest.param(look(hint=Came.WISH), "issue", "wish", False, id="wish by template"),
        pytest.param(
            look(labels=frozenset({"bug"}), hint=Came.QUESTION), "issue", "problem", False, id="label before template"
        ),
        pytest.param(look(**PULL), "pull-request", "code", False, id="first pull request"),
        pytest.param(look(**PULL | {"paths": ("docs/a.md", "README.md")}), "pull-request", "docs", False, id="docs"),
        pytest.param(
            look(**PULL | {"paths": ("docs/a.md", "a.py")}), "pull-request", "code", False, id="docs and code"
        ),
        pytest.param(
            look(**PULL, labels=frozenset({"bug", "documentation"})),
            "pull-request",
            "docs",
            False,
            id="a documentation bug",
        ),
        pytest.param(look(**PULL | {"paths": ()}), "pull-request", "code", False, id="no files"),
        pytest.param(
            look(**PULL | {"paths": None}, hint=Came.DOCS), "pull-request", "docs", False, id="docs by the title"
        ),
        pytest.param(look(kind=ThreadKind.DISCUSSION), "discussion", "talk", False, id="first discussion"),
        pytest.param(
            look(kind=ThreadKind.DISCUSSION, category="Q&A"), "discussion", "question", False, id="discussion in Q&A"
        ),
        pytest.param(
            look(**PULL, earlier=frozenset({ThreadKind.ISSUE}), done=frozenset({"welcome/issue/1/7"})),
            "pull-request",
            "code",
            True,
            id="after a first issue that was welcomed",
        ),
        pytest.param(
            look(**PULL, earlier=frozenset({ThreadKind.ISSUE})),
            "pull-request",
            "code",
            False,
            id="after a first issue that was not",
        ),
        pytest.param(look(greeted=False, greeter_around=None), "issue", "unknown", False, id="no other welcome there"),
    ],
)
def test_newcomers_are_welcomed(scene: ThreadLook, template: str, came: str, again: bool) -> None:
    say = only(scene)
    assert isinstance(say, Say)
    assert (say.template, say.values["came"], say.values["again"]) == (f"welcome-{template}", came, again)
    assert say.to == ADA
    assert say.key == f"welcome/{scene.thread.kind}/1/7"  # the organisation and the person, not the thread
    assert "ada in alpine-tools" in say.why


@pytest.mark.parametrize(
    ("scene", "configured", "why"),
    [
        pytest.param(look(author=GHOST), DEFAULTS, "account is deleted", id="ghost"),
        pytest.param(look(author=GOAT), DEFAULTS, "goat[bot] is a bot", id="bot by account type"),
        pytest.param(look(), policy(people={"bots": ("ADA",)}), "ada is a bot", id="bot by configuration"),
        pytest.param(look(is_team=True), DEFAULTS, "belongs to the organisation", id="member or collaborator"),
        pytest.param(look(opted_out=True), DEFAULTS, "asked to be left alone", id="opted out"),
        pytest.param(look(), policy(people={"leave_alone": ("Ada",)}), "asked to be left alone", id="in the list"),
        pytest.param(look(labels=frozenset({"no-bot"})), DEFAULTS, "has the label no-bot", id="no-bot label"),
        pytest.param(look(labels=frozenset({"No-Bot"})), DEFAULTS, "has the label no-bot",
                     id="no-bot label in any case"),
        pytest.param(look(locked=True), DEFAULTS, "is locked", id="locked"),
        pytest.param(look(repo=replace(MAPS, archived=True)), DEFAULTS, "archived",
                     id="archived"),
        pytest.param(look(opened_by=None), DEFAULTS, "before Switchback listened",
                     id="heard of by something else than its opening"),
        pytest.param(look(moved=True), DEFAULTS, "moved or made here", id="transferred"),
        pytest.param(look(opened_by=GRACE.id), DEFAULTS, "moved or made here", id="converted by somebody else"),
        pytest.param(look(is_open=False), DEFAULTS, "is closed", id="closed"),
        pytest.param(look(**PULL, draft=True), DEFAULTS, "draft", id="draft"),
        pytest.param(look(has_past=True), DEFAULTS, "active in alpine-tools before", id="was here before"),
        pytest.param(look(merged_before=True), DEFAULTS, "no newcomer any more", id="had a pull request merged"),
        pytest.param(look(earlier=frozenset({ThreadKind.ISSUE})), DEFAULTS, "not the first issue", id="second issue"),
        pytest.param(look(said=frozenset({"welcome/issue/1/7"})), DEFAULTS, "not the first", id="welcomed elsewhere"),
        pytest.param(look(said_here=frozenset({"welcome/issue/1/7"})), DEFAULTS, "has been welcomed here", id="done"),
        pytest.param(look(said_here=frozenset({"welcome/issue/2/7"})), DEFAULTS, "has been welcomed here",
                     id="done, before the repository moved here"),
        pytest.param(look(**ELSEWHERE, said_here=frozenset({"welcome/repo/100/7"})), policy(**NOTE),
                     "has been welcomed here", id="noted here"),
        pytest.param(look(**MERGED, said_here=frozenset({"welcome/merge/2/7"})), DEFAULTS, "congratulated here",
                     id="congratulated before the repository moved here"),
        pytest.param(look(), policy(welcome={"first_issue": False}), "first_issue is switched off", id="issues off"),
        pytest.param(look(**PULL), policy(welcome={"first_pull_request": False}), "switched off", id="pulls off"),
        pytest.param(look(kind=ThreadKind.DISCUSSION), policy(welcome={"first_discussion": False}), "switched off",
                     id="discussions off"),
        pytest.param(look(**OLD), DEFAULTS, "later than 1 week", id="too late"),
        pytest.param(look(created_at=OLD["created_at"]), DEFAULTS, "later than 1 week", id="heard of it too late"),
        pytest.param(look(has_past=None, past_hidden=True), DEFAULTS, "does not tell", id="GitHub hides the account"),
        pytest.param(look(greeted=True), DEFAULTS, "another bot has welcomed", id="another welcome stands there"),
        pytest.param(look(answers=(answered(replace(GOAT, login="welcome[bot]")),)), DEFAULTS,
                     "another bot has welcomed", id="the old welcome bot spoke"),
        pytest.param(look(answers=(answered(),)), policy(welcome={"hold": HOUR}), "somebody of the team answered",
                     id="answered during the hold"),
        pytest.param(look(**MERGED, said_here=frozenset({"welcome/merge/1/7"})), DEFAULTS, "congratulated here",
                     id="congratulated"),
        pytest.param(look(**MERGED, said=frozenset({"welcome/merge/1/7"})), DEFAULTS, "not the first merged",
                     id="congratulated elsewhere"),
        pytest.param(look(**MERGED, merged_before=True), DEFAULTS, "not the first merged", id="merged before"),
        pytest.param(look(**MERGED), policy(welcome={"first_merge": False}), "first_merge is switched off",
                     id="merges off"),
        pytest.param(look(**MERGED, merged_before=None, past_hidden=True), DEFAULTS, "does not tell",
                     id="merge of a hidden account"),
        pytest.param(look(**MERGED | {"merged_at": NOW - 8 * 24 * HOUR}), DEFAULTS, "later than 1 week",
                     id="heard of the merge too late"),
        pytest.param(look(**ELSEWHERE), policy(welcome={"another_repo": "note"}), "not the first issue",
                     id="another repository without links"),
        pytest.param(look(**ELSEWHERE | {"done": frozenset({"stop/issue_comment/4"})}), policy(**NOTE),
                     "not the first issue", id="another repository, never welcomed"),
        pytest.param(look(**ELSEWHERE, **OLD), policy(**NOTE), "later than 1 week", id="too late for a note"),
        pytest.param(look(**ELSEWHERE, greeted=True), policy(**NOTE), "another bot has welcomed",
                     id="another bot was there before the note"),
        pytest.param(look(**ELSEWHERE, answers=(answered(),)), HELD_NOTE, "somebody of the team answered",
                     id="answered before the note"),
        pytest.param(look(**ELSEWHERE | {"met_in": frozenset({MAPS.id})}), policy(**NOTE), "not the first issue",
                     id="the same repository again"),
        pytest.param(look(**ELSEWHERE, said=frozenset({"welcome/repo/100/7"})), policy(**NOTE), "not the first issue",
                     id="noted there already"),
    ],
)  # fmt: skip
def test_everybody_else_is_left_alone_for_a_reason(scene: ThreadLook, configured: Policy, why: str) -> None:
    quiet = only(scene, configured)
    assert isinstance(quiet, Quiet)
    assert why in quiet.why


@pytest.mark.parametrize(
    ("scene", "question"),
    [
        pytest.param(look(is_team=None), Question.TEAM, id="members not read"),
        pytest.param(look(has_past=None), Question.PAST, id="past not read"),
        pytest.param(look(greeter_around=None), Question.GREETED, id="another welcome bot may be at work"),
        pytest.param(look(**PULL | {"paths": None}), Question.PATHS, id="code or documentation"),
        pytest.param(look(**MERGED, is_team=None), Question.TEAM, id="merge of a member?"),
        pytest.param(look(**MERGED, merged_before=None), Question.PAST, id="merged before the bot came?"),
    ],
)
def test_what_memory_does_not_know_is_asked_first(scene: ThreadLook, question: Question) -> None:
    learn = only(scene)
    assert isinstance(learn, Learn)
    assert learn.question is question


def test_a_first_merge_is_congratulated() -> None:
    say = only(look(**MERGED))
    assert isinstance(say, Say)
    assert (say.template, say.key) == ("welcome-merge", "welcome/merge/1/7")


def test_a_merge_counts_though_the_opening_was_not_witnessed() -> None:
    assert isinstance(only(look(**MERGED, opened_by=None, has_past=True)), Say)


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param((), id="nobody answered"),
        pytest.param((answered(GOAT),), id="a bot of the team answered"),
        pytest.param((answered(by_team=False),), id="somebody from outside answered"),
        pytest.param((answered(minutes=61),), id="answered after the hold"),
    ],
)
def test_hold_waits_and_then_speaks_unless_the_team_answered(answers: Any) -> None:
    scene = look(answers=answers)
    held = policy(welcome={"hold": HOUR})
    [wait] = welcome.decide(scene, held, NOW)
    assert isinstance(wait, LookAgain)
    assert wait.at == scene.thread.created_at + HOUR
    [say] = welcome.decide(scene, held, wait.at)
    assert isinstance(say, Say)


def test_hold_begins_when_a_pull_request_is_ready() -> None:
    [wait] = welcome.decide(look(**PULL, ready_at=NOW), policy(welcome={"hold": HOUR}), NOW)
    assert isinstance(wait, LookAgain)
    assert wait.at == NOW + HOUR


def test_another_welcome_bot_at_work_is_let_speak_first() -> None:
    scene = look(greeter_around=True)
    [wait] = welcome.decide(scene, DEFAULTS, NOW)
    assert isinstance(wait, LookAgain)
    [learn] = welcome.decide(scene, DEFAULTS, wait.at)
    assert isinstance(learn, Learn)
    assert learn.question is Question.GREETED


@pytest.mark.parametrize(
    "scene", [look(**ELSEWHERE), look(**ELSEWHERE, merged_before=True)], ids=["newcomer", "no newcomer any more"]
)
def test_another_repository_gets_a_note_if_configured(scene: ThreadLook) -> None:
    say = only(scene, policy(**NOTE))
    assert isinstance(say, Say)
    assert (say.template, say.key) == ("welcome-another-repo", "welcome/repo/100/7")
    assert say.values["links"] == {
        "contributing": None, "code_of_conduct": None, "ai_policy": None, "chat": "https://example.org/trail-maps",
    }  # fmt: skip


def test_the_message_knows_the_place_the_answer_time_and_the_next_call() -> None:
    tea = Call(name="Tea", when="1st and 3rd Tuesday", time=time(17), timezone="Europe/Zurich")
    configured = DEFAULTS.model_copy(update={"calls": (tea,)})
    say = only(look(answer_time=timedelta(hours=30)), configured)
    assert isinstance(say, Say)
    assert say.values["answer_minutes"] == 1800
    assert say.values["call"] == {"name": "Tea", "url": None, "at": "2026-12-01 16:00 UTC"}
    assert (say.values["organisation"], say.values["repository"]) == ("alpine-tools", "trail-maps")


def test_the_earliest_of_several_calls_is_named() -> None:
    days = {"Tea": "every Friday", "Lunch": "every Wednesday"}
    calls = tuple(
        Call(name=name, when=when, time=time(12), timezone="UTC", skip=(date(2026, 11, 25),))
        for name, when in days.items()
    )
    found = DEFAULTS.model_copy(update={"calls": calls}).next_call(NOW)
    assert found is not None
    assert (found[0].name, f"{found[1]:%Y-%m-%d}") == ("Tea", "2026-11-27")
