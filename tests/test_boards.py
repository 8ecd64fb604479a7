"""An issue of our own is touched only in the repository in which it was opened."""

from bot.boards import Boards, Page
from bot.github.read import Reader
from bot.github.write import Writer
from bot.memory import boards, recall
from bot.model import InstallationId, OwnerId, RepoId
from tests.conftest import Play


async def test_an_issue_of_one_repository_is_not_looked_for_in_another(play: Play) -> None:
    stage, cast = await play()
    store, client, owner = stage.parts.store, stage.parts.client, OwnerId(cast.organisation.id)
    keeper = Boards(store, Writer(client, Reader(client), store, stage.clock), stage.clock)
    [installation] = stage.world.installations
    paint = stage.world.open_issue(cast.huts, by=cast.grace, title="Paint the hut", body="Red.")
    await stage.settle()
    huts = await store.read(lambda db: recall.repo(db, RepoId(cast.huts.id)))
    assert huts is not None
    page = Page(
        rule="digest", name="digest/1", owner_id=owner, repo=huts, why="", title="The week", body="It was calm."
    )
    now = stage.clock()

    def known(name: str, repo_id: int) -> None:
        store.write_now(lambda db: boards.opened(db, owner, name, RepoId(repo_id), paint.number, "N", "", now))

    stage.forget_calls()
    known("digest/1", cast.maps.id)
    await keeper.keep(page, InstallationId(installation))
    assert stage.calls() == []

    # Even if memory says that an issue is ours, GitHub has the last word.
    known("digest/1", cast.huts.id)
    await keeper.keep(page, InstallationId(installation))
    [ours] = await store.read(lambda db: boards.still_open(db, owner, "digest/"))
    await keeper.close(owner, ours, rule="digest")
    assert (paint.title, paint.body, paint.open, stage.calls("PATCH")) == ("Paint the hut", "Red.", True, [])
