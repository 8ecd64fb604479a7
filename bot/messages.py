"""The messages there are, and what each is given: the names that an organisation's own words may use.

The rules give these values, and a test holds this table to what they really give. The samples are all kinds of value
that a name may have, the usual one first; own words are tried with each of them before they are taken.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bot.effects import Value
from bot.gratitude import Work


@dataclass(frozen=True, slots=True)
class Given:
    """A value that a message gets. `about` is one line for the documentation."""

    about: str
    samples: tuple[Value, ...]


_AUTHOR: Final = Given("The person whom the message is for, with the @ that they may be mentioned with.", ("ada",))
_NO_LINKS: Final = dict.fromkeys(("contributing", "code_of_conduct", "ai_policy", "chat"))
_LINKS: Final = {name: f"https://example.org/{name}" for name in _NO_LINKS}
_CALL: Final = {"name": "Collaboration Cafe", "url": "https://example.org/cafe", "at": "2026-12-01 16:00 UTC"}
_WAITS: Final[Mapping[str, Value]] = {
    "thread": "alpine-tools/trail-maps#12", "on": "REVIEW", "because": "UNREVIEWED", "days": 12, "newcomer": True,
}  # fmt: skip
_MERGE: Final[Mapping[str, Value]] = {**_WAITS, "on": "TEAM", "because": "APPROVED", "newcomer": False}
_SINCE: Final = Given("The day since when it waits so.", ("2026-11-02",))
_ALL_LACKING: Final = dict.fromkeys(("outcome", "where", "try", "ask"), True)
_LANDMARK: Final = {"name": "alpine-tools/trail-maps#12", "url": "https://example.org/trail-maps/issues/12"}
_STEP: Final = {"issue": "alpine-tools/trail-maps#12", "level": "medium"}
_SPEAKS: Final[Mapping[str, Value]] = {
    "areas": "documentation", "here": True, "mentored": True, "hours": 6, "languages": "en, es",
}  # fmt: skip
_NOTHING: Final[Mapping[str, Value]] = {
    "areas": None, "here": False, "mentored": False, "hours": None, "languages": None,
}  # fmt: skip
_CHECK: Final = {"day": "2026-11-30", "who": "linus"}
_DID: Final = ("code", "reviews", "merges", "reports", "answers", "talks", "triage")
_STORY: Final[Mapping[str, Value]] = {
    "name": "ada", "since": "2019", "repos": "trail-maps, weather", "more_repos": True, "areas": "documentation",
    "did": dict.fromkeys(_DID, True), "works": {work.value: True for work in Work}, "welcomed": "few",
    "mentored": "few", "first": _LANDMARK, "discussed": _LANDMARK,
}  # fmt: skip
_SHORT_STORY: Final[Mapping[str, Value]] = {
    **dict.fromkeys(("areas", "welcomed", "mentored", "first", "discussed")), "name": "ada", "since": "2019",
    "repos": "trail-maps", "more_repos": False, "did": {**dict.fromkeys(_DID, False), "code": True},
    "works": {work.value: False for work in Work},
}  # fmt: skip
_CLAIMS: Final = Given("Whether `/claim` is there to take an issue.", (True, False))

_ANSWER_MINUTES: Final = Given(
    "How long a first answer usually takes, in minutes; none: not known.", (120, None, 0)
)  # fmt: skip

_PLACE: Final = {
    "author": _AUTHOR,
    "organisation": Given("The organisation's name.", ("alpine-tools",)),
    "repository": Given("The repository's name.", ("trail-maps",)),
}
_COHORT: Final = Given("The name of the cohort.", ("Outreachy, winter 2026",))
_UNREAD: Final[Value] = {"thread": "alpine-tools/trail-maps#12", "by": "ada", "days": 4}
_SURROUNDINGS: Final = _PLACE | {
    "repository_url": Given("Its address.", ("https://github.com/alpine-tools/trail-maps",)),
    "links": Given("The setting `links`; each may be none.", (_LINKS, _NO_LINKS)),
    "answer_minutes": _ANSWER_MINUTES,
    "call": Given("The next of `calls`, or none; its `url` may be none too.", (_CALL, None, _CALL | {"url": None})),
}
_ARRIVAL: Final[Mapping[str, Given]] = _SURROUNDINGS | {
    "came": Given(
        "What the author came with: `problem`, `question`, `wish`, `docs`, `code`, `talk` or `unknown`.",
        ("problem", "question", "wish", "docs", "code", "talk", "unknown"),
    ),
    "again": Given("Whether the author has been welcomed in this organisation before.", (False, True)),
}

_OWNERS: Final = Given("Who decides on merge rights (`farewell.owners`), or none.", ("grace, linus", None))
_CHANGES: Final = Given(
    "The changes of team files: of each its name (`file`), its `diff`, and the `url` of a pull request, or none.",
    ({"1": {"file": "alpine-tools/team: team.yml", "diff": "-a\n+b", "url": None}}, {}),
)


def _tasks(about: str, first: str) -> Given:
    sample: Value = {"about": first, "next": "grace", "area": False}
    return Given(f"{about}: of each what it is (`about`), and the login of who could be `next`, or none.",
                 ({"1": sample}, {}))  # fmt: skip


MESSAGES: Final[Mapping[str, Mapping[str, Given]]] = {
    "welcome-issue": _ARRIVAL,
    "welcome-pull-request": _ARRIVAL,
    "welcome-discussion": _ARRIVAL,
    "welcome-merge": _SURROUNDINGS,
    "welcome-another-repo": _SURROUNDINGS,
    "advice": {
        "author": _AUTHOR,
        "level": Given("The level it looks like: `starter`, `medium`, `advanced`.", ("medium", "starter", "advanced")),
        "area": Given("Its area, or none.", ("documentation", None)),
        "reasons": Given("Why it looks so.", ("a failing step and a version are given",)),
        "label": Given("The label of that level, or none.", ("medium", None)),
    },
    "invitation": {
        **_PLACE,
        "maintainer": Given("Who has taken the issue, or answered in it.", ("grace",)),
        "assigned": Given("Whether that person is assigned.", (False, True)),
        "claim": Given("Whether the author could write `/claim`.", (True, False)),
        "mentors": Given("Whether two mentors are sought if the author takes it up.", (True, False)),
    },
    "need-help": {
        **_PLACE,
        "asker": Given("Who asked for help.", ("linus",)),
        "waited_minutes": Given("For how long they have waited, in minutes.", (2880,)),
        "answer_minutes": _ANSWER_MINUTES,
    },
    "claims-question": {
        "author": _AUTHOR,
        "since": Given("The day on which they took the issue.", ("2026-11-23",)),
        "help": Given("Whether there is `/need-help`.", (True, False)),
    },
    "claims-free": {
        "author": _AUTHOR,
        "pulls": Given("Pull requests of theirs that name the issue, or none.", ("#12", None)),
        "spoke": Given("Whether they wrote comments in the issue since they took it.", (False, True)),
    },
    "readiness": {
        "author": _AUTHOR,
        "lacks": Given(
            "Which of `outcome`, `where`, `try` and `ask` are missing: each is true or false.",
            (_ALL_LACKING, _ALL_LACKING | {"ask": False}, dict.fromkeys(_ALL_LACKING, False) | {"where": True}),
        ),
    },
    "next-steps": {
        "author": _AUTHOR,
        "organisation": _SURROUNDINGS["organisation"],
        "first": Given("The issue that fits best: its name (`issue`) and `level`.", (_STEP,)),
        **{name: Given("The next one, or none.", (_STEP, None)) for name in ("second", "third", "fourth", "fifth")},
        "claims": _CLAIMS,
        "days": Given("A person gets this at most once in so many days.", (30,)),
    },
    "offers": {
        "author": _AUTHOR,
        "issue": Given("The issue that is offered.", ("alpine-tools/trail-maps#12",)),
        "areas": Given("Its areas, or none.", ("documentation", None)),
        "asked": Given("Whether the person asked for it with `/interested`.", (True, False)),
        "claims": _CLAIMS,
        "days": Given("A person gets this at most once in so many days.", (7,)),
    },
    "triage-nudge": {
        "author": _AUTHOR,
        "first": Given(
            "The thread that waits: its name (`thread`), whom it waits `on` and `because` of what (the names in "
            "`bot/waiting.py`), for how many working `days`, and whether its author is a `newcomer`.",
            (_WAITS, _MERGE),
        ),
        **{name: Given("The next one, or none.", (_WAITS, None)) for name in ("second", "third", "fourth", "fifth")},
        "more": Given("How many more there are for them.", (0, 3)),
        "on_duty": Given("Whether the person looks after triage this week.", (True, False)),
    },
    "triage-sentence": {
        "author": _AUTHOR,
        "organisation": _SURROUNDINGS["organisation"],
        "since": _SINCE,
        "chat": Given("The setting `links.chat`, or none.", ("https://example.org/chat", None)),
        "help": Given("Whether there is `/need-help`.", (True, False)),
    },
    "mentoring-ask": {
        "author": _AUTHOR,
        "organisation": _PLACE["organisation"],
        "mentee": Given("Who is to be mentored.", ("ada",)),
        "part": Given("As what: `lead`, `co-mentor`, `peer` or `guide`.", ("lead", "co-mentor", "peer", "guide")),
        "by": Given("Who would pass their part on to them, or none.", (None, "linus")),
        "because": Given(
            "What speaks for them: `areas`, `here`, `mentored`, `hours`, `languages`.", (_SPEAKS, _NOTHING)
        ),
        "other": Given("Who has the other part, or would be asked for it; or none.", ("grace", None)),
        "agreed": Given("Whether that one has agreed.", (True, False)),
        "other_because": Given("What speaks for the other.", (_SPEAKS, _NOTHING)),
        "days": Given("How long the question stays open.", (5,)),
        "may_end": Given("Whether nobody asked on behalf of who is mentored but others.", (False, True)),
    },
    "mentoring-accepted": {
        "author": _AUTHOR,
        "mentee": Given("Who is to be mentored.", ("ada",)),
        "part": Given("As what: `lead`, `co-mentor`, `peer` or `guide`.", ("lead", "co-mentor", "peer", "guide")),
    },
    "mentoring-settled": {"author": _AUTHOR},
    "mentoring-plan": {
        "author": _AUTHOR,
        "sought": Given("Whether somebody else is looked for, as one has left or both have.", (True, False)),
        "answers": Given("Who answers questions day to day, or none: nobody is there any more.", ("linus", None)),
        "reviews": Given("Who reviews: the same person while there is only one, or none.", ("grace", "linus", None)),
        "guide": Given("Whom the mentors may ask, or none.", ("mary", None)),
        "guide_url": Given("The setting `mentoring.guide`, or none.", ("https://example.org/guide", None)),
        "first_check": Given("When somebody looks how it goes (`day`), and `who`; or none.", (_CHECK, None)),
        "second_check": Given("The second time, or none.", (_CHECK, None)),
        "first_call": Given("Whether a first call is proposed.", (True, False)),
        "call": _SURROUNDINGS["call"],
        "talk": Given("Where they talk besides the thread, or none.", ("https://example.org/chat", None)),
    },
    "mentoring-check": {
        "author": _AUTHOR,
        "mentee": Given("Whom they mentor.", ("ada",)),
        "other": Given("The other mentor, or none.", ("linus", None)),
        "last": Given("Whether it is the last reminder.", (False, True)),
    },
    "mentoring-thanks": {
        "author": _AUTHOR,
        "mentee": Given("Whom they mentored.", ("ada",)),
        "other": Given("The other mentor, or none.", ("linus", None)),
    },
    "triage-question": {"author": _AUTHOR, "since": _SINCE},
    "cohort-reviews": {
        "author": _AUTHOR,
        "cohort": _COHORT,
        "first": Given(
            "The pull request that waits: its name (`thread`), `by` whom it is, and for how many `days`.", (_UNREAD,)
        ),
        **{name: Given("The next one, or none.", (_UNREAD, None)) for name in ("second", "third", "fourth", "fifth")},
        "more": Given("How many more there are for them.", (0, 3)),
    },
    "cohort-sync": {
        "author": _AUTHOR,
        "cohort": _COHORT,
        "day": Given("The day on which the mentors talk.", ("2026-11-23",)),
        "others": Given("The logins of the other mentors, or none.", ("grace, linus", None)),
    },
    "cohort-thanks": {
        "author": _AUTHOR,
        "organisation": _SURROUNDINGS["organisation"],
        "cohort": _COHORT,
        **{
            name: Given("An issue that fits, or none.", ("alpine-tools/trail-maps#12", None))
            for name in ("first", "second", "third")
        },
        "offers": Given("Whether there is `/interested`.", (True, False)),
        "claims": _CLAIMS,
    },
    "mentoring-still-there": {"author": _AUTHOR},
    "farewell-checklist": {
        "author": _AUTHOR,
        "organisation": _SURROUNDINGS["organisation"],
        "from_": Given("From which repositories they step back, or none: from all.", ("huts, trail-maps", None)),
        "until": Given("Until which day, or none: they did not say.", ("2027-03-01", None)),
        "noted": Given("Whether somebody else wrote it, on their wish.", (False, True)),
        "knows": _tasks("What they know best", "documentation"),
        "claims": _tasks("Issues that they took", "alpine-tools/trail-maps#12"),
        "reviews": _tasks("Pull requests that they review", "alpine-tools/trail-maps#13"),
        "pulls": _tasks("Pull requests of theirs", "alpine-tools/trail-maps#14"),
        "mentors": _tasks("Where they mentor somebody", "alpine-tools/trail-maps#15"),
        "accounts": Given(
            "The setting `farewell.accounts`: of each its name (`about`) and its `url`, or none.",
            ({"1": {"about": "releases on PyPI", "url": "https://example.org/releases"}}, {}),
        ),
        "changes": _CHANGES,
        "owners": _OWNERS,
        "more": Given("How many more there are that are not named.", (0, 3)),
    },
    "farewell-standing": {
        "author": Given("Who is here again.", ("ada",)),
        "organisation": _SURROUNDINGS["organisation"],
        "back": Given("Whether somebody said that they are back.", (True, False)),
        "teams": Given("The teams in which they were and are not now, or none.", ("guides, mappers", None)),
        "steps": Given(
            "How an owner lets them into these, or none.",
            ("gh api -X PUT orgs/alpine-tools/teams/guides/memberships/ada", None),
        ),
        "changes": _CHANGES,
        "owners": _OWNERS,
    },
    "returns-greeting": {
        "author": _AUTHOR,
        "private": Given("Whether it stands in their own, private issue.", (False, True)),
        "stepped_back": Given("Whether they count as stepped back until they say that they are back.", (False, True)),
        "repository": Given("The repository in which they were most, or none.", ("huts", None)),
        "release": Given("Its newest release, if it came meanwhile, or none.", ("Two", None)),
        "url": Given("The address of that release, or none.", ("https://example.org/releases/2", None)),
        "merged": Given("How many pull requests were merged there meanwhile.", (0, 12, 1)),
        "ask": Given("The login of somebody there who agreed to be asked, or none.", ("grace", None)),
    },
    "check-in-question": {"author": _AUTHOR, "organisation": _PLACE["organisation"]},
    "check-in-reminder": {
        "author": _AUTHOR,
        "again": Given("Whether there was a reminder before.", (False, True)),
    },
    "check-in-handed": {
        "author": _AUTHOR,
        "organisation": _PLACE["organisation"],
        "names": Given("The login of who was asked.", ("linus",)),
    },
    "check-in-seen": {"author": _AUTHOR},
    "thanks-merge": {
        "author": _AUTHOR,
        "organisation": _SURROUNDINGS["organisation"],
        "number": Given("Which of their merged pull requests it is: 10 for the tenth.", (10, 100, 21)),
        "days": Given("A person gets this at most once in so many days.", (91,)),
    },
    "thanks-story": {
        "author": _AUTHOR,
        "organisation": _SURROUNDINGS["organisation"],
        "story": Given("What they did; most of it may be none.", (_STORY, _SHORT_STORY)),
        "where": Given(
            "Where it is posted if they agree: `digest`, `issue` or `discussion`.", ("issue", "discussion", "digest")
        ),
        "digest": Given("Whether there is a digest of the community.", (True, False)),
    },
}


def fields(given: Given) -> list[str]:
    """The parts of a value that has some: of `call` its name, url and at. A list has none: its items have numbers."""
    parts = [name for sample in given.samples[:1] if isinstance(sample, Mapping) for name in sample]
    return [name for name in parts if not name.isdigit()]


def samples(message: str) -> Iterator[dict[str, Value]]:
    """Values that the message may get: the usual ones, those with one that is otherwise, those with all otherwise."""
    names = MESSAGES[message]
    usual = {name: given.samples[0] for name, given in names.items()}
    yield usual
    for name, given in names.items():
        for other in given.samples[1:]:
            yield usual | {name: other}
    yield {name: given.samples[-1] for name, given in names.items()}
