"""A small year through the real application: whatever happens in it, the bot keeps what it promises.

`python -m benchmarks --only year` does the same with fifty repositories and 52 weeks.
"""

from datetime import timedelta
from typing import Final

from benchmarks.year.flow import BEGIN, Size
from benchmarks.year.making import make
from benchmarks.year.playing import live
from benchmarks.year.promises import promises

SIZE: Final = Size(repos=6, weeks=7, before=15, pace=0.1)
QUICKLY: Final = timedelta(hours=12)  # what is due within it happens together
FIRST_SWEEP: Final = BEGIN + timedelta(days=1)


async def test_seven_weeks_keep_all_promises(private_key: str) -> None:
    flow = make(SIZE, seed=7)
    lived = await live(flow, private_key, step=QUICKLY)
    kept = promises(flow, lived)
    assert [(one.what, one.broken) for one in kept if one.broken] == []

    of_triage = [one for one in lived.said if one.rule == "triage" and not one.is_edit]
    assert {one.template for one in of_triage} == {"triage-nudge", "triage-sentence", "triage-question"}
    assert min(one.at for one in of_triage) > FIRST_SWEEP, "nobody is reminded of the backlog at once"
    assert lived.looks["triage"] > SIZE.weeks * 5
    assert lived.calls["thread", "writes"] >= len(of_triage), "nobody counts the calls"
    assert len(lived.ended) >= SIZE.weeks - 1, "digests of past weeks are closed"
