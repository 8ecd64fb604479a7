"""What would have been known at a moment, had the bot been there with a given configuration: from memory, for
`bot/replay/play.py`.

Who belongs to the team, who asked to be left alone and who is a bot is as it is today. Pauses and mutes do not count: a
preview tells what the configuration would do. How long answers take changes only the words of a comment, which nobody
sees here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.effects import Act, Say, whom
from bot.looking import ThreadLook
from bot.memory.lately import Author, Lately, Opening
from bot.memory.pulse import pulse
from bot.model import PersonId, RepoId, Standing, Thread, ThreadRef
from bot.policy import Policy
from bot.preview import then

_NOTHING: Final[frozenset[str]] = frozenset()


@dataclass(slots=True, kw_only=True)
class Relived:
    """A thread that is lived through again; `thread` is how it is today, `earlier` what its author opened before."""

    ref: ThreadRef
    thread: Thread
    author: Author
    earlier: tuple[Opening, ...]
    greeted: bool
    traits: frozenset[str] = _NOTHING
    said: frozenset[str] = _NOTHING
    look_again_at: datetime | None = None


@dataclass(slots=True)
class _Said:
    """The keys of what would have been said to somebody; `done`, with where: if it had been posted."""

    keys: frozenset[str] = _NOTHING
    done: tuple[tuple[str, RepoId], ...] = ()


class Remembered:
    """`start`: since when the bot is taken to have been there."""

    def __init__(self, told: Lately, policies: Mapping[RepoId, Policy], start: datetime) -> None:
        self._policies = policies
        self._private = told.private
        self._greeters = told.greeters
        self._said: dict[PersonId, _Said] = {id_: _Said() for id_ in told.authors}
        self._keys: set[str] = set()
        self._relived = [
            Relived(
                ref=thread.ref,
                thread=_witnessed(thread, start),
                author=told.authors[thread.author.id],
                earlier=_earlier(thread, told.authors[thread.author.id]),
                greeted=thread.ref in told.greeted,
                traits=told.traits.get(thread.ref, _NOTHING),
            )
            for thread in told.threads
        ]

    def moments(self, since: datetime) -> Iterator[tuple[datetime, Relived]]:
        """Whatever happened, in the order of time; what people said, since then."""
        all_ = [(at, one) for one in self._relived for at in then.moments(one.thread, since)]
        yield from sorted(all_, key=lambda moment: (moment[0], moment[1].ref))

    def policy(self, thread: Relived) -> Policy:
        return self._policies[thread.ref.repo_id]

    def look(self, thread: Relived, now: datetime) -> ThreadLook:
        policy, here = self.policy(thread), thread.ref.repo_id
        known = then.as_it_was(thread.thread, now)
        said = self._said[thread.author.person.id]
        return ThreadLook(
            thread=known,
            author=self._standing(thread, known),
            pulse=pulse(known, policy.people.bots),
            greeted=thread.greeted,
            greeter_around=self._greeter_around(policy, now),
            said=said.keys,
            done=frozenset(key for key, repo_id in said.done if repo_id not in self._private or repo_id == here),
            said_here=thread.said,
            traits=thread.traits,
            reports=sum(
                at < known.created_at and (repo_id not in self._private or repo_id == here)
                for at, repo_id in thread.author.issues
            ),
        )

    def did(self, act: Act, thread: Relived, now: datetime) -> Act | None:
        """What would only be recorded, in shadow mode, counts as said and not as done."""
        if act.key in self._keys:
            return None
        self._keys.add(act.key)
        thread.said |= {act.key}
        to = whom(act)
        said = self._said.setdefault(to.id, _Said())
        said.keys |= {act.key}
        if not isinstance(act, Say) or act.aloud:
            said.done += ((act.key, thread.ref.repo_id),)
        return act

    def _standing(self, thread: Relived, known: Thread) -> Standing:
        author, before = thread.author, known.merged_at or known.created_at
        merged_before = author.first_merge is not None and author.first_merge < before
        hidden = self._private - {thread.ref.repo_id}
        return Standing(
            is_team=False,
            has_past=author.has_past,
            past_hidden=author.has_past is None,
            merged_before=merged_before or author.merged_once,
            opted_out=author.opted_out,
            earlier=frozenset(opening.kind for opening in thread.earlier),
            met_in=frozenset(opening.repo_id for opening in thread.earlier) - hidden,
        )

    def _greeter_around(self, policy: Policy, now: datetime) -> bool:
        logins = (login.lower() for login in policy.welcome.other_greeters)
        return any(login in self._greeters and self._greeters[login] <= now for login in logins)


def _earlier(thread: Thread, author: Author) -> tuple[Opening, ...]:
    this = Opening(thread.created_at, thread.ref.repo_id, thread.ref.number, thread.kind)
    return tuple(opening for opening in author.openings if opening < this)


def _witnessed(thread: Thread, start: datetime) -> Thread:
    """Had the bot been there it would have seen its author open it, as mostly it is."""
    unseen = thread.opened_by is None and thread.created_at >= start
    return replace(thread, paths=thread.paths or (), opened_by=thread.author.id if unseen else thread.opened_by)
