"""Who somebody is in a repository: what they may do there, and the `author_association` that GitHub shows of them.

docs.github.com: GraphQL enum CommentAuthorAssociation; Repository roles for an organization.
"""

from typing import Literal, get_args

from bot.sandbox.model import Account, Organization, Repo, Role

Association = Literal["OWNER", "MEMBER", "COLLABORATOR", "CONTRIBUTOR", "NONE"]

ROLES: tuple[Role, ...] = get_args(Role)


def role(repo: Repo, account: Account) -> Role:
    """The strongest of the roles that ownership, membership, teams and invitations give; `none` for a stranger.

    Members of the organisation may read (its base permission, as GitHub sets it up); everybody may read what is public,
    which is not counted here.
    """
    owner = repo.owner
    found: list[Role] = ["none"]
    if owner is account:
        found.append("admin")
    if account.id in repo.collaborators:
        found.append(repo.collaborators[account.id][1])
    if isinstance(owner, Organization) and account.id in owner.members:
        found.append("admin" if owner.members[account.id].role == "admin" else "read")
        found += [
            team.repos[repo.id] for team in owner.teams.values() if account.id in team.members and repo.id in team.repos
        ]
    return min(found, key=ROLES.index)


def at_least(have: Role, need: Role) -> bool:
    return ROLES.index(have) <= ROLES.index(need)


def association(repo: Repo, account: Account) -> Association:
    """The author's standing as GitHub reports it to everyone: per repository, and as of now.

    A private member is not shown as MEMBER (rust-lang/triagebot#2094); a first contribution shows NONE
    (kubernetes/test-infra#9236), CONTRIBUTOR comes with the first merged pull request in this very repository.
    """
    owner = repo.owner
    if owner is account:
        return "OWNER"
    if isinstance(owner, Organization) and account.id in owner.members and owner.members[account.id].public:
        return "MEMBER"
    if account.id in repo.collaborators:
        return "COLLABORATOR"
    return "CONTRIBUTOR" if account.id in repo.contributors else "NONE"
