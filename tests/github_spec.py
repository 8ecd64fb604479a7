"""Checks requests, answers and webhooks against GitHub's own description of them.

The documents are `@octokit/openapi` (REST) and `@octokit/openapi-webhooks`: see `tests.npm`. Loading takes about a
second, a check 0.2 ms. Put `RestSpec.watch` into an aiohttp application as a middleware, and it checks all that passes.
"""

import functools
import json
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import jsonschema_rs
from aiohttp import web
from aiohttp.typedefs import Middleware

from bot.sandbox import site
from bot.sandbox.access import NOBODY
from bot.sandbox.server import ACTOR, CUT
from tests import npm

Schema = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
MOST_SHOWN = 20

# What GitHub may always answer, though the document often does not say so: errors, redirects of what was renamed, and
# that nothing has changed.
ALWAYS = frozenset({301, 304, 307, 400, 401, 403, 404, 410, 422, 429, 500, 502, 503, 504})

# What these formats allow is not checked, or looser than the standards: bots commit as `1+name[bot]@users.noreply…`.
FORMATS: dict[str, Callable[[str], bool]] = {
    "email": lambda text: re.fullmatch(r"[^@\s]+@[^@\s]+", text) is not None,
    "uri-template": lambda _: True,
}


class SpecError(AssertionError):
    """It is not as GitHub describes it; the message says where and what."""


def to_json_schema(node: Any) -> Any:
    """Turns OpenAPI's dialect into JSON Schema, in place: `nullable`, boolean `exclusiveMinimum`, no examples."""
    if isinstance(node, list):
        for each in node:
            to_json_schema(each)
    elif isinstance(node, dict):
        node.pop("example", None)
        if isinstance(node.get("examples"), list):
            del node["examples"]
        for each in list(node.values()):
            to_json_schema(each)
        if node.pop("nullable", None) is True:
            _allow_null(node)
        if isinstance(node.get("exclusiveMinimum"), bool) and node.pop("exclusiveMinimum"):
            node["exclusiveMinimum"] = node.pop("minimum", 0)
    return node


