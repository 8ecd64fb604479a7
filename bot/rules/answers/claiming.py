"""`/claim`, `/unclaim` and `/working`: people take an issue, give it back, and tell that they are at it.

Memory decides who is first. Once it has obeyed, the answer stands, whatever happens meanwhile; so does a refusal, once
it is said. Nobody is kept from working on anything: what is said is advice.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.cohorts import Round
from bot.effects import Assign, Effect, EndClaim, Learn, Question, RecordWork, Say, TakeClaim, Value, Work
from bot.looking import ThreadLook
from bot.model import Person
from bot.pathway import Claim, Ended
from bot.policytypes import Mode
from bot.rules.answers.asking import NAME, Answer, Asked, ordered
from bot.rules.eligible import About, eligible
from bot.rules.taken import assigned_by_us, taken_off

_ASSIGNEES: Final = 10  # GitHub takes no more


def claim(asked: Asked, now: datetime) -> Answer | Learn:
    if asked.did("order"):
        return _yours(asked, now)
    if asked.did("reply"):
        return _refused(asked)
    if _claim_of(asked) is not None:
        return Answer(done=True, why=f"{asked.why}, and has it already")
    if (reply := _in_the_way(asked)) is not None:
        return _refused(asked, reply)
    order = TakeClaim(
        rule=NAME, key=asked.key("order"), why=asked.why, thread=asked.look.thread.ref, person=asked.request.person,
        as_of=asked.request.at, most=_most(asked),
    )  # fmt: skip
    return ordered(asked, order)


def unclaim(asked: Asked, now: datetime) -> Answer:
    look, who = asked.look, asked.request.person
    if asked.did("order"):
        effects: list[Effect] = [asked.reply("done")]
        if assigned_by_us(look, asked.policy, who):
            effects.append(_assign(asked, assigned=False))
        return Answer(done=True, why=asked.why, effects=tuple(effects))
    if asked.did("reply"):
        return _refused(asked)
    if _claim_of(asked) is None:
        return _refused(asked, asked.reply("none", {"assigned": who.id in look.thread.assignees}))
    order = EndClaim(
        rule=NAME, key=asked.key("order"), why=asked.why, thread=look.thread.ref, person=who, ended=Ended.GIVEN_BACK,
        as_of=asked.request.at,
    )  # fmt: skip
    return ordered(asked, order)


def working(asked: Asked, now: datetime) -> Answer:
    if asked.did("order"):
        return Answer(done=True, why=asked.why)
    if asked.did("reply"):
        return _refused(asked)
    if _claim_of(asked) is None:
        return _refused(asked, asked.reply("none"))
    order = Work(
        rule=NAME, key=asked.key("order"), why=asked.why, thread=asked.look.thread.ref, person=asked.request.person,
        as_of=asked.request.at,
    )  # fmt: skip
    return ordered(asked, order)


def _task(asked: Asked) -> Round | None:
    """The cohort of which the issue is a task, where cohorts are switched on."""
    if asked.policy.mode("cohorts") is not Mode.ON:
        return None
    return next((one for one in asked.look.rounds if one.task is not None), None)


def _most(asked: Asked) -> int:
    """How many people may have it at a time."""
    this = _task(asked)
    return this.cohort.takers if this is not None else 1


def _claim_of(asked: Asked) -> Claim | None:
    claims = asked.look.claims
    return next((one for one in claims if one.is_open and one.person.id == asked.request.person.id), None)


def _refused(asked: Asked, reply: Say | None = None) -> Answer:
    return Answer(done=False, why=f"{asked.why}, and cannot", effects=(reply,) if reply else ())


def _applies(asked: Asked, this: Round) -> list[Effect]:
    """Whoever is from outside applies in the cohort by taking a task."""
    who = asked.request.person
    if asked.asker.belongs or who.id in this.mentors:
        return []
    return [
        RecordWork(
            rule=NAME, key=asked.key("applies"), why=asked.why, thread=asked.look.thread.ref, person=who,
            as_of=asked.request.at, cohort=this.cohort.id, work=None,
        )
    ]  # fmt: skip


def _may_assign(asked: Asked) -> bool:
    """Unless somebody took them off it, or GitHub takes no more."""
    look, who = asked.look, asked.request.person
    off = taken_off(look, asked.policy, who)
    against_a_human = off is not None and off.person != who
    assignees = look.thread.assignees
    free = who.id not in assignees and len(assignees) < _ASSIGNEES
    return asked.policy.claims.assign and not against_a_human and free


def _yours(asked: Asked, now: datetime) -> Answer | Learn:
    """What helps to begin, and advice for somebody from outside: the same that recommends and offers issues."""
    this = _task(asked)
    if this is not None and asked.asker.belongs is None:
        return Learn(rule=NAME, question=Question.TEAM, why="to tell applicants from members")
    effects: list[Effect] = _applies(asked, this) if this is not None else []
    if _may_assign(asked):
        effects.append(_assign(asked, assigned=True))
    if this is not None and this.guide:  # a 👍 is all that is said: the guide tells the rest
        return Answer(done=True, why=asked.why, effects=tuple(effects))
    look, policy, who = asked.look, asked.policy, asked.request.person
    many = asked.asker.merged is False and asked.asker.other_claims >= policy.claims.at_once
    seeker, advice = look.seekers.get(who.id), None
    if seeker is not None and look.opening is not None:
        advice = eligible(seeker, look.opening, policy, now)
    steep = advice is not None and advice.warns_of(About.LEVEL)
    unready = advice is not None and advice.warns_of(About.READY)
    advised = (many or steep or unready) and not asked.did("reply")
    if advised and asked.asker.belongs is None:
        return Learn(rule=NAME, question=Question.TEAM, why="to know whether somebody who takes an issue is new")
    from_outside = advised and not asked.asker.belongs
    wait = look.answer_time
    values: Mapping[str, Value] = {
        "answer_minutes": None if wait is None else round(wait.total_seconds() / 60),
        "pointers": look.pointers.url or None,
        "many": asked.asker.other_claims + 1 if from_outside and many else None,
        "steep": from_outside and steep,
        "unready": from_outside and unready,
    }
    return Answer(done=True, why=asked.why, effects=(asked.reply("yours", values), *effects))


def _assign(asked: Asked, *, assigned: bool) -> Assign:
    return Assign(
        rule=NAME, key=asked.key("assign"), why=asked.why, thread=asked.look.thread.ref, to=asked.request.person,
        assigned=assigned,
    )  # fmt: skip


def _in_the_way(asked: Asked) -> Say | None:
    """Why it is nobody's to take, in words."""
    look, who = asked.look, asked.request.person
    offers = asked.policy.mode("offers") is not Mode.OFF
    if not look.thread.is_open or look.thread.locked:
        return asked.reply("over", {"locked": look.thread.is_open, "offers": offers})
    if (this := _task(asked)) is not None and this.task is not None:
        return None if this.task.left or who.id in look.thread.assignees else _full(asked, this)
    if (has := next((one for one in look.claims if one.is_open), None)) is not None:
        return _with(asked, has.person, "claim", offers=offers, since=has.at)
    if (person := _assigned(look, asked)) is not None:
        return _with(asked, person, "assigned", offers=offers)
    theirs = (link for link in look.links if link.is_open and link.closes and link.author != who)
    if (link := next(theirs, None)) is not None:
        return _with(asked, link.author, "pull", offers=offers, pull=link.name)
    return None


def _full(asked: Asked, this: Round) -> Say:
    """As many have it as may; another task would do."""
    values: dict[str, Value] = {
        "cohort": this.cohort.name,
        "takers": this.cohort.takers,
        **dict.fromkeys(("first", "second", "third")),
        **{name: one.name for name, one in zip(("first", "second", "third"), this.others, strict=False)},
    }
    return asked.reply("full", values)


def _assigned(look: ThreadLook, asked: Asked) -> Person | None:
    """Another human who is assigned, unless the asker is too."""
    if asked.request.person.id in look.thread.assignees:
        return None
    return next((person for person in look.assigned if not asked.policy.is_bot(person)), None)


def _with(
    asked: Asked, by: Person, how: str, *, offers: bool, since: datetime | None = None, pull: str | None = None
) -> Say:
    day = None if since is None else f"{since:%Y-%m-%d}"
    return asked.reply("taken", {"by": by.login, "how": how, "since": day, "pull": pull, "offers": offers})
