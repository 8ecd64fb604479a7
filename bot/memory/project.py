"""Deliveries into rows. What a delivery says is folded into what is known; nothing is taken for the last word.

An unknown event or action changes nothing and breaks nothing. Texts are read here for the last time (commands, the
template's headings) and go no further.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from bot.commands.grammar import Command, read
from bot.memory import ledger, rows
from bot.memory.payloads import AnswerNews, Json, ThreadNews, answer, issue_kind, person, repo, thread
from bot.memory.rows import InstallationState
from bot.model import InstallationId, OwnerId, Person, Repo, ThreadKind, ThreadRef

_GONE: Final = frozenset({"deleted", "transferred"})
_NO_BOT: Final = {"off": False} | dict.fromkeys(["", "please", "thanks", "thank you", "thx"], True)  # whether to stop


class News:
    """One delivery while it is being projected: its JSON, when it came, and whether we heard it live.

    The past (`live` false) is told by the same payloads, but nobody witnessed it: it opens no thread to a welcome.
    """

    def __init__(self, connection: Connection, data: Json, heard_at: datetime, *, live: bool, start_live: bool) -> None:
        self.connection = connection
        self.data = data
        self.heard_at = heard_at
        self.live = live
        self.start_live = start_live
        self.action: str = data.get("action") or ""
        self.where: Repo | None = repo(data["repository"]) if (data.get("repository") or {}).get("owner") else None

    @property
    def sender(self) -> Person:
        return person(self.data.get("sender"))


def project(
    connection: Connection, event: str, data: Json, heard_at: datetime, *, live: bool = True, start_live: bool = False
) -> set[ThreadRef]:
    """Folds one delivery into memory. Returns the threads that are worth a look now.

    Raises payloads.Malformed, KeyError, TypeError or ValueError for a payload that is not as GitHub documents it.
    """
    news = News(connection, data, heard_at, live=live, start_live=start_live)
    _surroundings(news)
    return set(_HANDLERS.get(event, _nothing)(news))


def _surroundings(news: News) -> None:
    """What nearly every payload tells on the side: owner, repository, installation."""
    account = news.data.get("organization") or (news.data.get("repository") or {}).get("owner")
    if account and "id" in account:
        kind = "Organization" if news.data.get("organization") else account.get("type")
        rows.owner(news.connection, {**account, "type": kind}, news.heard_at)
        installation = news.data.get("installation") or {}
        if "id" in installation:
            _installation(news, installation["id"], OwnerId(account["id"]), None)
    if news.where is not None:
        rows.repo(news.connection, news.where, news.heard_at)


def _installation(news: News, id_: int, owner_id: OwnerId, state: InstallationState | None) -> None:
    live = news.start_live
    rows.installation(news.connection, InstallationId(id_), owner_id, news.heard_at, state=state, live=live)


def _nothing(news: News) -> Iterator[ThreadRef]:
    return iter(())


def _thread(news: News, thing: Json, kind: ThreadKind) -> ThreadNews | None:
    if news.where is None:
        return None
    shown = thread(thing, kind, news.where)
    rows.person(news.connection, shown.author, news.heard_at)
    if shown.author_is_team:
        rows.team(news.connection, shown.owner_id, shown.author.id, min(news.heard_at, shown.updated_at), belongs=True)
    rows.thread(news.connection, shown, news.heard_at)
    return shown


def _opened(news: News, shown: ThreadNews) -> None:
    """Somebody opened a thread: its author, unless it was moved here or made out of something else."""
    if news.live:
        rows.mark_thread(news.connection, shown.ref, opened_by=news.sender.id)
        if any(key.startswith("old_") for key in news.data.get("changes") or ()):
            rows.mark_thread(news.connection, shown.ref, moved=True)


def _commands(news: News, shown: ThreadNews, wrote: AnswerNews | None = None) -> None:
    """Takes down what people asked for, in the thread's own text or in a comment."""
    who = wrote.person if wrote else shown.author
    if who.is_bot or not news.live:
        return
    shows = (wrote or shown).commands
    before = _before_the_edit(news, shows)
    for command in _first_of_each(command for command in (*before, *shows) if _asks(command)):
        out = _no_bot(command)
        if wrote is None:
            place = "discussion" if shown.kind is ThreadKind.DISCUSSION else "issue"
            place_id, node_id, at = shown.place_id, shown.node_id, shown.created_at
        else:
            place, place_id, node_id, at = wrote.kind, wrote.source_id, wrote.node_id, wrote.at
        if command not in before:
            at = max(at, (wrote or shown).updated_at) if news.action == "edited" else at
        first = rows.request(
            news.connection, shown.ref, who, at,
            place=place, place_id=place_id, node_id=node_id, name=command.name, args=command.args,
        )  # fmt: skip
        if first and command.name == "no-bot" and out is not None:
            rows.optout(news.connection, shown.owner_id, who.id, at, opted_out=out)


def _asks(command: Command) -> bool:
    """ "/no-bot is how one stops it" explains and does not ask."""
    return command.name != "no-bot" or _no_bot(command) is not None


def _no_bot(command: Command) -> bool | None:
    return _NO_BOT.get(command.args.lower().strip(" .,!"))


def _before_the_edit(news: News, shows: tuple[Command, ...]) -> tuple[Command, ...]:
    """What stood there before an edit counts first: the news of that may come later, or never."""
    changes = news.data.get("changes") or {}
    if news.action == "edited" and "body" not in changes:  # of the title, say
        return shows
    return read((changes.get("body") or {}).get("from") or "")


