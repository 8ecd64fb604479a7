"""How much the ramp would have said: next steps after later merges, over the years of a history.

It is assumed that there is always an issue that fits, so this is the most that it can be. And how long it takes to find
out what there is to take in a large organisation.
"""

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Final

from sqlalchemy import Connection, text

from benchmarks import organisation
from benchmarks.organisation import OWNER, Size
from benchmarks.replay import made_up
from benchmarks.report import Line, milliseconds
from bot import policyfile
from bot.looking import ThreadLook
from bot.memory import ramp
from bot.memory.store import Store
from bot.model import Level, ThreadRef
from bot.pathway import Opening, Seeker
from bot.replay import Happened, history, replay
from bot.replay.history import Deed, Event
from bot.replay.known import Known, KnownThread
from bot.rules import next_steps

_MANY: Final = 50  # merged pull requests, after which somebody counts as one of the team
_WEEK: Final = timedelta(days=7)
_SIZE: Final = Size(threads=40_000, open=10_000, repos=100, people=4_000, answers=10, steps=3)
_ONE_IN: Final = 20  # open issues is medium
_RUNS: Final = 5
_AIM: Final = 1.0  # seconds


class _AlwaysFits(Known):
    """What there is to take always holds something for whoever had a pull request merged."""

    def look(self, thread: KnownThread, now: datetime) -> ThreadLook:
        look = super().look(thread, now)
        if thread.merged_at is None:
            return look
        somewhere = Opening(
            ref=ThreadRef(thread.repo.id, 0), repo=thread.repo, level=Level.MEDIUM, areas=frozenset(), since=now,
            ready=True, taken=False, answer_minutes=0,
        )  # fmt: skip
        seeker = Seeker(person=thread.author.person, merged=2, highest=Level.STARTER, repos=frozenset({thread.repo.id}))
        return replace(look, openings=(somewhere,), seeker=seeker)


def measure(file: Path | None, tell: Callable[[str], None]) -> list[Line]:
    with tempfile.TemporaryDirectory(prefix="switchback-benchmark-") as folder:
        path = file or made_up(Path(folder, "history.jsonl.gz"))
        with history.opened(str(path)) as lines:
            events = history.read(lines, str(path)).events
        found = _found(Path(folder))
    merges = Counter(event.actor for event in events if event.deed is Deed.MERGED and not event.by_bot)
    team = {actor for actor, many in merges.items() if many > _MANY}
    twice = sum(many > 1 for actor, many in merges.items() if actor not in team)
    tell(f"{len(merges):,} people had something merged, {len(team)} of them more than {_MANY} times")
    return [
        *_lines(events, team, f"without those {len(team)}", f"{twice:,} had a second merge"),
        *_lines(events, (), "everybody taken for somebody from outside", ""),
        found,
    ]


def _lines(events: Sequence[Event], team: Collection[str], who: str, against: str) -> list[Line]:
    said = [one for one in replay(events, policyfile.defaults(), team, _AlwaysFits) if one.act.rule == next_steps.NAME]
    weeks = _weeks(said, events)
    people = {one.act.key.split("/")[2] for one in said}
    most = max(_months(said).values(), default=0)
    return [
        Line(what=f"ramp: people who are told next steps, {who}", ours=f"{len(people):,}", theirs=against),
        Line(
            what=f"ramp: comments a week in the whole organisation, {who}",
            ours=f"{sum(weeks) / len(weeks):.2f}, at most {max(weeks)}", theirs=f"{len(said):,} in {len(weeks)} weeks",
        ),
        Line(
            what=f"ramp: comments to one person within 30 days, {who}", ours=f"at most {most}", aim="at most 1",
            met=most <= 1,
        ),
    ]  # fmt: skip


def _weeks(said: Sequence[Happened], events: Sequence[Event]) -> list[int]:
    """How many in each week, the empty ones too."""
    times = [event.at for event in events]
    begin, end = min(times), max(times)
    counts = Counter((one.at - begin) // _WEEK for one in said)
    return [counts[week] for week in range((end - begin) // _WEEK + 1)]


def _months(said: Sequence[Happened]) -> Counter[str]:
    """For each person, the most within any 30 days."""
    times: dict[str, list[datetime]] = {}
    for one in said:
        times.setdefault(one.act.key.rpartition("/")[0], []).append(one.at)
    month = timedelta(days=29)  # to the day: that is what the keys tell
    return Counter({who: max(sum(at <= one < at + month for one in its) for at in its) for who, its in times.items()})


def _found(folder: Path) -> Line:
    """Reads what there is to take, as the look at the ramp does."""
    now, policy = datetime.now(UTC), policyfile.defaults()
    file = folder / "switchback.db"
    organisation.make(file, _SIZE, now)
    store = Store(f"sqlite:///{file}")

    def read(db: Connection) -> int:
        return len(ramp.openings(db, OWNER, lambda *_: policy, now, with_private=True))

    try:
        store.write_now(_some_are_medium)
        count = store.read_now(read)
        whole = median(_seconds(lambda: store.read_now(read)) for _ in range(_RUNS))
    finally:
        store.close()
    return Line(
        what=f"ramp: what there is to take in {_SIZE.repos} repositories, {_SIZE.open:,} open threads ({count} of it)",
        ours=milliseconds(whole), aim=f"under {_AIM:.0f} s", met=whole < _AIM,
    )  # fmt: skip


def _some_are_medium(db: Connection) -> None:
    medium = text("UPDATE threads SET labels = '[\"medium\"]' WHERE is_open AND number % :one_in = 0")
    db.execute(medium, {"one_in": _ONE_IN})


def _seconds(run: Callable[[], object]) -> float:
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun
