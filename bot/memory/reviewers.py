"""Which mentors of a cohort read what an applicant did."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, select

from bot.memory import schema
from bot.memory.forgotten import Forgotten
from bot.memory.rows import get, put
from bot.model import OwnerId, PersonId


def of_cohort(connection: Connection, owner_id: OwnerId, cohort: str) -> dict[PersonId, tuple[PersonId, ...]]:
    """By applicant, those first who were told first."""
    table = schema.reviewers
    query = select(table.c.applicant_id, table.c.person_id).where(
        table.c.owner_id == owner_id, table.c.cohort == cohort
    )
    found: defaultdict[PersonId, tuple[PersonId, ...]] = defaultdict(tuple)
    for applicant_id, person_id in connection.execute(query.order_by(table.c.at, table.c.person_id)):
        found[PersonId(applicant_id)] += (PersonId(person_id),)
    return dict(found)


def keep(
    connection: Connection, owner_id: OwnerId, cohort: str, told: Mapping[PersonId, tuple[PersonId, ...]], now: datetime
) -> None:
    """These are the reviewers from now on."""
    table, forgotten = schema.reviewers, Forgotten(connection)
    known = of_cohort(connection, owner_id, cohort)
    for applicant, those in told.items():
        of = {"owner_id": owner_id, "cohort": cohort, "applicant_id": applicant}
        gone = set(known.get(applicant, ())) - set(those)
        if gone:
            here = (table.c.owner_id == owner_id) & (table.c.cohort == cohort) & (table.c.applicant_id == applicant)
            connection.execute(delete(table).where(here, table.c.person_id.in_(gone)))
        for one in those:
            if get(connection, table, **of, person_id=one) is None and not forgotten.has_id(one):
                put(connection, table, {"at": now}, **of, person_id=one)
