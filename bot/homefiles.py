"""The files of an organisation besides its `switchback.yml`, each in its repository `.github` alone: how they are read.

`bot/memory/configs.py` says where they are.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot import cohortsfile, mentorsfile, shipped, skillsfile
from bot.memory.configs import COHORTS_PATH, MENTORS_PATH, SKILLS_PATH


@dataclass(frozen=True, slots=True)
class HomeFile:
    """`short`: its name in keys. `check`: what its check run is called. `parse` raises ConfigError with all mistakes.
    `schema`: what it may hold, for editors."""

    short: str
    check: str
    parse: Callable[[str, bytes], object]
    schema: Path

    def is_called(self, file: str) -> bool:
        """Whether a file is one, by its name: `skills.yml`, or `…-skills.yml`."""
        name = Path(file).name
        return name == f"{self.short}.yml" or name.endswith(f"-{self.short}.yml")


HOME_FILES: Final[Mapping[str, HomeFile]] = {
    SKILLS_PATH: HomeFile("skills", "Switchback skills map", skillsfile.parse, shipped.SKILLS_SCHEMA),
    MENTORS_PATH: HomeFile("mentors", "Switchback mentors", mentorsfile.parse, shipped.MENTORS_SCHEMA),
    COHORTS_PATH: HomeFile("cohorts", "Switchback cohorts", cohortsfile.parse, shipped.COHORTS_SCHEMA),
}


def of(file: str) -> HomeFile | None:
    """Which of them a file is, by its name."""
    return next((one for one in HOME_FILES.values() if one.is_called(file)), None)
