"""What of the past only GraphQL tells without a request for each thread, and its answers in the shapes of REST.

docs.github.com: «GraphQL API», objects PullRequest, Issue, Discussion, and the events of their timelines.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

Json = Mapping[str, Any]

_ACTOR: Final = """
fragment Who on Actor {
  __typename login
  ... on User { databaseId } ... on Bot { databaseId } ... on Organization { databaseId }
}
"""
_EVENTS: Final = {
    "LabeledEvent": "labeled",
    "UnlabeledEvent": "unlabeled",
    "AssignedEvent": "assigned",
    "UnassignedEvent": "unassigned",
    "ClosedEvent": "closed",
    "ReopenedEvent": "reopened",
    "MergedEvent": "merged",
    "ReadyForReviewEvent": "ready_for_review",
}
_OF_PULLS_ONLY: Final = frozenset({"MergedEvent", "ReadyForReviewEvent"})


def _constant(name: str) -> str:
    """LabeledEvent is asked for as LABELED_EVENT."""
    return "".join(f"_{letter}" if letter.isupper() else letter for letter in name).strip("_").upper()


def _steps(kind: str) -> str:
    """The fragment for the timeline of an Issue or a PullRequest: the newest entries, where there are very many."""
    names = [name for name in _EVENTS if kind == "PullRequest" or name not in _OF_PULLS_ONLY]
    more = {"LabeledEvent": "label { name }", "UnlabeledEvent": "label { name }"}
    more |= dict.fromkeys(("AssignedEvent", "UnassignedEvent"), f"assignee {{ __typename {_ASSIGNEE} }}")
    parts = [f"... on {name} {{ createdAt actor {{ ...Who }} {more.get(name, '')} }}" for name in names]
    return f"""
fragment Steps on {kind} {{
  timelineItems(last: 50, itemTypes: [{", ".join(map(_constant, names))}]) {{
    nodes {{ __typename {" ".join(parts)} }}
  }}
}}
"""


_ASSIGNEE: Final = " ".join(f"... on {kind} {{ login databaseId }}" for kind in ("User", "Bot", "Organization"))
_REVIEWS: Final = """
fragment Reviews on PullRequestReviewConnection {
  pageInfo { hasNextPage endCursor }
  nodes { fullDatabaseId id state submittedAt authorAssociation author { ...Who } }
}
"""
_PULLS: Final = """
query Pulls($owner: String!, $name: String!, $size: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequests(first: $size, after: $after, orderBy: {field: UPDATED_AT, direction: DESC}) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes {
        id number updatedAt additions deletions changedFiles headRefOid
        reviews(first: 50) { ...Reviews }
        files(first: 50) { pageInfo { hasNextPage } nodes { path } }
        ...Steps
      }
    }
  }
}
"""
_MORE_REVIEWS: Final = """
query MoreReviews($id: ID!, $after: String) {
  node(id: $id) { ... on PullRequest { reviews(first: 100, after: $after) { ...Reviews } } }
}
"""
_OPEN_ISSUES: Final = """
query OpenIssues($owner: String!, $name: String!, $size: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    issues(first: $size, after: $after, states: OPEN, orderBy: {field: UPDATED_AT, direction: DESC}) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { id number updatedAt ...Steps }
    }
  }
}
"""
# Without ids: those that GraphQL has of check suites do not reach as far as GitHub's do by now.
_OPEN_PULLS: Final = """
query OpenPulls($owner: String!, $name: String!, $size: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequests(first: $size, after: $after, states: OPEN, orderBy: {field: UPDATED_AT, direction: DESC}) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes {
        number updatedAt additions deletions changedFiles headRefOid
        commits(last: 1) { nodes { commit { checkSuites(first: 50) { nodes { conclusion } } } } }
      }
    }
  }
}
"""
_STOPS: Final = frozenset({"FAILURE", "TIMED_OUT", "STARTUP_FAILURE", "ACTION_REQUIRED"})
_COMMENTS: Final = """
fragment Comments on DiscussionCommentConnection {
  pageInfo { hasNextPage endCursor }
  nodes { ...Comment replies(first: 100) { nodes { ...Comment } } }
}
fragment Comment on DiscussionComment { databaseId id createdAt updatedAt authorAssociation author { ...Who } }
"""
_DISCUSSIONS: Final = """
query Discussions($owner: String!, $name: String!, $size: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    discussions(first: $size, after: $after, orderBy: {field: UPDATED_AT, direction: DESC}) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes {
        databaseId id number title createdAt updatedAt closed closedAt locked authorAssociation
        author { ...Who }
        category { name }
        labels(first: 20) { nodes { name } }
        comments(first: 30) { ...Comments }
      }
    }
  }
}
"""
_MORE_COMMENTS: Final = """
query MoreComments($id: ID!, $after: String) {
  node(id: $id) { ... on Discussion { comments(first: 30, after: $after) { ...Comments } } }
}
"""

PULLS: Final = _PULLS + _REVIEWS + _steps("PullRequest") + _ACTOR
REVIEWS: Final = _MORE_REVIEWS + _REVIEWS + _ACTOR
OPEN_ISSUES: Final = _OPEN_ISSUES + _steps("Issue") + _ACTOR
OPEN_PULLS: Final = _OPEN_PULLS
DISCUSSIONS: Final = _DISCUSSIONS + _COMMENTS + _ACTOR
DISCUSSION_COMMENTS: Final = _MORE_COMMENTS + _COMMENTS + _ACTOR


def survey(count: int) -> str:
    """How much there is in so many repositories, for an estimate."""
    asked = "\n".join(
        f"r{n}: repository(owner: $owner, name: $n{n}) {{ issues {{ totalCount }} pullRequests {{ totalCount }} }}"
        for n in range(count)
    )
    names = " ".join(f"$n{n}: String!" for n in range(count))
    return f"query Survey($owner: String!, {names}) {{ {asked} }}"


def user(actor: Json | None) -> Json | None:
    """An account. GraphQL names a bot's without the brackets that REST writes; a deleted one is nobody."""
    if not actor or actor.get("databaseId") is None:
        return None
    kind = actor["__typename"]
    login = f"{actor['login']}[bot]" if kind == "Bot" else actor["login"]
    return {"id": actor["databaseId"], "login": login, "type": kind}


