"""Reads what was, a page at a time: whoever asks decides when to go on. All of it raises CallFailed.

Lists are read by the time of creation, so that what changes meanwhile moves nothing to another page; the newest news
comes first only where that tells when to stop. What a page is has no more than a hundred things on it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.github import queries
from bot.github.client import Client, Page, Vars
from bot.github.errors import CallFailed, RetryAt
from bot.memory.past import Told
from bot.memory.payloads import instant, is_merge
from bot.memory.readings import Part
from bot.model import InstallationId, Repo

_PAGE: Final = 100
_MOST: Final = {Part.DISCUSSIONS: 20}  # asked for at once: each comes with comments, and GitHub counts what it might be
_SMALLEST: Final = 10
_NESTED: Final = 100  # pages of one thread's reviews or comments
_SURVEY: Final = 50  # repositories asked for at once

_LISTS: Final = {
    Part.ISSUES: "/repos/{owner}/{repo}/issues{?state,sort,direction,per_page,since}",
    Part.COMMENTS: "/repos/{owner}/{repo}/issues/comments{?sort,direction,per_page,since}",
    Part.REVIEW_COMMENTS: "/repos/{owner}/{repo}/pulls/comments{?sort,direction,per_page,since}",
    Part.COMMITS: "/repos/{owner}/{repo}/commits{?per_page}",
    Part.LABELS: "/repos/{owner}/{repo}/labels{?per_page}",
}
_CONNECTIONS: Final = {
    Part.PULLS: ("pullRequests", queries.PULLS),
    Part.STEPS: ("issues", queries.OPEN_ISSUES),
    Part.CHECKS: ("pullRequests", queries.OPEN_PULLS),
    Part.DISCUSSIONS: ("discussions", queries.DISCUSSIONS),
}

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One page. `cursor`: where the next one begins, None at the end. `pages`: how many there are, if GitHub says so.

    `unchanged`: GitHub says that the list is as it was. `etag`: to ask so the next time, if this page is all of it.
    """

    told: Told
    cursor: str | None
    pages: int | None = None
    unchanged: bool = False
    etag: str | None = None


