"""How GitHub says no: the refusals that acts raise and that the server turns into answers."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

DOCS = "https://docs.github.com/rest"
LOCKING = "https://docs.github.com/articles/locking-conversations/"
LONGEST_TEXT = 65_536  # characters, of a body or a comment

Problem = str | dict[str, str | int | None]


class RefusedError(Exception):
    """GitHub refused the act."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        errors: Sequence[Problem] | None = None,
        docs: str = DOCS,
        headers: Mapping[str, str] | None = None,
        url: str | None = None,
        kind: str | None = None,
    ) -> None:
        super().__init__(f"{status} {message} {list(errors) if errors else ''}".strip())
        self.status = status
        self.message = message
        self.errors = errors
        self.docs = docs
        self.headers = dict(headers or {})
        self.url = url
        self.kind = kind  # what GraphQL calls it, where that does not follow from the status

    def body(self) -> dict[str, object]:
        """The JSON object that GitHub answers with."""
        answer: dict[str, object] = {"message": self.message}
        if self.errors is not None:
            answer["errors"] = list(self.errors)
        if self.url is not None:
            answer["url"] = self.url
        return answer | {"documentation_url": self.docs, "status": str(int(self.status))}


def not_found() -> RefusedError:
    return RefusedError(HTTPStatus.NOT_FOUND, "Not Found")


def moved(location: str, *, method: str) -> RefusedError:
    """GitHub's answer about a thing that has another address now.

    301 for reads and 307 for writes, both saying "Moved Permanently" (docs.github.com: Follow redirects; seen in
    18F/charlie#85 and mislav/hub#1178).
    """
    status = HTTPStatus.MOVED_PERMANENTLY if method in ("GET", "HEAD") else HTTPStatus.TEMPORARY_REDIRECT
    docs = "https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects"
    return RefusedError(status, "Moved Permanently", docs=docs, headers={"Location": location}, url=location)


def unauthenticated(message: str = "Requires authentication") -> RefusedError:
    return RefusedError(HTTPStatus.UNAUTHORIZED, message)


def bad_credentials() -> RefusedError:
    return RefusedError(HTTPStatus.UNAUTHORIZED, "Bad credentials")


def forbidden(message: str, *, docs: str = DOCS) -> RefusedError:
    return RefusedError(HTTPStatus.FORBIDDEN, message, docs=docs)


def no_permission(permission: str, level: str) -> RefusedError:
    """An app that lacks a permission; the header names what would have been enough."""
    return RefusedError(
        HTTPStatus.FORBIDDEN,
        "Resource not accessible by integration",
        headers={"X-Accepted-GitHub-Permissions": f"{permission}={level}"},
    )


def archived() -> RefusedError:
    return forbidden("Repository was archived so is read-only.")


def locked() -> RefusedError:
    """A locked conversation: only people with write access get through, an app does not, whatever its permissions.

    Seen in probot/stale#25, renovatebot/renovate#6215 and open-telemetry/opentelemetry-dotnet#6554.
    """
    return forbidden("Unable to create comment because issue is locked.", docs=LOCKING)


def gone(message: str = "This issue was deleted") -> RefusedError:
    return RefusedError(HTTPStatus.GONE, message)


def invalid(resource: str, field: str, *, code: str = "invalid", message: str | None = None) -> RefusedError:
    """422 with one problem. `code` is missing, missing_field, invalid, already_exists, unprocessable or custom."""
    problem: dict[str, str | int | None] = {"resource": resource, "code": code, "field": field}
    if message is not None:
        problem["message"] = message
    return RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY, "Validation Failed", errors=[problem])


def review_refused(problem: str, *, message: str = "Unprocessable Entity") -> RefusedError:
    """422 as reviews have it, where the errors are just sentences (openshift/ci-operator#136)."""
    return RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY, message, errors=[problem])


def unprocessable(message: str) -> RefusedError:
    return RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY, message)


def blocked(resource: str) -> RefusedError:
    """The author of the thread, or the organisation, has blocked the account (seen in odoo/runbot#127)."""
    return invalid(resource, "data", code="unprocessable", message="User is blocked")
