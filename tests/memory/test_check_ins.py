"""Ticks in the issues of check-ins as deliveries tell of them, vacations, and how it stands for admins."""

import itertools
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

import pytest
from sqlalchemy import Connection, select

from bot.checkin import gathering, look, printing, tending
from bot.checkins import Because, State
from bot.doctor import team
from bot.effects import GoAway
from bot.memory import boards, checkins, notes, orders, recall, rows, schema
from bot.memory.homes import Home
from bot.memory.places import InstallationState
from bot.memory.store import Store
from bot.model import InstallationId, OwnerId, Person, PersonId, RepoId, ThreadRef
from bot.policytypes import Mode
from bot.rules.checkins import key_of
from bot.sandbox.model import Account, Issue
from bot.team import About, Note
from tests.memory.conftest import GRACE, LINUS, OWNER, REPO, Archive, Village, tell
from tests.rules.scenes import DEFAULTS, policy
from tests.stage import BEGIN

DAY: Final = timedelta(days=1)
BOX: Final = "- [{}] I am still here <!-- check-in:{}:still-here -->\n- [{}] Later <!-- check-in:{}:ask-later -->"


def text(who: Account, *, here: bool = False, later: bool = False) -> str:
    return BOX.format("x" if here else " ", who.id, "x" if later else " ", who.id)


def asked_in(village: Village, who: Account, *, ours: bool = True) -> Issue:
    """Our issue about somebody."""
    app = village.installation.app
    by = app.bot if ours else village.grace
    return village.world.open_issue(village.maps, by=by, title="A question", body=text(who))


def known(db: Connection, village: Village, issue: Issue, who: Account) -> None:
    owner_id, now = OwnerId(village.organisation.id), village.clock()
    rows.person(db, Person(PersonId(who.id), who.login), now)
    checkins.begin(db, owner_id, PersonId(who.id), Because.SILENCE, State.ASKED, now)
    place = ThreadRef(RepoId(village.maps.id), issue.number)
    checkins.at(db, owner_id, PersonId(who.id), now, place)
    boards.opened(db, owner_id, f"check-in/{who.id}", place.repo_id, place.number, "N", issue.body, now)


def requests(db: Connection) -> list[tuple[str, str, int]]:
    table = schema.requests
    found = db.execute(select(table.c.name, table.c.args, table.c.person_id, table.c.at).order_by(table.c.at))
    return [(row.name, row.args, row.person_id) for row in found]


@pytest.mark.parametrize("order", list(itertools.permutations(range(2))))
@pytest.mark.parametrize("copies", [1, 2])
def test_ticks_count_once_and_in_any_order(store: Store, village: Village, order: Any, copies: int) -> None:
    ada, world = village.ada, village.world
    issue = asked_in(village, ada)
    store.write_now(lambda db: tell(db, world.deliveries))
    store.write_now(lambda db: known(db, village, issue, ada))
    begun = len(world.deliveries)
    village.later(minutes=1)
    world.edit(issue, by=ada, body=text(ada, here=True))
    village.later(minutes=1)
    world.edit(issue, by=ada, body=text(ada, here=True, later=True))
    edits = world.deliveries[begun:]
    store.write_now(lambda db: tell(db, [edits[index] for index in order] * copies, village.clock()))
    assert store.read_now(requests) == [("still-here", "", ada.id), ("ask-later", "", ada.id)]
    board = store.read_now(lambda db: boards.find(db, OwnerId(village.organisation.id), f"check-in/{ada.id}"))
    assert board is not None
    assert not board.says(issue.body)


def test_whose_tick_it_is_counts(store: Store, village: Village) -> None:
    """Of others a word for them is all that counts; a bot's edit counts for nothing."""
    ada, grace, world = village.ada, village.grace, village.world
    issue = asked_in(village, ada)
    store.write_now(lambda db: tell(db, world.deliveries))
    store.write_now(lambda db: known(db, village, issue, ada))
    begun = len(world.deliveries)
    village.later(minutes=1)
    world.edit(issue, by=village.installation.app.bot, body=text(ada, here=True))
    world.edit(issue, by=village.installation.app.bot, body=text(ada))
    world.edit(issue, by=grace, body=text(ada, here=True, later=True), title="Another title")
    world.edit(issue, by=ada, title="A third one")
    stranger = text(village.linus, here=True)
    world.edit(issue, by=village.linus, body=stranger)
    store.write_now(lambda db: tell(db, world.deliveries[begun:], village.clock()))
    assert store.read_now(requests) == [("vouch", "@ada", grace.id)]


