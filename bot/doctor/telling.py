"""How the findings are shown: the worst first for people, in their order as JSON for programs. Never with a secret."""

import json
from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.doctor.finding import Finding, State
from bot.logs import Veil

_SIGNS: Final = {State.WRONG: "[bold red]✗[/]", State.WORTH_KNOWING: "[yellow]![/]", State.FINE: "[green]✓[/]"}
_HEADINGS: Final = {State.WRONG: "Wrong", State.WORTH_KNOWING: "Worth knowing", State.FINE: "Fine"}


def as_json(findings: Sequence[Finding], veil: Veil) -> str:
    """A list of objects with check, state, what and how; further lines are in `what`."""
    told = [
        {"check": one.check, "state": one.state, "what": "\n".join((one.what, *one.more)), "how": one.how}
        for one in findings
    ]
    return veil.hide(json.dumps(told, indent=2, ensure_ascii=False))


def tell(findings: Sequence[Finding], veil: Veil, console: Console) -> None:
    for state in State:
        found = [finding for finding in findings if finding.state is state]
        if not found:
            continue
        console.print(f"[bold]{_HEADINGS[state]}[/]")
        table = Table.grid(padding=(0, 1))
        for finding in found:
            table.add_row(f" {_SIGNS[state]}", veil.hide(_text(finding)))
        console.print(table)
        console.print()
    console.print(f"[bold]{_sum(findings)}[/]")


def _text(finding: Finding) -> str:
    lines = [f"[bold]{escape(finding.check)}[/]: {escape(finding.what)}"]
    lines += [f"  · {escape(line)}" for line in finding.more]
    if finding.how:
        lines.append(f"[cyan]→[/] {escape(finding.how)}")
    return "\n".join(lines)


def _sum(findings: Sequence[Finding]) -> str:
    wrong = sum(finding.state is State.WRONG for finding in findings)
    if not wrong:
        return "Nothing is wrong."
    return "One thing is wrong." if wrong == 1 else f"{wrong} things are wrong."
