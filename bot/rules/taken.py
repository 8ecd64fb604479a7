"""Whether an issue is taken, and whose doing an assignment is: what people do always counts more than what the bot did.

For whoever takes, recommends or offers issues.
"""

from collections.abc import Collection, Iterable
from typing import Final

from bot.looking import ThreadLook
from bot.model import Happening, Person, PersonId, Step
from bot.pathway import Claim, Link
from bot.policy import Policy

_STEPS: Final = frozenset({Step.ASSIGNED, Step.UNASSIGNED})


def is_taken(claims: Iterable[Claim], assignees: Collection[PersonId], links: Iterable[Link]) -> bool:
    """Somebody has claimed it or is assigned, or an open pull request closes it."""
    return (
        bool(assignees) or any(claim.is_open for claim in claims) or any(link.is_open and link.closes for link in links)
    )


def assigned_by_us(look: ThreadLook, policy: Policy, person: Person) -> bool:
    """Whether the bot assigned them, for what is known they still are, and no human has done so since."""
    ours = [act for act in look.acted if act.effect == "assign" and act.person_id == person.id]
    if not ours or not ours[-1].detail.get("assigned"):
        return False
    last = _last_step(look, person)
    return last is None or last.at < ours[-1].at or policy.is_bot(last.person)


def taken_off(look: ThreadLook, policy: Policy, person: Person) -> Happening | None:
    """The last that happened to their assignment, if that was a human's taking it off them."""
    last = _last_step(look, person)
    if last is None or last.step is not Step.UNASSIGNED or policy.is_bot(last.person):
        return None
    return None if person.id in look.thread.assignees else last


def _last_step(look: ThreadLook, person: Person) -> Happening | None:
    steps = [one for one in look.thread.history if one.step in _STEPS and one.about == str(person.id)]
    return steps[-1] if steps else None
