"""Everything that the rules can wish to say: each message, in every combination that its rule can give."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from functools import cache
from hashlib import sha256
from itertools import combinations, product
from typing import Any, Final

import pytest

from bot import shipped, skillsfile, words
from bot.commands import path
from bot.commands.catalog import UNKNOWN
from bot.effects import Effect, Revise, Say
from bot.looking import Asker, Hush, Origin
from bot.memory.reception import Unwanted
from bot.mentors import Ask, Mentoring, Part, Prospects, Reasons, Said, State, StillThere, Terms
from bot.mentors import Because as Invited
from bot.model import (
    Answer,
    Came,
    Doing,
    Happening,
    Level,
    Person,
    PersonId,
    PersonLook,
    RepoId,
    Request,
    Step,
    Tally,
    ThreadKind,
    ThreadRef,
)
from bot.pathpolicy import Who
from bot.pathway import Acted, Claim, Link, Pointers, Seeker, Suggested
from bot.policy import Area, Call, Policy
from bot.policytypes import Mode
from bot.reception import telling
from bot.rules import advice, claims, invitation, need_help, next_steps, offers, readiness, steer, triage, welcome
from bot.rules import answers as commands
from bot.rules import answers as interest_answers
from bot.rules.mentoring import asking, running, still_there
from bot.team import Care
from bot.waiting import Because, On, OnDuty, Reminder, Rota
from tests.rules import test_check_ins
from tests.rules.scenes import ADA, GRACE, ISSUE, MAPS, NOW, look, policy
from tests.rules.test_cohort_notes import every_message
from tests.rules.test_cohorts import OTHERS, RUNS, WINTER
from tests.rules.test_eligible import MARY, opening
from tests.rules.test_farewell import spoken as spoken_of_leaving
from tests.rules.test_mentoring_running import CHECKS, CO_MENTOR, GUIDE, LEAD, mentoring, planned
from tests.rules.test_recording import FULL
from tests.rules.test_thanks import every_thanks
from tests.rules.test_triage import WAITS as WAITING
from tests.rules.test_triage import nudge as reminder_of
from tests.rules.test_triage import told
from tests.triage.test_choosing import waiting

LINKS: Final = {name: f"https://{name.replace('_', '')}.org/{{repo}}_a" for name in
                ("contributing", "code_of_conduct", "ai_policy", "chat")}  # fmt: skip
SOMEBODY: Final = Person(PersonId(77), "mary")
TEA: Final = Call(name="Summit_Tea", when="every Monday", time=time(17), timezone="Europe/Berlin")
WAITS: Final = [None, *(timedelta(minutes=m) for m in (0, 50, 300, 1500, 3 * 1440, 60 * 1440))]
AGAIN: Final = {ThreadKind.ISSUE: ThreadKind.PULL_REQUEST}  # what somebody came with before
THEIRS: Final = Person(PersonId(10), "linus_acme")
PULL: Final = Link(
    pull=ThreadRef(MAPS.id, 12), author=ADA, closes=True, is_open=True, merged_at=None, last_sign=NOW, name="#12"
)
TAKEN: Final = Claim(person=ADA, at=NOW - timedelta(days=60), last_sign=NOW - timedelta(days=30))
POINTERS: Final = f"{MAPS.url}/issues/5#issuecomment-1"
PLACES: Final[list[tuple[dict[str, Any], str]]] = [  # where somebody writes /claim, and what it has done by now
    *(({"opening": this, "seekers": {ADA.id: Seeker(person=ADA)}, "pointers": Pointers(url=url)}, "order")
      for this, url in product((None, opening(), opening(ready=False)), ("", POINTERS))),
    ({"claims": (replace(TAKEN, person=THEIRS),)}, ""), ({"links": (replace(PULL, author=THEIRS),)}, ""),
    ({"assigned": (THEIRS,), "assignees": frozenset({THEIRS.id})}, ""), ({"is_open": False}, ""),
    ({"locked": True}, ""), ({"assignees": frozenset({ADA.id})}, ""), ({"kind": ThreadKind.PULL_REQUEST}, ""),
]  # fmt: skip
ASKERS: Final = [Asker(belongs=False, merged=False, other_claims=others) for others in (0, 2)]
CHOSEN: Final = [
    policy(levels={"advanced": ("hard",)}),
    policy(offers={"mode": Mode.OFF}, need_help={"mode": Mode.OFF}),
    policy(claims={"mode": Mode.OFF}),
    policy(commands={"claim": Who.MAINTAINERS}),
    policy(commands={"claim": Who.MAINTAINERS}, people={"maintainers": ("grace", "alpine-tools/the_guides")}),
]
QUESTION: Final = Acted(
    key=f"claims/question/100/5/7/{int(TAKEN.at.timestamp())}/1", rule="claims", effect="say", template=None, why="",
    at=NOW - timedelta(days=9), person_id=ADA.id, external_id=1, node_id="", url="",
)  # fmt: skip
SILENCES: Final[list[dict[str, Any]]] = [
    {"claims": (TAKEN,)},
    *({"claims": (TAKEN,), "acted": (QUESTION,), "links": links, "answers": said}
      for links, said in product(((), (PULL,)), ((), (Answer(ADA, NOW - timedelta(days=30)),)))),
]  # fmt: skip


def configured(links: dict[str, str], call: Call | None = None) -> Policy:
    none = dict.fromkeys(LINKS)
    chosen = policy(links=none | links, welcome={"another_repo": "note"})
    return chosen.model_copy(update={"calls": (call,) if call else ()})


def scenes() -> Iterator[dict[str, Any]]:
    """All that somebody can come with."""
    pull: dict[str, Any] = {"kind": ThreadKind.PULL_REQUEST}
    came: list[dict[str, Any]] = [
        *({"hint": came} for came in (Came.UNKNOWN, Came.PROBLEM, Came.QUESTION, Came.WISH, Came.DOCS)),
        *(pull | {"paths": paths} for paths in [("draw.py",), ("docs/a.md",)]),
        *({"kind": ThreadKind.DISCUSSION, "category": name} for name in ("General", "Q&A", "Ideas", "bug", "docs")),
    ]
    for scene in came:
        yield scene
        yield scene | {"earlier": frozenset({AGAIN.get(scene.get("kind", ThreadKind.ISSUE), ThreadKind.ISSUE)})}
    yield pull | {"merged_at": NOW, "is_open": False}
    for kind in ThreadKind:
        been = {"met_in": frozenset({RepoId(101)}), "done": frozenset({f"welcome/{kind}/1/7"})}
        yield {"kind": kind, "earlier": frozenset({kind})} | been


@cache
def messages() -> list[Say]:
    """Everything the rules can wish to say."""
    told = telling(Unwanted(MAPS, "welcome-issue", 3, ISSUE.ref, None), policy())
    return [
        *greetings(),
        *answers(),
        *paths(),
        *invitations(),
        *help_(),
        *advices(),
        *about_claims(),
        *of_levels(),
        *routed(),
        *reminded(),
        *commanded(),
        *of_the_rota(),
        *of_mentors(),
        *of_asking(),
        *every_message(),
        *every_thanks(),
        *to_mentors(),
        *to_applicants(),
        *spoken_of_leaving(),
        *of_check_ins(),
        told,
    ]


def answers() -> Iterator[Say]:
    """What is said to somebody who steers the bot."""
    args = ["status", "dance", "pause", "pause 0 days", "pause 30 weeks", "mute nothing"]
    hushes = [Hush(), Hush(paused_until=NOW + timedelta(days=1), muted=frozenset({"welcome-issue", "welcome-merge"}))]
    files = [(), ("alpine-tools/.github",), ("alpine-tools/.github", "alpine-tools/trail-maps")]
    maintainers = [
        policy(people={"maintainers": names}) for names in ((), ("grace", "alpine-tools/the_guides"), ("ada",))
    ]
    for written, hush, held, chosen in product(args, hushes, files, maintainers):
        for belongs in (True, False):
            asked = Request("switchback", written, ADA, NOW, "issue_comment", 50, "NODE", to_us=True)
            scene = look(requests=(asked,), askers={ADA.id: Asker(belongs=belongs)}, hush=hush, files=held)
            effects = steer.decide(replace(scene, kinds=words.kinds()), chosen, NOW)
            yield from (effect for effect in effects if isinstance(effect, Say))


def paths() -> Iterator[Say]:
    """What is said to somebody who asks for their path, on the shipped map and on JupyterHub's."""
    for skills in (skillsfile.default(), skillsfile.load(shipped.EXAMPLES / "jupyterhub-skills.yml")):
        for count, areas in product((0, 1, 10, 50, 500), (1, 2, 9)):
            done = [Tally(doing=doing, count=count, first=NOW, last=NOW) for doing in (Doing.REVIEW, Doing.TRIAGE)]
            in_areas = {area.name: tuple(done) for area in skills.areas[:areas]} if count else {}
            ada = PersonLook(person=ADA, is_team=False, in_repos={}, in_areas=in_areas)
            yield Say(
                rule="commands", key=path.NAME, why="asked", thread=ISSUE.ref, template=path.TEMPLATE, language="en",
                values=path.values(path.stands(ada, skills), skills), to=ADA, mention=False, asked_for=True,
            )  # fmt: skip


