"""The world: all of this small GitHub, in one object."""

from collections.abc import Callable
from datetime import datetime

from bot.sandbox.acts.checks import CheckActs


class World(CheckActs):
    """Everything there is, and everything people can do with it.

    `now` gives the time, aware UTC; nothing in the world looks at another clock. `seed` goes into tokens, commit
    hashes and delivery GUIDs: two worlds with the same seed and the same history are the same in every letter, so a
    program that keeps a database over several worlds should give each its own seed.

    What happens is told to apps as `deliveries` (all that were ever sent, oldest first), and to the `listeners`,
    functions that are called with each new one. What happened where no app was installed is in `past`.
    """

    def __init__(self, *, now: Callable[[], datetime], seed: str = "sandbox") -> None:
        super().__init__(now=now, seed=seed)
