"""A short greeting, once, to whoever said that they step back, or would be away for long, and is here again. Pure.

It stands in their private issue; where there is none, in the public thread in which they are here again, but only if
they said in public themselves that they step back, and in words that say nothing of it. Otherwise nothing is said.
"""

from datetime import datetime, timedelta
from typing import Final

from bot.effects import Say
from bot.farewells import Leave, News
from bot.model import OwnerId, Person, ThreadRef
from bot.policy import Policy
from bot.rules.farewell import second

NAME: Final = "returns"
GREETING: Final = "returns-greeting"  # the message
LATE: Final = timedelta(days=7)  # a greeting that comes later is none
SILENCE: Final = timedelta(days=30)  # who was there within this time before is there, and does not return


def greeting(
    person: Person, since: datetime, place: ThreadRef, news: News, policy: Policy, *, owner_id: OwnerId, private: bool,
    stepped_back: bool,
) -> Say:  # fmt: skip
    """`since`: when they stepped back, or said that they would be away. `private`: it stands in their own issue.
    `stepped_back`: they count as such until they say that they are back."""
    return Say(
        rule=NAME,
        key=f"{NAME}/{owner_id}/{person.id}/{second(since)}",
        why=f"{person.login} is here",
        thread=place,
        template=GREETING,
        language=policy.language,
        values={
            "private": private,
            "stepped_back": private and stepped_back,
            "repository": news.repository or None,
            "release": news.release or None,
            "url": news.url or None,
            "merged": news.merged if private else 0,
            "ask": news.ask or None,
        },
        to=person,
        for_few=private,
        words=policy.messages.get(GREETING),
    )


def watched_since(leave: Leave, policy: Policy) -> datetime | None:
    """From when on what somebody does is a return; None: they were back before, so it is none.

    What they still do in the first weeks is handing over. After the time `returns.away_for` it is a return.
    """
    since = leave.at + policy.returns.away_for
    return None if leave.back_at is not None and leave.back_at < since else since


def away_ended(since: datetime, until: datetime | None, back_at: datetime | None, policy: Policy) -> datetime | None:
    """When somebody's time away was over, if it was a long one."""
    end = until or back_at
    return end if end is not None and end - since >= policy.returns.away_for else None
