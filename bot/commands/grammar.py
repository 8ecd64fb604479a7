"""Finds commands in what people write: whole lines `/name arguments`, read from the Markdown tree.

A line counts only where its writer speaks: in a paragraph of the text itself. Quotes, code, HTML, tables, headings,
lists and e-mail replies never fire.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.commands.catalog import CATALOG

KNOWN: Final = frozenset(CATALOG)

_LINE: Final = re.compile(r"/([a-z][a-z-]*)[.,!]*(?:[ \t]+(.*))?", re.IGNORECASE)
# "text_join" would make an escaped slash look like one that was written.
_PARSER: Final = MarkdownIt("commonmark").enable("table").disable(["image", "text_join"])
_MAYBE: Final = re.compile(r"^[ ]{0,3}/[a-z]", re.MULTILINE | re.IGNORECASE)
_EMAIL_REPLY: Final = re.compile(
    r"^(?:On .+(?:\n.*)?\bwrote:|-----Original Message-----|_{10,})[ \t]*$", re.MULTILINE
)  # some programs break the long line "On … wrote:" in two
_COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_AROUND: Final = re.compile(r"<(/?)(?:details|blockquote|div|table)\b", re.IGNORECASE)
_LONGEST: Final = 65_536  # GitHub's limit for a comment, in characters


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    args: str


def read(text: str) -> tuple[Command, ...]:
    """The known commands in a comment's Markdown, in order. Telephones write the first letter of a line
    as a capital, and people end one with a full stop."""
    if not _MAYBE.search(text):  # nearly always; parsing is the dear part
        return ()
    written = text[:_LONGEST].replace("\r\n", "\n").replace("\r", "\n")
    if reply := _EMAIL_REPLY.search(written):
        written = written[: reply.start()]
    found: list[Command] = []
    for line in _spoken(_PARSER.parse(written)):
        match = _LINE.fullmatch(line.strip())
        if match and (name := match[1].lower()) in KNOWN:
            found.append(Command(name, (match[2] or "")[:200]))
    return tuple(found)


def _spoken(blocks: Sequence[Token]) -> Iterator[str]:
    """The lines of the text's own paragraphs: those that stand in nothing else, HTML around them included."""
    around = 0
    for before, block in pairwise(blocks):
        if before.type == "html_block":
            tags = _AROUND.finditer(_COMMENT.sub("", before.content))
            around += sum(-1 if tag[1] else 1 for tag in tags)
        if before.type == "paragraph_open" and before.level == 0 and around <= 0:
            yield from "".join(map(_as_written, block.children or ())).split("\n")


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
