"""What the private issue says: what rests on whom, who could grow into it, and with which issues."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from bot import words
from bot.model import Doing
from bot.policy import Policy
from bot.policytypes import Mode
from bot.stewards import CARE, Deeds, Heir, Kept
from bot.succession.gathering import Entry
from bot.words import Shown

_LONGEST: Final = 60_000  # characters; GitHub takes 65,536
_MONTH: Final = timedelta(days=30.4)


def page(entries: Sequence[Entry], policy: Policy, *, organisation: str) -> tuple[str, str]:
    """Title and body, of alarms. Raises WordsError."""
    title = words.document("succession-title", policy.language, {"organisation": organisation}).strip()
    shown = len(entries)
    while True:
        values: dict[str, Shown] = {
            "organisation": organisation,
            "entries": [_entry(one) for one in entries[:shown]],
            "more": len(entries) - shown,
            "months": round(policy.succession.over / _MONTH),
            "mentors": policy.mode("mentoring") is Mode.ON,
        }
        body = words.document("succession", policy.language, values)
        if len(body) <= _LONGEST or shown == 0:
            return title, body
        shown //= 2


def _entry(one: Entry) -> Mapping[str, Shown]:
    assert one.alarm is not None, "only alarms are told"
    first = one.first
    return {
        "place": one.kept.place.name,
        "is_area": one.kept.place.repo is None,
        "who": one.alarm.person.login,
        "fewer": one.alarm.fewer,
        "most": list(mostly(one.kept, first)) if first is not None else [],
        "heirs": [_heir(heir) for heir in one.heirs],
        "issues": [issue.name for issue in one.issues],
        "ready": any(issue.ready for issue in one.issues),
    }


def mostly(kept: Kept, first: Deeds) -> list[str]:
    """The kinds of which somebody did more than half there."""
    return [
        doing.value
        for doing in CARE
        if 2 * first.counts.get(doing, 0) > sum(one.counts.get(doing, 0) for one in kept.deeds)
    ]


def _heir(one: Heir) -> Mapping[str, Shown]:
    did = one.deeds.counts
    return {
        "login": one.person.login,
        "reviews": did.get(Doing.REVIEW, 0),
        "merges": did.get(Doing.MERGE, 0),
        "triage": did.get(Doing.TRIAGE, 0),
        "commits": did.get(Doing.COMMIT, 0),
        "landed": one.deeds.landed,
        "medium": one.grown.medium,
        "mentored": one.grown.mentored,
        "interested": one.interested,
    }
