"""What the rules may ask for. Values only: `bot/github/write.py` performs them, `explain` prints them.

Each has a `kind`, by which the ledger and `explain` name it, the rule it comes from and a why, one sentence that can be
shown to a person. Those that change something, on GitHub or in memory, have a key: the ledger lets one key happen once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import ClassVar, Literal

from bot.checkins import Said as AnswerToCheckIn
from bot.farewells import Where
from bot.gratitude import Work as KindOfWork
from bot.mentors import Because, Said, State, Terms
from bot.model import Person, PersonId, Repo, Request, ThreadRef
from bot.pathway import Ended
from bot.waiting import On

Value = str | int | bool | None | Mapping[str, "Value"]  # what a message's template may be given


class Question(StrEnum):
    """What only GitHub can tell. Whoever looks finds it out, memory keeps it, and the rules are asked again."""

    TEAM = "who belongs to the organisation"
    PAST = "whether the author did anything here before"
    PATHS = "which files the pull request changes"
    GREETED = "whether another bot has welcomed the author here"
    LABELS = "which labels the repository has"


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """A comment in a thread, from the template `config/messages/<language>/<template>.md`."""

    kind: ClassVar[str] = "say"
    rule: str
    key: str
    why: str
    thread: ThreadRef
    template: str
    language: str
    values: Mapping[str, Value] = field(default_factory=dict)
    to: Person
    mention: bool = True  # False: the name stands there without its @, because the attention budget is spent
    aloud: bool = True  # False: it is recorded and not posted, in shadow mode and during a pause
    words: str | None = None  # the organisation's own, instead of the shipped template's
    asked_for: bool = False  # it answers a command: so it is posted in a pause too, and cannot be muted
    must_reach: bool = False  # it is not said at all rather than without its @
    folded: bool = False  # the attention budget took its mention away, which the digest tells of
    for_few: bool = False  # it is written nowhere that more than those of a private repository may read


@dataclass(frozen=True, slots=True, kw_only=True)
class React:
    """A reaction to somebody's command."""

    kind: ClassVar[str] = "react"
    rule: str
    key: str
    why: str
    thread: ThreadRef
    request: Request
    content: Literal["eyes", "+1", "confused"]
    aloud: bool = True  # False: it is recorded and not given


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What all have that people order: who did so, in which thread, and when."""

    rule: str
    key: str
    why: str
    thread: ThreadRef
    person: Person
    as_of: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseRepo(Wish):
    """Memory: the bot says nothing by itself until then (None: it speaks again) in the thread's repository, or
    `everywhere` in its owner's. `as_of`: when `person` said so; who spoke later counts."""

    kind: ClassVar[str] = "pause"
    everywhere: bool
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MuteKind(Wish):
    """Memory: comments from this template are not wanted any more in the thread's repository, or wanted again."""

    kind: ClassVar[str] = "mute"
    template: str
    muted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Revise:
    """Our own comment, of `comment_id` and `node_id`, says something else now: `say` is all of it."""

    kind: ClassVar[str] = "revise"
    rule: str
    key: str
    why: str
    thread: ThreadRef
    say: Say
    comment_id: int
    node_id: str

    @property
    def to(self) -> Person:
        return self.say.to


@dataclass(frozen=True, slots=True, kw_only=True)
class Retract:
    """Our own comment goes. `said`: the key of what said it. `unwanted`: a maintainer did not want it."""

    kind: ClassVar[str] = "retract"
    rule: str
    key: str
    why: str
    thread: ThreadRef
    to: Person
    said: str
    comment_id: int
    node_id: str
    unwanted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Labels that a thread gets or loses, because `to` asked for it. Only such as the repository has."""

    kind: ClassVar[str] = "label"
    rule: str
    key: str
    why: str
    thread: ThreadRef
    to: Person
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign:
    """`to` is assigned to the issue, or not any more, because they asked for it."""

    kind: ClassVar[str] = "assign"
    rule: str
    key: str
    why: str
    thread: ThreadRef
    to: Person
    assigned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeLabel:
    """The repository gets a label, because `to` asked for it. `color`: six hexadecimal digits. `about`: the document in
    `config/messages/<language>/documents/` that describes it in a line."""

    kind: ClassVar[str] = "make_label"
    rule: str
    key: str
    why: str
    thread: ThreadRef
    to: Person
    name: str
    color: str
    about: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Snooze(Wish):
    """Memory: nothing is said by itself in the thread until then (None: again)."""

    kind: ClassVar[str] = "snooze"
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeClaim(Wish):
    """Memory: somebody takes an issue. Whoever is first does; it is not obeyed if others have it, `most` of them."""

    kind: ClassVar[str] = "claim"
    most: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class EndClaim(Wish):
    """Memory: somebody's claim is over."""

    kind: ClassVar[str] = "end_claim"
    ended: Ended