class Past:
    def __init__(self, client: Client) -> None:
        self._client = client
        self._sizes: dict[Part, int] = {}

    async def page(
        self, part: Part, installation: InstallationId, where: Repo,
        *, cursor: str | None, since: datetime | None, etag: str | None = None,
    ) -> Leaf:  # fmt: skip
        """A page of a list of a repository: the first, or the one at `cursor`. `since`: what has changed since then."""
        if part in _CONNECTIONS:
            since = None if part is Part.CHECKS else since  # a pull request does not tell when its checks were over
            return await self._connection(part, installation, where, cursor, since)
        return await self._list(part, installation, where, cursor, since, etag)

    async def repositories(self, installation: InstallationId) -> list[Json]:
        """All that the installation has."""
        return await self._all(installation, f"/installation/repositories?per_page={_PAGE}", {})

    async def groups(self, installation: InstallationId, organisation: str) -> list[tuple[Json, list[Json]]]:
        """The teams of an organisation, each with its members."""
        where: Vars = {"org": organisation, "per_page": _PAGE}
        teams = await self._all(installation, "/orgs/{org}/teams{?per_page}", where)
        path = "/orgs/{org}/teams/{slug}/members{?per_page}"
        return [(team, await self._all(installation, path, {**where, "slug": team["slug"]})) for team in teams]

    async def touching(self, installation: InstallationId, where: Repo, path: str) -> list[str]:
        """The commits of the default branch that change a file, or something in a folder."""
        values: Vars = {"owner": where.owner, "repo": where.name, "path": path, "per_page": _PAGE}
        try:
            found = await self._all(installation, "/repos/{owner}/{repo}/commits{?path,per_page}", values)
        except CallFailed as failed:
            if failed.status == 409:  # nothing was ever committed there
                return []
            raise
        return [one["sha"] for one in found]

    async def commit(self, installation: InstallationId, where: Repo, sha: str) -> Json:
        """One commit, with its files."""
        values: Vars = {"owner": where.owner, "repo": where.name, "sha": sha}
        found: Json = await self._client.call(installation, "GET", "/repos/{owner}/{repo}/commits/{sha}", values)
        return found

    async def survey(
        self, installation: InstallationId, owner: str, names: Sequence[str]
    ) -> dict[str, tuple[int, int]]:
        """How many issues and pull requests there are in each repository."""
        found: dict[str, tuple[int, int]] = {}
        for start in range(0, len(names), _SURVEY):
            some = names[start : start + _SURVEY]
            asked = {f"n{n}": name for n, name in enumerate(some)}
            data = await self._client.graphql(installation, queries.survey(len(some)), owner=owner, **asked)
            for n, name in enumerate(some):
                told = data.get(f"r{n}")
                if told:
                    found[name] = (told["issues"]["totalCount"], told["pullRequests"]["totalCount"])
        return found

    async def _all(self, installation: InstallationId, path: str, variables: Vars) -> list[Json]:
        page = await self._client.page(installation, path, variables)
        items = page.items
        while page.next is not None:
            page = await self._client.page(installation, page.next)
            items += page.items
        return items

    async def _list(
        self, part: Part, installation: InstallationId, where: Repo,
        cursor: str | None, since: datetime | None, etag: str | None,
    ) -> Leaf:  # fmt: skip
        values: dict[str, str | int | bool] = {"owner": where.owner, "repo": where.name, "per_page": _PAGE}
        values |= {"state": "all", "sort": "created", "direction": "asc"}
        if since is not None:
            values["since"] = f"{since:%Y-%m-%dT%H:%M:%SZ}"
        try:
            if cursor is None:
                page = await self._client.page(installation, _LISTS[part], values, etag=etag)
            else:
                page = await self._client.page(installation, cursor)
        except CallFailed as failed:
            if part is Part.COMMITS and failed.status == 409:  # nothing was ever committed there
                return Leaf(told=Told(), cursor=None)
            raise
        whole = cursor is None and page.next is None
        return Leaf(
            told=_TOLD[part](page),
            cursor=page.next,
            pages=page.last or (1 if whole else None),
            unchanged=page.unchanged,
            etag=page.etag if whole or part is Part.COMMITS else None,
        )

    async def _connection(
        self, part: Part, installation: InstallationId, where: Repo, cursor: str | None, since: datetime | None
    ) -> Leaf:
        """Newest first, until what has not changed since then. Where GitHub cannot answer in time it is asked for less;
        what it could answer is asked for more again."""
        name, query = _CONNECTIONS[part]
        size = self._sizes.get(part, _MOST.get(part, _PAGE))
        variables: dict[str, str | int] = {"owner": where.owner, "name": where.name, "size": size}
        if cursor is not None:
            variables["after"] = cursor
        try:
            data = await self._client.graphql(installation, query, **variables)
        except CallFailed as failed:
            if _too_much(failed) and size > _SMALLEST:
                self._sizes[part] = max(_SMALLEST, size // 2)
                return await self._connection(part, installation, where, cursor, since)
            raise
        self._sizes[part] = min(_MOST.get(part, _PAGE), size + max(1, size // 5))
        found = (data["repository"] or {}).get(name) or {"nodes": [], "pageInfo": {"hasNextPage": False}}
        nodes = [node for node in found["nodes"] if node]
        fresh = [node for node in nodes if since is None or (instant(node["updatedAt"]) or since) >= since]
        more = found["pageInfo"]["hasNextPage"] and len(fresh) == len(nodes)
        return Leaf(
            told=await self._told(part, installation, where, fresh),
            cursor=found["pageInfo"]["endCursor"] if more else None,
            pages=-(-found["totalCount"] // size) if since is None and "totalCount" in found else None,
            unchanged=since is not None and not fresh,
        )

    async def _told(self, part: Part, installation: InstallationId, where: Repo, nodes: Sequence[Json]) -> Told:
        match part:
            case Part.PULLS:
                return await self._pulls(installation, nodes)
            case Part.DISCUSSIONS:
                return await self._discussions(installation, nodes)
            case Part.CHECKS:
                return await self._checks(installation, where, nodes)
            case _:
                return Told(steps=[step for node in nodes for step in queries.steps(node)])

    async def _pulls(self, installation: InstallationId, nodes: Sequence[Json]) -> Told:
        answers = []
        for node in nodes:
            reviews = await self._nested(installation, queries.REVIEWS, node, "reviews")
            answers += [
                ("review", node["number"], queries.review(one)) for one in reviews if one and one["state"] != "PENDING"
            ]
        return Told(
            answers=answers,
            steps=[step for node in nodes for step in queries.steps(node)],
            sizes=[queries.size(node) for node in nodes],
            paths={
                node["number"]: [file["path"] for file in node["files"]["nodes"]]
                for node in nodes
                if node["files"] and not node["files"]["pageInfo"]["hasNextPage"]
            },
        )

    async def _discussions(self, installation: InstallationId, nodes: Sequence[Json]) -> Told:
        answers = []
        for node in nodes:
            comments = await self._nested(installation, queries.DISCUSSION_COMMENTS, node, "comments")
            answers += list(queries.comments(node["number"], {"nodes": [one for one in comments if one]}))
        return Told(discussions=[queries.discussion(node) for node in nodes], answers=answers)

    async def _checks(self, installation: InstallationId, where: Repo, nodes: Sequence[Json]) -> Told:
        """The check suites of the commits that one of them stops."""
        suites = []
        for sha in dict.fromkeys(queries.stopped(nodes)):
            suites += await self._suites(installation, where, sha)
        return Told(sizes=[queries.size(node) for node in nodes], suites=suites)

    async def _suites(self, installation: InstallationId, where: Repo, sha: str) -> list[Json]:
        """The check suites of a commit that are over. GitHub begins one for every app that may, also for those that
        never run any."""
        path = "/repos/{owner}/{repo}/commits/{sha}/check-suites{?per_page}"
        values: Vars = {"owner": where.owner, "repo": where.name, "sha": sha, "per_page": _PAGE}
        try:
            found = await self._all(installation, path, values)
        except CallFailed as failed:
            if failed.status == 422:  # the commit is gone, with its fork
                return []
            raise
        return [one for one in found if one.get("conclusion")]

    async def _nested(self, installation: InstallationId, query: str, node: Json, name: str) -> list[Json]:
        """What belongs to one thread, also where it is more than came with it."""
        items: list[Json] = list(node[name]["nodes"])
        info = node[name]["pageInfo"]
        for _ in range(_NESTED):
            if not info["hasNextPage"]:
                break
            data = await self._client.graphql(installation, query, id=node["id"], after=info["endCursor"])
            more = (data["node"] or {}).get(name) or {"nodes": [], "pageInfo": {"hasNextPage": False}}
            items += more["nodes"]
            info = more["pageInfo"]
        return items


def _too_much(failed: CallFailed) -> bool:
    """GitHub took too long, or broke off: it does both when a query asks for much."""
    return (
        isinstance(failed.failure, RetryAt)
        and not failed.failure.slow_down
        and failed.status in {0, 200, 500, 502, 504}
    )


def _number(address: str) -> int:
    """The last part of the address of an issue or pull request."""
    return int(address.rstrip("/").rpartition("/")[2])


def _commits(page: Page) -> Told:
    return Told(commits=[one for one in page.items if not is_merge((one.get("commit") or {}).get("message") or "")])


_TOLD: Final[dict[Part, Callable[[Page], Told]]] = {
    Part.ISSUES: lambda page: Told(threads=page.items),
    Part.COMMENTS: lambda page: Told(answers=[("issue_comment", _number(one["issue_url"]), one) for one in page.items]),
    Part.REVIEW_COMMENTS: lambda page: Told(
        answers=[("review_comment", _number(one["pull_request_url"]), one) for one in page.items]
    ),
    Part.COMMITS: _commits,
    Part.LABELS: lambda page: Told(labels=page.items),
}
