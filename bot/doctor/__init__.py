"""`python -m bot doctor`: says in plain words what is wrong, and how to mend it.

It looks at the environment, the database and GitHub, beside a running service or without one. It changes nothing,
unless it is asked to try again what failed. Where one thing cannot be looked at it goes on with the others.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from bot import credentials, policyfile, settings, skillsfile
from bot.clock import Clock
from bot.doctor import app, memory, repos, succession, team, webhook
from bot.doctor.finding import Finding, State, count, fine, note, wrong
from bot.github.auth import AppKey
from bot.github.client import Client
from bot.github.errors import CallFailed
from bot.github.hooks import KEPT, Attempt, HookConfig, Hooks
from bot.inforce import InForce
from bot.memory import health, inbox, looks
from bot.memory.store import Store, StoreUnavailable
from bot.metrics import Metrics
from bot.policyfile import ConfigError, Source
from bot.settings import Settings, SettingsError

_LOG_PATIENCE: Final = 60.0  # seconds for reading the log of deliveries
_SEE_BELOW: Final = "See what is told of the database."
_AS_THE_SERVICE: Final = "Set it for this command as it is set for the service; docs/running.md explains each."


@dataclass(slots=True)
class Examination:
    """`settings` None: the environment is not usable, so GitHub was not asked."""

    settings: Settings | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def code(self) -> int:
        """For the shell: 0 nothing is wrong, 1 something is, 2 it was not possible to look at everything."""
        if self.settings is None:
            return 2
        return 1 if any(finding.state is State.WRONG for finding in self.findings) else 0


async def examine(environ: Mapping[str, str], config: Path | None, clock: Clock, *, retry: bool = False) -> Examination:
    """Looks at everything. `config` is the configuration file of the service; `retry` tries again what failed."""
    found = Examination()
    try:
        found.settings = credentials.settings_with_app(environ)
        found.findings.append(fine("settings", "all are there and can be read"))
    except SettingsError as error:
        found.findings.append(wrong("settings", str(error), _AS_THE_SERVICE))
    except StoreUnavailable:
        found.findings.append(
            wrong("settings", "the app's key may be in the database, which cannot be read", _SEE_BELOW)
        )
    found.findings += _configuration(config)
    store = _store(environ, found.findings)
    attempts: list[Attempt] = []
    try:
        if store is not None:
            url = settings.database_url(environ)
            found.findings += _or_away(lambda: memory.look(store, url, clock()))
        if found.settings is not None:
            attempts = await _github(found.settings, store, clock, found.findings)
        if store is not None:
            found.findings += _or_away(lambda: store.read_now(lambda db: repos.look(db, attempts, clock())))
            found.findings += _or_away(
                lambda: store.read_now(lambda db: succession.look(db, InForce(_operator(config)), clock()))
            )
            found.findings += _or_away(lambda: store.read_now(team.look))
        if store is not None and retry:
            found.findings += _or_away(lambda: _retry(store, clock()))
    finally:
        if store is not None:
            store.close()
    return found


def _configuration(config: Path | None) -> list[Finding]:
    try:
        policyfile.read(config)
    except ConfigError as error:
        return [wrong("configuration", str(error), "Correct the file; docs/configuration.md explains each setting.")]
    return [fine("configuration", f"{config} can be used")] if config else []


def _operator(config: Path | None) -> Source | None:
    """None too where the file cannot be used, which is told above."""
    if config is None:
        return None
    try:
        return skillsfile.with_map_beside(policyfile.source(config), config)
    except ConfigError:
        return None


def _store(environ: Mapping[str, str], findings: list[Finding]) -> Store | None:
    try:
        return memory.opened(settings.database_url(environ))
    except SettingsError:
        return None  # told above
    except memory.Unusable as unusable:
        findings.append(unusable.finding)
        return None


def _or_away(look: Callable[[], list[Finding]]) -> list[Finding]:
    try:
        return look()
    except StoreUnavailable as error:
        return [wrong("database", f"it cannot be read any more: {error}", "Run doctor again when it is back.")]


def _retry(store: Store, now: datetime) -> list[Finding]:
    deliveries = store.write_now(inbox.retry_failed)
    threads = store.write_now(lambda db: looks.retry_dead(db, now))
    again = f"{count(deliveries, 'delivery', 'deliveries')} and {count(threads, 'thread')} will be tried again"
    return [fine("retry", f"{again}: by a running service within half a minute, otherwise at the next start")]


async def _github(chosen: Settings, store: Store | None, clock: Clock, findings: list[Finding]) -> list[Attempt]:
    """Asks GitHub about the app. Returns the log of deliveries, newest first."""
    key = AppKey(chosen.app_id, chosen.private_key, clock)
    async with Client(chosen.api_url, key, clock, Metrics()) as client:
        hooks = Hooks(client)
        try:
            registration = await hooks.registration()
        except CallFailed as failed:
            findings += [app.refused(failed, chosen.api_url, client.ahead), *app.clock(client.ahead)]
            return []
        except (KeyError, TypeError, AttributeError):
            findings.append(app.somebody_else(chosen.api_url))
            return []
        findings.append(fine("credentials", f"GitHub accepts the key of the app {registration.slug}"))
        findings += app.clock(client.ahead)
        findings += app.asked(registration)
        try:
            findings += app.granted(registration, await hooks.grants())
        except CallFailed as failed:
            findings.append(_not_told("installations", failed))
        try:
            config = await hooks.config()
            findings += webhook.configuration(config)
            attempts, whole = await _log(hooks, clock() - KEPT)
        except CallFailed as failed:
            findings.append(_not_told("webhook", failed))
            return []
    if not whole:
        findings.append(note("deliveries", f"the log is long: only the newest {len(attempts):,} entries were read"))
    findings += _or_away(lambda: _deliveries(store, config, attempts, clock(), whole=whole))
    return attempts


def _deliveries(
    store: Store | None, config: HookConfig, attempts: list[Attempt], now: datetime, *, whole: bool
) -> list[Finding]:
    if store is None:
        return [webhook.log(attempts, config.url, None, now)]
    found = [webhook.log(attempts, config.url, store.read_now(health.last_received), now)]
    if whole:
        guids = {attempt.guid for attempt in attempts}
        found += webhook.lost(attempts, store.read_now(lambda db: inbox.missing(db, guids)), now)
    return found


async def _log(hooks: Hooks, since: datetime) -> tuple[list[Attempt], bool]:
    """As much of the log as can be had in time, newest first, and whether that is all of it."""
    attempts: list[Attempt] = []
    try:
        async with asyncio.timeout(_LOG_PATIENCE):
            async for attempt in hooks.attempts(since):
                attempts.append(attempt)  # noqa: PERF401 (what came until the time is up counts)
    except TimeoutError:
        return attempts, False
    return attempts, True


def _not_told(check: str, failed: CallFailed) -> Finding:
    return note(check, f"GitHub does not tell: {failed}", "Run doctor again a little later.")
