"""Stories of the weekly digest: what waits for the team, what issues look like, and where nothing is left to take."""

from collections.abc import Callable

import pytest

from bot.memory import configs
from bot.sandbox import World
from bot.sandbox.model import Issue
from tests.conftest import Play
from tests.stage import SLUG, Cast, Manner, Stage, a_home

REPORT = """### Steps to reproduce

1. `trail-maps draw --scale 2`
2. Open `out.svg`

### Expected behaviour

The legend is drawn. In version 4.2.1 it is not:

```
Traceback (most recent call last):
  File "draw.py", line 12, in legend
KeyError: 'scale'
```
"""


def digests(stage: Stage) -> list[Issue]:
    home = stage.world.find_repo("alpine-tools/.github")
    assert home is not None
    own = [thread for thread in home.threads.values() if thread.author.login == f"{SLUG}[bot]"]
    return [thread for thread in own if isinstance(thread, Issue) and "week" in thread.title]


async def test_maintainers_find_what_issues_look_like_in_one_place(play: Play, rough: Manner) -> None:
    stage, cast = await play(rough, before=a_home, config="advice: {at_least: 0.1}")
    report = stage.world.open_issue(cast.maps, by=cast.ada, title="The legend is missing at scale 2", body=REPORT)
    await stage.settle()
    wish = stage.world.comment(report, by=cast.linus, body="/level medium")
    await stage.settle()
    await stage.days_pass(2)
    [digest] = digests(stage)
    assert f"alpine-tools/trail-maps#{report.number}" in digest.body
    assert "`medium`" in digest.body
    assert "no medium issue is ready" in digest.body
    assert "@" not in digest.body
    assert "switchback" in digest.body
    assert wish.author is cast.linus

    # It is kept up to date, and on Monday a new one begins.
    stage.world.label(report, "bug", by=cast.grace)
    stage.world.close(report, by=cast.grace)
    await stage.settle()
    await stage.days_pass(1)
    assert digests(stage) == [digest]
    assert f"alpine-tools/trail-maps#{report.number}" not in digest.body
    stage.world.open_issue(cast.huts, by=cast.ada, title="The legend is missing here too", body=REPORT)
    await stage.settle()
    await stage.days_pass(7)
    old, new = digests(stage)
    assert (old is digest, old.open, new.open) == (True, False, True)


async def test_the_team_is_thanked_and_told_what_waits_for_it(play: Play) -> None:
    stage, cast = await play(before=a_home, config="triage: {nudges_a_day: 0}")
    waits = stage.world.open_issue(cast.maps, by=cast.ada, title="The legend is missing", body="Look.")
    answered = stage.world.open_issue(cast.huts, by=cast.linus, title="The legend is missing here too", body="Look.")
    secret = stage.world.repository(cast.organisation, "cellar", private=True)
    hidden = stage.world.open_issue(secret, by=cast.grace, title="The key", body="It is lost.")
    await stage.settle()
    await stage.days_pass(9)
    stage.world.comment(answered, by=cast.grace, body="Thank you, I see it too.")
    await stage.settle()
    await stage.days_pass(1)
    said = digests(stage)[-1].body
    assert said.startswith("**Thank you,** `grace`, for answering")
    assert f"alpine-tools/trail-maps#{waits.number} waits for a first look for " in said
    assert "Its author is new here" in said
    assert f"huts#{answered.number} waits for" not in said
    assert f"cellar#{hidden.number}" not in said
    assert "```mermaid\npie showData\n" in said
    assert "@" not in said

    # Once somebody looks, it does not stand there any more.
    stage.world.comment(waits, by=cast.grace, body="This is a good find.")
    await stage.settle()
    await stage.days_pass(1)
    said = digests(stage)[-1].body
    assert f"trail-maps#{waits.number} waits for" not in said


