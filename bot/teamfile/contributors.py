"""Reads a YAML list of people: `name`, `handle`, `teams`, `status`, `last-check-in`, and whatever else is kept there.

What is asked here is what has been written, not what YAML makes of it: `2026-03-05` is a day for YAML, and `007` a
number.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot import yamlfile
from bot.problems import ConfigError, Problem, shown
from bot.teamfile.roster import Listed, Roster, given_name, is_gone, login_in

HANDLE: Final = "handle"
STATUS: Final = "status"
LAST_CHECK_IN: Final = "last-check-in"
EXAMPLE: Final = "- {name: Ada Lovelace, handle: ada, teams: [], last-check-in: 2026-03, status: inactive}"

_ACTIVE: Final = frozenset({"", "active"})
_MONTH: Final = re.compile(r"(\d{4})-(\d{1,2})(?:-\d{1,2})?(?:[T ].*)?")
_NULL: Final = frozenset({"", "~", "null", "none"})
_MOST_GROUPS: Final = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """A person's entry as it stands in the file. `fields`: by their names, as they are written."""

    node: MappingNode
    fields: dict[str, tuple[ScalarNode, Node]]

    def text(self, name: str) -> str:
        """What is written there, "" for nothing or a list."""
        found = self.fields.get(name)
        return _text(found[1]) if found else ""

    @property
    def login(self) -> str | None:
        return login_in(self.text(HANDLE))


def read(name: str, data: bytes) -> Roster:
    """A file's bytes; `name` is what messages call it. Raises ConfigError if it is no list of people.

    Problems name nobody: they are kept, and people may ask to be forgotten.
    """
    found, _ = entries(name, data)
    problems: list[Problem] = []
    listed: dict[str, Listed] = {}
    for node, entry in found:
        login = entry.login if entry else None
        if entry is None or login is None:
            problems.append(_problem(name, node, _no_login(entry), EXAMPLE))
        elif login.casefold() in listed:
            line = listed[login.casefold()].line
            problems.append(_problem(name, node, f"they stand in line {line} already: that entry counts"))
        else:
            listed[login.casefold()] = _listed(login, entry)
            problems += _doubtful(name, entry)
    return Roster(tuple(listed.values()), tuple(problems))


def entries(name: str, data: bytes) -> tuple[list[tuple[Node, Entry | None]], str]:
    """Each piece of the list, with the entry if it is one, and the file's text. Raises ConfigError."""
    root, text = yamlfile.composed(name, data)
    if not isinstance(root, SequenceNode):
        what = "must be a list of people, each with a handle"
        raise ConfigError([Problem(name, *(_place(root) if root else (1, 1)), what, EXAMPLE)])
    return [(node, _entry(node)) for node in root.value], text


def month(text: str) -> str | None:
    """`2026-03` of it, of `2026-3` and of `2026-03-05`. None: it is something else."""
    found = _MONTH.fullmatch(text)
    return f"{found[1]}-{int(found[2]):02}" if found and 1 <= int(found[2]) <= 12 else None


def _entry(node: Node) -> Entry | None:
    if not isinstance(node, MappingNode):
        return None
    return Entry(node, {key.value: (key, value) for key, value in node.value if isinstance(key, ScalarNode)})


def _listed(login: str, entry: Entry) -> Listed:
    status = entry.text(STATUS)
    return Listed(
        login=login,
        line=_place(entry.node)[0],
        given_name=given_name(entry.text("name")),
        groups=tuple(_words(entry.fields.get("teams"))),
        inactive=is_gone(status),
        last_check_in=month(entry.text(LAST_CHECK_IN)) or "",
    )


def _doubtful(name: str, entry: Entry) -> Iterator[Problem]:
    """What an entry says that nobody understands."""
    status, checked = entry.text(STATUS), entry.text(LAST_CHECK_IN)
    if status.casefold() not in _ACTIVE and not is_gone(status):
        what = f"the status {shown(status)} is not known here: it counts as active"
        yield _problem(name, entry.fields[STATUS][1], what, "status: inactive")
    if checked and month(checked) is None:
        what = f"{shown(checked)} is no month: it does not count"
        yield _problem(name, entry.fields[LAST_CHECK_IN][1], what, "last-check-in: 2026-03")


def _no_login(entry: Entry | None) -> str:
    if entry is None:
        return "this is nobody's entry: it is left out"
    return (
        "its handle is no login: this entry is left out"
        if entry.text(HANDLE)
        else "an entry without a handle is left out"
    )


def _text(node: Node) -> str:
    if not isinstance(node, ScalarNode):
        return ""
    text = str(node.value).strip()
    return "" if node.style is None and text.casefold() in _NULL else text


def _words(field: tuple[Node, Node] | None) -> Iterator[str]:
    """The words of a list, or the one word."""
    if field is None:
        return
    nodes = field[1].value[:_MOST_GROUPS] if isinstance(field[1], SequenceNode) else [field[1]]
    yield from (text for text in map(_text, nodes) if text)


def _place(node: Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _problem(name: str, node: Node, what: str, example: str = "") -> Problem:
    return Problem(name, *_place(node), what, example, blocks=False)
