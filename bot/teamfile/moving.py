"""Moves a person's line in a list of maintainers below the heading of those who stepped back, or from there, and proves
that nothing else has changed."""

from collections import Counter
from typing import Final

from bot.teamfile.maintainers import Page, Row, Section, Shape, page

_BOM: Final = "\ufeff"
_TITLE: Final = "Emeritus"
_LEVEL: Final = 2  # of a heading below the title of the page


def step_back(text: str, login: str) -> str | None:
    """None: it cannot be done for certain."""
    return _moved(text, login, gone=True)


def come_back(text: str, login: str) -> str | None:
    return _moved(text, login, gone=False)


def _moved(text: str, login: str, *, gone: bool) -> str | None:
    bare = text.removeprefix(_BOM)
    before = page(bare)
    row = _row_of(before, login)
    if row is None or row.section.gone is gone or _goes_on(before, row):
        return None
    after = _behind(before, row, gone=gone)
    if after is None:
        return None
    made = "".join(after)
    return _BOM[: len(text) - len(bare)] + made if _only(before, page(made), login, gone=gone) else None


def _row_of(before: Page, login: str) -> Row | None:
    """The one line in which the person stands, alone."""
    rows = [row for row in before.rows if any(one.login.casefold() == login.casefold() for one in row.people)]
    return rows[0] if len(rows) == 1 and len(rows[0].people) == 1 else None


def _goes_on(before: Page, row: Row) -> bool:
    """Whether the lines below belong to a person's line too."""
    line = before.lines[row.index]
    below = before.lines[row.index + 1] if row.index + 1 < len(before.lines) else ""
    return row.shape is not Shape.ROW and bool(below.strip()) and _indent(below) > _indent(line)


def _behind(before: Page, row: Row, *, gone: bool) -> list[str] | None:
    """The lines with the person's one where it belongs."""
    line = before.lines[row.index]
    there = [other for other in before.rows if other.section.gone is gone and _alike(other, row)]
    if there:
        sections = {other.section.index for other in there}
        if len(sections) > 1 and not gone:  # to which of them, a human knows
            return None
        first = min(sections)
        return _put(before, row, max(other.index for other in there if other.section.index == first) + 1, [line])
    if any(other.section.gone is gone for other in before.rows):
        return None  # people stand there, written otherwise
    found = [section for section in before.sections if section.gone is gone]
    if not gone and len(found) != 1:
        return None
    if found and row.shape is not Shape.ROW:
        return _put(before, row, _below(before, found[0]), [line])
    return _put(before, row, len(before.lines), _new(before, row)) if gone and not found else None


def _alike(one: Row, other: Row) -> bool:
    return one.shape is other.shape and one.columns == other.columns


def _put(before: Page, row: Row, at: int, lines: list[str]) -> list[str]:
    """The lines without the person's, and with these before the line `at`."""
    end = _line_end(before)
    above = [line for index, line in enumerate(before.lines[:at]) if index != row.index]
    below = [line for index, line in enumerate(before.lines[at:], start=at) if index != row.index]
    ended = [line if line.endswith("\n") else line + end for line in (*above, *lines)]
    made = [*ended, *below]
    if not before.lines[-1].endswith("\n"):  # the file ends as it did
        made[-1] = made[-1].removesuffix("\n").removesuffix("\r")
    return made


def _below(before: Page, section: Section) -> int:
    """Where the first person stands below a heading: behind its underline and an empty line."""
    at = section.index + (2 if section.mark in {"=", "-", "~", "^"} else 1)
    return at + 1 if at < len(before.lines) and not before.lines[at].strip() else at


def _new(before: Page, row: Row) -> list[str]:
    """A heading for those who stepped back, as the others are written, and the person below it."""
    end, mark = _line_end(before), row.section.mark
    line = before.lines[row.index]
    if mark == "key":
        return [f"emeritus_approvers:{end}", line]
    if mark == ":":
        heading = [f"{_TITLE}:{end}"]
    elif mark == "**":
        heading = [f"**{_TITLE}**{end}", end]
    elif mark and mark in "=-~^":
        heading = [f"{_TITLE}{end}", f"{(mark if mark != '=' else '-') * len(_TITLE)}{end}", end]
    elif mark or len(before.sections) > 1:
        heading = [f"{'#' * max(len(mark), _LEVEL)} {_TITLE}{end}", end]
    else:
        heading = [f"{_TITLE}:{end}"]
    return [end, *heading, *_table(before, row), line]


def _table(before: Page, row: Row) -> list[str]:
    """The header of the person's table, if they stand in one."""
    above = [index for index in before.headers if index < row.index] if row.shape is Shape.ROW else []
    return before.lines[above[-1] : above[-1] + 2] if above else []


def _only(before: Page, after: Page, login: str, *, gone: bool) -> bool:
    """Whether the same lines stand in the file, and the same people in the same places but for the person."""
    kept, made = (Counter(line.strip() for line in one.lines if line.strip()) for one in (before, after))
    return kept <= made and _told(after) == {**_told(before), login.casefold(): gone}


def _told(found: Page) -> dict[str, bool]:
    return {one.login.casefold(): row.section.gone for row in found.rows for one in row.people}


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _line_end(before: Page) -> str:
    return "\r\n" if any(line.endswith("\r\n") for line in before.lines) else "\n"
