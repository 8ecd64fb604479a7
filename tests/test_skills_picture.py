"""The picture of a skills map, in a real browser: everything that is written in it can be read, whatever is written."""

from html import unescape
from itertools import pairwise
from typing import Any, Final
from xml.etree import ElementTree as ET

import pytest

from bot import shipped, skillsfile
from bot.skills import MOST_AREAS, Plateau, SkillsMap
from bot.skillspicture import WIDTH, svg, wrapped
from tests.browser import chromium

SHIPPED: Final = skillsfile.default()
SVG: Final = "{http://www.w3.org/2000/svg}"


def full(word: str) -> SkillsMap:
    """As many areas as there may be, with the longest texts."""
    area = SHIPPED.areas[0]
    sentence, name = (" ".join([word] * 140)[:140].strip(), " ".join([word] * 80)[:78].strip())
    step = area.novice.model_copy(update={"do": sentence})
    areas = [area.model_copy(update={"name": f"{name}{n}", "novice": step}) for n in range(MOST_AREAS)]
    meant = {name: part.model_copy(update={"about": sentence}) for name, part in SHIPPED.plateaus}
    plateaus = SHIPPED.plateaus.model_copy(update=meant)
    return SHIPPED.model_copy(update={"name": name, "about": sentence, "areas": tuple(areas), "plateaus": plateaus})


MAPS: Final = {
    "shipped": SHIPPED,
    "jupyterhub": skillsfile.load(shipped.EXAMPLES / "jupyterhub-skills.yml"),
    "one area": SHIPPED.model_copy(update={"areas": SHIPPED.areas[:1]}),
    "capitals": full("WIDE MARMOT"),
    "one long word": full("Bergwanderwegmarkierung" * 3),
    "wide characters": full("山道案内"),
    "marks": full("<&> \"'"),
}
EACH: Final = pytest.mark.parametrize("skills", MAPS.values(), ids=MAPS)

MEASURE: Final = """() => {
    const box = (one) => { const b = one.getBBox(); return [b.x, b.y, b.x + b.width, b.y + b.height] }
    const all = (what) => [...document.querySelectorAll(what)]
    return {
        texts: all('text').map((one) => [one.textContent, ...box(one)]),
        ledges: all('.ledge').map(box),
        stations: all('circle').map((one) => [one.cx.baseVal.value, one.cy.baseVal.value]),
        height: document.querySelector('svg').viewBox.baseVal.height,
    }
}"""


def check(seen: dict[str, Any]) -> None:
    """Every line is in its plateau and in the picture, and every station has room."""
    for text, left, top, right, bottom in seen["texts"]:
        assert left >= 0, text
        assert right <= WIDTH, text
        assert bottom <= seen["height"], text
        for ledge in seen["ledges"]:
            within = ledge[1] < (top + bottom) / 2 < ledge[3]
            assert not within or (ledge[0] < left and right < ledge[2] and bottom <= ledge[3] + 1) or text.isdigit(), (
                text
            )
    assert len(seen["ledges"]) == len(Plateau)
    rows: dict[float, list[float]] = {}
    for x, y in seen["stations"]:
        rows.setdefault(y, []).append(x)
    for row in rows.values():
        assert all(later - earlier >= 20 for earlier, later in pairwise(row))


async def test_all_that_is_written_fits() -> None:
    async with chromium() as browser:
        page = await browser.new_page()
        for skills in MAPS.values():
            await page.set_content(svg(skills))
            check(await page.evaluate(MEASURE))


@EACH
def test_it_is_told_to_those_who_do_not_see_it(skills: SkillsMap) -> None:
    made = ET.fromstring(svg(skills))  # noqa: S314 (we made it)
    title, about = made.findtext(f"{SVG}title"), made.findtext(f"{SVG}desc")
    assert made.get("role") == "img"
    assert made.get("aria-labelledby") == "title desc"
    assert title == skills.name
    assert about is not None
    for area in skills.areas:
        assert f"{area.name}: {area.novice.do}" in about
    for plateau in Plateau:
        assert skills.about_plateau(plateau) in about


def test_nothing_is_lost_where_lines_are_broken() -> None:
    for text in ("a bb ccc", "Bergwanderwegmarkierung", "山道案内", "W" * 99, "", "i " * 200):
        for room in (20.0, 90.0, 400.0):
            assert "".join("".join(wrapped(text, 14.5, room)).split()) == "".join(text.split())


def test_there_is_no_script_and_nothing_from_elsewhere() -> None:
    for skills in MAPS.values():
        text = svg(skills).replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert "http" not in text
        assert "<script" not in unescape(text)
