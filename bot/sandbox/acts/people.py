"""People, organisations, who belongs to what, and who wants nothing to do with whom."""

from bot.sandbox import ids
from bot.sandbox.model import Account, Member, Organization, Repo, Role, Team
from bot.sandbox.shapes import people as shapes
from bot.sandbox.state import State


class PeopleActs(State):
    def user(self, login: str, *, name: str | None = None) -> Account:
        """A new person. Raises ValueError where the login is taken."""
        return self._new_account(Account, login, name=name)

    def bot(self, slug: str) -> Account:
        """The account `slug[bot]` of some app that we know nothing else of, such as a dependency updater."""
        return self._new_account(Account, f"{slug}[bot]")

    def organization(self, login: str, *, name: str | None = None, description: str | None = None) -> Organization:
        """A new organisation, without members yet. Raises ValueError where the login is taken."""
        organization = self._new_account(Organization, login, name=name)
        organization.description = description
        return organization

    def add_member(
        self,
        organization: Organization,
        account: Account,
        *,
        by: Account | None = None,
        admin: bool = False,
        public: bool = True,
    ) -> None:
        """Somebody joins. GitHub makes members private at first; here they are public unless said otherwise."""
        member = Member(account=account, role="admin" if admin else "member", public=public)
        organization.members[account.id] = member
        self._tell_membership(organization, member, action="member_added", by=by or account)

    def remove_member(self, organization: Organization, account: Account, *, by: Account | None = None) -> None:
        """Somebody leaves, or is removed; from the teams too. Raises LookupError for somebody who was no member."""
        member = organization.members.pop(account.id, None)
        if member is None:
            raise LookupError(f"{account.login} is not a member of {organization.login}")
        for team in organization.teams.values():
            if account.id in team.members:
                self.leave_team(team, account, by=by)
        self._tell_membership(organization, member, action="member_removed", by=by or account)

    def show_membership(self, organization: Organization, account: Account, *, public: bool) -> None:
        """A member makes the membership public or hides it. GitHub sends no webhook for it."""
        organization.members[account.id].public = public

    def team(
        self, organization: Organization, name: str, *, by: Account | None = None, description: str | None = None
    ) -> Team:
        """A new team without members. Its slug is the name in small letters with dashes."""
        number = self.new_id()
        team = Team(
            id=number,
            node_id=ids.node_id("T", organization.id, number),
            name=name,
            slug=name.lower().replace(" ", "-"),
            organization=organization,
            description=description,
        )
        organization.teams[team.slug] = self._node(team, team.node_id)
        body = {"team": shapes.team(self.view, team, webhook=True)}
        self.announce("team", "created", sender=by or self.head_of(organization), organization=organization, body=body)
        return team

    def join_team(self, team: Team, account: Account, *, by: Account | None = None) -> None:
        team.members[account.id] = account
        self._tell_team(team, account, action="added", by=by)

    def leave_team(self, team: Team, account: Account, *, by: Account | None = None) -> None:
        del team.members[account.id]
        self._tell_team(team, account, action="removed", by=by)

    def give_team(self, team: Team, repo: Repo, *, role: Role, by: Account | None = None) -> None:
        """Lets the team's members do something in a repository."""
        team.repos[repo.id] = role
        body = {"team": shapes.team(self.view, team, webhook=True)}
        self.announce("team", "added_to_repository", sender=by or self.head_of(team.organization), repo=repo, body=body)

    def add_collaborator(
        self, repo: Repo, account: Account, *, by: Account | None = None, role: Role = "write"
    ) -> None:
        """Invites somebody into a repository (and they accept at once)."""
        repo.collaborators[account.id] = (account, role)
        changes = {"permission": {"to": shapes.old_word(role)}, "role_name": {"to": role}}
        body = {"member": shapes.user(self.view, account), "changes": changes}
        self.announce("member", "added", sender=by or self.head_of(repo.owner), repo=repo, body=body)

    def remove_collaborator(self, repo: Repo, account: Account, *, by: Account | None = None) -> None:
        del repo.collaborators[account.id]
        body = {"member": shapes.user(self.view, account)}
        self.announce("member", "removed", sender=by or self.head_of(repo.owner), repo=repo, body=body)

    def block(self, account: Account, *, by: Account, organization: Organization | None = None) -> None:
        """`by` blocks somebody from what is theirs, or (an owner) from all that the organisation owns."""
        self._blocking(account, by=by, organization=organization, action="blocked")

    def unblock(self, account: Account, *, by: Account, organization: Organization | None = None) -> None:
        self._blocking(account, by=by, organization=organization, action="unblocked")

    def rename_user(self, account: Account, login: str) -> None:
        """Somebody takes another login. The id stays, and GitHub tells no app of it."""
        self._check_login(account, login)
        account.login = login

    def rename_organization(self, organization: Organization, login: str, *, by: Account | None = None) -> None:
        """The old names of its repositories lead to the new ones from now on."""
        self._check_login(organization, login)
        old = organization.login
        for repo in self.repos_of(organization):
            self._former_names[repo.full_name.lower()] = repo.id
        organization.login = login
        sender = by or self.head_of(organization)
        changes = {"login": {"from": old}}
        self.announce("organization", "renamed", sender=sender, organization=organization, body={"changes": changes})
        for installation in self.installations_on(organization):
            account = shapes.user(self.view, organization) | shapes.organization_in_webhook(self.view, organization)
            account["description"] = organization.description
            simple = {"id": installation.id, "node_id": installation.node_id}
            body: dict[str, object] = {
                "account": account,
                "changes": changes,
                "installation": simple,
                "target_type": "Organization",
            }
            self.announce("installation_target", "renamed", sender=sender, only=installation, body=body)

    def delete_user(self, account: Account) -> None:
        """Somebody deletes their account. What they wrote stays, and shows as written by @ghost."""
        for organization in [each for each in self.accounts.values() if isinstance(each, Organization)]:
            if account.id in organization.members:
                self.remove_member(organization, account)
        account.deleted = True

    def flag(self, account: Account) -> None:
        """GitHub takes somebody for a nuisance, often wrongly: the profile is 404, a search for the author 422."""
        account.flagged = True

    def head_of(self, owner: Account) -> Account:
        """Somebody who may do everything there: an owner of the organisation, where it has one, or the account."""
        if isinstance(owner, Organization):
            return next((m.account for m in owner.members.values() if m.role == "admin"), owner)
        return owner

    def _check_login(self, account: Account, login: str) -> None:
        if self.find_account(login) not in (None, account):
            raise ValueError(f"the login {login} is taken")

    def _tell_membership(self, organization: Organization, member: Member, *, action: str, by: Account) -> None:
        body = {"membership": shapes.membership_in_webhook(self.view, organization, member)}
        self.announce("organization", action, sender=by, organization=organization, body=body)

    def _tell_team(self, team: Team, account: Account, *, action: str, by: Account | None) -> None:
        body = {
            "scope": "team",
            "member": shapes.user(self.view, account),
            "team": shapes.team(self.view, team, webhook=True),
        }
        sender = by or self.head_of(team.organization)
        self.announce("membership", action, sender=sender, organization=team.organization, body=body)

    def _blocking(self, account: Account, *, by: Account, organization: Organization | None, action: str) -> None:
        blocked = (organization or by).blocked
        (blocked.add if action == "blocked" else blocked.discard)(account.id)
        if organization is not None:
            body = {"blocked_user": shapes.user(self.view, account)}
            self.announce("org_block", action, sender=by, organization=organization, body=body)
