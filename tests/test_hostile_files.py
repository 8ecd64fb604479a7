"""Files that are meant to do harm, or that a broken program wrote: a clear error each, in bounded time and memory."""

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import process_time
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import policyfile
from bot.policy import Policy
from bot.policyfile import MAX_SIZE, ConfigError, Problem
from bot.yamlfile import MAX_DEPTH, MAX_PIECES, MAX_VALUE

LONG: Final = 10.0  # seconds of computing in which the worst file is refused, on a slow machine too
MUCH: Final = 100_000_000  # bytes; the worst file takes a quarter of it


@contextmanager
def bounded() -> Iterator[None]:
    tracemalloc.start()
    began = process_time()
    try:
        yield
        took, (_, peak) = process_time() - began, tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert took < LONG
    assert peak < MUCH


def taken(text: str | bytes) -> Policy:
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    return policyfile.laid_over([policyfile.parse("switchback.yml", data)])


def problems(text: str | bytes) -> list[Problem]:
    with pytest.raises(ConfigError) as caught, bounded():
        taken(text)
    return list(caught.value.problems)


def bomb(leaf: str, ring: str) -> str:
    """A hundred thousand million of something, in a few lines."""
    rings = [ring.replace("N", str(n)).replace("…", ", ".join([f"*a{n - 1}"] * 10)) for n in range(1, 12)]
    return "\n".join([leaf, *rings, "people: *a11\n"])


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        pytest.param(bomb("a0: &a0 [x]", "aN: &aN […]"), "1:5", "anchors (&a0) are not taken", id="lists-of-lists"),
        pytest.param(bomb("a0: &a0 {k: v}", "aN: &aN {<<: […], kN: v}"), "1:5", "anchors", id="merges-of-merges"),
        pytest.param("people: &a0 {bots: [x]}\n", "1:9", "anchors (&a0) are not taken: write out", id="an-anchor"),
        pytest.param("no_bot_label: &a quiet\n", "1:15", "anchors", id="an-anchor-of-a-word"),
        pytest.param("calls: &a [*a, *a]\n", "1:8", "anchors", id="a-list-that-holds-itself"),
        pytest.param("language: en\npeople: *nobody\n", "2:9", "aliases (*nobody) are not taken", id="an-alias"),
        pytest.param("welcome:\n  <<: {hold: 2 hours}\n", "2:3", "merge keys are not taken", id="a-merge-key"),
        pytest.param("&a " * 80_000, "1:1", "anchors", id="very-many-anchors"),
        pytest.param("welcome:\n  hold: !!str 2\n", "2:9", "tags (!!str) are not taken", id="a-tag-of-yaml"),
        pytest.param("people: !!python/object/apply:os.getcwd []\n", "1:9", "tags (!!python/obj",
                     id="python-by-its-tag"),
        pytest.param("people: {bots: [!!binary Z29hdA==]}\n", "1:17", "tags (!!binary)", id="binary-by-its-tag"),
        pytest.param("%TAG ! tag:x.org:\n---\nlanguage: !a en\n", "3:11", "tags (tag:x.org:a)", id="a-tag-of-its-own"),
        pytest.param("calls: !!omap [a: 1]\n", "1:8", "tags (!!omap)", id="another-kind-of-section"),
        pytest.param("calls: " + "[" * (MAX_SIZE - 100), "1:27", f"more than {MAX_DEPTH} deep", id="deep-brackets"),
        pytest.param("calls: " + "[" * 500 + "]" * 500, "1:27", f"more than {MAX_DEPTH} deep", id="deep-and-closed"),
        pytest.param("\n".join(f"{' ' * n}a:" for n in range(700)), "21:21", "deep", id="deep-sections"),
        pytest.param("- " * 100_000, "1:41", "deep", id="deep-lists"),
        pytest.param("{" * 100_000, "1:2", "is no name of a setting", id="deep-sections-in-one-line"),
        pytest.param("? " * 100_000, "1:3", "is no name of a setting", id="deep-names"),
        pytest.param("calls: [" + "{}, " * 50_000 + "]", "1:40001", f"more than {MAX_PIECES:,} names",
                     id="many-pieces"),
        pytest.param("calls: [" + "{}, " * 4_000 + "]", "", "there are 15900 more mistakes", id="many-mistakes"),
        pytest.param("".join(f"a{n}: 1\n" for n in range(4_000)), "", "3900 more", id="many-unknown-settings"),
        pytest.param("people: {bots: [" + "goat-" * 50_000 + "]}", "1:17", "250,000 characters", id="a-long-name"),
        pytest.param("a" * 200_000 + ": 1\n", "1:", "not valid YAML", id="a-long-name-of-a-setting"),
        pytest.param("a" * 1000 + ": 1\n", "1:1", "there is no setting aaaa", id="a-rather-long-name-of-a-setting"),
        pytest.param(f"'{'a' * 1000}': 1\n", "1:1", "there is no setting aaaa", id="and-in-quotes"),
        pytest.param("messages:\n  a: |\n" + "    x\n" * 30_000, "2:6", f"{MAX_VALUE:,} are taken", id="a-long-text"),
        pytest.param("limits: {mentions_a_day: " + "1" * 5000 + "}\n", "1:26", "5000 characters", id="5000-digits"),
        pytest.param("limits: {mentions_a_day: 0x" + "f" * 5000 + "}\n", "1:26", "too long", id="5000-digits-in-hex"),
        pytest.param("limits: {mentions_a_day: 1e999999999999}\n", "1:10", "whole number", id="a-number-without-end"),
        pytest.param("limits: {mentions_a_day: .nan}\n", "1:10", "whole number", id="no-number"),
        pytest.param("#" * (MAX_SIZE + 1), "1:1", "is larger than 256 KiB", id="too-large"),
        pytest.param("'" + "\n" * 200_000 + "'", "1:1", "too long", id="a-text-without-end"),
        pytest.param("- |\n" * 50_000, "", "", id="many-texts"),
        pytest.param("[" + "a: b, " * 30_000, "1:", "names and values", id="many-sections-of-one"),
        pytest.param("[" + "?," * 100_000, "1:", "", id="many-questions"),
    ],
)  # fmt: skip
def test_what_would_take_for_ever_is_refused_in_time(text: str, place: str, says: str) -> None:
    told = [str(problem) for problem in problems(text)]
    assert any(one.startswith(f"switchback.yml:{place}" if place else "switchback.yml") and says in one for one in told)
    assert all(len(one) < 600 and "\n" not in one for one in told)


