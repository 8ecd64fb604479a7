"""What actions/stale would do to the same year, run once a night in each repository, as of its version 10.3.0.

Written down from its source (src/classes/issues-processor.ts), with the options that decide here:

- `days-before-stale` 60 and `days-before-close` 7, for issues and pull requests alike; nothing is exempt.
- `operations-per-run` 30: a page of the list is one, so are a label, a comment, a closing, and each of two reads for
  what is marked. What a run has not come to is seen by the next one. The newest are seen first.
- `stale-issue-message` and `stale-pr-message` are empty by default. Its documentation says that nothing is marked then,
  but its source puts the label on without a word, and closes later; where a message is set, it is a comment each time.
  `close-issue-message` is another comment, with the closing.
- What is marked is taken back by a comment of a human, and by what is an event of the issue: a label, a new title … A
  push or a review is neither; it only puts the closing off, as any update does.

Nobody in the year answers to the messages. In life some do ("still relevant"), and are asked again 60 days later.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from itertools import count
from typing import Final

from benchmarks.year.flow import OPENINGS, Act, Event, Flow, Role, Thread

BEFORE_STALE: Final = timedelta(days=60)
BEFORE_CLOSE: Final = timedelta(days=7)
OPERATIONS: Final = 30
_PAGE: Final = 100
_AT: Final = timedelta(hours=1, minutes=30)  # "30 1 * * *", as its documentation shows it
_DAY: Final = timedelta(days=1)
_OUTSIDE: Final = frozenset({Role.NEW, Role.RETURNING})
_NO_UPDATE: Final = frozenset({Act.CHECKS})
_TAKE_BACK: Final = frozenset({Act.COMMENT, Act.LABEL, Act.UNLABEL, Act.READY})


class Messages(Enum):
    """Which messages are set; the values are how many comments come with the mark, and with the closing."""

    NONE = (0, 0)
    STALE = (1, 0)
    BOTH = (1, 1)


@dataclass(slots=True, kw_only=True)
class _Kept:
    """An open thread. `ours`: whether the team has to say something, as far as words tell. `answered`: it has."""

    thread: Thread
    opened_at: datetime
    updated_at: datetime
    ours: bool
    answered: bool = False
    marked_at: datetime | None = None
    taken_back: bool = False  # something happened since that takes the mark back


@dataclass(kw_only=True)
class Told:
    """What it did. `unheard`: closed while the last word was its author's; `unanswered`: before the team said anything;
    `would_merge`: closed pull requests that were merged later in the year, had they been left open."""

    labels: int = 0
    comments: int = 0
    on_others: int = 0  # of these: on what people from outside had opened
    closed: int = 0
    unheard: int = 0
    unanswered: int = 0
    would_merge: int = 0
    most: int = 0  # comments in one thread
    in_thread: dict[int, int] = field(default_factory=lambda: defaultdict(int))


def stale(flow: Flow, messages: Messages) -> Told:
    model = _Model(flow, messages)
    night = flow.begin + _AT
    for event in flow.events:
        while event.at >= night:
            model.run(night)
            night += _DAY
        model.happens(event)
    while night < flow.end:
        model.run(night)
        night += _DAY
    model.told.most = max(model.told.in_thread.values(), default=0)
    return model.told


class _Model:
    def __init__(self, flow: Flow, messages: Messages) -> None:
        self.told = Told()
        self._flow = flow
        self._marking, self._closing = messages.value
        self._open: dict[int, _Kept] = {}
        self._closed: set[int] = set()  # by it
        self._seen: defaultdict[int, set[int]] = defaultdict(set)  # by a run that had to stop, by repository

    # -- what people do

    def happens(self, event: Event) -> None:
        thread = self._flow.threads[event.thread]
        if event.act in OPENINGS:
            ours = thread.role in _OUTSIDE
            self._open[event.thread] = _Kept(thread=thread, opened_at=event.at, updated_at=event.at, ours=ours)
        elif event.act is Act.MERGE and event.thread in self._closed:
            self.told.would_merge += 1
        elif event.act in {Act.CLOSE, Act.MERGE}:
            self._open.pop(event.thread, None)
        elif (kept := self._open.get(event.thread)) is not None and event.act not in _NO_UPDATE:
            self._updated(kept, event)

    def _updated(self, kept: _Kept, event: Event) -> None:
        kept.updated_at = event.at
        kept.taken_back |= event.act in _TAKE_BACK
        if event.by == kept.thread.author:
            kept.ours = kept.thread.role in _OUTSIDE
        elif self._flow.is_team(event.by):
            kept.ours, kept.answered = False, True

    # -- what it does

    def run(self, now: datetime) -> None:
        for repo in range(len(self._flow.repos)):
            self._run_in(repo, now)

    def _run_in(self, repo: int, now: datetime) -> None:
        seen, operations = self._seen[repo], 0
        for page in count():
            operations += 1
            some = self._listed(repo)[page * _PAGE : (page + 1) * _PAGE]
            if not some:
                seen.clear()
                return
            for kept in some:
                if operations >= OPERATIONS:
                    return
                if kept.thread.number not in seen:
                    operations += sum(self._process(kept, now))
                    seen.add(kept.thread.number)
            if operations >= OPERATIONS:
                return

    def _listed(self, repo: int) -> list[_Kept]:
        there = (kept for kept in self._open.values() if kept.thread.repo == repo)
        return sorted(there, key=lambda kept: (kept.opened_at, kept.thread.number), reverse=True)

    def _process(self, kept: _Kept, now: datetime) -> Iterator[int]:
        """Yields the operations that it takes."""
        if kept.marked_at is None:
            if now - kept.updated_at <= BEFORE_STALE:
                return
            yield self._say(kept, self._marking) + 1
            self.told.labels += 1
            kept.marked_at = kept.updated_at = now
            kept.taken_back = False
            yield 2
            return
        yield 2  # its events and its comments
        if kept.taken_back:
            kept.marked_at, kept.updated_at = None, now
            yield 1
        elif now - kept.updated_at > BEFORE_CLOSE:
            yield self._say(kept, self._closing) + 1
            self._close(kept)

    def _say(self, kept: _Kept, comments: int) -> int:
        self.told.comments += comments
        self.told.in_thread[kept.thread.number] += comments
        if kept.thread.role in _OUTSIDE:
            self.told.on_others += comments
        return comments

    def _close(self, kept: _Kept) -> None:
        del self._open[kept.thread.number]
        self._closed.add(kept.thread.number)
        self.told.closed += 1
        self.told.unheard += kept.ours
        self.told.unanswered += kept.thread.role in _OUTSIDE and not kept.answered