def advices() -> Iterator[Say]:
    """What maintainers are told of the level of an issue."""
    chosen = policy(advice={"where": "comment", "mode": Mode.ON})
    for level, area in product(Level, ("documentation", None)):
        found = Suggested(rung=level.value, level=level, area=area, confidence=0.8, why=("it is one page", "of_docs"))
        effects = advice.decide(look(suggested=found), chosen, NOW)
        yield from (effect for effect in effects if isinstance(effect, Say))


def invitations() -> Iterator[Say]:
    """What is said to somebody who knows the system well."""
    guide = Person(PersonId(10), "the_guide")
    for assigned, mode in product((False, True), (Mode.OFF, Mode.ON)):
        took = Happening(Step.ASSIGNED, NOW, guide, str(guide.id), by_team=True)
        scene = look(
            created_at=NOW - timedelta(days=2), hint=Came.PROBLEM, traits=frozenset({"version", "traceback", "steps"}),
            answers=(Answer(guide, NOW, by_team=True),), history=(took,) if assigned else (),
            assignees=frozenset({guide.id}) if assigned else frozenset(),
        )  # fmt: skip
        for mentors in (Mode.OFF, Mode.ON):
            chosen = policy(claims={"mode": mode}, mentoring={"mode": mentors})
            effects = invitation.decide(replace(scene, prospects=Prospects(anybody=True)), chosen, NOW)
            yield from (effect for effect in effects if isinstance(effect, Say))


