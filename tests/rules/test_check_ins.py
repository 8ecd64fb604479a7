"""What is said in the private issue of a check-in: once, only while it holds, and nowhere else; what people answer."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import pytest

from bot import words
from bot.checkinnotes import Told
from bot.checkins import Because, CheckIn, Said, State
from bot.commands.catalog import CATALOG
from bot.effects import AnswerCheckIn, LookAgain, Quiet, React, Say, SetCare, VouchFor
from bot.looking import Asker, Hush, ThreadLook
from bot.model import TICK, OwnerId, Person
from bot.policy import Policy
from bot.policytypes import Mode
from bot.rules import answers, checkins
from bot.team import About, Care, Note
from tests.privacy import WORDS
from tests.rules.scenes import ADA, GOAT, GRACE, ISSUE, MAPS, NOW, look, policy
from tests.rules.test_answers import AT, asked, did, reply, wished

DAY: Final = timedelta(days=1)
PRIVATE: Final = replace(MAPS, private=True)
BEGUN: Final = NOW - 20 * DAY
ON: Final = policy(check_ins={"mode": Mode.ON})


def check_in(who: Person = ADA, state: State = State.ASKED, **changes: Any) -> CheckIn:
    one = CheckIn(
        person=who, begun_at=BEGUN, because=Because.SILENCE, state=state, state_at=BEGUN, place=ISSUE.ref
    )  # fmt: skip
    return replace(one, **changes)


def told(about: About, one: CheckIn | None = None, to: Person = ADA, **changes: Any) -> Told:
    note = Note(owner_id=OwnerId(1), about=about, person=to.id, at=NOW - DAY, matter=BEGUN, place=ISSUE.ref)
    return replace(Told(note=note, person=to, about=() if one is None else (one,)), **changes)


QUESTION: Final = told(About.QUESTION, check_in())
REMINDER: Final = told(About.REMINDER, check_in())
HANDED: Final = told(About.HANDED, check_in(state=State.HANDED), GRACE)
SEEN: Final = told(About.SEEN, check_in(state=State.OVER))


def place(*those: Told, **changes: Any) -> ThreadLook:
    """Their issue, with everybody free to be mentioned."""
    here: dict[str, Any] = {"author": GOAT, "repo": PRIVATE, "reachable": frozenset({ADA.id, GRACE.id})}
    return look(**(here | {"check_in_told": those} | changes))


@pytest.mark.parametrize(
    ("chosen", "paused", "days"),
    [
        pytest.param(ON, NOW + 2 * DAY, 2, id="paused"),
        pytest.param(policy(check_ins={"mode": Mode.SHADOW}), NOW - DAY, 1, id="in shadow mode again"),
    ],
)
def test_while_nothing_is_said_it_waits(chosen: Policy, paused: datetime, days: int) -> None:
    """What is only recorded would never be said, and nobody would know that they are asked."""
    [effect] = checkins.decide(place(QUESTION, hush=Hush(paused_until=paused)), chosen, NOW)
    assert isinstance(effect, LookAgain)
    assert effect.at == NOW + days * DAY


@pytest.mark.parametrize("one", [QUESTION, REMINDER, HANDED, SEEN], ids=lambda one: one.note.about)
def test_it_is_said_once(one: Told) -> None:
    [say] = checkins.decide(place(one), ON, NOW)
    assert isinstance(say, Say)
    assert (say.template, say.to, say.rule) == (f"check-in-{one.note.about}", one.person, "check_ins")
    seen = one.note.about is About.SEEN
    assert (say.mention, say.must_reach) == (not seen, not seen)
    [quiet] = checkins.decide(place(one, said_here=frozenset({say.key})), ON, NOW)
    assert isinstance(quiet, Quiet)


@pytest.mark.parametrize(
    ("scene", "why"),
    [
        pytest.param(place(QUESTION, repo=MAPS), "not in a private", id="public"),
        pytest.param(place(QUESTION, is_open=False), "is closed", id="closed"),
        pytest.param(place(told(About.QUESTION)), "does not hold", id="gone"),
        pytest.param(place(told(About.QUESTION, check_in(state=State.ANSWERED))), "does not hold", id="answered"),
        pytest.param(place(told(About.REMINDER, check_in(state=State.HANDED))), "does not hold", id="handed over"),
        pytest.param(place(told(About.HANDED, check_in(state=State.OVER), GRACE)), "does not hold", id="over"),
        pytest.param(place(told(About.SEEN, check_in())), "does not hold", id="open"),
        pytest.param(place(QUESTION, locked=True), "is locked", id="locked"),
    ],
)
def test_it_is_not_said(scene: ThreadLook, why: str) -> None:
    [quiet] = checkins.decide(scene, ON, NOW)
    assert isinstance(quiet, Quiet)
    assert why in quiet.why


def test_whom_the_configuration_leaves_alone_is_not_asked() -> None:
    [quiet] = checkins.decide(place(QUESTION), policy(people={"leave_alone": ("ada",)}), NOW)
    assert isinstance(quiet, Quiet)


def test_it_waits_until_they_may_be_mentioned() -> None:
    [again] = checkins.decide(place(QUESTION, reachable=frozenset()), ON, NOW)
    assert isinstance(again, LookAgain)
    [say] = checkins.decide(place(SEEN, reachable=frozenset()), ON, NOW)
    assert isinstance(say, Say)


def test_everything_has_a_key_of_its_own() -> None:
    later = replace(REMINDER, note=replace(REMINDER.note, at=NOW))
    assert len({checkins.key_of(one.note) for one in (QUESTION, REMINDER, later, HANDED, SEEN)}) == 5


@pytest.mark.parametrize("language", ["en", "es"])
def test_nobody_is_counted_or_blamed(language: str) -> None:
    """No numbers, no dates, and no word of how active somebody is."""
    for say in every_message():
        text = words.render(replace(say, language=language)).partition("<sub>")[0].casefold()
        assert not [word for word in ("inactiv", "absen", "ausen", "silen", "long", "tiempo") if word in text], text
        assert not [letter for letter in text if letter.isdigit()], text


def every_message() -> list[Say]:
    """In every combination that there can be, and all to Ada."""
    to_her = replace(HANDED, person=ADA)
    several = replace(to_her, about=(*HANDED.about, check_in(Person(GRACE.id, "linus_acme"), State.HANDED)))
    those = [QUESTION, REMINDER, replace(REMINDER, again=True), to_her, several, SEEN]
    return [checkins.speech(one, ON, organisation="alpine-tools") for one in those]


# What people answer


def scene(name: str, args: str = "", *, private: bool = True, by: Person = ADA, **changes: Any) -> ThreadLook:
    where = {"repo": PRIVATE if private else MAPS, "askers": {by.id: Asker(belongs=True)}}
    return look(**(where | {"requests": (asked(name, args, by),), "check_ins": (check_in(),)} | changes))


@pytest.mark.parametrize(("name", "said"), [("still-here", Said.HERE), ("ask-later", Said.LATER)])
def test_an_answer(name: str, said: Said) -> None:
    order, say = did(wished(scene(name), ON))
    assert isinstance(order, AnswerCheckIn)
    assert (order.said, order.person, order.as_of, order.again_at) == (said, ADA, AT, NOW + 180 * DAY)
    assert isinstance(say, Say)
    assert (say.template, say.values["months"]) == (f"answer-{name}-noted", 6)


@pytest.mark.parametrize("name", ["still-here", "ask-later", "check-ins", "vouch"])
@pytest.mark.parametrize("where", [{"private": False}, {"private": False, "check_ins": ()}], ids=["turned", "public"])
def test_in_public_a_thumb_is_all(name: str, where: dict[str, Any]) -> None:
    args = {"check-ins": "off", "vouch": "@grace"}.get(name, "")
    [order] = did(wished(scene(name, args, named={"grace": GRACE.id}, **where), ON))
    assert isinstance(order, AnswerCheckIn | SetCare | VouchFor)
    assert did(wished(scene("check-ins", **where), ON)) == []


def test_whoever_is_not_asked_there_gets_a_thumb_too() -> None:
    [order] = did(wished(scene("still-here", by=GRACE), ON))
    assert isinstance(order, AnswerCheckIn)
    [order] = did(wished(scene("vouch", "@grace", check_ins=(), named={"grace": GRACE.id}), ON))
    assert isinstance(order, VouchFor)


@pytest.mark.parametrize(
    ("args", "wish"),
    [("off", (False, None)), ("on", (True, None)), ("together", (True, True)), ("alone", (True, False))],
)
def test_how_somebody_wants_to_be_asked(args: str, wish: tuple[bool, bool | None]) -> None:
    order, say = did(wished(scene("check-ins", args), ON))
    assert isinstance(order, SetCare)
    assert (order.asked, order.together, order.person, order.as_of) == (*wish, ADA, AT)
    assert isinstance(say, Say)
    assert say.template == "answer-check-ins-shown"


@pytest.mark.parametrize(
    ("cares", "shown"),
    [
        ({}, {"asked": True, "together": False}),
        ({ADA.id: Care(asked=False)}, {"asked": False, "together": False}),
        ({ADA.id: Care(asked=True, together=True)}, {"asked": True, "together": True}),
        ({GRACE.id: Care(asked=False)}, {"asked": True, "together": False}),
    ],
)
def test_it_is_shown_to_whoever_asks(cares: dict[Any, Care], shown: dict[str, bool]) -> None:
    values = reply(wished(scene("check-ins", cares=cares), ON), "check-ins-shown", done=True)
    assert {name: values[name] for name in shown} == shown


def test_what_cannot_be_read_is_told_without_a_word_of_why() -> None:
    for private in (True, False):
        reply(wished(scene("check-ins", "never ever", private=private), ON), "check-ins-mistake")
        assert reply(wished(scene("vouch", private=private), ON), "vouch-mistake")["login"] is None
        assert reply(wished(scene("vouch", "@nobody", private=private), ON), "vouch-mistake")["login"] == "nobody"


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", ["check-ins", "vouch"])
def test_what_is_said_in_public_tells_of_nobody(name: str, language: str) -> None:
    _, say, _ = wished(scene(name, "what", private=False), ON.model_copy(update={"language": language}))
    assert isinstance(say, Say)
    assert not WORDS.search(words.render(say).replace(f"`/{name}", ""))


def test_somebody_has_a_word_for_another() -> None:
    order, say = did(wished(scene("vouch", "for @Grace", named={"grace": GRACE.id}), ON))
    assert isinstance(order, VouchFor)
    assert (order.whom.id, order.person, order.as_of) == (GRACE.id, ADA, AT)
    assert isinstance(say, Say)
    assert say.template == "answer-vouch-noted"


def test_a_tick_is_answered_in_words_alone() -> None:
    tick = replace(asked("still-here"), place=TICK, place_id=7)
    seen, order, say, end = wished(scene("", requests=(tick,)), ON)
    assert isinstance(order, AnswerCheckIn)
    assert isinstance(say, Say)
    assert [isinstance(one, React) and one.aloud for one in (seen, end)] == [False, False]


@pytest.mark.parametrize(
    ("where", "named"),
    [
        ({}, {"still_here", "ask_later", "check_ins", "vouch"}),
        ({"check_ins": (check_in(GRACE),)}, {"check_ins", "vouch"}),
        ({"private": False, "check_ins": ()}, set()),
    ],
)
def test_lists_name_them_only_where_nobody_else_reads_it(where: dict[str, Any], named: set[str]) -> None:
    can = reply(wished(scene("help", **where), ON), "help-can", done=True)["can"]
    assert {name for name in ("still_here", "ask_later", "check_ins", "vouch") if can[name]} == named


def test_they_are_not_there_where_check_ins_are_switched_off() -> None:
    off: Policy = policy(check_ins={"mode": Mode.OFF})
    for name in ("still-here", "ask-later", "check-ins", "vouch"):
        assert CATALOG[name].feature == "check_ins"
        asks = replace(asked(name), to_us=False)
        passed = answers.decide(scene(name, requests=(asks,)), off, NOW)
        assert [one.aloud for one in passed if isinstance(one, React)] == [False]
