"""`/stepping-down [@person] [from repo, other-repo] [until 2027-03-01 | for 3 months | for good]`: somebody steps back.

It is read leniently, in any order. What stands there besides is not kept: why people step back is theirs. Where
nothing of it can be understood it is no wish at all, since whoever meant one repository did not mean all of them.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from bot.commands.until import plain

NAME: Final = "stepping-down"
BACK: Final = "off"  # behind the command: they are back
LONGEST: Final = timedelta(days=3 * 366)  # beyond it is as good as for good
MOST: Final = 20  # repositories

_WRONG: Final = "?"  # is kept of what cannot be understood
_LOGIN: Final = re.compile(r"(?<![\w@/-])@([a-z0-9](?:[a-z0-9_-]{0,98}))")
_FOR_GOOD: Final = re.compile(r"\b(?:for (?:good|ever)|forever|permanently)\b")
_FOR_NOW: Final = re.compile(r"\bfor (?:now|a while|some time|the time being)\b")
_UNTIL: Final = re.compile(r"\b(?:until|till|til)\b(?: ([0-9]{4}-[0-9]{2}(?:-[0-9]{2})?)\b)?")
_LENGTH: Final = re.compile(r"\bfor ([0-9]{1,4}|an?|one) (day|week|month|year)s?\b")
_A_LENGTH: Final = re.compile(r"\bfor [0-9]|\bfor an? ")
_FROM: Final = re.compile(r"\bfrom\b")
_NAME: Final = (
    r"(?:(?:the|my|repos?|repository|repositories|work|role)\s+)*(?:[a-z0-9-]+/)?[a-z0-9._-]+(?:\s+repos?\b)?"
)
_NAMES: Final = re.compile(rf"\bfrom\s+({_NAME}(?:(?:\s*[,&]\s*(?:and\s+)?|\s+and\s+){_NAME})*)")
_ONE: Final = re.compile(r"(?:[a-z0-9-]+/)?([a-z0-9._-]{1,100}?)[.:;!]*")
_EVERYTHING: Final = frozenset({"all", "everything", "everywhere", "it"})
_BETWEEN: Final = frozenset({"and", "the", "repo", "repos", "repository", "repositories", "my", "work", "role"})
_AROUND: Final = _BETWEEN | {"i", "am", "i'm", "on", "to", "as", "of", "behalf", "with", "their", "wish", "now", "down"}
_DAYS: Final = {"day": 1, "week": 7, "month": 30, "year": 365}


class Wrong(StrEnum):
    """What is wrong with it; the message says it in words."""

    WORDS = "words"  # it cannot be understood
    DURATION = "duration"  # it does not say for how long, or until when
    PAST = "past"  # that day is over
    LONG = "long"  # longer than LONGEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """`login`: whose wish it is, in lower case (None: of who writes it). `repos`: from these, in lower case (none: from
    all). `until`: None: they do not say."""

    login: str | None = None
    repos: tuple[str, ...] = ()
    until: datetime | None = None
    for_good: bool = False


class Back:
    """They are back."""


def read(args: str, now: datetime) -> Wish | Back | Wrong:
    """`args` were written at `now`: durations count from then, and days are UTC's."""
    words = usable(args)
    if words == BACK:
        return Back()
    if words == _WRONG:
        return Wrong.WORDS
    until = _end(words, now)
    if isinstance(until, Wrong):
        return until
    login = _LOGIN.search(words)
    return Wish(
        login=login[1] if login else None,
        repos=_repos(words),
        until=until,
        for_good=until is None and _FOR_GOOD.search(words) is not None,
    )


def usable(args: str) -> str:
    """What is kept of the words: who, from what and until when."""
    words = plain(args)
    if words == BACK:
        return BACK
    login, repos = _LOGIN.search(words), _repos(words)
    if login and BACK in words.split():
        return _WRONG  # there is another command for it
    pieces = [login[0] if login else "", f"from {', '.join(repos)}" if repos else ""]
    pieces += [found[0] for pattern in (_UNTIL, _LENGTH, _FOR_GOOD) if (found := pattern.search(words))]
    if not any(pattern.search(words) for pattern in (_UNTIL, _LENGTH)) and _A_LENGTH.search(_without_now(words)):
        pieces.append("until")  # they say for how long, in words that are not known
    kept = " ".join(piece for piece in pieces if piece)
    nothing = not (kept or _FOR_NOW.search(words) or _EVERYTHING & set(words.split()))
    if (nothing and set(words.split()) - _AROUND) or (_FROM.search(words) and not repos and not _is_whole(words)):
        return _WRONG
    return kept


def _without_now(words: str) -> str:
    return _FOR_NOW.sub("", words)


def _named(words: str) -> list[str]:
    """What stands behind `from`. A name that something else than a comma or `and` precedes is none."""
    found = _NAMES.search(_LOGIN.sub("", words))
    names = (_ONE.fullmatch(word) for word in re.split(r"[\s,&]+", found[1])) if found else ()
    return [match[1] for match in names if match and match[1] not in _BETWEEN]


def _is_whole(words: str) -> bool:
    """Whether they say that it is everything."""
    return bool(_EVERYTHING.intersection(_named(words)[:1]))


def _repos(words: str) -> tuple[str, ...]:
    return () if _is_whole(words) else tuple(dict.fromkeys(_named(words)))[:MOST]


def _end(words: str, now: datetime) -> datetime | Wrong | None:
    if said := _UNTIL.search(words):
        until = _day(said[1])
    elif length := _LENGTH.search(words):
        many = int(length[1]) if length[1].isdigit() else 1
        until = now + min(
            timedelta(days=many * _DAYS[length[2]]), 2 * LONGEST
        )  # no calendar has what some people write
    else:
        return None
    if until is None:
        return Wrong.DURATION
    if until <= now:
        return Wrong.PAST
    return until if until - now <= LONGEST else Wrong.LONG


def _day(text: str | None) -> datetime | None:
    """The first of a month that stands alone; None: there is no such day."""
    try:
        return datetime.combine(
            date.fromisoformat(f"{text}-01" if text and len(text) == 7 else text or ""), time(), UTC
        )
    except ValueError:
        return None
