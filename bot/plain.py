"""Says what is wrong with a setting in plain words, and gives an example of right.

Both come from the types of a kind of file, those in `bot/policy.py` or `bot/skills.py`: what pydantic found is put into
words that need no Python, and the examples are those that stand beside the types, or the shipped defaults.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path as File
from typing import Any, Final

from pydantic import BaseModel
from ruamel.yaml import YAML

from bot import shipped
from bot.policy import Policy
from bot.policytypes import PATTERNS
from bot.problems import did_you_mean, shown

Path = Sequence[str | int]
Json = Mapping[str, Any]

_MUST_BE: Final = {
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a whole number",
    "int_parsing_size": "must be a smaller number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "tuple_type": "must be a list",
    "model_type": "must hold settings",
    "model_attributes_type": "must hold settings",
    "mapping_type": "must hold names, each with its text",
    "dict_type": "must hold names, each with its text",
    "string_too_short": "must not be empty",
}
# YAML takes these for text as they are, also within brackets.
_AS_IT_IS: Final = re.compile(r"\d{4}-\d\d-\d\d|\d+ (?:minute|hour|day|week)s?|[A-Za-z1](?:[\w./-]| (?! ))*(?<! )")
_LINE: Final = 300  # characters of an example
_NO_TEXT: Final = {"true", "false", "null", "yes", "no"}


@dataclass(frozen=True, eq=False)
class Book:
    """What there is to know of a kind of file: its types, the file with its defaults, and its patterns in words."""

    types: type[BaseModel]
    defaults: File
    patterns: Mapping[str, str]

    def words(self, error: Mapping[str, Any]) -> str:
        """One of pydantic's errors (their `type`, `loc`, `msg` and `ctx`) in plain words."""
        kind, path, ctx = error["type"], error["loc"], error.get("ctx", {})
        setting = name(path)
        if kind == "extra_forbidden":
            return f"there is no setting {setting}{did_you_mean(str(path[-1]), self.names(path[:-1]))}"
        if kind == "missing":
            return f"{setting} is missing"
        if kind in {"enum", "literal_error"}:
            choices = [one for one in self._node(path).get("enum", ()) if isinstance(one, str)]
            return f"{setting}: must be one of: {', '.join(choices)}{did_you_mean(str(error['input']), choices)}"
        if kind == "string_pattern_mismatch":
            return f"{setting}: {self.patterns.get(ctx['pattern'], 'is not written as it must be')}"
        if kind == "string_too_long":
            return f"{setting}: has more than {ctx['max_length']} characters"
        if kind == "too_long":
            return f"{setting}: has more than {ctx['max_length']} entries"
        if kind == "too_short":
            return f"{setting}: has fewer than {ctx['min_length']} {'entry' if ctx['min_length'] == 1 else 'entries'}"
        if kind == "greater_than_equal":
            return f"{setting}: must be at least {ctx['ge']}"
        if kind == "less_than_equal":
            return f"{setting}: must be at most {ctx['le']}"
        if kind.startswith("date"):
            return f"{setting}: must be a day, written like 2026-12-25"
        if kind.startswith("time_") and kind != "time_of_day":
            return f"{setting}: there is no such time of day"
        said = _MUST_BE.get(kind) or shown(error["msg"], longest=300)
        return f"{setting}: {said}" if setting else said

    def names(self, path: Path) -> list[str]:
        """The settings there are at this place of the file."""
        return list(self._node(path).get("properties", ()))

    def example(self, path: Path) -> str:
        """A line in which this setting is right; "" if there is no such setting, or none that fits into a line."""
        key = tuple(path)
        if key not in self._examples:
            self._examples[key] = self._example(key)
        return self._examples[key]

    def example_for(self, error: Mapping[str, Any]) -> str:
        """A line in which what the error is about is right."""
        path: Path = error["loc"]
        if error["type"] == "extra_forbidden":
            there = self.names(path[:-1])
            close = did_you_mean(str(path[-1]), there)
            likely = next((one for one in there if close == f"; did you mean {one}?"), there[0] if there else None)
            return self.example([*path[:-1], likely]) if likely else ""
        if error["type"] == "together":
            return "; ".join(self.example([*path, *setting]) for setting in error["ctx"]["settings"][:1])
        return self.example(path)

    @cached_property
    def _examples(self) -> dict[tuple[str | int, ...], str]:
        return {}

    @cached_property
    def _schema(self) -> Json:
        return self.types.model_json_schema()

    @cached_property
    def _defaults(self) -> Json:
        loaded: Json = YAML(typ="safe", pure=True).load(self.defaults)
        return loaded

    def _example(self, path: tuple[str | int, ...]) -> str:
        while path and isinstance(path[-1], int):  # of something in a list: the list
            path = path[:-1]
        if not path:
            return ""
        node = self._node(path)
        line = f"{path[-1]}: {_flow(self._value(node, self._default(path)))}" if node else ""
        return line if len(line) <= _LINE else ""

    def _default(self, path: Path) -> Any:
        value: Any = self._defaults
        for step in path:
            value = value.get(step) if isinstance(value, Mapping) else None
        return value

    def _node(self, path: Path) -> Json:
        """What the schema says about this place; nothing if there is no such place."""
        node = self._resolved(self._schema)
        for step in path:
            inner = node.get("items") if isinstance(step, int) else node.get("properties", {}).get(step)
            if inner is None:
                return {}
            node = self._resolved(inner)
        return node

    def _resolved(self, node: Json) -> Json:
        node = next((one for one in node.get("anyOf", ()) if one.get("type") != "null"), node)
        if "$ref" in node:
            return {**self._schema["$defs"][node["$ref"].rsplit("/", 1)[-1]], **node}
        return node

    def _value(self, node: Json, default: Any = None) -> Any:
        """Something that is right there: the default, an example, or what is made of the parts."""
        if isinstance(default, bool | int | str) and not str(default).startswith("0"):
            return default
        if default and isinstance(default, list):
            return default[:1]
        if node.get("examples"):
            return node["examples"][0]
        if "properties" in node:
            chosen = node.get("required", ()) if default is None else list(node["properties"])[:1]
            return {
                one: self._value(self._resolved(node["properties"][one]), (default or {}).get(one)) for one in chosen
            }
        if "items" in node:
            return [self._value(self._resolved(node["items"]))]
        return node["enum"][0] if "enum" in node else "text"


def name(path: Path) -> str:
    """How messages call a setting: "people.bots.1"."""
    return ".".join(shown(step) for step in path)


def _flow(value: Any) -> str:
    """A value in one line of YAML."""
    match value:
        case bool() | None:
            return json.dumps(value)
        case Mapping():
            return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_flow, value)) + "]"
        case str() if not _AS_IT_IS.fullmatch(value) or value in _NO_TEXT:
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)


POLICY: Final = Book(Policy, shipped.DEFAULTS, PATTERNS)
words, names, example, example_for = POLICY.words, POLICY.names, POLICY.example, POLICY.example_for
