"""`/no-bot`: somebody does not want to hear from the bot. `/forget-me`: nor to be known to it.

Memory does what they wish when the comment arrives (bot/memory/thread_news.py); every rule that speaks honours it. Here
it is only acknowledged, so that the person sees that it worked.
"""

from datetime import datetime
from typing import Final

from bot.effects import Effect, React
from bot.looking import ThreadLook
from bot.model import Request
from bot.policy import Policy

NAME: Final = "stop"


def decide(look: ThreadLook, policy: Policy, now: datetime) -> list[Effect]:
    return [
        React(
            rule=NAME,
            key=_key(request),
            why=_why(request),
            thread=look.thread.ref,
            request=request,
            content="+1",
        )
        for request in look.thread.requests
        if request.name in {"no-bot", "forget-me"} and not policy.is_bot(request.person)
        if _key(request) not in look.said_here
    ]


def _why(request: Request) -> str:
    if request.name == "forget-me":  # then it is nobody's name to write down
        return "somebody asked with /forget-me"
    return f"{request.person.login} asked with /no-bot {request.args}".strip()


def _key(request: Request) -> str:
    return f"{NAME}/{request.place}/{request.place_id}"
