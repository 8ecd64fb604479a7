"""Draws a skills map: a mountain with four plateaus, and for each area a trail that winds up from one to the next.

It is a plain SVG, narrow enough to be read on a phone, with a ground of its own: so it can be read on any page, and
where the reader's system is dark it is dark too. Programs that read aloud are given the title and all that it says.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from bot.skills import Plateau, SkillsMap

WIDTH: Final = 460
_MARGIN: Final = 22.0
_PEAK: Final = 84  # from the title to the highest plateau
_SLOPE: Final = 74  # what lies between two plateaus
_LEDGE_PAD: Final = 14
_LINE: Final = 19.0  # of small text
_SMALL: Final = 14.5
_NAME: Final = 17.0
_TITLE: Final = 21.0
_STATION: Final = 10.5
_INSET: Final = 16  # from a plateau's end to its first trail
_NARROWER: Final = 26  # how much a plateau is narrower than the one below it, on each side

# Eight colours that stand out from each other, and from the light ground as well as from the dark one.
_COLOURS: Final = ("#1f77d0", "#c2570c", "#20844a", "#9a4fd0", "#c03a5b", "#7d7410", "#11808c", "#8a5a3c")
_STYLE: Final = """
    .ground { fill: #f3f7fa; stroke: #c5d0d9 } .mountain { fill: #dde6ea } .ledge { fill: #ffffff; stroke: #8b9aa5 }
    .snow { fill: #ffffff; stroke: #b6c4cd } .text { fill: #1c262d } .soft { fill: #4b5a64 }
    @media (prefers-color-scheme: dark) {
      .ground { fill: #10171d; stroke: #34434e } .mountain { fill: #1f2b33 } .ledge { fill: #16202a; stroke: #5d707d }
      .snow { fill: #d8e3ea; stroke: #5d707d } .text { fill: #e8eef2 } .soft { fill: #adbcc6 }
    }
    text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif }
    .trail { fill: none; stroke-width: 3.5; stroke-linejoin: round; stroke-linecap: round }
"""
_NARROW: Final = frozenset("iljtfrI.,:;!'|()-/ ")
_BROAD: Final = frozenset("mwMW%&<>=+~#^")


# A text: what it says, its size, its class, and whether it is bold.
_Text = tuple[str, float, str, bool]


@dataclass(frozen=True, slots=True)
class _Ledge:
    """A plateau in the picture: where it begins on the left and on top, and what it says."""

    edge: float
    y: float
    texts: tuple[_Text, ...]

    @property
    def bottom(self) -> float:
        return self.y + _height(self.texts) + 2 * _LEDGE_PAD - 4


def svg(skills: SkillsMap) -> str:
    """The picture of a map."""
    head = [*_head(skills)]
    top = 20 + _height(head)
    mountain, below = _mountain(skills, top)
    legend, end = _legend(skills, below)
    title, told = escape(skills.name), escape(_told(skills))
    size = f'viewBox="0 0 {WIDTH} {end}" width="{WIDTH}" height="{end}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title desc">',
        f'  <title id="title">{title}</title>',
        f'  <desc id="desc">{told}</desc>',
        f"  <style>{_STYLE}  </style>",
        f'  <rect class="ground" x="0.5" y="0.5" width="{WIDTH - 1}" height="{end - 1}" rx="12"/>',
        *_texts(head, WIDTH / 2, 20, anchor="middle"),
        *mountain,
        *legend,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _head(skills: SkillsMap) -> Iterator[_Text]:
    room = WIDTH - 2 * _MARGIN
    yield from ((line, _TITLE, "text", True) for line in wrapped(skills.name, _TITLE, room, bold=True))
    yield from ((line, _SMALL, "soft", False) for line in wrapped(skills.about, _SMALL, room))


def _mountain(skills: SkillsMap, top: float) -> tuple[list[str], float]:
    """The plateaus from the highest to the lowest, with the trails between them; and where the mountain ends."""
    ledges: list[_Ledge] = []
    at = top + _PEAK
    for plateau in reversed(Plateau):
        edge = _MARGIN + _NARROWER * (len(Plateau) - 1 - len(ledges))
        about = wrapped(skills.about_plateau(plateau), _SMALL, WIDTH - 2 * (edge + _LEDGE_PAD))
        name: _Text = (plateau.value.capitalize(), _NAME, "text", True)
        ledges.append(_Ledge(edge, at, (name, *((line, _SMALL, "soft", False) for line in about))))
        at = ledges[-1].bottom + _SLOPE
    foot = at - 10
    lines = [*_ground(ledges, foot)]
    for number in range(len(skills.areas)):
        places = [_place(ledge.edge, number, skills) for ledge in ledges]
        starts = [*((x, ledge.y) for x, ledge in zip(places, ledges, strict=True)), (places[-1], foot)][1:]
        ends = [(x, ledge.bottom) for x, ledge in zip(places, ledges, strict=True)]
        lines += [_trail(number, low, high) for low, high in zip(starts, ends, strict=True)]
    for ledge in ledges:
        lines.append(
            f'  <rect class="ledge" x="{ledge.edge:g}" y="{ledge.y:g}" width="{WIDTH - 2 * ledge.edge:g}" '
            f'height="{ledge.bottom - ledge.y:g}" rx="8"/>'
        )
        lines += _texts(ledge.texts, ledge.edge + _LEDGE_PAD, ledge.y + _LEDGE_PAD)
    for edge, y in [*((ledge.edge, ledge.y) for ledge in ledges), (ledges[-1].edge, foot)]:
        for number in range(len(skills.areas)):
            lines += _station(number, _place(edge, number, skills), y)
    return lines, foot + _STATION + 18


def _ground(ledges: Sequence[_Ledge], foot: float) -> Iterator[str]:
    """The mountain behind the plateaus, with snow and a flag on its peak."""
    middle, peak = WIDTH / 2, ledges[0].y - _PEAK + 26
    left = [(ledge.edge - 8, ledge.y) for ledge in ledges]
    outline = [(middle, peak), *((WIDTH - x, y) for x, y in left), (WIDTH - 1, foot), (1, foot), *reversed(left)]
    yield f'  <path class="mountain" d="{_path(outline)} Z"/>'
    (x, y), share = left[0], 0.55
    half, low = (middle - x) * share, peak + (y - peak) * share
    cap = [(middle, peak), (middle + half, low), (middle + half / 2, low - 6), (middle, low + 5),
           (middle - half / 2, low - 6), (middle - half, low)]  # fmt: skip
    yield f'  <path class="snow" d="{_path(cap)} Z"/>'
    yield f'  <path class="trail" stroke="{_COLOURS[1]}" d="M {middle:g} {peak:g} v -20"/>'
    yield f'  <path fill="{_COLOURS[1]}" d="M {middle:g} {peak - 20:g} l 17 5.5 l -17 5.5 Z"/>'


def _place(edge: float, number: int, skills: SkillsMap) -> float:
    """Where on a plateau that begins at this edge a trail comes up."""
    gaps = len(skills.areas) - 1
    left, right = edge + _INSET, WIDTH - edge - _INSET
    return left + (right - left) * number / gaps if gaps else WIDTH / 2


def _trail(number: int, low: tuple[float, float], high: tuple[float, float]) -> str:
    """The way from one plateau up to the next, with bends."""
    (x, y), (to_x, to_y) = low, high
    rise = (y - to_y) / 5
    aside = 9 if x <= WIDTH / 2 else -9
    middle = (x + to_x) / 2
    bends = [(x, y), (x + aside, y - rise), (middle - aside, y - 2.2 * rise), (middle + aside, y - 3.4 * rise),
             (to_x, to_y)]  # fmt: skip
    dashes = "" if number < len(_COLOURS) else ' stroke-dasharray="7 5"'
    return f'  <path class="trail" stroke="{_colour(number)}"{dashes} d="{_path(bends)}"/>'


def _station(number: int, x: float, y: float) -> Iterator[str]:
    yield f'  <circle cx="{x:g}" cy="{y:g}" r="{_STATION}" fill="{_colour(number)}"/>'
    yield (
        f'  <text x="{x:g}" y="{y + 4.6:g}" text-anchor="middle" font-size="13" font-weight="700" fill="#ffffff">'
        f"{number + 1}</text>"
    )


def _legend(skills: SkillsMap, top: float) -> tuple[list[str], int]:
    """The areas by their numbers, each with its first step; and where the picture ends."""
    left = _MARGIN + 2 * _STATION + 12
    room = WIDTH - left - _MARGIN
    heading: _Text = ("Where each trail begins", _SMALL, "soft", True)
    lines = [*_texts([heading], _MARGIN, top)]
    at = top + _LINE + 8
    for number, area in enumerate(skills.areas):
        name = area.name if area.role.casefold() == area.name.casefold() else f"{area.name} ({area.role})"
        texts: list[_Text] = [(line, _SMALL, "text", True) for line in wrapped(name, _SMALL, room, bold=True)]
        texts += [(line, _SMALL, "soft", False) for line in wrapped(area.novice.do, _SMALL, room)]
        lines += _station(number, _MARGIN + _STATION, at + _STATION)
        lines += _texts(texts, left, at)
        at += _height(texts) + 12
    return lines, round(at + 8)


def _texts(texts: Sequence[_Text], x: float, y: float, *, anchor: str = "start") -> Iterator[str]:
    for text, size, kind, bold in texts:
        y = y + _leading(size)
        weight = ' font-weight="700"' if bold else ""
        where = f' text-anchor="{anchor}"' if anchor != "start" else ""
        yield (
            f'  <text class="{kind}" x="{x:g}" y="{y - 5:g}" font-size="{size:g}"{weight}{where}>{escape(text)}</text>'
        )


def _leading(size: float) -> float:
    return _LINE if size == _SMALL else size * 1.4


def _height(texts: Sequence[_Text]) -> float:
    return sum(_leading(size) for _, size, _, _ in texts)


def wrapped(text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """A text in lines that are not wider than the room. A word that is too long for a line is cut into pieces."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if width(longer, size, bold=bold) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        line = ""
        for char in word:
            if width(line + char, size, bold=bold) > room:
                lines.append(line)
                line = ""
            line += char
    return [*lines, line] if line else lines


def width(text: str, size: float, *, bold: bool = False) -> float:
    """About how wide a text is; rather too much, since nobody knows in which font it will be shown."""
    return sum(map(_em, text)) * size * (1.08 if bold else 1)


def _em(char: str) -> float:
    if char in _NARROW:
        return 0.37
    if unicodedata.east_asian_width(char) in "WF":
        return 1.05
    if char in _BROAD:
        return 0.95
    return 0.7 if char.isupper() else 0.6


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M " + " L ".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _colour(number: int) -> str:
    return _COLOURS[number % len(_COLOURS)]


def _told(skills: SkillsMap) -> str:
    """All that the picture says."""
    plateaus = "; ".join(f"{one.value}: {skills.about_plateau(one)}" for one in Plateau)
    trails = "; ".join(f"{number}, {area.name}: {area.novice.do}" for number, area in enumerate(skills.areas, 1))
    return (
        f"{skills.about}. A mountain with four plateaus, from the foot to the top. {plateaus}. "
        f"A trail for each area leads up over all of them; each begins with a first step. {trails}."
    )
