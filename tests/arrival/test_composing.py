"""What is said on arrival, as a reader sees it: warm, short, mentions nobody, and the file can be taken out of it."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt
from sqlalchemy import Connection

from bot import policyfile, words
from bot.arrival import composing as arrival
from bot.arrival.found import Found, LabelUse
from bot.arrival.proposal import Proposal, propose
from bot.inforce import InForce
from bot.legacy import Legacy
from bot.memory.inventory import inventory
from bot.model import OwnerId, Repo, RepoId
from bot.policy import FEATURES
from bot.preview import page, preview
from tests.memory.conftest import build_village, opened, tell

HOME: Final = Repo(RepoId(10), OwnerId(1), "alpine-tools", ".github", default_branch="trunk/a b")
FOUND: Final = Found(
    "alpine-tools",
    labels=(LabelUse("@ada's {{ label }}", "maps", open=1), LabelUse("E-easy", "maps", open=2)),
    legacy=Legacy("config.yml", {"welcome-issue": "Hello @ada!\n\n````\nfour\n</details>\n````\n\nBye."}),
)
PROPOSAL: Final = propose(FOUND)
PREVIEW: Final = "| who | where |\n|---|---|\n| `ada` | [maps#5](https://github.com/alpine-tools/maps/issues/5) |"
DOCUMENTATION: Final = "https://example.org/the_docs/"
MOST_WORDS: Final = 280  # without the file and the preview
LANGUAGES: Final = pytest.mark.parametrize("language", words.languages())
FORMS: Final = pytest.mark.parametrize("as_pull_request", [False, True], ids=["issue", "pull-request"])


def composed(proposal: Proposal = PROPOSAL, **other: Any) -> tuple[str, str]:
    values: dict[str, Any] = {
        "language": "en", "organisation": "alpine-tools", "home": HOME, "preview_markdown": PREVIEW, "days": 30,
        "documentation": DOCUMENTATION,
    }  # fmt: skip
    return arrival.compose(proposal, **values | other)


def links(body: str) -> list[str]:
    blocks = MarkdownIt("commonmark").enable("table").parse(body)
    return [str(piece.attrs["href"]) for block in blocks for piece in block.children or () if piece.type == "link_open"]


@LANGUAGES
@FORMS
def test_it_is_short_and_says_all_that_it_must(language: str, as_pull_request: bool) -> None:
    title, body = composed(language=language, as_pull_request=as_pull_request)
    assert "\n" not in title
    assert len(title) <= 80
    assert "Switchback" in title
    own = re.sub(r"(?s)`````yaml.*?`````", "…", body).replace(PREVIEW, "…")
    assert len(own.split()) <= MOST_WORDS
    for needed in (".github/switchback.yml", "alpine-tools", "`shadow`", "`switchback: off`", "`python -m bot check`"):
        assert needed in own
    assert all(f"`{feature}.mode`" in own for feature in FEATURES)
    assert "bot" in own.split("<sub>")[1]
    assert DOCUMENTATION in links(body)
    assert "30" in own
    assert not re.search(r"[ \t]\n|\n{3,}|\bNone\b|\ue000|\{\{", own)


@LANGUAGES
@FORMS
def test_nobody_is_mentioned(language: str, as_pull_request: bool) -> None:
    _, body = composed(language=language, as_pull_request=as_pull_request)
    assert "@" not in re.sub(r"(?s)`````yaml.*?`````", "", body)


@LANGUAGES
def test_the_file_stands_there_as_it_is(language: str) -> None:
    _, body = composed(language=language)
    [block] = [each for each in MarkdownIt("commonmark").parse(body) if each.type == "fence"]
    assert block.content == PROPOSAL.text
    assert policyfile.laid_over([policyfile.parse("switchback.yml", block.content.encode())]).messages
    assert body.count("<details>") == 1


@LANGUAGES
@FORMS
def test_the_preview_stands_there_as_it_is_if_there_is_one(language: str, as_pull_request: bool) -> None:
    _, body = composed(language=language, as_pull_request=as_pull_request)
    assert f"\n\n{PREVIEW}\n\n###" in body
    _, without = composed(language=language, as_pull_request=as_pull_request, preview_markdown=" \n")
    assert without.count("###") == body.count("###") - 1


def test_a_preview_that_does_not_fit_is_left_out() -> None:
    _, body = composed(preview_markdown="x" * 60_000)
    assert len(body) < 10_000
    assert PROPOSAL.text.rstrip() in body


@LANGUAGES
def test_the_page_for_the_new_file_is_a_click_away(language: str) -> None:
    _, body = composed(language=language)
    page = "https://github.com/alpine-tools/.github/new/trunk/a%20b?filename=.github/switchback.yml"
    [link] = [link for link in links(body) if link.startswith(page)]
    assert unquote(link.partition("&value=")[2]) == PROPOSAL.text
    elsewhere = replace(HOME, url="https://github.example/alpine-tools/.github")
    assert any(link.startswith("https://github.example/") for link in links(composed(home=elsewhere)[1]))


@LANGUAGES
def test_where_it_speaks_already_it_does_not_say_that_it_is_silent(language: str) -> None:
    assert composed(language=language, live=True)[0] != composed(language=language)[0]
    assert composed(language=language, live=True)[1] != composed(language=language)[1]


def test_from_what_memory_knows_to_what_is_said(tmp_path: Path) -> None:
    village = build_village()
    village.later(days=1)
    village.world.open_issue(village.maps, by=village.ada, title="How?", labels=["bug"])
    village.later(days=1)
    owner_id = OwnerId(village.organisation.id)

    def look(db: Connection) -> tuple[str, str]:
        tell(db, village.deliveries)
        has = inventory(db, owner_id, village.clock())
        proposal = propose(Found("alpine-tools", labels=has.labels, greeters=has.greeters))
        policies = InForce().candidate_of(owner_id, policyfile.parse("proposal", proposal.text.encode()))
        seen = preview(db, owner_id, policies, village.clock(), since=timedelta(days=30), repos=None, seen_from=None)
        return composed(proposal, preview_markdown=page.summary(seen, "en", linked=False))

    with opened(f"sqlite:///{tmp_path}/memory.db") as store:
        _, body = store.write_now(look)
    assert "this configuration would have posted 1 comment" in body
    assert "to `ada`" in body
    assert links(body) == [link for link in links(body) if "/issues/" not in link]


def test_words_for_an_unknown_language_are_missing() -> None:
    with pytest.raises(words.WordsError):
        composed(language="tlh")
