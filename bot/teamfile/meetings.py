"""Reads notes of meetings: who was there, and on which day.

Only a `@login` in an item of a list or in a table counts. Where the notes of a day have a list of those who were there,
only that counts: elsewhere people are mentioned who were not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import PurePosixPath
from typing import Final

from bot.teamfile.roster import LOGIN

_TEXTS: Final = frozenset({"", ".md", ".markdown", ".mdx", ".txt", ".rst", ".org", ".adoc"})
_LONGEST: Final = 1_000  # characters of a line; longer ones name nobody
_MOST: Final = 5_000  # people of one file
_MONTHS: Final = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH: Final = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_DAY: Final = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_DATES: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<!\d)(?P<year>20\d\d)[-/._](?P<month>\d\d)[-/._](?P<day>\d\d)(?!\d)",
        rf"\b{_MONTH} {_DAY},? (?P<year>20\d\d)\b",
        rf"\b{_DAY}\.? {_MONTH},? (?P<year>20\d\d)\b",
    )
)
_HEADING: Final = re.compile(r" {0,3}(#{1,6})[ \t]+(.*)")
_ITEM: Final = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s+(.*)|\s*(\|.*)")
_MENTION: Final = re.compile(rf"(?<![\w@.-])@({LOGIN})(?![\w-]|\.\w)")
_NOT: Final = re.compile(r"`[^`]*`|https?://\S+")  # code and links
_THERE: Final = re.compile(
    r"\b(?:attend(?:ees|ance|ing|ed)?|present|participants?|check(?:ed)?[- ]?in|roll[- ]?call|who is here"
    r"|asistentes|asistencia|participantes|presentes)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Seen:
    """`day` None: the notes do not say."""

    login: str
    day: date | None


def is_text(path: str) -> bool:
    """Whether a file is something to read."""
    return PurePosixPath(path.lower()).suffix in _TEXTS


def day_in(text: str) -> date | None:
    """The first day that is written in a file's name or a heading: 2026-03-05, March 5, 2026, or 5 March 2026."""
    for pattern in _DATES:
        for found in pattern.finditer(text):
            month = found["month"].lower()
            number = int(month) if month.isdigit() else _MONTHS.index(month[:3]) + 1
            try:
                return date(int(found["year"]), number, int(found["day"]))
            except ValueError:  # there is no such day
                continue
    return None


def day_of(path: str) -> date | None:
    """The day in the name of a file."""
    return day_in(PurePosixPath(path).name)


def seen(path: str, text: str) -> list[Seen]:
    """Everybody who was there, once for each day. The day in the file's name counts for all of it. Else, where headings
    tell days, what stands below none of these does not count."""
    named = day_of(path)
    found: dict[tuple[str, date | None], Seen] = {}
    mentioned = list(_lines(text))
    tells = any(line.day is not None for line in mentioned)
    for day, lines in groupby(mentioned, key=lambda line: line.day):
        if tells and day is None and named is None:
            continue
        those = list(lines)
        if any(line.in_list for line in those):
            those = [line for line in those if line.in_list]
        for line in those:
            one = Seen(line.login, named or day)
            found.setdefault((one.login.casefold(), one.day), one)
    return list(found.values())[:_MOST]


@dataclass(frozen=True, slots=True)
class _Line:
    """Somebody is mentioned below a heading with this day. `in_list`: that of those who were there."""

    login: str
    day: date | None
    in_list: bool


def _lines(text: str) -> Iterator[_Line]:
    day: date | None = None
    dated, listed = 0, 0  # how deep the headings are that say so; 0: there is none
    for line in text.split("\n"):
        if len(line) > _LONGEST:
            continue
        if heading := _HEADING.match(line):
            depth = len(heading[1])
            if (said := day_in(heading[2])) is not None:
                day, dated = said, depth
            elif dated and depth <= dated:  # what comes now is of no day
                day, dated = None, 0
            listed = 0 if listed >= depth else listed
            listed = listed or (depth if _THERE.search(heading[2]) else 0)
        elif item := _ITEM.match(line):
            for found in _MENTION.finditer(_NOT.sub("", item[1] or item[2] or "")):
                yield _Line(found[1], day, in_list=bool(listed))
