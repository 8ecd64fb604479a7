"""What `python -m bot replay` prints: each effect on a line, for people or programs, and a summary."""

import json
import sys
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import Progress

from bot.effects import React, Say, whom
from bot.model import Person, PersonId, ThreadKind
from bot.policy import Policy
from bot.replay import Happened, history, replay
from bot.replay.history import Deed, History

_CONGRATULATION: Final = "welcome-merge"  # the template
_WELCOMES: Final = frozenset({"welcome-issue", "welcome-pull-request", "welcome-discussion"})
_TYPES_SHOWN: Final = 8


@dataclass(frozen=True, slots=True)
class Replayed:
    """A history and what would have happened; `elsewhere` as in `greetings_per_repository`."""

    history: History
    happened: tuple[Happened, ...]
    elsewhere: int

    def lines(self, *, as_json: bool) -> Iterator[str]:
        return map(_json if as_json else _sentence, self.happened)

    def summary(self) -> Iterator[str]:
        """Lines for people."""
        said = Counter(one.act.template for one in self.happened if isinstance(one.act, Say))
        welcomes = [
            one.act.to.id for one in self.happened if isinstance(one.act, Say) and one.act.template in _WELCOMES
        ]
        rows = {
            "events read": (self.history.read.total(), _types(self.history.read)),
            "skipped, of unknown types": (self.history.skipped.total(), _types(self.history.skipped)),
            "welcomes": (len(welcomes), ""),
            "congratulations": (said[_CONGRATULATION], ""),
            "other effects": (len(self.happened) - len(welcomes) - said[_CONGRATULATION], ""),
            "people welcomed": (len(set(welcomes)), ""),
            "per repository": (
                self.elsewhere,
                "greetings by a bot that welcomes each first pull request in each repository",
            ),
        }
        for name, (number, more) in rows.items():
            yield f"{name:<26}{number:>9}  {more}".rstrip()


def run(file: str, policy: Policy, maintainers: Path | None) -> Replayed:
    """Reads the files and replays, with a progress bar where standard error is a terminal. Raises HistoryError."""
    team = history.read_maintainers(maintainers) if maintainers else frozenset()
    terminal = sys.stderr is not None and sys.stderr.isatty()
    with Progress(console=Console(stderr=True), transient=True, disable=not terminal) as progress:
        with history.opened(file) as lines:
            told = history.read(progress.track(lines, description="Reading"), history.name_of(file))
        happened = tuple(replay(progress.track(told.events, description="Replaying"), policy, team))
    return Replayed(told, happened, greetings_per_repository(told, policy, team))


def greetings_per_repository(told: History, policy: Policy, maintainers: Collection[str]) -> int:
    """How often a bot would have greeted that knows one repository only: the first pull request of each person in each,
    where the person is neither a bot nor a maintainer."""
    team = {login.casefold() for login in maintainers}
    first = {
        (event.actor.casefold(), event.repo.casefold()): Person(PersonId(0), event.actor, event.by_bot)
        for event in told.events
        if event.deed is Deed.OPENED and event.kind is ThreadKind.PULL_REQUEST
    }
    return sum(login not in team and not policy.is_bot(person) for (login, _), person in first.items())


def _types(counted: Counter[str]) -> str:
    shown = [
        f"{count} {name if name.isprintable() else ascii(name)}" for name, count in counted.most_common(_TYPES_SHOWN)
    ]
    more = [f"{len(counted) - _TYPES_SHOWN} more types"] if len(counted) > _TYPES_SHOWN else []
    return ", ".join(shown + more)


def _json(one: Happened) -> str:
    return json.dumps(
        {
            "at": one.at.isoformat().replace("+00:00", "Z"),
            "rule": one.act.rule,
            "effect": one.act.kind,
            "key": one.act.key,
            "repo": one.repo,
            "number": one.number,
            "to": [whom(one.act).login],
            "why": one.act.why,
        }
    )


def _sentence(one: Happened) -> str:
    place = f"{one.at:%Y-%m-%d %H:%M:%S}  {one.repo}#{one.number}  {one.act.rule}"
    match one.act:
        case Say() as say:
            return f"{place}  {say.template} to {'@' if say.mention else ''}{say.to.login}: {say.why}"
        case React() as react:
            return f"{place}  {react.content} to {react.request.person.login}: {react.why}"
        case other:
            return f"{place}  {other.kind} for {whom(other).login}: {other.why}"
