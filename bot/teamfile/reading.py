"""Reads a team file, whatever its format."""

from pathlib import PurePosixPath
from typing import Final, assert_never

from bot import yamlfile
from bot.problems import ConfigError, Problem
from bot.team import Format
from bot.teamfile import codeowners, contributors, maintainers
from bot.teamfile.roster import MOST, Roster

_EXAMPLES: Final = {
    Format.CONTRIBUTORS: contributors.EXAMPLE,
    Format.CODEOWNERS: "* @ada",
    Format.MAINTAINERS: "- Ada Lovelace (@ada)",
}


def format_of(path: str, configured: Format) -> Format:
    """Never AUTO."""
    if configured is not Format.AUTO:
        return configured
    file = PurePosixPath(path.lower())
    if file.suffix in {".yml", ".yaml"}:
        return Format.CONTRIBUTORS
    return Format.CODEOWNERS if file.name == "codeowners" else Format.MAINTAINERS


def read(path: str, data: bytes, configured: Format) -> Roster:
    """A file's bytes. Raises ConfigError if it cannot be read, or names nobody: then something is wrong with it."""
    format_ = format_of(path, configured)
    roster = _read(path, data, format_)
    if not roster.listed:
        what = f"names nobody, read as {format_}"
        raise ConfigError([Problem(path, 0, 0, what, _EXAMPLES[format_]), *roster.problems])
    if len(roster.listed) > MOST:
        raise ConfigError([Problem(path, 0, 0, f"names more than {MOST:,} people")])
    return roster


def _read(path: str, data: bytes, format_: Format) -> Roster:
    match format_:
        case Format.CONTRIBUTORS:
            return contributors.read(path, data)
        case Format.CODEOWNERS:
            return codeowners.read(path, yamlfile.text_of(path, data).removeprefix("\ufeff"))
        case Format.MAINTAINERS:
            return maintainers.read(yamlfile.text_of(path, data).removeprefix("\ufeff"))
        case Format.AUTO:
            raise ValueError("a format is chosen before a file is read")
        case _ as never:
            assert_never(never)
