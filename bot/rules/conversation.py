"""Who said what in a thread, and who has the last word. Bots say nothing, and what is said to this one alone is no
answer to anybody, unless there is a question in it.

What the author does counts like words: new commits, opening it again, making it ready for review. Labels, assignments
and cross-references do not.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Final

from bot.model import Step, Thread, Verdict
from bot.policy import Policy

_BY_AUTHOR: Final = frozenset({Step.PUSHED, Step.READY, Step.REOPENED})


class Side(Enum):
    AUTHOR = auto()
    TEAM = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """`asks`: whether there is a question in it; None: nobody has looked."""

    at: datetime
    login: str
    side: Side
    verdict: Verdict | None = None
    asks: bool | None = None

    @property
    def approves(self) -> bool:
        return self.verdict is Verdict.APPROVED


@dataclass(frozen=True, slots=True)
class Talk:
    """In the order of time."""

    words: tuple[Word, ...]

    def of(self, side: Side) -> tuple[Word, ...]:
        return tuple(word for word in self.words if word.side is side)

    def since(self, at: datetime) -> "Talk":
        return Talk(tuple(word for word in self.words if word.at >= at))

    def after(self, at: datetime) -> "Talk":
        return Talk(tuple(word for word in self.words if word.at > at))

    @property
    def turn(self) -> tuple[Word, ...]:
        """What the author has said since the team last spoke, or the team since the author did: of whoever has the last
        word. The first of these gave the ball away."""
        turn: list[Word] = []
        for word in self.words:
            if word.side is Side.OTHER:
                continue
            if turn and turn[-1].side is not word.side:
                turn.clear()
            turn.append(word)
        return tuple(turn)

    def standing(self) -> tuple[Word, ...]:
        """The team's verdicts that stand: the last of each reviewer, if nobody has dismissed it."""
        last = {word.login: word for word in self.of(Side.TEAM) if word.verdict not in {None, Verdict.COMMENTED}}
        stand = (word for word in last.values() if word.verdict is not Verdict.DISMISSED)
        return tuple(sorted(stand, key=lambda word: (word.at, word.approves)))


def talk(thread: Thread, policy: Policy) -> Talk:
    """An approval has the last word of its second. Where nobody has looked whether an answer is to the bot alone, it is
    to people."""
    said = [
        Word(at=one.at, login=one.person.login, side=_side(one.person == thread.author, by_team=one.by_team),
             verdict=one.verdict, asks=one.asks)
        for one in thread.answers
        if not policy.is_bot(one.person) and (one.asks or one.says is not False)
    ]  # fmt: skip
    done = [
        Word(at=one.at, login=one.person.login, side=Side.AUTHOR)
        for one in thread.history if one.step in _BY_AUTHOR and one.person == thread.author
    ]  # fmt: skip
    return Talk(tuple(sorted(said + done, key=lambda word: (word.at, word.approves))))


def _side(is_author: bool, *, by_team: bool) -> Side:
    if is_author:
        return Side.AUTHOR
    return Side.TEAM if by_team else Side.OTHER
