"""Lets mentors go of whom nothing was heard for long: they are asked once, privately worded, and then not any more.

Whoever is away, mentors somebody or is asked to, is left in peace. A question that was never said releases nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection

from bot.memory import attention, mentorings, mentors, signs
from bot.mentoringpolicy import Mentoring as Settings
from bot.mentors import Listed
from bot.model import OwnerId, Person
from bot.policy import Policy
from bot.policytypes import Mode
from bot.rules.mentoring.still_there import TEMPLATE

FRESH: Final = timedelta(days=7)  # what could not be said until then is said elsewhere, if at all


class Step(StrEnum):
    """What comes next for a mentor."""

    NOTHING = "nothing"
    ASK = "ask"
    KEEP = "keep"  # they were seen since they were asked
    RELEASE = "release"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A mentor, as far as it matters here. `seen`: when they were last seen (None: nobody knows). `busy`: they mentor
    somebody, or are asked to. `chosen_at`: when they were to be asked, `said_at` when they really were."""

    seen: datetime | None
    away: bool = False
    busy: bool = False
    chosen_at: datetime | None = None
    said_at: datetime | None = None


def step(case: Case, settings: Settings, now: datetime) -> Step:
    if case.chosen_at is not None and case.seen is not None and case.seen > case.chosen_at:
        return Step.KEEP
    if case.seen is None or case.away or case.busy:
        return Step.NOTHING
    if case.said_at is not None:
        return Step.RELEASE if now >= case.said_at + settings.release_after else Step.NOTHING
    if case.chosen_at is not None and now < case.chosen_at + FRESH:
        return Step.NOTHING
    return Step.ASK if now >= case.seen + settings.inactive_after else Step.NOTHING


def go_round(
    connection: Connection, owner_id: OwnerId, policy: Policy, listed: Sequence[Listed], now: datetime
) -> None:  # fmt: skip
    """Goes over all who can be asked to mentor. `policy`: the organisation's; `listed`: those of its file."""
    if policy.mode("mentoring") is not Mode.ON:
        return
    open_ = mentorings.of_owner(connection, owner_id)
    busy = {ask.person.id for one in open_ for ask in (*one.mentors, one.open_ask) if ask is not None}
    for mentor in mentors.roster(connection, owner_id, listed, policy, now):
        case = _case(connection, owner_id, mentor.person, now, busy=mentor.person.id in busy)
        match step(case, policy.mentoring, now):
            case Step.KEEP:
                assert case.seen is not None, "they were seen"
                signs.keep(connection, owner_id, mentor.person.id, case.seen)
            case Step.RELEASE:
                signs.release(connection, owner_id, mentor.person.id, now)
            case Step.ASK:
                place = signs.place(
                    connection, owner_id, mentor.person.id, now, kind=TEMPLATE, no_bot=policy.no_bot_label
                )
                if place is not None:
                    signs.ask(connection, owner_id, mentor.person, place, now)
            case Step.NOTHING:
                pass


def _case(connection: Connection, owner_id: OwnerId, person: Person, now: datetime, *, busy: bool) -> Case:
    question = signs.question(connection, owner_id, person)
    return Case(
        seen=signs.last_seen(connection, owner_id, person, now),
        away=attention.away(connection, owner_id, person.id, now),
        busy=busy,
        chosen_at=question.still_there.asked_at if question else None,
        said_at=question.said_at if question else None,
    )
