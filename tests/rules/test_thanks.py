"""Thank-yous: what comes of `/thank` and `/share-thanks`, whose merges are thanked for, and who reads their story."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest

from bot.effects import Effect, GiveThanks, Quiet, React, Say, ShareStory
from bot.farewells import Leave, Story, Where
from bot.gratitude import Deeds, Draft, Known, Landmark, Work
from bot.looking import Asker, ThreadLook
from bot.model import GHOST, Doing, Person, PersonId, Request, ThreadKind, ThreadRef
from bot.policy import Policy
from bot.rules import answers, next_steps, thanks
from bot.rules import decide as decide_all
from bot.rules.thanks import NAME
from tests.rules.scenes import ADA, DEFAULTS, GOAT, GRACE, MAPS, NOW, look, policy

LINUS: Final = Person(PersonId(10), "linus_acme")
MARY: Final = Person(PersonId(11), "mary")
HERE: Final = "issue_comment/50"
PLACE: Final = replace(MAPS, name="team", private=True)
MARK: Final = Landmark(name="alpine-tools/trail-maps#3", url=f"{MAPS.url}/issues/3")
DEEDS: Final = Deeds(
    since=NOW - timedelta(days=2500), repos=("trail-maps", "huts"), areas=("documentation",),
    did=frozenset({Doing.COMMIT, Doing.REVIEW}), works=frozenset({Work.CALLS}), welcomed=30, mentored=2, first=MARK,
    discussed=replace(MARK, name="alpine-tools/huts#4"),
)  # fmt: skip
BARE: Final = Deeds(since=NOW, repos=("trail-maps",), did=frozenset({Doing.COMMENT}))
LEAVE: Final = Leave(
    person=ADA, at=NOW - timedelta(days=3), by=ADA.id, said_in=ThreadRef(PLACE.id, 5), place=ThreadRef(PLACE.id, 5),
    story=Story.DRAFTED,
)  # fmt: skip
ABLE: Final = {one.login: one for one in (GRACE, LINUS, MARY)}


def asked(name: str, args: str, by: Person = ADA, **changes: Any) -> ThreadLook:
    place = changes.pop("place", "issue_comment")
    request = Request(name, args, by, NOW, place, 50, "NODE", to_us=True)
    said = {f"answers/{name}/{what}/{place}/50" for what in changes.pop("did", ())}
    known = {"thanks": Known(able=ABLE), "said_here": frozenset(said)} | changes
    return look(requests=(request,), askers={by.id: Asker(belongs=True)}, **known)


def wished(where: ThreadLook, chosen: Policy = DEFAULTS) -> list[Effect]:
    return [one for one in answers.decide(where, chosen, NOW) if not isinstance(one, React) or one.content != "eyes"]


def mistake(effects: list[Effect]) -> object:
    [say] = [one for one in effects if isinstance(one, Say)]
    return say.values.get("mistake")


def thanked(effects: list[Effect]) -> list[str]:
    return [one.whom.login for one in effects if isinstance(one, GiveThanks)]


def test_somebody_is_thanked_and_that_is_all() -> None:
    order, thumb = wished(asked("thank", "@Grace for running the calls"))
    assert isinstance(order, GiveThanks)
    assert (order.person, order.whom, order.work, order.url) == (
        ADA, GRACE, Work.CALLS, f"{MAPS.url}/issues/5#issuecomment-50",
    )  # fmt: skip
    assert isinstance(thumb, React)
    assert thumb.content == "+1"


@pytest.mark.parametrize(
    ("kind", "place", "end"),
    [
        (ThreadKind.ISSUE, "issue", "issues/5"),
        (ThreadKind.PULL_REQUEST, "review", "pull/5#pullrequestreview-50"),
        (ThreadKind.PULL_REQUEST, "review_comment", "pull/5#discussion_r50"),
        (ThreadKind.DISCUSSION, "discussion_comment", "discussions/5#discussioncomment-50"),
    ],
)
def test_where_the_words_stand(kind: ThreadKind, place: str, end: str) -> None:
    order = wished(asked("thank", "@grace", kind=kind, place=place))[0]
    assert isinstance(order, GiveThanks)
    assert order.url == f"{MAPS.url}/{end}"


@pytest.mark.parametrize(
    ("where", "chosen", "why"),
    [
        pytest.param(asked("thank", ""), DEFAULTS, "words", id="nobody"),
        pytest.param(asked("thank", "@a @b @c @d @e @f"), DEFAULTS, "many", id="a-crowd"),
        pytest.param(asked("thank", "@nobody"), DEFAULTS, "who", id="unknown-or-left-alone"),
        pytest.param(asked("thank", "@ada", thanks=Known(able={"ada": ADA})), DEFAULTS, "who", id="themselves"),
        pytest.param(asked("thank", "@goat", thanks=Known(able={"goat": GOAT})), DEFAULTS, "who", id="a-bot"),
        pytest.param(
            asked("thank", "@grace"), policy(people={"leave_alone": ("Grace",)}), "who", id="by-the-configuration"
        ),
        pytest.param(asked("thank", "@grace", labels=frozenset({"no-bot"})), DEFAULTS, "who", id="in-a-silent-thread"),
        pytest.param(
            asked("thank", "@grace", thanks=Known(able=ABLE, given={ADA.id: 5})), DEFAULTS, "enough", id="enough-today"
        ),
    ],
)  # fmt: skip
def test_nobody_is_thanked(where: ThreadLook, chosen: Policy, why: str) -> None:
    effects = wished(where, chosen)
    assert (mistake(effects), thanked(effects)) == (why, [])
    assert isinstance(effects[-1], React)
    assert effects[-1].content == "confused"


@pytest.mark.parametrize(
    ("given", "did", "names"),
    [
        pytest.param(0, (), ["grace", "linus_acme"], id="two-of-three"),
        pytest.param(4, (), ["grace"], id="as-many-as-there-may-be"),
        pytest.param(2, ("order-8", "order-10"), [], id="when-it-is-done"),
    ],
)
def test_some_are_thanked_and_who_is_not_is_not_named(given: int, did: tuple[str, ...], names: list[str]) -> None:
    where = asked("thank", "@grace @linus_acme @nobody", thanks=Known(able=ABLE, given={ADA.id: given}), did=did)
    effects = wished(where)
    assert (thanked(effects), mistake(effects)) == (names, "some")
    assert isinstance(effects[-1], React)
    assert effects[-1].content == "+1"


def share(
    args: str, by: Person = ADA, *, digest: bool = True, honoured: Leave | None = LEAVE, **changes: Any
) -> ThreadLook:
    return asked("share-thanks", args, by, repo=PLACE, thanks=Known(honoured=honoured, digest=digest), **changes)


@pytest.mark.parametrize(
    ("args", "digest", "where"),
    [
        pytest.param("", True, Where.DIGEST, id="as-the-settings-say"),
        pytest.param("", False, Where.ISSUE, id="where-there-is-no-digest"),
        pytest.param("discussion", False, Where.DISCUSSION, id="a-discussion"),
        pytest.param("no", True, None, id="nowhere"),
    ],
)
def test_whoever_is_honoured_says_where_it_stands(args: str, digest: bool, where: Where | None) -> None:
    order, say, thumb = wished(share(args, digest=digest))
    assert isinstance(order, ShareStory)
    assert (order.left_at, order.where) == (LEAVE.at, where)
    assert isinstance(say, Say)
    assert (say.template, say.values["where"]) == ("answer-share-thanks-noted", where and where.value)
    assert isinstance(thumb, React)


@pytest.mark.parametrize(
    ("where", "why"),
    [
        pytest.param(share("", honoured=None), "nothing", id="there-is-none"),
        pytest.param(share("", GRACE), "not-yours", id="somebody-else"),
        pytest.param(share("on a blog"), "words", id="words"),
        pytest.param(share("digest", digest=False), "no-digest", id="no-digest"),
    ],
)
def test_nothing_is_shared(where: ThreadLook, why: str) -> None:
    effects = wished(where)
    assert mistake(effects) == why
    assert not [one for one in effects if isinstance(one, ShareStory)]


@pytest.mark.parametrize("by", [ADA, GRACE], ids=["honoured", "another"])
def test_only_whoever_is_honoured_is_told_of_sharing(by: Person) -> None:
    [say] = [one for one in wished(asked("help", "", by, thanks=Known(honoured=LEAVE))) if isinstance(one, Say)]
    can = say.values["can"]
    assert isinstance(can, dict)
    assert can["share_thanks"] is (by == ADA)


MERGED: Final = {"kind": ThreadKind.PULL_REQUEST, "merged_at": NOW, "is_open": False, "merged_before": True}
TENTH: Final = Known(merges=10, since=NOW - timedelta(days=9))
OF_NEXT_STEPS: Final = frozenset({"next_steps/1/7/2026-11-23"})


def merge(**changes: Any) -> ThreadLook:
    return look(**MERGED | {"thanks": TENTH} | changes)


def test_a_tenth_merge_is_thanked_for_also_of_the_team() -> None:
    for is_team in (True, False):
        [say] = thanks.decide(merge(is_team=is_team), DEFAULTS, NOW)
        assert isinstance(say, Say)
        assert (say.key, say.template, say.values["number"], say.to) == (
            "thanks/merge/1/7/2026-11-23", "thanks-merge", 10, ADA,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("where", "why"),
    [
        pytest.param(merge(author=GHOST), "nobody's account", id="deleted"),
        pytest.param(merge(author=GOAT), "a bot's", id="a-bot"),
        pytest.param(merge(opted_out=True), "left alone", id="opted-out"),
        pytest.param(merge(locked=True), "locked", id="locked"),
        pytest.param(merge(thanks=replace(TENTH, since=None)), "before", id="not-switched-on"),
        pytest.param(merge(thanks=replace(TENTH, since=NOW + timedelta(days=1))), "before", id="merged-before"),
        pytest.param(merge(thanks=replace(TENTH, merges=11)), "none of those", id="an-eleventh"),
        pytest.param(merge(thanks=replace(TENTH, merges=None)), "none of those", id="nobody-knows"),
        pytest.param(
            merge(said_here=OF_NEXT_STEPS, said=OF_NEXT_STEPS, done=OF_NEXT_STEPS), "said here", id="by-next-steps"
        ),
        pytest.param(merge(said=frozenset({"thanks/merge/1/7/2026-09-01"})), "within", id="of-late"),
        pytest.param(merge(done=frozenset({"next_steps/1/7/2026-09-01"})), "within", id="of-late-by-next-steps"),
    ],
)
def test_no_thanks_for_a_merge(where: ThreadLook, why: str) -> None:
    [quiet] = thanks.decide(where, DEFAULTS, NOW)
    assert isinstance(quiet, Quiet)
    assert why in quiet.why


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({"said": frozenset({"thanks/merge/1/7/2026-08-01"})}, id="long-ago"),
        pytest.param({"said": frozenset({"next_steps/1/7/2026-11-20"})}, id="which-next-steps-only-recorded"),
    ],
)
def test_thanks_again(said: dict[str, Any]) -> None:
    assert isinstance(thanks.decide(merge(**said), DEFAULTS, NOW)[0], Say)


def test_what_is_no_new_merge_is_nothing() -> None:
    assert thanks.decide(look(), DEFAULTS, NOW) == []
    assert thanks.decide(merge(merged_at=NOW - timedelta(days=8)), DEFAULTS, NOW) == []


def test_never_two_comments_of_thanks_in_one_pull_request() -> None:
    key = frozenset({"thanks/merge/1/7/2026-11-23"})
    [quiet] = next_steps.decide(merge(said_here=key, said=key, done=key), DEFAULTS, NOW)
    assert isinstance(quiet, Quiet)
    assert "thanks were said here" in quiet.why


DRAFT: Final = Draft(leave=LEAVE, place=ThreadRef(PLACE.id, 5), deeds=DEEDS)


def private(draft: Draft = DRAFT, **changes: Any) -> ThreadLook:
    return look(**{"repo": PLACE, "thanks": Known(draft=draft)} | changes)


def test_whoever_stepped_back_reads_their_story_in_their_own_issue() -> None:
    [say] = thanks.decide(private(), DEFAULTS, NOW)
    assert isinstance(say, Say)
    assert (say.template, say.to, say.mention, say.thread) == ("thanks-story", ADA, False, LEAVE.place)


@pytest.mark.parametrize(
    ("where", "chosen", "why"),
    [
        pytest.param(private(replace(DRAFT, opted_out=True)), DEFAULTS, "left alone", id="opted-out"),
        pytest.param(private(), policy(people={"leave_alone": ("ada",)}), "left alone", id="by-the-configuration"),
        pytest.param(private(replace(DRAFT, leave=replace(LEAVE, person=GHOST))), DEFAULTS, "left alone", id="deleted"),
        pytest.param(private(repo=MAPS), DEFAULTS, "private", id="public"),
        pytest.param(private(replace(DRAFT, leave=replace(LEAVE, back_at=NOW))), DEFAULTS, "back", id="back"),
        pytest.param(private(is_open=False), DEFAULTS, "closed", id="closed"),
        pytest.param(private(replace(DRAFT, deeds=Deeds())), DEFAULTS, "too little", id="nothing-to-tell"),
        pytest.param(private(locked=True), DEFAULTS, "locked", id="locked"),
        pytest.param(
            private(said_here=frozenset({f"{NAME}/story/100/5/{int(LEAVE.at.timestamp())}"})), DEFAULTS, "was said",
            id="said",
        ),
    ],
)  # fmt: skip
def test_no_story(where: ThreadLook, chosen: Policy, why: str) -> None:
    [quiet] = thanks.decide(where, chosen, NOW)
    assert isinstance(quiet, Quiet)
    assert why in quiet.why


@pytest.mark.parametrize(
    ("where", "digest", "told"),
    [("digest", True, "digest"), ("digest", False, "issue"), ("discussion", True, "discussion")],
)
def test_where_it_would_stand_is_said(where: str, digest: bool, told: str) -> None:
    [say] = thanks.decide(private(replace(DRAFT, digest=digest)), policy(thanks={"where": where}), NOW)
    assert isinstance(say, Say)
    assert (say.values["where"], say.values["digest"]) == (told, digest)


def test_it_is_shadowed_until_somebody_switches_it_on() -> None:
    found = [one for one in decide_all(private(), DEFAULTS, NOW) if isinstance(one, Say) and one.rule == NAME]
    assert [one.aloud for one in found] == [False]


def every_thanks() -> Iterator[Say]:
    """Everything that is said of thanks."""
    for number in (2, 10, 11, 21, 103):
        chosen = policy(thanks={"merges": (number,)})
        yield from _said(thanks.decide(merge(thanks=replace(TENTH, merges=number)), chosen, NOW))
    for where in Where:
        chosen = policy(thanks={"where": where.value})
        for deeds in (DEEDS, BARE):
            for digest in (True, False):
                yield from _said(thanks.decide(private(replace(DRAFT, deeds=deeds, digest=digest)), chosen, NOW))
    for args in ("", "@a @b @c @d @e @f", "@nobody", "@grace @nobody"):
        yield from _said(wished(asked("thank", args)))
    yield from _said(wished(asked("thank", "@grace", thanks=Known(able=ABLE, given={ADA.id: 5}))))
    for args in ("digest", "issue", "discussion", "no", "what"):
        yield from _said(wished(share(args)))
    for scene in (share("", honoured=None), share("", GRACE), share("digest", digest=False)):
        yield from _said(wished(scene))


def _said(effects: list[Effect]) -> Iterator[Say]:
    return (one for one in effects if isinstance(one, Say))
