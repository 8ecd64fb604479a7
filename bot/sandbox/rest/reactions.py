"""Reactions: to issues and pull requests, to comments on them, and to comments on single lines."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import get_args

from bot.sandbox import refusal
from bot.sandbox.call import NOTHING, Answer, Call, Level, Listing, Reply, Route
from bot.sandbox.model import Comment, Issue, ReactionContent
from bot.sandbox.shapes import threads as shapes

Finder = Callable[[Call, Level], Issue | Comment]  # what a path is about, if the caller may do this to it


def list_reactions(find: Finder, call: Call) -> Answer:
    given = find(call, "read").reactions
    found = [each for each in given if call.query.get("content", each.content) == each.content]
    return Listing(items=found, shape=lambda reaction: shapes.reaction(call.view, reaction))


def create_reaction(find: Finder, call: Call) -> Answer:
    """201 for a new reaction, 200 where the caller had given it before."""
    subject = find(call, "write")
    content = call.choice("content", get_args(ReactionContent))
    reaction, new = call.world.react(subject, content, by=call.account())
    return Reply(status=201 if new else 200, data=shapes.reaction(call.view, reaction))


def delete_reaction(find: Finder, call: Call) -> Answer:
    """One takes back one's own only."""
    subject, number = find(call, "write"), call.number("reaction_id")
    for reaction in subject.reactions:
        if reaction.id == number and reaction.account is call.account():
            subject.reactions.remove(reaction)
            return NOTHING
    raise refusal.not_found()


def _routes() -> Iterator[Route]:
    repo = "/repos/{owner}/{repo}"
    subjects: dict[str, Finder] = {
        f"{repo}/issues/comments/{{comment_id}}/reactions": Call.comment,
        f"{repo}/pulls/comments/{{comment_id}}/reactions": Call.review_comment,
        f"{repo}/issues/{{issue_number}}/reactions": Call.issue,
    }
    for path, find in subjects.items():
        yield Route(method="GET", path=path, handler=partial(list_reactions, find))
        yield Route(method="POST", path=path, handler=partial(create_reaction, find), creates=True)
        yield Route(method="DELETE", path=f"{path}/{{reaction_id}}", handler=partial(delete_reaction, find))


ROUTES = tuple(_routes())
