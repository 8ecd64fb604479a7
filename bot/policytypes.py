"""The kinds of values that settings have: durations, times, links, names, and whether a feature speaks."""

import re
from collections.abc import Sequence
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from bot.recurrence import Recurrence

_UNITS: Final = {"minute": 60, "hour": 3600, "day": 86400, "week": 604800}
_DURATION: Final = r"(\d+) (minute|hour|day|week)s?"
_LONGEST: Final = timedelta(days=20 * 366)  # what is added to a date must stay a date
_HOW_LONG: Final = "a duration needs a number and its unit: minutes, hours, days or weeks"


def _duration(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    found = re.fullmatch(_DURATION, value.strip()) if isinstance(value, str) else None
    if found is None or len(found[1]) > 6:
        raise PydanticCustomError("duration", _HOW_LONG)
    length = timedelta(seconds=int(found[1]) * _UNITS[found[2]])
    if length > _LONGEST:
        raise PydanticCustomError("duration", "a duration is at most 20 years")
    return length


def duration_text(value: timedelta) -> str:
    """How a person writes it in the file: "14 days"."""
    seconds = int(value.total_seconds())
    unit = next((unit for unit in ("week", "day", "hour") if seconds and seconds % _UNITS[unit] == 0), "minute")
    count = seconds // _UNITS[unit]
    return f"{count} {unit}{'' if count == 1 else 's'}"


class Mode(StrEnum):
    """Whether a feature speaks."""

    ON = "on"
    SHADOW = "shadow"  # it decides and records what it would say, and posts nothing
    OFF = "off"


def _switch(value: object) -> object:
    """YAML 1.2 reads `on` and `off` as words; who writes yes and no with its own words means the same."""
    return {True: "on", False: "off"}.get(value, value) if isinstance(value, bool) else value


def zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (OSError, ValueError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        raise PydanticCustomError("zone", "a time zone is named like Europe/Berlin or UTC") from None
    return value


def recurrence(value: str) -> str:
    try:
        Recurrence.parse(value)
    except ValueError as error:
        raise PydanticCustomError("recurrence", "{how}", {"how": str(error)}) from None
    return value


def _time_of_day(value: object) -> object:
    # YAML 1.1 files may hold 17:00 as a sexagesimal number; we ask for quotes rather than guess.
    if not isinstance(value, time) and not (isinstance(value, str) and re.fullmatch(r"\d\d:\d\d", value)):
        raise PydanticCustomError("time_of_day", 'a time of day is written in quotes, like "17:00"')
    return value


def _link(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s()<>]+", value):
        raise PydanticCustomError("link", "a link starts with https:// and has no blanks or brackets in it")
    left_over = value.replace("{owner}", "").replace("{repo}", "")
    if "{" in left_over or "}" in left_over:
        raise PydanticCustomError("link", "a link may hold {owner} and {repo}, no other braces")
    return value


Duration = Annotated[
    timedelta,
    BeforeValidator(_duration),
    PlainSerializer(duration_text),
    WithJsonSchema({"type": "string", "pattern": f"^{_DURATION}$", "examples": ["2 hours", "14 days"]}),
]
TimeOfDay = Annotated[
    time,
    BeforeValidator(_time_of_day),
    PlainSerializer(lambda value: f"{value:%H:%M}"),
    WithJsonSchema({"type": "string", "pattern": r"^\d\d:\d\d$", "examples": ["17:00"]}),
]
Link = Annotated[str, AfterValidator(_link), Field(examples=["https://example.org/{owner}/{repo}"])]
Switch = Annotated[Literal["on", "off"], BeforeValidator(_switch), WithJsonSchema({"enum": ["on", "off", True, False]})]
AutoSwitch = Annotated[
    Literal["auto", "on", "off"],
    BeforeValidator(_switch),
    WithJsonSchema({"enum": ["auto", "on", "off", True, False]}),
]
_LOGIN: Final = r"^[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?(?:\[bot\])?$"
_MAINTAINER: Final = r"^[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?(?:/[A-Za-z0-9](?:[A-Za-z0-9._-]*))?$"
_NAME: Final = r"^[^\n\[\]()<>@`]+$"
_REPO: Final = r"^[A-Za-z0-9._*-]{1,100}$"
_PATH: Final = r"^[^/\s][^\n]*$"
LANGUAGE: Final = r"^[a-z]{2,3}(?:-[A-Za-z]+)?$"
PATTERNS: Final = {  # in words
    _LOGIN: "a login has letters, digits and hyphens, and no @",
    _MAINTAINER: "write a login, or a team as organisation/team, without @",
    _NAME: "a name is one line without brackets, @ and `",
    _REPO: "a repository is named without its owner; * matches any text",
    _PATH: "a file is named by its path in the repository, like docs/team.yaml, without a / in front",
    LANGUAGE: "a language is named by its code, like en or pt-BR",
}
Login = Annotated[str, StringConstraints(pattern=_LOGIN), Field(examples=["goat"])]
Label = Annotated[str, StringConstraints(min_length=1, max_length=100), Field(examples=["good first issue"])]
Maintainer = Annotated[str, StringConstraints(pattern=_MAINTAINER), Field(examples=["ada"])]
Name = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=_NAME), Field(examples=["documentation"])]
FilePath = Annotated[
    str, StringConstraints(min_length=1, max_length=200, pattern=_PATH), Field(examples=["docs/team.yaml"])
]
Glob = Annotated[str, Field(examples=["docs/*"])]
RepoGlob = Annotated[str, StringConstraints(pattern=_REPO), Field(examples=["*-docs"])]
Day = Annotated[date, Field(examples=["2026-12-25"])]


def cannot_be(what: str, *settings: Sequence[str | int]) -> PydanticCustomError:
    """Settings that cannot stand together. Where the mistake is told is the last file's of them."""
    return PydanticCustomError("together", "{what}", {"what": what, "settings": [tuple(path) for path in settings]})


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Feature(Part):
    """Something that speaks by itself, and can be switched on and off by itself."""

    mode: Annotated[Mode, BeforeValidator(_switch), WithJsonSchema({"enum": ["on", "shadow", "off", True, False]})]
    """`on`: it speaks. `shadow`: it decides and records what it would say, and posts nothing. `off`: nothing at all."""
