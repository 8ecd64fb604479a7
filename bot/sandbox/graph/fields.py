"""What the fields of the schema say of the things of the world: a table of functions, one a field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.clock import stamp
from bot.sandbox.graph import discussions, threads
from bot.sandbox.graph.connections import connection
from bot.sandbox.graph.resolving import REACTIONS, attribute, database_id, login, moment, url

if TYPE_CHECKING:
    from bot.sandbox.graph.resolving import Resolver

ACCOUNT: dict[str, Resolver] = {
    "createdAt": moment("created_at"),
    "databaseId": database_id,
    "id": attribute("node_id"),
    "login": login,
    "name": attribute("name"),
    "url": url,
}

FIELDS: dict[str, dict[str, Resolver]] = {
    **discussions.FIELDS,
    **threads.FIELDS,
    "Bot": ACCOUNT,
    "User": ACCOUNT,
    "Mannequin": ACCOUNT,
    "Organization": ACCOUNT,
    "Label": {
        "color": attribute("color"),
        "description": attribute("description"),
        "id": attribute("node_id"),
        "name": attribute("name"),
    },
    "Reaction": {
        "content": lambda thing, _: REACTIONS[thing.content],
        "createdAt": moment("created_at"),
        "databaseId": database_id,
        "id": attribute("node_id"),
        "user": lambda thing, _: thing.account if thing.account.type == "User" else None,
    },
    "Repository": {
        "createdAt": moment("created_at"),
        "databaseId": database_id,
        "discussion": discussions.discussion,
        "discussionCategories": discussions.categories,
        "discussions": discussions.discussions,
        "hasDiscussionsEnabled": attribute("has_discussions"),
        "id": attribute("node_id"),
        "isArchived": attribute("archived"),
        "isFork": lambda repo, _: repo.parent is not None,
        "isPrivate": attribute("private"),
        "issue": threads.issue,
        "issues": threads.issues,
        "labels": lambda repo, info, **bounds: connection(list(repo.labels.values()), info, **bounds),
        "name": attribute("name"),
        "nameWithOwner": attribute("full_name"),
        "pullRequest": threads.pull_request,
        "pullRequests": threads.pull_requests,
        "updatedAt": moment("updated_at"),
        "url": url,
    },
    "RateLimit": {
        "cost": lambda spent, _: spent.cost.points,
        "limit": lambda spent, _: spent.budget.limit,
        "nodeCount": lambda spent, _: spent.cost.nodes,
        "remaining": lambda spent, _: spent.budget.remaining,
        "resetAt": lambda spent, _: stamp(spent.budget.reset),
        "used": lambda spent, _: spent.budget.used,
    },
}