def help_() -> Iterator[Say]:
    """What is said to somebody who asks for help, and to whoever is asked to help them."""
    chosen = [configured({}), configured(LINKS), configured({"chat": LINKS["chat"]})]
    for wait, some, on_call in product(WAITS, chosen, ((), (GRACE,))):
        asked = Request("need-help", "", ADA, NOW, "issue_comment", 50, "NODE", to_us=True)
        on = some.model_copy(update={"need_help": some.need_help.model_copy(update={"mode": Mode.ON})})
        scene = look(requests=(asked,), on_call=on_call, answer_time=wait)
        yield from (effect for effect in commands.decide(scene, on, NOW) if isinstance(effect, Say))
        stuck = replace(asked, person=Person(PersonId(10), "a_new_one"))
        scene = look(author=GRACE, requests=(stuck,), on_call=(ADA,), answer_time=wait)
        effects = need_help.decide(scene, some, NOW + some.need_help.wait)
        yield from (effect for effect in effects if isinstance(effect, Say))


def about_claims() -> Iterator[Say]:
    """What is said to and about people who take issues, and what answers a command that cannot be used here."""
    for name, (place, did) in product(("claim", "unclaim", "working"), PLACES):
        where = {
            "requests": (Request(name, "", ADA, NOW, "issue_comment", 50, "NODE", to_us=True),),
            "said_here": keys(name, did),
        }
        for asker, wait, chosen in product(ASKERS, WAITS[:3], CHOSEN):
            scene = look(**where | place, askers={ADA.id: asker}, answer_time=wait)
            yield from (effect for effect in commands.decide(scene, chosen, NOW) if isinstance(effect, Say))
    for changes, chosen in product(SILENCES, CHOSEN):
        yield from (effect for effect in claims.decide(look(**changes), chosen, NOW) if isinstance(effect, Say))


def keys(name: str, did: str) -> frozenset[str]:
    return frozenset({f"answers/{name}/{did}/issue_comment/50"})


