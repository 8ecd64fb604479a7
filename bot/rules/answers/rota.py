"""`/triage-rota`: shows who looks after triage, lets people swap weeks, and agree to be asked.

A week goes only to people who have agreed: those on the rota, and those with areas of theirs. Whose it is may give it
away, as may a maintainer; whoever agreed may take one. Once memory has obeyed, the answer stands, whatever happens
meanwhile; so does a refusal, once it is said. Whether somebody is away is never told.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from bot.commands.triage_rota import SHOWN, WEEKS, Join, Show, Swap, Take, Wrong, read
from bot.effects import JoinTriage, Learn, Question, TakeWeek, Value
from bot.model import Person
from bot.rules.answers.asking import NAME, Answer, Asked, ordered
from bot.waiting import Rota


def triage_rota(asked: Asked, now: datetime) -> Answer | Learn:
    wish = read(asked.request.args, asked.policy.areas)
    rota = asked.look.rota or Rota()
    if isinstance(wish, Show):
        return Answer(done=True, why=asked.why, effects=(asked.reply("shown", _shown(asked, rota, now)),))
    if asked.did("order"):
        return Answer(done=True, why=asked.why)
    if asked.did("reply"):
        return Answer(done=False, why=f"{asked.why}, and cannot")
    if isinstance(wish, Wrong):
        return _cannot(asked, wish, rota, now)
    if isinstance(wish, Join):
        return ordered(asked, _join(asked, wish.areas))
    return _change(asked, wish, rota, now)


def _change(asked: Asked, wish: Swap | Take, rota: Rota, now: datetime) -> Answer | Learn:
    duty = rota.of(wish.day)
    if duty is None:
        return _cannot(asked, _out_of_reach(wish.day, rota), rota, now)
    if isinstance(wish, Take):
        to = next((one for one in rota.willing if one.id == asked.request.person.id), None)
        return _cannot(asked, Wrong.YOU, rota, now) if to is None else ordered(asked, _take(asked, duty.week, to))
    to = next((one for one in rota.willing if one.login.casefold() == wish.to), None)
    if to is None:
        return _cannot(asked, Wrong.OTHER, rota, now)
    if duty.person.id != asked.request.person.id:
        if asked.maintains is None:
            return Learn(rule=NAME, question=Question.TEAM, why="to know whether they may give away somebody's week")
        if not asked.maintains:
            return _cannot(asked, Wrong.THEIRS, rota, now, whose=duty.person)
    return ordered(asked, _take(asked, duty.week, to))


def _out_of_reach(day: date, rota: Rota) -> Wrong:
    if not rota.weeks:
        return Wrong.EMPTY
    return Wrong.PAST if day < rota.weeks[0].week else Wrong.FAR


def _shown(asked: Asked, rota: Rota, now: datetime) -> Mapping[str, Value]:
    weeks: dict[str, Value] = {
        f"{one.week:%Y-%m-%d}": {"who": one.person.login, "stands_in": one.stands_in} for one in rota.weeks[:SHOWN]
    }
    areas: dict[str, Value] = {
        str(place): {"area": area or None, "who": {str(one.id): one.login for one in people}}
        for place, (area, people) in enumerate(rota.areas.items())
    }
    return {
        "organisation": asked.look.thread.repo.owner,
        "weeks": weeks,
        "areas": areas,
        "day": _next_monday(now),
    }


def _cannot(asked: Asked, wrong: Wrong, rota: Rota, now: datetime, *, whose: Person | None = None) -> Answer:
    willing = {str(one.id): one.login for one in rota.willing}
    values: Mapping[str, Value] = {
        "mistake": wrong.value,
        "day": _next_monday(now),
        "weeks": WEEKS - 1,
        "whose": whose.login if whose else None,
        "willing": willing,
        "areas": ", ".join(area.name for area in asked.policy.areas) or None,
    }
    why = f"{asked.why}, and it cannot be obeyed ({wrong})"
    return Answer(done=False, why=why, effects=(asked.reply("mistake", values),))


def _next_monday(now: datetime) -> str:
    """For an example."""
    return f"{now + timedelta(days=7 - now.weekday()):%Y-%m-%d}"


def _take(asked: Asked, week: date, to: Person) -> TakeWeek:
    return TakeWeek(
        rule=NAME, key=asked.key("order"), why=asked.why, thread=asked.look.thread.ref, person=asked.request.person,
        week=week, to=to.id, as_of=asked.request.at,
    )  # fmt: skip


def _join(asked: Asked, areas: tuple[str, ...] | None) -> JoinTriage:
    return JoinTriage(
        rule=NAME, key=asked.key("order"), why=asked.why, thread=asked.look.thread.ref, person=asked.request.person,
        areas=areas, as_of=asked.request.at,
    )  # fmt: skip
