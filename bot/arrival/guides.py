"""Recognises guides: files by their path, and links in a text by their words and their address.

Pure. It reads Markdown, reStructuredText and HTML alike, and follows nothing.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import Final
from urllib.parse import urlsplit

from bot.arrival.found import Kind

_LONGEST: Final = 500  # characters of an address
_ADDRESS: Final = rf"(?P<address>https?://[^\s()<>{{}}\"'`\\]{{4,{_LONGEST}}}+)(?![{{}}\\])"
_BY_ITSELF: Final = re.compile(_ADDRESS)
_PICTURE: Final = rf"!\[(?P<alt>[^\[\]]{{0,200}})\]\([^()\s]{{0,{_LONGEST}}}\)"
_LINKS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<!!)\[(?:{_PICTURE}|(?P<words>[^\[\]]{{0,200}}))\]\(<?{_ADDRESS}",  # Markdown: [text](address)
        rf"`(?P<words>[^`<>]{{0,200}})<{_ADDRESS}>`",  # reStructuredText: `text <address>`_
        rf"<a\s[^<>]{{0,200}}?href=[\"']?{_ADDRESS}[^<>]{{0,200}}>(?P<words>[^<>]{{0,200}})",  # HTML
        _ADDRESS,  # by itself
    )
)
_PICTURE_FILE: Final = re.compile(r"\.(png|svg|gif|jpe?g|webp)$")

_AI: Final = r"(ai|llms?|generative[-_ ]ai|ai[-_ ]tools)"
_FILES: Final = (
    (Kind.CODE_OF_CONDUCT, re.compile(r"(code[-_ ]?of[-_ ]?conduct|conduct)")),
    (Kind.AI_POLICY, re.compile(rf"((use[-_ ]of[-_ ])?{_AI}([-_ ]?(policy|usage|use|contributions?|guidelines?))?)")),
    (Kind.CONTRIBUTING, re.compile(r"(contributing|how[-_ ]to[-_ ]contribute)")),
)  # fmt: skip
_TEXT_FILE: Final = re.compile(r"(.+?)(\.(md|markdown|rst|txt|adoc))?")

_SAYS: Final = (
    (Kind.CODE_OF_CONDUCT, re.compile(r"code[-_ ]of[-_ ]conduct|code_?of_?conduct|/conduct\b")),
    (Kind.AI_POLICY, re.compile(
        rf"\b{_AI}[-_ ]policy\b|\bpolicy (on|for|about) .{{0,30}}\b{_AI}\b|/(ai|llms?)(\.(md|html|rst))?/?$"
    )),
    (Kind.CONTRIBUTING, re.compile(
        r"\bcontribut(ing|ion|ors?)[-_ ]guid|\bhow to contribute\b|/contributing(\.(md|html|rst))?/?$|^contributing$"
    )),
)  # fmt: skip
_CHAT_HOST: Final = re.compile(
    r"(^|\.)(discourse|forum|forums|discuss|community|chat|zulip)\.|\.zulipchat\.com$|(^|\.)gitter\.im$|^matrix\.to$"
    r"|^discord\.gg$|\.slack\.com$"
)
_CHAT_ADDRESS: Final = re.compile(r"^https?://(www\.)?discord(app)?\.com/invite/")
_CHAT_WORDS: Final = re.compile(r"\b(discourse|zulip|gitter|discord|slack|matrix|forum)\b")
# Where a word about a chat is about something else: pictures, code, and what others say of it.
_NO_CHAT_HOST: Final = re.compile(
    r"(^|\.)(github\.com|githubusercontent\.com|shields\.io|readthedocs\.io|wikipedia\.org)$"
)


def of_file(path: str) -> Kind | None:
    """What a file of this path is about; None: something else."""
    stem = _TEXT_FILE.fullmatch(path.rpartition("/")[2].casefold())
    if stem is None:
        return None
    return next((kind for kind, pattern in _FILES if pattern.fullmatch(stem[1])), None)


def in_text(text: str) -> list[tuple[Kind, str]]:
    """The links of a text that tell what they lead to, each address once, in the order of the text."""
    told: dict[str, Kind] = {}
    for words, address in _links(text):
        kind = _of_link(words.casefold().strip(), address)
        if kind is not None:
            told.setdefault(address, kind)
    return [(kind, address) for address, kind in told.items()]


def _links(text: str) -> Iterator[tuple[str, str]]:
    """The words and the address of each link; the longer spellings first, since they have words."""
    found = [
        (match.start("address"), _words(match), address)
        for pattern in _LINKS
        for match in pattern.finditer(text)
        if (address := _tidy(match["address"])) is not None
    ]
    seen: dict[int, tuple[str, str]] = {}
    for place, words, address in found:
        seen.setdefault(place, (words, address))
    for place in sorted(seen):
        yield seen[place]


def _words(match: re.Match[str]) -> str:
    named = match.groupdict()
    return named.get("words") or named.get("alt") or ""


def _tidy(address: str) -> str | None:
    address = unescape(address).rstrip(".,;:!?*_|]")
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:  # brackets that are no IPv6 address
        return None
    address = address.partition("#")[0]
    whole = _BY_ITSELF.fullmatch(address) and address.isprintable()  # what was escaped may be anything
    fits = whole and host and "." in host and not _PICTURE_FILE.search(parts.path.casefold())
    return address if fits else None


def _of_link(words: str, address: str) -> Kind | None:
    lower = address.casefold()
    for kind, pattern in _SAYS:
        if pattern.search(words) or pattern.search(lower):
            return kind
    host = urlsplit(lower).hostname or ""
    if _NO_CHAT_HOST.search(host):
        return None
    return Kind.CHAT if _CHAT_HOST.search(host) or _CHAT_ADDRESS.match(lower) or _CHAT_WORDS.search(words) else None
