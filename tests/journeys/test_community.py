"""Stories of the community's monthly digest: who came, what was done together, and how it stays as it was written."""

import pytest

from bot.memory import configs, schema
from bot.sandbox.model import Issue
from tests.conftest import Play
from tests.stage import SLUG, Cast, Stage, a_home

SOON = "community: {mode: on, when: every Tuesday}\nwelcome: {mode: off}\ndigest: {mode: off}"  # it begins on a Monday


def digests(stage: Stage) -> list[Issue]:
    home = stage.world.find_repo("alpine-tools/.github")
    assert home is not None
    own = [thread for thread in home.threads.values() if thread.author.login == f"{SLUG}[bot]"]
    return [thread for thread in own if isinstance(thread, Issue) and "Thank you" in thread.title]


async def a_week(stage: Stage, cast: Cast) -> tuple[int, int]:
    """Somebody comes, somebody helps them, something is merged; what was opened, by numbers."""
    await stage.days_pass(2)  # the first digest is about the time from Tuesday on
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="The legend is missing", body="It is not there.")
    stage.world.comment(issue, by=cast.grace, body="Good that you say so.")
    await stage.settle()
    pull = stage.world.open_pull_request(cast.maps, by=cast.linus, title="Draw the legend", body="Here it is.")
    await stage.settle()
    stage.world.merge(pull, by=cast.grace)
    await stage.settle()
    return issue.number, pull.number


async def test_everybody_reads_what_was_done_together(play: Play) -> None:
    stage, cast = await play(before=a_home, config=SOON)
    issue, pull = await a_week(stage, cast)
    assert digests(stage) == []
    await stage.days_pass(6)
    [digest] = digests(stage)
    for piece in (
        f"`ada` with [alpine-tools/trail-maps#{issue}]", f"[alpine-tools/trail-maps#{pull}]",
        "`linus`: their first merged pull request", "`grace` answered in issues", "1 pull request was merged",
    ):  # fmt: skip
        assert piece in digest.body
    assert "@" not in digest.body

    # It stays as it was written, and a quiet week has none.
    said = digest.body
    await stage.days_pass(8)
    assert (digests(stage), digest.body, digest.open) == ([digest], said, True)

    # The next one takes its place.
    stage.world.open_issue(cast.huts, by=stage.world.user("mary"), title="The door", body="It is open.")
    await stage.settle()
    await stage.days_pass(7)
    old, new = digests(stage)
    assert (old is digest, old.open, new.open) == (True, False, True)
    assert "`ada`" not in new.body


async def test_it_is_written_once_wherever_it_is_to_stand(play: Play) -> None:
    stage, cast = await play(before=a_home, config=SOON)
    home = stage.world.find_repo("alpine-tools/.github")
    assert home is not None
    await a_week(stage, cast)
    await stage.days_pass(6)
    [digest] = digests(stage)

    # The power fails before memory has noted where it stands, and meanwhile the next one is to stand elsewhere.
    await stage.parts.store.write(lambda db: db.execute(schema.boards.delete()))
    stage.world.open_issue(cast.huts, by=cast.grace, title="Paint the hut", body="Red.")
    stage.world.write_file(home, configs.PATH, "community: {repo: huts}\n", by=cast.grace)
    await stage.settle()
    await stage.days_pass(1)
    assert (digest.open, [thread.author for thread in cast.huts.threads.values()]) == (True, [cast.grace])

    # The next one does, and the old one is closed where it is.
    await stage.days_pass(7)
    paint, new = cast.huts.threads.values()
    assert (digest.open, paint.open, new.open, new.author.login) == (False, True, True, f"{SLUG}[bot]")


async def test_who_wishes_not_to_be_named_is_not(play: Play) -> None:
    stage, cast = await play(before=a_home, config=SOON)
    await stage.days_pass(2)
    for who in (cast.ada, cast.linus):
        stage.world.open_issue(cast.maps, by=who, title="A question", body="How?")
        await stage.settle()
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Another question", body="Why?")
    stage.world.comment(issue, by=cast.ada, body="/no-bot")
    await stage.settle()
    await stage.days_pass(6)
    [digest] = digests(stage)
    assert "ada" not in digest.body.partition("###")[2]
    assert "`linus`" in digest.body


@pytest.mark.parametrize(
    ("live", "config"),
    [
        pytest.param(False, "community: {when: every Tuesday}", id="shadow"),
        pytest.param(True, "community: {mode: off, when: every Tuesday}", id="off"),
    ],
)
async def test_where_it_is_not_switched_on_it_is_not_written(play: Play, live: bool, config: str) -> None:
    stage, cast = await play(live=live, before=a_home, config=config)
    await a_week(stage, cast)
    await stage.days_pass(7)
    assert digests(stage) == []
