"""The past is read from GitHub's lists: all of it, once, whatever happens on the way, and nobody is spoken to."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Final

import pytest
from sqlalchemy import Table, select

from bot.memory import app, migrations, readings, schema
from bot.memory.project import project
from bot.memory.readings import Part
from bot.memory.store import Store
from bot.model import GHOST
from bot.sandbox import ChangedFile, Fault
from bot.sandbox.model import PullRequest
from bot.sandbox.weather import bad_gateway, cut_before_write, not_found_first, secondary_limit
from tests.backfill.conftest import Interrupted, Notes, Town, Visit
from tests.stage import SLUG

# What lists tell otherwise than deliveries: when it was heard, the files of pull requests, and who opened it.
TABLES: Final[dict[Table, tuple[str, ...]]] = {
    schema.people: ("id", "login", "is_bot"),
    schema.threads: (
        "repo_id", "number", "kind", "author_id", "created_at", "updated_at", "opened_by", "is_open", "locked", "draft",
        "closed_at", "merged_at", "gone", "labels", "assignees", "category", "hint",
        "traits", "files", "lines", "head_sha",
    ),
    schema.activity: ("kind", "source_id", "repo_id", "number", "person_id", "at", "gone", "verdict"),
    schema.labels: ("repo_id", "label_id", "name", "gone"),
    schema.teams: ("id", "slug", "name", "gone"),
    schema.team_members: ("team_id", "person_id", "belongs"),
    schema.repos: ("id", "owner_id", "name", "private", "archived", "gone", "covered", "default_branch"),
}  # fmt: skip


def everything(town: Town) -> dict[str, list[tuple[Any, ...]]]:
    return {table.name: town.rows(table, *columns) for table, columns in TABLES.items()}


def told_by_deliveries(town: Town, store: Store) -> None:
    """Another memory that heard all of it as it happened."""
    migrations.upgrade(store)

    def tell(db: Any) -> None:
        for delivery in town.world.past:
            project(db, delivery.event, delivery.payload, delivery.at, live=False)

    store.write_now(tell)


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the town's lists have several."""
    monkeypatch.setattr("bot.github.past._PAGE", 4)


@asynccontextmanager
async def time_passing(town: Town, by: timedelta) -> AsyncIterator[None]:
    """For those who wait."""

    async def passes() -> None:
        while True:
            await asyncio.sleep(0.005)
            town.clock.advance(by)

    passing = asyncio.create_task(passes())
    yield
    passing.cancel()


async def test_lists_tell_what_deliveries_would_have_told(visit: Visit, tmp_path: Any) -> None:
    async with visit() as town:
        notes = Notes()
        report = await town.backfill.run(notes)
        assert (report.gave_up, notes.given_up) == ([], [])
        assert report.complete == [town.sample.organization.login]
        other = Store(f"sqlite:///{tmp_path}/other.db")
        told_by_deliveries(town, other)
        read = everything(town)
        for table, columns in TABLES.items():
            query = select(*(table.c[name] for name in columns)).order_by(*table.primary_key.columns)
            with other.engine.connect() as db:
                heard = [tuple(row) for row in db.execute(query)]
            if table in {schema.people, schema.labels}:  # some people only ever joined a team, some labels nobody used
                assert set(read[table.name]) >= {row for row in heard if row[-1] is not True}, table.name
            else:
                assert read[table.name] == heard, table.name
        other.close()


_BY_ITSELF = (
    "config/",
    "arrival/",
    "ramp/",
    "digest/",
    "triage/",
    "community/",
    "mentoring/",
    "cohort/",
    "check-in/",
    "team/",
    "succession/",
    "thanks/",
    "farewell/",
)


async def test_nobody_is_spoken_to_and_the_past_is_known(visit: Visit) -> None:
    async with visit() as town:
        await town.backfill.run(Notes())
        planned = [subject for (subject,) in town.rows(schema.looks, "subject")]
        assert [subject for subject in planned if not subject.startswith(_BY_ITSELF)] == []
        assert town.rows(schema.owners, "past_read_at") == [(town.clock(),)]
        assert town.rows(schema.ledger, "key") == []
        assert not [
            call
            for call in town.calls()
            if call.startswith("POST") and "access_tokens" not in call and "graphql" not in call
        ]


