"""Stories of the roster: who agrees to mentor, in which words, and what the organisation's file adds."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection

from bot.memory import configs, homes, mentors
from bot.mentors import Mentor
from bot.model import OwnerId
from bot.sandbox.model import Comment
from tests.conftest import Play
from tests.journeys.test_configuration import checks
from tests.journeys.test_mentors_asked import QUIET, Story, begin

RESTS: Final = (
    f"{QUIET}\nmentoring: {{inactive_after: 10 days, release_after: 4 days}}\ncommands: {{mentor: everybody}}"
)
FILE: Final = "mentors:\n  - login: grace\n    up_to: 3\n"


def roster(story: Story) -> Mapping[str, Mentor]:
    parts, owner = story.stage.parts, OwnerId(story.cast.organisation.id)

    def found(db: Connection) -> Mapping[str, Mentor]:
        file = parts.policies.mentors(db, owner)
        policy = homes.policy(db, owner, parts.policies)
        assert policy is not None, "the app is installed"
        return mentors.names(mentors.roster(db, owner, file, policy, story.stage.clock()))

    return parts.store.read_now(found)


async def test_somebody_opts_in_changes_shows_and_stops(play: Play) -> None:
    story = await begin(play, lead=False)
    await story.writes("grace", "/mentor on up to 2; languages: en, es")
    assert (roster(story)["grace"].up_to, roster(story)["grace"].languages) == (2, ("en", "es"))
    await story.writes("grace", "/mentor on up to 1")
    assert (roster(story)["grace"].up_to, roster(story)["grace"].languages) == (1, ("en", "es"))
    await story.writes("grace", "/mentor show")
    assert "en, es" in story.stage.said(story.issue)[-1]
    await story.writes("grace", "/mentor off")
    assert not roster(story)


async def test_the_last_good_file_holds_and_a_word_of_ones_own_counts_more(play: Play) -> None:
    story = await begin(play, lead=False)
    world, cast = story.stage.world, story.cast
    home = next(one for one in world.repos.values() if one.name == ".github")
    world.write_file(home, configs.MENTORS_PATH, FILE, by=cast.grace)
    await story.stage.settle()
    assert roster(story)["grace"].up_to == 3
    world.write_file(home, configs.MENTORS_PATH, FILE.replace("3", "0"), by=cast.grace)
    await story.stage.settle()
    run = checks(home)[-1]
    assert (run.name, run.conclusion) == ("Switchback mentors", "failure")
    assert [(note.path, note.start_line) for note in run.annotations] == [(configs.MENTORS_PATH, 3)]
    assert roster(story)["grace"].up_to == 3
    areas = f"{FILE}    areas: [documentation, documentatoin]\n"
    world.write_file(home, configs.MENTORS_PATH, areas, by=cast.grace)
    await story.stage.settle()
    [note] = checks(home)[-1].annotations
    assert "no area is called documentatoin; there are: automation, documentation" in note.message
    assert roster(story)["grace"].areas == ("documentation", "documentatoin"), "it holds all the same"
    await story.writes("grace", "/mentor on up to 1")
    assert roster(story)["grace"].up_to == 1


def still_there(story: Story) -> list[Comment]:
    threads = [thread for repo in (story.cast.maps, story.cast.huts) for thread in repo.threads.values()]
    said = [comment for thread in threads for comment in story.stage.comments(thread)]
    return [comment for comment in said if "Would you still like to be asked" in comment.body]


async def test_of_whom_nothing_was_heard_for_long_is_asked_once_where_they_were(play: Play) -> None:
    story = await begin(play, "mary", lead=False, config=RESTS)
    await story.writes("mary", "/mentor on")
    await story.stage.days_pass(9)
    assert still_there(story) == []
    await story.stage.days_pass(3)
    [question] = still_there(story)
    assert question.body.startswith("@mary")
    story.stage.world.react(question, "+1", by=story.people["mary"])
    await story.stage.days_pass(5)  # a thumb keeps her
    assert ("mary" in roster(story), len(still_there(story))) == (True, 1)
    await story.stage.days_pass(12)  # silence does not
    assert ("mary" in roster(story), len(still_there(story))) == (False, 2)
    await story.writes("mary", "/mentor on")
    assert "mary" in roster(story)
