"""Mentorings as memory has them: sought, asked, agreed, handed over, and over."""

from datetime import datetime, timedelta
from functools import partial
from typing import Final

import pytest

from bot.effects import AnswerAsk, EndMentoring, HandOver, MeetMentee, Order, SeekMentors
from bot.memory import candidates, forgetting, mentorings, orders, recall, schema
from bot.memory.store import Store
from bot.mentors import Ask, Because, Mentor, Mentoring, Need, Part, Reasons, Said, State
from bot.model import GHOST, InstallationId, OwnerId, Person, PersonId, Repo, RepoId, ThreadRef
from tests.memory.conftest import ADA, GRACE, GREETER, LINUS, LOGINS, OWNER, Archive
from tests.rules.scenes import DEFAULTS
from tests.stage import BEGIN

REF: Final = ThreadRef(RepoId(11), 1)
HOUR: Final = timedelta(hours=1)
PEOPLE: Final = {id_: Person(PersonId(id_), login) for id_, login in LOGINS.items()}
CHECKS: Final = (BEGIN + timedelta(days=7), BEGIN + timedelta(days=21))
KNOWS: Final = Reasons(areas=("documentation",), here=True, mentored=True, hours=6, languages=("en", "es"))


@pytest.fixture
def archive(store: Store) -> Archive:
    archive = Archive(store)
    archive.thread(1)
    return archive


def obey(archive: Archive, order: Order) -> bool:
    where = Repo(REF.repo_id, OwnerId(OWNER), "alpine-tools", "maps")
    return archive.store.write_now(lambda db: orders.obey(db, order, where, InstallationId(1), order.as_of))


def seek(archive: Archive, mentee: int | None = ADA, *, by: int = GRACE, at: datetime = BEGIN) -> bool:
    order = SeekMentors(
        rule="answers", key=f"seek/{at}", why="", thread=REF, person=PEOPLE[by], as_of=at,
        because=Because.MAINTAINER, mentee=None if mentee is None else PEOPLE[mentee],
    )  # fmt: skip
    return obey(archive, order)


def choose(archive: Archive, who: int, part: Part, *, at: datetime = BEGIN, beside: int | None = None) -> None:
    ask = Ask(
        person=PEOPLE[who], part=part, chosen_at=at, reasons=KNOWS, beside=None if beside is None else PEOPLE[beside]
    )
    archive.store.write_now(lambda db: mentorings.choose(db, OwnerId(OWNER), there(archive), ask))


def answer(
    archive: Archive, who: int, said: Said, *, chosen: datetime = BEGIN, at: datetime = BEGIN + HOUR, key: str = ""
) -> bool:
    order = AnswerAsk(
        rule="answers", key=key or f"answer/{who}/{said}", why="", thread=REF, person=PEOPLE[who], as_of=at,
        began_at=there(archive).began_at, chosen_at=chosen, said=said, checks=CHECKS,
    )  # fmt: skip
    return obey(archive, order)


def there(archive: Archive) -> Mentoring:
    found = archive.store.read_now(lambda db: mentorings.of_thread(db, REF))
    assert found is not None
    return found


def parts(archive: Archive) -> dict[str, str]:
    return {ask.person.login: ask.part.value for ask in there(archive).mentors}


def agreed(archive: Archive) -> Archive:
    """Grace leads, and Linus learns it beside her."""
    seek(archive)
    for who, part in ((GRACE, Part.LEAD), (LINUS, Part.CO_MENTOR)):
        choose(archive, who, part)
        answer(archive, who, Said.ACCEPTED)
    return archive


def test_mentors_are_sought_for_somebody_once(archive: Archive) -> None:
    assert archive.store.read_now(lambda db: mentorings.of_thread(db, REF)) is None
    assert seek(archive)
    assert not seek(archive, at=BEGIN + HOUR)
    found = there(archive)
    assert (found.state, found.mentee, found.asked_by) == (State.SEEKING, PEOPLE[ADA], PEOPLE[GRACE])
    assert archive.store.read_now(lambda db: mentorings.of_owner(db, OwnerId(OWNER))) == [found]
    assert archive.store.read_now(lambda db: mentorings.of_owner(db, OwnerId(OWNER), [State.DONE])) == []


def test_without_somebody_to_mentor_it_waits_for_who_takes_the_issue(archive: Archive) -> None:
    seek(archive, None)
    assert (there(archive).state, there(archive).mentee) == (State.WAITING, None)
    for who in (ADA, LINUS):  # only the first of them
        met = MeetMentee(
            rule="mentoring", key=f"meet/{who}", why="", thread=REF, person=PEOPLE[who], as_of=BEGIN + HOUR,
            began_at=BEGIN,
        )  # fmt: skip
        obey(archive, met)
    assert (there(archive).state, there(archive).mentee) == (State.SEEKING, PEOPLE[ADA])


