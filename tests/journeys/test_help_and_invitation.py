"""Stories of people who are asked whether they would like to try it themselves, and of people who ask for help."""

from datetime import timedelta
from typing import Final

from bot.sandbox.model import Account, Issue
from tests.conftest import Play
from tests.journeys.test_steering import reactions
from tests.stage import Cast, Manner, Stage

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REPORT: Final = """The map of 5.2.1 is upside down.

## Steps to reproduce

Open any map south of the equator.

```
Traceback (most recent call last):
  File "maps/draw.py", line 12, in draw
```
"""
ROSTER: Final = "need_help: {roster: [grace, mary]}"


async def report(stage: Stage, cast: Cast) -> Issue:
    """Ada's, and time enough for her welcome."""
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="The map is upside down", body=REPORT)
    await stage.settle()
    stage.clock.advance(HOUR)
    return issue


async def passes(stage: Stage, time: timedelta) -> None:
    stage.clock.advance(time)
    await stage.settle()


async def test_who_knows_the_system_is_invited_once_it_is_taken_seriously(play: Play, rough: Manner) -> None:
    stage, cast = await play(rough)
    issue = await report(stage, cast)
    stage.world.comment(issue, by=cast.grace, body="Thank you, I see it too.")
    await stage.settle()
    assert len(stage.said(issue)) == 1  # the welcome
    await passes(stage, DAY)
    _, invitation = stage.said(issue)
    assert invitation.startswith("Thank you for this careful report, @ada: you know the system well. `grace` has seen")
    assert "`/claim`" in invitation
    assert "`/need-mentor`" not in invitation, "nobody has agreed to mentor"

    # Once: neither here again, nor for her next report.
    stage.world.assign(issue, cast.grace, by=cast.grace)
    await stage.settle()
    stage.clock.advance(9 * DAY)
    another = await report(stage, cast)
    stage.world.assign(another, cast.grace, by=cast.grace)
    await passes(stage, DAY)
    assert (len(stage.said(issue)), stage.said(another)) == (2, [])


async def test_a_maintainer_who_takes_such_an_issue_is_not_waited_for(play: Play) -> None:
    stage, cast = await play()
    issue = await report(stage, cast)
    stage.world.assign(issue, cast.grace, by=cast.grace)
    await stage.settle()
    assert "`grace` has taken it on." in stage.said(issue)[-1]


async def test_nobody_is_invited_to_what_nobody_has_seen_or_somebody_has(play: Play) -> None:
    stage, cast = await play()
    unseen, taken = await report(stage, cast), await report(stage, cast)
    stage.world.assign(taken, cast.linus, by=cast.grace)
    stage.world.comment(taken, by=cast.grace, body="Linus will have a look.")
    await passes(stage, DAY)
    assert (len(stage.said(unseen)), stage.said(taken)) == (1, [])  # the welcome


async def asks(stage: Stage, issue: Issue, who: Account) -> None:
    comment = stage.world.comment(issue, by=who, body="I am stuck.\n\n/need-help")
    await stage.settle()
    assert reactions(comment) == ["eyes", "+1"]


async def begin(stage: Stage, cast: Cast) -> tuple[Issue, Account]:
    """An old issue of Ada's. Mary, who can be asked as Grace can, has been seen in another one."""
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="How do I rotate a map?")
    other, mary = stage.world.open_issue(cast.huts, by=cast.linus, title="The hut is closed"), stage.world.user("mary")
    stage.world.comment(other, by=mary, body="It opens in May.")
    await stage.settle()
    stage.clock.advance(8 * DAY)
    return issue, mary


async def test_who_needs_help_and_hears_nothing_gets_a_human(play: Play, rough: Manner) -> None:
    stage, cast = await play(rough, config=ROSTER)
    issue, _ = await begin(stage, cast)
    await asks(stage, issue, cast.ada)
    _, promise = stage.said(issue)
    assert "If nobody has answered within about 2 days, I ask a human here who agreed to be asked." in promise
    await passes(stage, DAY)
    assert len(stage.said(issue)) == 2
    await passes(stage, DAY)
    *_, relay = stage.said(issue)
    assert relay.startswith("@grace, `ada` asked for help here about 2 days ago, and nobody has answered yet.")

    # She does, and Ada's next question within the week is hers alone.
    stage.world.comment(issue, by=cast.grace, body="Like this.")
    stage.clock.advance(HOUR)
    again = stage.world.open_issue(cast.huts, by=cast.ada, title="And huts?")
    await asks(stage, again, cast.ada)
    await passes(stage, 3 * DAY)
    [answer] = stage.said(again)
    assert "I know of nobody whom I could ask for you now" in answer
    assert len(stage.said(issue)) == 3


async def test_they_take_turns_and_whoever_answers_in_time_is_help_enough(play: Play) -> None:
    stage, cast = await play(config=ROSTER)
    issue, mary = await begin(stage, cast)
    another = stage.world.open_issue(cast.huts, by=cast.linus, title="The key is lost")
    answered = stage.world.open_issue(cast.huts, by=stage.world.user("rosa"), title="The roof leaks")
    third = stage.world.open_issue(cast.maps, by=stage.world.user("jo"), title="Hello")
    await asks(stage, issue, cast.ada)
    await asks(stage, answered, answered.author)
    stage.world.comment(answered, by=cast.linus, body="Put a bucket under it.")
    for thread in (another, third):
        await passes(stage, HOUR)
        await asks(stage, thread, thread.author)
    await passes(stage, 2 * (DAY - HOUR))
    await passes(stage, HOUR)
    assert stage.said(issue)[-1].startswith("@grace,")
    assert stage.said(another)[-1].startswith("@mary,")
    assert len(stage.said(answered)) == 2  # the welcome and the promise

    # Mary has had enough of it, and Grace has been mentioned today: her name stands there without its @.
    stage.world.comment(another, by=mary, body="/no-bot")
    await passes(stage, HOUR)
    assert stage.said(third)[-1].startswith("grace, `jo` asked for help here")


async def test_where_nobody_is_on_call_nothing_is_promised(play: Play) -> None:
    stage, cast = await play(config="links: {chat: 'https://chat.example.org'}")
    issue, _ = await begin(stage, cast)
    await asks(stage, issue, cast.ada)
    await passes(stage, 3 * DAY)
    _, answer = stage.said(issue)
    assert "I know of nobody whom I could ask for you now" in answer
    assert "You can also ask in the [chat](https://chat.example.org)." in answer