@pytest.mark.parametrize("ours", [True, False])
def test_boxes_elsewhere_are_nothing(store: Store, village: Village, ours: bool) -> None:
    """In an issue that nobody is asked in, or that is not ours."""
    ada, world = village.ada, village.world
    issue = asked_in(village, ada, ours=ours)
    store.write_now(lambda db: tell(db, world.deliveries))
    if not ours:
        store.write_now(lambda db: known(db, village, issue, ada))
    begun = len(world.deliveries)
    world.edit(issue, by=ada, body=text(ada, here=True))
    store.write_now(lambda db: tell(db, world.deliveries[begun:], village.clock()))
    assert store.read_now(requests) == []


def away(db: Connection, at: datetime, until: datetime | None) -> None:
    where = recall.repo(db, RepoId(REPO))
    assert where is not None
    order = GoAway(
        rule="answers", key=f"answers/away/order/issue/{int(at.timestamp())}", why="",
        thread=ThreadRef(RepoId(REPO), 1), person=Person(PersonId(LINUS), "linus"), as_of=at, until=until,
    )  # fmt: skip
    orders.obey(db, order, where, None, at)


@pytest.mark.parametrize(
    ("said", "days"),
    [
        pytest.param([], 0, id="never away"),
        pytest.param([(2, 9)], 7, id="for a week"),
        pytest.param([(2, 90)], 18, id="for longer than until now"),
        pytest.param([(2, 90), (5, None)], 3, id="back early"),
        pytest.param([(2, 9), (5, 7)], 5, id="back earlier than they said first"),
        pytest.param([(-5, 9), (8, 10)], 2, id="what they said before they were asked"),
        pytest.param([(5, None)], 0, id="back, and never away"),
    ],
)
def test_how_long_somebody_was_away(store: Store, said: list[tuple[int, int | None]], days: int) -> None:
    archive = Archive(store)
    for at, until in said:
        end = None if until is None else BEGIN + until * DAY
        archive.store.write_now(partial(away, at=BEGIN + at * DAY, until=end))
    held = store.read_now(lambda db: checkins.held(db, OwnerId(OWNER), PersonId(LINUS), BEGIN, BEGIN + 20 * DAY))
    assert held == days * DAY


def test_since_when_it_is_switched_on(store: Store) -> None:
    def switched(mode: Mode, days: int) -> datetime:
        return store.write_now(lambda db: tending.switched(db, OwnerId(OWNER), mode, BEGIN + days * DAY))

    assert switched(Mode.ON, 0) == switched(Mode.ON, 5) == BEGIN
    assert switched(Mode.SHADOW, 6) < BEGIN
    assert switched(Mode.ON, 7) == BEGIN + 7 * DAY


def begin(archive: Archive, who: int, state: State, at: datetime = BEGIN) -> None:
    archive.store.write_now(lambda db: checkins.begin(db, OwnerId(OWNER), PersonId(who), Because.SILENCE, state, at))


def test_likes_are_an_answer_or_a_word(store: Store) -> None:
    archive, owner_id = Archive(store), OwnerId(OWNER)
    liked = [PersonId(LINUS), PersonId(104)]  # and a bot

    def like(db: Connection, who: PersonId) -> None:
        checkins.at(db, owner_id, who, BEGIN, ThreadRef(RepoId(REPO), who))
        one = checkins.latest(db, owner_id, who)
        assert one is not None
        tending.liked(db, owner_id, one, liked, DEFAULTS, BEGIN + DAY)

    for who in (LINUS, GRACE):
        begin(archive, who, State.ASKED)
        store.write_now(partial(like, who=PersonId(who)))
    found = store.read_now(lambda db: checkins.of_owner(db, owner_id))
    assert (found[PersonId(LINUS)].state, found[PersonId(GRACE)].state) == (State.ANSWERED, State.ASKED)
    told = store.read_now(lambda db: db.execute(select(schema.presence.c.person_id, schema.presence.c.by_id)).all())
    assert [tuple(row) for row in told] == [(GRACE, LINUS)]