def test_who_is_asked_is_known_with_the_reasons_and_with_when_they_really_were(archive: Archive) -> None:
    seek(archive)
    choose(archive, GRACE, Part.LEAD, beside=LINUS)
    ask = there(archive).open_ask
    assert ask is not None
    assert (ask.person, ask.beside, ask.reasons, ask.asked_at) == (PEOPLE[GRACE], PEOPLE[LINUS], KNOWS, None)
    archive.said(ask.key(REF), 1, to=GRACE).set(schema.ledger, settled_at=BEGIN + HOUR)
    again = there(archive).open_ask
    assert again is not None
    assert again.asked_at == BEGIN + HOUR


def test_it_runs_once_two_have_agreed(archive: Archive) -> None:
    seek(archive)
    choose(archive, GRACE, Part.LEAD)
    answer(archive, GRACE, Said.ACCEPTED)
    assert there(archive).state is State.SEEKING
    choose(archive, LINUS, Part.CO_MENTOR)
    answer(archive, LINUS, Said.ACCEPTED, at=BEGIN + 2 * HOUR)
    found = there(archive)
    assert (found.state, found.running_since, found.checks) == (State.RUNNING, BEGIN + 2 * HOUR, CHECKS)
    assert parts(archive) == {"grace": "lead", "linus": "co-mentor"}


def test_two_peers_begin_without_a_guide(archive: Archive) -> None:
    seek(archive)
    for who in (GRACE, LINUS):
        choose(archive, who, Part.PEER)
        answer(archive, who, Said.ACCEPTED)
    choose(archive, GREETER, Part.GUIDE)
    assert there(archive).state is State.RUNNING


@pytest.mark.parametrize("first", [Said.DECLINED, Said.LATER, Said.LAPSED, Said.WITHDRAWN])
def test_an_ask_is_answered_once(archive: Archive, first: Said) -> None:
    seek(archive)
    choose(archive, GRACE, Part.LEAD)
    answer(archive, GRACE, first)
    answer(archive, GRACE, Said.ACCEPTED)
    latest = there(archive).latest(PEOPLE[GRACE].id)
    assert latest is not None
    assert (latest.said, latest.said_at) == (first, BEGIN + HOUR)


@pytest.mark.parametrize("late", [Said.DECLINED, Said.LATER, Said.LAPSED, Said.WITHDRAWN])
def test_who_has_agreed_can_only_step_back(archive: Archive, late: Said) -> None:
    agreed(archive)
    answer(archive, LINUS, late)
    assert there(archive).state is State.RUNNING
    answer(archive, LINUS, Said.LEFT)
    assert there(archive).state is State.SEEKING
    assert parts(archive) == {"grace": "lead"}


def test_what_answers_no_ask_changes_nothing(archive: Archive) -> None:
    seek(archive)
    choose(archive, GRACE, Part.LEAD)
    before = there(archive)
    answer(archive, LINUS, Said.ACCEPTED)
    answer(archive, GRACE, Said.ACCEPTED, chosen=BEGIN + HOUR)
    assert there(archive) == before


def test_somebody_takes_the_place_of_one_who_left_and_the_days_stay(archive: Archive) -> None:
    agreed(archive)
    answer(archive, LINUS, Said.LEFT)
    choose(archive, GREETER, Part.CO_MENTOR, at=BEGIN + 3 * HOUR)
    answer(archive, GREETER, Said.ACCEPTED, chosen=BEGIN + 3 * HOUR, at=BEGIN + 4 * HOUR)
    found = there(archive)
    assert (found.state, found.running_since, found.checks) == (State.RUNNING, BEGIN + HOUR, CHECKS)


def hand_over(archive: Archive, who: int, to: int) -> None:
    order = HandOver(
        rule="answers", key=f"hand/{who}/{to}", why="", thread=REF, person=PEOPLE[who], as_of=BEGIN + 2 * HOUR,
        began_at=BEGIN, to=PEOPLE[to],
    )  # fmt: skip
    obey(archive, order)


def test_the_two_change_parts_at_once(archive: Archive) -> None:
    agreed(archive)
    hand_over(archive, GRACE, LINUS)
    assert parts(archive) == {"grace": "co-mentor", "linus": "lead"}


def test_whoever_else_takes_over_is_asked_and_until_then_nothing_changes(archive: Archive) -> None:
    agreed(archive)
    hand_over(archive, GRACE, GREETER)
    assert parts(archive) == {"grace": "lead", "linus": "co-mentor"}
    answer(archive, GREETER, Said.ACCEPTED, chosen=BEGIN + 2 * HOUR, at=BEGIN + 3 * HOUR)
    assert parts(archive) == {"linus": "co-mentor", "Welcome-Robot": "lead"}
    gave = there(archive).latest(PEOPLE[GRACE].id)
    assert gave is not None
    assert gave.said is Said.HANDED_OVER
    assert there(archive).state is State.RUNNING


def test_while_somebody_is_asked_nothing_is_handed_over(archive: Archive) -> None:
    agreed(archive)
    choose(archive, GREETER, Part.GUIDE, at=BEGIN + HOUR)
    hand_over(archive, GRACE, LINUS)
    assert parts(archive) == {"grace": "lead", "linus": "co-mentor"}
    answer(archive, GREETER, Said.DECLINED, chosen=BEGIN + HOUR)
    hand_over(archive, GRACE, LINUS)
    assert parts(archive) == {"grace": "co-mentor", "linus": "lead"}