def test_what_is_too_large_is_not_read_to_its_end(tmp_path: Path) -> None:
    file = tmp_path / "switchback.yml"
    with file.open("wb") as out:
        out.truncate(10_000_000_000)  # a file of holes: it takes no room on the disk
    with pytest.raises(ConfigError, match="is larger than 256 KiB"), bounded():
        policyfile.read(file)


def test_a_file_that_is_large_and_right_is_read_in_time() -> None:
    paths = ", ".join(f'"folder-{n}/*"' for n in range(2_000))
    with bounded():
        assert len(taken(f"activity: {{excluded_paths: [{paths}]}}").activity.excluded_paths) == 2_000


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        pytest.param(b"language: en\nno_bot_label: gr\xfcn\n", "2:17", "is not UTF-8 text: save it as", id="latin-1"),
        pytest.param("language: en\n".encode("utf-16"), "1:1", "is UTF-16, and must be UTF-8", id="utf-16"),
        pytest.param(b"\xfe\xff" + "language: en\n".encode("utf-16-be"), "1:1", "is UTF-16", id="utf-16-of-others"),
        pytest.param("language: en\n".encode("utf-32"), "1:1", "is UTF-32", id="utf-32"),
        pytest.param("language: en\n".encode("utf-16-le"), "1:2", "#x0000 is not allowed", id="utf-16-without-a-mark"),
        pytest.param(b"language: e\0n\n", "1:12", "#x0000 is not allowed", id="nul"),
        pytest.param(b"no_bot_label: \xed\xa0\x80\n", "1:15", "is not UTF-8", id="half-a-pair"),
        pytest.param('no_bot_label: "\\ud800"\n', "1:15", "U+D800 is not taken", id="half-a-pair-escaped"),
        pytest.param('no_bot_label: "\\0"\n', "1:15", "U+0000 is not taken", id="nul-escaped"),
        pytest.param('no_bot_label: "\\e[2J"\n', "1:15", "U+001B is not taken", id="what-clears-a-terminal"),
        pytest.param("language: en\nno_bot_label: a\x01b\n", "2:16", "#x0001", id="a-control-character"),
        pytest.param("no_bot_label: a\u202eb\n", "1:16", "U+202E is not taken: nobody sees it", id="turned-around"),
        pytest.param("# fine\n# a\u2066b\n", "2:4", "U+2066", id="turned-around-in-a-comment"),
        pytest.param('no_bot_label: "a\\u202eb"\n', "1:15", "U+202E", id="turned-around-escaped"),
        pytest.param("lang\u200buage: en\n", "1:5", "U+200B", id="a-blank-without-width"),
        pytest.param("welcome:\n\tfirst_issue: no\n", "2:1", "use blanks, not a tab", id="a-tab"),
        pytest.param("language: en\n---\nlanguage: es\n", "2:1", "another document", id="two-documents"),
        pytest.param("language: en\nlanguage: es\n", "2:1", 'duplicate key "language": it stands in line 1',
                     id="twice"),
        pytest.param("welcome:\n  hold: 1 day\n  mode: on\n  'hold': 1 day\n", "4:3", "in line 2",
                     id="twice-in-quotes"),
        pytest.param("people: {bots: [a], bots: [b]}\n", "1:21", "duplicate key", id="twice-in-one-line"),
        pytest.param("came_with:\n  problem: [needs: triage]\n", "2:13", "must be text", id="a-colon-in-a-label"),
        pytest.param("no_bot_label: a: b\n", "1:16", "mapping values are not allowed here", id="a-colon-in-a-word"),
        pytest.param("people: {bots: [@ada]}\n", "1:17", "'@' that cannot start", id="an-at"),
    ],
)  # fmt: skip
def test_what_is_broken_is_told_with_its_place(text: str | bytes, place: str, says: str) -> None:
    told = str(problems(text)[0])
    assert told.startswith(f"switchback.yml:{place}: ")
    assert says in told
    assert "\n" not in told
    assert told.isprintable()


