"""Answers to commands: who may use them, what comes of it, and that nobody is left without an answer."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest

from bot import words
from bot.cohorts import Round
from bot.commands.catalog import CATALOG, UNKNOWN
from bot.effects import (
    Assign,
    CorrectWaiting,
    Effect,
    EndClaim,
    Label,
    Learn,
    Order,
    Question,
    Quiet,
    React,
    Retract,
    Say,
    Snooze,
    TakeInterest,
)
from bot.looking import Asker, Origin, ThreadLook
from bot.mentors import Said
from bot.model import GHOST, Happening, Person, PersonId, Request, Step, ThreadKind
from bot.pathpolicy import Who
from bot.pathway import Acted, Claim, Ended
from bot.policy import Policy
from bot.policytypes import Mode
from bot.rules import answers
from bot.rules.answers import HANDLERS, explained
from bot.rules.answers.asking import Answer, Asked
from tests.cohort.test_choosing import COHORT
from tests.rules.scenes import ADA, DEFAULTS, GOAT, GRACE, MAPS, NOW, look, policy
from tests.rules.test_mentoring_running import LEAD, mentoring

AT: Final = NOW - timedelta(minutes=1)
LONG_AGO: Final = NOW - timedelta(days=3)
HERE: Final = "issue_comment/50"
MARY: Final = Person(PersonId(77), "mary")


def asked(name: str, args: str = "", by: Person = ADA, *, at: Any = AT, id_: int = 50) -> Request:
    return Request(name, args, by, at, "issue_comment", id_, "NODE", to_us=True)


def scene(name: str, args: str = "", by: Person = ADA, *, belongs: bool | None = None, **changes: Any) -> ThreadLook:
    """Ada writes it in her issue; Grace, and nobody else, belongs to the organisation."""
    knows = {by.id: Asker(belongs=by == GRACE if belongs is None else belongs)}
    return look(**{"requests": (asked(name, args, by),), "askers": knows} | changes)


def wished(where: ThreadLook, configured: Policy = DEFAULTS) -> list[Effect]:
    return answers.decide(where, configured, NOW)


def reply(effects: list[Effect], about: str, *, done: bool = False) -> Mapping[str, Any]:
    """The values of the one reply that there is, between 👀 and the reaction that ends it."""
    seen, say, react = effects
    assert isinstance(seen, React)
    assert isinstance(say, Say)
    assert isinstance(react, React)
    assert (seen.content, react.content) == ("eyes", "+1" if done else "confused")
    assert (say.template, say.mention, say.asked_for) == (f"answer-{about}", False, True)
    words.render(say)
    return say.values


def did(effects: list[Effect]) -> list[Effect]:
    """What is done between 👀 and 👍."""
    first, *between, last = effects
    assert isinstance(first, React)
    assert isinstance(last, React)
    assert (first.content, last.content) == ("eyes", "+1")
    return between


# The frame


def test_what_was_said_already_is_not_said_again_and_a_reaction_comes_last() -> None:
    seen, say, end = wished(scene("why"))
    assert isinstance(seen, React)
    assert isinstance(say, Say)
    assert isinstance(end, React)
    assert [seen.key, say.key, end.key] == [f"answers/why/{what}{HERE}" for what in ("seen/", "reply/", "")]
    assert wished(scene("why", said_here=frozenset({seen.key}))) == [say, end]
    assert wished(scene("why", said_here=frozenset({seen.key, say.key}))) == [end]
    assert wished(scene("why", said_here=frozenset({seen.key, say.key, end.key}))) == []


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param(asked("no-bot"), id="another rule's command"),
        pytest.param(asked("help", at=NOW - timedelta(days=7)), id="a week ago"),
        pytest.param(asked("help", by=GHOST), id="an account that is deleted"),
        pytest.param(asked("help", by=GOAT), id="a bot"),
    ],
)
def test_what_is_not_answered(request_: Request) -> None:
    assert wished(look(requests=(request_,))) == []


# Without the app's name in front it may be meant for another bot. What `policy(...)` leaves out is in shadow mode.
@pytest.mark.parametrize(
    ("name", "configured", "answered"),
    [
        pytest.param("help", {}, False, id="nothing speaks"),
        pytest.param("help", {"welcome": {"mode": Mode.ON}}, False, id="what speaks names no commands"),
        pytest.param("help", {"claims": {"mode": Mode.ON}}, True, id="what speaks names commands"),
        pytest.param("help", {"commands": {"without_name": "on"}}, True, id="switched on"),
        pytest.param("help", {"claims": {"mode": Mode.ON}, "commands": {"without_name": "off"}}, False, id="off"),
        pytest.param("claim", {"commands": {"without_name": "on", "claim": Who.NOBODY}}, False, id="for nobody"),
        pytest.param(
            "claim", {"commands": {"without_name": "on"}, "claims": {"mode": Mode.OFF}}, False, id="no claims"
        ),
        pytest.param("claim", {"commands": {"without_name": "on", "claim": Who.MEMBERS}}, True, id="for others"),
        pytest.param(UNKNOWN, {"commands": {"without_name": "on"}}, False, id="no command"),
    ],
)
def test_what_may_be_for_another_bot_is_left_to_it(name: str, configured: dict[str, Any], answered: bool) -> None:
    where = scene(name, requests=(replace(asked(name), to_us=False),))
    assert is_answered(wished(where, policy(**configured))) is answered
    assert is_answered(wished(scene(name), policy(**configured)))  # with its name in front it is for us


def is_answered(effects: list[Effect]) -> bool:
    return any(isinstance(effect, React) and effect.aloud for effect in effects)


def test_what_was_left_to_another_bot_is_not_answered_late_but_with_the_name_in_front() -> None:
    plain, on = replace(asked("help"), to_us=False), policy(commands={"without_name": "on"})
    [noted] = wished(scene("help", requests=(plain,)))
    assert isinstance(noted, React)
    assert not noted.aloud
    seen: dict[str, Any] = {"said_here": frozenset({noted.key})}
    for configured in (DEFAULTS, on):
        [still] = wished(scene("help", requests=(plain,), **seen), configured)
        assert isinstance(still, Quiet)
    assert is_answered(wished(scene("help", **seen)))


def test_of_those_who_take_an_issue_the_first_that_was_heard_of_is_first() -> None:
    first, why, second = (replace(asked("claim", id_=50), turn=3), replace(asked("why", id_=51), turn=1),
                          replace(asked("claim", by=MARY, id_=52), turn=2))  # fmt: skip
    where = look(requests=(first, why, second), askers={who.id: Asker(belongs=False) for who in (ADA, MARY)})
    assert [one.request.place_id for one in answers.waiting(where, DEFAULTS, NOW)] == [52, 51, 50]


def test_every_command_with_an_answer_is_in_the_catalog() -> None:
    assert HANDLERS.keys() - {UNKNOWN} <= CATALOG.keys()


@pytest.fixture
def claims(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that is only for issues, and only where a feature is not off."""
    monkeypatch.setitem(HANDLERS, "claim", HANDLERS["why"])


