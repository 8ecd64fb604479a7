"""What is proposed to an organisation that has just installed the app: only what was seen, and it can be read."""

from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import legacy, policyfile
from bot.arrival import labelwords, yamltext
from bot.arrival.found import Found, Guide, Kind, LabelUse
from bot.arrival.proposal import Proposal, propose
from bot.legacy import Legacy
from bot.policy import Policy
from bot.policyfile import ConfigError
from bot.policytypes import Mode

ORG: Final = "alpine-tools"
NOTHING: Final = Found(ORG)
DEFAULTS: Final = policyfile.defaults()


def read(proposal: Proposal) -> Policy:
    return policyfile.laid_over([policyfile.parse("switchback.yml", proposal.text.encode())])


def proposed(*names: str, **other: Any) -> Policy:
    labels = tuple(LabelUse(name, "maps", open=1) for name in names)
    return read(propose(replace(NOTHING, labels=labels, **other)))


def test_where_nothing_was_found_only_the_switch_is_proposed() -> None:
    proposal = propose(NOTHING)
    policy = read(proposal)
    assert policy.welcome.mode is Mode.ON
    assert policy.model_copy(update={"welcome": DEFAULTS.welcome}) == DEFAULTS
    assert dict(proposal.notes)["links.chat"] == "none was found"
    assert "no label says so" in dict(proposal.notes)["levels.medium"]


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        *((name, "starter") for name in (
            "good first issue", "Good-First-Issue", "good-first-issue", "first-timers-only", "beginner", "E-easy",
            "difficulty: easy", "difficulty/easy", "effort/low", "level: beginner", "Easy", ":tada: good first issue",
            "newcomer-friendly", "easy fix", "🌱 starter", "low-hanging fruit", "exp: beginner",
        )),
        *((name, "medium") for name in (
            "medium", "E-medium", "difficulty: medium", "level: intermediate", "effort/medium", "good second issue",
        )),
        *((name, "advanced") for name in ("E-hard", "difficulty: hard", "level: expert", "advanced", "effort/high")),
        *((name, None) for name in (
            "help wanted", "help-wanted", "priority: medium", "priority/high", "size/M", "severity: low",
            "up for grabs", "mediump", "impact: high", "needs: expert opinion", "",
        )),
    ],
)  # fmt: skip
def test_labels_tell_levels_if_they_are_clear(name: str, setting: str | None) -> None:
    assert labelwords.level(name) == setting


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("type: bug", "problem"), ("kind/bug", "problem"), ("Type/Bug", "problem"), (":bug: bug", "problem"),
        ("C-bug", "problem"), ("kind/support", "question"), ("Question", "question"), ("triage/support", "question"),
        ("type: feature request", "wish"), ("kind/feature", "wish"), ("Type: Documentation", "docs"),
        ("area/docs", "docs"), ("help wanted", None), ("bugfix", None), ("needs: triage", None), ("needs docs", None),
    ],
)  # fmt: skip
def test_labels_tell_what_somebody_came_with(name: str, setting: str | None) -> None:
    assert labelwords.came_with(name) == setting


def test_labels_that_are_known_are_not_proposed() -> None:
    policy = proposed("good first issue", "Medium", "bug", "Enhancement", "needs: triage", "help wanted")
    assert (policy.levels, policy.came_with, policy.areas) == (DEFAULTS.levels, DEFAULTS.came_with, DEFAULTS.areas)


def test_of_a_level_the_label_with_the_most_open_threads_comes_first() -> None:
    labels = (
        LabelUse("E-easy", "huts", open=1, closed=50), LabelUse("good first issue", "maps", open=2),
        LabelUse("Good First Issue", "huts", open=3), LabelUse("beginner", "maps"),
        LabelUse("E-hard", "maps", closed=1),
    )  # fmt: skip
    proposal = propose(replace(NOTHING, labels=labels))
    policy = read(proposal)
    assert policy.levels.starter == ("Good First Issue", "E-easy", "beginner")
    assert policy.levels.advanced == ("E-hard",)
    assert policy.levels.medium == DEFAULTS.levels.medium
    told = "Good First Issue: 5 threads, in huts, maps; E-easy: 51 threads, in huts; and 1 more"
    assert dict(proposal.notes)["levels.starter"] == told
    assert f"  # {told}" in proposal.text


