"""A friendly organisation with three months of past, for the playground and for whoever wants to look around."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot.sandbox.clock import Clock
from bot.sandbox.model import Account, Comment, Discussion, Issue, Organization, PullRequest, Repo, Thread
from bot.sandbox.stories import STORIES
from bot.sandbox.story import Step, Story
from bot.sandbox.world import World

LABELS = {
    "bug": "d73a4a",
    "dependencies": "0366d6",
    "documentation": "0075ca",
    "enhancement": "a2eeef",
    "good first issue": "7057ff",
    "help wanted": "008672",
    "maintenance": "fef2c0",
    "needs: discussion": "fbca04",
    "needs: triage": "ededed",
    "support": "d4c5f9",
}
REPOS = {
    "trail-maps": "Draws maps of trails, with contour lines and huts",
    "hut-booking": "Books a bed in a mountain hut",
    "handbook": "How we work together, and how you can join",
}
FOUNDED = timedelta(days=400)


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The world, and who and what is in it: by login, and by name.

    `gentian` owns the organisation, `larch` is a member in private, `marmot-dev` keeps coming back; the others are new.
    """

    world: World
    organization: Organization
    people: dict[str, Account]
    repos: dict[str, Repo]


def sample(now: Callable[[], datetime], *, seed: str = "sample") -> Sample:
    """Makes the organisation `alpine-tools` and lets its last three months happen, up to now.

    The world's clock is `now` afterwards. No app is installed yet: all that happened is in `world.past`, and whoever
    installs one finds the rest by asking the API, as on GitHub.
    """
    today = now()
    clock = Clock(today - FOUNDED)
    world = World(now=clock, seed=seed)
    people = {login: world.user(login) for login in ("gentian", "larch", "marmot-dev")}
    organization = world.organization("alpine-tools", name="Alpine Tools", description="Software for the mountains")
    world.add_member(organization, people["gentian"], admin=True)
    world.add_member(organization, people["larch"], by=people["gentian"], public=False)
    repos = {
        name: world.repository(organization, name, by=people["gentian"], description=about, labels=LABELS)
        for name, about in REPOS.items()
    }
    maintainers = world.team(organization, "Maintainers", by=people["gentian"], description="They look after the code")
    for repo in repos.values():
        world.give_team(maintainers, repo, role="maintain", by=people["gentian"])
        repo.contributors |= {people["gentian"].id, people["larch"].id}  # they wrote the first versions
    for login in ("gentian", "larch"):
        world.join_team(maintainers, people[login], by=people["gentian"])
    people["dependency-goat[bot]"] = world.bot("dependency-goat")
    for login in dict.fromkeys(story.by for story in STORIES):
        if login not in people:
            people[login] = world.user(login)
    result = Sample(world=world, organization=organization, people=people, repos=repos)
    for moment, happen in sorted(_script(result, today), key=lambda entry: entry[0]):
        clock.set(moment)
        happen()
    world.now = now
    return result


def _script(sample: Sample, today: datetime) -> list[tuple[datetime, Callable[[], None]]]:
    """What has to happen when: the openings, and the steps after each."""
    threads: dict[Story, Thread] = {}
    script: list[tuple[datetime, Callable[[], None]]] = []
    for story in STORIES:
        opening = today - timedelta(days=story.days)
        script.append((opening, partial(_begin, sample, threads, story)))
        for step in story.then:
            moment = opening + timedelta(hours=step.hours)
            script.append((moment, partial(_go_on, sample, threads, story, step)))
    return script


def _begin(sample: Sample, threads: dict[Story, Thread], story: Story) -> None:
    threads[story] = _open(sample, story)


def _go_on(sample: Sample, threads: dict[Story, Thread], story: Story, step: Step) -> None:
    _take(sample, threads[story], step)


def _open(sample: Sample, story: Story) -> Thread:
    world, repo, by = sample.world, sample.repos[story.repo], sample.people[story.by]
    match story.kind:
        case "issue":
            return world.open_issue(repo, by=by, title=story.title, body=story.body, labels=story.labels)
        case "pull":
            return world.open_pull_request(
                repo, by=by, title=story.title, body=story.body, files=story.files, labels=story.labels
            )
        case "discussion":
            return world.open_discussion(repo, by=by, title=story.title, body=story.body, category=story.category)


def _take(sample: Sample, thread: Thread, step: Step) -> None:
    """Lets somebody take one step in a thread. Raises ValueError for a step that this kind of thread does not know."""
    world, by = sample.world, sample.people[step.by]
    match step.act, thread:
        case "say", _:
            world.comment(thread, by=by, body=step.text)
        case "label", _:
            world.label(thread, step.text, by=by)
        case "unlabel", _:
            world.unlabel(thread, step.text, by=by)
        case "close", _:
            world.close(thread, by=by)
        case "decline", _:
            world.close(thread, by=by, reason="not_planned")
        case "assign", Issue():
            world.assign(thread, sample.people[step.text], by=by)
        case "ask", PullRequest():
            world.review(thread, by=by, state="CHANGES_REQUESTED", body=step.text)
        case "approve", PullRequest():
            world.review(thread, by=by, state="APPROVED", body=step.text)
        case "merge", PullRequest():
            world.merge(thread, by=by)
        case "answer", Discussion():
            world.choose_answer(_last_answer(thread), by=by)
        case _:
            raise ValueError(f"{step.act} is nothing that one does with “{thread.title}”")


def _last_answer(thread: Discussion) -> Comment:
    return next(comment for comment in reversed(thread.comments) if comment.author is not thread.author)