@pytest.mark.usefixtures("claims")
@pytest.mark.parametrize(
    ("where", "configured", "about"),
    [
        pytest.param({"kind": ThreadKind.DISCUSSION}, DEFAULTS, "place", id="elsewhere"),
        pytest.param({}, policy(claims={"mode": Mode.OFF}), "off", id="off"),
        pytest.param({}, policy(commands={"claim": Who.NOBODY}), "off", id="for nobody"),
        pytest.param({}, policy(commands={"claim": Who.MEMBERS}), "not-you", id="for others"),
    ],
)
def test_who_cannot_is_told_so_once(where: dict[str, Any], configured: Policy, about: str) -> None:
    effects = wished(scene("claim", **where), configured)
    assert reply(effects, about)["command"] == "claim"
    say = effects[1]
    assert isinstance(say, Say)
    assert say.key == f"answers/claim/{about}/100/5/{ADA.id}"
    again = wished(
        scene("claim", requests=(asked("claim", id_=51),), said_here=frozenset({say.key}), **where), configured
    )
    assert [type(effect) for effect in again] == [React, React]


def test_whom_to_ask() -> None:
    configured = policy(commands={"why": Who.MAINTAINERS}, people={"maintainers": ("grace", "alpine-tools/guides")})
    assert reply(wished(scene("why"), configured), "not-you")["maintainers"] == "grace, alpine-tools/guides"
    members = policy(commands={"why": Who.MAINTAINERS})
    assert reply(wished(scene("why"), members), "not-you")["maintainers"] is None