def test_a_level_that_no_label_stands_for_is_told_of() -> None:
    told = "# levels.medium, levels.advanced: no label says so"
    assert told in propose(replace(NOTHING, labels=(LabelUse("good first issue", "maps"),))).text


def test_what_somebody_came_with_is_added_to_the_defaults() -> None:
    policy = proposed("Type/Bug", "kind/feature")
    assert policy.came_with.problem == (*DEFAULTS.came_with.problem, "Type/Bug")
    assert policy.came_with.wish == (*DEFAULTS.came_with.wish, "kind/feature")
    assert policy.came_with.docs == DEFAULTS.came_with.docs


def test_areas_are_proposed_beside_those_of_the_defaults() -> None:
    policy = proposed("area: docs", "area/api", "Component: Map Room", "area: [x](y)", "areas", "bug")
    assert [area.name for area in policy.areas] == ["documentation", "automation", "Map Room", "api"]
    assert policy.areas[0].labels == ("documentation", "docs", "area: docs")
    assert policy.areas[0].paths == DEFAULTS.areas[0].paths
    assert policy.areas[2].labels == ("Component: Map Room",)


def test_areas_that_nothing_belongs_to_are_not_proposed() -> None:
    assert read(propose(replace(NOTHING, labels=(LabelUse("area: api", "maps"),)))).areas == DEFAULTS.areas


def guide(url: str, where: str = "alpine-tools/maps: README.md", kind: Kind = Kind.CHAT, **other: Any) -> Guide:
    return Guide(kind, url, where, **other)


RULES: Final = guide("https://x.org/rules", kind=Kind.CONTRIBUTING)
FILE: Final = guide(
    "https://github.com/alpine-tools/maps/blob/HEAD/CONTRIBUTING.md", "alpine-tools/maps: CONTRIBUTING.md",
    Kind.CONTRIBUTING, is_file=True,
)  # fmt: skip
OF_ALL: Final = replace(FILE, where="Alpine-Tools/.github: CONTRIBUTING.md", url="https://x.org/of_all")


@pytest.mark.parametrize(
    ("guides", "url"),
    [
        pytest.param((RULES, FILE, OF_ALL), OF_ALL.url, id="the-file-for-all"),
        pytest.param((FILE, RULES), RULES.url, id="a-link-in-a-text"),
        pytest.param((FILE,), FILE.url, id="a-file"),
        pytest.param((replace(RULES, url="https://x.org/{a}"), FILE), FILE.url, id="no-link-that-cannot-be-used"),
    ],
)
def test_people_are_sent_to_what_holds_for_most(guides: tuple[Guide, ...], url: str) -> None:
    assert proposed(guides=guides).links.contributing == url


def test_the_chat_that_most_texts_link_to_is_proposed() -> None:
    guides = (
        guide("https://gitter.im/alpine"), guide("https://forum.x.org/t/topic/1"), guide("https://forum.x.org/c/maps"),
        guide("https://forum.x.org/c/maps", "alpine-tools/huts: README.md"), guide("https://discord.gg/a"),
    )  # fmt: skip
    proposal = propose(replace(NOTHING, guides=guides))
    assert read(proposal).links.chat == "https://forum.x.org/c/maps"
    assert "# linked in alpine-tools/huts: README.md and 1 more" in proposal.text


OLD: Final = Legacy(
    ".github/config.yml", {"welcome-merge": "Merged! Come to [our forum](https://forum.x.org).\n\n@ada"}
)


