"""What a message of somebody's own may not do, read through the Markdown tree as GitHub reads it.

It mentions nobody, holds no marker and no command, takes only harmless HTML, and lets what stands below it stand: the
note that a bot wrote it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.yamlfile import UNSEEN

MOST: Final = 4_000  # characters of a message
EXAMPLE: Final = "Welcome, {{ author }}!"
TAGS: Final = ("br", "sub", "sup", "b", "i", "em", "strong", "kbd", "details", "summary", "img")

_NEVER_CLOSED: Final = {"br", "img"}
TAG: Final = re.compile(
    rf"<(?:/(?:{'|'.join(TAGS)})\s*|(?:{'|'.join(tag for tag in TAGS if tag != 'img')})\s*/?|details\s+open"
    r"|img(?:\s+(?:alt|width|height|align)=\"[^\"<>]*\"|\s+src=\"https?://[^\"<>\s]*\")+\s*/?)>",
    re.IGNORECASE,
)
_OPENS: Final = re.compile(r"<(/?)([a-z]+)", re.IGNORECASE)
ADDRESS: Final = re.compile(r"https?://[\w-]+(?:\.[\w-]+)+[^\s<]*", re.ASCII)
MENTION: Final = re.compile(r"(?<![A-Za-z0-9_])@[A-Za-z0-9][\w-]*(?:/[\w.-]*\w)?", re.ASCII)
_COMMENT: Final = re.compile(r"<!--|switchback [\w-]+ [0-9a-f]{16}", re.IGNORECASE)
_COMMAND: Final = re.compile(r"^[ \t]*(/[A-Za-z][\w-]*)", re.MULTILINE)
_SCRIPT: Final = re.compile(r"\b(?:java|vb)script\s*:|\bdata:[\w/+-]*[;,]", re.IGNORECASE)
CONTROL: Final = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_PARSER: Final = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_BELOW: Final = "\n\n<sub>below</sub>"  # as the note stands that a bot wrote it
_NOTE: Final = ["<sub>", "below", "</sub>"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, the piece of the text that it is about ("": all of it), and how it would be right."""

    piece: str
    what: str
    example: str


def faults(text: str) -> list[Fault]:
    """What is wrong with a message in Markdown."""
    if not text.strip():
        return [Fault("", "the message would be empty", EXAMPLE)]
    if len(text) > MOST:
        return [Fault("", f"the message has {len(text):,} characters: {MOST:,} are taken", EXAMPLE)]
    return list(dict.fromkeys(_faults(text)))


def _faults(text: str) -> Iterator[Fault]:
    for odd in CONTROL.findall(text) + UNSEEN.findall(text):
        yield Fault(odd, f"the character U+{ord(odd):04X} is not taken: nobody sees it", EXAMPLE)
    for found in _COMMENT.finditer(text):
        yield Fault(found[0], "HTML comments are not taken: the bot knows its own messages by one", EXAMPLE)
        return
    for found in _SCRIPT.finditer(unescape(text)):
        yield Fault(found[0], "links lead to https:// addresses", "[chat](https://chat.example.org)")
    blocks = _PARSER.parse(text + _BELOW)
    own = blocks[:-3] if _stands_below(blocks) else blocks
    if not _stands_below(blocks):
        what = "what stands below the text would be in it: a block of code, or something else, has no end"
        yield Fault("```" if "```" in text else "~~~", what, "`make test`")
    yield from _html(own)
    for block in own:
        yield from _block(block)


def _stands_below(blocks: Sequence[Token]) -> bool:
    """Whether what was put below the text is a paragraph of its own, and in nothing else."""
    last = blocks[-2] if len(blocks) > 2 else blocks[-1]
    return last.level == 1 and [piece.content for piece in (last.children or ())] == _NOTE


def _html(blocks: Sequence[Token]) -> Iterator[Fault]:
    """Tags that are not taken, and those that are left open, or closed though nothing is open."""
    open_tags: list[str] = []
    for content in _html_pieces(blocks):
        left = TAG.sub("", content)
        if odd := re.search(r"<[^>\s]*", left):
            what = f"this HTML is not taken; what is: {', '.join(TAGS)} (src and alt of an img, open of details)"
            yield Fault(odd[0], what, "<kbd>Enter</kbd>")
            return
        for closes, name in _OPENS.findall(content):
            tag = name.lower()
            if not closes and tag not in _NEVER_CLOSED:
                open_tags.append(tag)
            elif closes and (not open_tags or open_tags.pop() != tag):
                yield Fault(f"</{name}", f"</{tag}> closes what is not open", f"<{tag}>…</{tag}>")
                return
    if open_tags:
        tag = open_tags[-1]
        yield Fault(f"<{tag}", f"<{tag}> is not closed", f"<{tag}>…</{tag}>")


def _html_pieces(blocks: Sequence[Token]) -> Iterator[str]:
    for block in blocks:
        if block.type == "html_block":
            yield block.content
        for piece in block.children or ():
            if piece.type == "html_inline":
                yield piece.content


def _block(block: Token) -> Iterator[Fault]:
    if block.type == "html_block":
        texts = re.split(r"<[^>]*>", block.content)
        lines = block.content
    elif block.type == "inline":
        texts, lines = _texts(block.children or ()), block.content
    else:
        return
    pieces = [unescape(text) for text in (*texts, "".join(texts))]
    for mention in (found[0] for text in pieces for found in MENTION.finditer(ADDRESS.sub(" ", text))):
        what = f"a message mentions nobody but its author, and {mention} would be"
        yield Fault(mention, what, f"`{mention[1:]}`")
    for command in _COMMAND.findall(lines):
        what = f"a line that begins with {command} could be read as a command"
        yield Fault(command, what, f"Comment `{command}` to begin.")


def _texts(pieces: Sequence[Token]) -> list[str]:
    """The text of a block, in its pieces. Code and addresses are none."""
    texts: list[str] = []
    auto = False
    for piece in pieces:
        match piece.type:
            case "link_open" | "link_close":
                auto = piece.type == "link_open" and piece.info == "auto"
            case "text" | "text_special":
                texts.append(" " if auto else piece.content)
            case "code_inline" | "softbreak" | "hardbreak":
                texts.append("\n")
            case "image":
                texts += _texts(piece.children or ())
            case _:
                pass
    return texts
