"""Tells suggestions: a JSON object on each line for programs, a table for people."""

import json
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.levelling.reasons import in_words
from bot.levelling.score import Suggestion
from bot.rating.lines import Issue

Suggested = Sequence[tuple[Issue, Suggestion]]


def as_json(suggested: Suggested) -> Iterator[str]:
    for issue, said in suggested:
        told = {
            "repo": issue.repo,
            "number": issue.number,
            "level": said.level,
            "area": said.area,
            "confidence": round(said.confidence, 3),
            "why": _why(said),
        }
        yield json.dumps(told, ensure_ascii=False)


def tell(suggested: Suggested, console: Console) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("issue", "level", "area"):
        table.add_column(name, overflow="fold")
    table.add_column("sure", justify="right")
    table.add_column("why", overflow="fold")
    for issue, said in suggested:
        place = f"{escape(issue.repo)}#{issue.number}"
        level = said.level or "[dim]unsure[/dim]"
        table.add_row(place, level, escape(said.area or ""), f"{said.confidence:.0%}", escape(_why(said)))
    console.print(table)


def _why(said: Suggestion) -> str:
    return "; ".join(in_words(said.why, "en"))
