"""What a snapshot has told already. Nothing changes within one, so it need not be asked again: whoever sweeps all
repositories of an organisation asks of each what holds there and whose it is, at every turn."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from sqlalchemy import Connection

TOLD: Final = "told"  # the option of a connection that reads a snapshot: a dictionary, empty at first

P = ParamSpec("P")
T = TypeVar("T")


def once(ask: Callable[Concatenate[Connection, P], T]) -> Callable[Concatenate[Connection, P], T]:
    """Asks once for each snapshot. Arguments must be hashable, and nobody may change what is returned.

    Connections that can write see what changes, so with them it asks each time.
    """

    @wraps(ask)
    def asked(connection: Connection, /, *args: P.args, **kwargs: P.kwargs) -> T:
        told: dict[Any, T] | None = connection.get_execution_options().get(TOLD)
        if told is None:
            return ask(connection, *args, **kwargs)
        key = (ask, args, *sorted(kwargs.items()))
        if key not in told:
            told[key] = ask(connection, *args, **kwargs)
        return told[key]

    return asked
