"""What the weekly look does with the issue: it records, keeps or closes it, or lets it be."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from bot.boards import Page
from bot.engine import Finished
from bot.inforce import InForce
from bot.memory import alarms, boards, configs, schema, stops
from bot.memory.store import Store
from bot.model import OwnerId, PersonId, RepoId
from bot.stewards import Told
from bot.succession.look import Succession, next_monday
from tests.memory.conftest import GRACE, OWNER, REPO
from tests.succession.test_telling import memory

__all__ = ["memory"]  # the fixture

OWN: Final = OwnerId(OWNER)
ROOM: Final = 13
ON: Final = "team: {place: team-room}\nsuccession: {mode: on}"
NOW: Final = datetime.now(UTC).replace(microsecond=0)


class Noting:
    """Boards that note what they are asked for."""

    def __init__(self) -> None:
        self.done: list[str] = []

    async def record(self, page: Page, installation: object) -> None:
        self.done.append(f"record {page.name}")

    async def keep(self, page: Page, installation: object) -> None:
        self.done.append(f"keep {page.name}{'' if 'grace' in page.body else ' empty'}")

    async def close(self, owner_id: OwnerId, known: boards.Board, *, rule: str) -> None:
        self.done.append(f"close {known.name}")


@pytest.fixture
def store(memory: str) -> Iterator[Store]:
    with closing(Store(memory)) as store:
        yield store


Change = Callable[[Any], object]


def board(name: str, repo: int = ROOM, number: int = 1) -> Change:
    return lambda db: boards.opened(db, OWN, name, RepoId(repo), number, "N", "", NOW)


def pause(db: Any) -> None:
    stops.pause(db, OWN, RepoId(ROOM), NOW + timedelta(days=2), NOW - timedelta(days=1))


def well(db: Any) -> None:
    """Grace was seen yesterday."""
    db.execute(schema.happenings.update().where(schema.happenings.c.number == 0).values(at=NOW - timedelta(days=1)))


@pytest.mark.parametrize(
    ("config", "changes", "done"),
    [
        pytest.param(ON, [], ["keep succession/13"], id="an alarm"),
        pytest.param("team: {place: team-room}", [], ["record succession/13"], id="shadow mode"),
        pytest.param("succession: {mode: off}", [], [], id="off"),
        pytest.param("succession: {mode: on}", [], [], id="no place"),
        pytest.param(ON, [pause], [], id="a pause"),
        pytest.param(ON, [well], [], id="all is well"),
        pytest.param(
            ON, [well, board("succession/13")], ["keep succession/13 empty", "close succession/13"], id="over"
        ),
        pytest.param(
            ON, [board("succession/14", 14)], ["keep succession/13", "close succession/14"], id="the place has moved"
        ),
        pytest.param(ON, [board("succession/11", REPO)], ["keep succession/13"], id="the place was public by then"),
    ],
)
async def test_what_is_done(store: Store, config: str, changes: list[Change], done: list[str]) -> None:
    def prepare(db: Any) -> None:
        configs.store(db, RepoId(REPO), configs.PATH, NOW, blob="b", text=config)
        old = {"id": 14, "owner_id": OWNER, "name": "old-room", "url": "", "default_branch": "main", "heard_at": NOW}
        flags = {"private": True, "archived": False, "gone": False, "covered": True}
        db.execute(schema.repos.insert().values(**old, **flags))
        for change in changes:
            change(db)

    store.write_now(prepare)
    noted = Noting()
    look = Succession(store, noted, InForce(), lambda: NOW)  # type: ignore[arg-type]  # of both it needs no more
    outcome = await look.look(alarms.subject(OWN), 0)
    assert noted.done == done
    assert isinstance(outcome, Finished)
    assert outcome.again_at == (NOW + timedelta(days=2) if pause in changes else next_monday(NOW))
    told = store.read_now(lambda db: alarms.of_owner(db, OWN))
    assert told == (
        {(f"repo/{REPO}", PersonId(GRACE)): Told(at=NOW, board="succession/13")} if "keep succession/13" in done else {}
    )
