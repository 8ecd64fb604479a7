"""The story of people who look after triage in turns, agree to be asked, and swap weeks."""

import re

from bot.memory import configs
from bot.sandbox.model import Account, Comment, Thread
from tests.conftest import Play
from tests.journeys.test_steering import reactions
from tests.stage import CALM, Cast, Manner, Stage

RULES = "triage: {mode: on, rota: [grace, mary]}\ncommands: {triage_rota: everybody}\n"


async def writes(stage: Stage, thread: Thread, by: Account, text: str) -> Comment:
    comment = stage.world.comment(thread, by=by, body=text)
    await stage.settle()
    return comment


async def weeks(stage: Stage, thread: Thread, by: Account) -> dict[str, str]:
    """Whose weeks they are, by their Mondays, as the bot tells them there."""
    await writes(stage, thread, by, "/triage-rota")
    told = stage.said(thread)[-1]
    assert "@" not in told
    return dict(re.findall(r"^- (2\S+): (`\w+`(?:, who stands in)?)$", told, re.MULTILINE))


async def begin(play: Play, manner: Manner = CALM) -> tuple[Stage, Cast, Account]:
    """Grace and Mary take turns, by what `.github` says."""
    stage, cast = await play(manner, config="welcome: {mode: off}")
    mary = stage.world.user("mary")
    stage.world.add_member(cast.organisation, mary)
    home = stage.world.repository(cast.organisation, ".github")
    stage.world.write_file(home, configs.PATH, RULES, by=cast.grace)
    stage.world.open_issue(cast.huts, by=mary, title="A roof")
    await stage.settle()
    return stage, cast, mary


async def test_a_week_goes_to_somebody_who_agreed_and_that_holds_in_all_repositories(play: Play, rough: Manner) -> None:
    stage, cast, mary = await begin(play, rough)
    talk = stage.world.open_issue(cast.maps, by=cast.grace, title="Who is next?")
    elsewhere = stage.world.open_issue(cast.huts, by=mary, title="Who looks at this?")
    before = await weeks(stage, talk, cast.grace)
    assert sorted(set(before.values())) == ["`grace`", "`mary`"]
    hers = next(monday for monday, who in before.items() if who == "`mary`")

    # Ada has not agreed to anything. Once she has, Mary may give her a week.
    too_early = await writes(stage, elsewhere, mary, f"/triage-rota swap {hers} @ada")
    joined = await writes(stage, talk, cast.ada, "/triage-rota join documentation")
    given = await writes(stage, elsewhere, mary, f"/triage-rota swap {hers} @ada")
    assert reactions(too_early)[-1:] == ["confused"]
    assert "only to somebody who agreed" in stage.said(elsewhere)[-1]
    assert [reactions(each)[-1:] for each in (joined, given)] == [["+1"], ["+1"]]
    assert await weeks(stage, talk, cast.grace) == before | {hers: "`ada`, who stands in"}
    assert "- documentation: `ada`" in stage.said(talk)[-1]


async def test_a_week_is_given_back_and_whoever_leaves_has_none(play: Play) -> None:
    stage, cast, mary = await begin(play)
    talk = stage.world.open_issue(cast.maps, by=cast.grace, title="Who is next?")
    before = await weeks(stage, talk, cast.grace)
    hers = next(monday for monday, who in before.items() if who == "`mary`")
    await writes(stage, talk, cast.grace, f"/triage-rota take {hers}")
    assert await weeks(stage, talk, cast.grace) == before | {hers: "`grace`, who stands in"}
    undone = await writes(stage, talk, cast.grace, "/undo")
    assert reactions(undone)[-1:] == ["+1"]
    assert await weeks(stage, talk, cast.grace) == before
    left = await writes(stage, talk, mary, "/triage-rota leave")
    assert reactions(left)[-1:] == ["+1"]
    assert await weeks(stage, talk, cast.grace) == dict.fromkeys(before, "`grace`")
