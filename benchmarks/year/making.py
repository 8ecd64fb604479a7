"""Makes up a year of an organisation, the same for the same seed.

Nobody in it reacts to a bot: what waits goes on waiting, however often somebody is reminded, so what is said about it
is the most that it can be. The years before are made the same way; what is left open from them is the backlog.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Final

from benchmarks.year import rates, scripts
from benchmarks.year.flow import BEGIN, ENDINGS, OPENINGS, Act, Event, Flow, Role, Size, Thread, people
from benchmarks.year.scripts import Cast

_WEEK: Final = timedelta(days=7)
_BUSIEST: Final = 2.5  # times the mean: no week is busier
_LATELY: Final = 150  # people who may come back
_NAMES_AN_ISSUE: Final = 0.25  # of the pull requests
_BOT: Final = "dependency-goat[bot]"


def make(size: Size, *, seed: int = 1, begin: datetime = BEGIN) -> Flow:
    maker = _Maker(size, seed, begin)
    for week in range(-size.before, size.weeks):
        maker.go_through(begin + week * _WEEK)
    return maker.flow()


class _Maker:
    def __init__(self, size: Size, seed: int, begin: datetime) -> None:
        self._size, self._seed, self._begin = size, seed, begin
        self._random = Random(f"{seed}")  # noqa: S311 (the same year each time, no secret)
        self._people = people(begin)
        self._team = list(accumulate(rates.TEAM))
        some = [*rates.REPOS, *((0, 0),) * size.repos][: size.repos]
        self._issues = list(accumulate(issues for issues, _ in some))
        self._pulls = list(accumulate(pulls for _, pulls in some))
        self._leads = [self._one_of_team(self._random) for _ in range(size.repos)]
        self._came = 0
        self._lately: list[str] = []  # who came from outside, the last one last
        self._threads: dict[int, Thread] = {}
        self._events: list[Event] = []
        self._last_issue: dict[int, int] = {}  # by repository

    def go_through(self, start: datetime) -> None:
        """A week."""
        busy = self._random.gammavariate(rates.STEADINESS, 1 / rates.STEADINESS)
        busy = min(busy, _BUSIEST) * self._size.pace
        openings = [
            *((at, self._issue) for at in self._times(start, rates.ISSUES_A_WEEK * busy)),
            *((at, self._pull) for at in self._times(start, rates.PULLS_A_WEEK * busy)),
            *((at, self._bot) for at in self._times(start, rates.BOT_PULLS_A_WEEK * busy)),
        ]
        for at, opened in sorted(openings, key=lambda one: one[0]):
            opened(at)

    def flow(self) -> Flow:
        end = self._begin + self._size.weeks * _WEEK
        events = [event for event in self._events if event.at < end]
        for wish in self._people.wishes:  # they write it in the thread that was opened last
            there = [event for event in events if event.act in OPENINGS and event.at < wish.at]
            if there and wish.at < end:
                last = max(there, key=lambda event: event.at).thread
                events.append(Event(at=wish.at, thread=last, act=Act.COMMENT, by=wish.who, what=wish.command))
        return Flow(
            begin=self._begin,
            end=end,
            repos=tuple(f"maps-{n}" for n in range(1, self._size.repos + 1)),
            people=self._people,
            threads=self._threads,
            events=tuple(_possible(sorted(events, key=lambda event: (event.at, event.thread)))),
        )

    def _times(self, start: datetime, mean: float) -> Iterator[datetime]:
        whole, rest = divmod(mean, 1)
        for _ in range(int(whole) + (self._random.random() < rest)):
            [day] = self._random.choices(range(7), rates.WEEKDAYS)
            [hour] = self._random.choices(range(24), rates.HOURS)
            yield start + timedelta(days=day, hours=hour, seconds=self._random.randrange(3600))

    def _issue(self, at: datetime) -> None:
        author, role = self._author(rates.ISSUES_BY_TEAM, rates.ISSUES_BY_NEW)
        thread, random = self._thread(self._issues, author, role)
        self._events += scripts.issue(thread, at, random, self._cast(thread, random))
        self._last_issue[thread.repo] = thread.number

    def _pull(self, at: datetime) -> None:
        self._opened(at, *self._author(rates.PULLS_BY_TEAM, rates.PULLS_BY_NEW))

    def _bot(self, at: datetime) -> None:
        self._opened(at, _BOT, Role.BOT)

    def _opened(self, at: datetime, author: str, role: Role) -> None:
        thread, random = self._thread(self._pulls, author, role)
        names = role is not Role.BOT and random.random() < _NAMES_AN_ISSUE
        about = str(self._last_issue.get(thread.repo, "")) if names else ""
        self._events += scripts.pull(thread, at, random, self._cast(thread, random), about)

    def _thread(self, weights: list[int], author: str, role: Role) -> tuple[Thread, Random]:
        """What becomes of it has dice of its own, so that no thread changes another one's story."""
        [repo] = self._random.choices(range(self._size.repos), cum_weights=weights)
        number = len(self._threads) + 1
        thread = self._threads[number] = Thread(number=number, repo=repo, author=author, role=role)
        return thread, Random(f"{self._seed}/{number}")  # noqa: S311 (as above)

    # -- who

    def _author(self, by_team: float, by_new: float) -> tuple[str, Role]:
        fate = self._random.random()
        if fate < by_team:
            return self._one_of_team(self._random), Role.TEAM
        if fate < by_team + by_new or not self._lately:
            self._came += 1
            self._lately.append(f"hiker-{self._came}")
            return self._lately[-1], Role.NEW
        return self._from_outside(self._random), Role.RETURNING

    def _cast(self, thread: Thread, random: Random) -> Cast:
        return Cast(answers=lambda: self._answers(thread, random), passes=lambda: self._from_outside(random))

    def _answers(self, thread: Thread, random: Random) -> str:
        """Often whoever leads there."""
        while True:
            who = self._leads[thread.repo] if random.random() < rates.LED else self._one_of_team(random)
            if who != thread.author:
                return who

    def _one_of_team(self, random: Random) -> str:
        [one] = random.choices(self._people.team, cum_weights=self._team)
        return one

    def _from_outside(self, random: Random) -> str:
        """The first of those who came of late do most. Before anybody came: one of the team."""
        lately = self._lately[-_LATELY:]
        return lately[int(len(lately) * random.random() ** 2)] if lately else self._one_of_team(random)


def _possible(events: list[Event]) -> Iterator[Event]:
    """Once a thread has ended people still talk there, and that is all."""
    ended: set[int] = set()
    for event in events:
        if event.thread not in ended or event.act is Act.COMMENT:
            yield event
        if event.act in ENDINGS:
            ended.add(event.thread)
