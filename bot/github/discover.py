"""Looks around in an organisation for what people are sent to: guides in its repositories, and links in its read-mes.

It is done once, when the app has been installed, and costs a few calls: what a folder does not hold is not asked for.
"""

import base64
import binascii
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from bot.arrival import guides
from bot.arrival.found import Guide, Kind
from bot.github.client import Client, Json, Vars
from bot.github.errors import CallFailed, RetryAt
from bot.model import InstallationId, Repo

MOST_REPOS: Final = 5  # besides the organisation's own
MOST_CALLS: Final = 25
_FOLDERS: Final = (".github", "docs")
_PROFILE: Final = "profile"  # what it holds, in the repository .github, is shown on the organisation's page
_READ_SO_FAR: Final = 100 * 1024  # bytes of a text
_PATH: Final = "/repos/{owner}/{repo}/contents/{+path}"


class Discoverer:
    def __init__(self, client: Client) -> None:
        self._client = client

    async def guides(self, installation: InstallationId, home: Repo | None, repos: Sequence[Repo]) -> tuple[Guide, ...]:
        """What is found in the organisation's repository `.github` (None: there is none), and in the first few of the
        others, the most active first. Private ones are left out: what is found may be told in public.

        At most MOST_CALLS calls. What we may not see is not there; raises CallFailed for everything else.
        """
        others = [repo for repo in repos if not repo.private and (home is None or repo.id != home.id)][:MOST_REPOS]
        walk = _Walk(self._client, installation)
        found: list[Guide] = []
        for repo in ([home] if home and not home.private else []) + others:
            found += await walk.through(repo, profile=repo is home)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class _Entry:
    path: str
    is_folder: bool

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2].casefold()


class _Walk:
    """One way through the repositories, which ends where the calls do."""

    def __init__(self, client: Client, installation: InstallationId) -> None:
        self._client = client
        self._installation = installation
        self._left = MOST_CALLS

    async def through(self, repo: Repo, *, profile: bool) -> list[Guide]:
        root = await self._folder(repo, "")
        entries = [entry for entry in root if not entry.is_folder]
        readme = [entry for entry in entries if _is_readme(entry)][:1]
        for folder in root:
            if folder.is_folder and folder.name in (*_FOLDERS, *([_PROFILE] if profile else [])):
                within = [entry for entry in await self._folder(repo, folder.path) if not entry.is_folder]
                if folder.name == _PROFILE:
                    readme = [entry for entry in within if _is_readme(entry)][:1] or readme
                else:
                    entries += within
        found = list(_files(repo, entries))
        for entry in readme:
            found += _links(repo, entry.path, await self._text(repo, entry.path))
        return found

    async def _folder(self, repo: Repo, path: str) -> list[_Entry]:
        listed = await self._content(repo, path)
        if not isinstance(listed, list):
            return []
        return [_Entry(one["path"], is_folder=one["type"] == "dir") for one in listed if one["type"] in {"dir", "file"}]

    async def _text(self, repo: Repo, path: str) -> str:
        """The beginning of a file; of very large ones GitHub does not send the text along."""
        got = await self._content(repo, path)
        if not isinstance(got, dict) or got.get("encoding") != "base64":
            return ""
        try:
            return base64.b64decode(got["content"])[:_READ_SO_FAR].decode(errors="replace")
        except binascii.Error:
            return ""

    async def _content(self, repo: Repo, path: str) -> Json:
        if not self._left:
            return None
        self._left -= 1
        values: Vars = {"owner": repo.owner, "repo": repo.name, "path": path}
        try:
            return await self._client.call(self._installation, "GET", _PATH, values)
        except CallFailed as failed:
            if failed.status in {403, 404} and not _slows_down(failed):
                return None
            raise


def _files(repo: Repo, entries: Sequence[_Entry]) -> Iterator[Guide]:
    """The guides among these files. The first of a kind counts: GitHub's own places come first."""
    seen: set[Kind] = set()
    for entry in entries:
        kind = guides.of_file(entry.path)
        if kind is not None and kind not in seen:
            seen.add(kind)
            url = f"{_page(repo)}/blob/HEAD/{quote(entry.path)}"
            yield Guide(kind, url, f"{repo.full_name}: {entry.path}", is_file=True)


def _links(repo: Repo, path: str, text: str) -> Iterator[Guide]:
    for kind, url in guides.in_text(text):
        yield Guide(kind, url, f"{repo.full_name}: {path}")


def _is_readme(entry: _Entry) -> bool:
    return entry.name == "readme" or entry.name.startswith("readme.")


def _page(repo: Repo) -> str:
    return repo.url or f"https://github.com/{repo.full_name}"


def _slows_down(failed: CallFailed) -> bool:
    return isinstance(failed.failure, RetryAt) and failed.failure.slow_down
