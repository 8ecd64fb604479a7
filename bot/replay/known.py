"""What memory would know after the same events, without a database.

It answers as `bot/memory/recall.py` does where everything was witnessed: nothing was before the history began, whoever
is not in the list of maintainers does not belong, and every comment has been heard of. Changed files, texts and
`/no-bot` are not in a history, nor is whether a thread is locked. How long answers take changes only the words of a
comment, which nobody sees here, so it is left out.

Events have to come in the order of their times.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Final

from bot.effects import Act, Say, whom
from bot.looking import ThreadLook
from bot.model import GHOST, Answer, OwnerId, Person, PersonId, Repo, RepoId, Standing, Thread, ThreadKind, ThreadRef
from bot.policy import Policy
from bot.replay.history import Deed, Event

NO_OWNER: Final = "the organisation"  # what the owner is called where a history names none
_NOTHING: Final[frozenset[str]] = frozenset()
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)

_Opening = tuple[datetime, RepoId, int]  # orders the threads of a person: when it was opened, repository and number


@dataclass(slots=True)
class _Place:
    """An owner's side of things: everything in its repositories."""

    id: OwnerId
    name: str
    greeter_around: bool = False


@dataclass(slots=True)
class _Acquaintance:
    """A person in an organisation: the first thread of each kind and in each repository, the first merge, and the keys
    of what was said."""

    person: Person
    is_team: bool
    firsts: dict[ThreadKind, _Opening] = field(default_factory=dict)
    met: dict[RepoId, _Opening] = field(default_factory=dict)
    first_merge: datetime | None = None
    said: frozenset[str] = _NOTHING


@dataclass(slots=True)
class KnownThread:
    """A thread as it is now."""

    ref: ThreadRef
    kind: ThreadKind
    repo: Repo
    shown: str  # the repository as the history names it
    place: _Place
    author: _Acquaintance
    created_at: datetime
    opened_by: PersonId | None = None
    is_open: bool = True
    draft: bool = False
    ready_at: datetime | None = None
    merged_at: datetime | None = None
    labels: frozenset[str] = _NOTHING
    answers: tuple[Answer, ...] = ()
    said: frozenset[str] = _NOTHING
    look_again_at: datetime | None = None

    @property
    def opening(self) -> _Opening:
        return self.created_at, self.ref.repo_id, self.ref.number


