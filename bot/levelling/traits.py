"""Reads what a title and a text tell, as traits; of the texts nothing else goes further.

What strangers write can make a pattern take for ever, so a text is cut and read line by line, and no pattern here goes
back over more than a word.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

from bot.levelling.areas import AreaWords, shipped
from bot.levelling.vocabulary import TRAITS

LONGEST: Final = 20_000  # characters of a text that are read
_LONGEST_TITLE: Final = 300
_LONGEST_HEADING: Final = 80
_SHORT: Final = 40  # characters
_LONG: Final = 1_200
_SHORT_TITLE: Final = 3  # words
_MANY_WORDS: Final = 150  # in a longer text a single word says little: there must be several, or a phrase
_SEVERAL: Final = 2

_WORD: Final = re.compile(r"[^\W_]\w*(?:\.\w+)*")
# What a text of this form has, and a pattern for those that have any of it.
_FORM: Final[Mapping[str, tuple[tuple[str, ...], re.Pattern[str]]]] = {
    "version": ((".",), re.compile(r"\bv?\d{1,4}\.\d{1,4}(?:\.\w{1,8}|\b)")),
    "names-file": (
        (".",),
        re.compile(r"\.(?:py|md|rst|ipynb|html|css|scss|[jt]sx?|ya?ml|toml|json|cfg|ini|sh|txt|tf|go|rs|R)\b"),
    ),
    "names-code": (
        ("`", "_", "()", "."),
        re.compile(r"`[^`\s]{1,80}`|[a-z]_[a-z]|[a-z]\(\)|\b[A-Z][a-z]+[A-Z][a-z]\w*\.\w"),
    ),
    "links-code": (("#L", ".py:", "line ", "/blob/"), re.compile(r"#L\d|\.py:\d|\bline \d|/blob/")),
    "links-thread": (("#", "/issues/", "/pull/"), re.compile(r"#\d{1,6}\b|/(?:issues|pull)/\d")),
    "links-page": (("http", ".html"), re.compile(r"https?://|\w\.html\b")),
    "regression": (("work",), re.compile(r"\bwork(?:s|ed) (?:with|in|on|until) (?:version )?v?\d")),
}
_BEFORE: Final = re.compile(r"^(?:\s*\[[^\]]{0,40}\])?(?:[\w ]{1,20}:\s)?")  # «[Google] », «Feature request: »
_MARKS: Final = (("'", ""), ("\u2019", ""), ("-", " "), ("https://", " "), ("http://", " "))
_ITEM: Final = re.compile(r"[ \t]*(?:[-*+]|\d{1,2}[.)])[ \t]+\S")
_STAMP: Final = re.compile(
    r"\W{0,3}(?:[IWEDC] )?(?:\d{4}-\d\d-\d\d[ T]\d\d:\d\d|[IWE]\d{4} \d\d:|\[(?:I|W|E|D|INFO|DEBUG|ERROR|WARN)\b)"
)
_SETTING: Final = re.compile(r"\s*(?:c\.[A-Z]\w*\.\w|[\w-]{1,40}:(?:\s|$))")
_SET_UP: Final = "set-up"  # asked of everybody, so it tells no more than a version
_FOLDS: Final = ("<details", "</details", "<summary", "</summary")
# Headings of templates, and the trait of an issue that has something below them.
_HEADINGS: Final[Mapping[str, str]] = {
    "how to reproduce": "steps", "steps to reproduce": "steps", "to reproduce": "steps", "reproduction": "steps",
    "expected behaviour": "expected", "expected behavior": "expected", "logs": "log", "log": "log",
    "configuration": "config", "proposed change": "wish", "feature request": "wish", "possible solution": "proposes",
    "proposed solution": "proposes", "suggested fix": "proposes", "bug description": "", "actual behaviour": "",
    "actual behavior": "", "your personal set up": _SET_UP, "full environment": _SET_UP, "environment": _SET_UP,
    "versions": _SET_UP, "alternative options": "", "who would use this feature?": "",
    "(optional): suggest a solution": "",
}  # fmt: skip
_LEFT_AS_IT_WAS: Final = ("'...'", "'....'", "...")  # a template's «Click on '....'»


def traits(title: str, body: str, areas: Mapping[str, AreaWords] | None = None) -> frozenset[str]:
    """The names of what a title and a text show, out of TRAITS, and `area:NAME` for each area that the title names,
    `near:NAME` for each that only the text does. `areas`: the organisation's; the shipped ones if it gives none."""
    title = title[:_LONGEST_TITLE]
    parts = _parted(body[:LONGEST])
    words = _words_of(tuple((shipped().areas if areas is None else areas).items()))
    found = {*_form(title, parts), *parts.below, *words.in_title(title), *words.in_text(parts.prose)}
    return frozenset(name for name in found if not name.startswith("near:") or f"area:{name[5:]}" not in found)


@dataclass(frozen=True, slots=True)
class _Parts:
    """What is prose, what is code or output, and the traits by what stands below a template's headings. What the
    template says itself, in headings and hidden comments, is none of the author's."""

    prose: str
    code: str
    below: frozenset[str]


