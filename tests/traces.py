"""Looks for somebody in everything that memory holds: every table, every column, whatever is in it."""

import re

from sqlalchemy import Connection, select

from bot.memory import schema


def traces(connection: Connection, person_id: int, *logins: str) -> list[str]:
    """Where a person's id or one of these logins stands, as a value or as a word in a text, with what stands there."""
    named = "|".join(map(re.escape, (str(person_id), *logins)))
    word = re.compile(rf"(?<![\w-])(?:{named})(?![\w-])", re.IGNORECASE)
    return [
        f"{table.name}.{column}: {value!r}"
        for table in schema.metadata.tables.values()
        for row in connection.execute(select(table)).mappings()
        for column, value in row.items()
        if word.search(value.decode(errors="replace") if isinstance(value, bytes) else repr(value))
    ]