def test_whether_somebody_belongs_may_have_to_be_found_out() -> None:
    somebody: dict[str, Any] = {"askers": {ADA.id: Asker()}}
    [learn] = wished(scene("why", **somebody), policy(commands={"why": Who.MEMBERS}))
    assert isinstance(learn, Learn)
    assert learn.question is Question.TEAM


@pytest.mark.parametrize(
    ("by", "changes", "may"),
    [
        pytest.param(ADA, {}, True, id="the author"),
        pytest.param(MARY, {}, False, id="somebody"),
        pytest.param(MARY, {"assignees": frozenset({MARY.id})}, True, id="who is assigned"),
        pytest.param(MARY, {"claims": (Claim(person=MARY, at=AT, last_sign=AT),)}, True, id="who has claimed it"),
        pytest.param(MARY, {"claims": (Claim(person=MARY, at=AT, last_sign=AT, ended_at=NOW),)}, False,
                     id="who had claimed it"),
        pytest.param(MARY, {"claims": (Claim(person=ADA, at=AT, last_sign=AT),)}, False, id="another has claimed it"),
        pytest.param(GRACE, {}, True, id="a maintainer"),
    ],
)  # fmt: skip
def test_who_is_involved(by: Person, changes: dict[str, Any], may: bool) -> None:
    effects = wished(scene("snooze", "2 weeks", by, **changes))
    assert any(isinstance(effect, Snooze) for effect in effects) is may


@pytest.mark.parametrize("maintains", [True, False])
def test_who_may_not_may_still_suggest(monkeypatch: pytest.MonkeyPatch, maintains: bool) -> None:
    heard: list[bool] = []

    def level(asked: Asked, now: Any) -> Answer:
        heard.append(asked.may)
        return Answer(done=True, why=asked.why)

    monkeypatch.setitem(HANDLERS, "level", level)
    assert did(wished(scene("level", "medium", GRACE if maintains else ADA))) == []
    assert heard == [maintains]


# /help


IDLE: Final = frozenset(
    {"accept", "later", "decline", "handover", "mentor_done", "record"}
)  # nothing to answer with them
IN_PRIVATE: Final = frozenset(
    {"ask_later", "check_ins", "share_thanks", "still_here", "stepping_down", "vouch", "welcome_back"}
)  # named nowhere else


