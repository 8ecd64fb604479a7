"""Check runs: made and changed by apps, read by everybody. docs.github.com: REST API endpoints for check runs."""

from collections.abc import Mapping
from typing import Any, get_args

from bot.sandbox import refusal
from bot.sandbox.call import Answer, Call, Listing, Reply, Route
from bot.sandbox.model import Annotation, AnnotationLevel, App, CheckRun, CheckStatus, Conclusion, Repo
from bot.sandbox.rest.commits import head_of
from bot.sandbox.shapes import checks as shapes

MOST_ANNOTATIONS = 50  # in one request
LONGEST_OUTPUT = 65_535  # characters, of the summary and of the text
STATUSES: tuple[CheckStatus, ...] = get_args(CheckStatus)
CONCLUSIONS: tuple[Conclusion, ...] = get_args(Conclusion)
LEVELS: tuple[AnnotationLevel, ...] = get_args(AnnotationLevel)
OUTPUT = ("title", "summary", "text")
NEEDED_OF_ANNOTATION = ("path", "start_line", "end_line", "annotation_level", "message")


def _malformed(problem: str) -> refusal.RefusedError:
    return refusal.unprocessable(f"Invalid request.\n\n{problem}")


def _writer(call: Call) -> tuple[Repo, App]:
    """The repository, and the app that calls. Raises RefusedError (403) for people."""
    repo = call.repo("checks", "write")
    installation = call.actor.installation
    if installation is None:
        raise refusal.forbidden("You must authenticate via a GitHub App.")
    return repo, installation.app


def _conclusion(call: Call) -> Conclusion | None:
    """What it has come to: needed once the run is completed. Raises RefusedError (422)."""
    if call.body.get("conclusion") is not None:
        return call.choice("conclusion", CONCLUSIONS)
    if call.body.get("status") == "completed" or call.body.get("completed_at") is not None:
        raise _malformed('"conclusion" wasn\'t supplied.')
    return None


def _status(call: Call) -> CheckStatus | None:
    return None if call.body.get("status") is None else call.choice("status", STATUSES)


def _output(call: Call, *, needed: tuple[str, ...]) -> Mapping[str, Any]:
    """What is to be shown, with these fields at least. Raises RefusedError (422)."""
    given = call.body.get("output")
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise _malformed(f"For 'properties/output', {given!r} is not an object.")
    for name in OUTPUT:
        value = given.get(name)
        if value is None and name in needed:
            raise _malformed(f'"{name}" wasn\'t supplied.')
        if value is not None and not isinstance(value, str):
            raise _malformed(f"For 'properties/{name}', {value!r} is not a string.")
        if name != "title" and value is not None and len(value) > LONGEST_OUTPUT:
            raise _malformed(f"Only {LONGEST_OUTPUT} characters are allowed; {len(value)} were supplied.")
    return given


def _annotations(output: Mapping[str, Any]) -> list[Annotation]:
    given = output.get("annotations") or []
    if len(given) > MOST_ANNOTATIONS:
        raise _malformed(f"No more than {MOST_ANNOTATIONS} items are allowed; {len(given)} were supplied.")
    return [_annotation(each) for each in given]


def _annotation(given: Mapping[str, Any]) -> Annotation:
    """Raises RefusedError (422) for one that is not whole, or whose lines are none."""
    for name in NEEDED_OF_ANNOTATION:
        if given.get(name) is None:
            raise _malformed(f'"{name}" wasn\'t supplied.')
    if given["annotation_level"] not in LEVELS:
        raise _malformed(f"{given['annotation_level']!r} is not a member of [{', '.join(LEVELS)}].")
    start, end = given["start_line"], given["end_line"]
    if not isinstance(start, int) or not isinstance(end, int) or not 1 <= start <= end:
        raise refusal.invalid("CheckAnnotation", "start_line")
    if start != end and (given.get("start_column") or given.get("end_column")):
        raise refusal.invalid("CheckAnnotation", "start_column")  # columns belong to a single line
    return Annotation(
        path=given["path"],
        start_line=start,
        end_line=end,
        level=given["annotation_level"],
        message=given["message"],
        title=given.get("title"),
        raw_details=given.get("raw_details"),
        start_column=given.get("start_column"),
        end_column=given.get("end_column"),
    )


