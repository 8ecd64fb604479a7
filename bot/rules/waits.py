"""Whom an open thread waits for, since when, and what tells so; and after how long that is late. Pure.

What people say decides, in the order of the functions below, and everything can be put right with `/waiting-on`. Bots'
acts, labels that are no signs (`triage.labels`), and cross-references change nothing. Where nobody knows whether the
team asked its author something, the thread is taken to wait for the author: then nobody is reminded.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.model import GHOST, Step, Thread, ThreadKind
from bot.policy import Policy
from bot.rules.conversation import Side, Talk, Word, talk
from bot.waiting import Because, Checks, Evidence, Facts, On, Result, Waiting

_LABELING: Final = frozenset({Step.LABELED, Step.UNLABELED})


@dataclass(frozen=True, slots=True)
class _Seen:
    """A thread with what tells whom it waits for."""

    thread: Thread
    facts: Facts
    policy: Policy
    talk: Talk

    @property
    def begun(self) -> datetime:
        return self.thread.ready_at or self.thread.created_at

    @property
    def reopened(self) -> datetime:
        """When it was last opened by a human."""
        steps = (one for one in self.thread.history if one.step is Step.REOPENED)
        return max([self.begun, *(one.at for one in steps if not self.policy.is_bot(one.person))])

    @property
    def by_team(self) -> bool:
        author = self.thread.author
        said = any(one.by_team for one in self.thread.answers if one.person == author)
        return self.facts.by_team or said or any(one.by_team for one in self.thread.history if one.person == author)


def derive(thread: Thread, facts: Facts, policy: Policy) -> Waiting:
    """Whom it waits for."""
    seen = _Seen(thread, facts, policy, talk(thread, policy))
    told = _out_of_the_way(seen) or _said(seen) or _to_decide(seen) or _incomplete(seen)
    if told is not None:
        return told
    return _pull_request(seen) if thread.kind is ThreadKind.PULL_REQUEST else _issue(seen)


def allowed(waiting: Waiting, thread: Thread, policy: Policy, *, newcomer: bool) -> int | None:
    """After how many working days that is late; None: it never is. `newcomer`: its author is one."""
    expect = policy.triage.expect
    match waiting.on, waiting.because:
        case On.TRIAGE, _:
            first = expect.newcomer if newcomer else expect.first_answer
            return expect.triage if talk(thread, policy).of(Side.OTHER) else first
        case On.REVIEW, Because.UNREVIEWED:
            return expect.newcomer if newcomer else expect.review
        case On.REVIEW, Because.SAID:
            return expect.review
        case On.TEAM, Because.CHECKS_HELD:
            return expect.newcomer if newcomer else expect.first_answer
        case On.TEAM, Because.APPROVED:
            return expect.merge
        case ((On.TEAM | On.REVIEW), _):
            return expect.reply
        case On.DECISION, _:
            return expect.decision
        case _:
            return None


# What no conversation changes


def _out_of_the_way(seen: _Seen) -> Waiting | None:
    """It waits for nobody, whatever is said there."""
    thread, policy = seen.thread, seen.policy
    if not thread.is_open:
        return _nobody(Because.CLOSED, thread.closed_at or thread.merged_at or seen.begun)
    if here := _named(thread, [policy.no_bot_label]):
        return _waits(On.NOBODY, _label(seen, here[0], Because.LEFT_ALONE))
    if thread.locked:
        return _nobody(Because.LOCKED, seen.begun)
    if thread.author == GHOST or policy.is_bot(thread.author):
        return _nobody(Because.BY_BOT, seen.begun)
    if sign := _sign(seen, policy.triage.labels.on_hold, Because.ON_HOLD):
        return _waits(On.NOBODY, sign)
    return None


def _said(seen: _Seen) -> Waiting | None:
    """What somebody said with `/waiting-on`, as long as nothing has come of it."""
    correction = seen.facts.correction
    if correction is None or correction.on is None:
        return None
    said = Evidence(because=Because.SAID, at=correction.at)
    later = seen.talk.after(correction.at)
    match correction.on:
        case On.AUTHOR:
            replies = later.of(Side.AUTHOR)
            if not replies:
                return _waits(On.AUTHOR, said)
            return None if later.after(replies[0].at).of(Side.TEAM) else _author_spoke(seen, replies[0], said)
        case On.TEAM | On.REVIEW:
            over = bool(later.of(Side.TEAM))
        case _:
            over = seen.reopened > correction.at
    return None if over else _waits(correction.on, said)


def _to_decide(seen: _Seen) -> Waiting | None:
    sign = _sign(seen, seen.policy.triage.labels.decision, Because.DECISION)
    return _waits(On.DECISION, sign) if sign else None


def _incomplete(seen: _Seen) -> Waiting | None:
    """A label says that the author has to add something. Once they say something the team looks at it, and if the label
    stays when the team has answered, it is still the author's turn."""
    sign = _sign(seen, seen.policy.triage.labels.needs_info, Because.NEEDS_INFO)
    if sign is None:
        return None
    later = seen.talk.after(sign.at)
    if not later.of(Side.AUTHOR):
        return _waits(On.AUTHOR, sign)
    last = later.turn[0]
    return _author_spoke(seen, last, sign) if last.side is Side.AUTHOR else _waits(On.AUTHOR, sign, since=last.at)


