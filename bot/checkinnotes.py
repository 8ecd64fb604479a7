"""The words of what is told in the private issue of a check-in. Frozen, no I/O."""

from dataclasses import dataclass

from bot.checkins import CheckIn
from bot.model import Person
from bot.team import Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A note, with what it is about as it is now. `person`: whom it is for. `about`: their own check-in; of a note to
    the human who takes over, those that are theirs from then on. `again`: they were reminded before."""

    note: Note
    person: Person
    about: tuple[CheckIn, ...]
    again: bool = False
