"""Apps: registered, installed, suspended, given more and less, removed; and the tokens they call with."""

import functools
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.sandbox import ids
from bot.sandbox.acts.repos import RepoActs
from bot.sandbox.events import ALWAYS, NEEDS
from bot.sandbox.manifests import slug_of
from bot.sandbox.model import Account, App, Installation, Repo, Token
from bot.sandbox.shapes.apps import installation as installation_shape
from bot.sandbox.shapes.repos import repository_in_installation
from bot.sandbox.shapes.view import Json

TOKEN_LIFE = timedelta(hours=1)
CODE_LIFE = timedelta(hours=1)


def new_private_key() -> str:
    """A fresh RSA key of 2048 bits as PEM, as GitHub hands it out once."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, plain).decode()


@functools.cache
def public_half(private_key: str) -> str:
    """The public key (PEM) of a private one (PEM). Reading one takes 50 ms, so each is read once."""
    key = serialization.load_pem_private_key(private_key.encode(), password=None).public_key()
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


class AppActs(RepoActs):
    def app(
        self,
        *,
        slug: str,
        owner: Account,
        permissions: dict[str, str],
        events: Iterable[str] = (),
        webhook_secret: str,
        webhook_url: str | None = None,
        private_key: str | None = None,
        public_key: str | None = None,
        app_id: int | None = None,
        name: str | None = None,
    ) -> App:
        """Registers an app, and with it the account `slug[bot]`.

        `permissions` are GitHub's words ({"issues": "write", …}; metadata: read comes by itself). Raises ValueError
        for an event that these permissions do not allow, as GitHub's form does. Without a key a new one is made (the
        app's `private_key`); with only a `public_key` (PEM) the private one stays with whoever has it.
        """
        granted = {"metadata": "read", **permissions}
        wanted = [event for event in events if event not in ALWAYS]
        for event in wanted:
            if not any(need in granted for need in NEEDS.get(event, ())):
                raise ValueError(
                    f"the event {event} needs one of the permissions {', '.join(NEEDS.get(event, ('?',)))}"
                )
        if private_key is None and public_key is None:
            private_key = new_private_key()
        number = app_id or self.new_id()
        bot = self._new_account(Account, f"{slug}[bot]")
        app = App(
            id=number,
            node_id=ids.node_id("A", number),
            slug=slug,
            name=name or slug,
            client_id=f"Iv23li{ids.digest(self.seed, number)[:14]}",
            owner=owner,
            bot=bot,
            public_key=public_key or public_half(private_key or ""),
            private_key=private_key,
            webhook_secret=webhook_secret,
            webhook_url=webhook_url,
            permissions=granted,
            events=wanted,
            hook_id=self.new_id(),
            created_at=self.now(),
        )
        bot.app = app
        self.apps[number] = app
        return self._node(app, app.node_id)

    def app_from_manifest(self, manifest: Mapping[str, Any], *, owner: Account) -> str:
        """Somebody agrees to create the app that a manifest describes. Gives the code to exchange for its secrets.

        The code works once, within an hour (docs.github.com: Registering a GitHub App from a manifest). Only `name`
        must be there; `site` is stricter, as GitHub's page is.
        """
        name, hook = str(manifest["name"]), manifest.get("hook_attributes", {})
        app = self.app(
            slug=slug_of(name),
            name=name,
            owner=owner,
            permissions=dict(manifest.get("default_permissions") or {}),
            events=list(manifest.get("default_events") or ()),
            webhook_url=hook.get("url"),
            webhook_secret=ids.digest(self.seed, "webhook secret", self.new_id()),
        )
        app.url, app.description = manifest.get("url"), manifest.get("description")
        app.setup_url, app.public = manifest.get("setup_url") or None, bool(manifest.get("public", False))
        app.active = bool(hook.get("active", True))
        code = ids.digest(self.seed, "manifest code", self.new_id())
        self.codes[code] = (app, self.now() + CODE_LIFE)
        return code

    def redeem(self, code: str) -> App | None:
        """The app that the code stands for, once; None where it was redeemed, has expired or never was."""
        app, expires_at = self.codes.pop(code, (None, self.now()))
        return app if self.now() < expires_at else None

    def install(
        self, app: App, account: Account, *, by: Account | None = None, repositories: Iterable[Repo] | None = None
    ) -> Installation:
        """Installs the app on an organisation or a person: on all repositories, or on these.

        Raises ValueError where it is installed.
        """
        if any(each.app is app for each in self.installations_on(account)):
            raise ValueError(f"{app.slug} is installed on {account.login}")
        number, now = self.new_id(), self.now()
        installation = Installation(
            id=number,
            node_id=ids.node_id("I", number),
            app=app,
            account=account,
            permissions=dict(app.permissions),
            events=list(app.events),
            created_at=now,
            updated_at=now,
            selected=None if repositories is None else {repo.id: repo for repo in repositories},
        )
        self.installations[number] = installation
        self._tell_installation(installation, action="created", by=by)
        return installation

    def uninstall(self, installation: Installation, *, by: Account | None = None) -> None:
        """Its tokens end with it."""
        installation.updated_at = self.now()
        self._tell_installation(installation, action="deleted", by=by)
        installation.deleted = True

    def suspend(self, installation: Installation, *, by: Account | None = None) -> None:
        """The app gets no events and no tokens, and those it has are refused."""
        installation.suspended_at = installation.updated_at = self.now()
        installation.suspended_by = by or self.head_of(installation.account)
        self._tell_installation(installation, action="suspend", by=by)

    def unsuspend(self, installation: Installation, *, by: Account | None = None) -> None:
        installation.suspended_at = installation.suspended_by = None
        installation.updated_at = self.now()
        self._tell_installation(installation, action="unsuspend", by=by)

    def accept_permissions(self, installation: Installation, *, by: Account | None = None) -> None:
        """The owner agrees to what the app asks for today (it may have come to ask for more since it was installed)."""
        installation.permissions, installation.events = (
            dict(installation.app.permissions),
            list(installation.app.events),
        )
        installation.updated_at = self.now()
        self._tell_installation(installation, action="new_permissions_accepted", by=by)

    def add_repositories(self, installation: Installation, *repos: Repo, by: Account | None = None) -> None:
        """Gives an installation on selected repositories some more."""
        if installation.selected is None:
            raise ValueError("the app has all repositories already")
        installation.selected |= {repo.id: repo for repo in repos}
        self._tell_repositories(installation, added=repos, removed=(), by=by)

    def remove_repositories(self, installation: Installation, *repos: Repo, by: Account | None = None) -> None:
        if installation.selected is None:
            raise ValueError("the app has all repositories; install it on selected ones to take some away")
        installation.selected = {number: repo for number, repo in installation.selected.items() if repo not in repos}
        self._tell_repositories(installation, added=(), removed=repos, by=by)

    def token_for(self, account: Account) -> str:
        """A personal token, which does what the person may do and does not expire."""
        value = f"ghp_{ids.digest(self.seed, 'person', self.new_id())[:36]}"
        self.tokens[value] = Token(value=value, account=account, created_at=self.now())
        return value

    def installation_token(
        self,
        installation: Installation,
        *,
        permissions: dict[str, str] | None = None,
        only: frozenset[int] | None = None,
    ) -> Token:
        """Lets a caller act as the app's bot for one hour; narrowed perhaps to some permissions and repository ids."""
        now = self.now()
        token = Token(
            value=f"ghs_{ids.digest(self.seed, 'installation', self.new_id())[:36]}",
            account=installation.app.bot,
            created_at=now,
            installation=installation,
            expires_at=now + TOKEN_LIFE,
            permissions=dict(installation.permissions if permissions is None else {"metadata": "read", **permissions}),
            only=only,
        )
        self.tokens[token.value] = token
        return token

    def _tell_installation(self, installation: Installation, *, action: str, by: Account | None) -> None:
        def body() -> Json:
            told: Json = {"installation": installation_shape(self.view, installation)}
            if action in ("created", "deleted"):
                told["repositories"] = [repository_in_installation(repo) for repo in self.repos_in(installation)]
            if action == "created":
                told["requester"] = None
            return told

        sender = by or self.head_of(installation.account)
        self.announce("installation", action, sender=sender, only=installation, body=body)
