"""The messages as a reader sees them: every language, every message, every combination that the rule can give."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from functools import cache
from hashlib import sha256
from itertools import combinations, product
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import settings as slowly
from hypothesis import strategies as st
from jinja2 import meta, nodes
from markdown_it import MarkdownIt

from bot import shipped, skillsfile, words
from bot.commands import path
from bot.commands.catalog import UNKNOWN
from bot.effects import Effect, Say, Value
from bot.looking import Asker, Hush, Origin
from bot.memory.reception import Unwanted
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
from bot.waiting import Because, On, OnDuty, Reminder, Rota
from bot.words import WordsError, render
from tests.rules.scenes import ADA, GRACE, ISSUE, MAPS, NOW, look, policy
from tests.rules.test_eligible import MARY, opening
from tests.rules.test_triage import WAITS as WAITING
from tests.rules.test_triage import nudge as reminder_of
from tests.rules.test_triage import told
from tests.triage.test_choosing import waiting

LANGUAGES: Final = words.languages()
# Of each language: how it says that a bot speaks, and why.
ADMITS: Final = {
    "en": (
        "I am a bot.",
        (
            r"because (this is your first|you wrote |maintainers |your report |you agreed |a pull request "
            r"|the issue is |you are |this waits )"
        ),
    ),
    "es": (
        "Soy un bot.",
        r"porque (es|escribiste|quienes|tu informe|aceptaste|se integró|aquí|la incidencia|estás|esto espera) ",
    ),
}
MOST_WORDS: Final = 120
LONGER: Final = {"answer-help-can": 320, "triage-nudge": 220}  # they hold lists, and may have so many words
LINKS: Final = {name: f"https://{name.replace('_', '')}.org/{{repo}}_a" for name in
                ("contributing", "code_of_conduct", "ai_policy", "chat")}  # fmt: skip
SOMEBODY: Final = Person(PersonId(77), "mary")
TEA: Final = Call(name="Summit_Tea", when="every Monday", time=time(17), timezone="Europe/Berlin")
WAITS: Final = [None, *(timedelta(minutes=m) for m in (0, 50, 300, 1500, 3 * 1440, 60 * 1440))]
AGAIN: Final = {ThreadKind.ISSUE: ThreadKind.PULL_REQUEST}  # what somebody came with before
LISTS: Final = {f"{kind}_{end}" for kind in ("bullet_list", "list_item", "strong", "em") for end in ("open", "close")}
WITH_LISTS: Final = {"answer-path", "triage-nudge"}
FOLDED: Final = {"advice"}  # a part of it is shown to whoever opens it
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
MARKDOWN: Final = MarkdownIt("commonmark").enable(["strikethrough", "table"])


@dataclass(frozen=True)
class Seen:
    """A message in a browser: its text, where its links lead, and whatever else it is made of."""

    text: str
    links: tuple[str, ...]
    code: tuple[str, ...]
    kinds: frozenset[str]


def seen(markdown: str) -> Seen:
    blocks = MARKDOWN.parse(markdown)
    pieces = [piece for block in blocks for piece in (block.children if block.children is not None else [block])]
    breaks = {"paragraph_close": "\n\n", "softbreak": "\n"}
    text = "".join(breaks.get(piece.type, "" if piece.type == "html_inline" else piece.content) for piece in pieces)
    return Seen(
        text.strip(),
        tuple(unquote(str(piece.attrs["href"])) for piece in pieces if piece.type == "link_open"),
        tuple(piece.content for piece in pieces if piece.type == "code_inline"),
        frozenset(piece.content if piece.type == "html_inline" else piece.type for piece in pieces),
    )


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
        effects = invitation.decide(scene, policy(claims={"mode": mode}), NOW)
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
        ("waiting-on", "grace"), ("waiting-on", "review"),
    ]  # fmt: skip
    policies = [
        policy(),
        policy(commands=dict.fromkeys(("help", "undo"), Who.NOBODY)),
        policy(commands={"why": Who.MAINTAINERS}, people={"maintainers": ("grace", "alpine-tools/the_guides")}),
        policy(commands={"why": Who.MEMBERS}),
    ]
    for (name, args), chosen, belongs in product(written, policies, (True, False)):
        yield from answered(name, args, chosen=chosen, belongs=belongs)
    for kind in ("label", "pointers", "make_label", "pause", "mute", "end_claim"):
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


TEMPLATES: Final = sorted({file.stem for file in (shipped.MESSAGES / "en").glob("*.md")} - {"parts"})
EVERY: Final = pytest.mark.parametrize("template", TEMPLATES)
SPOKEN: Final = pytest.mark.parametrize("language", LANGUAGES)


def said(template: str, language: str) -> Iterator[tuple[Say, str, Seen]]:
    for say in messages():
        if say.template == template:
            text = render(replace(say, language=language))
            yield say, text, seen(text)


def links_of(say: Say) -> set[str]:
    links = say.values.get("links", {})
    assert isinstance(links, Mapping)
    return {str(link) for link in links.values() if link} | {*addresses(say.values)}


def addresses(value: Value) -> Iterator[str]:
    """The links of a path."""
    for name, inner in value.items() if isinstance(value, Mapping) else ():
        if name in {"url", "map"} and isinstance(inner, str) and inner:
            yield inner
        elif name != "call":
            yield from addresses(inner)


def test_the_rules_use_every_message() -> None:
    assert {say.template for say in messages()} == set(TEMPLATES)


@SPOKEN
@EVERY
def test_a_message_is_short_and_well_set(template: str, language: str) -> None:
    for say, text, shown in said(template, language):
        assert len(shown.text.split()) <= LONGER.get(template, MOST_WORDS), shown.text
        assert shown.kinds <= {
            "paragraph_open", "paragraph_close", "text", "link_open", "link_close", "code_inline", "<sub>", "</sub>",
            "bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close", "fence",
            *(LISTS if template in WITH_LISTS else ()),
            *({"html_block"} if template in FOLDED else ()),
        }, text  # fmt: skip
        assert not re.search(r"\n{3,}|^\s|\s$|[ \t]\n|  | [.,:;!?]|\.\.|,\.|\(\)|\[\]", text), text
        assert not re.search(r"[{}\\\[\]]|\bNone\b|\bTrue\b|\bFalse\b|ndefined", shown.text), shown.text
        origin = say.values.get("origin")
        told = {
            say.values.get("url"),
            say.values.get("chat"),
            origin.get("url") if isinstance(origin, Mapping) else None,
        }
        known = {f"{MAPS.url}/contribute", "https://tea.org/next_one", POINTERS}
        assert set(shown.links) <= links_of(say) | told | known


@SPOKEN
@EVERY
def test_a_message_gives_the_links_and_the_call_that_there_are(template: str, language: str) -> None:
    for say, _, shown in said(template, language):
        again, call = bool(say.values.get("again")), say.values.get("call")
        if template != "welcome-merge" and not again:
            assert links_of(say) <= set(shown.links)
        if template != "welcome-another-repo" and not again and isinstance(call, dict):
            assert f"{call['name']}, {call['at']}." in shown.text
            assert not call["url"] or call["url"] in shown.links


@SPOKEN
@EVERY
def test_a_message_says_that_it_is_a_bot_and_why_and_how_to_stop_it(template: str, language: str) -> None:
    assert language in ADMITS, "add to ADMITS how this language says it"
    for _, text, shown in said(template, language):
        assert shown.code[-1] == "/no-bot"
        assert text.count("<sub>") == text.count("</sub>") == 1
        last = shown.text.split("\n\n")[-1]
        assert all(re.search(words, last) for words in ADMITS[language]), last


@SPOKEN
@EVERY
def test_nobody_is_mentioned_but_who_it_is_for(template: str, language: str) -> None:
    for say, text, _ in said(template, language):
        assert re.findall(r"@\S*\w", text) == (["@ada"] if say.mention else [])
        without = render(replace(say, language=language, mention=False))
        assert without == text.replace("@ada", "ada")


@pytest.mark.parametrize("login", ["ada-lovelace", "ada_b_acme", "Ada", "goat[bot]"])
def test_logins_show_as_they_are(login: str) -> None:
    for say in {say.template: say for say in messages()}.values():
        text = seen(render(replace(say, to=Person(PersonId(7), login)))).text
        assert "author" not in words_used(say.template) or ("@" if say.mention else "") + login in text


NAMES: Final = ["_maps_", "__init__", "snake_case_name", "a.b-c", "-maps", "1.", "#maps"]
CALL_NAMES: Final = [
    "*Tea*", "_Tea_ & __Cake__", "~~Tea~~", "Tea | Cake", "# Tea", r"Tea \o/", "Tea {{ author }}", "Tea &amp; Cake",
    "&#42;", "!Tea", "Q&A", "1. Tea", "- Tea", "Tea ☕", "{% raw %}",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_names_of_places_show_as_they_are(name: str) -> None:
    repo = replace(MAPS, name=name, owner=name, url=f"https://github.com/{name}/{name}")
    for scene in scenes():
        for say in welcome.decide(look(**scene, repo=repo), configured(LINKS, TEA), NOW):
            assert isinstance(say, Say)
            shown = seen(render(say))
            assert name in shown.text
            assert all(name in link for link in shown.links)


PRINTABLE: Final = st.characters(categories=["L", "N", "P", "S", "Zs"], exclude_characters="[]()<>@`")
ANY_NAME: Final = st.one_of(
    st.sampled_from(CALL_NAMES),
    st.text(PRINTABLE, min_size=1, max_size=80),
    st.text(st.sampled_from("*_~\\#|!&;:x 1.-+={}\"'amp"), min_size=1, max_size=20),
)


@slowly(deadline=None)
@given(name=ANY_NAME, linked=st.booleans())
def test_names_of_calls_show_as_they_are(name: str, linked: bool) -> None:
    call = TEA.model_copy(update={"name": name, "url": "https://tea.org" if linked else None})
    for scene in [{}, {"kind": ThreadKind.PULL_REQUEST, "merged_at": NOW, "is_open": False}]:
        [say] = welcome.decide(look(**scene), configured({}, call), NOW)
        assert isinstance(say, Say)
        assert " ".join(name.split()) in " ".join(seen(render(say)).text.split())


@pytest.mark.parametrize(
    "link",
    [
        "https://a.org/_b_*c*~d~", "https://a.org/#b|c", "https://a.org/?a=1&b=2&copy=3", "https://a.org/&amp;&copy;",
        "https://a.org/[b]", "https://a.org/b\\c", "https://a.org/`b`", "https://a.org/!", "https://a.org/'\"",
    ],
)  # fmt: skip
def test_links_lead_where_they_should(link: str) -> None:
    [say] = welcome.decide(look(), configured({"chat": link}, TEA.model_copy(update={"url": link})), NOW)
    assert isinstance(say, Say)
    assert seen(render(say)).links == (link, link)


def tree(language: str, name: str) -> nodes.Template:
    environment = words._templates(language, shipped.MESSAGES)
    return environment.parse((shipped.MESSAGES / language / name).read_text("utf-8"))


@SPOKEN
def test_every_language_has_the_same_messages_and_uses_the_same_values(language: str) -> None:
    files = texts(language)
    assert files == texts("en")
    for name in files:
        here, english = tree(language, name), tree("en", name)
        assert meta.find_undeclared_variables(here) == meta.find_undeclared_variables(english), name
        assert macros(here) == macros(english), name


def texts(language: str) -> list[str]:
    """Messages and documents."""
    folder = shipped.MESSAGES / language
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.md"))


def words_used(template: str) -> set[str]:
    """What a message is given and uses."""
    return meta.find_undeclared_variables(tree("en", f"{template}.md"))


def macros(template: nodes.Template) -> dict[str, list[str]]:
    return {macro.name: [arg.name for arg in macro.args] for macro in template.find_all(nodes.Macro)}


def test_a_template_is_given_what_its_rule_gives_and_nothing_else(tmp_path: Path) -> None:
    say = replace(messages()[0], values={"place": {"name": "a_b"}, "count": 3, "there": True, "none": None})
    assert written(tmp_path, "{{ place.name }} {{ count }} {{ there }} {{ none is none }}", say) == r"a\_b 3 True True"


def written(root: Path, text: str | bytes, say: Say | None = None) -> str:
    (root / "en").mkdir()
    (root / "en" / "message.md").write_bytes(text.encode() if isinstance(text, str) else text)
    return render(replace(say or messages()[0], template="message", language="en"), root=root)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Hello {{ nobody }}", id="unknown-value"),
        pytest.param("Hello {{ links.nothing }}", id="unknown-part-of-a-value"),
        pytest.param("{% if nobody %}Hello{% endif %}", id="unknown-value-in-a-condition"),
        pytest.param("Hello {{ author ", id="open-braces"),
        pytest.param("{% if author %}Hello", id="no-endif"),
        pytest.param("{{ author | shout }}", id="unknown-filter"),
        pytest.param("{% include 'other.md' %}", id="missing-part"),
        pytest.param("{{ answer_minutes < 90 }}", id="compares-none-with-a-number"),
        pytest.param("{{ 1 / (author | length - 4) }}", id="divides-by-zero"),
        pytest.param("{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}", id="calls-itself-for-ever"),
        pytest.param(b"Gr\xfc\xdfe {{ author }}", id="not-utf-8"),
        pytest.param("{{ author.__class__ }}", id="reaches-for-python"),
        pytest.param("{{ ''.__class__.__mro__[1].__subclasses__() }}", id="reaches-for-every-class"),
        pytest.param("{{ cycler.__init__.__globals__.os }}", id="reaches-for-the-system"),
        pytest.param("{{ '{0.__class__}'.format(author) }}", id="reaches-by-format"),
        pytest.param("{{ links.update({'chat': 'x'}) }}", id="changes-its-values"),
        pytest.param("{% include '../../etc/passwd' %}", id="reaches-for-other-files"),
        pytest.param("{% include '/etc/passwd' %}", id="reaches-for-any-file"),
        pytest.param("{% for _ in range(1000000000) %}x{% endfor %}", id="goes-on-for-ever"),
    ],
)
def test_a_message_that_cannot_be_written_is_a_words_error(text: str | bytes, tmp_path: Path) -> None:
    with pytest.raises(WordsError, match=r"^en/message\.md: "):
        written(tmp_path, text)


def test_missing_messages_and_languages_are_named(tmp_path: Path) -> None:
    for language in ("en", "fr"):
        (tmp_path / language).mkdir()
    assert words.languages(tmp_path) == ["en", "fr"]
    with pytest.raises(WordsError, match=r"^fr/welcome-issue\.md: "):
        render(replace(messages()[0], template="welcome-issue", language="fr"), root=tmp_path)
    with pytest.raises(WordsError, match="no messages in the language tlh; there are: en, fr"):
        render(replace(messages()[0], language="tlh"), root=tmp_path)


def documented(root: Path, text: str, **values: words.Shown) -> str:
    (root / "en" / "documents").mkdir(parents=True)
    (root / "en" / "documents" / "paper.md").write_text(text)
    return words.document("paper", "en", values, root=root)


def test_a_document_shows_its_values_as_they_are(tmp_path: Path) -> None:
    text = "{{ name }} {{ count }} {{ none is none }}{% for one in list %}, {{ one.name }}{% endfor %}"
    values: dict[str, words.Shown] = {"name": "a_b", "count": 3, "none": None, "list": [{"name": "*c*"}, {"name": "d"}]}
    assert documented(tmp_path, text, **values) == r"a\_b 3 True, \*c\*, d"


@pytest.mark.parametrize("name", ["ada", "a_b", "goat[bot]", "`", "a``b|c", "@ada", "\\"])
def test_a_document_shows_names_in_code_as_they_are(name: str, tmp_path: Path) -> None:
    assert seen(documented(tmp_path, "by {{ name | code }}", name=name)).code == (name,)


def test_a_document_mentions_nobody_and_keeps_its_lines(tmp_path: Path) -> None:
    text = documented(tmp_path, "{{ why }}", why="asked by @ada\n# of the team")
    assert (re.findall(r"@\w", text), text.count("\n")) == ([], 0)


def test_a_document_that_cannot_be_written_is_a_words_error(tmp_path: Path) -> None:
    with pytest.raises(WordsError, match=r"^en/documents/paper\.md: UndefinedError"):
        documented(tmp_path, "{{ nothing }}")
    with pytest.raises(WordsError, match=r"^en/documents/none\.md: TemplateNotFound"):
        words.document("none", "en", {}, root=tmp_path)
