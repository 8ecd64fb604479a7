"""The look at `arrival/OWNER`: tells an organisation, once, what was installed there and how it is switched on.

It waits until the past is read, so that it can say what it would have said. Then it proposes a configuration in the
owner's repository `.github`: as an issue, or, where the app may write files, as a pull request that adds it. Who has
configured something already, or whose installation speaks from the start, is told nothing.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog
from sqlalchemy import Connection

from bot import legacy, policyfile
from bot.arrival.composing import compose
from bot.arrival.found import Found
from bot.arrival.proposal import Proposal, propose
from bot.clock import Clock
from bot.effects import Deed, OpenIssue, ProposeFile
from bot.engine import Finished, Outcome
from bot.github.discover import Discoverer
from bot.github.errors import CallFailed, Drop
from bot.github.read import Reader
from bot.github.write import Writer
from bot.github.written import Dropped
from bot.inforce import InForce, all_on
from bot.memory import arrivals, configs, recall
from bot.memory.inventory import Inventory, inventory
from bot.memory.store import Store
from bot.model import InstallationId, OwnerId, Repo, Subject
from bot.outcomes import after
from bot.policy import Policy
from bot.preview import page, preview

RULE: Final = "arrival"
_BRANCH: Final = "switchback/configuration"
_SOON: Final = timedelta(minutes=2)
_DAILY: Final = timedelta(days=1)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where to tell it, and what is known there."""

    home: Repo
    installation: InstallationId
    policy: Policy
    inventory: Inventory
    old: str | None  # the file of the welcome bot that was there before
    live: bool  # something speaks already


class Arrival:
    """`reads_past`: whether the past is read at all, and so worth waiting for."""

    def __init__(
        self, store: Store, reader: Reader, discoverer: Discoverer, writer: Writer, policies: InForce, clock: Clock,
        *, reads_past: bool,
    ) -> None:  # fmt: skip
        self._store = store
        self._reader = reader
        self._discoverer = discoverer
        self._writer = writer
        self._policies = policies
        self._clock = clock
        self._reads_past = reads_past

    async def look(self, subject: Subject, attempts: int) -> Outcome:
        """The engine's `Look`. Raises StoreUnavailable."""
        owner_id, now = arrivals.owner_of(subject), self._clock()
        if not await self._store.read(lambda db: arrivals.awaited(db, owner_id)):
            return Finished(why="nobody has to be told, or not any more")
        if self._reads_past and await self._store.read(lambda db: arrivals.unread(db, owner_id, now)):
            return Finished(now + _SOON, "waits until the past is read")
        if await self._store.write(lambda db: arrivals.unread_files(db, owner_id, now)):
            return Finished(now + _SOON, "waits until it is known what is configured")
        place = await self._store.read(lambda db: self._place(db, owner_id, now))
        if place is None:
            return Finished(now + _DAILY, f"there is no repository {configs.HOME} that the app may work in")
        if await self._store.read(lambda db: configs.files(db, owner_id)):
            return await self._over(owner_id, "something is configured there already")
        try:
            return await self._tell(owner_id, place)
        except CallFailed as failed:
            return after(failed, attempts)

    def _place(self, db: Connection, owner_id: OwnerId, now: datetime) -> _Place | None:
        home_id = configs.home(db, owner_id)
        home = recall.repo(db, home_id) if home_id is not None else None
        installation = recall.installation(db, home) if home else None
        if home is None or home.archived or installation is None:
            return None
        old = configs.stored(db, home.id, configs.OLD_PATH)
        policy = self._policies(db, home)
        live = bool(configs.live_features(db, owner_id))
        return _Place(home, installation, policy, inventory(db, owner_id, now), old.text if old else None, live)

    async def _tell(self, owner_id: OwnerId, place: _Place) -> Outcome:
        """Raises CallFailed."""
        if not place.home.default_branch:
            branch = await self._reader.default_branch(place.installation, place.home)
            place = replace(place, home=replace(place.home, default_branch=branch))
        guides = await self._discoverer.guides(place.installation, place.home, place.inventory.active)
        found = Found(
            organisation=place.home.owner,
            language=place.policy.language,
            labels=place.inventory.labels,
            guides=guides,
            legacy=legacy.read(configs.OLD_PATH, place.old.encode()) if place.old else None,
            has_private=place.inventory.has_private and place.home.private,  # the public is not told of them
            greeters=place.inventory.greeters,
        )
        proposal = propose(found)
        shown = await self._store.read(lambda db: self._previewed(db, owner_id, place, proposal))
        if await self._may_write_files(place.installation):
            try:
                await self._writer.carry_out(
                    self._deed(owner_id, place, proposal, shown, pull=True), place.installation
                )
                return await self._over(owner_id, "a pull request proposes the configuration")
            except CallFailed as failed:
                if failed.status not in {403, 404, 409}:  # an empty repository, or a branch that is protected from us
                    raise
                log.info("no pull request with the configuration", owner=place.home.owner, why=failed.failure.why)
        deed = self._deed(owner_id, place, proposal, shown, pull=False)
        match await self._writer.carry_out(deed, place.installation):
            case Dropped(why):
                log.warning("nobody was told how to switch it on", owner=place.home.owner, why=why)
                return await self._over(owner_id, why)
            case _:
                return await self._over(owner_id, "an issue proposes the configuration")

    async def _may_write_files(self, installation: InstallationId) -> bool:
        told = await self._reader.installation(installation)
        if told is None:
            raise CallFailed(Drop("the app is not installed there any more"))
        return told.permissions.get("contents") == "write"

    def _previewed(self, db: Connection, owner_id: OwnerId, place: _Place, proposal: Proposal) -> str:
        """What it would have said, had everything in the proposal been switched on."""
        file = policyfile.parse(configs.PATH, proposal.text.encode())
        candidate = all_on(self._policies.candidate_of(owner_id, file))
        since, home = place.policy.configuration.preview, place.home.id
        seen = preview(db, owner_id, candidate, self._clock(), since=since, repos=None, seen_from=home)
        return page.summary(seen, place.policy.language, linked=False)  # or each thread would tell of this issue

    @staticmethod
    def _deed(owner_id: OwnerId, place: _Place, proposal: Proposal, shown: str, *, pull: bool) -> Deed:
        title, body = compose(
            proposal,
            language=place.policy.language,
            organisation=place.home.owner,
            home=place.home,
            preview_markdown=shown,
            days=place.policy.configuration.preview.days,
            live=place.live,
            as_pull_request=pull,
        )
        key, why = f"{RULE}/{owner_id}", "the app was installed"
        if pull:
            return ProposeFile(
                rule=RULE, key=key, why=why, repo=place.home, branch=_BRANCH, path=configs.PATH, text=proposal.text,
                title=title, body=body,
            )  # fmt: skip
        return OpenIssue(rule=RULE, key=key, why=why, repo=place.home, title=title, body=body)

    async def _over(self, owner_id: OwnerId, why: str) -> Finished:
        await self._store.write(partial(arrivals.settled, owner_id=owner_id, now=self._clock()))
        return Finished(why=why)
