"""Issues (pull requests among them): listed, read, opened, changed, assigned, locked, and what happened to them."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar, get_args

from bot.sandbox import refusal
from bot.sandbox.call import NOTHING, Answer, Call, Listing, Reply, Route
from bot.sandbox.clock import parse
from bot.sandbox.model import Account, CloseReason, Comment, Issue, Repo
from bot.sandbox.shapes import threads as shapes
from bot.sandbox.standing import role

Written = TypeVar("Written", bound=Comment)


def moment(call: Call, name: str) -> datetime | None:
    """The moment that a part of the query names. Raises RefusedError (422) for what is none."""
    if not call.query.get(name):
        return None
    try:
        return parse(call.query[name])
    except ValueError:
        raise refusal.unprocessable(f"Invalid request.\n\n'{name}' is not a valid ISO 8601 timestamp.") from None


def ordered(call: Call, comments: Iterable[Written]) -> list[Written]:
    """Comments from `since` on, by their ids; or as `sort` and `direction` want it, which go together."""
    since, sort = moment(call, "since"), call.query.get("sort")
    found = list(comments)
    if since is not None:
        first = since.replace(microsecond=0)
        found = [each for each in found if each.updated_at >= first]
    if sort == "updated":
        found.sort(key=lambda each: (each.updated_at, each.id))
    elif sort in ("created", "created_at"):
        found.sort(key=lambda each: (each.created_at, each.id))
    if sort is not None and call.query.get("direction") == "desc":
        found.reverse()
    return found


def login_of(named: str) -> str:
    """The login (in small letters) that a query names; `app/slug` is the account of an app."""
    named = named.lower()
    return f"{named.removeprefix('app/')}[bot]" if named.startswith("app/") else named


def _by_assignee(issue: Issue, wanted: str) -> bool:
    match wanted:
        case "*":
            return bool(issue.assignees)
        case "none":
            return not issue.assignees
        case _:
            return any(each.login.lower() == wanted.lower() for each in issue.assignees)


def _chosen(call: Call, issues: Iterable[Issue]) -> list[Issue]:
    """The issues that the query asks for, in the order it asks for."""
    query, since = call.query, moment(call, "since")
    state = query.get("state", "open")
    labels = {name.strip().lower() for name in query.get("labels", "").split(",") if name.strip()}
    found = []
    for issue in issues:
        if state in ("open", "closed") and issue.open != (state == "open"):
            continue
        if not labels <= {label.name.lower() for label in issue.labels}:
            continue
        if since is not None and issue.updated_at < since.replace(microsecond=0):
            continue
        if "creator" in query and issue.author.login.lower() != login_of(query["creator"]):
            continue
        if "assignee" in query and not _by_assignee(issue, query["assignee"]):
            continue
        found.append(issue)
    keys = {
        "created": lambda issue: (issue.created_at, issue.number),
        "updated": lambda issue: (issue.updated_at, issue.number),
        "comments": lambda issue: (len(issue.comments), issue.number),
    }
    found.sort(key=keys[query.get("sort", "created")], reverse=query.get("direction", "desc") == "desc")
    return found


def list_issues(call: Call) -> Answer:
    repo = call.repo("issues")
    issues = (thread for thread in repo.threads.values() if isinstance(thread, Issue))
    return Listing(items=_chosen(call, issues), shape=lambda issue: shapes.issue(call.view, issue))


def get_issue(call: Call) -> Answer:
    return Reply(data=shapes.full_issue(call.view, call.issue()))


def names_of(call: Call, field: str = "labels") -> list[str] | None:
    """Label names, each given as a text or as an object with a `name`."""
    given = call.body.get(field)
    if given is None:
        return None
    return [each["name"] if isinstance(each, dict) else str(each) for each in given]


def create_issue(call: Call) -> Answer:
    """Whoever may not triage can open an issue, but its labels and assignees are dropped without a word."""
    repo = call.repo("issues", "write")
    title, body = call.needed("title"), call.text("body") or ""
    by = call.account()
    labels: list[str] = []
    assignees: list[Account] = []
    if call.has_role(repo, "triage"):
        assignees = call.accounts("assignees", resource="Issue")
        labels = names_of(call) or []
    issue = call.world.open_issue(repo, by=by, title=title, body=body, labels=labels)
    call.world.label(issue, *labels, by=by)  # those that the repository did not know
    call.world.assign(issue, *[each for each in assignees if assignable(issue, each)], by=by)
    data = shapes.full_issue(call.view, issue)
    return Reply(status=201, data=data, headers={"Location": str(data["url"])})


def assignable(issue: Issue, account: Account) -> bool:
    """People of the repository, the author, and whoever took part in the thread (docs.github.com: Assigning issues)."""
    taking_part = {issue.author.id, *(comment.author.id for comment in issue.comments)}
    return account.id in taking_part or role(issue.repo, account) != "none"


def update_issue(call: Call) -> Answer:
    """Authors may edit, close and reopen their own; the rest needs the role to triage. Lists replace what was there."""
    issue = call.issue("write")
    by, world = call.account(), call.world
    if by is not issue.author or any(field in call.body for field in ("labels", "assignees")):
        call.require(issue.repo, "triage")
    world.edit(issue, by=by, title=call.text("title"), body=call.text("body"))
    set_labels(call, issue, names_of(call), by=by)
    if call.body.get("assignees") is not None:
        wanted = call.accounts("assignees", resource="Issue")
        world.unassign(issue, *[each for each in issue.assignees if each not in wanted], by=by)
        world.assign(issue, *[each for each in wanted if assignable(issue, each)], by=by)
    if call.body.get("state") == "closed":
        reasons: tuple[CloseReason, ...] = get_args(CloseReason)
        world.close(issue, by=by, reason=call.choice("state_reason", reasons, default="completed"))
    elif call.body.get("state") == "open":
        world.reopen(issue, by=by)
    return Reply(data=shapes.full_issue(call.view, issue))


def set_labels(call: Call, issue: Issue, names: list[str] | None, *, by: Account) -> None:
    """Makes these the labels of the issue; None leaves them as they are."""
    if names is None:
        return
    wanted = {name.lower() for name in names}
    for label in [each for each in issue.labels if each.name.lower() not in wanted]:
        call.world.unlabel(issue, label.name, by=by)
    call.world.label(issue, *names, by=by)


def add_assignees(call: Call) -> Answer:
    """Adds those who can be assigned; the others are passed over without a word."""
    issue = call.issue("write")
    call.require(issue.repo, "triage")
    wanted = call.accounts("assignees", resource="Issue")
    call.world.assign(issue, *[each for each in wanted if assignable(issue, each)], by=call.account())
    return Reply(status=201, data=shapes.full_issue(call.view, issue))


def remove_assignees(call: Call) -> Answer:
    issue = call.issue("write")
    call.require(issue.repo, "triage")
    call.world.unassign(issue, *call.accounts("assignees", resource="Issue"), by=call.account())
    return Reply(data=shapes.full_issue(call.view, issue))


def lock_issue(call: Call) -> Answer:
    issue = call.issue("write")
    call.require(issue.repo, "triage")
    call.world.lock(issue, by=call.account(), reason=call.text("lock_reason"))
    return NOTHING


def unlock_issue(call: Call) -> Answer:
    issue = call.issue("write")
    call.require(issue.repo, "triage")
    call.world.unlock(issue, by=call.account())
    return NOTHING


def list_events(call: Call) -> Answer:
    issue = call.issue()
    return Listing(items=issue.timeline, shape=lambda entry: shapes.happening(call.view, entry))


def list_repository_events(call: Call) -> Answer:
    """All that happened to the repository's issues and pull requests, newest first."""
    repo: Repo = call.repo("issues")
    found = [entry for entry in reversed(repo.happenings) if entry.thread.number in repo.threads]
    return Listing(items=found, shape=lambda entry: shapes.happening(call.view, entry, with_issue=True))


ISSUE = "/repos/{owner}/{repo}/issues/{issue_number}"

ROUTES = (
    Route(method="GET", path="/repos/{owner}/{repo}/issues", handler=list_issues),
    Route(method="POST", path="/repos/{owner}/{repo}/issues", handler=create_issue, creates=True),
    Route(method="GET", path="/repos/{owner}/{repo}/issues/events", handler=list_repository_events),
    Route(method="GET", path=ISSUE, handler=get_issue),
    Route(method="PATCH", path=ISSUE, handler=update_issue),
    Route(method="POST", path=f"{ISSUE}/assignees", handler=add_assignees),
    Route(method="DELETE", path=f"{ISSUE}/assignees", handler=remove_assignees),
    Route(method="PUT", path=f"{ISSUE}/lock", handler=lock_issue),
    Route(method="DELETE", path=f"{ISSUE}/lock", handler=unlock_issue),
    Route(method="GET", path=f"{ISSUE}/events", handler=list_events),
)
