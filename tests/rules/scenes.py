"""Frozen scenes for the tables of the rules: a newcomer's issue, in which each scenario changes what it is about."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bot import policyfile
from bot.looking import ThreadLook
from bot.model import Answer, OwnerId, Person, PersonId, Repo, RepoId, Standing, Thread, ThreadKind, ThreadRef
from bot.policy import Policy

NOW: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday
ADA: Final = Person(PersonId(7), "ada")
GRACE: Final = Person(PersonId(8), "grace")
GOAT: Final = Person(PersonId(9), "goat[bot]", is_bot=True)
MAPS: Final = Repo(
    RepoId(100), OwnerId(1), "alpine-tools", "trail-maps", url="https://github.com/alpine-tools/trail-maps"
)
NEWCOMER: Final = Standing(is_team=False, has_past=False, merged_before=False)
ISSUE: Final = Thread(
    ref=ThreadRef(MAPS.id, 5),
    kind=ThreadKind.ISSUE,
    repo=MAPS,
    author=ADA,
    created_at=NOW - timedelta(seconds=3),
    heard_at=NOW - timedelta(seconds=2),
    opened_by=ADA.id,
)
DEFAULTS: Final = policyfile.defaults()


def look(**changes: Any) -> ThreadLook:
    """The scene with these changes: of the thread, of its author's standing, or of the look itself."""
    names = {part: {field.name for field in fields(part)} for part in (Thread, Standing, ThreadLook)}
    thread = replace(ISSUE, **{name: changes.pop(name) for name in [*changes] if name in names[Thread]})
    author = replace(NEWCOMER, **{name: changes.pop(name) for name in [*changes] if name in names[Standing]})
    return ThreadLook(thread=thread, author=author, greeter_around=changes.pop("greeter_around", False), **changes)


def policy(**sections: dict[str, Any]) -> Policy:
    """The defaults with these settings changed, section by section."""
    changed = {name: getattr(DEFAULTS, name).model_copy(update=values) for name, values in sections.items()}
    return DEFAULTS.model_copy(update=changed)


def answered(by: Person = GRACE, *, minutes: int = 1, by_team: bool = True) -> Answer:
    return Answer(by, ISSUE.created_at + timedelta(minutes=minutes), by_team=by_team)
