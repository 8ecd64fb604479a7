"""One delivery while it is being projected, and what it says on the side."""

from datetime import datetime
from functools import cached_property

from sqlalchemy import Connection

from bot.commands.grammar import Command
from bot.memory import app, links, places, rows
from bot.memory.forgotten import Forgotten
from bot.memory.payloads import AnswerNews, Json, ThreadNews, person, repo, stamp, thread
from bot.memory.places import InstallationState
from bot.model import GHOST, InstallationId, OwnerId, Person, Repo, Step, ThreadKind, ThreadRef


class News:
    """Its JSON, when it came, and whether we heard it live.

    The past (`live` false) is told by the same payloads, but nobody witnessed it: it opens no thread to a welcome.
    People who asked to be forgotten are GHOST here already.
    """

    def __init__(self, connection: Connection, data: Json, heard_at: datetime, *, live: bool, start_live: bool) -> None:
        self.connection = connection
        self.data = data
        self.heard_at = heard_at
        self.live = live
        self.start_live = start_live
        self.action: str = data.get("action") or ""
        self.where: Repo | None = repo(data["repository"]) if (data.get("repository") or {}).get("owner") else None
        self.forgotten = Forgotten(connection)

    @classmethod
    def of_the_past(cls, connection: Connection, where: Repo | None, now: datetime) -> "News":
        """No delivery, but a list that was asked for now."""
        news = cls(connection, {}, now, live=False, start_live=False)
        news.where = where
        return news

    @property
    def sender(self) -> Person:
        return self.person(self.data.get("sender"))

    @cached_property
    def app(self) -> str | None:
        """What the app is called, as in `@app`."""
        return app.slug(self.connection)

    def for_us(self, commands: tuple[Command, ...]) -> tuple[Command, ...]:
        """Without those that are for somebody else."""
        return tuple(command for command in commands if command.to is None or command.to == self.app)

    def person(self, user: Json | None) -> Person:
        return self.forgotten.veil(person(user))

    @property
    def account(self) -> Json | None:
        """The owner of what this is about, as GitHub shows it: an organisation, or a user."""
        organisation = self.data.get("organization")
        if organisation and "id" in organisation:
            return {**organisation, "type": "Organization"}
        account: Json | None = (self.data.get("repository") or {}).get("owner")
        return account if account and "id" in account else None

    def surroundings(self) -> None:
        """What nearly every payload tells on the side: owner, repository, installation."""
        account = self.account
        if account is not None:
            places.owner(self.connection, account, self.heard_at)
            told = self.data.get("installation") or {}
            if "id" in told:
                self.installation(told, OwnerId(account["id"]), None)
        if self.where is not None:
            updated_at = self.data["repository"].get("updated_at")
            places.repo(self.connection, self.where, self.heard_at, stamp(updated_at))

    def installation(self, told: Json, owner_id: OwnerId, state: InstallationState | None) -> None:
        selection = told.get("repository_selection")
        places.installation(
            self.connection, InstallationId(told["id"]), owner_id, self.heard_at,
            state=state, live=self.start_live, updated_at=stamp(told.get("updated_at")),
            everywhere=None if selection is None else selection == "all",
        )  # fmt: skip

    def thread(self, thing: Json, kind: ThreadKind) -> ThreadNews | None:
        """A thread that the delivery shows, written down."""
        if self.where is None:
            return None
        shown = self.forgotten.veil_thread(thread(thing, kind, self.where))
        rows.person(self.connection, shown.author, self.heard_at)
        if shown.author_is_team and shown.author != GHOST:
            since = min(self.heard_at, shown.updated_at)
            rows.team(self.connection, shown.owner_id, shown.author.id, since, belongs=True)
        labels = places.label_names(self.connection, shown.ref.repo_id, shown.labels, shown.updated_at)
        rows.thread(self.connection, shown, labels, self.heard_at)
        links.take_down(self.connection, shown)
        if self.live and labels:
            rows.labels_of_a_second(self.connection, shown.ref)
        return shown

    def answer(self, told: AnswerNews, ref: ThreadRef, owner_id: OwnerId) -> None:
        """A comment or review in it, written down. Of people who asked to be forgotten there is none."""
        if self.forgotten.has(told.person):
            return
        rows.person(self.connection, told.person, self.heard_at)
        if told.is_team and told.person != GHOST:
            since = min(self.heard_at, told.at)
            rows.team(self.connection, owner_id, told.person.id, since, belongs=True)
        rows.answer(self.connection, ref, told, gone=self.action == "deleted")

    def step(self, ref: ThreadRef, step: Step, at: datetime, *, about: str = "") -> None:
        """Something that the delivery's sender did to a thread."""
        rows.person(self.connection, self.sender, self.heard_at)
        rows.happening(self.connection, ref, step, at, self.sender, about=about)

    def belongs(self, owner_id: OwnerId, user: Json, *, belongs: bool) -> None:
        """Somebody joined an organisation, or left it."""
        who = person(user)
        if not self.forgotten.has(who):
            rows.person(self.connection, who, self.heard_at)
            rows.team(self.connection, owner_id, who.id, self.heard_at, belongs=belongs)
