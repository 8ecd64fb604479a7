"""Says on commits what is wrong with the configuration file there, on the lines, and what a change of it does.

The look at `check/REPO/SHA` does it for pull requests and for pushes to other branches than the default one. What a
commit says is never in force because of that: only the default branch counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import structlog
from sqlalchemy import Connection

from bot import policyfile, words
from bot.clock import Clock
from bot.configs.names import NameFinder
from bot.effects import Annotation, CheckRun
from bot.engine import Finished, Outcome
from bot.github.errors import CallFailed, RetryAt
from bot.github.read import File, Reader
from bot.github.write import Writer
from bot.inforce import InForce
from bot.memory import configs, learned, recall
from bot.memory.configs import PATH, Commit
from bot.memory.store import Store
from bot.model import InstallationId, Repo, Subject, ThreadRef
from bot.outcomes import after
from bot.policy import Policy
from bot.policyfile import ConfigError, Problem
from bot.preview import difference, page, preview
from bot.words import Shown

RULE: Final = "configuration"
CHECK: Final = "Switchback configuration"
_SHOWN: Final = 50  # problems

Where = Literal["default branch", "elsewhere"]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Found:
    """A file in a commit, and what is wrong with it. `text` None: there is none, or it cannot be used."""

    there: bool
    text: str | None
    problems: tuple[Problem, ...]

    @property
    def usable(self) -> bool:
        return not any(problem.blocks for problem in self.problems)


class Teller:
    def __init__(self, store: Store, reader: Reader, writer: Writer, policies: InForce, clock: Clock) -> None:
        self._store = store
        self._reader = reader
        self._writer = writer
        self._policies = policies
        self._names = NameFinder(store, reader)
        self._clock = clock

    async def look(self, subject: Subject, attempts: int) -> Outcome:
        """The engine's `Look` at `check/REPO/SHA`. Raises StoreUnavailable."""
        commit = Commit.of(subject)
        where = await self._store.read(lambda db: recall.repo(db, commit.repo_id))
        if where is None or where.archived:
            return Finished(why="the repository is unknown, gone or archived")
        installation = await self._store.read(lambda db: recall.installation(db, where))
        if installation is None:
            return Finished(why="the app is not installed there any more, or suspended")
        policy = await self._store.read(lambda db: self._policies(db, where))
        if not policy.configuration.check_runs:
            return Finished(why="configuration.check_runs is switched off")
        try:
            if commit.number is not None and not await self._touched(where, installation, commit.number):
                return Finished(why="it does not touch the configuration")
            file = await self._reader.file(installation, where, PATH, ref=commit.sha)
            found = await self.found(where, installation, file)
            deed = await self._store.read(lambda db: self.deed(db, where, commit.sha, found, "elsewhere"))
            await self._writer.carry_out(deed, installation)
        except CallFailed as failed:
            return after(failed, attempts)
        return Finished(why="it is checked")

    async def _touched(self, where: Repo, installation: InstallationId, number: int) -> bool:
        ref = ThreadRef(where.id, number)
        paths = await self._store.read(lambda db: recall.paths(db, ref))
        if paths is None:
            paths = await self._reader.paths(installation, where, number)
            await self._store.write(lambda db: learned.paths(db, ref, paths))
        return PATH in paths

    async def found(self, where: Repo, installation: InstallationId, file: File | None) -> Found:
        """What is wrong with a file, were it that of the repository. Raises CallFailed."""
        if file is None:
            return Found(there=False, text=None, problems=())
        try:
            text = await self._store.read(lambda db: self._policies.usable(db, where, file))
        except ConfigError as error:
            return Found(there=True, text=None, problems=error.problems)
        unknown = await self._names.unknown(where, installation, policyfile.parse(PATH, text.encode()))
        below = await self._store.read(lambda db: self._broken_by(db, where, text))
        return Found(there=True, text=text, problems=(*unknown, *below))

    def _broken_by(self, db: Connection, where: Repo, text: str) -> list[Problem]:
        """The files of other repositories that could not be used any more over this one of the organisation."""
        if configs.home(db, where.owner_id) != where.id:
            return []
        problems = []
        for other, first in self._policies.broken_by(db, where, text):
            what = f"with this, the file of {other.full_name} could not be used (line {first.line}: {first.what})"
            problems.append(Problem(PATH, 1, 1, what, blocks=False))
        return problems

    async def on_default_branch(self, where: Repo, installation: InstallationId, found: Found) -> CheckRun | None:
        """What is to be said on the newest commit that changed the file, before the change is in force; None: nothing.
        Raises CallFailed."""
        policy = await self._store.read(lambda db: self._policies(db, where))
        if not policy.configuration.check_runs or where.archived:
            return None
        sha = await self._reader.last_change(installation, where, PATH)
        if sha is None:
            return None
        return await self._store.read(lambda db: self.deed(db, where, sha, found, "default branch"))

    async def tell(self, deed: CheckRun, installation: InstallationId) -> None:
        """Raises CallFailed for what should be tried again; without the permission nothing is said."""
        try:
            await self._writer.carry_out(deed, installation)
        except CallFailed as failed:
            if isinstance(failed.failure, RetryAt):
                raise
            log.warning("check run not posted", repo=deed.repo.full_name, why=failed.failure.why)

    def deed(self, db: Connection, where: Repo, sha: str, found: Found, at: Where) -> CheckRun:
        """The check run for a commit, with what the change would do. Pure but for memory."""
        policy, now = self._policies(db, where), self._clock()
        previewed = self._previewed(db, where, found, policy, now) if found.usable else ""
        values: dict[str, Shown] = {
            "there": found.there,
            "usable": found.usable,
            "default_branch": at == "default branch",
            "problems": _listed(found.problems),
            "count": len(found.problems),
            "more": max(0, len(found.problems) - _SHOWN),
            "path": PATH,
        }
        key = f"{RULE}/{where.id}/{sha}" + ("/in-force" if at == "default branch" else "")
        told = words.document("check", policy.language, values)
        return CheckRun(
            rule=RULE,
            key=key,
            why="the commit touches the configuration",
            repo=where,
            sha=sha,
            name=CHECK,
            conclusion="failure" if found.problems else "success",
            title=words.document("check-title", policy.language, values),
            summary="\n\n".join(filter(None, [told, previewed, words.document("check-note", policy.language, values)])),
            annotations=tuple(map(_annotation, found.problems)),
        )

    def _previewed(self, db: Connection, where: Repo, found: Found, policy: Policy, now: datetime) -> str:
        file = None if found.text is None else policyfile.parse(PATH, found.text.encode())
        at_home = configs.home(db, where.owner_id) == where.id
        before, after_ = (
            preview(
                db, where.owner_id, policies, now, since=policy.configuration.preview,
                repos=None if at_home else [where.id], seen_from=where.id,
            )
            for policies in (self._policies, self._policies.candidate(where.id, file))
        )  # fmt: skip
        return page.summary(difference(before, after_), policy.language)


def _annotation(problem: Problem) -> Annotation:
    example = f"\n\nFor example:\n{problem.example}" if problem.example else ""
    return Annotation(
        path=PATH,
        line=max(1, problem.line),
        column=problem.column or None,
        level="failure",
        message=problem.what + example,
    )


def _listed(problems: Sequence[Problem]) -> Shown:
    return [
        {"line": problem.line, "column": problem.column, "what": problem.what, "example": problem.example}
        for problem in problems[:_SHOWN]
    ]
