"""Welcomes people who are new in the organisation, once, and congratulates them on their first merge.

New is who did nothing here before the bot came, over all repositories of the organisation. Each of four occasions is
marked at most once for a person: the first issue, pull request, discussion and merge. The keys see to that: they name
the organisation and the person, not the thread.
"""

from datetime import datetime, timedelta
from typing import Final, assert_never

from bot.effects import Effect, Learn, LookAgain, Question, Quiet, Say, Value
from bot.looking import ThreadLook
from bot.model import Came, Thread, ThreadKind
from bot.policy import Policy
from bot.policytypes import duration_text
from bot.rules import cohorts
from bot.rules.manners import left_alone

NAME: Final = "welcome"

_NOUNS: Final = {
    ThreadKind.ISSUE: "issue",
    ThreadKind.PULL_REQUEST: "pull request",
    ThreadKind.DISCUSSION: "discussion",
}
_OTHERS_SPEAK_WITHIN: Final = timedelta(seconds=15)  # other welcome bots have spoken by then, when they do


def decide(look: ThreadLook, policy: Policy, now: datetime) -> list[Effect]:
    if reason := left_alone(look, policy):
        return [_quiet(reason)]
    if look.thread.merged_at is not None:
        return _merge(look, policy, look.thread.merged_at, now)
    return _arrival(look, policy, now)


def _arrival(look: ThreadLook, policy: Policy, now: datetime) -> list[Effect]:
    thread, author = look.thread, look.thread.author
    key = f"{NAME}/{thread.kind}/{thread.repo.owner_id}/{author.id}"
    if thread.opened_by is None:
        return [_quiet("it was opened before Switchback listened here")]
    if thread.moved or thread.opened_by != author.id:
        return [_quiet("it was moved or made here by somebody else than its author")]
    if not thread.is_open:
        return [_quiet("the thread is closed")]
    if thread.draft:
        return [_quiet("the pull request is a draft; its time comes when it is ready for review")]
    if look.author.has_past:
        return [_quiet(f"{author.login} was active in {thread.repo.owner} before")]
    if any(key.startswith((f"{NAME}/{thread.kind}/", f"{NAME}/repo/")) for key in look.said_here):
        return [_quiet(f"{author.login} has been welcomed here")]
    note = None
    if reason := _known_already(look, key):
        note = _note(look, policy, now)
        if note is None:
            return [_quiet(reason)]
    elif not policy.welcome.first(thread.kind):
        return [_quiet(f"welcome.first_{thread.kind} is switched off")]
    if (this := cohorts.guided(look)) is not None:
        return [_quiet(f"the guide of {this.cohort.name} tells what a welcome would")]
    begun = thread.ready_at or thread.created_at
    if reason := _too_late(begun, policy, now):
        return [_quiet(reason)]
    if waits := _hold(look, policy, begun, now) or _facts(look, policy, begun, now):
        return waits
    if note is not None:
        return [note]
    came = came_with(thread, policy)
    if came is None:
        return [_learn(Question.PATHS, "to tell documentation from code")]
    values: dict[str, Value] = {
        **_surroundings(look, policy, now),
        "came": came.value,
        "again": _welcomed_before(look),
    }
    why = f"first {_NOUNS[thread.kind]} of {author.login} in {thread.repo.owner}"
    return [_say(look, policy, key, thread.kind, why, values)]


def _merge(look: ThreadLook, policy: Policy, merged_at: datetime, now: datetime) -> list[Effect]:
    thread, author = look.thread, look.thread.author
    key = f"{NAME}/merge/{thread.repo.owner_id}/{author.id}"
    if any(key.startswith(f"{NAME}/merge/") for key in look.said_here):  # by whatever owner the repository had
        return [_quiet(f"{author.login} has been congratulated here")]
    if look.author.merged_before or key in look.said:
        return [_quiet(f"it is not the first merged pull request of {author.login} here")]
    if not policy.welcome.first_merge:
        return [_quiet("welcome.first_merge is switched off")]
    if reason := _too_late(merged_at, policy, now):
        return [_quiet(reason)]
    if look.author.is_team is None:
        return [_learn(Question.TEAM, "to tell newcomers from members")]
    if look.author.merged_before is None:
        return [_unknown_past(look)]
    why = f"first merged pull request of {author.login} in {thread.repo.owner}"
    return [_say(look, policy, key, "merge", why, _surroundings(look, policy, now))]


def _known_already(look: ThreadLook, key: str) -> str | None:
    """Why the author gets no welcome for this kind of thread; None if it is their first."""
    thread, author = look.thread, look.thread.author
    if look.author.merged_before:
        return f"{author.login} is no newcomer any more: a pull request of theirs was merged"
    if thread.kind in look.author.earlier or key in look.said:
        return f"it is not the first {_NOUNS[thread.kind]} of {author.login} here"
    return None


