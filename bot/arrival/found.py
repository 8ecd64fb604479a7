"""What was found of an organisation, by which a configuration is proposed to it. Values only."""

from dataclasses import dataclass
from enum import StrEnum

from bot.legacy import Legacy


class Kind(StrEnum):
    """What a link leads to: the settings in `links`."""

    CONTRIBUTING = "contributing"
    CODE_OF_CONDUCT = "code_of_conduct"
    AI_POLICY = "ai_policy"
    CHAT = "chat"


@dataclass(frozen=True, slots=True)
class LabelUse:
    """A label of a repository, and how many threads carry it."""

    name: str
    repo: str
    open: int = 0
    closed: int = 0


@dataclass(frozen=True, slots=True)
class Guide:
    """Something to send people to. `where`: the file itself (`is_file`), or in which text there is a link to it, as
    `owner/repo: path`."""

    kind: Kind
    url: str
    where: str
    is_file: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """`labels` are those of public repositories: what is proposed may be read by everybody. `guides`: in the order in
    which they were come across, the organisation's own files first. `has_private`: there are private repositories, and
    who reads the proposal may know. `greeters`: other bots that welcome people."""

    organisation: str
    language: str = "en"
    labels: tuple[LabelUse, ...] = ()
    guides: tuple[Guide, ...] = ()
    legacy: Legacy | None = None
    has_private: bool = False
    greeters: tuple[str, ...] = ()
