"""Reads `config/mentors.yml` of an organisation: who agreed to mentor. Says of every mistake where it is.

`config/mentors.schema.json` is made from these types. What somebody says of themselves with `/mentor` counts more.
"""

from typing import Annotated, Final, Self

from pydantic import AfterValidator, Field, StringConstraints, ValidationError, model_validator

from bot import plain, policyfile, policytypes, shipped
from bot.mentors import Listed, Terms, Wants
from bot.policyfile import Source
from bot.policytypes import Login, Name, Part, cannot_be, zone
from bot.problems import ConfigError

_LANGUAGE: Final = r"^[a-z]{2,3}(?:-[A-Za-z]{2,8})?$"
PATTERNS: Final = policytypes.PATTERNS | {_LANGUAGE: "a language is named by its code, like en or pt-BR"}

Language = Annotated[str, StringConstraints(pattern=_LANGUAGE), Field(examples=["en"])]


class ListedMentor(Part):
    """Somebody who agreed to be asked."""

    login: Login
    """Who."""
    areas: tuple[Name, ...] = ()
    """The names of areas that they know; none: any."""
    up_to: Annotated[int, Field(ge=1, le=10, examples=[2])] = 1
    """How many people they mentor at a time."""
    timezone: Annotated[str, AfterValidator(zone), Field(examples=["Europe/Berlin"])] | None = None
    """For example: Europe/Berlin. Who is awake at the same time is rather paired."""
    languages: Annotated[tuple[Language, ...], Field(max_length=10)] = ()
    """Which languages they speak, by their codes."""
    part: Wants = Wants.EITHER
    """`lead`, `co-mentor`, or `either`."""
    mentored: bool = False
    """Whether they have mentored before, here or elsewhere."""
    affiliation: Annotated[Name, Field(examples=["Alpine University"])] | None = None
    """Where they work: the two of a pair are rather from different places."""

    def listed(self) -> Listed:
        terms = Terms(
            areas=self.areas,
            up_to=self.up_to,
            zone=self.timezone,
            languages=self.languages,
            wants=self.part,
            mentored=self.mentored,
        )
        return Listed(login=self.login, terms=terms, affiliation=self.affiliation)


class MentorsFile(Part):
    """The mentors of an organisation."""

    mentors: Annotated[tuple[ListedMentor, ...], Field(max_length=200)] = ()
    """Who agreed to be asked."""

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        seen: dict[str, int] = {}
        for index, one in enumerate(self.mentors):
            if seen.setdefault(one.login.casefold(), index) != index:
                raise cannot_be(f"{one.login} stands here twice: write it once", ("mentors", index, "login"))
        return self


BOOK: Final = plain.Book(MentorsFile, shipped.MENTORS, PATTERNS)


def parse(name: str, data: bytes) -> tuple[Listed, ...]:
    """A file's bytes; `name` is what messages call it. Raises ConfigError with all mistakes."""
    return made(policyfile.parse(name, data))


def made(source: Source) -> tuple[Listed, ...]:
    """Raises ConfigError with all mistakes."""
    try:
        found = MentorsFile.model_validate(source.settings)
    except ValidationError as error:
        raise ConfigError(policyfile.found_by(error, source, BOOK)) from None
    return tuple(one.listed() for one in found.mentors)
