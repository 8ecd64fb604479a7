"""What we ask GitHub: each question of the rules, and what the writer needs to find its own comments again.

Everything else is known from deliveries. All of it raises CallFailed.
"""

from base64 import b64decode
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Final
from urllib.parse import quote

from bot.github.client import Client, Vars
from bot.github.errors import CallFailed, RetryAt
from bot.memory.payloads import instant, person, stamp
from bot.model import GHOST, InstallationId, Person, PersonId, Repo, Thread, ThreadKind

_PAGE: Final = 100
_FEW: Final = 10

_DISCUSSION_COMMENTS: Final = """
query DiscussionComments($id: ID!) {
  node(id: $id) {
    ... on Discussion {
      comments(last: 100) {
        nodes { id databaseId body url author { __typename login } }
      }
    }
  }
}
"""
_RECEIVED: Final = """
query Received($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on IssueComment {
      isMinimized
      reactions(content: THUMBS_DOWN, first: 20) { nodes { user { databaseId login } } }
    }
    ... on DiscussionComment {
      isMinimized
      reactions(content: THUMBS_DOWN, first: 20) { nodes { user { databaseId login } } }
    }
  }
}
"""
_LIKES: Final = """
query Likes($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on IssueComment {
      up: reactions(content: THUMBS_UP, first: 100) { nodes { user { databaseId } } }
      heart: reactions(content: HEART, first: 100) { nodes { user { databaseId } } }
    }
    ... on Issue {
      up: reactions(content: THUMBS_UP, first: 100) { nodes { user { databaseId } } }
      heart: reactions(content: HEART, first: 100) { nodes { user { databaseId } } }
    }
  }
}
"""
_THUMBS: Final = """
query Thumbs($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on IssueComment {
      up: reactions(content: THUMBS_UP, first: 100) { nodes { user { databaseId } } }
      down: reactions(content: THUMBS_DOWN, first: 100) { nodes { user { databaseId } } }
    }
    ... on DiscussionComment {
      up: reactions(content: THUMBS_UP, first: 100) { nodes { user { databaseId } } }
      down: reactions(content: THUMBS_DOWN, first: 100) { nodes { user { databaseId } } }
    }
  }
}
"""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the app is on GitHub. Its comments are by the account `slug[bot]`; no human's login can have brackets."""

    app_id: int
    slug: str

    @property
    def login(self) -> str:
        return f"{self.slug}[bot]"


