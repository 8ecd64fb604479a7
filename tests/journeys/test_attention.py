"""Stories of people who say how they want to be reached: it is done, and nobody hears of it."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import pytest
from sqlalchemy import Connection, select
from structlog.testing import capture_logs

from bot import explain
from bot.memory import ledger, schema
from bot.model import OwnerId, RepoId, ThreadRef
from bot.sandbox.model import Issue
from tests.conftest import Play
from tests.journeys.test_commands import ANSWERED, CANNOT, writes
from tests.journeys.test_help_and_invitation import ROSTER, asks, begin, passes
from tests.journeys.test_steering import reactions
from tests.stage import Manner, Stage

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SECRET: Final = re.compile(r"2027-0[123]|Vienna|(?<![\w:])(?:17:17|7:07)(?![\w:])")
NUMBER: Final = re.compile(r"(?<!\w)173(?!\w)")
PRIVATE: Final = schema.preferences  # shown to nobody but the one whom they are about


async def test_who_is_away_is_sent_nobody_and_nothing_tells_of_it(play: Play, rough: Manner) -> None:
    stage, cast = await play(rough, config=ROSTER)
    with capture_logs() as logged:
        issue, _ = await begin(stage, cast)
        desk = stage.world.open_issue(cast.huts, by=cast.grace, title="For maintainers")
        for command in ("/away until 2027-03-01", "/budget 173 per week", "/quiet-hours 17:17 to 7:07 Europe/Vienna"):
            assert reactions(await writes(stage, desk, command, cast.grace)) == ANSWERED
        assert stage.said(desk) == []
        assert reactions(await writes(stage, desk, "/away 173 Vienna", cast.grace)) == CANNOT
        [mistake] = stage.said(desk)
        assert mistake.startswith("I could not tell for how long, grace. These work: `/away 2 weeks`")

        # Grace would be the first to be asked.
        await asks(stage, issue, cast.ada)
        await passes(stage, 2 * DAY)
        assert stage.said(issue)[-1].startswith("@mary, `ada` asked for help here")

    assert "grace wrote /away" in {line.get("why") for line in logged}
    told = [mistake, *stage.said(issue), json.dumps(logged, default=str)]
    told += [json.dumps(one) for thread in (issue, desk) for one in explained(stage, thread)]
    assert [text for text in told if SECRET.search(text) or NUMBER.search(text)] == []
    assert [row for row in map(repr, rows(stage)) if SECRET.search(row)] == []
    assert [text for text in stage.said(issue) if "away" in text.replace("`/away 2 weeks`", "")] == []


def stored(stage: Stage) -> set[str]:
    """What stands behind the commands that were written."""
    return stage.parts.store.read_now(lambda db: set(db.scalars(select(schema.requests.c.args))))


@pytest.mark.parametrize("chosen", ["welcome: {mode: shadow}", "commands: {away: nobody, quiet_hours: nobody}"])
@pytest.mark.parametrize("text", ["/away 2 weeks", "/away 2 weeks because my mother is ill", "/quiet-hours 2 Graz"])
async def test_what_they_wrote_is_kept_no_longer_than_it_takes_to_answer(play: Play, text: str, chosen: str) -> None:
    stage, cast = await play(config=chosen)
    issue = stage.world.open_issue(cast.huts, by=cast.grace, title="For maintainers")
    said = await writes(stage, issue, f"@switchback {text.removeprefix('/')}", cast.ada)
    assert stored(stage) == {""}
    answer = reactions(said)
    for body in (text.replace("2", "3"), f"@switchback {text.removeprefix('/').replace('2', '4')}"):
        stage.world.edit_comment(said, by=cast.ada, body=body)
        await stage.settle()
    assert reactions(said) == answer
    assert stored(stage) == {""}


async def test_nothing_of_it_is_kept_where_nobody_answers(play: Play) -> None:
    stage, cast = await play(config="switchback: off")
    issue = stage.world.open_issue(cast.huts, by=cast.grace, title="For maintainers")
    await writes(stage, issue, "/away 2 weeks because my mother is ill", cast.ada)
    assert stored(stage) == {""}
    await writes(stage, issue, "/away 2 weeks", cast.ada)
    assert stored(stage) == {"", "2 weeks"}
    await stage.days_pass(9)
    assert stored(stage) == {""}


def explained(stage: Stage, issue: Issue) -> Iterator[object]:
    """All that `explain` has to say."""

    def read(db: Connection) -> explain.Explanation | None:
        ref = ThreadRef(RepoId(issue.repo.id), issue.number)
        return explain.explain(db, ref, stage.clock(), stage.parts.policies)

    found = stage.parts.store.read_now(read)
    assert found is not None
    yield found.as_json()
    yield from map(explain.sentence, found.effects)


def rows(stage: Stage) -> list[object]:
    """All that is stored, but for what is private."""
    tables = [table for table in schema.metadata.tables.values() if table is not PRIVATE]
    return stage.parts.store.read_now(lambda db: [tuple(row) for one in tables for row in db.execute(select(one))])


async def test_what_is_too_much_is_said_without_the_mention_and_remembered_for_the_digest(play: Play) -> None:
    stage, cast = await play(config="need_help: {roster: [grace]}")
    issue, _ = await begin(stage, cast)
    desk = stage.world.open_issue(cast.huts, by=cast.grace, title="For maintainers")
    await writes(stage, desk, "/budget none", cast.grace)
    await asks(stage, issue, cast.ada)
    await passes(stage, 2 * DAY)
    assert stage.said(issue)[-1].startswith("grace, `ada` asked for help here")
    since = stage.clock() - DAY
    [folded] = stage.parts.store.read_now(lambda db: ledger.folded_since(db, OwnerId(cast.organisation.id), since))
    assert (folded.thread, folded.rule, folded.to_author) == (
        ThreadRef(RepoId(issue.repo.id), issue.number), "need_help", False
    )  # fmt: skip

    # Nobody else can take it back, or learns that it is there; Grace can.
    assert reactions(await writes(stage, desk, "@switchback undo", cast.linus)) == CANNOT
    assert reactions(await writes(stage, desk, "/undo", cast.grace)) == ANSWERED
    stage.clock.advance(8 * DAY)
    another = stage.world.open_issue(cast.maps, by=stage.world.user("jo"), title="How do I fold a map?")
    await stage.settle()
    await asks(stage, another, another.author)
    await passes(stage, 2 * DAY)
    assert stage.said(another)[-1].startswith("@grace, `jo` asked for help here")
