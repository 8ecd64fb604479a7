"""Looking around in an organisation: what is found, in how few calls, and that nothing private is."""

import base64
from collections.abc import AsyncIterator
from typing import Final

import pytest

from bot.arrival.found import Guide, Kind
from bot.github.client import Client
from bot.github.discover import MOST_CALLS, Discoverer
from bot.github.errors import CallFailed
from bot.model import InstallationId, OwnerId, Repo, RepoId
from bot.sandbox import Fault, running, weather
from bot.sandbox import model as sandbox
from tests import github_spec
from tests.github.conftest import OURS, Place, Script, client_of, says
from tests.stage import StageClock, prepare

FORUM: Final = "https://discourse.alpine.example"
README: Final = f"""# Maps

[![forum](https://img.shields.io/x.svg)]({FORUM})
Everybody follows the [Code of Conduct](https://x.org/conduct).
"""


@pytest.fixture
async def place(private_key: str, clock: StageClock) -> AsyncIterator[Place]:
    """What is asked, and what is answered, is held against GitHub's own description."""
    world, cast = prepare(clock, private_key)
    [installation] = world.installations.values()
    spec = github_spec.rest()
    async with (
        running(world, middlewares=[spec.watch]) as github,
        client_of(github.url, str(cast.app.id), private_key, clock) as client,
    ):
        yield Place(world, cast, github, client, InstallationId(installation.id))
    assert spec.violations == []


def repo(there: sandbox.Repo) -> Repo:
    owner = there.owner
    return Repo(RepoId(there.id), OwnerId(owner.id), owner.login, there.name, private=there.private)


def write(place: Place, there: sandbox.Repo, **texts: str) -> None:
    for path, text in texts.items():
        place.world.write_file(there, path, text, by=place.cast.grace, message="A file")


async def found(place: Place, home: sandbox.Repo | None, *others: sandbox.Repo) -> tuple[Guide, ...]:
    place.github.requests.clear()
    return await Discoverer(place.client).guides(
        place.installation, repo(home) if home else None, [repo(other) for other in others]
    )


async def test_guides_are_found_where_github_looks_for_them(place: Place) -> None:
    home = place.world.repository(place.cast.organisation, ".github")
    write(place, home, **{
        "CODE_OF_CONDUCT.md": "Be kind", ".github/CONTRIBUTING.md": "Come in", "docs/llm.md": "Say so",
        "docs/code-of-conduct.md": "Be kind, again", "docs/deep/ai.md": "Too far away", "src/contributing.md": "No",
    })  # fmt: skip
    page = "https://github.com/alpine-tools/.github/blob/HEAD"
    assert await found(place, home) == (
        Guide(Kind.CODE_OF_CONDUCT, f"{page}/CODE_OF_CONDUCT.md", "alpine-tools/.github: CODE_OF_CONDUCT.md", True),
        Guide(
            Kind.CONTRIBUTING, f"{page}/.github/CONTRIBUTING.md", "alpine-tools/.github: .github/CONTRIBUTING.md", True
        ),
        Guide(Kind.AI_POLICY, f"{page}/docs/llm.md", "alpine-tools/.github: docs/llm.md", True),
    )  # fmt: skip


async def test_links_are_read_out_of_readmes_and_of_the_organisation_s_page(place: Place) -> None:
    home = place.world.repository(place.cast.organisation, ".github")
    write(place, home, **{"profile/README.md": f"Say hello: {FORUM}/hello"})
    write(place, place.cast.maps, **{"README.md": README, "profile/README.md": "https://gitter.im/no"})
    assert await found(place, home, place.cast.maps) == (
        Guide(Kind.CHAT, f"{FORUM}/hello", "alpine-tools/.github: profile/README.md"),
        Guide(Kind.CHAT, FORUM, "alpine-tools/trail-maps: README.md"),
        Guide(Kind.CODE_OF_CONDUCT, "https://x.org/conduct", "alpine-tools/trail-maps: README.md"),
    )


async def test_what_is_not_there_is_not_asked_for(place: Place) -> None:
    assert await found(place, None, place.cast.maps) == ()
    assert len(place.calls()) == 2  # the root, and the README in it