async def test_it_goes_on_at_the_page_where_it_was_stopped(visit: Visit, small_pages: None) -> None:
    async with visit() as town:
        whole = Notes()
        await town.backfill.run(whole)
        expected = everything(town)
    assert len(whole.pages) == 43
    for stop_at in range(1, len(whole.pages), 6):
        async with visit() as town:
            with pytest.raises(Interrupted):
                await town.backfill.run(Notes(stop_at=stop_at))
            rest = Notes()
            await town.backfill.run(rest)
            assert everything(town) == expected
            assert rest.pages == whole.pages[stop_at:]


async def test_when_the_power_goes_out_after_the_last_page_it_is_noticed_that_all_is_read(visit: Visit) -> None:
    async with visit() as town:
        await town.backfill.run(Notes())
        town.store.write_now(lambda db: db.execute(schema.owners.update().values(past_read_at=None)))
        town.github.requests.clear()
        report = await town.backfill.run(Notes())
        assert report.complete == [town.sample.organization.login]
        assert town.rows(schema.owners, "past_read_at") == [(town.clock(),)]
        assert town.calls() == []


async def test_the_second_time_costs_next_to_nothing(visit: Visit) -> None:
    async with visit() as town:
        await town.backfill.run(Notes())
        town.clock.advance(timedelta(hours=1))
        first = everything(town)
        town.github.requests.clear()
        await town.backfill.run(Notes(), again=True)
        second = town.calls()
        assert everything(town) == first
        town.github.requests.clear()
        town.clock.advance(timedelta(hours=1))
        await town.backfill.run(Notes(), again=True)
        third = town.calls()
        repos = len(town.sample.repos)
        for called in (second, third):
            assert "GET /repos/{owner}/{repo}/issues/comments" not in called
            assert "GET /repos/{owner}/{repo}/labels" not in called  # 304: they cost nothing
            assert "GET /repos/{owner}/{repo}/commits" not in called
        assert second.count("GET /repos/{owner}/{repo}/issues") == repos
        assert "GET /repos/{owner}/{repo}/issues" not in third


async def test_what_happened_meanwhile_is_read_the_second_time(visit: Visit) -> None:
    async with visit() as town:
        await town.backfill.run(Notes())
        town.clock.advance(timedelta(hours=1))
        repo, (by, *_) = next(iter(town.sample.repos.values())), town.sample.people.values()
        thread = town.world.open_issue(repo, by=by, title="Something new")
        town.world.comment(thread, by=by, body="And a word")
        town.world.label(thread, "bug", by=by)
        await town.backfill.run(Notes(), again=True)
        assert (repo.id, thread.number) in town.rows(schema.threads, "repo_id", "number")
        assert thread.comments[0].id in {id_ for (id_,) in town.rows(schema.activity, "source_id")}
        assert (thread.number, "labeled", "bug") in town.rows(schema.happenings, "number", "step", "about")


async def test_what_an_interrupted_pass_has_not_read_the_next_one_reads(visit: Visit) -> None:
    """The power goes out when it is known that a thread has changed, and not yet what was said there."""
    async with visit() as town:
        await town.backfill.run(Notes())
        town.clock.advance(timedelta(hours=1))
        repo, by = town.sample.repos["trail-maps"], town.sample.people["gentian"]
        comment = town.world.comment(next(iter(repo.threads.values())), by=by, body="And a word")
        with pytest.raises(Interrupted):
            await town.backfill.run(Notes(stop_at=1), again=True)
        town.clock.advance(timedelta(hours=1))
        await town.backfill.run(Notes(), again=True)
        assert comment.id in {id_ for (id_,) in town.rows(schema.activity, "source_id")}


