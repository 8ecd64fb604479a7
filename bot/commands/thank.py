"""`/thank @ada, @grace for running the calls`: whom, and for what kind of work, read from the words behind the command.

Of the words nothing is kept but that. They may be English or Spanish, whatever the bot speaks. Where they name no kind
of work that is known, it is another one: that somebody was thanked counts all the same.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.commands import until
from bot.gratitude import MOST_AT_ONCE, Work

NAME: Final = "thank"

_FOR: Final = re.compile(r"\b(?:for|por|because|porque)\b")
_LOGIN: Final = r"[a-z0-9](?:[a-z0-9_-]{0,60}[a-z0-9])?"
_NAMED: Final = re.compile(rf"(?<![\w@/.])@({_LOGIN})(?![\w/])")
_BARE: Final = re.compile(rf"(?:to )?({_LOGIN})[.,!]?")
_NOBODY: Final = frozenset({"you", "to", "all", "everybody", "everyone", "them", "him", "her", "team", "gracias"})
# How words begin that tell of a kind of work, in English and Spanish; with a dot behind it, it is a whole word, or its
# plural. The first that stands there counts, and code last: it is in most of what people review, test and document.
_WORDS: Final = {
    Work.CALLS: "call. calling meeting standup llamada reuni videollamada",
    Work.SUPPORT: "support helpdesk forum discourse chat. answer question help. soport ayud foro respond pregunta",
    Work.DOCS: "doc. document guide tutorial readme guía manual",
    Work.TRANSLATION: "translat localis localiz traduc",
    Work.DESIGN: "design logo illustrat drawing ux. ui. diseñ ilustra dibuj",
    Work.EVENTS: "event workshop sprint talk conferen hackathon meetup taller charla",
    Work.MENTORING: "mentor teach onboard tutor. tutoring enseñ acompañ",
    Work.REVIEWS: "review revis",
    Work.TRIAGE: "triag label etiquet clasific sorting",
    Work.TESTING: "test qa. prueba probar",
    Work.RELEASES: "releas packag publish versi publicaci lanzamiento empaquet",
    Work.SECURITY: "secur vulnerab segurid",
    Work.INFRASTRUCTURE: "infra server deploy ci. ops. hosting servidor despliegue",
    Work.COMMUNITY: "communit welcom moderat kindness comunidad bienvenida modera",
    Work.FUNDING: "fund sponsor grant donat money financia patrocin subvenci donaci",
    Work.CODE: "code coding bug fix feature pull. pr. patch refactor código arregl correg correcc función programa",
}
_STEMS: Final = {work: [re.escape(word) for word in words.split()] for work, words in _WORDS.items()}
_WORK: Final = re.compile(
    "|".join(rf"(?P<{work.value}>\b(?:{'|'.join(stems)}))".replace(r"\.", r"s?\b") for work, stems in _STEMS.items())
)


class Wrong(StrEnum):
    """What is wrong with it; the message says it in words."""

    WORDS = "words"  # it names nobody
    MANY = "many"  # too many people


@dataclass(frozen=True, slots=True)
class Thank:
    """`logins`: in lower case, in their order."""

    logins: tuple[str, ...]
    work: Work


def read(args: str) -> Thank | Wrong:
    said = " ".join(args.lower().split())
    cut = _FOR.search(said)
    who, what = (said[: cut.start()], said[cut.end() :]) if cut else (said, said)
    logins = tuple(dict.fromkeys(_NAMED.findall(who))) or _bare(who)
    if not logins:
        return Wrong.WORDS
    return Wrong.MANY if len(logins) > MOST_AT_ONCE else Thank(logins, work_of(what))


def work_of(words: str) -> Work:
    """The kind of work that words in lower case speak of; code, if they speak of nothing besides."""
    found = [Work(one.lastgroup or "") for one in _WORK.finditer(_NAMED.sub("", words))]
    return next((one for one in found if one is not Work.CODE), Work.CODE if found else Work.OTHER)


def usable(args: str) -> str:
    """The same without the words: `@ada @grace for calls`."""
    match read(args):
        case Thank() as thank:
            return f"{' '.join(f'@{login}' for login in thank.logins)} for {thank.work.value}"
        case Wrong.MANY:
            return " ".join(f"@{number}" for number in range(MOST_AT_ONCE + 1))
        case _:
            return ""


def _bare(who: str) -> tuple[str, ...]:
    """A single name may stand without its @."""
    found = _BARE.fullmatch(until.plain(who))
    return (found[1],) if found and found[1] not in _NOBODY else ()
