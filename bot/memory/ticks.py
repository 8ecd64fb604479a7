"""Boxes that people tick in the issues of check-ins. GitHub tells of an edit by whoever ticked; from its text only the
marks are read."""

from hashlib import sha256
from typing import Final

from bot.commands import ticks
from bot.memory import asked, boards, checkins, looks
from bot.memory.news import News
from bot.memory.payloads import ThreadNews
from bot.model import GHOST, TICK, Person, PersonId

_BITS: Final = 62  # of a number that every database can hold


def take_down(news: News, shown: ThreadNews, body: str) -> None:
    """An issue was edited. Ticks are requests of whoever ticked; the issue is written anew after that.

    News may come twice or in another order: each edit tells what it ticked itself, and when.
    """
    changes = news.data.get("changes") or {}
    if not news.live or "body" not in changes or not shown.author.is_bot:
        return
    who = news.sender
    there = {one.person.id: one.person for one in checkins.in_thread(news.connection, shown.ref)}
    if not there or who.is_bot or who == GHOST:
        return
    for tick in ticks.new((changes["body"] or {}).get("from") or "", body):
        if tick.person in there:
            _take_down(news, shown, who, tick, there[tick.person].login)
    boards.edited(news.connection, shown.owner_id, shown.ref)
    looks.news(news.connection, checkins.subject(shown.owner_id), news.heard_at + checkins.SOON)


def _take_down(news: News, shown: ThreadNews, who: Person, tick: ticks.Tick, login: str) -> None:
    command = ticks.command(tick, by=who.id, login=login)
    if command is not None:
        asked.take_down(
            news.connection, shown.ref, who, shown.updated_at,
            place=TICK, place_id=_id(shown, who.id, tick), node_id=shown.node_id, command=command,
        )  # fmt: skip


def _id(shown: ThreadNews, who: PersonId, tick: ticks.Tick) -> int:
    """The same for the same edit, however often it is told of."""
    at = shown.updated_at.timestamp()
    name = f"{shown.ref.repo_id}/{shown.ref.number}/{who}/{tick.person}/{tick.box}/{at}"
    return int.from_bytes(sha256(name.encode()).digest()[:8]) >> (64 - _BITS)