def test_the_words_of_the_old_bot_are_proposed_and_the_links_in_them() -> None:
    policy = proposed(legacy=OLD)
    assert {name: text.strip() for name, text in policy.messages.items()} == legacy.templates(OLD)
    assert policy.links.chat == "https://forum.x.org"


def test_an_endless_text_of_the_old_bot_is_left_out() -> None:
    proposal = propose(replace(NOTHING, legacy=replace(OLD, messages={"welcome-merge": "x" * 9000})))
    assert read(proposal).messages == {}
    assert "4,000 are taken" in dict(proposal.notes)["messages.welcome-merge"]


def test_bots_that_greet_are_let_go_first() -> None:
    policy = proposed(greeters=("welcome[bot]", "hello[bot]", "no login"))
    assert policy.welcome.other_greeters == (*DEFAULTS.welcome.other_greeters, "hello[bot]")


def test_the_language_stays_as_it_was() -> None:
    assert proposed(language="es").language == "es"


def test_that_there_are_private_repositories_is_told() -> None:
    assert "private" in propose(replace(NOTHING, has_private=True)).text
    assert "private" not in propose(NOTHING).text


SEEN: Final = st.characters(exclude_categories=["Cc", "Cf", "Cs"], include_characters="\n\t\x85")  # what files may hold
NAMES: Final = st.one_of(
    st.text(max_size=100),
    st.builds(
        "{}{}{}".format,
        st.sampled_from(["area: ", "area/", "difficulty: ", "good first issue", "kind/bug", "type: ", "E-", "@", "#"]),
        st.sampled_from(["easy", "medium", "", "bug", '"', "'", ": ", " #", "👩‍💻", "\u2028", "- ", "{{ x }}", "%"]),
        st.one_of(st.just(""), st.text(max_size=100)),
    ),
)
LABELS: Final = st.builds(
    LabelUse, NAMES, st.sampled_from(["maps", "huts", "trail"]), open=st.integers(0, 9), closed=st.integers(0, 9)
)
GUIDES: Final = st.builds(
    Guide, st.sampled_from(Kind), st.text().map("https://x.org/{}".format), st.text(max_size=30), st.booleans()
)
OLDS: Final = st.builds(Legacy, st.just("config.yml"), st.fixed_dictionaries({"welcome-issue": st.text(SEEN)}))


@given(
    st.builds(
        Found,
        organisation=st.just(ORG),
        labels=st.lists(LABELS, max_size=40).map(tuple),
        guides=st.lists(GUIDES, max_size=6).map(tuple),
        legacy=st.one_of(st.none(), OLDS),
        has_private=st.booleans(),
        greeters=st.lists(st.text(max_size=20), max_size=3).map(tuple),
    )
)
def test_whatever_is_found_what_is_proposed_can_be_read(found: Found) -> None:
    proposal = propose(found)
    policy = read(proposal)
    assert policy.welcome.mode is Mode.ON
    assert set(policy.came_with.problem) >= set(DEFAULTS.came_with.problem)
    words = sum(len(text.splitlines()) for text in policy.messages.values())
    assert len(proposal.text.split("\n")) <= 60 + words
    turned = replace(found, labels=found.labels[::-1], greeters=found.greeters[::-1])
    assert propose(turned) == proposal
    assert read(proposal).model_dump()  # all of it is text that can be written


@given(st.text())
def test_a_comment_stays_a_comment(text: str) -> None:
    line = f"language: es  {yamltext.comment(text)}\nno_bot_label: quiet"
    policy = policyfile.laid_over([policyfile.parse("x.yml", line.encode())])
    assert (policy.language, policy.no_bot_label) == ("es", "quiet")


def test_a_label_is_never_more_than_a_label() -> None:
    name = 'x"]\nwelcome: {mode: "off"}\n#'
    try:
        policy = proposed(f"area: {name}", name)
    except ConfigError as error:
        raise AssertionError(str(error)) from error
    assert policy.welcome.mode is Mode.ON