PIECES: Final = [
    "language", "people", "bots", "links", "chat", "calls", "skip", "limits", "mentions_a_day", "welcome", "hold",
    "messages", "welcome-issue", "{{ author }}", "{% if again %}", "@ada", "<!--", "levels", "areas", "name",
    "en", "1", "2026-13-45", "0x_", "1e999", "~", "17:00", "'", '"', ": ", ":\n  ", "\n", "\n- ", "- ", ", ", "[", "]",
    "{", "}", "&a ", "*a", "<<: ", "? ", "!!int ", "!!float ", "!!timestamp ", "!!set ", "!!omap ", "!!binary ", "!x ",
    "%YAML 1.1\n---\n", "---\n", "|\n  ", ">-\n ", "#", "\t", "\\", "\x85", "\ud7ff", "@", "`",
]  # fmt: skip
WRITTEN: Final = st.lists(st.sampled_from(PIECES), max_size=20).map(lambda pieces: "".join(pieces).encode())


@settings(max_examples=500, deadline=None)
@given(data=st.one_of(WRITTEN, st.binary(max_size=200), st.text(max_size=100).map(str.encode)))
def test_whatever_stands_in_a_file_it_is_taken_or_refused(data: bytes) -> None:
    try:
        assert isinstance(taken(data), Policy)
    except ConfigError as error:
        assert "" not in str(error).split("\n")  # noqa: PT017 (a file that is right by chance is as good)
