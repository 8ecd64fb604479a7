"""Where an issue belongs."""

from typing import Final

import pytest

from bot.levelling.areas import area_of, ground, shipped
from bot.levelling.traits import traits

OURS: Final = ground(
    {
        "areas": {
            "docs": {"words": ["guide", "docs"], "labels": ["Documentation"], "weight": 2.5},
            "lamp": {"words": ["wick", "oil"], "repos": ["lamp"], "labels": ["kind/lamp"], "paths": ["lamp/**"]},
            "tower": {"words": ["stairs"], "mostly": ["lighthouse"]},
        },
        "places": {"operations": ["North-Point"]},
    }
)


def found(title: str, body: str = "", *, repo: str = "", labels: tuple[str, ...] = ()) -> str | None:
    seen = traits(title, body, OURS.areas)
    return area_of(traits=seen, labels=labels, repo=repo, candidates=(), areas=OURS.areas)


@pytest.mark.parametrize(
    ("area", "told"),
    [
        (None, found("It rains")),
        ("lamp", found("Trim the wick")),
        ("lamp", found("It smokes", "the oil?")),
        ("lamp", found("It smokes", repo="coast/Lamp")),
        ("tower", found("It smokes", repo="coast/lighthouse")),
        ("lamp", found("The wick smokes", repo="coast/lighthouse")),
        ("tower", found("It smokes", "the oil?", repo="coast/lighthouse")),
        ("docs", found("Guide to the oil", repo="coast/lamp")),
        ("docs", found("It smokes", labels=("documentation",))),
        ("lamp", found("Stairs are wet", labels=("kind/lamp",))),
    ],
)
def test_an_area_is_found_by_what_shows_it(area: str | None, told: str | None) -> None:
    assert told == area


def test_what_memory_offers_counts_more_than_a_word_in_the_text() -> None:
    seen = traits("It smokes", "the oil?", OURS.areas)
    assert area_of(traits=seen, labels=(), repo="", candidates=("tower",), areas=OURS.areas) == "tower"


def test_a_table_may_be_a_list_and_may_hold_more() -> None:
    listed = ground({"areas": [{"name": "lamp", "words": ["wick"], "roles": 3}, {"words": ["nameless"]}], "roles": []})
    assert [*listed.areas] == ["lamp"]
    assert listed.kinds_of("coast/lamp") == []
    assert ground({}).areas == {}


def test_places_are_known_by_name() -> None:
    assert OURS.kinds_of("coast/north-point") == ["operations"]


def test_the_shipped_table_is_whole() -> None:
    areas = shipped().areas
    assert len(areas) == 11
    assert [name for name, area in areas.items() if not area.words] == []
    homes = [repo for area in areas.values() for repo in (*area.repos, *area.mostly)]
    assert len(homes) == len(set(homes))
