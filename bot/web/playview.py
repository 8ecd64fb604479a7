"""What the playground's page shows of the sandbox and of Switchback's memory, as plain values for its template."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from markdown_it import MarkdownIt
from markupsafe import Markup

from bot import explain
from bot.effects import MuteKind, PauseRepo, React, Say
from bot.explain import Explanation, sentence
from bot.sandbox.model import Account, Discussion, PullRequest, Reaction, Repo, Thread

_SHOWN: Final = 10  # threads of each repository
_HIDDEN: Final = re.compile(r"<!--.*?-->", re.DOTALL)
_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False})
_FACES: Final = {
    "+1": "👍",
    "-1": "👎",
    "eyes": "👀",
    "confused": "😕",
    "heart": "❤️",
    "hooray": "🎉",
    "laugh": "😄",
    "rocket": "🚀",
}
_DONE: Final = {
    Say.kind: "a comment",
    React.kind: "a reaction",
    PauseRepo.kind: "a pause, or its end",
    MuteKind.kind: "a kind of comment muted, or brought back",
}
_ACTS: Final = (
    ("answer", "Answer as its author"),
    ("maintain", "Answer as a maintainer"),
    ("no-bot", "Author says /no-bot"),
    ("ready", "Mark ready for review"),
    ("merge", "Merge"),
    ("close", "Close"),
    ("again", "Redeliver all its webhooks"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A thread in the list."""

    address: str
    number: int
    title: str
    what: str
    author: str
    when: str
    state: str
    answered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A repository in the list, newest threads first."""

    name: str
    threads: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """The opening text or a comment. `html` is safe to show."""

    author: str
    when: str
    html: Markup
    ours: bool
    reactions: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The thread that is looked at. `calls` are those of the last step, None if that was in another thread."""

    address: str
    name: str
    title: str
    what: str
    author: str
    state: str
    labels: tuple[str, ...]
    posts: tuple[Post, ...]
    why: tuple[str, ...]
    calls: tuple[str, ...] | None
    acts: tuple[tuple[str, str], ...]


def place(repo: Repo, ours: Account, now: datetime) -> Place:
    threads = sorted(repo.threads.values(), key=lambda thread: -thread.number)[:_SHOWN]
    return Place(name=repo.name, threads=tuple(_line(thread, ours, now) for thread in threads))


def _line(thread: Thread, ours: Account, now: datetime) -> Line:
    return Line(
        address=address(thread),
        number=thread.number,
        title=thread.title,
        what=what(thread),
        author=thread.author.login,
        when=ago(thread.created_at, now),
        state=state(thread),
        answered=any(comment.author is ours for comment in thread.comments),
    )


def shown(thread: Thread, ours: Account, told: Explanation | None, calls: Iterable[str] | None, now: datetime) -> Shown:
    """The thread with all that was said, why Switchback spoke or did not, and what that cost."""
    posts = [_post(thread.author, thread.body, thread.created_at, thread.reactions, ours, now)]
    posts += [_post(c.author, c.body, c.created_at, c.reactions, ours, now) for c in thread.comments]
    return Shown(
        address=address(thread),
        name=f"{thread.repo.full_name}#{thread.number}",
        title=thread.title,
        what=what(thread),
        author=thread.author.login,
        state=state(thread),
        labels=tuple(label.name for label in thread.labels),
        posts=tuple(posts),
        why=tuple(reasons(told)),
        calls=None if calls is None else tuple(calls),
        acts=tuple(act for act in _ACTS if _fits(act[0], thread)),
    )


def reasons(told: Explanation | None) -> list[str]:
    """First whom it waits for and who is asked to mentor, then what was done and why, then what the rules say now."""
    if told is None:
        return ["Switchback does not know this thread: it is older than its installation."]
    done = [f"The rule {entry.rule} ({_DONE[entry.effect]}, {entry.state}): {entry.why}." for entry in told.entries]
    waits = [] if told.waiting is None else [f"It {explain.state(told.waiting, told.late_after)}."]
    mentoring = [f"{line[0].upper()}{line[1:]}." for line in told.mentoring.lines()] if told.mentoring else []
    return waits + mentoring + done + [f"Now the rule {effect.rule} {sentence(effect)}." for effect in told.effects]


def address(thread: Thread) -> str:
    return f"{thread.repo.name}/{thread.number}"


def what(thread: Thread) -> str:
    if isinstance(thread, PullRequest):
        return "draft pull request" if thread.draft else "pull request"
    return "discussion" if isinstance(thread, Discussion) else "issue"


def state(thread: Thread) -> str:
    if isinstance(thread, PullRequest) and thread.merged_at:
        return "merged"
    return "open" if thread.open else "closed"


def ago(moment: datetime, now: datetime) -> str:
    minutes = max(0, int((now - moment).total_seconds() // 60))
    for unit, size in (("day", 1440), ("hour", 60), ("minute", 1)):
        if count := minutes // size:
            return f"{count} {unit}{'' if count == 1 else 's'} ago"
    return "just now"


def html(text: str) -> Markup:
    """A comment as GitHub would show it, as far as we need it: hidden comments go, of HTML only <sub> stays."""
    rendered = str(_MARKDOWN.render(_HIDDEN.sub("", text)))
    return Markup(rendered.replace("&lt;sub&gt;", "<sub>").replace("&lt;/sub&gt;", "</sub>"))  # noqa: S704 (escaped by the renderer)


def _post(
    author: Account, body: str, when: datetime, reactions: Sequence[Reaction], ours: Account, now: datetime
) -> Post:
    faces = "".join(_FACES[reaction.content] for reaction in reactions)
    return Post(
        author=author.login, when=ago(when, now), html=html(body or "*No text.*"), ours=author is ours, reactions=faces
    )


def _fits(act: str, thread: Thread) -> bool:
    match act, thread:
        case "merge", PullRequest():
            return thread.open and not thread.draft
        case "ready", PullRequest():
            return thread.open and thread.draft
        case "merge" | "ready", _:
            return False
        case "close", _:
            return thread.open
        case _:
            return True
