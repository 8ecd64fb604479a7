"""Who is greeted over a history, as a table; when; and with an @ or without."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final

import pytest

from bot.effects import Say
from bot.model import ThreadKind
from bot.policy import Policy
from bot.replay import Event, Happened, replay
from bot.replay.history import Deed
from tests.rules.scenes import DEFAULTS, policy

BEGIN: Final = datetime(2019, 5, 1, 10, tzinfo=UTC)
HOUR: Final = timedelta(hours=1)
HELD: Final = policy(welcome={"hold": 2 * HOUR})
NOTES: Final = policy(welcome={"another_repo": "note"}, links={"chat": "https://example.org/{repo}"})
TALKATIVE: Final = policy(limits={"mentions_a_day": 1, "mentions_a_week": 2})


def _event(hour: float, deed: Deed, number: int, who: str, **more: Any) -> Event:
    about = {"kind": ThreadKind.PULL_REQUEST, "repo": "maps"} | more
    return Event(at=BEGIN + hour * HOUR, deed=deed, number=number, actor=who, **about)


def opened(hour: float, number: int, who: str = "ada", **more: Any) -> Event:
    return _event(hour, Deed.OPENED, number, who, **more)


def issue(hour: float, number: int, who: str = "ada", **more: Any) -> Event:
    return opened(hour, number, who, kind=ThreadKind.ISSUE, **more)


def merged(hour: float, number: int, who: str = "ada", **more: Any) -> Event:
    return _event(hour, Deed.MERGED, number, who, **more)


def answered(hour: float, number: int, who: str, **more: Any) -> Event:
    return _event(hour, Deed.ANSWERED, number, who, kind=ThreadKind.ISSUE, **more)


def then(hour: float, deed: Deed, number: int, **more: Any) -> Event:
    return _event(hour, deed, number, "grace", **more)


@dataclass(frozen=True)
class Case:
    """What happens, and what is said: the hour, where, to whom, and the message's template after "welcome-"."""

    id: str
    events: list[Event]
    said: list[str]
    configured: Policy = DEFAULTS


