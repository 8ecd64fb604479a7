"""Writes pieces of YAML for people to read: a word, a list in a line, a text over lines, a comment.

What is put in may be anything that somebody called a label; it is read back as it was.
"""

import re
from collections.abc import Iterable
from typing import Final

# What may stand without quotes wherever it is: words and links that no reader of YAML takes for anything else.
_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9 _/.+-]*[A-Za-z0-9]|https?://[A-Za-z0-9][A-Za-z0-9_/.~+-]*[A-Za-z0-9_/]")
_MEANT: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off"})
_JOINERS: Final = "\u200d"  # does not count as printable, but many emoji are made with it
_COMMENT: Final = 100  # characters


def holds(text: str) -> bool:
    """Whether a file may hold it as a name: all of it can be seen."""
    return all(map(_shows, text))


def word(text: str) -> str:
    """A text as a value in one line, in quotes if it needs them."""
    if _PLAIN.fullmatch(text) and text.casefold() not in _MEANT:
        return text
    return f'"{"".join(map(_quoted, _readable(text)))}"'


def words(texts: Iterable[str]) -> str:
    """A list in one line."""
    return f"[{', '.join(map(word, texts))}]"


def block(text: str, *, indent: int) -> str:
    """A text over lines, as the value of a key that stands this far in; the lines stand two further in."""
    text = _readable(text).replace("\r\n", "\n").rstrip()
    if not text or not all(char in "\n\t" or _shows(char) for char in text):
        return word(text)
    first = text.lstrip("\n")[:1]
    sign = "2" if text[0] == "\n" or first.isspace() else ""  # then readers cannot see by themselves how far in it is
    lines = (f"{' ' * (indent + 2)}{line}" if line else "" for line in text.split("\n"))
    return "\n".join([f"|{sign}", *lines])


def comment(text: str) -> str:
    """A comment: one line, whatever the text holds."""
    shown = " ".join("".join(char if _shows(char) else " " for char in _readable(text)).split())
    return f"# {shown if len(shown) <= _COMMENT else shown[: _COMMENT - 1] + '…'}"


def _readable(text: str) -> str:
    """Without halves of characters, which no file can hold."""
    return text.encode("utf-8", "replace").decode()


def _shows(char: str) -> bool:
    return char.isprintable() or char == _JOINERS


def _quoted(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    if _shows(char):
        return char
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
