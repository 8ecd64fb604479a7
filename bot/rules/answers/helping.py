"""`/help`, and what is no command though somebody asked the bot for it by its name."""

from dataclasses import replace
from datetime import datetime

from bot.commands.catalog import CATALOG, UNKNOWN
from bot.effects import Learn, Question
from bot.mentors import Said
from bot.rules.answers.asking import NAME, Answer, Asked
from bot.rules.answers.permission import usable
from bot.rules.heard import heard


def give_help(asked: Asked, now: datetime) -> Answer | Learn:
    """Tells which commands this person can use here."""
    can = {entry.setting: entry.name in _here(asked) and usable(asked, entry) for entry in CATALOG.values()}
    if None in can.values():
        return Learn(rule=NAME, question=Question.TEAM, why="to know what they can use here")
    by_name = not heard(replace(asked.request, to_us=False), (), asked.policy)  # the only way here
    reply = asked.reply("can", {"can": dict(can), "by_name": by_name})
    return Answer(done=True, why=asked.why, effects=(reply,))


def _here(asked: Asked) -> frozenset[str]:
    """The commands that there is something for: who mentors nobody and is not asked to has nothing to answer."""
    known, person = asked.look.mentoring, asked.request.person
    ask = known.latest(person.id) if known is not None and known.is_open else None
    mentors = ask is not None and ask.said is Said.ACCEPTED
    asked_to = ask is not None and ask.said is Said.OPEN
    mentored = known is not None and known.is_open and (known.mentee == person or bool(asked.maintains))
    idle = _of_check_ins(asked)
    if not asked_to:
        idle |= {"accept", "later"}
    if not (asked_to or mentors):
        idle.add("decline")
    if not mentors:
        idle.add("handover")
    if not (mentors or mentored):
        idle.add("mentor-done")
    if not any(one.runs for one in asked.look.rounds):
        idle.add("record")
    honoured = asked.look.thanks.honoured
    if honoured is None or honoured.person != person:
        idle.add("share-thanks")
    if not (asked.asker.belongs or asked.maintains) or not asked.look.thread.repo.private:
        idle |= {"stepping-down", "welcome-back"}
    return frozenset(CATALOG.keys() - idle)


def _of_check_ins(asked: Asked) -> set[str]:
    """Their answers are for whoever is asked here; the others are named in private repositories only."""
    idle = set[str]() if asked.look.thread.repo.private else {"check-ins", "vouch"}
    if not any(one.person == asked.request.person for one in asked.look.check_ins):
        idle |= {"still-here", "ask-later"}
    return idle


def unknown(asked: Asked, now: datetime) -> Answer:
    """There is no such command. `args` is the one that may be meant."""
    meant = asked.request.args or None
    why = f"{asked.request.person.login} asked for something that is no command"
    return Answer(done=False, why=why, effects=(asked.reply("command", {"meant": meant, "command": UNKNOWN}),))