CASES = [
    Case("nothing", [], []),
    Case("a pull request, and its merge", [opened(0, 1), merged(5, 1)],
         ["0 maps#1 @ada pull-request", "5 maps#1 ada merge"]),
    Case("two before either is merged: one welcome", [opened(0, 1), opened(1, 2), merged(2, 1), merged(3, 2)],
         ["0 maps#1 @ada pull-request", "2 maps#1 ada merge"]),
    Case("the second is merged first", [opened(0, 1), opened(1, 2), merged(2, 2), merged(3, 1)],
         ["0 maps#1 @ada pull-request", "2 maps#2 ada merge"]),
    Case("two merged in one second", [opened(0, 1), opened(1, 2), merged(2, 2), merged(2, 1)],
         ["0 maps#1 @ada pull-request", "2 maps#2 ada merge"]),
    Case("a second repository", [opened(0, 1), opened(50, 1, repo="huts"), merged(60, 1, repo="huts")],
         ["0 maps#1 @ada pull-request", "60 huts#1 @ada merge"]),
    Case("another organisation", [opened(0, 1, repo="alps/maps"), opened(50, 1, repo="andes/maps")],
         ["0 alps/maps#1 @ada pull-request", "50 andes/maps#1 @ada pull-request"]),
    Case("a repository in any case", [opened(0, 1, repo="Alps/Maps"), merged(50, 1, repo="alps/maps")],
         ["0 Alps/Maps#1 @ada pull-request", "50 Alps/Maps#1 @ada merge"]),
    Case("a person in any case", [opened(0, 1, "Ada"), opened(1, 2, "ada")], ["0 maps#1 @Ada pull-request"]),
    Case("two people", [opened(0, 1), opened(0, 2, "linus")],
         ["0 maps#1 @ada pull-request", "0 maps#2 @linus pull-request"]),
    Case("each kind of thread", [issue(0, 1), opened(50, 2), opened(300, 3, kind=ThreadKind.DISCUSSION)],
         ["0 maps#1 @ada issue", "50 maps#2 @ada pull-request", "300 maps#3 @ada discussion"]),
    Case("nobody is new after a merge", [opened(0, 1), merged(50, 1), issue(300, 2)],
         ["0 maps#1 @ada pull-request", "50 maps#1 @ada merge"]),
    Case("a merge of which the opening is not told", [merged(0, 1), opened(50, 2), merged(60, 2)],
         ["0 maps#1 @ada merge"]),
    Case("an opening dated after its merge", [merged(0, 1), opened(1, 1)], ["0 maps#1 @ada merge"]),
    Case("told twice", [opened(0, 1), opened(0, 1), merged(5, 1), merged(6, 1), opened(7, 1)],
         ["0 maps#1 @ada pull-request", "5 maps#1 ada merge"]),
    Case("a bot of the format", [opened(0, 1, "bot0012", by_bot=True), merged(1, 1, "bot0012", by_bot=True)], []),
    Case("a bot of the configuration", [opened(0, 1, "Codecov-Commenter")], []),
    Case("a deleted account", [opened(0, 1, "ghost")], []),
    Case("a maintainer", [opened(0, 1, "grace"), merged(1, 1, "grace"), issue(2, 2, "GRACE")], []),
    Case("the owner of the repository", [opened(0, 1, "alan", repo="Alan/maps")], []),
    Case("closed at once", [opened(0, 1), then(0, Deed.CLOSED, 1)], ["0 maps#1 @ada pull-request"]),
    Case("closed while it was held", [opened(0, 1), then(1, Deed.CLOSED, 1)], [], HELD),
    Case("closed and open again", [opened(0, 1), then(1, Deed.CLOSED, 1), then(1.5, Deed.REOPENED, 1)],
         ["2 maps#1 @ada pull-request"], HELD),
    Case("closed, merged nevertheless, reopened", [opened(0, 1), then(1, Deed.CLOSED, 1), merged(1, 1),
         then(1, Deed.REOPENED, 1)], ["1 maps#1 @ada merge"], HELD),
    Case("a draft waits until it is ready", [opened(0, 1, draft=True), then(50, Deed.READY, 1)],
         ["50 maps#1 @ada pull-request"]),
    Case("a draft on another line", [opened(0, 1, draft=True), answered(5, 1, "linus", draft=False)],
         ["5 maps#1 @ada pull-request"]),
    Case("drafted while it was held", [opened(0, 1), then(1, Deed.DRAFTED, 1), then(50, Deed.READY, 1)],
         ["52 maps#1 @ada pull-request"], HELD),
    Case("a draft that is late is not too late", [opened(0, 1, draft=True), then(400, Deed.READY, 1)],
         ["400 maps#1 @ada pull-request"]),
    Case("nobody answers for two hours", [opened(0, 1), opened(9, 2, "linus")],
         ["2 maps#1 @ada pull-request", "11 maps#2 @linus pull-request"], HELD),
    Case("the team answers in the last second", [opened(0, 1), answered(2, 1, "grace")], [], HELD),
    Case("the team answers too late", [opened(0, 1), answered(2.01, 1, "grace")], ["2 maps#1 @ada pull-request"], HELD),
    Case("somebody else answers", [opened(0, 1), answered(1, 1, "linus")], ["2 maps#1 @ada pull-request"], HELD),
    Case("an answer nobody knows where", [answered(0, 9, "grace"), opened(1, 1)], ["3 maps#1 @ada pull-request"], HELD),
    Case("merged while it was held", [opened(0, 1), merged(1, 1)], ["1 maps#1 @ada merge"], HELD),
    Case("held ones come in the engine's order", [opened(0, 9), opened(0, 10, "linus")],
         ["2 maps#10 @linus pull-request", "2 maps#9 @ada pull-request"], HELD),
    Case("hushed by a label", [issue(0, 1, labels=frozenset({"No-Bot"})), opened(1, 2)],
         ["1 maps#2 @ada pull-request"]),
    Case("hushed in time", [issue(0, 1), answered(1, 1, "linus", labels=frozenset({"no-bot"}))], [], HELD),
    Case("another greeter was quicker",
         [issue(0, 1), answered(0.001, 1, "Welcome[bot]", by_bot=True),
          issue(1, 2, "linus"), answered(1.001, 2, "welcome[bot]", by_bot=True), issue(2, 3, "alan")],
         ["0 maps#1 @ada issue", f"{2 + 15 / 3600} maps#3 @alan issue"]),
    Case("one mention a day", [issue(0, 1), opened(23.9, 2)], ["0 maps#1 @ada issue", "23.9 maps#2 ada pull-request"]),
    Case("a day later", [issue(0, 1), opened(24, 2)], ["0 maps#1 @ada issue", "24 maps#2 @ada pull-request"]),
    Case("two mentions a week",
         [issue(0, 1), opened(30, 2), opened(60, 3, kind=ThreadKind.DISCUSSION), merged(168, 2)],
         ["0 maps#1 @ada issue", "30 maps#2 @ada pull-request", "60 maps#3 ada discussion", "168 maps#2 @ada merge"]),
    Case("a note in another repository", [issue(0, 1), issue(50, 1, repo="huts"), issue(60, 2, repo="huts")],
         ["0 maps#1 @ada issue", "50 huts#1 @ada another-repo"], NOTES),
]  # fmt: skip


