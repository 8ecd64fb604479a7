"""The story of a team file: it is read, changed by a push, taken up, and when it is broken nobody is lost."""

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection

from bot.doctor import repos
from bot.doctor.finding import State
from bot.memory import configs, evidence, homes, members
from bot.model import OwnerId
from bot.sandbox import World
from bot.team import Member, Sign
from tests.conftest import Play
from tests.stage import Cast, Manner, Stage

SETTINGS: Final = """
team:
  files:
    - {repo: compass, path: docs/team.yaml}
    - {repo: huts, path: CODEOWNERS}
  meetings:
    - {repo: compass, paths: ["docs/meetings/*"]}
"""
FILE: Final = """\
- name: Grace Hopper
  handle: "@Grace"
  teams: [hub]
  last-check-in: 2026-03
- {name: Zoe, handle: zoe}
- {name: Mary, handle: long-gone, status: inactive}
"""
ADA: Final = "- name: Ada\n  handle: ada\n  teams: []\n"


def with_a_team(world: World, cast: Cast) -> None:
    """Zoe did nothing yet: only GitHub knows who she is."""
    compass = world.repository(cast.organisation, "compass")
    world.user("zoe")
    world.write_file(compass, "docs/team.yaml", FILE, by=cast.grace)
    world.write_file(cast.huts, "CODEOWNERS", "* @linus @nobody-at-all\n", by=cast.grace)
    world.write_file(compass, "docs/meetings/2026-10-01.md", "- Ada / @ada\n- @nobody\n", by=cast.grace)
    home = world.repository(cast.organisation, ".github")
    world.write_file(home, configs.PATH, SETTINGS, by=cast.grace)


def team(stage: Stage, cast: Cast) -> dict[str, Member]:
    """By login."""
    owner_id = OwnerId(cast.organisation.id)

    def read(db: Connection) -> dict[str, Member]:
        policy = homes.policy(db, owner_id, stage.parts.policies)
        assert policy is not None
        return {one.person.login: one for one in members.team_of(db, owner_id, policy, stage.clock())}

    return stage.parts.store.read_now(read)


def problems(stage: Stage, cast: Cast) -> list[str]:
    return list(stage.parts.store.read_now(lambda db: members.problems(db, OwnerId(cast.organisation.id))))


def meetings(stage: Stage, cast: Cast) -> dict[str, list[str]]:
    """On which days somebody was there."""
    long_ago, people = (
        datetime(2020, 1, 1, tzinfo=UTC),
        {one.id: one.login for one in (cast.ada, cast.grace, cast.linus)},
    )
    owner_id = OwnerId(cast.organisation.id)
    found: dict[str, list[str]] = {}
    for one in stage.parts.store.read_now(lambda db: evidence.since(db, owner_id, long_ago, Sign.MEETING)):
        found.setdefault(people[one.person], []).append(f"{one.at:%Y-%m-%d}")
    return found


async def test_a_team_file_is_read_and_taken_up_after_a_push(play: Play, mixed: Manner) -> None:
    stage, cast = await play(mixed, before=with_a_team, live=False, reads_config=True)
    world, compass = stage.world, stage.world.find_repo("alpine-tools/compass")
    assert compass is not None
    for who in (cast.grace, cast.ada, cast.linus):
        world.open_issue(cast.huts, by=who, title="A roof")
    await stage.settle()
    await stage.later(days=1)
    found = team(stage, cast)
    assert {login: one.repos for login, one in found.items()} == {"grace": (), "linus": ("huts",), "zoe": ()}
    assert (found["grace"].given_name, found["grace"].groups, found["grace"].since) == ("Grace", ("hub",), None)
    assert problems(stage, cast) == ["nobody-at-all, whom a team file names, is not known on GitHub"]
    assert meetings(stage, cast) == {"ada": ["2026-10-01"]}

    # Ada joins the team, and notes of a meeting are pushed.
    world.write_file(compass, "docs/team.yaml", FILE + ADA, by=cast.grace)
    notes = "## 2026-11-24\n### Check-in\n- Grace/@grace/Alpine\n### Agenda\n- ask @linus\n## 2026-11-30\n- @ada\n"
    world.write_file(compass, "docs/meetings/2026.md", notes, by=cast.grace)
    await stage.settle()
    assert (team(stage, cast)["ada"].since or stage.clock()) > stage.clock().replace(hour=0)
    assert meetings(stage, cast) == {"ada": ["2026-10-01"], "grace": ["2026-11-24"]}

    # What is broken changes nothing, and admins are told.
    world.write_file(compass, "docs/team.yaml", FILE + ADA + "- {name: [}\n", by=cast.grace)
    await stage.settle()
    assert set(team(stage, cast)) == {"ada", "grace", "linus", "zoe"}
    assert any("compass:docs/team.yaml:10:" in one for one in problems(stage, cast))
    told = stage.parts.store.read_now(lambda db: repos.look(db, [], stage.clock()))
    assert [one.check for one in told if one.state is State.WRONG] == ["team"]

    # Who is left out is no more in the team; nobody was told any of it.
    world.write_file(compass, "docs/team.yaml", ADA, by=cast.grace)
    await stage.settle()
    assert set(team(stage, cast)) == {"ada", "linus"}
    assert [
        stage.said(thread) for repo in world.repos.values() for thread in repo.threads.values() if stage.said(thread)
    ] == []
