"""The app on GitHub: whether GitHub lets us in, the clocks agree, and everything was granted that is needed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Final

from bot import manifest
from bot.doctor.finding import Finding, count, fine, lasting, note, wrong
from bot.github.errors import CallFailed
from bot.github.hooks import Grant, Registration

_TELL: Final = timedelta(seconds=30)
_TOO_FAR: Final = timedelta(seconds=60)  # GitHub refuses signatures of a clock that is further off
_LEVELS: Final = {"read": "read", "write": "read and write", "admin": "administer"}


def refused(failed: CallFailed, api_url: str, ahead: timedelta | None) -> Finding:
    """Why the first call failed."""
    status, why = failed.status, failed.failure.why
    if status == 0:
        return wrong(
            "GitHub", f"{api_url} does not answer. {why}",
            f"Try `curl -I {api_url}` on this machine: is the network there, does a firewall let it through, and is "
            "GITHUB_API_URL right? https://www.githubstatus.com says whether GitHub is well.",
        )  # fmt: skip
    if status == 401 and ahead is not None and abs(ahead) > _TOO_FAR:
        return wrong("credentials", "GitHub refuses our signature, because the clocks differ", "Mend the clock first.")
    if status == 401:
        return wrong(
            "credentials", f"GitHub does not accept the private key. {why}",
            "GITHUB_APP_PRIVATE_KEY must be a key of the app that GITHUB_APP_ID names, and not a deleted one: "
            "«Generate a private key» on the app's settings page makes a new one.",
        )  # fmt: skip
    if status == 404:
        return wrong(
            "credentials", f"there is no app with this GITHUB_APP_ID at {api_url}",
            "Copy «App ID» from the app's settings page, not the client ID. With GitHub Enterprise Server, "
            "GITHUB_API_URL is https://HOST/api/v3.",
        )  # fmt: skip
    return wrong("GitHub", f"it does not answer as it should: {failed}", "Wait a little and run doctor again.")


def somebody_else(api_url: str) -> Finding:
    """The answer is JSON, but not what GitHub says of an app."""
    return wrong("GitHub", f"{api_url} answers, but not as GitHub does", "Set GITHUB_API_URL to where GitHub's API is.")


def clock(ahead: timedelta | None) -> list[Finding]:
    """`ahead`: how far GitHub's clock is ahead of ours; None: it has not told."""
    if ahead is None:
        return []
    off = f"this machine's clock is {lasting(ahead)} {'behind' if ahead > timedelta() else 'ahead of'} GitHub's"
    how = "Let the machine set its clock by itself, for example with `timedatectl set-ntp true`."
    if abs(ahead) > _TOO_FAR:
        return [wrong("clock", f"{off}; beyond a minute GitHub may refuse our signature", how)]
    if abs(ahead) > _TELL:
        return [note("clock", f"{off}; beyond a minute GitHub may refuse our signature", how)]
    return [fine("clock", "it agrees with GitHub's")]


def asked(registration: Registration) -> list[Finding]:
    """Whether the app asks for what it needs, by its manifest."""
    needed = manifest.read()
    permissions = manifest.lacking(needed.permissions, registration.permissions)
    events = [event for event in needed.events if event not in registration.events]
    how = (
        f"Change it at {registration.settings_url}. For permissions, each organisation's owner gets a mail and accepts."
    )
    found = [
        _found(optional, "permissions", "the app does not ask for", how, _with_reasons(_of(permissions, optional)))
        for optional in (False, True)
    ]
    found += [
        _found(
            optional, "events", "the app is not told of", how,
            [f"{_plain(event)}, {manifest.WHY_EVENT[event]}" for event in events if _optional(event) is optional],
        )
        for optional in (False, True)
    ]  # fmt: skip
    told = [one for one in found if one is not None]
    return told or [fine("permissions", "the app asks for all that it needs")]


def _found(optional: bool, check: str, what: str, how: str, lines: Sequence[str]) -> Finding | None:
    if not lines:
        return None
    if optional:
        return note(check, f"{what} {count(len(lines), 'thing')}, which only discussions need", how, lines)
    return wrong(check, f"{what} {count(len(lines), 'thing')} that it needs", how, lines)


def _optional(name: str) -> bool:
    return name in manifest.OPTIONAL


def _of(permissions: Mapping[str, str], optional: bool) -> dict[str, str]:
    return {name: level for name, level in permissions.items() if _optional(name) is optional}


def _with_reasons(permissions: Mapping[str, str]) -> list[str]:
    return [f"{_plain(name)} ({_LEVELS[level]}), {_why(name)}" for name, level in permissions.items()]


def _why(name: str) -> str:
    return manifest.WHY_PERMISSION.get(name, "which the app asks for")


def _plain(name: str) -> str:
    return name.replace("_", " ")


def granted(registration: Registration, grants: Iterable[Grant]) -> list[Finding]:
    """What each installation was granted of what the app asks for."""
    found: list[Finding] = []
    installed = list(grants)
    if not installed:
        site = registration.settings_url.partition("/settings/")[0].partition("/organizations/")[0]
        url = f"{site}/apps/{registration.slug}/installations/new"
        return [note("installations", "the app is not installed anywhere", f"Install it at {url}.")]
    for one in installed:
        lacking = manifest.lacking(registration.permissions, one.permissions)
        lines = _with_reasons(lacking)
        lines += [f"events: {_plain(event)}" for event in sorted(registration.events - one.events)]
        if one.suspended:
            what = f"{one.account} has suspended the app: it hears and says nothing there"
            found.append(note("installations", what, f"An owner can lift that at {one.url}."))
        elif lines:
            how = f"An owner of {one.account} reviews and accepts it at {one.url}."
            found.append(wrong("installations", f"{one.account} has not granted all that the app asks for", how, lines))
    names = ", ".join(one.account for one in installed)
    return found or [fine("installations", f"the app is on {names}, with all that it asks for")]