class Known:
    """Hears events and recalls looks. People, repositories and owners get ids in the order in which they appear."""

    def __init__(self, policy: Policy, maintainers: Collection[str]) -> None:
        self._policy = policy
        self._team = {login.casefold() for login in maintainers}
        self._greeters = {login.casefold() for login in policy.welcome.other_greeters}
        self._people: dict[str, Person] = {GHOST.login: GHOST}  # by login, in any case
        self._person_ids = _ids(without=GHOST.id)
        self._places: dict[str, _Place] = {}
        self._repos: dict[str, tuple[Repo, _Place]] = {}  # by name, in any case
        self._repo_ids = count(1)
        self._acquaintances: dict[tuple[OwnerId, PersonId], _Acquaintance] = {}
        self._threads: dict[tuple[RepoId, int], KnownThread] = {}
        self._keys: set[str] = set()
        self._mentions: dict[PersonId, list[datetime]] = {}

    def hear(self, event: Event) -> KnownThread | None:
        """Takes an event down. Returns the thread to look at; None if nobody knows whose it is."""
        where, place = self._repo(event.repo)
        thread = self._threads.get((where.id, event.number))
        if event.deed is Deed.ANSWERED:
            answer = self._answer(event, place)
            if thread is not None:
                thread.answers += (answer,)
        elif thread is None and (event.deed is Deed.OPENED or event.deed is Deed.MERGED):
            thread = self._new_thread(event, where, place)
        if thread is not None:
            _change(thread, event)
        return thread

    def policy(self, thread: KnownThread) -> Policy:
        """It is the same everywhere."""
        return self._policy

    def look(self, thread: KnownThread, now: datetime) -> ThreadLook:
        """The thread as the rules see it, with the answers to all that they might ask."""
        author, this = thread.author, thread.opening
        before = thread.merged_at or thread.created_at
        return ThreadLook(
            thread=Thread(
                ref=thread.ref,
                kind=thread.kind,
                repo=thread.repo,
                author=author.person,
                created_at=thread.created_at,
                heard_at=thread.created_at,
                opened_by=thread.opened_by,
                is_open=thread.is_open,
                draft=thread.draft,
                ready_at=thread.ready_at,
                merged_at=thread.merged_at,
                labels=thread.labels,
                paths=(),
                answers=thread.answers,
            ),
            author=Standing(
                is_team=author.is_team,
                has_past=False,
                merged_before=author.first_merge is not None and author.first_merge < before,
                earlier=frozenset([kind for kind, first in author.firsts.items() if first < this]),
                met_in=frozenset([repo_id for repo_id, first in author.met.items() if first < this]),
            ),
            greeted=False,
            greeter_around=thread.place.greeter_around,
            said=author.said,
            done=author.said,
            said_here=thread.said,
        )

    def did(self, act: Act, thread: KnownThread, now: datetime) -> Act | None:
        """Takes an act down as done, with the mention that the attention budget has left (`bot/budget.py`). None if its
        key was there already."""
        if act.key in self._keys:
            return None
        self._keys.add(act.key)
        to = whom(act)
        if isinstance(act, Say) and act.mention:
            act = replace(act, mention=self._mention(to, now))
        addressed = self._acquaintance(to, thread.place)
        addressed.said |= {act.key}
        thread.said |= {act.key}
        return act

    def _mention(self, to: Person, now: datetime) -> bool:
        """Whether there is one left for this person; then it is spent."""
        limits, before = self._policy.limits, self._mentions.setdefault(to.id, [])
        day = sum(at > now - _DAY for at in before)
        week = sum(at > now - _WEEK for at in before)
        if day >= limits.mentions_a_day or week >= limits.mentions_a_week:
            return False
        before.append(now)
        return True

    def _new_thread(self, event: Event, where: Repo, place: _Place) -> KnownThread:
        author = self._acquaintance(self._person(event), place)
        thread = KnownThread(
            ref=ThreadRef(where.id, event.number),
            kind=event.kind,
            repo=where,
            shown=event.repo,
            place=place,
            author=author,
            created_at=event.at,
        )
        self._threads[where.id, event.number] = thread
        this = thread.opening
        author.firsts[thread.kind] = min(author.firsts.get(thread.kind, this), this)
        author.met[where.id] = min(author.met.get(where.id, this), this)
        return thread

    def _answer(self, event: Event, place: _Place) -> Answer:
        person = self._person(event)
        if person.login.casefold() in self._greeters:
            place.greeter_around = True
        return Answer(person, event.at, by_team=self._acquaintance(person, place).is_team)

    def _person(self, event: Event) -> Person:
        person = self._people.get(event.actor)
        if person is None:
            login = event.actor.casefold()
            person = self._people.get(login) or Person(PersonId(next(self._person_ids)), event.actor, event.by_bot)
            self._people[login] = self._people[event.actor] = person
        return person

    def _repo(self, name: str) -> tuple[Repo, _Place]:
        found = self._repos.get(name)
        if found is None:
            folded = name.casefold()
            found = self._repos.get(folded) or self._new_repo(name)
            self._repos[folded] = self._repos[name] = found
        return found

    def _new_repo(self, full_name: str) -> tuple[Repo, _Place]:
        owner, _, name = full_name.rpartition("/")
        place = self._places.get(owner.casefold())
        if place is None:
            place = self._places[owner.casefold()] = _Place(OwnerId(len(self._places) + 1), owner or NO_OWNER)
        repo = Repo(id=RepoId(next(self._repo_ids)), owner_id=place.id, owner=place.name, name=name)
        return repo, place

    def _acquaintance(self, person: Person, place: _Place) -> _Acquaintance:
        found = self._acquaintances.get((place.id, person.id))
        if found is None:
            login = person.login.casefold()
            found = _Acquaintance(person, is_team=login in self._team or login == place.name.casefold())
            self._acquaintances[place.id, person.id] = found
        return found


def _change(thread: KnownThread, event: Event) -> None:
    """What an event changes about a thread. Once merged it stays merged and closed."""
    match event.deed:
        case Deed.OPENED if thread.opened_by is None:
            thread.opened_by = thread.author.person.id
        case Deed.MERGED if thread.merged_at is None:
            thread.merged_at, thread.is_open = event.at, False
            thread.author.first_merge = thread.author.first_merge or event.at
        case Deed.CLOSED:
            thread.is_open = False
        case Deed.REOPENED:
            thread.is_open = thread.merged_at is None
        case Deed.READY:
            thread.draft, thread.ready_at = False, event.at
        case Deed.DRAFTED:
            thread.draft = True
        case _:
            pass
    if event.draft is not None:
        thread.draft = event.draft
    if event.labels is not None:
        thread.labels = event.labels


def _ids(*, without: int) -> Iterator[int]:
    return (id_ for id_ in count(1) if id_ != without)