def of_levels() -> Iterator[Say]:
    """What is said about the level of an issue, and what is missing to begin with it."""
    no_areas, unlabeled = policy(), policy()
    no_areas = no_areas.model_copy(update={"areas": ()})
    unlabeled = unlabeled.model_copy(update={"areas": (Area(name="tests_of_it"),)})
    written = [
        ("level", "dance", policy()), ("level", "dance", no_areas), ("level", "medium x", policy()),
        ("level", "medium x", no_areas), ("level", "advanced", policy()), ("level", "medium", policy()),
        ("level", "none documentation", policy()), ("level", "none tests_of_it", unlabeled), ("pointers", "", policy()),
        ("create-labels", "", policy()),
    ]  # fmt: skip
    for (name, args, chosen), belongs in product(written, (True, False)):
        asked = Request(name, args, ADA, NOW, "issue_comment", 50, "NODE", to_us=True)
        scene = look(requests=(asked,), askers={ADA.id: Asker(belongs=belongs)}, repo_labels=frozenset())
        for tried in (frozenset[str](), frozenset(f"answers/{what}/issue_comment/50" for what in TRIED)):
            effects = commands.decide(replace(scene, said_here=tried), chosen, NOW)
            yield from (effect for effect in effects if isinstance(effect, Say))
    called = Happening(Step.LABELED, NOW, ADA, about="medium", by_team=True)
    medium = look(labels=frozenset({"medium"}), history=(called,))
    for traits in powerset(["expected", "names-file", "steps"]):
        effects = readiness.decide(replace(medium, traits=frozenset(traits)), policy(), NOW)
        yield from (effect for effect in effects if isinstance(effect, Say))
        effects = readiness.decide(
            replace(medium, traits=frozenset(traits)), policy(readiness={"needs": ("where", "try")}), NOW
        )
        yield from (effect for effect in effects if isinstance(effect, Say))


TRIED: Final = ("level/order", "create-labels/starter")


def powerset(things: list[str]) -> Iterator[tuple[str, ...]]:
    for many in range(len(things) + 1):
        yield from combinations(things, many)


def routed() -> Iterator[Say]:
    """What leads people on: next steps, offers, and answers to /interested."""
    for mode, most in product((Mode.ON, Mode.OFF), (1, 5)):
        chosen = policy(claims={"mode": mode}, next_steps={"most": most}, offers={"mode": Mode.ON})
        steps = tuple(opening(number) for number in range(12, 18))
        merged = {"kind": ThreadKind.PULL_REQUEST, "merged_at": NOW, "merged_before": True, "is_open": False}
        yield from said_by(next_steps.decide(look(**merged, openings=steps, seeker=MARY), chosen, NOW))
        for interests, areas in product((None, ()), (frozenset[str](), frozenset({"documentation"}))):
            scene = look(offered=(opening(areas=areas),), seeker=replace(MARY, interests=interests))
            yield from said_by(offers.decide(scene, chosen, NOW))
    for args, by, belongs, mode in product(("", "docs", "x"), (ADA, GRACE), (True, False), (Mode.ON, Mode.SHADOW)):
        asked = Request("interested", args, by, NOW, "issue_comment", 50, "NODE", to_us=True)
        scene = look(requests=(asked,), askers={by.id: Asker(belongs=belongs)})
        for known in (policy().areas, ()):
            chosen = policy(offers={"mode": mode}).model_copy(update={"areas": known})
            found = said_by(interest_answers.decide(scene, chosen, NOW))
            yield from (replace(say, to=ADA) for say in found)


def reminded() -> Iterator[Say]:
    """What is said about threads that wait."""
    for number, on_duty, because in product((1, 5, 9), (True, False), Because):
        waits = waiting(On.REVIEW, because, days=20)
        those = [told(ADA, number=one, on_duty=on_duty, waiting=waits, newcomer=bool(one % 2)) for one in range(number)]
        yield triage.nudge(those, ISSUE.ref, key="k", language="en")
    for reminder, chat, mode in product(
        (Reminder.SENTENCE, Reminder.QUESTION), (None, LINKS["chat"]), (Mode.ON, Mode.OFF)
    ):
        chosen = policy(links={"chat": chat}, need_help={"mode": mode})
        scene = look(reminders=(reminder_of(reminder, ADA),), waiting=WAITING)
        yield from said_by(triage.decide(scene, chosen, NOW))


def said_by(effects: Iterable[Effect]) -> Iterator[Say]:
    return (effect for effect in effects if isinstance(effect, Say))