@dataclass(frozen=True, slots=True)
class Installed:
    """An installation of the app, and the account that it is on, as GitHub shows it."""

    id: InstallationId
    account: dict[str, Any]
    suspended: bool
    everywhere: bool | None = None  # on all repositories of the account; None: GitHub does not say
    updated_at: datetime | None = None
    permissions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Comment:
    id: int
    login: str
    body: str
    url: str
    node_id: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file in a repository. `blob` is git's name for its text. `data` is None where GitHub gives no text: it is
    larger than 1 MB, or no file at all but a folder or a link."""

    blob: str
    data: bytes | None
    what: str = "file"


@dataclass(frozen=True, slots=True)
class Release:
    name: str
    url: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Past:
    """What a person did in an organisation before we began to listen. None: GitHub does not tell."""

    has_past: bool | None
    merged_before: bool | None


@dataclass(frozen=True, slots=True)
class Received:
    """How a comment is received: whether it is hidden, and who gave it a 👎 (the first of them)."""

    hidden: bool
    disliked_by: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Thumbs:
    """Who gave a comment a 👍, and who a 👎 (the first hundred of each)."""

    up: frozenset[PersonId] = frozenset()
    down: frozenset[PersonId] = frozenset()


class Reader:
    def __init__(self, client: Client) -> None:
        self._client = client

    async def identity(self) -> Identity:
        app = await self._client.as_app("GET", "/app")
        return Identity(app["id"], app["slug"])

    async def installations(self) -> list[Installed]:
        """Where the app is installed. Enterprises own no repositories; unlike other accounts they have no login."""
        found = await self._client.list_as_app(f"/app/installations?per_page={_PAGE}")
        return [_installed(one) for one in found if "login" in (one["account"] or ())]

    async def members(self, installation: InstallationId, organisation: str) -> list[Person]:
        """The members of an organisation, the private ones too (the app may read them), and the collaborators on its
        repositories from outside, if we may know them."""
        where: Vars = {"org": organisation, "per_page": _PAGE}
        found = await self._client.pages(installation, "/orgs/{org}/members{?per_page}", where)
        try:
            found += await self._client.pages(installation, "/orgs/{org}/outside_collaborators{?per_page}", where)
        except CallFailed as failed:
            if failed.status not in {403, 404} or _slows_down(failed):
                raise
        return [person(user) for user in found]

    async def paths(self, installation: InstallationId, where: Repo, number: int) -> tuple[str, ...]:
        """The files that a pull request changes, the first hundred of them."""
        path = "/repos/{owner}/{repo}/pulls/{number}/files{?per_page}"
        values: Vars = {"owner": where.owner, "repo": where.name, "number": number, "per_page": _PAGE}
        found = await self._client.call(installation, "GET", path, values)
        return tuple(file["filename"] for file in found)

    async def touches(self, installation: InstallationId, where: Repo, number: int, path: str) -> bool:
        """Whether a pull request changes a file, or takes it away. Only the first hundred files are looked at: GitHub
        lists them by name, and what begins with a dot comes first."""
        template = "/repos/{owner}/{repo}/pulls/{number}/files{?per_page}"
        values: Vars = {"owner": where.owner, "repo": where.name, "number": number, "per_page": _PAGE}
        found = await self._client.call(installation, "GET", template, values)
        return any(path in {file["filename"], file.get("previous_filename")} for file in found)

    async def file(
        self, installation: InstallationId, where: Repo, path: str, *, ref: str | None = None
    ) -> File | None:
        """A file on the default branch, or in the commit `ref`; None if there is none."""
        values: Vars = {"owner": where.owner, "repo": where.name, **({"ref": ref} if ref else {})}
        template = f"/repos/{{owner}}/{{repo}}/contents/{quote(path)}{{?ref}}"
        try:
            told = await self._client.call(installation, "GET", template, values)
        except CallFailed as failed:
            if failed.status == 404:
                return None
            if failed.status == 403 and "too large" in str(failed):  # over 100 MB
                return File("", None)
            raise
        if isinstance(told, list):
            return File("", None, "folder")
        if told["type"] != "file" or told.get("encoding") != "base64":
            return File(told["sha"], None, told["type"])
        return File(told["sha"], b64decode(told["content"]))

    async def tree(self, installation: InstallationId, where: Repo) -> tuple[str, ...]:
        """The paths of all files on the default branch; of a very large repository only of some (docs.github.com: Get a
        tree). None of a repository in which nothing is."""
        values: Vars = {"owner": where.owner, "repo": where.name, "tree": where.default_branch or "HEAD"}
        template = "/repos/{owner}/{repo}/git/trees/{tree}?recursive=1"
        try:
            told = await self._client.call(installation, "GET", template, values)
        except CallFailed as failed:
            if failed.status in {404, 409}:
                return ()
            raise
        return tuple(one["path"] for one in told["tree"] if one["type"] == "blob")

    async def labels(self, installation: InstallationId, where: Repo) -> list[dict[str, Any]]:
        """The labels of a repository, as GitHub shows them."""
        values: Vars = {"owner": where.owner, "repo": where.name, "per_page": _PAGE}
        return list(await self._client.pages(installation, "/repos/{owner}/{repo}/labels{?per_page}", values))

    async def last_change(self, installation: InstallationId, where: Repo, path: str) -> str | None:
        """The newest commit on the default branch that changed a file."""
        values: Vars = {"owner": where.owner, "repo": where.name, "path": path, "per_page": 1}
        found = await self._client.call(installation, "GET", "/repos/{owner}/{repo}/commits{?path,per_page}", values)
        return str(found[0]["sha"]) if found else None

    async def newest_release(self, installation: InstallationId, where: Repo, since: datetime) -> Release | None:
        """The newest release that is meant for everybody, if it was published since then. Of the last few."""
        values: Vars = {"owner": where.owner, "repo": where.name, "per_page": _FEW}
        found = await self._client.call(installation, "GET", "/repos/{owner}/{repo}/releases{?per_page}", values)
        releases = [
            Release(one["name"] or one["tag_name"], one["html_url"], at)
            for one in found
            if not (one["draft"] or one["prerelease"]) and (at := stamp(one["published_at"])) is not None and at > since
        ]
        return max(releases, key=lambda one: one.published_at, default=None)

    async def default_branch(self, installation: InstallationId, where: Repo) -> str:
        """What an installation does not tell of the repositories that it names."""
        values: Vars = {"owner": where.owner, "repo": where.name}
        told = await self._client.call(installation, "GET", "/repos/{owner}/{repo}", values)
        return str(told["default_branch"])

    async def exists(self, installation: InstallationId, login: str) -> bool:
        """Whether there is an account of this name."""
        return await self._account(installation, login) is not None

    async def somebody(self, installation: InstallationId, login: str) -> Person | None:
        """The person who has this name; None if nobody does, or it is an organisation's."""
        told = await self._account(installation, login)
        return None if told is None or told.get("type") == "Organization" else person(told)

    async def _account(self, installation: InstallationId, login: str) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = await self._client.call(installation, "GET", "/users/{login}", {"login": login})
        except CallFailed as failed:
            if failed.status == 404:
                return None
            raise
        return found

    async def comments(self, installation: InstallationId, thread: Thread) -> list[Comment]:
        """The comments of a thread; of a discussion the last hundred."""
        if thread.kind is ThreadKind.DISCUSSION:
            data = await self._client.graphql(installation, _DISCUSSION_COMMENTS, id=thread.node_id)
            nodes = ((data.get("node") or {}).get("comments") or {}).get("nodes") or ()
            return [Comment(n["databaseId"], _login(n["author"]), n["body"], n["url"], n["id"]) for n in nodes if n]
        path = "/repos/{owner}/{repo}/issues/{number}/comments{?per_page}"
        where: Vars = {
            "owner": thread.repo.owner,
            "repo": thread.repo.name,
            "number": thread.ref.number,
            "per_page": _PAGE,
        }
        found = await self._client.pages(installation, path, where)
        return [
            Comment(one["id"], person(one["user"]).login, one["body"] or "", one["html_url"], one["node_id"])
            for one in found
        ]

    async def received(self, installation: InstallationId, node_ids: Sequence[str]) -> list[Received | None]:
        """How comments are received, at most a hundred, in the same order; None for what is not there any more."""
        return [_received(node) for node in await self._client.graphql_nodes(installation, _RECEIVED, node_ids)]

    async def thumbs(self, installation: InstallationId, node_ids: Sequence[str]) -> list[Thumbs]:
        """What people answer to comments with a thumb, at most a hundred comments, in the same order."""
        return [_thumbs(node or {}) for node in await self._client.graphql_nodes(installation, _THUMBS, node_ids)]

    async def likes(self, installation: InstallationId, node_ids: Sequence[str]) -> list[frozenset[PersonId]]:
        """Who gave issues or comments, at most a hundred, a 👍 or a ❤️ (the first hundred of each), in the same
        order."""
        found = await self._client.graphql_nodes(installation, _LIKES, node_ids)
        return [_reacted(node or {}, "up") | _reacted(node or {}, "heart") for node in found]

    async def may_read(self, installation: InstallationId, where: Repo, login: str) -> bool:
        """Whether somebody may read a private repository. docs.github.com: Get repository permissions for a user."""
        path = "/repos/{owner}/{repo}/collaborators/{username}/permission"
        values: Vars = {"owner": where.owner, "repo": where.name, "username": login}
        try:
            told = await self._client.call(installation, "GET", path, values)
        except CallFailed as failed:
            if failed.status == 404:  # the account is gone, or never was
                return False
            raise
        return bool(told["permission"] != "none")

    async def repository(self, installation: InstallationId, where: Repo) -> dict[str, Any]:
        """A repository as GitHub shows it now."""
        values: Vars = {"owner": where.owner, "repo": where.name}
        told: dict[str, Any] = await self._client.call(installation, "GET", "/repos/{owner}/{repo}", values)
        return told

    async def installation(self, id_: InstallationId) -> Installed | None:
        """One installation; None if it is not there any more."""
        try:
            one = await self._client.as_app("GET", "/app/installations/{id}", id=id_)
        except CallFailed as failed:
            if failed.status == 404:
                return None
            raise
        return _installed(one)

    async def past(
        self,
        installation: InstallationId,
        thread: Thread,
        since: datetime,
        *,
        in_organisation: bool,
        witnessed: Collection[tuple[str, int]] = (),
    ) -> Past:
        """What the thread's author did before `since`, by search. What was `witnessed` is not the past: threads, each
        the repository's full name in lower case, and the number.

        GitHub searches issues or pull requests, not both at once (422 «Query must include 'is:issue' or
        'is:pull-request'»), so a newcomer costs two searches; whoever has opened pull requests costs one.
        """
        known = {*witnessed, (thread.repo.full_name.lower(), thread.ref.number)}
        search = partial(self._search, installation, thread, since, known, in_organisation=in_organisation)
        try:
            pulls = await search("pull-request")
            if pulls:
                return Past(has_past=True, merged_before=any(_merged(pull, since) for pull in pulls))
            issues = await search("issue")
        except CallFailed as failed:
            if failed.status == 422:  # GitHub hides some accounts from search
                return Past(has_past=None, merged_before=None)
            raise
        return Past(has_past=bool(issues), merged_before=False)

    async def _search(
        self,
        installation: InstallationId,
        thread: Thread,
        since: datetime,
        known: Collection[tuple[str, int]],
        kind: str,
        *,
        in_organisation: bool,
    ) -> list[dict[str, Any]]:
        """What the author opened before `since`, the oldest hundred. The index and its qualifiers are not taken at
        their word: each hit is checked."""
        scope = "org" if in_organisation else "user"
        query = (
            f"{scope}:{thread.repo.owner} author:{thread.author.login} is:{kind} created:<{since:%Y-%m-%dT%H:%M:%SZ}"
        )
        values: Vars = {"q": query, "sort": "created", "order": "asc", "per_page": _PAGE}
        found = await self._client.call(installation, "GET", "/search/issues{?q,sort,order,per_page}", values)
        hits = [hit for hit in found["items"] if _is_past(hit, thread, since, known)]
        told_enough = hits and (kind == "issue" or any(_merged(hit, since) for hit in hits))
        if found["incomplete_results"] and not told_enough:
            raise CallFailed(RetryAt("GitHub's search did not finish"), 200)
        return hits


