"""What the servers are sent: signed `issues.opened` deliveries as GitHub would post them, of about 12 kB each.

A hundred issues by twenty people, made by the sandbox: the service has something to project, as in a busy hour. All
servers get the same ones, under a new GUID each time (the GUID is not signed).
"""

from datetime import UTC, datetime
from typing import Final

from bot.sandbox import Delivery, World
from bot.sandbox.acts.apps import new_private_key

SECRET: Final = "a secret for the benchmarks"
_ISSUES: Final = 100
_PEOPLE: Final = 20
_EVENT: Final = "issues.opened"
_BODY: Final = """### Bug description

After the update of last week the map of the northern valley is drawn upside down as soon as I zoom in further than
level {number}. Contour lines and huts stay where they should be, so only the base layer seems to be turned.

### How to reproduce

1. Open the map of the northern valley
2. Zoom in until the huts get their names
3. Look at the river: it flows uphill

### Expected behaviour

Water flows downhill, and north is where it was before the update.

### Your personal set up

- Operating system: Debian 12
- Version: 4.2.{number}
- Browser: a current one, without extensions

```
{log}
```
"""
_LOG: Final = "2026-11-23 09:12:44 WARNING tiles.loader: tile {tile}/412/{number} came late, drawn from the cache\n"


class Sender:
    """The app that GitHub would deliver to: what both services need in order to be it."""

    def __init__(self) -> None:
        self.private_key = new_private_key()
        world = World(now=lambda: datetime.now(UTC))
        organisation = world.organization("alpine-tools")
        repo = world.repository(organisation, "trail-maps", labels={"bug": "d73a4a", "needs: triage": "ededed"})
        people = [world.user(f"hiker-{number}") for number in range(_PEOPLE)]
        app = world.app(
            slug="switchback", owner=organisation, private_key=self.private_key, webhook_secret=SECRET,
            permissions={"issues": "write"}, events=["issues"],
        )  # fmt: skip
        world.install(app, organisation)
        for number in range(_ISSUES):
            by = people[number % _PEOPLE]
            world.open_issue(repo, by=by, title=f"Map {number} is upside down", body=_body(number), labels=["bug"])
        self.app_id = str(app.id)
        self.deliveries: list[Delivery] = [delivery for delivery in world.deliveries if delivery.name == _EVENT]


def _body(number: int) -> str:
    return _BODY.format(number=number, log="".join(_LOG.format(tile=tile, number=number) for tile in range(15)))
