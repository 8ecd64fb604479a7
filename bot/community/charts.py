"""Draws a number for each month as bars: an SVG that can stand in a blog.

Like the picture of a skills map it has a ground of its own, is narrow enough for a phone, and is dark where the
reader's system is. Each bar says its number. Programs that read aloud are given a title and a text.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from bot.skillspicture import wrapped

WIDTH: Final = 460
_MARGIN: Final = 22
_TITLE: Final = 18.0
_LEADING: Final = 24
_SMALL: Final = 14
_TALLEST: Final = 150  # bar
_LOWEST: Final = 2  # one that is there
_LABELS: Final = 44  # from the ground line to the end
_GAP: Final = 0.38  # of the room that a bar has
_STYLE: Final = """
    .ground { fill: #f3f7fa; stroke: #c5d0d9 } .line { stroke: #8b9aa5 } .bar { fill: #1f77d0 }
    .text { fill: #1c262d } .soft { fill: #4b5a64 }
    @media (prefers-color-scheme: dark) {
      .ground { fill: #10171d; stroke: #34434e } .line { stroke: #5d707d } .bar { fill: #58a6ff }
      .text { fill: #e8eef2 } .soft { fill: #adbcc6 }
    }
    text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif }
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """`told`: all that it says, in words. `bars`: what stands below each, and its number."""

    title: str
    told: str
    bars: Sequence[tuple[str, int]]


def svg(chart: Chart) -> str:
    """The picture. Plain text goes in; nothing has to be escaped before."""
    head = wrapped(chart.title, _TITLE, WIDTH - 2 * _MARGIN, bold=True)
    top = _MARGIN + len(head) * _LEADING + 36  # of the tallest bar, with room for its number
    base = top + _TALLEST
    end = base + _LABELS
    size = f'viewBox="0 0 {WIDTH} {end}" width="{WIDTH}" height="{end}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title desc">',
        f'  <title id="title">{escape(chart.title)}</title>',
        f'  <desc id="desc">{escape(chart.told)}</desc>',
        f"  <style>{_STYLE}  </style>",
        f'  <rect class="ground" x="0.5" y="0.5" width="{WIDTH - 1}" height="{end - 1}" rx="12"/>',
        *_title(head),
        *_bars(chart.bars, base),
        f'  <path class="line" d="M {_MARGIN} {base} H {WIDTH - _MARGIN}"/>',
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _title(head: Sequence[str]) -> Iterator[str]:
    for number, line in enumerate(head, 1):
        y = _MARGIN - 4 + number * _LEADING
        size = f'font-size="{_TITLE:g}" font-weight="700"'
        yield f'  <text class="text" x="{_MARGIN}" y="{y}" {size}>{escape(line)}</text>'


def _bars(bars: Sequence[tuple[str, int]], base: int) -> Iterator[str]:
    most = max((number for _, number in bars), default=0) or 1
    room = (WIDTH - 2 * _MARGIN) / max(len(bars), 1)
    for index, (label, number) in enumerate(bars):
        left = _MARGIN + room * (index + _GAP / 2)
        height = max(round(_TALLEST * number / most), _LOWEST) if number else 0
        middle = _MARGIN + room * (index + 0.5)
        if height:
            yield (
                f'  <rect class="bar" x="{left:.1f}" y="{base - height}" width="{room * (1 - _GAP):.1f}" '
                f'height="{height}" rx="3"/>'
            )
        yield _text(str(number), middle, base - height - 8, "text", weight=700)
        yield _text(label, middle, base + 24, "soft")


def _text(text: str, x: float, y: float, kind: str, *, weight: int = 400) -> str:
    return (
        f'  <text class="{kind}" x="{x:.1f}" y="{y}" font-size="{_SMALL}" font-weight="{weight}" '
        f'text-anchor="middle">{escape(text)}</text>'
    )
