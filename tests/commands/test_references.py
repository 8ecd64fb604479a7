"""The issues that a pull request names, as GitHub reads them."""

from time import process_time

import pytest

from bot.commands.references import MOST, Reference, read


def named(title: str, body: str = "") -> list[tuple[str, int, bool]]:
    found = read(title, body, here="alpine-tools/trail-maps", host="example.org:8080")
    return [(one.repo, one.number, one.closes) for one in found]


@pytest.mark.parametrize(
    "word", ["close", "closes", "closed", "fix", "fixes", "fixed", "resolve", "resolves", "resolved", "Fixes", "CLOSES"]
)
@pytest.mark.parametrize("between", [" ", ": ", ":", "  ", "\n"])
def test_every_word_that_closes(word: str, between: str) -> None:
    assert named("", f"This {word}{between}#12.") == [("", 12, True)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("See #12", ("", 12, False), id="a number"),
        pytest.param("(#12)", ("", 12, False), id="in brackets"),
        pytest.param("GH-12", ("", 12, False), id="GH"),
        pytest.param("fixes gh-12", ("", 12, True), id="gh closes"),
        pytest.param("Alpine-Tools/huts#12", ("alpine-tools/huts", 12, False), id="another repository"),
        pytest.param("closes Alpine-Tools/huts#12", ("alpine-tools/huts", 12, True), id="closes there"),
        pytest.param("alpine-tools/Trail-Maps#12", ("", 12, False), id="its own by its name"),
        pytest.param("https://github.com/a/b.c/issues/12", ("a/b.c", 12, False), id="an address"),
        pytest.param("Fixes https://github.com/a/b/issues/12", ("a/b", 12, True), id="closes by address"),
        pytest.param("<https://github.com/a/b/pull/12#issuecomment-3>", ("a/b", 12, False), id="of a pull request"),
        pytest.param("http://Example.org:8080/a/b/issues/12/", ("a/b", 12, False), id="on its own server"),
        pytest.param("[it](https://github.com/a/b/issues/12)", ("a/b", 12, False), id="a link"),
        pytest.param("Fixes [#12](https://github.com/alpine-tools/trail-maps/issues/12)", ("", 12, True), id="both"),
        pytest.param("- [ ] fixes #12", ("", 12, True), id="a list"),
        pytest.param("# Fixes #12", ("", 12, True), id="a heading"),
        pytest.param("|a|\n|-|\n|fixes #12|", ("", 12, True), id="a table"),
        pytest.param("**Fixes** #12", ("", 12, True), id="emphasis"),
        pytest.param("<details>\n\nfixes #12\n\n</details>", ("", 12, True), id="folded"),
        pytest.param("prefixes #12", ("", 12, False), id="a word that ends like one"),
        pytest.param("fixes#12", None, id="no blank"),
        pytest.param("does not fix it: #12", ("", 12, False), id="another word between"),
    ],
)
def test_how_issues_are_named(text: str, found: tuple[str, int, bool] | None) -> None:
    assert named("", text) == ([found] if found else [])


@pytest.mark.parametrize(
    "text",
    [
        "fixes 12", "#0", "#12a", "a#12", "#1234567890", "&#12;", r"\#12", "`fixes #12`", "```\nfixes #12\n```",
        "    fixes #12", "> fixes #12", "<blockquote>\n\nfixes #12\n\n</blockquote>", "<!-- fixes #12 -->",
        "a <!-- fixes #12 --> b", "<!--\n\nfixes #12\n\n-->", "https://elsewhere.org/a/b/issues/12", "a@b.org#12",
        "https://github.com/a/b/commit/12", "GH-0", "AGH-12", "",
    ],
)  # fmt: skip
def test_what_names_nothing(text: str) -> None:
    assert named("", text) == []


def test_the_title_counts_and_once_is_enough() -> None:
    assert named("Fix #3 and #4", "See #3, closes #4. Fixes a/b#4.") == [
        ("", 3, True), ("", 4, True), ("a/b", 4, True)
    ]  # fmt: skip


def test_of_very_many_those_that_are_closed_count_first() -> None:
    found = named("", " ".join(f"#{number}" for number in range(1, 200)) + " fixes #500")
    assert len(found) == MOST
    assert found[0] == ("", 500, True)


def test_a_reference_is_a_value() -> None:
    assert read("#1", "", here="a/b", host="") == (Reference("", 1, closes=False),)


@pytest.mark.parametrize(
    "piece", ["[", "*a_", "![", "<!--", "a/", "a-", "fixes ", "> ", "- ", "`", "<a ", "https://a.", "&", "#", "(", "\\"]
)
def test_whatever_is_written_is_read_in_time(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    began = process_time()
    read(f"#1 {text}", f"#1 {text} #2", here="a/b", host="")
    assert process_time() - began < 8  # of a machine that is busy
