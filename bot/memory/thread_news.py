"""Deliveries about threads: opened, changed, answered, and what people ask for there.

Texts are read here for the last time (commands, the template's headings, traits) and go no further.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from bot.memory import checkins, cohorts, configs, ledger, looks, ramp, reception, rows, ticks, wishes
from bot.memory.news import News
from bot.memory.payloads import Json, ThreadNews, answer, issue_kind
from bot.model import Step, ThreadKind, ThreadRef

_GONE: Final = frozenset({"deleted", "transferred"})
_AFTER_OTHERS: Final = timedelta(seconds=5)
_NEW_COMMITS: Final = frozenset({"opened", "synchronize", "reopened"})
_STEPS: Final = {
    "labeled": Step.LABELED,
    "unlabeled": Step.UNLABELED,
    "assigned": Step.ASSIGNED,
    "unassigned": Step.UNASSIGNED,
    "closed": Step.CLOSED,
    "reopened": Step.REOPENED,
    "ready_for_review": Step.READY,
    "synchronize": Step.PUSHED,
}


def _opened(news: News, shown: ThreadNews) -> None:
    """Somebody opened a thread: its author, unless it was moved here or made out of something else."""
    if news.live:
        rows.mark_thread(news.connection, shown.ref, opened_by=news.sender.id)
        if any(key.startswith("old_") for key in news.data.get("changes") or ()):
            rows.mark_thread(news.connection, shown.ref, moved=True)


def _step(news: News, shown: ThreadNews) -> None:
    """What the sender did to the thread, besides words."""
    step, at, about = _STEPS.get(news.action), shown.updated_at, ""
    if step is Step.CLOSED:
        step, at = (Step.MERGED, shown.merged_at) if shown.merged_at else (step, shown.closed_at or at)
    elif step in {Step.LABELED, Step.UNLABELED}:
        about = (news.data.get("label") or {}).get("name") or ""
    elif step in {Step.ASSIGNED, Step.UNASSIGNED}:
        about = str(news.person(news.data.get("assignee")).id)
    if step is not None:
        news.step(shown.ref, step, at, about=about)
    if step is Step.UNLABELED:
        rows.labels_of_a_second(news.connection, shown.ref)


def issues(news: News) -> Iterator[ThreadRef]:
    return _on_thread(news, news.data.get("issue"), ThreadKind.ISSUE, opening="opened")


def pull_request(news: News) -> Iterator[ThreadRef]:
    return _on_thread(news, news.data.get("pull_request"), ThreadKind.PULL_REQUEST, opening="opened")


def discussion(news: News) -> Iterator[ThreadRef]:
    return _on_thread(news, news.data.get("discussion"), ThreadKind.DISCUSSION, opening="created")


def _on_thread(news: News, thing: Json | None, kind: ThreadKind, *, opening: str) -> Iterator[ThreadRef]:
    if not thing:
        return
    if kind is ThreadKind.ISSUE:
        kind = issue_kind(thing)
    shown = news.thread(thing, kind)
    if shown is None:
        return
    if news.action == opening:
        _opened(news, shown)
    if news.action in {opening, "edited"}:
        wishes.take_down(news, wishes.of_thread(shown), thing)
    if news.action == "edited" and kind is ThreadKind.ISSUE:
        ticks.take_down(news, shown, thing.get("body") or "")
    if kind is ThreadKind.PULL_REQUEST and news.live and news.action in _NEW_COMMITS:
        _commits_from_elsewhere(news, shown, thing.get("head") or {})
    if news.action == "ready_for_review":
        rows.ready(news.connection, shown.ref, shown.updated_at)
    _step(news, shown)
    if news.action == "closed" and shown.author.is_bot and checkins.in_thread(news.connection, shown.ref):
        looks.news(news.connection, checkins.subject(shown.owner_id), news.heard_at + checkins.SOON)
    if news.live and kind is not ThreadKind.DISCUSSION:
        looks.news(news.connection, ramp.subject(shown.owner_id), news.heard_at + ramp.SOON)
        if cohorts.recorded(news.connection, shown.ref):
            looks.news(news.connection, cohorts.subject(shown.owner_id), news.heard_at + ramp.SOON)
    if news.action in _GONE:
        rows.mark_thread(news.connection, shown.ref, gone=True)
        ledger.all_dropped(news.connection, shown.ref, news.heard_at, "the thread is gone")
    yield shown.ref


def _commits_from_elsewhere(news: News, shown: ThreadNews, head: Json) -> None:
    """Of commits in a fork no push tells, so somebody has to ask which files they change: for a start those who may
    have to know it for a welcome."""
    repo_id, sha = (head.get("repo") or {}).get("id"), head.get("sha")
    if sha and repo_id != shown.ref.repo_id:
        if news.action == "synchronize":
            rows.mark_thread(news.connection, shown.ref, paths=None)
        commit = configs.Commit(shown.ref.repo_id, sha, shown.ref.number)
        looks.plan(news.connection, commit.subject, news.heard_at + _AFTER_OTHERS)


def issue_comment(news: News) -> Iterator[ThreadRef]:
    issue = news.data.get("issue")
    return _on_answer(news, issue, issue_kind(issue or {}), "issue_comment", news.data.get("comment"))


def discussion_comment(news: News) -> Iterator[ThreadRef]:
    discussion, comment = news.data.get("discussion"), news.data.get("comment")
    return _on_answer(news, discussion, ThreadKind.DISCUSSION, "discussion_comment", comment)


def review(news: News) -> Iterator[ThreadRef]:
    pull, review = news.data.get("pull_request"), news.data.get("review")
    return _on_answer(news, pull, ThreadKind.PULL_REQUEST, "review", review)


def review_comment(news: News) -> Iterator[ThreadRef]:
    pull, comment = news.data.get("pull_request"), news.data.get("comment")
    return _on_answer(news, pull, ThreadKind.PULL_REQUEST, "review_comment", comment)


def _on_answer(
    news: News, thing: Json | None, kind: ThreadKind, answer_kind: str, wrote: Json | None
) -> Iterator[ThreadRef]:
    shown = news.thread(thing, kind) if thing else None
    if shown is None or not wrote:
        return
    told = answer(wrote, answer_kind, news.for_us)
    news.answer(told, shown.ref, shown.owner_id)
    if news.action == "deleted" and news.live:
        reception.deleted(news.connection, shown.ref, told.source_id, news.sender, news.heard_at)
    if news.action in {"created", "submitted", "edited"}:
        wishes.take_down(news, wishes.of_answer(told, shown.ref, shown.owner_id), wrote)
    yield shown.ref
