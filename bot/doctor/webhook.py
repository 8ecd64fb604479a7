"""The webhook: where GitHub sends deliveries, what became of them of late, and which of them never got here."""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import takewhile
from typing import Final

from bot import recovery
from bot.doctor.finding import Finding, ago, count, fine, lasting, note, wrong
from bot.github.hooks import Attempt, HookConfig
from bot.recovery import Lost

_ADVANCED: Final = "the app's settings page, «Advanced»"
_WHAT_TO_DO: Final = {
    401: (
        "the secrets differ, or there is none on GitHub's side",
        "Put the same value into GITHUB_WEBHOOK_SECRET and into «Webhook secret» on the app's settings page.",
    ),
    413: (
        "the deliveries are too large for it",
        "A proxy in front of the service limits requests: let 25 MiB through.",
    ),
    415: (
        "the content type is not JSON",
        "Choose application/json under «Content type» of the webhook on the app's settings page.",
    ),
    503: (
        "the service could not reach its database",
        "See what is said of the database here, and in the service's log.",
    ),
}
_ELSEWHERE: Final = frozenset({301, 302, 303, 307, 308, 403, 404, 405})


def configuration(config: HookConfig) -> list[Finding]:
    """What the app's settings page says."""
    settings = "on the app's settings page, under «Webhook»"
    if not config.url:
        return [wrong("webhook", "the app has no webhook, so GitHub tells it nothing", f"Enter its URL {settings}.")]
    found = []
    if not config.url.startswith("https://"):
        what = f"the webhook's URL {config.url} is not https: what is private in your organisation travels in the open"
        found.append(wrong("webhook", what, f"Enter an https URL {settings}; a proxy such as Caddy serves it."))
    if config.content_type != "json":
        what = f"the webhook's content type is {config.content_type}, which the service refuses"
        found.append(wrong("webhook", what, f"Choose application/json {settings}."))
    if not config.has_secret:
        what = "the webhook has no secret, and the service refuses what is not signed"
        found.append(wrong("webhook", what, f"Enter the value of GITHUB_WEBHOOK_SECRET {settings}."))
    if not config.verifies_tls:
        what = "GitHub does not check the certificate of the webhook, so anybody on the way can read along"
        found.append(wrong("webhook", what, f"Enable SSL verification {settings}."))
    return found or [fine("webhook", f"deliveries go to {config.url}")]


def log(attempts: Sequence[Attempt], url: str, last_received: datetime | None, now: datetime) -> Finding:
    """What became of the deliveries of three days, newest first."""
    if not attempts:
        return _silence(last_received, now)
    failing = list(takewhile(lambda attempt: not attempt.got_through, attempts))
    if failing:
        return _failing(failing, url, now)
    failed = [attempt for attempt in attempts if not attempt.got_through]
    latest = f"the latest {ago(attempts[0].at, now)}"
    if not failed:
        return fine(
            "deliveries", f"GitHub delivered {count(len(attempts), 'time')} in three days, {latest}; all got here"
        )
    what = (
        f"GitHub delivered {count(len(attempts), 'time')} in three days, {latest}; {len(failed):,} failed, the last of "
    )
    return note("deliveries", f"{what}them {ago(failed[0].at, now)} ({failed[0].status}). Since then all got here.")


def _silence(last_received: datetime | None, now: datetime) -> Finding:
    how = (
        "To be sure, comment on an issue and run doctor again. If nothing comes: is «Active» ticked under «Webhook» on "
    )
    how += "the app's settings page, and is the app installed on that repository?"
    if last_received is None:
        return wrong("deliveries", "nothing was ever delivered", how)
    return note(
        "deliveries", f"GitHub has delivered nothing for three days; the last came {ago(last_received, now)}", how
    )


def _failing(failing: Sequence[Attempt], url: str, now: datetime) -> Finding:
    newest, first = failing[0], failing[-1]
    where = url or "the webhook's address"
    times = f"{count(len(failing), 'time')} in the last {lasting(now - first.at)}"
    if not newest.answered:
        return wrong(
            "deliveries", f"GitHub cannot reach {where}: «{newest.status}» ({times})",
            "Does the service run, does this address lead to it from the internet, and is its certificate valid? "
            "GitHub waits 10 seconds for an answer.",
        )  # fmt: skip
    code = newest.status_code
    if code in _ELSEWHERE:
        why, how = "somebody else answers there", f"Does {where} lead to this service, and does it end in /webhook?"
    elif code in _WHAT_TO_DO:
        why, how = _WHAT_TO_DO[code]
    else:
        why = "the service or a proxy in front of it is broken" if code >= 500 else "the service refuses them"
        how = f"The answers are shown on {_ADVANCED}; the service's log says more."
    return wrong("deliveries", f"{where} answers with HTTP {code}, because {why} ({times})", how)


def lost(attempts: Sequence[Attempt], missing: Collection[str], now: datetime) -> list[Finding]:
    """What GitHub sent and the database has not."""
    found = recovery.lost(attempts, missing)
    hopeless = [one for one in found if one.hopeless]
    elsewhere = [one for one in found if not one.hopeless and one.newest.got_through]
    coming = [one for one in found if not one.hopeless and not one.newest.got_through]
    told = []
    if hopeless:
        what = f"{count(len(hopeless), 'delivery', 'deliveries')} did not get here, though tried {recovery.TRIES} times"
        how = f"The service does not ask for it any more. See the answers on {_ADVANCED}; there you can redeliver."
        told.append(wrong("lost deliveries", what, how, _lines(hopeless, now)))
    if elsewhere:
        what = (
            f"{count(len(elsewhere), 'delivery', 'deliveries')} got through, as GitHub says, but not into this database"
        )
        how = "Does the webhook lead to another service, or DATABASE_URL to another database? If this database was "
        how += "restored from a backup, the service asks for them within the hour."
        told.append(wrong("lost deliveries", what, how, _lines(elsewhere, now)))
    if coming:
        what = f"{count(len(coming), 'delivery', 'deliveries')} did not get here yet"
        how = "The service asks GitHub for them at its start, and every hour."
        told.append(note("lost deliveries", what, how, _lines(coming, now)))
    return told


def _lines(found: Sequence[Lost], now: datetime) -> list[str]:
    return [f"{one.first.event}, {ago(one.first.at, now)}: {one.newest.status}" for one in found]