def commanded() -> Iterator[Say]:
    """What is said to somebody who writes another command."""
    written = [
        ("help", ""), ("why", ""), ("undo", ""), ("snooze", "soon"), ("snooze", "27 weeks"),
        ("snooze", "until 2020-01-01"), (UNKNOWN, "need-help"), (UNKNOWN, ""), ("budget", "often"),
        ("away", "soon"), ("away", "400 days"), ("away", "until 2020-01-01"), ("quiet-hours", "19:00 Europe/Berlin"),
        ("quiet-hours", "Berlin"),
        ("waiting-on", "grace"), ("waiting-on", "review"), ("record", ""), ("mentor", "rockets"), ("mentor", "tz mars"),
        ("mentor", "up to 99"), ("mentor", "speaks klingon"), ("mentor", "part: boss"), ("mentor", "mentored perhaps"),
    ]  # fmt: skip
    policies = [
        policy(),
        policy(commands=dict.fromkeys(("help", "undo"), Who.NOBODY)),
        policy(commands={"why": Who.MAINTAINERS}, people={"maintainers": ("grace", "alpine-tools/the_guides")}),
        policy(commands={"why": Who.MEMBERS}),
    ]
    for (name, args), chosen, belongs in product(written, policies, (True, False)):
        yield from answered(name, args, chosen=chosen, belongs=belongs)
    for kind in ("label", "pointers", "make_label", "pause", "mute", "end_claim", "hand_over", "end_mentoring"):
        yield from answered("undo", acted=(done(kind),))
    yield from answered("waiting-on", "grace", kind=ThreadKind.PULL_REQUEST)
    url = "https://github.com/alpine-tools/.github/blob/HEAD/.github/switchback.yml#L7"
    for origin in (
        Origin(given="defaults"), Origin(given="service"), Origin(given="operator", line=7),
        Origin(given="file", line=7, repository="alpine-tools/.github", url=url),
        Origin(given="file", line=7, repository="alpine-tools/the_huts"),
    ):  # fmt: skip
        yield from answered("why", acted=(done("say"),), origins={"need_help.mode": origin})
    tried = f"answers/undo/{sha256(b'need_help/say').hexdigest()[:12]}/issue_comment/50"
    yield from answered("undo", acted=(done("say"),), said_here=frozenset({tried}))
    yield from answered("undo", acted=(replace(done("say"), person_id=PersonId(1)),), belongs=False, author=SOMEBODY)
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(commands.HANDLERS, "claim", commands.HANDLERS["why"])
        yield from answered("claim", kind=ThreadKind.DISCUSSION, category="General")


def answered(
    name: str, args: str = "", *, belongs: bool = True, chosen: Policy | None = None, **scene: Any
) -> Iterator[Say]:
    asked = Request(name, args, ADA, NOW, "issue_comment", 50, "NODE", to_us=True)
    where = look(requests=(asked,), askers={ADA.id: Asker(belongs=belongs)}, **scene)
    effects = commands.decide(where, chosen or policy(), NOW)
    return (effect for effect in effects if isinstance(effect, Say))


def to_mentors() -> Iterator[Say]:
    """The question whether they would still like to be asked."""
    asked = StillThere(person=ADA, asked_at=NOW)
    yield from said_by(still_there.decide(look(still_there=asked, reachable=frozenset({ADA.id})), policy(), NOW))
    for args in ("", "on", "on part: lead", "on up to 99", "on tz: x", "on part: x", "on languages: english", "on x"):
        yield from answered("mentor", args, belongs=True)
    for terms, released in product((None, Terms(), Terms(areas=("docs",), mentored=True)), (False, True)):
        rests = frozenset({ADA.id} if released else ())
        yield from answered("mentor", "", belongs=True, mentors={ADA.id: terms}, released=rests)


def to_applicants() -> Iterator[Say]:
    """What is said where nothing can be recorded, and where a task has as many takers as it may."""
    for args, belongs, rounds, known in (
        ("words", False, (RUNS,), ()), ("", True, (RUNS,), ()), ("", False, (), (WINTER,)), ("", False, (), ()),
    ):  # fmt: skip
        yield from answered("record", args, belongs=belongs, rounds=rounds, cohorts=known)
    on = policy(cohorts={"mode": Mode.ON})
    for most, count in product((1, 2), range(4)):
        full = replace(FULL, others=OTHERS[:count], cohort=replace(WINTER, takers=most))
        yield from answered("claim", belongs=False, chosen=on, rounds=(full,))


