"""Repositories: their names, labels, files, and their end."""

from collections.abc import Iterable

from bot.sandbox import ids, refusal
from bot.sandbox.acts.people import PeopleActs
from bot.sandbox.acts.rules import may_write_to
from bot.sandbox.model import Account, Branch, Category, Installation, Label, Repo
from bot.sandbox.shapes.apps import installation as installation_shape
from bot.sandbox.shapes.repos import label as label_shape
from bot.sandbox.shapes.repos import repository_in_installation
from bot.sandbox.shapes.view import Json

CATEGORIES = (  # GitHub's own, of a fresh repository: slug, emoji, name, description, answerable
    ("announcements", ":mega:", "Announcements", "Updates from maintainers", False),
    ("general", ":speech_balloon:", "General", "Chat about anything and everything here", False),
    ("ideas", ":bulb:", "Ideas", "Share ideas for new features", False),
    ("polls", ":ballot_box:", "Polls", "Take a vote from the community", False),
    ("q-a", ":pray:", "Q&A", "Ask the community for help", True),
    ("show-and-tell", ":raised_hands:", "Show and tell", "Show off something you've made", False),
)


class RepoActs(PeopleActs):
    def repository(
        self,
        owner: Account,
        name: str,
        *,
        by: Account | None = None,
        description: str | None = None,
        private: bool = False,
        labels: dict[str, str] | None = None,
        language: str | None = "Python",
        default_branch: str = "main",
    ) -> Repo:
        """A new repository with a README and these labels (name -> colour, six hex digits).

        Raises ValueError where the name is taken. Where an app is installed on all of the owner's repositories it is
        told that it got one more.
        """
        if self.find_repo(f"{owner.login}/{name}"):
            raise ValueError(f"{owner.login}/{name} exists")
        repo = self._new_repo(owner, name, private=private, default_branch=default_branch)
        repo.description, repo.language = description, language
        for label, color in (labels or {}).items():
            self._new_label(repo, label, color=color)
        sender = by or self.head_of(owner)
        for installation in self.installations_on(owner):
            if installation.selected is None:
                self._tell_repositories(installation, added=(repo,), removed=(), by=sender)
        self.announce("repository", "created", sender=sender, repo=repo, body={})
        return repo

    def rename_repository(self, repo: Repo, name: str, *, by: Account | None = None) -> None:
        """The old name leads to the new one from now on, until another repository takes it."""
        may_write_to(repo)
        if self.find_repo(f"{repo.owner.login}/{name}") not in (None, repo):
            raise refusal.invalid("Repository", "name", code="custom", message="name already exists on this account")
        old = repo.name
        self._former_names[repo.full_name.lower()] = repo.id
        repo.name, repo.updated_at = name, self.now()
        changes = {"repository": {"name": {"from": old}}}
        self.announce(
            "repository", "renamed", sender=by or self.head_of(repo.owner), repo=repo, body={"changes": changes}
        )

    def archive(self, repo: Repo, *, by: Account | None = None) -> None:
        """Nothing in it can be changed any more."""
        repo.archived, repo.updated_at = True, self.now()
        self.announce("repository", "archived", sender=by or self.head_of(repo.owner), repo=repo, body={})

    def unarchive(self, repo: Repo, *, by: Account | None = None) -> None:
        repo.archived, repo.updated_at = False, self.now()
        self.announce("repository", "unarchived", sender=by or self.head_of(repo.owner), repo=repo, body={})

    def delete_repository(self, repo: Repo, *, by: Account | None = None) -> None:
        """It is gone with all that was in it."""
        self.announce("repository", "deleted", sender=by or self.head_of(repo.owner), repo=repo, body={})
        repo.deleted = True

    def create_label(
        self, repo: Repo, name: str, *, by: Account | None = None, color: str = "ededed", description: str | None = None
    ) -> Label:
        """Raises RefusedError (422) where the repository has that label."""
        may_write_to(repo)
        if not name.strip():
            raise refusal.invalid("Label", "name", code="missing_field")
        if name.lower() in repo.labels:
            raise refusal.invalid("Label", "name", code="already_exists")
        label = self._new_label(repo, name, color=color, description=description)
        self._tell_label(repo, label, action="created", by=by)
        return label

    def edit_label(
        self,
        repo: Repo,
        label: Label,
        *,
        by: Account | None = None,
        name: str | None = None,
        color: str | None = None,
        description: str | None = None,
    ) -> None:
        """Threads that carry it carry it still, under the new name."""
        may_write_to(repo)
        if name is not None and repo.labels.get(name.lower(), label) is not label:
            raise refusal.invalid("Label", "name", code="already_exists")
        changes: Json = {}
        wanted = {"name": name, "color": color, "description": description}
        for field, new in wanted.items():
            old = getattr(label, field)
            if new is not None and new != old:
                changes[field] = {"from": old or ""}
                setattr(label, field, new)
        repo.labels = {each.name.lower(): each for each in repo.labels.values()}
        if changes:
            self._tell_label(repo, label, action="edited", by=by, changes=changes)

    def delete_label(self, repo: Repo, label: Label, *, by: Account | None = None) -> None:
        """It disappears from every thread too, of which GitHub sends no webhooks."""
        may_write_to(repo)
        del repo.labels[label.name.lower()]
        for thread in repo.threads.values():
            if label in thread.labels:
                thread.labels.remove(label)
        self._tell_label(repo, label, action="deleted", by=by)

    def write_file(self, repo: Repo, path: str, text: str, *, branch: str | None = None) -> Branch:
        """Puts a file into a branch (the default one) as one commit. GitHub's `push` event is not modelled."""
        there = repo.branches[branch or repo.default_branch]
        there.files = {**there.files, path: text}
        return self._commit(repo, there)

    def delete_file(self, repo: Repo, path: str, *, branch: str | None = None) -> Branch:
        there = repo.branches[branch or repo.default_branch]
        there.files = {name: text for name, text in there.files.items() if name != path}
        return self._commit(repo, there)

    def create_branch(self, repo: Repo, name: str, *, sha: str | None = None) -> Branch:
        """A branch off the one whose head is `sha` (the default branch). Raises RefusedError (422) as GitHub does."""
        may_write_to(repo)
        source = next(
            (b for b in repo.branches.values() if b.sha == (sha or repo.branches[repo.default_branch].sha)), None
        )
        if source is None:
            raise refusal.unprocessable("Object does not exist")
        if name in repo.branches:
            raise refusal.unprocessable("Reference already exists")
        repo.branches[name] = Branch(name=name, sha=source.sha, files=dict(source.files))
        return repo.branches[name]

    def _commit(self, repo: Repo, branch: Branch) -> Branch:
        branch.sha = ids.digest(self.seed, repo.id, self.new_id())
        repo.pushed_at = self.now()
        return branch

    def _new_repo(self, owner: Account, name: str, *, private: bool = False, default_branch: str = "main") -> Repo:
        number, now = self.new_id(), self.now()
        repo = Repo(
            id=number,
            node_id=ids.node_id("R", number),
            owner=owner,
            name=name,
            created_at=now,
            updated_at=now,
            pushed_at=now,
            private=private,
            default_branch=default_branch,
        )
        self._former_names.pop(repo.full_name.lower(), None)
        first = ids.digest(self.seed, number)
        repo.branches[default_branch] = Branch(name=default_branch, sha=first, files={"README.md": f"# {name}\n"})
        for slug, emoji, title, about, answerable in CATEGORIES:
            serial = self.new_id()
            category = Category(
                id=serial,
                node_id=ids.node_id("DIC", number, serial),
                name=title,
                slug=slug,
                emoji=emoji,
                description=about,
                is_answerable=answerable,
                created_at=now,
            )
            repo.categories[slug] = self._node(category, category.node_id)
        self.repos[number] = repo
        return self._node(repo, repo.node_id)

    def _new_label(self, repo: Repo, name: str, *, color: str = "ededed", description: str | None = None) -> Label:
        number = self.new_id()
        label = Label(
            id=number, node_id=ids.node_id("LA", repo.id, number), name=name, color=color, description=description
        )
        repo.labels[name.lower()] = label
        return self._node(label, label.node_id)

    def _tell_label(
        self, repo: Repo, label: Label, *, action: str, by: Account | None, changes: Json | None = None
    ) -> None:
        body: Json = {"label": label_shape(self.view, repo, label)}
        if changes:
            body["changes"] = changes
        self.announce("label", action, sender=by or self.head_of(repo.owner), repo=repo, body=body)

    def _tell_repositories(
        self, installation: Installation, *, added: Iterable[Repo], removed: Iterable[Repo], by: Account | None
    ) -> None:
        installation.updated_at = self.now()
        body: Json = {
            "installation": installation_shape(self.view, installation),
            "repository_selection": "all" if installation.selected is None else "selected",
            "repositories_added": [repository_in_installation(repo) for repo in added],
            "repositories_removed": [repository_in_installation(repo) for repo in removed],
            "requester": None,
        }
        sender = by or self.head_of(installation.account)
        action = "added" if body["repositories_added"] else "removed"
        self.announce("installation_repositories", action, sender=sender, only=installation, body=body)
