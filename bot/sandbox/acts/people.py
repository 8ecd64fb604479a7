"""People, organisations, who belongs to what, and who wants nothing to do with whom."""

from functools import partial

from bot.sandbox.acts.teams import TeamActs
from bot.sandbox.model import Account, Member, Organization, Repo, Role
from bot.sandbox.shapes import people as shapes
from bot.sandbox.shapes.view import Json


class PeopleActs(TeamActs):
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

    def add_collaborator(
        self, repo: Repo, account: Account, *, by: Account | None = None, role: Role = "write"
    ) -> None:
        """Invites somebody into a repository (and they accept at once)."""
        repo.collaborators[account.id] = (account, role)
        changes = {"permission": {"to": shapes.old_word(role)}, "role_name": {"to": role}}
        self.announce(
            "member",
            "added",
            sender=by or self.head_of(repo.owner),
            repo=repo,
            body=lambda: {"member": shapes.user(self.view, account), "changes": changes},
        )

    def remove_collaborator(self, repo: Repo, account: Account, *, by: Account | None = None) -> None:
        del repo.collaborators[account.id]
        self.announce(
            "member",
            "removed",
            sender=by or self.head_of(repo.owner),
            repo=repo,
            body=lambda: {"member": shapes.user(self.view, account)},
        )

    def block(self, account: Account, *, by: Account, organization: Organization | None = None) -> None:
        """`by` blocks somebody from what is theirs, or (an owner) from all that the organisation owns."""
        self._blocking(account, by=by, organization=organization, action="blocked")

    def unblock(self, account: Account, *, by: Account, organization: Organization | None = None) -> None:
        self._blocking(account, by=by, organization=organization, action="unblocked")

    def rename_user(self, account: Account, login: str) -> None:
        """Somebody takes another login. The id stays, and GitHub tells no app of it."""
        self._take_login(account, login)

    def rename_organization(self, organization: Organization, login: str, *, by: Account | None = None) -> None:
        """The old names of its repositories lead to the new ones from now on."""
        old, former = organization.login, {repo.full_name.lower(): repo.id for repo in self.repos_of(organization)}
        self._take_login(organization, login)
        self._former_names |= former
        sender = by or self.head_of(organization)
        changes = {"login": {"from": old}}
        self.announce(
            "organization", "renamed", sender=sender, organization=organization, body=lambda: {"changes": changes}
        )
        account = shapes.user(self.view, organization) | shapes.organization_in_webhook(self.view, organization)
        account["description"] = organization.description
        target: Json = {"account": account, "changes": changes, "target_type": "Organization"}
        for installation in self.installations_on(organization):
            simple = {"id": installation.id, "node_id": installation.node_id}
            body = partial(dict[str, object], target, installation=simple)
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

    def _take_login(self, account: Account, login: str) -> None:
        if self.find_account(login) not in (None, account):
            raise ValueError(f"the login {login} is taken")
        del self._by_login[account.login.lower()]
        account.login = login
        self._by_login[login.lower()] = account

    def _tell_membership(self, organization: Organization, member: Member, *, action: str, by: Account) -> None:
        self.announce(
            "organization",
            action,
            sender=by,
            organization=organization,
            body=lambda: {"membership": shapes.membership_in_webhook(self.view, organization, member)},
        )

    def _blocking(self, account: Account, *, by: Account, organization: Organization | None, action: str) -> None:
        blocked = (organization or by).blocked
        (blocked.add if action == "blocked" else blocked.discard)(account.id)
        if organization is not None:
            self.announce(
                "org_block",
                action,
                sender=by,
                organization=organization,
                body=lambda: {"blocked_user": shapes.user(self.view, account)},
            )
