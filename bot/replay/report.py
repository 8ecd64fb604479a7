"""What `python -m bot replay` prints: each effect on a line, for people or programs, and a summary."""

import json
import sys
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from heapq import merge
from operator import attrgetter
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import Progress

from bot.effects import React, Say, whom
from bot.model import Person, PersonId, ThreadKind
from bot.policy import Policy
from bot.presence import month_begins
from bot.replay import Happened, history, replay
from bot.replay.checkins import VISIBLE, CheckIn, CheckIns, check_ins
from bot.replay.history import Deed, History
from bot.rules.presence import reason

_CONGRATULATION: Final = "welcome-merge"  # the template
_WELCOMES: Final = frozenset({"welcome-issue", "welcome-pull-request", "welcome-discussion"})
_TYPES_SHOWN: Final = 8
NAME: Final = "check-in"


@dataclass(frozen=True, slots=True)
class Replayed:
    """A history and what would have happened; `elsewhere` as in `greetings_per_repository`. `check_ins` None: nobody
    has told who the team is."""

    history: History
    happened: tuple[Happened, ...]
    elsewhere: int
    check_ins: CheckIns | None = None

    def lines(self, *, as_json: bool) -> Iterator[str]:
        """In the order of time, people who are asked how they are after whatever else happens at that moment."""
        asked = self.check_ins.asked if self.check_ins else ()
        in_order: Iterator[Happened | CheckIn] = merge(self.happened, asked, key=attrgetter("at"))
        for one in in_order:
            if isinstance(one, CheckIn):
                yield _check_in_as_json(one) if as_json else _check_in(one)
            else:
                yield _json(one) if as_json else _sentence(one)

    def summary(self) -> Iterator[str]:
        """Lines for people."""
        said = Counter(one.act.template for one in self.happened if isinstance(one.act, Say))
        welcomes = [
            one.act.to.id for one in self.happened if isinstance(one.act, Say) and one.act.template in _WELCOMES
        ]
        rows: dict[str, tuple[float, str]] = {
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
        rows |= _check_ins_in_short(self.check_ins) if self.check_ins else {}
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
    asked = check_ins(told, team, policy) if maintainers else None
    return Replayed(told, happened, greetings_per_repository(told, policy, team), asked)


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


def _check_ins_in_short(told: CheckIns) -> dict[str, tuple[float, str]]:
    count = len(told.asked)
    because = Counter(one.signal.because.value for one in told.asked)
    asked = len({(one.owner, one.login) for one in told.asked})
    visible = sum(one.active_days >= VISIBLE for one in told.asked)
    return {
        "check-ins": (count, _types(because)),
        "check-ins a year": (round(count / told.lasted, 1) if told.lasted else 0.0, f"in {told.lasted:.1f} years"),
        "people asked": (asked, f"of {told.people} on the team"),
        "check-ins a person": (round(2 * count / told.years, 2) if told.years else 0.0, "in two years"),
        "to active people": (visible, f"with {VISIBLE} active days or more in the year before"),
    }


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


def _check_in(one: CheckIn) -> str:
    return f"{one.at:%Y-%m-%d %H:%M:%S}  {one.owner}  {NAME}  {one.signal.because} of {one.login}: {reason(one.signal)}"


def _check_in_as_json(one: CheckIn) -> str:
    signal = one.signal
    return json.dumps(
        {
            "at": one.at.isoformat().replace("+00:00", "Z"),
            "rule": NAME,
            "effect": "question",
            "key": one.key,
            "owner": one.owner,
            "to": [one.login],
            "why": reason(signal),
            "because": signal.because.value,
            "last": signal.last and signal.last.isoformat().replace("+00:00", "Z"),
            "since": f"{month_begins(signal.from_month):%Y-%m}",
            "days_a_month": {"before": round(signal.before, 2), "since": round(signal.after, 2)},
            "months": {"before": signal.months_before, "since": signal.months_after},
        }
    )
