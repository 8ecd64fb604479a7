"""Configuration files: how a file is laid over the defaults, and that every mistake is told with its place."""

from collections.abc import Iterator
from pathlib import Path
from time import process_time
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from ruamel.yaml import YAML

from bot import policyfile, shipped
from bot.policy import Policy
from bot.policyfile import MAX_SIZE, ConfigError

CALL: Final = """\
calls:
  - name: Summit Tea
    when: every Monday
    time: "17:00"
    timezone: Europe/Berlin
"""
LONG: Final = 10.0  # seconds of computing in which the worst file is refused, on a slow machine too


def read(folder: Path, text: str | bytes) -> Policy:
    file = folder / "switchback.yml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return policyfile.read(file)


def mistakes(folder: Path, text: str | bytes) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(folder, text)
    assert str(caught.value) == "\n".join(map(str, caught.value.problems))
    return [str(problem) for problem in caught.value.problems]


def names(part: type[BaseModel], before: str = "") -> Iterator[str]:
    for name, field in part.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from names(field.annotation, f"{before}{name}.")
        else:
            yield before + name


def written(settings: dict[str, Any], before: str = "") -> Iterator[str]:
    for name, value in settings.items():
        if isinstance(value, dict) and value:
            yield from written(value, f"{before}{name}.")
        else:
            yield before + name


def test_the_shipped_defaults_name_every_setting_once() -> None:
    loaded = YAML(typ="safe", pure=True).load(shipped.DEFAULTS)  # refuses what stands there twice
    assert sorted(written(loaded)) == sorted(names(Policy))


def test_the_shipped_files_are_right() -> None:
    assert policyfile.defaults() == policyfile.read(None)
    play = policyfile.read(shipped.PLAY)
    assert [call.name for call in play.calls] == ["Summit Tea"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("# later\n\n", id="comments-only"),
        pytest.param("---\n...\n", id="an-empty-document"),
        pytest.param("{}\n", id="an-empty-mapping"),
        pytest.param("\ufefflanguage: en\r\n", id="as-windows-saves-it"),
    ],
)
def test_a_file_that_says_nothing_changes_nothing(text: str, tmp_path: Path) -> None:
    assert read(tmp_path, text) == policyfile.defaults()


def test_mappings_merge_and_lists_and_single_values_replace(tmp_path: Path) -> None:
    default = policyfile.defaults()
    policy = read(tmp_path, "people: {bots: [goat]}\nlinks: {chat: https://chat.example.org}\nno_bot_label: quiet\n")
    assert policy.people.bots == ("goat",)
    assert policy.people.leave_alone == default.people.leave_alone
    assert policy.links == default.links.model_copy(update={"chat": "https://chat.example.org"})
    assert policy.no_bot_label == "quiet"
    unchanged = {"language", "calls", "came_with", "welcome", "limits"}
    assert policy.model_dump(include=unchanged) == default.model_dump(include=unchanged)


def test_null_takes_a_link_away_and_an_empty_list_everything(tmp_path: Path) -> None:
    policy = read(tmp_path, "links: {chat: ~}\ncame_with: {docs: []}\n")
    assert policy.links.chat is None
    assert policy.came_with.docs == ()
    assert policy.came_with.problem == policyfile.defaults().came_with.problem


