"""`python -m bot replay`: the real rules over years of history, in seconds, and every effect they would have had.

A history has its own clock. Nobody is asked and nothing is written: `bot/replay/known.py` knows what memory would. Each
comment is made at the moment when the rules wish for it: neither the second between two writes nor
`limits.comments_an_hour` delays anything here.

As a library:

    with history.opened("history.jsonl.gz") as lines:
        told = history.read(lines, "history.jsonl.gz")
    for happened in replay(told.events, policyfile.defaults(), maintainers={"grace"}):
        print(happened.at, happened.repo, happened.number, happened.act.key)
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import heappop, heappush
from itertools import count, groupby
from operator import attrgetter

from bot import rules
from bot.effects import Act, LookAgain
from bot.model import Subject
from bot.policy import Policy
from bot.replay.history import Deed, Event
from bot.replay.known import Known, KnownThread

__all__ = ["Event", "Happened", "replay"]


@dataclass(frozen=True, slots=True)
class Happened:
    """An act that would have been done at `at` (aware UTC), in a thread of the repository as the history names it.

    A `Say` of which `mention` is false was beyond the attention budget: the name would have stood there without its @.
    """

    at: datetime
    repo: str
    number: int
    act: Act


def replay(events: Iterable[Event], policy: Policy, maintainers: Collection[str]) -> Iterator[Happened]:
    """What would have happened, in the order of time. `maintainers` are the logins of those who belong.

    The events may come in any order; of two at one time the first comes first, but a thread's opening before all else
    about it. What the rules want to look at again is looked at when it is due, also after the last event.
    """
    play = _Replay(policy, maintainers)
    for event in _in_order(events):
        yield from play.hear(event)
    yield from play.wait()


def _in_order(events: Iterable[Event]) -> Iterator[Event]:
    at = attrgetter("at")
    for _, group in groupby(sorted(events, key=at), key=at):
        together = list(group)
        yield from together if len(together) == 1 else _openings_first(together)


def _openings_first(together: list[Event]) -> list[Event]:
    """Events of one time, a thread's opening where the thread is told of first."""
    first: dict[tuple[str, int], int] = {}
    for index, event in enumerate(together):
        first.setdefault((event.repo.casefold(), event.number), index)

    def place(numbered: tuple[int, Event]) -> tuple[int, bool]:
        index, event = numbered
        opens = event.deed is Deed.OPENED
        return first[event.repo.casefold(), event.number] if opens else index, not opens

    return [event for _, event in sorted(enumerate(together), key=place)]


class _Replay:
    """The clock, which is that of the events, and the looks that are planned."""

    def __init__(self, policy: Policy, maintainers: Collection[str]) -> None:
        self._policy = policy
        self._known = Known(policy, maintainers)
        self._agenda: list[tuple[datetime, Subject, int, KnownThread]] = []  # a heap; may hold a thread twice
        self._order = count()

    def hear(self, event: Event) -> Iterator[Happened]:
        """What was due before an event, and what the event brings. Whatever is due at the very moment waits for all
        that happens at it: a human's answer then is in time."""
        while self._agenda and self._agenda[0][0] < event.at:
            yield from self._next()
        thread = self._known.hear(event)
        if thread is not None:
            yield from self._look(thread, event.at)

    def wait(self) -> Iterator[Happened]:
        """All that is still planned."""
        while self._agenda:
            yield from self._next()

    def _next(self) -> Iterator[Happened]:
        at, *_, thread = heappop(self._agenda)
        if thread.look_again_at == at:
            yield from self._look(thread, at)

    def _look(self, thread: KnownThread, now: datetime) -> Iterator[Happened]:
        """As the engine's look (`bot/look.py`): the rules are asked again after each act but the last."""
        while True:
            effects = rules.decide(self._known.look(thread), self._policy, now)
            acts = [effect for effect in effects if isinstance(effect, Act)]
            done = next((done for act in acts if (done := self._known.did(act, thread, now))), None)
            if done is None:
                break
            yield Happened(now, thread.shown, thread.ref.number, done)
            if done.key == acts[-1].key:
                break
        later = [effect.at for effect in effects if isinstance(effect, LookAgain) and effect.at > now]
        thread.look_again_at = min(later, default=None)
        if thread.look_again_at is not None:
            # In the engine's order: by time, then by subject.
            heappush(self._agenda, (thread.look_again_at, thread.ref.subject, next(self._order), thread))