async def test_it_takes_few_calls_however_much_there_is(place: Place) -> None:
    home = place.world.repository(place.cast.organisation, ".github")
    others = [place.world.repository(place.cast.organisation, f"repo-{n}") for n in range(8)]
    paths = ("README.md", ".github/a.md", "docs/a.md", "profile/README.md")
    for each in (home, *others):
        write(place, each, **dict.fromkeys(paths, README))
    guides = await found(place, home, *others)
    assert len(place.calls()) == MOST_CALLS
    assert {guide.where.partition(": ")[0] for guide in guides} == {
        "alpine-tools/.github", *(f"alpine-tools/repo-{n}" for n in range(5)),
    }  # fmt: skip
    assert len(guides) == 12


async def test_nothing_private_is_looked_at(place: Place) -> None:
    secret = place.world.repository(place.cast.organisation, "secret", private=True)
    write(place, secret, **{"README.md": README, "CONTRIBUTING.md": "x"})
    assert await found(place, secret, secret) == ()
    assert place.calls() == []


async def test_home_is_looked_at_once(place: Place) -> None:
    assert await found(place, place.cast.maps, place.cast.maps) == ()
    assert len(place.calls()) == 2


@pytest.mark.parametrize("status", [403, 404])
async def test_what_we_may_not_see_is_not_there(place: Place, status: int) -> None:
    write(place, place.cast.huts, **{"CONTRIBUTING.md": "Come in"})
    body = {"message": "Resource not accessible by integration"}
    place.weather.next(Fault(match=("GET", ".*contents.*"), status=status, body=body))
    [guide] = await found(place, place.cast.maps, place.cast.huts)
    assert guide.kind is Kind.CONTRIBUTING


async def test_an_empty_repository_holds_nothing(client: Client, script: Script) -> None:
    script.then(says({"message": "This repository is empty."}, 404))
    maps = Repo(RepoId(11), OwnerId(1), "alpine-tools", "maps")
    assert await Discoverer(client).guides(OURS, None, [maps]) == ()


async def test_a_limit_and_what_is_broken_are_told(place: Place) -> None:
    place.weather.next(weather.secondary_limit(match=("GET", ".*contents.*"), retry_after=5))
    with pytest.raises(CallFailed):
        await found(place, place.cast.maps)
    place.weather.next(Fault(match=("GET", ".*contents.*"), status=502, body={"message": "Server Error"}))
    with pytest.raises(CallFailed):
        await found(place, place.cast.maps)


ENTRY: Final = {"path": "README.md", "type": "file"}


@pytest.mark.parametrize(
    "file",
    [
        pytest.param({"encoding": "none", "content": ""}, id="too-large-for-github"),
        pytest.param({"encoding": "base64", "content": "%"}, id="not-what-it-says"),
        pytest.param({"type": "symlink", "target": "elsewhere"}, id="a-link-to-elsewhere"),
    ],
)
async def test_what_cannot_be_read_holds_no_links(client: Client, script: Script, file: dict[str, str]) -> None:
    script.then(says([ENTRY]), says(file))
    maps = Repo(RepoId(11), OwnerId(1), "alpine-tools", "maps")
    assert await Discoverer(client).guides(OURS, None, [maps]) == ()


async def test_only_the_beginning_of_a_text_is_read(client: Client, script: Script) -> None:
    text = base64.b64encode(f"{FORUM}/a {'x' * 200_000} {FORUM}/b".encode()).decode()
    script.then(says([ENTRY]), says({"encoding": "base64", "content": text}))
    maps = Repo(RepoId(11), OwnerId(1), "alpine-tools", "maps")
    [guide] = await Discoverer(client).guides(OURS, None, [maps])
    assert guide.url == f"{FORUM}/a"


async def test_a_path_with_everything_in_it_is_an_address(client: Client, script: Script) -> None:
    script.then(says([{"path": "docs ü", "type": "dir"}, {"path": "docs", "type": "dir"}]))
    script.then(says([{"path": "docs/code of conduct.md", "type": "file"}]))
    maps = Repo(RepoId(11), OwnerId(1), "alpine-tools", "maps", url="https://github.example/alpine-tools/maps")
    [guide] = await Discoverer(client).guides(OURS, None, [maps])
    assert guide.url == "https://github.example/alpine-tools/maps/blob/HEAD/docs/code%20of%20conduct.md"
