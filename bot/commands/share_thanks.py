"""`/share-thanks`, `/share-thanks issue`, `/share-thanks no`: whether a thank-you may stand somewhere, and where."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.commands import until
from bot.farewells import Where

NAME: Final = "share-thanks"

_NO: Final = frozenset({"no", "off", "never", "keep", "private", "keep it", "no thanks", "nunca", "privado"})
_YES: Final = frozenset({"", "yes", "on", "ok", "sí", "si"})
_AROUND: Final = frozenset({"as", "in", "the", "a", "an", "como", "en", "el", "la", "una", "un", "yes", "sí"})
_PLACES: Final = {
    "digest": Where.DIGEST, "issue": Where.ISSUE, "discussion": Where.DISCUSSION,
    "resumen": Where.DIGEST, "incidencia": Where.ISSUE, "discusión": Where.DISCUSSION,
}  # fmt: skip


class Wrong(StrEnum):
    """What is wrong with it; the message says it in words."""

    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Share:
    """`where`: None: as the settings say."""

    where: Where | None = None


@dataclass(frozen=True, slots=True)
class Keep:
    """It stays private."""


def read(args: str) -> Share | Keep | Wrong:
    said = until.plain(args)
    if said in _NO:
        return Keep()
    if said in _YES:
        return Share()
    words = [word for word in said.split() if word not in _AROUND]
    return Share(_PLACES[words[0]]) if len(words) == 1 and words[0] in _PLACES else Wrong.WORDS


def usable(args: str) -> str:
    """The same without other words."""
    match read(args):
        case Keep():
            return "no"
        case Share(where):
            return where.value if where else ""
        case _:
            return "?"
