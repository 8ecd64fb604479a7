"""Pauses and muted kinds: who spoke last counts, in whatever order the news come, here and in `.github`."""

from datetime import datetime, timedelta
from functools import partial
from itertools import permutations

import pytest
from sqlalchemy import Connection

from bot.effects import MuteKind, PauseRepo
from bot.looking import Hush
from bot.memory import ledger, orders, rows, schema, stops
from bot.memory.store import Store
from bot.model import InstallationId, OwnerId, Person, PersonId, Repo, RepoId, ThreadRef
from tests.stage import BEGIN

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
OWNER = OwnerId(1)
MAPS, HUTS = Repo(RepoId(11), OWNER, "alpine-tools", "maps"), Repo(RepoId(12), OWNER, "alpine-tools", "huts")
HOME = Repo(RepoId(13), OWNER, "alpine-tools", ".github")
GRACE = Person(PersonId(100), "grace")
HERE = ThreadRef(MAPS.id, 5)


@pytest.fixture(autouse=True)
def places(store: Store) -> None:
    def write(db: Connection) -> None:
        for repo in (MAPS, HUTS, HOME):
            values = {"owner_id": OWNER, "name": repo.name, "url": "", "private": False, "archived": False,
                      "gone": False, "covered": True, "default_branch": "main", "heard_at": BEGIN}  # fmt: skip
            rows.put(db, schema.repos, values, id=repo.id)

    store.write_now(write)


def hush(store: Store, where: Repo = MAPS, now: datetime = BEGIN + HOUR) -> Hush:
    return store.read_now(lambda db: stops.hush(db, where, now))


def pause(store: Store, until: datetime | None, as_of: datetime, repo_id: RepoId = MAPS.id) -> None:
    store.write_now(lambda db: stops.pause(db, OWNER, repo_id, until, as_of))


def mute(store: Store, as_of: datetime, *, muted: bool, repo_id: RepoId = MAPS.id) -> None:
    store.write_now(lambda db: stops.mute(db, repo_id, "welcome-issue", as_of, muted=muted))


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_who_spoke_last_counts_in_any_order(store: Store, order: tuple[int, ...]) -> None:
    wishes = [(BEGIN + DAY, BEGIN), (None, BEGIN + timedelta(minutes=1)), (BEGIN + 2 * DAY, BEGIN + 2 * HOUR)]
    for index in order:
        pause(store, *wishes[index])
        mute(store, wishes[index][1], muted=wishes[index][0] is not None)
    assert hush(store) == Hush(paused_until=BEGIN + 2 * DAY, muted=frozenset({"welcome-issue"}))
    assert hush(store, HUTS) == Hush()


def test_a_pause_is_over_when_its_time_has_come(store: Store) -> None:
    pause(store, BEGIN + DAY, BEGIN)
    assert hush(store, now=BEGIN + DAY - HOUR).paused_until == BEGIN + DAY
    assert hush(store, now=BEGIN + DAY).paused_until is None


def test_of_two_pauses_the_longer_one_counts_until_somebody_ends_them(store: Store) -> None:
    pause(store, BEGIN + DAY, BEGIN)
    pause(store, BEGIN + 2 * DAY, BEGIN, stops.EVERYWHERE)
    assert [hush(store, where).paused_until for where in (MAPS, HUTS)] == [BEGIN + 2 * DAY] * 2
    pause(store, None, BEGIN + HOUR)
    assert [hush(store, where).paused_until for where in (MAPS, HUTS)] == [None, BEGIN + 2 * DAY]
    pause(store, BEGIN + DAY, BEGIN + HOUR)
    pause(store, None, BEGIN + 2 * HOUR, stops.EVERYWHERE)
    assert [hush(store, where).paused_until for where in (MAPS, HUTS)] == [None, None]


Said = tuple[RepoId, int, int | None]  # where, on which day, and until which; None: the end


def here(day: int, until: int | None) -> Said:
    return MAPS.id, day, until


def everywhere(day: int, until: int | None) -> Said:
    return stops.EVERYWHERE, day, until


