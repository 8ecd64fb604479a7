"""Whatever happens between claiming and settling, each thing is written once, and nothing that cannot be."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from itertools import product
from typing import Any, Final

import pytest
from sqlalchemy import Connection

from bot.effects import MakeLabel, OpenIssue, React, Say
from bot.github.client import Client
from bot.github.errors import Bug, CallFailed, Failure, NeedsPermission, RetryAt
from bot.github.read import Reader
from bot.github.write import Writer
from bot.github.written import Done, Dropped, Taken, marker
from bot.memory import ledger, payloads, places, rows, schema
from bot.memory.ledger import UNSURE_FOR
from bot.model import OwnerId, Person, PersonId, Repo, RepoId, Request
from bot.sandbox import Fault, weather
from bot.sandbox import model as sandbox
from tests.github.conftest import KEY, OURS, Desk, Script, known, render, says
from tests.stage import BEGIN

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


def open_thread(desk: Desk, kind: str) -> sandbox.Thread:
    world, cast = desk.place.world, desk.place.cast
    match kind:
        case "discussion":
            return world.open_discussion(cast.maps, by=cast.ada, title="A")
        case "pull request":
            return world.open_pull_request(cast.maps, by=cast.ada, title="A")
        case _:
            return desk.issue


KINDS = ["issue", "pull request", "discussion"]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_comment_is_written_once_and_settled(desk: Desk, kind: str) -> None:
    thread = open_thread(desk, kind)
    act = desk.say(thread)
    done = await desk.perform(act, thread)
    [comment] = desk.ours(thread)
    assert isinstance(done, Done)
    assert done.external_id == comment.id
    assert done.url.startswith("https://github.com/alpine-tools/trail-maps/")
    assert comment.body == f"Welcome, @ada!\n\n{marker('welcome', KEY)}"
    assert desk.state() == ("done", None)
    writes = desk.writes()
    assert isinstance(await desk.perform(act, thread), Taken)
    assert isinstance(await desk.perform(desk.say(open_thread(desk, "issue")), desk.issue), Taken)
    assert desk.writes() == writes
    assert len(desk.ours(thread)) == 1


def test_a_marker_is_one_for_each_key_and_tells_nobody_whom_it_is_about() -> None:
    marks = {marker("welcome", KEY), marker("welcome", "welcome/issue/1/102"), marker("thanks", KEY)}
    assert len(marks) == 3
    assert all(re.fullmatch(r"<!-- switchback (welcome|thanks) [0-9a-f]{16} -->", mark) for mark in marks)


# What befalls one try: the process dies when it has claimed, or one of the faults meets the call.
DIES: Final = "dies after the claim"
LOOK_UP: Final = ("GET", r"/.*/issues/\d+/comments")
BEFALLS: Final[dict[str, tuple[Fault, ...]]] = {
    DIES: (),
    "cut before": (weather.cut_before_write(match=weather.COMMENTS),),
    "cut after": (weather.cut_after_write(match=weather.COMMENTS),),
    "502 after": (weather.bad_gateway(after=True, match=weather.COMMENTS),),
    "cut after, look-up fails": (weather.cut_after_write(match=weather.COMMENTS), weather.bad_gateway(match=LOOK_UP)),
    "429": (weather.secondary_limit(status=429, match=weather.COMMENTS),),
    "404": (weather.not_found_first(match=weather.COMMENTS),),
}


@pytest.mark.parametrize("befalls", list(product(BEFALLS, repeat=2)), ids=" and then ".join)
async def test_there_is_exactly_one_comment_in_the_end(desk: Desk, befalls: tuple[str, ...]) -> None:
    act = desk.say()
    for name in befalls:
        if name == DIES:
            await desk.store.write(partial(desk.claims, act))
        desk.place.weather.next(*BEFALLS[name])
        await desk.look(act)
        desk.clock.advance(SECOND)
        await desk.look(act)
        assert len(desk.ours()) <= 1
        desk.clock.advance(UNSURE_FOR)
    for _ in range(4):
        await desk.look(act)
        desk.clock.advance(UNSURE_FOR)
    assert len(desk.ours()) == 1
    assert desk.state() == ("done", None)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_comment_that_was_made_unheard_is_found_and_not_before_the_request_must_be_over(
    desk: Desk, kind: str
) -> None:
    thread = open_thread(desk, kind)
    act, began = desk.say(thread), desk.clock()
    desk.place.weather.next(weather.cut_after_write())
    with pytest.raises(CallFailed) as caught:
        await desk.perform(act, thread)
    assert isinstance(caught.value.failure, RetryAt)
    assert caught.value.failure.unsure

    with pytest.raises(CallFailed) as caught:
        await desk.perform(act, thread)
    assert caught.value.failure == RetryAt("it may be happening right now", began + UNSURE_FOR, unsure=True)
    find_out = desk.writer().find_out
    desk.clock.advance(UNSURE_FOR - SECOND)
    assert await find_out(desk.known(thread), desk.place.installation) == began + UNSURE_FOR
    desk.clock.advance(SECOND)
    assert await find_out(desk.known(thread), desk.place.installation) is None
    [comment] = desk.ours(thread)
    [entry] = desk.store.read_now(lambda db: ledger.about(db, known(thread).ref))
    assert entry.state == "done"
    assert entry.url is not None
    assert str(comment.id) in entry.url
    assert isinstance(await desk.perform(act, thread), Taken)


async def test_a_marker_that_a_human_copied_is_not_taken_for_ours(desk: Desk) -> None:
    world, cast = desk.place.world, desk.place.cast
    act = desk.say()
    desk.place.weather.next(weather.cut_before_write(match=weather.COMMENTS))
    await desk.look(act)
    for who in (cast.ada, world.bot("switchback-2"), world.user("switchback")):
        world.comment(desk.issue, by=who, body=f"I have seen {marker('welcome', KEY)}")
    desk.clock.advance(UNSURE_FOR)
    await desk.look(act)
    assert len(desk.ours()) == 1
    assert desk.state() == ("done", None)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_comment_that_a_restored_ledger_does_not_know_is_not_repeated(desk: Desk, kind: str) -> None:
    thread = open_thread(desk, kind)
    act = desk.say(thread)
    first = await desk.perform(act, thread)
    desk.store.write_now(lambda db: db.execute(schema.ledger.delete()))
    desk.clock.advance(HOUR)
    assert await desk.perform(act, thread) == first
    assert len(desk.ours(thread)) == 1
    assert desk.state() == ("done", None)
    assert isinstance(await desk.perform(act, thread), Taken)
    assert isinstance(await desk.perform(desk.say(thread, "another"), thread), Done)
    assert len(desk.ours(thread)) == 2


async def test_a_new_thread_is_not_searched(desk: Desk) -> None:
    await desk.perform(desk.say())
    assert desk.place.calls() == ["POST /repos/{owner}/{repo}/issues/{issue_number}/comments"]


async def test_all_doubts_about_a_thread_are_settled_and_who_we_are_is_asked_once(desk: Desk) -> None:
    desk.place.weather.next(weather.cut_after_write(), weather.cut_before_write())
    for key in ("one", "two"):
        with pytest.raises(CallFailed):
            await desk.perform(desk.say(key=key))
    desk.clock.advance(UNSURE_FOR)
    assert await desk.writer().find_out(desk.known(), desk.place.installation) is None
    assert (desk.state("one"), desk.state("two")) == (("done", None), None)
    assert desk.place.calls().count("GET /app") == 1


@dataclass(frozen=True)
class Case:
    """A fault or an act of somebody's, how the write fails for it, and whether the claim stands."""

    id: str
    given: Callable[[Desk], object]
    kind: type[Failure]
    stands: bool = False