def _first_of_each(commands: Iterable[Command]) -> list[Command]:
    first: dict[str, Command] = {}
    for command in commands:
        first.setdefault(command.name, command)
    return list(first.values())


def _issues(news: News) -> Iterator[ThreadRef]:
    return _on_thread(news, news.data.get("issue"), ThreadKind.ISSUE, opening="opened")


def _pull_request(news: News) -> Iterator[ThreadRef]:
    return _on_thread(news, news.data.get("pull_request"), ThreadKind.PULL_REQUEST, opening="opened")


def _discussion(news: News) -> Iterator[ThreadRef]:
    return _on_thread(news, news.data.get("discussion"), ThreadKind.DISCUSSION, opening="created")


def _on_thread(news: News, thing: Json | None, kind: ThreadKind, *, opening: str) -> Iterator[ThreadRef]:
    if not thing:
        return
    if kind is ThreadKind.ISSUE:
        kind = issue_kind(thing)
    shown = _thread(news, thing, kind)
    if shown is None:
        return
    if news.action == opening:
        _opened(news, shown)
    if news.action in {opening, "edited"}:
        _commands(news, shown)
    if news.action == "ready_for_review":
        rows.ready(news.connection, shown.ref, shown.updated_at)
    if news.action in _GONE:
        rows.mark_thread(news.connection, shown.ref, gone=True)
        ledger.all_dropped(news.connection, shown.ref, news.heard_at, "the thread is gone")
    yield shown.ref


def _issue_comment(news: News) -> Iterator[ThreadRef]:
    issue = news.data.get("issue")
    return _on_answer(news, issue, issue_kind(issue or {}), "issue_comment", news.data.get("comment"))


def _discussion_comment(news: News) -> Iterator[ThreadRef]:
    discussion, comment = news.data.get("discussion"), news.data.get("comment")
    return _on_answer(news, discussion, ThreadKind.DISCUSSION, "discussion_comment", comment)


def _review(news: News) -> Iterator[ThreadRef]:
    pull, review = news.data.get("pull_request"), news.data.get("review")
    return _on_answer(news, pull, ThreadKind.PULL_REQUEST, "review", review)


def _review_comment(news: News) -> Iterator[ThreadRef]:
    pull, comment = news.data.get("pull_request"), news.data.get("comment")
    return _on_answer(news, pull, ThreadKind.PULL_REQUEST, "review_comment", comment)


def _on_answer(
    news: News, thing: Json | None, kind: ThreadKind, answer_kind: str, wrote: Json | None
) -> Iterator[ThreadRef]:
    shown = _thread(news, thing, kind) if thing else None
    if shown is None or not wrote:
        return
    told = answer(wrote, answer_kind)
    rows.person(news.connection, told.person, news.heard_at)
    if told.is_team:
        rows.team(news.connection, shown.owner_id, told.person.id, min(news.heard_at, told.at), belongs=True)
    rows.answer(news.connection, shown.ref, told, gone=news.action == "deleted")
    if news.action in {"created", "submitted", "edited"}:
        _commands(news, shown, told)
    yield shown.ref


def _organization(news: News) -> Iterator[ThreadRef]:
    member = (news.data.get("membership") or {}).get("user")
    account = news.data.get("organization")
    if member and account and news.action in {"member_added", "member_removed"}:
        _belongs(news, OwnerId(account["id"]), person(member), belongs=news.action == "member_added")
    yield from ()


def _member(news: News) -> Iterator[ThreadRef]:
    """A collaborator on a repository. Removing one here says nothing about the others, so it does not count."""
    if news.where is not None and news.action == "added" and news.data.get("member"):
        _belongs(news, news.where.owner_id, person(news.data["member"]), belongs=True)
    yield from ()


def _belongs(news: News, owner_id: OwnerId, who: Person, *, belongs: bool) -> None:
    rows.person(news.connection, who, news.heard_at)
    rows.team(news.connection, owner_id, who.id, news.heard_at, belongs=belongs)


def _repository(news: News) -> Iterator[ThreadRef]:
    """What a repository that comes from elsewhere has seen, we have not."""
    if news.where is not None and news.action == "deleted":
        rows.repo(news.connection, news.where, news.heard_at, gone=True)
    if news.where is not None and news.action == "transferred":
        rows.listening_again(news.connection, news.where.owner_id, news.heard_at)
    yield from ()


_INSTALLATION_STATES: Final = {
    "created": InstallationState.ACTIVE,
    "unsuspend": InstallationState.ACTIVE,
    "new_permissions_accepted": InstallationState.ACTIVE,
    "suspend": InstallationState.SUSPENDED,
    "deleted": InstallationState.DELETED,
}


def _app_installation(news: News) -> Iterator[ThreadRef]:
    installation: dict[str, Any] = news.data.get("installation") or {}
    account = installation.get("account") or {}
    if "login" in account:  # an enterprise has none
        rows.owner(news.connection, account, news.heard_at)
        state = _INSTALLATION_STATES.get(news.action)
        _installation(news, installation["id"], OwnerId(account["id"]), state)
        if news.data.get("repositories_added"):
            rows.listening_again(news.connection, OwnerId(account["id"]), news.heard_at)
    yield from ()


_HANDLERS: Final[dict[str, Callable[[News], Iterator[ThreadRef]]]] = {
    "issues": _issues,
    "issue_comment": _issue_comment,
    "pull_request": _pull_request,
    "pull_request_review": _review,
    "pull_request_review_comment": _review_comment,
    "discussion": _discussion,
    "discussion_comment": _discussion_comment,
    "organization": _organization,
    "member": _member,
    "repository": _repository,
    "installation": _app_installation,
    "installation_repositories": _app_installation,
}
