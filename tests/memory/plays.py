"""What can happen in a village, for histories: each play does something to a thread, or to the place around it."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from hypothesis import strategies as st

from bot.sandbox import ChangedFile, RefusedError
from bot.sandbox.model import Account, Issue, PullRequest, SuiteConclusion, Thread
from tests.memory.conftest import Village, build_village

WROTE: Final = "as the people wrote it"  # is in every text of the histories

Play = Callable[[Village, Thread], object]


def someone(v: Village, thread: Thread) -> Any:
    return (v.ada, v.linus, v.grace)[len(thread.comments) % 3]


def pull(v: Village, thread: Thread) -> PullRequest:
    """This one, if it is a pull request, or the first one that there is. Raises StopIteration."""
    if isinstance(thread, PullRequest):
        return thread
    return next(each for each in v.world.threads() if isinstance(each, PullRequest))


def draft(v: Village, thread: Thread) -> None:
    it = pull(v, thread)
    (v.world.ready_for_review if it.draft else v.world.convert_to_draft)(it, by=v.ada)


def review(v: Village, thread: Thread) -> None:
    v.world.review(pull(v, thread), by=v.linus, state="COMMENTED", body=WROTE)


def dismiss(v: Village, thread: Thread) -> None:
    judged = v.world.review(pull(v, thread), by=v.linus, state="CHANGES_REQUESTED", body=WROTE)
    v.world.dismiss_review(judged, by=v.grace)


def rereview(v: Village, thread: Thread) -> None:
    praised = v.world.review(pull(v, thread), by=v.linus, state="APPROVED", body=WROTE)
    v.world.edit_review(praised, by=v.linus, body=f"{WROTE}, and again")


def uncomment(v: Village, thread: Thread) -> None:
    if thread.comments:
        v.world.delete_comment(thread.comments[0], by=v.grace)


def recomment(v: Village, thread: Thread) -> None:
    if thread.comments:
        v.world.edit_comment(thread.comments[-1], by=v.grace, body=f"{WROTE}, and again")


def convert(v: Village, thread: Thread) -> None:
    if isinstance(thread, Issue) and not isinstance(thread, PullRequest):
        v.world.convert_to_discussion(thread, by=v.grace)


def transfer(v: Village, thread: Thread) -> None:
    if isinstance(thread, Issue):
        v.world.transfer(thread, v.huts, by=v.grace)


def assign(v: Village, thread: Thread) -> None:
    if isinstance(thread, Issue):
        v.world.assign(thread, someone(v, thread), by=v.grace)


def unassign(v: Village, thread: Thread) -> None:
    if isinstance(thread, Issue):
        v.world.assign(thread, v.linus, by=v.linus)
        v.later(seconds=1)
        v.world.unassign(thread, v.linus, by=v.grace)


def label(v: Village, thread: Thread, *, by: Account) -> None:
    """Not with a new label that takes the name of one that is gone: threads know their labels by name."""
    v.world.label(thread, thread.repo.labels["docs"].name, by=by)


def rename_label(v: Village, thread: Thread) -> None:
    for label in [label for label in v.maps.labels.values() if not label.name.endswith("-2")][:1]:
        v.world.edit_label(v.maps, label, name=f"{label.name}-2", color=None)


def recolour_label(v: Village, thread: Thread) -> None:
    for label in [label for label in v.maps.labels.values() if label.name.endswith("-2")][:1]:
        v.world.edit_label(v.maps, label, color=f"{len(v.deliveries):06}")


def delete_label(v: Village, thread: Thread) -> None:
    for label in [*v.maps.labels.values()][:1]:
        v.world.delete_label(v.maps, label)


def relabel(v: Village, thread: Thread) -> None:
    """With a label that is made for it."""
    label = v.world.create_label(v.maps, f"new {len(v.deliveries)}")
    if thread.repo is v.maps:
        v.world.label(thread, label.name, by=v.linus)


def team(v: Village) -> Any:
    return next(iter(v.organisation.teams.values()))


def leave_organisation(v: Village, thread: Thread) -> None:
    if v.linus.id in v.organisation.members:
        v.world.remove_member(v.organisation, v.linus)


def rename_account(v: Village, thread: Thread) -> None:
    v.world.rename_user(v.ada, f"ada-{len(v.deliveries)}")


def suspend(v: Village, thread: Thread) -> None:
    (v.world.unsuspend if v.installation.suspended_at else v.world.suspend)(v.installation)


def take_repository(v: Village, thread: Thread) -> None:
    if v.installation.covers(v.huts):
        v.world.remove_repositories(v.installation, v.huts)
    else:
        v.world.add_repositories(v.installation, v.huts)


def reforget(v: Village, thread: Thread) -> None:
    """By an edit."""
    v.world.edit_comment(v.world.comment(thread, by=v.linus, body=WROTE), by=v.linus, body=f"{WROTE}\n\n/forget-me")


def synchronize(v: Village, thread: Thread) -> None:
    """Each time it changes more or fewer files."""
    it, number = pull(v, thread), len(v.deliveries)
    files = [FILE, *(ChangedFile(filename=f"{n}.py", additions=number) for n in range(number % 3))]
    v.world.synchronize(it, by=v.ada, message=WROTE, files=files)


def check(v: Village, thread: Thread) -> None:
    """It fails, or is held until somebody lets it run; it may be over again."""
    it = pull(v, thread)
    known = [each for each in v.maps.check_suites.values() if each.head_sha == it.head_sha]
    ends: tuple[SuiteConclusion, ...] = ("failure", "action_required", "success", "cancelled")
    if known and len(v.deliveries) % 2:
        v.world.conclude(known[0], ends[len(v.deliveries) % 4])
    else:
        v.world.check_suite(it, conclusion=ends[len(v.deliveries) // 2 % 4])


def ask_in_a_review(v: Village, thread: Thread) -> None:
    """And think better of it."""
    judged = v.world.review(pull(v, thread), by=v.linus, state="CHANGES_REQUESTED", body=f"Why, {WROTE}?")
    v.later(seconds=len(v.deliveries) % 2)
    v.world.edit_review(judged, by=v.linus, body=WROTE)


def command(v: Village, thread: Thread) -> None:
    """The bot alone, in a new comment, or in one that was to people."""
    alone = f"> {WROTE}\n\n/snooze 2 weeks\n\n<!-- {WROTE} -->"
    if thread.comments and len(v.deliveries) % 2:
        v.world.edit_comment(thread.comments[-1], by=someone(v, thread), body=alone)
    else:
        v.world.comment(thread, by=someone(v, thread), body=alone)


def name_issues(v: Village, thread: Thread) -> None:
    """Others than before, in the pull request's text."""
    named = f"fixes #{1 + len(v.deliveries) % 3} and alpine-tools/huts#{len(v.deliveries) % 2}, see alpine-tools/maps#1"
    v.world.edit(pull(v, thread), by=v.ada, body=f"{WROTE} {named}")


