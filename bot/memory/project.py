"""Deliveries into rows. What a delivery says is folded into what is known; nothing is taken for the last word.

An unknown event or action changes nothing and breaks nothing.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from bot.memory import checks, place_news, thread_news
from bot.memory.news import News
from bot.memory.payloads import Json
from bot.model import ThreadRef


def project(
    connection: Connection, event: str, data: Json, heard_at: datetime, *, live: bool = True, start_live: bool = False
) -> set[ThreadRef]:
    """Folds one delivery into memory. Returns the threads that are worth a look now.

    Raises payloads.Malformed, KeyError, TypeError or ValueError for a payload that is not as GitHub documents it.
    """
    news = News(connection, data, heard_at, live=live, start_live=start_live)
    news.surroundings()
    if event in _PLACES:
        _PLACES[event](news)
        return set()
    return set(_THREADS.get(event, _nothing)(news))


def _nothing(news: News) -> Iterator[ThreadRef]:
    return iter(())


_THREADS: Final[dict[str, Callable[[News], Iterator[ThreadRef]]]] = {
    "check_suite": checks.heard,
    "issues": thread_news.issues,
    "issue_comment": thread_news.issue_comment,
    "pull_request": thread_news.pull_request,
    "pull_request_review": thread_news.review,
    "pull_request_review_comment": thread_news.review_comment,
    "discussion": thread_news.discussion,
    "discussion_comment": thread_news.discussion_comment,
}
_PLACES: Final[dict[str, Callable[[News], None]]] = {
    "installation": place_news.installation,
    "installation_repositories": place_news.installation,
    "installation_target": place_news.installation_target,
    "label": place_news.label,
    "member": place_news.member,
    "membership": place_news.membership,
    "organization": place_news.organization,
    "push": place_news.push,
    "repository": place_news.repository,
    "team": place_news.team,
}
EVENTS: Final = frozenset({*_THREADS, *_PLACES})
