"""What git keeps of a repository: files, commits and branches, and what differs between two trees."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from datetime import datetime

    from bot.sandbox.model import Account

FileStatus = Literal["added", "removed", "modified", "renamed", "copied", "changed", "unchanged"]
NO_COMMIT = "0" * 40  # what a push came from when it made the branch


@dataclass(frozen=True, kw_only=True)
class ChangedFile:
    filename: str
    status: FileStatus = "modified"
    additions: int = 1
    deletions: int = 0

    @property
    def changes(self) -> int:
        return self.additions + self.deletions


@dataclass(frozen=True, kw_only=True)
class Signature:
    """Who wrote a commit, or put it where it is, and when: a name and an address, as git keeps them.

    `account` is whose address GitHub takes it for, None where no account has it.
    """

    name: str
    email: str
    at: datetime
    account: Account | None


@dataclass(frozen=True, kw_only=True)
class Commit:
    """`files` is what it changes against its first parent; `serial` tells which of two commits was made first.

    `texts` are what these files hold from now on, None for those that it takes away.
    """

    serial: int
    node_id: str
    sha: str
    message: str
    author: Signature
    committer: Signature
    files: tuple[ChangedFile, ...]
    parents: tuple[str, ...]
    texts: Mapping[str, str | None] = field(default_factory=dict, repr=False)

    @property
    def is_merge(self) -> bool:
        return len(self.parents) > 1

    def touches(self, path: str) -> bool:
        """Whether it changes the file of that path, or a file in the folder of that path."""
        return any(each.filename == path or each.filename.startswith(f"{path}/") for each in self.files)


@dataclass(eq=False, kw_only=True)
class Branch:
    name: str
    sha: str
    files: dict[str, str] = field(default_factory=dict)  # path -> text

    def write(self, texts: Mapping[str, str | None]) -> None:
        """Puts these texts into these paths, and takes away the files whose text is None."""
        write(self.files, texts)


def write(files: dict[str, str], texts: Mapping[str, str | None]) -> None:
    """Puts these texts into the paths of a tree, and takes away the files whose text is None."""
    for path, text in texts.items():
        if text is None:
            files.pop(path, None)
        else:
            files[path] = text


def made_up(files: Iterable[ChangedFile], tree: Mapping[str, str], *, text: str) -> dict[str, str | None]:
    """What a change writes where nobody told its texts: new files get this one, and the others keep theirs."""
    return {each.filename: None if each.status == "removed" else tree.get(each.filename, f"{text}\n") for each in files}


def history(find: Callable[[str], Commit | None], head: str) -> list[Commit]:
    """The commit `head` and all that it builds on, newest first, as `git log` lists them."""
    found: dict[str, Commit] = {}
    waiting = [head]
    while waiting:
        commit = find(waiting.pop())
        if commit is not None and commit.sha not in found:
            found[commit.sha] = commit
            waiting += commit.parents
    return sorted(found.values(), key=lambda each: (each.committer.at, each.serial), reverse=True)


def difference(
    before: Mapping[str, str], after: Mapping[str, str | None], *, paths: Collection[str]
) -> tuple[ChangedFile, ...]:
    """Which of these paths differ between two trees, with the numbers of lines that came and went."""
    changed = []
    for path in sorted(paths):
        old, new = before.get(path), after.get(path)
        if old == new:
            continue
        lines, now = (old or "").splitlines(), (new or "").splitlines()
        changed.append(
            ChangedFile(
                filename=path,
                status="added" if old is None else "removed" if new is None else "modified",
                additions=sum(line not in lines for line in now),
                deletions=sum(line not in now for line in lines),
            )
        )
    return tuple(changed)
