"""What a team file tells: people, each with the line in which they stand. And the words that all formats share."""

import re
from dataclasses import dataclass
from typing import Final

from bot.problems import Problem

MOST: Final = 2_000  # people of one file
LOGIN: Final = r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,37}[A-Za-z0-9])?"
TEAM: Final = rf"{LOGIN}/[A-Za-z0-9][A-Za-z0-9._-]{{0,58}}"
ON_GITHUB: Final = r"(?:https?://)?(?:www\.)?github\.com/"  # before a login, in a link

_HANDLE: Final = re.compile(rf"(?:@|{ON_GITHUB})?({LOGIN})/?", re.IGNORECASE)
_GIVEN: Final = re.compile(r"[^\W\d_](?:[\w'\u2019.-]{0,48}\w)?\.?")
# Of those who do not do it any more: status words, and words in headings.
_GONE: Final = re.compile(
    r"\b(?:in-?active|emerit(?:us|a|i|ae)|alum(?:ni|nus|na|nae|s)?|retired|former(?:ly)?|past|stepped (?:back|down))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Somebody in a team file. `login`: as it is written there, without @; of a team on GitHub `organisation/team`.
    `line` counts from 1. The rest is as in bot/team.py."""

    login: str
    line: int
    given_name: str = ""
    groups: tuple[str, ...] = ()
    inactive: bool = False
    last_check_in: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """`problems`: what could not be read, though the rest counts."""

    listed: tuple[Listed, ...]
    problems: tuple[Problem, ...] = ()

    def of(self, login: str) -> Listed | None:
        """Upper and lower case are the same."""
        return next((one for one in self.listed if one.login.casefold() == login.casefold()), None)


def login_in(handle: str) -> str | None:
    """The login in `ada`, `@ada`, `https://github.com/ada`. None: it is something else."""
    found = _HANDLE.fullmatch(handle.strip())
    return found[1] if found else None


def given_name(name: str) -> str:
    """The first word of a name, if it looks like one."""
    first = name.split(maxsplit=1)[:1]
    return first[0] if first and _GIVEN.fullmatch(first[0]) else ""


def is_gone(words: str) -> bool:
    """Whether a status, or a heading, says of people that they do not do it any more."""
    return _GONE.search(words) is not None
