"""The search for what may not stand in public finds it, wherever it is."""

from collections.abc import Callable

import pytest

from bot.sandbox.model import Repo
from tests import privacy
from tests.memory.conftest import Village, build_village


@pytest.fixture
def village() -> Village:
    return build_village()


def _comment(village: Village, text: str) -> None:
    issue = village.world.open_issue(village.maps, by=village.ada, title="A map is wrong")
    village.world.comment(issue, by=village.installation.app.bot, body=text)


def _deleted(village: Village, text: str) -> None:
    issue = village.world.open_issue(village.maps, by=village.ada, title="A map is wrong")
    comment = village.world.comment(issue, by=village.installation.app.bot, body=text)
    village.world.delete_comment(comment, by=village.grace)


def _issue(village: Village, text: str) -> None:
    village.world.open_issue(village.maps, by=village.installation.app.bot, title=text)


def _label(village: Village, text: str) -> None:
    village.world.create_label(village.maps, text, by=village.installation.app.bot)


@pytest.mark.parametrize("write", [_comment, _deleted, _issue, _label])
@pytest.mark.parametrize("text", ["Linus is away", "A check-in", "They step back", "Está ausente", "linus"])
def test_it_is_found(village: Village, write: Callable[[Village, str], None], text: str) -> None:
    write(village, text)
    with pytest.raises(AssertionError, match=r"says|names"):
        privacy.holds(village.world, village.linus)


@pytest.mark.parametrize("text", ["Thank you, ada! `/still-here` and `/check-ins off` are noted.", "linus-2 did it"])
def test_names_of_commands_are_nobodys(village: Village, text: str) -> None:
    _comment(village, text)
    privacy.holds(village.world, village.linus)


def test_what_is_private_or_another_persons_is_no_matter(village: Village) -> None:
    world, bot = village.world, village.installation.app.bot
    private: Repo = world.repository(village.organisation, "people", private=True)
    world.open_issue(private, by=bot, title="linus is away")
    world.open_issue(village.maps, by=village.linus, title="I step back")
    world.publicize(private, by=village.grace)
    privacy.holds(world, village.linus, turned=[private])
    with pytest.raises(AssertionError):
        privacy.holds(world, village.linus)
