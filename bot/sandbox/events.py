"""A delivery: one event on its way to one app, exactly as GitHub would post it.

docs.github.com: Webhook events and payloads (delivery headers); Validating webhook deliveries.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Json = dict[str, Any]

# Sent to every app, asked for or not.
ALWAYS = frozenset(
    {"installation", "installation_repositories", "installation_target", "github_app_authorization", "ping"}
)

# Which permission an app must hold, at least to read, before GitHub lets it subscribe to an event: any one of them.
NEEDS: dict[str, tuple[str, ...]] = {
    "check_suite": ("checks",),
    "discussion": ("discussions",),
    "discussion_comment": ("discussions",),
    "issue_comment": ("issues", "pull_requests"),
    "issues": ("issues",),
    "label": ("metadata",),
    "member": ("members",),
    "membership": ("members",),
    "org_block": ("organization_administration",),
    "organization": ("members",),
    "pull_request": ("pull_requests",),
    "pull_request_review": ("pull_requests",),
    "pull_request_review_comment": ("pull_requests",),
    "push": ("contents",),
    "repository": ("metadata",),
    "team": ("members",),
}


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One event for one app. In `World.past` it is for nobody: `app_id`, `hook_id` and `installation_id` are None.

    `body` are the bytes on the wire, fixed when the event happened; `payload` reads them anew each time, so nobody can
    change what was sent. `at` is the moment of the event, aware UTC. A redelivery keeps the `guid`.
    """

    guid: str
    event: str
    action: str | None
    body: bytes
    at: datetime
    installation_id: int | None = None
    app_id: int | None = None
    hook_id: int | None = None
    repository_id: int | None = None
    redelivery: bool = False

    @property
    def payload(self) -> Json:
        payload: Json = json.loads(self.body)
        return payload

    @property
    def name(self) -> str:
        """The event with its action, as `issues.opened`."""
        return f"{self.event}.{self.action}" if self.action else self.event

    def headers(self, secret: str) -> dict[str, str]:
        """The headers GitHub sends with it, signed with the app's webhook secret."""
        key = secret.encode()
        return {
            "Accept": "*/*",
            "Content-Type": "application/json",
            "User-Agent": "GitHub-Hookshot/5a4d6b0",
            "X-GitHub-Delivery": self.guid,
            "X-GitHub-Event": self.event,
            "X-GitHub-Hook-ID": str(self.hook_id),
            "X-GitHub-Hook-Installation-Target-ID": str(self.app_id),
            "X-GitHub-Hook-Installation-Target-Type": "integration",
            "X-Hub-Signature": f"sha1={hmac.new(key, self.body, hashlib.sha1).hexdigest()}",
            "X-Hub-Signature-256": f"sha256={hmac.new(key, self.body, hashlib.sha256).hexdigest()}",
        }


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One try to deliver, as `GET /app/hook/deliveries` lists it. `duration` is in seconds.

    `status` is GitHub's phrase ("OK", "Invalid HTTP Response: 500", "timed out", "failed to connect to host").
    """

    id: int
    delivery: Delivery
    at: datetime
    duration: float
    status: str
    status_code: int
    url: str
    request_headers: dict[str, str]
    response_headers: dict[str, str]
    response_body: str