def _parted(body: str) -> _Parts:
    prose: list[str] = []
    code: list[str] = []
    below: set[str] = set()
    fence, hidden, above = "", False, ""
    for line in body.splitlines():
        bare = line.strip()
        if hidden or (not fence and bare.startswith("<!--")):
            hidden = "-->" not in bare
            continue
        if not fence and (heading := _heading(bare)) is not None:
            above = _HEADINGS[heading]
            continue
        if bare.startswith(("```", "~~~")) and (not fence or bare.startswith(fence)):
            fence = "" if fence else bare[:3]
            continue
        if fence:
            if not bare.startswith("#"):  # «# paste relevant logs here, if any»
                code.append(line)
        elif above == _SET_UP:
            below.update(["version"] if _has("version", line) else [])
        elif not bare.startswith(_FOLDS):
            prose.append(line)
            if above and bare and not bare.endswith(_LEFT_AS_IT_WAS):
                below.add(above)
    return _Parts("\n".join(prose), "\n".join(code), frozenset(below))


def _heading(line: str) -> str | None:
    """The heading of a template that we know."""
    if len(line) > _LONGEST_HEADING or not line.startswith(("#", "**")):
        return None
    text = line.lstrip("#").strip(" \t*:").casefold()
    return text if text in _HEADINGS else None


def _form(title: str, parts: _Parts) -> Iterator[str]:
    """What no word tells."""
    prose, code = parts.prose, parts.code
    length = len(prose.strip()) + len(code)
    if not length:
        yield "no-text"
    elif length < _SHORT:
        yield "short-text"
    elif length > _LONG:
        yield "long-text"
    if len(title.split()) <= _SHORT_TITLE:
        yield "short-title"
    if "?" in title:
        yield "title-asks"
    if "?" in prose:
        yield "text-asks"
    if "](" in title:
        yield "no-task"
    both = f"{title}\n{prose}"
    for name in _FORM:
        if _has(name, both):
            yield name
    if sum(1 for line in prose.splitlines() if _ITEM.match(line)) >= 3:
        yield "parts"
    if code or "`" in both:
        yield "code"
    if code:
        yield from _output(code)


def _has(name: str, text: str) -> bool:
    signs, pattern = _FORM[name]
    return any(sign in text for sign in signs) and pattern.search(text) is not None


def _output(code: str) -> Iterator[str]:
    lines, lowered = code.splitlines(), code.casefold()
    if "traceback (most recent call last)" in lowered or "\n    at " in code:
        yield "traceback"
    if "error" in lowered or "exception" in lowered or "failed" in lowered:
        yield "error"
    if any(_STAMP.match(line) for line in lines):
        yield "log"
    if sum(1 for line in lines if _SETTING.match(line)) >= 2:
        yield "config"


def _plain(text: str) -> list[str]:
    """Its words, small and without apostrophes."""
    for mark, instead in _MARKS:
        text = text.replace(mark, instead)
    found: list[str] = _WORD.findall(text.casefold())
    return found


def _pieces(words: Iterable[str]) -> Iterator[str]:
    """The ends of the names of files, and the pieces of addresses."""
    for word in words:
        if "." in word:
            pieces = word.split(".")
            yield f".{pieces[-1]}"
            if len(pieces) > 2:
                yield from pieces


Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Words:
    """Which traits a word shows, and which a phrase does, by its first two words."""

    words: Mapping[str, Names]
    phrases: Mapping[tuple[str, str], tuple[tuple[str, Names], ...]]

    @classmethod
    def of(cls, shown: Mapping[str, set[str]]) -> "_Words":
        words: dict[str, Names] = {}
        phrases: dict[tuple[str, str], list[tuple[str, Names]]] = {}
        for text, names in shown.items():
            first, *more = text.split()
            if more:
                phrases.setdefault((first, more[0]), []).append((f" {text} ", tuple(names)))
            else:
                words[text] = tuple(names)
        for text in [*words]:
            words.setdefault(f"{text}s", words[text])
        return cls(words, {first: tuple(all_) for first, all_ in phrases.items()})

    def among(self, text: str) -> Iterator[str]:
        said = _plain(text)
        different = set(said)
        different.update([*_pieces(different)])
        found: dict[str, int] = {}
        for word in self.words.keys() & different:
            for name in self.words[word]:
                found[name] = found.get(name, 0) + 1
        joined = f" {' '.join(said)} "
        for two in self.phrases.keys() & set(pairwise(said)):
            for phrase, names in self.phrases[two]:
                if phrase in joined:
                    found.update(dict.fromkeys(names, _SEVERAL))
        enough = _SEVERAL if len(said) > _MANY_WORDS else 1
        return (name for name, times in found.items() if times >= enough)


@dataclass(frozen=True, slots=True)
class _Both:
    title: _Words
    text: _Words

    def in_title(self, title: str) -> Iterator[str]:
        yield from self.title.among(title)
        if first := _plain(_BEFORE.sub("", title))[:1]:
            yield from self.title.words.get(f"^{first[0]}", ())

    def in_text(self, prose: str) -> Iterator[str]:
        return self.text.among(prose)


@cache
def _words_of(areas: tuple[tuple[str, AreaWords], ...]) -> _Both:
    title: dict[str, set[str]] = {}
    text: dict[str, set[str]] = {}
    for name, trait in TRAITS.items():
        _learn(title, name, (*trait.words, *trait.title))
        _learn(text, name, trait.words)
    for name, area in areas:
        _learn(title, f"area:{name}", area.words)
        _learn(text, f"near:{name}", area.words)
    return _Both(_Words.of(title), _Words.of(text))


def _learn(shown: dict[str, set[str]], name: str, said: Iterable[str]) -> None:
    for text in said:
        key = text if text.startswith((".", "^")) else " ".join(_plain(text))
        if key:
            shown.setdefault(key, set()).add(name)
