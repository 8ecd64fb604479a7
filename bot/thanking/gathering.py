"""What memory knows of thanks, for a look at a thread. Reads hardly anything where nobody is thanked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from bot.commands import thank
from bot.commands.thank import Thank
from bot.farewells import Leave
from bot.gratitude import Draft, Known
from bot.inforce import Policies
from bot.looking import ThreadLook
from bot.memory import homes, leaves, notes, rows, schema, story, switches, thanking
from bot.model import OwnerId, Request, ThreadRef
from bot.policy import Policy
from bot.policytypes import Mode
from bot.rules import answers
from bot.rules import thanks as rule
from bot.team import About

_EVER: Final = datetime.min.replace(tzinfo=UTC)
_BACK: Final = timedelta(days=30)  # a note is not said later than this


def with_thanks(
    connection: Connection, look: ThreadLook, policy: Policy, policies: Policies, now: datetime
) -> ThreadLook:
    """With what is known of thanks here."""
    if policy.mode(rule.NAME) is Mode.OFF:
        return look
    asked = [one.request for one in answers.waiting(look, policy, now) if one.request.name == thank.NAME]
    known = _named(connection, look, asked, now) if asked else Known()
    if rule.concerns(look, now):
        since = _since(connection, look.thread.repo.owner_id, policy)
        if since is not None and look.thread.merged_at is not None and look.thread.merged_at >= since:
            known = replace(known, merges=thanking.merges(connection, look.thread), since=since)
    if look.thread.repo.private:
        known = _in_private(connection, look, known, policy, policies, now)
    return replace(look, thanks=known)


def _since(connection: Connection, owner_id: OwnerId, policy: Policy) -> datetime | None:
    """Since when merges are thanked for. What is only recorded may be about any time."""
    if policy.mode(rule.NAME) is Mode.SHADOW:
        return _EVER
    return switches.on_since(connection, thanking.NAME, owner_id)


def _named(connection: Connection, look: ThreadLook, asked: Sequence[Request], now: datetime) -> Known:
    read = (thank.read(one.args) for one in asked)
    logins = {login for one in read if isinstance(one, Thank) for login in one.logins}
    return Known(
        able=thanking.able(connection, look.thread.repo.owner_id, logins),
        given={one.person.id: thanking.given(connection, one.person.id, now) for one in asked},
    )


def _in_private(
    connection: Connection, look: ThreadLook, known: Known, policy: Policy, policies: Policies, now: datetime
) -> Known:
    """The thank-you of whoever stepped back, if this is the issue about it."""
    owner_id, ref = look.thread.repo.owner_id, look.thread.ref
    here = [one for one in leaves.in_thread(connection, ref) if one.story is not None]
    if not here:
        return known
    known = replace(known, honoured=here[-1], digest=has_digest(connection, owner_id, policies, now))
    told = notes.told_in(connection, ref, now - _BACK, About.STORY)
    matters = {(note.person, note.matter) for note in told}
    due = [one for one in here if (one.person.id, one.at) in matters and rule.key_of(one, ref) not in look.said_here]
    if not due:
        return known
    return replace(known, draft=draft(connection, owner_id, due[-1], ref, policy, digest=known.digest))


def draft(
    connection: Connection, owner_id: OwnerId, leave: Leave, place: ThreadRef, policy: Policy, *, digest: bool
) -> Draft:
    """The thank-you for somebody who stepped back, as it would be now."""
    out = rows.get(connection, schema.optouts, owner_id=owner_id, person_id=leave.person.id)
    return Draft(
        leave=leave,
        place=place,
        deeds=story.deeds(connection, owner_id, leave.person.id, policy),
        opted_out=out is not None and bool(out["opted_out"]),
        digest=digest,
    )


def has_digest(connection: Connection, owner_id: OwnerId, policies: Policies, now: datetime) -> bool:
    """Whether there is a digest of the community in which something can stand."""
    home = homes.find(connection, owner_id, policies, lambda policy: policy.community.repo, now)
    return home is not None and home.policy.mode("community") is Mode.ON
