"""The pictures of the community digest: what they say to whoever sees them, and to whoever does not."""

from typing import Any, Final
from xml.etree import ElementTree as ET

import pytest

from bot.community.charts import WIDTH, Chart, svg
from tests.browser import chromium

SVG: Final = "{http://www.w3.org/2000/svg}"
BARS: Final = [("2026-05", 12), ("2026-06", 1260), ("2026-07", 0), ("2026-08", 3), ("2026-09", 5), ("2026-10", 99)]
CHART: Final = Chart(title="New people in alpine-tools by month", told="2026-05: 12, and so on.", bars=BARS)
LONG: Final = Chart(title="Pull requests <that> were merged & more, in a-very-long-name-of-alpine-tools " * 2,
                    told="<&>", bars=BARS)  # fmt: skip
MEASURE: Final = """() => [...document.querySelectorAll('text')].map((one) => {
    const b = one.getBBox(); return [one.textContent, b.x, b.y, b.x + b.width, b.y + b.height]
})"""


def test_it_is_told_to_those_who_do_not_see_it() -> None:
    root = ET.fromstring(svg(CHART))  # noqa: S314 (we made it)
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "title desc"
    assert [root.findtext(f"{SVG}{name}") for name in ("title", "desc")] == [CHART.title, CHART.told]


def test_every_bar_has_its_number_and_nothing_has_no_bar() -> None:
    root = ET.fromstring(svg(CHART))  # noqa: S314 (we made it)
    texts = [one.text for one in root.iter(f"{SVG}text")]
    assert texts[1:] == [text for label, number in BARS for text in (str(number), label)]
    bars = [one for one in root.iter(f"{SVG}rect") if one.get("class") == "bar"]
    assert max(int(bar.get("height", "0")) for bar in bars) == 150
    assert len(bars) == 5
    none = Chart(title="Nothing", told="", bars=[("2026-05", 0), ("2026-06", 0)])
    assert 'class="bar"' not in svg(none)
    ET.fromstring(svg(Chart(title="", told="", bars=[])))  # noqa: S314 (we made it)


@pytest.mark.parametrize("dark", [False, True])
def test_it_is_for_light_and_dark_pages(dark: bool) -> None:
    style = svg(CHART).partition("<style>")[2].partition("</style>")[0]
    light, _, night = style.partition("prefers-color-scheme: dark")
    for name in (".ground", ".bar", ".text", ".soft"):
        assert name in (night if dark else light)


async def test_all_that_is_written_fits() -> None:
    async with chromium() as browser:
        page = await browser.new_page()
        for chart in (CHART, LONG):
            await page.set_content(svg(chart))
            check(await page.evaluate(MEASURE))


def check(texts: list[list[Any]]) -> None:
    """Nothing leaves the picture, and no two texts lie over each other."""
    for text, left, _, right, _ in texts:
        assert left >= 0, text
        assert right <= WIDTH, text
    for index, (text, *one) in enumerate(texts):
        for other, *two in texts[index + 1 :]:
            apart = one[2] <= two[0] or two[2] <= one[0] or one[3] <= two[1] + 4 or two[3] <= one[1] + 4
            assert apart, (text, other)
