"""Reads lists of maintainers: one person in each line, item or row of a table, below headings.

Markdown (MAINTAINERS.md), plain text (MAINTAINERS) and the lists of OWNERS. Who stands below a heading such as
"Emeritus" is inactive. Nothing is read of code, comments and sentences.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from bot.teamfile.persons import Named, in_cells, named
from bot.teamfile.roster import LOGIN, Listed, Roster, is_gone

_LONGEST: Final = 1_000  # characters of a line; longer ones name nobody
_LINES: Final = re.compile(r"[^\n]*\n|[^\n]+")
_MARKED: Final = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*")
_UNDERLINE: Final = re.compile(r" {0,3}([=\-~^])\1{2,}")
_DEPTH: Final = {"=": 1, "-": 2, "~": 3, "^": 4}
_BY_ITSELF: Final = re.compile(r"(?:([^\W\d_][\w &/()'\u2019-]{0,60}):|(?:\*\*|__)([^*_]{1,60})(?:\*\*|__):?)")
_KEY: Final = re.compile(r"(?:emeritus_)?(?:approvers|reviewers)")  # of OWNERS: logins without @ stand below
_LOWEST: Final = 7
_ITEM: Final = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s+(.*)")
_BARE: Final = re.compile(rf"([\"']?)({LOGIN})\1\s*(?:#.*)?")
_RULER: Final = re.compile(r"\s*\|?(?:\s*:?-{2,}:?\s*\|)*\s*:?-{2,}:?\s*\|?\s*")
_FENCE: Final = re.compile(r" {0,3}(```|~~~)")


class Shape(StrEnum):
    """How a person's line is written."""

    ITEM = "item"
    ROW = "row"  # of a table
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Section:
    """What stands below a heading. `index` is that of the heading's line, -1: there is none. `mark`: what makes it a
    heading: `##`, the character of the underline, `**`, `:`, or `key`. `gone`: it, or one around it, says that these
    people do not do it any more."""

    index: int = -1
    level: int = 0
    title: str = ""
    mark: str = ""
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A line with people. `index` counts from 0. `columns`: of a table."""

    index: int
    shape: Shape
    people: tuple[Named, ...]
    section: Section
    columns: int = 0


@dataclass(slots=True)
class Page:
    """`lines` keep their ends. `headers`: of tables, the indices of their first lines."""

    lines: list[str]
    rows: list[Row] = field(default_factory=list)
    sections: list[Section] = field(default_factory=lambda: [Section()])
    headers: list[int] = field(default_factory=list)


def read(text: str) -> Roster:
    """Who stands in several sections is active if one of them is."""
    listed: dict[str, Listed] = {}
    for row in page(text).rows:
        for one in row.people:
            known = listed.get(one.login.casefold())
            if known is None or (known.inactive and not row.section.gone):
                listed[one.login.casefold()] = Listed(
                    login=one.login, line=row.index + 1, given_name=one.given_name, inactive=row.section.gone
                )
    return Roster(tuple(listed.values()))


def page(text: str) -> Page:
    """The lines of a file, with the people and headings in them."""
    made = Page(_LINES.findall(text))
    around = made.sections[:]
    header: list[str] = []
    for index, line in _visible(made.lines):
        below = made.lines[index + 1].rstrip() if index + 1 < len(made.lines) else ""
        found = _row(index, line, around[-1], header)
        if "|" in line and _RULER.fullmatch(below) and not _RULER.fullmatch(line):
            header = _cells(line)
            made.headers.append(index)
        elif found:
            made.rows.append(found)
        elif heading := _heading(index, line, below, in_key=around[-1].mark == "key"):
            while around[-1].level >= heading.level:
                around.pop()
            gone = heading.gone or around[-1].gone
            around.append(Section(index, heading.level, heading.title, heading.mark, gone))
            made.sections.append(around[-1])
        if "|" not in line:
            header = []
    return made


def _visible(lines: list[str]) -> Iterator[tuple[int, str]]:
    """The lines that are no code and no comment."""
    until: str | None = None
    for index, whole in enumerate(lines):
        line = whole.rstrip()
        if until is not None:
            until = None if until in line else until
        elif fence := _FENCE.match(line):
            until = fence[1]
        elif "<!--" in line:
            until = None if "-->" in line.partition("<!--")[2] else "-->"
        elif len(line) <= _LONGEST:
            yield index, line


def _row(index: int, line: str, section: Section, header: list[str]) -> Row | None:
    item = _ITEM.fullmatch(line)
    if "|" in line and not item:
        cells = _cells(line)
        shape, people, columns = Shape.ROW, in_cells(cells, header), len(cells)
    elif item:
        bare = _BARE.fullmatch(item[1]) if section.mark == "key" else None
        shape, people, columns = Shape.ITEM, [Named(bare[2])] if bare else named(item[1], strictly=False), 0
    else:
        shape, people, columns = Shape.LINE, [] if line.startswith("#") else named(line, strictly=True), 0
    return Row(index, shape, tuple(people), section, columns) if people else None


def _cells(line: str) -> list[str]:
    return re.split(r"(?<!\\)\|", line.strip().removeprefix("|").removesuffix("|"))


def _heading(index: int, line: str, below: str, *, in_key: bool) -> Section | None:
    if marked := _MARKED.fullmatch(line):
        return None if in_key else _section(index, len(marked[1]), marked[2], marked[1])
    if line.strip() and (under := _UNDERLINE.fullmatch(below)) and not _ITEM.fullmatch(line):
        return _section(index, _DEPTH[under[1]], line.strip(), under[1])
    if by_itself := _BY_ITSELF.fullmatch(line.strip()):
        title = by_itself[1] or by_itself[2]
        mark = "key" if _KEY.fullmatch(title) else ":" if by_itself[1] else "**"
        return _section(index, _LOWEST, title, mark)
    return None


def _section(index: int, level: int, title: str, mark: str) -> Section:
    return Section(index, level, title, mark, is_gone(title.replace("_", " ")))
