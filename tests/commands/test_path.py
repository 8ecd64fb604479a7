"""`/path`: where somebody stands on the map, as a table, and what the answer may not tell."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest

from bot import shipped, skillsfile, words
from bot.commands import path
from bot.commands.path import Stand
from bot.effects import Say
from bot.model import Doing, PersonLook, Tally
from bot.skills import Plateau, SkillsMap
from tests.rules.scenes import ADA, ISSUE, NOW

SKILLS: Final = skillsfile.default()
NOBODY: Final = PersonLook(person=ADA, is_team=False, in_repos={}, in_areas={})
N, I, E, M = Plateau  # noqa: E741 (as the table has them)
COMMENT: Final = {Doing.COMMENT: 1}


def did(counts: Mapping[Doing, int], *, days_ago: int = 0) -> tuple[Tally, ...]:
    at = NOW - timedelta(days=days_ago)
    return tuple(Tally(doing=doing, count=count, first=at, last=at) for doing, count in counts.items())


def person(landed: int = 0, **counts: int) -> PersonLook:
    """Somebody who did all this in the documentation."""
    tallies = did({Doing(name): count for name, count in counts.items()})
    return replace(NOBODY, in_areas={"documentation": tallies}, landed={"documentation": landed})


def map_where(**reached: dict[str, int]) -> SkillsMap:
    """The shipped map, with other heights in its documentation."""
    settings = SKILLS.model_dump(exclude_none=True)
    settings["areas"][0]["reached"] = reached
    return SkillsMap.model_validate(settings)


@pytest.mark.parametrize(
    ("done", "plateau", "above"),
    [
        pytest.param(person(comment=1), N, I, id="one comment"),
        pytest.param(person(commit=500, merge=500), N, I, id="what does not tell"),
        pytest.param(person(landed=2, pull_request=2), N, I, id="two merges"),
        pytest.param(person(pull_request=30), N, I, id="none of thirty was merged"),
        pytest.param(person(landed=3, pull_request=3), I, E, id="three merges"),
        pytest.param(person(review=3), I, E, id="reviews"),
        pytest.param(person(comment=15), I, E, id="comments"),
        pytest.param(person(issue=3, discussion=2), I, E, id="issues and discussions together"),
        pytest.param(person(issue=500), I, E, id="issues alone lead no further"),
        pytest.param(person(triage=10), I, E, id="sorting"),
        pytest.param(person(review=15), E, M, id="many reviews"),
        pytest.param(person(landed=60, pull_request=61), M, None, id="sixty merges"),
        pytest.param(person(triage=200, comment=3), M, None, id="very much sorting"),
    ],
)
def test_where_somebody_stands(done: PersonLook, plateau: Plateau, above: Plateau | None) -> None:
    area = SKILLS.areas[0]
    stage = area.stage(above or M)
    assert path.stands(done, SKILLS) == (
        Stand(area="documentation", plateau=plateau, next=above, what_next=stage.do, links=stage.links),
    )


def test_heights_are_settings_of_the_map_and_of_an_area() -> None:
    easy = map_where(intermediate={"comments": 1}, expert={"comments": 2}, mastery={"comments": 4})
    assert [path.stands(person(comment=n), easy)[0].plateau for n in (1, 2, 3, 4)] == [I, E, E, M]
    own = map_where(mastery={"comments": 100})
    assert [path.stands(person(comment=n), own)[0].plateau for n in (14, 15, 60, 100)] == [N, I, E, M]


def test_who_has_done_nothing_yet_is_shown_where_to_begin() -> None:
    elsewhere = replace(NOBODY, in_areas={"a folder": did(COMMENT), "code": ()})
    for done in (NOBODY, elsewhere):
        assert [(one.area, one.plateau, one.next) for one in path.stands(done, SKILLS)] == [
            ("documentation", None, N), ("community", None, N),
        ]  # fmt: skip
    alone = SKILLS.model_copy(update={"areas": SKILLS.areas[2:3]})
    assert [one.area for one in path.stands(NOBODY, alone)] == ["code"]


def test_three_areas_are_told_the_most_recent_first() -> None:
    days = {"documentation": 9, "community": 2, "code": 5, "deployment": 2, "a folder": 0}
    done = replace(NOBODY, in_areas={area: did(COMMENT, days_ago=ago) for area, ago in days.items()})
    assert [one.area for one in path.stands(done, SKILLS)] == ["community", "deployment", "code"]


def answer(done: PersonLook, skills: SkillsMap = SKILLS, **changes: Any) -> str:
    say = Say(
        rule="commands", key="path/1", why="ada asked", thread=ISSUE.ref, template=path.TEMPLATE, language="en",
        values=path.values(path.stands(done, skills), skills), to=ADA, mention=False, asked_for=True,
    )  # fmt: skip
    return words.render(replace(say, **changes))


def test_the_answer_says_where_it_goes_on() -> None:
    told = answer(person(landed=4, pull_request=4))
    assert "**documentation**: *intermediate*; the next plateau is *expert*: Give a" in told
    assert "[Writing style](https://developers.google.com/style)" in told
    assert "whole map" not in told
    told = answer(person(review=60), SKILLS.model_copy(update={"url": "https://example.org/map"}))
    assert "*mastery*, the last plateau: Review what others write" in told
    assert "[The whole map](https://example.org/map)" in told
    told = answer(NOBODY)
    assert "Every trail begins with one step, ada." in told
    assert "- **documentation**: Mend a sentence that did not help you." in told


@pytest.mark.parametrize("language", words.languages())
def test_the_answer_counts_nothing_and_tells_of_no_time(language: str) -> None:
    """It stands where everybody can read it. Nothing in it differs by how often or how long ago."""
    some, more = person(landed=4, pull_request=4), person(landed=9, pull_request=14, comment=50)
    later = replace(NOBODY, in_areas={"documentation": did({Doing.REVIEW: 5}, days_ago=900)})
    told = {answer(done, language=language) for done in (some, more, later)}
    assert len(told) == 1
    assert re.findall(r"\d", re.sub(r"\(https?://[^)]*\)", "", told.pop())) == []


def test_an_answer_in_three_areas_is_short() -> None:
    for skills in (SKILLS, skillsfile.load(shipped.EXAMPLES / "jupyterhub-skills.yml")):
        for count in (1, 20, 100, 1000):
            acts = did({Doing.REVIEW: count, Doing.TRIAGE: count})
            done = replace(NOBODY, in_areas={area.name: acts for area in skills.areas})
            shown = re.sub(r"\(https?://[^)]*\)", "", answer(done, skills))
            assert len(shown.split()) <= 120
