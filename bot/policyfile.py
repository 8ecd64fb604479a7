"""Reads configuration files into a `Policy`, and says of every mistake in which file, line and column it is.

Files are YAML 1.2. A file is laid over the shipped defaults: mappings merge, lists and single values replace.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import LiteralScalarString

from bot import plain, shipped, wording, words, yamlfile
from bot.messages import MESSAGES
from bot.policy import KnownNames, Policy
from bot.policytypes import Mode
from bot.problems import MOST, ConfigError, Problem, did_you_mean, shown
from bot.skills import SkillsMap
from bot.yamlfile import MAX_SIZE

__all__ = ["MAX_SIZE", "ConfigError", "Problem", "Source"]

# Settings of the welcome bot that many had before, in `.github/config.yml`.
OLD_SETTINGS: Final = ("newIssueWelcomeComment", "newPRWelcomeComment", "firstPRMergeComment")


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read: what it is called, the settings in it with their places, its text, and the skills map that
    lies beside it."""

    name: str
    settings: CommentedMap
    text: str = ""
    skills: SkillsMap | None = None


def defaults() -> Policy:
    """What holds where nothing is configured."""
    return laid_over(())


def read(path: Path | None) -> Policy:
    """The defaults, with the file at `path` laid over them. Raises ConfigError with all mistakes."""
    return laid_over([source(path)] if path else [])


def source(path: Path) -> Source:
    """The file at `path`. Raises ConfigError."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_SIZE + 1)
    except OSError as error:
        raise ConfigError([Problem(str(path), 0, 0, f"cannot be read: {error.strerror}")]) from None
    return parse(path.name, data)


def parse(name: str, data: bytes) -> Source:
    """A file's bytes; `name` is what messages call it. Raises ConfigError for what is no YAML mapping."""
    settings, text = yamlfile.load(name, data)
    if odd := [*_odd_names(name, settings)]:
        raise ConfigError(odd[:MOST])
    return Source(name, settings, text)


def _odd_names(name: str, node: object) -> Iterator[Problem]:
    """Names of settings that are no text: numbers, null, days."""
    if isinstance(node, CommentedMap):
        for key, value in node.items():
            if not isinstance(key, str):
                line, column = yamlfile.place(node, [key])
                yield Problem(name, line, column, f"{shown(key)} is no name of a setting", plain.example(["language"]))
            yield from _odd_names(name, value)
    elif isinstance(node, CommentedSeq):
        for value in node:
            yield from _odd_names(name, value)


def speaking(features: Iterable[str]) -> Source:
    """The settings by which these features speak."""
    return Source("what speaks", CommentedMap({name: CommentedMap(mode=Mode.ON.value) for name in features}))


def stands_alone(source: Source) -> bool:
    """Whether a repository's file does not want the organisation's below it."""
    return bool(source.settings.get("extends") == "none")


def line(source: Source, setting: Sequence[str]) -> int | None:
    """On which line of a file a setting stands, counted from 1; 0: it is no file. None: it is not in there."""
    node: object = source.settings
    for step in setting:
        if not isinstance(node, Mapping) or step not in node:
            return None
        node = node[step]
    return yamlfile.place(source.settings, setting)[0] if source.text else 0


def laid_over(sources: Sequence[Source]) -> Policy:
    """The shipped defaults with these files laid over them, one after the other. Raises ConfigError with the mistakes
    of the last one; those before it are right."""
    base = _shipped()
    settings: Mapping[str, object] = base.settings
    for each in sources:
        settings = merged(settings, each.settings)
    return _validated(settings, sources[-1] if sources else base)


@cache
def _shipped() -> Source:
    return parse(shipped.DEFAULTS.name, shipped.DEFAULTS.read_bytes())


