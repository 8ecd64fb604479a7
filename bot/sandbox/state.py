"""The memory of this small GitHub: who and what there is, how to find it, and how an event is announced.

The acts (see `acts`) are methods on top of this class; `World` is all of them together.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from bot.sandbox import ids
from bot.sandbox.events import ALWAYS, Delivery
from bot.sandbox.model import Account, Installation, Organization
from bot.sandbox.shapes.people import organization_in_webhook, user
from bot.sandbox.shapes.repos import repository
from bot.sandbox.shapes.view import View

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime, timedelta

    from bot.sandbox.events import Attempt, Json
    from bot.sandbox.model import AccountType, App, Repo, Thread, Token

Entity = TypeVar("Entity")
Someone = TypeVar("Someone", bound=Account)


class State:
    """All there is, by id and by name. Names are compared without regard to case, as GitHub does."""

    def __init__(self, *, now: Callable[[], datetime], seed: str) -> None:
        self.now = now
        self.seed = seed
        self.api_url = "https://api.github.com"  # what the urls in webhook payloads begin with; `running` sets its own
        self.html_url = "https://github.com"
        self.accounts: dict[int, Account] = {}
        self.repos: dict[int, Repo] = {}
        self.apps: dict[int, App] = {}
        self.installations: dict[int, Installation] = {}
        self.tokens: dict[str, Token] = {}
        self.codes: dict[str, tuple[App, datetime]] = {}  # of manifests, until when they can be redeemed
        self.nodes: dict[str, object] = {}  # by node id
        self.deliveries: list[Delivery] = []
        self.past: list[Delivery] = []
        self.attempts: list[Attempt] = []
        self.listeners: list[Callable[[Delivery], None]] = []
        self.search_lag: timedelta | None = None
        self._former_names: dict[str, int] = {}
        self._ids = ids.numbers(large=False)
        self._large_ids = ids.numbers(large=True)
        self.ghost = self._new_account(Account, "ghost", number=ids.GHOST_ID)

    # -- finding

    @property
    def view(self) -> View:
        """How webhook payloads show things."""
        return View(world=self, api=self.api_url, html=self.html_url)

    def account(self, login: str) -> Account:
        """Raises LookupError where nobody has that login."""
        found = self.find_account(login)
        if found is None:
            raise LookupError(f"no account {login}")
        return found

    def find_account(self, login: str) -> Account | None:
        wanted = login.lower()
        return next((a for a in self.accounts.values() if a.login.lower() == wanted and not a.deleted), None)

    def repo(self, full_name: str) -> Repo:
        """Raises LookupError where there is no repository of that name (today)."""
        found = self.find_repo(full_name)
        if found is None:
            raise LookupError(f"no repository {full_name}")
        return found

    def find_repo(self, full_name: str) -> Repo | None:
        wanted = full_name.lower()
        return next((r for r in self.repos.values() if r.full_name.lower() == wanted and not r.deleted), None)

    def formerly(self, full_name: str) -> Repo | None:
        """The repository that had this name once."""
        repo = self.repos.get(self._former_names.get(full_name.lower(), 0))
        return repo if repo and not repo.deleted else None

    def repos_of(self, account: Account) -> list[Repo]:
        return [r for r in self.repos.values() if r.owner is account and not r.deleted]

    def repos_in(self, installation: Installation) -> list[Repo]:
        return [r for r in self.repos.values() if installation.covers(r)]

    def threads(self) -> Iterable[Thread]:
        return (thread for repo in self.repos.values() if not repo.deleted for thread in repo.threads.values())

    def installations_on(self, account: Account) -> list[Installation]:
        return [i for i in self.installations.values() if i.account is account and not i.deleted]

    # -- making

    def new_id(self) -> int:
        return next(self._ids)

    def new_large_id(self) -> int:
        return next(self._large_ids)

    def _node(self, entity: Entity, node_id: str) -> Entity:
        self.nodes[node_id] = entity
        return entity

    def _new_account(
        self, kind: type[Someone], login: str, *, number: int | None = None, name: str | None = None
    ) -> Someone:
        if self.find_account(login):
            raise ValueError(f"the login {login} is taken")
        number = number or self.new_id()
        what: AccountType = (
            "Organization" if issubclass(kind, Organization) else "Bot" if login.endswith("[bot]") else "User"
        )
        account = kind(
            id=number,
            node_id=ids.node_id({"Organization": "O", "Bot": "BOT", "User": "U"}[what], number),
            login=login,
            type=what,
            created_at=self.now(),
            name=name,
        )
        self.accounts[number] = account
        return self._node(account, account.node_id)

    # -- telling

    def announce(
        self,
        event: str,
        action: str | None,
        *,
        sender: Account,
        body: Mapping[str, object],
        repo: Repo | None = None,
        organization: Organization | None = None,
        only: Installation | None = None,
    ) -> None:
        """Tells every app that is installed there and subscribed to the event; else keeps it in `past`.

        `body` is what is special to the event. The rest (repository, organization, sender, installation) is put round
        it as GitHub does: about a repository, an organisation, or (`only`) about one installation.
        """
        payload: Json = {"action": action, **body} if action else dict(body)
        view = self.view
        if repo is not None:
            payload["repository"] = repository(view, repo, webhook=True)
            organization = repo.owner if isinstance(repo.owner, Organization) else None
        if organization is not None:
            payload["organization"] = organization_in_webhook(view, organization)
        payload["sender"] = user(view, sender)
        owner = repo.owner if repo else organization
        there = (
            [only]
            if only
            else [i for i in self.installations_on(owner) if repo is None or i.covers(repo)]
            if owner
            else []
        )
        if not there:
            self.past.append(self._delivery(event, action, payload, repo=repo))
        for installation in there:
            if event not in ALWAYS and (event not in installation.events or installation.suspended_at):
                continue
            if installation.app.active:
                self._tell(self._delivery(event, action, payload, repo=repo, installation=installation))

    def redeliver(self, delivery: Delivery) -> None:
        """Sends it once more, under the same GUID."""
        self._hand_out(replace(delivery, redelivery=True))

    def _delivery(
        self,
        event: str,
        action: str | None,
        payload: Json,
        *,
        repo: Repo | None,
        installation: Installation | None = None,
    ) -> Delivery:
        if installation is not None and "installation" not in payload:
            payload = {**payload, "installation": {"id": installation.id, "node_id": installation.node_id}}
        return Delivery(
            guid=str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.seed}/{self.new_id()}")),
            event=event,
            action=action,
            body=json.dumps(payload, separators=(",", ":")).encode(),
            at=self.now(),
            installation_id=installation.id if installation else None,
            app_id=installation.app.id if installation else None,
            hook_id=installation.app.hook_id if installation else None,
            repository_id=repo.id if repo else None,
        )

    def _tell(self, delivery: Delivery) -> None:
        self.deliveries.append(delivery)
        self._hand_out(delivery)

    def _hand_out(self, delivery: Delivery) -> None:
        for listener in list(self.listeners):
            listener(delivery)
