"""The log: what must stay secret is in no line, in whatever form it got there, and both formats say what happened."""

import json
import logging
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import jwt
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot.logs import Veil, configure
from bot.sandbox.acts.apps import new_private_key
from bot.settings import LogFormat, Secret

FORMATS: Final[list[LogFormat]] = ["console", "json"]
HOOK: Final = "correct-horse-battery"
ODD: Final = "zyx'te\"kwq\\qjz\nüxk"  # a secret that looks otherwise in a repr, in JSON and in a URL
CLASSIC: Final = "ghs_16C7e42F292c6912E7710c838347Ae178B4a"
# The installation tokens that GitHub gives since 2026: ghs_APPID_JWT,
# https://github.blog/changelog/2026-05-15-github-app-installation-tokens-per-request-override-header/
CLAIMS: Final = urlsafe_b64encode(b'{"iss":"1","exp":1,"installation":5}').decode().rstrip("=")
SIGNATURE: Final = "h3-_Xq" * 40
STATELESS: Final = f"ghs_12345_eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.{CLAIMS}.{SIGNATURE}"


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    root.handlers[:], root.level = handlers, level


@dataclass
class Told:
    """Something that shows a secret in its own way."""

    text: str


Read = Callable[[], str]


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Read:
    """What was logged; nothing goes to standard output."""

    def read() -> str:
        out, err = capsys.readouterr()
        assert out == ""
        return err

    return read


KEY: Final = new_private_key()
SIGNED: Final = jwt.encode({"iss": "12345"}, KEY, algorithm="RS256")
# What must not be seen: the text that is logged, and the part of it that would give it away.
SECRETS: Final = {
    "webhook secret": (HOOK, HOOK),
    "installation token": (f"token {CLASSIC} expired", CLASSIC[4:]),
    "stateless installation token": (f"Bearer {STATELESS}", SIGNATURE),
    "user token": ("gho_" + "x1Y" * 12, "x1Y"),
    "personal token": ("github_pat_11ABCDEFG0" + "x1Y" * 12, "x1Y"),
    "signed token of the app": (f"Authorization: Bearer {SIGNED}", SIGNED.split(".")[2]),
    "private key": (f"read {KEY} from disk", KEY.splitlines()[1]),
    "private key in one line": (KEY.replace("\n", "\\n"), KEY.splitlines()[1]),
    "private key of another kind": (KEY.replace("RSA ", ""), KEY.splitlines()[1]),
    "private key that is cut off": (KEY[:400], KEY.splitlines()[1]),
}


def fail(text: str) -> None:
    try:
        raise KeyError(text)
    except KeyError as error:
        raise RuntimeError([text, {"inside": text}]) from error


def by_exception(log: Any, text: str) -> None:
    try:
        fail(text)
    except RuntimeError:
        log.exception("it broke")


def by_library(log: Any, text: str) -> None:
    logging.getLogger("some.library").warning("sent %s", text)


def by_library_exception(log: Any, text: str) -> None:
    try:
        fail(text)
    except RuntimeError:
        logging.getLogger("some.library").exception("sent %s", {"header": text})


WAYS: Final[dict[str, Callable[[Any, str], object]]] = {
    "the event itself": lambda log, text: log.warning(text),
    "filled into the event": lambda log, text: log.warning("sent %s", text),
    "a value": lambda log, text: log.warning("sent", body=text),
    "a value in a list": lambda log, text: log.warning("sent", bodies=[1, [text]]),
    "a value in a mapping": lambda log, text: log.warning("sent", headers={"Authorization": (text,)}),
    "a name in a mapping": lambda log, text: log.warning("sent", headers={text: 1}),
    "bytes": lambda log, text: log.warning("sent", body=text.encode()),
    "an object": lambda log, text: log.warning("sent", told=Told(text)),
    "an error": lambda log, text: log.warning("sent", why=ValueError(text)),
    "what is bound": lambda log, text: log.bind(body=text).warning("sent"),
    "an exception": by_exception,
    "a library": by_library,
    "a library's exception": by_library_exception,
}


FORM: Final = pytest.mark.parametrize("form", FORMATS)


def leaking(lines: Read, text: str, *parts: str) -> list[str]:
    """The ways in which one of the parts gets into a line."""
    leaks = []
    for way, log_it in WAYS.items():
        log_it(structlog.get_logger(), text)
        written = lines()
        assert written, way
        if any(part in written for part in parts):
            leaks.append(way)
    return leaks


