"""The words of check-ins: a private question to somebody of the team, and what they say. Frozen, no I/O."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model import Person, PersonId, ThreadRef


class Because(StrEnum):
    """Why somebody is asked."""

    SILENCE = "silence"  # they were not seen for long
    DECLINE = "decline"  # they do lastingly much less than they used to
    ASKED = "asked"  # nobody asked: they said by themselves how it is


class State(StrEnum):
    """How far a check-in is."""

    DUE = "due"  # there is no private place: admins are told that it is due, and nobody is asked
    UNREACHABLE = "unreachable"  # they cannot read that place: the same
    ASKED = "asked"
    ANSWERED = "answered"
    HANDED = "handed"  # nobody answered; it is a human's now
    OVER = "over"  # it is not to be asked any more: they were seen, the issue was closed, or they wish not to be asked


class Said(StrEnum):
    """What somebody answers."""

    HERE = "here"
    LATER = "later"
    STEPS_BACK = "steps back"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    """`place`: the issue in which they are asked (None: there is none yet). `again_at`: before that they are not asked
    again. `handed_to`: the human whose it is now."""

    person: Person
    begun_at: datetime
    because: Because
    state: State
    state_at: datetime
    place: ThreadRef | None = None
    said: Said | None = None
    again_at: datetime | None = None
    handed_to: PersonId | None = None

    @property
    def is_open(self) -> bool:
        """Whether they may still answer it."""
        return self.state in {State.DUE, State.UNREACHABLE, State.ASKED, State.HANDED}