NAMED: Final = f"{WROTE}, fixes #1"
FILE: Final = ChangedFile(filename="a.py")
SHOWS: Final = ("", " in 1.2.3", "\n\n## Steps to reproduce\n")  # traits of a text
PLAYS: Final[dict[str, Play]] = {
    "issue": lambda v, t: v.world.open_issue(v.maps, by=v.linus, title=f"How, {WROTE}?", body=WROTE, labels=["bug"]),
    "pull": lambda v, t: v.world.open_pull_request(v.maps, by=v.ada, title=WROTE, body=NAMED, files=[FILE], draft=True),
    "discussion": lambda v, t: v.world.open_discussion(v.maps, by=v.ada, title=WROTE, body=f"## Question\n{WROTE}"),
    "check": check,
    "ask in a review": ask_in_a_review,
    "command": command,
    "wonder": lambda v, t: v.world.comment(t, by=someone(v, t), body=f"Why, {WROTE}?"),
    "say": lambda v, t: v.world.comment(t, by=someone(v, t), body=WROTE),
    "ask": lambda v, t: v.world.comment(t, by=someone(v, t), body=f"{WROTE}\n\n/no-bot\n"),
    "unask": lambda v, t: v.world.comment(t, by=someone(v, t), body=f"{WROTE}\n\n/no-bot off\n"),
    "edit": lambda v, t: v.world.edit(
        t, by=v.ada, title=f"docs: {WROTE}", body=f"{WROTE}, once more{SHOWS[len(v.deliveries) % 3]}"
    ),
    "name issues": name_issues,
    "label": lambda v, t: label(v, t, by=v.grace),
    "unlabel": lambda v, t: v.world.unlabel(t, "bug", by=v.grace),
    "close": lambda v, t: v.world.close(t, by=v.grace),
    "reopen": lambda v, t: v.world.reopen(t, by=v.ada),
    "lock": lambda v, t: v.world.lock(t, by=v.grace),
    "unlock": lambda v, t: v.world.unlock(t, by=v.grace),
    "delete": lambda v, t: v.world.delete(t, by=v.grace),
    "rename the account": rename_account,
    "draft": draft,
    "merge": lambda v, t: v.world.merge(pull(v, t), by=v.grace),
    "review": review,
    "uncomment": uncomment,
    "recomment": recomment,
    "convert": convert,
    "transfer": transfer,
    "another labels": lambda v, t: label(v, t, by=v.linus),
    "another unlabels": lambda v, t: v.world.unlabel(t, "docs", by=v.ada),
    "assign": assign,
    "unassign": unassign,
    "dismiss": dismiss,
    "rereview": rereview,
    "synchronize": synchronize,
    "rename a label": rename_label,
    "recolour a label": recolour_label,
    "delete a label": delete_label,
    "relabel": relabel,
    "push": lambda v, t: v.world.push(v.maps, by=v.grace, author=v.ada, files=["a.py"], message=WROTE),
    "push to a branch": lambda v, t: v.world.create_branch(v.maps, f"b{len(v.deliveries)}"),
    "found a team": lambda v, t: v.world.team(v.organisation, f"Team {len(v.deliveries)}"),
    "rename the team": lambda v, t: v.world.edit_team(team(v), name=f"Herd {len(v.deliveries)}"),
    "delete the team": lambda v, t: v.world.delete_team(team(v)),
    "join the team": lambda v, t: v.world.join_team(team(v), v.linus),
    "leave the team": lambda v, t: v.world.leave_team(team(v), v.linus),
    "give to the team": lambda v, t: v.world.give_team(team(v), v.maps, role="write"),
    "join the organisation": lambda v, t: v.world.add_member(v.organisation, v.linus),
    "leave the organisation": leave_organisation,
    "rename the repository": lambda v, t: v.world.rename_repository(v.maps, f"maps-{len(v.deliveries)}"),
    "hide": lambda v, t: (v.world.publicize if v.maps.private else v.world.privatize)(v.maps),
    "archive": lambda v, t: (v.world.unarchive if v.maps.archived else v.world.archive)(v.maps),
    "suspend": suspend,
    "take a repository": take_repository,
    "forget": lambda v, t: v.world.comment(t, by=v.linus, body=f"{WROTE}\n\n/forget-me"),
    "forget later": reforget,
}
# Of two in one second none is the later.
NOT_AT_ONCE: Final = frozenset(PLAYS) - {
    "check", "ask in a review", "wonder", "command",
    "issue", "pull", "discussion", "say", "edit", "name issues", "label", "unlabel", "close", "reopen", "lock",
    "unlock", "delete", "draft", "merge", "review", "uncomment", "recomment", "convert", "transfer",
}  # fmt: skip

Step = tuple[str, int, int]  # what is done, to which of the open threads, how many seconds after the last
steps = st.tuples(st.sampled_from(sorted(PLAYS)), st.integers(0, 3), st.sampled_from((0, 1, 3600)))


def play(history: Sequence[Step]) -> Village:
    """A village where this has happened. What GitHub refuses has not."""
    village = build_village(chosen=True)
    village.world.open_issue(village.maps, by=village.ada, title=WROTE, body=WROTE, labels=["bug", "docs"])
    village.world.open_pull_request(village.maps, by=village.ada, title=WROTE, body=WROTE, files=[FILE])
    village.world.join_team(village.world.team(village.organisation, "Guides"), village.linus)
    village.world.add_member(village.organisation, village.linus)
    named = {name for name, _, _ in history}
    for name, which, seconds in history:
        village.later(seconds=max(seconds, bool(named & NOT_AT_ONCE)))
        threads = list(village.world.threads())
        try:
            PLAYS[name](village, threads[which % len(threads)])
        except (RefusedError, ValueError, LookupError, StopIteration):
            continue
        if not list(village.world.threads()):
            break
    return village
