"""Silence and decline, as tables; what always holds of them, as properties; and how often chance alone would ask."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checkins import Because
from bot.presence import Asked, Month, Presence, Signal, month_begins, month_of
from bot.rules.presence import dispersion, lasting, left_alone, likelihood_ratio, next_at, noticed, reason, signal
from bot.team import Sign
from bot.teampolicy import CheckIns
from tests.rules.scenes import DEFAULTS

DAY: Final = timedelta(days=1)
NOW: Final = datetime(2026, 11, 23, 8, tzinfo=UTC)  # a Monday
THIS: Final = month_of(NOW)
SETTINGS: Final = DEFAULTS.check_ins
NOBODY: Final = Asked()
STEADY: Final = [6] * 24


def settings(**changes: Any) -> CheckIns:
    return SETTINGS.model_copy(update=changes)


def presence(days: Sequence[int], *, last: datetime | None = NOW - 40 * DAY, **more: Any) -> Presence:
    """Active days of the last whole months, oldest first; this month is not over and has none."""
    months = {Month(THIS - len(days) + index): count for index, count in enumerate(days) if count}
    first = month_begins(Month(THIS - len(days) - 1)) if days else None
    return Presence(**{"first": first, "last": last, "months": months} | more)


def because(one: Presence, asked: Asked = NOBODY, chosen: CheckIns = SETTINGS) -> Because | None:
    told = signal(one, asked, chosen, NOW)
    return told.because if told else None


@pytest.mark.parametrize(
    ("days", "asks"),
    [
        pytest.param([*STEADY, 0, 1, 0, 0, 1, 0], True, id="from six a month to hardly any, for half a year"),
        pytest.param([*STEADY, 1, 1, 1, 1, 1, 1], True, id="one a month is not much"),
        pytest.param([*STEADY, 2, 2, 1, 1, 1, 1], False, id="more than one a month is visible"),
        pytest.param([*STEADY, 0, 1, 0, 0, 1], False, id="five months may be a long spring"),
        pytest.param([*STEADY, 0], False, id="one quiet month"),
        pytest.param([20] * 24 + [6] * 12, False, id="from twenty to six: everybody sees them"),
        pytest.param([1] * 30 + [0, 0, 0, 1, 0, 0], False, id="it never was much: chance could do it"),
        pytest.param([6, 6, 6, 6, 6, 0, 0, 1, 0, 0, 0], False, id="too short a past"),
        pytest.param([6, 6, 6, 6, 6, 6, 0, 0, 1, 0, 0, 0], True, id="half a year of past is enough"),
        pytest.param([1] * 12 + [31] * 2 + [1] * 10 + [0, 0, 1, 0, 0, 0], False, id="a release is not the past"),
        pytest.param([0, 31] * 12 + [0, 0, 1, 0, 0, 0], False, id="they always came and went"),
        pytest.param([8] * 3 + [0] * 3 + [8] * 3 + [0] * 3 + [8] * 12 + [0, 0, 1, 0, 0, 0], False, id="waves"),
        pytest.param([0, 0, 1, 0, 0, 0, 9, 9, 9, 9, 9, 9] * 2 + [0, 0, 1, 0, 0, 0], False, id="every summer"),
        pytest.param([0, 0, 0, 0, 0, 0, 9, 9, 9, 9, 9, 9] * 2 + [0] * 6, False, id="every summer, and not at all"),
        pytest.param([9] * 36 + [0] * 50, False, id="so long ago that nobody looks"),
        pytest.param([3] * 6 + [9] * 12 + [0, 1, 0, 0, 1, 0], True, id="they had done less before"),
        pytest.param([], False, id="nothing at all but today"),
    ],
)  # fmt: skip
def test_a_decline_is_sure_large_low_and_lasting(days: list[int], asks: bool) -> None:
    assert because(presence(days)) is (Because.DECLINE if asks else None)


FADED: Final = presence([*STEADY, 0, 1, 0, 0, 1, 0])


@pytest.mark.parametrize(
    ("one", "asked", "chosen"),
    [
        pytest.param(FADED, NOBODY, settings(decline=False), id="it is switched off"),
        pytest.param(replace(FADED, last=NOW - 29 * DAY), NOBODY, SETTINGS, id="they were just there"),
        pytest.param(replace(FADED, signs={Sign.MEETING: NOW - 170 * DAY}), NOBODY, SETTINGS, id="a meeting"),
        pytest.param(replace(FADED, signs={Sign.VOUCH: NOW - DAY}), NOBODY, SETTINGS, id="somebody's word for them"),
        pytest.param(FADED, Asked(answered_at=NOW - 200 * DAY), SETTINGS, id="they said that it is so"),
        pytest.param(FADED, NOBODY, settings(silence=365 * DAY), id="where silence takes a year, decline does too"),
        pytest.param(replace(FADED, known_from=NOW - 300 * DAY), NOBODY, SETTINGS, id="the past is not known"),
    ],
)
def test_a_decline_is_not_told(one: Presence, asked: Asked, chosen: CheckIns) -> None:
    assert because(one, asked, chosen) is None


def test_a_decline_is_told_in_numbers() -> None:
    told = signal(FADED, NOBODY, SETTINGS, NOW)
    assert told is not None
    assert told == Signal(
        because=Because.DECLINE, last=FADED.last, from_month=month_of(datetime(2026, 5, 1, tzinfo=UTC)),
        before=6.0, months_before=24, after=2 / 6, months_after=6,
    )  # fmt: skip
    assert reason(told) == "0.3 active days a month since 2026-05 (6 months), 6.0 in the 24 months before"


@pytest.mark.parametrize("sign", [None, NOW - 181 * DAY], ids=["none", "long ago"])
def test_signs_of_long_ago_say_nothing(sign: datetime | None) -> None:
    assert because(replace(FADED, signs={Sign.THANKS: sign} if sign else {})) is Because.DECLINE


@pytest.mark.parametrize(
    ("one", "answered_at", "asks"),
    [
        pytest.param(presence([], last=NOW - 179 * DAY), None, False, id="not long enough"),
        pytest.param(presence([], last=NOW - 180 * DAY), None, True, id="long enough"),
        pytest.param(presence([], last=NOW - 300 * DAY), NOW - 100 * DAY, False, id="they answered meanwhile"),
        pytest.param(presence([], last=NOW - 300 * DAY), NOW - 200 * DAY, True, id="that was long ago too"),
        pytest.param(presence([], last=None, since=NOW - 100 * DAY), None, False, id="new, and not seen yet"),
        pytest.param(presence([], last=None, known_from=NOW - 100 * DAY), None, False, id="we listen for 100 days"),
        pytest.param(presence([], last=None), None, True, id="never seen, though all is known"),
        pytest.param(presence([], last=NOW + DAY), None, False, id="a commit of tomorrow"),
    ],
)
def test_silence(one: Presence, answered_at: datetime | None, asks: bool) -> None:
    told = noticed(one, Asked(answered_at=answered_at), SETTINGS, NOW)
    assert (told is not None and told.because is Because.SILENCE) == asks
    told = noticed(one, Asked(back_at=answered_at), SETTINGS, NOW)  # after a time away it is the same
    assert (told is not None and told.because is Because.SILENCE) == asks


def test_silence_is_told_in_numbers() -> None:
    told = noticed(presence([12, 6, 0, 0, 0, 0, 0], last=datetime(2026, 5, 3, tzinfo=UTC)), NOBODY, SETTINGS, NOW)
    assert told is not None
    assert (told.from_month, told.months_after) == (month_of(datetime(2026, 6, 1, tzinfo=UTC)), 5)
    assert (told.before, told.months_before, told.after) == (18 / 12, 12, 0.0)
    assert reason(told) == "nothing since 2026-05-03, 1.5 active days a month in the year before"
    never = noticed(presence([], last=None), NOBODY, SETTINGS, NOW)
    assert never is not None
    assert reason(never) == "nothing is known of them"


SILENT: Final = presence([], last=NOW - 400 * DAY, first=NOW - 900 * DAY)


@pytest.mark.parametrize(
    ("asked", "since", "why"),
    [
        pytest.param(Asked(never=True), None, "nothing is to be asked", id="never"),
        pytest.param(Asked(opted_out=True), None, "nothing is to be asked", id="no bot"),
        pytest.param(Asked(stepped_back=True), None, "stepped back", id="stepped back"),
        pytest.param(Asked(away=True), None, "nothing is to be asked", id="away"),
        pytest.param(Asked(is_open=True, asked_at=NOW - 300 * DAY), None, "not answered yet", id="asked"),
        pytest.param(Asked(again_at=NOW + DAY), None, "before 2026-11-24", id="within its time"),
        pytest.param(Asked(asked_at=NOW - 179 * DAY), None, "asked on 2026-05-28", id="asked lately"),
        pytest.param(NOBODY, NOW - 179 * DAY, "since 2026-05-28 only", id="new on the team"),
        pytest.param(Asked(asked_at=NOW - 180 * DAY, again_at=NOW), NOW - 180 * DAY, None, id="all that is over"),
        pytest.param(NOBODY, None, None, id="nothing speaks against it"),
    ],
)
def test_who_is_left_alone(asked: Asked, since: datetime | None, why: str | None) -> None:
    one = replace(SILENT, since=since)
    found = left_alone(one, asked, SETTINGS, NOW)
    assert (found is None) if why is None else (found is not None and why in found)
    assert (signal(one, asked, SETTINGS, NOW) is None) == (why is not None)


@pytest.mark.parametrize(
    ("asked", "one", "at"),
    [
        pytest.param(NOBODY, SILENT, NOW - 220 * DAY, id="it was due long ago"),
        pytest.param(NOBODY, replace(SILENT, last=NOW), NOW + 180 * DAY, id="they are there"),
        pytest.param(NOBODY, replace(SILENT, since=NOW - DAY), NOW + 179 * DAY, id="new"),
        pytest.param(Asked(answered_at=NOW, again_at=NOW + 200 * DAY), SILENT, NOW + 200 * DAY, id="they said when"),
        pytest.param(Asked(asked_at=NOW), SILENT, NOW + 180 * DAY, id="asked today"),
        pytest.param(Asked(asked_at=NOW, is_open=True), SILENT, None, id="and not answered yet"),
        pytest.param(Asked(away=True), SILENT, None, id="not to be asked"),
        pytest.param(NOBODY, Presence(), None, id="nothing is known"),
    ],
)
def test_when_they_would_be_asked_next(asked: Asked, one: Presence, at: datetime | None) -> None:
    assert next_at(one, asked, SETTINGS) == at


def test_whoever_is_known_for_a_short_time_is_new() -> None:
    assert left_alone(replace(SILENT, first=NOW - 10 * DAY), NOBODY, SETTINGS, NOW) is not None


@pytest.mark.parametrize(("days", "months"), [(30, 4), (120, 4), (180, 6), (365, 12)])
def test_a_decline_lasts_as_long_as_silence(days: int, months: int) -> None:
    assert lasting(days * DAY) == months


def test_the_statistics() -> None:
    assert likelihood_ratio(12, 12, 0, 6) == pytest.approx(9.73, abs=0.01)  # 2 · 12 · ln(18 / 12)
    assert likelihood_ratio(12, 12, 6, 6) == likelihood_ratio(12, 12, 9, 6) == 0
    assert dispersion([3] * 12) == dispersion([0] * 12) == dispersion([1, 0, 4]) == 1
    assert dispersion([0, 6] * 6) == pytest.approx(36 / 11)  # 12 · 9 / 3 / 11
    assert dispersion([6, 6, 6, 0, 0, 0] * 3) == pytest.approx(10.8)  # of quarters; of months it is less


COUNTS = st.lists(st.integers(0, 20), min_size=10, max_size=40)
FEW = st.lists(st.integers(0, 3), min_size=6, max_size=6)


def faded(before: list[int], after: list[int]) -> bool:
    return because(presence([*before, *after])) is not None


@given(COUNTS, FEW, st.lists(st.integers(0, 5), min_size=6, max_size=6))
def test_doing_more_of_late_never_makes_a_question(before: list[int], after: list[int], more: list[int]) -> None:
    busier = [one + another for one, another in zip(after, more, strict=True)]
    assert faded(before, after) or not faded(before, busier)


@given(COUNTS, FEW, st.integers(0, 29))
def test_nobody_is_asked_just_after_they_were_there(before: list[int], after: list[int], days: int) -> None:
    assert because(presence([*before, *after], last=NOW - days * DAY)) is None


@given(COUNTS.filter(any), st.integers(2, 5))
def test_a_stop_after_more_is_no_less_sure(before: list[int], times: int) -> None:
    """Were each day several, months would scatter as many times more, and nobody be surer for that alone."""
    more = [one * times for one in before]
    sure = likelihood_ratio(sum(before), len(before), 0, 6) / dispersion(before)
    assert likelihood_ratio(sum(more), len(more), 0, 6) / dispersion(more) >= sure * (1 - 1e-9)


@given(st.integers(1, 31), st.integers(12, 36), st.integers(0, 35))
def test_one_quiet_month_asks_nobody(days: int, months: int, quiet: int) -> None:
    assert not faded([0 if index == quiet else days for index in range(months)], [])


def test_whoever_goes_on_as_ever_is_hardly_asked() -> None:
    """In fewer than one year of a hundred, judged month by month, where people do nothing else than 1, 2, 4 or 8 days a
    month by chance, in ones or in twos. Whoever is asked says that it is so."""
    random, asked, months = Random(8), 0, 0
    for rate in (1, 2, 4, 8):
        for together in (1, 2):
            odds = rate / together / 30
            lived = [together * sum(random.random() < odds for _ in range(30)) for _ in range(3000)]
            begun = 0
            for end in range(12, len(lived)):
                if faded(lived[max(begun, end - 36) : end], []):
                    asked, begun = asked + 1, end
            months += len(lived)
    assert asked / (months / 12) < 0.01
