"""The rules that hold for everybody, whoever asks and however."""

from bot.sandbox import refusal
from bot.sandbox.model import Account, Discussion, Issue, PullRequest, Repo, Thread
from bot.sandbox.standing import at_least, role


def may_write_to(repo: Repo) -> None:
    """Raises RefusedError where nothing can be changed any more."""
    if repo.deleted:
        raise refusal.not_found()
    if repo.archived:
        raise refusal.archived()


def is_blocked(by: Account, *, repo: Repo, author: Account | None) -> bool:
    return by.id in repo.owner.blocked or (author is not None and by.id in author.blocked)


def not_blocked(by: Account, *, resource: str, repo: Repo, author: Account | None = None) -> None:
    """Raises RefusedError where the owner of the repository, or the author of the thread, has blocked the account."""
    if is_blocked(by, repo=repo, author=author):
        raise refusal.blocked(resource)


def not_locked(thread: Thread, by: Account) -> None:
    """Raises RefusedError in a locked thread for everybody but people who may write to the repository."""
    if thread.locked and not at_least(role(thread.repo, by), "write"):
        raise refusal.locked()


def fits(text: str, *, resource: str) -> None:
    """Raises RefusedError for a text of more than 65,536 characters."""
    if len(text) > refusal.LONGEST_TEXT:
        message = f"Body is too long (maximum is {refusal.LONGEST_TEXT} characters)"
        raise refusal.invalid(resource, "data", code="unprocessable", message=message)


def has_title(title: str, *, resource: str) -> None:
    """Raises RefusedError for a title that is missing or longer than 256 characters."""
    if not title.strip():
        raise refusal.invalid(resource, "title", code="missing_field")
    if len(title) > 256:
        message = "title is too long (maximum is 256 characters)"
        raise refusal.invalid(resource, "title", code="custom", message=message)


def may_comment(thread: Thread, body: str, by: Account) -> None:
    """Raises RefusedError where GitHub would not take this comment: from anybody, or from this account."""
    resource = "DiscussionComment" if isinstance(thread, Discussion) else "IssueComment"
    may_write_to(thread.repo)
    if isinstance(thread, Issue) and thread.converting:
        raise refusal.locked()
    not_locked(thread, by)
    if not body.strip():
        raise refusal.invalid(resource, "data", code="unprocessable", message="Body cannot be blank")
    fits(body, resource=resource)
    not_blocked(by, resource=resource, repo=thread.repo, author=thread.author)


def resource_of(thread: Thread) -> str:
    """The name that GitHub's error messages give this kind of thread."""
    if isinstance(thread, Discussion):
        return "Discussion"
    return "PullRequest" if isinstance(thread, PullRequest) else "Issue"