@pytest.mark.parametrize(
    ("by", "changes", "configured", "cannot"),
    [
        pytest.param(ADA, {}, DEFAULTS, {"switchback", "create_labels", "pointers", "triage_rota", "mentor_this",
                                         "mentor", *IDLE}, id="a newcomer in her issue"),
        pytest.param(GRACE, {}, DEFAULTS, IDLE, id="a maintainer"),
        pytest.param(MARY, {}, DEFAULTS, {"switchback", "create_labels", "pointers", "undo", "snooze", "triage_rota",
                                          "waiting_on", "mentor_this", "mentor", *IDLE}, id="a guest"),
        pytest.param(GRACE, {"kind": ThreadKind.PULL_REQUEST}, DEFAULTS,
                     {"level", "pointers", "claim", "unclaim", "working", *IDLE}, id="in a pull request"),
        pytest.param(GRACE, {}, policy(claims={"mode": Mode.OFF}, commands={"path": Who.NOBODY}),
                     {"claim", "unclaim", "working", "path", *IDLE}, id="switched off"),
        pytest.param(GRACE, {"mentoring": mentoring(replace(LEAD, person=GRACE, said=Said.OPEN), mentee=ADA)}, DEFAULTS,
                     {"handover", "record"}, id="who is asked to mentor"),
        pytest.param(GRACE, {"mentoring": mentoring(replace(LEAD, person=GRACE), mentee=ADA)}, DEFAULTS,
                     {"accept", "later", "record"}, id="a mentor"),
        pytest.param(ADA, {"mentoring": mentoring(mentee=ADA)}, DEFAULTS,
                     {"switchback", "create_labels", "pointers", "triage_rota", "mentor_this", "mentor",
                      *IDLE} - {"mentor_done"}, id="who is mentored"),
        pytest.param(GRACE, {"rounds": (Round(cohort=COHORT),)}, DEFAULTS, IDLE - {"record"}, id="in a cohort's time"),
    ],
)  # fmt: skip
def test_help_tells_what_this_person_can_use_here(
    by: Person, changes: dict[str, Any], configured: Policy, cannot: set[str]
) -> None:
    can = reply(wished(scene("help", by=by, **changes), configured), "help-can", done=True)["can"]
    assert {name for name, usable in can.items() if not usable} == cannot | IN_PRIVATE
    assert can.keys() == {entry.setting for entry in CATALOG.values()}


def test_help_asks_who_belongs_where_it_matters() -> None:
    [learn] = wished(scene("help", askers={}))
    assert isinstance(learn, Learn)


@pytest.mark.parametrize("language", words.languages())
def test_help_has_words_and_an_example_for_every_command(language: str) -> None:
    say = wished(scene("help", by=GRACE))[1]
    assert isinstance(say, Say)
    can = {entry.setting: True for entry in CATALOG.values()}
    text = words.render(replace(say, values={**say.values, "can": can}, language=language))
    assert [entry.name for entry in CATALOG.values() if f"\n- `{entry.examples[0].split()[0]}" not in text] == []


@pytest.mark.parametrize("meant", ["claim", ""])
def test_what_is_no_command_is_told_with_what_may_be_meant(meant: str) -> None:
    assert reply(wished(scene(UNKNOWN, meant)), "unknown-command")["meant"] == (meant or None)


# /snooze


@pytest.mark.parametrize(
    ("args", "lasts"),
    [
        ("2 weeks", timedelta(weeks=2)), ("for a day, please", timedelta(days=1)), ("", timedelta(weeks=2)),
        ("please", timedelta(weeks=2)),
    ],
)  # fmt: skip
def test_a_thread_is_snoozed(args: str, lasts: timedelta) -> None:
    [order] = did(wished(scene("snooze", args)))
    assert isinstance(order, Snooze)
    assert (order.until, order.as_of, order.person) == (AT + lasts, AT, ADA)


def test_a_snooze_ends() -> None:
    [order] = did(wished(scene("snooze", "off")))
    assert isinstance(order, Snooze)
    assert order.until is None


@pytest.mark.parametrize(
    ("args", "mistake"), [("soon", "duration"), ("until 2020-01-01", "past"), ("27 weeks", "long")]
)
def test_a_snooze_that_cannot_be_understood(args: str, mistake: str) -> None:
    assert reply(wished(scene("snooze", args)), "snooze-mistake") == {
        "command": "snooze", "mistake": mistake, "day": "2026-12-07"
    }  # fmt: skip


# /why and /undo look back


def act(effect: str = "say", *, key: str = "", rule: str = "welcome", to: Person = ADA, at: Any = LONG_AGO,
        **detail: Any) -> Acted:  # fmt: skip
    """Something that the bot did; by itself, a welcome."""
    template = "welcome-issue" if effect == "say" else None
    return Acted(
        key=key or f"{rule}/{effect}", rule=rule, effect=effect, template=template, why="first issue of ada @ here",
        at=at, person_id=to.id, external_id=7, node_id="C7", url="https://github.com/x", detail=detail,
    )  # fmt: skip


