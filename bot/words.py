"""Renders the messages in `config/messages/<language>/*.md`: Jinja2, sandboxed and strict.

A template sees what its rule gives it and nothing else. Values are escaped for Markdown; `author` is the person whom
the message is for, with an @ or, when the attention budget is spent, without. The last paragraph of each, in <sub>, is
the note that a bot wrote it, why, and how to stop it. An organisation's own words stand instead of all but that note.

In `documents/` beside them are longer texts that are for nobody in particular, such as the summary of a check run. They
mention nobody: a name stands there in code (`{{ login | code }}`). A thread is linked by `{{ name | reference }}`, or
by `{{ thread | linked }}` where the text is to be read outside of GitHub too.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

import structlog
from jinja2 import FileSystemLoader
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot import prose, shipped, wording, yamlfile
from bot.effects import MakeLabel, Say, Value

Shown = Value | Sequence["Shown"] | Mapping[str, "Shown"]  # what a document's template may be given

log = structlog.get_logger()

_NOTE: Final = "<sub>"  # begins the note; in a value it would be escaped
_CODE: Final = re.compile(  # blocks and spans
    r"(?:^ {0,3}(`{3,}|~{3,}).*?(?:^ {0,3}\1[`~]*[ \t]*$|\Z)|(?<!`)(`+)(?!`).+?(?<!`)\2(?!`))", re.DOTALL | re.MULTILINE
)
_DOCUMENTS: Final = "documents"
_ESCAPED: Final = re.compile(rf"\\{wording.SPECIAL.pattern}")
_THREAD: Final = re.compile(r"[\w.-]+/[\w.-]+#[0-9]+", re.ASCII)
_ADDRESS: Final = re.compile(r"https?://[\w.:/-]+", re.ASCII)
_MENTION: Final = re.compile(r"@(?=\w)")
_NO_MENTION: Final = "@\N{ZERO WIDTH NON-JOINER}"
_NO_KINDS: Final = ("parts", "muted")  # pieces, and what tells that a kind is muted
_ANSWERS: Final = ("switchback-", "answer-")  # what answers a command begins so
_COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


class WordsError(Exception):
    """A message cannot be written: its template is missing or broken."""


@cache
def _templates(language: str, root: Path) -> ImmutableSandboxedEnvironment:
    if not (root / language).is_dir():
        known = ", ".join(languages(root))
        raise WordsError(f"there are no messages in the language {language}; there are: {known}")
    environment = wording.environment(loader=FileSystemLoader(root / language))
    environment.filters["code"] = _code
    environment.filters["fenced"] = _fenced
    environment.filters["reference"] = _reference
    environment.filters["linked"] = _linked
    return environment


def languages(root: Path = shipped.MESSAGES) -> list[str]:
    """The languages there are messages in."""
    return sorted(path.name for path in root.iterdir() if path.is_dir())


@cache
def kinds(root: Path = shipped.MESSAGES) -> frozenset[str]:
    """The comments that are made without being asked for, by the names of their templates: they can be muted."""
    named = {path.stem for path in (root / "en").glob("*.md")}
    return frozenset(name for name in named if name not in _NO_KINDS and not name.startswith(_ANSWERS))


def render(effect: Say | MakeLabel, *, root: Path = shipped.MESSAGES) -> str:
    """The comment's Markdown, without the marker; or what a label says of itself. Raises WordsError if the shipped
    message cannot be written; own words that cannot be are left out, and the shipped ones stand there."""
    if isinstance(effect, MakeLabel):
        return document(effect.about, effect.language, {}, root=root)
    message = _render(effect, root)
    if effect.words is None:
        return message
    try:
        return f"{_own(effect.words, effect)}\n\n{_note(message)}"
    except wording.CannotWrite as error:
        log.warning("own words cannot be used", template=effect.template, rule=effect.rule, why=str(error))
        return message


def document(name: str, language: str, values: Mapping[str, Shown], *, root: Path = shipped.MESSAGES) -> str:
    """The Markdown of `config/messages/<language>/documents/<name>.md`, in which nobody is mentioned. Raises
    WordsError."""
    shown = {key: _shown(value) for key, value in values.items()}
    return _written(f"{_DOCUMENTS}/{name}.md", language, shown, root)


def _render(effect: Say, root: Path) -> str:
    values = wording.escaped(effect.values) | {"author": _author(effect)}
    return _written(f"{effect.template}.md", effect.language, values, root)


def _written(name: str, language: str, values: Mapping[str, object], root: Path) -> str:
    try:
        text = _templates(language, root).get_template(name).render(values)
    except WordsError:
        raise
    except Exception as error:  # what a template computes can fail in any way: TypeError, ZeroDivisionError …
        raise WordsError(f"{language}/{name}: {type(error).__name__}: {error}") from error
    return wording.tidy(text)


def _author(effect: Say) -> str:
    return ("@" if effect.mention else "") + effect.to.login


def _own(text: str, effect: Say) -> str:
    """The organisation's own words. What is wrong with them shows while nobody is mentioned yet."""
    bare = wording.write(text, effect.values, author=effect.to.login)
    if found := prose.faults(bare):
        raise wording.CannotWrite(found[0].what)
    return wording.write(text, effect.values, author=_author(effect))


