"""What the digest tells maintainers of mentoring, as a table, and what it reads like."""

from datetime import timedelta
from typing import Final

import pytest

from bot import words
from bot.digest.contents import Contents, values
from bot.digest.mentored import Mentored, mentored
from bot.effects import EndMentoring
from bot.memory import mentorings, orders
from bot.memory.store import Store
from bot.mentors import State
from bot.model import OwnerId, Repo
from bot.policy import Policy
from bot.policytypes import Mode
from tests.memory.conftest import ADA, OWNER, Archive
from tests.memory.test_mentorings import PEOPLE, REF, agreed, seek
from tests.rules.scenes import NOW, policy
from tests.stage import BEGIN

WHERE: Final = Repo(REF.repo_id, OwnerId(OWNER), "alpine-tools", "maps")
ON: Final = policy(mentoring={"mode": Mode.ON})
DAY: Final = timedelta(days=1)
NAME: Final = ("alpine-tools/maps#1",)


@pytest.fixture
def archive(store: Store) -> Archive:
    archive = Archive(store)
    archive.thread(1)
    return archive


def told(archive: Archive, chosen: Policy = ON, *, days: int = 0, anybody: bool = True) -> Mentored:
    here, now = {WHERE.id: WHERE}, BEGIN + days * DAY
    return archive.store.read_now(
        lambda db: mentored(db, WHERE.owner_id, here, {WHERE.id: chosen}, now, anybody=anybody)
    )


@pytest.mark.parametrize(
    ("state", "anybody", "expected"),
    [
        pytest.param(State.UNFILLED, True, Mentored(unfilled=NAME), id="nobody could be found"),
        pytest.param(State.UNFILLED, False, Mentored(nobody=NAME), id="nobody is there"),
        pytest.param(State.SEEKING, False, Mentored(nobody=NAME), id="nobody is there yet"),
        pytest.param(State.SEEKING, True, Mentored(), id="it goes its way"),
        pytest.param(State.HELD, True, Mentored(held=((NAME[0], 21),)), id="reviews take long"),
    ],
)
def test_maintainers_hear_where_they_are_needed(
    archive: Archive, state: State, anybody: bool, expected: Mentored
) -> None:  # fmt: skip
    seek(archive)
    archive.store.write_now(lambda db: mentorings.to(db, REF, BEGIN, state, BEGIN))
    assert told(archive, anybody=anybody) == expected
    assert told(archive, policy(), anybody=anybody).is_empty


def test_what_goes_on_for_long_is_told_a_month_after_the_last_day(archive: Archive) -> None:
    agreed(archive)
    assert [told(archive, days=days).long for days in (51, 52)] == [(), NAME]


def test_who_mentored_to_the_end_is_thanked_for_a_week_but_not_who_wants_to_be_left_alone(archive: Archive) -> None:
    agreed(archive)
    end = EndMentoring(
        rule="mentoring", key="end", why="", thread=REF, person=PEOPLE[ADA], as_of=BEGIN + DAY, began_at=BEGIN,
        state=State.DONE,
    )  # fmt: skip
    archive.store.write_now(lambda db: orders.obey(db, end, WHERE, None, end.as_of))
    assert [told(archive, days=days).thanks for days in (2, 9)] == [("grace", "linus"), ()]
    assert told(archive, ON.model_copy(update={"people": ON.people.model_copy(update={"leave_alone": ("grace",)})}),
                days=2).thanks == ("linus",)  # fmt: skip


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_digest_tells_it_in_words(language: str) -> None:
    found = Mentored(unfilled=("a/b#1", "a/b#2"), held=(("a/b#3", 25),), nobody=("a/b#4",), long=("a/b#5",),
                     thanks=("grace", "linus_a", "mary"))  # fmt: skip
    text = words.document("digest", language, values(Contents(), None, found, organisation="alpine", day=NOW))
    assert all(f"a/b#{number}" in text for number in range(1, 6))
    assert "`linus_a`" in text
    assert "@" not in text
    none = words.document("digest", language, values(Contents(), None, Mentored(), organisation="alpine", day=NOW))
    assert none == words.document("digest", language, values(Contents(), None, organisation="alpine", day=NOW))
