"""Connections: GraphQL's pages, cut with `first` and `after`, or `last` and `before`.

docs.github.com: Using pagination in the GraphQL API. Whoever asks for no more than `totalCount` needs no bounds.
"""

import base64
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypedDict

from graphql import FieldNode, FragmentSpreadNode, GraphQLResolveInfo, SelectionSetNode

from bot.sandbox.refusal import RefusedError

MOST = 100
CURSOR = "cursor:v2:"

Key = Callable[[Any], Sequence[object]]  # where an item stands in the order; what is JSON and can be compared


class PageInfo(TypedDict):
    startCursor: str | None
    endCursor: str | None
    hasNextPage: bool
    hasPreviousPage: bool


class Connection(TypedDict, total=False):
    nodes: list[object]
    pageInfo: PageInfo
    totalCount: int


def connection(
    items: Sequence[object],
    info: GraphQLResolveInfo[Any],
    *,
    key: Key | None = None,
    descending: bool = False,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
) -> Connection:
    """The part of the items that was asked for. Raises RefusedError where GitHub wants other bounds.

    With `key`, by which the items are sorted, a cursor keeps its place when others come, go or change theirs, as on
    GitHub; without it a cursor counts, which is as good for lists that only grow at their end.
    """
    if first is None and last is None and set(_selected(info)) <= {"totalCount", "__typename"}:
        return {"totalCount": len(items)}
    _check(info.field_name, first=first, last=last)
    begin = _place(items, after, key=key, descending=descending, behind=True) if after else 0
    end = _place(items, before, key=key, descending=descending, behind=False) if before else len(items)
    if first is not None:
        end = min(end, begin + first)
    elif last is not None:
        begin = max(begin, end - last)
    shown = list(items[begin:end])

    def cursor(index: int) -> str | None:
        return _cursor(list(key(items[index])) if key else [index]) if shown else None

    return {
        "nodes": shown,
        "pageInfo": {
            "startCursor": cursor(begin),
            "endCursor": cursor(end - 1),
            "hasNextPage": end < len(items),
            "hasPreviousPage": begin > 0,
        },
        "totalCount": len(items),
    }


def _check(name: str, *, first: int | None, last: int | None) -> None:
    for word, size in (("first", first), ("last", last)):
        if size is not None and not 0 < size <= MOST:
            message = (
                f"Requesting {size} records on the `{name}` connection exceeds the `{word}` limit of {MOST} records."
            )
            raise RefusedError(422, message, kind="EXCESSIVE_PAGINATION")
    if first is None and last is None:
        message = f"You must provide a `first` or `last` value to properly paginate the `{name}` connection."
        raise RefusedError(422, message, kind="MISSING_PAGINATION_BOUNDARIES")


def _selected(info: GraphQLResolveInfo[Any]) -> Iterator[str]:
    """The names of the fields that are asked for of the field which is being resolved."""

    def names(selection: SelectionSetNode | None) -> Iterator[str]:
        for each in selection.selections if selection else ():
            if isinstance(each, FieldNode):
                yield each.name.value
            elif isinstance(each, FragmentSpreadNode):
                yield from names(info.fragments[each.name.value].selection_set)
            else:
                yield from names(getattr(each, "selection_set", None))

    for node in info.field_nodes:
        yield from names(node.selection_set)


def _place(items: Sequence[object], cursor: str, *, key: Key | None, descending: bool, behind: bool) -> int:
    """The index of the item at (or `behind`) the cursor, or of the one that stands there now."""
    value = _value(cursor)
    if key is None:
        return min(len(items), max(0, int(value[0]) + behind))
    for index, item in enumerate(items):
        its = list(key(item))
        if its == value:
            return index + behind
        if (its < value) if descending else (its > value):
            return index
    return len(items)


def _cursor(value: Sequence[object]) -> str:
    return base64.b64encode(f"{CURSOR}{json.dumps(value)}".encode()).decode()


def _value(cursor: str) -> list[Any]:
    try:
        value = json.loads(base64.b64decode(cursor).decode().removeprefix(CURSOR))
    except ValueError:
        value = None
    if not isinstance(value, list):
        raise RefusedError(422, f"`{cursor}` does not appear to be a valid cursor.", kind="INVALID_CURSOR_ARGUMENTS")
    return value
