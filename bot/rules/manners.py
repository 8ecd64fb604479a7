"""Whom no rule speaks to, whatever the occasion. A rule that says something to a thread's author asks here first.
One that speaks to somebody else there asks whether it is `shut`."""

from bot.looking import ThreadLook
from bot.model import GHOST
from bot.policy import Policy


def left_alone(look: ThreadLook, policy: Policy) -> str | None:
    """Why the thread or its author is left alone; None if there is no reason to."""
    author = look.thread.author
    if author == GHOST:
        return "the author's account is deleted"
    if policy.is_bot(author):
        return f"{author.login} is a bot"
    if look.author.is_team:
        return f"{author.login} belongs to the organisation"
    if look.author.opted_out or policy.leaves_alone(author):
        return f"{author.login} asked to be left alone"
    return shut(look, policy)


def shut(look: ThreadLook, policy: Policy) -> str | None:
    """Why nothing is said in the thread to anybody; None if there is no reason to be silent."""
    thread = look.thread
    if policy.no_bot_label.casefold() in {label.casefold() for label in thread.labels}:
        return f"the thread has the label {policy.no_bot_label}"
    if thread.locked:
        return "the thread is locked"
    if thread.repo.archived:
        return "the repository is archived"
    return None
