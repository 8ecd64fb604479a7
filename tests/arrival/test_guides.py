"""Guides are recognised by their path, and links by their words and their address."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from bot.arrival import guides
from bot.arrival.found import Kind
from bot.policytypes import Link


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("CONTRIBUTING.md", Kind.CONTRIBUTING),
        (".github/contributing.rst", Kind.CONTRIBUTING),
        ("docs/how-to-contribute.md", Kind.CONTRIBUTING),
        ("CODE_OF_CONDUCT.md", Kind.CODE_OF_CONDUCT),
        ("CODE-OF-CONDUCT", Kind.CODE_OF_CONDUCT),
        ("conduct.md", Kind.CODE_OF_CONDUCT),
        ("AI_POLICY.md", Kind.AI_POLICY),
        ("docs/contribute/llm.md", Kind.AI_POLICY),
        ("ai-policy.txt", Kind.AI_POLICY),
        ("ai.md", Kind.AI_POLICY),
        ("README.md", None),
        ("contributing.py", None),
        ("air.md", None),
        ("conductor.md", None),
        ("", None),
    ],
)
def test_files_are_known_by_their_names(path: str, kind: Kind | None) -> None:
    assert guides.of_file(path) == kind


FORUM = "https://discourse.alpine.example"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(f"See [our forum]({FORUM}).", [(Kind.CHAT, FORUM)], id="markdown"),
        pytest.param(f"[![chat](https://img.shields.io/x.svg)]({FORUM})", [(Kind.CHAT, FORUM)], id="a-badge"),
        pytest.param(f"Talk: {FORUM}, please", [(Kind.CHAT, FORUM)], id="an-address-by-itself"),
        pytest.param(f"`Talk <{FORUM}>`_", [(Kind.CHAT, FORUM)], id="restructuredtext"),
        pytest.param(f'<a class="x" href="{FORUM}?a=1&amp;b=2">Talk</a>', [(Kind.CHAT, f"{FORUM}?a=1&b=2")], id="html"),
        pytest.param(f"{FORUM}#top and {FORUM}", [(Kind.CHAT, FORUM)], id="twice"),
        pytest.param("[Gitter](https://gitter.im/alpine)", [(Kind.CHAT, "https://gitter.im/alpine")], id="gitter"),
        pytest.param("https://alpine.zulipchat.com/", [(Kind.CHAT, "https://alpine.zulipchat.com/")], id="zulip"),
        pytest.param("[Discord](https://x.org/join)", [(Kind.CHAT, "https://x.org/join")], id="by-the-word"),
        pytest.param("https://discord.com/invite/abc", [(Kind.CHAT, "https://discord.com/invite/abc")], id="discord"),
        pytest.param(
            "[Code of Conduct](https://x.org/rules)", [(Kind.CODE_OF_CONDUCT, "https://x.org/rules")], id="conduct"
        ),
        pytest.param(
            "https://github.com/a/b/blob/HEAD/conduct/code_of_conduct.md",
            [(Kind.CODE_OF_CONDUCT, "https://github.com/a/b/blob/HEAD/conduct/code_of_conduct.md")],
            id="conduct-by-address",
        ),
        pytest.param(
            "[contributor guide](https://x.org/a)", [(Kind.CONTRIBUTING, "https://x.org/a")], id="contributing"
        ),
        pytest.param("[our AI policy](https://x.org/ai)", [(Kind.AI_POLICY, "https://x.org/ai")], id="ai"),
        pytest.param("https://x.org/guide/llm.md", [(Kind.AI_POLICY, "https://x.org/guide/llm.md")], id="llm"),
        pytest.param("[Slack plugin](https://github.com/alpine/slack)", [], id="a-program-for-a-chat"),
        pytest.param(f"![forum]({FORUM}/logo.png)", [], id="a-picture"),
        pytest.param("[docs](https://docs.x.org) https://x.org/email", [], id="something-else"),
        pytest.param("[Contributing](CONTRIBUTING.md)", [], id="no-address-of-the-web"),
        pytest.param("[forum](https://localhost/x)", [], id="no-host"),
        pytest.param("[forum](http://[::1/x)", [], id="no-address-at-all"),
        pytest.param("[forum](https://x.org/{a})", [], id="braces"),
    ],
)  # fmt: skip
def test_links_are_known_by_words_and_address(text: str, found: list[tuple[Kind, str]]) -> None:
    assert guides.in_text(text) == found


PIECES = [
    "[",
    "]",
    "(",
    ")",
    "<a href=",
    "forum",
    "https://",
    FORUM,
    "`",
    "<",
    ">",
    "{",
    "}",
    " ",
    "\n",
    "!",
    "#",
    "&lt;",
]


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_what_is_found_can_be_a_setting(text: str) -> None:
    for _, url in guides.in_text(text):
        TypeAdapter[str](Link).validate_python(url)


@pytest.mark.parametrize(
    "piece", ["[", "[![", "<a ", "`", "`a<", "https://", "[a](", "https://a.b/", "<a href=https://x.org/ "]
)
def test_a_text_made_to_take_long_does_not(piece: str) -> None:
    began = process_time()
    guides.in_text((piece * 100_000)[:100_000])
    assert process_time() - began < 10
