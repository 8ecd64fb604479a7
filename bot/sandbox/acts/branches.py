"""What is pushed: files and branches, and the pull requests that follow their branch."""

from collections.abc import Iterable, Mapping

from bot.sandbox import refusal
from bot.sandbox.acts.issues import IssueActs
from bot.sandbox.acts.rules import may_write_to
from bot.sandbox.git import Branch, ChangedFile, Commit, difference
from bot.sandbox.model import Account, PullRequest, Repo


class BranchActs(IssueActs):
    def create_branch(self, repo: Repo, name: str, *, sha: str | None = None, by: Account | None = None) -> Branch:
        """A branch that begins at the commit `sha` (the head of the default branch). Raises RefusedError (422)."""
        may_write_to(repo)
        start = sha or repo.branches[repo.default_branch].sha
        if self.find_commit(repo, start) is None:
            raise refusal.unprocessable("Object does not exist")
        if name in repo.branches:
            raise refusal.unprocessable("Reference already exists")
        branch = repo.branches[name] = Branch(name=name, sha=start, files=dict(self.tree(repo, start)))
        self._tell_new_branch(repo, branch, by=by or self.head_of(repo.owner))
        return branch

    def change_default_branch(self, repo: Repo, name: str, *, by: Account | None = None) -> None:
        """Another branch is the default from now on; where none has the name, the default branch gets it.

        Who counts as a contributor follows, since that goes by the default branch.
        """
        may_write_to(repo)
        old = repo.default_branch
        if name == old:
            return
        if name not in repo.branches:
            branch = repo.branches[name] = repo.branches.pop(old)
            branch.name = name
            for pull in (each for each in repo.threads.values() if isinstance(each, PullRequest)):
                pull.base_ref = name if pull.base_ref == old else pull.base_ref
                pull.head_ref = name if (pull.head_repo, pull.head_ref) == (repo, old) else pull.head_ref
        repo.default_branch = name
        landed = (each for each in self.history(repo, repo.branches[name].sha) if not each.is_merge)
        repo.contributors = {each.author.account.id for each in landed if each.author.account is not None}
        self._tell_repo(repo, "edited", by=by, changes={"default_branch": {"from": old}})

    def push(
        self,
        repo: Repo,
        *,
        by: Account,
        files: Iterable[str],
        message: str = "Work on it",
        branch: str | None = None,
        author: Account | str | None = None,
        removed: Iterable[str] = (),
    ) -> Commit:
        """Somebody pushes a commit that changes some files (paths) of a branch (the default one) and takes some away.

        It is `author`'s, where that is somebody else: an account, or the name of somebody whose address GitHub does
        not know. Pull requests that come from the branch follow it. Raises RefusedError (403) if archived.
        """
        may_write_to(repo)
        serial = self.new_id()
        texts: dict[str, str | None] = {path: f"{message}, {path} ({serial})\n" for path in files}
        texts |= dict.fromkeys(removed)
        return self._push(repo, texts, branch=branch, message=message, by=by, author=author)

    def write_file(
        self,
        repo: Repo,
        path: str,
        text: str,
        *,
        branch: str | None = None,
        by: Account | None = None,
        message: str | None = None,
    ) -> Branch:
        """Puts a file into a branch (the default one) as one commit."""
        self._push(repo, {path: text}, branch=branch, message=message or f"Write {path}", by=by)
        return repo.branches[branch or repo.default_branch]

    def delete_file(
        self,
        repo: Repo,
        path: str,
        *,
        branch: str | None = None,
        by: Account | None = None,
        message: str | None = None,
    ) -> Branch:
        self._push(repo, {path: None}, branch=branch, message=message or f"Delete {path}", by=by)
        return repo.branches[branch or repo.default_branch]

    def _push(
        self,
        repo: Repo,
        texts: Mapping[str, str | None],
        *,
        branch: str | None,
        message: str,
        by: Account | None,
        author: Account | str | None = None,
    ) -> Commit:
        by = by or self.head_of(repo.owner)
        there = repo.branches[branch or repo.default_branch]
        files = difference(there.files, texts, paths=texts.keys())
        signature = self.signature(author or by)
        commit = self._commit(repo, message, author=signature, files=files, parents=[there.sha], texts=dict(texts))
        there.write(texts)
        self._advance(repo, there, [commit], by=by)
        self._follow(repo, there, by=by)
        return commit

    def _follow(self, repo: Repo, branch: Branch, *, by: Account) -> None:
        """The open pull requests that come from a branch follow it: those of the repository, and of what it forked."""
        homes = [repo, repo.parent] if repo.parent else [repo]
        for pull in [each for home in homes for each in open_from(home, repo, branch)]:
            base = pull.repo.branches[pull.base_ref]
            commits = self._new_in(repo, head=branch.sha, base=base.sha)
            self._move_head(pull, commits, files=changed_by(commits, base=base, head=branch), by=by)

    def _new_in(self, repo: Repo, *, head: str, base: str) -> list[Commit]:
        """The commits that `head` has and `base` has not, oldest first."""
        known = {each.sha for each in self.history(repo, base)}
        return [each for each in reversed(self.history(repo, head)) if each.sha not in known]

    def _move_head(
        self, pull: PullRequest, commits: list[Commit], *, files: tuple[ChangedFile, ...], by: Account
    ) -> None:
        before, pull.head_sha = pull.head_sha, commits[-1].sha
        pull.commits, pull.files = commits, files
        self._changed(pull, "synchronize", by=by, extra=lambda: {"before": before, "after": pull.head_sha})


def changed_by(commits: Iterable[Commit], *, base: Branch, head: Branch) -> tuple[ChangedFile, ...]:
    """The files that these commits of `head` touch and that differ from `base` now."""
    touched = {each.filename for commit in commits for each in commit.files}
    return difference(base.files, head.files, paths=touched)


def open_from(repo: Repo, source: Repo, branch: Branch) -> list[PullRequest]:
    """The open pull requests of a repository that come from this branch, which is there or in a fork."""
    return [
        each
        for each in repo.threads.values()
        if isinstance(each, PullRequest) and each.open and each.head_repo is source and each.head_ref == branch.name
    ]
