"""What every answer to a command is made with: keys, replies, and who asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.effects import Effect, Order, Say, Value
from bot.looking import Asker, ThreadLook
from bot.model import Request
from bot.policy import Policy

NAME: Final = "answers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What comes of a command: 👍 if it was `done`, 😕 if it could not be. `effects` are carried out before that,
    in their order; what is in the ledger already is left out."""

    done: bool
    why: str
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A command, and all that tells what may come of it. `maintains`: None where nobody knows yet. `may`: whether the
    settings let them use it; where not, what they write is a suggestion."""

    request: Request
    look: ThreadLook
    policy: Policy
    asker: Asker
    maintains: bool | None
    may: bool = True

    @property
    def place(self) -> str:
        return f"{self.request.place}/{self.request.place_id}"

    @property
    def why(self) -> str:
        return f"{self.request.person.login} wrote /{self.request.name}"

    def key(self, what: str) -> str:
        """Of something that this command does, once: "order", "reply" …"""
        return f"{NAME}/{self.request.name}/{what}/{self.place}"

    @property
    def answered(self) -> str:
        """The key of the last thing that this command does: the reaction that ends it."""
        return f"{NAME}/{self.request.name}/{self.place}"

    def did(self, what: str) -> bool:
        return self.key(what) in self.look.said_here

    def reply(self, about: str, values: Mapping[str, Value] | None = None, *, key: str | None = None) -> Say:
        """The template `answer-COMMAND-ABOUT`. It mentions nobody: who asked hears of it anyway."""
        return Say(
            rule=NAME,
            key=key or self.key("reply"),
            why=self.why,
            thread=self.look.thread.ref,
            template=f"answer-{self.request.name}-{about}",
            language=self.policy.language,
            values={"command": self.request.name, **(values or {})},
            to=self.request.person,
            mention=False,
            asked_for=True,
        )


def ordered(asked: Asked, order: Order) -> Answer:
    """Memory has done it, or does it now."""
    return Answer(done=True, why=asked.why, effects=(order,))
