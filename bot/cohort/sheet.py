"""What the evaluation sheet of a cohort says: who applies, what they took and brought, and who reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from bot import words
from bot.cohorts import Applicant, Cohort, Contribution
from bot.model import PersonId, ThreadRef
from bot.policy import Policy
from bot.rules.reviewers import Pairs

_LONGEST: Final = 60_000  # characters; GitHub takes 65,536
_MOST: Final = (50, 20, 10, 5, 2, 0)  # contributions of one applicant, where there is less and less room
_SAFE: Final = "/:?=&;+,%~#"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Who reads what: the reviewers of each applicant, who looks at which pull request, and the mentors' logins."""

    reviewers: Pairs
    turns: Mapping[ThreadRef, PersonId]
    logins: Mapping[PersonId, str]


def sheet(
    cohort: Cohort, applicants: Sequence[Applicant], reading: Reading, policy: Policy, *, organisation: str
) -> tuple[str, str]:
    """Title and body. Raises WordsError."""
    title = words.document("cohort-sheet-title", policy.language, {"cohort": cohort.name})
    shown, left = len(applicants), list(_MOST)
    while True:
        body = _body(cohort, applicants, reading, policy, organisation, most=left[0], shown=shown)
        if len(body) <= _LONGEST:
            return title, body
        if len(left) > 1:
            left.pop(0)
        else:
            shown //= 2


def _body(
    cohort: Cohort, applicants: Sequence[Applicant], reading: Reading, policy: Policy, organisation: str, *,
    most: int, shown: int,
) -> str:  # fmt: skip
    rows: list[words.Shown] = [_row(one, reading, most) for one in applicants[:shown]]
    values: dict[str, words.Shown] = {
        "cohort": cohort.name,
        "organisation": organisation,
        "first": f"{cohort.first:%Y-%m-%d}",
        "last": f"{cohort.last:%Y-%m-%d}",
        "applicants": rows,
        "more": len(applicants) - shown,
    }
    return words.document("cohort-sheet", policy.language, values)


def _row(applicant: Applicant, reading: Reading, most: int) -> words.Shown:
    did = applicant.contributions
    return {
        "login": applicant.person.login,
        "since": f"{applicant.since:%Y-%m-%d}",
        "tasks": list(applicant.tasks),
        "did": [_brought(one, reading) for one in did[:most]],
        "more": max(len(did) - most, 0),
        "reviewers": _logins(reading.reviewers.get(applicant.person.id, ()), reading),
    }


def _brought(contribution: Contribution, reading: Reading) -> words.Shown:
    turn = reading.turns.get(contribution.ref) if contribution.ref is not None else None
    waits = contribution.pull and contribution.waits_since is not None
    return {
        "thread": contribution.name or None,
        "url": quote(contribution.url, safe=_SAFE) or None,
        "state": contribution.state.value,
        "waits_for": reading.logins.get(turn) if waits and turn is not None else None,
    }


def _logins(people: Sequence[PersonId], reading: Reading) -> list[words.Shown]:
    return [reading.logins[one] for one in people if one in reading.logins]
