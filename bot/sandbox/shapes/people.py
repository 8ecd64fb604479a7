"""Accounts, organisations, teams, memberships."""

from bot.sandbox.clock import stamp
from bot.sandbox.model import Account, Member, Organization, Repo, Role, Team
from bot.sandbox.shapes.view import Json, View
from bot.sandbox.standing import at_least, role


def user(view: View, account: Account) -> Json:
    """GitHub's `simple-user`. A deleted account shows as @ghost."""
    if account.deleted:
        account = view.world.ghost
    api = view.user_api(account)
    return {
        "login": account.login,
        "id": account.id,
        "node_id": account.node_id,
        "avatar_url": f"https://avatars.githubusercontent.com/u/{account.id}?v=4",
        "gravatar_id": "",
        "url": api,
        "html_url": view.user_html(account),
        "followers_url": f"{api}/followers",
        "following_url": f"{api}/following{{/other_user}}",
        "gists_url": f"{api}/gists{{/gist_id}}",
        "starred_url": f"{api}/starred{{/owner}}{{/repo}}",
        "subscriptions_url": f"{api}/subscriptions",
        "organizations_url": f"{api}/orgs",
        "repos_url": f"{api}/repos",
        "events_url": f"{api}/events{{/privacy}}",
        "received_events_url": f"{api}/received_events",
        "type": account.type,
        "user_view_type": "public",
        "site_admin": False,
    }


def full_user(view: View, account: Account, *, private: bool = False) -> Json:
    """GitHub's `public-user`; with `private`, the `private-user` that one sees of oneself."""
    own = view.world.repos_of(account)
    shape = user(view, account) | {
        "name": account.name,
        "company": None,
        "blog": "",
        "location": None,
        "email": None,
        "hireable": None,
        "bio": None,
        "twitter_username": None,
        "public_repos": sum(not repo.private for repo in own),
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "created_at": stamp(account.created_at),
        "updated_at": stamp(account.created_at),
    }
    if private:
        hidden = sum(repo.private for repo in own)
        shape |= {
            "private_gists": 0,
            "total_private_repos": hidden,
            "owned_private_repos": hidden,
            "disk_usage": 0,
            "collaborators": 0,
            "two_factor_authentication": True,
        }
    return shape


def organization_in_webhook(view: View, organization: Organization) -> Json:
    api = f"{view.api}/orgs/{organization.login}"
    return {
        "login": organization.login,
        "id": organization.id,
        "node_id": organization.node_id,
        "url": api,
        "repos_url": f"{api}/repos",
        "events_url": f"{api}/events",
        "hooks_url": f"{api}/hooks",
        "issues_url": f"{api}/issues",
        "members_url": f"{api}/members{{/member}}",
        "public_members_url": f"{api}/public_members{{/member}}",
        "avatar_url": f"https://avatars.githubusercontent.com/u/{organization.id}?v=4",
        "description": organization.description or "",
    }


def full_organization(view: View, organization: Organization) -> Json:
    return organization_in_webhook(view, organization) | {
        "description": organization.description,
        "name": organization.name or organization.login,
        "is_verified": False,
        "has_organization_projects": True,
        "has_repository_projects": True,
        "public_repos": sum(not repo.private for repo in view.world.repos_of(organization)),
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "html_url": f"{view.html}/{organization.login}",
        "created_at": stamp(organization.created_at),
        "updated_at": stamp(organization.created_at),
        "archived_at": None,
        "type": "Organization",
    }


def membership(view: View, organization: Organization, member: Member) -> Json:
    """GitHub's `org-membership`, as the API gives it."""
    api = f"{view.api}/orgs/{organization.login}"
    return {
        "url": f"{api}/memberships/{member.account.login}",
        "state": "active",
        "role": member.role,
        "organization_url": api,
        "organization": organization_in_webhook(view, organization),
        "user": user(view, member.account),
    }


def membership_in_webhook(view: View, organization: Organization, member: Member) -> Json:
    shape = membership(view, organization, member)
    del shape["organization"]
    return shape


def team(view: View, a_team: Team, *, webhook: bool = False) -> Json:
    api = f"{view.api}/organizations/{a_team.organization.id}/team/{a_team.id}"
    shape: Json = {
        "id": a_team.id,
        "node_id": a_team.node_id,
        "name": a_team.name,
        "slug": a_team.slug,
        "description": a_team.description,
        "privacy": "closed",
        "notification_setting": "notifications_enabled",
        "url": api,
        "html_url": f"{view.html}/orgs/{a_team.organization.login}/teams/{a_team.slug}",
        "members_url": f"{api}/members{{/member}}",
        "repositories_url": f"{api}/repos",
        "permission": "pull",
        "parent": None,
    }
    return shape if webhook else shape | {"type": "organization", "organization_id": a_team.organization.id}


def permissions(a_role: Role) -> dict[str, bool]:
    """What a role may do, in the five words of the API."""
    return {
        "admin": at_least(a_role, "admin"),
        "maintain": at_least(a_role, "maintain"),
        "push": at_least(a_role, "write"),
        "triage": at_least(a_role, "triage"),
        "pull": at_least(a_role, "read"),
    }


def collaborator(view: View, repo: Repo, account: Account) -> Json:
    a_role = role(repo, account)
    return user(view, account) | {"permissions": permissions(a_role), "role_name": a_role}


def old_word(a_role: Role) -> str:
    """The role in the words that GitHub had before it had five of them."""
    return {"maintain": "write", "triage": "read"}.get(a_role, a_role)


def permission_level(view: View, repo: Repo, account: Account) -> Json:
    """GitHub's `repository-collaborator-permission`: the old word for the level and the exact role.

    A stranger may read what is public.
    """
    a_role = role(repo, account)
    if a_role == "none" and not repo.private:
        a_role = "read"
    return {"permission": old_word(a_role), "role_name": a_role, "user": collaborator(view, repo, account)}
