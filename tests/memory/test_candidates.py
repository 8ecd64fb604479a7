"""What memory tells of a roster: who is free, who knows what, who had their turn. And what `explain` makes of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Final

import pytest
from sqlalchemy import event

from bot.memory import candidates, mentorings, schema
from bot.memory.store import Store
from bot.mentoring.explaining import Explained, explained
from bot.mentors import Candidate, Mentor, Need, Part, Said, State
from bot.model import OwnerId, Person, PersonId, RepoId, Step, ThreadRef
from bot.policy import Activity, Area
from bot.teampolicy import TeamFile
from tests.memory.conftest import ADA, ANOTHER_REPO, GRACE, GREETER, LINUS, LOGINS, OWNER, REPO, Archive
from tests.rules.scenes import DEFAULTS
from tests.stage import BEGIN

DAY: Final = timedelta(days=1)
NOW: Final = BEGIN + 400 * DAY
SECRET: Final = 13  # a private repository
HERE: Final = ThreadRef(RepoId(REPO), 1)
POLICY: Final = DEFAULTS.model_copy(
    update={
        "areas": (Area(name="docs", labels=("docs",), paths=("docs/*",)), Area(name="ci", paths=(".ci/*",))),
        "activity": Activity(excluded_paths=("docs/team.md",)),
        "team": DEFAULTS.team.model_copy(update={"files": (TeamFile(repo="maps", path="docs/people.md"),)}),
    }
)
NEED: Final = Need(ref=HERE, repo_id=HERE.repo_id, areas=frozenset({"docs"}))
MENTORS: Final = (GRACE, LINUS, GREETER)
_numbers = count(2)

Change = Callable[[Archive], object]


@pytest.fixture
def archive(store: Store) -> Archive:
    archive = Archive(store).repo(SECRET, "secret", private=True)
    archive.thread(1, labels=["docs"])
    return archive


def roster(*who: int, **terms: Any) -> list[Mentor]:
    return [Mentor(person=Person(PersonId(id_), LOGINS[id_]), **terms) for id_ in who or MENTORS]


def known(archive: Archive, need: Need = NEED, them: Any = None) -> dict[int, Candidate]:
    made = archive.store.read_now(
        lambda db: candidates.candidates(db, OwnerId(OWNER), need, roster() if them is None else them, POLICY, NOW)
    )
    return {one.person.id: one for one in made}


def mentoring(
    archive: Archive, *asks: tuple[int, Part, Said], state: State = State.DONE, at: datetime = NOW - 40 * DAY,
    said_at: datetime | None = None, ref: ThreadRef | None = None,
) -> ThreadRef:  # fmt: skip
    """Somebody was to be mentored, and these were asked."""
    ref = ref or ThreadRef(HERE.repo_id, next(_numbers))
    place = {"repo_id": ref.repo_id, "number": ref.number, "began_at": at, "owner_id": OWNER}
    archive.put(
        schema.mentorings, **place, mentee_id=ADA, asked_by_id=ADA, because="asked", state=state.value, state_at=at,
        checks=[],
    )  # fmt: skip
    reasons = {"areas": [], "here": False, "mentored": False, "hours": None, "languages": []}
    for number, (who, part, said) in enumerate(asks):
        archive.put(
            schema.mentor_asks, **place, person_id=who, chosen_at=at + number * timedelta(hours=1), part=part.value,
            said=said.value, said_at=said_at or at, reasons=reasons, beside_reasons=reasons,
        )  # fmt: skip
    return ref


def wishes(**told: object) -> Change:
    return lambda archive: archive.put(schema.preferences, owner_id=OWNER, person_id=GRACE, **told)


def asked(said: Said, state: State, *, ref: ThreadRef | None = None, ago: timedelta = 40 * DAY) -> Change:
    return lambda archive: mentoring(archive, (GRACE, Part.LEAD, said), state=state, at=NOW - ago, ref=ref)


def mentioned(archive: Archive) -> None:
    place = {"owner_id": OWNER, "installation_id": 1, "repo_id": REPO, "number": 1, "person_id": GRACE}
    act = {"rule": "welcome", "effect": "say", "mention": True, "why": "", "state": "done"}
    archive.put(schema.ledger, key="welcome/1", **place, **act, claimed_at=NOW - timedelta(hours=1))


@pytest.mark.parametrize(
    ("change", "is_free"),
    [
        pytest.param(lambda archive: None, True, id="nothing speaks against it"),
        pytest.param(wishes(away_until=NOW + DAY), False, id="away"),
        pytest.param(wishes(away_until=NOW - DAY), True, id="back again"),
        pytest.param(wishes(a_day=0), False, id="wants not to be mentioned"),
        pytest.param(mentioned, False, id="was mentioned today"),
        pytest.param(
            lambda archive: archive.put(
                schema.optouts, owner_id=OWNER, person_id=GRACE, opted_out=True, as_of=BEGIN
            ), False, id="wants to be left alone",
        ),
        pytest.param(asked(Said.ACCEPTED, State.RUNNING), False, id="mentors somebody"),
        pytest.param(asked(Said.ACCEPTED, State.SEEKING), False, id="agreed to"),
        pytest.param(asked(Said.OPEN, State.SEEKING), False, id="is being asked"),
        pytest.param(asked(Said.LEFT, State.RUNNING), True, id="stepped back"),
        pytest.param(asked(Said.ACCEPTED, State.DONE), True, id="has mentored somebody"),
        pytest.param(asked(Said.ACCEPTED, State.ENDED), True, id="it came to nothing"),
        pytest.param(asked(Said.DECLINED, State.SEEKING), True, id="declined elsewhere"),
        pytest.param(asked(Said.LATER, State.SEEKING, ago=20 * DAY), False, id="not now, they said"),
        pytest.param(asked(Said.LATER, State.SEEKING, ago=22 * DAY), True, id="that was three weeks ago"),
        pytest.param(asked(Said.DECLINED, State.SEEKING, ref=HERE), False, id="declined here"),
        pytest.param(asked(Said.DECLINED, State.ENDED, ref=HERE), True, id="declined here another time"),
        *(
            pytest.param(asked(said, State.ENDED, ref=HERE, ago=DAY), False, id=f"{said} here, of late")
            for said in (Said.DECLINED, Said.LAPSED, Said.LEFT)
        ),
        pytest.param(asked(Said.WITHDRAWN, State.ENDED, ref=HERE, ago=DAY), True, id="was not bothered here"),
    ],
)  # fmt: skip
def test_who_is_free(archive: Archive, change: Change, is_free: bool) -> None:
    change(archive)
    them = known(archive)
    assert them[GRACE].is_free is is_free
    assert them[LINUS].is_free, "what one says is not about another"


def test_room_is_what_is_left_of_their_number(archive: Archive) -> None:
    mentoring(archive, (GRACE, Part.LEAD, Said.ACCEPTED), (LINUS, Part.CO_MENTOR, Said.OPEN), state=State.SEEKING)
    them = known(archive, them=roster(GRACE, LINUS, up_to=2))
    assert {id_: (one.room, one.is_free) for id_, one in them.items()} == {GRACE: (1, True), LINUS: (1, True)}
    mentoring(archive, (GRACE, Part.LEAD, Said.ACCEPTED), state=State.RUNNING)
    mentoring(archive, (GRACE, Part.LEAD, Said.ACCEPTED), state=State.RUNNING)
    assert known(archive, them=roster(GRACE, up_to=2))[GRACE].room == 0, "they lowered their number meanwhile"


def test_what_came_of_asking_them(archive: Archive) -> None:
    mentoring(archive, (GRACE, Part.LEAD, Said.ACCEPTED), (LINUS, Part.CO_MENTOR, Said.ACCEPTED))
    mentoring(archive, (GRACE, Part.PEER, Said.ACCEPTED), (GREETER, Part.GUIDE, Said.ACCEPTED), at=NOW - 370 * DAY)
    mentoring(archive, (LINUS, Part.LEAD, Said.LEFT), (GREETER, Part.LEAD, Said.WITHDRAWN), at=NOW - 30 * DAY)
    them = known(archive)
    told = {id_: (one.led, one.beside, one.asks, dict(one.pairs)) for id_, one in them.items()}
    assert told == {GRACE: (2, 0, 1, {LINUS: 1}), LINUS: (0, 1, 2, {GRACE: 1}), GREETER: (0, 0, 0, {})}
    assert (them[LINUS].last_asked, them[GREETER].last_asked) == (
        NOW - 30 * DAY, NOW - 370 * DAY + timedelta(hours=1),
    )  # fmt: skip


def of(archive: Archive, who: int, *, repo: int = REPO, at: datetime = NOW - DAY, **more: Any) -> int:
    number = next(_numbers)
    archive.thread(number, by=who, repo=repo, at=at, **more)
    return number


def commented(archive: Archive, number: int, **more: Any) -> Archive:
    told = {"kind": "issue_comment", "repo_id": REPO, "person_id": GRACE, "at": NOW - DAY, "gone": False}
    return archive.put(schema.activity, source_id=next(_numbers), number=number, **told | more)


def labelled(archive: Archive, number: int) -> None:
    archive.put(
        schema.happenings, repo_id=REPO, number=number, at=NOW - DAY, step=Step.LABELED, about="x", person_id=GRACE
    )


def committed(archive: Archive, paths: list[str] | None, **who: object) -> None:
    archive.put(schema.commits, repo_id=REPO, sha=f"{next(_numbers)}", at=NOW - DAY, paths=paths, **who)


def share(acts: float) -> float:
    return acts / (acts + 8)


DOCS: Final[dict[str, Any]] = {"labels": ["docs"]}


@pytest.mark.parametrize(
    ("change", "knows", "here"),
    [
        pytest.param(lambda a: of(a, GRACE, **DOCS), share(1), share(1), id="opened an issue"),
        pytest.param(lambda a: of(a, GRACE, kind="pull_request", paths=["docs/a.md"], merged_at=NOW), share(3),
                     share(3), id="had a pull request merged"),
        pytest.param(lambda a: of(a, GRACE, kind="pull_request", paths=["docs/team.md"]), 0, 0,
                     id="what does not count"),
        pytest.param(lambda a: of(a, GRACE, kind="pull_request", paths=["docs/people.md"]), 0, 0,
                     id="the team file"),
        pytest.param(lambda a: of(a, GRACE, labels=["other"]), 0, share(1), id="another area"),
        pytest.param(lambda a: of(a, GRACE, repo=ANOTHER_REPO, **DOCS), share(1), 0, id="another repository"),
        pytest.param(lambda a: of(a, GRACE, repo=SECRET, **DOCS), 0, 0, id="a private repository"),
        pytest.param(lambda a: of(a, GRACE, at=NOW - 370 * DAY, **DOCS), 0, 0, id="long ago"),
        pytest.param(lambda a: of(a, GRACE, gone=True, **DOCS), 0, 0, id="a thread that is gone"),
        pytest.param(lambda a: commented(a, of(a, ADA, **DOCS)), share(1), share(1), id="commented"),
        pytest.param(lambda a: (commented(a, 1), commented(a, 1)), share(1), share(1), id="a thread counts once"),
        pytest.param(lambda a: commented(a, of(a, GRACE, **DOCS)), share(1), share(1), id="and one's own too"),
        pytest.param(lambda a: commented(a, 1, gone=True), 0, 0, id="a comment that is gone"),
        pytest.param(lambda a: commented(a, 1, at=NOW - 370 * DAY), 0, 0, id="a comment of long ago"),
        pytest.param(lambda a: labelled(a, 1), share(1), share(1), id="set a label"),
        pytest.param(lambda a: committed(a, ["docs/a.md"], person_id=GRACE), share(1), share(1), id="a commit"),
        pytest.param(lambda a: committed(a, ["docs/a.md"], login="grace"), share(1), share(1), id="known by login"),
        pytest.param(lambda a: committed(a, None, person_id=GRACE), 0, share(1), id="a commit of unknown files"),
    ],
)  # fmt: skip
def test_what_they_know(archive: Archive, change: Change, knows: float, here: float) -> None:
    change(archive)
    one = known(archive, them=roster(GRACE))[GRACE]
    assert one.knows == ({"docs": knows} if knows else {})
    assert one.here == here


def test_what_happened_in_a_private_repository_counts_there(archive: Archive) -> None:
    of(archive, GRACE, repo=SECRET, labels=["docs"])
    there = replace(NEED, ref=ThreadRef(RepoId(SECRET), 1), repo_id=RepoId(SECRET))
    assert known(archive, there)[GRACE].here == share(1)


def test_their_teams_but_not_one_that_most_are_in(archive: Archive) -> None:
    teams = {
        1: ("maps", [GRACE], False),
        2: ("all", MENTORS, False),
        3: ("old", [GRACE], True),
        4: ("huts", [LINUS], False),
    }
    for id_, (slug, members, gone) in teams.items():
        archive.put(schema.teams, id=id_, owner_id=OWNER, slug=slug, name=slug, gone=gone, heard_at=BEGIN)
        for who in members:
            archive.put(schema.team_members, team_id=id_, person_id=who, belongs=True, as_of=BEGIN)
    archive.team(LINUS, belongs=False)
    assert {id_: {*one.groups} for id_, one in known(archive).items()} == {
        GRACE: {"maps"},
        LINUS: set(),
        GREETER: set(),
    }


def test_where_they_are_may_be_known_without_being_told(archive: Archive) -> None:
    wishes(zone="Asia/Tokyo")(archive)
    [private] = known(archive, them=roster(GRACE, zone_is_told=True)).values()
    assert (private.mentor.zone, private.mentor.zone_is_told) == ("Asia/Tokyo", False)
    [told] = known(archive, them=roster(GRACE, zone="Europe/Berlin", zone_is_told=True)).values()
    assert (told.mentor.zone, told.mentor.zone_is_told) == ("Europe/Berlin", True)


def test_a_large_roster_takes_as_many_queries_as_a_small_one(archive: Archive) -> None:
    asked: list[str] = []
    event.listen(archive.store.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    many = [Mentor(person=Person(PersonId(1000 + n), f"mentor-{n}")) for n in range(40)]
    counts = []
    for them in ([], roster(GRACE), many):
        asked.clear()
        assert len(known(archive, them=them)) == len(them)
        counts.append(len([query for query in asked if query.startswith("SELECT")]))
    assert counts[0] == 0
    assert counts[1] == counts[2] <= 13


def test_what_mentors_are_sought_for(archive: Archive) -> None:
    archive.put(schema.preferences, owner_id=OWNER, person_id=ADA, zone="Asia/Tokyo")
    mentoring(archive, state=State.SEEKING, ref=HERE)

    def need(**changes: Any) -> Need:
        def read(db: Any) -> Need:
            there = mentorings.of_thread(db, HERE)
            assert there is not None
            return candidates.need(db, replace(there, **changes), POLICY, NOW)

        return archive.store.read_now(read)

    who = Person(PersonId(ADA), "ada")
    assert need() == replace(NEED, mentee=who, zone="Asia/Tokyo", languages=("en",))
    assert need(mentee=None) == replace(NEED, languages=("en",))
    gone = ThreadRef(RepoId(99), 1)
    assert need(ref=gone) == Need(ref=gone, repo_id=gone.repo_id, areas=frozenset(), mentee=who, languages=("en",))


def told(archive: Archive, *them: Mentor) -> Explained:
    def read(db: Any) -> Explained:
        there = mentorings.of_thread(db, HERE)
        assert there is not None
        return explained(db, OwnerId(OWNER), there, them, POLICY, NOW)

    return archive.store.read_now(read)


SINCE: Final = f"{NOW - 40 * DAY:%Y-%m-%d}"
LEADS, LEARNS = roster(GRACE, mentored=True, areas=("docs",))[0], roster(LINUS)[0]


def test_it_is_explained_whom_a_mentoring_would_ask_and_why(archive: Archive) -> None:
    mentoring(archive, state=State.SEEKING, ref=HERE)
    now = told(archive, LEADS, LEARNS)
    assert now.lines() == [
        f"mentoring is seeking since {SINCE}; asks left: 3",
        "mentoring would next ask grace (lead), beside linus (co-mentor)",
        "mentoring weighs grace (lead): 1.00 of area +1.00",
        "mentoring weighs linus (co-mentor): 2.00 of new to it +2.00",
    ]
    json = now.as_json()
    assert json["next"] == [{"person": "grace", "part": "lead"}, {"person": "linus", "part": "co-mentor"}]
    assert json["weighed"] == [
        {"person": "grace", "part": "lead", "score": 1.0, "points": {"area": 1.0}},
        {"person": "linus", "part": "co-mentor", "score": 2.0, "points": {"new to it": 2.0}},
    ]
    assert (json["mentee"], json["asks_left"], json["asked"], json["not_available"]) == ("ada", 3, None, [])


def test_it_is_explained_whom_it_would_ask_otherwise_and_of_others_only_that_they_are_not_there(
    archive: Archive,
) -> None:
    wishes(away_until=NOW + DAY)(archive)
    mentoring(archive, (GREETER, Part.LEAD, Said.OPEN), state=State.SEEKING, ref=HERE)
    another = replace(LEARNS, mentored=True)
    now = told(archive, LEADS, another)
    assert [line for line in now.lines() if "weighs linus" not in line] == [
        f"mentoring is seeking since {SINCE}; Welcome-Robot is being asked (lead); asks left: 2",
        "mentoring would otherwise ask linus (lead)",
        "mentoring weighs grace: not available",
    ]
    assert (now.as_json()["asked"], now.as_json()["not_available"]) == (
        {"person": "Welcome-Robot", "part": "lead"}, ["grace"],
    )  # fmt: skip


@pytest.mark.parametrize("state", [State.WAITING, State.DONE], ids=lambda state: state.value)
def test_nobody_is_weighed_where_nobody_is_sought(archive: Archive, state: State) -> None:
    mentoring(archive, (GRACE, Part.LEAD, Said.ACCEPTED), state=state, ref=HERE)
    now = told(archive, LEADS, LEARNS)
    assert now.lines() == [f"mentoring is {state.value} since {SINCE}; grace agreed (lead); asks left: 2"]
    assert (now.as_json()["agreed"], now.as_json()["next"]) == ([{"person": "grace", "part": "lead"}], None)


def test_where_people_live_is_told_in_one_number_with_their_languages(archive: Archive) -> None:
    wishes(zone="Europe/Berlin")(archive)
    archive.put(schema.preferences, owner_id=OWNER, person_id=ADA, zone="Europe/Berlin")
    mentoring(archive, state=State.SEEKING, ref=HERE)
    [line] = [line for line in told(archive, replace(LEADS, languages=("en",))).lines() if "weighs" in line]
    assert line == "mentoring weighs grace (lead): 2.50 of area +1.00, meeting +1.50"
