"""A real browser, Debian's Chromium, and a fresh server for it: the service as a program of its own, and a GitHub.

Where there is no Chromium the tests are skipped, and fail in continuous integration.
"""

import asyncio
import os
import shutil
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.async_api import Browser, Page, async_playwright, expect

import bot
from bot.clock import WallClock
from bot.sandbox import Fault, Running, running
from bot.sandbox.sample import Sample, sample
from tests import npm

ROOT: Final = Path(bot.__file__).parent.parent
KEY: Final = "a key for the tests, which is long enough"
IN_EARNEST: Final = 60  # seconds of real time, after which a program hangs
DESKTOP: Final = (1100, 800)
PHONE: Final = (375, 720)
_FLAGS: Final = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """The browser that is installed: none is fetched."""
    program = shutil.which("chromium")
    if program is None:
        npm.unavailable("there is no Chromium: apt install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=list(_FLAGS))
        try:
            yield browser
        finally:
            await browser.close()


@dataclass
class Fresh:
    """A server that nobody has set up; `address` is what it printed. `said`: its log."""

    github: Running
    town: Sample
    process: asyncio.subprocess.Process
    address: str
    said: list[str]

    @property
    def url(self) -> str:
        return self.address.partition("/setup")[0]


@asynccontextmanager
async def fresh_server(folder: Path, *, keeps: bool = True) -> AsyncIterator[Fresh]:
    """`python -m bot serve` in this folder, with a GitHub on which gentian is signed in, who owns alpine-tools.
    `keeps`: with a SECRET_KEY."""
    town = sample(WallClock())
    town.world.signed_in = town.people["gentian"]
    async with running(town.world) as github:
        town.world.html_url = github.url
        env = {
            "PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": str(ROOT), "PORT": "0",
            "DATABASE_URL": f"sqlite:///{folder}/memory.db", "GITHUB_API_URL": github.url, "GITHUB_URL": github.url,
        } | ({"SECRET_KEY": KEY} if keeps else {})  # fmt: skip
        arguments = (sys.executable, "-m", "bot", "serve")
        process = await asyncio.create_subprocess_exec(*arguments, cwd=folder, env=env, stdout=PIPE, stderr=PIPE)
        said: list[str] = []
        assert process.stderr is not None
        listening = asyncio.create_task(_listen(process.stderr, said))
        try:
            yield Fresh(github, town, process, await _address(process), said)
        finally:
            if process.returncode is None:
                process.terminate()
            assert await asyncio.wait_for(process.wait(), IN_EARNEST) == 0
            await listening


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    async with asyncio.timeout(IN_EARNEST):
        while line := (await process.stdout.readline()).decode():
            if "/setup?token=" in line:
                return line.strip()
    raise AssertionError("it printed no address")


async def _listen(log: asyncio.StreamReader, said: list[str]) -> None:
    while line := await log.readline():
        said.append(line.decode())


async def walk(page: Page, server: Fresh, *, organisation: str = "alpine-tools") -> AsyncIterator[str]:
    """From the printed address to the end, as somebody does who reads the pages. Yields the name of each page, for
    whoever wants to look at it."""
    await page.goto(server.address)
    await expect(page.get_by_role("heading", name="Where shall Switchback help?")).to_be_visible()
    assert page.url == f"{server.url}/setup"
    await page.get_by_label("Its name on GitHub").fill(organisation)
    yield "form"
    await page.get_by_role("button", name="Go on to").click()
    create = page.get_by_role("button", name=f"Create GitHub App for {organisation}")
    await expect(create).to_be_visible()
    yield "github"
    await create.click()
    await expect(page.get_by_role("heading", name="The app is made")).to_be_visible()
    yield "created"
    await page.get_by_role("link", name="Install it on GitHub").click()
    install = page.get_by_role("button", name="Install")
    await expect(install).to_be_visible()
    # The lists are slow, so that there is something to see.
    server.github.weather.next(Fault(match=("GET|POST", r"/repos/.*|/graphql"), delay=0.25, times=1000))
    await install.click()
    await expect(page.get_by_text("Switchback reads what was here")).to_be_visible(timeout=20_000)
    await expect(page.get_by_role("listitem").filter(has_text="%")).to_be_visible(timeout=20_000)
    yield "progress"
    server.github.weather.clear()
    await expect(page.get_by_text("The past is read")).to_be_visible(timeout=40_000)
    yield "done"


async def is_too_wide(page: Page) -> bool:
    """Whether one has to scroll sideways."""
    wide: bool = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return wide
