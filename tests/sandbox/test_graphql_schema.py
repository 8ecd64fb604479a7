"""The GraphQL schema that the sandbox serves is a part of GitHub's own."""

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLUnionType,
    build_schema,
)
from graphql.type import specified_scalar_types

from bot.sandbox.graph.schema import SDL
from tests import npm

WITH_FIELDS = (GraphQLObjectType, GraphQLInterfaceType, GraphQLInputObjectType)


def test_the_schema_is_a_part_of_githubs() -> None:
    # GitHub's own file defines two fields twice, so it is taken as valid.
    theirs = build_schema(npm.file("@octokit/graphql-schema", "schema.graphql").read_text(encoding="utf-8"), True)
    ours = build_schema(SDL)
    problems: list[str] = []
    for name, kind in ours.type_map.items():
        if name.startswith("__") or name in specified_scalar_types:
            continue
        if name not in theirs.type_map:
            problems.append(f"GitHub has no type {name}")
        else:
            problems += differences(name, kind, theirs.type_map[name])
    assert problems == []


def differences(name: str, ours: GraphQLNamedType, theirs: GraphQLNamedType) -> list[str]:
    """What a type of ours has that GitHub's has not, or an input leaves out that GitHub must have."""
    if type(ours) is not type(theirs):
        return [f"{name} is another kind of type"]
    if isinstance(ours, GraphQLEnumType) and isinstance(theirs, GraphQLEnumType):
        return [f"{name} has no {word}" for word in ours.values if word not in theirs.values]
    if isinstance(ours, GraphQLUnionType) and isinstance(theirs, GraphQLUnionType):
        members = {each.name for each in theirs.types}
        return [f"{name} is never {each.name}" for each in ours.types if each.name not in members]
    if not isinstance(ours, WITH_FIELDS) or not isinstance(theirs, WITH_FIELDS):
        return []
    problems = []
    for field_name, field in ours.fields.items():
        their = theirs.fields.get(field_name)
        if their is None:
            problems.append(f"{name} has no field {field_name}")
            continue
        if str(field.type) != str(their.type):
            problems.append(f"{name}.{field_name} is {their.type}")
        for word, argument in getattr(field, "args", {}).items():
            known = getattr(their, "args", {}).get(word)
            if known is None or str(argument.type) != str(known.type):
                problems.append(f"{name}.{field_name} takes no {word}: {argument.type}")
    if isinstance(ours, GraphQLObjectType) and isinstance(theirs, GraphQLObjectType):
        names = {each.name for each in theirs.interfaces}
        problems += [f"{name} is no {each.name}" for each in ours.interfaces if each.name not in names]
    if isinstance(theirs, GraphQLInputObjectType):
        required = {word for word, field in theirs.fields.items() if str(field.type).endswith("!")}
        problems += [f"{name} lacks {word}" for word in required - set(ours.fields)]
    return problems
