"""A thread as it was at an earlier moment, as far as memory can tell.

Locks, changed files and the category are those of today. When a pull request was turned into a draft is not
remembered: until it was first made ready it is taken for one, and afterwards not.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.model import PersonId, Step, Thread

# Labels that came this soon were there from the beginning: GitHub tells of them a moment after the thread.
_AT_ONCE: Final = timedelta(seconds=10)
_IS_OPEN: Final = {Step.CLOSED: False, Step.MERGED: False, Step.REOPENED: True}


def moments(thread: Thread, since: datetime) -> set[datetime]:
    """When something happened to it. Of what was said, only since then: words make nobody new who was not before."""
    known = (thread.created_at, thread.ready_at, thread.closed_at, thread.merged_at)
    told = [one.at for one in thread.answers if one.at >= since] + [one.at for one in thread.history]
    return {at for at in (*known, *told) if at is not None}


def as_it_was(thread: Thread, now: datetime) -> Thread:
    """As it was at this moment, after all that happened at it."""
    made_ready = sorted(_made_ready(thread))
    merged = thread.merged_at is not None and thread.merged_at <= now
    return replace(
        thread,
        heard_at=thread.created_at,
        is_open=_is_open(thread, now) and not merged,
        draft=now < made_ready[0] if made_ready else thread.draft,
        ready_at=max((at for at in made_ready if at <= now), default=None),
        closed_at=thread.closed_at if thread.closed_at is not None and thread.closed_at <= now else None,
        merged_at=thread.merged_at if merged else None,
        labels=_labels(thread, now),
        assignees=_assignees(thread, now),
        answers=tuple(one for one in thread.answers if one.at <= now),
        history=tuple(one for one in thread.history if one.at <= now),
    )


def _made_ready(thread: Thread) -> Iterator[datetime]:
    yield from (one.at for one in thread.history if one.step is Step.READY)
    if thread.ready_at is not None:
        yield thread.ready_at


def _is_open(thread: Thread, now: datetime) -> bool:
    steps = [(one.at, _IS_OPEN[one.step]) for one in thread.history if one.step in _IS_OPEN]
    if thread.closed_at is not None:
        steps.append((thread.closed_at, False))
    return max((step for step in steps if step[0] <= now), default=(now, True))[1]


def _labels(thread: Thread, now: datetime) -> frozenset[str]:
    """Those of today, without what happened to them later."""
    labels = set(thread.labels)
    later = max(now, thread.created_at + _AT_ONCE)
    for one in reversed(thread.history):
        if one.at <= later:
            break
        if one.step is Step.LABELED:
            labels.discard(one.about)
        elif one.step is Step.UNLABELED:
            labels.add(one.about)
    return frozenset(labels)


def _assignees(thread: Thread, now: datetime) -> frozenset[PersonId]:
    """The same."""
    assignees = set(thread.assignees)
    for one in reversed(thread.history):
        if one.at <= now:
            break
        if one.step is Step.ASSIGNED:
            assignees.discard(PersonId(int(one.about)))
        elif one.step is Step.UNASSIGNED:
            assignees.add(PersonId(int(one.about)))
    return frozenset(assignees)
