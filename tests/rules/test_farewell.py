"""Stepping back and coming back: what commands do, and what is said, in words that tell nobody else."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any, Final

import pytest

from bot import words
from bot.checkins import Said
from bot.effects import AnswerCheckIn, Effect, Learn, Order, Question, React, Say, StepDown, TakeBack
from bot.farewells import Change, HandOver, InTeam, Leave, News, Task
from bot.looking import Asker, ThreadLook
from bot.model import OwnerId, Person, PersonId, RepoId, Request, ThreadRef
from bot.policy import Policy
from bot.rules import answers, farewell, returns
from bot.teampolicy import Account
from tests.rules.scenes import ADA, DEFAULTS, GRACE, MAPS, NOW, look, policy

AT: Final = NOW - timedelta(minutes=1)
HERE: Final = "issue_comment/50"
MARCH: Final = datetime(2027, 3, 1, tzinfo=UTC)
MARY: Final = Person(PersonId(77), "mary")
PLACE: Final = ThreadRef(RepoId(200), 3)
LEAVE: Final = Leave(person=ADA, at=AT, by=ADA.id, said_in=ThreadRef(MAPS.id, 5))
ALL: Final = HandOver(
    knows=(Task(about="docs_a", next="grace", is_area=True), Task(about="huts")),
    claims=(Task(about="alpine-tools/huts#1", next="grace"), Task(about="alpine-tools/huts#2")),
    reviews=(Task(about="alpine-tools/huts#3", next="grace"), Task(about="alpine-tools/huts#4")),
    pulls=(Task(about="alpine-tools/huts#5", next="grace"), Task(about="alpine-tools/huts#6")),
    mentors=(Task(about="alpine-tools/huts#7", next="grace"), Task(about="alpine-tools/huts#8")),
    changes=(Change(file="alpine-tools/team: team.yml", diff="--- a/team.yml\n+++ b/team.yml\n-x: 1\n+x: 2\n"),),
)
OWNED: Final = policy(
    farewell={
        "owners": ("grace", "linus"),
        "accounts": (Account(name="PyPI", url="https://a.org/x"), Account(name="Chat")),
    }
)


def scene(args: str, name: str = "stepping-down", by: Person = ADA, *, belongs: bool | None = True, **changes: Any
          ) -> ThreadLook:  # fmt: skip
    request = Request(name, args, by, AT, "issue_comment", 50, "NODE", to_us=True)
    team = {by.id: InTeam(belongs=belongs), MARY.id: InTeam(belongs=True)}
    given: dict[str, Any] = {
        "requests": (request,), "askers": {by.id: Asker(belongs=belongs)}, "named": {"mary": MARY.id}, "team": team,
        "repos": {"huts": "Huts", "trail-maps": "trail-maps"},
    }  # fmt: skip
    return look(**given | changes)


def wished(where: ThreadLook, configured: Policy = DEFAULTS) -> list[Effect]:
    return answers.decide(where, configured, NOW)


def orders(effects: list[Effect]) -> list[Order]:
    return [effect for effect in effects if isinstance(effect, Order)]


def thumb(effects: list[Effect]) -> str:
    last = effects[-1]
    assert isinstance(last, React)
    return last.content


@pytest.mark.parametrize(
    ("args", "by", "whom", "repos", "until", "for_good"),
    [
        ("", ADA, ADA, (), None, False),
        ("for good", ADA, ADA, (), None, True),
        ("from huts until 2027-03-01", ADA, ADA, ("Huts",), MARCH, False),
        ("@ada", ADA, ADA, (), None, False),
        ("@mary from trail-maps", GRACE, MARY, ("trail-maps",), None, False),
    ],
)
def test_somebody_steps_back(
    args: str, by: Person, whom: Person, repos: tuple[str, ...], until: datetime | None, for_good: bool
) -> None:
    effects = wished(scene(args, by=by))
    [order] = orders(effects)
    assert isinstance(order, StepDown)
    assert (order.whom, order.repos, order.until, order.for_good) == (whom, repos, until, for_good)
    assert (order.person, order.as_of, order.key) == (by, AT, f"answers/stepping-down/order/{HERE}")
    assert [effect for effect in effects if isinstance(effect, Say)] == []
    assert thumb(effects) == "+1"
    after = wished(scene(args, by=by, said_here=frozenset({order.key}), team={}))
    assert (orders(after), thumb(after)) == ([], "+1")


@pytest.mark.parametrize(("args", "again"), [("", AT + timedelta(days=180)), ("for 2 years", AT + timedelta(days=730))])
def test_an_open_check_in_is_answered_with_it(args: str, again: datetime) -> None:
    _, answer = orders(wished(scene(args, belongs=None, team={ADA.id: InTeam(belongs=True, asked=True)})))
    assert isinstance(answer, AnswerCheckIn)
    assert (answer.person, answer.said, answer.again_at) == (ADA, Said.STEPS_BACK, again)


@pytest.mark.parametrize(
    ("args", "scene_", "mistake"),
    [
        ("", {"belongs": False}, "nothing"),
        ("because I am ill", {"belongs": False}, "nothing"),
        ("because I am ill", {}, "words"),
        ("until spring", {}, "duration"),
        ("until 2020-01-01", {}, "past"),
        ("for 9 years", {}, "long"),
        ("from rockets", {}, "repository"),
        ("@nobody", {"by": GRACE}, "person"),
        ("@mary", {"by": GRACE, "team": {GRACE.id: InTeam(belongs=True)}}, "person"),
    ],
)
def test_what_cannot_be_obeyed_is_told_kindly(args: str, scene_: dict[str, Any], mistake: str) -> None:
    effects = wished(scene(args, **scene_))
    [say] = [effect for effect in effects if isinstance(effect, Say)]
    assert say.template == "answer-stepping-down-mistake"
    assert say.values["mistake"] == mistake
    assert (orders(effects), thumb(effects)) == ([], "confused")
    again = wished(scene(args, said_here=frozenset({say.key}), **scene_))
    assert [effect for effect in again if not isinstance(effect, React)] == []


def test_only_maintainers_step_back_for_somebody_else() -> None:
    led = policy(people={"maintainers": ("grace",)})
    [say] = [effect for effect in wished(scene("@mary"), led) if isinstance(effect, Say)]
    assert say.values["mistake"] == "yours"


def test_who_is_of_the_team_may_have_to_be_found_out() -> None:
    [learn] = wished(scene("", belongs=None))
    assert isinstance(learn, Learn)
    assert learn.question is Question.TEAM


@pytest.mark.parametrize(
    ("name", "args", "by", "whom"),
    [
        ("stepping-down", "off", ADA, ADA),
        ("welcome-back", "@Mary", GRACE, MARY),
        ("welcome-back", "", GRACE, GRACE),
    ],
)
def test_somebody_is_back(name: str, args: str, by: Person, whom: Person) -> None:
    effects = wished(scene(args, name, by))
    [order] = orders(effects)
    assert isinstance(order, TakeBack)
    assert (order.person, order.whom, order.as_of) == (by, whom, AT)
    assert [type(effect) for effect in effects] == [React, TakeBack, React]
    after = wished(scene(args, name, by, said_here=frozenset({order.key})))
    assert (orders(after), thumb(after)) == ([], "+1")


def test_who_is_back_has_to_be_known() -> None:
    [say] = [effect for effect in wished(scene("@nobody", "welcome-back", GRACE)) if isinstance(effect, Say)]
    assert say.values["mistake"] == "person"


def test_whether_it_holds() -> None:
    assert not LEAVE.holds(AT - timedelta(seconds=1))
    assert LEAVE.holds(AT)
    assert [replace(LEAVE, until=MARCH).holds(at) for at in (NOW, MARCH)] == [True, False]
    assert not replace(LEAVE, until=MARCH, back_at=NOW).holds(NOW)
    assert LEAVE.is_from("huts")
    assert replace(LEAVE, repos=("Huts",)).is_from("huts")
    assert not replace(LEAVE, repos=("Huts",)).is_from("trail-maps")


def test_a_list_is_said_once_and_names_only_so_many() -> None:
    long = tuple(Change(file=f"alpine-tools/{number}: team.yml", diff="+ab\n" * 4_000) for number in range(60))
    full = farewell.checklist(
        LEAVE, PLACE, replace(ALL, changes=long), DEFAULTS, owner_id=OwnerId(1), organisation="alpine-tools"
    )  # fmt: skip
    assert len(words.render(full)) < 65_000  # that GitHub takes
    many = HandOver(claims=tuple(Task(about=f"alpine-tools/huts#{number}") for number in range(1, 19)))
    say = farewell.checklist(LEAVE, PLACE, many, DEFAULTS, owner_id=OwnerId(1), organisation="alpine-tools")
    assert say.key == f"farewell/farewell-checklist/1/7/{int(AT.timestamp())}"
    claims = say.values["claims"]
    assert isinstance(claims, dict)
    assert (len(claims), say.values["more"], say.mention) == (15, 3, True)


@pytest.mark.parametrize(
    ("days", "back", "watched"), [(None, None, True), (30, None, True), (None, 30, False), (None, 90, True)]
)
def test_what_is_a_return(days: int | None, back: int | None, watched: bool) -> None:
    leave = replace(
        LEAVE, until=AT + timedelta(days=days) if days else None, back_at=AT + timedelta(days=back) if back else None
    )
    assert returns.watched_since(leave, DEFAULTS) == (AT + timedelta(days=60) if watched else None)


@pytest.mark.parametrize(
    ("until", "back", "ended"), [(None, None, None), (59, None, None), (60, None, 60), (None, 61, 61)]
)
def test_when_a_long_time_away_was_over(until: int | None, back: int | None, ended: int | None) -> None:
    at = {days: AT + timedelta(days=days) if days else None for days in (until, back, ended)}
    assert returns.away_ended(AT, at[until], at[back], DEFAULTS) == at[ended]


def spoken() -> Iterator[Say]:
    """All that can be said."""
    leaves = [LEAVE, replace(LEAVE, repos=("huts", "trail-maps"), until=MARCH)]
    for leave, told, chosen in product(leaves, (ALL, HandOver()), (DEFAULTS, OWNED)):
        yield farewell.checklist(leave, PLACE, told, chosen, owner_id=OwnerId(1), organisation="alpine-tools")
    pull = replace(ALL.changes[0], pull="https://github.com/alpine-tools/team/pull/1")
    yield farewell.checklist(
        LEAVE, PLACE, replace(ALL, changes=(pull,), claims=ALL.claims * 9), OWNED, owner_id=OwnerId(1),
        organisation="alpine-tools",
    )  # fmt: skip
    for back, teams, changes, chosen in product((None, NOW), ((), ("guides",)), ((), ALL.changes), (DEFAULTS, OWNED)):
        leave = replace(LEAVE, back_at=back)
        yield farewell.standing(
            leave, PLACE, teams, changes, chosen, owner_id=OwnerId(1), organisation="alpine-tools"
        )  # fmt: skip
    told_news = (
        News(),
        News(repository="huts", merged=1, ask="grace"),
        News(repository="huts", release="Two_2", url="https://a.org/2", merged=2),
    )
    for news, private, stepped_back in product(told_news, (True, False), (True, False)):
        yield returns.greeting(
            ADA, AT, PLACE, news, DEFAULTS, owner_id=OwnerId(1), private=private, stepped_back=stepped_back
        )  # fmt: skip
    for args, scene_ in (
        ("", {"belongs": False}), ("x", {}), ("until spring", {}), ("until 2020-01-01", {}), ("for 9 years", {}),
        ("from x", {}), ("@nobody", {"by": GRACE}),
    ):  # fmt: skip
        yield from (one for one in wished(scene(args, **scene_)) if isinstance(one, Say))
    led = policy(people={"maintainers": ("grace",)})
    for args, name, chosen in (("@mary", "stepping-down", led), ("@nobody", "welcome-back", DEFAULTS)):
        yield from (one for one in wished(scene(args, name), chosen) if isinstance(one, Say))


def test_in_public_nothing_is_said_of_absence() -> None:
    for say in spoken():
        if say.template == returns.GREETING and not say.values["private"]:
            assert (say.values["merged"], say.values["stepped_back"]) == (0, False)
