"""Finds the issues that a pull request names in its title and text, and tells whether merging it closes them.

They are named as on GitHub: `#12`, `GH-12`, `owner/repo#12`, and by address; one of its words before that (`fixes`,
`closes`, `resolves` …) says that it is closed (docs.github.com: Linking a pull request to an issue). What stands in
code, quotes or HTML names nothing.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

MOST: Final = 20  # a text names no more; those that it closes count first

_PARSER: Final = MarkdownIt("commonmark").enable("table").disable(["image", "text_join"])
_MAYBE: Final = re.compile(r"#\d|GH-\d|/(?:issues|pull)/\d", re.IGNORECASE)
_REPO: Final = r"[A-Z0-9][\w-]{0,38}/[\w.-]{1,100}"
_NUMBER: Final = r"[1-9]\d{0,8}"
_NAMES: Final = re.compile(
    r"(?<![\w/\\&#.@-])(?:"
    rf"https?://(?P<host>[\w.:-]{{1,80}})/(?P<place>{_REPO})/(?:issues|pull)/(?P<at>{_NUMBER})"
    rf"|(?:(?P<repo>{_REPO})?#|GH-)(?P<number>{_NUMBER})"
    r")(?!\w)",
    re.IGNORECASE | re.ASCII,
)
_CLOSES: Final = re.compile(
    r"(?<![\w-])(?:close[sd]?|fix(?:es|ed)?|resolve[sd]?)(?::\s{0,3}|\s{1,3})\Z", re.IGNORECASE | re.ASCII
)
_LONGEST_WORD: Final = 16  # of those, with what may stand behind it
_QUOTE: Final = re.compile(r"<(/?)blockquote\b", re.IGNORECASE)
_COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_LONGEST_TITLE: Final = 300
_LONGEST: Final = 20_000  # characters that are read: nobody names an issue further down, but parsing takes its time


@dataclass(frozen=True, slots=True)
class Reference:
    """`repo`: its full name in lower case, "" for the pull request's own."""

    repo: str
    number: int
    closes: bool


def read(title: str, body: str, *, here: str, host: str) -> tuple[Reference, ...]:
    """What is named in a pull request of the repository `here` (its full name). `host`: where its page stands."""
    hosts, found = {"github.com", host.lower()}, dict[tuple[str, int], bool]()
    for text in (*_lines(title[:_LONGEST_TITLE], _PARSER.parseInline), *_lines(body, _PARSER.parse)):
        for match in _NAMES.finditer(text):
            if match["host"] and match["host"].lower() not in hosts:
                continue
            repo = (match["place"] or match["repo"] or "").lower()
            named = "" if repo == here.lower() else repo, int(match["at"] or match["number"])
            before = max(0, match.start() - _LONGEST_WORD)
            found[named] = found.get(named, False) or _CLOSES.search(text, before, match.start()) is not None
    first = sorted(found.items(), key=lambda one: not one[1])
    return tuple(Reference(repo, number, closes) for (repo, number), closes in first[:MOST])


def _lines(text: str, parse: Callable[[str], Sequence[Token]]) -> Iterator[str]:
    """What is said in a text, piece by piece."""
    if _MAYBE.search(text):  # mostly not; parsing is the dear part
        yield from _said(parse(text[:_LONGEST]))


def _said(blocks: Sequence[Token]) -> Iterator[str]:
    quotes = 0
    for block in blocks:
        match block.type:
            case "blockquote_open":
                quotes += 1
            case "blockquote_close":
                quotes -= 1
            case "html_block":
                tags = _QUOTE.finditer(_COMMENT.sub("", block.content))
                quotes += sum(-1 if tag[1] else 1 for tag in tags)
            case "inline" if quotes <= 0:
                yield "".join(_as_read(block.children or ()))


def _as_read(pieces: Sequence[Token]) -> Iterator[str]:
    """A paragraph as it is read, with where its links lead."""
    leads_to = ""
    for piece in pieces:
        match piece.type:
            case "text":
                yield piece.content
            case "softbreak" | "hardbreak":
                yield "\n"
            case "code_inline":
                yield "`"
            case "html_inline":
                yield " "
            case "link_open":
                leads_to = str(piece.attrGet("href") or "")
            case "link_close":
                yield f" {leads_to} "
            case "text_special":  # written so that it is nothing special
                yield piece.markup
            case _:  # emphasis
                pass
