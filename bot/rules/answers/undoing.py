"""`/undo`: takes back the last thing that the bot did in the thread.

Maintainers may take back everything, others what was done for them. What one command did goes together. What a human
has changed since stays as they left it. Of a comment that maintainers take back, though it was for somebody else, we
learn that it was not wanted, as if they had deleted it (`limits.mute_after`).
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Final

from bot.effects import (
    AnswerAsk,
    Assign,
    CorrectWaiting,
    Effect,
    EndClaim,
    EndMentoring,
    GivePointers,
    GoAway,
    HandOver,
    JoinMentors,
    JoinTriage,
    KeepQuiet,
    Label,
    Learn,
    LimitMentions,
    MakeLabel,
    MuteKind,
    PauseRepo,
    Question,
    Retract,
    Say,
    SeekMentors,
    Snooze,
    TakeClaim,
    TakeInterest,
    TakeWeek,
)
from bot.mentors import Said, State
from bot.model import Person, PersonId, Step
from bot.pathway import Acted, Ended
from bot.rules.answers.asking import NAME, Answer, Asked
from bot.rules.answers.explaining import comments, is_answer

_PRIVATE: Final = frozenset(
    {LimitMentions.kind, GoAway.kind, KeepQuiet.kind, AnswerAsk.kind}
)  # nobody else's to take back
# On or off; only "on" is taken back.
_SWITCHED: Final = (
    frozenset({Snooze.kind, TakeInterest.kind, CorrectWaiting.kind, TakeWeek.kind, JoinTriage.kind, JoinMentors.kind})
    | _PRIVATE
)
_BACK: Final = frozenset({Say.kind, Label.kind, Assign.kind, TakeClaim.kind, SeekMentors.kind}) | _SWITCHED
# These are not taken back; a reply names what does it instead.
_STAYS: Final = frozenset(
    {GivePointers.kind, MakeLabel.kind, PauseRepo.kind, MuteKind.kind, EndClaim.kind, HandOver.kind, EndMentoring.kind}
)
_LABELING: Final = frozenset({Step.LABELED, Step.UNLABELED})
_ASSIGNING: Final = frozenset({Step.ASSIGNED, Step.UNASSIGNED})


def undo(asked: Asked, now: datetime) -> Answer | Learn:
    if asked.maintains is None:
        return Learn(rule=NAME, question=Question.TEAM, why="to know what they may take back")
    there = list(_there(asked))
    theirs = [act for act in there if asked.maintains or act.person_id == asked.request.person.id]
    if not theirs:
        return _sorry(asked, "not-yours" if there else "nothing")
    last = _last(theirs, asked)
    together = [act for act in theirs if _command(act) == _command(last)] if _command(last) else [last]
    if kind := next((act.effect for act in together if act.effect in _STAYS), None):
        return _sorry(asked, "stays", kind)
    return _taken_back(asked, [act for act in together if act == last or not is_answer(act)])


def _there(asked: Asked) -> Iterator[Acted]:
    """What was done here and is not taken back yet, but by this very command."""
    said_here = asked.look.said_here
    undone = {key.split("/")[2] for key in said_here if key.startswith(f"{NAME}/undo/")}
    said = {act.key for act in comments(asked.look)}
    for act in asked.look.acted:
        if act.key.startswith(f"{NAME}/undo/") or act.effect not in _BACK | _STAYS:
            continue
        if act.effect == EndMentoring.kind and act.rule != NAME:  # nobody did it
            continue
        if act.effect in _PRIVATE and act.person_id != asked.request.person.id:
            continue
        stands = _name(act) not in undone and act.detail.get("on", True)
        if _key(asked, act) in said_here or (stands and (act.effect != Say.kind or act.key in said)):
            yield act


def _last(acts: Sequence[Acted], asked: Asked) -> Acted:
    """What this command has begun with; else the last, answers to commands only where there is nothing else."""
    begun = [act for act in acts if _key(asked, act) in asked.look.said_here]
    return (begun or [act for act in acts if not is_answer(act)] or acts)[-1]


def _command(act: Acted) -> tuple[str, ...] | None:
    """Which command of whom did it; None: none."""
    parts = act.key.split("/")
    return (parts[1], *parts[-2:]) if act.rule == NAME else None


def _name(act: Acted) -> str:
    """What it is called in the key of what takes it back."""
    return sha256(act.key.encode()).hexdigest()[:12]


def _key(asked: Asked, act: Acted) -> str:
    return asked.key(_name(act))


def _taken_back(asked: Asked, acts: Sequence[Acted]) -> Answer:
    """Last things first. What has been taken back already needs nothing more."""
    done = [act for act in acts if _key(asked, act) in asked.look.said_here]
    if any(_key(asked, act) not in {one.key for one in asked.look.acted} for act in done):
        return _sorry(asked, "failed")
    effects = [effect for act in reversed(acts) if act not in done and (effect := _opposite(asked, act)) is not None]
    if not done and not effects:
        return _sorry(asked, "changed")
    return Answer(done=True, why=asked.why, effects=tuple(effects))


def _opposite(asked: Asked, act: Acted) -> Effect | None:
    """None: somebody has changed it since, or it is over."""
    match act.effect:
        case Say.kind:
            return _comment(asked, act)
        case Label.kind:
            return _labels(asked, act)
        case Assign.kind:
            return _assignment(asked, act)
        case TakeClaim.kind:
            return _claim(asked, act)
        case SeekMentors.kind:
            return _search(asked, act)
        case AnswerAsk.kind:
            return _yes(asked, act)
        case _:
            return _switched_off(asked, act)


def _comment(asked: Asked, act: Acted) -> Retract:
    for_another = act.person_id != asked.request.person.id
    return Retract(
        rule=NAME,
        key=_key(asked, act),
        why=asked.why,
        thread=asked.look.thread.ref,
        to=asked.request.person,
        said=act.key,
        comment_id=act.external_id or 0,
        node_id=act.node_id,
        unwanted=bool(asked.maintains) and for_another and not is_answer(act),
    )


def _labels(asked: Asked, act: Acted) -> Label | None:
    here, touched = asked.look.thread.labels, _touched(asked, act, _LABELING)
    away = tuple(name for name in act.detail["add"] if name in here and name not in touched)
    back = tuple(name for name in act.detail["remove"] if name not in here and name not in touched)
    if not away and not back:
        return None
    return Label(
        rule=NAME,
        key=_key(asked, act),
        why=asked.why,
        thread=asked.look.thread.ref,
        to=asked.request.person,
        add=back,
        remove=away,
    )


def _assignment(asked: Asked, act: Acted) -> Assign | None:
    was_assigned, who = bool(act.detail["assigned"]), _person(asked, act.person_id)
    is_assigned = act.person_id in asked.look.thread.assignees
    if who is None or is_assigned is not was_assigned or str(act.person_id) in _touched(asked, act, _ASSIGNING):
        return None
    return Assign(
        rule=NAME,
        key=_key(asked, act),
        why=asked.why,
        thread=asked.look.thread.ref,
        to=who,
        assigned=not was_assigned,
    )


def _claim(asked: Asked, act: Acted) -> EndClaim | None:
    claim = next((one for one in asked.look.claims if one.is_open and one.person.id == act.person_id), None)
    if claim is None:
        return None
    return EndClaim(
        rule=NAME,
        key=_key(asked, act),
        why=asked.why,
        thread=asked.look.thread.ref,
        person=claim.person,
        ended=Ended.UNDONE,
        as_of=asked.request.at,
    )


def _search(asked: Asked, act: Acted) -> EndMentoring | None:
    """Mentors are not sought any more."""
    known = asked.look.mentoring
    if known is None or not known.is_open or known.began_at != datetime.fromisoformat(act.detail["began_at"]):
        return None
    return EndMentoring(
        rule=NAME,
        key=_key(asked, act),
        why=asked.why,
        thread=known.ref,
        person=asked.request.person,
        began_at=known.began_at,
        state=State.ENDED,
        as_of=asked.request.at,
    )


def _yes(asked: Asked, act: Acted) -> AnswerAsk | None:
    """Whoever agreed to mentor steps back."""
    known, chosen_at = asked.look.mentoring, datetime.fromisoformat(act.detail["chosen_at"])
    ask = known.latest(act.person_id) if known and known.is_open else None
    if known is None or ask is None or ask.chosen_at != chosen_at or ask.said is not Said.ACCEPTED:
        return None
    return AnswerAsk(
        rule=NAME,
        key=_key(asked, act),
        why=asked.why,
        thread=known.ref,
        person=ask.person,
        began_at=known.began_at,
        chosen_at=ask.chosen_at,
        said=Said.LEFT,
        as_of=asked.request.at,
    )


def _switched_off(asked: Asked, act: Acted) -> Effect | None:
    key, ref, me, at = _key(asked, act), asked.look.thread.ref, asked.request.person, asked.request.at
    match act.effect:
        case Snooze.kind:
            return Snooze(rule=NAME, key=key, why=asked.why, thread=ref, person=me, until=None, as_of=at)
        case LimitMentions.kind:
            return LimitMentions(
                rule=NAME, key=key, why=asked.why, thread=ref, person=me, a_day=None, a_week=None, as_of=at
            )
        case GoAway.kind:
            return GoAway(rule=NAME, key=key, why=asked.why, thread=ref, person=me, until=None, as_of=at)
        case KeepQuiet.kind:
            return KeepQuiet(
                rule=NAME, key=key, why=asked.why, thread=ref, person=me, zone=None, begins=None, ends=None, as_of=at
            )
        case CorrectWaiting.kind:
            return CorrectWaiting(rule=NAME, key=key, why=asked.why, thread=ref, person=me, on=None, as_of=at)
        case TakeWeek.kind:
            return _week(asked, act)
    if (who := _person(asked, act.person_id)) is None:
        return None
    if act.effect == JoinTriage.kind:
        return JoinTriage(rule=NAME, key=key, why=asked.why, thread=ref, person=who, areas=None, as_of=at)
    if act.effect == JoinMentors.kind:
        return JoinMentors(rule=NAME, key=key, why=asked.why, thread=ref, person=who, terms=None, as_of=at)
    return TakeInterest(rule=NAME, key=key, why=asked.why, thread=ref, person=who, areas=None, as_of=at)


def _week(asked: Asked, act: Acted) -> TakeWeek | None:
    """It is again whose turn it is, unless somebody else has taken it since."""
    week = date.fromisoformat(act.detail["week"])
    duty = asked.look.rota.of(week) if asked.look.rota else None
    if duty is None or duty.since is None or duty.since > act.at:
        return None
    return TakeWeek(
        rule=NAME,
        key=_key(asked, act),
        why=asked.why,
        thread=asked.look.thread.ref,
        person=asked.request.person,
        week=week,
        to=None,
        as_of=asked.request.at,
    )


def _touched(asked: Asked, act: Acted, steps: frozenset[Step]) -> set[str]:
    """What humans have done to the thread since, of these steps."""
    return {
        one.about
        for one in asked.look.thread.history
        if one.step in steps and one.at >= act.at and not asked.policy.is_bot(one.person)
    }


def _person(asked: Asked, id_: PersonId) -> Person | None:
    """Whoever asked for something did so in a comment here."""
    return next((one.person for one in asked.look.thread.requests if one.person.id == id_), None)


def _sorry(asked: Asked, about: str, what: str | None = None) -> Answer:
    """Nothing is taken back, and why."""
    values = {
        "about": about,
        "what": what,
        "repository": asked.look.thread.repo.name,
        "organisation": asked.look.thread.repo.owner,
        "maintainers": ", ".join(asked.policy.people.maintainers) or None,
    }
    why = f"{asked.why}, and nothing is taken back ({about})"
    return Answer(done=False, why=why, effects=(asked.reply("sorry", values),))
