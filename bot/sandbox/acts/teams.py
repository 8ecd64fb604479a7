"""Teams of an organisation: who is in them, and what they may do where."""

from bot.sandbox import ids
from bot.sandbox.model import Account, Organization, Repo, Role, Team
from bot.sandbox.shapes import people as shapes
from bot.sandbox.shapes.view import Json
from bot.sandbox.state import State


class TeamActs(State):
    def team(
        self, organization: Organization, name: str, *, by: Account | None = None, description: str | None = None
    ) -> Team:
        """A new team without members. Its slug is the name in small letters with dashes."""
        number = self.new_id()
        team = Team(
            id=number,
            node_id=ids.node_id("T", organization.id, number),
            name=name,
            slug=_slug(name),
            organization=organization,
            description=description,
        )
        organization.teams[team.slug] = self._node(team, team.node_id)
        self._tell_team(team, "created", by=by)
        return team

    def edit_team(
        self, team: Team, *, by: Account | None = None, name: str | None = None, description: str | None = None
    ) -> None:
        """Changes name or description; the slug follows the name. Where nothing changes nothing is announced."""
        changes: Json = {}
        if name is not None and name != team.name:
            changes["name"] = {"from": team.name}
            del team.organization.teams[team.slug]
            team.name, team.slug = name, _slug(name)
            team.organization.teams[team.slug] = team
        if description is not None and description != team.description:
            changes["description"] = {"from": team.description or ""}
            team.description = description
        if changes:
            self._tell_team(team, "edited", by=by, changes=changes)

    def delete_team(self, team: Team, *, by: Account | None = None) -> None:
        """Its members are in it no longer, and may do no more than without it. GitHub sends one event for all that."""
        del team.organization.teams[team.slug]
        self.nodes.pop(team.node_id)
        self._tell_team(team, "deleted", by=by)

    def join_team(self, team: Team, account: Account, *, by: Account | None = None) -> None:
        team.members[account.id] = account
        self._tell_belonging(team, account, action="added", by=by)

    def leave_team(self, team: Team, account: Account, *, by: Account | None = None) -> None:
        del team.members[account.id]
        self._tell_belonging(team, account, action="removed", by=by)

    def give_team(self, team: Team, repo: Repo, *, role: Role, by: Account | None = None) -> None:
        """Lets the team's members do something in a repository; where they may already, something else from now on."""
        before = team.repos.get(repo.id)
        team.repos[repo.id] = role
        if before is None:
            self._tell_team(team, "added_to_repository", by=by, repo=repo)
        elif before != role:
            could = shapes.permissions(before)
            was = {word: could[word] for word in ("admin", "pull", "push")}
            self._tell_team(team, "edited", by=by, repo=repo, changes={"repository": {"permissions": {"from": was}}})

    def take_from_team(self, team: Team, repo: Repo, *, by: Account | None = None) -> None:
        """The team has nothing to do with the repository any more."""
        del team.repos[repo.id]
        self._tell_team(team, "removed_from_repository", by=by, repo=repo)

    def _tell_team(
        self, team: Team, action: str, *, by: Account | None, repo: Repo | None = None, changes: Json | None = None
    ) -> None:
        more = {"changes": changes} if changes else {}
        self.announce(
            "team",
            action,
            sender=by or self.head_of(team.organization),
            repo=repo,
            organization=team.organization,
            body=lambda: {"team": shapes.team(self.view, team, webhook=True), **more},
        )

    def _tell_belonging(self, team: Team, account: Account, *, action: str, by: Account | None) -> None:
        self.announce(
            "membership",
            action,
            sender=by or self.head_of(team.organization),
            organization=team.organization,
            body=lambda: {
                "scope": "team",
                "member": shapes.user(self.view, account),
                "team": shapes.team(self.view, team, webhook=True),
            },
        )


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")
