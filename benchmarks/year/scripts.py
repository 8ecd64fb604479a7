"""What becomes of a thread: how it is talked about, by whom and how long, and how it ends. Pure, given a `Random`.

A thread that nobody answers any more stays open, as they do.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Final

from benchmarks.year import rates
from benchmarks.year.flow import Act, Event, Role, Thread

_MOST_ROUNDS: Final = 6
_SHORT: Final = timedelta(hours=3)  # within which the team merges without many words
_MINUTE: Final = timedelta(minutes=1)
_CHECKED: Final = timedelta(minutes=20)  # after which the checks are over
_SOME_DAYS: Final[rates.Points] = ((0, 1), (0.5, 60), (1, 700))
_GIVEN_UP: Final[rates.Points] = ((0, 700), (1, 3000))
QUESTION: Final = "Which version is it, and what does the log say?"
_TEMPLATES: Final = {"bug": 0.45, "enhancement": 0.2, "documentation": 0.1, "support": 0.1, "": 0.15}

Somebody = Callable[[], str]


@dataclass(frozen=True, kw_only=True)
class Cast:
    """`answers`: somebody of the team, never the author; `passes`: somebody from outside."""

    answers: Somebody
    passes: Somebody


def hours(random: Random, points: rates.Points) -> timedelta:
    """A time of which these are the quantiles."""
    share = random.random()
    for (below, least), (above, most) in pairwise(points):
        if share <= above:
            return timedelta(hours=least * (most / least) ** ((share - below) / (above - below)))
    return timedelta(hours=points[-1][1])


@dataclass
class _Telling:
    """Writes events down; `now` is where the story is."""

    thread: Thread
    random: Random
    cast: Cast
    now: datetime
    events: list[Event] = field(default_factory=list)

    def tell(self, act: Act, by: str, what: str = "", *, after: timedelta = _MINUTE) -> None:
        self.now += after
        self.events.append(Event(at=self.now, thread=self.thread.number, act=act, by=by, what=what))

    def aside(self, act: Act, by: str, what: str = "", *, after: timedelta) -> None:
        """Something that happens beside the story."""
        self.events.append(Event(at=self.now + after, thread=self.thread.number, act=act, by=by, what=what))

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def hours(self, points: rates.Points) -> timedelta:
        return hours(self.random, points)


def issue(thread: Thread, at: datetime, random: Random, cast: Cast) -> Iterator[Event]:
    story = _Telling(thread, random, cast, at)
    [label] = random.choices(list(_TEMPLATES), list(_TEMPLATES.values()))
    story.tell(Act.ISSUE, thread.author, label, after=timedelta())
    if thread.role is not Role.TEAM and story.chance(rates.OTHERS_SPEAK):
        story.aside(Act.COMMENT, cast.passes(), "I can see it too.", after=story.hours(_SOME_DAYS))
    if _talked_about(story):
        closes = cast.answers() if story.chance(0.7) else thread.author
        story.tell(Act.CLOSE, closes, after=story.hours(rates.CLOSING))
    yield from story.events


def _talked_about(story: _Telling) -> bool:
    """Whether it comes to an end."""
    mine = story.thread.role is Role.TEAM
    points, never, asked = rates.FIRST_ANSWER, 0.5 if mine else rates.NEVER_ANSWERED, False
    for _ in range(_MOST_ROUNDS):
        if story.chance(never):
            return mine and story.chance(rates.CLOSED)
        who = story.cast.answers()
        story.now += story.hours(points)
        if asked:
            story.tell(Act.UNLABEL, who, "needs-info")
            asked = False
        if not mine and story.chance(rates.ASKS):
            story.tell(Act.COMMENT, who, QUESTION)
            if asked := story.chance(rates.NEEDS_INFO):
                story.tell(Act.LABEL, who, "needs-info")
            if story.chance(rates.NEVER_REPLIED):
                return _given_up(story, who)
            story.tell(Act.COMMENT, story.thread.author, "It is 4.2, and the log is empty.", after=_reply(story))
            points, never = rates.LATER_ANSWER, rates.NEVER_ANSWERED_AGAIN
            continue
        return _answered(story, who)
    return False


def _reply(story: _Telling) -> timedelta:
    return story.hours(rates.REPLY)


def _given_up(story: _Telling, who: str) -> bool:
    """The author never replies; now and then somebody closes it."""
    if story.chance(0.5):
        story.tell(Act.CLOSE, who, after=story.hours(_GIVEN_UP))
    return False


def _answered(story: _Telling, who: str) -> bool:
    fate = story.random.random()
    if fate < rates.LEVELLED:
        story.tell(Act.LABEL, who, story.random.choice(("good first issue", "medium", "medium")))
        story.tell(Act.COMMENT, who, "That would be welcome, and anybody can take it.")
        if story.chance(0.4):
            story.tell(Act.COMMENT, story.cast.passes(), "/claim", after=story.hours(_SOME_DAYS))
        return story.chance(0.5)
    fate -= rates.LEVELLED
    if fate < rates.TO_BE_DECIDED:
        story.tell(Act.LABEL, who, "needs: discussion")
        story.tell(Act.COMMENT, who, "We would have to agree on this first.")
        return story.chance(0.3)
    if fate - rates.TO_BE_DECIDED < rates.ON_HOLD:
        story.tell(Act.LABEL, who, "on hold")
        return False
    words = "/waiting-on nobody" if story.chance(0.02) else "That is how it is meant to be, as far as I can see."
    story.tell(Act.COMMENT, who, words)
    if story.thread.role is not Role.TEAM and story.chance(0.3):
        story.tell(Act.COMMENT, story.thread.author, "Thank you, that helps.", after=_reply(story))
    return story.chance(rates.CLOSED)


def pull(thread: Thread, at: datetime, random: Random, cast: Cast, about: str) -> Iterator[Event]:
    """`about`: the number of an issue that it names."""
    story = _Telling(thread, random, cast, at)
    merging = rates.MERGING[thread.role]
    takes = story.hours(merging.hours)
    draft = thread.role is not Role.BOT and story.chance(rates.DRAFT)
    story.tell(Act.DRAFT if draft else Act.PULL, thread.author, about, after=timedelta())
    _checked(story)
    if draft:
        story.aside(Act.READY, thread.author, after=takes * 0.1 + _MINUTE)
    if story.chance(merging.share):
        _merged(story, takes)
    else:
        _not_merged(story, takes)
    yield from story.events


def _checked(story: _Telling) -> None:
    """What the checks say; of somebody new they wait until somebody of the team lets them run."""
    if story.thread.role is Role.NEW:
        story.aside(Act.CHECKS, "", "action_required", after=_MINUTE)
        return
    fail = story.chance(rates.CHECKS_FAIL)
    story.aside(Act.CHECKS, "", "failure" if fail else "success", after=_CHECKED)
    if fail and story.thread.role is not Role.BOT and story.chance(0.8):
        again = _CHECKED + hours(story.random, ((0, 0.2), (0.7, 10), (1, 400)))
        story.aside(Act.PUSH, story.thread.author, after=again)
        story.aside(Act.CHECKS, "", "success", after=again + _CHECKED)


def _merged(story: _Telling, takes: timedelta) -> None:
    begun, who = story.now, story.cast.answers()
    end = begun + takes + 4 * _MINUTE
    if takes > _SHORT:
        story.now += takes * story.random.uniform(0.2, 0.8)
        if story.thread.role is Role.NEW:
            story.tell(Act.CHECKS, "", "success")
        if story.chance(0.5):
            story.tell(Act.REVIEW, who, "CHANGES_REQUESTED")
            rest = end - story.now
            story.tell(Act.PUSH, story.thread.author, after=rest * story.random.uniform(0.1, 0.8))
            story.tell(Act.COMMENT, story.thread.author, "I have changed it.", after=timedelta())
        elif story.chance(0.5):
            story.tell(Act.COMMENT, who, "Looks good at first sight, I will come back to it.")
    if takes > _SHORT or story.thread.role is not Role.TEAM or story.chance(0.5):
        story.now = max(story.now, end - _SHORT * story.random.random() if takes > _SHORT else end - 2 * _MINUTE)
        story.tell(Act.REVIEW, who, "APPROVED")
    merges = story.thread.author if story.thread.role is Role.TEAM and story.chance(0.6) else who
    story.tell(Act.MERGE, merges, after=max(end - story.now, _MINUTE))


def _not_merged(story: _Telling, takes: timedelta) -> None:
    """It is closed, or left open: nobody looks at it, or nobody goes on with it."""
    who = story.cast.answers()
    if story.chance(0.5):
        story.tell(Act.REVIEW, who, "CHANGES_REQUESTED", after=takes * 0.6)
        if story.chance(0.3):
            story.tell(Act.PUSH, story.thread.author, after=story.hours(rates.REPLY))
    if not story.chance(rates.ABANDONED):
        by = who if story.chance(0.5) else story.thread.author
        story.tell(Act.CLOSE, by, after=takes * 0.4 + story.hours(_SOME_DAYS))
