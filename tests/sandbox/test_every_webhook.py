"""Every kind of event that the world can announce, in GitHub's own shape.

The `place` fixture checks all that a test lets happen against GitHub's description; so does every other test here, but
this one makes sure that no kind is left out.
"""

from datetime import timedelta
from pathlib import Path

from bot.sandbox import ChangedFile, World
from bot.sandbox.acts import (
    apps,
    branches,
    checks,
    commits,
    issues,
    merging,
    people,
    pulls,
    repos,
    reviews,
    teams,
    threads,
)
from tests.sandbox.conftest import Place

KINDS = {
    "check_suite.completed",
    "check_suite.requested",
    "check_suite.rerequested",
    "discussion.answered",
    "discussion.closed",
    "discussion.created",
    "discussion.deleted",
    "discussion.edited",
    "discussion.labeled",
    "discussion.locked",
    "discussion.reopened",
    "discussion.unlabeled",
    "discussion.unlocked",
    "discussion_comment.created",
    "discussion_comment.deleted",
    "discussion_comment.edited",
    "installation.created",
    "installation.deleted",
    "installation.new_permissions_accepted",
    "installation.suspend",
    "installation.unsuspend",
    "installation_repositories.added",
    "installation_repositories.removed",
    "installation_target.renamed",
    "issue_comment.created",
    "issue_comment.deleted",
    "issue_comment.edited",
    "issues.assigned",
    "issues.closed",
    "issues.deleted",
    "issues.edited",
    "issues.labeled",
    "issues.locked",
    "issues.opened",
    "issues.pinned",
    "issues.reopened",
    "issues.transferred",
    "issues.unassigned",
    "issues.unlabeled",
    "issues.unlocked",
    "label.created",
    "label.deleted",
    "label.edited",
    "member.added",
    "member.removed",
    "membership.added",
    "membership.removed",
    "org_block.blocked",
    "org_block.unblocked",
    "organization.member_added",
    "organization.member_removed",
    "organization.renamed",
    "pull_request.assigned",
    "pull_request.closed",
    "pull_request.converted_to_draft",
    "pull_request.edited",
    "pull_request.labeled",
    "pull_request.locked",
    "pull_request.opened",
    "pull_request.ready_for_review",
    "pull_request.reopened",
    "pull_request.review_requested",
    "pull_request.synchronize",
    "pull_request.unassigned",
    "pull_request.unlabeled",
    "pull_request.unlocked",
    "pull_request_review.dismissed",
    "pull_request_review.edited",
    "pull_request_review.submitted",
    "pull_request_review_comment.created",
    "pull_request_review_comment.deleted",
    "pull_request_review_comment.edited",
    "push",
    "repository.archived",
    "repository.created",
    "repository.deleted",
    "repository.edited",
    "repository.privatized",
    "repository.publicized",
    "repository.renamed",
    "repository.transferred",
    "repository.unarchived",
    "team.added_to_repository",
    "team.created",
    "team.deleted",
    "team.edited",
    "team.removed_from_repository",
}


def test_every_kind_of_event_has_githubs_shape(place: Place) -> None:
    threads_have_a_life(place)
    issues_move(place)
    pull_requests_are_worked_on(place)
    commits_are_pushed(place)
    commits_are_checked(place)
    discussions_are_held(place)
    people_come_and_go(place)
    repositories_change(place)
    the_app_is_managed(place)
    assert {delivery.name for delivery in place.world.deliveries} == KINDS


def threads_have_a_life(place: Place) -> None:
    world, ada, mira = place.world, place.ada, place.maintainer
    for thread in (
        world.open_issue(place.repo, by=ada, title="Upside down", body="The map is.", labels=["bug"]),
        world.open_pull_request(
            place.repo, by=ada, title="Turn it", labels=["bug"], files=[ChangedFile(filename="map")]
        ),
        world.open_discussion(place.repo, by=ada, title="Which way is up?"),
    ):
        comment = world.comment(thread, by=mira, body="Thank you!")
        world.edit_comment(comment, by=mira, body="Thank you, Ada!")
        world.delete_comment(comment, by=mira)
        world.edit(thread, by=ada, title="A new title", body="A new text")
        world.label(thread, "needs: triage", "brand new", by=mira)
        world.unlabel(thread, "Needs: Triage", by=mira)
        world.lock(thread, by=mira, reason="resolved")
        world.unlock(thread, by=mira)
        world.close(thread, by=mira, reason="not_planned")
        world.reopen(thread, by=ada)


