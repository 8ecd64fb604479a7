"""Suggestions, as a table; why they are made, and when none is."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.levelling.areas import shipped
from bot.levelling.reasons import in_words
from bot.levelling.score import EVERY, Rung, Seen, Similar, Suggestion, features_of, hand_set, suggest
from bot.levelling.traits import traits
from bot.levelling.vocabulary import LABELS, SEEN, TOGETHER, TRAITS
from bot.model import Came, Level


def seen(
    title: str, body: str = "", *labels: str, repo: str = "coast/lighthouse", similar: Similar | None = None
) -> Seen:
    return Seen(traits=traits(title, body), labels=frozenset(labels), repo=repo, similar=similar)


def said(title: str, body: str = "", *labels: str, repo: str = "coast/lighthouse") -> Suggestion:
    return suggest(seen(title, body, *labels, repo=repo), abstain_below=0)


@pytest.mark.parametrize(
    ("level", "issue"),
    [
        ("starter", said("Typo in the keeper's guide", "'lihgt' in the first paragraph of intro.md", "documentation")),
        ("starter", said("Low contrast of the lamp button", "Change the colour; add an aria label.", "accessibility")),
        ("starter", said("Broken link in the README", "The link to the chart is a 404.")),
        ("medium", said("Lamp keeps burning at noon", "Because the timer ignores the zone. Fails since 2.1.", "bug")),
        ("medium", said("Add an option to set the wick", "It would be useful for foggy nights.", "enhancement")),
        ("medium", said("Bump the minimum version of Python", "Update CI and the release workflow.", "maintenance")),
        ("medium", said("Guide for new keepers is out of date", "Several pages are outdated.", "documentation")),
        ("advanced", said("Race condition when two keepers light the lamp", "Lamp state is reused, deadlock.", "bug")),
        ("advanced", said("Any password opens the tower", "Security: authentication can be bypassed.", "bug")),
        ("advanced", said("Redesign how lamps are federated", "Architecture, several designs debated.", "enhancement")),
        ("advanced", said("The light is down in production", "Outage since 3 am, 503, alerts fired.")),
        ("needs-info", said("Hello", "")),
        ("needs-info", said("Lamp hangs", "It is stuck sometimes.")),
        ("needs-info", said("It fails", "Not working.")),
        ("question", said("How do I light the lamp on Ubuntu?", "I am new to this. Any ideas? My config is below.")),
        ("question", said("Lamp does not start", "On our cluster behind nginx; my config shown. Please help.", "bug")),
        ("question", said("Can I restrict the tower to specific users?", "the whitelist in my config does not work")),
    ],
)  # fmt: skip
def test_what_is_suggested(level: str, issue: Suggestion) -> None:
    assert issue.level == level, issue
    assert issue.why


def test_it_says_why() -> None:
    issue = said(
        "Lamp keeps burning at noon", "Because the timer ignores the zone; fails since upgrading to 2.1.", "bug"
    )
    assert issue.why[0].name in TOGETHER
    assert len(issue.why) == 3


def test_what_stands_for_traits_is_told_in_their_place() -> None:
    why = [reason.name for reason in said("Lamp hangs", "It is stuck sometimes.").why]
    assert "no-evidence" in why
    assert "vague" not in why


def test_it_abstains_when_unsure() -> None:
    issue = seen("The lamp", "A lamp is a lamp, and there are more of them along the coast.")
    assert suggest(issue).level is None
    sure = suggest(issue, abstain_below=0)
    assert sure.level is not None
    assert sure.confidence == suggest(issue).confidence < 0.6


@pytest.mark.parametrize(
    ("similar", "higher", "why"),
    [
        (Similar(5, 1, 12), Rung.STARTER, "similar issues took 1 file and 12 lines"),
        (Similar(5, 4, 90), Rung.MEDIUM, "similar issues took 4 files and 90 lines"),
        (Similar(5, 20, 900), Rung.ADVANCED, "similar issues took 20 files and 900 lines"),
        (Similar(5, 4, 90, 0.5), Rung.STARTER, "newcomers often did similar ones"),
    ],
)
def test_what_similar_ones_took_counts(similar: Similar, higher: Rung, why: str) -> None:
    weights = {name: of for name, of in hand_set().items() if name.startswith("similar:")}
    if similar.by_newcomers:
        weights = {"similar:newcomers": weights["similar:newcomers"]}
    told = suggest(seen("Lamp", similar=similar), abstain_below=0, weights=weights)
    assert (told.level, in_words(told.why, "en")) == (higher, (why,))


def test_two_similar_ones_are_too_few() -> None:
    few = seen("Lamp", similar=Similar(2, 1, 1))
    assert suggest(few) == suggest(seen("Lamp"))


def test_what_a_person_said_stands() -> None:
    told = suggest(Seen(traits=traits("Any password opens it", ""), labelled=Level.STARTER))
    assert (told.level, told.confidence) == (Rung.STARTER, 1.0)
    assert in_words(told.why, "en") == ("somebody labelled it starter",)
    assert in_words(told.why, "es") == ("alguien le puso la etiqueta starter",)


@pytest.mark.parametrize(
    ("label", "kind"),
    [("bug", "bug"), ("kind/bug", "bug"), ("¡bug!", "bug"), ("type: Feature Request", "wish"), ("help wanted", None),
     ("good first issue", "starter"), ("needs: more information", "needs-info"), ("debugging", None),
     ("user-support", "question"), ("documentation :book:", "docs")],
)  # fmt: skip
def test_labels_are_known_in_many_forms(label: str, kind: str | None) -> None:
    features = features_of(seen("Lamp", "", label), shipped())
    assert [name for name in features if name.startswith("label:")] == ([f"label:{kind}"] if kind else [])


def test_only_levels_are_levels() -> None:
    assert [rung.level for rung in Rung] == [Level.STARTER, Level.MEDIUM, Level.ADVANCED, None, None]


def test_every_weight_is_of_something_that_can_be_seen_and_told() -> None:
    weights = hand_set()
    assert {*weights} == {EVERY, *TRAITS, *TOGETHER, *SEEN}
    assert {rung for of in weights.values() for rung in of} <= {*Rung}
    assert {f"label:{kind}" for kind in LABELS} == {name for name in SEEN if name.startswith("label:")}
    kinds = {f"came:{came}" for came in Came}
    assert {name for name in SEEN if name.startswith("came:")} <= kinds
    for one in TOGETHER.values():
        assert {*one.without}.union(*one.some) <= {*weights, "area"}


SUGGESTIONS: Final = st.builds(
    Seen,
    traits=st.frozensets(st.sampled_from([*TRAITS, "area:auth", "near:docs", "of another version"])),
    labels=st.frozensets(st.text(max_size=20), max_size=3),
    repo=st.text(max_size=20),
    came=st.sampled_from(Came),
    similar=st.none() | st.builds(Similar, st.integers(0, 9), st.floats(0, 99), st.floats(0, 9999), st.floats(0, 1)),
)


@given(SUGGESTIONS)
def test_whatever_is_seen_it_suggests_something_or_abstains(one: Seen) -> None:
    told = suggest(one, abstain_below=0)
    assert told.level is not None
    assert 1 / len(Rung) <= told.confidence <= 1
    assert suggest(one, abstain_below=1.01).level is None
    assert all(in_words(told.why, "es"))
