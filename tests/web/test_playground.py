"""The playground as a visitor meets it: `python -m bot play` as a program of its own, and its page."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Final
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import urlopen

import pytest

import bot
from bot import policyfile, shipped
from bot.playing import DATABASE, CannotPlay, play
from bot.sandbox.sample import sample
from bot.settings import Serving

ROOT: Final = Path(bot.__file__).parent.parent
README: Final = (ROOT / "README.md").read_text("utf-8")
ENVIRONMENT: Final = {"PATH": os.defpath, "PYTHONPATH": str(ROOT), "PORT": "0", "LOG_LEVEL": "error"}
COMMAND: Final = [sys.executable, "-m", "bot", "play"]
IN_EARNEST: Final = 60  # seconds of real time, after which a program hangs


@dataclass(frozen=True)
class Page:
    """What a visitor sees: `text` is the page without its tags, `thread` and `form` the parts one looks at."""

    status: int
    html: str
    query: dict[str, list[str]]

    @property
    def text(self) -> str:
        return seen(self.html)

    @property
    def thread(self) -> str:
        found = re.search(r'<section class="thread".*?</section>', self.html, re.DOTALL)
        return seen(found[0]) if found else ""

    def chosen(self) -> list[str]:
        """The options that are selected in the form."""
        return [unescape(text) for text in re.findall(r"<option[^>]* selected>([^<]*)", self.html)]


def seen(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


@dataclass(frozen=True)
class Visit:
    """A running playground, and the directory that it was started in."""

    url: str
    folder: Path

    def page(self, path: str = "/", **form: str) -> Page:
        data = urlencode(form).encode() if form else None
        try:
            with urlopen(f"{self.url}{path}", data, timeout=IN_EARNEST) as answer:  # noqa: S310 (our own)
                return Page(answer.status, answer.read().decode(), parse_qs(urlsplit(answer.url).query))
        except HTTPError as error:
            with error:
                return Page(error.code, error.read().decode(), {})

    def open(self, kind: str = "problem", *, who: str = "newcomer", repo: str = "trail-maps", **texts: str) -> Page:
        return self.page("/play/open", who=who, kind=kind, repo=repo, **texts)

    def act(self, page: Page, act: str) -> Page:
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.html))
        return self.page("/play/act", act=act, **hidden)


@contextmanager
def playing(folder: Path, *args: str) -> Iterator[Visit]:
    with subprocess.Popen([*COMMAND, *args], cwd=folder, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url = next(line.split()[-1] for line in process.stdout if line.startswith("Switchback is at "))
            yield Visit(url, folder)
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(IN_EARNEST) == 0


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    with playing(tmp_path_factory.mktemp("play")) as visit:
        while not past_is_read(visit.folder):  # until then newcomers have to be searched for
            time.sleep(0.05)
        visit.open(who="member")  # the first step takes the calls of the start
        yield visit


def past_is_read(folder: Path) -> bool:
    with closing(sqlite3.connect(folder / "switchback-play.db")) as db:
        read_at = [at for (at,) in db.execute("SELECT past_read_at FROM owners")]
    return bool(read_at) and None not in read_at


def refused(folder: Path) -> str:
    """The one line in which a playground says why it does not start there."""
    done = subprocess.run(COMMAND, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=IN_EARNEST)
    assert (done.returncode, done.stdout) == (1, "")
    [line] = done.stderr.splitlines()
    return line


def test_a_newcomer_is_welcomed_on_the_page_that_comes_back(visit: Visit) -> None:
    page = visit.open()
    assert "Welcome, @" in page.thread
    assert "thank you for taking the time to report this problem" in page.thread
    assert "The rule welcome (a comment, done): first issue of " in page.thread


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("problem", "to report this problem"), ("question", "It is good that you ask"), ("wish", "sharing this idea"),
        ("code", "thank you for this change"), ("docs", "improving the documentation"), ("talk", "this discussion"),
        ("draft", "stays silent"),
    ],
)  # fmt: skip
def test_the_choice_decides_the_answer_whatever_the_title(kind: str, says: str, visit: Visit) -> None:
    assert says in visit.open(kind, title="Hello").thread


@pytest.mark.parametrize("who", ["returning", "member", "bot"])
def test_others_are_left_alone_and_the_page_says_why(who: str, visit: Visit) -> None:
    page = visit.open(who=who)
    assert "stays silent" in page.thread
    assert "I am a bot" not in page.thread


def test_the_page_shows_all_that_a_step_leads_to(visit: Visit) -> None:
    both = visit.open(body="/no-bot off").thread
    assert "👍" in both
    assert "It waits for triage by the team since" in both
    assert "Welcome, @" in both
    merged = visit.act(visit.open("code"), "merge").thread
    assert merged.startswith("Draw contour lines alpine-tools/trail-maps#")
    assert "Congratulations, " in merged


def test_the_calls_are_told_with_the_thread_of_the_last_step_and_with_no_other(visit: Visit) -> None:
    first = visit.open()
    assert "1 call to GitHub for your last step" in first.thread
    second = visit.open(who="member")
    assert "0 calls to GitHub for your last step" in second.thread
    again = visit.page(f"/?thread={first.query['thread'][0]}")
    assert "Welcome, @" in again.thread
    assert "your last step" not in again.thread


def test_the_form_keeps_its_choices(visit: Visit) -> None:
    opened = visit.open("wish", repo="handbook")
    newcomer = opened.chosen()[0]
    assert newcomer.endswith(" again")
    assert opened.chosen() == [newcomer, "a wish (issue)", "handbook"]
    assert visit.act(opened, "close").chosen() == opened.chosen()


def test_what_github_would_refuse_is_told_and_nothing_is_lost(visit: Visit) -> None:
    title, body = "x" * 300, '</textarea> "as it was"'
    page = visit.open("question", title=title, body=body)
    assert page.status == 422
    assert "GitHub would refuse this: title is too long (maximum is 256 characters)." in page.text
    assert page.chosen() == ["a newcomer", "a question (issue)", "trail-maps"]
    assert f'value="{title}"' in page.html
    assert body in unescape(re.findall(r"<textarea[^>]*>(.*?)</textarea>", page.html, re.DOTALL)[0])


def test_an_act_that_does_not_fit_is_told_beside_the_thread(visit: Visit) -> None:
    page = visit.act(visit.open(title="Hello"), "merge")
    assert page.status == 422
    assert "merge does not go with Hello." in page.text
    assert page.thread.startswith("Hello ")


@pytest.mark.parametrize("name", ["trail-maps/" + "9" * 5000, "trail-maps/0", "trail-maps/²", "nowhere/1", "x"])
def test_an_unknown_thread_is_not_found(name: str, visit: Visit) -> None:
    page = visit.page(f"/?{urlencode({'thread': name})}")
    assert page.status == 404
    assert "There is no such thread." in page.text


def test_the_list_says_in_words_what_a_thread_is(visit: Visit) -> None:
    visit.act(visit.open("code", title="To be merged"), "merge")
    visit.act(visit.open(title="To be closed"), "close")
    text = visit.page().text
    assert re.search(r"To be merged merged pull request by \w+, just now", text)
    assert re.search(r"To be closed closed issue by \w+, just now", text)


@pytest.mark.parametrize("configured", [False, True])
def test_the_command_on_the_page_works_where_play_was_started(configured: bool, tmp_path: Path) -> None:
    (tmp_path / "our settings.yml").write_text("language: es\n")
    with playing(tmp_path, *(["--config", "our settings.yml"] if configured else [])) as visit:
        page = visit.open("draft")
        command = unescape(re.findall(r"terminal: <code>(.*?)</code>", page.html)[0])
        assert str(tmp_path) not in command
        done = subprocess.run(command, shell=True, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True)  # noqa: S602 (as on the page)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == command.split()[-1]
    assert ("our settings.yml" in command) == configured


def test_a_second_playground_leaves_the_first_one_alone(tmp_path: Path) -> None:
    with playing(tmp_path) as visit:
        line = refused(tmp_path)
        assert line.startswith(f"switchback: another playground is using {DATABASE} here: stop it first, or start ")
        assert "Welcome, @" in visit.open().thread
    with playing(tmp_path) as visit:  # what is left of one that has ended is no hindrance
        assert "Welcome, @" in visit.open().thread


def test_a_database_that_cannot_be_made_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / DATABASE).mkdir()
    line = refused(tmp_path)
    assert line.startswith(f"switchback: {DATABASE} cannot be made anew: ")
    assert not re.search("HOST|PORT|DATABASE_URL", line)


def test_a_folder_that_takes_no_database_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(CannotPlay, match=r"x\.db cannot be made anew: No such file or directory"):
        play(Serving(port=0), policyfile.source(shipped.PLAY), shipped.PLAY, tmp_path / "no" / "x.db")


def test_something_else_of_that_name_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / DATABASE).write_bytes(b"no database\n" * 500)
    with playing(tmp_path) as visit:
        assert "Welcome, @" in visit.open().thread


def test_the_readme_explains_the_thread_that_its_reader_opens_first() -> None:
    town = sample(lambda: datetime.now(UTC))
    repo = town.repos["trail-maps"]
    thread = town.world.open_issue(repo, by=town.people["marmot-dev"], title="The map will not load")
    assert f"explain --config config/play.yml {repo.full_name}#{thread.number}\n" in README
