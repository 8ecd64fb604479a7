"""`python -m bot community`: the digest of a month as Markdown, and its pictures as files, for a blog or a forum.

It tells nothing that is private anywhere, because nobody knows where it will stand.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, func, select

from bot import words
from bot.community import charts
from bot.community.charts import Chart
from bot.community.contents import Setting, values
from bot.community.gathering import Gathering
from bot.community.span import calendar_month, last_month, latest
from bot.inforce import Policies
from bot.memory import backlog, community, migrations, schema
from bot.memory.store import StoreUnavailable
from bot.model import OwnerId
from bot.words import Shown

_MONTH: Final = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_PICTURES: Final = ("came", "merged")


class NotAMonth(Exception):
    """That is not how a month is written."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r} is not a month: write it like 2026-10")


class NothingKnown(Exception):
    """There is nothing to tell of; the message says why."""


class CannotWrite(Exception):
    """A file cannot be written; the message says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """The month of an organisation that begins so. `drawn`: with pictures of its own."""

    owner: str
    first: datetime
    drawn: bool


@dataclass(frozen=True, slots=True)
class Printed:
    """`pictures`: SVG by the name of the file."""

    markdown: str
    pictures: Mapping[str, str]


def month(text: str | None, now: datetime) -> datetime:
    """The first instant of a month as people write it; None: of the last one that is over. Raises NotAMonth."""
    if text is None:
        return last_month(now)
    if (found := _MONTH.fullmatch(text)) is None or found[1] == "0000":
        raise NotAMonth(text)
    return datetime(int(found[1]), int(found[2]), 1, tzinfo=UTC)


def printed(connection: Connection, wish: Wish, policies: Policies, now: datetime) -> Printed:
    """Raises NothingKnown, WordsError, and StoreUnavailable if the database is none of ours."""
    owner, first = wish.owner, wish.first
    if migrations.revision(connection) != migrations.HEAD:
        raise StoreUnavailable("it is not a database of Switchback, or not yet upgraded: `serve` does that")
    table = schema.owners
    found = connection.scalar(select(table.c.id).where(func.lower(table.c.login) == owner.lower()))
    places = backlog.places(connection, OwnerId(found), None) if found is not None else {}
    if found is None or not places:
        raise NothingKnown(
            f"no public repository of {owner} is known here: is that its name, and DATABASE_URL the service's?"
        )
    span, owner_id = calendar_month(first), OwnerId(found)
    if not community.knows(connection, owner_id, span.since):
        raise NothingKnown(f"memory does not go back to {first:%Y-%m}: `backfill` reads what was before")
    told = Gathering(connection, owner_id, policies, now, None).contents(span)
    if told.is_empty:
        raise NothingKnown(
            f"nobody is known to have done anything in {first:%Y-%m}: is it over, and the past read (`backfill`)?"
        )
    home = next((one for one in places.values() if one.is_home), places[min(places)])
    policy = policies(connection, home)
    names = {about: f"{owner.lower()}-{first:%Y-%m}-{about}.svg" for about in _PICTURES}
    _, next_due = latest(policy.community.when, now)
    setting = Setting(home=home, policy=policy, now=now, next_due=next_due, pictures=names if wish.drawn else {})
    shown = values(told, setting)
    title = words.document("community-title", policy.language, shown).strip()
    pictures = {
        names[about]: charts.svg(_chart(about, shown, policy.language))
        for about in _PICTURES
        if wish.drawn and shown["drawn"]
    }
    return Printed(f"# {title}\n\n{words.document('community', policy.language, shown)}\n", pictures)


def _chart(about: str, shown: Mapping[str, Shown], language: str) -> Chart:
    drawn: Mapping[str, Shown] = {"about": about, "organisation": shown["organisation"], "months": shown["months"]}
    title, _, told = words.document("community-chart", language, drawn).partition("\n")
    months = shown["months"]
    assert isinstance(months, list), "the values of the document are made so"
    return Chart(title=title, told=told.strip(), bars=[(month["name"], month[about]) for month in months])


def write(pictures: Mapping[str, str], folder: Path) -> list[Path]:
    """Raises CannotWrite."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, picture in pictures.items():
            (folder / name).write_text(picture, encoding="utf-8")
    except (OSError, ValueError) as error:  # a name with a NUL in it
        raise CannotWrite(f"{folder} cannot be written to: {getattr(error, 'strerror', None) or error}") from None
    return [folder / name for name in pictures]
