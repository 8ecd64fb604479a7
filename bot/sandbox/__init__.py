"""A small, stateful GitHub that runs in-process: for `play`, the playground page and the tests.

It knows nothing of the rest of the program. People act on a `World`; apps hear of it by signed webhooks and answer
through the API, as they would with the real one:

    world = World(now=lambda: datetime.now(UTC))
    alpine, ada = world.organization("alpine-tools"), world.user("ada")
    repo = world.repository(alpine, "trail-maps", labels={"bug": "d73a4a"})
    app = world.app(slug="switchback", owner=alpine, permissions={"issues": "write"}, events=["issues"],
                    webhook_secret="…")
    world.install(app, alpine)
    async with running(world, webhook_url="http://127.0.0.1:8000/webhook") as github:
        issue = world.open_issue(repo, by=ada, title="The map is upside down")
        await github.courier.drained()  # the webhook has it; the bot writes back to github.url
        print(issue.comments, github.requests[-1])
    world.deliveries[0].headers("…"), world.deliveries[0].body  # to post it oneself, later, twice, in another order

`bot.sandbox.sample` makes an organisation with a past; `world.unheard()` makes a large one fast, without a webhook.
The pages on which people register and install apps (`site`) are served too, for `world.signed_in`.
`Weather`, with the faults of `bot.sandbox.weather`, makes calls fail as GitHub's do:
`github.weather.next(weather.cut_after_write())`. `github.courier.nobody_there()` loses deliveries until they are asked
for again.
"""

from bot.sandbox.clock import Clock
from bot.sandbox.courier import Courier
from bot.sandbox.events import Attempt, Delivery
from bot.sandbox.git import ChangedFile
from bot.sandbox.limits import Limits
from bot.sandbox.refusal import RefusedError
from bot.sandbox.running import Running, running
from bot.sandbox.server import Seen, application
from bot.sandbox.weather import Fault, Weather
from bot.sandbox.world import World

__all__ = [
    "Attempt",
    "ChangedFile",
    "Clock",
    "Courier",
    "Delivery",
    "Fault",
    "Limits",
    "RefusedError",
    "Running",
    "Seen",
    "Weather",
    "World",
    "application",
    "running",
]
