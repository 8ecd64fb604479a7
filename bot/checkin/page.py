"""The issue in which somebody is asked, or several who agreed to be asked together. Pure: values of documents."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot import words
from bot.checkins import CheckIn, State
from bot.model import PersonId, Repo
from bot.policy import Policy
from bot.policytypes import Mode
from bot.rules import farewell

_MONTH: Final = 30  # days

Text = tuple[str, str]  # a title and a body


def of_person(one: CheckIn, policy: Policy, where: Repo) -> Text:
    """Title and body. Raises WordsError."""
    values = _values(policy, where) | _of(one)
    language = policy.language
    return words.document("check-in-title", language, values), words.document("check-in", language, values)


def of_round(those: Sequence[CheckIn], names: Mapping[PersonId, str], policy: Policy, where: Repo) -> Text:
    """With their first names only; whoever has none any more has the login that mentions them below. Raises
    WordsError."""
    people: list[words.Shown] = [_of(one) | {"name": names.get(one.person.id) or one.person.login} for one in those]
    values = _values(policy, where) | {"people": people}
    language = policy.language
    return words.document("check-in-round-title", language, {}), words.document("check-in-round", language, values)


def of_nobody(policy: Policy) -> Text:
    """When whoever it was about asked to be forgotten. Raises WordsError."""
    title = words.document("check-in-round-title", policy.language, {})
    return title, words.document("check-in-gone", policy.language, {})


def _values(policy: Policy, where: Repo) -> dict[str, words.Shown]:
    """`reminders`, `human`: what comes if nobody answers. `farewell`: whether `/stepping-down` is heard."""
    settings = policy.check_ins
    return {
        "organisation": where.owner,
        "repository": where.full_name,
        "months": max(1, round(settings.again.days / _MONTH)),
        "reminders": len(settings.remind),
        "human": bool(settings.hand_to),
        "farewell": policy.mode(farewell.NAME) is not Mode.OFF,
    }


def _of(one: CheckIn) -> dict[str, words.Shown]:
    """What they answered is not told, only that they did. `over`: it is not asked any more."""
    return {
        "login": one.person.login,
        "id": int(one.person.id),
        "answered": one.state is State.ANSWERED,
        "over": one.state is State.OVER,
    }
