"""What there is to read for the team of an organisation, and what went wrong with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from bot.github.errors import CallFailed
from bot.inforce import InForce
from bot.memory import homes, members, recall, watched
from bot.memory.watched import State, Watch
from bot.model import InstallationId, OwnerId, Repo, RepoId
from bot.policy import Policy
from bot.teampolicy import TeamFile


@dataclass(frozen=True, slots=True)
class Place:
    """A repository of which something is read."""

    repo: Repo
    installation: InstallationId


@dataclass(slots=True)
class Work:
    """`places`: by the names of repositories, in lower case; of the others the app cannot read anything. `problems`: in
    words. `failed`: a call that may be tried again."""

    owner_id: OwnerId
    policy: Policy
    places: Mapping[str, Place]
    problems: list[str] = field(default_factory=list)
    failed: CallFailed | None = None

    def files(self) -> Iterator[tuple[TeamFile, Place]]:
        for file in self.policy.team.files:
            if (place := self.places.get(file.repo.lower())) is not None:
                yield file, place

    def notes(self) -> dict[RepoId, tuple[Place, tuple[str, ...]]]:
        """By repository, the globs of notes of meetings."""
        found: dict[RepoId, tuple[Place, tuple[str, ...]]] = {}
        for one in self.policy.team.meetings:
            if (place := self.places.get(one.repo.lower())) is not None:
                _, before = found.get(place.repo.id, (place, ()))
                found[place.repo.id] = (place, tuple(dict.fromkeys((*before, *one.paths))))
        return found

    def failed_at(self, what: str, failed: CallFailed) -> None:
        self.failed = failed
        self.problems.append(f"{what} cannot be read: {failed}")


def plan(db: Connection, policies: InForce, owner_id: OwnerId) -> Work | None:
    """None: there is no repository whose configuration could say it."""
    policy = homes.policy(db, owner_id, policies)
    if policy is None:
        return None
    work = Work(owner_id, policy, places := {})
    names = [*(one.repo for one in policy.team.files), *(one.repo for one in policy.team.meetings)]
    for name in dict.fromkeys(names):
        repo = homes.named(db, owner_id, name)
        installation = recall.installation(db, repo) if repo is not None else None
        if repo is None or installation is None:
            work.problems.append(f"{name}: there is no such repository, or the app cannot read it")
        else:
            places[name.lower()] = Place(repo, installation)
    return work


def begin(db: Connection, work: Work) -> State:
    """From now on pushes to these files are news, and others are not the team's any more."""
    files = [(place.repo.id, file.path) for file, place in work.files()]
    members.keep_only(db, work.owner_id, files)
    notes = {repo_id: globs for repo_id, (_, globs) in work.notes().items()}
    watches = {
        repo_id: Watch(tuple(path for id_, path in files if id_ == repo_id), notes.get(repo_id, ()))
        for repo_id in dict.fromkeys((*(id_ for id_, _ in files), *notes))
    }
    return watched.watch(db, work.owner_id, watches)
