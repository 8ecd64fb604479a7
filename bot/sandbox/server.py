"""The HTTP side: an aiohttp application that answers as api.github.com does.

What every request has in common happens here: weather, who is calling, rate limits, pages, ETags, errors, the log. What
is special is in `rest` and `graph`, as functions that take a `Call` and are called one at a time: the effect of a
request is there at once or not at all. The web pages of `site` are beside all that: no weather, no limits, no log.
"""

import asyncio
import hashlib
import json
import uuid
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Middleware

from bot.sandbox import refusal
from bot.sandbox.access import NOBODY, Actor, identify
from bot.sandbox.call import Answer, Call, Listing, Reply, Route
from bot.sandbox.clock import http_date
from bot.sandbox.graph import execute
from bot.sandbox.limits import Budget, Limits, SpentError
from bot.sandbox.pages import page
from bot.sandbox.rest import (
    apps,
    checks,
    comments,
    commits,
    hooks,
    issues,
    labels,
    people,
    pulls,
    reactions,
    repos,
    reviews,
    search,
)
from bot.sandbox.shapes.view import View
from bot.sandbox.site import Site
from bot.sandbox.weather import Fault, Weather
from bot.sandbox.world import World

ROUTES: tuple[Route, ...] = (
    *apps.ROUTES,
    *hooks.ROUTES,
    *people.ROUTES,
    *repos.ROUTES,
    *checks.ROUTES,  # before the commits, whose names may end like this
    *commits.ROUTES,
    *comments.ROUTES,  # before the issues: /issues/comments is no issue
    *issues.ROUTES,
    *labels.ROUTES,
    *reactions.ROUTES,
    *reviews.ROUTES,  # before the pull requests: /pulls/comments is none
    *pulls.ROUTES,
    *search.ROUTES,
    *execute.ROUTES,
)
REQUESTS_KEPT = 10_000
CUT = "X-Sandbox-Cut"  # marks an answer that nobody got, since the connection was cut
LONGEST_REQUEST = 25 * 1024 * 1024  # bytes


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A request that came in. `status` is 0 where the connection was cut; `actor` is a login, or an app's slug.

    `route` is the template that answered, None where there is no such operation.
    """

    method: str
    path: str
    query: dict[str, str]
    body: object
    status: int
    actor: str | None
    route: str | None


WORLD = web.AppKey("world", World)
WEATHER = web.AppKey("weather", Weather)
LIMITS = web.AppKey("limits", Limits)
REQUESTS = web.AppKey("requests", deque[Seen])
ACTOR = web.RequestKey("actor", Actor)  # who made the request, once it is known

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def application(
    world: World,
    *,
    weather: Weather | None = None,
    limits: Limits | None = None,
    middlewares: Iterable[Middleware] = (),
) -> web.Application:
    """The API of this world. Middlewares are called outermost, so they see what the client gets."""
    app = web.Application(client_max_size=LONGEST_REQUEST)
    app.middlewares.extend(middlewares)
    app[WORLD] = world
    app[WEATHER] = weather or Weather()
    app[LIMITS] = limits or Limits()
    app[REQUESTS] = deque(maxlen=REQUESTS_KEPT)
    for route in ROUTES:
        app.router.add_route(route.method, route.path, _endpoint(route))
        below = route.path.removeprefix("/repos/{owner}/{repo}")
        if below != route.path:
            app.router.add_route(route.method, "/repositories/{repository_id}" + below, _endpoint(route))
    Site(world).routes(app)
    app.router.add_route("*", "/{nothing:.*}", _endpoint(None))
    return app


def _endpoint(route: Route | None) -> Handler:
    async def endpoint(request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        request[ACTOR] = NOBODY
        fault = request.app[WEATHER].meet(request.method, request.path)
        if fault is not None and fault.when == "before":
            response = await _befall(request, fault, None)
        else:
            response = None
        if response is None:
            response = _answer(request, route, raw)
            if fault is not None and fault.when == "after":
                response = await _befall(request, fault, response) or response
        _log(request, route, raw, response)
        return response

    return endpoint


async def _befall(request: web.Request, fault: Fault, answer: web.Response | None) -> web.Response | None:
    """What the fault makes of the request; None where it leaves it as it is."""
    if fault.delay:
        await asyncio.sleep(fault.delay)
    if fault.cut:
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=answer.status if answer else 500, headers={CUT: "1"})
    if fault.status is None:
        return None
    text = fault.body if isinstance(fault.body, str) else json.dumps(fault.body)
    headers = {"Content-Type": "application/json; charset=utf-8", **_always(request), **fault.headers}
    return web.Response(status=fault.status, text=text, headers=headers)


def _answer(request: web.Request, route: Route | None, raw: bytes) -> web.Response:
    budget: Budget | None = None
    headers = _always(request)
    try:
        if not request.headers.get("User-Agent"):
            raise refusal.forbidden("Request forbidden by administrative rules. Please have a User-Agent header.")
        world, limits = request.app[WORLD], request.app[LIMITS]
        request[ACTOR] = actor = identify(world, request.headers.get("Authorization"))
        if route is None:
            raise refusal.not_found()
        if not route.free:
            budget = limits.spend(actor, route.resource, now=world.now())
            headers |= budget.headers(route.resource)
        body = _json_object(raw)
        call = Call(
            world=world,
            actor=actor,
            view=View(world=world, api=f"{request.scheme}://{request.host}", html=world.html_url),
            limits=limits,
            method=request.method,
            path=request.path_qs,
            parts=dict(request.match_info),
            query=dict(request.query),
            body=body,
            accept=request.headers.get("Accept", ""),
        )
        if route.creates and actor.account is not None:
            limits.write(actor, now=world.now())
        reply = _paged(call, route.handler(call))
    except SpentError as error:
        reply = execute.limited(error) if route and route.resource == "graphql" else _refused(error)
    except refusal.RefusedError as error:
        reply = _refused(error)
    return _response(request, reply, headers, budget)


def _refused(error: refusal.RefusedError) -> Reply:
    return Reply(status=error.status, data=error.body(), headers=error.headers)


def _json_object(raw: bytes) -> dict[str, Any]:
    """Raises RefusedError (400) for what is no JSON object. A list is taken as `labels`, which GitHub allows there."""
    if not raw.strip():
        return {}
    try:
        body = json.loads(raw)
    except ValueError:
        raise refusal.RefusedError(400, "Problems parsing JSON") from None
    if isinstance(body, list):
        return {"labels": body}
    if not isinstance(body, dict):
        raise refusal.RefusedError(400, "Body should be a JSON object")
    return body


def _paged(call: Call, answer: Answer) -> Reply:
    return page(call, answer) if isinstance(answer, Listing) else answer


def _response(request: web.Request, reply: Reply, headers: dict[str, str], budget: Budget | None) -> web.Response:
    headers = {**headers, **reply.headers}
    if reply.status == 204:
        return web.Response(status=204, headers=headers)
    text = reply.text if reply.text is not None else json.dumps(reply.data)
    kind = "application/json" if reply.text is None else "text/plain"
    headers.setdefault("Content-Type", f"{kind}; charset=utf-8")
    if request.method == "GET" and reply.status == 200:
        headers["ETag"] = etag = f'W/"{hashlib.sha256(text.encode()).hexdigest()}"'
        if etag in request.headers.get("If-None-Match", ""):
            if budget is not None and request[ACTOR] is not NOBODY:
                request.app[LIMITS].refund(budget)
                headers["X-RateLimit-Remaining"] = str(budget.remaining)
                headers["X-RateLimit-Used"] = str(budget.used)
            del headers["Content-Type"]
            return web.Response(status=304, headers=headers)
    return web.Response(status=reply.status, text=text, headers=headers)


def _always(request: web.Request) -> dict[str, str]:
    return {
        "Date": http_date(request.app[WORLD].now()),
        "Server": "github.com",
        "X-GitHub-Media-Type": "github.v3; format=json",
        "X-GitHub-Request-Id": uuid.uuid4().hex[:16].upper(),
        "X-GitHub-Api-Version-Selected": "2022-11-28",
    }


def _log(request: web.Request, route: Route | None, raw: bytes, response: web.Response) -> None:
    try:
        body = json.loads(raw) if raw.strip() else None
    except ValueError:
        body = raw.decode(errors="replace")
    seen = Seen(
        method=request.method,
        path=request.path,
        query=dict(request.query),
        body=body,
        status=0 if CUT in response.headers else response.status,
        actor=request[ACTOR].login,
        route=route.path if route else None,
    )
    request.app[REQUESTS].append(seen)
