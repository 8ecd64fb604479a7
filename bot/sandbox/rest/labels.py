"""Labels: those of a repository, and those on an issue."""

from bot.sandbox import refusal
from bot.sandbox.call import NOTHING, Answer, Call, Listing, Reply, Route
from bot.sandbox.model import Issue, Label
from bot.sandbox.rest.issues import names_of, set_labels
from bot.sandbox.shapes.repos import label as shape


def list_labels(call: Call) -> Answer:
    repo = call.repo("issues")
    return Listing(items=list(repo.labels.values()), shape=lambda label: shape(call.view, repo, label))


def _label(call: Call) -> Label:
    label = call.repo("issues").labels.get(call.parts["name"].lower())
    if label is None:
        raise refusal.not_found()
    return label


def get_label(call: Call) -> Answer:
    return Reply(data=shape(call.view, call.repo("issues"), _label(call)))


def create_label(call: Call) -> Answer:
    repo = call.repo("issues", "write")
    call.require(repo, "write")
    color = call.text("color") or "ededed"
    label = call.world.create_label(
        repo, call.needed("name"), by=call.account(), color=color.lstrip("#"), description=call.text("description")
    )
    return Reply(status=201, data=shape(call.view, repo, label))


def update_label(call: Call) -> Answer:
    repo = call.repo("issues", "write")
    call.require(repo, "write")
    label = _label(call)
    call.world.edit_label(
        repo,
        label,
        by=call.account(),
        name=call.text("new_name"),
        color=call.text("color"),
        description=call.text("description"),
    )
    return Reply(data=shape(call.view, repo, label))


def delete_label(call: Call) -> Answer:
    repo = call.repo("issues", "write")
    call.require(repo, "write")
    call.world.delete_label(repo, _label(call), by=call.account())
    return NOTHING


def _labels_on(call: Call, issue: Issue) -> Answer:
    return Reply(data=[shape(call.view, issue.repo, label) for label in issue.labels])


def list_labels_on_issue(call: Call) -> Answer:
    issue = call.issue()
    return Listing(items=issue.labels, shape=lambda label: shape(call.view, issue.repo, label))


def _issue_to_label(call: Call) -> Issue:
    issue = call.issue("write")
    call.require(issue.repo, "triage")
    return issue


def add_labels(call: Call) -> Answer:
    """What the repository does not know yet is made, in grey."""
    issue = _issue_to_label(call)
    names = names_of(call)
    if not names:
        raise refusal.unprocessable('Invalid request.\n\n"labels" wasn\'t supplied.')
    call.world.label(issue, *names, by=call.account())
    return _labels_on(call, issue)


def replace_labels(call: Call) -> Answer:
    issue = _issue_to_label(call)
    set_labels(call, issue, names_of(call) or [], by=call.account())
    return _labels_on(call, issue)


def remove_label(call: Call) -> Answer:
    issue = _issue_to_label(call)
    call.world.unlabel(issue, call.parts["name"], by=call.account())
    return _labels_on(call, issue)


def remove_all_labels(call: Call) -> Answer:
    set_labels(call, _issue_to_label(call), [], by=call.account())
    return NOTHING


LABELS = "/repos/{owner}/{repo}/labels"
ON_ISSUE = "/repos/{owner}/{repo}/issues/{issue_number}/labels"

ROUTES = (
    Route(method="GET", path=LABELS, handler=list_labels),
    Route(method="POST", path=LABELS, handler=create_label),
    Route(method="GET", path=f"{LABELS}/{{name}}", handler=get_label),
    Route(method="PATCH", path=f"{LABELS}/{{name}}", handler=update_label),
    Route(method="DELETE", path=f"{LABELS}/{{name}}", handler=delete_label),
    Route(method="GET", path=ON_ISSUE, handler=list_labels_on_issue),
    Route(method="POST", path=ON_ISSUE, handler=add_labels),
    Route(method="PUT", path=ON_ISSUE, handler=replace_labels),
    Route(method="DELETE", path=ON_ISSUE, handler=remove_all_labels),
    Route(method="DELETE", path=f"{ON_ISSUE}/{{name}}", handler=remove_label),
)
