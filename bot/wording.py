"""An organisation's own words: what their templates may do, and how they are written.

A template is Jinja2, sandboxed and strict, and of that only what a message needs: text, the values that the message is
given, and conditions. Whatever could go on for ever, compute or reach for Python is refused by name, before it runs.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot import messages, prose
from bot.effects import Value
from bot.problems import did_you_mean, shown
from bot.prose import EXAMPLE

FILTERS: Final = ("capitalize", "default", "int", "length", "lower", "round", "title", "trim", "upper")
TESTS: Final = ("defined", "none")

SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>#|~&])")
_DEEPEST: Final = 30  # conditions and brackets in each other
_CONDITION: Final = '{% if came == "question" %}It is good that you ask.{% endif %}'
_REFUSED: Final[Mapping[type[nodes.Node], str]] = {
    nodes.For: "loops ({% for %})",
    nodes.Macro: "macros ({% macro %})",
    nodes.CallBlock: "{% call %}",
    nodes.FilterBlock: "{% filter %}",
    nodes.With: "{% with %}",
    nodes.Block: "{% block %}",
    nodes.Extends: "{% extends %}",
    nodes.Include: "{% include %}",
    nodes.Import: "{% import %}",
    nodes.FromImport: "{% from … import %}",
    nodes.Assign: "{% set %}",
    nodes.AssignBlock: "{% set %}",
    nodes.Scope: "{% autoescape %}",
    nodes.Call: "calls like name()",
    nodes.Slice: "slices like name[1:2]",
    nodes.Concat: "sign ~ (values stand one after the other by themselves)",
    nodes.BinExpr: "calculations",
    nodes.UnaryExpr: "calculations",
    nodes.Literal: "lists and the like",
}


class CannotWrite(Exception):
    """Own words that cannot be used."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a text. Line and column count from 1, within the text."""

    line: int
    column: int
    what: str
    example: str


def environment(**options: Any) -> ImmutableSandboxedEnvironment:
    """How templates are read. Their values are escaped for Markdown, not for HTML."""
    return ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        autoescape=False,
        **options,
    )


def escaped(values: Mapping[str, Value]) -> dict[str, Value]:
    """The same values, with what Markdown takes for its own written so that it shows as it is."""
    made: dict[str, Value] = {}
    for name, value in values.items():
        if isinstance(value, str):
            made[name] = SPECIAL.sub(r"\\\1", value)
        elif isinstance(value, Mapping):
            made[name] = escaped(value)
        else:
            made[name] = value
    return made


def tidy(text: str) -> str:
    """Without blanks at the ends of lines and without empty lines that a condition left."""
    text = re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def write(text: str, values: Mapping[str, Value], *, author: str) -> str:
    """Own words with these values. `author` is written as it is. Raises CannotWrite."""
    if len(text) > prose.MOST:
        raise CannotWrite("the text is too long")
    try:
        template = _OWN.parse(text)
        if refusal := next(_walk(template.body, None, 0), None):
            raise CannotWrite(refusal[1])
        return tidy(_OWN.from_string(template).render(escaped(values) | {"author": author}))
    except CannotWrite:
        raise
    except Exception as error:  # what a template computes can fail in any way
        raise CannotWrite(f"{type(error).__name__}: {shown(error, longest=200)}") from None


def check(name: str, text: str) -> list[Mistake]:
    """What is wrong with own words for the message of this name."""
    if name not in messages.MESSAGES:
        return [Mistake(1, 1, f"there is no message {shown(name)}{did_you_mean(name, messages.MESSAGES)}", EXAMPLE)]
    if not text.strip() or len(text) > prose.MOST:
        return [_placed(text, fault) for fault in prose.faults(text)]
    try:
        template = _OWN.parse(text)
    except TemplateSyntaxError as error:
        line = min(error.lineno, text.count("\n") + 1)
        return [Mistake(line, _column(text, line, "{"), f"is no right template: {_one_line(error.message)}", EXAMPLE)]
    except (TemplateError, RecursionError, ValueError, MemoryError):
        return [Mistake(1, 1, "is no right template", EXAMPLE)]
    refused = [
        Mistake(line, _column(text, line, piece), what, example)
        for node, what, example, piece in _walk(template.body, messages.MESSAGES[name], 0)
        for line in [node.lineno or 1]  # of some tags it is not told
    ]
    return refused or list(dict.fromkeys(_tried(name, text, template)))


def _tried(name: str, text: str, template: nodes.Template) -> Iterator[Mistake]:
    """What shows when all branches are read one after the other, and when it is written with samples."""
    usual = next(messages.samples(name))
    texts = {_whole(template.body, escaped(usual)): None}
    for values in messages.samples(name):
        try:
            texts[write(text, values, author="ada")] = None
        except CannotWrite as error:
            yield _not_written(text, str(error), values, usual)
            break
    faults = dict.fromkeys(fault for written in texts for fault in prose.faults(written))
    yield from (_placed(text, fault) for fault in faults)


def _not_written(text: str, error: str, values: Mapping[str, Value], usual: Mapping[str, Value]) -> Mistake:
    other = [name for name, value in values.items() if value != usual[name]]
    if len(other) != 1:
        return Mistake(1, 1, f"cannot be written: {error}", EXAMPLE)
    [name], value = other, values[other[0]]
    state = f"parts of {name} are none" if isinstance(value, Mapping) else f"{name} is {shown(value).lower()}"
    what = f"cannot be written where {state}: ask first whether it is there"
    inner = {"links": "links.chat", "call": "call.url"}.get(name, name)
    at = max(text.find(name), 0)
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    return Mistake(
        line,
        column,
        what,
        f"{{% if {name} and {inner} %}}{{{{ {inner} }}}}{{% endif %}}".replace(f"{inner} and {inner}", inner),
    )


