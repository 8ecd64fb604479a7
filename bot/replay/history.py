"""Reads a history: JSON lines, plain or gzipped, one event on each.

A line tells when, what, where and who: `EXAMPLE` is a whole one. Of an opening or a merge the actor is the thread's
author, of a comment or review who wrote it; of the rest it does not matter. `draft` (true or false) and `labels` (a
list of names) may stand on any line about a thread: so it is from then on. A commit has no number; it may tell its
`path`, the file or the folder that it changes. Other fields are not looked at.

In this format `bot` with digits is a bot (people are pseudonyms there), and so is a login that ends in `[bot]`.
"""

import gzip
import io
import re
import sys
import zlib
from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum, auto
from pathlib import Path
from typing import Any, Final

from pydantic_core import from_json

from bot.model import ThreadKind

EXAMPLE: Final = (
    '{"at": "2019-05-01T10:00:00Z", "type": "pull_request.opened", "repo": "trail-maps", "number": 12, "actor": "ada"}'
)


class Deed(Enum):
    """What an event does to a thread."""

    OPENED = auto()
    READY = auto()
    DRAFTED = auto()
    CLOSED = auto()
    REOPENED = auto()
    MERGED = auto()
    ANSWERED = auto()


# What the types of lines tell. Commits only tell that somebody was there: their dates are those of writing, so they do
# not even tell who was here first.
COMMIT: Final = "commit"
_DEEDS: Final = {
    "issues.opened": (ThreadKind.ISSUE, Deed.OPENED),
    "issues.closed": (ThreadKind.ISSUE, Deed.CLOSED),
    "issues.reopened": (ThreadKind.ISSUE, Deed.REOPENED),
    "issue_comment.created": (ThreadKind.ISSUE, Deed.ANSWERED),  # in a pull request too
    "pull_request.opened": (ThreadKind.PULL_REQUEST, Deed.OPENED),
    "pull_request.ready_for_review": (ThreadKind.PULL_REQUEST, Deed.READY),
    "pull_request.converted_to_draft": (ThreadKind.PULL_REQUEST, Deed.DRAFTED),
    "pull_request.closed": (ThreadKind.PULL_REQUEST, Deed.CLOSED),
    "pull_request.reopened": (ThreadKind.PULL_REQUEST, Deed.REOPENED),
    "pull_request.merged": (ThreadKind.PULL_REQUEST, Deed.MERGED),
    "pull_request_review.submitted": (ThreadKind.PULL_REQUEST, Deed.ANSWERED),
    "pull_request_review_comment.created": (ThreadKind.PULL_REQUEST, Deed.ANSWERED),
    "discussion.created": (ThreadKind.DISCUSSION, Deed.OPENED),
    "discussion_comment.created": (ThreadKind.DISCUSSION, Deed.ANSWERED),
}
_BOT: Final = re.compile(r"bot[0-9]+|.*\[bot\]")
_YEARS: Final = range(1970, 3000)  # with room around them: durations are added to a time and taken from it
_LARGEST: Final = 2**31 - 1  # GitHub's GraphQL counts threads in 32 bits
_GZIP: Final = b"\x1f"  # no line of JSON begins with it