def of_check_ins() -> Iterator[Say]:
    """What is asked in private, and what answers people there and elsewhere."""
    yield from test_check_ins.every_message()
    here: dict[str, Any] = {"repo": replace(MAPS, private=True), "named": {"mary": SOMEBODY.id}}
    for one, again in product((test_check_ins.check_in(), test_check_ins.check_in(SOMEBODY)), (30, 180)):
        chosen = policy(check_ins={"again": timedelta(days=again)})
        for name, args in (
            ("still-here", ""),
            ("ask-later", ""),
            ("vouch", "@mary"),
            ("vouch", "@nobody_"),
            ("vouch", ""),
        ):
            yield from answered(name, args, chosen=chosen, check_ins=(one,), **here)
    for asked, together in product((True, False), repeat=2):
        yield from answered("check-ins", cares={ADA.id: Care(asked=asked, together=together)}, **here)
    yield from answered("check-ins", "what")


def of_the_rota() -> Iterator[Say]:
    """What is said of the triage rota, and to whoever cannot change it so."""
    week = date(2026, 11, 23)
    them = OnDuty(week=week, person=SOMEBODY)
    on = Rota(
        weeks=(them, replace(them, week=week + timedelta(days=7), person=THEIRS, stands_in=True)),
        members=(SOMEBODY, THEIRS),
    )
    areas = {"": (SOMEBODY,), "documentation": (THEIRS, SOMEBODY), "tests_of_it": (THEIRS,)}
    wrong = ["dance", "take 2026-02-30", "join rockets", "take 2026-11-01", "take 2028-01-01", "take 2026-11-23",
             "swap 2026-11-23 @nobody", "swap 2026-11-23 @mary"]  # fmt: skip
    no_areas = policy().model_copy(update={"areas": ()})
    for rota, args, chosen in product((on, replace(on, areas=areas), Rota(), Rota(areas=areas)), ("", *wrong),
                                      (policy(), no_areas)):  # fmt: skip
        everybody = chosen.model_copy(
            update={"commands": chosen.commands.model_copy(update={"triage_rota": "everybody"})}
        )
        yield from answered("triage-rota", args, belongs=False, chosen=everybody, rota=rota)


def of_mentors() -> Iterator[Say]:
    """What is said where two mentor somebody, and to whoever passes a part on or ends it."""
    for asks, checks, call, (talk, guide) in product(
        ((LEAD, CO_MENTOR), (LEAD, CO_MENTOR, GUIDE), (LEAD,)), range(3), (None, TEA),
        ((None, None), (LINKS["chat"], LINKS["contributing"])),
    ):  # fmt: skip
        settings = {"mode": Mode.ON, "first_call": bool(checks), "talk": talk, "guide": guide}
        chosen = policy(mentoring=settings).model_copy(update={"calls": (call,) if call else ()})
        it = mentoring(*asks, checks=CHECKS[:checks])
        for author in (ADA, GRACE):
            yield from said_by(running.decide(look(mentoring=it, author=author), chosen, NOW))
        reachable = frozenset(ask.person.id for ask in asks)
        for number, day in enumerate(it.checks):
            for say in said_by(running.decide(look(mentoring=it, reachable=reachable), chosen, day)):
                if f"/{number}/" in say.key:
                    yield replace(say, to=ADA, values={**say.values, "mentee": "the_new_one"})
        done = replace(it, state=State.DONE, state_at=NOW, mentee=THEIRS)
        yield from (replace(say, to=ADA) for say in said_by(running.decide(look(mentoring=done), chosen, NOW)))
    left = planned(mentoring=mentoring(GUIDE, state=State.SEEKING))
    yield from (
        one.say for one in running.decide(left, policy(mentoring={"mode": Mode.ON}), NOW) if isinstance(one, Revise)
    )
    hers = replace(LEAD, person=ADA)
    asking = mentoring(hers, replace(GUIDE, said=Said.OPEN))
    for here, args in product((None, mentoring(hers, CO_MENTOR), asking), ("", "mary", "linus", "nobody")):
        can: dict[str, Any] = {"mentoring": here, "can_mentor": (SOMEBODY,)}
        yield from answered("handover", args, **can)
        if args:
            yield from answered("handover", args, **can, said_here=keys("handover", "order"))
        yield from answered("mentor-done", belongs=False, **can)
    yield from answered("mentor-done", belongs=False, mentoring=mentoring(mentee=SOMEBODY))


