"""The webhook of an app: where it goes, what was delivered, and once more, please.

docs.github.com: REST API endpoints for GitHub App webhooks. GitHub keeps the log for three days; so do we.
"""

from datetime import timedelta
from urllib.parse import urlencode

from bot.sandbox import refusal
from bot.sandbox.call import Answer, Call, Reply, Route
from bot.sandbox.events import Attempt
from bot.sandbox.shapes import apps as shapes

KEPT = timedelta(days=3)


def get_config(call: Call) -> Answer:
    return Reply(data=shapes.webhook_config(call.app()))


def update_config(call: Call) -> Answer:
    app = call.app()
    app.webhook_url = call.text("url") or app.webhook_url
    app.webhook_secret = call.text("secret") or app.webhook_secret
    return Reply(data=shapes.webhook_config(app))


def _attempts(call: Call) -> list[Attempt]:
    """This app's, newest first."""
    app, oldest = call.app(), call.world.now() - KEPT
    return [each for each in reversed(call.world.attempts) if each.delivery.app_id == app.id and each.at >= oldest]


def list_deliveries(call: Call) -> Answer:
    """Paged by a cursor, the id of the attempt to begin with."""
    found = _attempts(call)
    if call.query.get("status") == "success":
        found = [each for each in found if each.status_code < 400]
    elif call.query.get("status") == "failure":
        found = [each for each in found if each.status_code >= 400]
    size = min(100, int(call.query.get("per_page", 30)))
    cursor = call.query.get("cursor")
    if cursor:
        found = [each for each in found if each.id <= int(cursor.removeprefix("v1_"))]
    headers = {}
    if len(found) > size:
        query = urlencode({**call.query, "cursor": f"v1_{found[size].id}"})
        headers["Link"] = f'<{call.view.api}/app/hook/deliveries?{query}>; rel="next"'
    return Reply(data=[shapes.delivery_item(each) for each in found[:size]], headers=headers)


def _attempt(call: Call) -> Attempt:
    number = call.number("delivery_id")
    for each in _attempts(call):
        if each.id == number:
            return each
    raise refusal.not_found()


def get_delivery(call: Call) -> Answer:
    return Reply(data=shapes.delivery(_attempt(call)))


def redeliver(call: Call) -> Answer:
    """Sends it again, with the GUID it had."""
    call.world.redeliver(_attempt(call).delivery)
    return Reply(status=202, data={})


ROUTES = (
    Route(method="GET", path="/app/hook/config", handler=get_config),
    Route(method="PATCH", path="/app/hook/config", handler=update_config),
    Route(method="GET", path="/app/hook/deliveries", handler=list_deliveries),
    Route(method="GET", path="/app/hook/deliveries/{delivery_id}", handler=get_delivery),
    Route(method="POST", path="/app/hook/deliveries/{delivery_id}/attempts", handler=redeliver),
)