def _weather(*faults: Fault) -> Callable[[Desk], object]:
    return lambda desk: desk.place.weather.next(*faults)


FAILS = [
    Case("401 and again", _weather(weather.expired_token(match=weather.COMMENTS, times=2)), RetryAt),
    Case("403 secondary", _weather(weather.secondary_limit(match=weather.COMMENTS)), RetryAt),
    Case("403 used up", _weather(weather.primary_limit(reset_at=BEGIN + HOUR * 30, match=weather.COMMENTS)), RetryAt),
    Case("404", _weather(weather.not_found_first(match=weather.COMMENTS)), RetryAt),
    Case("502", _weather(weather.bad_gateway(match=weather.COMMENTS)), RetryAt, stands=True),
    Case("400", _weather(Fault(match=weather.COMMENTS, status=400, body={"message": "Problems parsing JSON"})), Bug),
    Case("no permission", lambda d: d.place.world.installations[d.place.installation].permissions.update(issues="read"),
         NeedsPermission),
]  # fmt: skip


@pytest.mark.parametrize("case", FAILS, ids=lambda case: case.id)
async def test_what_certainly_did_not_happen_frees_the_key(desk: Desk, case: Case) -> None:
    case.given(desk)
    with pytest.raises(CallFailed) as caught:
        await desk.perform(desk.say())
    assert isinstance(caught.value.failure, case.kind)
    assert desk.state() == (("claimed", None) if case.stands else None)
    assert desk.ours() == []