@dataclass(frozen=True, slots=True, kw_only=True)
class Work(Wish):
    """Memory: somebody says that they are at it."""

    kind: ClassVar[str] = "working"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeInterest(Wish):
    """Memory: somebody would like to hear of fitting issues in this thread, in these areas (none named: in all). None:
    not any more."""

    kind: ClassVar[str] = "interest"
    areas: tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GivePointers(Wish):
    """Memory: what a comment says of how to begin, by the names of `readiness.needs`. `ask`: whom to ask."""

    kind: ClassVar[str] = "pointers"
    given: tuple[str, ...]
    ask: PersonId | None
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectWaiting(Wish):
    """Memory: somebody says whom the thread waits for. None: it is to be derived again."""

    kind: ClassVar[str] = "waiting_on"
    on: On | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitMentions(Wish):
    """Memory: somebody wants to be mentioned at most so often. None: as often as the settings say."""

    kind: ClassVar[str] = "budget"
    a_day: int | None
    a_week: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoAway(Wish):
    """Memory: nobody asks them anything until then (None: they are there)."""

    kind: ClassVar[str] = "away"
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepQuiet(Wish):
    """Memory: when somebody is not mentioned, in their own time zone. No `zone`: it is not known any more; no times: as
    the settings say."""

    kind: ClassVar[str] = "quiet_hours"
    zone: str | None
    begins: time | None
    ends: time | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeWeek(Wish):
    """Memory: `to` looks after triage in the week from this Monday. None: as the rota has it."""

    kind: ClassVar[str] = "take_week"
    week: date
    to: PersonId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinTriage(Wish):
    """Memory: somebody agrees to be asked about threads of these areas (none named: of all). None: not any more."""

    kind: ClassVar[str] = "join_triage"
    areas: tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinMentors(Wish):
    """Memory: somebody agrees to be asked to mentor, on these terms. None: not any more."""

    kind: ClassVar[str] = "mentor"
    terms: Terms | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeekMentors(Wish):
    """Memory: mentors are sought in the thread, for `mentee` (None: for whoever takes the issue). Not obeyed while one
    there is not over."""

    kind: ClassVar[str] = "seek_mentors"
    because: Because
    mentee: Person | None
    cohort: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetMentee(Wish):
    """Memory: `person` is who is to be mentored, in the thread's mentoring that began then and waited for somebody."""

    kind: ClassVar[str] = "mentee"
    began_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerAsk(Wish):
    """Memory: somebody who was asked to mentor has answered. `checks`: when mentors look how it goes, if they are
    complete by this and begin now."""

    kind: ClassVar[str] = "answer_ask"
    began_at: datetime
    chosen_at: datetime
    said: Said
    checks: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver(Wish):
    """Memory: a mentor asks `to` to take over their part. With the other mentor they change parts at once."""

    kind: ClassVar[str] = "hand_over"
    began_at: datetime
    to: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class EndMentoring(Wish):
    """Memory: a mentoring is over. `state`: done, with thanks, or ended."""

    kind: ClassVar[str] = "end_mentoring"
    began_at: datetime
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordWork(Wish):
    """Memory: `person` contributed this in a cohort: a thread (`work`), or what stands at an address elsewhere."""

    kind: ClassVar[str] = "record"
    cohort: str
    work: ThreadRef | None
    url: str = ""
    task: ThreadRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCheckIn(Wish):
    """Memory: somebody answers a check-in, or says it without one. `again_at`: they are not asked before that."""

    kind: ClassVar[str] = "answer_check_in"
    said: AnswerToCheckIn
    again_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCare(Wish):
    """Memory: whether somebody wants to be asked in check-ins, and whether together with others. None: as before."""

    kind: ClassVar[str] = "care"
    asked: bool | None = None
    together: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VouchFor(Wish):
    """Memory: `person` says that `whom` is there."""

    kind: ClassVar[str] = "vouch"
    whom: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveThanks(Wish):
    """Memory: `person` thanks `whom` for work of this kind, in their own words at `url`."""

    kind: ClassVar[str] = "thank"
    whom: Person
    work: KindOfWork
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDown(Wish):
    """Memory: `whom` steps back, from these repositories (by name; none: from all), until then (None: they did not
    say). `person` wrote it: they themselves, or a maintainer on their wish."""

    kind: ClassVar[str] = "step_down"
    whom: Person
    repos: tuple[str, ...] = ()
    until: datetime | None = None
    for_good: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBack(Wish):
    """Memory: `whom`, who stepped back, is back. `person` says so."""

    kind: ClassVar[str] = "take_back"
    whom: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareStory(Wish):
    """Memory: whoever is honoured lets their thank-you stand there. None: it stays private. `left_at`: when they
    stepped back, which tells which one it is."""

    kind: ClassVar[str] = "share_story"
    left_at: datetime
    where: Where | None


