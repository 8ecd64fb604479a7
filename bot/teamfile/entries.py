"""Changes a person's entry in a YAML list of people, and proves that nothing else has changed."""

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from bot.teamfile.contributors import LAST_CHECK_IN, STATUS, Entry, entries
from bot.teamfile.roster import is_gone

_NAME: Final = "the team file"  # in problems that nobody is told
_WORD: Final = "inactive"
_ACTIVE: Final = "active"


def step_back(text: str, login: str, month: str) -> str | None:
    """None: it cannot be done for certain. Raises ConfigError if the file cannot be read."""
    file = _File.of(text)
    entry = file.entry(login)
    if entry is None:
        return None
    word = entry.text(STATUS) if is_gone(entry.text(STATUS)) else file.word(gone=True) or _WORD
    return _changed(text, login, {STATUS: word, LAST_CHECK_IN: month})


def come_back(text: str, login: str, month: str) -> str | None:
    """The same. The status becomes what the others have who are active: a word, or none."""
    file = _File.of(text)
    entry = file.entry(login)
    if entry is None:
        return None
    if not is_gone(entry.text(STATUS)):
        return _changed(text, login, {LAST_CHECK_IN: month})
    made = _changed(text, login, {STATUS: file.word(gone=False), LAST_CHECK_IN: month})
    return made or _changed(text, login, {STATUS: _ACTIVE, LAST_CHECK_IN: month})


def checked_in(text: str, login: str, month: str) -> str | None:
    return _changed(text, login, {LAST_CHECK_IN: month})


@dataclass(frozen=True, slots=True)
class _File:
    text: str
    entries: tuple[Entry, ...]

    @classmethod
    def of(cls, text: str) -> "_File":
        found, kept = entries(_NAME, text.encode())
        return cls(kept, tuple(entry for _, entry in found if entry is not None))

    def entry(self, login: str) -> Entry | None:
        """The person's one entry."""
        found = [one for one in self.entries if (one.login or "").casefold() == login.casefold()]
        return found[0] if len(found) == 1 else None

    def word(self, *, gone: bool) -> str | None:
        """The status that most have who are active, or are not. None: most have none."""
        said = Counter(entry.text(STATUS) for entry in self.entries)
        if gone:
            said = Counter({word: count for word, count in said.items() if is_gone(word)})
        else:
            said = Counter({word: count for word, count in said.items() if word.casefold() in {"", _ACTIVE}})
        return said.most_common(1)[0][0] or None if said else None

    def quote(self, name: str) -> str:
        """How most write this field: with which quotes."""
        said = Counter(_quote(entry.fields[name][1]) for entry in self.entries if name in entry.fields)
        return said.most_common(1)[0][0] if said else ""

    def before(self, name: str, entry: Entry) -> str:
        """The field behind which others have this one, if the entry has it; else its last one."""
        said = Counter(earlier for one in self.entries for earlier, later in _pairs(one) if later == name)
        return next((one for one, _ in said.most_common() if one in entry.fields), list(entry.fields)[-1])


def _changed(text: str, login: str, wanted: dict[str, str | None]) -> str | None:
    """The file with these fields of the person, None: without it."""
    made = text
    for name in sorted(wanted, key=lambda name: name == STATUS):
        file = _File.of(made)
        entry = file.entry(login)
        if entry is None:
            return None
        changed = _with(file, entry, name, wanted[name])
        if changed is None:
            return None
        made = changed
    return made if _only(_File.of(text), _File.of(made), login, wanted) else None


def _with(file: _File, entry: Entry, name: str, value: str | None) -> str | None:
    if name in entry.fields:
        if entry.text(name) == (value or ""):
            return file.text
        return _replaced(file, entry, name, value) if value is not None else _left_out(file, entry, name)
    return file.text if value is None else _added(file, entry, name, value)


def _replaced(file: _File, entry: Entry, name: str, value: str) -> str | None:
    key, node = entry.fields[name]
    if not isinstance(node, ScalarNode) or node.start_mark.line != node.end_mark.line:
        return None
    start, end = node.start_mark.index, node.end_mark.index
    if start == end:  # nothing stands there
        start = end = _colon(file.text, key)
        return f"{file.text[:start]} {value}{file.text[end:]}"
    quote = _quote(node)
    return f"{file.text[:start]}{quote}{value}{quote}{file.text[end:]}"


def _left_out(file: _File, entry: Entry, name: str) -> str | None:
    """A field in a line of its own goes with its line."""
    key, node = entry.fields[name]
    start, end = _line(file.text, key.start_mark.index)
    alone = not file.text[start : key.start_mark.index].strip() and end >= node.end_mark.index
    if entry.node.flow_style or not alone or not isinstance(node, ScalarNode):
        return None
    return file.text[:start] + file.text[end:]


def _added(file: _File, entry: Entry, name: str, value: str) -> str | None:
    written = f"{name}: {(quote := file.quote(name))}{value}{quote}"
    if entry.node.flow_style:
        end = entry.fields[list(entry.fields)[-1]][1].end_mark.index
        return f"{file.text[:end]}, {written}{file.text[end:]}"
    key, node = entry.fields[file.before(name, entry)]
    _, end = _line(file.text, max(key.start_mark.index, _last(node)))
    line_end = _line_end(file.text)
    blanks = " " * key.start_mark.column
    if not file.text[:end].endswith("\n"):
        return f"{file.text}{line_end}{blanks}{written}"
    return f"{file.text[:end]}{blanks}{written}{line_end}{file.text[end:]}"


def _last(node: Node) -> int:
    """Where the last thing of a value is written, in characters."""
    if isinstance(node, CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _last(last[1] if isinstance(node, MappingNode) else last)
    if isinstance(node, ScalarNode) and node.style in {"|", ">"}:
        written = node.end_mark.buffer[node.start_mark.index : node.end_mark.index]
        return int(node.start_mark.index + len(written.rstrip()) - 1)
    return int(max(node.start_mark.index, node.end_mark.index - 1))


def _only(before: _File, after: _File, login: str, wanted: dict[str, str | None]) -> bool:
    """Whether the files tell the same, but for these fields of the person."""
    if len(before.entries) != len(after.entries):
        return False
    for old, new in zip(before.entries, after.entries, strict=True):
        names = wanted if (old.login or "").casefold() == login.casefold() else {}
        if any(new.text(name) != (value or "") for name, value in names.items()):
            return False
        kept = [
            {name: _plain(field[1]) for name, field in one.fields.items() if name not in names} for one in (old, new)
        ]
        if kept[0] != kept[1]:
            return False
    return True


def _plain(node: Node) -> object:
    """What a piece says, without its place."""
    if isinstance(node, MappingNode):
        return [(_plain(key), _plain(value)) for key, value in node.value]
    if isinstance(node, SequenceNode):
        return [_plain(one) for one in node.value]
    return (node.tag, node.value)


def _pairs(entry: Entry) -> list[tuple[str, str]]:
    names = list(entry.fields)
    return list(pairwise(names))


def _quote(node: Node) -> str:
    return node.style if isinstance(node, ScalarNode) and node.style in {'"', "'"} else ""


def _colon(text: str, key: ScalarNode) -> int:
    """Behind the colon of a field."""
    return text.index(":", key.end_mark.index) + 1


def _line(text: str, index: int) -> tuple[int, int]:
    """From where to where the line with this character goes, its end with it."""
    end = text.find("\n", index)
    return text.rfind("\n", 0, index) + 1, len(text) if end < 0 else end + 1


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"
