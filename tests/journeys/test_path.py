"""The story of somebody who asks for their path."""

from bot.sandbox.git import ChangedFile
from tests.conftest import Play
from tests.journeys.test_steering import reactions


async def test_a_person_sees_where_they_stand_and_nobody_is_compared(play: Play) -> None:
    stage, cast = await play(config="welcome: {mode: off}\nnext_steps: {mode: off}")
    files = [ChangedFile(filename="docs/huts.md")]
    pull = stage.world.open_pull_request(cast.maps, by=cast.ada, title="Tell of the huts", files=files)
    stage.world.label(pull, "documentation", by=cast.grace)
    stage.world.merge(pull, by=cast.grace)
    await stage.settle()
    asked = stage.world.comment(pull, by=cast.ada, body="/path")
    other = stage.world.open_issue(cast.maps, by=cast.linus, title="Hello", body="@switchback path")
    await stage.settle()
    assert (reactions(asked), reactions(other)) == (["eyes", "+1"], ["eyes", "+1"])
    [hers], [his] = stage.said(pull), stage.said(other)
    assert "**documentation**: *novice*" in hers
    assert "Every trail begins with one step, linus." in his
    assert "@" not in hers + his
    assert not any(character.isdigit() for character in hers.partition("<sub>")[0])  # nothing is counted
