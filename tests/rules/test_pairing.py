"""Who is asked next for a mentoring: which part is sought, who may be asked at all, and what speaks for whom."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.mentors import Ask, Because, Candidate, Mentor, Mentoring, Need, Part, Reasons, Said, State, Wants
from bot.model import Person, PersonId, ThreadRef
from bot.policy import Policy
from bot.rules import pairing
from tests.rules.scenes import DEFAULTS, MAPS, NOW, policy

DAY: Final = timedelta(days=1)
REF: Final = ThreadRef(MAPS.id, 5)
WHO: Final = {name: Person(PersonId(100 + n), name) for n, name in enumerate(("ada", "grace", "hedy", "joan", "linus"))}
MENTEE: Final = Person(PersonId(7), "mina")
NEED: Final = Need(ref=REF, repo_id=MAPS.id, areas=frozenset({"auth"}), mentee=MENTEE, languages=("en",))
SUMMER: Final = datetime(2026, 7, 1, 9, tzinfo=UTC)
OF_MENTOR: Final = {"areas", "up_to", "zone", "languages", "wants", "mentored", "affiliation", "zone_is_told"}


def can(name: str, **about: Any) -> Candidate:
    """Somebody who is free, and has not mentored."""
    terms = {key: about.pop(key) for key in [*about] if key in OF_MENTOR}
    who = about.pop("person", None) or WHO[name]
    return Candidate(mentor=Mentor(person=who, **terms), is_free=about.pop("is_free", True), **about)


def has(name: str, **about: Any) -> Candidate:
    """Somebody who is free, and has mentored, once and beside somebody."""
    return can(name, **{"led": 1, "beside": 1} | about)


def ask(name: str, part: Part = Part.LEAD, said: Said = Said.ACCEPTED, **more: Any) -> Ask:
    asked = Ask(person=WHO[name], part=part, chosen_at=NOW - DAY, asked_at=NOW - DAY, said=said)
    return replace(asked, **more)


def sought(*asks: Ask, state: State = State.SEEKING) -> Mentoring:
    return Mentoring(
        ref=REF, began_at=NOW - DAY, because=Because.ASKED, state=state, state_at=NOW - DAY, mentee=MENTEE,
        asked_by=MENTEE, asks=asks,
    )  # fmt: skip


def chosen(
    *them: Candidate, mentoring: Mentoring | None = None, need: Need = NEED, by: Policy = DEFAULTS, now: datetime = NOW
) -> str | None:
    """Who is asked for what, and who the other would be."""
    found = pairing.choose(need, them, mentoring or sought(), by, now)
    if found is None:
        return None
    other = f" beside {found.other.person.login} ({found.other.part})" if found.other else ""
    return f"{found.first.person.login} ({found.first.part}){other}"


def points(*them: Candidate, mentoring: Mentoring | None = None, need: Need = NEED, now: datetime = NOW) -> Any:
    """Of whoever is asked next."""
    found = pairing.choose(need, them, mentoring or sought(), DEFAULTS, now)
    assert found is not None
    return found.first.points


LED, TWO = ask("ada"), (ask("ada", Part.PEER), ask("grace", Part.PEER))
NO: Final = Said.DECLINED


@pytest.mark.parametrize(
    ("them", "asks", "says"),
    [
        pytest.param([has("ada"), can("grace")], (), "ada (lead) beside grace (co-mentor)", id="a lead and who learns"),
        pytest.param([has("ada")], (), "ada (lead)", id="nobody to learn it"),
        pytest.param([has("ada"), has("grace", led=0, beside=1, asks=9)], (), "ada (lead) beside grace (co-mentor)",
                     id="all have mentored: who has least learns"),
        pytest.param([can("ada", mentored=True), can("grace")], (), "ada (lead) beside grace (co-mentor)",
                     id="their own word that they have mentored"),
        pytest.param([can("ada"), has("grace", wants=Wants.CO_MENTOR)], (), "ada (peer)",
                     id="who has mentored would not lead"),
        pytest.param([has("ada"), can("grace", wants=Wants.LEAD)], (), "ada (lead)", id="who has not would only lead"),
        pytest.param([can("ada"), can("grace")], (), "ada (peer) beside grace (peer)", id="nobody has mentored"),
        pytest.param([can("ada"), has("grace", is_free=False)], (), None, id="who has mentored is waited for"),
        pytest.param([can("ada"), can("joan"), has("grace")], (ask("grace", said=NO),), "ada (peer) beside joan (peer)",
                     id="who has mentored has declined"),
        pytest.param([has("ada"), can("grace")], (LED,), "grace (co-mentor) beside ada (lead)", id="a lead agreed"),
        pytest.param([can("grace")], (LED,), "grace (co-mentor) beside ada (lead)", id="the lead is off the roster"),
        pytest.param([has("grace")], (ask("ada", Part.CO_MENTOR),), "grace (lead) beside ada (co-mentor)",
                     id="the lead has left"),
        pytest.param([can("grace")], (ask("ada", Part.CO_MENTOR),), "grace (peer) beside ada (co-mentor)",
                     id="the lead has left, and nobody else has mentored"),
        pytest.param([can("grace"), has("joan", is_free=False)], TWO[:1], "grace (peer) beside ada (peer)",
                     id="a peer agreed"),
        pytest.param([can("joan", here=0.1), can("hedy", areas=("Auth",))], TWO, "hedy (guide) beside ada (peer)",
                     id="two peers get a guide"),
        pytest.param([can("joan", knows={"docs": 1.0}, areas=("docs",))], TWO, None, id="who knows nothing of it"),
        pytest.param([can("joan", here=0.1)], (*TWO, ask("hedy", Part.GUIDE, NO)), None, id="no ask left for a guide"),
        pytest.param([can("joan", here=0.1)], (*TWO, ask("hedy", Part.GUIDE, by=WHO["joan"].id)), None,
                     id="there is a guide"),
        pytest.param([can("grace")], (LED, ask("hedy", Part.CO_MENTOR)), None, id="both are there"),
        pytest.param([has("grace")], (ask("ada", said=Said.OPEN),), None, id="somebody is being asked"),
        pytest.param([has("grace")], [ask(one, said=NO) for one in ("ada", "hedy", "joan")], None, id="three asked"),
        pytest.param([has("grace")], [ask("ada", said=NO), ask("hedy", said=NO), ask("joan", said=NO, by=PersonId(1))],
                     "grace (lead)", id="handing over does not count"),
        pytest.param([has("grace")], [ask("ada", said=NO), ask("hedy", said=NO),
                                      ask("joan", said=Said.WITHDRAWN, asked_at=None)], "grace (lead)",
                     id="nor who never heard of it"),
        pytest.param([has("grace")], [ask("ada", said=NO), ask("hedy", said=NO), ask("joan", said=Said.WITHDRAWN)],
                     None, id="who heard of it counts, though it is over"),
        pytest.param([], (), None, id="nobody agreed"),
    ],
)  # fmt: skip
def test_who_is_asked_next(them: list[Candidate], asks: Any, says: str | None) -> None:
    assert chosen(*them, mentoring=sought(*asks)) == says


@pytest.mark.parametrize(
    ("one", "settings"),
    [
        pytest.param(has("grace", is_free=False), {}, id="not free"),
        pytest.param(has("grace", room=0), {}, id="no room"),
        pytest.param(has("grace", person=MENTEE), {}, id="the mentee"),
        pytest.param(has("grace", person=Person(PersonId(50), "goat[bot]", is_bot=True)), {}, id="a bot"),
        pytest.param(has("grace"), {"people": {"bots": ("Grace",)}}, id="taken for a bot"),
        pytest.param(has("grace"), {"people": {"leave_alone": ("grace",)}}, id="wants to be left alone"),
        pytest.param(has("linus"), {}, id="was asked here before"),
    ],
)
def test_who_is_never_asked(one: Candidate, settings: Any) -> None:
    before = sought(ask("linus", said=Said.LATER))
    assert chosen(one, mentoring=before, by=policy(**settings)) is None
    assert chosen(one, has("ada"), mentoring=before, by=policy(**settings)) == "ada (lead)"


def test_the_mentee_may_be_known_from_either() -> None:
    assert chosen(has("ada", person=MENTEE), need=replace(NEED, mentee=None)) is None
    assert chosen(has("ada", person=MENTEE), mentoring=replace(sought(), mentee=None)) is None


BERLIN, TOKYO, NEW_YORK = "Europe/Berlin", "Asia/Tokyo", "America/New_York"


@pytest.mark.parametrize(
    ("better", "worse", "name"),
    [
        pytest.param({"areas": ("AUTH",)}, {}, "area", id="named the area"),
        pytest.param({}, {"areas": ("docs",)}, "area", id="named another one"),
        pytest.param({"knows": {"auth": 0.5}}, {"knows": {"auth": 0.1, "docs": 1.0}}, "knows", id="knows it better"),
        pytest.param({"here": 0.5}, {}, "here", id="was here"),
        pytest.param({"led": 0}, {}, "turn", id="never led"),
        pytest.param({"zone": BERLIN}, {"zone": TOKYO}, "hours", id="is awake together with the mentee"),
        pytest.param({"languages": ("en",)}, {"languages": ("es",)}, "languages", id="speaks their language"),
        pytest.param({"asks": 1}, {"asks": 4}, "rotation", id="was asked less"),
        pytest.param({"asks": 4, "up_to": 4}, {"asks": 4}, "rotation", id="has more places"),
        pytest.param({"last_asked": NOW - 40 * DAY}, {"last_asked": NOW - DAY}, "rested", id="was not asked of late"),
    ],
)
def test_what_speaks_for_a_lead(better: Any, worse: Any, name: str) -> None:
    need = replace(NEED, zone=BERLIN)
    for first, second in (("ada", "grace"), ("grace", "ada")):
        them = has(first, **better), has(second, **worse)
        found = pairing.choose(need, them, sought(), DEFAULTS, NOW)
        assert found is not None
        assert found.first.person.login == first
        leads = {one.person.login: one.points for one in found.weighed if one.part is Part.LEAD}
        assert leads[first].get(name, 0.0) > leads[second].get(name, 0.0)


@pytest.mark.parametrize(
    ("lead", "better", "worse", "name"),
    [
        pytest.param({}, {}, {"beside": 1, "led": 1}, "new to it", id="has not mentored"),
        pytest.param({}, {"beside": 2, "led": 1}, {"beside": 1}, "turn", id="does not wait for a turn to lead"),
        pytest.param({"zone": BERLIN}, {"zone": BERLIN}, {"zone": TOKYO}, "together", id="is awake with the lead"),
        pytest.param({"languages": ("es",)}, {"languages": ("en", "es")}, {"languages": ("en",)}, "together",
                     id="speaks with the lead"),
        pytest.param({"groups": frozenset("a")}, {"groups": frozenset("b")}, {"groups": frozenset("a")}, "mixing",
                     id="is of another team"),
        pytest.param({"affiliation": "Lab"}, {"affiliation": "hut"}, {"affiliation": "lab"}, "mixing",
                     id="is of another affiliation"),
        pytest.param({"affiliation": "Lab"}, {}, {"affiliation": "lab"}, "mixing", id="is of none"),
        pytest.param({}, {}, {"pairs": {WHO["ada"].id: 1}}, "mixing", id="was not paired with the lead"),
    ],
)  # fmt: skip
def test_what_speaks_for_who_is_beside(lead: Any, better: Any, worse: Any, name: str) -> None:
    for first, second in (("grace", "hedy"), ("hedy", "grace")):
        them = has("ada", **{"led": 2} | lead), can(first, **better), can(second, **worse)
        found = pairing.choose(NEED, them, sought(ask("ada")), DEFAULTS, NOW)
        assert found is not None
        assert found.first.person.login == first
        weighed = {one.person.login: one.points.get(name, 0.0) for one in found.weighed}
        assert weighed[first] > weighed[second]


def test_having_been_paired_counts_twice_at_most() -> None:
    often, twice = ({"pairs": {WHO["ada"].id: times}} for times in (9, 2))
    agreed = sought(ask("ada"))
    assert points(has("ada"), can("grace", **often), mentoring=agreed)["mixing"] == -2 * pairing.PAIRED
    assert points(has("ada"), can("grace", **twice), mentoring=agreed)["mixing"] == -2 * pairing.PAIRED


def test_what_is_not_known_speaks_for_nobody() -> None:
    assert points(has("ada"), need=replace(NEED, areas=frozenset(), languages=())) == {}


def test_whoever_was_asked_far_more_often_is_passed_over_whatever_they_know() -> None:
    best = {"knows": {"auth": 0.9}, "areas": ("auth",), "here": 0.9}
    others = [has(name, asks=4, knows={"auth": 0.1}) for name in ("grace", "hedy", "joan")]
    assert chosen(has("ada", asks=4, **best), *others) == "ada (lead) beside grace (co-mentor)"
    assert chosen(has("ada", asks=16, **best), *others) == "grace (lead) beside hedy (co-mentor)"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param({"asks": 1}, {"asks": 1, "last_asked": NOW - 40 * DAY}, id="was never asked"),
        pytest.param({"last_asked": NOW - 60 * DAY}, {"last_asked": NOW - 40 * DAY}, id="was asked longer ago"),
        pytest.param({}, {}, id="has been there longer"),
    ],
)
def test_where_points_do_not_decide(one: Any, other: Any) -> None:
    them = has("ada", **one), has("grace", **other)
    assert chosen(*them) == chosen(*reversed(them)) == "ada (lead) beside grace (co-mentor)"


@pytest.mark.parametrize(
    ("one", "other", "now", "hours"),
    [
        pytest.param(BERLIN, BERLIN, NOW, 14, id="the same"),
        pytest.param(BERLIN, NEW_YORK, NOW, 8, id="six hours apart"),
        pytest.param(BERLIN, "America/Phoenix", NOW, 6, id="in winter eight"),
        pytest.param(BERLIN, "America/Phoenix", SUMMER, 5, id="in summer nine"),
        pytest.param(BERLIN, "Asia/Kolkata", NOW, 9.5, id="half hours"),
        pytest.param("Pacific/Auckland", "Europe/London", SUMMER, 4, id="eleven apart: morning meets evening"),
        pytest.param("Pacific/Kiritimati", "Pacific/Pago_Pago", NOW, 13, id="across the date line"),
        pytest.param(BERLIN, None, NOW, None, id="one is not known"),
        pytest.param("Europe/Atlantis", BERLIN, NOW, None, id="there is no such place"),
        pytest.param("../etc", BERLIN, NOW, None, id="it is no name of a place"),
    ],
)
def test_hours_in_which_both_are_awake(one: str, other: str | None, now: datetime, hours: float | None) -> None:
    assert pairing.shared_hours(one, other, now) == pairing.shared_hours(other, one, now) == hours


@pytest.mark.parametrize(
    ("lead", "beside", "says"),
    [
        pytest.param({}, {}, Reasons(), id="nothing"),
        pytest.param({"areas": ("Docs", "AUTH")}, {}, Reasons(areas=("auth",)), id="an area they named"),
        pytest.param({"knows": {"auth": 0.3, "docs": 0.9}}, {}, Reasons(areas=("auth",)), id="an area they know"),
        pytest.param({"knows": {"auth": 0.2}, "here": 0.2}, {}, Reasons(), id="too little to be told"),
        pytest.param({"here": 0.3}, {}, Reasons(here=True), id="was here"),
        pytest.param({"zone": BERLIN, "zone_is_told": True}, {"zone": NEW_YORK, "zone_is_told": True}, Reasons(hours=8),
                     id="hours, if both told where they are"),
        pytest.param({"zone": BERLIN}, {"zone": NEW_YORK, "zone_is_told": True}, Reasons(), id="one told it privately"),
        pytest.param({"zone": BERLIN, "zone_is_told": True}, {"zone": NEW_YORK}, Reasons(), id="the other did"),
        pytest.param({"zone_is_told": True}, {"zone": NEW_YORK, "zone_is_told": True}, Reasons(), id="it is not known"),
        pytest.param({"languages": ("EN", "es", "fr")}, {"languages": ("es", "de")}, Reasons(languages=("en", "es")),
                     id="languages, with either"),
    ],
)  # fmt: skip
def test_what_may_be_told(lead: Any, beside: Any, says: Reasons) -> None:
    """Of whoever is asked beside somebody who has agreed."""
    them = has("ada", **beside), can("grace", **lead)
    found = pairing.choose(replace(NEED, zone=BERLIN), them, sought(ask("ada")), DEFAULTS, NOW)
    assert found is not None
    assert found.first.reasons == says


def test_reasons_of_a_lead_tell_that_they_have_mentored_and_those_of_who_agreed_stay() -> None:
    found = pairing.choose(NEED, [has("ada", areas=("auth",))], sought(), DEFAULTS, NOW)
    assert found is not None
    assert found.first.reasons == Reasons(areas=("auth",), mentored=True)
    agreed = sought(ask("ada", reasons=Reasons(here=True)))
    beside = pairing.choose(NEED, [has("ada"), can("grace")], agreed, DEFAULTS, NOW)
    assert beside is not None
    assert beside.other is not None
    assert (beside.other.reasons, beside.other.score) == (Reasons(here=True), 0)


def test_the_score_is_the_sum_of_what_is_told() -> None:
    found = pairing.choose(NEED, [has("ada", areas=("auth",), here=0.5), can("grace")], sought(), DEFAULTS, NOW)
    assert found is not None
    assert found.first.points == {"area": pairing.AREA, "here": pairing.HERE / 2}
    assert found.first.score == sum(found.first.points.values())
    assert [(one.person.login, one.part) for one in found.weighed] == [("ada", Part.LEAD), ("grace", Part.CO_MENTOR)]


@pytest.mark.parametrize(
    ("asks", "names"),
    [
        pytest.param((), ["hedy"], id="a lead is sought"),
        pytest.param((LED,), ["joan"], id="a co-mentor is sought"),
        pytest.param((ask("linus", said=NO),), ["hedy", "linus"], id="somebody declined"),
        pytest.param((LED, ask("hedy", Part.CO_MENTOR)), [], id="nobody is sought"),
    ],
)
def test_who_is_not_available(asks: Any, names: list[str]) -> None:
    """That they declined, or are away, looks the same. Those for whom the part is not are left out."""
    them = [
        has("ada", wants=Wants.LEAD), has("hedy", is_free=False, wants=Wants.LEAD), can("grace"),
        can("joan", room=0), has("linus", wants=Wants.LEAD), has("mina", person=MENTEE),
    ]  # fmt: skip
    found = pairing.not_free(NEED, them, sought(*asks), DEFAULTS)
    assert [person.login for person in found] == names


_CAN = some.builds(
    can,
    some.sampled_from([*WHO]),
    is_free=some.booleans(),
    room=some.integers(0, 2),
    wants=some.sampled_from(Wants),
    led=some.integers(0, 2),
    beside=some.integers(0, 2),
    asks=some.integers(0, 30),
    knows=some.dictionaries(some.just("auth"), some.floats(0, 1)),
    zone=some.sampled_from([None, BERLIN, TOKYO]),
    last_asked=some.sampled_from([None, NOW - DAY, NOW - 90 * DAY]),
)
_ROSTER = some.lists(_CAN, unique_by=lambda one: one.person.id)
_ASKS = some.lists(
    some.builds(ask, some.sampled_from([*WHO]), some.sampled_from(Part), some.sampled_from(Said)),
    unique_by=lambda one: one.person.id,
)


@given(_ROSTER, _ASKS, some.randoms(use_true_random=False))
def test_whatever_the_roster_nobody_is_asked_who_may_not_be(
    roster: list[Candidate], asks: list[Ask], order: Any
) -> None:
    mentoring = replace(sought(*asks), mentee=WHO["linus"])
    found = pairing.choose(NEED, roster, mentoring, DEFAULTS, NOW)
    if found is not None:
        them = {one.person: one for one in roster}
        first, other = found.first, found.other
        one = them[first.person]
        assert one.is_free
        assert one.room > 0
        assert first.person != WHO["linus"]
        assert first.person not in {each.person for each in asks}
        assert other is None or other.person != first.person
        assert len([each for each in asks if each.by is None]) < DEFAULTS.mentoring.asks
    again = [*roster]
    order.shuffle(again)
    assert pairing.choose(NEED, again, mentoring, DEFAULTS, NOW) == found
