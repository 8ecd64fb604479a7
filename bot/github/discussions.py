"""Discussions of our own: opened once, and taken down. For the writer alone, by way of `deeds.py`.

GitHub has them in GraphQL only. Where there are none, or not in that category, what cannot be done is dropped.
"""

from typing import Any, Final

from bot.effects import OpenDiscussion, TakeDownDiscussion
from bot.github import queries
from bot.github.client import Client
from bot.github.errors import CallFailed, Drop
from bot.github.read import Identity
from bot.github.written import Done, marker
from bot.model import InstallationId, Repo

_WHO: Final = "author { __typename login ... on Bot { databaseId } ... on User { databaseId } }"
_PLACE: Final = """
query PlaceForDiscussion($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) {
    id hasDiscussionsEnabled
    discussionCategories(first: 50) { nodes { id name } }
  }
}
"""
# The newest: what an earlier try has left is as old as that.
_NEWEST: Final = f"""
query NewestDiscussions($owner: String!, $name: String!) {{
  repository(owner: $owner, name: $name) {{
    discussions(first: 50, orderBy: {{field: CREATED_AT, direction: DESC}}) {{
      nodes {{ id databaseId url body {_WHO} }}
    }}
  }}
}}
"""
_CREATE: Final = """
mutation CreateDiscussion($repo: ID!, $category: ID!, $title: String!, $body: String!) {
  createDiscussion(input: {repositoryId: $repo, categoryId: $category, title: $title, body: $body}) {
    discussion { id databaseId url }
  }
}
"""
_KNOWN: Final = f"""
query Discussion($id: ID!) {{
  node(id: $id) {{ ... on Discussion {{ id databaseId url {_WHO} }} }}
}}
"""
_EDIT: Final = """
mutation EditDiscussion($id: ID!, $title: String!, $body: String!) {
  updateDiscussion(input: {discussionId: $id, title: $title, body: $body}) { discussion { id } }
}
"""
_CLOSE: Final = """
mutation CloseDiscussion($id: ID!) {
  closeDiscussion(input: {discussionId: $id, reason: OUTDATED}) { discussion { id } }
}
"""


async def find(client: Client, deed: OpenDiscussion, installation: InstallationId, us: Identity) -> Done | None:
    """What an earlier try may have left. Raises CallFailed."""
    found = await client.graphql(installation, _NEWEST, **_named(deed.repo))
    nodes = found["repository"]["discussions"]["nodes"]
    mark = marker(deed.rule, deed.key)
    return next((_done(one) for one in nodes if mark in one["body"] and _is_ours(one, us)), None)


async def start(client: Client, deed: OpenDiscussion, installation: InstallationId) -> Done:
    """Raises CallFailed."""
    place = (await client.graphql(installation, _PLACE, **_named(deed.repo)))["repository"]
    named = {one["name"].casefold(): one["id"] for one in place["discussionCategories"]["nodes"]}
    category = named.get(deed.category.casefold())
    if not place["hasDiscussionsEnabled"] or category is None:
        raise CallFailed(Drop(f"there are no discussions in a category {deed.category}"))
    body = f"{deed.body}\n\n{marker(deed.rule, deed.key)}"
    made = await client.graphql(
        installation, _CREATE, repo=place["id"], category=category, title=deed.title, body=body
    )  # fmt: skip
    return _done(made["createDiscussion"]["discussion"])


async def take_down(client: Client, deed: TakeDownDiscussion, installation: InstallationId, us: Identity) -> Done:
    """Raises CallFailed."""
    known = (await client.graphql(installation, _KNOWN, id=deed.node_id))["node"]
    if not known or not _is_ours(known, us):
        raise CallFailed(Drop("it is not a discussion of ours"))
    body = f"{deed.body}\n\n{marker(deed.rule, deed.made_by)}"
    await client.graphql(installation, _EDIT, id=deed.node_id, title=deed.title, body=body)
    await client.graphql(installation, _CLOSE, id=deed.node_id)
    return _done(known)


def _named(repo: Repo) -> dict[str, str]:
    return {"owner": repo.owner, "name": repo.name}


def _is_ours(node: dict[str, Any], us: Identity) -> bool:
    author = queries.user(node["author"])
    return author is not None and author["login"] == us.login


def _done(node: dict[str, Any]) -> Done:
    return Done(node["databaseId"] or 0, node["url"], node["id"])
