"""What rests on one person of whom there is less and less: how much of it, and where it is told. No names."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection

from bot.doctor.finding import Finding, count, note
from bot.inforce import Policies
from bot.memory import homes, readings
from bot.memory.alarms import NAME
from bot.model import OwnerId
from bot.policytypes import Mode
from bot.succession.gathering import Seen, overview


def look(db: Connection, policies: Policies, now: datetime) -> list[Finding]:
    return [one for account in readings.accounts(db) for one in _of(db, account.id, account.login, policies, now)]


def _of(db: Connection, owner_id: OwnerId, login: str, policies: Policies, now: datetime) -> Iterator[Finding]:
    policy = homes.policy(db, owner_id, policies)
    if policy is None or policy.mode(NAME) is Mode.OFF:
        return
    place, why = homes.private(db, owner_id, policies, now)
    found = overview(
        db, owner_id, policies, policy, now, Seen(whole=True), without=place.repo.id if place is not None else None
    )
    alarms = sum(one.alarm is not None for one in found)
    if not alarms:
        return
    what = f"{login}: {count(alarms, 'repository or area rests', 'repositories and areas rest')} on one person each"
    how = f"`python -m bot succession {login}` says which, and who could grow into it."
    if place is None:
        how = f"{how} Nobody else is told: {why}."
    elif policy.mode(NAME) is not Mode.ON:
        how = f"{how} Nobody else is told: {NAME}.mode is {policy.mode(NAME).value}."
    yield note(NAME, f"{what}, of whom there is less of late", how)
