"""Clients that others wrote do an app's work on the sandbox, over HTTP, and do not notice the difference.

githubkit checks every field of every answer against its own models; PyGithub insists on following the addresses it is
given. Both take the time from the machine, so here the world does too.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from github import Auth, GithubException, GithubIntegration, UnknownObjectException
from githubkit import AppAuthStrategy, GitHub
from githubkit.exception import RequestFailed
from githubkit.webhooks import parse_obj

from bot.sandbox import ChangedFile, Running, running
from tests.sandbox import test_every_webhook as tour
from tests.sandbox.conftest import Place, make_place

ORG, NAME = "alpine-tools", "trail-maps"


@pytest.fixture
def place(key: str) -> Place:
    place = make_place(key)
    place.world.now = lambda: datetime.now(UTC)
    return place


@pytest.fixture
async def github(place: Place) -> AsyncIterator[Running]:
    for index in range(5):
        place.world.open_issue(place.repo, by=place.ada, title=f"Issue {index}", body="Text", labels=["bug"])
    files = [ChangedFile(filename="map.py", additions=3)]
    pull = place.world.open_pull_request(place.repo, by=place.ada, title="Turn it", files=files)
    place.world.review(pull, by=place.maintainer, state="COMMENTED", body="Nice")
    place.world.comment(pull, by=place.maintainer, body="Thank you")
    async with running(place.world) as github:
        yield github


async def test_githubkit_does_an_apps_work(github: Running, place: Place) -> None:
    assert place.app.private_key is not None
    auth = AppAuthStrategy(place.app.id, place.app.private_key)
    async with GitHub(auth, base_url=github.url, auto_retry=False) as kit:
        app = (await kit.rest.apps.async_get_authenticated()).parsed_data
        assert app is not None
        assert app.slug == "switchback"
        found = (await kit.rest.apps.async_get_repo_installation(ORG, NAME)).parsed_data
        assert (found.id, found.app_slug) == (place.installation.id, "switchback")
        bot = kit.with_auth(kit.auth.as_installation(found.id))
        repositories = (await bot.rest.apps.async_list_repos_accessible_to_installation()).parsed_data
        assert [repo.full_name for repo in repositories.repositories] == ["alpine-tools/trail-maps"]
        pages = bot.rest.paginate(bot.rest.issues.async_list_for_repo, owner=ORG, repo=NAME, state="all", per_page=2)
        assert [issue.number async for issue in pages] == [6, 5, 4, 3, 2, 1]
        said = (await bot.rest.issues.async_create_comment(ORG, NAME, 1, body="Hello")).parsed_data
        assert said.user
        assert said.user.login == "switchback[bot]"
        labels = (await bot.rest.issues.async_add_labels(ORG, NAME, 1, labels=["needs: triage"])).parsed_data
        assert [label.name for label in labels] == ["bug", "needs: triage"]
        reaction = (
            await bot.rest.reactions.async_create_for_issue_comment(ORG, NAME, said.id, content="eyes")
        ).parsed_data
        assert reaction.content == "eyes"
        changed = (
            await bot.rest.issues.async_update(ORG, NAME, 2, state="closed", state_reason="not_planned")
        ).parsed_data
        assert changed.state_reason == "not_planned"
        issue = (await bot.rest.issues.async_get(ORG, NAME, 1)).parsed_data
        assert issue.comments == 1
        pull = (await bot.rest.pulls.async_get(ORG, NAME, 6)).parsed_data
        assert (pull.changed_files, pull.additions) == (1, 3)
        changed_files = (await bot.rest.pulls.async_list_files(ORG, NAME, 6)).parsed_data
        assert changed_files[0].filename == "map.py"
        assert (await bot.rest.pulls.async_list_reviews(ORG, NAME, 6)).parsed_data[0].body == "Nice"
        assert len((await bot.rest.pulls.async_list_commits(ORG, NAME, 6)).parsed_data) == 1
        events = (await bot.rest.issues.async_list_events_for_repo(ORG, NAME)).parsed_data
        assert events[0].event == "closed"
        members = (await bot.rest.orgs.async_list_members(ORG)).parsed_data
        assert [member.login for member in members] == ["mira", "hal"]
        assert (await bot.rest.orgs.async_get(ORG)).parsed_data.login == ORG
        assert (await bot.rest.repos.async_get(ORG, NAME)).parsed_data.open_issues_count == 5
        search = await bot.rest.search.async_issues_and_pull_requests(q="is:issue author:ada org:alpine-tools")
        assert search.parsed_data.total_count == 5
        content = (await bot.rest.repos.async_get_content(ORG, NAME, "README.md")).parsed_data
        assert getattr(content, "encoding", None) == "base64"
        assert await bot.async_graphql("query { viewer { login } }") == {"viewer": {"login": "switchback[bot]"}}
        with pytest.raises(RequestFailed):
            await bot.rest.issues.async_get(ORG, NAME, 99)


async def test_pygithub_does_an_apps_work(github: Running, place: Place) -> None:
    await asyncio.to_thread(_with_pygithub, github.url, place)


def _with_pygithub(url: str, place: Place) -> None:
    assert place.app.private_key is not None
    auth = Auth.AppAuth(place.app.id, place.app.private_key)
    with GithubIntegration(auth=auth, base_url=url, seconds_between_requests=0, seconds_between_writes=0) as app:
        assert app.get_app().slug == "switchback"
        installation = app.get_org_installation(ORG)
        assert installation.id == place.installation.id
        github = app.get_github_for_installation(installation.id)
    with github:
        repo = github.get_repo(f"{ORG}/{NAME}")
        assert repo.id == place.repo.id
        github.per_page = 2
        assert [issue.number for issue in repo.get_issues(state="all")] == [6, 5, 4, 3, 2, 1]
        issue = repo.get_issue(1)
        assert issue.user.login == "ada"
        comment = issue.create_comment("Hello")
        assert comment.user.type == "Bot"
        comment.edit("Hello, Ada")
        issue.add_to_labels("needs: triage")
        assert {label.name for label in issue.get_labels()} == {"bug", "needs: triage"}
        issue.remove_from_labels("bug")
        assert issue.create_reaction("heart").content == "heart"
        issue.add_to_assignees("mira")
        issue.edit(state="closed", state_reason="completed")
        closer = repo.get_issue(1).closed_by
        assert closer
        assert closer.login == "switchback[bot]"
        assert [each.body for each in issue.get_comments()] == ["Hello, Ada"]
        assert {member.login for member in github.get_organization(ORG).get_members()} == {"mira", "hal"}
        assert repo.get_collaborator_permission("mira") == "admin"
        assert [each.filename for each in repo.get_pull(6).get_files()] == ["map.py"]
        assert repo.get_contents("README.md").decoded_content == b"# trail-maps\n"  # type: ignore[union-attr]  # one file
        assert github.search_issues("is:issue is:open author:ada").totalCount == 4
        assert github.get_rate_limit().resources.core.limit == 5000
        with pytest.raises(UnknownObjectException):
            repo.get_issue(99)
        place.world.archive(place.repo)
        with pytest.raises(GithubException, match="archived"):
            issue.create_comment("Too late")


def test_githubkit_understands_every_webhook(place: Place) -> None:
    tour.test_every_kind_of_event_has_githubs_shape(place)
    one_of_each = {delivery.name: delivery for delivery in place.world.deliveries}
    for delivery in one_of_each.values():
        parse_obj(delivery.event, delivery.payload)