def issues_move(place: Place) -> None:
    world, ada, mira = place.world, place.ada, place.maintainer
    issue = world.open_issue(place.repo, by=ada, title="Wrong place", labels=["bug"], assignees=[mira])
    world.comment(issue, by=mira, body="This belongs elsewhere.")
    world.unassign(issue, mira, by=mira)
    world.pin(issue, by=mira)
    there = world.repository(place.organization, "elsewhere", labels={"bug": "d73a4a"})
    moved = world.transfer(issue, there, by=mira)
    world.delete(moved, by=mira)
    world.convert_to_discussion(world.open_issue(place.repo, by=ada, title="Just a thought"), by=mira)
    world.delete_user(ada)
    world.open_issue(place.repo, by=mira, title="After she left")
    ghostly = next(thread for thread in place.repo.threads.values() if thread.author is ada)
    world.comment(ghostly, by=mira, body="Farewell")
    ada.deleted = False


def pull_requests_are_worked_on(place: Place) -> None:
    world, ada, mira = place.world, place.ada, place.maintainer
    pull = world.open_pull_request(place.repo, by=ada, title="Better colours", body="Fixes #1", draft=True)
    world.ready_for_review(pull, by=ada)
    world.convert_to_draft(pull, by=ada)
    world.ready_for_review(pull, by=ada)
    world.assign(pull, mira, by=mira)
    world.unassign(pull, mira, by=mira)
    world.request_review(pull, mira, by=ada)
    asked = world.review(pull, by=mira, state="CHANGES_REQUESTED", body="Brighter, please")
    world.edit_review(asked, by=mira, body="A little brighter, please")
    world.synchronize(pull, by=ada, files=[ChangedFile(filename="colours.py", additions=3, deletions=1)])
    world.dismiss_review(asked, by=mira)
    world.review(pull, by=mira, state="COMMENTED", body="Nearly")
    line = world.review_comment(pull, by=mira, body="Why green?", path="colours.py", line=3)
    answer = world.review_comment(pull, by=ada, body="Because of the meadows", path="colours.py", reply_to=line)
    world.edit_comment(answer, by=ada, body="Because of the meadows, and the lake")
    world.delete_comment(answer, by=ada)
    world.review(pull, by=mira, state="APPROVED")
    world.merge(pull, by=mira)


def commits_are_pushed(place: Place) -> None:
    world, repo, mira = place.world, place.repo, place.maintainer
    world.create_branch(repo, "legend", by=mira)
    world.write_file(repo, "legend.md", "Blue is water\n", branch="legend", by=mira, message="Begin a legend")
    pull = world.open_pull_request(repo, by=mira, title="A legend", head="legend")
    world.push(repo, by=place.helper, files=["legend.md", "index.md"], branch="legend", author="Nobody Knows")
    world.merge(pull, by=mira)
    world.delete_file(repo, "index.md", by=place.app.bot)


def commits_are_checked(place: Place) -> None:
    world, ada, mira = place.world, place.ada, place.maintainer
    pull = world.open_pull_request(place.repo, by=ada, title="Checked", files=[ChangedFile(filename="map")])
    world.check_suite(pull, conclusion="startup_failure")
    ours = world.check_suite(pull, app=place.app)
    world.rerequest(ours, by=mira)
    world.conclude(ours, "success")
    world.merge(pull, by=mira)


