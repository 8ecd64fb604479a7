"""Whether a comment asks something, and whether it says anything to people, as tables."""

from time import process_time
from typing import Final

import pytest

from bot.commands.asks import Said, said
from bot.commands.grammar import read

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
    assert said(text).asks


@pytest.mark.parametrize("text", TELLS.values(), ids=TELLS)
def test_it_does_not_ask(text: str) -> None:
    assert not said(text).asks


QUOTED: Final = "<blockquote>\n\nWhich version is it?\n\n</blockquote>"
TO_THE_BOT: Final = {
    "a command": "/snooze 2 weeks",
    "more of them": "/away 1 week\n/snooze\n\n/budget none",
    "with its name": "@switchback, snooze 2 weeks!",
    "please": "/no-bot, please",
    "below a quote": "> Which version is it?\n\n/snooze",
    "below a quote in HTML": f"{QUOTED}\n\n/snooze",
    "below a quote in one line of HTML": "<blockquote>Which version is it?</blockquote>\n\n/snooze",
    "below a quote of code": "> ```\n> 1.2\n> ```\n\n/snooze",
    "below a template's hint": "<!-- Which version is it? -->\n\n/snooze",
    "beside a hint": "/snooze\n<!-- which\nversion --><br>",
    "above an e-mail reply": "/snooze\r\n\r\nOn Monday, Grace wrote:\r\n> Which version is it?",
    "above a long e-mail reply": "/snooze\n\nOn Monday, Grace wrote:\n" + "> Hm.\n" * 10_000,
    "with dots": "...\n\n/snooze\n\n---\n",
}
TO_PEOPLE: Final = {
    "nothing": "",
    "words": "It is 4.2.1.",
    "a quote alone": "> Which version is it?",
    "words above": "It is 4.2.1, and here is the log you asked for.\n\n/away 1 week",
    "words above, in one paragraph": "It is 4.2.1.\n/away 1 week",
    "words below": "/away 1 week\n\n\u00c9l es.",
    "a number": "/away 1 week\n\n4",
    "a list": "- 4.2.1\n\n/away 1 week",
    "a table": "| version |\n|---|\n| 4.2.1 |\n\n/away 1 week",
    "a log": "```\n4.2.1\n```\n\n/away 1 week",
    "an indented log": "/away 1 week\n\n    4.2.1",
    "a folded log": "<details>\n\n4.2.1\n\n</details>\n\n/away 1 week",
    "HTML": "<p>4.2.1</p>\n\n/away 1 week",
    "a picture": "![](https://example.org/log.png)\n\n/away 1 week",
    "a picture in HTML": '<img src="https://example.org/log.png">\n\n/away 1 week',
    "a link": "<https://example.org/log>\n\n/away 1 week",
    "below a quote": f"> Which version is it?\n\n4.2.1\n\n{QUOTED}\n\n/away 1 week",
    "behind a quote in HTML": "<blockquote>\nWhich version is it?\n</blockquote>4.2.1\n\n/away 1 week",
    "a command in a list": "- /snooze\n\n/away 1 week",
    "a command in a quote alone": "> /snooze",
    "what tells people something": "/level medium\n/snooze",
    "what asks people for something": "/need-help",
    "what is for another": "@grace why do you need it\n\n/away 1 week",
    "what explains": "/no-bot is how one stops it\n/forget-me goes further\n\n/away 1 week",
    "what explains, alone": "/no-bot is how one stops it",
    "more than is read": "/away 1 week\n\n" + "> Hm.\n" * 10_000,
}


def heard(text: str) -> Said:
    """As the bot that is called @switchback hears it."""
    return said(text, [command for command in read(text) if command.to in {None, "switchback"}])


@pytest.mark.parametrize("text", TO_THE_BOT.values(), ids=TO_THE_BOT)
def test_it_is_to_the_bot_alone(text: str) -> None:
    assert heard(text) == Said(asks=False, says=False)


@pytest.mark.parametrize("text", TO_PEOPLE.values(), ids=TO_PEOPLE)
def test_it_says_something(text: str) -> None:
    assert heard(text) == Said(asks=False, says=True)


def test_a_question_beside_a_command_is_one() -> None:
    assert heard("Which version is it?\n\n/snooze") == Said(asks=True, says=True)


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
        "<a ",
        "<blockquote",
        "https://a?",
        "On a?",
        "\\?",
        "a\n",
    ],
)
def test_what_strangers_write_is_read_in_time(piece: str) -> None:
    began = process_time()
    said(piece * (65_536 // len(piece)) + " ? ", read("/snooze"))
    assert process_time() - began < 4  # of a slow machine that is busy