def test_in_shadow_mode_it_is_noted_who_would_be_asked(store: Store) -> None:
    archive, now = Archive(store), BEGIN + 300 * DAY
    archive.team(LINUS)
    chosen = policy(check_ins={"a_week": 1})
    for at in (now, now + DAY, now + 8 * DAY):
        store.write_now(partial(tending.record, owner_id=OwnerId(OWNER), home=None, policy=chosen, now=at))
    assert store.read_now(lambda db: checkins.of_owner(db, OwnerId(OWNER))) == {}
    told = store.read_now(lambda db: db.execute(select(schema.notes.c.person_id, schema.notes.c.at)).all())
    assert sorted(row.at for row in told) == [now, now + 8 * DAY]
    assert {row.person_id for row in told} == {GRACE, LINUS}


def test_admins_see_how_it_stands(store: Store) -> None:
    archive, now = Archive(store), BEGIN + 10 * DAY
    archive.put(schema.installations, id=1, owner_id=OWNER, state=InstallationState.ACTIVE, heard_at=BEGIN, live=[])
    begin(archive, LINUS, State.DUE)
    begin(archive, GRACE, State.UNREACHABLE, now)
    [found] = store.read_now(lambda db: printing.printed(db, None, lambda _db, _where: DEFAULTS, now))
    assert [line.text() for line in found.lines] == [
        f"linus is due since {BEGIN:%Y-%m-%d}", f"grace is due, and cannot read the place since {now:%Y-%m-%d}"
    ]  # fmt: skip
    lines = list(found.text())
    assert lines[0].endswith("in shadow mode: nobody is asked; no private place is named (team.place)")
    assert [one["person"] for one in found.as_json()["people"]] == ["linus", "grace"]
    findings = store.read_now(team.look)
    assert [one.what for one in findings] == [
        "alpine-tools: 1 check-in is due and there is no private place",
        "alpine-tools: 1 person cannot read the place of their check-in",
    ]
    with pytest.raises(printing.NothingKnown, match="nowhere is not known"):
        store.read_now(lambda db: printing.printed(db, "nowhere", lambda _db, _where: DEFAULTS, now))


def test_who_agreed_to_it_and_may_be_written_to_can_take_over(store: Store) -> None:
    archive = Archive(store)
    archive.put(schema.optouts, owner_id=OWNER, person_id=LINUS, opted_out=True, as_of=BEGIN)
    named, chosen = ["Linus", "nobody", "Grace", "ada"], policy(people={"leave_alone": ("ada",)})
    found = store.read_now(lambda db: gathering.humans(db, OwnerId(OWNER), named, chosen, BEGIN + DAY))
    assert [one.login for one in found] == ["grace"]


def test_a_thumb_at_a_reminder_is_heard_too(store: Store) -> None:
    archive, owner_id, place = Archive(store), OwnerId(OWNER), ThreadRef(RepoId(REPO), 1)
    begin(archive, LINUS, State.ASKED)
    store.write_now(lambda db: checkins.at(db, owner_id, PersonId(LINUS), BEGIN, place))
    for number, about in enumerate((About.QUESTION, About.REMINDER)):
        note = Note(
            owner_id=owner_id, about=about, person=PersonId(LINUS), at=BEGIN + number * DAY, matter=BEGIN, place=place
        )  # fmt: skip
        store.write_now(partial(notes.write, note=note))
        archive.said(key_of(note), 1, to=LINUS)
        url = {"url": "https://a.org", "node_id": f"N{number}"}
        store.write_now(partial(rows.put, table=schema.ledger, values=url, key=key_of(note)))

    def heard(db: Connection) -> list[str]:
        where = recall.repo(db, place.repo_id)
        assert where is not None
        return [node_id for _, node_id in look._questions(db, owner_id, Home(where, DEFAULTS, InstallationId(1), None))]

    assert store.read_now(heard) == ["N0", "N1"]


