"""The environment as `Settings`: what is right is read, what is wrong is told in one line, and secrets do not show."""

import dataclasses
import json
import pprint
import traceback
from base64 import encodebytes
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import settings as slowly
from hypothesis import strategies as st
from rich.pretty import pretty_repr
from sqlalchemy import make_url

from bot.settings import Secret, Serving, Settings, SettingsError, database_url, from_environment

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey

PKCS1: Final = PrivateFormat.TraditionalOpenSSL  # the form in which GitHub gives it
HOOK: Final = "hunter2-but-longer"
HOW: Final = {
    "GITHUB_APP_ID": "App ID",
    "GITHUB_APP_PRIVATE_KEY": "Generate a private key",
    "GITHUB_WEBHOOK_SECRET": "secrets.token_hex",
}
DEFAULTS: Final = {
    "GITHUB_API_URL": "https://api.github.com", "START_LIVE": "0", "DATABASE_URL": "sqlite:///switchback.db",
    "HOST": "127.0.0.1", "PORT": "8000", "LOG_LEVEL": "info", "LOG_FORMAT": "console", "BACKFILL_SHARE": "50",
    "KEEP_DELIVERIES_DAYS": "30",
}  # fmt: skip
YES, NO = ("1", "true", "YES", "on"), ("0", "False", "no", "OFF")


@cache
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def pem(key: Key, form: PrivateFormat = PrivateFormat.PKCS8, password: bytes | None = None) -> str:
    cipher = serialization.BestAvailableEncryption(password) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, form, cipher).decode()


def of_an_unknown_kind() -> str:
    """A key of an algorithm that nobody has heard of: well-formed, but with another object identifier."""
    der = ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    odd = der.replace(bytes.fromhex("2a8648ce3d0201"), bytes.fromhex("2a8648ce3d0209"))
    return f"-----BEGIN PRIVATE KEY-----\n{encodebytes(odd).decode()}-----END PRIVATE KEY-----\n"


def public_key() -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return rsa_key().public_key().public_bytes(Encoding.PEM, form).decode()


def right(**changes: str) -> dict[str, str]:
    return {"GITHUB_APP_ID": "12345", "GITHUB_APP_PRIVATE_KEY": pem(rsa_key()), "GITHUB_WEBHOOK_SECRET": HOOK} | changes


def shown(error: BaseException) -> str:
    """All that a traceback tells."""
    return "".join(traceback.format_exception(error))


def refused(environ: dict[str, str]) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        from_environment(environ)
    assert len(str(caught.value).splitlines()) == 1
    return caught.value


def test_three_variables_are_enough() -> None:
    settings = from_environment(right())
    assert settings == Settings(
        app_id="12345", private_key=Secret(pem(rsa_key()).strip()), webhook_secrets=(Secret(HOOK),), start_live=False,
        api_url="https://api.github.com", database_url="sqlite:///switchback.db",
        serving=Serving(host="127.0.0.1", port=8000, log_level="INFO", log_format="console"),
    )  # fmt: skip


def test_every_variable_is_read() -> None:
    environ = right(
        GITHUB_API_URL="https://github.example.org/api/v3/", START_LIVE="yes", DATABASE_URL="sqlite:////data/x.db",
        GITHUB_URL="https://pages.example.org/", PUBLIC_URL="https://bot.example.org/x/", SECRET_KEY="k" * 32,
        HOST="::1", PORT=" 80 ", LOG_LEVEL="Warning", LOG_FORMAT="JSON", BACKFILL_SHARE="5", KEEP_DELIVERIES_DAYS="4",
    )  # fmt: skip
    settings = from_environment(environ)
    assert (settings.api_url, settings.start_live) == ("https://github.example.org/api/v3", True)
    assert (settings.github_url, settings.public_url) == ("https://pages.example.org", "https://bot.example.org/x")
    assert settings.secret_key == Secret("k" * 32)
    assert settings.database_url == database_url(environ) == "sqlite:////data/x.db"
    assert (settings.backfill_share, settings.keep_deliveries) == (0.05, timedelta(days=4))
    assert settings.serving == Serving(host="::1", port=80, log_level="WARNING", log_format="json")


