"""Reads configuration files into a `Policy`, and says of every mistake in which file, line and column it is.

Files are YAML 1.2. A file is laid over the shipped defaults: mappings merge, lists and single values replace.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import ConstructorError, RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from bot import shipped, words
from bot.policy import Mode, Policy

MAX_SIZE: Final = 256 * 1024  # bytes; a configuration is some kilobytes


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake. Line and column count from 1; line 0 is the file as such."""

    file: str
    line: int
    column: int
    what: str
    example: str = ""
    blocks: bool = True

    def __str__(self) -> str:
        place = f":{self.line}:{self.column}" if self.line else ""
        return f"{self.file}{place}: {self.what}"


class ConfigError(Exception):
    """The configuration has mistakes; `problems` lists each with its place."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.line, problem.column)))
        super().__init__("\n".join(map(str, self.problems)))


class _Constructor(RoundTripConstructor):
    """Says where a value stands that is no such thing: `2026-02-30`, `!!int few`, a number of 5,000 digits."""

    def construct_non_recursive_object(self, node: Any, tag: str | None = None) -> Any:
        try:
            return super().construct_non_recursive_object(node, tag)
        except (YAMLError, RecursionError):
            raise
        except Exception as error:  # the library lets through what int(), date() and others raise
            raise ConstructorError(None, None, f"cannot be read ({error})", node.start_mark) from None


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read: what it is called, and the settings in it, with their places."""

    name: str
    settings: CommentedMap


def defaults() -> Policy:
    """What holds where nothing is configured."""
    return laid_over(())


def read(path: Path | None) -> Policy:
    """The defaults, with the file at `path` laid over them. Raises ConfigError with all mistakes."""
    return laid_over([source(path)] if path else [])


def source(path: Path) -> Source:
    """The file at `path`. Raises ConfigError."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_SIZE + 1)
    except OSError as error:
        raise ConfigError([Problem(str(path), 0, 0, f"cannot be read: {error.strerror}")]) from None
    return parse(path.name, data)


def parse(name: str, data: bytes) -> Source:
    """A file's bytes; `name` is what messages call it. Raises ConfigError for what is no YAML mapping."""
    return Source(name, _load(name, data))


def speaking(features: Iterable[str]) -> Source:
    """The settings by which these features speak."""
    return Source("what speaks", CommentedMap({name: CommentedMap(mode=Mode.ON.value) for name in features}))


def stands_alone(source: Source) -> bool:
    """Whether a repository's file does not want the organisation's below it."""
    return bool(source.settings.get("extends") == "none")


def laid_over(sources: Sequence[Source]) -> Policy:
    """The shipped defaults with these files laid over them, one after the other. Raises ConfigError with the mistakes
    of the last one; those before it are right."""
    base = _shipped()
    settings: Mapping[str, object] = base
    for each in sources:
        settings = _laid_over(settings, each.settings)
    last = sources[-1] if sources else Source(shipped.DEFAULTS.name, base)
    return _validated(settings, last.settings, last.name)


@cache
def _shipped() -> CommentedMap:
    return _load(shipped.DEFAULTS.name, shipped.DEFAULTS.read_bytes())


def _load(name: str, data: bytes) -> CommentedMap:
    if len(data) > MAX_SIZE:
        raise ConfigError([Problem(name, 1, 1, f"is larger than {MAX_SIZE // 1024} KiB")])
    yaml = YAML(typ="rt", pure=True)
    yaml.Constructor = _Constructor
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = _end(data[: error.start].decode("utf-8"))
        raise ConfigError([Problem(name, line, column, "is not UTF-8 text: save it as UTF-8")]) from None
    try:
        loaded = yaml.load(text)
    except ReaderError as error:
        line, column = _end(text[: error.position])
        what = f"is not valid YAML: the character #x{error.character:04x} is not allowed"
        raise ConfigError([Problem(name, line, column, what)]) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise ConfigError(
            [Problem(name, line, column, f"is not valid YAML: {error.problem or error.context}")]
        ) from None
    except (YAMLError, RecursionError) as error:
        raise ConfigError([Problem(name, 1, 1, f"is not valid YAML: {error}")]) from None
    if loaded is None:
        return CommentedMap()
    if not isinstance(loaded, CommentedMap):
        raise ConfigError([Problem(name, 1, 1, "must hold settings, for example:  language: en")])
    return loaded


def _end(text: str) -> tuple[int, int]:
    """Line and column behind this text."""
    return text.count("\n") + 1, len(text) - text.rfind("\n")


def _laid_over(base: Mapping[str, object], over: Mapping[str, object]) -> dict[str, object]:
    merged = dict(base)
    for key, value in over.items():
        below = merged.get(key)
        if isinstance(below, Mapping) and isinstance(value, Mapping):
            merged[key] = _laid_over(below, value)
        else:
            merged[key] = value
    return merged


def _validated(settings: Mapping[str, object], source: CommentedMap, name: str) -> Policy:
    try:
        policy = Policy.model_validate(settings)
    except ValidationError as error:
        raise ConfigError(
            [
                Problem(name, line, column, _words(item["type"], item["loc"], item["msg"]))
                for item in error.errors(include_url=False)
                for line, column in [_place(source, item["loc"])]
            ]
        ) from None
    if policy.language not in words.languages():
        what = f"there are no messages in the language {policy.language}; there are: {', '.join(words.languages())}"
        raise ConfigError([Problem(name, *_place(source, ["language"]), what)])
    return policy


def _place(node: object, path: Sequence[str | int]) -> tuple[int, int]:
    """Line and column of the setting, or of the nearest thing around it that stands in the file."""
    place = (0, 0)
    for step in path:
        key = next((key for key in node if str(key) == str(step)), None) if isinstance(node, CommentedMap) else None
        if isinstance(node, CommentedMap) and key in node:
            if node.lc.data is None or key not in node.lc.data:  # it comes from elsewhere, through a merge key
                break
            place = node.lc.key(key)
            node = node[key]
        elif isinstance(node, CommentedSeq) and isinstance(step, int) and step < len(node):
            place = node.lc.item(step)
            node = node[step]
        else:
            break
    return place[0] + 1, place[1] + 1


def _words(kind: str, path: Sequence[str | int], message: str) -> str:
    setting = ".".join(map(str, path))
    if kind == "extra_forbidden":
        close = get_close_matches(str(path[-1]), _names(path[:-1]), n=1)
        return f"there is no setting {setting}" + (f"; did you mean {close[0]}?" if close else "")
    return f"{setting}: {message}" if setting else message


def _names(path: Sequence[str | int]) -> list[str]:
    """The settings there are at this place of the configuration."""
    part: type[BaseModel] = Policy
    for step in path:
        field = part.model_fields.get(str(step)) if isinstance(step, str) else None
        kind = field.annotation if field else None
        kind = next((one for one in get_args(kind) if isinstance(one, type)), kind)  # of a list: what is in it
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            part = kind
    return list(part.model_fields)
