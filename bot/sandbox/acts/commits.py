"""Commits: how they are made, found again, and announced when they are pushed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox import ids
from bot.sandbox.acts.people import PeopleActs
from bot.sandbox.git import NO_COMMIT, Commit, Signature, history, write
from bot.sandbox.model import Account, Organization
from bot.sandbox.shapes.commits import push

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.sandbox.git import Branch, ChangedFile
    from bot.sandbox.model import Repo


class CommitActs(PeopleActs):
    def __init__(self, *, now: Callable[[], datetime], seed: str) -> None:
        super().__init__(now=now, seed=seed)
        self._histories: dict[int, tuple[str, list[Commit]]] = {}  # by repository id: the one asked for last

    def find_commit(self, repo: Repo, sha: str) -> Commit | None:
        """A commit of the repository, or of what it is a fork of. GitHub finds those of its forks there as well."""
        found = repo.commits.get(sha)
        if found is None and repo.parent is not None:
            return self.find_commit(repo.parent, sha)
        return found or next((fork.commits[sha] for fork in repo.forks.values() if sha in fork.commits), None)

    def history(self, repo: Repo, head: str) -> list[Commit]:
        """The commit `head` and all that it builds on, newest first. Treat it as read-only."""
        asked, known = self._histories.get(repo.id, ("", []))
        if asked != head:
            known = history(lambda sha: self.find_commit(repo, sha), head)
            self._histories[repo.id] = head, known
        return known

    def tree(self, repo: Repo, sha: str) -> Mapping[str, str]:
        """The files (path -> text) as they are at a commit that `find_commit` finds. Treat it as read-only."""
        for branch in repo.branches.values():
            if branch.sha == sha:
                return branch.files
        line, commit = [], self.find_commit(repo, sha)
        while commit is not None:
            line.append(commit)
            commit = self.find_commit(repo, commit.parents[0]) if commit.parents else None
        files: dict[str, str] = {}
        for each in reversed(line):
            write(files, each.texts)
        return files

    def signature(self, who: Account | str) -> Signature:
        """How git signs for an account now, or for somebody of this name whose address no account has.

        An organisation commits nothing itself: its name stands for somebody of whom no more is known.
        """
        if isinstance(who, str | Organization):
            name = who if isinstance(who, str) else who.login
            email = f"{'.'.join(name.lower().split())}@example.org"
            return Signature(name=name, email=email, at=self.now(), account=None)
        if who is self.web_flow:
            return Signature(name="GitHub", email="noreply@github.com", at=self.now(), account=who)
        email = f"{who.id}+{who.login}@users.noreply.github.com"
        return Signature(name=who.name or who.login, email=email, at=self.now(), account=who)

    def _commit(
        self,
        repo: Repo,
        message: str,
        *,
        author: Signature,
        committer: Signature | None = None,
        files: Iterable[ChangedFile],
        parents: Sequence[str],
        texts: Mapping[str, str | None],
    ) -> Commit:
        """A new commit, which is in no repository yet: see `_advance`."""
        serial = self.new_id()
        return Commit(
            serial=serial,
            node_id=ids.node_id("C", repo.id, serial),
            sha=ids.digest(self.seed, repo.id, serial, message),
            message=message,
            author=author,
            committer=committer or author,
            files=tuple(files),
            parents=tuple(parents),
            texts=texts,
        )

    def _advance(self, repo: Repo, branch: Branch, commits: Sequence[Commit], *, by: Account) -> None:
        """Puts commits (oldest first, each with the one before as a parent) on top of a branch and announces it."""
        before, branch.sha = branch.sha, commits[-1].sha
        fresh = {each.sha for each in commits if each.sha not in repo.commits}
        repo.commits.update((each.sha, each) for each in commits)
        repo.pushed_at = self.now()
        if branch.name == repo.default_branch:
            authors = (each.author.account for each in commits if not each.is_merge)
            repo.contributors.update(author.id for author in authors if author is not None)
        self._tell_push(repo, branch, commits, before=before, fresh=fresh, by=by)

    def _tell_push(
        self,
        repo: Repo,
        branch: Branch,
        commits: Sequence[Commit],
        *,
        before: str,
        fresh: set[str],
        by: Account,
    ) -> None:
        head = repo.commits.get(branch.sha) or self.find_commit(repo, branch.sha)
        self.announce(
            "push",
            None,
            sender=by,
            repo=repo,
            body=lambda: push(
                self.view, repo, branch, commits, head=head, before=before, fresh=fresh, pusher=self.signature(by)
            ),
        )

    def _tell_new_branch(self, repo: Repo, branch: Branch, *, by: Account) -> None:
        """A branch without commits of its own."""
        self._tell_push(repo, branch, (), before=NO_COMMIT, fresh=set(), by=by)