def review(node: Json) -> Json:
    return {
        "id": int(node["fullDatabaseId"]),
        "node_id": node["id"],
        "state": node["state"].lower(),
        "submitted_at": node["submittedAt"],
        "author_association": node["authorAssociation"],
        "user": user(node["author"]),
    }


def size(node: Json) -> tuple[int, Json]:
    """How much a pull request changes, and its newest commit, with its number."""
    return node["number"], {
        "updated_at": node["updatedAt"],
        "changed_files": node["changedFiles"],
        "additions": node["additions"],
        "deletions": node["deletions"],
        "head": {"sha": node["headRefOid"]},
    }


def stopped(nodes: Iterable[Json]) -> Iterator[str]:
    """The newest commits of pull requests that a check suite has failed on, or waits for somebody to let it run."""
    for node in nodes:
        commits = [one["commit"] for one in node["commits"]["nodes"] or () if one]
        suites = [suite for commit in commits for suite in (commit["checkSuites"] or {}).get("nodes") or () if suite]
        if any(suite["conclusion"] in _STOPS for suite in suites):
            yield node["headRefOid"]


def steps(node: Json) -> Iterator[tuple[int, Json]]:
    """The entries of a thread's timeline, with its number."""
    for entry in node["timelineItems"]["nodes"]:
        if entry and entry["__typename"] in _EVENTS:
            told = {"event": _EVENTS[entry["__typename"]], "created_at": entry["createdAt"]}
            told["actor"] = user(entry["actor"])
            if entry.get("label"):
                told["label"] = entry["label"]
            if "assignee" in entry:
                told["assignee"] = user(entry["assignee"])
            yield node["number"], told


def discussion(node: Json) -> Json:
    return {
        "id": node["databaseId"],
        "node_id": node["id"],
        "number": node["number"],
        "title": node["title"],
        "created_at": node["createdAt"],
        "updated_at": node["updatedAt"],
        "closed_at": node["closedAt"],
        "state": "closed" if node["closed"] else "open",
        "locked": node["locked"],
        "author_association": node["authorAssociation"],
        "user": user(node["author"]),
        "category": node["category"],
        "labels": (node["labels"] or {}).get("nodes") or [],
    }


def comments(number: int, connection: Json) -> Iterator[tuple[str, int, Json]]:
    """The comments of a discussion and the replies to them."""
    for node in connection["nodes"]:
        yield "discussion_comment", number, _comment(node)
        for reply in node["replies"]["nodes"]:
            yield "discussion_comment", number, _comment(reply)


def _comment(node: Json) -> Json:
    return {
        "id": node["databaseId"],
        "node_id": node["id"],
        "created_at": node["createdAt"],
        "updated_at": node["updatedAt"],
        "author_association": node["authorAssociation"],
        "user": user(node["author"]),
    }
