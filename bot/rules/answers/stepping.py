"""`/stepping-down` and `/welcome-back`: somebody of the team steps back, and is back.

A 👍 is all that others see of it: what is prepared stands in a private place (bot/farewell/). Whether somebody stepped
back is told to nobody, so `/welcome-back` is answered alike where there is nothing to take back.
"""

from datetime import datetime

from bot.checkins import Said
from bot.commands import stepping_down, welcome_back
from bot.commands.stepping_down import Back, Wish, Wrong
from bot.effects import AnswerCheckIn, Learn, Question, StepDown, TakeBack
from bot.farewells import InTeam
from bot.model import Person
from bot.rules.answers.asking import NAME, Answer, Asked, ordered

_ORDER = "order"
_CHECK_IN = "check-in"


def step_down(asked: Asked, now: datetime) -> Answer | Learn:
    if asked.did(_ORDER):
        return Answer(done=True, why=asked.why)
    if asked.did("reply"):
        return Answer(done=False, why=f"{asked.why}, and cannot")
    wish, writer = stepping_down.read(asked.request.args, asked.request.at), asked.request.person
    if isinstance(wish, Back):
        return ordered(asked, _back(asked, writer))
    known = asked.look.team.get(writer.id, InTeam())
    belongs = known.belongs or asked.maintains
    if belongs is None:
        return Learn(rule=NAME, question=Question.TEAM, why="to know who is of the team")
    if not belongs:
        return _sorry(asked, "nothing")
    if isinstance(wish, Wrong):
        return _sorry(asked, wish.value)
    whom = _whom(asked, wish.login)
    if whom is None:
        return _sorry(asked, "person")
    if whom.id != writer.id:
        if not asked.maintains:
            return _sorry(asked, "yours")
        if not asked.look.team.get(whom.id, InTeam()).belongs:  # whoever is not of it could not read what is prepared
            return _sorry(asked, "person")
    repos = tuple(asked.look.repos.get(name, "") for name in wish.repos)
    return _sorry(asked, "repository") if "" in repos else _steps_back(asked, wish, whom, repos)


def _whom(asked: Asked, login: str | None) -> Person | None:
    """Who steps back; None: nobody is known by that login."""
    if login is None or login == asked.request.person.login.casefold():
        return asked.request.person
    id_ = asked.look.named.get(login)
    return None if id_ is None else Person(id_, login)


def _steps_back(asked: Asked, wish: Wish, whom: Person, repos: tuple[str, ...]) -> Answer:
    """An open check-in of theirs is answered with it."""
    at, thread = asked.request.at, asked.look.thread.ref
    order = StepDown(
        rule=NAME, key=asked.key(_ORDER), why=asked.why, thread=thread, person=asked.request.person, as_of=at,
        whom=whom, repos=repos, until=wish.until, for_good=wish.for_good,
    )  # fmt: skip
    if not asked.look.team.get(whom.id, InTeam()).asked:
        return ordered(asked, order)
    again_at = max(at + asked.policy.check_ins.again, wish.until or at)
    answer = AnswerCheckIn(
        rule=NAME, key=asked.key(_CHECK_IN), why=asked.why, thread=thread, person=whom, as_of=at,
        said=Said.STEPS_BACK, again_at=again_at,
    )  # fmt: skip
    return Answer(done=True, why=asked.why, effects=(order, answer))


def take_back(asked: Asked, now: datetime) -> Answer:
    if asked.did(_ORDER):
        return Answer(done=True, why=asked.why)
    whom = _whom(asked, welcome_back.read(asked.request.args))
    return _sorry(asked, "person") if whom is None else ordered(asked, _back(asked, whom))


def _back(asked: Asked, whom: Person) -> TakeBack:
    return TakeBack(
        rule=NAME, key=asked.key(_ORDER), why=asked.why, thread=asked.look.thread.ref, person=asked.request.person,
        as_of=asked.request.at, whom=whom,
    )  # fmt: skip


def _sorry(asked: Asked, mistake: str) -> Answer:
    why = f"{asked.why}, and it cannot be obeyed ({mistake})"
    return Answer(done=False, why=why, effects=(asked.reply("mistake", {"mistake": mistake}),))