async def test_a_digest_that_was_there_before_says_nothing_of_triage_unasked(play: Play) -> None:
    stage, cast = await play(live=False, before=a_home, config="advice: {mode: on, at_least: 0.1}\ndigest: {mode: on}")
    stage.world.open_issue(cast.maps, by=cast.ada, title="The legend is missing at scale 2", body=REPORT)
    await stage.settle()
    await stage.days_pass(9)
    said = digests(stage)[-1].body
    assert "alpine-tools/trail-maps#" in said
    assert ("waits" in said, "mermaid" in said) == (False, False)


async def test_whoever_closes_it_has_their_way(play: Play) -> None:
    stage, cast = await play(before=a_home, config="advice: {at_least: 0.1}")
    stage.world.open_issue(cast.maps, by=cast.ada, title="The legend is missing at scale 2", body=REPORT)
    await stage.settle()
    await stage.days_pass(2)
    [digest] = digests(stage)
    said = digest.body
    stage.world.close(digest, by=cast.grace)
    other = stage.world.open_issue(cast.huts, by=cast.linus, title="The legend is missing here too", body=REPORT)
    await stage.settle()
    await stage.days_pass(2)
    assert (digest.body, digest.open) == (said, False)
    stage.world.reopen(digest, by=cast.grace)
    await stage.settle()
    await stage.days_pass(1)
    assert f"alpine-tools/huts#{other.number}" in digest.body


async def a_week_begins(stage: Stage, cast: Cast) -> tuple[Issue, Issue]:
    """The week's digest in `.github`, and what a human opened in another repository with the same number."""
    paint = stage.world.open_issue(cast.huts, by=cast.grace, title="Paint the hut", body="Red.")
    stage.world.open_issue(cast.maps, by=cast.ada, title="The legend is missing", body="Look.")
    await stage.settle()
    await stage.days_pass(7)  # it is Tuesday
    digest = digests(stage)[-1]
    assert (digest.number, digest.open) == (paint.number, True)
    return digest, paint


async def moved(stage: Stage, cast: Cast, *, to: str) -> None:
    home = stage.world.find_repo("alpine-tools/.github")
    assert home is not None
    stage.world.write_file(home, configs.PATH, f"digest: {{repo: {to}}}\n", by=cast.grace)
    await stage.settle()
    await stage.days_pass(1)


async def test_where_it_is_to_stand_may_change_during_the_week(play: Play, mixed: Manner) -> None:
    stage, cast = await play(mixed, before=a_home)
    there, paint = await a_week_begins(stage, cast)
    await moved(stage, cast, to="huts")
    [here] = [issue for issue in digests_anywhere(stage) if issue.repo is cast.huts]
    assert (paint.title, paint.body, paint.open) == ("Paint the hut", "Red.", True)
    assert (here.title, here.open, there.open) == (there.title, True, False)

    # Who changes their mind has the same issues as before.
    await moved(stage, cast, to=".github")
    assert (here.open, there.open) == (False, True)
    await moved(stage, cast, to="huts")
    assert (here.open, there.open) == (True, False)
    said = here.body
    stage.world.open_issue(cast.maps, by=cast.linus, title="The scale is missing", body="Look.")
    await stage.settle()
    await stage.days_pass(1)
    assert (len(digests(stage)), here.body != said, there.open) == (1, True, False)

    await stage.days_pass(7)
    in_huts = [issue for issue in digests_anywhere(stage) if issue.repo is cast.huts]
    assert [issue.open for issue in in_huts] == [False, True]
    assert (paint.body, paint.open) == ("Red.", True)


Change = Callable[[World, Cast], object]


def say_in_huts(body: str) -> Change:
    return lambda world, cast: world.comment(next(iter(cast.huts.threads.values())), by=cast.grace, body=body)


def taken_out(world: World, cast: Cast) -> None:
    [installation] = world.installations.values()
    installation.selected = {repo.id: repo for repo in world.repos.values()}
    world.remove_repositories(installation, cast.huts, by=cast.grace)


def given_back(world: World, cast: Cast) -> None:
    [installation] = world.installations.values()
    world.add_repositories(installation, cast.huts, by=cast.grace)