def test_anchors_and_merge_keys_stand_for_what_they_name(tmp_path: Path) -> None:
    call = CALL.replace("  - name: Summit Tea", "  - &tea\n    name: Summit Tea")
    policy = read(tmp_path, call + "  - <<: *tea\n    name: Valley Tea\npeople: {bots: &b [goat], leave_alone: *b}\n")
    assert [(call.name, call.timezone) for call in policy.calls] == [
        ("Summit Tea", "Europe/Berlin"),
        ("Valley Tea", "Europe/Berlin"),
    ]
    assert policy.people.leave_alone == ("goat",)


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        pytest.param("\n- en\n", "1:1", "must hold settings", id="a-list"),
        pytest.param("en", "1:1", "must hold settings", id="a-word"),
        pytest.param("language: en\nlanguages: en\n", "2:1", "no setting languages; did you mean language?", id="typo"),
        pytest.param("welcome:\n  first_isue: no\n", "2:3", "did you mean first_issue?", id="typo-in-a-section"),
        pytest.param(CALL + "    timezon: UTC\n", "6:5", "did you mean timezone?", id="typo-in-a-call"),
        pytest.param("colour: red\n", "1:1", "there is no setting colour", id="unknown"),
        pytest.param("12: red\n", "1:1", "12", id="a-number-for-a-name"),
        pytest.param("language: en\nnull: red\n", "2:1", "", id="null-for-a-name"),
        pytest.param("language: en\n? [a, b]\n: red\n", "2:3", "", id="a-list-for-a-name"),
        pytest.param("language: en\nwelcome: [no]\n", "2:1", "welcome:", id="a-list-for-a-section"),
        pytest.param("\nlinks:\n# chat: x\n", "2:1", "links:", id="a-section-without-settings"),
        pytest.param("language: 7\n", "1:1", "language:", id="a-number-for-a-word"),
        pytest.param("language: Deutsch\n", "1:1", "language:", id="no-code-of-a-language"),
        pytest.param("\nlanguage: tlh\n", "2:1", "no messages in the language tlh; there are: en", id="no-messages"),
        pytest.param("people:\n  bots:\n    - goat\n    - -x-\n", "4:7", "people.bots.1:", id="inside-a-list"),
        pytest.param("people: {bots: [goat, -x-]}\n", "1:23", "people.bots.1:", id="inside-a-list-in-one-line"),
        pytest.param("people: {bots: goat}\n", "1:10", "people.bots:", id="a-word-for-a-list"),
        pytest.param(CALL.replace("every", "each"), "3:5", '"every Monday"', id="recurrence"),
        pytest.param(CALL.replace('"17:00"', '"25:00"'), "4:5", "calls.0.time:", id="25-o'clock"),
        pytest.param(CALL.replace('"17:00"', "five"), "4:5", 'in quotes, for example: "17:00"', id="time-in-words"),
        pytest.param("%YAML 1.1\n---\n" + CALL.replace('"17:00"', "17:00"), "6:5", "quotes", id="time-as-a-number"),
        pytest.param(CALL.replace("Berlin", "Nowhere"), "5:5", "named like Europe/Berlin", id="unknown-zone"),
        pytest.param(CALL.replace("/Berlin", ""), "5:5", "named like Europe/Berlin", id="a-continent-for-a-zone"),
        pytest.param(CALL.replace("Europe/Berlin", "../passwd"), "5:5", "named like", id="a-path-for-a-zone"),
        pytest.param(CALL + "    skip: [2026-12-25, soon]\n", "6:24", "calls.0.skip.1:", id="no-day"),
        pytest.param(CALL + "    skip: [2026-02-30]\n", "6:12", "", id="a-day-that-never-comes"),
        pytest.param(CALL.replace("    when: every Monday\n", ""), "2:5", "calls.0.when: Field required", id="missing"),
        pytest.param("links: {chat: example.org}\n", "1:9", "starts with https://", id="no-link"),
        pytest.param("links: {chat: 'https://x.org/{org}'}\n", "1:9", "hold {owner} and {repo}, no", id="other-braces"),
        pytest.param("welcome:\n  hold: 2\n", "2:3", "for example: 14 days", id="duration-without-unit"),
        pytest.param("welcome: {first_issue: maybe}\n", "1:11", "welcome.first_issue:", id="neither-yes-nor-no"),
        pytest.param("welcome: {another_repo: notes}\n", "1:11", "'nothing' or 'note'", id="no-choice"),
        pytest.param("limits: {comments_an_hour: 451}\n", "1:10", "less than or equal to 450", id="too-much"),
        pytest.param("limits: {mentions_a_day: -1}\n", "1:10", "greater than or equal to 0", id="too-little"),
        pytest.param("\n\nlimits: {mentions_a_day: 3}\n", "3:1", "mentions_a_week", id="day-more-than-week"),
        pytest.param("limits: {mentions_a_day: " + "1" * 5000 + "}\n", "1:26", "", id="a-number-of-5000-digits"),
        pytest.param("limits: {mentions_a_day: !!int few}\n", "1:26", "", id="no-number-by-its-tag"),
        pytest.param("welcome: {first_issue: !!bool maybe}\n", "1:24", "", id="no-truth-by-its-tag"),
        pytest.param("people: !!python/object/apply:os.getcwd []\n", "1:1", "people:", id="python-by-its-tag"),
        pytest.param("x: &x {hold: 2}\nwelcome:\n  <<: *x\n", "2:1", "welcome.hold:", id="through-a-merge-key"),
        pytest.param("people:\n  bots: &b [-x-]\n  leave_alone: []\nlinks: {chat: *b}\n", "4:9", "links.chat:",
                     id="through-an-alias"),
        pytest.param("people: *nobody\n", "1:9", "not valid YAML: found undefined alias", id="unknown-alias"),
        pytest.param("language: en\nlanguage: de\n", "2:1", 'found duplicate key "language"', id="twice"),
        pytest.param("welcome:\n\tfirst_issue: no\n", "2:1", r"character '\t'", id="a-tab"),
        pytest.param("people: [goat\n", "2:1", "not valid YAML", id="an-open-bracket"),
        pytest.param("language: en\n---\nlanguage: de\n", "2:1", "another document", id="two-documents"),
        pytest.param(b"language: en\nno_bot_label: gr\xfcn\n", "2:17", "is not UTF-8 text", id="latin-1"),
        pytest.param("language: en\n".encode("utf-16"), "1:1", "is not UTF-8 text", id="utf-16"),
        pytest.param("language: en\nno_bot_label: a\x01b\n", "2:16", "", id="a-control-character"),
        pytest.param("#" * (MAX_SIZE + 1), "1:1", "is larger than 256 KiB", id="too-large"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_column(text: str | bytes, place: str, says: str, tmp_path: Path) -> None:
    told = mistakes(tmp_path, text)[-1]
    assert told.startswith(f"switchback.yml:{place}: ")
    assert says in told
    assert "\n" not in told
    assert "pydantic" not in told


def test_all_mistakes_are_told_in_the_order_of_the_file(tmp_path: Path) -> None:
    told = mistakes(tmp_path, "welcome:\n  hold: soon\n  frist_issue: no\nlangauge: en\npeople: {bots: [-a-, -b-]}\n")
    places = [problem.split(":")[1:3] for problem in told]
    assert places == [["2", "3"], ["3", "3"], ["4", "1"], ["5", "17"], ["5", "22"]]


def test_a_file_of_just_the_size_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, "language: en\n".ljust(MAX_SIZE, "#").encode()).language == "en"


