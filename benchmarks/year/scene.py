"""The organisation of the year in the sandbox, where people do what the flow says."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

from benchmarks.year.flow import Act, Event, Flow
from bot.playing import EVENTS, PERMISSIONS
from bot.sandbox import ChangedFile, World
from bot.sandbox.model import Account, App, Issue, Organization, PullRequest, Repo, SuiteConclusion
from tests.stage import SECRET, SLUG, StageClock

HOME: Final = ".github"
_FOUNDED: Final = timedelta(days=1)  # before the first thread
_LABELS: Final = (
    "bug", "enhancement", "documentation", "support", "good first issue", "medium", "needs-info", "needs: discussion",
    "on hold", "no-bot",
)  # fmt: skip
_TITLES: Final = {
    "bug": "Map {n} is upside down",
    "enhancement": "Draw the huts of map {n}",
    "documentation": "Docs: say how map {n} is printed",
    "support": "How can I turn map {n}?",
    "": "Map {n}",
}
_REPORT: Final = (
    "**Describe the bug**\nI can see it on map {n} as soon as I zoom in.\n\n**Expected behavior**\nIt stays."
)
_CONCLUSIONS: Final[Mapping[str, SuiteConclusion]] = {
    "success": "success",
    "failure": "failure",
    "action_required": "action_required",
}
_FILES: Final = ("maps/draw.py", "maps/turn.py", "docs/printing.md", "tests/test_draw.py", ".github/workflows/ci.yml")


class Scene:
    """`threads`: those of the sandbox by the flow's numbers."""

    def __init__(self, flow: Flow, private_key: str) -> None:
        self.flow = flow
        first = flow.events[0].at if flow.events else flow.begin
        self.clock = StageClock(min(first, flow.begin) - _FOUNDED)
        self.world = World(now=self.clock)
        self.threads: dict[int, Issue] = {}
        self._private_key = private_key
        with self.world.unheard():
            self.organisation, self.repos = self._founded()
            for event in flow.past:
                self.clock.advance(event.at - self.clock())
                self.perform(event)
        self.clock.advance(flow.begin - self.clock())

    def _founded(self) -> tuple[Organization, list[Repo]]:
        world, flow = self.world, self.flow
        organisation = world.organization("alpine-tools")
        wardens = world.team(organisation, "wardens")
        for login in flow.people.team:
            account = world.user(login)
            world.add_member(organisation, account)
            world.join_team(wardens, account)
        labels = dict.fromkeys(_LABELS, "ededed")
        repos = [world.repository(organisation, name, labels=labels) for name in (*flow.repos, HOME)]
        for repo in repos:
            world.give_team(wardens, repo, role="write")
        return organisation, repos

    def install(self) -> App:
        app = self.world.app(
            slug=SLUG, owner=self.organisation, private_key=self._private_key, webhook_secret=SECRET,
            permissions=PERMISSIONS, events=EVENTS,
        )  # fmt: skip
        self.world.install(app, self.organisation)
        return app

    def perform(self, event: Event) -> None:
        """Somebody does it, now."""
        if event.act is Act.ISSUE:
            self._open_issue(event)
        elif event.act in {Act.PULL, Act.DRAFT}:
            self._open_pull(event)
        else:
            acts: Mapping[Act, Callable[[Issue, Event], None]] = {
                Act.READY: self._ready,
                Act.COMMENT: self._comment,
                Act.REVIEW: self._review,
                Act.PUSH: self._push,
                Act.CHECKS: self._checks,
                Act.LABEL: self._label,
                Act.UNLABEL: self._unlabel,
                Act.CLOSE: self._close,
                Act.MERGE: self._merge,
            }
            acts[event.act](self.threads[event.thread], event)

    def account(self, login: str) -> Account:
        if (known := self.world.find_account(login)) is not None:
            return known
        name, is_bot, _ = login.partition("[bot]")
        return self.world.bot(name) if is_bot else self.world.user(login)

    def _repo(self, event: Event) -> Repo:
        return self.repos[self.flow.threads[event.thread].repo]

    def _open_issue(self, event: Event) -> None:
        n, label = event.thread, event.what
        self.threads[n] = self.world.open_issue(
            self._repo(event),
            by=self.account(event.by),
            title=_TITLES[label].format(n=n),
            body=_REPORT.format(n=n) if label == "bug" else f"It is about map {n}.",
            labels=[label] if label else [],
        )

    def _open_pull(self, event: Event) -> None:
        n, about = event.thread, self.threads.get(int(event.what or 0))
        self.threads[n] = self.world.open_pull_request(
            self._repo(event),
            by=self.account(event.by),
            title=f"Turn map {n}",
            body="" if about is None else f"It is a part of #{about.number}.",
            files=[ChangedFile(filename=name, additions=n % 40 + 1) for name in _FILES[n % 3 : n % 3 + 1 + n % 2]],
            draft=event.act is Act.DRAFT,
        )

    def _ready(self, thread: Issue, event: Event) -> None:
        assert isinstance(thread, PullRequest)
        self.world.ready_for_review(thread, by=self.account(event.by))

    def _comment(self, thread: Issue, event: Event) -> None:
        self.world.comment(thread, by=self.account(event.by), body=event.what)

    def _review(self, thread: Issue, event: Event) -> None:
        assert isinstance(thread, PullRequest)
        by = self.account(event.by)
        if event.what == "APPROVED":
            self.world.review(thread, by=by, state="APPROVED")
        else:
            self.world.review(thread, by=by, state="CHANGES_REQUESTED", body="Could the map be turned in one step?")

    def _push(self, thread: Issue, event: Event) -> None:
        assert isinstance(thread, PullRequest)
        self.world.synchronize(thread, by=self.account(event.by))

    def _checks(self, thread: Issue, event: Event) -> None:
        """Of a commit that has a suite this is the same one, over again: somebody has let it run."""
        assert isinstance(thread, PullRequest)
        suites = thread.repo.check_suites.values()
        known = next((suite for suite in suites if suite.head_sha == thread.head_sha), None)
        conclusion = _CONCLUSIONS[event.what]
        if known is None:
            self.world.check_suite(thread, conclusion=conclusion)
        else:
            self.world.conclude(known, conclusion)

    def _label(self, thread: Issue, event: Event) -> None:
        self.world.label(thread, event.what, by=self.account(event.by))

    def _unlabel(self, thread: Issue, event: Event) -> None:
        if any(label.name == event.what for label in thread.labels):
            self.world.unlabel(thread, event.what, by=self.account(event.by))

    def _close(self, thread: Issue, event: Event) -> None:
        self.world.close(thread, by=self.account(event.by))

    def _merge(self, thread: Issue, event: Event) -> None:
        assert isinstance(thread, PullRequest)
        if thread.draft:
            self._ready(thread, event)
        self.world.merge(thread, by=self.account(event.by), method="squash")
