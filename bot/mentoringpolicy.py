"""What maintainers may configure of co-mentoring and of cohorts. All of it is part of `bot/policy.py`."""

from typing import Annotated, Final

from pydantic import Field, model_validator

from bot.policytypes import Duration, Feature, Link, cannot_be

_MOST_CHECKS: Final = 2


class Mentoring(Feature):
    """Two people who agreed to it look after a newcomer together: one who has mentored before, and one who has not."""

    first_medium: bool
    """Also when somebody claims their first medium issue, without being asked for it."""
    invitation: bool
    """And when somebody takes up an invitation."""
    asks: Annotated[int, Field(ge=1, le=6)]
    """How many people are asked for one thread at most; then a maintainer is told in the digest."""
    answer_within: Duration
    """After this time without an answer the next one is asked."""
    later: Duration
    """Who answers `/later` is not asked for this long."""
    review_within: Duration
    """Nobody is asked where a first review usually takes longer than this: the newcomer would be left waiting. A
    maintainer is told."""
    checks: Annotated[tuple[Duration, ...], Field(max_length=_MOST_CHECKS)]
    """When the two are reminded to look how it goes, after they began."""
    first_call: bool
    """Whether the plan proposes a first call."""
    talk: Link | None
    """Where mentors and newcomers talk, besides the thread. `{owner}` and `{repo}` stand for its place; `null`:
    nowhere else."""
    guide: Link | None
    """What to read for who mentors for the first time."""
    inactive_after: Duration
    """Who was not seen here for this long is asked once whether they would still like to be asked."""
    release_after: Duration
    """And is not asked any more after this time without a sign."""

    @model_validator(mode="after")
    def _in_order(self) -> "Mentoring":
        if list(self.checks) != sorted(set(self.checks)):
            raise cannot_be("each of the checks has to be later than the one before", ["checks"])
        return self


class Cohorts(Feature):
    """Rounds of interns, or sprints (`config/cohorts.yml`): a guide, the evaluation sheet, and thanks."""

    review_after: Duration
    """Mentors are reminded of what waits for their review longer than this, at most once a week."""
