"""The commands that people may write, each as a line of its own. `docs/commands.md` is made from this."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.model import ThreadKind

_EVERYWHERE: Final = frozenset(ThreadKind)
_ISSUES: Final = frozenset({ThreadKind.ISSUE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`examples` are what people write; `about` is one line for the documentation. `feature`: it is not there where
    that is switched off. `suggests`: whoever may not use it may suggest it."""

    name: str
    examples: tuple[str, ...]
    about: str
    places: frozenset[ThreadKind] = _EVERYWHERE
    feature: str | None = None
    suggests: bool = False

    @property
    def setting(self) -> str:
        """What it is called in `commands`, which says who may use it."""
        return self.name.replace("-", "_")


def _entry(name: str, *examples: str, about: str, places: frozenset[ThreadKind] = _EVERYWHERE,
           feature: str | None = None, suggests: bool = False) -> tuple[str, Entry]:  # fmt: skip
    return name, Entry(name=name, examples=examples, about=about, places=places, feature=feature, suggests=suggests)


CATALOG: Final[Mapping[str, Entry]] = dict(
    (
        _entry("help", "/help", about="Tells what you can use here."),
        _entry("why", "/why", about="Tells why the bot wrote its last comment here, and which setting made it."),
        _entry("undo", "/undo", about="Takes back the last thing that the bot did here."),
        _entry("snooze", "/snooze 2 weeks", "/snooze until 2026-12-24", "/snooze off",
               about="Lets the bot say nothing by itself in this thread for a while; without a time, for two weeks."),
        _entry("no-bot", "/no-bot", "/no-bot off", about="Lets the bot leave you alone, or write to you again."),
        _entry("forget-me", "/forget-me", about="Deletes what is stored about you."),
        _entry("switchback", "/switchback status", "/switchback pause 2 weeks", "/switchback mute welcome-issue",
               about="Steers the bot; for maintainers."),
        _entry("level", "/level medium", "/level starter documentation",
               about="Sets the level of an issue, and its area; of others it is a suggestion.", places=_ISSUES,
               suggests=True),
        _entry("create-labels", "/create-labels", about="Makes the labels of the levels that this repository lacks."),
        _entry("pointers", "/pointers", about="Says what somebody needs to know to begin: a list below the command.",
               places=_ISSUES),
        _entry("claim", "/claim", about="Takes an issue.", places=_ISSUES, feature="claims"),
        _entry("unclaim", "/unclaim", about="Gives it back.", places=_ISSUES, feature="claims"),
        _entry("working", "/working", about="Tells that you are at it, though nobody sees it yet.", places=_ISSUES,
               feature="claims"),
        _entry("interested", "/interested", "/interested documentation, auth", "/interested off",
               about="Lets you hear of an issue that fits, now and then.", feature="offers"),
        # Where nobody is asked it still tells where else one may ask, so it is there with its feature switched off.
        _entry("need-help", "/need-help", about="Asks a human to help you here."),
        _entry("waiting-on", "/waiting-on author", "/waiting-on decision", "/waiting-on auto",
               about="Says whom this thread waits for: `team`, `author`, `review`, `decision`, `nobody` (or `auto`).",
               feature="triage"),
        _entry("triage-rota", "/triage-rota", "/triage-rota swap 2026-12-07 @grace",
               "/triage-rota join documentation", "/triage-rota leave",
               about="Shows who looks after triage; swaps weeks; lets you be asked about areas.", feature="triage"),
        _entry("mentor", "/mentor on areas: documentation; up to 2; timezone: Europe/Berlin; languages: en, es",
               "/mentor on part: co-mentor", "/mentor", "/mentor off",
               about="Lets you be asked to mentor somebody, together with another; changes or shows on which terms.",
               feature="mentoring"),
        _entry("record", "/record", "/record huts#12", "/record https://example.org/what-i-did",
               about="Records what you contributed in a cohort: this thread, another, or what stands at an address.",
               feature="cohorts"),
        _entry("budget", "/budget 1 per week", "/budget none", "/budget usual",
               about="Lets the bot mention you less often."),
        _entry("away", "/away until 2026-12-24", "/away 2 weeks", "/away off",
               about="Lets nobody be sent to you by the bot for a while; nobody is told."),
        _entry("quiet-hours", "/quiet-hours 19:00 to 09:00 Europe/Berlin", "/quiet-hours Europe/Berlin",
               "/quiet-hours off", about="Tells when not to mention you; nobody is told."),
        _entry("need-mentor", "/need-mentor", "/need-mentor off", about="Asks two people to mentor you here.",
               feature="mentoring"),
        _entry("mentor-this", "/mentor-this", about="Asks two people to mentor whoever works on this; for maintainers.",
               feature="mentoring"),
        _entry("accept", "/accept", about="Says yes, if you are asked to mentor somebody.", feature="mentoring"),
        _entry("decline", "/decline", about="Says no to it, or steps back; no reason needed, and nobody is told.",
               feature="mentoring"),
        _entry("later", "/later", about="Says not now: you are not asked for a while.", feature="mentoring"),
        _entry("handover", "/handover @grace",
               about="Passes your part in mentoring somebody here on: to your co-mentor, or to another mentor, who is "
                     "asked.", feature="mentoring"),
        _entry("mentor-done", "/mentor-done", about="Ends a mentoring here, with thanks.", feature="mentoring"),
        _entry("stepping-down", "/stepping-down", "/stepping-down from huts until 2027-03-01",
               "/stepping-down for good", "/stepping-down off",
               about="Lets you step back, from all or from some repositories: nobody is sent to you, and a list for a "
                     "good hand-over is made. For somebody else (`@person`), on their wish, maintainers can.",
               feature="farewell"),
        _entry("welcome-back", "/welcome-back @ada",
               about="Takes somebody back who stepped back; for maintainers.", feature="farewell"),
        # Lists of what can be used name these only where they tell nothing of anybody.
        _entry("still-here", "/still-here", about="Answers a check-in: you are here.", feature="check_ins"),
        _entry("ask-later", "/ask-later", about="Answers it too: you are asked again another time.",
               feature="check_ins"),
        _entry("check-ins", "/check-ins off", "/check-ins on", "/check-ins together", "/check-ins alone", "/check-ins",
               about="Says whether you may be asked in check-ins, and whether together with others; nobody is told.",
               feature="check_ins"),
        _entry("vouch", "/vouch @grace",
               about="Tells that somebody is around, though nobody sees it on GitHub. Best written in a private "
                     "repository.", feature="check_ins"),
        _entry("thank", "/thank @grace for running the calls",
               about="Thanks somebody for what they do, code or not; the community's digest tells of it.",
               feature="thanks"),
        _entry("share-thanks", "/share-thanks", "/share-thanks issue", "/share-thanks no",
               about="Lets a thank-you that is for you be posted, or not.", feature="thanks"),
        _entry("path", "/path", about="Tells where you stand on the skills map, and what comes next."),
    )
)  # fmt: skip
OF_THEIR_OWN: Final = frozenset({"no-bot", "forget-me", "switchback"})  # rules of their own answer these
UNKNOWN: Final = "unknown"  # what somebody asked the bot by its name, and is no command
