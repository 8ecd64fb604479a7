"""Check runs and suites: what apps find out about commits, shown beside them and in pull requests.

Apps alone make them, so most of these acts take an app where others take an account. Of a suite that is over GitHub
tells all apps; that one is asked for it tells only the app whose it is. The sandbox asks for none by itself when
somebody pushes, and sends no events of single runs.
"""

from collections.abc import Iterable, Sequence

from bot.sandbox import ids, refusal
from bot.sandbox.acts.reviews import ReviewActs
from bot.sandbox.acts.rules import may_write_to
from bot.sandbox.model import (
    Account,
    Annotation,
    App,
    CheckRun,
    CheckStatus,
    CheckSuite,
    Conclusion,
    PullRequest,
    Repo,
    SuiteConclusion,
)
from bot.sandbox.shapes import checks as shapes

ACTIONS = "github-actions"
_WORST_FIRST: Sequence[SuiteConclusion] = (
    "action_required", "failure", "timed_out", "cancelled", "success", "neutral",
)  # fmt: skip


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
        earlier = (each for each in repo.check_suites.values() if each.app is app and each.head_sha == sha)
        suite = next(earlier, None) or self._suite(repo, app, sha)
        suite.status, suite.conclusion, suite.updated_at = "queued", None, self.now()
        number = self.new_large_id()
        run = CheckRun(
            id=number,
            node_id=ids.node_id("CR", repo.id, number),
            suite=suite,
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
        self._runs_changed(run.suite)

    def check_suite(
        self, pull: PullRequest, *, app: App | None = None, conclusion: SuiteConclusion | None = None
    ) -> CheckSuite:
        """A new suite for the head of a pull request, by GitHub Actions unless another app is given. With a conclusion
        it is over at once; else see `conclude`."""
        suite = self._suite(pull.repo, app or self._actions(), pull.head_sha, branch=pull.head_ref)
        self._asked_for(suite, "requested", by=pull.author)
        if conclusion is not None:
            self.conclude(suite, conclusion)
        return suite

    def conclude(self, suite: CheckSuite, conclusion: SuiteConclusion) -> None:
        """All of it is over. It may be over again later: after another try, or once somebody has let it run."""
        suite.status, suite.conclusion, suite.updated_at = "completed", conclusion, self.now()
        self.announce(
            "check_suite",
            "completed",
            sender=suite.app.bot,
            repo=suite.repo,
            body=lambda: {"check_suite": shapes.check_suite(self.view, suite, self.find_commit)},
        )

    def rerequest(self, suite: CheckSuite, *, by: Account) -> None:
        """Somebody has it run again."""
        may_write_to(suite.repo)
        suite.status, suite.conclusion, suite.updated_at = "queued", None, self.now()
        self._asked_for(suite, "rerequested", by=by)

    def _suite(self, repo: Repo, app: App, sha: str, *, branch: str | None = None) -> CheckSuite:
        number, now = self.new_large_id(), self.now()
        suite = CheckSuite(
            id=number,
            node_id=ids.node_id("CS", repo.id, number),
            repo=repo,
            app=app,
            head_sha=sha,
            head_branch=branch,
            created_at=now,
            updated_at=now,
        )
        repo.check_suites[number] = suite
        return suite

    def _actions(self) -> App:
        """GitHub's own app, which runs workflows. It is there once somebody needs it."""
        known = (each for each in self.apps.values() if each.slug == ACTIONS)
        return next(known, None) or self.app(
            slug=ACTIONS,
            name="GitHub Actions",
            owner=self.organization("github"),
            permissions={"checks": "write"},
            webhook_secret="",
            public_key="nobody signs here",
        )

    def _runs_changed(self, suite: CheckSuite) -> None:
        """A suite is over when its runs are, and as bad as the worst of them. Of one name the last one counts."""
        last = {each.name: each for each in suite.repo.check_runs.values() if each.suite is suite}.values()
        ends = {each.conclusion for each in last}
        if None in ends:
            suite.status = "in_progress" if any(each.status != "queued" for each in last) else "queued"
            suite.conclusion, suite.updated_at = None, self.now()
        else:
            self.conclude(suite, next((one for one in _WORST_FIRST if one in ends), "skipped"))

    def _asked_for(self, suite: CheckSuite, action: str, *, by: Account) -> None:
        for installation in self.installations_on(suite.repo.owner):
            if installation.app is suite.app and installation.covers(suite.repo):
                self.announce(
                    "check_suite",
                    action,
                    sender=by,
                    repo=suite.repo,
                    only=installation,
                    body=lambda: {"check_suite": shapes.check_suite(self.view, suite, self.find_commit)},
                )
