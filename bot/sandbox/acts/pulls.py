"""Pull requests: opened, made ready, reviewed, merged."""

import re
from collections.abc import Iterable
from http import HTTPStatus

from bot.sandbox import ids, refusal
from bot.sandbox.acts.issues import IssueActs
from bot.sandbox.acts.rules import fits, has_title, may_write_to, not_blocked
from bot.sandbox.model import Account, Branch, ChangedFile, FileStatus, Issue, PullRequest, Repo
from bot.sandbox.standing import at_least, role

# docs.github.com: Linking a pull request to an issue (using a keyword)
CLOSING = re.compile(r"\b(?:close[sd]?|fix(?:es|ed)?|resolve[sd]?):?\s+#(\d+)\b", re.IGNORECASE)


class PullActs(IssueActs):
    def open_pull_request(
        self,
        repo: Repo,
        *,
        by: Account,
        title: str,
        body: str = "",
        files: Iterable[ChangedFile] = (),
        draft: bool = False,
        labels: Iterable[str] = (),
        head: str | None = None,
        base: str | None = None,
        commits: int = 1,
    ) -> PullRequest:
        """Opens a pull request, from a fork unless the author may write to the repository.

        `files` are what it changes. With `head`, the name of an existing branch of this repository, they follow from
        the two branches instead. Raises RefusedError: 403 if archived, 422 for blocked authors, texts too long,
        branches that are not there or have no difference.
        """
        may_write_to(repo)
        not_blocked(by, resource="PullRequest", repo=repo)
        has_title(title, resource="PullRequest")
        fits(body, resource="PullRequest")
        target = repo.branches.get(base or repo.default_branch)
        if target is None:
            raise refusal.invalid("PullRequest", "base")
        source = self._source(repo, by=by, head=head)
        if head is not None:
            files = difference(target, repo.branches[head])
            if not files:
                message = f"No commits between {target.name} and {head}"
                raise refusal.invalid("PullRequest", "base", code="custom", message=message)
            self._not_open_already(repo, head)
        number, now = self.new_large_id(), self.now()
        pull = PullRequest(
            id=number,
            node_id=ids.node_id("PR", repo.id, number),
            pull_id=self.new_large_id(),
            repo=repo,
            number=self._next_number(repo),
            author=by,
            title=title,
            body=body,
            created_at=now,
            updated_at=now,
            head_repo=source,
            head_ref=head or f"patch-{number % 1000}",
            head_sha=repo.branches[head].sha if head else ids.digest(self.seed, number, "head"),
            base_ref=target.name,
            base_sha=target.sha,
            files=tuple(files),
            commits=commits,
            draft=draft,
        )
        repo.threads[pull.number] = self._node(pull, pull.node_id)
        self._open(pull, labels, by=by)
        return pull

    def push(self, pull: PullRequest, *, by: Account, files: Iterable[ChangedFile] | None = None) -> None:
        """Another commit on the pull request; `files` are all that it changes now, where that is not as before."""
        may_write_to(pull.repo)
        before, pull.head_sha = pull.head_sha, ids.digest(self.seed, self.new_id(), "head")
        pull.commits += 1
        pull.files = pull.files if files is None else tuple(files)
        self._changed(pull, "synchronize", by=by, extra={"before": before, "after": pull.head_sha})

    def ready_for_review(self, pull: PullRequest, *, by: Account) -> None:
        may_write_to(pull.repo)
        pull.draft = False
        self._note(pull, "ready_for_review", by=by)
        self._changed(pull, "ready_for_review", by=by)

    def convert_to_draft(self, pull: PullRequest, *, by: Account) -> None:
        may_write_to(pull.repo)
        pull.draft = True
        self._note(pull, "convert_to_draft", by=by)
        self._changed(pull, "converted_to_draft", by=by)

    def merge(self, pull: PullRequest, *, by: Account) -> None:
        """Merges it: its author is a contributor from now on, and the issues that it says it closes are closed.

        Raises RefusedError (405) for what is closed, merged or a draft.
        """
        may_write_to(pull.repo)
        if not pull.open or pull.draft:
            raise refusal.RefusedError(HTTPStatus.METHOD_NOT_ALLOWED, "Pull Request is not mergeable")
        repo, now = pull.repo, self.now()
        pull.merged_at, pull.merged_by = now, by
        pull.merge_sha = ids.digest(self.seed, pull.id, "merge")
        pull.open, pull.closed_at, pull.closed_by = False, now, by
        target, source = repo.branches[pull.base_ref], repo.branches.get(pull.head_ref)
        if source is not None and pull.head_repo is repo:
            target.files = dict(source.files)
        target.sha, repo.pushed_at = pull.merge_sha, now
        repo.contributors.add(pull.author.id)
        self._note(pull, "merged", by=by)
        self._note(pull, "closed", by=by)
        self._changed(pull, "closed", by=by)
        if pull.base_ref == repo.default_branch:
            for number in dict.fromkeys(map(int, CLOSING.findall(pull.body))):
                mentioned = repo.threads.get(number)
                if isinstance(mentioned, Issue) and not isinstance(mentioned, PullRequest):
                    self.close(mentioned, by=by)

    def _source(self, repo: Repo, *, by: Account, head: str | None) -> Repo:
        """The repository that the commits are in: this one, or the author's fork of it."""
        if head is not None and head not in repo.branches:
            raise refusal.invalid("PullRequest", "head")
        if head is not None or by.type == "Bot" or at_least(role(repo, by), "write"):
            return repo
        forks = (each for each in self.repos_of(by) if each.parent is repo)
        fork = next(forks, None)
        if fork is None:
            fork = self._new_repo(by, repo.name, private=repo.private, default_branch=repo.default_branch)
            fork.parent = repo
        return fork

    def _not_open_already(self, repo: Repo, head: str) -> None:
        for thread in repo.threads.values():
            if isinstance(thread, PullRequest) and thread.open and thread.head_repo is repo and thread.head_ref == head:
                message = f"A pull request already exists for {repo.owner.login}:{head}."
                raise refusal.invalid("PullRequest", "head", code="custom", message=message)


def difference(base: Branch, head: Branch) -> tuple[ChangedFile, ...]:
    """The files in which two branches differ, with the numbers of lines that came and went."""
    changed = []
    for path in sorted(base.files.keys() | head.files.keys()):
        old, new = base.files.get(path), head.files.get(path)
        if old == new:
            continue
        before, after = (old or "").splitlines(), (new or "").splitlines()
        status: FileStatus = "added" if old is None else "removed" if new is None else "modified"
        changed.append(
            ChangedFile(
                filename=path,
                status=status,
                additions=sum(line not in before for line in after),
                deletions=sum(line not in after for line in before),
            )
        )
    return tuple(changed)
