"""What an app asks about itself: its installations, tokens and repositories."""

from bot.sandbox import ids, refusal
from bot.sandbox.access import SUSPENDED
from bot.sandbox.call import LEVELS, NOTHING, Answer, Call, Listing, Reply, Route
from bot.sandbox.clock import parse
from bot.sandbox.model import Account, Installation
from bot.sandbox.shapes import apps as shapes
from bot.sandbox.shapes.repos import repository


def get_app(call: Call) -> Answer:
    return Reply(data=shapes.app_for_itself(call.view, call.app()))


def convert_manifest(call: Call) -> Answer:
    """The secrets of an app that was made of a manifest, once."""
    app = call.world.redeem(call.parts["code"])
    if app is None:
        raise refusal.not_found()
    secrets = {
        "client_secret": ids.digest(call.world.seed, "client secret", app.id),
        "webhook_secret": app.webhook_secret,
        "pem": app.private_key,
    }
    return Reply(status=201, data=shapes.app(call.view, app) | secrets)


def list_installations(call: Call) -> Answer:
    app = call.app()
    found = [each for each in call.world.installations.values() if each.app is app and not each.deleted]
    if "since" in call.query:
        found = [each for each in found if each.updated_at >= parse(call.query["since"])]
    return Listing(items=found, shape=lambda each: shapes.installation(call.view, each))


def installation_of(call: Call) -> Installation:
    """The installation of the path, if it is one of this app's."""
    found = call.world.installations.get(call.number("installation_id"))
    if found is None or found.deleted or found.app is not call.app():
        raise refusal.not_found()
    return found


def get_installation(call: Call) -> Answer:
    return Reply(data=shapes.installation(call.view, installation_of(call)))


def delete_installation(call: Call) -> Answer:
    installation = installation_of(call)
    call.world.uninstall(installation, by=installation.app.bot)
    return NOTHING


def suspend_installation(call: Call) -> Answer:
    installation = installation_of(call)
    call.world.suspend(installation, by=installation.app.bot)
    return NOTHING


def unsuspend_installation(call: Call) -> Answer:
    installation = installation_of(call)
    call.world.unsuspend(installation, by=installation.app.bot)
    return NOTHING


def create_token(call: Call) -> Answer:
    """A token for one hour. It may be narrowed to some of the installation's permissions and repositories.

    Empty lists and objects narrow nothing (PyGithub sends them).
    """
    installation = installation_of(call)
    if installation.suspended_at:
        raise refusal.forbidden(SUSPENDED)
    permissions = call.body.get("permissions") or None
    for name, level in (permissions or {}).items():
        have = installation.permissions.get(name)
        if have is None or LEVELS.index(level) > LEVELS.index(have):
            raise refusal.unprocessable("The permissions requested are not granted to this installation.")
    covered = call.world.repos_in(installation)
    names, numbers = call.body.get("repositories") or (), call.body.get("repository_ids") or ()
    only = None
    if names or numbers:
        only = frozenset(repo.id for repo in covered if repo.name in names or repo.id in numbers)
        if len(only) < len(names) + len(numbers):
            message = (
                "There is at least one repository that does not exist or is not accessible to the parent installation."
            )
            raise refusal.unprocessable(message)
    token = call.world.installation_token(installation, permissions=permissions, only=only)
    return Reply(status=201, data=shapes.installation_token(call.view, token))


def revoke_token(call: Call) -> Answer:
    if call.actor.installation is None or call.actor.token is None:
        raise refusal.forbidden("Resource not accessible by personal access token")
    del call.world.tokens[call.actor.token.value]
    return NOTHING


def list_repositories(call: Call) -> Answer:
    call.account()
    installation = call.actor.installation
    if installation is None:
        raise refusal.forbidden("Resource not accessible by personal access token")
    held = [repo for repo in call.world.repos_in(installation) if call.actor.holds(repo)]
    return Listing(
        items=held,
        shape=lambda repo: repository(call.view, repo, seen_as=call.seen_as(repo)),
        key="repositories",
        extra={"repository_selection": "all" if installation.selected is None else "selected"},
    )


def _on(call: Call, account: Account | None) -> Installation:
    app = call.app()
    for each in call.world.installations_on(account) if account else ():
        if each.app is app:
            return each
    raise refusal.not_found()


def get_organization_installation(call: Call) -> Answer:
    return Reply(data=shapes.installation(call.view, _on(call, call.world.find_account(call.parts["org"]))))


def get_user_installation(call: Call) -> Answer:
    return Reply(data=shapes.installation(call.view, _on(call, call.world.find_account(call.parts["username"]))))


def get_repository_installation(call: Call) -> Answer:
    call.app()
    if "repository_id" in call.parts:
        repo = call.world.repos.get(call.number("repository_id"))
    else:
        name = f"{call.parts['owner']}/{call.parts['repo']}"
        repo = call.world.find_repo(name) or call.world.formerly(name)
    installation = _on(call, repo.owner if repo else None)
    if repo is None or not installation.covers(repo):
        raise refusal.not_found()
    return Reply(data=shapes.installation(call.view, installation))


ROUTES = (
    Route(method="POST", path="/app-manifests/{code}/conversions", handler=convert_manifest),
    Route(method="GET", path="/app", handler=get_app),
    Route(method="GET", path="/app/installations", handler=list_installations),
    Route(method="GET", path="/app/installations/{installation_id}", handler=get_installation),
    Route(method="DELETE", path="/app/installations/{installation_id}", handler=delete_installation),
    Route(method="POST", path="/app/installations/{installation_id}/access_tokens", handler=create_token),
    Route(method="PUT", path="/app/installations/{installation_id}/suspended", handler=suspend_installation),
    Route(method="DELETE", path="/app/installations/{installation_id}/suspended", handler=unsuspend_installation),
    Route(method="GET", path="/installation/repositories", handler=list_repositories),
    Route(method="DELETE", path="/installation/token", handler=revoke_token),
    Route(method="GET", path="/orgs/{org}/installation", handler=get_organization_installation),
    Route(method="GET", path="/users/{username}/installation", handler=get_user_installation),
    Route(method="GET", path="/repos/{owner}/{repo}/installation", handler=get_repository_installation),
)
