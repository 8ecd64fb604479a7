"""One request, as the routes see it: what was asked, by whom, and may they.

A route begins by fetching what it is about (`call.repo()`, `call.issue("write")` …); these raise GitHub's refusal where
the caller may not see it (404), may not do it (403), where it has moved (301, 307) or is gone (410).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from bot.sandbox import refusal
from bot.sandbox.model import Account, App, Comment, Issue, Organization, PullRequest, Repo, ReviewComment, Role
from bot.sandbox.standing import at_least, role

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.sandbox.access import Actor
    from bot.sandbox.limits import Limits
    from bot.sandbox.shapes.view import Json, View
    from bot.sandbox.world import World

Level = Literal["read", "write"]
LEVELS = ("read", "write", "admin")
Wanted = TypeVar("Wanted")


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An answer: JSON, or text where `text` is given."""

    data: object = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str | None = None


NOTHING = Reply(status=204)


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A list to be given out in pages: only the things of one page are shaped.

    `key` is the field that holds them where the answer is an object (with `total_count`), as in a search.
    """

    items: Sequence[Any]
    shape: Callable[[Any], Json]
    key: str | None = None
    extra: Mapping[str, object] = field(default_factory=dict)


Answer = Reply | Listing


@dataclass(frozen=True, kw_only=True)
class Route:
    """One operation of the API. `path` is GitHub's template; `resource` says which rate limit it counts against."""

    method: str
    path: str
    handler: Callable[[Call], Answer]
    resource: Literal["core", "search", "graphql"] = "core"
    free: bool = False  # it costs nothing, as `GET /rate_limit`
    creates: bool = False  # it creates content, which the secondary limit counts