def by_command(effect: str, command: str, what: str = "order", *, id_: int = 40, to: Person = ADA,
               at: Any = LONG_AGO, **detail: Any) -> Acted:  # fmt: skip
    key = f"answers/{command}/{what}/issue_comment/{id_}"
    return act(effect, key=key, rule="answers", to=to, at=at, **detail)


WELCOME: Final = act()
HELP: Final = by_command("say", "help", "reply")
GONE: Final = act("retract", key="answers/undo/x/issue_comment/1", rule="answers", said=WELCOME.key)


@pytest.mark.parametrize(
    ("acted", "setting", "value"),
    [
        pytest.param((WELCOME,), "welcome.mode", "shadow", id="a comment"),
        pytest.param((WELCOME, HELP), "welcome.mode", "shadow", id="an answer counts less"),
        pytest.param((HELP,), "commands.help", "everybody", id="where there is nothing else"),
        pytest.param((WELCOME, GONE, HELP), "commands.help", "everybody", id="it was taken back"),
        pytest.param((act(rule="steer"),), "switchback", "on", id="to somebody who steers"),
        pytest.param((act(rule="reception"),), "switchback", "on", id="by no rule"),
        pytest.param((by_command("say", UNKNOWN),), "switchback", "on", id="no command"),
    ],
)
@pytest.mark.parametrize(
    "origin",
    [
        None,
        Origin(given="defaults"),
        Origin(given="service"),
        Origin(given="operator", line=3),
        Origin(given="file", line=7, repository="alpine-tools/.github"),
        Origin(given="file", line=7, repository="alpine-tools/.github", url="https://github.com/a/.github/blob/f#L7"),
    ],
)
def test_why(acted: tuple[Acted, ...], setting: str, value: str, origin: Origin | None) -> None:
    where = scene("why", acted=acted, origins={} if origin is None else {setting: origin})
    assert explained(where, DEFAULTS, NOW) == {setting}
    effects = wished(where)
    told = reply(effects, "why-comment", done=True)
    assert (told["setting"], told["value"], told["why"]) == (setting, value, "first issue of ada @ here")
    say = effects[1]
    assert isinstance(say, Say)
    text = words.render(say)
    assert "@" not in text
    assert (origin is not None and origin.line > 0) == (f"line {origin.line if origin else 0}" in text)


def test_why_where_nothing_was_said() -> None:
    own = by_command("say", "why", "reply", id_=50)
    for acted in ((), (act("react"),), (own,), (WELCOME, GONE)):
        where = scene("why", acted=acted)
        reply(wished(where), "why-nothing", done=True)
        assert explained(where, DEFAULTS, NOW) == frozenset()
    assert explained(scene("help"), DEFAULTS, NOW) == frozenset()


def undone(*acted: Acted, by: Person = GRACE, **changes: Any) -> list[Effect]:
    return wished(scene("undo", by=by, acted=acted, **changes))


@pytest.mark.parametrize(
    ("by", "acted", "said", "unwanted"),
    [
        pytest.param(GRACE, (WELCOME,), WELCOME, True, id="a maintainer, a comment that was for another"),
        pytest.param(ADA, (WELCOME,), WELCOME, False, id="who it was for"),
        pytest.param(GRACE, (act(to=GRACE),), act(to=GRACE), False, id="a maintainer, a comment that was for her"),
        pytest.param(GRACE, (WELCOME, HELP, act("react")), WELCOME, True, id="answers and reactions count less"),
        pytest.param(GRACE, (HELP,), HELP, False, id="an answer, where there is nothing else"),
        pytest.param(ADA, (WELCOME, act(rule="offers", to=MARY)), WELCOME, False, id="what was for others stays"),
    ],
)
def test_a_comment_is_taken_back(by: Person, acted: tuple[Acted, ...], said: Acted, unwanted: bool) -> None:
    [retract] = did(undone(*acted, by=by))
    assert isinstance(retract, Retract)
    assert (retract.said, retract.comment_id, retract.node_id) == (said.key, 7, "C7")
    assert (retract.unwanted, retract.to) == (unwanted, by)


