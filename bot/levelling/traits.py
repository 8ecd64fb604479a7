"""Reads what a title and a text show, as traits; of the texts nothing else goes further.

What strangers write can make a pattern take for ever, so a text is cut, and no pattern here goes back over more than a
word.
"""

import re
from collections.abc import Mapping
from typing import Final

_LONGEST: Final = 20_000  # characters of a text that are read
_LONG: Final = 1_200
_FORM: Final[Mapping[str, re.Pattern[str]]] = {
    "version": re.compile(r"\bv?\d{1,4}\.\d{1,4}(?:\.\w{1,8}|\b)"),
    "names-file": re.compile(r"\w\.(?:py|md|rst|ipynb|html|css|js|ts|ya?ml|toml|json)\b"),
    "links-code": re.compile(r"#L\d|\.py:\d|/blob/"),
}
_SAID: Final[Mapping[str, tuple[str, ...]]] = {
    "traceback": ("traceback (most recent call last)",),
    "steps": ("steps to reproduce", "how to reproduce", "to reproduce"),
    "expected": ("expected behaviour", "expected behavior", "i expect", "should be"),
    "proposes": ("possible solution", "proposed solution", "suggested fix", "i can send a", "happy to send"),
    "security": ("security", "vulnerability", "cve-"),
}


def traits(title: str, body: str) -> frozenset[str]:
    """The names of what they show."""
    text = f"{title[:300]}\n{body[:_LONGEST]}"
    lowered = text.casefold()
    found = {name for name, pattern in _FORM.items() if pattern.search(text)}
    found |= {name for name, phrases in _SAID.items() if any(phrase in lowered for phrase in phrases)}
    return frozenset(found | {"long-text"} if len(body) > _LONG else found)
