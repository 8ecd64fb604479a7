"""Deliveries about places and who belongs there: repositories, labels, pushes, teams, members, installations."""

from typing import Any, Final

from bot.memory import arrivals, configs, looks, places, rows, watched
from bot.memory.news import News
from bot.memory.payloads import Json, commits, named_repo, person, stamp
from bot.memory.places import InstallationState
from bot.model import InstallationId, OwnerId, Repo, RepoId

_MANY_COMMITS: Final = 20  # GitHub once told of no more in a push; today it tells of 2048


def organization(news: News) -> None:
    member = (news.data.get("membership") or {}).get("user")
    account = news.data.get("organization")
    if member and account and news.action in {"member_added", "member_removed"}:
        news.belongs(OwnerId(account["id"]), member, belongs=news.action == "member_added")


def member(news: News) -> None:
    """A collaborator on a repository. Removing one here says nothing about the others, so it does not count."""
    if news.where is not None and news.action == "added" and news.data.get("member"):
        news.belongs(news.where.owner_id, news.data["member"], belongs=True)


def team(news: News) -> None:
    """A team on GitHub: made, renamed, deleted, or given a repository."""
    account, told = news.account, news.data.get("team")
    if account is not None and told:
        created, gone = news.action == "created", news.action == "deleted"
        places.group(news.connection, OwnerId(account["id"]), told, news.heard_at, created=created, gone=gone)


def membership(news: News) -> None:
    """Somebody joins a team, and so belongs to the organisation; or leaves it, and may still belong."""
    account, told, user = news.account, news.data.get("team"), news.data.get("member")
    if account is None or not told or news.action not in {"added", "removed"}:
        return
    places.group(news.connection, OwnerId(account["id"]), told, news.heard_at, gone=bool(told.get("deleted")))
    if not user or not user.get("login") or news.forgotten.has(who := person(user)):
        return
    rows.person(news.connection, who, news.heard_at)
    places.group_member(news.connection, told["id"], who.id, news.heard_at, belongs=news.action == "added")
    if news.action == "added":
        news.belongs(OwnerId(account["id"]), user, belongs=True)


def label(news: News) -> None:
    told = news.data.get("label")
    if news.where is not None and told:
        before = ((news.data.get("changes") or {}).get("name") or {}).get("from")
        created, gone = news.action == "created", news.action == "deleted"
        places.label(news.connection, news.where.id, told, news.heard_at, created=created, gone=gone, before=before)


def push(news: News) -> None:
    """Commits on the default branch; on others only those that touch the configuration are of interest."""
    where = news.where
    if where is None:
        return
    _configuration(news, where)
    if not where.default_branch or news.data.get("ref") != f"refs/heads/{where.default_branch}":
        return
    for one in commits(news.data):
        if one.login is not None:
            rows.commit(news.connection, where.id, one.sha, one.at, person_id=None, login=one.login, paths=one.paths)


def _configuration(news: News, where: Repo) -> None:
    """Has the configuration read, if the push touches it; on a branch that is not the default one, looked at. GitHub
    names the files of the first commits only: of a very large push nobody knows, so it is read too."""
    commits, sha = news.data.get("commits") or (), news.data.get("after") or ""
    kinds = ("added", "removed", "modified")
    touched = {path for one in commits for kind in kinds for path in one.get(kind) or ()}
    if news.data.get("ref") == f"refs/heads/{where.default_branch}":
        all_known = len(commits) < _MANY_COMMITS and not news.data.get("forced")
        watched.pushed(news.connection, where, touched, news.heard_at, all_known=all_known)
        if touched.intersection(configs.FILES) or not all_known:
            configs.touch(news.connection, [where.id], news.heard_at)
    elif touched.intersection(configs.told(where)) and not news.data.get("deleted") and sha.strip("0"):
        looks.touch(news.connection, [configs.Commit(where.id, sha).subject], news.heard_at)


def repository(news: News) -> None:
    """What a repository that comes from elsewhere has seen, we have not."""
    if news.where is None:
        return
    if news.action in {"created", "edited", "renamed", "transferred", "publicized", "privatized", "unarchived"}:
        configs.touch(news.connection, [news.where.id], news.heard_at)
        if arrivals.awaited(news.connection, news.where.owner_id):
            arrivals.news(news.connection, news.where.owner_id, news.heard_at)
    if news.action == "deleted":
        updated_at = news.data["repository"].get("updated_at")
        places.repo(news.connection, news.where, news.heard_at, stamp(updated_at), gone=True)
    if news.action == "transferred":
        places.listening_again(news.connection, news.where.owner_id, news.heard_at)


def installation_target(news: News) -> None:
    """The account that the app is on took another name."""
    account = news.data.get("account") or {}
    if "id" in account and account.get("login"):
        kind = news.data.get("target_type") or account.get("type")
        places.owner(news.connection, {**account, "type": kind}, news.heard_at)


_INSTALLATION_STATES: Final = {
    "created": InstallationState.ACTIVE,
    "unsuspend": InstallationState.ACTIVE,
    "suspend": InstallationState.SUSPENDED,
    "deleted": InstallationState.DELETED,
}


def installation(news: News) -> None:
    """The app was installed somewhere, suspended, removed, or given more or fewer repositories."""
    told: dict[str, Any] = news.data.get("installation") or {}
    account = told.get("account") or {}
    if "login" not in account:  # an enterprise has none
        return
    owner_id, now = OwnerId(account["id"]), news.heard_at
    places.owner(news.connection, account, now)
    news.installation(told, owner_id, _state(news.action, told))
    if news.data.get("repositories_added"):
        places.listening_again(news.connection, owner_id, now)
    as_of = stamp(told.get("updated_at")) or now
    if news.action == "deleted":
        for one in news.data.get("repositories") or ():
            places.covered(news.connection, named_repo(one, account), as_of, now, by_us=False, over=True)
    given = news.data.get("repositories") if news.action == "created" else news.data.get("repositories_added")
    if given is not None:  # whether there is something to do there shows then
        configs.touch_unread(news.connection, [RepoId(one["id"]) for one in given], now)
        arrivals.news(news.connection, owner_id, now)
    if places.is_over(news.connection, InstallationId(told["id"])):  # this may be old news of it
        return
    for by_us, some in ((True, given), (False, news.data.get("repositories_removed"))):
        for one in some or ():
            places.covered(news.connection, named_repo(one, account), as_of, now, by_us=by_us)


def _state(action: str, told: Json) -> InstallationState | None:
    """Where the action does not say it, the installation itself does."""
    if action in _INSTALLATION_STATES:
        return _INSTALLATION_STATES[action]
    if "suspended_at" not in told:
        return None
    return InstallationState.SUSPENDED if told["suspended_at"] else InstallationState.ACTIVE