@pytest.mark.parametrize(
    ("said", "paused"),
    [
        pytest.param([here(0, 28)], [*range(28)], id="it runs out"),
        pytest.param([here(0, 28), here(25, None)], [*range(25)], id="it is ended"),
        pytest.param([here(0, 3), here(5, None)], [0, 1, 2], id="it is ended when it is over"),
        pytest.param([here(0, 14), here(13, 28)], [*range(28)], id="it is made longer"),
        pytest.param([here(0, 28), here(5, 10)], [*range(10)], id="it is made shorter"),
        pytest.param([here(0, 14), here(13, 28), here(20, None)], [*range(20)], id="it is made longer and ended"),
        pytest.param([here(0, 3), here(7, 9)], [0, 1, 2, 7, 8], id="another one later"),
        pytest.param([here(0, 9), here(2, None), here(5, 8)], [0, 1, 5, 6, 7], id="another one after its end"),
        pytest.param([everywhere(0, 9), here(1, 12)], [*range(12)], id="here and everywhere"),
        pytest.param([everywhere(0, 9), here(1, 2), here(5, None)], [*range(5)], id="both are ended here"),
        pytest.param([here(0, 9), everywhere(4, None)], [*range(4)], id="it is ended everywhere"),
        pytest.param(
            [everywhere(0, 28), here(3, None), here(5, 8)], [0, 1, 2, 5, 6, 7], id="that everywhere stays ended"
        ),
        pytest.param([everywhere(0, 9), here(2, None), everywhere(5, 9)], [0, 1, 5, 6, 7, 8], id="everywhere again"),
        pytest.param([everywhere(0, 9), here(0, None)], [], id="ended here at the same time"),
        pytest.param([here(0, 9), here(0, None)], [], id="of one time the end"),
        pytest.param([here(0, 9), here(0, 5)], [*range(9)], id="of one time the longer one"),
    ],
)
def test_days_of_a_pause_are_known_however_it_ended(store: Store, said: list[Said], paused: list[int]) -> None:
    """In whatever order it is heard, and twice."""

    def hear(db: Connection) -> None:
        last = max(day for _, day, _ in said)
        for order in permutations(said):
            db.execute(schema.pauses.delete())
            for repo_id, day, until in (*order, *order):
                until_then = None if until is None else BEGIN + until * DAY
                stops.pause(db, OWNER, repo_id, until_then, BEGIN + day * DAY)
            spans = stops.pauses(db, MAPS)
            assert [day for day in range(40) if any(begin <= BEGIN + day * DAY < end for begin, end in spans)] == paused
            silent = [day for day in range(last, 40) if stops.hush(db, MAPS, BEGIN + day * DAY).paused_until]
            assert silent == [day for day in paused if day >= last]

    store.write_now(hear)


def test_what_is_ended_here_goes_on_elsewhere(store: Store) -> None:
    pause(store, BEGIN + 9 * DAY, BEGIN, stops.EVERYWHERE)
    pause(store, None, BEGIN + 5 * DAY)
    spans = [store.read_now(partial(stops.pauses, where=where)) for where in (MAPS, HUTS)]
    assert spans == [((BEGIN, BEGIN + 5 * DAY),), ((BEGIN, BEGIN + 9 * DAY),)]


def test_pauses_are_forgotten_after_two_years(store: Store) -> None:
    pause(store, BEGIN + DAY, BEGIN)
    pause(store, None, BEGIN + 700 * DAY, stops.EVERYWHERE)
    assert store.read_now(lambda db: stops.pauses(db, MAPS)) == ((BEGIN, BEGIN + DAY),)
    pause(store, None, BEGIN + 731 * DAY, stops.EVERYWHERE)
    assert store.read_now(lambda db: stops.pauses(db, MAPS)) == ()


def test_a_kind_muted_in_the_home_is_muted_everywhere_until_somebody_wants_it(store: Store) -> None:
    mute(store, BEGIN, muted=True, repo_id=HOME.id)
    assert [len(hush(store, where).muted) for where in (MAPS, HUTS, HOME)] == [1, 1, 1]
    mute(store, BEGIN + HOUR, muted=False)
    assert [len(hush(store, where).muted) for where in (MAPS, HUTS, HOME)] == [0, 1, 1]


def test_since_when_a_kind_is_wanted_again(store: Store) -> None:
    def since() -> datetime | None:
        return store.read_now(lambda db: stops.wanted_since(db, MAPS, "welcome-issue"))

    assert since() is None
    mute(store, BEGIN, muted=True)
    assert since() is None
    mute(store, BEGIN + HOUR, muted=False, repo_id=HOME.id)
    assert since() == BEGIN + HOUR


def test_a_deed_is_done_once_and_stands_in_the_ledger(store: Store) -> None:
    order = MuteKind(rule="steer", key="steer/order/issue/1", why="grace asked", thread=HERE, person=GRACE,
                    template="welcome-issue", muted=True, as_of=BEGIN)  # fmt: skip

    def obey() -> bool:
        return store.write_now(lambda db: orders.obey(db, order, MAPS, InstallationId(1), BEGIN))

    assert [obey(), obey()] == [True, False]
    assert hush(store).muted == {"welcome-issue"}
    [entry] = store.read_now(lambda db: ledger.about(db, HERE))
    assert (entry.key, entry.effect, entry.state, entry.why) == (order.key, "mute", "done", "grace asked")


@pytest.mark.parametrize(("everywhere", "silent"), [(False, [True, False]), (True, [True, True])])
def test_a_pause_is_done_here_or_everywhere(store: Store, everywhere: bool, silent: list[bool]) -> None:
    order = PauseRepo(rule="steer", key="steer/order/issue/1", why="grace asked", thread=HERE, person=GRACE,
                     everywhere=everywhere, until=BEGIN + DAY, as_of=BEGIN)  # fmt: skip
    store.write_now(lambda db: orders.obey(db, order, MAPS, None, BEGIN))
    assert [hush(store, where).paused_until is not None for where in (MAPS, HUTS)] == silent
