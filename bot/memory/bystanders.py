"""Who else is in a thread besides its author, and what has to be known of them. Nothing is asked where nobody is."""

from sqlalchemy import Connection, func, select

from bot.commands import given, handover, stepping_down, welcome_back
from bot.memory import schema
from bot.mentors import Mentoring
from bot.model import OwnerId, PersonId, Request, Step, Thread


def opted_out(
    connection: Connection, owner_id: OwnerId, thread: Thread, mentoring: Mentoring | None
) -> frozenset[PersonId]:
    """Who of those who set labels in an open thread, or are part of its mentoring, asked to be left alone."""
    who = {one.person.id for one in thread.history if one.step is Step.LABELED and thread.is_open}
    if mentoring is not None:
        who |= {ask.person.id for ask in mentoring.mentors} | ({mentoring.mentee.id} if mentoring.mentee else set())
    if not who:
        return frozenset()
    table = schema.optouts
    query = select(table.c.person_id).where(table.c.owner_id == owner_id, table.c.opted_out)
    return frozenset(map(PersonId, connection.scalars(query.where(table.c.person_id.in_(who)))))


def helpers(connection: Connection, owner_id: OwnerId, thread: Thread) -> frozenset[PersonId]:
    """Who of the assignees of an open thread belongs to the organisation, as far as is known."""
    if not (thread.is_open and thread.assignees):
        return frozenset()
    table = schema.team
    query = select(table.c.person_id).where(table.c.owner_id == owner_id, table.c.belongs)
    found = connection.scalars(query.where(table.c.person_id.in_(thread.assignees)))
    return frozenset(map(PersonId, found)) | (thread.assignees & {PersonId(owner_id)})


def named(connection: Connection, thread: Thread) -> dict[str, PersonId]:
    """The accounts that commands in a thread name, by login in lower case, as far as they are known."""
    logins = {login for asked in thread.requests if (login := _names(asked)) is not None}
    if not logins:
        return {}
    table = schema.people
    query = select(func.lower(table.c.login), table.c.id).where(func.lower(table.c.login).in_(logins))
    return {login: PersonId(id_) for login, id_ in connection.execute(query.order_by(table.c.heard_at))}


def _names(asked: Request) -> str | None:
    """Whom a command names, if it has to be known who that is."""
    match asked.name:
        case given.NAME:
            return given.read(asked.args).ask
        case "vouch":
            return handover.read(asked.args)
        case stepping_down.NAME:
            wish = stepping_down.read(asked.args, asked.at)
            return wish.login if isinstance(wish, stepping_down.Wish) else None
        case welcome_back.NAME:
            return welcome_back.read(asked.args)
        case _:
            return None
