"""That somebody is not there, or does less, is nobody's business: whatever the bot says in public is searched for it.

`holds` goes through all that stands in the public repositories of a small GitHub, and through all that was ever
announced there, so that what was edited or deleted later counts too.
"""

import json
import re
from collections.abc import Collection, Iterator
from typing import Any, Final

from bot.sandbox import World
from bot.sandbox.model import Account, PullRequest, Repo, Thread
from tests.stage import SLUG

WORDS: Final = re.compile(
    r"check[-_ ]?ins?\b|still (?:here|there|around)|stepp?(?:s|ed|ing)? (?:back|down)|inactiv|emerit|alumn|\babsen"
    r"|dormant|hiatus|\bretire|(?:is|are|was|were|been|be) away\b|\bnot (?:been )?(?:seen|active|around)\b"
    r"|no longer (?:active|around)|been (?:quiet|silent)|vouch|welcome back|good to see you"
    r"|sigues? (?:aquí|ahí|por)|paso atrás|ausen|emérit|jubil|de vuelta|no se (?:le|te) ve",
    re.IGNORECASE,
)
_CODE: Final = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)  # names of commands are nobody's
_TEXTS: Final = ("comment", "review", "issue", "pull_request", "discussion", "label", "check_run", "release")


def holds(world: World, *people: Account, turned: Collection[Repo] = ()) -> None:
    """Nothing that the bot wrote in a public repository tells of anybody's absence, or names one of these people.

    `people`: those who were asked, or stepped back. `turned`: repositories that were private when the bot wrote there,
    and that somebody else made public.
    """
    said = [*_standing(world, turned), *_announced(world)]
    names = [re.compile(rf"(?<![\w-]){re.escape(one.login)}(?![\w-])", re.IGNORECASE) for one in people]
    for where, text in said:
        assert not (found := WORDS.search(_CODE.sub("", text))), f"{where} says {found[0]!r}: {text}"
        for name in names:
            assert not name.search(text), f"{where} names {name.pattern}: {text}"


def _standing(world: World, turned: Collection[Repo]) -> Iterator[tuple[str, str]]:
    """What the bot wrote, as it stands there now."""
    for repo in world.repos.values():
        if repo.private or repo.deleted or repo in turned:
            continue
        for thread in repo.threads.values():
            yield from _of_thread(f"{repo.full_name}#{thread.number}", thread)
        for run in repo.check_runs.values():
            notes = [note.message for note in run.annotations]
            for text in (run.name, run.title, run.summary, run.text, *notes):
                yield f"{repo.full_name}, a check run", text or ""
        for label in repo.labels.values():
            yield f"{repo.full_name}, a label", f"{label.name} {label.description or ''}"


def _of_thread(where: str, thread: Thread) -> Iterator[tuple[str, str]]:
    if _is_ours(thread.author):
        yield where, f"{thread.title}\n{thread.body}"
    for comment in thread.comments:
        if _is_ours(comment.author):
            yield f"a comment in {where}", comment.body
    if isinstance(thread, PullRequest):
        for review in thread.reviews:
            if _is_ours(review.author):
                yield f"a review in {where}", review.body


def _announced(world: World) -> Iterator[tuple[str, str]]:
    """What the bot did in a repository that was public then, as webhooks told of it."""
    for delivery in world.deliveries:
        told = json.loads(delivery.body)
        repo, sender = told.get("repository") or {}, told.get("sender") or {}
        if repo and not repo.get("private") and sender.get("login") == f"{SLUG}[bot]":
            for kind in _TEXTS:
                thing = told.get(kind)
                if isinstance(thing, dict) and _is_by_us(thing):
                    yield f"a delivery of {delivery.event} in {repo['full_name']}", _text(thing)


def _is_by_us(thing: dict[str, Any]) -> bool:
    """An act of ours shows the thread in which it was, which may be somebody else's."""
    return "user" not in thing or (thing["user"] or {}).get("login") == f"{SLUG}[bot]"


def _text(thing: dict[str, Any]) -> str:
    parts = [thing.get(name) for name in ("name", "title", "body", "description")]
    output = thing.get("output") or {}
    return "\n".join(str(part) for part in (*parts, output.get("title"), output.get("summary")) if part)


def _is_ours(account: Account) -> bool:
    return account.login == f"{SLUG}[bot]"
