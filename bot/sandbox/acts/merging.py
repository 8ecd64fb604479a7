"""What merging a pull request puts on its base, and what else it brings about."""

import re
from collections.abc import Mapping
from http import HTTPStatus

from bot.sandbox import refusal
from bot.sandbox.acts.pulls import PullActs
from bot.sandbox.acts.rules import may_write_to
from bot.sandbox.git import Branch, Commit, made_up
from bot.sandbox.model import Account, Issue, MergeMethod, PullRequest

# docs.github.com: Linking a pull request to an issue (using a keyword)
CLOSING = re.compile(r"\b(?:close[sd]?|fix(?:es|ed)?|resolve[sd]?):?\s+#(\d+)\b", re.IGNORECASE)


class MergeActs(PullActs):
    def merge(self, pull: PullRequest, *, by: Account, method: MergeMethod = "merge") -> None:
        """Merges it: its author is a contributor from now on, and the issues that it says it closes are closed.

        Raises RefusedError (405) for what is closed, merged or a draft.
        """
        may_write_to(pull.repo)
        if not pull.open or pull.draft:
            raise refusal.RefusedError(HTTPStatus.METHOD_NOT_ALLOWED, "Pull Request is not mergeable")
        repo, now = pull.repo, self.now()
        target = repo.branches[pull.base_ref]
        texts = _texts(pull, target)
        landed = self._landed(pull, target, texts, by=by, method=method)
        pull.merged_at, pull.merged_by, pull.merge_sha = now, by, landed[-1].sha
        pull.open, pull.closed_at, pull.closed_by = False, now, by
        target.write(texts)
        self._advance(repo, target, landed, by=by)
        self._note(pull, "merged", by=by)
        self._note(pull, "closed", by=by)
        self._changed(pull, "closed", by=by)
        self._follow(repo, target, by=by)
        if pull.base_ref == repo.default_branch:
            for number in dict.fromkeys(map(int, CLOSING.findall(pull.body))):
                mentioned = repo.threads.get(number)
                if isinstance(mentioned, Issue) and not isinstance(mentioned, PullRequest):
                    self.close(mentioned, by=by)

    def _landed(
        self, pull: PullRequest, target: Branch, texts: Mapping[str, str | None], *, by: Account, method: MergeMethod
    ) -> list[Commit]:
        """The commits that merging puts on the base, oldest first."""
        github = self.signature(self.web_flow)
        match method:
            case "merge":
                origin = f"{pull.head_repo.owner.login}/{pull.head_ref}"
                message = f"Merge pull request #{pull.number} from {origin}\n\n{pull.title}"
                merge = self._commit(
                    pull.repo,
                    message,
                    author=self.signature(by),
                    committer=github,
                    files=pull.files,
                    parents=[target.sha, pull.head_sha],
                    texts=texts,
                )
                return [*pull.commits, merge]
            case "squash":
                message = f"{pull.title} (#{pull.number})"
                squashed = self._commit(
                    pull.repo,
                    message,
                    author=self.signature(pull.author),
                    committer=github,
                    files=pull.files,
                    parents=[target.sha],
                    texts=texts,
                )
                return [squashed]
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
                            texts=commit.texts,
                        )
                    )
                return landed


def _texts(pull: PullRequest, target: Branch) -> dict[str, str | None]:
    """What merging writes: what the branch holds, where the pull request has one."""
    source = pull.head_repo.branches.get(pull.head_ref)
    if source is None:
        return made_up(pull.files, target.files, text=pull.title)
    return {each.filename: source.files.get(each.filename) for each in pull.files}
