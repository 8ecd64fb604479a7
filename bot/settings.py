"""The environment, read once, as one frozen `Settings`. The only place that looks at environment variables.

A missing or empty value stops the start with one line that says which one and how to get it. Secrets never print.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import Final, Literal, TypeVar
from urllib.parse import unquote, urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

LogFormat = Literal["console", "json"]
T = TypeVar("T")

DEFAULT_API_URL: Final = "https://api.github.com"
DEFAULT_GITHUB_URL: Final = "https://github.com"
CREDENTIALS: Final = ("GITHUB_APP_ID", "GITHUB_APP_PRIVATE_KEY", "GITHUB_WEBHOOK_SECRET")
DEFAULT_DATABASE: Final = "sqlite:///switchback.db"


class SettingsError(Exception):
    """A setting is missing or wrong. The message names it and says how to get it right."""


class Secret:
    """A value that does not show itself: not in a log, not in a traceback, not on a page."""

    __slots__ = ("_value",)  # and no dataclass: `asdict` would show it

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """Where to listen and how to log: the part of the environment that `play` needs too."""

    host: str = "127.0.0.1"
    port: int = 8000
    log_level: str = "INFO"
    log_format: LogFormat = "console"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What GitHub knows the app by. `webhook_secrets` holds several while a secret is being rotated."""

    app_id: str
    private_key: Secret
    webhook_secrets: tuple[Secret, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the service needs to know, but for the app's credentials: enough for setting it up.

    `github_url`: of GitHub's pages. `public_url`: where GitHub reaches this service; None: nobody has said.
    `start_live`: new installations speak at once. `backfill_share`: of GitHub's hourly limit, for reading the past; 0:
    it is not read. `keep_deliveries`: the rows of the inbox, with the payloads of those that could not be projected.
    """

    api_url: str = DEFAULT_API_URL
    github_url: str = DEFAULT_GITHUB_URL
    public_url: str | None = None
    secret_key: Secret | None = None
    database_url: str = field(default=DEFAULT_DATABASE, repr=False)  # it may hold a password
    start_live: bool = False
    backfill_share: float = 0.5
    keep_deliveries: timedelta = timedelta(days=30)
    serving: Serving = Serving()

    def secrets(self) -> tuple[str, ...]:
        """All values that must never be shown, for the log's filter."""
        key = self.secret_key.reveal() if self.secret_key else ""
        password = urlsplit(self.database_url).password or ""
        return tuple(filter(None, (key, password, unquote(password))))

    def with_app(self, app: Credentials) -> "Settings":
        own = {each.name: getattr(self, each.name) for each in fields(Surroundings)}
        return Settings(
            app_id=app.app_id, private_key=app.private_key, webhook_secrets=app.webhook_secrets, **own
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(Surroundings):
    """All that the service needs to know."""

    app_id: str
    private_key: Secret
    webhook_secrets: tuple[Secret, ...]

    def secrets(self) -> tuple[str, ...]:
        found = [self.private_key, *self.webhook_secrets]
        return (*(secret.reveal() for secret in found), *Surroundings.secrets(self))


def from_environment(environ: Mapping[str, str]) -> Settings:
    """Reads every variable of the table in docs/running.md. Raises SettingsError for the first that is not right."""
    app = credentials(environ)
    return surroundings(environ).with_app(app)


def names_an_app(environ: Mapping[str, str]) -> bool:
    """Whether any of the app's credentials stands in the environment. Platforms hand on what is empty."""
    return any(environ.get(name, "").strip() for name in CREDENTIALS)


def credentials(environ: Mapping[str, str]) -> Credentials:
    """The app's three variables. Raises SettingsError."""
    return Credentials(
        app_id=_required(environ, "GITHUB_APP_ID", "the number under «App ID» on your app's settings page", _app_id),
        private_key=_required(
            environ,
            "GITHUB_APP_PRIVATE_KEY",
            "«Generate a private key» on your app's settings page gives a .pem file: its text, or the path to it",
            _private_key,
        ),
        webhook_secrets=_required(
            environ,
            "GITHUB_WEBHOOK_SECRET",
            "make one with: python -c 'import secrets; print(secrets.token_hex(32))' and put the same value under "
            "«Webhook secret» on your app's settings page",
            _webhook_secrets,
        ),
    )


def surroundings(environ: Mapping[str, str]) -> Surroundings:
    """All other variables. Raises SettingsError."""
    api_url = _optional(environ, "GITHUB_API_URL", DEFAULT_API_URL, _api_url)
    return Surroundings(
        api_url=api_url,
        github_url=_optional(environ, "GITHUB_URL", github_pages(api_url), _github_url),
        public_url=_if_set(environ, "PUBLIC_URL", public_url),
        secret_key=_if_set(environ, "SECRET_KEY", _secret_key),
        start_live=_optional(environ, "START_LIVE", "0", _yes_or_no),
        backfill_share=_optional(environ, "BACKFILL_SHARE", "50", _percent),
        keep_deliveries=_optional(environ, "KEEP_DELIVERIES_DAYS", "30", _days_to_keep),
        database_url=database_url(environ),
        serving=serving(environ),
    )


def database_url(environ: Mapping[str, str]) -> str:
    """Just DATABASE_URL, in SQLAlchemy's form: what `explain` needs. Raises SettingsError."""
    return _optional(environ, "DATABASE_URL", DEFAULT_DATABASE, _database_url)


def serving(environ: Mapping[str, str]) -> Serving:
    """HOST, PORT, LOG_LEVEL and LOG_FORMAT. Raises SettingsError."""
    return Serving(
        host=_optional(environ, "HOST", "127.0.0.1", _host),
        port=_optional(environ, "PORT", "8000", _port),
        log_level=_optional(environ, "LOG_LEVEL", "info", _log_level),
        log_format=_optional(environ, "LOG_FORMAT", "console", _log_format),
    )


def _required(environ: Mapping[str, str], name: str, how: str, parse: Callable[[str], T]) -> T:
    value = environ.get(name, "").strip()
    if not value:
        state = "is empty" if name in environ else "is not set"
        raise SettingsError(f"{name} {state}. How to get it: {how}.")
    return _parsed(name, value, parse)


def _optional(environ: Mapping[str, str], name: str, default: str, parse: Callable[[str], T]) -> T:
    value = environ.get(name, default).strip()
    if not value:
        raise SettingsError(f"{name} is empty. Leave it out to use {default}, or give it a value.")
    return _parsed(name, value, parse)


def _if_set(environ: Mapping[str, str], name: str, parse: Callable[[str], T]) -> T | None:
    if name not in environ:
        return None
    value = environ[name].strip()
    if not value:
        raise SettingsError(f"{name} is empty. Leave it out, or give it a value.")
    return _parsed(name, value, parse)


def _parsed(name: str, value: str, parse: Callable[[str], T]) -> T:
    try:
        return parse(value)
    except ValueError as error:
        raise SettingsError(f"{name} {error}.") from None


def _app_id(value: str) -> str:
    if not re.fullmatch(r"[0-9]+", value):
        raise ValueError("must be a number: copy «App ID» from your app's settings page (not the client ID)")
    return value


def _private_key(value: str) -> Secret:
    """PEM text, also with its line breaks written as \\n (as many platforms keep it), or the path of a file with it."""
    if "-----BEGIN" in value:
        text = value.replace("\\n", "\n")
    else:
        try:
            text = Path(value).expanduser().read_text("ascii")
        except (OSError, ValueError, RuntimeError):  # RuntimeError: `~` with no home
            raise ValueError("is neither the text of a .pem file nor the path of one that can be read") from None
    try:
        key = load_pem_private_key(text.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ValueError("does not hold a private key that can be read: use the .pem file as GitHub gave it") from None
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("is not an RSA key: use the .pem file that GitHub gave for this app")
    return Secret(text)


def _webhook_secrets(value: str) -> tuple[Secret, ...]:
    parts = [part.strip() for part in value.split(",")]
    if not all(parts):
        raise ValueError("has an empty secret between its commas: an empty secret would let anybody in; take it out")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("is not UTF-8 text") from None
    return tuple(Secret(part) for part in parts)


def _api_url(value: str) -> str:
    if not _is_web_address(value):
        raise ValueError(f"must be a URL such as {DEFAULT_API_URL} or https://github.example.org/api/v3")
    return value.rstrip("/")


def github_pages(api_url: str) -> str:
    """Where GitHub's pages are, by the address of its API: github.com's is a host of its own, that of GitHub Enterprise
    Server is a path."""
    return DEFAULT_GITHUB_URL if api_url == DEFAULT_API_URL else api_url.removesuffix("/api/v3")


def _github_url(value: str) -> str:
    if not _is_web_address(value):
        raise ValueError(f"must be the address of GitHub's pages, such as {DEFAULT_GITHUB_URL}")
    return value.rstrip("/")


def public_url(value: str) -> str:
    """The address under which GitHub and people reach the service; a prefix may follow the host. Raises ValueError."""
    if not _is_web_address(value):
        raise ValueError("must be the address that GitHub reaches this service at, such as https://bot.example.org")
    return value.rstrip("/")


def _is_web_address(value: str) -> bool:
    """http or https, a host, and perhaps a port and a path: no name, no password, nothing after the path."""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return False
    plain = bool(re.fullmatch(r"[!-~]+", value)) and not set(value) & set("<>\"'`{}|\\^@?#")
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and plain


def _secret_key(value: str) -> Secret:
    if len(value) < 32:
        raise ValueError(
            "is too short: it takes 32 characters. How to make one: "
            "python -c 'import secrets; print(secrets.token_hex(32))'"
        )
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("is not UTF-8 text") from None
    return Secret(value)


def _database_url(value: str) -> str:
    """A URL for SQLAlchemy. Platforms give `postgres://`; the driver is psycopg 3."""
    scheme, sep, rest = value.partition("://")
    if sep and scheme in {"postgres", "postgresql", "postgresql+psycopg"} and _can_be_split(value):
        return f"postgresql+psycopg://{rest}"
    if value.startswith("sqlite:///") and value.removeprefix("sqlite:///") not in {"", ":memory:"}:
        return value
    raise ValueError("must look like sqlite:///switchback.db or postgresql://user:password@host:5432/name")


def _can_be_split(url: str) -> bool:
    try:
        _ = urlsplit(url).port
        make_url(url)
    except (ValueError, ArgumentError):
        return False
    return True


def _host(value: str) -> str:
    return value


def _port(value: str) -> int:
    if not value.isascii() or not value.isdigit() or len(value) > 5 or not 0 <= int(value) <= 65535:
        raise ValueError("must be a number from 0 to 65535")
    return int(value)


def _percent(value: str) -> float:
    if not value.isascii() or not value.isdigit() or len(value) > 3 or not 0 <= int(value) <= 100:
        raise ValueError("must be a whole number of percent, from 0 to 100")
    return int(value) / 100


def _days_to_keep(value: str) -> timedelta:
    if not value.isascii() or not value.isdigit() or len(value) > 3 or not 4 <= int(value) <= 365:
        raise ValueError("must be a whole number of days, from 4 (GitHub redelivers for 3) to 365")
    return timedelta(days=int(value))


def _log_level(value: str) -> str:
    if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError("must be one of debug, info, warning, error")
    return value.upper()


def _log_format(value: str) -> LogFormat:
    match value.lower():
        case "console":
            return "console"
        case "json":
            return "json"
        case _:
            raise ValueError("must be console or json")


def _yes_or_no(value: str) -> bool:
    match value.lower():
        case "1" | "true" | "yes" | "on":
            return True
        case "0" | "false" | "no" | "off":
            return False
        case _:
            raise ValueError("must be 1 or 0")
