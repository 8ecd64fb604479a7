"""When a mentoring is over: with thanks if the work is merged, quietly if it came to nothing.

GitHub tells of a merge and of the issue that it closes in either order. So what is closed is left alone for a while,
until it is certain whether there is anything to thank for.
"""

from datetime import datetime, timedelta
from typing import Final

from bot.effects import EndMentoring, LookAgain
from bot.looking import ThreadLook
from bot.mentors import Mentoring, State
from bot.model import GHOST, Person, ThreadKind
from bot.pathway import Ended
from bot.policy import Policy
from bot.rules.mentoring.pair import NAME, key
from bot.rules.taken import taken_off

SETTLES: Final = timedelta(hours=1)  # after a thread was closed


def ends(mentoring: Mentoring, look: ThreadLook, policy: Policy, now: datetime) -> EndMentoring | LookAgain | None:
    """None: it goes on."""
    mentee, thread = mentoring.mentee, look.thread
    if mentee is not None and (why := _gone(mentee, look, policy)):
        return _order(mentoring, State.ENDED, why, now)
    if mentee is not None and _is_merged(mentee, mentoring, look):
        return _order(mentoring, done(mentoring), f"the work of {mentee.login} is merged", now)
    if not thread.is_open:
        settled = (thread.closed_at or now) + SETTLES
        if thread.closed_at is not None and now < settled:
            return LookAgain(rule=NAME, at=settled, why="it was closed just now, and may be opened again")
        return _order(mentoring, State.ENDED, "it was closed without the work being merged", now)
    if mentee is not None and _gave_up(mentee, mentoring, look, policy):
        return _order(mentoring, State.ENDED, f"it is not with {mentee.login} any more", now)
    return None


def done(mentoring: Mentoring) -> State:
    """How it ends well: with thanks, if anybody mentored."""
    return State.DONE if mentoring.running_since is not None and mentoring.mentors else State.ENDED


def _gone(mentee: Person, look: ThreadLook, policy: Policy) -> str | None:
    if mentee == GHOST:
        return "whom it was for is not here any more"
    by_author = look.author.opted_out and mentee == look.thread.author
    by_claim = any(claim.opted_out for claim in look.claims if claim.person == mentee)
    if mentee.id in look.left_alone or by_author or by_claim or policy.leaves_alone(mentee):
        return f"{mentee.login} asked to be left alone"
    return None


def _is_merged(mentee: Person, mentoring: Mentoring, look: ThreadLook) -> bool:
    """A pull request of theirs: this one, one that closes the issue, or, once that is closed, one that names it."""
    thread, since = look.thread, mentoring.began_at
    if thread.kind is ThreadKind.PULL_REQUEST:
        return thread.author == mentee and thread.merged_at is not None
    return any(
        link.author == mentee and link.merged_at is not None and link.merged_at >= since
        for link in look.links
        if link.closes or not thread.is_open
    )


def _gave_up(mentee: Person, mentoring: Mentoring, look: ThreadLook, policy: Policy) -> bool:
    """They had the issue and have it no more, and no pull request of theirs is open."""
    if mentee.id in look.thread.assignees or any(link.is_open and link.author == mentee for link in look.links):
        return False
    claims = [claim for claim in look.claims if claim.person == mentee]
    if any(claim.is_open for claim in claims):
        return False
    over = [claim.ended_at for claim in claims if claim.ended is not Ended.DONE and claim.ended_at is not None]
    off = taken_off(look, policy, mentee)
    if off is not None:
        over.append(off.at)
    return any(at > mentoring.began_at for at in over)


def _order(mentoring: Mentoring, state: State, why: str, now: datetime) -> EndMentoring:
    return EndMentoring(
        rule=NAME, key=key("end", mentoring), why=why, thread=mentoring.ref, began_at=mentoring.began_at,
        person=mentoring.mentee or mentoring.asked_by, state=state, as_of=now,
    )  # fmt: skip
