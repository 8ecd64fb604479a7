"""What is done to a thread besides writing: labels, assignments, and our own comments, changed or taken back.

For the writer alone. All of it may be done again without harm, so nothing has to be found after a crash.
"""

from typing import Any, Final, assert_never

from bot.effects import Assign, Label, MakeLabel, Retract, Revise
from bot.github.client import Client, Vars
from bot.github.errors import CallFailed, Drop
from bot.github.written import Done
from bot.model import InstallationId, Thread, ThreadKind

Change = Revise | Retract | Label | Assign | MakeLabel

_ISSUE: Final = "/repos/{owner}/{repo}/issues/{number}"
_COMMENT: Final = "/repos/{owner}/{repo}/issues/comments/{comment}"
_LABELS: Final = "/repos/{owner}/{repo}/labels"
_UPDATE: Final = """
mutation UpdateDiscussionComment($comment: ID!, $body: String!) {
  updateDiscussionComment(input: {commentId: $comment, body: $body}) {
    comment { databaseId url }
  }
}
"""
_DELETE: Final = """
mutation DeleteDiscussionComment($comment: ID!) {
  deleteDiscussionComment(input: {id: $comment}) {
    comment { databaseId }
  }
}
"""


async def carry_out(client: Client, change: Change, thread: Thread, installation: InstallationId, body: str) -> Done:
    """`body` is what a comment says now, or a label's description. Raises CallFailed."""
    place: Vars = {"owner": thread.repo.owner, "repo": thread.repo.name, "number": thread.ref.number}
    match change:
        case Revise():
            return await _revise(client, change, thread, installation, body, place)
        case Retract():
            return await _retract(client, change, thread, installation, place)
        case Label():
            await _add_labels(client, change, installation, place)
            for name in change.remove:
                path = f"{_ISSUE}/labels/{{name}}"
                await _unless_gone(client, installation, "DELETE", path, {**place, "name": name})
        case Assign():
            method, who = "POST" if change.assigned else "DELETE", {"assignees": [change.to.login]}
            await client.call(installation, method, f"{_ISSUE}/assignees", place, who)
        case MakeLabel():
            await _make_label(client, change, installation, body, place)
        case _:
            assert_never(change)
    return Done(0, "")


async def _revise(
    client: Client, change: Revise, thread: Thread, installation: InstallationId, body: str, place: Vars
) -> Done:
    if thread.kind is ThreadKind.DISCUSSION:
        data = await client.graphql(installation, _UPDATE, comment=change.node_id, body=body)
        made: dict[str, Any] = data["updateDiscussionComment"]["comment"]
        return Done(made["databaseId"], made["url"])
    where: Vars = {**place, "comment": change.comment_id}
    try:
        made = await client.call(installation, "PATCH", _COMMENT, where, {"body": body})
    except CallFailed as failed:
        if failed.status != 404:
            raise
        raise CallFailed(Drop("somebody has deleted the comment"), 404) from None
    return Done(made["id"], made["html_url"])


async def _retract(client: Client, change: Retract, thread: Thread, installation: InstallationId, place: Vars) -> Done:
    if thread.kind is ThreadKind.DISCUSSION:
        await client.graphql(installation, _DELETE, comment=change.node_id)
    else:
        await _unless_gone(client, installation, "DELETE", _COMMENT, {**place, "comment": change.comment_id})
    return Done(change.comment_id, "")


async def _add_labels(client: Client, change: Label, installation: InstallationId, place: Vars) -> None:
    """GitHub would make a label that the repository does not have, so it is asked for each first."""
    for name in change.add:
        if not await _has_label(client, installation, place, name):
            raise CallFailed(Drop(f"the repository has no label {name}"))
    if change.add:
        await client.call(installation, "POST", f"{_ISSUE}/labels", place, {"labels": list(change.add)})


async def _make_label(
    client: Client, change: MakeLabel, installation: InstallationId, description: str, place: Vars
) -> None:
    """If there is one of this name it stays as it is."""
    label = {"name": change.name, "color": change.color, "description": description}
    try:
        await client.call(installation, "POST", _LABELS, place, label)
    except CallFailed as failed:
        if failed.status != 422 or not await _has_label(client, installation, place, change.name):
            raise


async def _has_label(client: Client, installation: InstallationId, place: Vars, name: str) -> bool:
    try:
        await client.call(installation, "GET", f"{_LABELS}/{{name}}", {**place, "name": name})
    except CallFailed as failed:
        if failed.status != 404:
            raise
        return False
    return True


async def _unless_gone(client: Client, installation: InstallationId, method: str, path: str, where: Vars) -> None:
    try:
        await client.call(installation, method, path, where)
    except CallFailed as failed:
        if failed.status != 404:
            raise
