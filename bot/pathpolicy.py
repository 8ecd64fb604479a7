"""What maintainers may configure of the ramp: levels, claims, offers, help, the digest, and who may use which command.

All of it is part of `bot/policy.py`.
"""

from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema

from bot.policytypes import AutoSwitch, Duration, Feature, Login, Part, recurrence

_REPO: Final = r"^[A-Za-z0-9._-]+$"

RepoName = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=_REPO), Field(examples=[".github"])]


class Who(StrEnum):
    """Who may use a command."""

    EVERYBODY = "everybody"
    INVOLVED = "involved"  # the thread's author, who is assigned or has claimed it, and maintainers
    MEMBERS = "members"  # who belongs to the organisation
    MAINTAINERS = "maintainers"  # people.maintainers
    NOBODY = "nobody"


def _whom(value: object) -> object:
    return {False: "nobody"}.get(value, value) if isinstance(value, bool) else value


Whom = Annotated[Who, BeforeValidator(_whom), WithJsonSchema({"enum": [*(who.value for who in Who)]})]


class Commands(Part):
    """Who may use which command: `everybody`, `involved` (the thread's author, who is assigned or has claimed it, and
    maintainers), `members` of the organisation, `maintainers`, or `nobody`. Everybody may use `/no-bot` and
    `/forget-me`, and maintainers `/switchback`."""

    without_name: AutoSwitch
    """Whether a command is heard without the app's name in front: `/help`, which may be meant for another bot. `auto`:
    once a feature other than the welcome speaks here, since comments name commands then. With the name in front, as in
    `@switchback help`, it is always heard."""

    help: Whom
    """`/help`: what the person can use here."""
    why: Whom
    """`/why`: why the last comment was written."""
    undo: Whom
    """`/undo`: take back the last thing that was done here. People who are no maintainers can take back what was done
    for them."""
    snooze: Whom
    """`/snooze`: nothing is said in the thread for a while."""
    level: Whom
    """`/level`: set the level. What everybody else writes is taken as a suggestion."""
    create_labels: Whom
    """`/create-labels`: make the labels of the levels that are missing in the repository."""
    pointers: Whom
    """`/pointers`: say what somebody needs to know to begin."""
    claim: Whom
    """`/claim`: take an issue."""
    unclaim: Whom
    """`/unclaim`: give it back."""
    working: Whom
    """`/working`: it goes on, though nobody sees it yet."""
    interested: Whom
    """`/interested`: hear of the next fitting issue."""
    need_help: Whom
    """`/need-help`: a human is asked to help."""
    path: Whom
    """`/path`: where one stands on the skills map."""
    waiting_on: Whom
    """`/waiting-on`: say whom a thread waits for."""
    triage_rota: Whom
    """`/triage-rota`: see the triage rota, swap weeks, and agree to be asked about areas."""
    need_mentor: Whom
    """`/need-mentor`: two people are asked to mentor whoever writes it."""
    mentor_this: Whom
    """`/mentor-this`: two people are asked to mentor whoever works on it."""
    accept: Whom
    """`/accept`: yes, to whoever is asked to mentor."""
    decline: Whom
    """`/decline`: no to it, or step back."""
    later: Whom
    """`/later`: not now."""
    handover: Whom
    """`/handover`: pass one's part in a mentoring on. Only mentors of it can."""
    mentor_done: Whom
    """`/mentor-done`: end a mentoring. Only its mentors, who is mentored, and maintainers can."""
    mentor: Whom
    """`/mentor`: agree to be asked to mentor. `/mentor off` is everybody's."""
    record: Whom
    """`/record`: record what one contributed in a cohort."""
    still_here: Whom
    """`/still-here`: answer a check-in."""
    ask_later: Whom
    """`/ask-later`: answer it, and be asked again another time."""
    check_ins: Whom
    """`/check-ins`: say how one wants to be asked, or not at all."""
    vouch: Whom
    """`/vouch`: say that somebody is there, though nobody sees it on GitHub."""
    stepping_down: Whom
    """`/stepping-down`: step back. For somebody else, on their wish, only maintainers can."""
    welcome_back: Whom
    """`/welcome-back`: take somebody back who stepped back."""
    thank: Whom
    """`/thank`: thank somebody for what they do."""
    share_thanks: Whom
    """`/share-thanks`: whoever is honoured lets a thank-you be posted, or not."""
    budget: Whom
    """`/budget`: be mentioned less often."""
    away: Whom
    """`/away`: not be asked anything for a while."""
    quiet_hours: Whom
    """`/quiet-hours`: tell when not to be mentioned."""


