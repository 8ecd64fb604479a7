"""The only code that changes anything on GitHub, and it changes each thing once.

A key is claimed in the ledger before GitHub is asked and settled after. Every comment carries its key's marker, which
nobody sees. If a write may have happened without our hearing of it (a crash, a timeout), the writer looks for the
marker in comments by our own account before it tries again. So it does in a thread that is not new: the ledger may have
been restored from a backup that is older than the comment.

What is meant for a private repository may be nobody else's business. So GitHub is asked whether it still is private
before words go there: the news that it was opened to everybody may be on its way, or lost.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, assert_never

from sqlalchemy import Connection

from bot.clock import Clock
from bot.effects import (
    Act,
    CheckRun,
    Deed,
    EditIssue,
    MakeLabel,
    OpenIssue,
    PinIssue,
    ProposeFile,
    React,
    Revise,
    Say,
    whom,
)
from bot.github import changes, deeds
from bot.github.client import Client
from bot.github.errors import CallFailed, Drop, RetryAt
from bot.github.read import Comment, Identity, Reader
from bot.github.written import Done, Dropped, Taken, marker
from bot.memory import ledger, payloads, places
from bot.memory.ledger import UNSURE_FOR, Claim, State, Unsettled
from bot.memory.store import Store
from bot.model import InstallationId, PersonId, Repo, Thread, ThreadKind

_ADD_COMMENT: Final = """
mutation AddDiscussionComment($discussion: ID!, $body: String!) {
  addDiscussionComment(input: {discussionId: $discussion, body: $body}) {
    comment { id databaseId url }
  }
}
"""
_ADD_REACTION: Final = """
mutation AddReaction($subject: ID!, $content: ReactionContent!) {
  addReaction(input: {subjectId: $subject, content: $content}) {
    reaction { databaseId }
  }
}
"""
Allow = Callable[[Connection, Say], Say]
Render = Callable[[Say | MakeLabel], str]

NOBODY: Final = PersonId(0)  # whom a deed is about

# The ledger counts on both (UNSURE_FOR).
_STALE: Final = timedelta(seconds=4)  # between claiming and sending
_AT_MOST: Final = 10.0  # seconds for sending
_NEW: Final = timedelta(minutes=10)  # a thread: nobody restores a backup that soon
_PRIVATE: Final = "private"  # docs.github.com: a repository is public, private or internal
_GRAPHQL_REACTIONS: Final = {"eyes": "EYES", "+1": "THUMBS_UP", "confused": "CONFUSED"}


class Writer:
    """`identity` is asked for once, when a lost comment has to be looked for the first time."""

    def __init__(self, client: Client, reader: Reader, store: Store, clock: Clock) -> None:
        self._client = client
        self._reader = reader
        self._store = store
        self._clock = clock
        self._identity: Identity | None = None

    async def find_out(self, thread: Thread, installation: InstallationId) -> datetime | None:
        """Settles the claims for a thread of which nobody knows whether they were carried out.

        When to come back, if it is too early to tell. Raises CallFailed and StoreUnavailable.
        """
        for claim in await self._store.read(lambda db: ledger.unsettled(db, thread.ref)):
            over_at = claim.claimed_at + UNSURE_FOR
            if (now := self._clock()) < over_at:
                return over_at
            try:
                found = await self._find_said(claim, thread, installation)
            except CallFailed as failed:
                if not isinstance(failed.failure, Drop):
                    raise
                await self._store.write(partial(ledger.dropped, key=claim.key, now=now, why=failed.failure.why))
                continue
            if found is not None:
                await self._settled(claim.key, found)
            else:
                await self._store.write(partial(ledger.release, key=claim.key, claimed_at=claim.claimed_at, now=now))
        return None

    async def perform(
        self, act: Act, thread: Thread, installation: InstallationId, *, allow: Allow, render: Render
    ) -> Done | Taken | Dropped:
        """Does it, unless it was done. `allow` makes of it what the attention budget has left, `render` its text.

        Raises CallFailed for what should be tried again (the claim stands if it may have happened), for a missing
        permission and for bugs; StoreUnavailable; and what `render` raises, before anything is claimed.
        """
        _body(act, render)
        if isinstance(act, Say | Revise):
            say = act.say if isinstance(act, Revise) else act
            await self._make_sure_of(thread.repo, installation, for_few=say.for_few)
        found = await self._from_another_life(act, thread, installation) if isinstance(act, Say) else None
        if found is not None:
            return found
        now = self._clock()
        claim, claimed_at, act = await self._store.write(partial(self._claim, act, thread, installation, allow, now))
        if not self._is_ours(claim, claimed_at, now):
            return Taken()
        body = _body(act, render)
        return await self._try(act.key, claimed_at, lambda: self._send(act, thread, installation, body))

    async def carry_out(self, deed: Deed, installation: InstallationId) -> Done | Taken | Dropped:
        """Does something to a repository, unless it was done; the same errors as `perform`.

        What an earlier try left behind is looked for first, whatever the ledger knows: these things are rare, and one
        of them twice is seen by everybody.
        """
        now = self._clock()
        known = await self._store.read(lambda db: ledger.standing(db, deed.key))
        if known is not None:
            state, claimed_at = known
            if state is not State.CLAIMED:
                return Taken()
            if now < claimed_at + UNSURE_FOR:
                raise CallFailed(RetryAt("it may be happening right now", claimed_at + UNSURE_FOR, unsure=True))
        if not isinstance(deed, CheckRun | PinIssue):
            for_few = isinstance(deed, OpenIssue | EditIssue | ProposeFile) and deed.for_few
            await self._make_sure_of(deed.repo, installation, for_few=for_few)
        us = await self._who()
        found = await deeds.find(self._client, deed, installation, us)
        if known is not None and found is None:
            await self._store.write(lambda db: ledger.release(db, deed.key, known[1], now))
        claim, claimed_at = await self._store.write(
            lambda db: ledger.claim(db, deed, NOBODY, deed.repo, installation, now)
        )
        if found is not None:
            return await self._settled(deed.key, found)
        if not self._is_ours(claim, claimed_at, now):
            return Taken()
        return await self._try(deed.key, claimed_at, lambda: deeds.send(self._client, deed, installation, us))

    async def _make_sure_of(self, where: Repo, installation: InstallationId, *, for_few: bool) -> None:
        """A repository that is private as far as is known still is; for what is for few it is no `internal` one either,
        which a whole enterprise may read. Raises CallFailed if it is not."""
        if not where.private:
            return
        told = await self._reader.repository(installation, where)
        if not told["private"]:
            now, shown = self._clock(), payloads.repo(told)
            await self._store.write(lambda db: places.repo(db, shown, now, payloads.stamp(told.get("updated_at"))))
            raise CallFailed(RetryAt("the repository is not private any more"))
        if for_few and told.get("visibility", _PRIVATE) != _PRIVATE:
            raise CallFailed(Drop("a whole enterprise may read the repository"))

    def _is_ours(self, claim: Claim, claimed_at: datetime, now: datetime) -> bool:
        """Whether to go on with a claim of `now`. Raises CallFailed if nobody can say yet."""
        match claim:
            case Claim.TAKEN:
                return False
            case Claim.UNSURE:
                raise CallFailed(RetryAt("it may be happening right now", claimed_at + UNSURE_FOR, unsure=True))
            case Claim.OURS if self._clock() - now > _STALE:  # we were held up so long that others may have taken over
                raise CallFailed(RetryAt("the claim went stale", claimed_at + UNSURE_FOR, unsure=True))
            case Claim.OURS:
                return True
            case _:
                assert_never(claim)

    async def _from_another_life(self, act: Say, thread: Thread, installation: InstallationId) -> Done | None:
        """The comment, if it stands there though the ledger does not know of it; from now on it does."""
        now = self._clock()
        if now < thread.created_at + _NEW or await self._store.read(lambda db: ledger.knows(db, act.key)):
            return None
        found = await self._find(act.rule, act.key, thread, installation)
        if found is not None:
            await self._store.write(lambda db: self._remember(db, act, thread, installation, found, now))
        return found

    def _remember(
        self, db: Connection, act: Say, thread: Thread, installation: InstallationId, found: Done, now: datetime
    ) -> None:
        claim, _ = ledger.claim(db, act, act.to.id, thread.repo, installation, now)
        if claim is Claim.OURS:
            ledger.done(db, act.key, now, found.external_id, found.url, found.node_id)

    def _claim(
        self, act: Act, thread: Thread, installation: InstallationId, allow: Allow, now: datetime, db: Connection
    ) -> tuple[Claim, datetime, Act]:
        """Asks the budget and claims in one transaction, so that two acts cannot spend the same attention."""
        if isinstance(act, Say):
            act = allow(db, act)
            if act.must_reach and not act.mention:
                return Claim.TAKEN, now, act
        claim, claimed_at = ledger.claim(db, act, whom(act).id, thread.repo, installation, now)
        return claim, claimed_at, act

    async def _try(self, key: str, claimed_at: datetime, send: Callable[[], Awaitable[Done]]) -> Done | Dropped:
        try:
            done = await self._in_time(send)
        except CallFailed as failed:
            now = self._clock()
            if isinstance(failed.failure, Drop):
                why = failed.failure.why
                await self._store.write(lambda db: ledger.dropped(db, key, now, why))
                return Dropped(why)
            if not (isinstance(failed.failure, RetryAt) and failed.failure.unsure):
                await self._store.write(lambda db: ledger.release(db, key, claimed_at, now))
            raise
        return await self._settled(key, done)

    async def _settled(self, key: str, done: Done) -> Done:
        now = self._clock()
        await self._store.write(lambda db: ledger.done(db, key, now, done.external_id, done.url, done.node_id))
        return done

    async def _in_time(self, send: Callable[[], Awaitable[Done]]) -> Done:
        """Bounds all of it: a token may have to be fetched, a redirect to be followed."""
        try:
            async with asyncio.timeout(_AT_MOST):
                return await send()
        except TimeoutError:
            raise CallFailed(RetryAt("GitHub takes too long", unsure=True)) from None

    async def _send(self, act: Act, thread: Thread, installation: InstallationId, body: str) -> Done:
        match act:
            case Say():
                return await self._comment(thread, installation, body)
            case React():
                return await self._react(act, thread, installation)
            case _:
                return await changes.carry_out(self._client, act, thread, installation, body)

    async def _comment(self, thread: Thread, installation: InstallationId, text: str) -> Done:
        if thread.kind is ThreadKind.DISCUSSION:
            data = await self._client.graphql(installation, _ADD_COMMENT, discussion=thread.node_id, body=text)
            made: dict[str, Any] = data["addDiscussionComment"]["comment"]
            return Done(made["databaseId"], made["url"], made["id"])
        path = "/repos/{owner}/{repo}/issues/{number}/comments"
        made = await self._client.call(installation, "POST", path, _place(thread), {"body": text})
        return Done(made["id"], made["html_url"], made["node_id"])

    async def _react(self, act: React, thread: Thread, installation: InstallationId) -> Done:
        """GitHub lets an account give each reaction once, so a repeat does no harm."""
        if act.request.place in {"discussion", "discussion_comment", "review"}:  # for these REST has no path
            content = _GRAPHQL_REACTIONS[act.content]
            data = await self._client.graphql(installation, _ADD_REACTION, subject=act.request.node_id, content=content)
            return Done(data["addReaction"]["reaction"]["databaseId"], "")
        path = {
            "issue": "/repos/{owner}/{repo}/issues/{number}/reactions",
            "issue_comment": "/repos/{owner}/{repo}/issues/comments/{id}/reactions",
            "review_comment": "/repos/{owner}/{repo}/pulls/comments/{id}/reactions",
        }[act.request.place]
        values = _place(thread) | {"id": act.request.place_id}
        made = await self._client.call(installation, "POST", path, values, {"content": act.content})
        return Done(made["id"], "")

    async def _find_said(self, claim: Unsettled, thread: Thread, installation: InstallationId) -> Done | None:
        """A reaction may be given again, so it is not looked for."""
        return await self._find(claim.rule, claim.key, thread, installation) if claim.effect == Say.kind else None

    async def _find(self, rule: str, key: str, thread: Thread, installation: InstallationId) -> Done | None:
        """The comment that an earlier try may have left, by its marker and by our own account."""
        comments = await self._reader.comments(installation, thread)
        found = find_own(comments, await self._who(), marker(rule, key))
        return Done(found.id, found.url, found.node_id) if found else None

    async def _who(self) -> Identity:
        if self._identity is None:
            self._identity = await self._reader.identity()
        return self._identity


def _body(act: Act, render: Render) -> str:
    """What a comment says, with its mark; a label's description; "" for what has no words."""
    match act:
        case MakeLabel():
            return render(act)
        case Say() as say:
            pass
        case Revise(say=say):
            pass
        case _:
            return ""
    return f"{render(say)}\n\n{marker(say.rule, say.key)}"


def find_own(comments: list[Comment], identity: Identity, mark: str) -> Comment | None:
    """The first comment by the app's account with the marker. A human may copy a marker, but not the account."""
    return next((c for c in comments if mark in c.body and c.login.casefold() == identity.login.casefold()), None)


def _place(thread: Thread) -> dict[str, str | int | bool]:
    return {"owner": thread.repo.owner, "repo": thread.repo.name, "number": thread.ref.number}
