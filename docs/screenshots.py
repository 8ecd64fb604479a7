"""Takes the pictures of the set-up that the README shows: `python docs/screenshots.py [FOLDER]`.

It walks as the browser test does, in Debian's Chromium against the sandbox. By default it renews those in docs/images/;
with a folder it puts every page there, in both sizes.
"""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from playwright.async_api import Page

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser import DESKTOP, PHONE, chromium, fresh_server, walk  # noqa: E402 (the path comes first)

IMAGES: Final = ROOT / "docs" / "images"
SHOWN: Final = {"form": "setup-form.png", "progress": "setup-progress.png"}


async def readme() -> None:
    """What the README shows: narrow, so that it can be read there."""
    async for name, page in _walked((760, 620)):
        if name in SHOWN:
            await page.screenshot(path=IMAGES / SHOWN[name])


async def everything(folder: Path) -> None:
    for size, (width, height) in {"desktop": DESKTOP, "phone": PHONE}.items():
        async for name, page in _walked((width, height)):
            await page.screenshot(path=folder / f"{name}-{size}.png", full_page=True)


async def _walked(size: tuple[int, int]) -> AsyncIterator[tuple[str, Page]]:
    width, height = size
    with tempfile.TemporaryDirectory() as folder:
        async with fresh_server(Path(folder)) as server, chromium() as browser:
            page: Page = await browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
            async for name in walk(page, server):
                yield name, page


if __name__ == "__main__":
    asyncio.run(everything(Path(sys.argv[1])) if sys.argv[1:] else readme())
