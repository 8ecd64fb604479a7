"""Makes a configuration for an organisation out of what was found of it. Pure: the same finds give the same file.

It proposes what differs from the defaults and what has been seen, nothing else; each line says where it was found. The
file explains itself in English, as the names of the settings in it are.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import TypeAdapter, ValidationError

from bot import legacy, policyfile
from bot.arrival import guides, labelwords, yamltext
from bot.arrival.found import Found, Guide, Kind, LabelUse
from bot.legacy import Legacy
from bot.memory.configs import OLD_PATH
from bot.policy import Policy
from bot.policytypes import Label, Link, Login, Name

_MOST: Final = 6  # labels in a list
_MOST_AREAS: Final = 8
_LONGEST: Final = 5000  # characters of a text of the old bot: all of it has to fit into one issue
_HEAD: Final = (
    "# What Switchback does here. This is what differs from its defaults; each line says where it was found.",
    "# Change what you like. `python -m bot check` tries a file before it is in force.",
)
_MODE: Final = (
    "welcome:",
    "  mode: on  # it speaks. shadow: it records what it would say and posts nothing; off: nothing at all",
)
_NO_LABEL: Final = "no label says so; one would help people to find what they can do"
_PRIVATE: Final = (
    "# There are private repositories. What happens there is told nowhere else. They may have files of their own.",
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """`text`: the file. `notes`: of each setting that was thought about, and why; also where nothing is proposed."""

    text: str
    notes: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _Draft:
    sections: list[list[str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)

    def section(self, *lines: str) -> None:
        self.sections.append(list(lines))

    def note(self, what: str, why: str) -> None:
        self.notes.append((what, why))


@dataclass(frozen=True, slots=True)
class _Seen:
    """A label, however many repositories have it. `threads`: how many carry it."""

    name: str
    open: int
    threads: int
    repos: tuple[str, ...]

    @property
    def where(self) -> str:
        more = f" and {len(self.repos) - 2} more" if len(self.repos) > 2 else ""
        return f"{', '.join(self.repos[:2])}{more}"

    @property
    def rank(self) -> tuple[int, int, str]:
        return (-self.open, -self.threads, self.name)


def propose(found: Found) -> Proposal:
    """A file that can be read, whatever was found."""
    draft, defaults = _Draft(), policyfile.defaults()
    draft.section(*_HEAD)
    if found.language != defaults.language:
        draft.section(f"language: {yamltext.word(found.language)}  # as it was configured until now")
    _welcome(draft, found, defaults)
    _links(draft, found)
    labels = _together(found.labels)
    _levels(draft, labels, defaults)
    _came_with(draft, labels, defaults)
    _areas(draft, labels, defaults)
    _messages(draft, found.legacy)
    if found.has_private:
        draft.section(*_PRIVATE)
        draft.note("extends", "there are private repositories: labels and links were taken from public ones only")
    return Proposal("\n\n".join("\n".join(lines) for lines in draft.sections) + "\n", tuple(draft.notes))


def _welcome(draft: _Draft, found: Found, defaults: Policy) -> None:
    known = defaults.welcome.other_greeters
    new = sorted({login for login in found.greeters if _fits(Login, login)} - set(known), key=str.casefold)[:_MOST]
    lines = list(_MODE)
    if new:
        lines.append(f"  # Seen here: {', '.join(new)}. Where one of them has greeted, Switchback does not.")
        lines.append(f"  other_greeters: {yamltext.words([*known, *new])}")
        draft.note("welcome.other_greeters", f"{', '.join(new)} wrote here: nobody is to be greeted twice")
    draft.section(*lines)


def _links(draft: _Draft, found: Found) -> None:
    lines = []
    everything = [*found.guides, *_in_old_words(found.legacy)]
    for kind in Kind:
        seen = [guide for guide in everything if guide.kind is kind and _fits(Link, guide.url)]
        if not seen:
            draft.note(f"links.{kind}", "none was found")
            continue
        url, where = _best(found.organisation, seen)
        lines.append(f"  {kind}: {yamltext.word(url)}  {yamltext.comment(where)}")
        draft.note(f"links.{kind}", f"{url}: {where}")
    if lines:
        draft.section("links:  # where to send people", *lines)


def _in_old_words(old: Legacy | None) -> Iterator[Guide]:
    for text in old.messages.values() if old else ():
        for kind, url in guides.in_text(text):
            yield Guide(kind, url, OLD_PATH)


def _best(organisation: str, seen: Sequence[Guide]) -> tuple[str, str]:
    """A file that holds for all of the organisation; or else what most texts link to, and then a single file."""
    for_all = f"{organisation}/.github: ".casefold()
    for guide in seen:
        if guide.is_file and guide.where.casefold().startswith(for_all):
            return guide.url, f"the file in {guide.where}"
    linked = [guide for guide in seen if not guide.is_file]
    if not linked:
        return seen[0].url, f"the file in {seen[0].where}"
    hosts = Counter(urlsplit(guide.url).hostname for guide in linked)
    times = Counter(guide.url for guide in linked)
    best = min(linked, key=lambda guide: (-hosts[urlsplit(guide.url).hostname], -times[guide.url], len(guide.url),
                                          guide.url, guide.where))  # fmt: skip
    more = f" and {times[best.url] - 1} more" if times[best.url] > 1 else ""
    return best.url, f"linked in {best.where}{more}"


def _together(labels: Iterable[LabelUse]) -> list[_Seen]:
    """One for each name, upper and lower case being the same; the most used first."""
    by_name: defaultdict[str, list[LabelUse]] = defaultdict(list)
    for label in labels:
        if _fits(Label, label.name) and label.name.strip():
            by_name[label.name.casefold()].append(label)
    return sorted((_seen(uses) for uses in by_name.values()), key=lambda seen: seen.rank)


def _seen(uses: Sequence[LabelUse]) -> _Seen:
    ranked = sorted(uses, key=lambda use: (-(use.open + use.closed), use.repo, use.name))
    return _Seen(
        ranked[0].name, sum(use.open for use in uses), sum(use.open + use.closed for use in uses),
        tuple(dict.fromkeys(use.repo for use in ranked)),
    )  # fmt: skip


def _levels(draft: _Draft, labels: Sequence[_Seen], defaults: Policy) -> None:
    lines, missing = [], []
    for setting, known in defaults.levels:
        seen = [label for label in labels if labelwords.level(label.name) == setting][:_MOST]
        if not seen:
            missing.append(setting)
            draft.note(f"levels.{setting}", _NO_LABEL)
        elif {label.name.casefold() for label in seen} != {name.casefold() for name in known}:
            lines.append(_listed(setting, [label.name for label in seen], seen))
            draft.note(f"levels.{setting}", _used(seen))
    if lines:
        draft.section("levels:  # which labels stand for which level; the first of a list is the one to use", *lines)
    if missing and labels:
        draft.section(f"# levels.{', levels.'.join(missing)}: {_NO_LABEL}.")


def _came_with(draft: _Draft, labels: Sequence[_Seen], defaults: Policy) -> None:
    lines = []
    for setting in ("problem", "question", "wish", "docs"):
        known: tuple[str, ...] = getattr(defaults.came_with, setting)
        names = {name.casefold() for name in known}
        told = [label for label in labels if labelwords.came_with(label.name) == setting]
        new = [label for label in told if label.name.casefold() not in names][:_MOST]
        if new:
            lines.append(_listed(setting, [*known, *(label.name for label in new)], new))
            draft.note(f"came_with.{setting}", _used(new))
    if lines:
        draft.section("came_with:  # by which labels to tell what somebody came with: the defaults, and yours", *lines)


def _areas(draft: _Draft, labels: Sequence[_Seen], defaults: Policy) -> None:
    within: dict[str, list[_Seen]] = {}
    for label in labels:
        name = labelwords.area(label.name)
        if name and label.threads and _fits(Name, name):
            within.setdefault(labelwords.plain(name) or name.casefold(), []).append(label)
    if not within:
        return
    lines, taken = [], set()
    for area in defaults.areas:  # a list takes the place of the one in the defaults, so that has to be in it
        own = {labelwords.plain(name) for name in (area.name, *area.labels)}
        seen = [label for name in within if name in own for label in within[name]]
        taken |= {name for name in within if name in own}
        names = yamltext.words([*area.labels, *(label.name for label in seen[:_MOST])])
        where = yamltext.comment(f"as in the defaults{'; ' + _used(seen) if seen else ''}")
        lines.append(
            f"  - {{name: {yamltext.word(area.name)}, labels: {names}, paths: {yamltext.words(area.paths)}}}  {where}"
        )
    for name in [name for name in within if name not in taken][:_MOST_AREAS]:
        seen = within[name][:_MOST]
        called = labelwords.area(seen[0].name) or name
        names = yamltext.words(label.name for label in seen)
        lines.append(f"  - {{name: {yamltext.word(called)}, labels: {names}}}  {yamltext.comment(_used(seen))}")
    draft.section("areas:  # fields of work", *lines)
    draft.note("areas", f"{len(within)} labels name one")


def _messages(draft: _Draft, old: Legacy | None) -> None:
    if old is not None and old.left:
        told = f"not taken over from {OLD_PATH}: {', '.join(old.left)}; Switchback does not ask for more information"
        draft.section(yamltext.comment(told))
        draft.note("messages", told)
    words = _words(draft, old) if old else {}
    if not words:
        return
    lines = [f"messages:  # from {OLD_PATH}; the note that a bot wrote it comes by itself"]
    lines += [f"  {name}: {yamltext.block(text, indent=2)}" for name, text in words.items()]
    draft.section(*lines)
    draft.note("messages", f"the words of the old welcome bot, from {OLD_PATH}")


def _words(draft: _Draft, old: Legacy) -> Mapping[str, str]:
    words: dict[str, str] = {}
    for name, text in legacy.templates(old).items():
        try:
            for source in legacy.layers(Legacy(old.name, {name: old.messages[name]})):
                policyfile.laid_over([source])
        except policyfile.ConfigError as error:
            draft.note(f"messages.{name}", f"the text of the old bot cannot be used: {error.problems[0].what}")
            continue
        if len(text) > _LONGEST:
            draft.note(f"messages.{name}", "the text of the old bot is too long to be shown here")
            continue
        words[name] = text
    return words


def _listed(setting: str, names: Sequence[str], seen: Sequence[_Seen]) -> str:
    return f"  {setting}: {yamltext.words(names)}  {yamltext.comment(_used(seen))}"


def _used(seen: Sequence[_Seen]) -> str:
    """How often the labels are used, and where."""
    return "; ".join(_usage(seen))


def _usage(seen: Sequence[_Seen]) -> Iterator[str]:
    for label in seen[:2]:
        threads = f"{label.threads} thread{'' if label.threads == 1 else 's'}" if label.threads else "not used yet"
        yield f"{label.name}: {threads}, in {label.where}"
    if len(seen) > 2:
        yield f"and {len(seen) - 2} more"


def _fits(kind: Any, value: str) -> bool:
    if not yamltext.holds(value):
        return False
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return False
    return True
