"""What a configuration would have posted over the last days, from memory alone: nobody is asked and nothing written.

The bot is taken to have been there with this configuration since the beginning of that time, or since it has really
listened, if that is earlier. Whoever was active before is no newcomer.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

from sqlalchemy import Connection

from bot.effects import Act, Say
from bot.inforce import Policies
from bot.memory import overview, recall, rows, schema
from bot.memory.lately import lately
from bot.model import OwnerId, Repo, RepoId, ThreadKind
from bot.policy import Policy
from bot.preview.remembered import Relived, Remembered
from bot.replay.play import Play

__all__ = ["Difference", "Post", "Preview", "Sight", "difference", "preview"]

_AT_LEAST: Final = timedelta(days=90)  # before the window, if welcome.too_late allows: threads are reopened late
_MOMENT: Final = timedelta(microseconds=1)


class Sight(Enum):
    """Who may be told of private repositories."""

    OPERATOR = auto()  # of all: whoever runs the service


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A comment that would have been posted. `aloud` False: it would only have been recorded, in shadow mode.

    `repo` is its full name, `feature` the rule, `template` the message in `config/messages/`, and `url` leads to the
    thread.
    """

    at: datetime
    repo: str
    number: int
    feature: str
    template: str
    login: str
    why: str
    url: str
    aloud: bool
    key: str

    @property
    def thread(self) -> str:
        return f"{self.repo}#{self.number}"

    @property
    def which(self) -> tuple[str, str]:
        """What is the same comment under another configuration, be it at another time."""
        return self.key, self.thread


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What an owner's repositories would have got, in the order of time; and whether the past before is known in
    full: otherwise some of those who count as new may have been there before."""

    owner: str
    since: datetime
    until: datetime
    past_is_read: bool
    posts: tuple[Post, ...]

    @property
    def aloud(self) -> tuple[Post, ...]:
        return tuple(post for post in self.posts if post.aloud)

    @property
    def recorded(self) -> tuple[Post, ...]:
        """What shadow mode would have kept back."""
        return tuple(post for post in self.posts if not post.aloud)

    def counts(self) -> Counter[str]:
        """How many comments would have been posted, by template."""
        return Counter(post.template for post in self.aloud)

    def by_feature(self) -> Counter[str]:
        return Counter(post.feature for post in self.aloud)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a change brings: comments that come, those that go away, and those that stay. Only what would have been
    posted counts, not what would have been recorded."""

    before: Preview
    after: Preview
    new: tuple[Post, ...]
    gone: tuple[Post, ...]
    kept: tuple[Post, ...]


def difference(before: Preview, after: Preview) -> Difference:
    """Both are about the same time and places."""
    had, has = {post.which for post in before.aloud}, {post.which for post in after.aloud}
    return Difference(
        before=before,
        after=after,
        new=tuple(post for post in after.aloud if post.which not in had),
        gone=tuple(post for post in before.aloud if post.which not in has),
        kept=tuple(post for post in after.aloud if post.which in had),
    )


def preview(
    connection: Connection,
    owner_id: OwnerId,
    policies: Policies,
    now: datetime,
    *,
    since: timedelta,
    repos: Collection[RepoId] | None,
    seen_from: RepoId | Sight | None,
) -> Preview:
    """What would have been posted within `since` until now in these repositories of an owner (None: in all that the app
    may work in). Of what happens in private ones is told only in themselves, as in `recall.visible_repos`.

    Raises ConfigError as `policies` does.
    """
    account = rows.get(connection, schema.owners, id=owner_id)
    assert account is not None, "a preview is made for an owner that memory knows"
    begin = now - since
    start = min(begin, account["witnessed_since"])
    where = _covered(connection, owner_id)
    in_force = {repo_id: policies(connection, repo) for repo_id, repo in where.items()}
    told = lately(
        connection,
        owner_id,
        where,
        since=begin - max(map(_margin, in_force.values()), default=timedelta()),
        start=start,
        greeters={login for policy in in_force.values() for login in policy.welcome.other_greeters},
        from_the_first=any(map(_asks_what_was_said, in_force.values())),
    )
    world = Remembered(told, in_force, start)
    shown = {
        repo_id
        for repo_id, repo in where.items()
        if (repos is None or repo_id in repos)
        if (not repo.private or seen_from is Sight.OPERATOR or seen_from == repo_id)
    }
    posts = (
        _post(at, thread, act)
        for at, thread, act in _lived(world, begin, now)
        if isinstance(act, Say) and at >= begin and thread.ref.repo_id in shown
    )
    return Preview(
        owner=account["login"],
        since=begin,
        until=now,
        past_is_read=account["past_read_at"] is not None,
        posts=tuple(posts),
    )


def _covered(connection: Connection, owner_id: OwnerId) -> Mapping[RepoId, Repo]:
    found = [recall.repo(connection, repo_id) for repo_id in overview.covered_repos(connection, owner_id)]
    return {repo.id: repo for repo in found if repo is not None}


def _margin(policy: Policy) -> timedelta:
    """How long before a comment its thread may have been opened, made ready or merged."""
    return min(policy.welcome.too_late, max(policy.welcome.hold, _AT_LEAST))


def _asks_what_was_said(policy: Policy) -> bool:
    """Whether it matters what somebody was told before: otherwise it is enough to know what they did."""
    return policy.welcome.another_repo != "nothing"


def _lived(world: Remembered, begin: datetime, now: datetime) -> Iterator[tuple[datetime, Relived, Act]]:
    play = Play(world)
    for at, thread in world.moments(begin):
        if at > now:
            break
        yield from play.before(at)
        yield from play.look(thread, at)
    yield from play.before(now + _MOMENT)


def _post(at: datetime, thread: Relived, say: Say) -> Post:
    repo, number = thread.thread.repo, thread.ref.number
    path = "discussions" if thread.thread.kind is ThreadKind.DISCUSSION else "issues"
    return Post(
        at=at,
        repo=repo.full_name,
        number=number,
        feature=say.rule,
        template=say.template,
        login=say.to.login,
        why=say.why,
        url=f"{repo.url}/{path}/{number}",
        aloud=say.aloud,
        key=say.key,
    )