def merged(base: Mapping[str, object], over: Mapping[str, object]) -> dict[str, object]:
    """The settings of one file laid over those of another: mappings merge, lists and single values replace."""
    made = dict(base)
    for key, value in over.items():
        below = made.get(key)
        if isinstance(below, Mapping) and isinstance(value, Mapping):
            made[key] = merged(below, value)
        else:
            made[key] = value
    return made


def _validated(settings: Mapping[str, object], last: Source) -> Policy:
    if old := next((name for name in OLD_SETTINGS if name in last.settings), None):
        what = f"{old} is of the welcome bot that was here before: `python -m bot migrate` makes a new file of it"
        raise ConfigError([_problem(last, [old], what, plain.example(["messages"]))])
    problems = [*_mistaken_messages(last)]
    try:
        policy = Policy.model_validate(settings)
    except ValidationError as error:
        raise ConfigError([*problems, *found_by(error, last)]) from None
    problems += _mistaken_language(policy, last)
    if problems:
        raise ConfigError(problems)
    return policy


def found_by(error: ValidationError, last: Source, book: plain.Book = plain.POLICY) -> list[Problem]:
    """What pydantic found wrong with the settings, each with its place in the last file."""
    found = error.errors(include_url=False)
    problems = [_problem(last, _about(one, last), book.words(one), book.example_for(one)) for one in found[:MOST]]
    if len(found) > MOST:
        problems.append(Problem(last.name, 0, 0, f"there are {len(found) - MOST} more mistakes"))
    return problems


def _problem(source: Source, path: plain.Path, what: str, example: str = "", *, blocks: bool = True) -> Problem:
    line, column = yamlfile.place(source.settings, path)
    return Problem(source.name, line, column, what, example, blocks=blocks)


def noted(source: Source, path: plain.Path, what: str) -> Problem:
    """Something about a setting that does not keep the file from being in force."""
    return _problem(source, path, f"{plain.name(path)}: {what}", blocks=False)


def _about(item: Mapping[str, Any], last: Source) -> plain.Path:
    """Which setting an error is about. Of several that cannot stand together it is one that the last file sets."""
    if item["type"] != "together":
        path: plain.Path = item["loc"]
        return path
    candidates = [[*item["loc"], *setting] for setting in item["ctx"]["settings"]]
    return max(candidates, key=lambda path: _depth(last.settings, path))


def _depth(node: Any, path: plain.Path) -> int:
    """How much of the path stands in the file."""
    for depth, step in enumerate(path):
        there = step in node if isinstance(node, Mapping) else isinstance(node, list) and step in range(len(node))
        if not there:
            return depth
        node = node[step]
    return len(path)


def _mistaken_language(policy: Policy, last: Source) -> Iterator[Problem]:
    known = words.languages()
    if policy.language not in known:
        close = did_you_mean(policy.language, known)
        what = f"there are no messages in the language {policy.language}; there are: {', '.join(known)}{close}"
        yield _problem(last, ["language"], what, plain.example(["language"]))


def _mistaken_messages(last: Source) -> Iterator[Problem]:
    own = last.settings.get("messages")
    for name, text in [*own.items()][:MOST] if isinstance(own, Mapping) else []:
        if name not in MESSAGES:
            close = did_you_mean(name, MESSAGES)
            what = f"there is no message {shown(name)}{close}; there are: {', '.join(MESSAGES)}"
            yield _problem(last, ["messages", name], what, plain.example(["messages"]))
            continue
        for mistake in wording.check(name, text) if isinstance(text, str) else []:
            line, column = _within(last, name, text, mistake)
            yield Problem(last.name, line, column, f"messages.{name}: {mistake.what}", mistake.example)


def _within(source: Source, name: str, text: str, mistake: wording.Mistake) -> tuple[int, int]:
    """Where in the file a place in a message is. Known of texts after `|`; of others it is where the message begins."""
    if not isinstance(text, LiteralScalarString) or not source.text:
        return yamlfile.place(source.settings, ["messages", name])
    first = (
        source.settings["messages"].lc.value(name)[0] + 1
    )  # the line with the | counts from 0, and the text begins in the next one
    lines = source.text.splitlines()
    written = next((line for line in lines[first:] if line.strip()), "")
    indent = len(written) - len(written.lstrip(" "))
    return first + mistake.line, indent + mistake.column