WEATHER: Final[dict[str, Fault]] = {
    "502": bad_gateway(match=("GET", r"/repos/.*"), times=2),
    "502 on GraphQL": bad_gateway(match=("POST", "/graphql"), times=3),
    "cut": cut_before_write(match=("GET", r"/repos/.*")),
    "429": secondary_limit(retry_after=30, status=429, match=("GET", r"/repos/.*")),
    "404 at first": not_found_first(match=("GET", r"/repos/.*")),
}


@pytest.mark.parametrize("fault", WEATHER.values(), ids=WEATHER.keys())
async def test_bad_weather_only_takes_time(visit: Visit, fault: Fault) -> None:
    async with visit() as town:
        town.github.weather.next(fault)
        async with time_passing(town, timedelta(seconds=10)):
            report = await town.backfill.run(Notes())
        assert report.gave_up == []
        assert len(report.complete) == 1


async def test_a_list_that_may_not_be_read_is_told_and_the_others_are_read(visit: Visit) -> None:
    async with visit() as town:
        forbidden = Fault(
            status=403,
            body={"message": "Resource not accessible by integration"},
            match=("GET", r".*/labels"),
            times=99,
        )
        town.github.weather.next(forbidden)
        notes = Notes()
        report = await town.backfill.run(notes)
        assert {gave_up.part for gave_up in report.gave_up} == {Part.LABELS}
        assert report.complete == []
        assert town.rows(schema.owners, "past_read_at") == [(None,)]
        assert not town.store.read_now(
            lambda db: any(readings.unread(db, one, town.clock()) for one in readings.accounts(db))
        )
        town.clock.advance(timedelta(days=2))
        assert town.store.read_now(
            lambda db: any(readings.unread(db, one, town.clock()) for one in readings.accounts(db))
        )


async def test_where_the_app_sees_only_some_repositories_the_past_is_never_known(visit: Visit) -> None:
    async with visit(only=["trail-maps"]) as town:
        report = await town.backfill.run(Notes())
        assert (report.repos, report.complete, report.gave_up) == (1, [], [])
        assert town.rows(schema.owners, "past_read_at") == [(None,)]


async def test_only_a_share_of_the_rate_limit_is_used(visit: Visit, small_pages: None) -> None:
    async with visit(share=0.25) as town:
        town.github.limits.core = 40
        notes = Notes()
        async with time_passing(town, timedelta(seconds=30)):
            await town.backfill.run(notes)
        assert {why for _, why in notes.waits} == {"the share of GitHub's rate limit is used up (BACKFILL_SHARE)"}
        used = [budget.used for budget in town.github.limits._budgets.values() if budget.limit == 40]
        assert used
        assert max(used) <= 11


async def test_how_much_there_is_is_told_before(visit: Visit) -> None:
    async with visit() as town:
        notes = Notes()
        await town.backfill.run(notes)
        assert len(notes.expected) == len(town.sample.repos)
        assert abs(sum(notes.expected.values()) - len(notes.pages)) <= 3
        assert all(read <= expected for read, expected in notes.totals)


async def test_commits_on_files_that_do_not_count_are_known_by_their_files(visit: Visit) -> None:
    """Gentian moves somebody to the emeriti in the team file. That is nobody's activity; the other commit is."""
    team = "team: {files: [{repo: trail-maps, path: MAINTAINERS}, {repo: elsewhere, path: maps.py}]}"
    async with visit(config=f'activity: {{excluded_paths: ["docs/team.md", "rosters/*"]}}\n{team}') as town:
        repo, gentian = town.sample.repos["trail-maps"], town.sample.people["gentian"]
        moved = town.world.push(repo, by=gentian, files=["docs/team.md"], message="Thank you, Iris")
        rosters = town.world.push(repo, by=gentian, files=["rosters/2026.md"], message="A new year")
        named = town.world.push(repo, by=gentian, files=["MAINTAINERS"], message="Welcome, Rowan")
        other = town.world.push(repo, by=gentian, files=["maps.py"], message="Turn the map")
        report = await town.backfill.run(Notes())
        assert report.gave_up == []
        paths: dict[Any, Any] = dict(town.rows(schema.commits, "sha", "paths"))
        assert paths[moved.sha] == ["docs/team.md"]
        assert paths[rosters.sha] == ["rosters/2026.md"]
        assert paths[named.sha] == ["MAINTAINERS"]
        assert paths[other.sha] is None