@pytest.mark.parametrize(
    ("closed_to_us", "open_to_us"),
    [
        pytest.param(taken_out, given_back, id="out of the installation"),
        pytest.param(
            lambda world, cast: world.archive(cast.huts, by=cast.grace),
            lambda world, cast: world.unarchive(cast.huts, by=cast.grace),
            id="archived",
        ),
        pytest.param(say_in_huts("/switchback pause 4 weeks"), say_in_huts("/switchback resume"), id="paused"),
    ],
)
async def test_while_nothing_may_be_written_where_it_stood_it_stays(
    play: Play, closed_to_us: Change, open_to_us: Change
) -> None:
    stage, cast = await play(before=a_home, config="advice: {at_least: 0.1}\ndigest: {repo: huts}")
    stage.world.open_issue(cast.huts, by=cast.ada, title="The door", body="It is open.")
    stage.world.open_issue(cast.maps, by=cast.ada, title="The legend is missing", body=REPORT)
    await stage.settle()
    await stage.days_pass(2)
    [old] = digests_anywhere(stage)
    closed_to_us(stage.world, cast)
    await moved(stage, cast, to=".github")
    [new] = digests(stage)
    assert (old.repo is cast.huts, old.open, new.open) == (True, True, True)
    open_to_us(stage.world, cast)
    await stage.settle()
    await stage.days_pass(1)
    assert (old.open, new.open) == (False, True)


async def test_another_repository_may_take_the_name_of_the_one_where_it_stands(play: Play) -> None:
    stage, cast = await play(before=a_home, config="advice: {at_least: 0.1}\ndigest: {repo: huts}")
    stage.world.open_issue(cast.maps, by=cast.ada, title="The legend is missing", body=REPORT)
    await stage.settle()
    await stage.days_pass(2)
    [digest] = digests_anywhere(stage)
    said = digest.body
    stage.world.rename_repository(cast.huts, "cabins", by=cast.grace)
    huts = stage.world.repository(cast.organisation, "huts")
    paint = stage.world.open_issue(huts, by=cast.grace, title="Paint the hut", body="Red.")
    stage.world.open_issue(cast.maps, by=cast.linus, title="The scale is missing", body="Look.")
    late = stage.hold_back(lambda delivery: delivery.repository_id in {cast.huts.id, huts.id})
    assert (paint.number, bool(late)) == (digest.number, True)
    await stage.days_pass(8)
    assert (paint.title, paint.body, paint.open) == ("Paint the hut", "Red.", True)
    assert (digest.body, digest.open) == (said, True)


async def test_in_shadow_mode_it_is_not_written(play: Play) -> None:
    stage, cast = await play(live=False, before=a_home)
    stage.world.open_issue(cast.maps, by=cast.ada, title="The legend is missing at scale 2", body=REPORT)
    await stage.settle()
    await stage.days_pass(2)
    assert digests(stage) == []


async def test_a_level_is_suggested_in_the_issue_where_that_is_configured(play: Play) -> None:
    stage, cast = await play(config="advice: {mode: on, where: comment, at_least: 0.1}\nwelcome: {mode: off}")
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="The legend is missing at scale 2", body=REPORT)
    await stage.settle()
    [comment] = stage.said(issue)
    assert "<details>" in comment
    assert "`/level" in comment
    assert "@" not in comment


async def test_without_a_repository_for_it_nothing_is_written(play: Play) -> None:
    stage, cast = await play()
    stage.world.open_issue(cast.maps, by=cast.ada, title="The legend is missing", body=REPORT)
    await stage.settle()
    await stage.later(days=1)
    assert digests_anywhere(stage) == []


def digests_anywhere(stage: Stage) -> list[Issue]:
    threads = (thread for repo in stage.world.repos.values() for thread in repo.threads.values())
    return [thread for thread in threads if isinstance(thread, Issue) and thread.author.login == f"{SLUG}[bot]"]