@FORM
@pytest.mark.parametrize("name", SECRETS, ids=[name.replace(" ", "-") for name in SECRETS])
def test_no_line_holds_a_secret(name: str, form: LogFormat, lines: Read) -> None:
    configure("INFO", form, [HOOK])
    assert leaking(lines, *SECRETS[name]) == []


@FORM
def test_no_name_of_a_value_holds_a_secret(form: LogFormat, lines: Read) -> None:
    configure("INFO", form, [HOOK])
    structlog.get_logger().warning("sent", **{HOOK: 1})
    assert HOOK not in lines()


@FORM
def test_a_secret_is_hidden_in_whatever_way_it_is_written_out(form: LogFormat, lines: Read) -> None:
    configure("INFO", form, [ODD])
    assert leaking(lines, ODD, "zyx", "kwq", "qjz", "xk") == []


@given(st.text(st.characters(exclude_categories=["N", "Cs"]), min_size=4), *[st.text("0123456789")] * 2)
def test_a_known_secret_is_hidden_in_any_text(secret: str, before: str, behind: str) -> None:
    assert Veil([secret]).hide(f"{before}{secret}{behind}") == f"{before}…{behind}"


def test_the_longer_of_two_secrets_goes_first() -> None:
    assert Veil(["pass", "password"]).hide("a password, a pass") == "a …, a …"


def test_a_veil_without_secrets_hides_tokens_and_nothing_else() -> None:
    veil = Veil([])
    assert veil.hide(f"see {CLASSIC}!") == "see …!"
    for text in ("", "ghs_short", "eyJ", "a.b.c", "-----BEGIN CERTIFICATE-----", "thread/100/5"):
        assert veil.hide(text) == text
    assert Veil([""]).hide("text") == "text"


def test_secrets_of_the_settings_show_nothing(lines: Read) -> None:
    configure("INFO", "json", [])
    structlog.get_logger().info("sent", key=Secret(HOOK), keys=[Secret(HOOK)])
    assert HOOK not in lines()


def test_json_holds_one_object_in_each_line(lines: Read) -> None:
    configure("INFO", "json", [HOOK])
    log = structlog.get_logger()
    log.info("delivery recorded", delivery="guid-1", number=5, repo="alpine-tools/trail-maps", why=None, live=True)
    log.warning("Grüße ☕", many="a\nb")
    by_exception(log, "text")
    by_library_exception(log, "text")
    first, second, third, fourth = [json.loads(line) for line in lines().splitlines()]
    at = first.pop("timestamp")
    assert at.endswith("Z")
    assert first == {
        "event": "delivery recorded", "level": "info", "delivery": "guid-1", "number": 5, "why": None, "live": True,
        "repo": "alpine-tools/trail-maps",
    }  # fmt: skip
    assert (second["event"], second["level"], second["many"]) == ("Grüße ☕", "warning", "a\nb")
    for broken in (third, fourth):
        assert broken["level"] == "error"
        assert "KeyError" in broken["exception"]
        assert "RuntimeError" in broken["exception"]


def test_the_console_shows_what_a_person_needs(lines: Read) -> None:
    configure("INFO", "console", [])
    structlog.get_logger().info("delivery recorded", delivery="guid-1", number=5)
    by_exception(structlog.get_logger(), "text")
    shown = lines()
    assert "\x1b" not in shown  # no colours where no terminal is
    for text in ("delivery recorded", "delivery=guid-1", "number=5", "RuntimeError", "KeyError"):
        assert text in shown


@pytest.mark.parametrize(
    ("level", "ours", "theirs"),
    [
        pytest.param("DEBUG", ["debug", "info", "warning", "error"], ["warning", "error"], id="debug"),
        pytest.param("INFO", ["info", "warning", "error"], ["warning", "error"], id="info"),
        pytest.param("WARNING", ["warning", "error"], ["warning", "error"], id="warning"),
        pytest.param("ERROR", ["error"], ["error"], id="error"),
    ],
)
@FORM
def test_a_level_says_what_is_left_out(
    level: str, ours: list[str], theirs: list[str], form: LogFormat, lines: Read
) -> None:
    configure(level, form, [])
    for name in ("debug", "info", "warning", "error"):
        getattr(structlog.get_logger(), name)(f"we-{name}")
        getattr(logging.getLogger("some.library"), name)(f"they-{name}")
    shown = lines()
    for name in ("debug", "info", "warning", "error"):
        assert (f"we-{name}" in shown) is (name in ours)
        assert (f"they-{name}" in shown) is (name in theirs)


def test_configuring_again_replaces_what_was(lines: Read) -> None:
    for _ in range(2):
        configure("INFO", "json", [])
    logging.getLogger("some.library").warning("once")
    assert lines().count("once") == 1
