"""What is missing, in which order it is asked for, and when that is of no use any more."""

from datetime import timedelta
from typing import Final

import pytest

from bot.github.hooks import Attempt
from bot.recovery import Lost, lost
from tests.stage import BEGIN

HOUR: Final = timedelta(hours=1)
TAKEN, AWAY, ODD, BUSY = 202, 502, 400, 503


def log(*entries: tuple[str, float, int]) -> list[Attempt]:
    """Of these attempts: GUID, hours since the beginning, and the answer. The first of a GUID is no redelivery."""
    seen: set[str] = set()
    attempts = []
    for number, (guid, hours, code) in enumerate(sorted(entries, key=lambda entry: entry[1])):
        attempts.append(
            Attempt(
                id=number,
                guid=guid,
                at=BEGIN + HOUR * hours,
                event="issues",
                status="",
                status_code=code,
                redelivery=guid in seen or guid.startswith("again"),
                repo_id=None,
            )
        )
        seen.add(guid)
    return attempts[::-1]


def found(*entries: tuple[str, float, int], missing: str = "x") -> list[Lost]:
    return lost(log(*entries), {missing})


def test_what_is_missing_is_told_oldest_first_with_the_newest_attempt_at_hand() -> None:
    attempts = log(("b", 2, AWAY), ("a", 1, AWAY), ("here", 1.5, TAKEN), ("a", 3, AWAY), ("lost by us", 0, TAKEN))
    told = lost(attempts, {"a", "b", "lost by us"})
    assert [(one.guid, one.first.at, one.newest.at) for one in told] == [
        ("lost by us", BEGIN, BEGIN), ("a", BEGIN + HOUR, BEGIN + 3 * HOUR), ("b", BEGIN + 2 * HOUR, BEGIN + 2 * HOUR),
    ]  # fmt: skip
    assert not any(one.hopeless for one in told)


@pytest.mark.parametrize(
    ("entries", "hopeless"),
    [
        pytest.param([("x", n, ODD) for n in range(3)], False, id="refused three times"),
        pytest.param([("x", n, ODD) for n in range(4)], True, id="refused four times"),
        pytest.param([("x", n, AWAY) for n in range(60)], False, id="nobody could reach us for days"),
        pytest.param([("x", n, BUSY) for n in range(60)], False, id="the database was away for days"),
        pytest.param(
            [*(("x", n, AWAY) for n in range(4)), *(("y", n + 0.2, TAKEN) for n in range(4))], True,
            id="others got through each time",
        ),
        pytest.param(
            [*(("x", n, AWAY) for n in range(4)), *(("y", n + 0.2, TAKEN) for n in range(3))], False,
            id="others got through three times",
        ),
        pytest.param(
            [*(("x", n, AWAY) for n in range(4)), *(("y", n + 0.2, AWAY) for n in range(4))], False,
            id="others did not get through either",
        ),
        pytest.param([("x", n, TAKEN) for n in range(3)], False, id="taken by a database that is no more"),
        pytest.param([("x", n, TAKEN) for n in range(4)], True, id="taken by somebody else again and again"),
    ],
)  # fmt: skip
def test_a_delivery_is_given_up_for_its_own_faults_only(entries: list[tuple[str, float, int]], hopeless: bool) -> None:
    [one] = found(*entries)
    assert one.hopeless is hopeless


@pytest.mark.parametrize(("code", "hopeless"), [(AWAY, True), (TAKEN, False)], ids=["failed", "taken"])
def test_what_began_before_the_log_was_asked_for_often_enough_unless_it_was_taken(code: int, hopeless: bool) -> None:
    [one] = found(("again", 1, code), missing="again")
    assert one.hopeless is hopeless
