"""`python -m bot community`: a month as Markdown, its pictures as files, and what it says when there is none."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from bot.memory import migrations, schema
from bot.memory.store import Store
from tests.memory.conftest import ADA, BOT, GRACE, LINUS, Archive
from tests.test_cli import run, told

OCTOBER: Final = datetime(2026, 10, 9, 12, tzinfo=UTC)
JUNE: Final = datetime(2026, 6, 2, 12, tzinfo=UTC)


@pytest.fixture
def memory(tmp_path: Path) -> str:
    """Ada came in October, and something of hers was merged; Linus came in June, and Grace helped both."""
    url = f"sqlite:///{tmp_path}/memory.db"
    with closing(Store(url)) as store:
        migrations.upgrade(store)
        archive = Archive(store)
        archive.set(schema.repos, url="https://github.com/alpine-tools/maps")
        archive.thread(5, by=ADA, at=OCTOBER)
        archive.thread(6, by=ADA, at=OCTOBER, kind="pull_request", is_open=False, merged_at=OCTOBER)
        archive.thread(7, by=LINUS, at=JUNE)
        archive.answer(7, by=GRACE, at=OCTOBER)
        archive.repo(13, "hidden", private=True)
        archive.thread(8, by=BOT, at=OCTOBER, repo=13)
        archive.thread(9, by=LINUS, at=OCTOBER, repo=13, kind="pull_request", merged_at=OCTOBER)
    return url


def test_a_month_is_printed_with_drawings_for_github(memory: str) -> None:
    result = run("community", "Alpine-Tools", "--month", "2026-10", DATABASE_URL=memory)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("# Thank you! alpine-tools from 2026-10-01 to 2026-10-31\n\nHello everybody!")
    for piece in ("`ada` with [alpine-tools/maps#5](https://github.com/alpine-tools/maps/issues/5)", "`grace` answered",
                  "1 pull request was merged", "```mermaid", "| 2026-06 | 1 | 0 |", "| 2026-10 | 1 | 1 |"):  # fmt: skip
        assert piece in result.stdout
    assert "hidden" not in result.stdout


def test_its_pictures_are_written_as_files(memory: str, tmp_path: Path) -> None:
    out = tmp_path / "blog" / "pictures"
    result = run("community", "alpine-tools", "--month", "2026-10", "--out", out, DATABASE_URL=memory)
    names = [f"alpine-tools-2026-10-{about}.svg" for about in ("came", "merged")]
    assert result.exit_code == 0
    assert result.stderr.splitlines() == [f"{out / name} is written." for name in names]
    assert sorted(path.name for path in out.iterdir()) == names
    assert "mermaid" not in result.stdout
    for name in names:
        assert f"({name})" in result.stdout
        assert 'role="img"' in (out / name).read_text("utf-8")
    assert "2026-09: 0, 2026-10: 1." in (out / names[0]).read_text("utf-8")


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        pytest.param(["alpine-tools", "--month", "October"], 2, "'October' is not a month", id="no-month"),
        pytest.param(["alpine-tools", "--month", "2026-13"], 2, "is not a month", id="the-13th-month"),
        pytest.param(["alpine-tools", "--month", "0000-10"], 2, "is not a month", id="the-year-0"),
        pytest.param(["nobody"], 1, "no public repository of nobody is known here", id="nobody"),
        pytest.param(["alpine-tools", "--month", "2026-09"], 1, "nobody is known to have done anything", id="quiet"),
    ],
)
def test_what_cannot_be_told_is_told_in_one_line(memory: str, args: list[str], code: int, says: str) -> None:
    result = run("community", *args, DATABASE_URL=memory)
    assert (result.exit_code, result.stdout) == (code, "")
    assert says in told(result.stderr)


def test_the_last_month_is_told_without_a_choice(memory: str) -> None:
    result = run("community", "alpine-tools", DATABASE_URL=memory)  # by the clock on the wall: long after that October
    assert result.exit_code in {0, 1}
    assert "Traceback" not in result.stderr


def change(memory: str, **values: Any) -> None:
    with closing(Store(memory)) as store:
        store.write_now(lambda db: db.execute(schema.owners.update().values(**values)))


def test_before_memory_begins_nothing_is_told(memory: str) -> None:
    change(memory, past_read_at=None)
    result = run("community", "alpine-tools", "--month", "2026-10", DATABASE_URL=memory)
    assert result.exit_code == 1
    assert told(result.stderr) == "memory does not go back to 2026-10: `backfill` reads what was before"


def test_a_place_that_cannot_be_written_to_is_told(memory: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run("community", "alpine-tools", "--month", "2026-10", "--out", tmp_path / "file", DATABASE_URL=memory)
    assert (result.exit_code, result.stdout) == (1, "")
    assert told(result.stderr).startswith(f"{tmp_path}/file cannot be written to: ")


def test_a_database_of_something_else_is_told(tmp_path: Path) -> None:
    (tmp_path / "memory.db").write_bytes(b"")
    result = run("community", "alpine-tools", DATABASE_URL=f"sqlite:///{tmp_path}/memory.db")
    assert result.exit_code == 1
    assert "it is not a database of Switchback" in told(result.stderr)