@pytest.mark.parametrize(
    ("state", "led", "beside"), [(State.DONE, 1, 1), (State.ENDED, 0, 0)], ids=["to the end", "to nothing"]
)  # fmt: skip
def test_who_has_mentored_to_the_end_has_mentored_before(archive: Archive, state: State, led: int, beside: int) -> None:
    agreed(archive)
    order = EndMentoring(
        rule="mentoring", key="end", why="", thread=REF, person=PEOPLE[ADA], as_of=BEGIN + HOUR, began_at=BEGIN,
        state=state,
    )  # fmt: skip
    obey(archive, order)
    roster = [Mentor(person=PEOPLE[who]) for who in (GRACE, LINUS)]
    need = Need(ref=REF, repo_id=REF.repo_id, areas=frozenset())
    lead, co_mentor = archive.store.read_now(
        lambda db: candidates.candidates(db, OwnerId(OWNER), need, roster, DEFAULTS, BEGIN + HOUR)
    )
    assert (lead.led, lead.beside, co_mentor.led, co_mentor.beside) == (led, 0, 0, beside)
    assert lead.has_mentored is co_mentor.has_mentored is (state is State.DONE)


def test_where_a_mentor_is_forgotten_another_is_sought(archive: Archive) -> None:
    agreed(archive)
    choose(archive, GREETER, Part.GUIDE, beside=LINUS)
    archive.store.write_now(partial(forgetting.forget, who=PEOPLE[LINUS], now=BEGIN + 2 * HOUR))
    found = there(archive)
    assert (found.state, found.running_since, parts(archive)) == (State.SEEKING, BEGIN + HOUR, {"grace": "lead"})
    assert [ask.beside for ask in found.asks] == [None, None]


def test_what_is_over_stays_so_when_somebody_is_forgotten(archive: Archive) -> None:
    agreed(archive)
    order = EndMentoring(
        rule="mentoring", key="end", why="", thread=REF, person=PEOPLE[ADA], as_of=BEGIN + HOUR, began_at=BEGIN,
        state=State.DONE,
    )  # fmt: skip
    obey(archive, order)
    archive.store.write_now(partial(forgetting.forget, who=PEOPLE[LINUS], now=BEGIN + 2 * HOUR))
    assert there(archive).state is State.DONE


def test_it_is_counted_how_many_began_and_how_many_were_done(archive: Archive) -> None:
    agreed(archive)

    def counts(*, hours: int) -> tuple[int, int]:
        until = BEGIN + hours * HOUR
        return archive.store.read_now(lambda db: mentorings.counts(db, [REF.repo_id], BEGIN, until))

    archive.store.write_now(lambda db: mentorings.to(db, REF, BEGIN, State.DONE, BEGIN + 4 * HOUR))
    assert [counts(hours=hours) for hours in (1, 2, 5)] == [(0, 0), (1, 0), (1, 1)]
    assert archive.store.read_now(lambda db: mentorings.counts(db, [], BEGIN, BEGIN + 9 * HOUR)) == (0, 0)


def test_only_a_mentor_can_hand_over(archive: Archive) -> None:
    agreed(archive)
    hand_over(archive, ADA, GREETER)
    assert len(there(archive).asks) == 2


@pytest.mark.parametrize("state", [State.DONE, State.ENDED])
def test_when_it_is_over_nobody_is_asked_any_more(archive: Archive, state: State) -> None:
    seek(archive)
    choose(archive, GRACE, Part.LEAD)
    for n, end in enumerate((state, State.ENDED)):  # what is over stays as it ended
        order = EndMentoring(
            rule="mentoring", key=f"end/{n}", why="", thread=REF, person=PEOPLE[ADA], as_of=BEGIN + HOUR,
            began_at=BEGIN, state=end,
        )  # fmt: skip
        obey(archive, order)
    answer(archive, GRACE, Said.ACCEPTED)
    assert there(archive).state is state
    assert [ask.said for ask in there(archive).asks] == [Said.WITHDRAWN]
    assert seek(archive, at=BEGIN + 2 * HOUR), "there may be another one later"


def test_who_is_forgotten_is_gone_from_it(archive: Archive) -> None:
    agreed(archive)
    for who in (LINUS, ADA):
        archive.store.write_now(partial(forgetting.forget, who=PEOPLE[who], now=BEGIN))
    assert there(archive).mentee == GHOST
    assert parts(archive) == {"grace": "lead"}
    choose(archive, LINUS, Part.CO_MENTOR, at=BEGIN + HOUR)
    assert parts(archive) == {"grace": "lead"}
    assert there(archive).open_ask is None


def test_a_thread_is_recalled_with_it(archive: Archive) -> None:
    agreed(archive)
    look = archive.store.read_now(lambda db: recall.thread_look(db, REF, BEGIN, bots=(), greeters=()))
    assert look is not None
    assert look.mentoring == there(archive)