def test_which_issues_are_kept(store: Store) -> None:
    """One that was begun before a crash is gone on with; one that a human has is left alone; one about nobody ends."""
    archive, owner_id, place = Archive(store), OwnerId(OWNER), RepoId(REPO)

    def kept(db: Connection) -> list[tuple[str, list[str], bool]]:
        where = recall.repo(db, place)
        assert where is not None
        found = gathering.standing(db, owner_id, DEFAULTS, BEGIN)
        home = Home(where, DEFAULTS, InstallationId(1), None)
        issues = look._issues(db, owner_id, found, home, DEFAULTS)
        return [(one.name, [each.person.login for each in one.those], one.board is not None) for one in issues]

    def board(db: Connection, name: str, number: int, who: PersonId | None = None) -> None:
        boards.opened(db, owner_id, name, place, number, "N", "", BEGIN)
        if who is not None:
            checkins.at(db, owner_id, who, BEGIN, ThreadRef(place, number))

    begun = f"check-in/{LINUS}/{BEGIN:%Y-%m-%d}/{REPO}"
    begin(archive, LINUS, State.ASKED)
    begin(archive, GRACE, State.HANDED)
    store.write_now(partial(board, name=begun, number=1))
    store.write_now(partial(board, name="check-in/grace", number=2, who=PersonId(GRACE)))
    store.write_now(partial(board, name="check-in/gone", number=3))
    assert store.read_now(kept) == [("check-in/gone", [], True), (begun, ["linus"], False)]
    store.write_now(partial(board, name=begun, number=1, who=PersonId(LINUS)))
    assert store.read_now(kept) == [(begun, ["linus"], True), ("check-in/gone", [], True)]
    # Whoever deleted the second one, or moved it away, wants nothing more there.
    archive.thread(3, gone=True)
    assert store.read_now(kept) == [(begun, ["linus"], True)]


def test_what_somebody_writes_there_is_an_answer(store: Store) -> None:
    archive, place = Archive(store), ThreadRef(RepoId(REPO), 1)

    def spoke() -> bool:
        return store.read_now(lambda db: checkins.spoke(db, PersonId(LINUS), place, BEGIN))

    archive.answer(1, by=GRACE, at=BEGIN + DAY).answer(2, by=LINUS, at=BEGIN + DAY)
    archive.answer(1, by=LINUS, at=BEGIN - DAY).answer(1, by=LINUS, at=BEGIN + DAY, gone=True)
    assert not spoke()
    archive.answer(1, by=LINUS, at=BEGIN + DAY).set(schema.activity, says=False)
    assert not spoke()  # to the bot alone
    archive.set(schema.activity, says=True)
    assert spoke()


def test_a_question_that_nobody_can_read_is_due_again(store: Store) -> None:
    """Meanwhile it counts among those who are asked in a week: they do not pile up where no issue can be opened."""
    archive, owner_id = Archive(store).team(LINUS), OwnerId(OWNER)
    chosen, later = policy(check_ins={"a_week": 2}), BEGIN + 8 * DAY
    begin(archive, LINUS, State.ASKED)
    where = store.read_now(lambda db: recall.repo(db, RepoId(REPO)))
    assert where is not None
    home = Home(where, chosen, InstallationId(1), None)

    def room(now: datetime) -> int:
        return store.read_now(lambda db: tending.room(db, owner_id, chosen, now))

    def tend(home: Home | None, now: datetime) -> tuple[State, int]:
        found = store.write_now(lambda db: tending.tend(db, owner_id, chosen, home, (), now))
        return found.known[PersonId(LINUS)].state, room(now)

    assert tend(home, BEGIN + DAY) == (State.ASKED, 1)
    assert tend(home, later) == (State.DUE, 2)
    begin(archive, LINUS, State.ASKED, later)
    assert tend(None, later + DAY) == (State.DUE, 2)
    # Where the place is another one by now, nothing more is said of it, and it ends.
    begin(archive, LINUS, State.ASKED, later + 2 * DAY)
    elsewhere = ThreadRef(RepoId(REPO + 1), 1)
    store.write_now(lambda db: checkins.at(db, owner_id, PersonId(LINUS), later + 2 * DAY, elsewhere))
    assert tend(home, later + 30 * DAY)[0] is State.ASKED
    assert tend(home, later + 60 * DAY)[0] is State.OVER