# Issues and discussions


def _issue(seen: _Seen) -> Waiting:
    if work := _at_work(seen):
        return _waits(On.PROGRESS, *work)
    if seen.by_team:
        return _nobody(Because.BY_TEAM, seen.begun, seen.thread.author.login)
    level, turn, answers = _level(seen), seen.talk.turn, seen.talk.of(Side.TEAM)
    if answers and turn[0].side is Side.AUTHOR:
        return _author_spoke(seen, turn[0], _told(Because.TEAM_ANSWERED, answers[-1]), *level)
    if asked := _asking(turn):
        return _waits(On.AUTHOR, asked, *level)
    if level:
        return _waits(On.NOBODY, *level, *(_told(Because.TEAM_ANSWERED, word) for word in answers[:1]))
    if answers:
        known = all(word.asks is False for word in turn)
        return _waits(On.NOBODY if known else On.AUTHOR, _told(Because.TEAM_ANSWERED, turn[0]))
    others = seen.talk.of(Side.OTHER)
    if others and seen.thread.kind is ThreadKind.DISCUSSION:
        return _waits(On.NOBODY, _told(Because.ANSWERED, others[0]))
    return _waits(On.TRIAGE, Evidence(because=Because.UNANSWERED, at=seen.reopened))


def _at_work(seen: _Seen) -> list[Evidence]:
    """That somebody is at it. Bots that are assigned are nobody."""
    found = []
    if seen.facts.claimed is not None:
        found.append(Evidence(because=Because.CLAIMED, at=seen.facts.claimed))
    thread = seen.thread
    around = {one.person for one in thread.answers} | {one.person for one in thread.history}
    if people := thread.assignees - {one.id for one in around if seen.policy.is_bot(one)}:
        names = {str(id_) for id_ in people}
        steps = [one for one in thread.history if one.step is Step.ASSIGNED and one.about in names]
        by_hand = [one for one in steps if not seen.policy.is_bot(one.person)]
        at = max((one.at for one in by_hand or steps), default=seen.begun)
        found.append(Evidence(because=Because.ASSIGNED, at=at))
    if seen.facts.linked is not None:
        found.append(Evidence(because=Because.LINKED, at=seen.facts.linked))
    return found


def _level(seen: _Seen) -> tuple[Evidence, ...]:
    """The label of its level, whoever set it."""
    thread, levels = seen.thread, seen.policy.levels
    if (level := levels.of(thread.labels)) is None:
        return ()
    name = _named(thread, getattr(levels, level))[0]
    return (_label(seen, name, Because.LEVELLED),)


# Pull requests


def _pull_request(seen: _Seen) -> Waiting:
    """Checks fail until the author says something to that, or changes something. To let them run is the team's, unless
    the author has something to do anyway."""
    if seen.thread.draft:
        return _draft(seen)
    checks = seen.facts.checks
    if checks is not None and checks.result is Result.FAILED and not seen.talk.after(checks.at).of(Side.AUTHOR):
        return _waits(On.AUTHOR, _told_by(checks, Because.CHECKS_FAILED, seen))
    waiting = _by_its_reviews(seen)
    if checks is not None and checks.result is Result.HELD and waiting.on is not On.AUTHOR:
        return _waits(On.TEAM, _told_by(checks, Because.CHECKS_HELD, seen))
    return waiting


def _told_by(checks: Checks, because: Because, seen: _Seen) -> Evidence:
    return Evidence(because=because, at=max(checks.at, seen.begun))


