"""What the community digest tells, as tables, and what it reads like."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

import pytest

from bot import words
from bot.community.contents import Contents, Setting, link, values
from bot.community.span import Span
from bot.gratitude import Work
from bot.memory.celebrated import Celebrated, Thanked
from bot.memory.community import Happened, Help, Milestone, Month, Place
from bot.model import Level, Person, PersonId, Repo, RepoId, ThreadKind, ThreadRef
from bot.pathpolicy import Who
from bot.pathway import Opening
from bot.policy import Call, Policy
from bot.policytypes import Mode
from bot.waiting import Because, Case, Evidence, On, Waiting
from tests.rules.scenes import ADA, DEFAULTS, GRACE, ISSUE, MAPS, NOW, policy
from tests.rules.test_thanks import DEEDS

LINUS: Final = Person(PersonId(10), "linus_acme")
SPAN: Final = Span(datetime(2026, 10, 5, 6, tzinfo=UTC), datetime(2026, 11, 2, 6, tzinfo=UTC))
SETTING: Final = Setting(home=MAPS, policy=DEFAULTS, now=NOW, next_due=NOW + timedelta(days=14))
OPENING: Final = Opening(
    ref=ThreadRef(MAPS.id, 21), repo=MAPS, level=Level.MEDIUM, areas=frozenset({"documentation"}), since=NOW,
    ready=True, taken=False,
)  # fmt: skip
CAFE: Final = Call(name="Collaboration Cafe", when="1st and 3rd Tuesday", time=time(17), timezone="Europe/Berlin")


def place(number: int = 5, kind: ThreadKind = ThreadKind.ISSUE, **changes: Any) -> Place:
    return Place(ref=ThreadRef(MAPS.id, number), kind=kind, repo=MAPS, **changes)


PULL: Final = place(9, ThreadKind.PULL_REQUEST)
HAPPENED: Final = Happened(
    came=((ADA, place(5)), (LINUS, place(6, ThreadKind.DISCUSSION))),
    merged=2,
    merged_by=1,
    milestones=(Milestone(person=ADA, number=1, place=PULL), Milestone(person=LINUS, number=0, place=PULL)),
    helped={Help.ANSWERS: (ADA, GRACE), Help.TRIAGE: (GRACE,)},
    months=tuple(Month(first=datetime(2026, month, 1, tzinfo=UTC), came=month, merged=40) for month in range(5, 11)),
)


def case(number: int, *, days: int = 60, on: On = On.REVIEW, allowed: int | None = 10, **changes: Any) -> Case:
    since = NOW - timedelta(days=days)
    waiting = Waiting(on=on, since=since, evidence=(Evidence(because=Because.UNREVIEWED, at=since),))
    thread = replace(ISSUE, ref=ThreadRef(MAPS.id, number))
    return Case(thread=thread, waiting=waiting, waited=days, allowed=allowed, **changes)


def told(happened: Happened = HAPPENED, **more: Any) -> Contents:
    return Contents(span=SPAN, happened=happened, **more)


def shown(contents: Contents, chosen: Policy = DEFAULTS, **changes: Any) -> dict[str, Any]:
    return {**values(contents, replace(SETTING, policy=chosen, **changes))}


def numbers(some: Mapping[str, Any]) -> list[int]:
    return [int(one["thread"]["name"].partition("#")[2]) for one in some["shown"]]


def test_without_anything_that_people_did_there_is_nothing() -> None:
    assert told(Happened(), openings=[OPENING], waiting=[case(1)]).is_empty
    for happened in (Happened(came=HAPPENED.came), Happened(merged=1), Happened(helped=HAPPENED.helped)):
        assert not told(happened).is_empty


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        pytest.param({}, ["ada", "linus_acme"], id="all"),
        pytest.param({"unnamed": frozenset({ADA.id})}, ["linus_acme"], id="asked-to-be-left-alone"),
        pytest.param({"came": ((ADA, place(labels=frozenset({"No-Bot"}))),)}, [], id="in-a-thread-left-alone"),
    ],
)
def test_newcomers_are_named_unless_they_wish_not_to(changes: dict[str, Any], names: list[str]) -> None:
    found = shown(told(replace(HAPPENED, **changes)))
    assert [one["name"] for one in found["newcomers"]["shown"]] == names
    assert found["came"] == len(changes.get("came", HAPPENED.came))


def test_who_wishes_not_to_be_named_is_not_in_thanks_and_milestones_either() -> None:
    found = shown(told(replace(HAPPENED, unnamed=frozenset({ADA.id}))))
    assert [one["name"] for one in found["milestones"]["shown"]] == ["linus_acme"]
    assert found["thanks"]["answers"] == {"shown": ["grace"], "more": 0}


def test_thanks_are_in_the_order_of_the_alphabet_and_chance_decides_if_there_are_too_many() -> None:
    people = tuple(Person(PersonId(100 + number), f"p{number:02}") for number in range(40))
    crowd = replace(HAPPENED, helped={Help.REVIEWS: people})
    found = shown(told(crowd))["thanks"]["reviews"]
    later = shown(replace(told(crowd), span=Span(SPAN.until, NOW + timedelta(days=14))))["thanks"]["reviews"]
    for some in (found, later):
        assert (len(some["shown"]), some["more"]) == (30, 10)
        assert some["shown"] == sorted(some["shown"])
    assert found["shown"] != later["shown"]


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        pytest.param({}, "medium", id="ready"),
        pytest.param({"taken": True}, None, id="taken"),
        pytest.param({"ready": False, "lacks": ("ask",)}, "ask", id="nobody-to-ask"),
        pytest.param({"ready": False, "lacks": ("try", "ask")}, None, id="more-is-missing"),
        pytest.param({"level": Level.STARTER}, "starter", id="starter"),
        pytest.param({"level": Level.ADVANCED}, None, id="advanced"),
    ],
)
def test_what_there_is_to_take(changes: dict[str, Any], where: str | None) -> None:
    found = shown(told(openings=[replace(OPENING, **changes)]))
    for name in ("medium", "ask", "starter"):
        assert numbers(found[name]) == ([21] if name == where else [])
    assert found["taken"] == bool(changes.get("taken"))
    assert ("documentation" in found["short"]["shown"]) is (where != "medium")


def test_lists_of_issues_begin_with_the_newest_and_have_an_end() -> None:
    openings = [
        replace(OPENING, ref=ThreadRef(MAPS.id, number), since=NOW - timedelta(days=number)) for number in range(30, 50)
    ]
    found = shown(told(openings=openings))["medium"]
    assert (numbers(found), found["more"]) == ([*range(30, 38)], 12)


def test_what_waits_longest() -> None:
    waiting = [
        case(1, days=20), case(2, days=90, on=On.DECISION), case(3, on=On.AUTHOR), case(4, allowed=None),
        case(5, days=9), case(6, days=99, asleep=True), case(7, on=On.PROGRESS),
    ]  # fmt: skip
    found = shown(told(waiting=waiting))["waiting"]
    assert (numbers(found), found["more"]) == ([2, 1], 0)
    assert found["shown"][0] | {"thread": None} == {
        "thread": None, "on": "DECISION", "because": "UNREVIEWED", "days": 90, "newcomer": False,
    }  # fmt: skip
    many = shown(told(waiting=[case(number) for number in range(1, 20)]))["waiting"]
    assert (numbers(many), many["more"]) == ([*range(1, 9)], 11)


@pytest.mark.parametrize(("opted_out", "newcomer"), [(False, True), (True, False)])
def test_of_who_opted_out_it_is_not_told_that_they_are_new(opted_out: bool, newcomer: bool) -> None:
    found = shown(told(waiting=[case(1, newcomer=True, opted_out=opted_out)]))
    assert found["waiting"]["shown"][0]["newcomer"] is newcomer


@pytest.mark.parametrize(
    ("when", "times"),
    [
        pytest.param("1st and 3rd Tuesday", ["2026-12-01 16:00"], id="until-the-next-digest"),
        pytest.param("every Tuesday", ["2026-11-24 16:00", "2026-12-01 16:00"], id="each"),
        pytest.param("last Monday", ["2026-11-30 16:00"], id="once"),
        pytest.param("2nd Monday", ["2026-12-14 16:00"], id="later-but-the-next"),
    ],
)
def test_the_next_calls_in_utc(when: str, times: list[str]) -> None:
    chosen = DEFAULTS.model_copy(update={"calls": (CAFE.model_copy(update={"when": when}),)})
    assert shown(told(), chosen)["calls"] == [{"name": "Collaboration Cafe", "times": times, "url": None}]


def test_a_call_that_is_over_for_good_is_left_out_and_of_each_there_are_a_few_times() -> None:
    never = CAFE.model_copy(update={"skip": tuple(NOW.date() + timedelta(days=day) for day in range(800))})
    weekly = CAFE.model_copy(update={"when": "every Tuesday"})
    chosen = DEFAULTS.model_copy(update={"calls": (never, weekly)})
    [call] = shown(told(), chosen, next_due=NOW + timedelta(days=365))["calls"]
    assert len(call["times"]) == 5


@pytest.mark.parametrize(
    ("chosen", "triage", "for_members"),
    [
        pytest.param(policy(triage={"mode": Mode.ON}), True, True, id="members"),
        pytest.param(policy(commands={"triage_rota": Who.EVERYBODY}), True, False, id="everybody"),
        pytest.param(policy(commands={"triage_rota": Who.NOBODY}), False, True, id="nobody"),
        pytest.param(policy(triage={"mode": Mode.OFF}), False, True, id="off"),
    ],
)
def test_who_is_invited_to_triage(chosen: Policy, triage: bool, for_members: bool) -> None:
    found = shown(told(), chosen)
    assert (found["triage"], found["for_members"]) == (triage, for_members)


THERE: Final = "https://ghe.example.org/alpine-tools/trail-maps"
REDIRECTED: Final = "redirect.github.com/alpine-tools/trail-maps/issues/5"


@pytest.mark.parametrize(
    ("url", "kind", "plain", "expected"),
    [
        pytest.param(MAPS.url, ThreadKind.ISSUE, False, REDIRECTED, id="issue"),
        pytest.param(MAPS.url, ThreadKind.PULL_REQUEST, True, f"{MAPS.url[8:]}/pull/5", id="outside"),
        pytest.param(THERE, ThreadKind.DISCUSSION, False, f"{THERE[8:]}/discussions/5", id="another-server"),
        pytest.param("", ThreadKind.ISSUE, False, "", id="no-page-known"),
    ],
)  # fmt: skip
def test_links_leave_no_mark_in_threads_where_that_can_be_had(
    url: str, kind: ThreadKind, plain: bool, expected: str
) -> None:
    found = link(replace(MAPS, url=url), 5, kind, plain=plain)
    assert found == {"name": "alpine-tools/trail-maps#5", "url": expected and f"https://{expected}"}


def everything() -> Contents:
    openings = [
        OPENING, replace(OPENING, ref=ThreadRef(MAPS.id, 22), taken=True),
        replace(OPENING, ref=ThreadRef(MAPS.id, 23), ready=False, lacks=("ask",)),
        replace(OPENING, ref=ThreadRef(MAPS.id, 24), level=Level.STARTER, areas=frozenset()),
        *(replace(OPENING, ref=ThreadRef(MAPS.id, number)) for number in range(30, 45)),
    ]  # fmt: skip
    waiting = [case(number, on=on) for number, on in enumerate((On.TRIAGE, On.TEAM, On.REVIEW, On.DECISION), 50)]
    there = replace(MAPS, id=RepoId(101), name="trail_maps", url="https://github.com/alpine-tools/trail_maps")
    underscored = Place(ref=ThreadRef(there.id, 3), kind=ThreadKind.ISSUE, repo=there)
    crowd = tuple((Person(PersonId(200 + number), f"p-{number}"), underscored) for number in range(30))
    return told(replace(HAPPENED, came=HAPPENED.came + crowd), openings=openings, waiting=waiting)


FULL: Final = policy(links={"chat": "https://chat.example.org", "contributing": "https://x.org/{repo}"}).model_copy(
    update={"calls": (CAFE, CAFE.model_copy(update={"name": "Tea", "url": "https://tea.example.org"}))}
)


@pytest.mark.parametrize("language", ["en", "es"])
def test_it_reads_well(language: str) -> None:
    text = written(everything(), FULL, language)
    assert "@" not in text
    assert "\n\n\n" not in text
    assert "`linus_acme`" in text
    assert "[alpine-tools/trail_maps#3](https://redirect.github.com/alpine-tools/trail_maps/issues/3)" in text
    assert not re.search(r"(?<!\[)alpine-tools/[\w-]+#[0-9]", text)  # which GitHub would make a link with a mark
    for number in (21, 23, 24, 50, 51, 52, 53):
        assert f"#{number}]" in text
    for piece in ("2026-10-05", "2026-11-02", "2026-12-01 16:00 UTC", "[Tea](https://tea.example.org)", "/triage-rota",
                  "https://chat.example.org", "https://x.org/trail-maps", "community.mode: off"):  # fmt: skip
        assert piece in text
    assert text.index("`ada`") < text.index("/claim")  # it thanks before it asks
    drawings = re.findall(r"```mermaid\n(.*?)```", text, re.DOTALL)
    assert [re.findall(r"bar \[(.*)\]", one) for one in drawings] == [["5, 6, 7, 8, 9, 10"], [", ".join(["40"] * 6)]]
    assert "| 2026-10 | 10 | 40 |" in text
    assert words.document("community-title", language, {**shown(everything(), FULL)}).count("2026-") == 2


def written(contents: Contents, chosen: Policy, language: str, **changes: Any) -> str:
    return words.document("community", language, shown(contents, chosen, **changes))


@pytest.mark.parametrize("language", ["en", "es"])
def test_how_many_were_mentored_is_told_and_of_nobody(language: str) -> None:
    for begun, done in ((1, 0), (0, 1), (3, 2)):
        text = written(told(replace(HAPPENED, mentorings_begun=begun, mentorings_done=done)), DEFAULTS, language)
        assert ("con poco tiempo" if language == "es" else "with little time") in text
        assert "\n\n\n" not in text


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    ("happened", "left_out"),
    [
        pytest.param(Happened(merged=1, merged_by=1), ["mermaid", "/claim", "UTC", "**medium**"], id="one-merge"),
        pytest.param(Happened(came=HAPPENED.came[:1]), ["mermaid"], id="one-newcomer"),
        pytest.param(Happened(helped={Help.TALKS: (ADA,)}), ["mermaid"], id="one-who-talked"),
        pytest.param(replace(HAPPENED, months=HAPPENED.months[:1]), ["mermaid"], id="one-month"),
    ],
)
def test_a_quiet_month_reads_well_too(language: str, happened: Happened, left_out: list[str]) -> None:
    text = written(told(happened), DEFAULTS, language)
    assert [piece for piece in left_out if piece in text] == []
    assert "\n\n\n" not in text


@pytest.mark.parametrize("language", ["en", "es"])
def test_all_mediums_are_taken(language: str) -> None:
    text = written(told(openings=[replace(OPENING, taken=True)]), DEFAULTS, language)
    assert "(1)" in text


def test_outside_of_github_links_are_plain_and_pictures_are_files() -> None:
    text = written(told(), DEFAULTS, "en", pictures={"came": "a.svg", "merged": "b.svg"})
    assert "redirect." not in text
    assert "https://github.com/alpine-tools/trail-maps/issues/5" in text
    assert "mermaid" not in text
    assert "(a.svg)" in text
    assert "(b.svg)" in text


def test_a_thread_without_a_page_is_a_reference() -> None:
    bare = Repo(MAPS.id, MAPS.owner_id, "alpine-tools", "huts")
    text = written(told(Happened(came=((ADA, replace(place(), repo=bare)),))), DEFAULTS, "en")
    assert "`ada` with alpine-tools/huts#5\n" in text


WORDS: Final = f"{MAPS.url}/issues/5#issuecomment-1"
CELEBRATED: Final = Celebrated(
    thanked=(
        Thanked(by=ADA, whom=LINUS, work=Work.OTHER, url=""),
        Thanked(by=LINUS, whom=GRACE, work=Work.CALLS, url=WORDS),
    ),
    years=((LINUS, 5), (ADA, 1)),
    mentored=(GRACE,),
    stories=((GRACE, DEEDS),),
)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("happened", [HAPPENED, Happened()], ids=["a-month", "only-that"])
def test_thanks_and_years_read_well(language: str, happened: Happened) -> None:
    contents = told(happened, celebrated=CELEBRATED)
    assert not contents.is_empty
    text = written(contents, policy(thanks={"mode": Mode.ON}), language)
    assert "\n\n\n" not in text
    assert not re.search("@|None", text)
    for piece in (
        "`linus_acme` thanked `grace` for the calls ([here](", "thanked `linus_acme` for what they do\n",
        "`ada`: a year of", "`linus_acme`: 5 years", "`grace`: their first mentoring", "`grace` as a mentor",
        "/thank NAME",
    ):  # fmt: skip
        assert language != "en" or piece in text
    assert text.index("`ada`: ") < text.index("`linus_acme`: 5")
    assert f"{WORDS.replace('github', 'redirect.github').replace('#', chr(92) + '#')}" in text


def test_outside_of_github_thanks_have_plain_links_too() -> None:
    text = written(told(celebrated=CELEBRATED), DEFAULTS, "en", pictures={})
    assert "redirect." not in text
    assert "/thank " not in text  # nobody is invited to what is not switched on


def test_thanks_have_an_end_too() -> None:
    crowd = [Person(PersonId(300 + number), f"p-{number:02}") for number in range(40)]
    many = Celebrated(
        thanked=tuple(Thanked(by=ADA, whom=one, work=Work.DOCS, url="") for one in crowd),
        years=tuple((one, 2) for one in crowd),
        mentored=tuple(crowd),
        stories=tuple((one, DEEDS) for one in crowd),
    )
    found = shown(told(celebrated=many))
    assert [found[name]["more"] for name in ("thanked", "years", "mentored", "stories")] == [20, 20, 20, 35]
    assert "20" in written(told(celebrated=many), DEFAULTS, "es")


def test_thanks_alone_are_worth_a_digest() -> None:
    assert not told(Happened(), celebrated=Celebrated(thanked=CELEBRATED.thanked)).is_empty
    assert told(Happened(), celebrated=Celebrated(years=CELEBRATED.years)).is_empty