DROPS: list[tuple[str, Callable[[Desk], object], str]] = [
    ("locked", lambda d: d.place.world.lock(d.issue, by=d.place.cast.grace), "locked"),
    ("archived", lambda d: d.place.world.archive(d.place.cast.maps), "archived"),
    ("deleted", lambda d: d.place.world.delete(d.issue, by=d.place.cast.grace), "deleted"),
    ("blocked", lambda d: d.place.world.block(d.place.cast.app.bot, by=d.place.cast.ada), "refuses"),
]


@pytest.mark.parametrize(("given", "why"), [row[1:] for row in DROPS], ids=[row[0] for row in DROPS])
async def test_what_cannot_be_written_is_dropped_and_not_tried_again(
    desk: Desk, given: Callable[[Desk], object], why: str
) -> None:
    given(desk)
    dropped = await desk.perform(desk.say())
    assert isinstance(dropped, Dropped)
    assert why in dropped.why
    assert desk.state() == ("dropped", dropped.why)
    writes = desk.writes()
    assert isinstance(await desk.perform(desk.say()), Taken)
    assert desk.writes() == writes


async def test_it_says_what_the_budget_allows_and_writes_that_down(desk: Desk) -> None:
    desk.allow = lambda db, say: replace(say, mention=False)
    await desk.perform(desk.say())
    [comment] = desk.ours()
    assert comment.body.startswith("Welcome, ada!")
    mentions = desk.store.read_now(lambda db: ledger.mentions_of(db, [desk.say().to.id], BEGIN)[desk.say().to.id])
    assert mentions == 0


async def test_words_that_cannot_be_found_claim_nothing(desk: Desk) -> None:
    def fails(text: Say | MakeLabel) -> str:
        raise LookupError("no such message")

    with pytest.raises(LookupError):
        await desk.writer().perform(
            desk.say(), desk.known(), desk.place.installation, allow=desk.allow, render=fails
        )  # fmt: skip
    assert desk.state() is None


async def test_a_claim_that_took_long_to_make_is_not_acted_on(desk: Desk) -> None:
    def slowly(db: Connection, say: Say) -> Say:
        desk.clock.advance(SECOND * 5)
        return say

    desk.allow = slowly
    with pytest.raises(CallFailed) as caught:
        await desk.perform(desk.say())
    assert isinstance(caught.value.failure, RetryAt)
    assert caught.value.failure.unsure
    assert desk.writes() == 0


PLACES = ["issue", "issue_comment", "review_comment", "discussion", "discussion_comment"]


