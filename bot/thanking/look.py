"""The look at `thanks/OWNER`: drafts a thank-you for whoever stepped back, posts it where they wish, and takes it down
if they wish that.

It comes once a day, and when somebody has said what they wish. The draft is said by a rule (bot/rules/thanks.py), in
their private issue: without one there is none. It is drafted once for a person, and nobody is asked again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final

import structlog
from sqlalchemy import Connection

from bot import words
from bot.clock import Clock
from bot.engine import Finished, Outcome
from bot.farewells import Leave, Story, Where
from bot.github.errors import CallFailed
from bot.github.written import mark
from bot.gratitude import Draft
from bot.inforce import Policies
from bot.memory import boards, homes, leaves, ledger, notes, recall, story, switches
from bot.memory.boards import Board
from bot.memory.store import Store
from bot.model import InstallationId, OwnerId, Repo, Subject
from bot.outcomes import not_given_up
from bot.policy import Policy
from bot.policytypes import Mode
from bot.rules import thanks as rule
from bot.team import About, Note
from bot.thanking.gathering import draft, has_digest
from bot.thanking.posting import PREFIX, Post, Poster, mark_in

NAME: Final = rule.NAME

_AT: Final = time(8)  # UTC
_DAY: Final = timedelta(days=1)
_FRESH: Final = timedelta(days=30)  # whoever stepped back before that is not surprised with it

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """`posts`: what is to stand somewhere of its own and does not yet; `unwanted`: what does, and is not to."""

    posts: tuple[Post, ...] = ()
    unwanted: tuple[Board, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Due:
    """A thank-you that is to be read in this private repository."""

    draft: Draft
    place: Repo
    installation: InstallationId


class ThanksLook:
    def __init__(self, store: Store, poster: Poster, policies: Policies, clock: Clock) -> None:
        self._store = store
        self._poster = poster
        self._policies = policies
        self._clock = clock

    async def look(self, subject: Subject, attempts: int) -> Outcome:
        """The engine's `Look`. Raises StoreUnavailable."""
        owner_id, now = OwnerId(int(subject.partition("/")[2])), self._clock()
        again = _next(now)
        policy = await self._store.read(lambda db: homes.policy(db, owner_id, self._policies))
        if policy is None:
            return Finished(again, "there is no place for thanks")
        mode = policy.mode(NAME)
        await self._store.write(lambda db: switches.found(db, NAME, owner_id, now, on=mode is Mode.ON))
        if mode is not Mode.OFF:
            due = await self._store.read(lambda db: [*self._due(db, owner_id, policy, now)])
            if due:
                await self._store.write(lambda db: _write_down(db, due, policy, now))
        known = await self._store.read(lambda db: self._known(db, owner_id, policy, now))
        try:
            for board in known.unwanted:
                await self._poster.take_down(owner_id, board, policy.language)
            for post in known.posts:
                await self._poster.post(post, aloud=mode is Mode.ON)
        except CallFailed as failed:
            return not_given_up(failed, now)
        except words.WordsError as error:
            return Finished(again, f"a message cannot be written: {error}")
        return Finished(again, None if mode is not Mode.OFF else f"{NAME}.mode is off")

    def _due(self, db: Connection, owner_id: OwnerId, policy: Policy, now: datetime) -> Iterator[_Due]:
        """The thank-yous that are to be read. What they tell is read here, where nobody waits for it."""
        known = leaves.of_owner(db, owner_id)
        have_one = {one.person.id for one in known if one.story is not None}
        for one in known:
            if one.place is None or one.person.id in have_one or not _is_lasting(one, now):
                continue
            if any(note.matter == one.at for note in notes.of_person(db, owner_id, one.person.id, About.STORY)):
                continue
            place = recall.repo(db, one.place.repo_id)
            installation = None if place is None or not place.private else recall.installation(db, place)
            if place is None or installation is None:
                continue
            digest = has_digest(db, owner_id, self._policies, now)
            told = draft(db, owner_id, one, one.place, policy, digest=digest)
            if not (told.deeds.is_empty or told.opted_out or policy.leaves_alone(one.person)):
                yield _Due(draft=told, place=place, installation=installation)

    def _known(self, db: Connection, owner_id: OwnerId, policy: Policy, now: datetime) -> _Known:
        wished = {_mark(owner_id, one): one for one in leaves.of_owner(db, owner_id) if _stands_alone(one)}
        standing = boards.still_open(db, owner_id, PREFIX)
        there = {mark_in(board.name) for board in standing}
        return _Known(
            posts=tuple(self._posts(db, owner_id, {key: wished[key] for key in wished.keys() - there}, now)),
            unwanted=tuple(board for board in standing if mark_in(board.name) not in wished),
        )

    def _posts(self, db: Connection, owner_id: OwnerId, missing: Mapping[str, Leave], now: datetime) -> Iterator[Post]:
        home = homes.find(db, owner_id, self._policies, lambda policy: policy.thanks.repo, now)
        if home is None or home.policy.mode(NAME) is Mode.OFF or home.paused_until is not None:
            return
        for key, one in sorted(missing.items()):
            deeds = story.deeds(db, owner_id, one.person.id, home.policy)
            if not deeds.is_empty:
                discussed = one.story_where is Where.DISCUSSION
                yield Post(
                    owner_id=owner_id, mark=key, home=home, person=one.person, deeds=deeds, discussed=discussed
                )  # fmt: skip


def _write_down(db: Connection, due: Sequence[_Due], policy: Policy, now: datetime) -> None:
    """For whom there is a thank-you to read; in shadow mode it is only recorded. Meanwhile they may be back, or may
    have asked to be forgotten."""
    aloud = policy.mode(NAME) is Mode.ON
    for one in due:
        leave, owner_id = one.draft.leave, one.place.owner_id
        if leave not in leaves.of_person(db, owner_id, leave.person.id):
            continue
        note = Note(
            owner_id=owner_id, about=About.STORY, person=leave.person.id, at=now, matter=leave.at,
            place=one.draft.place if aloud else notes.NOWHERE,
        )  # fmt: skip
        notes.write(db, note)
        if aloud:
            leaves.drafted(db, owner_id, leave, now)
            log.info("drafts a thank-you")
        else:
            say = rule.draft_of(one.draft, policy, organisation=one.place.owner)
            ledger.shadow(db, say, leave.person.id, one.place, one.installation, now)


def _is_lasting(one: Leave, now: datetime) -> bool:
    """Who said until when they are away has only paused."""
    return one.is_whole and one.until is None and one.back_at is None and now < one.at + _FRESH


def _stands_alone(one: Leave) -> bool:
    return one.story is Story.SHARED and one.story_where is not Where.DIGEST


def _mark(owner_id: OwnerId, one: Leave) -> str:
    """What tells one thank-you from another, and does not tell whose it is."""
    return mark(f"{owner_id}/{one.person.id}/{one.at.timestamp()}")


def _next(now: datetime) -> datetime:
    today = datetime.combine(now.date(), _AT, UTC)
    return today if now < today else today + _DAY
