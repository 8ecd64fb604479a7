"""The team: what could not be asked or prepared, because there is no private place for it. Numbers only: who it is, is
told by `python -m bot check-ins`."""

from collections.abc import Iterator

from sqlalchemy import Connection

from bot.checkins import State
from bot.doctor.finding import Finding, count, note
from bot.memory import checkins, leaves, readings
from bot.memory.readings import Account


def look(db: Connection) -> list[Finding]:
    return [finding for account in readings.accounts(db) for finding in _of(db, account)]


def _of(db: Connection, account: Account) -> Iterator[Finding]:
    known = checkins.of_owner(db, account.id).values()
    due, unreachable = (sum(one.state is state for one in known) for state in (State.DUE, State.UNREACHABLE))
    if due:
        what = f"{account.login}: {count(due, 'check-in is', 'check-ins are')} due and there is no private place"
        how = "Name a private repository in `team.place`; `python -m bot check-ins` tells whose they are."
        yield note("check-ins", what, how)
    if unreachable:
        what = f"{account.login}: {count(unreachable, 'person', 'people')} cannot read the place of their check-in"
        how = "Give them the read role in the repository that `team.place` names, or ask them yourself."
        yield note("check-ins", what, how)
    left = sum(one.back_at is None and one.place is None for one in leaves.of_owner(db, account.id))
    if left:
        what = f"{account.login}: {count(left, 'person', 'people')} stepped back, and nothing could be prepared for it"
        how = "It is prepared in the private repository that `team.place` names, where farewell is switched on."
        yield note("stepping back", what, how)