def asked(desk: Desk, where: str) -> tuple[React, sandbox.Thread, Any]:
    """Ada's request at such a place, the thread it is in, and the thing that gets the reaction."""
    world, cast = desk.place.world, desk.place.cast
    thread = open_thread(desk, {"discussion": "discussion", "discussion_comment": "discussion"}.get(where, "issue"))
    thing: Any = thread
    if where == "review_comment":
        thread = open_thread(desk, "pull request")
        assert isinstance(thread, sandbox.PullRequest)
        thing = world.review_comment(thread, by=cast.ada, body="/no-bot", path="a.py")
    elif where.endswith("comment"):
        thing = world.comment(thread, by=cast.ada, body="/no-bot")
    ada = Person(PersonId(cast.ada.id), "ada")
    request = Request("no-bot", "", ada, BEGIN, where, thing.id, thing.node_id)
    key = f"stop/{where}/{thing.id}"
    act = React(rule="stop", key=key, why="ada asked", thread=known(thread).ref, request=request, content="+1")
    return act, thread, thing


@pytest.mark.parametrize("where", PLACES)
async def test_a_reaction_is_given_where_it_was_asked_for_and_once(desk: Desk, where: str) -> None:
    act, thread, thing = asked(desk, where)
    desk.place.weather.next(weather.cut_after_write())
    for _ in range(3):
        await desk.look(act, thread)
        desk.clock.advance(UNSURE_FOR)
    assert [(one.content, one.account) for one in thing.reactions] == [("+1", desk.place.cast.app.bot)]
    assert desk.state(act.key) == ("done", None)
    assert isinstance(await desk.perform(act, thread), Taken)


async def test_nothing_private_is_written_where_everybody_can_read_it(desk: Desk) -> None:
    """The news that a repository was opened to everybody may be on its way, or lost."""
    world, cast = desk.place.world, desk.place.cast
    private = world.repository(cast.organisation, "people", private=True)
    issue = world.open_issue(private, by=cast.ada, title="A")
    [delivery] = [one for one in world.deliveries if one.event == "issues" and b'"people"' in one.body]
    where = payloads.repo(json.loads(delivery.body)["repository"])
    desk.store.write_now(lambda db: places.repo(db, where, desk.clock()))
    opened = OpenIssue(rule="check_ins", key="a", why="", repo=where, title="B", body="C")

    async def write(act: Say) -> None:
        thread = known(issue, repo=where)
        await desk.writer().perform(act, thread, desk.place.installation, allow=desk.allow, render=render)

    world.open_issue(private, by=cast.app.bot, title="Emptied by somebody", body="")
    assert isinstance(await desk.writer().carry_out(replace(opened, key="b"), desk.place.installation), Done)
    await write(desk.say(issue))
    assert len(desk.ours(issue)) == 1
    world.publicize(private, by=cast.grace)
    with pytest.raises(CallFailed, match="not private any more"):
        await write(desk.say(issue, "welcome/issue/1/102"))
    with pytest.raises(CallFailed, match="not private any more"):
        await desk.writer().carry_out(opened, desk.place.installation)
    assert (len(desk.ours(issue)), len(private.threads)) == (1, 3)
    assert desk.state("a") is None
    learned = desk.store.read_now(lambda db: rows.get(db, schema.repos, id=where.id))
    assert learned is not None
    assert not learned["private"]


async def test_what_a_whole_enterprise_may_read_is_not_private(desk: Desk, client: Client, script: Script) -> None:
    where = Repo(RepoId(1), OwnerId(2), "alpine-tools", "people", private=True)
    script.then(says({"private": True, "visibility": "internal"}))
    opened = OpenIssue(rule="check_ins", key="a", why="", repo=where, title="B", body="C", for_few=True)
    with pytest.raises(CallFailed, match="enterprise"):
        await Writer(client, Reader(client), desk.store, desk.clock).carry_out(opened, OURS)
    assert [call.path for call in script.calls] == ["/repos/alpine-tools/people"]