SUITES: Final = "GET /repos/{owner}/{repo}/commits/{ref:.+}/check-suites"


async def test_what_checks_have_said_of_open_pull_requests_is_known(visit: Visit) -> None:
    async with visit() as town:
        world, repo, gentian = town.world, town.sample.repos["trail-maps"], town.sample.people["gentian"]
        fails, runs, shut = (
            world.open_pull_request(repo, by=gentian, title=title, files=[ChangedFile(filename=f"{title}.py")])
            for title in ("Fails", "Runs", "Shut")
        )
        world.check_suite(fails, app=town.installation.app, conclusion="success")  # it is about our configuration
        world.check_suite(fails, conclusion="failure")
        world.check_suite(runs)
        world.check_suite(shut, conclusion="failure")
        world.close(shut, by=gentian)
        town.store.write_now(lambda db: app.called(db, SLUG, town.clock()))
        assert (await town.backfill.run(Notes())).gave_up == []
        assert town.rows(schema.check_suites, "sha", "state") == [(fails.head_sha, "failed")]
        assert town.calls().count(SUITES) == 1
        town.clock.advance(timedelta(hours=1))
        world.check_suite(fails, conclusion="success")
        world.synchronize(runs, by=gentian)
        world.check_suite(runs, conclusion="action_required")
        await town.backfill.run(Notes(), again=True)
        assert sorted(town.rows(schema.check_suites, "sha", "state")) == sorted(
            [(fails.head_sha, "failed"), (fails.head_sha, "passed"), (runs.head_sha, "held")]
        )


async def test_a_commit_that_is_gone_and_checks_that_may_not_be_read_keep_nothing_from_being_read(visit: Visit) -> None:
    for status, message in ((422, "No commit found for SHA: 0"), (403, "Resource not accessible by integration")):
        async with visit() as town:
            pulls = (it for it in town.sample.repos["trail-maps"].threads.values() if isinstance(it, PullRequest))
            town.world.check_suite(next(it for it in pulls if it.open), conclusion="failure")
            refused = Fault(status=status, body={"message": message}, match=("GET", r".*/check-suites"), times=99)
            town.github.weather.next(refused)
            report = await town.backfill.run(Notes())
            assert SUITES in town.calls()
            assert report.gave_up == []
            assert report.complete == [town.sample.organization.login]


async def test_who_does_not_use_discussions_need_not_grant_them(visit: Visit) -> None:
    async with visit() as town:
        town.installation.permissions.pop("discussions")
        report = await town.backfill.run(Notes())
        assert report.gave_up == []
        assert report.complete == [town.sample.organization.login]


async def test_one_odd_thing_does_not_keep_the_others_from_being_read(visit: Visit) -> None:
    """Something that is not as GitHub documents it; and things by accounts that are deleted, which are."""
    async with visit(lawful=False) as town:
        repo = town.sample.repos["trail-maps"]
        comments = [comment for thread in repo.threads.values() for comment in thread.comments]
        town.world.delete_user(comments[0].author)
        page = [{"id": "no number"}, {"id": 4711, "number": 4711, "created_at": "2026-01-01T00:00:00Z", "user": None}]
        odd = Fault(status=200, body=json.dumps(page), match=("GET", r"/repos/alpine-tools/trail-maps/issues"))
        town.github.weather.next(odd)
        report = await town.backfill.run(Notes())
        assert report.gave_up == []
        threads = dict(town.rows(schema.threads, "number", "author_id"))
        assert threads[4711] == GHOST.id
        assert len(town.rows(schema.activity, "source_id")) > len(comments)
