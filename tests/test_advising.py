"""What an issue looks like, in the words of the organisation."""

import pytest

from bot.advising import suggested
from bot.levelling.traits import traits
from bot.model import Came
from bot.pathway import Suggested
from bot.policy import Policy
from tests.rules.scenes import DEFAULTS, policy

LOW = policy(advice={"at_least": 0.0})
TITLE, TEXT = (
    "Typo in the tutorial",
    "In the first paragraph of docs/start.md it says `teh`. Please correct it to `the`.",
)


def seen(*labels: str, text: str = TEXT, configured: Policy = LOW) -> Suggested | None:
    return suggested(
        traits=traits(TITLE, text) if text else (), labels=frozenset(labels), repo="alpine-tools/huts",
        came=Came.UNKNOWN, similar={}, policy=configured,
    )  # fmt: skip


def test_the_area_is_called_as_the_organisation_calls_it() -> None:
    found = seen()
    assert found is not None
    assert (found.rung, found.area) == ("starter", "documentation")
    assert found.why


def test_the_reasons_are_in_the_language_of_the_organisation() -> None:
    english, spanish = seen(), seen(configured=LOW.model_copy(update={"language": "es"}))
    assert english is not None
    assert spanish is not None
    assert "it is one place in the documentation" in english.why
    assert "es un solo lugar de la documentación" in spanish.why


def test_an_area_that_the_organisation_does_not_have_is_not_named() -> None:
    found = seen(configured=LOW.model_copy(update={"areas": ()}))
    assert found is not None
    assert found.area is None


@pytest.mark.parametrize(
    ("labels", "text", "configured"),
    [
        pytest.param(["Medium"], TEXT, LOW, id="a-person-said-so"),
        pytest.param([], "", LOW, id="nothing-is-known-of-the-text"),
        pytest.param([], TEXT, policy(advice={"at_least": 1.0}), id="not-sure-enough"),
    ],
)
def test_nothing_is_suggested(labels: list[str], text: str, configured: Policy) -> None:
    assert seen(*labels, text=text, configured=configured) is None


def test_by_default_it_has_to_be_rather_sure() -> None:
    assert DEFAULTS.advice.at_least >= 0.5