class Advice(Feature):
    """A level for an issue, as a suggestion to maintainers."""

    where: Literal["digest", "comment"]
    """Where it is said: in the `digest` alone, or also in one folded `comment` in the issue."""
    at_least: Annotated[float, Field(ge=0, le=1, examples=[0.6])]
    """How sure it has to be, from 0 to 1. Below that nothing is suggested."""


class Readiness(Feature):
    """When an issue is called medium: one short list of what somebody still needs to know to begin."""

    needs: tuple[Literal["outcome", "where", "try", "ask"], ...]
    """What has to be there: the expected `outcome`, `where` in the code, how to `try` it, and a person to `ask`."""


class Ramp(Feature):
    """The list of medium issues that are ready, in one issue that is kept up to date."""

    repo: RepoName | None
    """In which repository of the organisation the list stands. `null`: in `.github`."""
    pin: bool
    """Pin the issue there."""


class Offers(Feature):
    """A ready issue is offered to people who asked for one, or who have just finished a first one, where they are."""

    every: Duration
    """A person hears of an issue at most once in this time."""
    people_per_issue: Annotated[int, Field(ge=1, le=20)]
    """To how many people an issue is offered, as long as nobody has taken it."""


class NextSteps(Feature):
    """Thanks for a second or later merged pull request, with issues that would be a next step."""

    most: Annotated[int, Field(ge=1, le=5)]
    """How many issues at most."""
    every: Duration
    """A person gets them at most once in this time."""
    answers_within: Duration
    """Only issues in repositories where a first answer usually takes no longer than this."""


class Claims(Feature):
    """Issues that people have taken with `/claim`. The mode is that of the questions to whoever took one."""

    assign: bool
    """Assign who takes an issue, and take that back when they give it back."""
    at_once: Annotated[int, Field(ge=1)]
    """How many open claims somebody who is new should have at a time; beyond it they get advice, no refusal."""
    ask_after: Duration
    """After this time without a sign of work they are asked once how it goes."""
    free_after: Duration
    """After this time without an answer the issue is open to others as well."""


class Invitation(Feature):
    """An offer to work on a problem together, when somebody from outside who knows the system well brings one."""

    at_least: Annotated[int, Field(ge=1)]
    """How many signs there have to be that they know it: a long report, versions, a traceback, a proposed fix, several
    earlier reports."""


class NeedHelp(Feature):
    """A human who agreed to it is asked when somebody writes `/need-help` and nobody answers."""

    wait: Duration
    """How long the others have to answer first."""
    roster: tuple[Login, ...]
    """Who agreed to be asked; they take turns."""


class Digest(Feature):
    """A weekly issue for maintainers: thanks, what waits for the team, which levels are suggested, and where there is
    nothing to take."""

    repo: RepoName | None
    """In which repository of the organisation it stands. `null`: in `.github`."""
    when: Annotated[str, AfterValidator(recurrence), Field(examples=["every Monday"])]
    """The day on which a new one is begun."""
    stale_supply: Duration
    """Medium issues that are older than this do not count as a supply."""
    candidates: Annotated[int, Field(ge=0, le=20)]
    """How many issues are named that could become medium, for an area that has none."""
    longest: Annotated[int, Field(ge=0, le=50)]
    """How many late threads are named, those first that a look helps most; of the others it says how many there are."""