@pytest.mark.parametrize(("word", "live"), [*((word, True) for word in YES), *((word, False) for word in NO)])
def test_yes_and_no_are_written_as_people_do(word: str, live: bool) -> None:
    assert from_environment(right(START_LIVE=word)).start_live is live


@pytest.mark.parametrize("name", HOW)
@pytest.mark.parametrize(
    ("value", "state"),
    [(None, "is not set"), ("", "is empty"), (" \t\n", "is empty")],
    ids=["missing", "empty", "blank"],
)
def test_what_is_needed_is_named_with_how_to_get_it(name: str, value: str | None, state: str) -> None:
    environ = {key: text for key, text in right(**{name: value or ""}).items() if key != name or value is not None}
    message = str(refused(environ))
    assert message.startswith(f"{name} {state}. How to get it: ")
    assert HOW[name] in message


@pytest.mark.parametrize("name", DEFAULTS)
def test_what_may_be_left_out_may_not_be_empty(name: str) -> None:
    told = str(refused(right(**{name: " "})))
    assert told == f"{name} is empty. Leave it out to use {DEFAULTS[name]}, or give it a value."


WRONG: Final = [
    pytest.param("GITHUB_APP_ID", "Iv23abcdef", "must be a number", id="client-id-for-the-app-id"),
    pytest.param("GITHUB_APP_ID", "١٢٣", "must be a number", id="app-id-in-arabic-digits"),
    pytest.param("GITHUB_APP_PRIVATE_KEY", "/no/such/file.pem", "is neither the text", id="no-such-key-file"),
    pytest.param("GITHUB_APP_PRIVATE_KEY", "/", "is neither the text", id="directory-for-a-key"),
    pytest.param("GITHUB_APP_PRIVATE_KEY", "~nobody-here/key.pem", "is neither the text", id="unknown-home-of-a-key"),
    pytest.param("GITHUB_APP_PRIVATE_KEY", "MIIEpAIBAAKC" * 100, "is neither the text", id="key-without-its-frame"),
    pytest.param("GITHUB_WEBHOOK_SECRET", "one-key,,two-key", "has an empty secret", id="empty-secret-in-the-middle"),
    pytest.param("GITHUB_WEBHOOK_SECRET", "one-key, ", "has an empty secret", id="empty-secret-at-the-end"),
    pytest.param("GITHUB_WEBHOOK_SECRET", "one-key\udcff", "", id="secret-of-bytes-that-are-no-text"),
    pytest.param("GITHUB_API_URL", "api.github.com", "must be a URL", id="api-url-without-scheme"),
    pytest.param("GITHUB_API_URL", "https://", "must be a URL", id="api-url-without-host"),
    pytest.param("GITHUB_API_URL", "https://[half", "", id="api-url-with-half-an-address"),
    pytest.param("GITHUB_URL", "github.com", "must be the address of GitHub's pages", id="pages-without-scheme"),
    pytest.param("PUBLIC_URL", "bot.example.org", "must be the address that GitHub", id="public-url-without-scheme"),
    pytest.param("PUBLIC_URL", "https://bot.example.org/?a=b", "must be the address", id="public-url-with-a-query"),
    pytest.param("PUBLIC_URL", " ", "is empty. Leave it out", id="empty-public-url"),
    pytest.param("SECRET_KEY", "x" * 31, "is too short: it takes 32 characters", id="short-key"),
    pytest.param("SECRET_KEY", "x" * 32 + "\udcff", "is not UTF-8 text", id="key-of-bytes-that-are-no-text"),
    pytest.param("START_LIVE", "perhaps", "must be 1 or 0", id="neither-yes-nor-no"),
    pytest.param("BACKFILL_SHARE", "half", "must be a whole number of percent", id="share-in-words"),
    pytest.param("BACKFILL_SHARE", "101", "must be a whole number of percent", id="more-than-all-of-it"),
    pytest.param("KEEP_DELIVERIES_DAYS", "3", "must be a whole number of days, from 4", id="too-short"),
    pytest.param("KEEP_DELIVERIES_DAYS", "for ever", "must be a whole number of days", id="for-ever"),
    pytest.param("DATABASE_URL", "switchback.db", "must look like sqlite:///", id="path-for-a-database-url"),
    pytest.param("DATABASE_URL", "sqlite:///:memory:", "", id="database-that-forgets"),
    pytest.param("DATABASE_URL", "mysql://ada:hunter2@host/name", "must look like sqlite:///", id="other-database"),
    pytest.param("DATABASE_URL", "postgres://ada:hunter2@host:x/name", "must look like", id="odd-database-port"),
    pytest.param("DATABASE_URL", "postgres://ada:hunter2@[half/name", "must look like", id="odd-database-host"),
    pytest.param("PORT", "eighty", "must be a number from 0 to 65535", id="port-in-words"),
    pytest.param("PORT", "65536", "must be a number from 0 to 65535", id="port-too-high"),
    pytest.param("PORT", "-1", "must be a number from 0 to 65535", id="port-below-zero"),
    pytest.param("PORT", "9" * 5000, "must be a number from 0 to 65535", id="port-of-5000-digits"),
    pytest.param("LOG_LEVEL", "loud", "must be one of debug, info, warning, error", id="unknown-log-level"),
    pytest.param("LOG_FORMAT", "xml", "must be console or json", id="unknown-log-format"),
]


