"""Check runs: what apps find out about commits, shown beside them and in pull requests.

Apps alone make them, so these acts take an app where others take an account. The sandbox sends no events of them.
"""

from collections.abc import Iterable

from bot.sandbox import ids, refusal
from bot.sandbox.acts.reviews import ReviewActs
from bot.sandbox.acts.rules import may_write_to
from bot.sandbox.model import Annotation, App, CheckRun, CheckStatus, Conclusion, Repo


class CheckActs(ReviewActs):
    def start_check(
        self, repo: Repo, *, app: App, name: str, sha: str, external_id: str = "", details_url: str | None = None
    ) -> CheckRun:
        """A new check run, queued; what it says comes with `report`. One name may have several: the last one counts.

        Raises RefusedError (422) for a commit that neither the repository nor a fork of it has.
        """
        may_write_to(repo)
        if self.find_commit(repo, sha) is None:
            raise refusal.unprocessable(f"No commit found for SHA: {sha}")
        earlier = (each for each in repo.check_runs.values() if each.app is app and each.head_sha == sha)
        suite = next((each.suite_id for each in earlier), None) or self.new_large_id()
        number = self.new_large_id()
        run = CheckRun(
            id=number,
            node_id=ids.node_id("CR", repo.id, number),
            suite_id=suite,
            repo=repo,
            app=app,
            name=name,
            head_sha=sha,
            status="queued",
            conclusion=None,
            started_at=self.now(),
            completed_at=None,
            external_id=external_id,
            details_url=details_url,
        )
        repo.check_runs[number] = run
        return run

    def report(
        self,
        run: CheckRun,
        *,
        status: CheckStatus | None = None,
        conclusion: Conclusion | None = None,
        title: str | None = None,
        summary: str | None = None,
        text: str | None = None,
        annotations: Iterable[Annotation] = (),
    ) -> None:
        """Says more of a check run. With a conclusion it is completed; without one, any other status takes it back.

        Annotations come on top of those that are there; the rest replaces what was there, as far as it is given.
        """
        may_write_to(run.repo)
        if conclusion is not None:
            run.status, run.conclusion, run.completed_at = "completed", conclusion, self.now()
        elif status is not None and status != "completed":
            run.status, run.conclusion, run.completed_at = status, None, None
        run.title = run.title if title is None else title
        run.summary = run.summary if summary is None else summary
        run.text = run.text if text is None else text
        run.annotations += annotations
