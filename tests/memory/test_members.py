"""What memory knows of the team: from its files, from teams on GitHub, or else everybody who belongs."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

import pytest

from bot.memory import evidence, forgetting, looks, members, recall, schema, watched
from bot.memory.evidence import Met
from bot.memory.store import Store
from bot.memory.watched import Watch
from bot.model import OwnerId, Person, PersonId, Repo, RepoId
from bot.policy import Policy
from bot.team import Member, Sign, Source
from bot.teamfile.roster import Listed
from bot.teampolicy import TeamFile
from tests.memory.conftest import ADA, ANOTHER_REPO, BOT, GRACE, LINUS, LOGINS, OWNER, REPO, Archive
from tests.rules.scenes import DEFAULTS
from tests.stage import BEGIN

OURS: Final = OwnerId(OWNER)
DAY: Final = timedelta(days=1)
NOW: Final = BEGIN + 10 * DAY
TEAM: Final = "team.yaml"
OWNERS: Final = "CODEOWNERS"


@pytest.fixture
def archive(store: Store) -> Archive:
    return Archive(store)


def who(person: int) -> Person:
    return Person(PersonId(person), LOGINS[person])


def policy(files: Sequence[tuple[str, str]] = (("maps", TEAM), ("maps", OWNERS)), groups: Sequence[str] = ()) -> Policy:
    those = tuple(TeamFile(repo=repo, path=path) for repo, path in files)
    return DEFAULTS.model_copy(
        update={"team": DEFAULTS.team.model_copy(update={"files": those, "groups": tuple(groups)})}
    )


def keep(
    archive: Archive, *listed: Listed, path: str = TEAM, repos: Sequence[str] = (), repo: int = REPO, day: int = 0
) -> None:
    def write(db: Any) -> None:
        where = recall.repo(db, RepoId(repo))
        assert where is not None
        members.keep(db, where, path, listed, repos, BEGIN + day * DAY)

    archive.store.write_now(write)


def listed(person: int | str, **more: Any) -> Listed:
    return Listed(login=person if isinstance(person, str) else LOGINS[person], line=1, **more)


def team(archive: Archive, policy: Policy) -> list[Member]:
    return list(archive.store.read_now(lambda db: members.team_of(db, OURS, policy, NOW)))


def one(archive: Archive, person: int, policy: Policy) -> Member | None:
    return archive.store.read_now(lambda db: members.member(db, OURS, PersonId(person), policy, NOW))


def test_a_file_tells_who_the_team_is(archive: Archive) -> None:
    keep(
        archive,
        listed(LOGINS[ADA].upper(), given_name="Ada", groups=("hub",), last_check_in="2026-03"),
        listed("nobody"),
    )
    assert team(archive, policy()) == [
        Member(person=who(ADA), source=Source.FILE, given_name="Ada", groups=("hub",), last_check_in="2026-03")
    ]


def test_who_comes_later_is_known_to_have_come(archive: Archive) -> None:
    keep(archive, listed(ADA))
    keep(archive, listed(ADA), listed(LINUS), day=3)
    assert {one.person.id: one.since for one in team(archive, policy())} == {ADA: None, LINUS: BEGIN + 3 * DAY}
    keep(archive, listed(ADA), day=4)
    assert [one.person.id for one in team(archive, policy())] == [ADA]
    keep(archive, listed(ADA), listed(LINUS), day=5)
    assert {one.person.id: one.since for one in team(archive, policy())} == {ADA: None, LINUS: BEGIN + 5 * DAY}


@pytest.mark.parametrize(
    ("org", "here", "there", "found"),
    [
        pytest.param(True, None, None, None, id="inactive"),
        pytest.param(True, False, None, None, id="inactive-for-all"),
        pytest.param(False, True, None, (), id="emeritus-of-one"),
        pytest.param(None, True, False, ("huts",), id="active-in-another"),
        pytest.param(None, True, True, None, id="emeritus-of-both"),
        pytest.param(None, False, False, ("maps", "huts"), id="of-two"),
        pytest.param(False, False, False, (), id="of-all"),
    ],
)
def test_who_is_inactive_by_a_file_is_so_where_it_counts(
    archive: Archive, org: bool | None, here: bool | None, there: bool | None, found: tuple[str, ...] | None
) -> None:
    """In the organisation's file, and in the lists of two repositories."""
    for path, repo, repos, inactive in (
        (TEAM, REPO, (), org),
        ("M", REPO, ("maps",), here),
        ("M", ANOTHER_REPO, ("huts",), there),
    ):
        if inactive is not None:
            keep(archive, listed(ADA, inactive=inactive, given_name="Ada"), path=path, repo=repo, repos=repos)
    settings = policy([("maps", TEAM), ("maps", "M"), ("huts", "M")])
    assert [one.repos for one in team(archive, settings)] == ([] if found is None else [found])
    known = one(archive, ADA, settings)
    assert known is not None
    assert (known.inactive, known.given_name) == (found is None, "Ada")


def test_a_team_on_github_stands_for_its_people(archive: Archive) -> None:
    archive.put(schema.teams, id=7, owner_id=OWNER, slug="hub", name="Hub", gone=False, heard_at=BEGIN)
    for person, belongs in ((ADA, True), (LINUS, False), (BOT, True)):
        archive.put(schema.team_members, team_id=7, person_id=person, belongs=belongs, as_of=BEGIN)
    keep(archive, listed("Alpine-Tools/hub"), listed("elsewhere/hub"), path=OWNERS, repos=("maps",))
    assert team(archive, policy()) == [
        Member(person=who(ADA), source=Source.FILE, repos=("maps",), groups=("hub",))
    ]  # fmt: skip
    both = policy([], ["alpine-tools/HUB", LOGINS[LINUS], "alpine-tools/none"])
    assert team(archive, both) == [
        Member(person=who(ADA), source=Source.GROUP, groups=("HUB",)),
        Member(person=who(LINUS), source=Source.GROUP),
    ]


