"""Reads the file of the welcome bot that many had before, `.github/config.yml`: its texts become messages of ours.

That bot posted plain Markdown; a message of ours is a template. So the texts are written so that they show as they are,
and mention nobody. The file may hold settings of other bots too, which are none of our business.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ruamel.yaml.comments import CommentedMap

from bot import words, yamlfile
from bot.policyfile import ConfigError, Problem, Source

MESSAGES: Final = {
    "newIssueWelcomeComment": "welcome-issue",
    "newPRWelcomeComment": "welcome-pull-request",
    "firstPRMergeComment": "welcome-merge",
}
# Of the bot that asks for more information. Switchback does not do that.
_REQUESTS: Final = "requestInfo"
_CHECKS: Final = frozenset({"checkIssueTemplate", "checkPullRequestTemplate"})


@dataclass(frozen=True, slots=True)
class Legacy:
    """What such a file says. `messages`: the name of our message, and the text as it stands in the file. `left`: keys
    that are not taken over. `others`: keys of other bots. `problems`: what could not be read, with its place."""

    name: str
    messages: Mapping[str, str]
    left: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def read(name: str, data: bytes) -> Legacy:
    """A file's bytes; `name` is what problems call it. Whatever is in it: what cannot be read is told as a problem."""
    try:
        settings, _ = yamlfile.load(name, data)
    except ConfigError as error:
        return Legacy(name, {}, problems=error.problems)
    keys = [key for key in settings if isinstance(key, str)]
    texts = {key: settings[key] for key in MESSAGES if key in settings}
    return Legacy(
        name,
        {MESSAGES[key]: _as_posted(text) for key, text in texts.items() if isinstance(text, str) and text.strip()},
        left=tuple(key for key in keys if key.startswith(_REQUESTS) or key in _CHECKS),
        others=tuple(key for key in keys if not (key.startswith(_REQUESTS) or key in _CHECKS or key in MESSAGES)),
        problems=tuple(_no_texts(name, settings, texts)),
    )


def templates(legacy: Legacy) -> dict[str, str]:
    """The messages as templates of ours, by their names."""
    made = {name: words.literal(text).strip() for name, text in legacy.messages.items()}
    return {name: text for name, text in made.items() if text}


def layer(legacy: Legacy) -> Source | None:
    """The messages as a file to lay over others; None if there are none."""
    texts = templates(legacy)
    return _source(legacy.name, texts) if texts else None


def layers(legacy: Legacy) -> list[Source]:
    """The same as a file for each message, for whoever wants to leave out one that cannot be used."""
    return [_source(legacy.name, {name: text}) for name, text in templates(legacy).items()]


def _source(name: str, texts: Mapping[str, str]) -> Source:
    return Source(name, CommentedMap(messages=CommentedMap(texts)))


def _as_posted(text: str) -> str:
    return str(text).replace("\r\n", "\n").strip("\n")


def _no_texts(name: str, settings: CommentedMap, texts: Mapping[str, Any]) -> Iterable[Problem]:
    """Nothing at all (null) is nothing wrong: the old bot was silent then."""
    for key, text in texts.items():
        if text is None or isinstance(text, str):
            continue
        yield Problem(name, *yamlfile.place(settings, [key]), f"{key}: it is no text, so it is not taken over")
