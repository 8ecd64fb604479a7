"""Tells whether a comment asks something: a question mark ends a sentence of its writer's own words. The words go no
further.

Read from the Markdown tree. What stands in quotes, code, links, HTML, tables, headings, tick boxes and e-mail replies
was said by others, or by a template.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.commands.grammar import EMAIL_REPLY

_PARSER: Final = MarkdownIt("commonmark").enable("table").disable(["image", "text_join"])
_LONGEST: Final = 20_000  # characters that are read: parsing takes its time
# Some languages have a space before the mark; that of full width (Chinese, Japanese) needs none behind it.
_MAYBE: Final = re.compile("[?\u061f](?![\\w/=&])|\uff1f")
_ENDS: Final = re.compile(
    "[^\\s([{!?\u061f][ \u00a0\u202f]?[?\u061f]+!*[)\\]}\"'\u00bb\u201d\u2019]*(?=\\s|\\Z|[^\\x00-\\x7f])|\uff1f"
)
_ADDRESS: Final = re.compile(r"\b(?:https?://|www\.)[^\s<>]{1,2000}", re.IGNORECASE)
_QUOTE: Final = re.compile(r"<(/?)(?:blockquote|details)\b", re.IGNORECASE)
_COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TICK_BOX: Final = re.compile(r"\[[ xX]\]\s")


def asks(text: str) -> bool:
    if not _MAYBE.search(text):
        return False  # mostly; parsing is the dear part
    written = text[:_LONGEST].replace("\r\n", "\n").replace("\r", "\n")
    if reply := EMAIL_REPLY.search(written):
        written = written[: reply.start()]
    return any(_ENDS.search(_ADDRESS.sub("`", said)) for said in _own(_PARSER.parse(written)))


def _own(blocks: Sequence[Token]) -> Iterator[str]:
    """The paragraphs that are the writer's own words, those in lists too."""
    quoted = 0
    for at, block in enumerate(blocks):
        match block.type:
            case "blockquote_open":
                quoted += 1
            case "blockquote_close":
                quoted -= 1
            case "html_block":
                quoted += sum(-1 if tag[1] else 1 for tag in _QUOTE.finditer(_COMMENT.sub("", block.content)))
            case "inline" if quoted <= 0 and blocks[at - 1].type == "paragraph_open":
                if not _TICK_BOX.match(block.content):
                    yield "".join(_as_read(block.children or ()))


def _as_read(pieces: Sequence[Token]) -> Iterator[str]:
    """A paragraph as it is read. Code, and what leads elsewhere, is a word that asks nothing."""
    links = 0
    for piece in pieces:
        match piece.type:
            case "link_open":
                links += 1
                yield "`"
            case "link_close":
                links -= 1
            case "text" | "text_special" if not links:
                yield piece.content
            case "softbreak" | "hardbreak":
                yield "\n"
            case "code_inline" if not links:
                yield "`"
            case _:  # emphasis, HTML
                pass
