"""What is pushed: files, branches, the heads of pull requests, and what merging puts on their base."""

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus

from bot.sandbox import refusal
from bot.sandbox.acts.pulls import PullActs, changed_by
from bot.sandbox.acts.rules import may_write_to
from bot.sandbox.git import Branch, ChangedFile, Commit, difference
from bot.sandbox.model import Account, Issue, MergeMethod, PullRequest, Repo

# docs.github.com: Linking a pull request to an issue (using a keyword)
CLOSING = re.compile(r"\b(?:close[sd]?|fix(?:es|ed)?|resolve[sd]?):?\s+#(\d+)\b", re.IGNORECASE)


class BranchActs(PullActs):
    def create_branch(self, repo: Repo, name: str, *, sha: str | None = None, by: Account | None = None) -> Branch:
        """A branch off the one whose head is `sha` (the default branch). Raises RefusedError (422) as GitHub does."""
        may_write_to(repo)
        start = sha or repo.branches[repo.default_branch].sha
        source = next((each for each in repo.branches.values() if each.sha == start), None)
        if source is None:
            raise refusal.unprocessable("Object does not exist")
        if name in repo.branches:
            raise refusal.unprocessable("Reference already exists")
        branch = repo.branches[name] = Branch(name=name, sha=source.sha, files=dict(source.files))
        self._tell_new_branch(repo, branch, by=by or self.head_of(repo.owner))
        return branch

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

    def synchronize(
        self, pull: PullRequest, *, by: Account, files: Iterable[ChangedFile] | None = None, message: str | None = None
    ) -> Commit:
        """Another commit on the head of the pull request; `files` are all that it changes now, if not as before.

        What comes from a branch of the same repository is pushed there. Forks are nobody's concern: no app hears of
        pushes to them.
        """
        may_write_to(pull.repo)
        message, wanted = message or pull.title, pull.files if files is None else tuple(files)
        new = [each for each in wanted if each not in pull.files] or wanted
        if pull.head_repo is pull.repo and pull.head_ref in pull.repo.branches:
            gone = {each.filename for each in new if each.status == "removed"}
            paths = [each.filename for each in new if each.filename not in gone]
            return self.push(pull.repo, by=by, files=paths, removed=gone, message=message, branch=pull.head_ref)
        commit = self._commit(pull.head_repo, message, author=self.signature(by), files=new, parents=[pull.head_sha])
        pull.head_repo.commits[commit.sha] = commit
        self._move_head(pull, [*pull.commits, commit], files=wanted, by=by)
        return commit

    def merge(self, pull: PullRequest, *, by: Account, method: MergeMethod = "merge") -> None:
        """Merges it: its author is a contributor from now on, and the issues that it says it closes are closed.

        Raises RefusedError (405) for what is closed, merged or a draft.
        """
        may_write_to(pull.repo)
        if not pull.open or pull.draft:
            raise refusal.RefusedError(HTTPStatus.METHOD_NOT_ALLOWED, "Pull Request is not mergeable")
        repo, now = pull.repo, self.now()
        target, source = repo.branches[pull.base_ref], repo.branches.get(pull.head_ref)
        landed = self._landed(pull, target, by=by, method=method)
        pull.merged_at, pull.merged_by, pull.merge_sha = now, by, landed[-1].sha
        pull.open, pull.closed_at, pull.closed_by = False, now, by
        target.write(_merged_texts(pull, target, source if pull.head_repo is repo else None))
        self._advance(repo, target, landed, by=by)
        self._note(pull, "merged", by=by)
        self._note(pull, "closed", by=by)
        self._changed(pull, "closed", by=by)
        if pull.base_ref == repo.default_branch:
            for number in dict.fromkeys(map(int, CLOSING.findall(pull.body))):
                mentioned = repo.threads.get(number)
                if isinstance(mentioned, Issue) and not isinstance(mentioned, PullRequest):
                    self.close(mentioned, by=by)

    def _landed(self, pull: PullRequest, target: Branch, *, by: Account, method: MergeMethod) -> list[Commit]:
        """The commits that merging puts on the base, oldest first."""
        github = self.signature(self.web_flow)
        match method:
            case "merge":
                origin = f"{pull.head_repo.owner.login}/{pull.head_ref}"
                message = f"Merge pull request #{pull.number} from {origin}\n\n{pull.title}"
                parents = [target.sha, pull.head_sha]
                author = self.signature(by)
                merge = self._commit(
                    pull.repo, message, author=author, committer=github, files=pull.files, parents=parents
                )
                return [*pull.commits, merge]
            case "squash":
                message = f"{pull.title} (#{pull.number})"
                author = self.signature(pull.author)
                return [
                    self._commit(
                        pull.repo, message, author=author, committer=github, files=pull.files, parents=[target.sha]
                    )
                ]
            case "rebase":
                landed: list[Commit] = []
                for commit in pull.commits:
                    landed.append(
                        self._commit(
                            pull.repo,
                            commit.message,
                            author=commit.author,
                            committer=self.signature(by),
                            files=commit.files,
                            parents=[landed[-1].sha if landed else target.sha],
                        )
                    )
                return landed

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
        before = there.sha
        files = difference(there.files, texts, paths=texts.keys())
        commit = self._commit(repo, message, author=self.signature(author or by), files=files, parents=[before])
        there.write(texts)
        self._advance(repo, there, [commit], by=by)
        pulls = (each for each in repo.threads.values() if isinstance(each, PullRequest))
        for pull in [each for each in pulls if each.open and each.head_repo is repo and each.head_ref == there.name]:
            base = repo.branches[pull.base_ref]
            commits = self._new_in(repo, head=there.sha, base=base.sha)
            self._move_head(pull, commits, files=changed_by(commits, base=base, head=there), by=by)
        return commit

    def _move_head(
        self, pull: PullRequest, commits: list[Commit], *, files: tuple[ChangedFile, ...], by: Account
    ) -> None:
        before, pull.head_sha = pull.head_sha, commits[-1].sha
        pull.commits, pull.files = commits, files
        self._changed(pull, "synchronize", by=by, extra=lambda: {"before": before, "after": pull.head_sha})


def _merged_texts(pull: PullRequest, target: Branch, source: Branch | None) -> dict[str, str | None]:
    """What merging writes. Where the texts are not known, new files get one, and the others keep theirs."""
    texts: dict[str, str | None] = {}
    for each in pull.files:
        path = each.filename
        if each.status == "removed":
            texts[path] = None
        elif source is not None:
            texts[path] = source.files.get(path)
        else:
            texts[path] = target.files.get(path, f"{pull.title}\n")
    return texts
