"""The app's credentials, if the set-up page got them from GitHub: in the database, encrypted with SECRET_KEY.

Whoever has only the database (a backup, say) cannot act as the app.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection

from bot import settings
from bot.memory import app as stored
from bot.memory.store import Store
from bot.settings import Credentials, Secret, Settings, SettingsError, Surroundings

_PURPOSE: Final = b"switchback: the app's credentials, 1"


def settings_or_surroundings(environ: Mapping[str, str]) -> Settings | Surroundings:
    """What is set, with the app of the environment, else with the one in the database. Without an app it is to be set
    up first. Raises SettingsError and StoreUnavailable."""
    if settings.names_an_app(environ):
        return settings.from_environment(environ)
    around = settings.surroundings(environ)
    app = load(around)
    return around if app is None else around.with_app(app)


def settings_with_app(environ: Mapping[str, str]) -> Settings:
    """For commands that cannot do without an app. Raises SettingsError and StoreUnavailable."""
    found = settings_or_surroundings(environ)
    if not isinstance(found, Settings):
        raise SettingsError(
            "no app is set up here: start `python -m bot serve` and open the address that it prints, or set "
            f"{', '.join(settings.CREDENTIALS)}"
        )
    return found


def load(around: Surroundings) -> Credentials | None:
    """What the database keeps; None: nothing. A missing SQLite file is not made.

    Raises StoreUnavailable, and SettingsError if it cannot be opened with SECRET_KEY.
    """
    path = around.database_url.removeprefix("sqlite:///")
    if path != around.database_url and not Path(path).exists():
        return None
    with closing(Store(around.database_url)) as store:
        sealed = store.read_now(stored.sealed)
    if sealed is None:
        return None
    if around.secret_key is None:
        raise SettingsError(
            "SECRET_KEY is not set, and the app's key lies in the database encrypted with it: set it to what it was "
            "when the app was set up"
        )
    return unseal(sealed, around.secret_key)


def keep(connection: Connection, app: Credentials, key: Secret, now: datetime) -> bool:
    """False if the database keeps an app already: that one stays."""
    return stored.keep(connection, seal(app, key), now)


def seal(app: Credentials, key: Secret) -> bytes:
    told = {
        "app_id": app.app_id,
        "private_key": app.private_key.reveal(),
        "webhook_secrets": [secret.reveal() for secret in app.webhook_secrets],
    }
    return _cipher(key).encrypt(json.dumps(told).encode())


def unseal(sealed: bytes, key: Secret) -> Credentials:
    """Raises SettingsError if it was sealed with another key."""
    try:
        told = json.loads(_cipher(key).decrypt(sealed))
    except InvalidToken:
        raise SettingsError(
            "SECRET_KEY is not the one that the app's key in the database is encrypted with: set it to what it was "
            "when the app was set up, or begin anew with `python -m bot setup --reset`"
        ) from None
    return Credentials(
        app_id=told["app_id"],
        private_key=Secret(told["private_key"]),
        webhook_secrets=tuple(map(Secret, told["webhook_secrets"])),
    )


def _cipher(key: Secret) -> Fernet:
    derived = HKDF(SHA256(), 32, salt=None, info=_PURPOSE).derive(key.reveal().encode())
    return Fernet(urlsafe_b64encode(derived))
