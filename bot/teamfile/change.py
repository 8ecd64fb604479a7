"""The ready-made change of a team file for one person: they step back, come back, or checked in.

A person's lines are edited, and nothing else: comments, order, quotes and ends of lines stay. The result is read again,
and unless it differs from the file before in just that, there is none: then a human edits the file by hand.
"""

from collections.abc import Callable
from difflib import unified_diff
from typing import Final

from bot.problems import ConfigError
from bot.team import Format
from bot.teamfile import entries, moving

_AS_IT_WAS: Final = "\\ No newline at end of file\n"


def step_back(text: str, how: Format, login: str, month: str) -> str | None:
    """The file in which somebody is inactive, in its own word, since `month` (2026-11). None: a human has to do it, or
    there is nothing to do. `how` the file is written tells reading.format_of."""
    match how:
        case Format.CONTRIBUTORS:
            return _certain(lambda: entries.step_back(text, login, month), text)
        case Format.MAINTAINERS:
            return _certain(lambda: moving.step_back(text, login), text)
        case Format.CODEOWNERS | Format.AUTO:
            return None


def come_back(text: str, how: Format, login: str, month: str) -> str | None:
    """The file in which they are active again. None as above."""
    match how:
        case Format.CONTRIBUTORS:
            return _certain(lambda: entries.come_back(text, login, month), text)
        case Format.MAINTAINERS:
            return _certain(lambda: moving.come_back(text, login), text)
        case Format.CODEOWNERS | Format.AUTO:
            return None


def checked_in(text: str, how: Format, login: str, month: str) -> str | None:
    """The file in which they checked in last in `month`. None as above; only `contributors` can tell it."""
    return _certain(lambda: entries.checked_in(text, login, month), text) if how is Format.CONTRIBUTORS else None


def diff(path: str, before: str, after: str) -> str:
    """A change as `git apply` takes it. Empty: there is none."""
    lines = unified_diff(_lines(before), _lines(after), f"a/{path}", f"b/{path}")
    return "".join(line if line.endswith("\n") else f"{line}\n{_AS_IT_WAS}" for line in lines)


def _certain(make: Callable[[], str | None], before: str) -> str | None:
    try:
        made = make()
    except ConfigError:  # the file has mistakes, or what was made of it
        return None
    return made if made != before else None


def _lines(text: str) -> list[str]:
    found = text.split("\n")
    return [f"{line}\n" for line in found[:-1]] + [line for line in found[-1:] if line]