def test_only_one_thing_is_taken_back_by_a_command_and_another_by_the_next() -> None:
    offer = act(rule="offers")
    [first] = did(undone(WELCOME, offer))
    assert isinstance(first, Retract)
    assert first.said == offer.key
    gone = act("retract", key=first.key, rule="answers", said=offer.key)
    [_, react] = undone(WELCOME, offer, gone, said_here=frozenset({first.key}))
    assert isinstance(react, React)
    assert react.content == "+1"
    later: dict[str, Any] = {"requests": (asked("undo", by=GRACE, id_=51),), "said_here": frozenset({first.key})}
    [second] = did(undone(WELCOME, offer, gone, **later))
    assert isinstance(second, Retract)
    assert second.said == WELCOME.key


@pytest.mark.parametrize(
    ("acted", "about"),
    [
        pytest.param((), "nothing", id="nothing was done"),
        pytest.param((WELCOME, GONE), "nothing", id="it was taken back"),
        pytest.param((by_command("snooze", "snooze", on=False),), "nothing", id="what ended something"),
        pytest.param((act(to=MARY),), "not-yours", id="what was for another"),
    ],
)
def test_nothing_to_take_back(acted: tuple[Acted, ...], about: str) -> None:
    assert reply(undone(*acted, by=ADA), "undo-sorry")["about"] == about


@pytest.mark.parametrize("effect", ["pointers", "make_label", "pause", "mute", "end_claim"])
def test_what_stays_is_told_with_what_does_it_instead(effect: str) -> None:
    told = reply(
        undone(by_command(effect, "claim"), by_command("assign", "claim", "assign", assigned=False)), "undo-sorry"
    )
    assert (told["about"], told["what"]) == ("stays", effect)


def test_what_could_not_be_taken_back_is_told() -> None:
    [retract] = did(undone(WELCOME))
    assert isinstance(retract, Retract)
    say, _ = undone(WELCOME, said_here=frozenset({retract.key, f"answers/undo/seen/{HERE}"}))
    assert isinstance(say, Say)
    assert say.values["about"] == "failed"


def test_who_belongs_matters_for_what_may_be_taken_back() -> None:
    [learn] = undone(WELCOME, by=ADA, askers={})
    assert isinstance(learn, Learn)


def labeled(name: str, by: Person, *, later: bool = True, step: Step = Step.LABELED) -> Happening:
    return Happening(step, LONG_AGO + timedelta(hours=1 if later else -1), by, about=name)


LEVEL: Final = by_command("label", "level", add=["medium"], remove=["good first issue"])


@pytest.mark.parametrize(
    ("labels", "history", "away", "back"),
    [
        pytest.param({"medium"}, (), ("medium",), ("good first issue",), id="as it was left"),
        pytest.param({"medium"}, (labeled("medium", GOAT),), ("medium",), ("good first issue",), id="by a bot"),
        pytest.param({"medium"}, (labeled("medium", MARY, later=False),), ("medium",), ("good first issue",),
                     id="what a human did before"),
        pytest.param({"medium"}, (labeled("medium", MARY),), (), ("good first issue",), id="a human set it again"),
        pytest.param({"medium", "good first issue"}, (labeled("good first issue", MARY),), ("medium",), (),
                     id="a human brought the other back"),
        pytest.param(set(), (labeled("medium", MARY, step=Step.UNLABELED),), (), ("good first issue",),
                     id="a human took it away"),
        pytest.param({"medium"}, (labeled("medium", MARY), labeled("good first issue", MARY, step=Step.UNLABELED)),
                     (), (), id="humans decided both"),
    ],
)  # fmt: skip
def test_labels_are_taken_back_but_never_against_a_human(
    labels: set[str], history: tuple[Happening, ...], away: tuple[str, ...], back: tuple[str, ...]
) -> None:
    effects = undone(LEVEL, labels=frozenset(labels), history=history)
    if not away and not back:
        assert reply(effects, "undo-sorry")["about"] == "changed"
        return
    [label] = did(effects)
    assert isinstance(label, Label)
    assert (label.remove, label.add) == (away, back)


