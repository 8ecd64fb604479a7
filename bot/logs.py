"""Structured logs. The same thing has the same name in each line: delivery and gh_event, subject, repo and number, rule
and effect, status, limit, url; and why.

What is secret is cut out of every line before it is written, wherever in the line it turned up.
"""

import json
import logging
import re
import sys
from collections.abc import Iterable
from typing import Final

import structlog
from structlog.typing import EventDict, WrappedLogger

from bot.settings import LogFormat

# Tokens that GitHub gives out, JWTs, and private keys.
_PATTERNS: Final = (
    r"gh[opsur]_[A-Za-z0-9_.-]{20,}|github_pat_[A-Za-z0-9_]{20,}",  # since 2026 a JWT may be inside: ghs_APPID_JWT
    r"eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*",
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
)


class Veil:
    """A structlog processor that hides secrets, the last one before rendering."""

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {form for secret in secrets if len(secret) > 3 for form in _forms(secret)}
        known = sorted(map(re.escape, forms), key=len, reverse=True)
        self._pattern = re.compile("|".join((*known, *_PATTERNS)), re.DOTALL)

    def hide(self, text: str) -> str:
        return self._pattern.sub("…", text)

    def __call__(self, logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        return {self.hide(key): self._deep(value) for key, value in event.items()}

    def _deep(self, value: object) -> object:
        if value is None or isinstance(value, bool | int | float):
            return value
        return self.hide(str(value))


def _forms(secret: str) -> set[str]:
    """A secret as it is, and as Python and JSON write it when it stands inside something else."""
    text, data = repr("'\"" + secret)[4:-1], repr(b"'\"" + secret.encode("utf-8", "replace"))[5:-1]
    quoted = {json.dumps(secret, ensure_ascii=ascii_only)[1:-1] for ascii_only in (True, False)}
    return {secret, text, text.replace("\\'", "'"), data, data.replace("\\'", "'")} | quoted


def configure(level: str, form: LogFormat, secrets: Iterable[str]) -> None:
    """Logs to standard error from now on, those of the libraries too."""
    veil = Veil(secrets)
    shared: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        veil,
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=renderer, foreign_pre_chain=shared))
    logging.basicConfig(level=max(logging.getLevelName(level), logging.WARNING), handlers=[handler], force=True)
