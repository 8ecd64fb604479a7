"""What stands below `/pointers`: only names come out of it, and whom to ask."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.grammar import Command, read
from bot.commands.pointers import fields

WHOLE = "/pointers\noutcome: it draws huts\nwhere: `maps/huts.py`\ntry: make test\nask: @Ada"


@pytest.mark.parametrize(
    ("text", "args"),
    [
        pytest.param(WHOLE, "outcome where try ask=ada", id="in-the-same-paragraph"),
        pytest.param(WHOLE.replace("\n", "\n- "), "outcome where try ask=ada", id="in-a-list"),
        pytest.param(WHOLE.replace("/pointers\n", "/pointers\n\n1. "), "outcome where try ask=ada", id="further-below"),
        pytest.param("Thanks!\n/pointers\n* [ ] **Try:** `make`\n* _where_: there", "where try", id="marked"),
        pytest.param("/pointers try: make test", "try", id="on-its-own-line"),
        pytest.param("@switchback pointers\ntry: make", "try", id="by-its-name"),
        pytest.param("/pointers\n\nThank you.\n\n- try: make", "", id="a-list-further-below"),
        pytest.param("/pointers\n\ntry: make", "", id="another-paragraph"),
        pytest.param("/pointers\n> try: make", "", id="in-a-quote"),
        pytest.param("/pointers\n- x\n  - try: make\n  > where: there", "", id="deeper-in-a-list"),
        pytest.param("try: make\n/pointers", "", id="above"),
        pytest.param("/pointers\ntry:\nwhere: \nentry: x", "", id="nothing-behind-it"),
        pytest.param("/pointers\ntry: a\ntry: b\n", "try", id="twice"),
        pytest.param("/pointers\nask: ada", "ask=ada", id="a-login-alone"),
        pytest.param("/pointers\nask: me, or @ada-9, or @grace.", "ask=ada-9", id="the-first-with-its-@"),
        pytest.param("/pointers\nask: whoever is there", "", id="nobody"),
        pytest.param("/pointers\nask: ada@example.org or so", "", id="an-address"),
        pytest.param("/pointers", "", id="alone"),
    ],
)
def test_which_are_told(text: str, args: str) -> None:
    [command] = read(text)
    assert (command.name, command.args) == ("pointers", args)


def test_other_commands_below_it_count_too() -> None:
    assert read("/pointers\ntry: make\n/level medium") == (Command("pointers", "try"), Command("level", "medium"))


@given(st.lists(st.sampled_from(["outcome", "where", "try", "ask", "x"]).flatmap(
    lambda name: st.text(st.characters(exclude_characters="\n"), max_size=20).map(lambda words: f"{name}: {words}")
)))  # fmt: skip
def test_no_words_come_out(lines: list[str]) -> None:
    for told in fields(lines).split():
        name, _, login = told.partition("=")
        assert name in {"outcome", "where", "try", "ask"}
        assert login.isascii()
        assert len(login) <= 39
