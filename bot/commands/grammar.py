"""Finds commands in what people write: whole lines `/name arguments` or `@app name arguments`, read from the Markdown
tree.

A line counts only where its writer speaks: in a paragraph of the text itself. Quotes, code, HTML, tables, headings,
lists and e-mail replies never fire. Who is addressed with an @ is told along: whoever reads commands leaves out those
that are for others.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.commands import pointers, switchback, thank
from bot.commands.catalog import CATALOG, UNKNOWN

KNOWN: Final = frozenset(CATALOG)

_TO: Final = r"@([a-z0-9][a-z0-9-]{0,38})(?:\[bot\])?[,:]?[ \t]+/?"  # GitHub calls the account of an app `name[bot]`
_LINE: Final = re.compile(rf"(?:/|{_TO})([a-z][a-z-]*)[.,!]*(?:[ \t]+(.*))?", re.IGNORECASE)
# "text_join" would make an escaped slash look like one that was written.
_PARSER: Final = MarkdownIt("commonmark").enable("table").disable(["image", "text_join"])
_MAYBE: Final = re.compile(rf"^[ ]{{0,3}}(?:/[a-z]|{_TO}([a-z][a-z-]*)(.*))", re.MULTILINE | re.IGNORECASE)
EMAIL_REPLY: Final = re.compile(
    r"^(?:On .+(?:\n.*)?\bwrote:|-----Original Message-----|_{10,})[ \t]*$", re.MULTILINE
)  # some programs break the long line "On … wrote:" in two
_COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_AROUND: Final = re.compile(r"<(/?)(?:details|blockquote|div|table)\b", re.IGNORECASE)
_LONGEST: Final = 65_536  # GitHub's limit for a comment, in characters
_LONGEST_ARGS: Final = 200  # characters that are kept
_WITH_WORDS: Final = frozenset(
    name for name, entry in CATALOG.items() if any(" " in example for example in entry.examples)
)
_COURTESY: Final = frozenset({"hello", "hey", "hi", "no", "ok", "okay", "please", "thanks", "thx", "welcome", "yes"})
_ALIKE: Final = 0.7  # how much a word is like the name of a command that may be meant
_BELOW: Final = 40  # lines below a command that may belong to it
_LISTS: Final = frozenset({"bullet_list_open", "ordered_list_open"})
_IN_AN_ITEM: Final = 3  # the level of what is written in an item of a list that stands in nothing else


@dataclass(frozen=True, slots=True)
class Command:
    """`to`: the login that is addressed, in lower case; None: nobody. What somebody is asked that is no command is
    UNKNOWN, and `args` the name that may be meant."""

    name: str
    args: str
    to: str | None = None


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """Its lines, and those of a list right below it."""

    lines: tuple[str, ...]
    below: tuple[str, ...]


def read(text: str) -> tuple[Command, ...]:
    """The commands in a comment's Markdown, in order. Telephones write the first letter of a line as a capital, and
    people end one with a full stop."""
    if not any(match[2] is None or _asks(match[2].lower(), match[3]) for match in _MAYBE.finditer(text)):
        return ()  # nearly always; parsing is the dear part
    written = text[:_LONGEST].replace("\r\n", "\n").replace("\r", "\n")
    if reply := EMAIL_REPLY.search(written):
        written = written[: reply.start()]
    blocks = _PARSER.parse(written)
    return tuple(command for at in spoken(blocks) for command in _commands(_paragraph(blocks, at)))


def spoken(blocks: Sequence[Token]) -> Iterator[int]:
    """Where the text's own paragraphs begin: those that stand in nothing else, HTML around them included."""
    around = 0
    for at, block in enumerate(blocks):
        if block.type == "html_block":
            tags = _AROUND.finditer(_COMMENT.sub("", block.content))
            around += sum(-1 if tag[1] else 1 for tag in tags)
        if block.type == "paragraph_open" and block.level == 0 and around <= 0:
            yield at


def besides(paragraph: Token, commands: Collection[Command]) -> Iterator[str]:
    """The lines of such a paragraph that are none of these commands; `paragraph` is what stands in it."""
    return (line for line in _lines(paragraph) if _command(line.strip(), ()) not in commands)


def _commands(paragraph: _Paragraph) -> Iterator[Command]:
    for below, line in enumerate(paragraph.lines, 1):
        rest = (*paragraph.lines[below : below + _BELOW], *paragraph.below)
        if (command := _command(line.strip(), rest)) is not None:
            yield command


def _command(line: str, below: Sequence[str]) -> Command | None:
    match = _LINE.fullmatch(line)
    if match is None:
        return None
    to, name, args = match[1] and match[1].lower(), match[2].lower(), (match[3] or "")[:_LONGEST_ARGS]
    if name == pointers.NAME:
        return Command(name, pointers.fields([args, *below]), to)
    if to is not None and _thanks(name, args):
        return None
    if name in KNOWN:
        return Command(name, args, to)
    if to is not None and name in switchback.VERBS:  # whom it is for stands there already
        return Command(switchback.NAME, f"{name} {args}"[:_LONGEST_ARGS], to)
    if to is not None and _asks(name, args):
        return Command(UNKNOWN, _meant(name, args), to)
    return None


def _asks(word: str, rest: str) -> bool:
    """Whether a word behind an @ is for a bot: it is a command, or nearly one, or stands there alone."""
    if word in _COURTESY or _thanks(word, rest):
        return False
    return word in KNOWN | switchback.VERBS or bool(_meant(word, rest)) or not _plain(rest)


def _thanks(word: str, rest: str) -> bool:
    """Whether somebody says thank you to whom they address: that is no command to thank somebody."""
    return word == thank.NAME and _plain(rest).lower().startswith("you")


def _meant(word: str, rest: str) -> str:
    """The command whose name is like this word, or "". With more words behind it is one that has some."""
    return _nearest(word, _WITH_WORDS if _plain(rest) else KNOWN)


@lru_cache
def _nearest(word: str, names: frozenset[str]) -> str:
    return next(iter(get_close_matches(word, sorted(names), n=1, cutoff=_ALIKE)), "")


def _plain(rest: str) -> str:
    return rest.strip(" \t\r.,!?")


def _paragraph(blocks: Sequence[Token], at: int) -> _Paragraph:
    listed = islice(_list_at(blocks, at + 3), _BELOW)  # behind the paragraph's words and its end
    return _Paragraph(_lines(blocks[at + 1]), tuple(listed))


def _list_at(blocks: Sequence[Token], at: int) -> Iterator[str]:
    """What stands in the items of the list that begins there, if one does."""
    if at < len(blocks) and blocks[at].type in _LISTS:
        while blocks[at].level > 0 or blocks[at].nesting >= 0:  # up to its end
            if blocks[at].type == "inline" and blocks[at].level == _IN_AN_ITEM:
                yield from _lines(blocks[at])
            at += 1


def _lines(inline: Token) -> tuple[str, ...]:
    return tuple("".join(map(_as_written, inline.children or ())).split("\n"))


def _as_written(piece: Token) -> str:
    """A piece of a line. What goes on over a line's end (code, HTML, emphasis, a link) does not begin a line."""
    match piece.type:
        case "text":
            return piece.content
        case "softbreak" | "hardbreak":
            return "\n" if piece.level == 0 else " "
        case "code_inline":
            return f"{piece.markup}{piece.content}{piece.markup}"
        case "html_inline":
            return piece.content.replace("\n", " ")
        case "link_open":
            return "["
        case "link_close":
            return f"]({piece.attrGet('href') or ''})"
        case _:
            return piece.markup
