"""Pull requests: opened, made ready, taken back into the workshop. What becomes of their commits is in `branches`."""

from collections.abc import Iterable, Sequence

from bot.sandbox import ids, refusal
from bot.sandbox.acts.issues import IssueActs
from bot.sandbox.acts.rules import fits, has_title, may_write_to, not_blocked
from bot.sandbox.git import Branch, ChangedFile, Commit, Signature, difference
from bot.sandbox.model import Account, PullRequest, Repo
from bot.sandbox.standing import at_least, role


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
        files = tuple(files)
        if head is None:
            made = self._patch(source, title, author=self.signature(by), files=files, base=target.sha, number=commits)
        else:
            made = self._new_in(repo, head=repo.branches[head].sha, base=target.sha)
            files = changed_by(made, base=target, head=repo.branches[head])
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
            head_sha=made[-1].sha,
            base_ref=target.name,
            base_sha=target.sha,
            files=files,
            commits=made,
            draft=draft,
        )
        repo.threads[pull.number] = self._node(pull, pull.node_id)
        self._open(pull, labels, by=by)
        return pull

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

    def _source(self, repo: Repo, *, by: Account, head: str | None) -> Repo:
        """The repository that the commits are in: this one, or the author's fork of it."""
        if head is not None and head not in repo.branches:
            raise refusal.invalid("PullRequest", "head")
        if head is not None or by.type == "Bot" or at_least(role(repo, by), "write"):
            return repo
        fork = repo.forks.get(by.id)
        if fork is None or fork.deleted:
            fork = self._new_repo(by, repo.name, private=repo.private, default_branch=repo.default_branch)
            fork.parent, repo.forks[by.id] = repo, fork
            base = repo.branches[repo.default_branch]
            fork.branches[base.name] = Branch(name=base.name, sha=base.sha, files=dict(base.files))
        return fork

    def _patch(
        self, source: Repo, message: str, *, author: Signature, files: Sequence[ChangedFile], base: str, number: int
    ) -> list[Commit]:
        """So many commits on top of `base`, which share the files out; the branch that they are in is not modelled."""
        made: list[Commit] = []
        for index in range(number):
            parent = made[-1].sha if made else base
            made.append(self._commit(source, message, author=author, files=files[index::number], parents=[parent]))
        source.commits.update((each.sha, each) for each in made)
        return made

    def _new_in(self, repo: Repo, *, head: str, base: str) -> list[Commit]:
        """The commits that `head` has and `base` has not, oldest first."""
        known = {each.sha for each in self.history(repo, base)}
        return [each for each in reversed(self.history(repo, head)) if each.sha not in known]

    def _not_open_already(self, repo: Repo, head: str) -> None:
        for thread in repo.threads.values():
            if isinstance(thread, PullRequest) and thread.open and thread.head_repo is repo and thread.head_ref == head:
                message = f"A pull request already exists for {repo.owner.login}:{head}."
                raise refusal.invalid("PullRequest", "head", code="custom", message=message)


def changed_by(commits: Iterable[Commit], *, base: Branch, head: Branch) -> tuple[ChangedFile, ...]:
    """The files that these commits of `head` touch and that differ from `base` now."""
    touched = {each.filename for commit in commits for each in commit.files}
    return difference(base.files, head.files, paths=touched)
