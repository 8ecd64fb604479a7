"""Users, organisations, who belongs to them, and how much one may still ask."""

from bot.sandbox import refusal
from bot.sandbox.call import NOTHING, Answer, Call, Listing, Reply, Route
from bot.sandbox.model import Account, Member, Organization, Team
from bot.sandbox.shapes import people as shapes
from bot.sandbox.shapes.repos import repository


def get_rate_limit(call: Call) -> Answer:
    now = call.world.now()
    core, search, graphql = (
        call.limits.budget(call.actor, name, now=now).shape() for name in ("core", "search", "graphql")
    )
    return Reply(data={"resources": {"core": core, "search": search, "graphql": graphql}, "rate": core})


def get_own_user(call: Call) -> Answer:
    account = call.account()
    if call.actor.installation is not None:
        raise refusal.forbidden("Resource not accessible by integration")
    return Reply(data=shapes.full_user(call.view, account, private=True))


def _user(call: Call, account: Account | None) -> Answer:
    if account is None or account.deleted or account.flagged:
        raise refusal.not_found()
    return Reply(data=shapes.full_user(call.view, account))


def get_user(call: Call) -> Answer:
    """Somebody by login; a bot's login has its `[bot]`."""
    return _user(call, call.world.find_account(call.parts["username"]))


def get_user_by_id(call: Call) -> Answer:
    return _user(call, call.world.accounts.get(call.number("account_id")))


def get_organization(call: Call) -> Answer:
    return Reply(data=shapes.full_organization(call.view, call.organization()))


def list_organization_repositories(call: Call) -> Answer:
    organization = call.organization()
    found = [repo for repo in call.world.repos_of(organization) if call.sees(repo)]
    return Listing(items=found, shape=lambda repo: repository(call.view, repo, seen_as=call.seen_as(repo)))


def list_members(call: Call) -> Answer:
    """All members for whoever may read them, else the public ones."""
    organization = call.organization()
    members = list(organization.members.values())
    if not call.may_read_organization(organization):
        members = [member for member in members if member.public]
    if call.query.get("role") in ("admin", "member"):
        members = [member for member in members if member.role == call.query["role"]]
    return Listing(items=members, shape=lambda member: shapes.user(call.view, member.account))


def list_public_members(call: Call) -> Answer:
    members = [member for member in call.organization().members.values() if member.public]
    return Listing(items=members, shape=lambda member: shapes.user(call.view, member.account))


def list_outside_collaborators(call: Call) -> Answer:
    """Whoever is invited into one of the organisation's repositories and does not belong to it, each once."""
    organization = _may_look_inside(call)
    invited = [people for repo in call.world.repos_of(organization) for people in repo.collaborators.values()]
    outside = {
        account.id: account for account, _ in invited if account.id not in organization.members and not account.deleted
    }
    return Listing(items=list(outside.values()), shape=lambda account: shapes.user(call.view, account))


def _member(call: Call, organization: Organization) -> Member | None:
    account = call.world.find_account(call.parts["username"])
    return organization.members.get(account.id) if account else None


def check_member(call: Call) -> Answer:
    """204 or 404; for those who may not know, GitHub points to the public members (302)."""
    organization = call.organization()
    if not call.may_read_organization(organization):
        target = f"{call.view.api}/orgs/{organization.login}/public_members/{call.parts['username']}"
        return Reply(status=302, text="", headers={"Location": target})
    if _member(call, organization) is None:
        raise refusal.not_found()
    return NOTHING


def check_public_member(call: Call) -> Answer:
    member = _member(call, call.organization())
    if member is None or not member.public:
        raise refusal.not_found()
    return NOTHING


def get_membership(call: Call) -> Answer:
    organization = call.organization()
    if not call.may_read_organization(organization):
        raise refusal.no_permission("members", "read") if call.actor.installation else _stranger(call, organization)
    member = _member(call, organization)
    if member is None:
        raise refusal.not_found()
    return Reply(data=shapes.membership(call.view, organization, member))


def _stranger(call: Call, organization: Organization) -> refusal.RefusedError:
    call.account()
    return refusal.forbidden(f"You must be a member of {organization.login} to see membership information.")


def _may_look_inside(call: Call) -> Organization:
    organization = call.organization()
    if not call.may_read_organization(organization):
        call.account()
        raise refusal.no_permission("members", "read") if call.actor.installation else refusal.not_found()
    return organization


def list_teams(call: Call) -> Answer:
    teams = list(_may_look_inside(call).teams.values())
    return Listing(items=teams, shape=lambda team: shapes.team(call.view, team))


def _team(call: Call) -> Team:
    team = _may_look_inside(call).teams.get(call.parts["team_slug"].lower())
    if team is None:
        raise refusal.not_found()
    return team


def list_team_members(call: Call) -> Answer:
    return Listing(items=list(_team(call).members.values()), shape=lambda account: shapes.user(call.view, account))


ROUTES = (
    Route(method="GET", path="/rate_limit", handler=get_rate_limit, free=True),
    Route(method="GET", path="/user", handler=get_own_user),
    Route(method="GET", path="/user/{account_id}", handler=get_user_by_id),
    Route(method="GET", path="/users/{username}", handler=get_user),
    Route(method="GET", path="/orgs/{org}", handler=get_organization),
    Route(method="GET", path="/orgs/{org}/repos", handler=list_organization_repositories),
    Route(method="GET", path="/orgs/{org}/members", handler=list_members),
    Route(method="GET", path="/orgs/{org}/members/{username}", handler=check_member),
    Route(method="GET", path="/orgs/{org}/outside_collaborators", handler=list_outside_collaborators),
    Route(method="GET", path="/orgs/{org}/public_members", handler=list_public_members),
    Route(method="GET", path="/orgs/{org}/public_members/{username}", handler=check_public_member),
    Route(method="GET", path="/orgs/{org}/memberships/{username}", handler=get_membership),
    Route(method="GET", path="/orgs/{org}/teams", handler=list_teams),
    Route(method="GET", path="/orgs/{org}/teams/{team_slug}/members", handler=list_team_members),
)
