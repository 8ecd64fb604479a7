"""What `/record` names: this thread, another, or what stands at an address; and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.record import Elsewhere, Here, Named, Wish, read

PULL = "https://github.com/alpine-tools/huts/pull/12"


@pytest.mark.parametrize(
    ("args", "wish"),
    [
        ("", Here()),
        ("This", Here()),
        (" please!", Here()),
        ("thanks.", Here()),
        ("#12", Named(None, None, 12)),
        ("huts#12", Named(None, "huts", 12)),
        ("alpine-tools/huts#12, please", Named("alpine-tools", "huts", 12)),
        (PULL, Named("alpine-tools", "huts", 12, PULL)),
        (f"{PULL}/files", Named("alpine-tools", "huts", 12, f"{PULL}/files")),
        (f"<{PULL}>", Named("alpine-tools", "huts", 12, PULL)),
        (f"[mine]({PULL})", Named("alpine-tools", "huts", 12, PULL)),
        ("https://example.org/a?b=c", Elsewhere("https://example.org/a?b=c")),
        ("http://example.org:8080", Elsewhere("http://example.org:8080")),
        ("my work", None),
        ("#1234567890", None),
        ("https://example.org/a|b", None),
        ("https://example.org/`x`", None),
        ("javascript:alert(1)", None),
        (f"https://example.org/{'a' * 200}", None),
    ],
)
def test_what_is_named(args: str, wish: Wish | None) -> None:
    assert read(args) == wish


@given(st.text() | st.text().map(lambda text: f"https://example.org/{text}"))
def test_an_address_breaks_no_table(args: str) -> None:
    wish = read(args)
    if isinstance(wish, Elsewhere):
        assert len(wish.url) <= 200
        assert wish.url.startswith(("http://", "https://"))
        assert not set(wish.url) & set(" \n\t|<>()[]`\"'")
