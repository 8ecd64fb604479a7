"""What a query costs, and how much it could bring at most, worked out before it is run.

docs.github.com: Rate limits and node limits for the GraphQL API. Each connection is taken to bring as many as its
`first` or `last` allows. Then one request is counted for each time that a connection has to be read; a hundred of them
are one point. One query may ask for 500,000 nodes at most.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    VariableNode,
    get_named_type,
    get_operation_ast,
)

from bot.sandbox.refusal import RefusedError

if TYPE_CHECKING:
    from graphql import GraphQLNamedType, SelectionSetNode

MOST_NODES = 500_000


@dataclass(frozen=True, slots=True)
class Cost:
    """`points` of the rate limit (at least one), and the `nodes` that the query may bring."""

    points: int
    nodes: int


def cost_of(
    document: DocumentNode, schema: GraphQLSchema, *, variables: Mapping[str, Any], operation: str | None
) -> Cost:
    """What a valid query costs. Raises RefusedError where it asks for too many nodes."""
    asked = get_operation_ast(document, operation)
    if asked is None:
        return Cost(1, 0)
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    given = {**_defaults(asked), **variables}
    requests, nodes = _Counter(schema, fragments, given).count(
        asked.selection_set, schema.get_root_type(asked.operation), times=1
    )
    if nodes > MOST_NODES:
        message = (
            f"This query requests up to {nodes:,} possible nodes which exceeds the maximum limit of {MOST_NODES:,}."
        )
        raise RefusedError(422, message, kind="MAX_NODE_LIMIT_EXCEEDED")
    return Cost(max(1, round(requests / 100)), nodes)


def _defaults(operation: OperationDefinitionNode) -> dict[str, int]:
    """The numbers that variables have where none is given."""
    return {
        each.variable.name.value: int(each.default_value.value)
        for each in operation.variable_definitions or ()
        if isinstance(each.default_value, IntValueNode)
    }


@dataclass(frozen=True, slots=True)
class _Counter:
    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]

    def count(
        self, selection: SelectionSetNode | None, parent: GraphQLNamedType | None, *, times: int
    ) -> tuple[int, int]:
        """Requests and nodes of what is selected of `parent`, of which there are `times`."""
        requests = nodes = 0
        for each in selection.selections if selection else ():
            if isinstance(each, FragmentSpreadNode):
                fragment = self.fragments[each.name.value]
                more = self.count(fragment.selection_set, self._type(fragment.type_condition.name.value), times=times)
            elif isinstance(each, InlineFragmentNode):
                kind = self._type(each.type_condition.name.value) if each.type_condition else parent
                more = self.count(each.selection_set, kind, times=times)
            else:
                assert isinstance(each, FieldNode)
                more = self._of_field(each, parent, times=times)
            requests, nodes = requests + more[0], nodes + more[1]
        return requests, nodes

    def _of_field(self, node: FieldNode, parent: GraphQLNamedType | None, *, times: int) -> tuple[int, int]:
        field = getattr(parent, "fields", {}).get(node.name.value)
        kind = get_named_type(field.type) if field else None
        if kind is None or not kind.name.endswith("Connection"):
            return self.count(node.selection_set, kind, times=times)
        size = self._size(node)
        requests, nodes = self.count(node.selection_set, kind, times=times * size)
        return requests + times, nodes + times * size

    def _size(self, node: FieldNode) -> int:
        for argument in node.arguments or ():
            if argument.name.value in ("first", "last"):
                value = argument.value
                number = self.variables.get(value.name.value) if isinstance(value, VariableNode) else None
                number = int(value.value) if isinstance(value, IntValueNode) else number
                if isinstance(number, int):
                    return number
        return 0

    def _type(self, name: str) -> GraphQLNamedType | None:
        return self.schema.type_map.get(name)