def create_check_run(call: Call) -> Answer:
    repo, app = _writer(call)
    name, sha = call.needed("name"), call.needed("head_sha")
    status, conclusion = _status(call), _conclusion(call)
    output = _output(call, needed=("title", "summary"))
    annotations = _annotations(output)
    run = call.world.start_check(
        repo,
        app=app,
        name=name,
        sha=sha,
        external_id=call.text("external_id") or "",
        details_url=call.text("details_url"),
    )
    texts = {each: output.get(each) for each in OUTPUT}
    call.world.report(run, status=status, conclusion=conclusion, annotations=annotations, **texts)
    return Reply(status=201, data=shapes.check_run(call.view, run))


def update_check_run(call: Call) -> Answer:
    """Annotations are added to those that are there. Only the app that made the run may change it."""
    repo, app = _writer(call)
    run = _run(call, repo)
    if run.app is not app:
        raise refusal.forbidden(
            f"Invalid app_id `{run.app.id}` - check run can only be modified by the GitHub App that created it."
        )
    status, conclusion = _status(call), _conclusion(call)
    output = _output(call, needed=("summary",))
    annotations = _annotations(output)
    run.name = call.text("name") or run.name
    run.external_id = call.text("external_id") or run.external_id
    run.details_url = call.text("details_url") or run.details_url
    texts = {each: output.get(each) for each in OUTPUT}
    call.world.report(run, status=status, conclusion=conclusion, annotations=annotations, **texts)
    return Reply(data=shapes.check_run(call.view, run))


def _run(call: Call, repo: Repo) -> CheckRun:
    run = repo.check_runs.get(call.number("check_run_id"))
    if run is None:
        raise refusal.not_found()
    return run


def get_check_run(call: Call) -> Answer:
    return Reply(data=shapes.check_run(call.view, _run(call, call.repo("checks"))))


def list_annotations(call: Call) -> Answer:
    run = _run(call, call.repo("checks"))
    return Listing(items=run.annotations, shape=lambda each: shapes.annotation(call.view, run, each))


def list_check_runs(call: Call) -> Answer:
    """Of a commit, newest first: of each app and name the last one only, unless `filter=all`."""
    repo, query = call.repo("checks"), call.query
    sha = _sha(call, repo)
    found = [each for each in reversed(repo.check_runs.values()) if each.head_sha == sha]
    if query.get("filter", "latest") == "latest":
        newest: dict[tuple[int, str], CheckRun] = {}
        for each in found:
            newest.setdefault((each.app.id, each.name), each)
        found = list(newest.values())
    found = [
        each
        for each in found
        if query.get("check_name", each.name) == each.name
        and query.get("status", each.status) == each.status
        and query.get("app_id", str(each.app.id)) == str(each.app.id)
    ]
    return Listing(items=found, shape=lambda each: shapes.check_run(call.view, each), key="check_runs")


def list_check_suites(call: Call) -> Answer:
    """Of a commit, newest first."""
    repo, query = call.repo("checks"), call.query
    sha = _sha(call, repo)
    found = [
        each
        for each in reversed(repo.check_suites.values())
        if each.head_sha == sha and query.get("app_id", str(each.app.id)) == str(each.app.id)
    ]
    return Listing(
        items=found,
        shape=lambda each: shapes.check_suite_of_rest(call.view, each, call.world.find_commit),
        key="check_suites",
    )


def _sha(call: Call, repo: Repo) -> str:
    sha = head_of(call, repo, call.parts["ref"])
    if sha is None:
        raise refusal.unprocessable(f"No commit found for SHA: {call.parts['ref']}")
    return sha


REPO = "/repos/{owner}/{repo}"
RUN = f"{REPO}/check-runs/{{check_run_id}}"

ROUTES = (
    Route(method="POST", path=f"{REPO}/check-runs", handler=create_check_run),
    Route(method="GET", path=RUN, handler=get_check_run),
    Route(method="PATCH", path=RUN, handler=update_check_run),
    Route(method="GET", path=f"{RUN}/annotations", handler=list_annotations),
    Route(method="GET", path=f"{REPO}/commits/{{ref:.+}}/check-runs", handler=list_check_runs),
    Route(method="GET", path=f"{REPO}/commits/{{ref:.+}}/check-suites", handler=list_check_suites),
)
