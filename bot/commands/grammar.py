"""Finds commands in what people write: whole lines `/name arguments`, read from the Markdown tree.

A line counts only where its writer speaks: in a paragraph of the text itself. Quotes, code, HTML comments, lists and
e-mail replies never fire.
"""

import re
from dataclasses import dataclass
from typing import Final

from markdown_it import MarkdownIt

KNOWN: Final = frozenset({"no-bot"})

_LINE: Final = re.compile(r"/([a-z][a-z-]*)(?:[ \t]+(.*?))?[ \t]*")
_PARSER: Final = MarkdownIt("commonmark").disable("image")
_MAYBE: Final = re.compile(r"^[ ]{0,3}/[a-z]", re.MULTILINE)
_EMAIL_REPLY: Final = re.compile(r"^(On .+ wrote:|-----Original Message-----|_{10,})\s*$", re.MULTILINE)
_LONGEST: Final = 65_536  # GitHub's limit for a comment, in characters


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    args: str


def read(text: str) -> tuple[Command, ...]:
    """The known commands in a comment's Markdown, in order, each name once."""
    if not _MAYBE.search(text):  # nearly always; parsing is the dear part
        return ()
    written = _EMAIL_REPLY.split(text[:_LONGEST], maxsplit=1)[0]
    found: dict[str, Command] = {}
    depth = 0
    for token in _PARSER.parse(written):
        depth += token.nesting
        # A paragraph's text is at depth 1; inside a quote or a list it is deeper.
        if token.type != "inline" or depth != 1 or token.map is None:
            continue
        for line in token.content.splitlines():
            match = _LINE.fullmatch(line.strip())
            if match and match[1] in KNOWN:
                found.setdefault(match[1], Command(match[1], (match[2] or "")[:200]))
    return tuple(found.values())
