"""The ready-made change of a team file for one person: they step back, come back, or checked in.

A person's lines are edited, and nothing else: comments, order, quotes and ends of lines stay. The result is read again,
and unless it differs from the file before in just that, there is none: then a human edits the file by hand.
"""

from collections.abc import Callable
from difflib import SequenceMatcher
from typing import Final

from bot.problems import ConfigError
from bot.team import Format
from bot.teamfile import entries, moving

_AROUND: Final = 3  # lines
_Opcode = tuple[str, int, int, int, int]
_NO_END: Final = "\\ No newline at end of file\n"


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
    old, new = _lines(before), _lines(after)
    hunks = [_hunk(old, new, group) for group in _groups(old, new)]
    return "".join([f"--- a/{path}\n+++ b/{path}\n", *hunks]) if hunks else ""


def _groups(old: list[str], new: list[str]) -> list[list[_Opcode]]:
    """What differs, with three lines around it. Only what lies between the first and the last difference is compared:
    in a long file difflib takes lines that stand there often for noise, and shows more than has changed."""
    both = [line == other for line, other in zip(old, new, strict=False)]
    same = both.index(False) if False in both else len(both)
    rest = min(len(old), len(new)) - same
    end = next((at for at in range(rest) if old[-1 - at] != new[-1 - at]), rest)
    first, last = max(0, same - _AROUND), max(0, end - _AROUND)
    matcher = SequenceMatcher(None, old[first : len(old) - last], new[first : len(new) - last], autojunk=False)
    groups = matcher.get_grouped_opcodes(_AROUND) if old != new else ()
    return [[(tag, a + first, b + first, c + first, d + first) for tag, a, b, c, d in group] for group in groups]


def _hunk(old: list[str], new: list[str], group: list[_Opcode]) -> str:
    _, first, _, first_new, _ = group[0]
    _, _, last, _, last_new = group[-1]
    said = [f"@@ -{_range(first, last)} +{_range(first_new, last_new)} @@\n"]
    for tag, a, b, c, d in group:
        said += [f" {line}" for line in old[a:b]] if tag == "equal" else [f"-{line}" for line in old[a:b]]
        said += [] if tag == "equal" else [f"+{line}" for line in new[c:d]]
    return "".join(line if line.endswith("\n") else f"{line}\n{_NO_END}" for line in said)


def _range(first: int, last: int) -> str:
    """As diff writes it: lines count from 1, and of no lines it is the one before."""
    return f"{first + (last > first)},{last - first}"


def _certain(make: Callable[[], str | None], before: str) -> str | None:
    try:
        made = make()
    except ConfigError:  # the file has mistakes, or what was made of it
        return None
    return made if made != before else None


def _lines(text: str) -> list[str]:
    found = text.split("\n")
    return [f"{line}\n" for line in found[:-1]] + [line for line in found[-1:] if line]
