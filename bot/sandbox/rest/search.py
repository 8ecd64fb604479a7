"""The search for issues and pull requests, with the qualifiers that a bot needs.

docs.github.com: Searching issues and pull requests; Constructing a search query. Free words must all be in the title or
the body. The index may lag behind: what is younger than `world.search_lag` is not found (kubernetes/test-infra#3083).
"""

import operator
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sandbox import refusal
from bot.sandbox.call import Answer, Call, Listing, Route
from bot.sandbox.clock import parse
from bot.sandbox.model import Issue, PullRequest
from bot.sandbox.rest.issues import login_of
from bot.sandbox.shapes.threads import found_issue

TERM = re.compile(r'(?P<minus>-)?(?:(?P<name>[a-z-]+):)?(?P<value>"[^"]*"|[^\s"]+)')
NO_KIND = "Query must include 'is:issue' or 'is:pull-request'"
NO_USER = (
    "The listed users cannot be searched either because the users do not exist or you do not have permission to view "
    "the users."
)
NO_REPO = (
    "The listed users and repositories cannot be searched either because the resources do not exist or you do not have "
    "permission to view them."
)
PLACES = frozenset({"org", "repo", "user"})
MOST_FOUND = 1000  # GitHub gives out no more, however many there are
COMPARISONS: dict[str, Callable[[datetime, datetime], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}

Test = Callable[[Issue], bool]


@dataclass(frozen=True)
class Term:
    name: str  # "" for a free word
    value: str
    negated: bool


def terms_of(query: str) -> list[Term]:
    return [
        Term(match["name"] or "", match["value"].strip('"'), negated=match["minus"] is not None)
        for match in TERM.finditer(query)
    ]


def search_issues(call: Call) -> Answer:
    """Raises RefusedError (422) without a query or a kind, and for accounts and repositories that are not there."""
    query = call.query.get("q", "").strip()
    if not query:
        raise refusal.invalid("Search", "q", code="missing")
    terms = terms_of(query)
    if not any(_names_a_kind(term) for term in terms):
        raise refusal.unprocessable(NO_KIND)
    _check(call, terms)
    places = [term for term in terms if term.name in PLACES]
    tests = [(_test(term), term.negated) for term in terms if term.name not in PLACES]
    lag = call.world.search_lag or timedelta(0)
    found = [
        issue
        for issue in _searchable(call, terms)
        if issue.created_at + lag <= call.world.now()
        and _is_in(issue, places)
        and all(test(issue) != negated for test, negated in tests)
    ]
    by_update = call.query.get("sort") == "updated"
    found.sort(key=lambda each: (each.updated_at if by_update else each.created_at, each.id), reverse=True)
    if call.query.get("order") == "asc":
        found.reverse()
    return Listing(
        items=found[:MOST_FOUND],
        shape=lambda issue: found_issue(call.view, issue),
        key="items",
        extra={"incomplete_results": False, "search_type": "lexical"},
    )


def _is_there(issue: Issue, term: Term) -> bool:
    """Whether the issue is in the place that `org:`, `user:` or `repo:` names."""
    name = issue.repo.full_name if term.name == "repo" else issue.repo.owner.login
    return name.lower() == term.value.lower()


def _is_in(issue: Issue, places: list[Term]) -> bool:
    """Whether it is in one of the places that were named (anywhere, if none was), and in none that was ruled out."""
    wanted = [place for place in places if not place.negated]
    ruled_out = any(_is_there(issue, place) for place in places if place.negated)
    return not ruled_out and (not wanted or any(_is_there(issue, place) for place in wanted))


def _names_a_kind(term: Term) -> bool:
    return term.name in ("is", "type") and term.value in ("issue", "pr", "pull-request") and not term.negated


def _searchable(call: Call, terms: list[Term]) -> Iterable[Issue]:
    """What the caller may see; of the author alone where one is named, since that leaves few in a large world."""
    named = next((login_of(term.value) for term in terms if term.name == "author" and not term.negated), None)
    author = call.world.find_account(named) if named else None
    for repo in call.world.repos.values():
        if repo.threads and not repo.deleted and call.sees(repo):
            for thread in repo.threads.values():
                if isinstance(thread, Issue) and (author is None or thread.author is author):
                    yield thread


def _check(call: Call, terms: list[Term]) -> None:
    """Accounts and repositories must be there (and visible), or GitHub refuses the whole query."""
    for term in terms:
        if term.name == "author":
            account = call.world.find_account(login_of(term.value))
            if account is None or account.flagged:
                raise refusal.invalid("Search", "q", message=NO_USER)
        if term.name in ("org", "user") and call.world.find_account(term.value) is None:
            raise refusal.invalid("Search", "q", message=NO_USER)
        if term.name == "repo":
            repo = call.world.find_repo(term.value)
            if repo is None or not call.sees(repo):
                raise refusal.invalid("Search", "q", message=NO_REPO)


def _test(term: Term) -> Test:
    value = term.value.lower()
    match term.name:
        case "":
            return lambda issue: value in f"{issue.title}\n{issue.body}".lower()
        case "author":
            return lambda issue: issue.author.login.lower() == login_of(value)
        case "is" | "type" | "state":
            return _state(value)
        case "label":
            return lambda issue: any(label.name.lower() == value for label in issue.labels)
        case "assignee":
            return lambda issue: any(each.login.lower() == value for each in issue.assignees)
        case "no":
            return lambda issue: not {"assignee": issue.assignees, "label": issue.labels}.get(value)
        case "commenter":
            return lambda issue: any(each.author.login.lower() == login_of(value) for each in issue.comments)
        case "created":
            return lambda issue: in_range(issue.created_at, value)
        case "updated":
            return lambda issue: in_range(issue.updated_at, value)
        case "closed":
            return lambda issue: issue.closed_at is not None and in_range(issue.closed_at, value)
        case "merged":
            return lambda issue: (
                isinstance(issue, PullRequest) and issue.merged_at is not None and in_range(issue.merged_at, value)
            )
    raise refusal.unprocessable(f"The sandbox does not know the qualifier {term.name}:")


def _state(value: str) -> Test:
    states: dict[str, Test] = {
        "issue": lambda issue: not isinstance(issue, PullRequest),
        "pr": lambda issue: isinstance(issue, PullRequest),
        "pull-request": lambda issue: isinstance(issue, PullRequest),
        "open": lambda issue: issue.open,
        "closed": lambda issue: not issue.open,
        "merged": lambda issue: isinstance(issue, PullRequest) and issue.merged_at is not None,
        "unmerged": lambda issue: isinstance(issue, PullRequest) and issue.merged_at is None,
        "draft": lambda issue: isinstance(issue, PullRequest) and issue.draft,
        "locked": lambda issue: issue.locked,
        "unlocked": lambda issue: not issue.locked,
        "public": lambda issue: not issue.repo.private,
        "private": lambda issue: issue.repo.private,
    }
    if value not in states:
        raise refusal.unprocessable(f"The sandbox does not know is:{value}")
    return states[value]


def in_range(moment: datetime, text: str) -> bool:
    """Whether a moment is in `2024-05-01`, `>=2024-05-01`, `<2024-05-01T10:00:00Z` or `2024-05-01..2024-06-01`.

    A bare day means all of it: `<=` and the end of a range include the day, `>` begins after it.
    """
    text = text.upper()
    try:
        if ".." in text:
            first, last = text.split("..", 1)
            return (first == "*" or moment >= parse(first)) and (last == "*" or _compare(moment, "<=", last))
        for sign in COMPARISONS:
            if text.startswith(sign):
                return _compare(moment, sign, text.removeprefix(sign))
        return parse(text) <= moment and _compare(moment, "<=", text)
    except ValueError:
        raise refusal.invalid("Search", "q", message=f"{text} is not a recognized date/time format.") from None


def _compare(moment: datetime, sign: str, text: str) -> bool:
    limit = parse(text)
    if sign in ("<=", ">") and len(text) == len("2024-05-01"):
        limit += timedelta(days=1) - timedelta(microseconds=1)
    return COMPARISONS[sign](moment, limit)


ROUTES = (Route(method="GET", path="/search/issues", handler=search_issues, resource="search"),)
