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
from itertools import groupby
from operator import attrgetter

from bot.effects import Act
from bot.policy import Policy
from bot.replay.history import Deed, Event
from bot.replay.known import Known, KnownThread
from bot.replay.play import Play

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


def replay(
    events: Iterable[Event], policy: Policy, maintainers: Collection[str], known: type[Known] = Known
) -> Iterator[Happened]:
    """What would have happened, in the order of time. `maintainers` are the logins of those who belong.

    The events may come in any order; of two at one time the first comes first, but a thread's opening before all else
    about it. What the rules want to look at again is looked at when it is due, also after the last event.
    `known`: how memory is played, for whoever assumes that it knows more.
    """
    memory = known(policy, maintainers)
    play = Play(memory)
    for event in _in_order(events):
        yield from _told(play.before(event.at))
        thread = memory.hear(event)
        if thread is not None:
            yield from _told(play.look(thread, event.at))
    yield from _told(play.wait())


def _told(done: Iterable[tuple[datetime, KnownThread, Act]]) -> Iterator[Happened]:
    return (Happened(at, thread.shown, thread.ref.number, act) for at, thread, act in done)


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
