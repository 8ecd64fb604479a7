"""Reads what a title and a text tell, as traits; of the texts nothing else goes further.

What strangers write can make a pattern take for ever, so a text is cut and read line by line, and no pattern here goes
back over more than a word.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from bot.levelling.areas import AreaWords, shipped
from bot.levelling.vocabulary import TRAITS

LONGEST: Final = 20_000  # characters of a text that are read
_LONGEST_TITLE: Final = 300
_LONGEST_HEADING: Final = 80
_SHORT: Final = 40  # characters
_LONG: Final = 1_200
_SHORT_TITLE: Final = 3  # words

_WORD: Final = re.compile(r"[^\W_][\w.]*")
_FORM: Final[Mapping[str, re.Pattern[str]]] = {
    "version": re.compile(r"\bv?\d{1,4}\.\d{1,4}(?:\.\w{1,8}|\b)"),
    "names-file": re.compile(
        r"\w\.(?:py|md|rst|ipynb|html|css|scss|[jt]sx?|ya?ml|toml|json|cfg|ini|sh|txt|tf|go|rs|R)\b"
    ),
    "names-code": re.compile(r"`[^`\s]{1,80}`|\b[a-z]+_[a-z]|\b[a-z]\w*\(\)|\b[A-Z][a-z]+[A-Z][a-z]\w*\.\w"),
    "links-code": re.compile(r"#L\d|\.py:\d|\bline \d|/blob/"),
    "links-thread": re.compile(r"(?:^|[\s(\w])#\d{1,6}\b|/(?:issues|pull)/\d"),
    "links-page": re.compile(r"https?://|\w\.html\b"),
}
_MARKS: Final = (("'", ""), ("\u2019", ""), ("-", " "), ("https://", " "), ("http://", " "))
_BEFORE: Final = re.compile(r"^(?:\s*\[[^\]]{0,40}\])?(?:[\w ]{1,20}:\s)?")  # «[Google] », «Feature request: »
_WORKED: Final = re.compile(r"\bwork(?:s|ed) (?:with|in|on|until) (?:version )?v?\d")
_ITEM: Final = re.compile(r"[ \t]*(?:[-*+]|\d{1,2}[.)])[ \t]+\S")
_STAMP: Final = re.compile(
    r"\W{0,3}(?:[IWEDC] )?(?:\d{4}-\d\d-\d\d[ T]\d\d:\d\d|[IWE]\d{4} \d\d:|\[(?:I|W|E|D|INFO|DEBUG|ERROR|WARN)\b)"
)
_SETTING: Final = re.compile(r"\s*(?:c\.[A-Z]\w*\.\w|[\w-]{1,40}:(?:\s|$))")
# Headings of templates, and the trait of an issue that has something below them.
_HEADINGS: Final[Mapping[str, str]] = {
    "how to reproduce": "steps", "steps to reproduce": "steps", "to reproduce": "steps", "reproduction": "steps",
    "expected behaviour": "expected", "expected behavior": "expected", "logs": "log", "log": "log",
    "configuration": "config", "proposed change": "wish", "feature request": "wish", "possible solution": "proposes",
    "proposed solution": "proposes", "suggested fix": "proposes", "bug description": "", "actual behaviour": "",
    "actual behavior": "", "your personal set up": "", "full environment": "", "alternative options": "",
    "who would use this feature?": "", "(optional): suggest a solution": "",
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
        (code if fence else prose).append(line)
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
    if _WORKED.search(both):
        yield "regression"
    for name, pattern in _FORM.items():
        if pattern.search(both):
            yield name
    if sum(1 for line in prose.splitlines() if _ITEM.match(line)) >= 3:
        yield "parts"
    if code or "`" in both:
        yield "code"
    if code:
        yield from _output(code)


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
    return [word.rstrip(".") for word in _WORD.findall(text.casefold())]


def _forms(word: str) -> Iterator[str]:
    """A word, its singular, the end of a file's name, the pieces of an address."""
    yield word
    if word.endswith("s"):
        yield word[:-1]
    if "." in word:
        pieces = word.split(".")
        yield f".{pieces[-1]}"
        if len(pieces) > 2:
            yield from pieces


Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Words:
    """Which traits a word shows, and which a phrase does, by its first word."""

    words: Mapping[str, Names]
    phrases: Mapping[str, tuple[tuple[str, Names], ...]]

    @classmethod
    def of(cls, shown: Mapping[str, set[str]]) -> "_Words":
        words: dict[str, Names] = {}
        phrases: dict[str, list[tuple[str, Names]]] = {}
        for text, names in shown.items():
            first, *more = text.split()
            if more:
                phrases.setdefault(first, []).append((f" {text} ", tuple(names)))
            else:
                words[text] = tuple(names)
        return cls(words, {first: tuple(all_) for first, all_ in phrases.items()})

    def among(self, text: str) -> Iterator[str]:
        said = _plain(text)
        joined = f" {' '.join(said)} "
        for word in set(said):
            for form in _forms(word):
                yield from self.words.get(form, ())
            for phrase, names in self.phrases.get(word, ()):
                if phrase in joined:
                    yield from names


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
