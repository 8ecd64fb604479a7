"""A town: a large organisation in the sandbox, with years of a past that no app has heard of.

A few of its repositories are busy. Whatever is opened is talked about for a while. Most pull requests come from the
team; the others come from forks, as on GitHub.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Final

from bot.playing import EVENTS, PERMISSIONS
from bot.sandbox import ChangedFile, World
from bot.sandbox.model import Account, App, Issue, PullRequest, Repo
from tests.stage import SECRET, SLUG, StageClock

REPOS: Final = 60
THREADS: Final = 30_000  # half of them pull requests
COMMENTS: Final = 5  # to a thread
_OPEN: Final = 0.2
_MERGED: Final = 0.5  # of the pull requests
_ON_LINES: Final = 0.2  # of the comments on pull requests
_OUTSIDERS: Final = 0.2  # of those who open pull requests
_TEAM: Final = 40
_PEOPLE: Final = 1_500
_BEGIN: Final = datetime(2020, 1, 1, tzinfo=UTC)
_BETWEEN: Final = timedelta(minutes=90)  # two new threads
_QUIET: Final = timedelta(days=1)  # between the last word and the app
_TALKED_ABOUT: Final = 200  # threads at a time
_LABELS: Final = ("bug", "enhancement", "documentation", "good first issue", "help wanted", "ci")
_FILES: Final = tuple(ChangedFile(filename=f"maps/part{n}.py", additions=9) for n in range(40))
_WORDS: Final = """I can see it too, on version 4.2.{n}, as soon as I zoom in further than the huts.

- the contour lines stay where they should be
- the base layer is turned, and `tiles.loader` says that it came late:

```
WARNING tiles.loader: tile 7/412/{n} came late, drawn from the cache
```

@guide-{n} might know whether the **cache** is to blame, see https://example.org/tiles?level={n} for how it is drawn.
"""


@dataclass(frozen=True, slots=True)
class Town:
    """`clock` stands where the app was installed."""

    world: World
    app: App
    clock: StageClock
    repos: list[Repo]


def build(private_key: str) -> Town:
    """The app has just been installed."""
    clock = StageClock(_BEGIN)
    world = World(now=clock)
    with world.unheard():
        story = _Story(world, clock)
        story.tell()
    clock.advance(_QUIET)
    app = world.app(
        slug=SLUG, owner=story.organisation, private_key=private_key, webhook_secret=SECRET,
        permissions=PERMISSIONS, events=EVENTS,
    )  # fmt: skip
    world.install(app, story.organisation)
    return Town(world, app, clock, story.repos)


class _Story:
    def __init__(self, world: World, clock: StageClock) -> None:
        self._world = world
        self._clock = clock
        self._random = Random(1)  # noqa: S311 (the same town each time, no secret)
        self.organisation = world.organization("alpine-tools")
        self.repos = [
            world.repository(self.organisation, f"maps-{n}", labels=dict.fromkeys(_LABELS, "ededed"))
            for n in range(REPOS)
        ]
        self._busy = list(accumulate(1 / (rank + 3) for rank in range(REPOS)))
        self._team = [world.user(f"guide-{n}") for n in range(_TEAM)]
        self._people = [world.user(f"hiker-{n}") for n in range(_PEOPLE)]
        self._talked_about: list[Issue] = []
        guides = world.team(self.organisation, "guides")
        for repo in self.repos:
            world.give_team(guides, repo, role="write")
        for one in self._team:
            world.add_member(self.organisation, one)
            world.join_team(guides, one)

    def tell(self) -> None:
        for number in range(THREADS):
            self._clock.advance(_BETWEEN)
            [repo] = self._random.choices(self.repos, cum_weights=self._busy)
            self._talked_about.append(self._issue(repo, number) if number % 2 else self._pull(repo, number))
            for _ in range(COMMENTS):
                self._comment(self._random.choice(self._talked_about))
            if len(self._talked_about) > _TALKED_ABOUT:
                self._end(self._talked_about.pop(self._random.randrange(_TALKED_ABOUT)))
        while self._talked_about:
            self._end(self._talked_about.pop())

    def _issue(self, repo: Repo, number: int) -> Issue:
        label = self._random.choice(_LABELS)
        title = f"Map {number} is upside down"
        return self._world.open_issue(repo, by=self._somebody(), title=title, body=_words(number), labels=[label])

    def _pull(self, repo: Repo, number: int) -> PullRequest:
        outside = self._random.random() < _OUTSIDERS
        by = self._somebody() if outside else self._random.choice(self._team)
        files = self._random.choices(_FILES, k=3)
        return self._world.open_pull_request(repo, by=by, title=f"Turn map {number}", body=_words(number), files=files)

    def _comment(self, thread: Issue) -> None:
        by, body = self._somebody(), _words(thread.number)
        if isinstance(thread, PullRequest) and self._random.random() < _ON_LINES:
            self._world.review_comment(thread, by=by, body=body, path=thread.files[0].filename)
        else:
            self._world.comment(thread, by=by, body=body)

    def _end(self, thread: Issue) -> None:
        """What becomes of it. Pull requests are reviewed at least."""
        by = self._random.choice(self._team)
        fate = self._random.random()
        if isinstance(thread, PullRequest):
            if by is not thread.author:
                self._world.review(thread, by=by, state="APPROVED")
            if fate < _MERGED:
                self._world.merge(thread, by=by, method="squash")
                return
        if fate < 1 - _OPEN:
            self._world.close(thread, by=by)

    def _somebody(self) -> Account:
        """The first do most."""
        people = self._team if self._random.random() < 0.4 else self._people
        return people[int(len(people) * self._random.random() ** 3)]


def _words(number: int) -> str:
    return _WORDS.format(n=number % _TEAM)