def _told(one: Happened) -> str:
    assert isinstance(one.act, Say)
    at = "@" if one.act.mention else ""
    hour = f"{(one.at - BEGIN) / HOUR:.6g}"
    return f"{hour} {one.repo}#{one.number} {at}{one.act.to.login} {one.act.template.removeprefix('welcome-')}"


def told(events: list[Event], configured: Policy = DEFAULTS) -> list[str]:
    return [_told(one) for one in replay(events, configured, ["Grace"])]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_right_greetings(case: Case) -> None:
    assert told(case.events, case.configured) == [
        f"{float(hour):.6g} {rest}" for hour, rest in (line.split(" ", 1) for line in case.said)
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_nobody_is_greeted_twice_and_each_effect_has_a_key_of_its_own(case: Case) -> None:
    acts = [one.act for one in replay(case.events * 2, case.configured, ["grace"])]
    assert len({act.key for act in acts}) == len(acts)
    assert sorted(told(case.events * 2, case.configured)) == sorted(told(case.events, case.configured))


def test_the_order_of_the_lines_does_not_matter() -> None:
    events = [one for case in CASES for one in case.events if case.configured is DEFAULTS]
    events = [replace(one, at=one.at + n * timedelta(seconds=1), number=n + 1) for n, one in enumerate(events)]
    shuffled = Random(7).sample(events, len(events))
    assert told(shuffled) == told(sorted(events, key=lambda one: one.at))
    assert len(told(shuffled)) > 5


def test_at_one_time_an_opening_comes_before_all_else_about_its_thread_and_the_rest_as_it_stands() -> None:
    events = [merged(0, 1), opened(0, 2, "linus"), answered(0, 1, "grace"), opened(0, 1), opened(0, 3, "alan")]
    assert told(events) == [
        "0 maps#1 @ada pull-request", "0 maps#1 ada merge", "0 maps#2 @linus pull-request",
        "0 maps#3 @alan pull-request",
    ]  # fmt: skip


def test_keys_count_organisations_and_people_as_they_appear() -> None:
    events = [opened(0, 1, "grace", repo="alps/maps"), opened(1, 1, repo="andes/maps"), merged(2, 1, repo="andes/maps")]
    assert [one.act.key for one in replay(events, DEFAULTS, ["grace"])] == [
        "welcome/pull_request/2/2",
        "welcome/merge/2/2",
    ]


def test_reasons_name_the_organisation_if_the_history_does() -> None:
    first, second = replay([opened(0, 1), opened(1, 1, repo="alps/maps")], DEFAULTS, [])
    assert first.act.why == "first pull request of ada in the organisation"
    assert second.act.why == "first pull request of ada in alps"


def test_ten_thousand_people_leave_the_deleted_account_its_number() -> None:
    events = [merged(0, 10 * n + 1, f"p{n}") for n in range(10_140)] + [merged(1, 1_000_000, "ghost")]
    happened = list(replay(events, policy(limits={"mentions_a_day": 9, "mentions_a_week": 9}), []))
    assert len({one.act.key for one in happened}) == 10_140
