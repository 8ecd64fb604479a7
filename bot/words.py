"""Renders the messages in `config/messages/<language>/*.md`: Jinja2, sandboxed and strict.

A template sees what its rule gives it and nothing else. Values are escaped for Markdown; `author` is the person whom
the message is for, with an @ or, when the attention budget is spent, without.

In `documents/` beside them are longer texts that are for nobody in particular, such as the summary of a check run. They
mention nobody: a name stands there in code (`{{ login | code }}`).
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot import shipped
from bot.effects import Say, Value

Shown = Value | Sequence["Shown"] | Mapping[str, "Shown"]  # what a document's template may be given

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>#|~&])")
_DOCUMENTS: Final = "documents"
_ESCAPED: Final = re.compile(rf"\\{_SPECIAL.pattern}")
_MENTION: Final = re.compile(r"@(?=\w)")
_NO_MENTION: Final = "@\N{ZERO WIDTH NON-JOINER}"

_NO_KINDS: Final = ("parts", "muted")  # pieces, and what tells that a kind is muted
_ANSWERS: Final = "switchback-"  # what answers a command begins so


class WordsError(Exception):
    """A message cannot be written: its template is missing or broken."""


@cache
def _templates(language: str, root: Path) -> ImmutableSandboxedEnvironment:
    if not (root / language).is_dir():
        known = ", ".join(languages(root))
        raise WordsError(f"there are no messages in the language {language}; there are: {known}")
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(root / language),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        autoescape=False,  # this is Markdown, not HTML: `_escaped` sees to it
    )
    environment.filters["code"] = _code
    return environment


def languages(root: Path = shipped.MESSAGES) -> list[str]:
    """The languages there are messages in."""
    return sorted(path.name for path in root.iterdir() if path.is_dir())


@cache
def kinds(root: Path = shipped.MESSAGES) -> frozenset[str]:
    """The comments that are made without being asked for, by the names of their templates: they can be muted."""
    named = {path.stem for path in (root / "en").glob("*.md")}
    return frozenset(name for name in named if name not in _NO_KINDS and not name.startswith(_ANSWERS))


def render(effect: Say, *, root: Path = shipped.MESSAGES) -> str:
    """The comment's Markdown, without the marker. Raises WordsError."""
    values = _escaped(effect.values) | {"author": ("@" if effect.mention else "") + effect.to.login}
    return _written(f"{effect.template}.md", effect.language, values, root)


def document(name: str, language: str, values: Mapping[str, Shown], *, root: Path = shipped.MESSAGES) -> str:
    """The Markdown of `config/messages/<language>/documents/<name>.md`, in which nobody is mentioned. Raises
    WordsError."""
    shown = {key: _shown(value) for key, value in values.items()}
    return _written(f"{_DOCUMENTS}/{name}.md", language, shown, root)


def _written(name: str, language: str, values: Mapping[str, object], root: Path) -> str:
    try:
        text = _templates(language, root).get_template(name).render(values)
    except WordsError:
        raise
    except Exception as error:  # what a template computes can fail in any way: TypeError, ZeroDivisionError …
        raise WordsError(f"{language}/{name}: {type(error).__name__}: {error}") from error
    text = re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _escaped(values: Mapping[str, Value]) -> dict[str, Value]:
    """The same values, with what Markdown takes for its own written so that it shows as it is."""
    escaped: dict[str, Value] = {}
    for name, value in values.items():
        if isinstance(value, str):
            escaped[name] = _SPECIAL.sub(r"\\\1", value)
        elif isinstance(value, Mapping):
            escaped[name] = _escaped(value)
        else:
            escaped[name] = value
    return escaped


def _shown(value: Shown) -> Shown:
    """As `_escaped`, all the way down, in one line and without a mention."""
    match value:
        case str():
            return _MENTION.sub(_NO_MENTION, _SPECIAL.sub(r"\\\1", " ".join(value.split())))
        case Mapping():
            return {name: _shown(one) for name, one in value.items()}
        case Sequence():
            return [_shown(one) for one in value]
        case _:
            return value


def _code(value: object) -> str:
    """A value as it is, as code. It has been escaped for Markdown, which is not read there."""
    text = _ESCAPED.sub(r"\1", str(value)).replace(_NO_MENTION, "@")
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    edge = " " if "`" in text else ""
    return f"{fence}{edge}{text}{edge}{fence}"
