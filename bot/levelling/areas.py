"""The areas of an organisation, and how an issue shows that it belongs to one: by words, repository or label.

`config/areas.yml` is the shipped table, JupyterHub's. Whoever has another one hands it over.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from ruamel.yaml import YAML

from bot.shipped import AREAS

# What an area gains by each sign. A title says well what somebody means, a repository where
# they went with it.
_LABEL: Final = 4.0
_TITLE: Final = 3.0
_CANDIDATE: Final = 2.5
_REPO: Final = 3.5
_MOSTLY: Final = 2.0
_TEXT: Final = 1.0


@dataclass(frozen=True, slots=True)
class AreaWords:
    """`words` show it in a title or text. `repos` are about nothing else, those that are `mostly` about it also about
    others; they are named without their owner. `labels` are as on GitHub."""

    words: frozenset[str] = frozenset()
    repos: frozenset[str] = frozenset()
    mostly: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    weight: float = 1.0  # of its words, against those of other areas


@dataclass(frozen=True, slots=True)
class Ground:
    """An organisation's areas, the first of them first where two fit alike, and what is told of whole repositories:
    which are `operations`, and which are `installed` by people on machines of their own."""

    areas: Mapping[str, AreaWords]
    places: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def kinds_of(self, repo: str) -> list[str]:
        name = _bare(repo)
        return [kind for kind, repos in self.places.items() if name in repos]


@cache
def shipped() -> Ground:
    """The table that travels with the program."""
    return ground(YAML(typ="safe", pure=True).load(AREAS.read_text("utf-8")))


def ground(told: Mapping[str, Any]) -> Ground:
    """A table as read from a file: `areas`, by name or as a list of mappings with a `name`; `places`, if there are any.
    What else an area has is no matter here."""
    listed = told.get("areas") or {}
    named = listed.items() if isinstance(listed, Mapping) else ((one.get("name"), one) for one in listed)
    return Ground(
        areas={
            str(name): AreaWords(
                words=_small(one.get("words")),
                repos=_small(one.get("repos")),
                mostly=_small(one.get("mostly")),
                labels=_small(one.get("labels")),
                weight=float(one.get("weight", 1)),
            )
            for name, one in named
            if name
        },
        places={str(kind): _small(repos) for kind, repos in (told.get("places") or {}).items()},
    )


def _small(names: Collection[Any] | None) -> frozenset[str]:
    return frozenset(str(name).casefold() for name in names or ())


def _bare(repo: str) -> str:
    return repo.rpartition("/")[2].casefold()


def area_of(
    *,
    traits: Collection[str],
    labels: Collection[str],
    repo: str,
    candidates: Collection[str],
    areas: Mapping[str, AreaWords],
) -> str | None:
    """The area that fits best; none if nothing shows any."""
    names, where = _small(labels), _bare(repo)
    best, most = None, 0.0
    for name, area in areas.items():
        signs = (
            (_LABEL, bool(names & area.labels)),
            (_TITLE * area.weight, f"area:{name}" in traits),
            (_CANDIDATE, name in candidates),
            (_REPO, where in area.repos),
            (_MOSTLY, where in area.mostly),
            (_TEXT * area.weight, f"near:{name}" in traits),
        )
        if (worth := sum(worth for worth, holds in signs if holds)) > most:
            best, most = name, worth
    return best
