"""Pull requests: opened, worked on, made ready, taken back into the workshop."""

from collections.abc import Iterable, Mapping, Sequence

from bot.sandbox import ids, refusal
from bot.sandbox.acts.branches import BranchActs, changed_by, open_from
from bot.sandbox.acts.rules import fits, has_title, may_write_to, not_blocked
from bot.sandbox.git import Branch, ChangedFile, Commit, Signature, made_up
from bot.sandbox.model import Account, PullRequest, Repo
from bot.sandbox.standing import at_least, role


class PullActs(BranchActs):
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
        texts: Mapping[str, str | None] | None = None,
        head: str | None = None,
        base: str | None = None,
        commits: int = 1,
    ) -> PullRequest:
        """Opens a pull request, from a fork unless the author may write to the repository.

        `files` are what it changes; nobody knows its texts then, and it has no branch. With `texts` (path -> text, None
        for a file to be taken away) it gets a branch of its own with these. With `head`, the name of an existing branch
        of this repository, or `owner:branch` of a fork, all follows from the two branches. Raises RefusedError: 403 if
        archived, 422 for blocked authors, texts too long, branches that are not there or have no difference.
        """
        may_write_to(repo)
        not_blocked(by, resource="PullRequest", repo=repo)
        has_title(title, resource="PullRequest")
        fits(body, resource="PullRequest")
        target = repo.branches.get(base or repo.default_branch)
        if target is None:
            raise refusal.invalid("PullRequest", "base")
        files = tuple(files)
        if texts is not None:
            source, branch = self._new_head(repo, target, texts, by=by, message=title)
        elif head is not None:
            source, branch = self._head(repo, head)
        else:
            source, branch = self._source(repo, by=by), None
        if branch is None:
            author = self.signature(by)
            made = self._patch(source, title, author=author, files=files, base=target, number=commits)
        else:
            made = self._new_in(source, head=branch.sha, base=target.sha)
            files = changed_by(made, base=target, head=branch)
            if not files:
                message = f"No commits between {target.name} and {head or branch.name}"
                raise refusal.invalid("PullRequest", "base", code="custom", message=message)
            self._not_open_already(repo, source, branch)
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
            head_ref=branch.name if branch else f"patch-{number % 1000}",
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

    def synchronize(
        self, pull: PullRequest, *, by: Account, files: Iterable[ChangedFile] | None = None, message: str | None = None
    ) -> Commit:
        """Another commit on the head of the pull request; `files` are all that it changes now, if not as before.

        What has a branch is pushed there. Forks are nobody's concern: no app hears of pushes to them.
        """
        may_write_to(pull.repo)
        message, wanted = message or pull.title, pull.files if files is None else tuple(files)
        new = [each for each in wanted if each not in pull.files] or wanted
        source = pull.head_repo
        if pull.head_ref in source.branches:
            gone = {each.filename for each in new if each.status == "removed"}
            paths = [each.filename for each in new if each.filename not in gone]
            return self.push(source, by=by, files=paths, removed=gone, message=message, branch=pull.head_ref)
        texts = made_up(new, self.tree(source, pull.head_sha), text=message)
        commit = self._commit(
            source, message, author=self.signature(by), files=new, parents=[pull.head_sha], texts=texts
        )
        source.commits[commit.sha] = commit
        self._move_head(pull, [*pull.commits, commit], files=wanted, by=by)
        return commit

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

    def _source(self, repo: Repo, *, by: Account) -> Repo:
        """The repository that the commits are in: this one, or the author's fork of it."""
        return repo if by.type == "Bot" or at_least(role(repo, by), "write") else self.fork(repo, by=by)

    def _head(self, repo: Repo, head: str) -> tuple[Repo, Branch]:
        """The branch that `branch` or `owner:branch` names, and where it is. Raises RefusedError (422)."""
        owner, _, name = head.rpartition(":")
        for source in (repo, *repo.forks.values()):
            if not source.deleted and owner.lower() in ("", source.owner.login.lower()) and name in source.branches:
                return source, source.branches[name]
            if not owner:
                break
        raise refusal.invalid("PullRequest", "head")

    def _new_head(
        self, repo: Repo, target: Branch, texts: Mapping[str, str | None], *, by: Account, message: str
    ) -> tuple[Repo, Branch]:
        """A new branch off the target with one commit, and where it is."""
        source = self._source(repo, by=by)
        branch = self.create_branch(source, f"patch-{self.new_id()}", sha=target.sha, by=by)
        self._push(source, texts, branch=branch.name, message=message, by=by)
        return source, branch

    def _patch(
        self, source: Repo, message: str, *, author: Signature, files: Sequence[ChangedFile], base: Branch, number: int
    ) -> list[Commit]:
        """So many commits on top of `base`, which share the files out; the branch that they are in is not modelled."""
        made: list[Commit] = []
        for index in range(number):
            parent, some = made[-1].sha if made else base.sha, files[index::number]
            texts = made_up(some, base.files, text=message)
            made.append(self._commit(source, message, author=author, files=some, parents=[parent], texts=texts))
        source.commits.update((each.sha, each) for each in made)
        return made

    def _not_open_already(self, repo: Repo, source: Repo, branch: Branch) -> None:
        for pull in open_from(repo, source, branch):
            message = f"A pull request already exists for {pull.head_repo.owner.login}:{branch.name}."
            raise refusal.invalid("PullRequest", "head", code="custom", message=message)
