"""How the conversation of a thread stands: who answered when, and whose turn it is.

It begins when the thread is opened, or made ready for review, and then it is the team's turn. The turn is the author's
once somebody of the team has said something, and the team's again once the author did: by words, new commits, reopening
or making it ready. An approval leaves it with the team, who have to merge. What others say changes nobody's turn. Bots
say nothing at all, and nobody waits for one, or for an account that is deleted.
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
    words = sorted(_words(thread, bots), key=lambda word: (word.at, word.approves))  # an approval has the last word
    answers = [word.at for word in words if word.answers and word.person != thread.author]
    if thread.merged_at is not None and _merged_by_another(thread, bots):
        answers.append(thread.merged_at)  # whoever merges it answers too
    waits, since = _turn(thread, words, bots)
    return Pulse(
        first_answer=min(answers, default=None),
        last_answer=max(answers, default=None),
        last_word=max((word.at for word in words), default=thread.created_at),
        waits=waits,
        waits_since=since,
    )


def _words(thread: Thread, bots: Collection[str]) -> list[_Word]:
    """What people said, and what the author did that counts like words."""
    said = [
        _Word(one.at, one.person, one.by_team, one.verdict is Verdict.APPROVED, answers=True) for one in thread.answers
    ]
    done = [
        _Word(one.at, one.person, one.by_team, approves=False, answers=False)
        for one in thread.history
        if one.step in _BY_AUTHOR and one.person == thread.author
    ]
    return [word for word in said + done if not _is_bot(word.person, bots)]


def _is_bot(person: Person, bots: Collection[str]) -> bool:
    return person.is_bot or person.login.casefold() in {login.casefold() for login in bots}


def _merged_by_another(thread: Thread, bots: Collection[str]) -> bool:
    """If it is not known who did it, it was somebody else."""
    mergers = [one.person for one in thread.history if one.step is Step.MERGED]
    return not any(_is_bot(who, bots) or (who == thread.author and who != GHOST) for who in mergers)


def _turn(thread: Thread, words: list[_Word], bots: Collection[str]) -> tuple[Waits, datetime]:
    begun = thread.ready_at or thread.created_at
    if not thread.is_open:
        return Waits.FOR_NOBODY, thread.closed_at or thread.merged_at or begun
    if thread.draft or thread.locked:
        return Waits.FOR_NOBODY, begun
    there_is_an_author = thread.author != GHOST and not _is_bot(thread.author, bots)
    waits, since = Waits.FOR_TEAM, begun
    for word in words:
        if word.at < begun:
            continue
        if word.person == thread.author or (word.by_team and word.approves):
            turn = Waits.FOR_TEAM
        elif word.by_team and there_is_an_author:
            turn = Waits.FOR_AUTHOR
        else:
            continue
        if turn is not waits or word.approves:
            waits, since = turn, word.at
    return waits, since
