"""Connections: GraphQL's pages, cut with `first` and `after`, or `last` and `before`.

docs.github.com: Using pagination in the GraphQL API.
"""

import base64
from collections.abc import Sequence
from typing import TypedDict, TypeVar

from bot.sandbox.refusal import RefusedError

MOST = 100
Item = TypeVar("Item")


class PageInfo(TypedDict):
    startCursor: str | None
    endCursor: str | None
    hasNextPage: bool
    hasPreviousPage: bool


class Connection(TypedDict):
    nodes: list[object]
    pageInfo: PageInfo
    totalCount: int


def connection(
    items: Sequence[object],
    *,
    name: str,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
) -> Connection:
    """The part of the items that was asked for. Raises RefusedError where GitHub wants other bounds."""
    for word, size in (("first", first), ("last", last)):
        if size is not None and not 0 < size <= MOST:
            message = (
                f"Requesting {size} records on the `{name}` connection exceeds the `{word}` limit of {MOST} records."
            )
            raise RefusedError(422, message)
    if first is None and last is None:
        message = f"You must provide a `first` or `last` value to properly paginate the `{name}` connection."
        raise RefusedError(422, message)
    begin = _position(after) + 1 if after else 0
    end = _position(before) if before else len(items)
    begin, end = max(0, begin), min(len(items), end)
    if first is not None:
        end = min(end, begin + first)
    elif last is not None:
        begin = max(begin, end - last)
    shown = list(items[begin:end])
    return {
        "nodes": shown,
        "pageInfo": {
            "startCursor": _cursor(begin) if shown else None,
            "endCursor": _cursor(end - 1) if shown else None,
            "hasNextPage": end < len(items),
            "hasPreviousPage": begin > 0,
        },
        "totalCount": len(items),
    }


def _cursor(position: int) -> str:
    return base64.b64encode(f"cursor:v2:{position}".encode()).decode()


def _position(cursor: str) -> int:
    try:
        return int(base64.b64decode(cursor).decode().removeprefix("cursor:v2:"))
    except ValueError:
        raise RefusedError(422, f"`{cursor}` does not appear to be a valid cursor.") from None
