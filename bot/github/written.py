"""What becomes of a write, and the mark that it leaves to be found by."""

from dataclasses import dataclass
from hashlib import blake2b


@dataclass(frozen=True, slots=True)
class Done:
    """It is there, by this call or an earlier one."""

    external_id: int
    url: str
    node_id: str = ""  # of a comment


@dataclass(frozen=True, slots=True)
class Taken:
    """The ledger knows it already, or it belongs to another thread: nothing was written."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """It cannot be done, and will not be tried again."""

    why: str


def marker(rule: str, key: str) -> str:
    """What a comment carries, unseen, to be found by. It says which key without telling whom the key is about."""
    return f"<!-- switchback {rule} {mark(key)} -->"


def mark(key: str) -> str:
    return blake2b(key.encode(), digest_size=8).hexdigest()
