"""`/record`: somebody who applies in a cohort tells what they contributed. A 👍 is all the answer; where there is
nothing to record a short reply says why."""

from datetime import datetime

from bot.cohorts import Cohort, Round
from bot.commands import record
from bot.effects import Learn, Question, RecordWork
from bot.model import ThreadRef
from bot.rules.answers.asking import NAME, Answer, Asked, ordered


def record_work(asked: Asked, now: datetime) -> Answer | Learn:
    if asked.did("order"):
        return Answer(done=True, why=asked.why)
    this = _round(asked)
    if this is None:
        return _sorry(asked, "when", _next(asked, now))
    if asked.request.person.id in this.mentors or asked.asker.belongs:
        return _sorry(asked, "team", this.cohort)
    if asked.asker.belongs is None:
        return Learn(rule=NAME, question=Question.TEAM, why="to tell applicants from members")
    wish = record.read(asked.request.args)
    work, url = _what(asked, wish)
    if work is None and not url:
        return _sorry(asked, "what", this.cohort)
    order = RecordWork(
        rule=NAME, key=asked.key("order"), why=asked.why, thread=asked.look.thread.ref, person=asked.request.person,
        as_of=asked.request.at, cohort=this.cohort.id, work=work, url=url,
        task=next(iter(this.named), None) if work == asked.look.thread.ref else None,
    )  # fmt: skip
    return ordered(asked, order)


def _round(asked: Asked) -> Round | None:
    """Of several the one to which this thread belongs, else the first. What was written in time counts, however late
    it is looked at."""
    at = asked.request.at
    running = [one for one in asked.look.rounds if one.runs or one.cohort.takes_place(at)]
    here = (one for one in running if one.task is not None or one.named or one.applies)
    return next(here, running[0] if running else None)


def _next(asked: Asked, now: datetime) -> Cohort | None:
    """The next one to come, or else the last one that was."""
    known = sorted(asked.look.cohorts, key=lambda one: one.first)
    coming = [one for one in known if one.begins > now]
    return coming[0] if coming else known[-1] if known else None


def _what(asked: Asked, wish: record.Wish | None) -> tuple[ThreadRef | None, str]:
    match wish:
        case record.Here():
            return asked.look.thread.ref, ""
        case record.Named():
            known = asked.look.named_threads.get(asked.request.args)
            return known, "" if known else wish.url
        case record.Elsewhere(url):
            return None, url
        case _:
            return None, ""


def _sorry(asked: Asked, about: str, cohort: Cohort | None) -> Answer:
    values = {
        "about": about,
        "cohort": cohort.name if cohort else None,
        "first": f"{cohort.first:%Y-%m-%d}" if cohort else None,
        "last": f"{cohort.last:%Y-%m-%d}" if cohort else None,
    }
    why = f"{asked.why}, and there is nothing to record ({about})"
    return Answer(done=False, why=why, effects=(asked.reply("sorry", values),))