class _OnRepo:
    """What is about a whole repository, and no thread of it."""

    __slots__ = ()
    repo: Repo

    @property
    def thread(self) -> ThreadRef:
        """For the ledger: no thread has the number 0."""
        return ThreadRef(self.repo.id, 0)


@dataclass(frozen=True, slots=True)
class Annotation:
    """A note on a line of a file. Lines and columns count from 1."""

    path: str
    line: int
    level: Literal["failure", "warning", "notice"]
    message: str
    column: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRun(_OnRepo):
    """The result of looking at a commit. `summary` is Markdown."""

    kind: ClassVar[str] = "check_run"
    rule: str
    key: str
    why: str
    repo: Repo
    sha: str
    name: str
    conclusion: Literal["success", "failure", "neutral"]
    title: str
    summary: str
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIssue(_OnRepo):
    """A new issue. `body` is Markdown."""

    kind: ClassVar[str] = "open_issue"
    rule: str
    key: str
    why: str
    repo: Repo
    title: str
    body: str
    for_few: bool = False  # it is written nowhere that more than those of a private repository may read


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDiscussion(_OnRepo):
    """A new discussion, in the category of that name, whatever its capitals. `body` is Markdown."""

    kind: ClassVar[str] = "open_discussion"
    rule: str
    key: str
    why: str
    repo: Repo
    category: str
    title: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeDownDiscussion(_OnRepo):
    """A discussion of ours says only this now, and is closed: no other ever is. `made_by`: the key of what opened
    it."""

    kind: ClassVar[str] = "take_down_discussion"
    rule: str
    key: str
    why: str
    repo: Repo
    node_id: str
    made_by: str
    title: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditIssue(_OnRepo):
    """An issue of ours says something else now, or is closed or opened again: no other issue ever is. `made_by`: the
    key of what opened it. What is None stays as it is."""

    kind: ClassVar[str] = "edit_issue"
    rule: str
    key: str
    why: str
    repo: Repo
    number: int
    made_by: str
    body: str | None = None
    title: str | None = None
    state: Literal["open", "closed"] | None = None
    for_few: bool = False  # it is written nowhere that more than those of a private repository may read


@dataclass(frozen=True, slots=True, kw_only=True)
class PinIssue(_OnRepo):
    """An issue of ours is pinned. A repository has room for three."""

    kind: ClassVar[str] = "pin_issue"
    rule: str
    key: str
    why: str
    repo: Repo
    number: int
    node_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeFile(_OnRepo):
    """A pull request that adds or replaces one file, from a branch of ours. `title` is the commit's message too."""

    kind: ClassVar[str] = "propose_file"
    rule: str
    key: str
    why: str
    repo: Repo
    branch: str
    path: str
    text: str
    title: str
    body: str
    for_few: bool = False  # it is written nowhere that more than those of a private repository may read


@dataclass(frozen=True, slots=True, kw_only=True)
class Learn:
    """Find this out, then ask the rules again."""

    kind: ClassVar[str] = "learn"
    rule: str
    why: str
    question: Question


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAgain:
    """Look at the subject again at this time, if nothing happens before."""

    kind: ClassVar[str] = "look_again"
    rule: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Say nothing, for this reason."""

    kind: ClassVar[str] = "quiet"
    rule: str
    why: str


Act = Say | React | Revise | Retract | Label | Assign | MakeLabel
Personal = LimitMentions | GoAway | KeepQuiet | TakeWeek | JoinTriage
Mentored = SeekMentors | MeetMentee | AnswerAsk | HandOver | EndMentoring
OfTheTeam = AnswerCheckIn | SetCare | VouchFor | GiveThanks | StepDown | TakeBack | ShareStory
Order = (
    PauseRepo
    | MuteKind
    | Snooze
    | TakeClaim
    | EndClaim
    | Work
    | TakeInterest
    | GivePointers
    | CorrectWaiting
    | Personal
    | JoinMentors
    | Mentored
    | RecordWork
    | OfTheTeam
)
Deed = CheckRun | OpenIssue | OpenDiscussion | ProposeFile | EditIssue | TakeDownDiscussion | PinIssue
Effect = Act | Order | Learn | LookAgain | Quiet


def whom(act: Act) -> Person:
    """Whom it is for."""
    return act.request.person if isinstance(act, React) else act.to
