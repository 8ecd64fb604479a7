"""Whether a piece of a line names a person: `@login`, `Name (@login)`, `Name <mail> (@login)`, a link to GitHub.

Only what is written as in a list counts. A sentence that mentions somebody names nobody.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.teamfile.roster import LOGIN, ON_GITHUB, TEAM, given_name

_DASHES: Final = "\N{EN DASH}\N{EM DASH}"
_END: Final = r"(?![\w/-]|\.\w)"
_LINK: Final = rf"\[(?P<label>[^\[\]]{{0,100}})\]\({ON_GITHUB}(?P<linked>{LOGIN})/?\)"
_AT: Final = rf"(?<![\w@./-])@(?P<at>{TEAM}|{LOGIN}){_END}"
_URL: Final = rf"<?(?<![\w./-])https?://(?:www\.)?github\.com/(?P<url>{LOGIN})/?{_END}>?"
_MENTION: Final = re.compile(rf"\(?(?:{_LINK}|{_AT}|{_URL})\)?", re.IGNORECASE)
_MAIL: Final = re.compile(r"[<(]?(?:mailto:)?[^\s<>()@,|]+@[^\s<>()@,|]+\.[^\s<>()@,|]+[)>]?")
_BEHIND: Final = re.compile(rf"\s*(?:$|[-{_DASHES}:,;(\[#<*/])")  # what may stand behind a person
_FULL_NAME: Final = re.compile(r"\s*\(([^()]{3,60})\)")
_BETWEEN: Final = re.compile(r"(?:^[^:@]{0,60}:)?(?:[\s,;/&+.]|\band\b)*")
_AROUND: Final = f" \t*_`(<,;-{_DASHES}"
_MOST_WORDS: Final = 6  # before a login; more than that is a sentence


@dataclass(frozen=True, slots=True)
class Named:
    """`given_name`: "" where none is certain."""

    login: str
    given_name: str = ""


def named(text: str, *, strictly: bool) -> list[Named]:
    """The people in a line, or in an item of a list. `strictly`: it may also be a sentence."""
    text = _MAIL.sub("", text)
    found = [*_MENTION.finditer(text)]
    logins = {_login(one).casefold(): _login(one) for one in found}
    if len(logins) == 1:
        before, behind = text[: found[0].start()], text[found[-1].end() :]
        return [Named(_login(found[0]), _name(before, found[0], behind))] if _is_item(text, found, strictly) else []
    others = _MENTION.sub("", text)
    is_list = len(logins) > 1 and not strictly and _BETWEEN.fullmatch(others)
    return [Named(login) for login in logins.values()] if is_list else []


def in_cells(cells: Sequence[str], header: Sequence[str]) -> list[Named]:
    """The people in the row of a table. Below a header that says so, a login may stand without @."""
    found: list[Named] = []
    bare: list[str] = []
    for index, cell in enumerate(cells):
        found += named(cell, strictly=False)
        if index < len(header) and _LOGINS.search(header[index]) and (only := _BARE.fullmatch(cell.strip())):
            bare.append(only[1])
    logins = {one.login.casefold(): one.login for one in (*found, *map(Named, bare))}
    if len(logins) != 1:
        return [Named(login) for login in logins.values()]
    [login] = logins.values()
    known = next((one.given_name for one in found if one.given_name), "")
    return [Named(login, known or _name_in(cells, header))]


_LOGINS: Final = re.compile(r"\b(?:git\s?hub|login|handle|user\s?name|id)\b", re.IGNORECASE)
_NAMES: Final = re.compile(r"\b(?:name|maintainer|person|who)s?\b", re.IGNORECASE)
_BARE: Final = re.compile(rf"`?({LOGIN})`?")


def _name_in(cells: Sequence[str], header: Sequence[str]) -> str:
    """The given name in the column that the header calls so."""
    for index, cell in enumerate(cells[: len(header)]):
        if _NAMES.search(header[index]) and not _LOGINS.search(header[index]) and "@" not in cell:
            return given_name(re.sub(r"\[([^\[\]]*)\]\([^()]*\)", r"\1", cell).strip(_AROUND))
    return ""


def _login(found: re.Match[str]) -> str:
    return found["linked"] or found["at"] or found["url"]


def _is_item(text: str, found: Sequence[re.Match[str]], strictly: bool) -> bool:
    """Whether a line with one person is that person's."""
    before, behind = text[: found[0].start()].strip(), text[found[-1].end() :]
    if len(before.split()) > _MOST_WORDS or before[:1].islower() or not _BEHIND.match(behind):
        return False
    closed = found[0][0].startswith("(") or found[0]["linked"] is not None or before.endswith((",", "-", *_DASHES))
    return not strictly or not before or closed


def _name(before: str, found: re.Match[str], behind: str) -> str:
    label = (found["label"] or "").strip()
    if label and label.removeprefix("@").casefold() != _login(found).casefold():
        return given_name(label)
    words = before.strip(_AROUND)
    if words:
        in_brackets = found[0].startswith("(") or before.rstrip().endswith("(")
        certain = not words.endswith(":") and (in_brackets or len(words.split()) > 1)
        return given_name(words) if certain else ""
    after = _FULL_NAME.match(behind)
    parts = after[1].split() if after else []
    return given_name(parts[0]) if len(parts) > 1 and all(part[0].isupper() for part in parts) else ""
