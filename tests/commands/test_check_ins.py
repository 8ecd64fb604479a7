"""How somebody wants to be asked in check-ins, and the boxes of their issues, as people write and tick them."""

import pytest

from bot import words
from bot.commands import ticks
from bot.commands.check_ins import Wish, read
from bot.commands.grammar import Command
from bot.commands.ticks import Box, Tick
from bot.commands.usable import usable
from bot.model import PersonId

ADA, GRACE = PersonId(7), PersonId(8)


@pytest.mark.parametrize(
    ("args", "wish", "kept"),
    [
        ("", Wish(), ""),
        ("off", Wish(asked=False), "off"),
        ("Off, please.", Wish(asked=False), "off"),
        ("on", Wish(asked=True), "on"),
        ("together", Wish(asked=True, together=True), "together"),
        ("alone", Wish(asked=True, together=False), "alone"),
        ("off because I am ill", None, "?"),
        ("?", None, "?"),
    ],
)
def test_a_wish(args: str, wish: Wish | None, kept: str) -> None:
    assert read(args) == wish
    assert usable("check-ins", args) == kept
    assert read(kept) == wish


def boxes(*ticked: Box, language: str = "en") -> str:
    """The text of Ada's issue, some of it ticked."""
    values: dict[str, words.Shown] = {
        "login": "ada", "id": 7, "organisation": "alpine-tools", "repository": "alpine-tools/people", "months": 6,
        "answered": False, "over": False, "reminders": 2, "human": True, "farewell": True,
    }  # fmt: skip
    text = words.document("check-in", language, values)
    lines = [
        line.replace("[ ]", "[x]") if any(line.endswith(ticks.mark(ADA, box)) for box in ticked) else line
        for line in text.splitlines()
    ]
    return "\n".join(lines)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("box", Box)
def test_each_box_can_be_ticked(box: Box, language: str) -> None:
    before, now = boxes(language=language), boxes(box, language=language)
    assert ticks.new(before, now) == [Tick(ADA, box)]
    assert ticks.new(now, now) == ticks.new(now, before) == []
    assert ticks.new("", now.replace("[x]", "[X]").replace("\n", "\r\n")) == [Tick(ADA, box)]


@pytest.mark.parametrize(
    "text",
    [
        "- [ ] I am still here <!-- check-in:7:still-here -->",
        "- [x] I am still here",
        "[x] I am still here <!-- check-in:7:still-here -->",
        "- [x] <!-- check-in:7:anything -->",
        "- [x] <!-- check-in:ada:still-here -->",
        "- [x] <!-- check-in:7:still-here --> and more",
        f"- [x] <!-- check-in:{'9' * 30}:still-here -->",
        "> - [x] <!-- check-in:7:still-here -->",
        "x" * 70_000 + "\n- [x] <!-- check-in:7:still-here -->",
    ],
)
def test_what_is_no_tick(text: str) -> None:
    assert ticks.new("", text) == []


@pytest.mark.parametrize(
    ("box", "theirs", "anothers"),
    [
        (Box.HERE, Command("still-here", "", ""), Command("vouch", "@ada", "")),
        (Box.BACK, Command("stepping-down", "", ""), None),
        (Box.FOR_GOOD, Command("stepping-down", "for good", ""), None),
        (Box.LATER, Command("ask-later", "", ""), None),
    ],
)
def test_what_it_asks_for(box: Box, theirs: Command, anothers: Command | None) -> None:
    assert ticks.command(Tick(ADA, box), by=ADA, login="ada") == theirs
    assert ticks.command(Tick(ADA, box), by=GRACE, login="ada") == anothers
