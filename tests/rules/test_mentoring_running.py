"""What is said once two mentor somebody: the plan, the reminders, thanks; and when it is over."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

import pytest

from bot import words
from bot.effects import Effect, EndMentoring, LookAgain, Quiet, Revise, Say
from bot.looking import Hush, ThreadLook
from bot.mentors import Ask, Because, Mentoring, Part, Said, State
from bot.model import GHOST, Answer, Happening, Person, PersonId, Step, ThreadKind, ThreadRef
from bot.pathway import Acted, Claim, Ended, Link
from bot.policy import Call, Policy
from bot.policytypes import Mode
from bot.rules.mentoring import running
from bot.rules.mentoring.pair import pair
from tests.rules.scenes import ADA, GRACE, ISSUE, NOW, look, policy

LINUS: Final = Person(PersonId(10), "linus")
MARY: Final = Person(PersonId(11), "mary")
DAY: Final = timedelta(days=1)
BEGAN: Final = NOW - 2 * DAY
CHECKS: Final = (NOW + 7 * DAY, NOW + 21 * DAY)  # Mondays, too
STAMP: Final = int(BEGAN.timestamp())
PLAN: Final = f"mentoring/plan/100/5/{STAMP}"
CHECK: Final = f"mentoring/check/0/100/5/{STAMP}"
THANKS: Final = f"mentoring/thanks/100/5/{STAMP}"
ON: Final = policy(mentoring={"mode": Mode.ON})


def ask(person: Person, part: Part, *, said: Said = Said.ACCEPTED, **changes: Any) -> Ask:
    return replace(Ask(person=person, part=part, chosen_at=BEGAN, asked_at=BEGAN, said=said, said_at=BEGAN), **changes)


LEAD: Final = ask(GRACE, Part.LEAD)
CO_MENTOR: Final = ask(LINUS, Part.CO_MENTOR)
GUIDE: Final = ask(MARY, Part.GUIDE)


def mentoring(*asks: Ask, state: State = State.RUNNING, **changes: Any) -> Mentoring:
    here = Mentoring(
        ref=ISSUE.ref, began_at=BEGAN, because=Because.ASKED, state=state, state_at=BEGAN, mentee=ADA, asked_by=ADA,
        asks=asks or (LEAD, CO_MENTOR), running_since=BEGAN, checks=CHECKS,
    )  # fmt: skip
    return replace(here, **changes)


def scene(it: Mentoring | None = None, **changes: Any) -> ThreadLook:
    them = frozenset({GRACE.id, LINUS.id})
    return look(**{"mentoring": it or mentoring(), "reachable": them} | changes)


def act(key: str, why: str = "", **changes: Any) -> Acted:
    said = Acted(
        key=key, rule="mentoring", effect="say", template="mentoring-plan", why=why, at=BEGAN, person_id=ADA.id,
        external_id=77, node_id="N77", url="",
    )  # fmt: skip
    return replace(said, **changes)


def decide(where: ThreadLook, chosen: Policy = ON, now: datetime = NOW) -> list[Effect]:
    return running.decide(where, chosen, now)


def the_plan(where: ThreadLook, chosen: Policy = ON, now: datetime = NOW) -> Effect:
    """What comes first of all."""
    return decide(where, chosen, now)[0]


def said(where: ThreadLook, chosen: Policy = ON, now: datetime = NOW) -> list[Say]:
    return [effect for effect in decide(where, chosen, now) if isinstance(effect, Say)]


def planned(**changes: Any) -> ThreadLook:
    """The plan is told, and stands as it is."""
    [say] = said(scene())
    return scene(**{"acted": (act(PLAN, say.why),), "said_here": frozenset({PLAN})} | changes)


def test_the_plan_is_told_once_two_have_agreed() -> None:
    call = Call(name="Tea", when="every Monday", time=NOW.time(), timezone="UTC", url="https://tea.org")
    chosen = policy(
        mentoring={"mode": Mode.ON, "talk": "https://chat.org/{owner}/{repo}", "guide": "https://guide.org"}
    ).model_copy(update={"calls": (call,)})
    [say] = said(scene(mentoring(LEAD, CO_MENTOR, GUIDE)), chosen)
    assert (say.key, say.template, say.to, say.mention) == (PLAN, "mentoring-plan", ADA, True)
    assert say.values == {
        "sought": False, "answers": "linus", "reviews": "grace", "guide": "mary", "guide_url": "https://guide.org",
        "first_check": {"day": "2026-11-30", "who": "linus"}, "second_check": {"day": "2026-12-14", "who": "grace"},
        "first_call": True, "call": {"name": "Tea", "url": "https://tea.org", "at": "2026-11-30 09:00 UTC"},
        "talk": "https://chat.org/alpine-tools/trail-maps",
    }  # fmt: skip
    parts = "linus answers, grace reviews, mary is their guide"
    assert say.why == f"ada is mentored: {parts}; looked at on 2026-11-30, 2026-12-14"


def test_of_two_peers_the_second_answers_and_one_alone_does_all() -> None:
    peers = pair(mentoring(ask(GRACE, Part.PEER), ask(LINUS, Part.PEER), GUIDE))
    assert (peers.reviews, peers.answers, peers.guide) == (GRACE, LINUS, MARY)
    assert [peers.on_check(number) for number in range(3)] == [LINUS, GRACE, LINUS]
    alone = pair(mentoring(CO_MENTOR))
    assert (alone.people, alone.beside(LINUS), alone.on_check(1)) == ((LINUS,), None, LINUS)
    nobody = pair(mentoring(GUIDE))
    assert (nobody.people, nobody.on_check(0)) == ((), None)


def test_the_plan_is_as_short_as_what_it_knows() -> None:
    [say] = said(scene(mentoring(checks=CHECKS[:1])), policy(mentoring={"first_call": False}, links={"chat": None}))
    assert (say.values["second_check"], say.values["call"], say.values["talk"]) == (None, None, None)
    assert said(scene(mentoring(checks=())))[0].why.endswith("looked at on no day")


@pytest.mark.parametrize(
    ("changes", "mentions"),
    [
        pytest.param({}, True, id="author"),
        pytest.param({"author": MARY}, False, id="not here"),
        pytest.param({"author": MARY, "assignees": frozenset({ADA.id})}, True, id="assigned"),
        pytest.param({"author": MARY, "answers": (Answer(ADA, BEGAN),)}, True, id="spoke"),
        pytest.param(
            {"author": MARY, "claims": (Claim(person=ADA, at=BEGAN, last_sign=BEGAN),)}, True, id="claimed"
        ),
    ],
)  # fmt: skip
def test_who_is_mentored_is_mentioned_only_where_they_are(changes: dict[str, Any], mentions: bool) -> None:
    assert said(scene(**changes))[0].mention is mentions


@pytest.mark.parametrize(
    ("where", "why"),
    [
        pytest.param(scene(locked=True), "locked", id="locked"),
        pytest.param(scene(said_here=frozenset({PLAN})), "told once", id="in shadow mode"),
        pytest.param(scene(mentoring(running_since=NOW - 15 * DAY)), "long ago", id="late"),
        pytest.param(planned(), "as it is", id="nothing has changed"),
        pytest.param(
            planned(acted=(act(PLAN), act("undo", effect="retract", detail={"said": PLAN}))), "told once", id="undone"
        ),
        pytest.param(
            planned(acted=(act(PLAN),), said_here=frozenset({PLAN, f"{PLAN}/1"})), "did not let", id="not to be changed"
        ),
    ],
)  # fmt: skip
def test_when_nothing_is_said_of_the_plan(where: ThreadLook, why: str) -> None:
    effect = the_plan(where)
    assert isinstance(effect, Quiet)
    assert why in effect.why


@pytest.mark.parametrize("told", [{}, {"acted": (act(PLAN),), "said_here": frozenset({PLAN})}], ids=["new", "changed"])
@pytest.mark.parametrize("hush", [Hush(paused_until=NOW + DAY), Hush(snoozed_until=NOW + DAY)], ids=["pause", "snooze"])
def test_what_is_said_of_the_plan_waits_while_it_is_quiet(told: dict[str, Any], hush: Hush) -> None:
    assert the_plan(scene(hush=hush, **told)) == LookAgain(
        rule="mentoring", at=NOW + DAY, why="it is quiet here for a while"
    )


def test_the_plan_is_kept_up_to_date() -> None:
    change = the_plan(planned(mentoring=mentoring(LEAD, replace(CO_MENTOR, person=MARY))))
    assert isinstance(change, Revise)
    assert (change.key, change.comment_id, change.node_id, change.say.values["answers"]) == (
        f"{PLAN}/1",
        77,
        "N77",
        "mary",
    )
    once = act(f"{PLAN}/1", change.why, effect="revise")
    again = the_plan(planned(acted=(act(PLAN, "x"), once), said_here=frozenset({PLAN, f"{PLAN}/1"})))
    assert isinstance(again, Revise)
    assert again.key == f"{PLAN}/2"


def test_the_plan_is_not_changed_in_shadow_mode_nor_mentions_whom_it_did_not() -> None:
    shadow = the_plan(planned(acted=(act(PLAN),)), policy())
    assert isinstance(shadow, Quiet)
    folded = the_plan(planned(acted=(act(PLAN, detail={"folded": True}),)))
    assert isinstance(folded, Revise)
    assert not folded.say.mention


@pytest.mark.parametrize(
    ("asks", "answers"), [((LEAD,), "grace"), ((GUIDE,), None)], ids=["one has left", "both have left"]
)  # fmt: skip
def test_whoever_has_left_stands_in_the_plan_no_more(asks: tuple[Ask, ...], answers: str | None) -> None:
    change = the_plan(planned(mentoring=mentoring(*asks, state=State.SEEKING)))
    assert isinstance(change, Revise)
    assert change.say.values["answers"] == answers


@pytest.mark.parametrize("asks", [(LEAD,), (GUIDE,)], ids=["one has left", "both have left"])
def test_the_plan_tells_of_another_only_while_one_is_sought(asks: tuple[Ask, ...]) -> None:
    sought = the_plan(planned(mentoring=mentoring(*asks, state=State.SEEKING)))
    given_up = the_plan(planned(mentoring=mentoring(*asks, state=State.UNFILLED)))
    assert isinstance(sought, Revise)
    assert isinstance(given_up, Revise)
    assert "look" in words.render(sought.say).split("Questions")[0].split("<sub>")[0].replace("looks after", "")
    assert "looking for" not in words.render(given_up.say)
    assert "being looked for" not in words.render(given_up.say)
    assert sought.why != given_up.why, "so it is noticed that the plan has changed"


@pytest.mark.parametrize(
    "it",
    [
        None,
        mentoring(state=State.ENDED),
        mentoring(state=State.WAITING, mentee=None, running_since=None),
    ],
    ids=["none", "over", "nobody yet"],
)
def test_where_nobody_is_mentored_nothing_is_explained(it: Mentoring | None) -> None:
    assert decide(look(mentoring=it)) == []


@pytest.mark.parametrize("since", [None, BEGAN], ids=["never ran", "no plan stands"])
def test_while_people_are_sought_there_is_no_plan(since: datetime | None) -> None:
    effects = decide(scene(mentoring(LEAD, state=State.SEEKING, running_since=since, checks=())))
    assert effects == [LookAgain(rule="mentoring", at=NOW + DAY, why="a mentoring may end without a word here")]


def reminder(now: datetime = CHECKS[0], chosen: Policy = ON, *, number: int = 0, **changes: Any) -> Effect:
    """The plan comes before it."""
    return decide(planned(**changes), chosen, now)[1 + number]


@pytest.mark.parametrize(
    ("number", "who", "other", "last"), [(0, LINUS, "grace", False), (1, GRACE, "linus", True)], ids=["first", "second"]
)
def test_one_of_them_is_reminded_on_each_day(number: int, who: Person, other: str, last: bool) -> None:
    say = reminder(CHECKS[number] + timedelta(hours=1), number=number)
    assert isinstance(say, Say)
    assert (say.to, say.template, say.mention) == (who, "mentoring-check", True)
    assert say.values == {"mentee": "ada", "other": other, "last": last}


def test_who_mentors_alone_is_reminded_alone() -> None:
    say = reminder(mentoring=mentoring(LEAD, state=State.SEEKING))
    assert isinstance(say, Say)
    assert (say.to, say.values["other"]) == (GRACE, None)


LATE: Final = CHECKS[0] + timedelta(days=3, seconds=1)
ALONE: Final = policy(mentoring={"mode": Mode.ON}, people={"leave_alone": ("Linus",)})
HOLIDAY: Final = policy(working_time={"holidays": (date(2026, 11, 30),)})
NEVER: Final = policy(working_time={"days": ()})


@pytest.mark.parametrize(
    ("now", "chosen", "changes", "why"),
    [
        pytest.param(CHECKS[0], ON, {"said_here": frozenset({PLAN, CHECK})}, "was given", id="given"),
        pytest.param(LATE, ON, {}, "has passed", id="days later"),
        pytest.param(CHECKS[0], NEVER, {}, "has passed", id="nobody works"),
        pytest.param(CHECKS[0], ALONE, {}, "nobody to remind", id="left alone"),
        pytest.param(CHECKS[0], ON, {"mentoring": mentoring(GUIDE)}, "nobody to remind", id="nobody left"),
        pytest.param(CHECKS[0], ON, {"locked": True}, "locked", id="locked"),
        pytest.param(CHECKS[0], ON, {"answers": (Answer(LINUS, CHECKS[0] - DAY),)}, "just been here", id="spoke"),
    ],
)  # fmt: skip
def test_when_nobody_is_reminded(now: datetime, chosen: Policy, changes: dict[str, Any], why: str) -> None:
    effect = reminder(now, chosen, **changes)
    assert isinstance(effect, Quiet)
    assert why in effect.why


@pytest.mark.parametrize(
    ("now", "chosen", "changes", "until"),
    [
        pytest.param(NOW, ON, {}, CHECKS[0], id="not yet"),
        pytest.param(CHECKS[0], HOLIDAY, {}, CHECKS[0] + DAY, id="a holiday"),
        pytest.param(
            CHECKS[0] + DAY, policy(working_time={"holidays": (date(2026, 12, 1),)}), {},
            CHECKS[0] + DAY + timedelta(hours=6), id="a holiday on the day after",
        ),
        pytest.param(
            CHECKS[0], ON, {"reachable": frozenset({GRACE.id})}, CHECKS[0] + timedelta(hours=6), id="no mention"
        ),
        pytest.param(CHECKS[0], ON, {"hush": Hush(snoozed_until=LATE)}, LATE, id="snoozed"),
    ],
)  # fmt: skip
def test_a_reminder_waits_for_a_good_time(
    now: datetime, chosen: Policy, changes: dict[str, Any], until: datetime
) -> None:  # fmt: skip
    effect = reminder(now, chosen, **changes)
    assert isinstance(effect, LookAgain)
    assert effect.at == until


PULL: Final = Link(
    pull=ThreadRef(ISSUE.ref.repo_id, 12), author=ADA, closes=True, is_open=False, merged_at=NOW, last_sign=NOW
)
OPEN_PULL: Final = replace(PULL, merged_at=None, is_open=True)
CLAIM: Final = Claim(person=ADA, at=BEGAN - DAY, last_sign=BEGAN)
FREED: Final = replace(CLAIM, ended_at=NOW, ended=Ended.FREED)
CLOSED: Final = {"is_open": False, "closed_at": NOW - timedelta(hours=2)}
OFF: Final = Happening(Step.UNASSIGNED, NOW, GRACE, about=str(ADA.id))
OF_HERS: Final = {"kind": ThreadKind.PULL_REQUEST, "is_open": False, "closed_at": NOW}


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        pytest.param({"links": (PULL,)}, State.DONE, id="merged"),
        pytest.param({"links": (replace(PULL, closes=False),), **CLOSED}, State.DONE, id="merged and closed by hand"),
        pytest.param({**OF_HERS, "merged_at": NOW}, State.DONE, id="their own pull request is merged"),
        pytest.param({"links": (PULL,), "mentoring": mentoring(GUIDE)}, State.DONE, id="with a guide alone"),
        pytest.param(
            {"links": (PULL,), "mentoring": mentoring(running_since=None, state=State.SEEKING)}, State.ENDED,
            id="merged before anybody began",
        ),
        pytest.param(
            {"links": (PULL,), "mentoring": mentoring(replace(LEAD, said=Said.LEFT), state=State.SEEKING)}, State.ENDED,
            id="merged after all had left",
        ),
        pytest.param(CLOSED, State.ENDED, id="closed"),
        pytest.param({"is_open": False}, State.ENDED, id="closed, nobody knows when"),
        pytest.param({"links": (replace(PULL, author=MARY),), **CLOSED}, State.ENDED, id="somebody else's is merged"),
        pytest.param({"links": (replace(PULL, merged_at=BEGAN - DAY),), **CLOSED}, State.ENDED, id="merged before"),
        pytest.param({"kind": ThreadKind.PULL_REQUEST, **CLOSED}, State.ENDED, id="their own is closed"),
        pytest.param({"claims": (FREED,)}, State.ENDED, id="it is open to others"),
        pytest.param({"history": (OFF,)}, State.ENDED, id="unassigned"),
        pytest.param({"mentoring": mentoring(mentee=GHOST)}, State.ENDED, id="deleted"),
        pytest.param({"left_alone": frozenset({ADA.id})}, State.ENDED, id="asked to be left alone"),
        pytest.param({"opted_out": True}, State.ENDED, id="asked so as the author"),
        pytest.param({"claims": (replace(CLAIM, opted_out=True),)}, State.ENDED, id="asked so as who has it"),
        pytest.param(
            {"mentoring": mentoring(mentee=None, state=State.WAITING), **CLOSED}, State.ENDED, id="nobody took it"
        ),
    ],
)  # fmt: skip
def test_it_is_over(changes: dict[str, Any], state: State) -> None:
    [end] = decide(scene(**changes))
    assert isinstance(end, EndMentoring)
    assert (end.key, end.state, end.began_at) == (f"mentoring/end/100/5/{STAMP}", state, BEGAN)


def test_who_is_left_alone_by_the_configuration_is_not_mentored() -> None:
    [end] = decide(scene(), policy(people={"leave_alone": ("ada",)}))
    assert isinstance(end, EndMentoring)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"claims": (CLAIM,), "history": (OFF,)}, id="they have claimed it"),
        pytest.param({"claims": (FREED,), "assignees": frozenset({ADA.id})}, id="they are assigned"),
        pytest.param({"claims": (FREED,), "links": (OPEN_PULL,)}, id="they are at it"),
        pytest.param({"claims": (replace(FREED, ended_at=BEGAN - DAY),)}, id="they had it before"),
        pytest.param({"claims": (replace(FREED, ended=Ended.DONE),)}, id="it was closed for a moment"),
        pytest.param({"links": (replace(PULL, closes=False),)}, id="a part of it is merged"),
        pytest.param({"author": MARY, "kind": ThreadKind.PULL_REQUEST, "merged_at": NOW}, id="another's pull request"),
    ],
)  # fmt: skip
def test_it_goes_on(changes: dict[str, Any]) -> None:
    assert said(scene(**changes))


def test_what_is_closed_just_now_may_be_opened_again() -> None:
    closed = NOW - timedelta(minutes=10)
    assert decide(scene(is_open=False, closed_at=closed)) == [
        LookAgain(
            rule="mentoring", at=closed + timedelta(hours=1), why="it was closed just now, and may be opened again"
        )
    ]


def over(*asks: Ask, **changes: Any) -> ThreadLook:
    it = mentoring(*asks, state=State.DONE, state_at=NOW, **{k: changes.pop(k) for k in [*changes] if k == "mentee"})
    return scene(it, **{"is_open": False} | changes)


def test_both_are_thanked_once_and_who_answered_is_mentioned() -> None:
    [say] = said(over())
    assert (say.key, say.template, say.to, say.mention) == (THANKS, "mentoring-thanks", LINUS, True)
    assert say.values == {"mentee": "ada", "other": "grace"}
    [alone] = said(over(LEAD))
    assert (alone.to, alone.values["other"]) == (GRACE, None)


@pytest.mark.parametrize(
    ("where", "chosen", "now", "why"),
    [
        pytest.param(over(said_here=frozenset({THANKS})), ON, NOW, "were thanked", id="once"),
        pytest.param(over(GUIDE), ON, NOW, "nobody to thank", id="nobody left"),
        pytest.param(over(left_alone=frozenset({LINUS.id, GRACE.id})), ON, NOW, "nobody to thank", id="left alone"),
        pytest.param(over(LEAD), policy(people={"leave_alone": ("grace",)}), NOW, "nobody to thank", id="by setting"),
        pytest.param(over(mentee=GHOST), ON, NOW, "nobody to thank", id="who was mentored is gone"),
        pytest.param(over(mentee=None), ON, NOW, "nobody to thank", id="there was nobody to mentor"),
        pytest.param(over(), ON, NOW + 7 * DAY, "too late", id="late"),
        pytest.param(over(locked=True), ON, NOW, "locked", id="locked"),
    ],
)  # fmt: skip
def test_when_nobody_is_thanked(where: ThreadLook, chosen: Policy, now: datetime, why: str) -> None:
    [effect] = decide(where, chosen, now)
    assert isinstance(effect, Quiet)
    assert why in effect.why


def test_thanks_wait_for_the_end_of_a_pause() -> None:
    [effect] = decide(over(hush=Hush(paused_until=NOW + DAY)))
    assert isinstance(effect, LookAgain)
