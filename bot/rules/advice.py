"""Tells maintainers which level an issue looks like, in one folded comment, where that is configured.

Elsewhere it stands in their digest alone. It is a suggestion: a level that somebody has set is not spoken of.
"""

from datetime import datetime, timedelta
from typing import Final

from bot.effects import Effect, Quiet, Say, Value
from bot.looking import ThreadLook
from bot.model import ThreadKind
from bot.policy import Policy
from bot.rules.manners import left_alone

NAME: Final = "advice"
_NEW: Final = timedelta(days=7)


def decide(look: ThreadLook, policy: Policy, now: datetime) -> list[Effect]:
    if not _is_asked_for(look, policy):
        return []
    if reason := _not_here(look, policy, now):
        return [Quiet(rule=NAME, why=reason)]
    found = look.suggested
    if found is None or found.level is None:
        return [Quiet(rule=NAME, why="no level to suggest")]
    thread = look.thread
    label = next(iter(getattr(policy.levels, found.level.value)), None)
    values: dict[str, Value] = {
        "level": found.level.value,
        "area": found.area,
        "reasons": "; ".join(found.why),
        "label": label,
    }
    return [
        Say(
            rule=NAME,
            key=f"{NAME}/{thread.repo.id}/{thread.ref.number}",
            why=f"it looks like {found.level} ({found.confidence:.0%})",
            thread=thread.ref,
            template=NAME,
            language=policy.language,
            values=values,
            to=thread.author,
            mention=False,
        )
    ]


def concerns(look: ThreadLook, policy: Policy, now: datetime) -> bool:
    """Whether it would be said here, if there is something to say."""
    return _is_asked_for(look, policy) and _not_here(look, policy, now) is None


def _is_asked_for(look: ThreadLook, policy: Policy) -> bool:
    return look.thread.kind is ThreadKind.ISSUE and policy.advice.where == "comment"


def _not_here(look: ThreadLook, policy: Policy, now: datetime) -> str | None:
    thread = look.thread
    if not thread.is_open:
        return "the issue is closed"
    if reason := left_alone(look, policy):
        return reason
    if f"{NAME}/{thread.repo.id}/{thread.ref.number}" in look.said_here:
        return "it was suggested"
    if thread.opened_by is None or now > thread.created_at + _NEW:
        return "the issue is not new"
    if policy.levels.of(thread.labels) is not None:
        return "it has a level"
    return None
