"""What GitHub is asked for comes back as our own values, whole and checked."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from bot.github.client import Client
from bot.github.errors import CallFailed, RetryAt
from bot.github.read import Comment, Identity, Installed, Past, Reader, by_login
from bot.model import InstallationId, OwnerId, Person, PersonId, Repo, RepoId, Thread, ThreadKind, ThreadRef
from bot.sandbox import ChangedFile, Fault, weather
from bot.sandbox import model as sandbox
from tests.github.conftest import OURS, Place, Script, known, says
from tests.stage import BEGIN, StageClock

DAY = timedelta(days=1)
FILES = [ChangedFile(filename="a.py")]


def reader(place: Place) -> Reader:
    return Reader(place.client)


async def test_who_we_are(place: Place) -> None:
    identity = await reader(place).identity()
    assert identity == Identity(place.cast.app.id, "switchback")
    assert identity.login == "switchback[bot]"


async def test_where_the_app_is_installed_and_where_it_is_suspended(place: Place) -> None:
    home = place.world.install(place.cast.app, place.cast.linus)
    place.world.suspend(home)
    found = {one.id: one for one in await reader(place).installations()}
    assert {id_: (one.account["login"], one.suspended) for id_, one in found.items()} == {
        place.installation: ("alpine-tools", False),
        home.id: ("linus", True),
    }
    assert isinstance(found[InstallationId(home.id)], Installed)


async def test_all_members_are_read_the_private_ones_too(place: Place) -> None:
    new = [place.world.user(f"member-{number}") for number in range(120)]
    for number, account in enumerate(new):
        place.world.add_member(place.cast.organisation, account, public=number % 2 == 0)
    found = await reader(place).members(place.installation, "alpine-tools")
    assert {person.id for person in found} == {account.id for account in (*new, place.cast.grace)}
    assert len(place.calls()) == 3


async def test_collaborators_from_outside_belong_too(place: Place) -> None:
    place.world.add_collaborator(place.cast.maps, place.cast.linus)
    found = await reader(place).members(place.installation, "alpine-tools")
    assert {person.id for person in found} == {place.cast.grace.id, place.cast.linus.id}


@pytest.mark.parametrize("status", [403, 404])
async def test_members_are_known_where_collaborators_may_not_be(place: Place, status: int) -> None:
    body = {"message": "Resource not accessible by integration"}
    place.weather.next(Fault(match=("GET", ".*outside_collaborators"), status=status, body=body))
    found = await reader(place).members(place.installation, "alpine-tools")
    assert {person.id for person in found} == {place.cast.grace.id}


async def test_the_first_hundred_changed_files_are_read(place: Place) -> None:
    files = [ChangedFile(filename=f"docs/{number}.md") for number in range(130)]
    pull = place.world.open_pull_request(place.cast.maps, by=place.cast.ada, title="A", files=files)
    found = await reader(place).paths(place.installation, known(pull).repo, pull.number)
    assert found == tuple(file.filename for file in files[:100])


@pytest.mark.parametrize("kind", ["issue", "pull request", "discussion"])
async def test_comments_are_read_with_their_authors(place: Place, kind: str) -> None:
    world, cast = place.world, place.cast
    thread: sandbox.Thread
    match kind:
        case "issue":
            thread = world.open_issue(cast.maps, by=cast.ada, title="A")
        case "pull request":
            thread = world.open_pull_request(cast.maps, by=cast.ada, title="A", files=FILES)
        case _:
            thread = world.open_discussion(cast.maps, by=cast.ada, title="A")
    written = [world.comment(thread, by=who, body=f"It is me, {who.login}") for who in (cast.grace, cast.app.bot)]
    gone = world.user("shadow")
    written.append(world.comment(thread, by=gone, body="Farewell"))
    world.delete_user(gone)
    found = await reader(place).comments(place.installation, known(thread))
    assert [(one.id, one.login, one.body) for one in found] == [
        (written[0].id, "grace", "It is me, grace"),
        (written[1].id, "switchback[bot]", "It is me, switchback[bot]"),
        (written[2].id, "ghost", "Farewell"),
    ]
    assert all(one.url.startswith("https://github.com/alpine-tools/trail-maps/") for one in found)


async def test_a_long_issue_is_read_to_its_end_and_of_a_long_discussion_the_last_hundred(place: Place) -> None:
    world, cast = place.world, place.cast
    issue = world.open_issue(cast.maps, by=cast.ada, title="A")
    discussion = world.open_discussion(cast.maps, by=cast.ada, title="A")
    for thread in (issue, discussion):
        for number in range(105):
            world.comment(thread, by=cast.linus, body=str(number))
    bodies = [one.body for one in await reader(place).comments(place.installation, known(issue))]
    assert bodies == [str(number) for number in range(105)]
    bodies = [one.body for one in await reader(place).comments(place.installation, known(discussion))]
    assert bodies == [str(number) for number in range(5, 105)]


async def test_a_discussion_that_is_gone_has_no_comments(client: Client, script: Script) -> None:
    script.then(says({"data": {"node": None}}))
    assert await Reader(client).comments(OURS, replace(THREAD, kind=ThreadKind.DISCUSSION)) == []


def open_issue(p: Place) -> None:
    p.world.open_issue(p.cast.huts, by=p.cast.ada, title="Before")


def open_pull(p: Place) -> sandbox.PullRequest:
    return p.world.open_pull_request(p.cast.huts, by=p.cast.ada, title="Before", files=FILES)


def merge(p: Place) -> None:
    for thread in p.cast.huts.threads.values():
        if isinstance(thread, sandbox.PullRequest):
            p.world.merge(thread, by=p.cast.grace)


def open_and_merge(p: Place) -> None:
    p.world.merge(open_pull(p), by=p.cast.grace)


def another_opens(p: Place) -> None:
    p.world.open_pull_request(p.cast.huts, by=p.cast.linus, title="Before", files=FILES)


def open_elsewhere(p: Place) -> None:
    p.world.open_issue(p.world.repository(p.cast.linus, "own"), by=p.cast.ada, title="Before")


def open_and_rename(p: Place) -> None:
    open_issue(p)
    p.world.rename_user(p.cast.ada, "countess")


def nothing(p: Place) -> None:
    pass


@dataclass(frozen=True)
class Case:
    """What Ada did before we listened, what happened since, what GitHub tells, and after how many searches."""

    id: str
    before: Callable[[Place], object]
    told: Past
    searches: int
    since: Callable[[Place], object] = nothing


NOTHING = Past(has_past=False, merged_before=False)
SOMETHING = Past(has_past=True, merged_before=False)
CASES = [
    Case("nothing", nothing, NOTHING, 2),
    Case("an issue", open_issue, SOMETHING, 2),
    Case("a pull request", open_pull, SOMETHING, 1),
    Case("a merge", open_and_merge, Past(has_past=True, merged_before=True), 1),
    Case("a pull request, merged since", open_pull, SOMETHING, 1, merge),
    Case("only since", nothing, NOTHING, 2, open_issue),
    Case("by somebody else", another_opens, NOTHING, 2),
    Case("elsewhere", open_elsewhere, NOTHING, 2),
    Case("under a name of old", open_and_rename, Past(has_past=None, merged_before=None), 1),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
async def test_the_past_of_an_author(place: Place, clock: StageClock, case: Case) -> None:
    login = place.cast.ada.login
    case.before(place)
    clock.advance(DAY)
    since = clock()
    clock.advance(DAY)
    case.since(place)
    thread = known(place.world.open_issue(place.cast.maps, by=place.cast.ada, title="Now"))
    thread = replace(thread, author=Person(thread.author.id, login))
    told = await reader(place).past(place.installation, thread, since, in_organisation=True)
    assert told == case.told
    asked = [seen.query["q"] for seen in place.github.requests if seen.route == "/search/issues"]
    assert [("is:pull-request" in query, "is:issue" in query) for query in asked] == [
        (True, False),
        (False, True),
    ][: case.searches]


async def test_what_was_witnessed_is_not_the_past(place: Place, clock: StageClock) -> None:
    seen = place.world.open_issue(place.cast.maps, by=place.cast.ada, title="Before")
    clock.advance(DAY)
    thread = known(place.world.open_issue(place.cast.maps, by=place.cast.ada, title="Now"))
    witnessed = {(seen.repo.full_name.lower(), seen.number)}
    past = await reader(place).past(place.installation, thread, clock(), in_organisation=True, witnessed=witnessed)
    assert past == NOTHING


async def test_one_installation_is_asked_for_by_its_id(place: Place) -> None:
    found = await reader(place).installation(place.installation)
    assert found is not None
    assert (found.id, found.suspended) == (place.installation, False)
    assert await reader(place).installation(InstallationId(404)) is None


async def test_at_a_users_own_repositories_the_past_is_what_was_there(place: Place, clock: StageClock) -> None:
    place.world.install(place.cast.app, place.cast.linus)
    installation = InstallationId(max(place.world.installations))
    own = place.world.repository(place.cast.linus, "own")
    place.world.open_issue(own, by=place.cast.ada, title="Before")
    clock.advance(DAY)
    thread = known(place.world.open_issue(own, by=place.cast.ada, title="Now"))
    told = await reader(place).past(installation, thread, clock(), in_organisation=False)
    assert told == SOMETHING


async def test_an_index_that_lags_behind_is_no_excuse_for_an_error(place: Place, clock: StageClock) -> None:
    place.weather.next(weather.secondary_limit(match=("GET", "/search/issues"), retry_after=5))
    thread = known(place.world.open_issue(place.cast.maps, by=place.cast.ada, title="Now"))
    with pytest.raises(CallFailed) as caught:
        await reader(place).past(place.installation, thread, clock(), in_organisation=True)
    assert isinstance(caught.value.failure, RetryAt)
    assert caught.value.failure.slow_down


THREAD = Thread(
    ref=ThreadRef(RepoId(11), 5), kind=ThreadKind.ISSUE, repo=Repo(RepoId(11), OwnerId(1), "alpine-tools", "maps"),
    author=Person(PersonId(101), "ada"), node_id="N5", created_at=BEGIN, heard_at=BEGIN,
)  # fmt: skip


def _hit(**other: object) -> dict[str, object]:
    """A merged pull request of a year ago, by Ada."""
    merged: dict[str, object] = {
        "number": 1,
        "repository_url": "https://api.github.com/repos/Alpine-Tools/Maps",
        "user": {"id": 101, "login": "ada"},
        "created_at": "2025-11-01T00:00:00Z",
        "pull_request": {"merged_at": "2025-11-02T00:00:00Z"},
    }
    return merged | other


HITS: list[tuple[str, dict[str, object], Past]] = [
    ("what was asked for", _hit(), Past(has_past=True, merged_before=True)),
    (
        "merged since",
        _hit(pull_request={"merged_at": "2026-12-01T00:00:00Z"}),
        Past(has_past=True, merged_before=False),
    ),
    ("not merged", _hit(pull_request={"merged_at": None}), SOMETHING),
    ("an issue, without a pull_request", _hit(pull_request=None), SOMETHING),
    (
        "of another who has the name now",
        _hit(user={"id": 9, "login": "ada"}),
        Past(has_past=False, merged_before=False),
    ),
    ("of a ghost", _hit(user=None), NOTHING),
    ("younger than asked for", _hit(created_at="2026-11-23T09:00:00Z"), NOTHING),
    ("this very thread", _hit(number=5), NOTHING),
    ("of the same number elsewhere", _hit(number=5, repository_url=""), Past(has_past=True, merged_before=True)),
]


@pytest.mark.parametrize(("hit", "told"), [row[1:] for row in HITS], ids=[row[0] for row in HITS])
async def test_what_the_search_finds_is_not_taken_at_its_word(
    client: Client, script: Script, clock: StageClock, hit: dict[str, object], told: Past
) -> None:
    script.then(*[says({"total_count": 1, "incomplete_results": False, "items": [hit]})] * 2)
    assert await Reader(client).past(OURS, THREAD, clock(), in_organisation=True) == told


@pytest.mark.parametrize("found", [True, False])
async def test_a_search_that_did_not_finish_counts_only_for_what_it_found(
    client: Client, script: Script, clock: StageClock, found: bool
) -> None:
    script.then(says({"total_count": 0, "incomplete_results": True, "items": [_hit()] if found else []}))
    past = Reader(client).past(OURS, THREAD, clock(), in_organisation=True)
    if found:
        assert (await past).has_past
    else:
        with pytest.raises(CallFailed) as caught:
            await past
        assert isinstance(caught.value.failure, RetryAt)


def test_comments_by_certain_accounts_are_noticed_whatever_the_case_of_their_login() -> None:
    comments = [Comment(1, "Welcome-Robot", "Welcome!", ""), Comment(2, "ada", "I am no welcome-robot", "")]
    assert by_login(comments, ["other[bot]", "welcome-robot"])
    assert not by_login(comments, ["robot", "welcome-robot[bot]"])
    assert not by_login([], ["ada"])
    assert not by_login(comments, [])
