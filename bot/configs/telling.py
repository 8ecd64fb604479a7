"""Says on commits what is wrong with the configuration file there, on the lines, and what a change of it does.

The look at `check/REPO/SHA` does it for pull requests and for pushes to other branches than the default one. What a
commit says is never in force because of that: only the default branch counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final, Literal

import structlog
from sqlalchemy import Connection

from bot import cohortsfile, mentorsfile, policyfile, words
from bot.clock import Clock
from bot.configs.names import NameFinder
from bot.effects import Annotation, CheckRun
from bot.engine import Finished, Outcome
from bot.github.errors import CallFailed, RetryAt
from bot.github.read import File, Reader
from bot.github.write import Writer
from bot.homefiles import HOME_FILES
from bot.inforce import InForce
from bot.memory import configs, homes, learned, recall
from bot.memory.configs import COHORTS_PATH, MENTORS_PATH, PATH, Commit
from bot.memory.store import Store
from bot.model import InstallationId, Repo, Subject, ThreadRef
from bot.outcomes import after
from bot.policy import Policy
from bot.policyfile import ConfigError, Problem, Source
from bot.preview import difference, page, preview
from bot.words import Shown

RULE: Final = "configuration"
CHECKS: Final = {PATH: "Switchback configuration"} | {path: file.check for path, file in HOME_FILES.items()}
_SHOWN: Final = 50  # problems

Where = Literal["default branch", "elsewhere"]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Found:
    """A file in a commit, and what is wrong with it. `text` None: there is none, or it cannot be used."""

    path: str
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
            touched = configs.told(where)
            if commit.number is not None:
                changed = await self._changed(where, installation, commit.number)
                touched = tuple(path for path in touched if path in changed)
            if not touched:
                return Finished(why="it does not touch the configuration")
            await self._check(where, installation, commit, touched)
        except CallFailed as failed:
            return after(failed, attempts)
        return Finished(why="it is checked")

    async def _check(self, where: Repo, installation: InstallationId, commit: Commit, touched: Sequence[str]) -> None:
        """Says what is wrong with these files. Of a push nobody knows which of several it touched: of those that are as
        they are on the default branch nothing is said then."""
        files = {path: await self._reader.file(installation, where, path, ref=commit.sha) for path in touched}
        if commit.number is None and len(files) > 1:
            files = await self._store.read(lambda db: _different(db, where, files)) or {PATH: files[PATH]}
        for path, file in files.items():
            found = await self.found(where, installation, file, path)
            deed = await self._store.read(partial(self.deed, where=where, sha=commit.sha, found=found, at="elsewhere"))
            await self._writer.carry_out(deed, installation)

    async def _changed(self, where: Repo, installation: InstallationId, number: int) -> Sequence[str]:
        """The files that a pull request changes."""
        ref = ThreadRef(where.id, number)
        paths = await self._store.read(lambda db: recall.paths(db, ref))
        if paths is None:
            paths = await self._reader.paths(installation, where, number)
            await self._store.write(lambda db: learned.paths(db, ref, paths))
        return paths

    async def found(self, where: Repo, installation: InstallationId, file: File | None, path: str) -> Found:
        """What is wrong with a file, were it that of the repository. Raises CallFailed."""
        if file is None:
            return Found(path, there=False, text=None, problems=())
        try:
            text = await self._store.read(lambda db: self._policies.usable(db, where, file, path))
        except ConfigError as error:
            return Found(path, there=True, text=None, problems=error.problems)
        unknown = await self._names.unknown(where, installation, policyfile.parse(path, text.encode()))
        more = await self._store.read(lambda db: self._more(db, where, path, text))
        return Found(path, there=True, text=text, problems=(*unknown, *more))

    def _more(self, db: Connection, where: Repo, path: str, text: str) -> list[Problem]:
        if path == COHORTS_PATH:
            return _public_sheets(db, where, policyfile.parse(path, text.encode()))
        if path == MENTORS_PATH:
            return _unknown_areas(self._policies(db, where), policyfile.parse(path, text.encode()))
        if path != PATH:
            return []
        return [*self._policies.without_effect(db, where, text), *self._broken_by(db, where, text)]

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
        sha = await self._reader.last_change(installation, where, found.path)
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
        previewed = self._previewed(db, where, found, policy, now) if found.usable and found.path == PATH else ""
        values: dict[str, Shown] = {
            "there": found.there,
            "usable": found.usable,
            "default_branch": at == "default branch",
            "problems": _listed(found.problems),
            "count": len(found.problems),
            "more": max(0, len(found.problems) - _SHOWN),
            "path": found.path,
        }
        key = "/".join([
            RULE, str(where.id), sha, *([HOME_FILES[found.path].short] if found.path in HOME_FILES else []),
            *(["in-force"] if at == "default branch" else []),
        ])  # fmt: skip
        told = words.document("check", policy.language, values)
        return CheckRun(
            rule=RULE,
            key=key,
            why="the commit touches the configuration",
            repo=where,
            sha=sha,
            name=CHECKS[found.path],
            conclusion="failure" if found.problems else "success",
            title=words.document("check-title", policy.language, values),
            summary="\n\n".join(filter(None, [told, previewed, words.document("check-note", policy.language, values)])),
            annotations=tuple(_annotation(found.path, problem) for problem in found.problems),
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


def _different(db: Connection, where: Repo, files: Mapping[str, File | None]) -> dict[str, File | None]:
    """Those that are not as they are on the default branch."""
    stored = {path: configs.stored(db, where.id, path) for path in files}
    in_force = {path: one.blob if one else None for path, one in stored.items()}
    return {path: file for path, file in files.items() if in_force[path] != (file.blob if file else None)}


def _public_sheets(db: Connection, where: Repo, source: Source) -> list[Problem]:
    """The evaluation sheets that are to stand where everybody could read them: they are not written."""
    problems = []
    for index, cohort in enumerate(cohortsfile.made(source)):
        there = homes.named(db, where.owner_id, cohort.sheet_repo) if cohort.sheet_repo else None
        if there is not None and not there.private:
            what = f"{there.full_name} is not private, so no evaluation sheet is written there"
            problems.append(policyfile.noted(source, ["cohorts", index, "sheet"], what))
    return problems


def _unknown_areas(policy: Policy, source: Source) -> list[Problem]:
    """The areas of mentors that are none of the settings. Where these name none, folders are areas."""
    known = {area.name.casefold() for area in policy.areas}
    problems = []
    for index, one in enumerate(mentorsfile.made(source) if known else ()):
        for place, area in enumerate(one.terms.areas):
            if area.casefold() not in known:
                what = f"no area is called {area}; there are: {', '.join(sorted(area.name for area in policy.areas))}"
                problems.append(policyfile.noted(source, ["mentors", index, "areas", place], what))
    return problems


def _annotation(path: str, problem: Problem) -> Annotation:
    example = f"\n\nFor example:\n{problem.example}" if problem.example else ""
    return Annotation(
        path=path,
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