def _received(node: dict[str, Any] | None) -> Received | None:
    if not node or "isMinimized" not in node:
        return None
    users = [reaction["user"] for reaction in node["reactions"]["nodes"] if reaction and reaction["user"]]
    disliked_by = tuple(Person(PersonId(user["databaseId"]), user["login"]) for user in users)
    return Received(hidden=node["isMinimized"], disliked_by=disliked_by)


def _thumbs(node: dict[str, Any]) -> Thumbs:
    """Of a comment that is gone there are none."""

    return Thumbs(up=_reacted(node, "up"), down=_reacted(node, "down"))


def _reacted(node: dict[str, Any], reaction: str) -> frozenset[PersonId]:
    users = [given["user"] for given in (node.get(reaction) or {}).get("nodes") or () if given]
    return frozenset(PersonId(user["databaseId"]) for user in users if user)


def _installed(one: dict[str, Any]) -> Installed:
    selection = one.get("repository_selection")
    return Installed(
        one["id"],
        one["account"],
        suspended=bool(one.get("suspended_at")),
        everywhere=None if selection is None else selection == "all",
        updated_at=stamp(one.get("updated_at")),
        permissions=one.get("permissions") or {},
    )


def _is_past(hit: dict[str, Any], thread: Thread, since: datetime, known: Collection[tuple[str, int]]) -> bool:
    created_at = instant(hit["created_at"])
    return (
        (_repository(hit), hit["number"]) not in known
        and created_at is not None
        and created_at < since
        and person(hit["user"]).id == thread.author.id
    )


def _repository(hit: dict[str, Any]) -> str:
    return "/".join(str(hit.get("repository_url") or "").lower().split("/")[-2:])


def _merged(hit: dict[str, Any], since: datetime) -> bool:
    merged_at = instant((hit.get("pull_request") or hit).get("merged_at"))
    return merged_at is not None and merged_at < since


def _slows_down(failed: CallFailed) -> bool:
    return isinstance(failed.failure, RetryAt) and failed.failure.slow_down


def _login(author: dict[str, Any] | None) -> str:
    """GraphQL names a bot's account without the brackets that REST writes."""
    if author is None:
        return GHOST.login
    return f"{author['login']}[bot]" if author["__typename"] == "Bot" else str(author["login"])


def by_login(comments: Sequence[Comment], logins: Sequence[str]) -> bool:
    """Whether one of these accounts has written one of the comments."""
    wanted = {login.casefold() for login in logins}
    return any(comment.login.casefold() in wanted for comment in comments)
