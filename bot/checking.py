"""`python -m bot check`: tells what is wrong with a configuration file, a skills map, or a file of mentors or cohorts,
as compilers do, or as JSON. Asks nobody.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot import homefiles, policyfile
from bot.policy import KnownNames
from bot.policyfile import ConfigError, Source
from bot.problems import Problem

_WIDTH: Final = 100  # characters of a line that are shown


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that was looked at; it is right if there are no problems."""

    file: str
    text: str
    problems: tuple[Problem, ...]

    def as_json(self) -> str:
        problems = [
            {"line": one.line, "column": one.column, "what": one.what, "example": one.example, "blocks": one.blocks}
            for one in self.problems
        ]
        told = {"file": self.file, "ok": not self.problems, "problems": problems}
        return json.dumps(told, indent=2, ensure_ascii=False)

    def lines(self) -> Iterator[str]:
        """For people: each problem with its line and an example of right."""
        if not self.problems:
            yield f"{self.file}: all is right"
        # What YAML takes for the ends of lines.
        lines = self.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for one in self.problems:
            place = f":{one.line}:{one.column}" if one.line else ""
            note = "" if one.blocks else " (the file can be in force all the same)"
            yield f"{self.file}{place}: {one.what}{note}"
            if 0 < one.line <= len(lines):
                yield from _pointed_at(lines[one.line - 1], one.column)
            if one.example:
                yield f"    for example: {one.example}"


def check(file: str, data: bytes, below: Sequence[Source], known: KnownNames) -> Checked:
    """What is wrong with a file of this name and content, laid over those `below`, where there are these names. A file
    that is called so is a skills map, or tells of mentors or cohorts."""
    text = data[: policyfile.MAX_SIZE].decode("utf-8", "replace").removeprefix("\ufeff")
    try:
        if (known_as := homefiles.of(file)) is not None:
            known_as.parse(file, data)
            return Checked(file, text, ())
        source = policyfile.parse(file, data)
    except ConfigError as error:
        return Checked(file, text, error.problems)
    problems = policyfile.unknown_names(source, known)
    try:
        policy = policyfile.laid_over([*([] if policyfile.stands_alone(source) else below), source])
        problems += policyfile.without_effect(policy, source)
    except ConfigError as error:
        problems += error.problems
    return Checked(file, text, tuple(sorted(problems, key=lambda one: (one.line, one.column))))


def _pointed_at(line: str, column: int) -> Iterator[str]:
    """The line, or the piece of it around the column, and a caret below."""
    start = max(0, column - _WIDTH // 2) if len(line) > _WIDTH else 0
    piece = "".join(char if char.isprintable() else " " for char in line[start : start + _WIDTH])
    if piece.strip():
        yield f"    {piece}"
        yield f"    {' ' * (column - 1 - start)}^"