def of_asking() -> Iterator[Say]:
    """What is said to whoever is asked to mentor, or asks for mentors."""
    knows = Reasons(areas=("documentation", "tests_of_it"), here=True, mentored=True, hours=6, languages=("en", "es"))
    some = (Reasons(), knows, Reasons(hours=6), Reasons(here=True), Reasons(languages=("en",)), Reasons(mentored=True))
    for part, reasons, beside, by in product(Part, some, (None, SOMEBODY, CO_MENTOR.person), (None, THEIRS.id)):
        ask = Ask(
            person=ADA, part=part, chosen_at=NOW, reasons=reasons, beside=beside, beside_reasons=reasons, by=by
        )  # fmt: skip
        given = replace(LEAD, person=THEIRS)
        for it in (mentoring(given, CO_MENTOR, ask, mentee=SOMEBODY),
                   mentoring(given, ask, mentee=SOMEBODY, because=Invited.INVITED)):  # fmt: skip
            yield asking.say(ask, it, "alpine-tools", policy())
        act = Acted(
            key=ask.key(ISSUE.ref), rule="mentoring", effect="say", template=asking.ASK, why="", at=NOW,
            person_id=ADA.id, external_id=1, node_id="C1", url="",
        )  # fmt: skip
        for said in (Said.ACCEPTED, Said.DECLINED):
            it = mentoring(replace(ask, said=said), mentee=SOMEBODY)
            effects = asking.decide(look(mentoring=it, acted=(act,)), policy(), NOW)
            yield from (one.say for one in effects if isinstance(one, Revise))
    on = policy(mentoring={"mode": Mode.ON}, digest={"mode": Mode.ON}, commands={"mentor_this": Who.EVERYBODY})
    plain = policy(mentoring={"mode": Mode.ON}, digest={"mode": Mode.OFF}, commands={"mentor_this": Who.EVERYBODY})
    reviews = (None, timedelta(hours=5), timedelta(days=40))
    for name, state, mentee, review, anybody, chosen in product(
        ("need-mentor", "mentor-this"), (*State, None), (ADA, SOMEBODY, None), reviews, (True, False), (on, plain)
    ):  # fmt: skip
        known = None if state is None else mentoring(mentee=mentee, state=state)
        scene: dict[str, Any] = {"mentoring": known, "prospects": Prospects(anybody=anybody, review=review)}
        yield from answered(name, chosen=chosen, **scene)
        yield from answered(name, chosen=chosen, **scene, said_here=keys(name, "order"))
    for name in ("need-mentor", "mentor-this"):
        yield from answered(name, chosen=policy(commands={"mentor_this": Who.EVERYBODY}))
        yield from answered(name, chosen=on, is_open=False)
    yield from answered("need-mentor", "off", chosen=on, said_here=keys("need-mentor", "order"))
    theirs = replace(LEAD, person=ADA)
    was = mentoring(replace(theirs, said=Said.LAPSED), mentee=SOMEBODY)
    there: tuple[Mentoring | None, ...] = (None, mentoring(theirs, mentee=SOMEBODY), was)
    for name, one in product(("accept", "decline", "later"), there):
        yield from answered(name, chosen=on, mentoring=one)


def done(kind: str) -> Acted:
    """Something that the bot did for Ada."""
    return Acted(
        key=f"need_help/{kind}", rule="need_help", effect=kind, template="need-help", why="ada asked *twice*", at=NOW,
        person_id=ADA.id, external_id=7, node_id="C7", url="https://github.com/alpine-tools/trail-maps/issues/5#c7",
        detail={"add": [], "remove": []},
    )  # fmt: skip


def greetings() -> list[Say]:
    links = [{}, LINKS, *({name: link} for name, link in LINKS.items())]
    calls = [None, TEA, TEA.model_copy(update={"url": "https://tea.org/next_one"})]
    policies = [configured(some, call) for some, call in product(links, calls)]
    return [
        effect
        for scene, chosen, wait in product(scenes(), policies, WAITS)
        for effect in welcome.decide(look(**scene, answer_time=wait), chosen, NOW)
        if isinstance(effect, Say)
    ]
