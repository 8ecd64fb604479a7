"""Configuration files: how a file is laid over the defaults, and that every mistake is told with its place."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
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


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        pytest.param("\n- en\n", "1:1", "must hold settings", id="a-list"),
        pytest.param("en", "1:1", "must hold settings", id="a-word"),
        pytest.param("language: en\nlanguages: en\n", "2:1", "no setting languages; did you mean language?", id="typo"),
        pytest.param("welcome:\n  first_isue: no\n", "2:3", "did you mean first_issue?", id="typo-in-a-section"),
        pytest.param(CALL + "    timezon: UTC\n", "6:5", "did you mean timezone?", id="typo-in-a-call"),
        pytest.param("colour: red\n", "1:1", "there is no setting colour", id="unknown"),
        pytest.param("12: red\n", "1:1", "12 is no name of a setting", id="a-number-for-a-name"),
        pytest.param("language: en\nnull: red\n", "2:1", "None is no name", id="null-for-a-name"),
        pytest.param("language: en\n? [a, b]\n: red\n", "2:3", "is no name of a setting", id="a-list-for-a-name"),
        pytest.param("language: en\nwelcome: [no]\n", "2:1", "welcome: must hold settings", id="a-list-for-a-section"),
        pytest.param("\nlinks:\n# chat: x\n", "2:1", "links: must hold settings", id="a-section-without-settings"),
        pytest.param("language: 7\n", "1:1", "language: must be text", id="a-number-for-a-word"),
        pytest.param("language: Deutsch\n", "1:1", "by its code, like en or pt-BR", id="no-code-of-a-language"),
        pytest.param("\nlanguage: tlh\n", "2:1", "no messages in the language tlh; there are: en", id="no-messages"),
        pytest.param("people:\n  bots:\n    - goat\n    - -x-\n", "4:7", "people.bots.1: a login has",
                     id="inside-a-list"),
        pytest.param("people: {bots: [goat, -x-]}\n", "1:23", "people.bots.1:", id="inside-a-list-in-one-line"),
        pytest.param("people: {bots: goat}\n", "1:10", "people.bots: must be a list", id="a-word-for-a-list"),
        pytest.param(CALL.replace("every", "each"), "3:5", '"every Monday"', id="recurrence"),
        pytest.param(CALL.replace('"17:00"', '"25:00"'), "4:5", "calls.0.time: there is no such time", id="25-o'clock"),
        pytest.param(CALL.replace('"17:00"', "five"), "4:5", 'in quotes, like "17:00"', id="time-in-words"),
        pytest.param("%YAML 1.1\n---\n" + CALL.replace('"17:00"', "17:00"), "6:5", "quotes", id="time-as-a-number"),
        pytest.param(CALL.replace("Berlin", "Nowhere"), "5:5", "named like Europe/Berlin", id="unknown-zone"),
        pytest.param(CALL.replace("/Berlin", ""), "5:5", "named like Europe/Berlin", id="a-continent-for-a-zone"),
        pytest.param(CALL.replace("Europe/Berlin", "../passwd"), "5:5", "named like", id="a-path-for-a-zone"),
        pytest.param(CALL + "    skip: [2026-12-25, soon]\n", "6:24", "calls.0.skip.1: must be a day", id="no-day"),
        pytest.param(CALL + "    skip: [2026-02-30]\n", "6:12", "day is out of range", id="a-day-that-never-comes"),
        pytest.param(CALL.replace("    when: every Monday\n", ""), "2:5", "calls.0.when is missing", id="missing"),
        pytest.param("links: {chat: example.org}\n", "1:9", "starts with https://", id="no-link"),
        pytest.param("links: {chat: 'https://x.org/{org}'}\n", "1:9", "hold {owner} and {repo}, no", id="other-braces"),
        pytest.param("welcome:\n  hold: 2\n", "2:3", "(for example: hold: 2 hours)", id="duration-without-unit"),
        pytest.param("welcome: {first_issue: maybe}\n", "1:11", "welcome.first_issue: must be true or false",
                     id="neither-yes-nor-no"),
        pytest.param("welcome: {another_repo: notes}\n", "1:11", "one of: nothing, note; did you mean note?",
                     id="no-choice"),
        pytest.param("limits: {comments_an_hour: 451}\n", "1:10", "must be at most 450", id="too-much"),
        pytest.param("limits: {mentions_a_day: -1}\n", "1:10", "must be at least 0", id="too-little"),
        pytest.param("\n\nlimits: {mentions_a_day: 3}\n", "3:10", "mentions_a_week", id="day-more-than-week"),
        pytest.param("limits:\n  mute_after: 2\n  mentions_a_week: 0\n", "3:3", "mentions_a_day cannot be more",
                     id="week-less-than-day"),
        pytest.param("welcome:\n  mode: on\n  hold: 8 days\n", "3:3", "cannot be longer than too_late",
                     id="never-said"),
        pytest.param("welcome:\n  too_late: 1 day\n  hold: 2 days\n", "3:3", "cannot be longer",
                     id="never-said-by-both"),
        pytest.param("levels:\n  starter: [easy]\n  advanced:\n  - hard\n  - Easy\n", "5:5", "two levels, starter and",
                     id="a-label-of-two-levels"),
        pytest.param("levels: {medium: [Good First Issue]}\n", "1:19", "two levels", id="a-label-of-a-level-below"),
        pytest.param("working_time:\n  breaks:\n  - {first: 2027-01-02, last: 2026-12-24}\n", "3:6",
                     "the first day cannot come after the last", id="a-break-backwards"),
        pytest.param("working_time:\n  breaks:\n  - {last: 2026-12-24}\n", "3:5", "breaks.0.first is missing",
                     id="a-break-without-a-beginning"),
        pytest.param("working_time: {holidays: [2026-12-25, Christmas]}\n", "1:39", "holidays.1: must be a day",
                     id="a-holiday-in-words"),
        pytest.param("working_time: {days: [monday, tusday]}\n", "1:31", "did you mean tuesday?", id="no-weekday"),
        pytest.param("working_time: {days: []}\n", "1:16", "days", id="no-day-of-work"),
        pytest.param("triage: {expect: {review: 0}}\n", "1:19", "must be at least 1", id="late-at-once"),
        pytest.param("triage: {people: [{login: ada, area: [docs]}]}\n", "1:32", "did you mean areas?",
                     id="typo-in-triage"),
        pytest.param("areas:\n  - {name: docs}\n  - {name: Docs}\n", "3:5", "the same name, Docs", id="an-area-twice"),
        pytest.param("welcome: {mode: onn}\n", "1:11", "one of: on, shadow, off; did you mean on?", id="no-mode"),
        pytest.param("switchback: shadow\n", "1:1", "must be one of: on, off", id="no-mode-of-the-whole"),
        pytest.param("limits: {mute_after: 1.5}\n", "1:10", "must be a whole number", id="no-whole-number"),
        pytest.param("limits: {mute_after: three}\n", "1:10", "must be a whole number", id="a-number-in-words"),
        pytest.param("people: {maintainers: ['@ada']}\n", "1:24", "without @", id="an-at"),
        pytest.param("no_bot_label: ''\n", "1:1", "must not be empty", id="no-label"),
        pytest.param("messages: [hello]\n", "1:1", "must hold names, each with its text", id="a-list-of-messages"),
        pytest.param("newIssueWelcomeComment: Hello\nzzz: 1\n", "1:1", "`python -m bot migrate` makes a new file",
                     id="the-old-bot's"),
        pytest.param("people: [goat\n", "2:1", "not valid YAML", id="an-open-bracket"),
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


@pytest.mark.parametrize("style", [">", ">-", "|", "|-"])
def test_texts_of_several_lines_are_taken(style: str, tmp_path: Path) -> None:
    """Folded ones too, of which the library marks each fold."""
    lines = "".join(f"    Welcome, and have a look at line {number}.\n" for number in range(5))
    policy = read(tmp_path, f"messages:\n  welcome-issue: {style}\n{lines}language: es\n")
    text = policy.messages["welcome-issue"]
    assert text.split() == lines.split()
    assert text.isprintable() == (style in {">-"})
    assert policy.language == "es"
