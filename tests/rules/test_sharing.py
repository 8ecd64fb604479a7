"""Who hears of which issue: fair, as a table."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import pytest

from bot.model import Level, Person, PersonId, ThreadRef
from bot.pathway import Hopeful, Opening, Seeker
from bot.rules.sharing import share
from tests.rules.scenes import MAPS, NOW, policy
from tests.rules.test_eligible import HUTS, opening

WEEK: Final = timedelta(days=7)
ISSUE: Final = opening()


def hopeful(id_: int, **changes: Any) -> Hopeful:
    """Somebody who asked a week ago, in a thread of their own in the repository of the maps."""
    interests = changes.pop("interests", ())
    seeker = Seeker(person=Person(PersonId(id_), f"person{id_}"), merged=1, highest=Level.STARTER, interests=interests)
    asked = Hopeful(
        seeker=replace(seeker, repos=frozenset({MAPS.id})), thread=ThreadRef(MAPS.id, 100 + id_), asked=True,
        finished=None, offers=0, last_offer=None, waits_since=NOW - WEEK,
    )  # fmt: skip
    return replace(asked, **changes)


def finished(id_: int, at: datetime, **changes: Any) -> Hopeful:
    return hopeful(id_, interests=None, asked=False, finished=at, waits_since=at, **changes)


def shared(
    openings: list[Opening], people: list[Hopeful], *, at_most: int = 1, given: int = 0
) -> list[tuple[int, int]]:
    chosen = policy(offers={"people_per_issue": at_most})
    made = share(
        openings, people, given={ISSUE.ref: given}, policies={MAPS.id: chosen, HUTS.id: chosen}, now=NOW
    )  # fmt: skip
    return [(one.seeker.person.id, its.ref.number) for one, its in made]


@pytest.mark.parametrize(
    ("people", "who"),
    [
        pytest.param([], [], id="nobody"),
        pytest.param([hopeful(1), hopeful(2)], [1], id="the-older-account-of-two-alike"),
        pytest.param([hopeful(1, offers=1), hopeful(2)], [2], id="the-fewest-offers"),
        pytest.param([hopeful(1), hopeful(2, waits_since=NOW - 2 * WEEK)], [2], id="the-longest-wait"),
        pytest.param(
            [hopeful(1, offers=1, waits_since=NOW - 9 * WEEK), hopeful(2)], [2], id="offers-count-before-the-wait"
        ),
        pytest.param([hopeful(1, interests=("documentation",))], [1], id="asked-for-the-area"),
        pytest.param([hopeful(1, interests=("auth",))], [], id="asked-for-another-area"),
        pytest.param([finished(1, NOW - WEEK)], [1], id="ready-since-they-finished"),
        pytest.param([finished(1, NOW)], [], id="was-there-before-they-finished"),
        pytest.param([finished(1, NOW - WEEK, last_offer=NOW)], [], id="has-heard-of-one-since"),
        pytest.param([finished(1, NOW - WEEK, last_offer=NOW - 2 * WEEK)], [1], id="heard-of-one-before"),
        pytest.param([replace(finished(1, NOW), finished=None)], [], id="neither-asked-nor-finished"),
    ],
)
def test_who_hears_of_it(people: list[Hopeful], who: list[int]) -> None:
    assert [person for person, _ in shared([ISSUE], people)] == who


@pytest.mark.parametrize(
    ("changes", "who"),
    [
        pytest.param({"level": Level.STARTER}, [], id="not-medium"),
        pytest.param({"taken": True}, [], id="does-not-fit"),
        pytest.param({"repo": replace(HUTS, private=True)}, [], id="private-and-elsewhere"),
        pytest.param({"repo": replace(MAPS, private=True)}, [1], id="private-and-here"),
        pytest.param({"since": NOW - 3 * WEEK, "pointed_at": NOW}, [1], id="ready-by-pointers-of-late"),
    ],
)
def test_which_issue(changes: dict[str, Any], who: list[int]) -> None:
    people = [finished(1, NOW - WEEK)] if "pointed_at" in changes else [hopeful(1)]
    assert [person for person, _ in shared([opening(**changes)], people)] == who


def test_each_hears_of_one_and_each_is_offered_to_a_few() -> None:
    people = [hopeful(id_) for id_ in (1, 2, 3)]
    second = opening(13, since=NOW)
    assert shared([ISSUE, second], people, at_most=2) == [(1, 12), (2, 12), (3, 13)]
    assert shared([ISSUE, second], people, at_most=2, given=1) == [(1, 13), (2, 13), (3, 12)]
    assert shared([ISSUE], people, at_most=1, given=3) == []
