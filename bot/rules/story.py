"""A thank-you as a story: years, places and kinds of what somebody did, and whom they helped. Pure.

It is no score. People are not counted, only told in words; nobody else is named; and nothing is said of whether the
person is still there.
"""

from collections.abc import Collection
from typing import Final

from bot.effects import Value
from bot.gratitude import Deeds, Landmark, Size, Work
from bot.model import Doing, Person

_GITHUB: Final = "https://github.com/"
# Links that go there leave no mark in the threads they lead to.
# docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls
_NO_BACKLINK: Final = "https://redirect.github.com/"
_MOST: Final = 5  # repositories, and areas
# What is told of, in this order.
_DID: Final = {
    "code": frozenset({Doing.COMMIT, Doing.PULL_REQUEST}),
    "reviews": frozenset({Doing.REVIEW}),
    "merges": frozenset({Doing.MERGE}),
    "reports": frozenset({Doing.ISSUE}),
    "answers": frozenset({Doing.COMMENT}),
    "talks": frozenset({Doing.DISCUSSION}),
    "triage": frozenset({Doing.TRIAGE}),
}
# From so many people on.
_SIZES: Final = ((100, Size.HUNDREDS), (20, Size.DOZENS), (8, Size.DOZEN), (2, Size.FEW))


def values(who: Person, deeds: Deeds, *, plain: bool = False) -> dict[str, Value]:
    """What `documents/story.md` tells. `plain`: it is read outside of GitHub."""
    return {
        "name": who.login,
        "since": f"{deeds.since:%Y}" if deeds.since else None,
        "repos": _some(deeds.repos),
        "more_repos": len(deeds.repos) > _MOST,
        "areas": _some(deeds.areas) or None,
        "did": {key: not kinds.isdisjoint(deeds.did) for key, kinds in _DID.items()},
        "works": {work.value: work in deeds.works for work in Work},
        "welcomed": size(deeds.welcomed),
        "mentored": size(deeds.mentored),
        "first": _linked(deeds.first, plain=plain),
        "discussed": _linked(deeds.discussed, plain=plain) if deeds.discussed != deeds.first else None,
    }


def size(count: int) -> str | None:
    """How many people, in words; None: too few to tell without telling who."""
    return next((word.value for least, word in _SIZES if count >= least), None)


def _some(names: Collection[str]) -> str:
    """In the order of the alphabet, however much was done in each."""
    return ", ".join(sorted([*names][:_MOST], key=str.casefold))


def _linked(one: Landmark | None, *, plain: bool) -> Value:
    if one is None:
        return None
    return {"name": one.name, "url": one.url if plain else without_mark(one.url)}


def without_mark(url: str) -> str:
    """The same page, by an address that leaves no mark in what it leads to."""
    return _NO_BACKLINK + url.removeprefix(_GITHUB) if url.startswith(_GITHUB) else url
