"""Reads a YAML file that anybody may have written: in bounded time and memory, and with the place of every mistake.

Before anything is built of a file, a pass over the parser's events looks at each piece by itself and stops at the first
one that is not taken. What makes YAML dangerous is refused there: anchors, aliases and merge keys (a few lines of them
stand for more than fits into any memory), tags (they name types of a programming language), several documents, depth.
"""

import codecs
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import ConstructorError, RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)
from ruamel.yaml.nodes import Node
from ruamel.yaml.reader import ReaderError

from bot.problems import ConfigError, Problem, shown

MAX_SIZE: Final = 256 * 1024  # bytes; a configuration is some kilobytes
MAX_DEPTH: Final = 20  # of lists and sections in each other; the settings need five
MAX_PIECES: Final = 10_000  # names, values, lists and sections
MAX_VALUE: Final = 10_000  # characters of one value; a message may have 4,000
MAX_DIGITS: Final = 20

# Characters that make a line look different from what it says (U+202E and its like), or that nobody sees.
UNSEEN: Final = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_CONTROL: Final = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_NUMBER: Final = re.compile(r"[-+]?(?:0[xob][0-9a-f_]+|[0-9][0-9_.]*(?:e[-+]?[0-9]+)?)", re.IGNORECASE)
_OTHER_ENCODINGS: Final = (
    (codecs.BOM_UTF32_LE, "UTF-32"), (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"), (codecs.BOM_UTF16_BE, "UTF-16"),
)  # fmt: skip
_SETTING: Final = "language: en"
_SECTION: Final = "welcome: {hold: 2 hours}"


class _Constructor(RoundTripConstructor):
    """Says where a value stands that is no such thing: `2026-02-30`."""

    def construct_non_recursive_object(self, node: Any, tag: str | None = None) -> Any:
        try:
            return super().construct_non_recursive_object(node, tag)
        except (YAMLError, RecursionError):
            raise
        except Exception as error:  # the library lets through what int(), date() and others raise
            raise ConstructorError(None, None, f"cannot be read ({error})", node.start_mark) from None


def load(name: str, data: bytes) -> tuple[CommentedMap, str]:
    """The settings in a file and its text. `name` is what messages call it. Raises ConfigError."""
    text = text_of(name, data)
    loaded = _guarded(name, text, lambda: _yaml().load(text))
    if loaded is None:
        return CommentedMap(), text
    if not isinstance(loaded, CommentedMap):
        _refuse(name, 1, 1, "must hold settings", _SETTING)
    return loaded, text


def composed(name: str, data: bytes) -> tuple[Node | None, str]:
    """The pieces of a file as they are written, each with its place, and its text. None: the file is empty. Raises
    ConfigError."""
    text = text_of(name, data)
    node: Node | None = _guarded(name, text, lambda: _yaml().compose(text))
    return node, text


def place(node: object, path: Sequence[str | int]) -> tuple[int, int]:
    """Line and column of the setting, or of the nearest thing around it that stands in the file."""
    found = (0, 0)
    for step in path:
        if isinstance(node, CommentedMap) and step in node and node.lc.data is not None:
            found = node.lc.key(step)
            node = node[step]
        elif isinstance(node, CommentedSeq) and isinstance(step, int) and step < len(node):
            found = node.lc.item(step)
            node = node[step]
        else:
            break
    return found[0] + 1, found[1] + 1


def text_of(name: str, data: bytes) -> str:
    """The text of a file that is UTF-8, small, and shows all it says. Raises ConfigError."""
    if len(data) > MAX_SIZE:
        _refuse(name, 1, 1, f"is larger than {MAX_SIZE // 1024} KiB: a configuration is some kilobytes")
    for mark, encoding in _OTHER_ENCODINGS:
        if data.startswith(mark):
            _refuse(name, 1, 1, f"is {encoding}, and must be UTF-8 text: save it as UTF-8")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = _end(data[: error.start].decode("utf-8"))
        _refuse(name, line, column, "is not UTF-8 text: save it as UTF-8")
    if unseen := UNSEEN.search(text, 1 if text.startswith("\ufeff") else 0):
        line, column = _end(text[: unseen.start()])
        what = f"the character U+{ord(unseen[0]):04X} is not taken: nobody sees it, and it can hide what is written"
        _refuse(name, line, column, what)
    return text


def _guarded(name: str, text: str, read: Callable[[], Any]) -> Any:
    """What is read of a file, once its pieces have been looked at. Raises ConfigError."""
    try:
        _look(name, text)
        return read()
    except ReaderError as error:
        line, column = _end(text[: error.position])
        _refuse(name, line, column, f"is not valid YAML: the character #x{error.character:04x} is not allowed")
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        _refuse(name, line, column, f"is not valid YAML: {_in_words(error)}", _example_for(error))
    except (YAMLError, RecursionError, ValueError) as error:
        _refuse(name, 1, 1, f"is not valid YAML: {shown(error, longest=200)}")


@dataclass(slots=True)
class _Around:
    """A list or section that the pass is in. `names`: of a section, the settings so far, with their lines."""

    is_section: bool
    names: dict[str, int] = field(default_factory=dict)
    expects_name: bool = True


def _look(name: str, text: str) -> None:
    """Goes over the file's pieces and refuses what is not taken."""
    around: list[_Around] = []
    documents = 0
    for pieces, event in enumerate(_yaml().parse(text)):
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if pieces > 2 * MAX_PIECES:
            _refuse(name, line, column, f"has more than {MAX_PIECES:,} names and values")
        if isinstance(event, DocumentStartEvent):
            documents += 1
            if documents > 1:
                _refuse(name, line, column, "another document begins: a file holds one, so leave out the line ---")
        elif isinstance(event, NodeEvent):
            for what, example in _not_taken(event):
                _refuse(name, line, column, what, example)
            _take_in(name, around, event, line, column)
        elif isinstance(event, CollectionEndEvent):
            around.pop()
            _after_value(around)


def _take_in(name: str, around: list[_Around], event: Any, line: int, column: int) -> None:
    here = around[-1] if around else None
    is_name = here is not None and here.is_section and here.expects_name
    if is_name:
        if not isinstance(event, ScalarEvent):
            _refuse(name, line, column, "a list or section is no name of a setting", _SETTING)
        _take_name(name, here, event.value, line, column)
    elif isinstance(event, ScalarEvent):
        _after_value(around)
    if not isinstance(event, ScalarEvent):
        if len(around) >= MAX_DEPTH:
            _refuse(name, line, column, f"lists and sections stand more than {MAX_DEPTH} deep in each other", _SECTION)
        around.append(_Around(isinstance(event, MappingStartEvent)))


def _take_name(name: str, here: _Around | None, key: str, line: int, column: int) -> None:
    assert here is not None, "a name stands in a section"
    if key == "<<":
        _refuse(name, line, column, "merge keys are not taken: write out what you mean", _SECTION)
    if key in here.names:
        what = f'duplicate key "{shown(key)}": it stands in line {here.names[key]} already; leave one of them out'
        _refuse(name, line, column, what)
    here.names[key] = line
    here.expects_name = False


def _after_value(around: list[_Around]) -> None:
    if around:
        around[-1].expects_name = True


def _not_taken(event: NodeEvent) -> Iterator[tuple[str, str]]:
    """What is wrong with a piece by itself, and an example of right."""
    if isinstance(event, AliasEvent):
        yield f"aliases (*{shown(event.anchor)}) are not taken: write out what you mean", "people: {bots: [goat]}"
        return
    if event.anchor is not None:
        yield f"anchors (&{shown(event.anchor)}) are not taken: write out what you mean", "people: {bots: [goat]}"
    tag = getattr(event, "tag", None)
    if tag is not None:
        written = str(tag).replace("tag:yaml.org,2002:", "!!")
        yield f"tags ({shown(written)}) are not taken: what a value is shows by itself", _SETTING
    if isinstance(event, ScalarEvent):
        # ruamel.yaml marks with \a where a folded text (>) was folded; a file cannot hold that character itself.
        value = event.value.replace("\a", "") if event.style == ">" else event.value
        yield from _value_not_taken(value, plain=event.style is None)
    else:
        assert isinstance(event, SequenceStartEvent | MappingStartEvent)


def _value_not_taken(value: str, *, plain: bool) -> Iterator[tuple[str, str]]:
    if len(value) > MAX_VALUE:
        yield f"a value of {len(value):,} characters is too long: {MAX_VALUE:,} are taken", ""
    elif plain and len(value) > MAX_DIGITS and _NUMBER.fullmatch(value):
        yield f"a number of {len(value)} characters is too long", "limits: {mentions_a_week: 2}"
    if odd := _CONTROL.search(value) or UNSEEN.search(value):
        yield f"the character U+{ord(odd[0]):04X} is not taken in a name or value", _SETTING


def _yaml() -> YAML:
    yaml = YAML(typ="rt", pure=True)
    yaml.Constructor = _Constructor
    return yaml


def _in_words(error: MarkedYAMLError) -> str:
    said = shown(error.problem or error.context or "it cannot be read", longest=200)
    if "'\\t'" in said:
        return f"{said}: use blanks, not a tab"
    return said


def _example_for(error: MarkedYAMLError) -> str:
    said = str(error.problem)
    if "mapping values are not allowed" in said:
        return 'came_with: {problem: ["needs: triage"]}'
    if said.startswith("cannot be read"):
        return "skip: [2026-12-25]"
    return _SECTION


def _end(text: str) -> tuple[int, int]:
    """Line and column behind this text."""
    return text.count("\n") + 1, len(text) - text.rfind("\n")


def _refuse(name: str, line: int, column: int, what: str, example: str = "") -> NoReturn:
    raise ConfigError([Problem(name, line, column, what, example)]) from None
