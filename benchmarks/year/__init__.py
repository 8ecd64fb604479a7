"""A year of an organisation, simulated: what the bot says in it, whom it calls, and whether it keeps its promises.

The real application lives through it in front of the sandbox, with every feature speaking. Against it stands what
actions/stale would have done to the same threads.
"""

from collections import Counter
from collections.abc import Callable
from typing import Final

from benchmarks.report import Line
from benchmarks.year.flow import ENDINGS, OPENINGS, Flow, Size
from benchmarks.year.making import make
from benchmarks.year.playing import live
from benchmarks.year.promises import most_mentioned, promises
from benchmarks.year.said import Lived
from benchmarks.year.stale import Messages, Told, stale

NAME: Final = "year"
_SHOWN: Final = 3  # of what a promise was broken by


async def measure(private_key: str, size: Size, tell: Callable[[str], None]) -> list[Line]:
    """Raises AssertionError if the application gave something up."""
    flow = make(size)
    lived = await live(flow, private_key, tell)
    return [
        _of_flow(flow, lived),
        *_of_comments(lived),
        *_of_mentions(flow, lived),
        *_against_stale(flow, lived),
        *_of_promises(flow, lived),
        _of_calls(lived),
    ]


def _of_flow(flow: Flow, lived: Lived) -> Line:
    opened = sum(event.act in OPENINGS for event in flow.year)
    before = {event.thread for event in flow.past} - {event.thread for event in flow.past if event.act in ENDINGS}
    return Line(
        what=f"{NAME}: {len(flow.repos)} repositories, {(flow.end - flow.begin).days // 7} weeks",
        ours=f"{opened:,} threads, {len(flow.year):,} things done; {len(before):,} threads were open before",
        theirs=f"{lived.deliveries:,} deliveries in {lived.seconds:.0f} s",
    )


def _of_comments(lived: Lived) -> list[Line]:
    said = [one for one in lived.said if not one.is_edit]
    comments = Counter(one.template or one.rule for one in said if one.number)
    answers = sum(many for name, many in comments.items() if name.startswith("answer"))
    documents = Counter(one.rule for one in said if not one.number)
    return [
        Line(
            what=f"{NAME}: comments", ours=f"{comments.total():,}, of them {answers} in answer to commands",
            theirs="\n".join(f"{many:,} {name}" for name, many in comments.most_common()),
        ),
        Line(
            what=f"{NAME}: issues of its own", ours=f"{documents.total():,}",
            theirs="\n".join(f"{many:,} {name}" for name, many in documents.most_common()),
        ),
    ]  # fmt: skip


def _of_mentions(flow: Flow, lived: Lived) -> list[Line]:
    people = most_mentioned(lived.said)
    team = {who: counts for who, counts in people.items() if flow.is_team(who)}
    return [
        Line(
            what=f"{NAME}: mentions, {whose}",
            ours=f"{sum(one.all for one in those.values()):,} of {len(those):,} people",
            theirs=f"of one at most {max((one.all for one in those.values()), default=0)}, "
            f"in 24 hours {max((one.a_day for one in those.values()), default=0)}, "
            f"in 7 days {max((one.a_week for one in those.values()), default=0)}",
        )
        for whose, those in (("everybody", people), ("of the team", team))
    ]


def _against_stale(flow: Flow, lived: Lived) -> list[Line]:
    by_template = Counter(one.template for one in lived.said if one.rule == "triage" and not one.is_edit)
    bare, asked, both = (stale(flow, messages) for messages in Messages)
    uncalled = sum(one.template == "triage-nudge" and not (one.mentions or one.is_edit) for one in lived.said)
    in_threads = by_template["triage-sentence"] + by_template["triage-question"]
    return [
        Line(
            what=f"{NAME}: reminders of what waits, against actions/stale with a stale message",
            ours=f"{by_template.total():,} comments: {by_template['triage-nudge']} to the team in its digest "
            f"({uncalled} of them call nobody), "
            f"{by_template['triage-sentence']} sentences and {by_template['triage-question']} questions",
            theirs=_told(asked), ratio=by_template.total() / asked.comments if asked.comments else None,
        ),
        Line(
            what=f"{NAME}: of these in threads of contributors", ours=f"{in_threads:,}",
            theirs=f"{asked.on_others:,}", ratio=in_threads / asked.on_others if asked.on_others else None,
        ),
        Line(what=f"{NAME}: actions/stale with nothing but its defaults", ours="", theirs=_told(bare)),
        Line(what=f"{NAME}: actions/stale with a message for closing, too", ours="", theirs=_told(both)),
    ]  # fmt: skip


def _told(told: Told) -> str:
    return (
        f"{told.comments:,} comments (at most {told.most} in a thread), {told.labels:,} marked, {told.closed:,} "
        f"closed: {told.unheard:,} of them while the last word was a contributor's, {told.unanswered:,} before the "
        f"team said anything, {told.would_merge:,} that were merged later"
    )


def _of_promises(flow: Flow, lived: Lived) -> list[Line]:
    return [
        Line(
            what=f"{NAME}: {one.what}", ours=f"{len(one.broken)} times broken" if one.broken else "kept",
            theirs="\n".join((one.counted, *one.broken[:_SHOWN])), aim="always", met=not one.broken,
        )
        for one in promises(flow, lived)
    ]  # fmt: skip


def _of_calls(lived: Lived) -> Line:
    ways = {way: Counter({kind: n for (kind, other), n in lived.calls.items() if other == way}) for way in _WAYS}
    return Line(
        what=f"{NAME}: calls to GitHub, by what made them",
        ours=", ".join(f"{counts.total():,} {way}" for way, counts in ways.items()),
        theirs="\n".join(
            f"{lived.looks[kind]:,} looks at {kind}: {', '.join(f'{ways[way][kind]:,} {way}' for way in _WAYS)}"
            for kind in sorted({kind for kind, _ in lived.calls} | set(lived.looks))
        ),
    )


_WAYS: Final = ("reads", "writes", "tokens")
