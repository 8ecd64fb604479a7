"""What Switchback says when it has been installed: what it is, what it proposes, and how it is switched on.

It is said once, in an issue of the organisation's repository `.github`, or in a pull request there that adds the file.
"""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from bot import words
from bot.arrival.proposal import Proposal
from bot.memory.configs import PATH
from bot.model import Repo
from bot.policy import FEATURES

_LONGEST: Final = 60_000  # characters; GitHub takes 65,536
_LONGEST_URL: Final = 6000  # characters
_BLOCK: Final = re.compile("\ue000([a-z]+)\ue000")  # where ready Markdown is to stand: documents escape their values


def compose(
    proposal: Proposal,
    *,
    language: str,
    organisation: str,
    home: Repo,
    preview_markdown: str,
    days: int,
    documentation: str | None = None,
    live: bool = False,
    as_pull_request: bool = False,
) -> tuple[str, str]:
    """Title and body, for the repository `home`. Raises WordsError.

    `preview_markdown` is put in as it is, and left out if there is none or it does not fit; it should not link to
    threads, since GitHub would tell of it in each of them. `days` is how far it looks back. `documentation` is an
    address, if there is one. `live`: the features speak already. `as_pull_request`: of the file itself.
    """
    name = "arrival-pull-request" if as_pull_request else "arrival"
    blocks = {"file": _code(proposal.text), "preview": preview_markdown.strip()}
    values: dict[str, words.Shown] = {
        "organisation": organisation,
        "live": live,
        "days": days,
        "features": list(FEATURES),
        "documentation": documentation,
        "file": _place("file"),
        "new_file_url": _new_file_url(home),
        "new_file_url_filled": _filled_in(home, proposal.text),
    }
    title = words.document("arrival-title", language, {"live": live})
    with_preview = {"preview": _place("preview") if blocks["preview"] else None}
    body = _filled(words.document(name, language, values | with_preview), blocks)
    if len(body) > _LONGEST:
        body = _filled(words.document(name, language, values | {"preview": None}), blocks)
    return title, body


def _new_file_url(home: Repo) -> str:
    """GitHub's page for a new file, with the name of ours in it (docs.github.com: Creating new files)."""
    page = home.url or f"https://github.com/{home.full_name}"
    return f"{page}/new/{quote(home.default_branch or 'main')}?filename={PATH}"


def _filled_in(home: Repo, text: str) -> str | None:
    """The same page with the proposal in it, if that makes an address that browsers and GitHub take."""
    url = f"{_new_file_url(home)}&value={quote(text, safe='')}"
    return url if len(url) <= _LONGEST_URL else None


def _code(text: str) -> str:
    """A block of code, whatever is in it."""
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", text))])
    return f"{fence}yaml\n{text.rstrip()}\n{fence}"


def _place(name: str) -> str:
    return f"\ue000{name}\ue000"


def _filled(text: str, blocks: Mapping[str, str]) -> str:
    return _BLOCK.sub(lambda found: blocks.get(found[1], ""), text)
