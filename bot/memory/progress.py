"""How far reading the past has come, for people who wait for it: each repository with the share of it that is read."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, select

from bot.memory import readings, schema
from bot.memory.readings import OF_OWNER, Account, OwnerPart, Part

_GUESS: Final = 2  # pages of a list of which nobody has said how long it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A repository; `share` is from 0 to 1, and 1 only when all is read."""

    name: str
    share: float
    items: int

    @property
    def done(self) -> bool:
        return self.share >= 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Of one owner. `bars`: those that are being read first, by name. `listed`: the list of repositories is known.
    `unreadable`: lists that could not be read; they are tried again the next day."""

    login: str
    is_organisation: bool
    listed: bool
    bars: tuple[Bar, ...]
    unreadable: int

    @property
    def done(self) -> bool:
        return self.listed and all(bar.done for bar in self.bars)

    @property
    def share(self) -> float:
        return sum(bar.share for bar in self.bars) / len(self.bars) if self.bars else float(self.done)

    @property
    def items(self) -> int:
        return sum(bar.items for bar in self.bars)


def of_all(connection: Connection) -> list[Progress]:
    """Of every owner that the app is installed on, by name."""
    return [_of(connection, account) for account in readings.accounts(connection)]


def _of(connection: Connection, account: Account) -> Progress:
    rows = _rows(connection, account)
    bars = [_bar(repo.name, rows[repo.id]) for repo in readings.repos(connection, account.id)]
    bars.sort(key=lambda bar: (bar.done, bar.share == 0, bar.name.lower()))
    listed = rows[OF_OWNER].get(OwnerPart.REPOS)
    return Progress(
        login=account.login,
        is_organisation=account.is_organisation,
        listed=listed is not None and listed["done_at"] is not None,
        bars=tuple(bars),
        unreadable=sum(row["why"] is not None for parts in rows.values() for row in parts.values()),
    )


def _rows(connection: Connection, account: Account) -> defaultdict[int, dict[str, Mapping[str, Any]]]:
    """The passes since we have been listening there without a gap, by repository and list."""
    table = schema.readings
    query = select(table).where(table.c.owner_id == account.id, table.c.began_at >= account.witnessed_since)
    found: defaultdict[int, dict[str, Mapping[str, Any]]] = defaultdict(dict)
    for row in connection.execute(query).mappings():
        found[row["repo_id"]][row["part"]] = dict(row)
    return found


def _bar(name: str, rows: Mapping[str, Mapping[str, Any]]) -> Bar:
    shares = [_share(rows.get(part)) for part in Part]
    return Bar(name=name, share=sum(shares) / len(shares), items=sum(row["items"] for row in rows.values()))


def _share(row: Mapping[str, Any] | None) -> float:
    """Of one list; below 1 until its last page is written down."""
    if row is None:
        return 0
    if row["done_at"] is not None:
        return 1
    pages: int = row["pages"]
    return pages / max(row["expected"] or 0, pages + _GUESS)
