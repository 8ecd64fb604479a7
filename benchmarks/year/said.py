"""What the bot said and did in a year, as everybody can see it."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

_NO_CALL: Final = re.compile(r"<!--.*?-->|```.*?```|`[^`]*`", re.DOTALL)
_MENTION: Final = re.compile(r"(?<![\w/`@-])@([a-z\d](?:[a-z\d-]*[a-z\d])?)(?![\w/-])", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A comment of the bot's, or an issue that it opened (`number` 0: it has just been opened). `mentions`: whom it
    calls, in lower case; of what was edited only those who were not called before. `rule`: by its marker, "" where
    there is none."""

    at: datetime
    repo: str
    number: int
    body: str
    mentions: frozenset[str]
    rule: str = ""
    template: str = ""
    is_edit: bool = False


@dataclass(kw_only=True)
class Lived:
    """What became of the year. `calls`: by the kind of subject that was looked at, and whether they read or wrote.
    `ended`: what the bot closed, with the titles, and whether it had opened it itself."""

    said: list[Said] = field(default_factory=list)
    ended: list[tuple[str, bool]] = field(default_factory=list)
    calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    looks: Counter[str] = field(default_factory=Counter)
    deliveries: int = 0
    seconds: float = 0
    numbers: dict[tuple[str, int], int] = field(default_factory=dict)  # (repository, number) to the flow's number


def mentions(body: str) -> frozenset[str]:
    """Whom GitHub would call: what stands in code does not count."""
    return frozenset(login.lower() for login in _MENTION.findall(_NO_CALL.sub(" ", body)))
