"""The tables, the same on SQLite and PostgreSQL. `migrations/` makes them; a test holds the two together.

People, owners, repositories and threads are keyed by GitHub's ids. Instants are stored as whole milliseconds.
"""

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    text,
)
from sqlalchemy.types import TypeDecorator

metadata: Final = MetaData()


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime, stored as milliseconds since 1970: the same, and comparable, on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else round(value.timestamp() * 1000)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromtimestamp(value / 1000, UTC)


def _id(name: str) -> Column[int]:
    return Column(name, BigInteger, primary_key=True, autoincrement=False)


# Every delivery that GitHub sent us, by its GUID. The rows stay longer than GitHub can redeliver; the
# payload goes when it has been projected. `state`: 0 new, 1 projected, 2 failed (keeps its payload until then).
deliveries: Final = Table(
    "deliveries",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("id", String(100), nullable=False, unique=True),
    Column("event", String(60), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("payload", LargeBinary),
    Column("state", SmallInteger, nullable=False),
    Column("error", Text),
)
Index("deliveries_new", deliveries.c.seq, sqlite_where=text("state = 0"), postgresql_where=text("state = 0"))
Index("deliveries_failed", deliveries.c.seq, sqlite_where=text("state = 2"), postgresql_where=text("state = 2"))

# Accounts that own repositories. `witnessed_since`: from when on we hear what happens there; what was before is the
# past.
owners: Final = Table(
    "owners",
    metadata,
    _id("id"),
    Column("login", String(100), nullable=False),
    Column("is_organisation", Boolean, nullable=False),
    Column("witnessed_since", Instant, nullable=False),
    Column("team_read_at", Instant),
    Column("past_read_at", Instant),
)

installations: Final = Table(
    "installations",
    metadata,
    _id("id"),
    Column("owner_id", BigInteger, nullable=False, index=True),
    Column("state", String(20), nullable=False),  # active, suspended, deleted
    Column("live", JSON, nullable=False),  # the features that speak though nobody has switched them on
    Column("introduced_at", Instant),  # since when nothing is to be done any more about introducing ourselves
    Column("everywhere", Boolean),  # on all repositories of the owner, or on chosen ones; None: not heard yet
    Column("heard_at", Instant, nullable=False),
    Column("updated_at", Instant),  # GitHub's time, which orders the news of it
)

repos: Final = Table(
    "repos",
    metadata,
    _id("id"),
    Column("owner_id", BigInteger, nullable=False, index=True),
    Column("name", String(100), nullable=False),
    Column("url", Text, nullable=False),
    Column("private", Boolean, nullable=False),
    Column("archived", Boolean, nullable=False),
    Column("gone", Boolean, nullable=False),  # deleted
    Column("covered", Boolean, nullable=False),  # by the installation; False once it was taken out of it
    Column("covered_as_of", Instant),
    Column("default_branch", String(255), nullable=False),
    Column("heard_at", Instant, nullable=False),
    Column("updated_at", Instant),  # GitHub's time, which orders the news of it
)

# A repository's labels, by GitHub's ids, which are never used again.
labels: Final = Table(
    "labels",
    metadata,
    _id("repo_id"),
    _id("label_id"),
    Column("name", String(100), nullable=False),
    Column("gone", Boolean, nullable=False),
    Column("heard_at", Instant, nullable=False),
)

people: Final = Table(
    "people",
    metadata,
    _id("id"),
    Column("login", String(100), nullable=False),
    Column("is_bot", Boolean, nullable=False),
    Column("heard_at", Instant, nullable=False),
)
Index("people_bots", people.c.id, sqlite_where=text("is_bot"), postgresql_where=text("is_bot"))

# Who belongs to an organisation: its members, and collaborators on its repositories. Rows of people who left stay, with
# `belongs` false, so that news arriving late does not bring them back.
team: Final = Table(
    "team",
    metadata,
    _id("owner_id"),
    _id("person_id"),
    Column("belongs", Boolean, nullable=False),
    Column("as_of", Instant, nullable=False),
)

# Teams within an organisation, as GitHub has them.
teams: Final = Table(
    "teams",
    metadata,
    _id("id"),
    Column("owner_id", BigInteger, nullable=False, index=True),
    Column("slug", String(255), nullable=False),
    Column("name", String(255), nullable=False),
    Column("gone", Boolean, nullable=False),
    Column("heard_at", Instant, nullable=False),
)

team_members: Final = Table(
    "team_members",
    metadata,
    _id("team_id"),
    _id("person_id"),
    Column("belongs", Boolean, nullable=False),
    Column("as_of", Instant, nullable=False),
)

# What a search told about people whose past we have not read. None: GitHub would not say.
acquaintances: Final = Table(
    "acquaintances",
    metadata,
    _id("owner_id"),
    _id("person_id"),
    Column("has_past", Boolean),
    Column("merged_before", Boolean),
    Column("asked_at", Instant, nullable=False),
)

# People who asked the bot to leave them alone, or to write again.
optouts: Final = Table(
    "optouts",
    metadata,
    _id("owner_id"),
    _id("person_id"),
    Column("opted_out", Boolean, nullable=False),
    Column("as_of", Instant, nullable=False),
)

threads: Final = Table(
    "threads",
    metadata,
    _id("repo_id"),
    _id("number"),
    Column("kind", String(20), nullable=False),
    Column("node_id", String(100), nullable=False),
    Column("author_id", BigInteger, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("heard_at", Instant, nullable=False),
    Column("opened_by", BigInteger),
    Column("moved", Boolean, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("locked", Boolean, nullable=False),
    Column("draft", Boolean, nullable=False),
    Column("ready_at", Instant),
    Column("closed_at", Instant),
    Column("merged_at", Instant),
    Column("gone", Boolean, nullable=False),
    Column("labels", JSON, nullable=False),
    Column("assignees", JSON, nullable=False),  # ids
    Column("category", String(100), nullable=False),
    Column("hint", String(20), nullable=False),
    Column("paths", JSON(none_as_null=True)),
    Column("traits", JSON(none_as_null=True)),  # what title and text tell, from a fixed vocabulary (bot/levelling)
    Column("files", Integer),  # of a pull request: how many change
    Column("lines", Integer),  # of a pull request: added and removed
    Column("sized_at", Instant),  # GitHub's time, which orders the news of both
    Column("head_sha", String(64)),  # of a pull request: its newest commit
    Column("greeted", Boolean),  # whether another bot's welcome stands there; None: nobody has looked
)
Index(  # it alone tells what somebody opened before, and where
    "threads_by_author",
    threads.c.author_id,
    threads.c.repo_id,
    threads.c.kind,
    threads.c.created_at,
    threads.c.number,
)
Index("threads_by_age", threads.c.repo_id, threads.c.created_at)
_OPEN: Final = text("is_open AND NOT gone")
Index("threads_open", threads.c.repo_id, threads.c.number, sqlite_where=_OPEN, postgresql_where=_OPEN)

# Comments and reviews, without what they say. `source_id` is GitHub's id for that kind of thing, `verdict` a review's.
activity: Final = Table(
    "activity",
    metadata,
    Column("kind", String(20), primary_key=True),
    _id("source_id"),
    Column("repo_id", BigInteger, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("person_id", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("gone", Boolean, nullable=False),
    Column("verdict", String(20)),
    Column("asks", Boolean),  # whether there is a question in it; None: nobody has looked
    Column("says", Boolean),  # whether it says anything to people: not when it is to the bot alone; None: as above
    Column("said_as_of", Instant),  # GitHub's time of the text that was looked at
)
Index("activity_by_thread", activity.c.repo_id, activity.c.number, activity.c.at)
Index("activity_by_person", activity.c.person_id, activity.c.at)

# What happened to threads besides words, and who did it: labels, closing, merging … Rows are only ever added. `about`
# is the label's name, or the id of who was assigned.
happenings: Final = Table(
    "happenings",
    metadata,
    _id("repo_id"),
    _id("number"),
    Column("at", Instant, primary_key=True, autoincrement=False),
    Column("step", String(20), primary_key=True),
    Column("about", String(100), primary_key=True),
    _id("person_id"),
)
Index("happenings_by_person", happenings.c.person_id, happenings.c.at)

# Commits on default branches. Pushes name their authors by login only (`person_id` None); lists of commits tell the id,
# but not the files (`paths` None).
commits: Final = Table(
    "commits",
    metadata,
    _id("repo_id"),
    Column("sha", String(64), primary_key=True),
    Column("person_id", BigInteger),
    Column("login", String(100)),  # in lower case
    Column("at", Instant, nullable=False),
    Column("paths", JSON(none_as_null=True)),
)
Index("commits_by_person", commits.c.person_id)
Index("commits_by_login", commits.c.login)

# Commands that people wrote, read from their comment when it was projected.
requests: Final = Table(
    "requests",
    metadata,
    Column("place", String(20), primary_key=True),
    _id("place_id"),
    Column("name", String(40), primary_key=True),
    Column("args", String(200), nullable=False),
    Column("repo_id", BigInteger, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("person_id", BigInteger, nullable=False),
    Column("node_id", String(100), nullable=False),
    Column("at", Instant, nullable=False),
    Column("turn", Integer, nullable=False, default=0),  # in which order they came to our ears, from 1
    Column("to_us", Boolean, nullable=False, default=False),  # our name stood in front of it
)
Index("requests_by_thread", requests.c.repo_id, requests.c.number)

# Issues that pull requests name. `to_repo` is the repository's full name in lower case, "" for the pull request's own.
# `closes`: merging closes the issue.
links: Final = Table(
    "links",
    metadata,
    _id("repo_id"),
    _id("number"),
    Column("to_repo", String(140), primary_key=True),
    _id("to_number"),
    Column("closes", Boolean, nullable=False),
    Column("gone", Boolean, nullable=False),  # it was edited away
    Column("as_of", Instant, nullable=False),
)
Index("links_to", links.c.to_number, links.c.to_repo)

# Who has taken which issue. `ended`: why it is over (bot/pathway.py). `worked_at`: when they last said they are at it.
claims: Final = Table(
    "claims",
    metadata,
    _id("repo_id"),
    _id("number"),
    _id("person_id"),
    Column("at", Instant, nullable=False),
    Column("worked_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("ended", String(20)),
)
Index("claims_by_person", claims.c.person_id)

# Who would like to hear of fitting issues, in which areas ([]: in all), and in which thread they said so.
interests: Final = Table(
    "interests",
    metadata,
    _id("owner_id"),
    _id("person_id"),
    Column("interested", Boolean, nullable=False),
    Column("areas", JSON, nullable=False),
    Column("repo_id", BigInteger, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("as_of", Instant, nullable=False),
)

# To whom an issue is to be offered, and in which thread of theirs.
offers: Final = Table(
    "offers",
    metadata,
    _id("repo_id"),
    _id("number"),
    _id("person_id"),
    Column("in_repo_id", BigInteger, nullable=False),
    Column("in_number", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
)
Index("offers_by_person", offers.c.person_id, offers.c.at)

# What comments say of how to begin with an issue, by names (never the words), and whom to ask.
pointers: Final = Table(
    "pointers",
    metadata,
    _id("repo_id"),
    _id("number"),
    Column("given", JSON, nullable=False),
    Column("ask_id", BigInteger),
    Column("url", Text, nullable=False),
    Column("as_of", Instant, nullable=False),
)

# Threads in which nothing is said by itself until then. None: again.
snoozes: Final = Table(
    "snoozes",
    metadata,
    _id("repo_id"),
    _id("number"),
    Column("until", Instant),
    Column("as_of", Instant, nullable=False),
)

# Whom a thread waits for, as somebody said with /waiting-on. None: it is to be derived again.
corrections: Final = Table(
    "corrections",
    metadata,
    _id("repo_id"),
    _id("number"),
    Column("waits_on", String(20)),
    Column("as_of", Instant, nullable=False),
)

# What check suites say of a commit. `state`: of bot/waiting.py's `Result`.
check_suites: Final = Table(
    "check_suites",
    metadata,
    _id("repo_id"),
    Column("sha", String(64), primary_key=True),
    _id("suite_id"),
    Column("state", String(20), nullable=False),
    Column("at", Instant, nullable=False),
)
Index("check_suites_by_time", check_suites.c.at)

# How somebody wants to be reached: private. None: as the settings say. Each of the three has its own time of saying so.
preferences: Final = Table(
    "preferences",
    metadata,
    _id("owner_id"),
    _id("person_id"),
    Column("a_day", Integer),
    Column("a_week", Integer),
    Column("budget_as_of", Instant),
    Column("away_until", Instant),
    Column("away_as_of", Instant),
    Column("away_since", Instant),  # when they said so, the last time
    Column("zone", String(64)),
    Column("quiet_from", String(5)),  # 20:00
    Column("quiet_to", String(5)),
    Column("quiet_as_of", Instant),
)

# Who agreed to be asked about threads of some areas ([]: of all).
triagers: Final = Table(
    "triagers",
    metadata,
    _id("owner_id"),
    _id("person_id"),
    Column("joined", Boolean, nullable=False),
    Column("areas", JSON, nullable=False),
    Column("as_of", Instant, nullable=False),
)

# Weeks of the triage rota, from their Monday (2026-11-23), that somebody took over. `person_id` None: as the rota has
# it.
rota_swaps: Final = Table(
    "rota_swaps",
    metadata,
    _id("owner_id"),
    Column("week", String(10), primary_key=True),
    Column("person_id", BigInteger),
    Column("as_of", Instant, nullable=False),
)

# Reminders that were chosen, and where they are given. `reminder`, `because`: of bot/waiting.py. `since`: when the
# thread began to wait so.
nudges: Final = Table(
    "nudges",
    metadata,
    _id("repo_id"),
    _id("number"),
    Column("reminder", String(10), primary_key=True),
    Column("at", Instant, primary_key=True, autoincrement=False),
    Column("owner_id", BigInteger, nullable=False),
    Column("person_id", BigInteger, nullable=False),
    Column("because", String(20), nullable=False),
    Column("since", Instant, nullable=False),
    Column("in_repo_id", BigInteger, nullable=False),
    Column("in_number", BigInteger, nullable=False),
)
Index("nudges_by_owner", nudges.c.owner_id, nudges.c.at)
Index("nudges_by_place", nudges.c.in_repo_id, nudges.c.in_number)

# Who agreed to mentor, in their own word (`joined`), and what they said of it. `place`: the thread in which they said
# so. `asked_at`: when they were asked whether they would still like to, and where; `released_at`: since when they are
# not asked because nothing was heard of them, until they say otherwise. `seen_at`: a sign of them that stands nowhere
# else, such as a thumb.
mentors: Final = Table(
    "mentors",
    metadata,
    _id("owner_id"),
    _id("person_id"),
    Column("joined", Boolean),  # None: they said nothing themselves; the organisation's file may name them
    Column("areas", JSON, nullable=False),
    Column("up_to", Integer),
    Column("zone", String(64)),
    Column("languages", JSON, nullable=False),
    Column("wants", String(20)),
    Column("mentored", Boolean, nullable=False),
    Column("repo_id", BigInteger),
    Column("number", BigInteger),
    Column("as_of", Instant),
    Column("asked_at", Instant),
    Column("asked_repo_id", BigInteger),
    Column("asked_number", BigInteger),
    Column("released_at", Instant),
    Column("seen_at", Instant),
)

# Who is to be mentored in which thread, and how far that is (bot/mentors.py). `mentee_id` None: whoever takes the
# issue. `checks`: days, in ISO 8601.
mentorings: Final = Table(
    "mentorings",
    metadata,
    _id("repo_id"),
    _id("number"),
    Column("began_at", Instant, primary_key=True, autoincrement=False),
    Column("owner_id", BigInteger, nullable=False),
    Column("mentee_id", BigInteger),
    Column("asked_by_id", BigInteger, nullable=False),
    Column("because", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("state_at", Instant, nullable=False),
    Column("running_since", Instant),
    Column("checks", JSON, nullable=False),
    Column("cohort", String(60)),
)
Index("mentorings_by_owner", mentorings.c.owner_id, mentorings.c.state)
Index("mentorings_by_mentee", mentorings.c.mentee_id)

# Who was asked for a mentoring, for which part, and what they said. `reasons`, `beside_reasons`: what spoke for them
# and for the other, as it may be told. `by_id`: who handed it over to them.
mentor_asks: Final = Table(
    "mentor_asks",
    metadata,
    _id("repo_id"),
    _id("number"),
    Column("began_at", Instant, primary_key=True, autoincrement=False),
    _id("person_id"),
    Column("chosen_at", Instant, primary_key=True, autoincrement=False),
    Column("owner_id", BigInteger, nullable=False),
    Column("part", String(20), nullable=False),
    Column("said", String(20), nullable=False),
    Column("said_at", Instant),
    Column("beside_id", BigInteger),
    Column("by_id", BigInteger),
    Column("reasons", JSON, nullable=False),
    Column("beside_reasons", JSON, nullable=False),
)
Index("mentor_asks_by_person", mentor_asks.c.person_id, mentor_asks.c.chosen_at)
Index("mentor_asks_by_owner", mentor_asks.c.owner_id, mentor_asks.c.chosen_at)

# Who applies in a cohort (by its name in config/cohorts.yml), and in which thread they can be told something.
applicants: Final = Table(
    "applicants",
    metadata,
    _id("owner_id"),
    Column("cohort", String(60), primary_key=True),
    _id("person_id"),
    Column("since", Instant, nullable=False),
    Column("repo_id", BigInteger, nullable=False),
    Column("number", BigInteger, nullable=False),
)
Index("applicants_by_person", applicants.c.person_id)

# What an applicant contributed: a thread of ours (`repo_id`, `number`), or an address elsewhere (`url`; then both are
# 0). `task_repo_id`, `task_number`: the task that it belongs to, if one.
contributions: Final = Table(
    "contributions",
    metadata,
    _id("owner_id"),
    Column("cohort", String(60), primary_key=True),
    _id("person_id"),
    _id("repo_id"),
    _id("number"),
    Column("url", String(200), primary_key=True),
    Column("task_repo_id", BigInteger),
    Column("task_number", BigInteger),
    Column("at", Instant, nullable=False),
)
Index("contributions_by_thread", contributions.c.repo_id, contributions.c.number)

# Which mentors read what an applicant did. Once told, it stays.
reviewers: Final = Table(
    "reviewers",
    metadata,
    _id("owner_id"),
    Column("cohort", String(60), primary_key=True),
    _id("applicant_id"),
    _id("person_id"),
    Column("at", Instant, nullable=False),
)
Index("reviewers_by_person", reviewers.c.person_id)

# What somebody is to be told in a cohort (`about`, in bot/cohortnotes.py), chosen then (`at`), and in which thread.
cohort_notes: Final = Table(
    "cohort_notes",
    metadata,
    _id("owner_id"),
    Column("cohort", String(60), primary_key=True),
    Column("about", String(20), primary_key=True),
    _id("person_id"),
    Column("at", Instant, primary_key=True, autoincrement=False),
    Column("in_repo_id", BigInteger, nullable=False),
    Column("in_number", BigInteger, nullable=False),
)
Index("cohort_notes_by_place", cohort_notes.c.in_repo_id, cohort_notes.c.in_number)
Index("cohort_notes_by_person", cohort_notes.c.person_id)

# Who belongs to the team, as its files tell (`team.files`): a line for each that names somebody. `person_id` None:
# nobody with that login is known. `repos`: of whose team, by name ([]: of the organisation's). `since`: from when on
# they stand there (None: they did when the file was first read). `gone`: they do not any more.
members: Final = Table(
    "members",
    metadata,
    _id("owner_id"),
    _id("repo_id"),
    Column("path", String(200), primary_key=True),
    Column("login", String(100), primary_key=True),  # in lower case
    Column("person_id", BigInteger),
    Column("repos", JSON, nullable=False),
    Column("given_name", String(100), nullable=False),
    Column("groups", JSON, nullable=False),
    Column("inactive", Boolean, nullable=False),
    Column("last_check_in", String(10), nullable=False),
    Column("since", Instant),
    Column("gone", Boolean, nullable=False),
    Column("as_of", Instant, nullable=False),
)
Index("members_by_person", members.c.person_id)

# Evidence of people that stands nowhere else (`sign`, of bot/team.py). `by_id`: who said so, 0: a file. `about`: of
# thanks, for what. `repo_id`, `number`, `url`: where it stands (`number` 0: in a file).
presence: Final = Table(
    "presence",
    metadata,
    _id("owner_id"),
    _id("person_id"),
    Column("sign", String(10), primary_key=True),
    Column("at", Instant, primary_key=True, autoincrement=False),
    _id("by_id"),
    Column("about", String(20), nullable=False),
    Column("repo_id", BigInteger, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("url", Text, nullable=False),
)
Index("presence_by_time", presence.c.owner_id, presence.c.at)
Index("presence_by_author", presence.c.by_id)

# Private questions to people of the team, and what they said (bot/checkins.py). `repo_id`, `number`: the issue.
check_ins: Final = Table(
    "check_ins",
    metadata,
    _id("owner_id"),
    _id("person_id"),
    Column("begun_at", Instant, primary_key=True, autoincrement=False),
    Column("because", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("state_at", Instant, nullable=False),
    Column("repo_id", BigInteger),
    Column("number", BigInteger),
    Column("said", String(20)),
    Column("again_at", Instant),
    Column("handed_to_id", BigInteger),
)
Index("check_ins_by_place", check_ins.c.repo_id, check_ins.c.number)

# Who stepped back (bot/farewells.py), when, and where they said so. `repos`: from which, by name ([]: from all).
# `place_…`: the private issue about it. `standing`: the teams on GitHub in which they were then.
leaves: Final = Table(
    "leaves",
    metadata,
    _id("owner_id"),
    _id("person_id"),
    Column("at", Instant, primary_key=True, autoincrement=False),
    Column("repos", JSON, nullable=False),
    Column("until", Instant),
    Column("for_good", Boolean, nullable=False),
    Column("by_id", BigInteger, nullable=False),
    Column("repo_id", BigInteger, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("place_repo_id", BigInteger),
    Column("place_number", BigInteger),
    Column("standing", JSON, nullable=False),
    Column("back_at", Instant),
    Column("story", String(20)),
    Column("story_at", Instant),
    Column("story_where", String(20)),
)
Index("leaves_by_place", leaves.c.place_repo_id, leaves.c.place_number)

# How somebody of the team wants to be asked in check-ins: private. None: they have not said.
care: Final = Table(
    "care",
    metadata,
    _id("owner_id"),
    _id("person_id"),
    Column("asked", Boolean),
    Column("asked_as_of", Instant),
    Column("together", Boolean),
    Column("together_as_of", Instant),
)

# What somebody of the team is to be told (`about`, of bot/team.py), chosen then (`at`), and in which thread. `matter`:
# when that began which it is about.
notes: Final = Table(
    "notes",
    metadata,
    _id("owner_id"),
    Column("about", String(20), primary_key=True),
    _id("person_id"),
    Column("at", Instant, primary_key=True, autoincrement=False),
    Column("matter", Instant, nullable=False),
    Column("in_repo_id", BigInteger, nullable=False),
    Column("in_number", BigInteger, nullable=False),
)
Index("notes_by_place", notes.c.in_repo_id, notes.c.in_number)
Index("notes_by_person", notes.c.person_id)

# Alarms: places (`place`, of bot/stewards.py) that rest on one person who does less, when the admins were told, and in
# which issue of ours (`board`). Private.
alarms: Final = Table(
    "alarms",
    metadata,
    _id("owner_id"),
    Column("place", String(200), primary_key=True),
    _id("person_id"),
    Column("told_at", Instant, nullable=False),
    Column("board", String(60), nullable=False),
)

# Issues of ours that are kept up to date: the ramp list, digests. `text_hash`: of what the issue says.
boards: Final = Table(
    "boards",
    metadata,
    _id("owner_id"),
    Column("name", String(60), primary_key=True),
    Column("repo_id", BigInteger, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("node_id", String(100), nullable=False),
    Column("text_hash", String(64), nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("closed_at", Instant),
)

# What the bot did, or is about to do. A key is there once, so it happens once. `state`: claimed, done, dropped; shadow:
# it would have been done, but for shadow mode. `number` and `person_id` are 0 for what is about a whole repository.
# `template`: of a comment. `unwanted_at`: when maintainers were first seen not to want it.
ledger: Final = Table(
    "ledger",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("rule", String(40), nullable=False),
    Column("effect", String(20), nullable=False),
    Column("owner_id", BigInteger, nullable=False),
    Column("installation_id", BigInteger, nullable=False),
    Column("repo_id", BigInteger, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("person_id", BigInteger, nullable=False),
    Column("mention", Boolean, nullable=False),
    Column("why", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("claimed_at", Instant, nullable=False),
    Column("settled_at", Instant),
    Column("external_id", BigInteger),
    Column("url", Text),
    Column("outcome", Text),
    Column("template", String(60)),
    Column("node_id", String(100)),
    Column("unwanted_at", Instant),
    Column("detail", JSON(none_as_null=True)),  # what it changed, to take it back
)
Index("ledger_by_thread", ledger.c.repo_id, ledger.c.number)
Index("ledger_by_person", ledger.c.person_id, ledger.c.claimed_at)
Index("ledger_by_owner", ledger.c.owner_id, ledger.c.claimed_at)
Index("ledger_by_time", ledger.c.installation_id, ledger.c.claimed_at)

# The configuration files of repositories, as they are on the default branch. `text` is the last one that could be used,
# and so is in force (None: there is none); `blob` is git's name for the newest (None: there is no file), `problems`
# what is wrong with it (None: nothing).
configs: Final = Table(
    "configs",
    metadata,
    _id("repo_id"),
    Column("path", String(100), primary_key=True),
    Column("blob", String(64)),
    Column("text", Text),
    Column("problems", JSON(none_as_null=True)),
    Column("read_at", Instant, nullable=False),
)

# Pauses that maintainers asked for, in a repository, or in all of an owner's (`repo_id` 0), each time that they did.
# `until` None: they ended it.
pauses: Final = Table(
    "pauses",
    metadata,
    _id("owner_id"),
    _id("repo_id"),
    Column("until", Instant),
    Column("as_of", Instant, primary_key=True, autoincrement=False),
)

# Kinds of comments, by the names of their templates, that maintainers did not want in a repository, or want again.
mutes: Final = Table(
    "mutes",
    metadata,
    _id("repo_id"),
    Column("kind", String(60), primary_key=True),
    Column("muted", Boolean, nullable=False),
    Column("as_of", Instant, nullable=False),
)

# Secrets of the app, if it was set up on our page: encrypted with SECRET_KEY.
credentials: Final = Table(
    "credentials",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
)

# How far the past has been read: each list of each repository (`repo_id` 0: of the owner). `cursor` is the page to go
# on with. When a pass is done, `since` is where the next one begins; `etag` belongs to its first page.
readings: Final = Table(
    "readings",
    metadata,
    _id("owner_id"),
    _id("repo_id"),
    Column("part", String(20), primary_key=True),
    Column("cursor", Text),
    Column("since", Instant),
    Column("began_at", Instant, nullable=False),
    Column("done_at", Instant),
    Column("etag", Text),
    Column("pages", Integer, nullable=False),
    Column("expected", Integer),
    Column("items", Integer, nullable=False),
    Column("why", Text),  # it cannot be read
)

# Who asked to be forgotten: a hash of their id under a key of this database, and no more.
forgotten: Final = Table(
    "forgotten",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("at", Instant, nullable=False),
)

# Single things to remember, by name.
marks: Final = Table(
    "marks",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("at", Instant),
    Column("value", Text),
)

# When the engine should look at a subject. `rev` grows with every piece of news, so that a look which began before the
# news cannot count for it. `due_at` None: nothing to do. `state`: waiting, dead (gave up until there is news).
looks: Final = Table(
    "looks",
    metadata,
    Column("subject", String(100), primary_key=True),
    Column("due_at", Instant),
    Column("rev", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("why", Text),
)
Index("looks_due", looks.c.due_at, sqlite_where=text("state = 'waiting'"), postgresql_where=text("state = 'waiting'"))
Index("looks_dead", looks.c.subject, sqlite_where=text("state = 'dead'"), postgresql_where=text("state = 'dead'"))