@pytest.mark.parametrize(("name", "value", "says"), WRONG)
def test_what_is_wrong_is_told_in_one_line_that_does_not_show_it(name: str, value: str, says: str) -> None:
    error = refused(right(**{name: value}))
    assert str(error).startswith(f"{name} {says}")
    for secret in ("hunter2", "one-key", "MIIEpAIBAAKC"):
        assert secret not in shown(error)


@pytest.mark.parametrize(
    "as_given",
    [
        pytest.param(str, id="as-it-is"),
        pytest.param(lambda text: text.replace("\n", "\\n"), id="line-breaks-written-out"),
        pytest.param(lambda text: f"\n  {text}\n\n", id="blanks-around"),
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="line-breaks-of-windows"),
    ],
)
@pytest.mark.parametrize("form", [pytest.param(PKCS1, id="PKCS-1"), pytest.param(PrivateFormat.PKCS8, id="PKCS-8")])
def test_the_key_comes_as_text_or_as_a_path(
    form: PrivateFormat, as_given: Callable[[str], str], tmp_path: Path
) -> None:
    text = pem(rsa_key(), form)
    by_text = from_environment(right(GITHUB_APP_PRIVATE_KEY=as_given(text))).private_key.reveal()
    assert by_text.split() == text.split()

    (tmp_path / "key.pem").write_text(text)
    by_path = from_environment(right(GITHUB_APP_PRIVATE_KEY=f" {tmp_path}/key.pem ")).private_key.reveal()
    assert by_path.split() == text.split()


def test_a_path_may_start_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "key.pem").write_text(pem(rsa_key()))
    from_environment(right(GITHUB_APP_PRIVATE_KEY="~/key.pem"))


@pytest.mark.parametrize(
    ("make", "says"),
    [
        pytest.param(lambda: pem(rsa_key(), password=b"x"), "does not hold a private key", id="encrypted-PKCS-8"),
        pytest.param(lambda: pem(rsa_key(), PKCS1, b"x"), "does not hold a private key", id="encrypted-PKCS-1"),
        pytest.param(lambda: pem(ec.generate_private_key(ec.SECP256R1())), "is not an RSA key", id="EC-key"),
        pytest.param(lambda: pem(ed25519.Ed25519PrivateKey.generate()), "is not an RSA key", id="Ed25519-key"),
        pytest.param(of_an_unknown_kind, "", id="key-of-an-unknown-kind"),
        pytest.param(public_key, "does not hold a private key", id="public-key"),
        pytest.param(lambda: pem(rsa_key())[:300], "does not hold a private key", id="half-a-key"),
        pytest.param(lambda: pem(rsa_key()).replace("A", "ü"), "does not hold a private key", id="broken-letters"),
    ],
)
def test_other_keys_are_refused(make: Callable[[], str], says: str, tmp_path: Path) -> None:
    text = make()
    (tmp_path / "key.pem").write_text(text, "utf-8")
    body = text.splitlines()[1]
    for value in (text, text.replace("\n", "\\n"), f"{tmp_path}/key.pem"):
        error = refused(right(GITHUB_APP_PRIVATE_KEY=value))
        assert str(error).startswith("GITHUB_APP_PRIVATE_KEY ")
        assert body not in shown(error)
    assert says in str(refused(right(GITHUB_APP_PRIVATE_KEY=text)))