class HistoryError(Exception):
    """A file cannot be read, or a line in it is wrong; the message says which and how to write it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to a thread. `at` is aware UTC; `repo` is "owner/name" or "name".

    `kind` counts where the deed is an opening or a merge: comments in a pull request are told as those of an issue.
    `draft` and `labels` are how the thread is from then on, None: as before.
    """

    at: datetime
    kind: ThreadKind
    deed: Deed
    repo: str
    number: int
    actor: str
    by_bot: bool = False
    draft: bool | None = None
    labels: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A commit on a default branch. `at` is aware UTC; `repo` as of an event; `path`: what it changes, a file or a
    folder, None: it is not told."""

    at: datetime
    repo: str
    actor: str
    by_bot: bool = False
    path: str | None = None


@dataclass(frozen=True, slots=True)
class History:
    """What a file holds: the `events` about threads and the `commits` as they stand there, how many lines of each type
    were `read`, and how many were `skipped` because nobody knows the type."""

    events: list[Event] = field(default_factory=list)
    commits: list[Commit] = field(default_factory=list)
    read: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)


@contextmanager
def opened(file: str) -> Iterator[Iterator[bytes]]:
    """The lines of a file; of standard input if it is "-". Raises HistoryError, also on the way through them."""
    with ExitStack() as stack:
        try:
            source = stack.enter_context(_standard_input() if file == "-" else _file(file))
        except (OSError, ValueError) as error:
            raise _unreadable(name_of(file), error) from None
        yield stack.enter_context(closing(_lines(source, name_of(file))))


def _file(file: str) -> "io.BufferedReader[Any]":
    return Path(file).open("rb")


@contextmanager
def _standard_input() -> Iterator["io.BufferedReader[Any]"]:
    if sys.stdin is None:
        raise ValueError("it is closed")
    raw: Any = sys.stdin.buffer  # whatever stands there can be read as a raw one
    source = io.BufferedReader(raw)
    try:
        yield source
    finally:
        source.detach()


def name_of(file: str) -> str:
    """What a file is called in messages."""
    return "standard input" if file == "-" else str(Path(file))


def _lines(source: "io.BufferedReader[Any]", name: str) -> Generator[bytes]:
    try:
        packed = source.peek(1)[:1] == _GZIP
        lines = io.BufferedReader(gzip.GzipFile(fileobj=source)) if packed else source
        for line in lines:  # noqa: UP028 ("yield from" closes what it reads, be it standard input)
            yield line
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise HistoryError(f"{name}: is a broken gzip file: {error}") from None
    except OSError as error:
        raise _unreadable(name, error) from None


def _unreadable(name: str, error: Exception) -> HistoryError:
    return HistoryError(f"{name}: cannot be read: {getattr(error, 'strerror', None) or error}")


def read(lines: Iterable[bytes], name: str) -> History:
    """Reads all lines. `name` is what messages call the file. Raises HistoryError with the number of a wrong line."""
    history, reader = History(), _Reader()
    for number, line in enumerate(lines, 1):
        try:
            type_, told = reader.read(line if number > 1 else line.removeprefix(b"\xef\xbb\xbf"))
        except _WrongLineError as wrong:
            raise HistoryError(f"{name}:{number}: {wrong}. A right line looks like this: {EXAMPLE}") from None
        if isinstance(told, Event):
            history.events.append(told)
        elif told is not None:
            history.commits.append(told)
        if type_ in _DEEDS or type_ == COMMIT:
            history.read[type_] += 1
        elif type_ is not None:
            history.skipped[type_] += 1
    return history


class _WrongLineError(Exception):
    """What is wrong with a line."""


class _Reader:
    """One line after another. Remembers the names that it has seen, since each comes many times."""

    def __init__(self) -> None:
        self._repos: set[str] = set()
        self._actors: dict[str, bool] = {}  # and whether it is a bot

    def read(self, line: bytes) -> tuple[str | None, Event | Commit | None]:
        """The line's type (None: it is empty), and what happened if it is known. Raises _WrongLineError."""
        try:
            told = from_json(line, allow_inf_nan=False)
        except ValueError:
            if not line.strip():
                return None, None
            raise _WrongLineError("it is not JSON") from None
        if not isinstance(told, dict):
            raise _WrongLineError("it is not a JSON object")
        type_: str = _field(told, "type", str)
        deed = _DEEDS.get(type_)
        if deed is None and type_ != COMMIT:
            return type_, None
        at, repo, actor = _time(_field(told, "at", str)), self._repo(told), _field(told, "actor", str)
        if actor not in self._actors:
            self._actors[actor] = _is_bot(actor)
        if deed is None:
            return type_, Commit(at=at, repo=repo, actor=actor, by_bot=self._actors[actor], path=_path(told))
        event = Event(
            at=at,
            kind=deed[0],
            deed=deed[1],
            repo=repo,
            number=_number(told),
            actor=actor,
            by_bot=self._actors[actor],
            draft=_draft(told) if "draft" in told else None,
            labels=_labels(told) if "labels" in told else None,
        )
        return type_, event

    def _repo(self, told: dict[str, Any]) -> str:
        repo: str = _field(told, "repo", str)
        if repo not in self._repos:
            parts = repo.split("/")
            if len(parts) > 2 or not all(parts) or not repo.isprintable():
                raise _WrongLineError('"repo" is a name, or an owner and a name: owner/name')
            self._repos.add(repo)
        return repo


def _field(told: dict[str, Any], name: str, kind: type[str]) -> Any:
    try:
        value = told[name]
    except KeyError:
        raise _WrongLineError(f'"{name}" is missing') from None
    if type(value) is not kind:
        raise _WrongLineError(f'"{name}" is not a text')
    return value


def _is_bot(actor: str) -> bool:
    if not actor or not actor.isprintable():
        raise _WrongLineError('"actor" is not a login')
    return _BOT.fullmatch(actor) is not None


def _time(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None and (utc := moment.astimezone(UTC)).year in _YEARS:
            return utc
    except (ValueError, OverflowError):
        pass
    raise _WrongLineError(f'"at" is not a time with its zone, from {_YEARS[0]} to {_YEARS[-1]}')


def _number(told: dict[str, Any]) -> int:
    number = told.get("number")
    if "number" not in told:
        raise _WrongLineError('"number" is missing')
    if type(number) is not int or not 0 < number <= _LARGEST:
        raise _WrongLineError(f'"number" is not a whole number from 1 to {_LARGEST}')
    return number


def _path(told: dict[str, Any]) -> str | None:
    path = told.get("path")
    if path is not None and type(path) is not str:
        raise _WrongLineError('"path" is not a text')
    return path


def _draft(told: dict[str, Any]) -> bool | None:
    draft = told["draft"]
    if draft is not None and type(draft) is not bool:
        raise _WrongLineError('"draft" is neither true nor false')
    return draft


def _labels(told: dict[str, Any]) -> frozenset[str] | None:
    labels = told["labels"]
    if labels is None:
        return None
    if type(labels) is not list or not all(type(label) is str for label in labels):
        raise _WrongLineError('"labels" is not a list of names')
    return frozenset(labels)


def read_maintainers(path: Path) -> frozenset[str]:
    """The logins in a file, one a line, perhaps with an @ in front; # begins a comment. Raises HistoryError."""
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise HistoryError(f"{path}: is not UTF-8 text") from None
    except (OSError, ValueError) as error:
        raise _unreadable(str(path), error) from None
    logins = set()
    for number, line in enumerate(text.splitlines(), 1):
        login = line.partition("#")[0].strip()
        if not login:
            continue
        login = login.removeprefix("@")
        if not login or "/" in login or "@" in login or not login.isprintable() or login.split() != [login]:
            raise HistoryError(f"{path}:{number}: that is not a login. A right line looks like this: @ada")
        logins.add(login)
    return frozenset(logins)
