"""Thank-yous that are said by itself: for the tenth merged pull request of somebody, say, there; and the one for
somebody who stepped back, which only they read until they wish otherwise.

Somebody gets one public comment of thanks in a while at most, whoever else would thank them: the next steps do too.
"""

from datetime import datetime, timedelta
from typing import Final

from bot.effects import Effect, Quiet, Say
from bot.farewells import Leave, Where
from bot.gratitude import Draft
from bot.looking import ThreadLook
from bot.model import GHOST, ThreadRef
from bot.policy import Policy
from bot.policytypes import duration_text
from bot.rules import story
from bot.rules.manners import shut

NAME: Final = "thanks"
MERGE: Final = "thanks-merge"  # the messages
STORY: Final = "thanks-story"
NEXT_STEPS: Final = "next_steps"  # which thank for a merge too

_TOO_LATE: Final = timedelta(days=7)
_DAY: Final = timedelta(days=1)


def concerns(look: ThreadLook, now: datetime) -> bool:
    """Whether it has to be known how many pull requests of its author were merged."""
    merged_at = look.thread.merged_at
    return merged_at is not None and now <= merged_at + _TOO_LATE


def decide(look: ThreadLook, policy: Policy, now: datetime) -> list[Effect]:
    effects: list[Effect] = []
    if look.thanks.draft is not None:
        effects.append(_draft(look.thanks.draft, look, policy))
    if concerns(look, now):
        effects.append(_merge(look, policy))
    return effects


def _merge(look: ThreadLook, policy: Policy) -> Effect:
    thread, author, merged_at = look.thread, look.thread.author, look.thread.merged_at
    assert merged_at is not None, "it concerns merged ones only"
    if author == GHOST or policy.is_bot(author):
        return _quiet("nobody's account, or a bot's")
    if look.author.opted_out or policy.leaves_alone(author):
        return _quiet(f"{author.login} asked to be left alone")
    if reason := shut(look, policy):
        return _quiet(reason)
    if look.thanks.since is None or merged_at < look.thanks.since:
        return _quiet("it was merged before anybody was thanked for that")
    if look.thanks.merges not in policy.thanks.merges:
        return _quiet("it is none of those that people are thanked for (thanks.merges)")
    mine = f"{NAME}/merge/{thread.repo.owner_id}/{author.id}/"
    if thanked_here(look):
        return _quiet("thanks were said here")
    if _of_late(look, mine, policy, merged_at):
        return _quiet(f"{author.login} was thanked within {duration_text(policy.thanks.every)} (thanks.every)")
    return Say(
        rule=NAME,
        key=f"{mine}{merged_at:%Y-%m-%d}",
        why=f"so many pull requests of {author.login} were merged: {look.thanks.merges}",
        thread=thread.ref,
        template=MERGE,
        language=policy.language,
        values={
            "organisation": thread.repo.owner,
            "number": look.thanks.merges,
            "days": max(policy.thanks.every.days, 1),
        },
        to=author,
    )


def thanked_here(look: ThreadLook) -> bool:
    """Whether a comment of thanks for the merge stands there."""
    return any(key.startswith((f"{NAME}/merge/", f"{NEXT_STEPS}/")) for key in look.said_here & look.done)


def _of_late(look: ThreadLook, mine: str, policy: Policy, merged_at: datetime) -> bool:
    """The keys tell on which day: that of the merge. What the next steps only would have said does not count."""
    theirs = f"{NEXT_STEPS}/{look.thread.repo.owner_id}/{look.thread.author.id}/"
    days = [key.removeprefix(mine) for key in look.said if key.startswith(mine)]
    days += [key.removeprefix(theirs) for key in look.done if key.startswith(theirs)]
    told = [datetime.fromisoformat(day).replace(tzinfo=merged_at.tzinfo) for day in days]
    return any(abs(merged_at - at) < max(policy.thanks.every, _DAY) for at in told)


def _draft(draft: Draft, look: ThreadLook, policy: Policy) -> Effect:
    say = draft_of(draft, policy, organisation=look.thread.repo.owner)
    if say.key in look.said_here:
        return _quiet("the thank-you was said here")
    if draft.leave.person == GHOST or draft.opted_out or policy.leaves_alone(draft.leave.person):
        return _quiet("whoever it is for asked to be left alone")
    if not look.thread.repo.private:
        return _quiet("it is not in a private repository")
    if draft.leave.back_at is not None:
        return _quiet("they are back")
    if not look.thread.is_open:
        return _quiet("the issue is closed")
    if draft.deeds.is_empty:
        return _quiet("too little is known to tell of it")
    return _quiet(reason) if (reason := shut(look, policy)) else say


def key_of(leave: Leave, place: ThreadRef) -> str:
    """In the ledger."""
    return f"{NAME}/story/{place.repo_id}/{place.number}/{int(leave.at.timestamp())}"


def draft_of(draft: Draft, policy: Policy, *, organisation: str) -> Say:
    """It mentions nobody: the issue is theirs, and they hear of what is written there."""
    leave, where = draft.leave, Where(policy.thanks.where)
    if where is Where.DIGEST and not draft.digest:
        where = Where.ISSUE
    return Say(
        rule=NAME,
        key=key_of(leave, draft.place),
        why="somebody stepped back, and is thanked",
        thread=draft.place,
        template=STORY,
        language=policy.language,
        values={
            "organisation": organisation,
            "story": story.values(leave.person, draft.deeds),
            "where": where.value,
            "digest": draft.digest,
        },
        to=leave.person,
        mention=False,
        for_few=True,
    )


def _quiet(why: str) -> Quiet:
    return Quiet(rule=NAME, why=why)