def test_where_nothing_is_configured_everybody_belongs_who_belongs(archive: Archive) -> None:
    archive.team(BOT)
    archive.team(LINUS, belongs=False)
    keep(archive, listed(ADA))
    assert team(archive, policy([])) == [Member(person=who(GRACE), source=Source.ORGANISATION)]
    assert one(archive, ADA, policy([])) is None


def test_of_other_files_nothing_stays(archive: Archive) -> None:
    keep(archive, listed(ADA))
    keep(archive, listed(LINUS), path=OWNERS)
    assert [one.person.id for one in team(archive, policy([("MAPS", OWNERS)]))] == [LINUS]
    archive.store.write_now(lambda db: members.keep_only(db, OURS, [(RepoId(REPO), OWNERS)]))
    assert [one.person.id for one in team(archive, policy())] == [LINUS]


def test_github_is_asked_who_nobody_knows(archive: Archive) -> None:
    keep(archive, listed("Zoe"), listed("alpine/hub"), listed(ADA))
    store, zoe = archive.store, Person(PersonId(777), "Zoe")
    assert store.read_now(lambda db: members.unknown(db, OURS, 5)) == ["zoe"]
    store.write_now(lambda db: members.are(db, OURS, [zoe], NOW))
    assert store.read_now(lambda db: members.unknown(db, OURS, 5)) == []
    assert [one.person for one in team(archive, policy())] == [who(ADA), zoe]


def test_nothing_is_kept_of_the_forgotten(archive: Archive) -> None:
    keep(archive, listed(ADA), listed("zoe"))
    archive.store.write_now(lambda db: forgetting.forget(db, who(ADA), NOW))
    archive.store.write_now(lambda db: forgetting.forget(db, Person(PersonId(777), "zoe"), NOW))
    keep(archive, listed(ADA), listed("zoe"), listed(GRACE), day=1)
    archive.store.write_now(lambda db: members.are(db, OURS, [Person(PersonId(777), "zoe")], NOW))
    assert [one.person.id for one in team(archive, policy())] == [GRACE]
    assert archive.store.read_now(lambda db: members.unknown(db, OURS, 5)) == []


def test_who_was_at_a_meeting_is_evidence(archive: Archive) -> None:
    """Notes without a day count for the push that brought a name into them; what is yet to come, and who nobody knows,
    does not count."""
    where = archive.store.read_now(lambda db: recall.repo(db, RepoId(REPO)))
    assert where is not None

    def meet(db: Any, repo: Repo, url: str, day: int | None, *met: Met) -> None:
        at = None if day is None else BEGIN + day * DAY
        evidence.met(db, repo, url, met, pushed_at=at, now=NOW, is_bot=DEFAULTS.is_bot)

    first, names = BEGIN.replace(hour=0), [LOGINS[ADA], LOGINS[LINUS].upper(), "nobody", LOGINS[BOT]]
    dated = [Met(name, first + DAY) for name in names] + [Met(LOGINS[ADA], NOW + DAY)]
    undated = [Met(name, None) for name in names]
    archive.store.write_now(lambda db: meet(db, where, "a", 5, *dated))
    archive.store.write_now(lambda db: meet(db, where, "a", 6, *dated))
    archive.store.write_now(lambda db: meet(db, where, "b", None, *undated))
    archive.store.write_now(lambda db: meet(db, where, "b", 2, *undated[:1]))
    archive.store.write_now(lambda db: meet(db, where, "b", 4, *undated))
    found = archive.store.read_now(lambda db: evidence.since(db, OURS, BEGIN - DAY, Sign.MEETING))
    assert [(one.person, one.at - first, one.url, one.repo_id) for one in found] == [
        (ADA, DAY, "a", REPO), (LINUS, DAY, "a", REPO), (ADA, 2 * DAY, "b", REPO), (LINUS, 4 * DAY, "b", REPO)
    ]  # fmt: skip


def test_a_push_is_news_where_it_touches_what_is_read(archive: Archive) -> None:
    store, maps = archive.store, RepoId(REPO)
    where = store.read_now(lambda db: recall.repo(db, maps))
    assert where is not None

    def push(*paths: str, all_known: bool = True, day: int = 1) -> bool:
        store.write_now(lambda db: watched.pushed(db, where, paths, BEGIN + day * DAY, all_known=all_known))
        return store.read_now(lambda db: looks.next_due(db, ())) is not None

    assert not push(TEAM)
    store.write_now(lambda db: watched.watch(db, OURS, {maps: Watch((TEAM,), ("m/*",))}))
    store.write_now(lambda db: watched.read(db, OURS, {}, [maps]))
    assert not push("other.md")
    assert push(TEAM)
    assert push("m/a.md", "m/b.md", day=2)
    push("m/a.md", day=3)
    store.write_now(lambda db: watched.read(db, OURS, {(maps, "m/a.md"): BEGIN + 2 * DAY, (maps, "m/b.md"): NOW}, []))
    store.write_now(lambda db: watched.wrong(db, OURS, ["it is odd"]))
    state = store.read_now(lambda db: watched.state(db, OURS))
    assert state.changed == {(maps, "m/a.md"): BEGIN + 3 * DAY}
    assert (state.listed, state.problems) == (frozenset({maps}), ("it is odd",))
    push("x", all_known=False)
    assert store.read_now(lambda db: watched.state(db, OURS)).listed == frozenset()
    other = store.write_now(lambda db: watched.watch(db, OURS, {maps: Watch((), ("n/*",))}))
    assert (other.changed, other.listed) == ({}, frozenset())
