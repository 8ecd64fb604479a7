"""How many calls to GitHub one welcome costs, once there is a token: the real application, before the sandbox.

The clock is the stage's, which the tests use too, so nobody waits. What is counted is what GitHub would see.
"""

import tempfile
from pathlib import Path
from typing import Final

from benchmarks.report import Line
from bot.sandbox import ChangedFile
from tests.stage import Cast, Stage, StageClock, on_stage, prepare

_CODE: Final = [ChangedFile(filename="maps/draw.py", additions=12, deletions=3)]


async def measure(private_key: str) -> list[Line]:
    """Raises AssertionError if somebody was not welcomed."""
    with tempfile.TemporaryDirectory(prefix="switchback-benchmark-") as folder:
        known = await _first_issue_and_pull_request(private_key, Path(folder, "known.db"))
        unknown = await _past_not_read(private_key, Path(folder, "unknown.db"))
    return [
        _line("first issue, the past is known", known[0], at_most=1),
        _line("first pull request, the past is known", known[1], at_most=2),
        _line("first issue, the past was never read", unknown, at_most=None),
    ]


def _line(what: str, calls: list[str], at_most: int | None) -> Line:
    return Line(
        what=f"calls: {what}",
        ours=str(len(calls)),
        theirs="\n".join(calls),
        aim="" if at_most is None else f"at most {at_most}",
        met=None if at_most is None else len(calls) <= at_most,
    )


async def _first_issue_and_pull_request(private_key: str, database: Path) -> tuple[list[str], list[str]]:
    clock = StageClock()
    world, cast = prepare(clock, private_key)
    async with on_stage(world, cast, clock, f"sqlite:///{database}") as stage:
        await _warm_up(stage, cast)
        return await _issue(stage, cast), await _pull_request(stage, cast)


async def _past_not_read(private_key: str, database: Path) -> list[str]:
    clock = StageClock()
    world, cast = prepare(clock, private_key)
    async with on_stage(world, cast, clock, f"sqlite:///{database}", past_is_read=False) as stage:
        await _warm_up(stage, cast)
        return await _issue(stage, cast)


async def _warm_up(stage: Stage, cast: Cast) -> None:
    """Somebody else comes first: after that there is a token, and it is known who belongs to the organisation."""
    thread = stage.world.open_issue(cast.huts, by=cast.linus, title="The hut is closed")
    await stage.later(minutes=5)
    assert len(stage.said(thread)) == 1, "the first newcomer was not welcomed"
    stage.forget_calls()


async def _issue(stage: Stage, cast: Cast) -> list[str]:
    thread = stage.world.open_issue(cast.maps, by=cast.ada, title="The map is upside down", labels=["bug"])
    await stage.later(minutes=5)
    assert len(stage.said(thread)) == 1, "Ada was not welcomed with her issue"
    return _taken(stage)


async def _pull_request(stage: Stage, cast: Cast) -> list[str]:
    thread = stage.world.open_pull_request(cast.maps, by=cast.ada, title="Rotate maps", files=_CODE)
    await stage.later(minutes=5)
    assert len(stage.said(thread)) == 1, "Ada was not welcomed with her pull request"
    return _taken(stage)


def _taken(stage: Stage) -> list[str]:
    calls = stage.calls()
    stage.forget_calls()
    return calls
