"""From where one looks: the two addresses that urls begin with, and the world for what follows from other things."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bot.sandbox.model import Discussion

if TYPE_CHECKING:
    from bot.sandbox.model import Account, Repo, Thread
    from bot.sandbox.state import State

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class View:
    """`api` and `html` have no slash at the end. On REST `api` is the host that the client called."""

    world: State
    api: str
    html: str
    _unsolved: dict[int, int] = field(default_factory=dict)  # counted so far, by repository id

    def unsolved(self, repo: Repo) -> int:
        """How many issues and pull requests are open there; counted once, since a view lives for one answer."""
        if repo.id not in self._unsolved:
            threads = repo.threads.values()
            self._unsolved[repo.id] = sum(each.open for each in threads if not isinstance(each, Discussion))
        return self._unsolved[repo.id]

    def user_api(self, account: Account) -> str:
        return f"{self.api}/users/{quote(account.login)}"

    def user_html(self, account: Account) -> str:
        if account.type == "Bot":
            return f"{self.html}/apps/{account.login.removesuffix('[bot]')}"
        return f"{self.html}/{account.login}"

    def repo_api(self, repo: Repo) -> str:
        return f"{self.api}/repos/{repo.full_name}"

    def repo_html(self, repo: Repo) -> str:
        return f"{self.html}/{repo.full_name}"

    def issue_api(self, thread: Thread) -> str:
        return f"{self.repo_api(thread.repo)}/issues/{thread.number}"
