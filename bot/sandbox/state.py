"""The memory of this small GitHub: who and what there is, how to find it, and how an event is announced.

The acts (see `acts`) are methods on top of this class; `World` is all of them together.
"""

from __future__ import annotations

import json
import uuid
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from bot.sandbox import ids
from bot.sandbox.events import ALWAYS, Delivery
from bot.sandbox.model import Account, Installation, Organization
from bot.sandbox.shapes.people import organization_in_webhook, user
from bot.sandbox.shapes.repos import repository
from bot.sandbox.shapes.view import View

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
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
        self.signed_in: Account | None = None  # who looks at the pages of `site`
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
        self._unheard = False
        self._by_login: dict[str, Account] = {}
        self._by_name: dict[str, Repo] = {}  # the last to be seen under a full name
        self._former_names: dict[str, int] = {}
        self._ids = ids.numbers(large=False)
        self._large_ids = ids.numbers(large=True)
        self.ghost = self._new_account(Account, "ghost", number=ids.GHOST_ID)
        self.web_flow = self._new_account(Account, "web-flow", number=ids.WEB_FLOW_ID)

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
        found = self._by_login.get(login.lower())
        return found if found and not found.deleted else None

    def head_of(self, owner: Account) -> Account:
        """Somebody who may do everything there: an owner of the organisation, where it has one, or the account."""
        if isinstance(owner, Organization):
            return next((m.account for m in owner.members.values() if m.role == "admin"), owner)
        return owner

    def repo(self, full_name: str) -> Repo:
        """Raises LookupError where there is no repository of that name (today)."""
        found = self.find_repo(full_name)
        if found is None:
            raise LookupError(f"no repository {full_name}")
        return found

    def find_repo(self, full_name: str) -> Repo | None:
        wanted = full_name.lower()

        def fits(repo: Repo) -> bool:
            return repo.full_name.lower() == wanted and not repo.deleted

        known = self._by_name.get(wanted)
        if known is None or not fits(known):  # owners change their names, and repositories their owners
            known = next(filter(fits, self.repos.values()), None)
            if known is not None:
                self._by_name[wanted] = known
        return known

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
        self.accounts[number] = self._by_login[login.lower()] = account
        return self._node(account, account.node_id)

    # -- telling

    @contextmanager
    def unheard(self) -> Iterator[None]:
        """Meanwhile nobody is told of what happens: no payloads are made, and `deliveries` and `past` stay as they are.

        So a large world is made in seconds.
        """
        before, self._unheard = self._unheard, True
        try:
            yield
        finally:
            self._unheard = before

    def announce(
        self,
        event: str,
        action: str | None,
        *,
        sender: Account,
        body: Callable[[], Mapping[str, object]],
        repo: Repo | None = None,
        organization: Organization | None = None,
        only: Installation | None = None,
    ) -> None:
        """Tells every app that is installed there and subscribed to the event; else keeps it in `past`.

        `body` makes what is special to the event, and is asked only if somebody is told. The rest (repository,
        organization, sender, installation) is put round it as GitHub does: about a repository, an organisation, or
        (`only`) about one installation.
        """
        if self._unheard:
            return
        owner = repo.owner if repo else organization
        there = [only] if only else []
        if owner is not None and only is None:
            there = [each for each in self.installations_on(owner) if repo is None or each.covers(repo)]
        told = [each for each in there if each.app.active and _hears(each, event)]
        if there and not told:
            return
        view = self.view
        payload: Json = {"action": action, **body()} if action else dict(body())
        if repo is not None:
            payload.setdefault("repository", repository(view, repo, webhook=True))
            organization = repo.owner if isinstance(repo.owner, Organization) else None
        if organization is not None:
            payload["organization"] = organization_in_webhook(view, organization)
        payload["sender"] = user(view, sender)
        if not there:
            self.past.append(self._delivery(event, action, payload, repo=repo))
        for installation in told:
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


def _hears(installation: Installation, event: str) -> bool:
    return event in ALWAYS or (event in installation.events and installation.suspended_at is None)