def _placed(text: str, fault: prose.Fault) -> Mistake:
    at = text.find(fault.piece) if fault.piece else 0
    at = max(at, text.find(fault.piece[:1]) if at < 0 else at, 0)
    return Mistake(text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at), fault.what, fault.example)


def _column(text: str, line: int, piece: str) -> int:
    lines = text.split("\n")
    return max(lines[line - 1].find(piece) if 0 < line <= len(lines) else 0, 0) + 1


Refusal = tuple[nodes.Node, str, str, str]  # with what is wrong, an example, and the piece of the line it is about


def _walk(parts: Sequence[nodes.Node], names: Mapping[str, messages.Given] | None, depth: int) -> Iterator[Refusal]:
    """What is not taken in these parts of a template. `names` None: whatever names there are."""
    for node in parts:
        if depth > _DEEPEST:
            yield node, f"conditions and brackets stand more than {_DEEPEST} deep in each other", _CONDITION, "{"
            return
        if refusal := _refused(node, names):
            yield refusal
        else:
            yield from _walk(list(_inner(node)), names, depth + 1)


def _inner(node: nodes.Node) -> Iterator[nodes.Node]:
    if not isinstance(node, nodes.Getattr | nodes.Getitem):  # looked at as a whole
        yield from node.iter_child_nodes()


def _refused(node: nodes.Node, names: Mapping[str, messages.Given] | None) -> Refusal | None:
    match node:
        case nodes.Name():
            return _name(node, names)
        case nodes.Getattr() | nodes.Getitem():
            return _part(node, names)
        case nodes.Filter():
            if node.name not in FILTERS or node.kwargs or node.dyn_args or node.dyn_kwargs:
                close = did_you_mean(node.name, FILTERS)
                what = f"the filter {shown(node.name)} is not taken; what is: {', '.join(FILTERS)}{close}"
                return node, what, "{{ repository | title }}", "|"
        case nodes.Test():
            if node.name not in TESTS or node.args:
                what = f"the test {shown(node.name)} is not taken; what is: {', '.join(TESTS)}"
                return node, what, "{% if call is none %}See you soon.{% endif %}", node.name
        case nodes.Const():
            if not isinstance(node.value, str | bool | int | float | None):
                return node, "this value is not taken", _CONDITION, "{"
        case nodes.Output() | nodes.TemplateData() | nodes.If() | nodes.CondExpr() | nodes.Compare() | nodes.Operand():
            return None
        case nodes.And() | nodes.Or() | nodes.Not():
            return None
        case _:
            kind = next((words for kind, words in _REFUSED.items() if isinstance(node, kind)), "such things")
            return node, f"a message has text, values and conditions, but no {kind}", _CONDITION, "{"
    return None


def _name(node: nodes.Name, names: Mapping[str, messages.Given] | None) -> Refusal | None:
    if names is None or node.name in names:
        return None
    what = f"there is no value {shown(node.name)} here{did_you_mean(node.name, names)}; there are: {', '.join(names)}"
    return node, what, EXAMPLE, node.name


def _part(node: nodes.Getattr | nodes.Getitem, names: Mapping[str, messages.Given] | None) -> Refusal | None:
    """A part of a value, like `call.name`: one that there is, of a value that has parts."""
    part = node.attr if isinstance(node, nodes.Getattr) else getattr(node.arg, "value", None)
    example = "{% if links.chat %}We meet in [our chat]({{ links.chat }}).{% endif %}"
    if not isinstance(part, str) or part.startswith("_") or not isinstance(node.node, nodes.Name):
        return node, "only parts of values by their name are taken", example, "{"
    if unknown := _name(node.node, names):
        return unknown
    there = messages.fields(names[node.node.name]) if names is not None else [part]
    if part not in there:
        close = did_you_mean(part, there)
        these = f"; there are: {', '.join(there)}" if there else ""
        return node, f"{node.node.name} has no part {shown(part)}{close}{these}", example, part
    return None


def _whole(parts: Sequence[nodes.Node], values: Mapping[str, Value]) -> str:
    """All that may be written, one branch after the other, with these values."""
    return "".join(_shown(part, values) for part in parts)


def _shown(node: nodes.Node, values: Mapping[str, Value]) -> str:
    match node:
        case nodes.TemplateData():
            return node.data
        case nodes.Const():
            return str(node.value)
        case nodes.Name():
            return str(values.get(node.name, ""))
        case nodes.Getattr() | nodes.Getitem():
            part = node.attr if isinstance(node, nodes.Getattr) else getattr(node.arg, "value", "")
            inner = values.get(getattr(node.node, "name", ""))
            return str(inner.get(part, "")) if isinstance(inner, Mapping) else ""
        case nodes.If():
            return _whole([*node.body, *node.elif_, *node.else_], values)
        case nodes.CondExpr():
            return _whole([node.expr1, *([node.expr2] if node.expr2 else [])], values)
        case nodes.Compare() | nodes.Test() | nodes.Not():
            return ""
        case _:
            return _whole(list(node.iter_child_nodes()), values)


def _one_line(message: str | None) -> str:
    return shown(" ".join((message or "").split()), longest=200)


def _there(value: object) -> object:
    if value is None:
        raise CannotWrite("a value that may be none is written without asking whether it is there")
    return value


_OWN: Final = environment(finalize=_there)
_OWN.globals.clear()
