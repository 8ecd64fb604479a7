"""What applicants of a cohort contributed, and who reads it."""

from sqlalchemy import Connection

from bot.effects import RecordWork
from bot.memory import rows, schema
from bot.memory.forgotten import Forgotten
from bot.model import OwnerId


def record(connection: Connection, owner_id: OwnerId, order: RecordWork) -> None:
    """Somebody contributed something in a cohort, and so applies in it."""
    if Forgotten(connection).has_id(order.person.id):
        return
    key = {"owner_id": owner_id, "cohort": order.cohort, "person_id": order.person.id}
    if rows.get(connection, schema.applicants, **key) is None:
        place = {"repo_id": order.thread.repo_id, "number": order.thread.number}
        rows.put(connection, schema.applicants, {"since": order.as_of, **place}, **key)
    work, task = order.work, order.task
    what = {"repo_id": work.repo_id if work else 0, "number": work.number if work else 0, "url": order.url}
    if rows.get(connection, schema.contributions, **key, **what) is None:
        of = {"task_repo_id": task.repo_id if task else None, "task_number": task.number if task else None}
        rows.put(connection, schema.contributions, {**of, "at": order.as_of}, **key, **what)
