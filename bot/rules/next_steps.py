"""Thanks for a second or later merged pull request, and names issues that would be a next step; once in a while.

The first merge is for the welcome. Where nothing fits nothing is said: thanks alone are for people to give.
"""

from datetime import datetime, timedelta
from typing import Final

from bot.effects import Effect, Learn, Question, Quiet, Say, Value
from bot.looking import ThreadLook
from bot.pathway import Opening
from bot.policy import Policy
from bot.policytypes import Mode, duration_text
from bot.rules import thanks
from bot.rules.eligible import steps_for
from bot.rules.manners import left_alone

NAME: Final = "next_steps"
TOO_LATE: Final = timedelta(days=7)

_PLACES: Final = ("first", "second", "third", "fourth", "fifth")  # as many as `next_steps.most` can be
_DAY: Final = timedelta(days=1)


def concerns(look: ThreadLook, now: datetime) -> bool:
    """Whether it has to be known what there is to take, which costs more than the rest."""
    merged_at = look.thread.merged_at
    recent = merged_at is not None and now <= merged_at + TOO_LATE
    told = any(key.startswith(f"{NAME}/") for key in look.said_here)
    return recent and not told and not look.author.is_team and look.author.merged_before is not False


def decide(look: ThreadLook, policy: Policy, now: datetime) -> list[Effect]:
    thread, author, merged_at = look.thread, look.thread.author, look.thread.merged_at
    if merged_at is None:
        return []
    if reason := left_alone(look, policy):
        return [_quiet(reason)]
    if now > merged_at + TOO_LATE:
        return [_quiet(f"it is later than {duration_text(TOO_LATE)} after the merge")]
    if look.author.merged_before is False:
        return [_quiet(f"it is the first merged pull request of {author.login} here")]
    mine = f"{NAME}/{thread.repo.owner_id}/{author.id}/"
    if any(key.startswith(f"{NAME}/") for key in look.said_here):
        return [_quiet("next steps were told here")]
    if thanks.thanked_here(look):
        return [_quiet("thanks were said here")]
    if _told_of_late(look, mine, policy, merged_at):
        every = duration_text(policy.next_steps.every)
        return [_quiet(f"{author.login} was told within {every} (next_steps.every)")]
    steps = () if look.seeker is None else steps_for(look.seeker, look.openings, policy, now)
    if not steps:
        return [_quiet(f"no issue fits {author.login} now")]
    if waits := _facts(look):
        return [waits]
    return [
        Say(
            rule=NAME,
            key=f"{mine}{merged_at:%Y-%m-%d}",
            why=f"another pull request of {author.login} was merged, and there is something to go on with",
            thread=thread.ref,
            template=NAME.replace("_", "-"),
            language=policy.language,
            values=_values(look, steps[: policy.next_steps.most], policy),
            to=author,
        )
    ]


def _told_of_late(look: ThreadLook, mine: str, policy: Policy, merged_at: datetime) -> bool:
    """The keys tell on which day: that of the merge. A thank-you of another kind counts too, if it was said."""
    thanked = f"{thanks.NAME}/merge/{look.thread.repo.owner_id}/{look.thread.author.id}/"
    days = [key.removeprefix(mine) for key in look.said if key.startswith(mine)]
    days += [key.removeprefix(thanked) for key in look.done if key.startswith(thanked)]
    told = [datetime.fromisoformat(day).replace(tzinfo=merged_at.tzinfo) for day in days]
    return any(abs(merged_at - at) < max(policy.next_steps.every, _DAY) for at in told)


def _facts(look: ThreadLook) -> Effect | None:
    """What has to be known before; asked for when memory does not know."""
    if look.author.is_team is None:
        return Learn(rule=NAME, question=Question.TEAM, why="to tell newcomers from members")
    if look.author.merged_before is None:
        if look.author.past_hidden:
            return _quiet(f"GitHub does not tell whether {look.thread.author.login} was here before")
        return Learn(rule=NAME, question=Question.PAST, why="to tell a first merge from a later one")
    return None


def _values(look: ThreadLook, steps: list[Opening], policy: Policy) -> dict[str, Value]:
    shown: list[Value] = [{"issue": step.name, "level": step.level.value} for step in steps]
    shown += [None] * (len(_PLACES) - len(shown))
    return {
        "organisation": look.thread.repo.owner,
        **dict(zip(_PLACES, shown, strict=True)),
        "claims": policy.mode("claims") is not Mode.OFF,
        "days": max(policy.next_steps.every.days, 1),
    }


def _quiet(why: str) -> Quiet:
    return Quiet(rule=NAME, why=why)