_LABELS: Final = (
    ("no_bot_label",), ("levels", "starter"), ("levels", "medium"), ("levels", "advanced"), ("areas", "*", "labels"),
)  # fmt: skip
_LABELS_OR_CATEGORIES: Final = tuple(("came_with", name) for name in ("problem", "question", "wish", "docs"))
_PEOPLE: Final = (
    ("people", "bots"), ("people", "leave_alone"), ("people", "maintainers"), ("welcome", "other_greeters"),
    ("need_help", "roster"), ("triage", "rota"), ("triage", "people", "*", "login"),
    ("mentors", "*", "login"), ("cohorts", "*", "mentors"), ("cohorts", "*", "interns", "*", "login"),
)  # fmt: skip


def unknown_names(source: Source, known: KnownNames) -> list[Problem]:
    """Labels, people and teams in this file that there are not. They do not keep it from being in force."""
    found = [*_unknown_labels(source, known), *_unknown_people(source, known)]
    return sorted(found, key=lambda problem: (problem.line, problem.column))[:MOST]


def _unknown_labels(source: Source, known: KnownNames) -> Iterator[Problem]:
    if known.labels is None:
        return
    for patterns, also, kind in (
        (_LABELS, frozenset[str](), "label"),
        (_LABELS_OR_CATEGORIES, known.categories, "label or category"),
    ):
        there = {name.casefold() for name in known.labels | also}
        for path, name in _named(source, patterns):
            if name.casefold() not in there:
                what = f"no {kind} {shown(name)} is known here{did_you_mean(name, known.labels | also)}"
                yield _problem(source, path, f"{plain.name(path)}: {what}", plain.example(path), blocks=False)


def _unknown_people(source: Source, known: KnownNames) -> Iterator[Problem]:
    teams = None if known.teams is None else {team.casefold() for team in known.teams}
    for path, name in _named(source, _PEOPLE):
        if "/" in name:
            if teams is None or name.casefold() in teams:
                continue
            what = f"no team {shown(name)} is known here{did_you_mean(name, known.teams or ())}"
        elif known.people(name) is False:
            what = f"nobody called {shown(name)} is known here: is it written as on GitHub?"
        else:
            continue
        yield _problem(source, path, f"{plain.name(path)}: {what}", plain.example(path), blocks=False)


def without_effect(policy: Policy, source: Source) -> Iterator[Problem]:
    """What this file wants and nothing comes of. It does not keep it from being in force."""
    if policy.mode("triage") is not Mode.ON or policy.mode("digest") is Mode.ON:
        return
    for setting in (["triage", "mode"], ["digest", "mode"]):
        if line(source, setting) is not None:
            what = "triage.mode: on reminds nobody while digest.mode is not on: reminders stand in the digest"
            yield _problem(source, setting, what, "digest: {mode: on}", blocks=False)
            return


def _named(source: Source, patterns: Iterable[Sequence[str]]) -> Iterator[tuple[list[str | int], str]]:
    """The names that stand at these places in the file, each with its place. `*` is each of a list."""
    for pattern in patterns:
        places: list[tuple[list[str | int], Any]] = [([], source.settings)]
        for step in pattern:
            places = [inner for place in places for inner in _inner(*place, step)]
        for path, value in places:
            names = [(path, value)] if isinstance(value, str) else _inner(path, value, "*")
            yield from ((path, name) for path, name in names if isinstance(name, str))


def _inner(path: list[str | int], value: object, step: str) -> list[tuple[list[str | int], Any]]:
    if step == "*":
        return [([*path, index], one) for index, one in enumerate(value)] if isinstance(value, list) else []
    return [([*path, step], value[step])] if isinstance(value, Mapping) and step in value else []
