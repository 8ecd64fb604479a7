"""The story of a repository that rests on one person of whom there is less and less."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from bot.effects import StepDown
from bot.memory import leaves, schema
from bot.model import OwnerId, Person, PersonId, RepoId, ThreadRef
from bot.sandbox import World
from bot.sandbox.model import Account, Issue, Repo
from tests import privacy
from tests.conftest import Play
from tests.stage import SLUG, Cast, Stage

DAY: Final = timedelta(days=1)
QUIET: Final = "\n".join(
    f"{name}: {{mode: off}}"
    for name in (
        "welcome", "advice", "invitation", "need_help", "triage", "digest", "ramp", "community", "readiness",
        "farewell",
    )
)  # fmt: skip
ON: Final = f"{QUIET}\nreadiness: {{needs: []}}\nsuccession: {{mode: on}}\nteam: {{place: team-room}}".replace(
    "readiness: {mode: off}\n", ""
)


def with_a_place(world: World, cast: Cast) -> None:
    world.repository(cast.organisation, ".github")
    world.repository(cast.organisation, "team-room", private=True)


def ours(stage: Stage, name: str = "team-room") -> list[Issue]:
    repo = stage.world.find_repo(f"alpine-tools/{name}")
    assert repo is not None
    own = [thread for thread in repo.threads.values() if thread.author.login == f"{SLUG}[bot]"]
    return [thread for thread in own if isinstance(thread, Issue)]


def reviewed(repo: Repo, who: Account, times: list[datetime], first: int) -> Iterator[tuple[Any, dict[str, Any]]]:
    """The rows of pull requests that a bot opened long ago, each of which somebody reviewed."""
    for number, at in enumerate(times, first):
        yield schema.threads, {
            "repo_id": repo.id, "number": number, "kind": "pull_request", "node_id": f"N{number}", "author_id": 1,
            "opened_by": 1, "created_at": at, "updated_at": at, "heard_at": at, "moved": False, "is_open": False,
            "locked": False, "draft": False, "gone": False, "labels": [], "assignees": [], "category": "",
            "hint": "unknown",
        }  # fmt: skip
        yield schema.activity, {
            "kind": "review", "source_id": repo.id * 10_000 + number, "repo_id": repo.id, "number": number,
            "person_id": who.id, "at": at, "gone": False,
        }  # fmt: skip


async def a_week_passes(stage: Stage) -> None:
    """In steps for which GitHub remembers what it delivered."""
    for days in (2, 2, 3):
        await stage.later(days=days - 0.1)
    await stage.later(days=0.3)


async def lived_through(stage: Stage, cast: Cast) -> Issue:
    """Grace has looked after the maps for two years, until four months ago; Linus helps there, and has the huts.
    Returns a medium issue."""
    now, world = stage.clock(), stage.world
    task = world.open_issue(cast.maps, by=cast.ada, title="Contour lines", body="")
    world.label(task, "medium", by=cast.ada)
    for who in (cast.grace, cast.linus):
        world.comment(world.open_issue(cast.maps, by=cast.ada, title="Hello", body=""), by=who, body="Hello.")
    await stage.settle()
    rows = [
        *reviewed(cast.maps, cast.grace, [now - (120 + 10 * n) * DAY for n in range(50)], 1000),
        *reviewed(cast.maps, cast.linus, [now - (20 + n) * DAY for n in range(3)], 2000),
        *reviewed(cast.huts, cast.linus, [now - (20 + 10 * n) * DAY for n in range(40)], 1000),
    ]

    def write(db: Any) -> None:
        for table, values in rows:
            db.execute(table.insert().values(**values))
        db.execute(schema.activity.delete().where(schema.activity.c.kind == "issue_comment"))

    await stage.parts.store.write(write)
    return task


async def steps_back(stage: Stage, cast: Cast) -> None:
    who, here = Person(PersonId(cast.linus.id), "linus"), ThreadRef(RepoId(cast.huts.id), 1)
    order = StepDown(
        rule="farewell", key="-", why="-", person=who, whom=who, thread=here, repos=("huts",), as_of=stage.clock()
    )
    await stage.parts.store.write(lambda db: leaves.step_down(db, OwnerId(cast.organisation.id), order))


async def comes_back(stage: Stage, cast: Cast) -> None:
    owner_id, now = OwnerId(cast.organisation.id), stage.clock()

    def write(db: Any) -> None:
        for one in leaves.of_owner(db, owner_id):
            leaves.back(db, owner_id, one, now)

    await stage.parts.store.write(write)


async def test_admins_hear_in_private_who_could_come_after(play: Play) -> None:
    stage, cast = await play(before=with_a_place, config=ON)
    task = await lived_through(stage, cast)
    await a_week_passes(stage)
    [issue] = ours(stage)
    assert issue.title == "Where a second pair of hands would help"
    assert "### alpine-tools/trail-maps" in issue.body
    assert "Most reviews in the last 2 years were by `grace`, and there is less of late." in issue.body
    assert "- `linus`: reviewed 3 pull requests here" in issue.body
    assert f"ready and free: alpine-tools/trail-maps#{task.number}." in issue.body
    assert "huts" not in issue.body, "Linus has the huts, and is well"
    assert "@" not in issue.body
    assert stage.said(issue) == []

    # Somebody closes it: they know. It is not opened again, and only what is new opens another one.
    stage.world.close(issue, by=cast.ada)
    await a_week_passes(stage)
    assert ([issue], issue.open) == (ours(stage), False)
    await steps_back(stage, cast)
    await a_week_passes(stage)
    [_, second] = ours(stage)
    assert "### alpine-tools/huts" in second.body
    assert "were by `linus`, and it is good to have somebody beside them in time" in second.body
    assert "trail-maps" not in second.body

    # All is well again.
    await comes_back(stage, cast)
    await a_week_passes(stage)
    assert (second.open, "linus" in second.body, len(ours(stage))) == (False, False, 2)
    privacy.holds(stage.world, cast.grace, cast.linus)
    assert ours(stage, ".github") == ours(stage, "trail-maps") == []


async def test_nothing_is_told_where_the_place_is_not_private(play: Play) -> None:
    stage, cast = await play(before=with_a_place, config=ON)
    room = stage.world.find_repo("alpine-tools/team-room")
    assert room is not None
    stage.world.publicize(room)
    await lived_through(stage, cast)
    await a_week_passes(stage)
    assert ours(stage) == []
    privacy.holds(stage.world, cast.grace, cast.linus)
