"""What is done to a thread besides writing: labels, and our own comments, changed and taken back."""

from dataclasses import replace

import pytest

from bot.effects import Act, Label, MakeLabel, Retract, Revise
from bot.github.errors import CallFailed
from bot.github.read import Reader
from bot.github.written import Done, Dropped, Taken, marker
from bot.memory import ledger
from bot.model import Person, PersonId
from bot.sandbox import Fault, model, weather
from tests.github.conftest import KEY, Desk, known

ODD = "kind/medium 50% é"


def grace(desk: Desk) -> Person:
    return Person(PersonId(desk.place.cast.grace.id), "grace")


def label(desk: Desk, *add: str, remove: tuple[str, ...] = ()) -> Label:
    ref = known(desk.issue).ref
    return Label(rule="answers", key="level/1", why="w", thread=ref, to=grace(desk), add=add, remove=remove)


def made(desk: Desk, name: str) -> MakeLabel:
    ref = known(desk.issue).ref
    return MakeLabel(
        rule="answers", key="make/1", why="w", thread=ref, to=grace(desk), name=name, color="1d76db", about="label-x",
        language="en",
    )  # fmt: skip


def carried(desk: Desk) -> list[str]:
    return [one.name for one in desk.issue.labels]


async def test_labels_are_put_on_and_taken_off(desk: Desk) -> None:
    world, maps = desk.place.world, desk.place.cast.maps
    world.create_label(maps, ODD)
    world.label(desk.issue, "bug", "enhancement", by=desk.place.cast.grace)
    act = label(desk, ODD, "support", remove=("bug", "no-bot"))  # it has no label no-bot
    assert isinstance(await desk.perform(act), Done)
    assert carried(desk) == ["enhancement", ODD, "support"]
    assert desk.state(act.key) == ("done", None)
    assert isinstance(await desk.perform(act), Taken)


async def test_a_label_is_only_taken_off(desk: Desk) -> None:
    desk.place.world.label(desk.issue, "bug", by=desk.place.cast.grace)
    assert isinstance(await desk.perform(label(desk, remove=("bug",))), Done)
    assert carried(desk) == []


async def test_a_label_that_the_repository_does_not_have_is_never_made(desk: Desk) -> None:
    """GitHub would make it without a word."""
    before = set(desk.place.cast.maps.labels)
    act = label(desk, "bug", "medium", remove=())
    assert await desk.perform(act) == Dropped("the repository has no label medium")
    assert (set(desk.place.cast.maps.labels), carried(desk)) == (before, [])
    assert desk.state(act.key) == ("dropped", "the repository has no label medium")


async def test_whether_there_is_a_label_has_to_be_known(desk: Desk) -> None:
    desk.place.weather.next(weather.bad_gateway(match=("GET", r"/.*/labels/.*")))
    with pytest.raises(CallFailed):
        await desk.perform(label(desk, "bug"))
    assert carried(desk) == []
    assert desk.place.calls()[-1].startswith("GET")


async def test_a_label_is_made_with_its_color_and_what_it_says(desk: Desk) -> None:
    act = made(desk, "medium")
    assert isinstance(await desk.perform(act), Done)
    [one] = [one for one in desk.place.cast.maps.labels.values() if one.name == "medium"]
    assert (one.color, one.description) == ("1d76db", "Stands for medium")
    [acted] = desk.store.read_now(lambda db: ledger.acted(db, act.thread))
    assert acted.detail == {"name": "medium"}


async def test_a_label_that_there_is_stays_as_it_is(desk: Desk) -> None:
    desk.place.world.create_label(desk.place.cast.maps, "Medium", color="ffffff", description="Theirs")
    assert isinstance(await desk.perform(made(desk, "medium")), Done)
    one = desk.place.cast.maps.labels["medium"]
    assert (one.name, one.color, one.description) == ("Medium", "ffffff", "Theirs")


async def test_a_label_that_github_refuses_is_not_made(desk: Desk) -> None:
    dropped = await desk.perform(made(desk, " "))
    assert isinstance(dropped, Dropped)
    assert "GitHub refuses it" in dropped.why


async def test_which_labels_there_are(desk: Desk) -> None:
    for number in range(120):
        desk.place.world.create_label(desk.place.cast.maps, f"label {number}")
    found = await Reader(desk.place.client).labels(desk.place.installation, known(desk.issue).repo)
    assert {one["name"] for one in found} == {one.name for one in desk.place.cast.maps.labels.values()}


async def said(desk: Desk, thread: model.Thread) -> Done:
    done = await desk.perform(desk.say(thread), thread)
    assert isinstance(done, Done)
    return done


def open_thread(desk: Desk, kind: str) -> model.Thread:
    cast = desk.place.cast
    return desk.issue if kind == "issue" else desk.place.world.open_discussion(cast.maps, by=cast.ada, title="A")


def revised(desk: Desk, thread: model.Thread, done: Done) -> Revise:
    say = replace(desk.say(thread), mention=False)
    return Revise(
        rule="welcome", key="revise/1", why="w", thread=say.thread, say=say, comment_id=done.external_id,
        node_id=done.node_id or "",
    )  # fmt: skip


def retracted(desk: Desk, thread: model.Thread, done: Done) -> Retract:
    say = desk.say(thread)
    return Retract(
        rule="welcome", key="retract/1", why="w", thread=say.thread, to=say.to, said=KEY, comment_id=done.external_id,
        node_id=done.node_id or "",
    )  # fmt: skip


KINDS = pytest.mark.parametrize("kind", ["issue", "discussion"])


@KINDS
async def test_our_own_comment_is_changed_where_it_stands(desk: Desk, kind: str) -> None:
    thread = open_thread(desk, kind)
    done = await said(desk, thread)
    assert isinstance(await desk.perform(revised(desk, thread, done), thread), Done)
    [comment] = desk.ours(thread)
    assert (comment.id, comment.body) == (done.external_id, f"Welcome, ada!\n\n{marker('welcome', KEY)}")


@KINDS
async def test_our_own_comment_is_taken_back(desk: Desk, kind: str) -> None:
    thread = open_thread(desk, kind)
    done = await said(desk, thread)
    act = retracted(desk, thread, done)
    assert isinstance(await desk.perform(act, thread), Done)
    assert desk.ours(thread) == []
    acted = {one.key: one for one in desk.store.read_now(lambda db: ledger.acted(db, act.thread))}
    assert acted[act.key].detail == {"said": KEY, "unwanted": False}


async def test_what_somebody_deleted_is_not_changed_and_need_not_be_taken_back(desk: Desk) -> None:
    done = await said(desk, desk.issue)
    desk.place.world.delete_comment(desk.ours()[0], by=desk.place.cast.grace)
    assert await desk.perform(revised(desk, desk.issue, done)) == Dropped("somebody has deleted the comment")
    assert isinstance(await desk.perform(retracted(desk, desk.issue, done)), Done)


async def test_it_is_done_again_after_a_crash(desk: Desk) -> None:
    done = await said(desk, desk.issue)
    acts: list[Act] = [label(desk, "bug"), made(desk, "medium"), revised(desk, desk.issue, done)]
    for act in acts:
        writes: Fault = weather.cut_after_write(match=("(POST|PATCH)", r"/.*"))
        desk.place.weather.next(writes)
        with pytest.raises(CallFailed):
            await desk.perform(act)
        desk.clock.advance(ledger.UNSURE_FOR)
        assert await desk.writer().find_out(desk.known(), desk.place.installation) is None
        assert isinstance(await desk.perform(act), Done)
    assert carried(desk) == ["bug"]
