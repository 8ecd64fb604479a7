"""The words in which the past of the sample organisation is written down: see `stories`."""

from dataclasses import dataclass
from typing import Literal

from bot.sandbox.git import ChangedFile

Act = Literal["say", "label", "unlabel", "assign", "ask", "approve", "merge", "close", "decline", "answer"]
Kind = Literal["issue", "pull", "discussion"]


@dataclass(frozen=True)
class Step:
    """`hours` after the thread was opened, `by` does something; `text` is what they say, or the label."""

    hours: float
    by: str
    act: Act
    text: str = ""


@dataclass(frozen=True)
class Story:
    """One thread, opened `days` ago."""

    days: float
    repo: str
    by: str
    title: str
    body: str
    then: tuple[Step, ...] = ()
    kind: Kind = "issue"
    labels: tuple[str, ...] = ()
    files: tuple[ChangedFile, ...] = ()
    category: str = "general"
