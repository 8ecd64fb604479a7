"""What the community digest has to tell, and in which words' places. Thanks come first.

Pure: what memory tells goes in, the values of the document come out. Every list has an end.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, TypeVar

from bot.community.span import Span
from bot.memory.celebrated import Celebrated, Thanked
from bot.memory.community import Happened, Help, Milestone, Place
from bot.model import Level, Person, Repo, ThreadKind
from bot.pathpolicy import Who
from bot.pathway import Opening
from bot.policy import Call, Policy
from bot.policytypes import Mode
from bot.rules import story
from bot.rules.ready import ASK
from bot.waiting import Case
from bot.words import Shown

_JUST_BEFORE: Final = timedelta(microseconds=1)
_NAMES: Final = 30  # of each thanks
_COME: Final = 20
_ISSUES: Final = 8
_WAITING: Final = 8
_AREAS: Final = 8
_CALLS: Final = 5
_STORIES: Final = 5
_TIMES: Final = 5  # of each call
_PATHS: Final = {ThreadKind.ISSUE: "issues", ThreadKind.PULL_REQUEST: "pull", ThreadKind.DISCUSSION: "discussions"}
_GITHUB: Final = "https://github.com/"
# Links that go there leave no mark in the threads they lead to: a monthly one in each would be noise.
# docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls
_NO_BACKLINK: Final = "https://redirect.github.com/"

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """`openings`, `waiting`: all of them, as they are now. `celebrated`: nothing where thanks are not switched on."""

    span: Span
    happened: Happened
    celebrated: Celebrated = field(default_factory=Celebrated)
    openings: Sequence[Opening] = ()
    waiting: Sequence[Case] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nobody did anything. What there is to take and what waits is no news by itself."""
        happened, thanks = self.happened, self.celebrated
        return not (happened.came or happened.merged or happened.helped or thanks.thanked or thanks.stories)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where it is told. `next_due`: until when calls are told. `pictures`: None on GitHub. Elsewhere links are plain
    ones, and pictures are files of these names, by what they show, if there are any."""

    home: Repo
    policy: Policy
    now: datetime
    next_due: datetime
    pictures: Mapping[str, str] | None = None


def values(told: Contents, setting: Setting) -> dict[str, Shown]:
    """What the document `community` is given."""
    policy, happened, plain = setting.policy, told.happened, setting.pictures is not None
    open_ = [one for one in told.openings if not one.taken]
    medium = [one for one in told.openings if one.level is Level.MEDIUM]
    return {
        "organisation": setting.home.owner,
        "since": f"{told.span.since:%Y-%m-%d}",
        "until": f"{told.span.until - _JUST_BEFORE:%Y-%m-%d}",
        "came": len(happened.came),
        "newcomers": _drawn(
            [(who, _newcomer(who, at, plain=plain)) for who, at in happened.came if _may(told, policy, who, at)],
            told.span,
            _COME,
        ),
        "milestones": _drawn(
            [
                (one.person, _milestone(one, plain=plain))
                for one in happened.milestones
                if _may(told, policy, one.person, one.place)
            ],
            told.span,
            _COME,
        ),
        **_celebrated(told, plain=plain),
        "merged": happened.merged,
        "merged_by": happened.merged_by,
        "mentorings": {"begun": happened.mentorings_begun, "done": happened.mentorings_done},
        "thanks": {help_.value: _thanks(told, help_) for help_ in Help},
        "months": [
            {"name": f"{month.first:%Y-%m}", "came": month.came, "merged": month.merged} for month in happened.months
        ],
        "drawn": len(happened.months) > 1 and any(month.came or month.merged for month in happened.months),
        "pictures": dict(setting.pictures or {}),
        "starter": _openings([one for one in open_ if one.level is Level.STARTER], plain=plain),
        "medium": _openings([one for one in open_ if one.level is Level.MEDIUM and one.ready], plain=plain),
        "taken": sum(one.taken for one in medium),
        "ask": _openings([one for one in open_ if one.level is Level.MEDIUM and one.lacks == (ASK,)], plain=plain),
        "waiting": _listed([_case(one, plain=plain) for one in _longest(told.waiting)], _WAITING),
        "short": _listed(_short(open_, policy), _AREAS),
        "calls": [_call(call, times) for call, times in _calls(setting)],
        **_ways(setting),
    }


def _may(told: Contents, policy: Policy, person: Person, place: Place) -> bool:
    """Whether somebody may be named with this."""
    alone = policy.no_bot_label.casefold() in {label.casefold() for label in place.labels}
    return person.id not in told.happened.unnamed and not alone


def _listed(all_: Sequence[Shown], most: int) -> dict[str, Shown]:
    return {"shown": list(all_[:most]), "more": max(len(all_) - most, 0)}


def link(repo: Repo, number: int, kind: ThreadKind, *, plain: bool) -> dict[str, Shown]:
    """A thread as the filter `linked` takes it."""
    page = repo.url if plain or not repo.url.startswith(_GITHUB) else _NO_BACKLINK + repo.url.removeprefix(_GITHUB)
    return {"name": f"{repo.full_name}#{number}", "url": f"{page}/{_PATHS[kind]}/{number}" if page else ""}


def _at(place: Place, *, plain: bool) -> dict[str, Shown]:
    return link(place.repo, place.ref.number, place.kind, plain=plain)


def _newcomer(person: Person, place: Place, *, plain: bool) -> dict[str, Shown]:
    return {"name": person.login, "thread": _at(place, plain=plain)}


def _milestone(one: Milestone, *, plain: bool) -> dict[str, Shown]:
    return {"name": one.person.login, "number": one.number, "thread": _at(one.place, plain=plain)}


def _celebrated(told: Contents, *, plain: bool) -> dict[str, Shown]:
    of = told.celebrated
    return {
        "years": _drawn([(who, {"name": who.login, "years": years}) for who, years in of.years], told.span, _COME),
        "mentored": _drawn([(who, who.login) for who in of.mentored], told.span, _COME),
        "thanked": _drawn([(one.whom, _thanked(one, plain=plain)) for one in of.thanked], told.span, _COME),
        "stories": _drawn(
            [(who, story.values(who, deeds, plain=plain)) for who, deeds in of.stories], told.span, _STORIES
        ),
    }


def _thanked(one: Thanked, *, plain: bool) -> dict[str, Shown]:
    return {
        "by": one.by.login,
        "whom": one.whom.login,
        "work": one.work.value,
        "url": one.url if plain else story.without_mark(one.url),
    }


def _thanks(told: Contents, help_: Help) -> dict[str, Shown]:
    people = [one for one in told.happened.helped.get(help_, ()) if one.id not in told.happened.unnamed]
    return _drawn([(one, one.login) for one in people], told.span, _NAMES)


def _drawn(all_: Sequence[tuple[Person, Shown]], span: Span, most: int) -> dict[str, Shown]:
    """By the alphabet. If they are too many, chance decides who is named, each month anew."""
    drawn = sorted(all_, key=lambda one: sha256(f"{span.until:%Y-%m}/{one[0].id}".encode()).digest())[:most]
    shown = [told for _, told in sorted(drawn, key=lambda one: one[0].login.casefold())]
    return {"shown": shown, "more": len(all_) - len(shown)}


def _openings(openings: Sequence[Opening], *, plain: bool) -> dict[str, Shown]:
    """The newest first: the others were there last month."""
    newest = sorted(openings, key=lambda one: one.since, reverse=True)
    return _listed([_opening(one, plain=plain) for one in newest], _ISSUES)


def _opening(one: Opening, *, plain: bool) -> dict[str, Shown]:
    return {
        "thread": link(one.repo, one.ref.number, ThreadKind.ISSUE, plain=plain),
        "areas": [*sorted(one.areas)],
    }


def _longest(cases: Sequence[Case]) -> list[Case]:
    """What waits too long for the team, the longest first. Nobody is told of who waits for whom."""
    late = [one for one in cases if one.waiting.on.is_team and one.is_late and not one.asleep]
    return sorted(late, key=lambda one: (one.waiting.since, one.thread.ref))


def _case(one: Case, *, plain: bool) -> dict[str, Shown]:
    return {
        "thread": link(one.thread.repo, one.thread.ref.number, one.thread.kind, plain=plain),
        "on": one.waiting.on.name,
        "because": one.waiting.because.name,
        "days": one.waited,
        "newcomer": one.newcomer and not one.opted_out,
    }


def _short(open_: Collection[Opening], policy: Policy) -> list[Shown]:
    """The areas without a medium issue that somebody could take."""
    supplied = {area for one in open_ if one.level is Level.MEDIUM and one.ready for area in one.areas}
    return [area.name for area in policy.areas if area.name not in supplied]


def _calls(setting: Setting) -> list[tuple[Call, list[datetime]]]:
    """Those until the next digest, in their order; at least the next one of each."""
    found = [(call, [*_times(call, setting)]) for call in setting.policy.calls]
    return sorted(((call, times) for call, times in found if times), key=lambda one: one[1][0])[:_CALLS]


def _times(call: Call, setting: Setting) -> Iterator[datetime]:
    at = call.next_after(setting.now)
    for number in range(_TIMES):
        if at is None or (number and at > setting.next_due):
            return
        yield at
        at = call.next_after(at)


def _call(call: Call, times: Sequence[datetime]) -> dict[str, Shown]:
    return {"name": call.name, "times": [f"{at:%Y-%m-%d %H:%M}" for at in times], "url": call.url}


def _ways(setting: Setting) -> dict[str, Shown]:
    """What the invitations say."""
    policy = setting.policy
    links = policy.links.at(setting.home)
    return {
        "claims": policy.mode("claims") is not Mode.OFF and policy.commands.claim is Who.EVERYBODY,
        "triage": policy.mode("triage") is not Mode.OFF and policy.commands.triage_rota is not Who.NOBODY,
        "for_members": policy.commands.triage_rota is not Who.EVERYBODY,
        "thank": policy.mode("thanks") is Mode.ON and policy.commands.thank is Who.EVERYBODY,
        "chat": links["chat"],
        "contributing": links["contributing"],
    }