def _note(look: ThreadLook, policy: Policy, now: datetime) -> Say | None:
    """For somebody who was welcomed before and comes to another repository for the first time, if configured."""
    thread, author = look.thread, look.thread.author
    key = f"{NAME}/repo/{thread.repo.id}/{author.id}"
    met_here = thread.repo.id in look.author.met_in or not look.author.met_in
    if policy.welcome.another_repo == "nothing" or met_here or not _welcomed_before(look) or key in look.said:
        return None
    if not any(policy.links.at(thread.repo).values()):  # it would say nothing
        return None
    why = f"{author.login} is new in {thread.repo.full_name}, not in {thread.repo.owner}"
    return _say(look, policy, key, "another_repo", why, _surroundings(look, policy, now))


def _welcomed_before(look: ThreadLook) -> bool:
    return any(key.startswith(f"{NAME}/") for key in look.done)


def _too_late(since: datetime, policy: Policy, now: datetime) -> str | None:
    limit = policy.welcome.too_late
    return f"it is later than {duration_text(limit)} (welcome.too_late)" if now > since + limit else None


def _hold(look: ThreadLook, policy: Policy, begun: datetime, now: datetime) -> list[Effect]:
    """Leaves a human of the team the time to answer first."""
    hold = policy.welcome.hold
    if not hold:
        return []
    for answer in look.thread.answers:
        if answer.by_team and not policy.is_bot(answer.person) and answer.at <= begun + hold:
            return [_quiet("somebody of the team answered first")]
    if now < begun + hold:
        return [LookAgain(rule=NAME, at=begun + hold, why=f"leaves the team {duration_text(hold)} to answer first")]
    return []


def _facts(look: ThreadLook, policy: Policy, begun: datetime, now: datetime) -> list[Effect]:
    """What has to be known before a welcome; asked for when memory does not know."""
    if look.author.is_team is None:
        return [_learn(Question.TEAM, "to tell newcomers from members")]
    if look.author.has_past is None:
        return [_unknown_past(look)]
    greeters = {login.casefold() for login in policy.welcome.other_greeters}
    if look.greeted or any(answer.person.login.casefold() in greeters for answer in look.thread.answers):
        return [_quiet("another bot has welcomed the author here")]
    if look.greeter_around and now < (soon := begun + _OTHERS_SPEAK_WITHIN):
        return [LookAgain(rule=NAME, at=soon, why="another welcome bot is at work here and may speak first")]
    if look.greeter_around is not False and look.greeted is None:
        return [_learn(Question.GREETED, "so that nobody is welcomed twice")]
    return []


def came_with(thread: Thread, policy: Policy) -> Came | None:
    """What the author came with; None if only the changed files can tell."""
    by_labels = policy.came_with.by_labels(thread.labels | {thread.category})
    match thread.kind:
        case ThreadKind.PULL_REQUEST:
            if Came.DOCS in by_labels or thread.hint is Came.DOCS:
                return Came.DOCS
            if thread.paths is None:
                return None
            return Came.DOCS if policy.came_with.only_docs(thread.paths) else Came.CODE
        case ThreadKind.DISCUSSION:
            return next(iter(by_labels), Came.TALK)
        case ThreadKind.ISSUE:
            return next(iter(by_labels), thread.hint)
        case _:
            assert_never(thread.kind)


def _surroundings(look: ThreadLook, policy: Policy, now: datetime) -> dict[str, Value]:
    """What every message may speak of: the place, its links, how long an answer takes, the next call."""
    repo = look.thread.repo
    coming = policy.next_call(now)
    wait = look.answer_time
    return {
        "organisation": repo.owner,
        "repository": repo.name,
        "repository_url": repo.url,
        "links": policy.links.at(repo),
        "answer_minutes": None if wait is None else round(wait.total_seconds() / 60),
        "call": coming and {"name": coming[0].name, "url": coming[0].url, "at": f"{coming[1]:%Y-%m-%d %H:%M} UTC"},
    }


def _say(look: ThreadLook, policy: Policy, key: str, template: str, why: str, values: dict[str, Value]) -> Say:
    return Say(
        rule=NAME,
        key=key,
        why=why,
        thread=look.thread.ref,
        template=f"{NAME}-{template}".replace("_", "-"),
        language=policy.language,
        values=values,
        to=look.thread.author,
    )


def _unknown_past(look: ThreadLook) -> Effect:
    if look.author.past_hidden:
        return _quiet(f"GitHub does not tell whether {look.thread.author.login} was here before")
    return _learn(Question.PAST, "to tell newcomers from people who were here before")


def _learn(question: Question, why: str) -> Learn:
    return Learn(rule=NAME, question=question, why=why)


def _quiet(why: str) -> Quiet:
    return Quiet(rule=NAME, why=why)
