"""What the names of labels tell: a level, what somebody came with, or an area. Pure.

Names are spelled in many ways: `good first issue`, `Good-First-Issue`, `difficulty: easy`, `E-easy`, `:bug: kind/bug`.
Only what is clear counts. `help wanted` tells no level: people put it on whatever they would like to be rid of.
"""

import re
from collections.abc import Mapping
from typing import Final

_SCALE: Final = r"(?:difficulty|effort|level|complexity|experience|skill|e|exp)"
_LEVELS: Final[Mapping[str, re.Pattern[str]]] = {
    "starter": re.compile(
        r"good (?:first|1st) (?:issue|bug|pr|pull request|contribution|task|commit)|(?:for )?first timers?(?: only)?"
        r"|first time contributors?|(?:beginners?|newcomers?|newbies?|novices?)(?: friendly| welcome| issue| task)?"
        r"|starter(?: issue| task| bug)?|easy(?: fix| pick(?:ings?)?)?|easyfix|low hanging fruit|entry level"
        rf"|{_SCALE} (?:easy|low|small|trivial|simple|beginners?|starter|novice|newcomers?|very easy)"
    ),
    "medium": re.compile(
        r"good (?:second|2nd|next) (?:issue|bug|pr|contribution|task)|medium|moderate|intermediate"
        rf"|{_SCALE} (?:medium|moderate|mid|middle|normal|intermediate)"
    ),
    "advanced": re.compile(
        r"advanced|experts?(?: needed| only)?|hard"
        rf"|{_SCALE} (?:hard|high|large|difficult|advanced|experts?|experienced|complex|challenging|very hard)"
    ),
}
_TYPE: Final = r"(?:(?:type|kind|category|issue type|t|c) )?"
_CAME: Final[Mapping[str, re.Pattern[str]]] = {
    "problem": re.compile(rf"{_TYPE}(?:bugs?|bug report|defect|regression|crash)"),
    "question": re.compile(rf"(?:{_TYPE}|triage )(?:questions?|support|support request|usage question|q a|help)"),
    "wish": re.compile(
        rf"{_TYPE}(?:enhancements?|features?|feature request|new feature|feature idea|ideas?|wish|wishlist)"
    ),
    "docs": re.compile(rf"(?:{_TYPE}|(?:area|topic|component) )(?:documentation|docs?)"),
}
_AREA: Final = re.compile(r"(?:area|component|comp|topic|domain|subsystem|module)\s*[:/]\s*(\S.*)", re.IGNORECASE)
_EMOJI_NAME: Final = re.compile(r":[a-z0-9_+-]+:")  # :bug:
_BETWEEN: Final = re.compile(r"[^a-z0-9]+")


def level(name: str) -> str | None:
    """The setting in `levels` that a label belongs to."""
    return _of(name, _LEVELS)


def came_with(name: str) -> str | None:
    """The setting in `came_with` that a label belongs to."""
    return _of(name, _CAME)


def area(name: str) -> str | None:
    """The area that a label says to be one of, as it writes it."""
    found = _AREA.fullmatch(name.strip())
    return found[1] if found else None


def plain(name: str) -> str:
    """A name without what does not make a difference: case, signs, pictures."""
    return _BETWEEN.sub(" ", _EMOJI_NAME.sub(" ", name.casefold())).strip()


def _of(name: str, patterns: Mapping[str, re.Pattern[str]]) -> str | None:
    words = plain(name)
    return next((setting for setting, pattern in patterns.items() if pattern.fullmatch(words)), None)
