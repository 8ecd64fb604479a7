"""The sample organisation: made by acts alone, with a past that one can learn from."""

import statistics
from datetime import UTC, datetime, timedelta

from bot.sandbox import Clock
from bot.sandbox.model import Discussion, Issue, PullRequest, Thread
from bot.sandbox.sample import Sample, sample
from bot.sandbox.standing import association, role
from bot.sandbox.stories import STORIES
from tests.github_spec import WebhookSpec

TODAY = datetime(2025, 6, 2, 12, 0, tzinfo=UTC)


def made() -> Sample:
    return sample(Clock(TODAY))


def test_the_past_was_announced_in_githubs_shape_and_in_order(hooks: WebhookSpec) -> None:
    world = made().world
    for event in world.past:
        hooks.check(event.event, event.payload)
    moments = [event.at for event in world.past]
    assert moments == sorted(moments)
    assert moments[-1] < TODAY
    assert world.deliveries == []
    assert world.now() == TODAY


def test_there_is_something_of_everything() -> None:
    ours = made()
    threads = list(ours.world.threads())
    assert len(threads) == len(STORIES)
    kinds = [type(thread) for thread in threads]
    assert kinds.count(Issue) >= 10
    assert kinds.count(PullRequest) >= 8
    assert kinds.count(Discussion) >= 3
    assert all(thread.created_at > TODAY - timedelta(days=90) for thread in threads)
    waiting = [thread for thread in threads if thread.open and "needs: triage" in {each.name for each in thread.labels}]
    assert len(waiting) >= 2
    free = [
        thread
        for thread in threads
        if isinstance(thread, Issue)
        and thread.open
        and not thread.assignees
        and "good first issue" in {each.name for each in thread.labels}
    ]
    assert free


def test_people_answered_at_human_speed() -> None:
    ours = made()

    def first_answer(thread: Thread) -> float | None:
        """Hours until somebody else spoke."""
        moments = [comment.created_at for comment in thread.comments if comment.author is not thread.author]
        if isinstance(thread, PullRequest):
            moments += [review.submitted_at for review in thread.reviews if review.author is not thread.author]
        return min((moment - thread.created_at).total_seconds() / 3600 for moment in moments) if moments else None

    hours = [found for thread in ours.world.threads() if (found := first_answer(thread)) is not None]
    assert len(hours) >= 20
    assert 6 < statistics.median(hours) < 72


def test_everybody_has_the_standing_that_the_docstring_promises() -> None:
    ours = made()
    maps, people = ours.repos["trail-maps"], ours.people
    assert association(maps, people["gentian"]) == "MEMBER"
    assert association(maps, people["larch"]) == "CONTRIBUTOR"  # a member, but privately
    assert association(maps, people["marmot-dev"]) == "CONTRIBUTOR"
    assert association(maps, people["ibex42"]) == "NONE"
    assert role(maps, people["larch"]) == "maintain"
    assert people["dependency-goat[bot]"].type == "Bot"


def test_promised_issues_were_closed_by_merging() -> None:
    ours = made()
    fixed = ours.repos["trail-maps"].threads[1]
    assert isinstance(fixed, Issue)
    assert (fixed.open, fixed.closed_by) == (False, ours.people["gentian"])