CLAIMED: Final = by_command("claim", "claim")
ASSIGNED: Final = by_command("assign", "claim", "assign", assigned=True)
TOLD: Final = by_command("say", "claim", "reply")
HERS: Final = Claim(person=ADA, at=LONG_AGO, last_sign=LONG_AGO)
WROTE: Final = (asked("claim", at=NOW - timedelta(days=8), id_=40), asked("undo", by=GRACE))


def test_what_one_command_did_goes_together() -> None:
    scene_: dict[str, Any] = {"claims": (HERS,), "assignees": frozenset({ADA.id}), "requests": WROTE[1:] + WROTE[:1]}
    unassign, end = did(undone(WELCOME, CLAIMED, ASSIGNED, TOLD, **scene_))
    assert isinstance(unassign, Assign)
    assert (unassign.to, unassign.assigned) == (ADA, False)
    assert isinstance(end, EndClaim)
    assert (end.person, end.ended, end.as_of) == (ADA, Ended.UNDONE, AT)
    half = frozenset({end.key, f"answers/undo/seen/{HERE}"})
    own = by_command("end_claim", "undo", "x", id_=50)
    over = scene_ | {"claims": (replace(HERS, ended_at=NOW),)}
    ended = replace(own, key=end.key)
    rest = undone(WELCOME, CLAIMED, ASSIGNED, TOLD, ended, said_here=half, **over)
    assert rest[0] == unassign
    assert [type(effect) for effect in rest] == [Assign, React]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"assignees": frozenset()}, id="is not assigned any more"),
        pytest.param({"history": (labeled(str(ADA.id), MARY, step=Step.ASSIGNED),)}, id="a human assigned her too"),
        pytest.param({"requests": (asked("undo", by=GRACE),)}, id="is not known here any more"),
    ],
)
def test_an_assignment_is_left_to_humans(changes: dict[str, Any]) -> None:
    there = {"assignees": frozenset({ADA.id}), "requests": WROTE}
    effects = undone(ASSIGNED, CLAIMED, **there | changes)
    assert reply(effects, "undo-sorry")["about"] == "changed"


def test_an_assignment_comes_back() -> None:
    [assign] = did(undone(by_command("assign", "unclaim", assigned=False), requests=WROTE))
    assert isinstance(assign, Assign)
    assert assign.assigned


def test_a_snooze_and_an_interest_are_switched_off() -> None:
    [snooze] = did(undone(by_command("snooze", "snooze", on=True)))
    assert isinstance(snooze, Snooze)
    assert (snooze.until, snooze.as_of) == (None, AT)
    [interest] = did(undone(by_command("interest", "interested", on=True), requests=WROTE))
    assert isinstance(interest, TakeInterest)
    assert (interest.person, interest.areas) == (ADA, None)
    assert reply(undone(by_command("interest", "interested", on=True)), "undo-sorry")["about"] == "changed"


def test_whom_a_thread_waits_for_is_derived_again() -> None:
    [again] = did(undone(by_command("waiting_on", "waiting-on", on=True)))
    assert isinstance(again, CorrectWaiting)
    assert (again.on, again.as_of, again.person) == (None, AT, GRACE)
    assert reply(undone(by_command("waiting_on", "waiting-on", on=False)), "undo-sorry")["about"] == "nothing"


def test_orders_of_these_commands_are_orders() -> None:
    assert isinstance(did(wished(scene("snooze", "off")))[0], Order)
    assert MAPS.id == 100  # the keys above name it


def test_a_path_is_told_as_it_was_worked_out() -> None:
    path: dict[str, Any] = {"begun": False, "map": None, "stands": {}}
    values = reply_of(wished(scene("path", stands={ADA.id: path})))
    assert (values["begun"], values["command"]) == (False, "path")


def reply_of(effects: list[Effect]) -> Mapping[str, Any]:
    _, say, react = effects
    assert isinstance(say, Say)
    assert isinstance(react, React)
    assert (say.template, say.mention, say.asked_for, react.content) == ("answer-path", False, True, "+1")
    return say.values
