"""How the conversation of a thread stands: who answered when, and whose turn it is.

The turn is the author's once somebody of the team has said something, and the team's again once the author did: by
words, new commits, reopening or making it ready. An approval leaves it with the team, who have to merge. What others
say changes nobody's turn, and bots say nothing at all.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.model import GHOST, Person, Pulse, Step, Thread, Verdict, Waits

_BY_AUTHOR: Final = frozenset({Step.PUSHED, Step.READY, Step.REOPENED})


@dataclass(frozen=True, slots=True)
class _Word:
    at: datetime
    person: Person
    by_team: bool
    approves: bool
    answers: bool  # a comment or a review, not new commits


def pulse(thread: Thread, bots: Collection[str]) -> Pulse:
    """`bots` are logins that are not people besides GitHub's bot accounts."""
    not_people = {login.casefold() for login in bots}
    words = [
        word for word in sorted(_words(thread), key=lambda word: word.at)
        if not word.person.is_bot and word.person.login.casefold() not in not_people
    ]  # fmt: skip
    answers = [word.at for word in words if word.answers and word.person != thread.author]
    if thread.merged_at is not None:  # whoever merges it answers too
        answers.append(thread.merged_at)
    begun = thread.ready_at or thread.created_at
    waits, since = _turn(thread, words, begun)
    return Pulse(
        first_answer=min(answers, default=None),
        last_answer=max(answers, default=None),
        last_word=max((word.at for word in words), default=thread.created_at),
        waits=waits,
        waits_since=since,
    )


def _words(thread: Thread) -> list[_Word]:
    said = [
        _Word(one.at, one.person, one.by_team, one.verdict is Verdict.APPROVED, answers=True) for one in thread.answers
    ]
    done = [
        _Word(one.at, one.person, one.by_team, approves=False, answers=False)
        for one in thread.history
        if one.step in _BY_AUTHOR and one.person == thread.author
    ]
    return said + done


def _turn(thread: Thread, words: list[_Word], begun: datetime) -> tuple[Waits, datetime]:
    if not thread.is_open:
        return Waits.FOR_NOBODY, thread.closed_at or thread.merged_at or begun
    if thread.draft or thread.locked:
        return Waits.FOR_NOBODY, begun
    waits, since = Waits.FOR_TEAM, begun
    for word in words:
        if word.person == thread.author:
            turn = Waits.FOR_TEAM
        elif word.by_team:
            turn = Waits.FOR_TEAM if word.approves or thread.author == GHOST else Waits.FOR_AUTHOR
        else:
            continue
        if turn is not waits or word.approves:
            waits, since = turn, word.at
    return waits, since