def _by_its_reviews(seen: _Seen) -> Waiting:
    current, verdicts = seen.talk.since(seen.begun), seen.talk.standing()
    turn = current.turn
    if verdicts and verdicts[-1].approves:
        return _approved(seen, verdicts, turn)
    answers = current.of(Side.TEAM)
    if not answers:
        return _waits(On.REVIEW, Evidence(because=Because.UNREVIEWED, at=seen.reopened))
    changes = [_told(Because.CHANGES_REQUESTED, word) for word in verdicts[-1:]]
    if turn[0].side is Side.AUTHOR:
        return _author_spoke(seen, turn[0], *(changes or [_told(Because.TEAM_ANSWERED, answers[-1])]))
    if verdicts and verdicts[-1] in turn:
        return _waits(On.AUTHOR, *changes)
    return _waits(On.AUTHOR, _asking(turn) or _told(Because.TEAM_ANSWERED, turn[0]), *changes)


def _draft(seen: _Seen) -> Waiting:
    return _waits(On.PROGRESS, Evidence(because=Because.DRAFT, at=seen.thread.created_at))


def _approved(seen: _Seen, verdicts: Sequence[Word], turn: Sequence[Word]) -> Waiting:
    """It waits to be merged since its first approval that nobody objected to; or for an answer to what the team asked
    after the last."""
    first = len(verdicts)
    while first and verdicts[first - 1].approves:
        first -= 1
    approved = _told(Because.APPROVED, verdicts[first])
    if asked := _asking(word for word in turn if word.at > verdicts[-1].at):
        return _waits(On.AUTHOR, asked, approved)
    spoke = [_told(Because.AUTHOR_SPOKE, one) for one in turn[:1] if one.side is Side.AUTHOR and one.at > approved.at]
    return _waits(On.TEAM, approved, *spoke, since=max(approved.at, seen.begun))


# Pieces


def _asking(turn: Iterable[Word]) -> Evidence | None:
    """The first question of the team in its turn, as far as somebody has looked."""
    asked = (word for word in turn if word.side is Side.TEAM and word.asks)
    return next((_told(Because.TEAM_ASKED, word) for word in asked), None)


def _author_spoke(seen: _Seen, word: Word, *more: Evidence) -> Waiting:
    if seen.thread.draft:
        return _draft(seen)
    on = On.REVIEW if seen.thread.kind is ThreadKind.PULL_REQUEST else On.TEAM
    return _waits(on, _told(Because.AUTHOR_SPOKE, word), *more)


def _sign(seen: _Seen, names: Iterable[str], because: Because) -> Evidence | None:
    """The one of these labels that somebody has set first. One of which nobody knows who set it counts too."""
    signs = (_set_by_hand(seen, name, because) for name in _named(seen.thread, names))
    return min((sign for sign in signs if sign is not None), key=lambda sign: sign.at, default=None)


def _named(thread: Thread, names: Iterable[str]) -> list[str]:
    known = {name.casefold() for name in names}
    return sorted(label for label in thread.labels if label.casefold() in known)


def _label(seen: _Seen, label: str, because: Because) -> Evidence:
    """A label that counts, whoever set it."""
    if sign := _set_by_hand(seen, label, because):
        return sign
    name = label.casefold()
    steps = (one for one in seen.thread.history if one.step is Step.LABELED and one.about.casefold() == name)
    return Evidence(because=because, at=max((one.at for one in steps), default=seen.begun), about=label)


def _set_by_hand(seen: _Seen, label: str, because: Because) -> Evidence | None:
    """None: a bot set it, or the form that its author filled in: people from outside cannot set labels."""
    thread, name = seen.thread, label.casefold()
    steps = [one for one in thread.history if one.step in _LABELING and one.about.casefold() == name]
    if not steps:
        return Evidence(because=because, at=seen.begun, about=label)
    from_outside = None if seen.by_team else thread.author
    by_hand = [one for one in steps if not seen.policy.is_bot(one.person) and one.person != from_outside]
    if not by_hand or by_hand[-1].step is Step.UNLABELED:
        return None
    return Evidence(because=because, at=by_hand[-1].at, who=by_hand[-1].person.login, about=label)


def _told(because: Because, word: Word) -> Evidence:
    return Evidence(because=because, at=word.at, who=word.login)


def _nobody(because: Because, at: datetime, who: str = "") -> Waiting:
    return _waits(On.NOBODY, Evidence(because=because, at=at, who=who))


def _waits(on: On, *evidence: Evidence, since: datetime | None = None) -> Waiting:
    """Since what decided, unless it is said otherwise."""
    return Waiting(on=on, since=since or evidence[0].at, evidence=evidence)