@pytest.mark.parametrize(
    ("value", "secrets"),
    [
        pytest.param("one", ["one"], id="one"),
        pytest.param("new,old", ["new", "old"], id="two-while-rotating"),
        pytest.param(" new , old ", ["new", "old"], id="blanks-around"),
        pytest.param("clé-ünïcode", ["clé-ünïcode"], id="any-letters"),
    ],
)
def test_several_secrets_stand_between_commas(value: str, secrets: list[str]) -> None:
    settings = from_environment(right(GITHUB_WEBHOOK_SECRET=value))
    assert [secret.reveal() for secret in settings.webhook_secrets] == secrets


@pytest.mark.parametrize(
    ("value", "url"),
    [
        pytest.param("sqlite:///memory.db", "sqlite:///memory.db", id="sqlite-beside-us"),
        pytest.param("sqlite:////data/memory.db", "sqlite:////data/memory.db", id="sqlite-anywhere"),
        pytest.param("postgres://h/db", "postgresql+psycopg://h/db", id="as-platforms-give-it"),
        pytest.param("postgresql://u:p@h:5432/db", "postgresql+psycopg://u:p@h:5432/db", id="postgresql"),
        pytest.param("postgresql+psycopg://h/db", "postgresql+psycopg://h/db", id="with-the-driver"),
        pytest.param("postgres://h/db?sslmode=require", "postgresql+psycopg://h/db?sslmode=require", id="with-options"),
    ],
)  # fmt: skip
def test_database_urls_are_turned_into_those_of_sqlalchemy(value: str, url: str) -> None:
    assert database_url({"DATABASE_URL": value}) == url
    make_url(url)


def crashed_with(settings: Settings) -> str:
    try:
        raise RuntimeError(settings)
    except RuntimeError as error:
        return "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())


SHOWS: Final = [
    pytest.param(repr, id="repr"),
    pytest.param(lambda settings: f"{settings} {settings.private_key}", id="format"),
    pytest.param(pprint.pformat, id="pprint"),
    pytest.param(pretty_repr, id="rich"),
    pytest.param(lambda settings: json.dumps([settings, settings.private_key], default=str), id="json"),
    pytest.param(crashed_with, id="traceback-with-variables"),
]
AS_DICT: Final = pytest.param(lambda settings: repr(dataclasses.asdict(settings)), id="asdict")


@pytest.mark.parametrize("show", [*SHOWS, AS_DICT])
def test_settings_do_not_show_their_secrets(show: Callable[[Settings], str]) -> None:
    text = show(from_environment(right()))
    assert HOOK not in text
    assert pem(rsa_key()).splitlines()[1] not in text


@pytest.mark.parametrize("show", SHOWS)
def test_settings_do_not_show_the_password_of_the_database(show: Callable[[Settings], str]) -> None:
    assert "hunter2" not in show(from_environment(right(DATABASE_URL="postgres://ada:hunter2@host/name")))


def test_the_log_is_told_all_that_it_must_hide() -> None:
    environ = right(GITHUB_WEBHOOK_SECRET="new-key,old-key", DATABASE_URL="postgres://ada:pass%40word@host/name")
    hidden = from_environment(environ).secrets()
    assert {"new-key", "old-key", pem(rsa_key()).strip()} <= set(hidden)
    assert "pass%40word" in hidden  # as the URL has it
    assert "pass@word" in hidden  # and as the database is told it
    assert all(from_environment(right()).secrets())


STARTS: Final = [
    *((name, "") for name in (*HOW, *DEFAULTS)),
    ("GITHUB_APP_PRIVATE_KEY", "~"), ("GITHUB_API_URL", "https://"), ("DATABASE_URL", "postgres://"),
]  # fmt: skip


@slowly(deadline=None)
@given(st.sampled_from(STARTS), st.text(st.characters(exclude_characters="\0", exclude_categories=[]), max_size=30))
def test_whatever_stands_there_is_read_or_refused_in_one_line(start: tuple[str, str], rest: str) -> None:
    name, text = start
    try:
        settings, told = from_environment(right(**{name: text + rest})), ""
    except SettingsError as error:
        settings, told = None, str(error)
    if settings is None:
        assert told.startswith(f"{name} ")
        assert "\n" not in told
    else:
        assert all(settings.secrets())