@pytest.mark.parametrize("name", [pytest.param("no.yml", id="missing"), pytest.param(".", id="directory")])
def test_a_file_that_cannot_be_read_is_named_whole(name: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: ") as caught:
        policyfile.read(tmp_path / name)
    assert str(caught.value).startswith(f"{tmp_path / name}: cannot be read: ")


def bomb(leaf: str, ring: str) -> str:
    """A hundred thousand million of something, in a few lines."""
    rings = [ring.replace("N", str(n)).replace("…", ", ".join([f"*a{n - 1}"] * 10)) for n in range(1, 12)]
    return "\n".join([leaf, *rings, "people: *a11\n"])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(bomb("a0: &a0 [x]", "aN: &aN […]"), id="lists-of-lists"),
        pytest.param(bomb("a0: &a0 {k: v}", "aN: &aN {<<: […], kN: v}"), id="merges-of-merges"),
        pytest.param(bomb("people: &a0 [x]", "calls: &aN […]"), id="where-settings-are"),
        pytest.param("calls: &a [*a, *a]\n", id="a-list-that-holds-itself"),
        pytest.param("people: &a {bots: *a}\n", id="a-mapping-that-holds-itself"),
        pytest.param("calls: " + "[" * (MAX_SIZE - 100), id="deep-brackets"),
        pytest.param("calls: " + "[" * 500 + "]" * 500, id="deep-and-closed"),
        pytest.param("\n".join(f"{' ' * n}a:" for n in range(700)), id="deep-sections"),
        pytest.param("- " * 100_000, id="deep-lists"),
        pytest.param("calls: [" + "{}, " * 20_000 + "]", id="very-many-mistakes"),
        pytest.param("&a " * 80_000, id="very-many-anchors"),
        pytest.param("people: {bots: [" + "goat-" * 50_000 + "]}", id="one-very-long-name"),
    ],
)
def test_what_would_take_for_ever_is_refused_in_time(text: str, tmp_path: Path) -> None:
    began = process_time()
    assert mistakes(tmp_path, text)
    assert process_time() - began < LONG


PIECES: Final = [
    "language", "people", "bots", "links", "chat", "calls", "skip", "limits", "mentions_a_day", "welcome", "hold",
    "en", "1", "2026-13-45", "0x_", "1e999", "~", "17:00", "'", '"', ": ", ":\n  ", "\n", "\n- ", "- ", ", ", "[", "]",
    "{", "}", "&a ", "*a", "<<: ", "? ", "!!int ", "!!float ", "!!timestamp ", "!!set ", "!!omap ", "!!binary ", "!x ",
    "%YAML 1.1\n---\n", "---\n", "|\n  ", ">-\n ", "#", "\t", "\\", "\x85", "\ud7ff", "@", "`",
]  # fmt: skip


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.lists(st.sampled_from(PIECES), max_size=20).map("".join))
def test_whatever_stands_in_a_file_it_is_read_or_refused(text: str, tmp_path: Path) -> None:
    try:
        read(tmp_path, text)
    except ConfigError as error:
        assert error.problems  # noqa: PT017 (a file that is right by chance is as good)
