"""The set-up in a real browser, from the address that the terminal shows to the past that is read.

`python -m bot serve` runs as a program of its own; GitHub is the sandbox, with its pages.
"""

import re
from pathlib import Path

import pytest
from aiohttp import ClientSession
from playwright.async_api import expect

from bot.credentials import settings_with_app
from tests.browser import DESKTOP, KEY, PHONE, chromium, fresh_server, is_too_wide, walk


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_from_the_terminal_to_the_past_that_is_read(size: tuple[int, int], tmp_path: Path) -> None:
    width, height = size
    async with fresh_server(tmp_path) as server, chromium() as browser:
        context = await browser.new_context(viewport={"width": width, "height": height})
        page = await context.new_page()
        troubles: list[str] = []
        page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        pages = []
        async for name in walk(page, server):
            pages.append(name)
            assert not await is_too_wide(page), name
        assert pages == ["form", "github", "created", "progress", "done"]
        assert troubles == []  # nothing was blocked by the policy of a page
        for repo in server.town.repos:
            await expect(page.get_by_role("listitem").filter(has_text=repo).first).to_contain_text("read")
        [app] = server.town.world.apps.values()
        assert (app.owner.login, app.name) == ("alpine-tools", "Switchback alpine-tools")
        await page.goto(f"{server.url}/setup")
        await expect(page.get_by_role("heading", name="This is set up")).to_be_visible()
        stranger = await (await browser.new_context()).new_page()
        for path in ("/setup", "/setup/installed", f"/setup?{server.address.partition('?')[2]}"):
            answer = await stranger.goto(f"{server.url}{path}")
            assert answer is not None
            assert "alpine" not in await answer.text()
    said = "".join(server.said)
    assert "ready" in said
    for secret in (KEY, app.webhook_secret, "PRIVATE KEY", server.address.partition("token=")[2]):
        assert secret not in said


async def test_without_javascript_a_button_leads_on(tmp_path: Path) -> None:
    async with fresh_server(tmp_path) as server, chromium() as browser:
        context = await browser.new_context(java_script_enabled=False)
        page = await context.new_page()
        await page.goto(server.address)
        await page.get_by_label("I myself").check()
        await page.get_by_role("button", name="Go on to").click()
        await expect(page.get_by_role("heading", name="On to GitHub")).to_be_visible()
        await page.get_by_role("button", name="Make the app on").click()
        await page.get_by_role("button", name="Create GitHub App for gentian").click()
        await expect(page.get_by_role("heading", name="The app is made")).to_be_visible()


async def test_without_a_key_the_values_stand_on_the_page_once(tmp_path: Path) -> None:
    async with fresh_server(tmp_path, keeps=False) as server, chromium() as browser:
        page = await browser.new_page(viewport={"width": PHONE[0], "height": PHONE[1]})
        await page.goto(server.address)
        await page.get_by_label("Its name on GitHub").fill("alpine tools")
        await page.get_by_role("button", name="Go on to").click()
        await expect(page.get_by_text("letters, digits and hyphens")).to_be_visible()
        assert not await is_too_wide(page)
        await page.get_by_label("Its name on GitHub").fill("alpine-tools")
        await page.get_by_role("button", name="Go on to").click()
        await page.get_by_role("button", name="Create GitHub App").click()
        shown = page.get_by_label("The lines for the environment")
        await expect(shown).to_have_value(re.compile("^GITHUB_APP_ID=[0-9]+\nGITHUB_APP_PRIVATE_KEY="))
        assert not await is_too_wide(page)
        await page.reload()
        await expect(page.get_by_role("heading", name="Restart the service now")).to_be_visible()
        [app] = server.town.world.apps.values()
        assert app.webhook_secret not in await page.content()


async def test_who_is_a_stranger_sees_where_the_address_stands(tmp_path: Path) -> None:
    async with fresh_server(tmp_path) as server, chromium() as browser:
        page = await browser.new_page()
        answer = await page.goto(f"{server.url}/")
        assert answer is not None
        assert answer.status == 403
        await expect(page.get_by_text("the address that it printed")).to_be_visible()


async def test_a_second_start_needs_no_set_up(tmp_path: Path) -> None:
    async with fresh_server(tmp_path) as server, chromium() as browser:
        page = await browser.new_page()
        async for name in walk(page, server):
            if name == "created":
                break
        async with ClientSession() as session, session.get(f"{server.url}/readyz") as answer:
            assert answer.status == 200
        [app] = server.town.world.apps.values()
        environ = {"DATABASE_URL": f"sqlite:///{tmp_path}/memory.db", "SECRET_KEY": KEY}
        assert settings_with_app(environ).app_id == str(app.id)
