"""Reads GitHub's CODEOWNERS: a pattern in each line, and who owns what it matches.

docs.github.com: About code owners. A line that GitHub cannot read it leaves out, and so do we. Who owns any path of a
repository belongs to its team.
"""

import re
from collections.abc import Iterator
from typing import Final

from bot.problems import Problem
from bot.teamfile.roster import LOGIN, TEAM, Listed, Roster

_COMMENT: Final = re.compile(r"(?:^|(?<=\s))#.*")
_PIECES: Final = re.compile(r"(?:\\.|\S)+")  # an escaped blank is part of a path
_OWNER: Final = re.compile(rf"@({TEAM}|{LOGIN})")
_MAIL: Final = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_EXAMPLE: Final = "docs/ @ada @alpine/docs"


def read(name: str, text: str) -> Roster:
    """`name` is what messages call the file. Problems name nobody."""
    listed: dict[str, Listed] = {}
    problems: list[Problem] = []
    for line, owners in _lines(text):
        if not all(_OWNER.fullmatch(owner) or _MAIL.fullmatch(owner) for owner in owners):
            what = "an owner is no @login, no @organisation/team and no mail: this line is left out"
            problems.append(Problem(name, line, 1, what, _EXAMPLE, blocks=False))
            continue
        for owner in owners:
            if found := _OWNER.fullmatch(owner):
                listed.setdefault(found[1].casefold(), Listed(login=found[1], line=line))
            else:
                what = "whose mail this is, is not known here: write a @login"
                problems.append(Problem(name, line, 1, what, _EXAMPLE, blocks=False))
    return Roster(tuple(listed.values()), tuple(problems))


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The owners in each line, with its number. A pattern without owners takes its paths from those before it."""
    for number, line in enumerate(text.split("\n"), start=1):
        pattern, *owners = _PIECES.findall(_COMMENT.sub("", line)) or [""]
        if pattern:
            yield number, owners
