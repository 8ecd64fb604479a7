"""What the service asks of its memory and writes into it, day by day, on an organisation that is made up.

Questions are put to many threads, people and repositories in turn, so that not one page of the file is read again and
again. Each is a transaction, as in the service.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count, cycle
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, text

from benchmarks.organisation import BUSIEST, BUSIEST_REPO, INSTALLATION, LOGIN, OWNER
from bot import policyfile
from bot.memory import forgetting, inbox, intake, looks, overview, portrait, readings, recall
from bot.memory.inbox import Delivery
from bot.memory.store import Store
from bot.model import Person, PersonId, RepoId, ThreadRef

T = TypeVar("T")

_SOME: Final = 50  # threads, people or repositories that are asked about in turn
_FIRST_ID: Final = 4_000_000_000  # of comments that come now
_NEWCOMERS: Final = """
SELECT t.repo_id, t.number, t.author_id, p.login FROM threads t JOIN people p ON p.id = t.author_id
WHERE t.is_open AND NOT t.gone AND (SELECT count(*) FROM threads o WHERE o.author_id = t.author_id) <= 3
ORDER BY t.created_at DESC LIMIT :some
"""
_THEIRS: Final = """
SELECT repo_id, number FROM threads WHERE author_id = :who ORDER BY is_open DESC, created_at DESC LIMIT :some
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """`run` is what counts; `prepare` comes before each of them. `most`: how often it makes sense. `inherent`: it takes
    in what somebody or some place did, all of it, so that it takes longer where they did more."""

    what: str
    run: Callable[[], object]
    prepare: Callable[[], object] = lambda: None
    most: int = 1_000
    inherent: bool = False


def calls(store: Store, now: datetime) -> list[Call]:
    """The same ones for every organisation."""
    policy = policyfile.defaults()
    newcomers = [tuple(row) for row in _rows(store, _NEWCOMERS, some=_SOME)]
    by_newcomers = [ThreadRef(RepoId(repo_id), number) for repo_id, number, _, _ in newcomers]
    by_busiest = [ThreadRef(RepoId(row[0]), row[1]) for row in _rows(store, _THEIRS, who=BUSIEST, some=_SOME)]
    people = [Person(PersonId(id_), login) for _, _, id_, login in newcomers]
    [account] = store.read_now(readings.accounts)
    repos = store.read_now(lambda db: overview.covered_repos(db, OWNER))

    def look(db: Connection, ref: ThreadRef) -> object:
        return recall.thread_look(db, ref, now, bots=policy.people.bots, greeters=policy.welcome.other_greeters)

    def person(db: Connection, who: PersonId) -> object:
        return portrait.person_look(db, OWNER, who, policy, seen_from=None)

    def repo(db: Connection, which: RepoId) -> object:
        return overview.repo_look(db, which, policy, now)

    comments = _comments(by_newcomers, people, now)
    return [
        Call(what="a look at a newcomer's thread", run=_asked(store, look, by_newcomers)),
        Call(what="a look at a thread of the busiest person", run=_asked(store, look, by_busiest)),
        Call(what="what a newcomer does here", run=_asked(store, person, [one.id for one in people])),
        Call(what="what the busiest person does here", run=_asked(store, person, [BUSIEST]), inherent=True),
        Call(what="a repository", run=_asked(store, repo, repos)),
        Call(what="the busiest repository", run=_asked(store, repo, [BUSIEST_REPO]), inherent=True),
        Call(what="the team", run=lambda: store.read_now(lambda db: overview.team(db, OWNER, policy))),
        Call(what="whether the past is read", run=lambda: store.read_now(lambda db: readings.unread(db, account, now))),
        Call(what="how many looks are planned, and dead", run=lambda: store.read_now(looks.waiting)),
        Call(
            what="taking in a comment",
            prepare=lambda: store.write_now(lambda db: inbox.insert(db, [next(comments)])),
            run=lambda: store.write_now(lambda db: intake.take_in(db, now, start_live=True)),
        ),
        Call(what=FORGETTING, run=_written(store, forgetting.forget, people, now), most=len(people) - 1),
    ]


FORGETTING: Final = "forgetting a newcomer"


def _rows(store: Store, query: str, **values: object) -> Sequence[Any]:
    return store.read_now(lambda db: db.execute(text(query), values).all())


def _asked(store: Store, ask: Callable[[Connection, T], object], about: Sequence[T]) -> Callable[[], object]:
    turns = cycle(about)
    return lambda: store.read_now(lambda db: ask(db, next(turns)))


def _written(
    store: Store, write: Callable[[Connection, T, datetime], object], about: Sequence[T], now: datetime
) -> Callable[[], object]:
    turns = cycle(about)
    return lambda: store.write_now(lambda db: write(db, next(turns), now))


def _comments(threads: Sequence[ThreadRef], people: Sequence[Person], now: datetime) -> Iterator[Delivery]:
    """Each of these people says a word in their thread, over and over again: what GitHub sends of it, without the many
    addresses that nobody reads."""
    at = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    for id_, ref, who in zip(count(_FIRST_ID), cycle(threads), cycle(people), strict=False):
        user = {"id": who.id, "login": who.login, "type": "User"}
        owner = {"id": OWNER, "login": LOGIN, "type": "Organization"}
        shown = {"id": id_, "node_id": f"IC_{id_}", "user": user, "author_association": "NONE", "created_at": at}
        thread = {"number": ref.number, "state": "open", "title": "The map is upside down", "body": "", "labels": []}
        payload = {
            "action": "created",
            "issue": {**shown, **thread, "updated_at": at},
            "comment": {**shown, "updated_at": at, "body": "It is still upside down here. " * 20},
            "repository": {"id": ref.repo_id, "name": f"maps-{ref.repo_id}", "owner": owner, "default_branch": "main"},
            "organization": {"id": OWNER, "login": LOGIN},
            "sender": user,
            "installation": {"id": INSTALLATION},
        }
        yield Delivery(f"delivery-{id_}", "issue_comment", json.dumps(payload).encode(), now)
