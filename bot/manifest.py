"""What the app asks of GitHub: `config/app-manifest.json`, and a plain reason for each permission and event.

The manifest is the one truth. GitHub makes an app of it (docs.github.com: «Registering a GitHub App from a manifest»)
and refuses keys that it does not know, so the reasons stand here; tests see to it that none is missing or left over.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot import shipped

WHY_PERMISSION: Final = {
    "checks": "to show whether a change of its configuration is right, and to see whose checks fail",
    "contents": "to read its configuration, and who works on which files",
    "discussions": "to welcome people in discussions",
    "issues": "to welcome people in issues",
    "members": "to tell newcomers from members, who may be private",
    "metadata": "GitHub gives it to every app",
    "pull_requests": "to welcome people in pull requests, and to congratulate on the first merge",
}
WHY_EVENT: Final = {
    "check_suite": "to see whether pull requests pass their checks",
    "discussion": "to see new discussions",
    "discussion_comment": "to see answers and commands in discussions",
    "issue_comment": "to see answers and commands in issues and pull requests",
    "issues": "to see new issues",
    "label": "to see labels being renamed",
    "member": "to see new collaborators, who are no newcomers",
    "membership": "to see who joins and leaves teams",
    "organization": "to see who becomes a member, and who leaves",
    "pull_request": "to see new pull requests and merges",
    "pull_request_review": "to see reviews",
    "pull_request_review_comment": "to see comments on lines of code",
    "push": "to see who works on which files",
    "repository": "to see repositories being renamed, moved, archived and deleted",
    "team": "to see teams being renamed and deleted",
}
OPTIONAL: Final = frozenset({"discussions", "discussion", "discussion_comment"})  # where nobody uses them
_LEVELS: Final = ("", "read", "write", "admin")


@dataclass(frozen=True, slots=True)
class Manifest:
    """`permissions` with their level: read or write."""

    permissions: Mapping[str, str]
    events: tuple[str, ...]


def read() -> Manifest:
    told: dict[str, Any] = json.loads(shipped.MANIFEST.read_text("utf-8"))
    return Manifest(told["default_permissions"], tuple(told["default_events"]))


def build(name: str, public_url: str, *, proposes: bool, discussions: bool) -> dict[str, Any]:
    """The manifest of an app with this name whose service is at this address, for GitHub to make an app of.

    `proposes`: it may write its configuration into a branch, to propose it as a pull request. `discussions`: there are
    some to welcome people in.
    """
    told: dict[str, Any] = json.loads(shipped.MANIFEST.read_text("utf-8"))
    left_out = frozenset() if discussions else OPTIONAL
    permissions = {name: level for name, level in told["default_permissions"].items() if name not in left_out}
    return told | {
        "name": name,
        "url": public_url,
        "hook_attributes": {"url": f"{public_url}/webhook", "active": True},
        "redirect_url": f"{public_url}/setup/created",
        "setup_url": f"{public_url}/setup/installed",
        "setup_on_update": False,
        "default_permissions": permissions | ({"contents": "write"} if proposes else {}),
        "default_events": [event for event in told["default_events"] if event not in left_out],
    }


def lacking(wanted: Mapping[str, str], granted: Mapping[str, str]) -> dict[str, str]:
    """The permissions that are not granted, or not so far, with the level they need."""
    return {
        name: level for name, level in wanted.items() if _LEVELS.index(granted.get(name, "")) < _LEVELS.index(level)
    }
