"""`/no-bot`: somebody does not want to hear from the bot.

Memory takes the wish down when the comment arrives (bot/memory/project.py); every rule that speaks honours it. Here it
is only acknowledged, so that the person sees that it worked.
"""

from datetime import datetime
from typing import Final

from bot.effects import Effect, React
from bot.model import Request, ThreadLook
from bot.policy import Policy

NAME: Final = "stop"


def decide(look: ThreadLook, policy: Policy, now: datetime) -> list[Effect]:
    return [
        React(
            rule=NAME,
            key=_key(request),
            why=f"{request.person.login} asked with /no-bot {request.args}".strip(),
            thread=look.thread.ref,
            request=request,
            content="+1",
        )
        for request in look.thread.requests
        if request.name == "no-bot" and not policy.is_bot(request.person)
        if _key(request) not in look.said_here
    ]


def _key(request: Request) -> str:
    return f"{NAME}/{request.place}/{request.place_id}"
