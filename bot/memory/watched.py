"""Team files and notes of meetings: which of them are read for an organisation, what changed in them, and what is wrong
with them. Of what they say nothing is kept here.

A push that touches one has the look at `team/OWNER` come soon: GitHub's servers agree on a push a minute later.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any, Final

from sqlalchemy import Connection

from bot.memory import looks, rows, schema
from bot.model import OwnerId, Repo, RepoId, Subject

SOON: Final = timedelta(minutes=1)
_MOST: Final = 200  # notes that changed and have not been read yet


@dataclass(frozen=True, slots=True)
class Watch:
    """In a repository: team files, and which files are notes (globs)."""

    files: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """`changed`: notes that a push touched, and when. `listed`: the repositories whose notes have been found once.
    `problems`: in words, for admins."""

    watches: Mapping[RepoId, Watch] = field(default_factory=dict)
    changed: Mapping[tuple[RepoId, str], datetime] = field(default_factory=dict)
    listed: frozenset[RepoId] = frozenset()
    problems: tuple[str, ...] = ()


def subject(owner_id: OwnerId) -> Subject:
    """Where they are read."""
    return Subject(f"team/{owner_id}")


def state(connection: Connection, owner_id: OwnerId) -> State:
    row = rows.get(connection, schema.marks, name=_mark(owner_id))
    return _made(json.loads(row["value"])) if row and row["value"] else State()


def watch(connection: Connection, owner_id: OwnerId, watches: Mapping[RepoId, Watch]) -> State:
    """From now on these are read. Where other notes are meant than before, they are found anew."""
    known = state(connection, owner_id)
    same = {id_ for id_, one in watches.items() if id_ in known.watches and known.watches[id_].notes == one.notes}
    kept = {(id_, path): at for (id_, path), at in known.changed.items() if id_ in same}
    made = replace(known, watches=watches, changed=kept, listed=known.listed & same)
    _put(connection, owner_id, known, made)
    return made


def read(
    connection: Connection, owner_id: OwnerId, notes: Mapping[tuple[RepoId, str], datetime], listed: Iterable[RepoId]
) -> None:
    """These notes have been read, as they were after those pushes; in these repositories all were found."""
    known = state(connection, owner_id)
    left = {key: at for key, at in known.changed.items() if key not in notes or at > notes[key]}
    _put(connection, owner_id, known, replace(known, changed=left, listed=known.listed | frozenset(listed)))


def wrong(connection: Connection, owner_id: OwnerId, problems: Iterable[str]) -> None:
    """All that is wrong now."""
    known = state(connection, owner_id)
    _put(connection, owner_id, known, replace(known, problems=tuple(problems)))


def pushed(connection: Connection, where: Repo, touched: Collection[str], at: datetime, *, all_known: bool) -> None:
    """A push to the default branch changed these files; unless `all_known` perhaps others too."""
    known = state(connection, where.owner_id)
    one = known.watches.get(where.id)
    if one is None:
        return
    notes = [path for path in touched if any(fnmatchcase(path, glob) for glob in one.notes)]
    if not notes and all_known and not set(touched).intersection(one.files):
        return
    newest = sorted({**known.changed, **{(where.id, path): at for path in notes}}.items(), key=lambda item: item[1])
    listed = known.listed if all_known else known.listed - {where.id}
    _put(connection, where.owner_id, known, replace(known, changed=dict(newest[-_MOST:]), listed=listed))
    looks.news(connection, subject(where.owner_id), at + SOON)


def _put(connection: Connection, owner_id: OwnerId, known: State, made: State) -> None:
    if made != known:
        told = {
            "watches": [[id_, one.files, one.notes] for id_, one in made.watches.items()],
            "changed": [[id_, path, at.isoformat()] for (id_, path), at in made.changed.items()],
            "listed": sorted(made.listed),
            "problems": made.problems,
        }
        rows.put(connection, schema.marks, {"at": None, "value": json.dumps(told)}, name=_mark(owner_id))


def _made(told: Mapping[str, Any]) -> State:
    return State(
        watches={RepoId(id_): Watch(tuple(files), tuple(notes)) for id_, files, notes in told["watches"]},
        changed={(RepoId(id_), path): datetime.fromisoformat(at) for id_, path, at in told["changed"]},
        listed=frozenset(RepoId(id_) for id_ in told["listed"]),
        problems=tuple(told["problems"]),
    )


def _mark(owner_id: OwnerId) -> str:
    return f"team-files/{owner_id}"