def discussions_are_held(place: Place) -> None:
    world, ada, mira = place.world, place.ada, place.maintainer
    question = world.open_discussion(place.repo, by=ada, title="How?", body="How does one …", category="q-a")
    answer = world.comment(question, by=mira, body="Like this")
    world.comment(question, by=ada, body="I see", reply_to=answer)
    world.choose_answer(answer, by=ada)
    world.delete(question, by=mira)


def people_come_and_go(place: Place) -> None:
    world, organization, mira = place.world, place.organization, place.maintainer
    ben = world.user("ben")
    world.add_member(organization, ben, by=mira)
    world.show_membership(organization, ben, public=False)
    team = world.team(organization, "Map makers", by=mira, description="They make maps")
    world.give_team(team, place.repo, role="write", by=mira)
    world.join_team(team, ben, by=mira)
    world.leave_team(team, ben, by=mira)
    world.join_team(team, ben, by=mira)
    world.give_team(team, place.repo, role="maintain", by=mira)
    world.take_from_team(team, place.repo, by=mira)
    world.edit_team(team, by=mira, name="Cartographers", description="They draw them")
    world.remove_member(organization, ben, by=mira)
    world.delete_team(team, by=mira)
    world.add_collaborator(place.repo, ben, by=mira, role="triage")
    world.remove_collaborator(place.repo, ben, by=mira)
    world.block(ben, by=mira, organization=organization)
    world.unblock(ben, by=mira, organization=organization)
    world.rename_user(ben, "benjamin")
    world.rename_organization(organization, "alpine-works", by=mira)


def repositories_change(place: Place) -> None:
    world, mira = place.world, place.maintainer
    repo = world.repository(place.organization, "side-track", by=mira, private=True)
    label = world.create_label(repo, "wish", by=mira, color="abcdef", description="Would be nice")
    world.edit_label(repo, label, by=mira, name="wishes", color="fedcba")
    world.delete_label(repo, label, by=mira)
    world.rename_repository(repo, "side-tracks", by=mira)
    world.change_default_branch(repo, "trunk", by=mira)
    world.archive(repo, by=mira)
    world.unarchive(repo, by=mira)
    world.publicize(repo, by=mira)
    world.privatize(repo, by=mira)
    lowland = world.organization("lowland-tools")
    world.transfer_repository(repo, lowland, by=mira)
    world.transfer_repository(repo, place.organization, by=mira)
    gift = world.repository(place.ada, "gift", by=place.ada)
    world.transfer_repository(gift, place.organization, by=place.ada)
    world.delete_repository(repo, by=mira)


def the_app_is_managed(place: Place) -> None:
    world, mira, installation = place.world, place.maintainer, place.installation
    world.suspend(installation, by=mira)
    place.clock.forward(timedelta(hours=1))
    world.unsuspend(installation, by=mira)
    place.app.permissions["statuses"] = "write"
    world.accept_permissions(installation, by=mira)
    world.uninstall(installation, by=mira)
    selected = world.install(place.app, place.organization, by=mira, repositories=[])
    world.add_repositories(selected, place.repo, by=mira)
    world.remove_repositories(selected, place.repo, by=mira)


def test_no_act_is_forgotten_in_the_tour() -> None:
    """Each public method of the acts that takes `by` is used above, so a new act cannot go unchecked."""
    tour = Path(__file__).read_text(encoding="utf-8")
    classes = (
        apps.AppActs,
        branches.BranchActs,
        checks.CheckActs,
        commits.CommitActs,
        issues.IssueActs,
        merging.MergeActs,
        people.PeopleActs,
        pulls.PullActs,
        repos.RepoActs,
        reviews.ReviewActs,
        teams.TeamActs,
        threads.ThreadActs,
    )
    acts = {
        name
        for each in classes
        for name, method in vars(each).items()
        if callable(method) and not name.startswith("_") and "by" in method.__annotations__
    }
    # GitHub sends no webhook for reactions and for what is hidden; no app here asks for those of forks and releases.
    silent = {"react", "minimize", "unminimize", "fork", "release"}
    assert acts <= set(dir(World))
    assert {name for name in acts - silent if f"world.{name}(" not in tour} == set()
