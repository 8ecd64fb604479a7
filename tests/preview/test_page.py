"""The Markdown that GitHub shows: right in every language, of any size, and nobody is mentioned in it."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest
from markdown_it import MarkdownIt

from bot import words
from bot.preview import Difference, Post, Preview, difference
from bot.preview.page import MOST, summary
from tests.rules.scenes import NOW

SPOKEN: Final = pytest.mark.parametrize("language", words.languages())
NAMES: Final = ["trail_maps", "_maps_", "a.b-c", "__init__"]


def post(number: int, template: str = "welcome-issue", *, login: str = "ada", repo: str = "trail-maps") -> Post:
    return Post(
        at=NOW, repo=f"alpine-tools/{repo}", number=number, feature="welcome", template=template, login=login,
        why=f"first issue of {login} in alpine-tools", url=f"https://github.com/alpine-tools/{repo}/issues/{number}",
        aloud=True, key=f"welcome/{number}",
    )  # fmt: skip


def told(*posts: Post, days: int = 30, past_is_read: bool = True) -> Preview:
    since = NOW - timedelta(days=days)
    return Preview(owner="alpine-tools", since=since, until=NOW, past_is_read=past_is_read, posts=posts)


def of(before: int, after: int) -> Difference:
    return difference(told(*map(post, range(before))), told(*map(post, range(after))))


def test_it_begins_with_what_changes() -> None:
    after = told(post(1), post(2), post(3, "welcome-merge"), post(4, "nudge"), replace(post(5), aloud=False))
    text = summary(difference(told(post(1), post(9)), after), "en")
    assert text.splitlines()[0] == (
        "Over the last 30 days this configuration would have posted 4 comments (today's: 2): 2 welcomes, "
        "1 congratulation, 1 nudge. With this change 3 would come and 1 would go away. "
        "1 more would have been recorded in shadow mode, and not posted."
    )
    lines = [line for line in text.splitlines() if line.startswith("- ")]
    assert [re.findall(r"\*\*(.+?):\*\*", line) for line in lines] == [["new"], ["new"], ["new"], ["goes away"], []]
    assert "**goes away:** [alpine-tools/trail-maps\\#9](https://github.com/alpine-tools/trail-maps/issues/9)" in text


@pytest.mark.parametrize(
    ("shown", "says"),
    [
        (told(), "Over the last 30 days this configuration would have posted no comments."),
        (told(post(1), days=1), "Over the last day this configuration would have posted 1 comment: 1 welcome."),
        (of(0, 0), "would have posted no comments (today's: none). This change makes no difference to them."),
        (of(2, 2), "2 comments (today's: 2): 2 welcomes. This change makes no difference to them."),
        (of(0, 1), "1 comment (today's: none): 1 welcome. With this change 1 would come and none would go away."),
        (told(replace(post(1), aloud=False)), "no comments. 1 would have been recorded in shadow mode"),
        (told(post(1, "welcome-another-repo")), "1 comment: 1 note on another repository."),
    ],
)
def test_numbers_are_told_as_people_do(shown: Preview | Difference, says: str) -> None:
    assert says in summary(shown, "en").splitlines()[0]


def test_it_says_that_the_past_is_not_read() -> None:
    assert "not read to its end yet" in summary(told(past_is_read=False), "en")


@SPOKEN
@pytest.mark.parametrize("name", NAMES)
def test_names_show_as_they_are_and_nobody_is_mentioned(language: str, name: str) -> None:
    text = summary(of(1, 2), language) + summary(told(post(1, login=f"{name}[bot]", repo=name)), language)
    inline = [piece for block in MarkdownIt("commonmark").parse(text) for piece in block.children or ()]
    assert f"alpine-tools/{name}#1" in "".join(piece.content for piece in inline if piece.type == "text")
    assert f"{name}[bot]" in [piece.content for piece in inline if piece.type == "code_inline"]
    assert f"https://github.com/alpine-tools/{name}/issues/1" in [
        piece.attrs["href"] for piece in inline if piece.type == "link_open"
    ]
    assert "@" not in text


@SPOKEN
def test_in_an_issue_the_threads_are_no_links(language: str) -> None:
    text = summary(of(1, 2), language, linked=False)
    assert "`alpine-tools/trail-maps#1`" in text
    assert "https://" not in text


@SPOKEN
@pytest.mark.parametrize("length", [1, 100, 300])
def test_long_lists_end_with_how_many_more(language: str, length: int) -> None:
    text = summary(told(*(post(n, repo="_" * length, login="a" * 39) for n in range(123))), language)
    listed = sum(line.startswith("- ") for line in text.splitlines())
    assert len(text) < MOST
    assert listed == 100 if length == 1 else listed < 100
    assert f"… {'and' if language == 'en' else 'y'} {123 - listed} m" in text


@SPOKEN
def test_every_message_has_a_name_for_people(language: str) -> None:
    for template in ("welcome-issue", "welcome-pull-request", "welcome-discussion", "welcome-merge",
                     "welcome-another-repo"):  # fmt: skip
        assert template not in summary(told(post(1, template)), language)
