"""What can be wrong with a file, as values: where it is, what is wrong, and how it would be right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

MOST: Final = 100  # problems that are told of one file; who has more than these has enough to do

_COMPARED: Final = 60  # characters of a name that are compared with others


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake. Line and column count from 1; line 0 is the file as such. `example` shows in one line how it would
    be right. `blocks` is False for what does not keep the file from being in force: a name that is not known here."""

    file: str
    line: int
    column: int
    what: str
    example: str = ""
    end_line: int | None = None
    blocks: bool = True

    def __str__(self) -> str:
        place = f":{self.line}:{self.column}" if self.line else ""
        example = f" (for example: {self.example})" if self.example else ""
        return f"{self.file}{place}: {self.what}{example}"


class ConfigError(Exception):
    """The configuration has mistakes; `problems` lists each with its place."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.line, problem.column)))
        super().__init__("\n".join(map(str, self.problems)))


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """What to add to a message about a name that does not exist: "; did you mean …?", or nothing."""
    by_small = {one.casefold(): one for one in names}
    close = get_close_matches(name.casefold()[:_COMPARED], by_small, n=1)
    return f"; did you mean {by_small[close[0]]}?" if close else ""


def shown(value: object, *, longest: int = 40) -> str:
    """A value from a file in one short line, without what would do something to a terminal."""
    text = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in str(value))
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
