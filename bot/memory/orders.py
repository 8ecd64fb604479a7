"""What people order that memory can do by itself: pauses, snoozes, claims, interests, pointers, budgets …

Each is obeyed once, in one transaction with its line in the ledger. News may come late or twice: the later wish counts.
"""

from datetime import datetime
from typing import Final, assert_never

from sqlalchemy import Connection

from bot.checkins import Said
from bot.effects import (
    AnswerAsk,
    AnswerCheckIn,
    CorrectWaiting,
    EndClaim,
    EndMentoring,
    GivePointers,
    GiveThanks,
    GoAway,
    HandOver,
    JoinMentors,
    JoinTriage,
    KeepQuiet,
    LimitMentions,
    MeetMentee,
    Mentored,
    MuteKind,
    OfTheTeam,
    Order,
    PauseRepo,
    RecordWork,
    SeekMentors,
    SetCare,
    ShareStory,
    Snooze,
    StepDown,
    TakeBack,
    TakeClaim,
    TakeInterest,
    TakeWeek,
    VouchFor,
    Work,
)
from bot.gratitude import MOST_A_DAY
from bot.memory import (
    care,
    checkins,
    claims,
    cohorts,
    evidence,
    interests,
    leaves,
    ledger,
    looks,
    mentorings,
    mentors,
    pointers,
    preferences,
    ramp,
    rota,
    stops,
    thanking,
    waits,
)
from bot.model import InstallationId, Repo

_OF_THE_RAMP: Final = (TakeClaim, EndClaim, TakeInterest, GivePointers)
_OF_COHORTS: Final = (TakeClaim, EndClaim, RecordWork)


def obey(
    connection: Connection, order: Order, where: Repo, installation_id: InstallationId | None, now: datetime
) -> bool:
    """Does what somebody asked for, once. Whether it was new, and could be done."""
    if not _can_be_done(connection, order, now):
        return False
    if not ledger.obeyed(connection, order, where, installation_id, now):
        return False
    if isinstance(order, _OF_THE_RAMP):
        looks.news(connection, ramp.subject(where.owner_id), now + ramp.SOON)
    if isinstance(order, _OF_COHORTS):
        looks.news(connection, cohorts.subject(where.owner_id), now + ramp.SOON)
    if isinstance(order, Mentored | JoinMentors | GoAway):
        looks.news(connection, mentorings.subject(where.owner_id), now)
    match order:
        case PauseRepo():
            repo_id = stops.EVERYWHERE if order.everywhere else where.id
            stops.pause(connection, where.owner_id, repo_id, order.until, order.as_of)
        case MuteKind():
            stops.mute(connection, where.id, order.template, order.as_of, muted=order.muted)
        case Snooze():
            stops.snooze(connection, order.thread, order.until, order.as_of)
        case TakeClaim():
            claims.take(connection, order.thread, order.person.id, order.as_of)
        case EndClaim():
            claims.end(connection, order.thread, order.person.id, order.as_of, order.ended)
        case Work():
            claims.work(connection, order.thread, order.person.id, order.as_of)
        case TakeInterest():
            interests.take(connection, where.owner_id, order.person.id, order.thread, order.areas, order.as_of)
        case GivePointers():
            pointers.give(connection, order)
        case CorrectWaiting():
            waits.correct(connection, order.thread, order.on, order.as_of)
        case LimitMentions():
            preferences.limit(connection, where.owner_id, order)
        case GoAway():
            preferences.away(connection, where.owner_id, order)
        case KeepQuiet():
            preferences.quiet(connection, where.owner_id, order)
        case TakeWeek():
            rota.take(connection, where.owner_id, order.week, order.to, order.as_of)
        case JoinTriage():
            rota.join(connection, where.owner_id, order)
        case JoinMentors():
            mentors.join(connection, where.owner_id, order)
        case SeekMentors():
            mentorings.begin(connection, where.owner_id, order)
        case MeetMentee():
            mentorings.meet(connection, order)
        case AnswerAsk():
            mentorings.answer(connection, order)
        case HandOver():
            mentorings.hand_over(connection, where.owner_id, order)
        case EndMentoring():
            mentorings.end(connection, order)
        case RecordWork():
            cohorts.record(connection, where.owner_id, order)
        case AnswerCheckIn() | SetCare() | VouchFor() | GiveThanks() | StepDown() | TakeBack() | ShareStory():
            _of_the_team(connection, order, where)
        case _:
            assert_never(order)
    return True


def _of_the_team(connection: Connection, order: OfTheTeam, where: Repo) -> None:
    match order:
        case AnswerCheckIn():
            checkins.answer(connection, where.owner_id, order)
            if order.said is Said.HERE:
                leaves.is_here(connection, where.owner_id, order.person.id, order.as_of)
        case SetCare():
            care.set_(connection, where.owner_id, order)
        case VouchFor():
            evidence.vouched(connection, where.owner_id, order)
        case GiveThanks():
            evidence.thanked(connection, where.owner_id, order)
        case StepDown():
            leaves.step_down(connection, where.owner_id, order)
        case TakeBack():
            leaves.take_back(connection, where.owner_id, order)
        case ShareStory():
            leaves.share(connection, where.owner_id, order)
        case _:
            assert_never(order)


def _can_be_done(connection: Connection, order: Order, now: datetime) -> bool:
    match order:
        case TakeClaim():
            return claims.free(connection, order.thread, order.person.id, order.most)
        case SeekMentors():
            known = mentorings.of_thread(connection, order.thread)
            return known is None or not known.is_open
        case HandOver():
            return mentorings.can_be_handed_over(connection, order)
        case GiveThanks():
            return thanking.given(connection, order.person.id, now) < MOST_A_DAY
        case _:
            return True
