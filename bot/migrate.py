"""`python -m bot migrate`: writes our file from that of the old welcome bot.

The file explains itself in English, as the names of the settings in it are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot import legacy, policyfile
from bot.arrival import guides, yamltext
from bot.arrival.found import Kind
from bot.legacy import Legacy
from bot.memory.configs import OLD_PATH
from bot.policyfile import ConfigError, Problem

EDITORS: Final = "# yaml-language-server: $schema=https://YOUR-SERVER/schema.json"

_HEAD: Final = f"""\
# The configuration of Switchback. It holds what differs from the defaults; docs/configuration.md explains each setting.
# The words come from {OLD_PATH}; where this file is, Switchback does not read that one any more.
{EDITORS}

welcome:
  mode: on     # shadow: it records what it would say and posts nothing, to try it out; off: nothing at all
"""
_OCCASIONS: Final = {
    "welcome-issue": "To the author of a first issue.",
    "welcome-pull-request": "To the author of a first pull request.",
    "welcome-merge": "When the first pull request of somebody was merged.",
}
_OLD_KEYS: Final = {name: key for key, name in legacy.MESSAGES.items()}


@dataclass(frozen=True, slots=True)
class Migrated:
    """The text of our file, and what is to be told about it."""

    text: str
    told: tuple[str, ...]


class NothingThere(Exception):
    """There are no texts of a welcome bot in the file; `problems` says why, if they cannot be read."""

    def __init__(self, name: str, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)) or f"{name}: there are no words of a welcome bot in it")
        self.problems = problems


class CannotWrite(Exception):
    """The new file cannot be written."""


def read(path: Path) -> Legacy:
    """The old file. Raises NothingThere."""
    try:
        with path.open("rb") as file:
            return legacy.read(str(path), file.read(policyfile.MAX_SIZE + 1))
    except OSError as error:
        raise NothingThere(str(path), (Problem(str(path), 0, 0, f"cannot be read: {error.strerror}"),)) from None


def migrated(old: Legacy) -> Migrated:
    """Raises NothingThere."""
    words, refused = _usable(old)
    problems = (*old.problems, *refused)
    if not words:
        raise NothingThere(old.name, problems)
    links = links_of(old)
    lines = [_HEAD]
    if links:
        lines += ["links:         # where to send people; these were found in the texts below", *_links(links), ""]
    lines += ["messages:      # the words of the old welcome bot; the note that a bot wrote it comes by itself"]
    for name, text in words.items():
        lines += [f"  {yamltext.comment(_OCCASIONS[name])}", f"  {name}: {yamltext.block(text, indent=2)}"]
    return Migrated("\n".join(lines) + "\n", (*map(str, problems), *_told(old, words, links)))


def links_of(old: Legacy) -> dict[Kind, tuple[str, str]]:
    """What the texts link to: the first address of each kind, and the key of the text that it is in."""
    found: dict[Kind, tuple[str, str]] = {}
    for name, text in old.messages.items():
        for kind, url in guides.in_text(text):
            found.setdefault(kind, (url, _OLD_KEYS[name]))
    return {kind: found[kind] for kind in Kind if kind in found}


def write(text: str, path: Path, *, force: bool) -> None:
    """Raises CannotWrite, also if there is a file and not `force`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w" if force else "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        if isinstance(error, FileExistsError) and path.exists():
            raise CannotWrite(
                f"{path} is there already: --force replaces it, --stdout only shows the new one"
            ) from None
        raise CannotWrite(f"{path} cannot be written: {error.strerror}") from None


def _usable(old: Legacy) -> tuple[dict[str, str], list[Problem]]:
    """The texts that can be messages, and what is wrong with others."""
    words, problems = {}, []
    for name, text in legacy.templates(old).items():
        try:
            [source] = legacy.layers(Legacy(old.name, {name: old.messages[name]}))
            policyfile.laid_over([source])
        except ConfigError as error:
            problems += [Problem(old.name, 0, 0, f"{_OLD_KEYS[name]}: {one.what}") for one in error.problems]
        else:
            words[name] = text
    return words, problems


def _links(links: dict[Kind, tuple[str, str]]) -> Iterator[str]:
    for kind, (url, key) in links.items():
        yield f"  {kind}: {yamltext.word(url)}  {yamltext.comment(f'in {key}')}"


def _told(old: Legacy, words: dict[str, str], links: dict[Kind, tuple[str, str]]) -> Iterator[str]:
    for name in words:
        yield f"taken over: {_OLD_KEYS[name]} as messages.{name}"
    for kind, (url, key) in links.items():
        yield f"found: links.{kind}, {url}, in {key}"
    if old.left:
        yield (
            f"not taken over: {', '.join(old.left)}. Switchback does not ask for more information; issue forms with "
            "required fields do that (docs.github.com: issue forms)"
        )
    if old.others:
        yield f"left alone: {', '.join(old.others)}. They belong to other bots, which still read {OLD_PATH}"
    yield (
        "The new file says welcome.mode: on, so that the welcome goes on. To try it out first, write shadow there: "
        "Switchback then records what it would say and posts nothing"
    )
