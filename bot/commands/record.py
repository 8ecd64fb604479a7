"""`/record`, `/record huts#12`, `/record https://…`: what somebody contributed in a cohort; read from the words behind.

Nothing behind it: the thread in which it stands.
"""

import re
from dataclasses import dataclass
from typing import Final

NAME: Final = "record"

_LONGEST: Final = 200  # characters of an address
_THREAD: Final = re.compile(r"(?:(?:([\w.-]+)/)?([\w.-]+))?#(\d{1,9})", re.ASCII)
_ADDRESS: Final = re.compile(
    r"https://github\.com/([\w.-]+)/([\w.-]+)/(?:issues|pull|discussions)/(\d{1,9})[/?#]?\S*", re.ASCII
)
_LINK: Final = re.compile(r"https?://[\w.-]+(?::\d+)?(?:/[^\s()<>\[\]\"'`|\\]*)?", re.ASCII)
_POLITE: Final = re.compile(r"[ .,!]*(?:\b(?:please|thanks|thank you|thx))?[ .,!]*$", re.IGNORECASE)
_MARKDOWN: Final = re.compile(r"<(https?://[^<>\s]+)>|\[[^\]]*\]\((https?://[^()\s]+)\)")


@dataclass(frozen=True, slots=True)
class Here:
    """This thread."""


@dataclass(frozen=True, slots=True)
class Named:
    """A thread by its names; without them it is one of the same repository or owner. `url`: as it was written, if it
    was an address."""

    owner: str | None
    repo: str | None
    number: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What stands at an address."""

    url: str


Wish = Here | Named | Elsewhere


def read(args: str) -> Wish | None:
    """None: it names nothing that can be recorded."""
    said = _POLITE.sub("", args.strip())
    if not said or said.casefold() == "this":
        return Here()
    if written := _MARKDOWN.fullmatch(said):
        said = written[1] or written[2]
    if len(said) > _LONGEST:
        return None
    if thread := _THREAD.fullmatch(said):
        return Named(thread[1], thread[2], int(thread[3]))
    if address := _ADDRESS.fullmatch(said):
        return Named(address[1], address[2], int(address[3]), said)
    return Elsewhere(said) if _LINK.fullmatch(said) else None
