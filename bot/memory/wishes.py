"""What people ask of the bot in what they write: taken down once for each text, and done as far as memory can do it.

Whoever asks with `/no-bot` is left alone, whoever asks with `/forget-me` is forgotten. The rule `stop` answers both.
What needs more than memory knows, as `/switchback` does, is only taken down: its rule decides.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.commands.grammar import Command, read
from bot.commands.stopping import FORGET, NO_BOT, is_wish, stops
from bot.memory import asked, forgetting, rows, schema
from bot.memory.forgotten import Forgotten
from bot.memory.news import News
from bot.memory.payloads import AnswerNews, Json, ThreadNews
from bot.model import GHOST, OwnerId, Person, ThreadKind, ThreadRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Something that somebody wrote, without what it says but for the commands. `place` and `id` are a request's."""

    ref: ThreadRef
    owner_id: OwnerId
    author: Person
    place: str
    id: int
    node_id: str
    at: datetime
    updated_at: datetime
    commands: tuple[Command, ...]


def of_thread(shown: ThreadNews) -> Text:
    return Text(
        ref=shown.ref,
        owner_id=shown.owner_id,
        author=shown.author,
        place="discussion" if shown.kind is ThreadKind.DISCUSSION else "issue",
        id=shown.place_id,
        node_id=shown.node_id,
        at=shown.created_at,
        updated_at=shown.updated_at,
        commands=shown.commands,
    )


def of_answer(told: AnswerNews, ref: ThreadRef, owner_id: OwnerId) -> Text:
    return Text(
        ref=ref,
        owner_id=owner_id,
        author=told.person,
        place=told.kind,
        id=told.source_id,
        node_id=told.node_id,
        at=told.at,
        updated_at=told.updated_at,
        commands=told.commands,
    )


def take_down(news: News, text: Text, thing: Json) -> None:
    """`thing` is the text's JSON. Of the past only the wish to be forgotten counts: it may be made at any time."""
    if text.author.is_bot:
        return
    before, now = news.for_us(_before_the_edit(news, text.commands)), news.for_us(text.commands)
    if news.action == "edited" and not _same_person(thing.get("user"), news.data.get("sender")):
        now = ()  # what others put into my text is not my wish
    wished = _first_of_each(command for command in (*before, *now) if is_wish(command))
    if not news.live:
        wished = [command for command in wished if command.name == FORGET]
    if any(command.name == FORGET for command in wished):
        _forget(news, text)
    who = news.forgotten.veil(text.author)
    for command in wished:
        if who == GHOST and command.name != FORGET:  # nothing else is taken down of somebody who is forgotten
            continue
        at = text.at
        if news.action == "edited" and command not in before:
            at = max(at, text.updated_at)
        first = asked.take_down(
            news.connection, text.ref, GHOST if command.name == FORGET else who, at,
            place=text.place, place_id=text.id, node_id=text.node_id, command=command,
        )  # fmt: skip
        out = stops(command)
        if first and command.name == NO_BOT and out is not None:
            rows.optout(news.connection, text.owner_id, who.id, at, opted_out=out)


def _forget(news: News, text: Text) -> None:
    """A text asks for it once: whoever is recorded again since then is not forgotten because of an old wish."""
    key = {"place": text.place, "place_id": text.id, "name": FORGET}
    known = rows.get(news.connection, schema.requests, **key)
    if known is None and text.author != GHOST and not news.forgotten.has(text.author):
        forgetting.forget(news.connection, text.author, news.heard_at)
        news.forgotten = Forgotten(news.connection)


def _same_person(one: Json | None, other: Json | None) -> bool:
    return (one or {}).get("id") == (other or {}).get("id")


def _before_the_edit(news: News, shows: tuple[Command, ...]) -> tuple[Command, ...]:
    """What stood there before an edit counts first: the news of that may come later, or never."""
    changes = news.data.get("changes") or {}
    if news.action == "edited" and "body" not in changes:  # of the title, say
        return shows
    return read((changes.get("body") or {}).get("from") or "")


def _first_of_each(commands: Iterable[Command]) -> list[Command]:
    """Of each name the first; rather one with our name in front."""
    first: dict[str, Command] = {}
    for command in commands:
        known = first.setdefault(command.name, command)
        if command.to is not None and known.to is None:
            first[command.name] = command
    return list(first.values())