def _allow_null(node: Schema) -> None:
    if isinstance(node.get("type"), str):
        node["type"] = [node["type"], "null"]
    if "enum" in node and None not in node["enum"]:
        node["enum"] = [*node["enum"], None]
    for word in ("oneOf", "anyOf"):
        if word in node:
            node[word] = [*node[word], {"type": "null"}]
    if "allOf" in node and "type" not in node:
        node["anyOf"] = [{"allOf": node.pop("allOf")}, {"type": "null"}]
    if "$ref" in node:
        node["anyOf"] = [{"$ref": node.pop("$ref")}, {"type": "null"}]


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation of the REST API, and the named parts of the path it was found by."""

    template: str
    method: str
    described: Schema
    shared: Schema  # what the document says of the path as a whole
    parts: dict[str, str]

    @property
    def name(self) -> str:
        return f"{self.method} {self.template}"


@dataclass(frozen=True)
class Place:
    pattern: re.Pattern[str]
    template: str
    item: Schema


def places_of(root: Schema) -> list[Place]:
    """The paths of the document, the most exact first."""
    places = []
    for template, item in root.get("paths", {}).items():
        many = {
            parameter["name"]
            for operation in item.values()
            if isinstance(operation, dict)
            for parameter in operation.get("parameters", [])
            if parameter.get("x-multi-segment")
        }
        many |= {"ref", "branch"}  # GitHub takes slashes there too, though the document does not say so
        pattern = ""
        for piece in re.split(r"(\{[^}]+\})", template):
            name = piece[1:-1]
            wide = ".*" if name in many else "[^/]+"
            pattern += f"(?P<{_group(name)}>{wide})" if piece.startswith("{") else re.escape(piece)
        places.append(Place(re.compile(pattern), template, item))
    return sorted(places, key=lambda place: (place.template.count("{"), -len(place.template)))


@dataclass(kw_only=True)
class Document:
    """An OpenAPI document, and the validators made of it so far."""

    root: Schema
    uri: str
    _validators: dict[tuple[object, ...], jsonschema_rs.Validator] = field(default_factory=dict)
    _found: dict[tuple[str, str], tuple[Place, dict[str, str]] | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.registry = jsonschema_rs.Registry([(self.uri, self.root)])
        self.places = places_of(self.root)

    def place(self, method: str, path: str) -> tuple[Place, dict[str, str]] | None:
        """Where a path stands in the document, and its named parts. There are a thousand places, so it is kept."""
        if (method, path) not in self._found:
            matches = ((each, each.pattern.fullmatch(path)) for each in self.places if method in each.item)
            self._found[method, path] = next(((each, match.groupdict()) for each, match in matches if match), None)
        return self._found[method, path]

    def resolve(self, node: Schema) -> Schema:
        """Follows references to what they mean."""
        while "$ref" in node:
            found = self.root
            for part in node["$ref"].removeprefix("#/").split("/"):
                found = found[part.replace("~1", "/").replace("~0", "~")]
            node = found
        return node

    def problems(self, key: tuple[object, ...], schema: Schema, value: object) -> Iterator[str]:
        """What is wrong with a value. `key` names the schema, whose validator is made once."""
        if key not in self._validators:
            here = json.loads(json.dumps(schema).replace('"#/', f'"{self.uri}#/'))
            self._validators[key] = jsonschema_rs.Draft202012Validator(
                here, registry=self.registry, validate_formats=True, formats=FORMATS
            )
        for error in self._validators[key].iter_errors(value):
            yield f"{'/'.join(map(str, error.instance_path))}: {error.message[:300]}"


def _load(package: str) -> Schema:
    root: Schema = json.loads(npm.file(package, "generated/api.github.com.json").read_text(encoding="utf-8"))
    return root


class RestSpec:
    """GitHub's REST API. `violations` collects what `watch` saw go wrong."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.violations: list[str] = []

    def find(self, method: str, url: str) -> Operation:
        """The operation that a request is. Raises SpecError where GitHub has none."""
        path = re.sub(r"^/repositories/\d+(?=/|$)", "/repos/_/_", urlsplit(url).path)
        if (found := self.document.place(method.lower(), path)) is None:
            raise SpecError(f"GitHub has no operation {method} {path}")
        place, parts = found
        return Operation(
            template=place.template,
            method=method,
            described=place.item[method.lower()],
            shared=place.item,
            parts=parts,
        )

    def check_request(self, method: str, url: str, body: object = None, *, app: bool = False) -> None:
        """Raises SpecError unless it is a request that GitHub describes.

        `body` is the decoded JSON, None where there is none. With `app` it was made with an installation's token, and
        the operation must be open to these. Parameters and fields that GitHub does not know are wrong too.
        """
        operation = self.find(method, url)
        problems = [*self._of_parameters(operation, url), *self._of_body(operation, body)]
        if app and not operation.described.get("x-github", {}).get("enabledForGitHubApps"):
            problems.append("not for apps")
        _complain(operation.name, problems)

    def _of_parameters(self, operation: Operation, url: str) -> Iterator[str]:
        query = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
        known = set()
        for reference in operation.described.get("parameters", []) + operation.shared.get("parameters", []):
            parameter = self.document.resolve(reference)
            name, place = parameter["name"], parameter["in"]
            if place == "query":
                known.add(name)
            elif place != "path":
                continue
            value = query.get(name) if place == "query" else operation.parts.get(_group(name))
            if value is None:
                if parameter.get("required"):
                    yield f"the {place} lacks {name}"
                continue
            key = (operation.name, place, name)
            for problem in self.document.problems(key, parameter["schema"], self._typed(parameter["schema"], value)):
                yield f"{name}={value}{problem}"
        yield from (f"GitHub knows no query parameter {name}" for name in query if name not in known)

    def _typed(self, schema: Schema, text: str) -> object:
        """A text of a path or query as the type that the schema wants."""
        kinds = self.document.resolve(schema).get("type")
        kinds = kinds if isinstance(kinds, list) else [kinds]
        text = unquote(text)
        if "integer" in kinds and re.fullmatch(r"-?\d+", text):
            return int(text)
        if "boolean" in kinds and text in ("true", "false"):
            return text == "true"
        return text.split(",") if "array" in kinds else text

    def _of_body(self, operation: Operation, body: object) -> Iterator[str]:
        described = self.document.resolve(operation.described.get("requestBody", {}))
        schema = described.get("content", {}).get("application/json", {}).get("schema")
        if body is None:
            if described.get("required"):
                yield "the body is missing"
        elif schema is None:
            if body != {}:
                yield "the operation takes no body"
        else:
            yield from (f"body/{each}" for each in self.document.problems((operation.name, "body"), schema, body))
            names, free = self._fields(schema)
            if isinstance(body, dict) and not free:
                yield from (f"GitHub knows no field {name}" for name in body if name not in names)

    def _fields(self, schema: Schema) -> tuple[set[str], bool]:
        """The names of an object's fields, and whether it may have others."""
        schema = self.document.resolve(schema)
        names, free = set(schema.get("properties", {})), schema.get("additionalProperties", False) is not False
        for word in ("oneOf", "anyOf", "allOf"):
            for each in schema.get(word, []):
                more, also_free = self._fields(each)
                names, free = names | more, free or also_free
        return names, free

    def check_response(self, method: str, url: str, status: int, body: object = None) -> None:
        """Raises SpecError unless it is an answer that GitHub describes. `body` is the decoded JSON, None for none."""
        operation = self.find(method, url)
        answers = operation.described["responses"]
        answer = answers.get(str(status)) or answers.get(f"{status // 100}XX") or answers.get("default")
        if answer is None:
            if status not in ALWAYS:
                raise SpecError(f"{operation.name}: GitHub does not answer {status} but {', '.join(answers)}")
            if status != 304 and (not isinstance(body, dict) or "message" not in body):
                raise SpecError(f"{operation.name} {status}: an error without a message")
            return
        content = self.document.resolve(answer).get("content", {})
        schema = next((each.get("schema") for kind, each in content.items() if "json" in kind), None)
        if schema is None:
            if body not in (None, "", {}) and status not in ALWAYS:
                raise SpecError(f"{operation.name} {status}: a body where GitHub sends none")
            return
        if status >= 400 and "oneOf" in schema:
            schema = {"anyOf": schema["oneOf"]}  # the kinds of errors are told apart by their texts only
        _complain(f"{operation.name} {status}", [*self.document.problems((operation.name, status), schema, body)])

    @property
    def watch(self) -> Middleware:
        """A middleware for the sandbox's application that puts what is wrong into `violations`.

        A request that was refused as malformed (400, 404, 422) may be as wrong as it likes, if the operation exists at
        all: it was wrong on purpose. GraphQL and web pages pass, and so do answers that are not JSON (GitHub's error
        pages, files) or never came.
        """

        @web.middleware
        async def watch(request: web.Request, handler: Handler) -> web.StreamResponse:
            response = await handler(request)
            passes = request.path.endswith("/graphql") or CUT in response.headers or _is_page(request)
            if not passes and isinstance(response, web.Response):
                try:
                    await self._look(request, response)
                except SpecError as error:
                    self.violations.append(str(error))
            return response

        return watch

    async def _look(self, request: web.Request, response: web.Response) -> None:
        method, url = request.method, request.path_qs
        raw = await request.read()
        if response.status not in (400, 404, 422):
            self.check_request(
                method,
                url,
                json.loads(raw) if raw.strip() else None,
                app=request.get(ACTOR, NOBODY).installation is not None,
            )
        text = response.text
        if not text:
            self.check_response(method, url, response.status)
        elif response.content_type == "application/json":
            self.check_response(method, url, response.status, json.loads(text))


