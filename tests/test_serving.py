"""The door: a port that stays open while one application takes over from another."""

import asyncio
import socket

import aiohttp
import pytest
from aiohttp import web

from bot.serving import CannotListen, opened


def application(name: str, *, slow: asyncio.Event | None = None) -> web.Application:
    async def answer(request: web.Request) -> web.Response:
        if slow is not None and request.path == "/slow":
            slow.set()
            await asyncio.sleep(0.2)
        return web.Response(text=name)

    app = web.Application()
    app.router.add_get("/{tail:.*}", answer)
    return app


async def ask(session: aiohttp.ClientSession, url: str) -> str:
    async with session.get(url) as answer:
        return await answer.text()


async def test_nobody_meets_a_closed_door() -> None:
    """Whoever was asking is answered by the first application, everybody after that by the second."""
    at_work = asyncio.Event()
    connector = aiohttp.TCPConnector(force_close=True)
    async with opened("127.0.0.1", 0) as door, aiohttp.ClientSession(connector=connector) as session:
        await door.let_in(application("first", slow=at_work))
        under_way = asyncio.create_task(ask(session, f"{door.url}/slow"))
        await at_work.wait()
        told: list[str] = []

        async def keep_asking() -> None:
            while "second" not in told[-3:]:
                told.append(await ask(session, door.url))

        others = [asyncio.create_task(keep_asking()) for _ in range(4)]
        await door.let_in(application("second"))
        await asyncio.gather(*others)
        assert await under_way == "first"
        assert await ask(session, door.url) == "second"
    assert set(told) <= {"first", "second"}


async def test_all_addresses_of_a_host_have_the_same_port() -> None:
    async with opened("localhost", 0) as door, aiohttp.ClientSession() as session:
        await door.let_in(application("here"))
        assert await ask(session, door.url) == "here"


async def test_a_port_in_use_is_told() -> None:
    in_use = pytest.raises(CannotListen, match=r"(?i)address already in use")
    with socket.create_server(("127.0.0.1", 0)) as other, in_use:
        async with opened("127.0.0.1", other.getsockname()[1]):
            pass


async def test_an_application_that_cannot_begin_leaves_the_one_before_in_its_place() -> None:
    async def broken(app: web.Application) -> None:
        raise LookupError("no")

    app = application("second")
    app.on_startup.append(broken)
    async with opened("127.0.0.1", 0) as door, aiohttp.ClientSession() as session:
        await door.let_in(application("first"))
        with pytest.raises(LookupError):
            await door.let_in(app)
        assert await ask(session, door.url) == "first"
