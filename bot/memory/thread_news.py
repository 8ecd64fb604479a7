"""Deliveries about threads: opened, changed, answered, and what people ask for there.

Texts are read here for the last time (commands, the template's headings) and go no further.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from bot.commands.grammar import Command, read
from bot.memory import forgetting, ledger, rows
from bot.memory.news import News
from bot.memory.payloads import AnswerNews, Json, ThreadNews, answer, issue_kind
from bot.model import GHOST, Step, ThreadKind, ThreadRef

_GONE: Final = frozenset({"deleted", "transferred"})
_FORGET: Final = "forget-me"
_PLEASE: Final = ("", "please", "thanks", "thank you", "thx")
_NO_BOT: Final = {"off": False} | dict.fromkeys(_PLEASE, True)  # whether to stop
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


def _commands(news: News, shown: ThreadNews, wrote: AnswerNews | None = None) -> None:
    """Takes down what people asked for, in the thread's own text or in a comment."""
    who = wrote.person if wrote else shown.author
    if who.is_bot or not news.live:
        return
    shows = (wrote or shown).commands
    before = _before_the_edit(news, shows)
    asked = _first_of_each(command for command in (*before, *shows) if _asks(command))
    if any(command.name == _FORGET for command in asked) and not news.forgotten.has(who) and who != GHOST:
        forgetting.forget(news.connection, who, news.heard_at)
        news.forgotten = forgetting.Forgotten(news.connection)
    who = news.forgotten.veil(who)
    for command in asked:
        if who == GHOST and command.name != _FORGET:  # nothing else is taken down of somebody who is forgotten
            continue
        if wrote is None:
            place = "discussion" if shown.kind is ThreadKind.DISCUSSION else "issue"
            place_id, node_id, at = shown.place_id, shown.node_id, shown.created_at
        else:
            place, place_id, node_id, at = wrote.kind, wrote.source_id, wrote.node_id, wrote.at
        if command not in before:
            at = max(at, (wrote or shown).updated_at) if news.action == "edited" else at
        first = rows.request(
            news.connection, shown.ref, who, at,
            place=place, place_id=place_id, node_id=node_id, name=command.name, args=command.args,
        )  # fmt: skip
        out = _no_bot(command)
        if first and command.name == "no-bot" and out is not None:
            rows.optout(news.connection, shown.owner_id, who.id, at, opted_out=out)


def _asks(command: Command) -> bool:
    """ "/no-bot is how one stops it" explains and does not ask."""
    if command.name == _FORGET:
        return _plainly(command) in _PLEASE
    return _no_bot(command) is not None


def _no_bot(command: Command) -> bool | None:
    return _NO_BOT.get(_plainly(command))


def _plainly(command: Command) -> str:
    return command.args.lower().strip(" .,!")


def _before_the_edit(news: News, shows: tuple[Command, ...]) -> tuple[Command, ...]:
    """What stood there before an edit counts first: the news of that may come later, or never."""
    changes = news.data.get("changes") or {}
    if news.action == "edited" and "body" not in changes:  # of the title, say
        return shows
    return read((changes.get("body") or {}).get("from") or "")


def _first_of_each(commands: Iterable[Command]) -> list[Command]:
    first: dict[str, Command] = {}
    for command in commands:
        first.setdefault(command.name, command)
    return list(first.values())


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
        _commands(news, shown)
    if news.action == "ready_for_review":
        rows.ready(news.connection, shown.ref, shown.updated_at)
    _step(news, shown)
    if news.action in _GONE:
        rows.mark_thread(news.connection, shown.ref, gone=True)
        ledger.all_dropped(news.connection, shown.ref, news.heard_at, "the thread is gone")
    yield shown.ref


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
    told = answer(wrote, answer_kind)
    news.answer(told, shown.ref, shown.owner_id)
    if news.action in {"created", "submitted", "edited"}:
        _commands(news, shown, told)
    yield shown.ref
