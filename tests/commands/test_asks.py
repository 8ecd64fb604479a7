"""Whether a comment asks something, as a table."""

from time import process_time
from typing import Final

import pytest

from bot.commands.asks import asks

ASKS: Final = {
    "a question": "Which version is it?",
    "among other words": "Thanks! Which version is it? We had that before.",
    "over two lines": "Which version\nis it?\n",
    "in a list": "Please tell us:\n\n- which version is it?\n- where it runs",
    "of code": "Did you try `pip list`?",
    "of a link": "Is it [this one](https://example.org/1)?",
    "an address in it": "Is it the same as https://example.org/?page=2 ?",
    "behind an address": "See https://example.org/?page=2. Is it the same?",
    "bold": "**Which version is it?**",
    "in brackets": "It is old (or is it?) and slow",
    "quoted by the writer": 'You mean "where does it run?"',
    "astonished": "It runs there?!",
    "twice": "Really??",
    "with a smile": "Which version is it? :)",
    "with a face": "Which version is it?\U0001f642",
    "an escaped mark": r"Which version is it\?",
    "Spanish": "\u00bfQu\u00e9 versi\u00f3n es?",
    "French": "Quelle version ?",
    "Arabic": "\u0623\u064a \u0625\u0635\u062f\u0627\u0631\u061f",
    "Chinese": "\u54ea\u4e2a\u7248\u672c\uff1f\u8c22\u8c22",
    "below a quote": "> It is slow\n\nSince when?",
    "behind a folded log": "<details>\n\nlog\n\n</details>\n\nSince when?",
    "above an e-mail reply": "Since when?\n\nOn Monday, Ada wrote:\n> It is slow",
    "in a comment of the past": "Since when?\r\n\r\nIt is slow.\r\n",
}
TELLS: Final = {
    "nothing": "",
    "no question": "Thanks, merged.",
    "an address": "See https://example.org/search?q=maps",
    "an address that ends so": "See https://example.org/search? and www.example.org/?",
    "an address in pointed brackets": "See <https://example.org/search?> for more",
    "a link": "See [why is it slow?](https://example.org)",
    "a link with code": "See [`why?` and why?](https://example.org) for that",
    "an image": "![why?](https://example.org/why.png)",
    "code": "It says `really?` there",
    "a block of code": "It says:\n\n```\nreally?\n```\n",
    "an indented block": "It says:\n\n    really?\n",
    "a quote": "> Since when?\n\nSince May.",
    "a quote in a list": "- > Since when?\n\n  Since May.",
    "a quote in HTML": "<blockquote>\n\nSince when?\n\n</blockquote>\n\nSince May.",
    "a folded log": "<details>\n\nreally?\n\n</details>\n\nSo it says.",
    "an HTML comment": "<!-- Since when? -->\nSince May.",
    "a template's heading": "### Which version is it?\n\n1.2",
    "a template's tick box": "- [x] Did you search?\n- [ ] Did you find?",
    "a table": "| Since when? |\n|---|\n| May |",
    "an e-mail reply": "Since May.\n\nOn Monday, Ada wrote:\nSince when?",
    "doubt": "That was in May (?) or so",
    "marks alone": "??? !?",
    "a glob": "It is in maps/*.p?x and in a?.b",
}


@pytest.mark.parametrize("text", ASKS.values(), ids=ASKS)
def test_it_asks(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize("text", TELLS.values(), ids=TELLS)
def test_it_does_not_ask(text: str) -> None:
    assert not asks(text)


@pytest.mark.parametrize(
    "piece",
    [
        "?",
        "?!",
        "a?)",
        "a?!!!)))",
        "[",
        "![",
        "](",
        "> ",
        "- ",
        "*a?",
        "`",
        "<",
        "<!--",
        "https://a?",
        "On a?",
        "\\?",
        "a\n",
    ],
)
def test_what_strangers_write_is_read_in_time(piece: str) -> None:
    began = process_time()
    asks(piece * (65_536 // len(piece)) + " ? ")
    assert process_time() - began < 4  # of a slow machine that is busy
