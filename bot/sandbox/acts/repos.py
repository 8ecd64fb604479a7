"""Repositories: their names, owners and labels, who may see them, and their end."""

from collections.abc import Iterable

from bot.sandbox import ids, refusal
from bot.sandbox.acts.commits import CommitActs
from bot.sandbox.acts.rules import may_write_to
from bot.sandbox.git import Branch, ChangedFile
from bot.sandbox.model import Account, Category, Installation, Label, Organization, Release, Repo
from bot.sandbox.shapes.apps import installation as installation_shape
from bot.sandbox.shapes.people import organization_in_webhook, user
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


class RepoActs(CommitActs):
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
        sender = by or self.head_of(owner)
        repo = self._new_repo(owner, name, private=private, default_branch=default_branch)
        self._begin(repo, by=sender)
        repo.description, repo.language = description, language
        for label, color in (labels or {}).items():
            self._new_label(repo, label, color=color)
        for installation in self.installations_on(owner):
            if installation.selected is None:
                self._tell_repositories(installation, added=(repo,), removed=(), by=sender)
        self._tell_repo(repo, "created", by=sender)
        return repo

    def fork(self, repo: Repo, *, by: Account) -> Repo:
        """Somebody's fork of the repository with its default branch, made unless there is one."""
        fork = repo.forks.get(by.id)
        if fork is None or fork.deleted:
            name = f"{repo.name}-1" if self.find_repo(f"{by.login}/{repo.name}") else repo.name
            fork = self._new_repo(by, name, private=repo.private, default_branch=repo.default_branch)
            fork.parent, repo.forks[by.id] = repo, fork
            base = repo.branches[repo.default_branch]
            fork.branches[base.name] = Branch(name=base.name, sha=base.sha, files=dict(base.files))
        return fork

    def rename_repository(self, repo: Repo, name: str, *, by: Account | None = None) -> None:
        """The old name leads to the new one from now on, until another repository takes it."""
        may_write_to(repo)
        self._is_free(repo, owner=repo.owner, name=name)
        self._former_names[repo.full_name.lower()] = repo.id
        changes = {"repository": {"name": {"from": repo.name}}}
        repo.name = name
        self._tell_repo(repo, "renamed", by=by, changes=changes)

    def transfer_repository(self, repo: Repo, to: Account, *, by: Account | None = None) -> None:
        """Gives it to another owner, with all that is in it. The old address leads to the new one from now on.

        Teams stay behind. Apps hear of it where they come to have it (`installation_repositories` where they lose or
        gain it, polarsource/polar#1207; `repository.transferred` only at the new owner's, as GitHub documents it). An
        installation on selected repositories of the old owner loses it; one of the new owner's does not get it.
        """
        if repo.deleted:
            raise refusal.not_found()
        if repo.owner is to:
            raise refusal.invalid("Repository", "new_owner")
        self._is_free(repo, owner=to, name=repo.name)
        sender, old = by or self.head_of(repo.owner), repo.owner
        losing = [each for each in self.installations_on(old) if each.covers(repo)]
        self._former_names[repo.full_name.lower()] = repo.id
        repo.owner = to
        if isinstance(old, Organization):
            for team in old.teams.values():
                team.repos.pop(repo.id, None)
        for installation in losing:
            if installation.selected is not None:
                del installation.selected[repo.id]
            self._tell_repositories(installation, added=(), removed=(repo,), by=sender)
        for installation in self.installations_on(to):
            if installation.selected is None:
                self._tell_repositories(installation, added=(repo,), removed=(), by=sender)
        was = {"user": user(self.view, old)}
        if isinstance(old, Organization):
            was = {"organization": organization_in_webhook(self.view, old)}
        self._tell_repo(repo, "transferred", by=sender, changes={"owner": {"from": was}})

    def privatize(self, repo: Repo, *, by: Account | None = None) -> None:
        """From now on only those see it who have a role in it."""
        may_write_to(repo)
        if not repo.private:
            repo.private = True
            self._tell_repo(repo, "privatized", by=by)

    def publicize(self, repo: Repo, *, by: Account | None = None) -> None:
        may_write_to(repo)
        if repo.private:
            repo.private = False
            self._tell_repo(repo, "publicized", by=by)

    def archive(self, repo: Repo, *, by: Account | None = None) -> None:
        """Nothing in it can be changed any more."""
        repo.archived = True
        self._tell_repo(repo, "archived", by=by)

    def unarchive(self, repo: Repo, *, by: Account | None = None) -> None:
        repo.archived = False
        self._tell_repo(repo, "unarchived", by=by)

    def delete_repository(self, repo: Repo, *, by: Account | None = None) -> None:
        """It is gone with all that was in it."""
        self._tell_repo(repo, "deleted", by=by)
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

    def _begin(self, repo: Repo, *, by: Account) -> None:
        """Its first commit, of which GitHub sends no event of its own."""
        read_me = ChangedFile(filename="README.md", status="added")
        texts = {read_me.filename: f"# {repo.name}\n"}
        first = self._commit(
            repo, "Initial commit", author=self.signature(by), files=[read_me], parents=(), texts=texts
        )
        repo.commits[first.sha] = first
        repo.branches[repo.default_branch] = Branch(name=repo.default_branch, sha=first.sha, files=dict(texts))

    def _new_repo(self, owner: Account, name: str, *, private: bool, default_branch: str) -> Repo:
        """A repository without a commit."""
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
        self.repos[number] = self._by_name[repo.full_name.lower()] = repo
        return self._node(repo, repo.node_id)

    def release(self, repo: Repo, tag: str, *, by: Account | None = None, prerelease: bool = False) -> Release:
        """A release of what is on the default branch. Nobody is told: our app does not listen to releases."""
        number, author = self.new_id(), by or self.head_of(repo.owner)
        release = Release(
            id=number, node_id=ids.node_id("RE", repo.id, number), tag=tag, name=tag, author=author,
            published_at=self.now(), prerelease=prerelease,
        )  # fmt: skip
        repo.releases.append(release)
        return release

    def _new_label(self, repo: Repo, name: str, *, color: str = "ededed", description: str | None = None) -> Label:
        number = self.new_id()
        label = Label(
            id=number, node_id=ids.node_id("LA", repo.id, number), name=name, color=color, description=description
        )
        repo.labels[name.lower()] = label
        return self._node(label, label.node_id)

    def _is_free(self, repo: Repo, *, owner: Account, name: str) -> None:
        """Raises RefusedError (422) where another repository of the owner has the name."""
        if self.find_repo(f"{owner.login}/{name}") not in (None, repo):
            raise refusal.invalid("Repository", "name", code="custom", message="name already exists on this account")

    def _tell_repo(self, repo: Repo, action: str, *, by: Account | None, changes: Json | None = None) -> None:
        repo.updated_at = self.now()
        self.announce(
            "repository",
            action,
            sender=by or self.head_of(repo.owner),
            repo=repo,
            body=lambda: {"changes": changes} if changes else {},
        )

    def _tell_label(
        self, repo: Repo, label: Label, *, action: str, by: Account | None, changes: Json | None = None
    ) -> None:
        more = {"changes": changes} if changes else {}
        self.announce(
            "label",
            action,
            sender=by or self.head_of(repo.owner),
            repo=repo,
            body=lambda: {"label": label_shape(self.view, repo, label), **more},
        )

    def _tell_repositories(
        self, installation: Installation, *, added: Iterable[Repo], removed: Iterable[Repo], by: Account | None
    ) -> None:
        installation.updated_at = self.now()
        gained, lost = ([repository_in_installation(each) for each in repos] for repos in (added, removed))
        self.announce(
            "installation_repositories",
            "added" if gained else "removed",
            sender=by or self.head_of(installation.account),
            only=installation,
            body=lambda: {
                "installation": installation_shape(self.view, installation),
                "repository_selection": "all" if installation.selected is None else "selected",
                "repositories_added": gained,
                "repositories_removed": lost,
                "requester": None,
            },
        )
