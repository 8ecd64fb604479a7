"""The manifest of a GitHub App: what it may say, and what GitHub's page says about one that is wrong.

docs.github.com: Registering a GitHub App from a manifest. The words for what is wrong are GitHub's own, as people
report them.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.events import ALWAYS, NEEDS

KEYS = frozenset(
    {
        *("name", "description", "public", "url", "redirect_url", "callback_urls", "setup_url", "setup_on_update"),
        *("hook_attributes", "default_events", "default_permissions", "request_oauth_on_install"),
    }
)
LEVELS = ("read", "write", "admin")
LONGEST_NAME = 34  # characters
URLS = ("url", "redirect_url", "setup_url")

# All that an app may be granted (GitHub's schema `app-permissions`).
PERMISSIONS = frozenset(
    re.findall(
        r"\w+",
        """
    actions administration artifact_metadata attestations checks code_quality codespaces contents dependabot_secrets
    deployments discussions environments issues merge_queues metadata packages pages pull_requests
    repository_custom_properties repository_hooks repository_projects secret_scanning_alerts secrets security_events
    single_file statuses vulnerability_alerts workflows
    custom_properties_for_organizations members organization_administration organization_announcement_banners
    organization_copilot_agent_settings organization_copilot_seat_management organization_custom_org_roles
    organization_custom_properties organization_custom_roles organization_events organization_hooks
    organization_packages organization_personal_access_token_requests organization_personal_access_tokens
    organization_plan organization_projects organization_secrets organization_self_hosted_runners
    organization_user_blocking
    email_addresses followers git_ssh_keys gpg_keys interaction_limits profile starring
    enterprise_custom_properties_for_organizations
    """,
    )
)


class ManifestError(Exception):
    """GitHub would not make an app of this manifest. `problems` are sentences for the page."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))


def slug_of(name: str) -> str:
    """What stands for the app in addresses, and before `[bot]`."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def read(text: str) -> dict[str, Any]:
    """The manifest that a form carries. Raises ManifestError."""
    try:
        manifest = json.loads(text)
    except ValueError:
        raise ManifestError(["Manifest is not valid JSON"]) from None
    if not isinstance(manifest, dict):
        raise ManifestError(["Manifest is not a JSON object"])
    problems = [*_of_fields(manifest), *_of_permissions(manifest), *_of_events(manifest)]
    if problems:
        raise ManifestError(problems)
    return manifest


def problem_of_name(name: str) -> str | None:
    """Why no app can have this name, whoever else has it."""
    if not slug_of(name):
        return "Name can't be blank"
    return f"Name is too long (maximum is {LONGEST_NAME} characters)" if len(name) > LONGEST_NAME else None


def _of_fields(manifest: Mapping[str, Any]) -> Iterable[str]:
    yield from (f'"{each}" is not a permitted key.' for each in sorted(set(manifest) - KEYS))
    for name in ("name", "url"):
        if not isinstance(manifest.get(name), str) or not manifest[name].strip():
            yield f'"{name}" wasn\'t supplied.'
    for name in URLS:
        if manifest.get(name) and not _is_url(manifest[name]):
            yield f'"{name}" must be a valid URL.'
    if "hook_attributes" in manifest:
        hook = manifest["hook_attributes"]
        if not isinstance(hook, dict) or not hook.get("url"):
            yield '"url" wasn\'t supplied.'  # that of the hook, which GitHub does not say
        elif not _is_url(hook["url"]):
            yield "Hook url must be a valid URL."


def _is_url(value: object) -> bool:
    try:
        parts = urlsplit(value) if isinstance(value, str) else None
    except ValueError:
        return False
    return parts is not None and parts.scheme in ("http", "https") and bool(parts.netloc)


def _of_permissions(manifest: Mapping[str, Any]) -> Iterable[str]:
    wanted = manifest.get("default_permissions") or {}
    if not isinstance(wanted, dict):
        yield "Default permissions must be an object."
    elif not set(wanted) <= PERMISSIONS:
        yield "Default permission records resource is not included in the list"
    elif any(level not in LEVELS for level in wanted.values()):
        yield "Default permission records action is not included in the list"


def _of_events(manifest: Mapping[str, Any]) -> Iterable[str]:
    events, permissions = manifest.get("default_events") or [], manifest.get("default_permissions")
    if not isinstance(events, list) or not all(isinstance(each, str) for each in events):
        yield "Default events must be a list."
        return
    unknown = [each for each in events if each not in NEEDS or each in ALWAYS]
    if unknown:
        yield f"Default events unsupported: {_listed(unknown)}"
    granted = {"metadata", *(permissions if isinstance(permissions, dict) else ())}
    bare = [each for each in events if granted.isdisjoint(NEEDS.get(each, ()))]
    if bare:
        yield f"Default events are not supported by permissions: {_listed(bare)}"


def _listed(words: list[str]) -> str:
    """`a`, `a and b`, `a, b, and c`."""
    if len(words) <= 2:
        return " and ".join(words)
    return f"{', '.join(words[:-1])}, and {words[-1]}"