def _note(message: str) -> str:
    _, note, rest = message.rpartition(_NOTE)
    if not note:
        raise wording.CannotWrite("the shipped message has no note that a bot wrote it")
    return note + rest


def literal(text: str) -> str:
    """A template that writes this text as it is: what looks like a template is none, nobody is mentioned, comments,
    tags and characters that are not taken are left out, and no line is a command."""
    text = _COMMENT.sub("", yamlfile.UNSEEN.sub("", prose.CONTROL.sub("", text.replace("\r\n", "\n"))))
    made, at = [], 0
    for code in _CODE.finditer(text):
        made += [_plain(text[at : code.start()]), code[0]]
        at = code.end()
    whole = "".join([*made, _plain(text[at:])])
    if any(fault.piece.startswith("@") for fault in prose.faults(whole)):  # code that has no end, say
        whole = re.sub(r"@(?=\w)", "@ ", whole)
    return re.sub(r"\{(?=[{%#])", "{%+ raw %}{{% endraw %}", whole)


def _plain(text: str) -> str:
    text = re.sub(r"&(?:#0*64|#x0*40|commat);", "@", text, flags=re.IGNORECASE)
    text = re.sub(r"<(?=[!?])|</?[a-z][^<>]*>", _harmless, text, flags=re.IGNORECASE)
    pieces = re.split(f"({prose.ADDRESS.pattern})", text, flags=re.ASCII)
    pieces[::2] = [prose.MENTION.sub(r"`\g<0>`", piece) for piece in pieces[::2]]
    return re.sub(r"^([ \t]*)/(?=[A-Za-z])", r"\1\\/", "".join(pieces), flags=re.MULTILINE)


def _harmless(tag: re.Match[str]) -> str:
    """A tag as it may stand. `<https://…>` and `<ada@example.org>` are none."""
    if prose.TAG.fullmatch(tag[0]) or re.match(r"<[\w.+-]+[:@]", tag[0]):
        return tag[0]
    return "&lt;" if tag[0] == "<" else ""


def _shown(value: Shown) -> Shown:
    """Escaped for Markdown all the way down, in one line and without a mention."""
    match value:
        case str():
            return _MENTION.sub(_NO_MENTION, wording.SPECIAL.sub(r"\\\1", " ".join(value.split())))
        case Mapping():
            return {name: _shown(one) for name, one in value.items()}
        case Sequence():
            return [_shown(one) for one in value]
        case _:
            return value


def _reference(value: object) -> str:
    """`OWNER/REPO#12`, of which GitHub makes a link. What is none stays escaped."""
    text = _ESCAPED.sub(r"\1", str(value))
    return text if _THREAD.fullmatch(text) else str(value)


def _linked(thread: Mapping[str, object]) -> str:
    """`[OWNER/REPO#12](https://…)`; without a right `url` what `reference` makes of its `name`."""
    name, url = (_ESCAPED.sub(r"\1", str(thread[key])) for key in ("name", "url"))
    if not _THREAD.fullmatch(name) or not _ADDRESS.fullmatch(url):
        return _reference(thread["name"])
    return f"[{name}]({url})"


def _fenced(value: object, language: str) -> str:
    """Lines as they are, as a block of code."""
    text = _ESCAPED.sub(r"\1", str(value)).replace(_NO_MENTION, "@").rstrip("\n")
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence}{language}\n{text}\n{fence}"


def _code(value: object) -> str:
    """A value as it is, as code. It has been escaped for Markdown, which is not read there."""
    text = _ESCAPED.sub(r"\1", str(value)).replace(_NO_MENTION, "@")
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    edge = " " if "`" in text else ""
    return f"{fence}{edge}{text}{edge}{fence}"