@dataclass(frozen=True, kw_only=True)
class Call:
    world: World
    actor: Actor
    view: View
    limits: Limits
    method: str
    path: str  # with the query, as it was asked for
    parts: Mapping[str, str]  # the named parts of the path
    query: Mapping[str, str]
    body: Mapping[str, Any]
    accept: str = ""

    # -- who

    def app(self) -> App:
        """The app that calls with its JWT. Raises RefusedError (401) for everybody else."""
        if self.actor.app is None:
            raise refusal.unauthenticated("A JSON web token could not be decoded")
        return self.actor.app

    def account(self) -> Account:
        """The account whose token it is. Raises RefusedError (401) for nobody and for an app's JWT."""
        if self.actor.account is None:
            raise refusal.bad_credentials() if self.actor.app else refusal.unauthenticated()
        return self.actor.account

    def seen_as(self, repo: Repo) -> Role:
        """What the caller may do in the repository."""
        if self.actor.installation is not None:
            return "read" if not self.actor.holds(repo) else "write" if self._granted("contents", "write") else "read"
        known = role(repo, self.actor.account) if self.actor.account else "none"
        return "read" if known == "none" and not repo.private else known

    # -- what

    def repo(self, permission: str = "metadata", level: Level = "read") -> Repo:
        """The repository of the path, if the caller may do something of this kind in it."""
        repo = self._named_repo()
        self.allow(repo, permission, level)
        return repo

    def issue(self, level: Level = "read") -> Issue:
        """The issue or pull request of the path. What an app needs depends on which of the two it is."""
        repo = self.repo()
        number = self.number("issue_number")
        thread = repo.threads.get(number)
        if not isinstance(thread, Issue):
            raise self._missing(repo, number)
        self.allow(repo, "pull_requests" if isinstance(thread, PullRequest) else "issues", level)
        return thread

    def pull(self, level: Level = "read") -> PullRequest:
        repo = self.repo("pull_requests", level)
        thread = repo.threads.get(self.number("pull_number"))
        if not isinstance(thread, PullRequest):
            raise refusal.not_found()
        return thread

    def comment(self, level: Level = "read") -> Comment:
        """The comment (on an issue or a pull request) of the path."""
        repo = self.repo()
        comment = repo.comments.get(self.number("comment_id"))
        if comment is None:
            raise refusal.not_found()
        self.allow(repo, "pull_requests" if isinstance(comment.thread, PullRequest) else "issues", level)
        return comment

    def review_comment(self, level: Level = "read") -> ReviewComment:
        """The comment on a line of a pull request that the path names."""
        comment = self.repo("pull_requests", level).review_comments.get(self.number("comment_id"))
        if comment is None:
            raise refusal.not_found()
        return comment

    def organization(self) -> Organization:
        found = self.world.find_account(self.parts["org"])
        if not isinstance(found, Organization):
            raise refusal.not_found()
        return found

    def number(self, part: str) -> int:
        """A number in the path. What is not one is not found."""
        text = self.parts[part]
        if not text.isdecimal():
            raise refusal.not_found()
        return int(text)

    def missing(self, message: str) -> refusal.RefusedError:
        """What GraphQL says about something that is not there, or that the caller may not see."""
        return refusal.RefusedError(404, message)

    # -- may they

    def allow(self, repo: Repo, permission: str, level: Level) -> None:
        """Raises RefusedError unless the caller may read or write things of this kind in the repository.

        Whatever is public may be read by everybody, an app without the permission included (docs.github.com:
        Permissions required for GitHub Apps). People's rights to write depend on the act: see `require`.
        """
        if self.actor.app is not None:
            raise refusal.bad_credentials()
        if self.actor.installation is not None:
            holds = self.actor.holds(repo)
            if not self.sees(repo):
                raise refusal.not_found()
            if (level == "write" or repo.private) and not (holds and self._granted(permission, level)):
                raise refusal.no_permission(permission, level)
            return
        if not self.sees(repo):
            raise refusal.not_found()
        if level == "write":
            self.account()

    def sees(self, repo: Repo) -> bool:
        """Whether the caller may know that the repository is there."""
        if not repo.private or self.actor.holds(repo):
            return True
        return self.actor.account is not None and role(repo, self.actor.account) != "none"

    def may_read_organization(self, organization: Organization) -> bool:
        """Whether the caller sees what only members (or an app with `members: read`) see."""
        if self.actor.installation is not None:
            return self.actor.installation.account is organization and self._granted("members", "read")
        return self.actor.account is not None and self.actor.account.id in organization.members

    def has_role(self, repo: Repo, need: Role) -> bool:
        """Whether a person has this role. An app that came so far has the permission, which is as good."""
        if self.actor.installation is not None:
            return True
        return self.actor.account is not None and at_least(role(repo, self.actor.account), need)

    def require(self, repo: Repo, need: Role) -> None:
        """Raises RefusedError (403) for a person without this role."""
        if not self.has_role(repo, need):
            raise refusal.forbidden("Must have admin rights to Repository.")

    # -- what they said

    def text(self, field_name: str) -> str | None:
        """A text of the body, None where it is absent or null. Raises RefusedError (422) for anything else."""
        value = self.body.get(field_name)
        if value is not None and not isinstance(value, str):
            raise refusal.unprocessable(
                f"Invalid request.\n\nFor 'properties/{field_name}', {value!r} is not a string."
            )
        return value

    def needed(self, field_name: str) -> str:
        """A text that must be there. Raises RefusedError (422) with GitHub's words."""
        value = self.text(field_name)
        if value is None:
            raise refusal.unprocessable(f'Invalid request.\n\n"{field_name}" wasn\'t supplied.')
        return value

    def choice(self, field_name: str, allowed: Sequence[Wanted], *, default: Wanted | None = None) -> Wanted:
        """A word of the body that must be one of these. Raises RefusedError (422)."""
        value = self.body.get(field_name)
        value = default if value is None else value
        if value not in allowed:
            words = ", ".join(map(str, allowed))
            raise refusal.unprocessable(f"Invalid request.\n\n{value!r} is not a member of [{words}].")
        return cast("Wanted", value)

    def accounts(self, field_name: str, *, resource: str) -> list[Account]:
        """The accounts that a list of logins names. Raises RefusedError (422) for a login that nobody has."""
        found = []
        for login in self.body.get(field_name) or ():
            account = self.world.find_account(str(login))
            if account is None:
                raise refusal.invalid(resource, field_name)
            found.append(account)
        return found

    # -- helpers of the above

    def _granted(self, permission: str, level: Level) -> bool:
        token = self.actor.token
        have = token.permissions.get(permission) if token else None
        return have is not None and LEVELS.index(have) >= LEVELS.index(level)

    def _named_repo(self) -> Repo:
        if "repository_id" in self.parts:
            repo = self.world.repos.get(self.number("repository_id"))
            if repo is None or repo.deleted:
                raise refusal.not_found()
            return repo
        name = f"{self.parts['owner']}/{self.parts['repo']}"
        repo = self.world.find_repo(name)
        if repo is not None:
            return repo
        repo = self.world.formerly(name)
        if repo is None:
            raise refusal.not_found()
        self.allow(repo, "metadata", "read")
        path, mark, query = self.path.partition("?")
        rest = "".join(f"/{part}" for part in path.split("/")[4:]) + mark + query
        raise refusal.moved(f"{self.view.api}/repositories/{repo.id}{rest}", method=self.method)

    def _missing(self, repo: Repo, number: int) -> refusal.RefusedError:
        """Why there is no issue of this number: it never was, it was deleted, or it lives elsewhere now."""
        if number not in repo.gone:
            return refusal.not_found()
        now = repo.gone[number]
        if now is None:
            return refusal.gone()
        try:
            self.allow(now.repo, "issues", "read")
        except refusal.RefusedError:
            return refusal.not_found()
        old = f"/issues/{number}"
        rest = self.path[self.path.index(old) + len(old) :]
        return refusal.moved(
            f"{self.view.api}/repositories/{now.repo.id}/issues/{now.number}{rest}", method=self.method
        )
