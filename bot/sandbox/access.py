"""Who is calling: reads the Authorization header as GitHub does.

docs.github.com: Authenticating to the REST API; Generating a JSON Web Token (JWT) for a GitHub App.
"""

from dataclasses import dataclass

import jwt

from bot.sandbox import refusal
from bot.sandbox.model import Account, App, Installation, Repo, Token
from bot.sandbox.state import State

LONGEST_JWT = 600  # seconds that `exp` may lie ahead
SUSPENDED = "This installation has been suspended"


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A caller: nobody, an app (with its JWT), or an account with a token, perhaps of an installation."""

    app: App | None = None
    token: Token | None = None

    @property
    def account(self) -> Account | None:
        return self.token.account if self.token else None

    @property
    def installation(self) -> Installation | None:
        return self.token.installation if self.token else None

    @property
    def login(self) -> str | None:
        """Who it is, as the log of requests shows it."""
        if self.app:
            return self.app.slug
        return self.account.login if self.account else None

    def holds(self, repo: Repo) -> bool:
        """Whether the repository is one of those that this installation's token is for."""
        if self.installation is None or not self.installation.covers(repo):
            return False
        return self.token is None or self.token.only is None or repo.id in self.token.only


NOBODY = Actor()


def identify(world: State, authorization: str | None) -> Actor:
    """The caller that the header names. Raises RefusedError (401; 403 for a suspended installation)."""
    if not authorization:
        return NOBODY
    scheme, _, value = authorization.partition(" ")
    value = value.strip()
    if scheme.lower() not in ("bearer", "token") or not value:
        raise refusal.bad_credentials()
    if value.count(".") == 2:
        return Actor(app=app_of(world, value))
    token = world.tokens.get(value)
    if token is None or token.account.deleted:
        raise refusal.bad_credentials()
    if token.expires_at is not None and world.now() >= token.expires_at:
        raise refusal.bad_credentials()
    if token.installation is not None:
        if token.installation.deleted:
            raise refusal.bad_credentials()
        if token.installation.suspended_at:
            raise refusal.forbidden(SUSPENDED)
    return Actor(token=token)


def app_of(world: State, token: str) -> App:
    """The app whose JWT this is. Raises RefusedError with GitHub's words for what is wrong with it."""
    unreadable = refusal.unauthenticated("A JSON web token could not be decoded")
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        raise unreadable from None
    issuer = claims.get("iss")
    if issuer is None:
        raise refusal.unauthenticated("Missing 'issuer' claim ('iss') in assertion")
    app = next((each for each in world.apps.values() if str(issuer) in (str(each.id), each.client_id)), None)
    if app is None:
        raise refusal.RefusedError(404, "Integration not found")
    try:
        # The claims are checked below, by the world's clock.
        jwt.PyJWS().decode(token, app.public_key, algorithms=["RS256"])
    except jwt.InvalidTokenError:
        raise unreadable from None
    now = world.now().timestamp()
    expires, issued = claims.get("exp"), claims.get("iat")
    if not isinstance(expires, int | float) or expires <= now:
        message = "must be a numeric value representing the future time at which the assertion expires"
        raise refusal.unauthenticated(f"'Expiration time' claim ('exp') {message}")
    if expires > now + LONGEST_JWT:
        raise refusal.unauthenticated("'Expiration time' claim ('exp') is too far in the future")
    if not isinstance(issued, int | float) or issued > now:
        message = "must be an Integer representing the time that the assertion was issued"
        raise refusal.unauthenticated(f"'Issued at' claim ('iat') {message}")
    return app
