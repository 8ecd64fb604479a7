"""Tells whether a comment asks something, and whether it says anything to people. The words go no further.

Both are read from the Markdown tree. It asks if a question mark ends a sentence of its writer's own words: what stands
in quotes, code, links, HTML, tables, headings, tick boxes and e-mail replies was said by others, or by a template. It
says something unless all that is in it is to the bot: if there are words besides such commands, in a log or a picture
too, but not in quotes, HTML comments and e-mail replies.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.commands.grammar import EMAIL_REPLY, Command, besides, spoken
from bot.commands.stopping import is_wish

# What people write for themselves, or about the bot. The other commands tell people something.
_TO_THE_BOT: Final = frozenset({
    "help", "why", "undo", "snooze", "no-bot", "forget-me", "switchback", "create-labels", "interested", "waiting-on",
    "triage-rota", "budget", "away", "quiet-hours", "path",
})  # fmt: skip
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
_WORD: Final = re.compile(r"[^\W_]|!\[")  # a picture is as good as one
_BLOCKQUOTE: Final = re.compile(r"(</?blockquote\b)", re.IGNORECASE)
_TAG: Final = re.compile(r"</?(?!(?:img|video)\b)[a-z][a-z0-9-]*(?=[\s/>])[^<>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """`asks`: there is a question in it. `says`: it is not to the bot alone."""

    asks: bool
    says: bool


def said(text: str, commands: Collection[Command] = ()) -> Said:
    """`commands`: those in it that are for this bot."""
    to_the_bot = {command for command in commands if command.name in _TO_THE_BOT and is_wish(command)}
    maybe = _MAYBE.search(text) is not None
    if not maybe and not to_the_bot:
        return Said(asks=False, says=True)  # mostly; parsing is the dear part
    written = text[:_LONGEST].replace("\r\n", "\n").replace("\r", "\n")
    reply = EMAIL_REPLY.search(written)
    blocks = _PARSER.parse(written[: reply.start()] if reply else written)
    unread = reply is None and len(text) > _LONGEST
    return Said(
        asks=maybe and any(_ENDS.search(_ADDRESS.sub("`", words)) for words in _own(blocks)),
        says=not to_the_bot or unread or any(map(_WORD.search, _besides(blocks, to_the_bot))),
    )


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


def _besides(blocks: Sequence[Token], commands: Collection[Command]) -> Iterator[str]:
    """What is in it that is neither one of these commands nor quoted."""
    own, quoted = set(spoken(blocks)), 0
    for at, block in enumerate(blocks):
        match block.type:
            case "blockquote_open":
                quoted += 1
            case "blockquote_close":
                quoted -= 1
            case "html_block":
                for piece in _BLOCKQUOTE.split(_COMMENT.sub("", block.content)):
                    if _BLOCKQUOTE.match(piece):
                        quoted += -1 if piece.startswith("</") else 1
                    elif quoted <= 0:
                        yield _shown(piece)
            case "inline" if quoted <= 0:
                yield _shown("\n".join(besides(block, commands)) if at - 1 in own else block.content)
            case "fence" | "code_block" if quoted <= 0:
                yield block.content


def _shown(written: str) -> str:
    """Without HTML that nobody sees. Of a picture its tag stays."""
    return _TAG.sub("", _COMMENT.sub("", written))
