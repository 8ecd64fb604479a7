"""Reads a `skills.yml` into a `SkillsMap`, and says of every mistake in which file, line and column it is.

A file is laid over the shipped one, `config/skills.yml`: mappings merge, lists and single values replace. So an
organisation that writes its own areas need not say again what the plateaus mean.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import ValidationError
from ruamel.yaml.comments import CommentedMap

from bot import plain, policyfile, shipped
from bot.policyfile import Source
from bot.problems import ConfigError
from bot.skills import PATTERNS, SkillsMap

NAME: Final = "skills.yml"
BOOK: Final = plain.Book(SkillsMap, shipped.SKILLS, PATTERNS)


def default() -> SkillsMap:
    """The shipped map, which fits any organisation."""
    return _made(_shipped())


def load(path: Path) -> SkillsMap:
    """The map at `path`. Raises ConfigError with all mistakes."""
    return _made(_read(lambda: policyfile.source(path)))


def parse(name: str, data: bytes) -> SkillsMap:
    """A file's bytes; `name` is what messages call it. Raises ConfigError with all mistakes."""
    return _made(_read(lambda: policyfile.parse(name, data)))


def areas(skills: SkillsMap) -> Source:
    """The areas of a map as settings of a configuration, to be laid below a file that may have its own."""
    return Source(NAME, CommentedMap(areas=[area.model_dump() for area in skills.policy_areas()]), skills=skills)


def with_map_beside(source: Source, path: Path) -> Source:
    """A configuration file with the map that lies beside it, if one does: its areas are the map's where it has none of
    its own. Raises ConfigError."""
    beside = path.with_name(NAME)
    if not beside.exists():
        return source
    below = areas(load(beside))
    settings = CommentedMap(source.settings)
    settings.setdefault("areas", below.settings["areas"])
    return replace(source, settings=settings, skills=below.skills)


def _read(read: Callable[[], Source]) -> Source:
    """What cannot be read at all is told without examples of right: they are of the other file."""
    try:
        return read()
    except ConfigError as error:
        raise ConfigError([replace(problem, example="") for problem in error.problems]) from None


@cache
def _shipped() -> Source:
    return policyfile.parse(shipped.SKILLS.name, shipped.SKILLS.read_bytes())


def _made(source: Source) -> SkillsMap:
    try:
        return SkillsMap.model_validate(policyfile.merged(_shipped().settings, source.settings))
    except ValidationError as error:
        raise ConfigError(policyfile.found_by(error, source, BOOK)) from None