class WebhookSpec:
    """GitHub's webhooks."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.operations: dict[str, Schema] = {
            each["post"]["operationId"]: each["post"] for each in document.root["webhooks"].values()
        }

    def check(self, event: str, payload: Schema) -> None:
        """Raises SpecError unless it is a payload that GitHub describes for this event (and its action)."""
        words = [event, payload["action"]] if payload.get("action") else [event]
        name = "/".join(word.replace("_", "-") for word in words)
        if name not in self.operations:
            raise SpecError(f"GitHub has no webhook {name}")
        schema = self.operations[name]["requestBody"]["content"]["application/json"]["schema"]
        _complain(name, [*self.document.problems((name,), schema, payload)])


def _is_page(request: web.Request) -> bool:
    resource = request.match_info.route.resource
    return resource is not None and resource.canonical in site.PATHS


def _group(name: str) -> str:
    return re.sub(r"\W", "_", name)


def _complain(where: str, problems: list[str]) -> None:
    if problems:
        raise SpecError(f"{where}: " + "; ".join(problems[:MOST_SHOWN]))


@functools.cache
def rest_document() -> Document:
    root = _load("@octokit/openapi")
    # In this one place the document wants an account to be a user *and* an enterprise; elsewhere it is one of the two.
    answer = root["paths"]["/app/installations"]["get"]["responses"]["200"]["content"]["application/json"]
    account = answer["schema"]["items"]["properties"]["account"]
    account["anyOf"] = account.pop("allOf")
    return Document(root=to_json_schema(root), uri="urn:github:rest")


@functools.cache
def webhook_document() -> Document:
    return Document(root=to_json_schema(_load("@octokit/openapi-webhooks")), uri="urn:github:webhooks")


def rest() -> RestSpec:
    """A fresh collector of violations over the one document."""
    return RestSpec(rest_document())


def webhooks() -> WebhookSpec:
    return WebhookSpec(webhook_document())
