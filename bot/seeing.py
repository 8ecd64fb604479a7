"""All that is known for a look at a thread: what memory recalls, and what the rules need besides in some threads only.

Reads memory, and asks nobody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from bot import rules, skillsfile, words
from bot.advising import suggested
from bot.checkin.gathering import with_check_ins
from bot.cohort import gathering, rounds
from bot.commands import check_ins, handover, mentor, need_help, path, record, stepping_down, triage_rota
from bot.effects import TakeWeek, Value
from bot.farewell import team
from bot.inforce import InForce, Policies
from bot.looking import Origin, ThreadLook
from bot.memory import (
    attention,
    backlog,
    care,
    configs,
    homes,
    known_names,
    leaves,
    mentors,
    nudges,
    offers,
    on_call,
    portrait,
    ramp,
    recall,
    rota,
    signs,
    threads,
    waits,
)
from bot.memory import candidates as able
from bot.memory.answer_time import review_time
from bot.mentoring import releasing
from bot.mentoring.roster import listed, roster
from bot.mentors import Because, Mentoring, Prospects, State, StillThere, Terms
from bot.model import GHOST, InstallationId, PersonId, Repo, Request, ThreadRef
from bot.pathway import Opening, Suggested
from bot.policy import Policy
from bot.policytypes import Mode
from bot.rules import advice, answers, cohort_notes, invitation, mentoring, next_steps, pairing, triage
from bot.rules.waits import derive
from bot.thanking import gathering as gathering_thanks
from bot.triage import sweep
from bot.triage.choosing import candidates, is_on_duty
from bot.waiting import Told, Waiting

_ABOUT_LABELS: Final = frozenset({"level", "create-labels"})  # commands that have to know which ones there are


@dataclass(frozen=True, slots=True)
class Seen:
    """A thread as it is known, the configuration that holds there, and through which installation to act, if any.

    `unread`: the repositories whose configuration has to be read before that is certain.
    """

    look: ThreadLook
    policy: Policy
    installation: InstallationId | None
    unread: tuple[Repo, ...]
    witnessed_since: datetime
    in_organisation: bool


def see(connection: Connection, ref: ThreadRef, now: datetime, policies: Policies) -> Seen | None:
    """All that is known for a look; None if memory does not know the thread, or it is gone."""
    where = recall.repo(connection, ref.repo_id)
    if where is None:
        return None
    policy = policies(connection, where)
    greeters = policy.welcome.other_greeters
    look = recall.thread_look(connection, ref, now, bots=policy.people.bots, greeters=greeters)
    if look is None:
        return None
    if look.askers:
        look = replace(look, kinds=words.kinds(), origins=_origins(connection, look, policy, now, policies))
    if policy.advice.where == "comment" and advice.concerns(look, policy, now):
        look = replace(look, suggested=_suggested(connection, look, policy, now))
    wait = policy.need_help.wait
    if look.thread.is_open and any(need_help.counts(request, wait, now) for request in look.thread.requests):
        look = _with_help(connection, look, policy, now)
    if any(asked.name in _ABOUT_LABELS for asked in look.thread.requests):
        look = replace(look, repo_labels=known_names.labels(connection, where))
    if claimants := _writing("claim", look, policy, now):
        look = _with_claimants(connection, look, claimants, policy, policies, now)
    if walkers := _writing("path", look, policy, now):
        look = replace(look, stands={one: _path(connection, one, where, policy, policies) for one in walkers})
    if _asks_for_rota(look, policy, now):
        look = _with_rota(connection, look, policy, policies, now)
    if offering := _writing(mentor.NAME, look, policy, now):
        released = mentors.released(connection, where.owner_id, offering)
        look = replace(look, mentors=_terms(connection, where, offering, policies), released=released)
    if any(claim.is_open for claim in look.claims):
        look = replace(look, stepped_back=_stepped_back(connection, look, now))
    if leaving := _writing(stepping_down.NAME, look, policy, now):
        look = team.with_team(connection, look, leaving, policy, now)
    look = _with_openings(connection, look, policy, policies, now)
    if look.thread.is_open and policy.mode(mentoring.NAME) is not Mode.OFF:
        look = _with_still_there(connection, look, policy, now)
    if look.thread.is_open and policy.mode(triage.NAME) is not Mode.OFF:
        look = _with_reminders(connection, look, policy, policies, now)
    if look.mentoring is not None and look.mentoring.is_open:
        look = _with_mentors(connection, look, look.mentoring, policy, policies, now)
    sought = _writing("need-mentor", look, policy, now) or _writing("mentor-this", look, policy, now)
    if sought or invitation.needs_prospects(look, policy, now):
        look = replace(look, prospects=_prospects(connection, look, policy, policies, now))
    if policy.mode(cohort_notes.NAME) is not Mode.OFF:
        look = replace(look, cohort_told=gathering.told(connection, where, ref, policies, now))
        recorders = _recording(look, policy, now)
        look = rounds.with_rounds(
            connection, look, policy, policies, now, full=bool(claimants), written=[one.at for one in recorders]
        )
        if recorders:
            look = rounds.with_named(connection, look, [one.args for one in recorders], policies)
    if where.private and look.thread.author.is_bot:
        look = with_check_ins(connection, look, policy, now)
    if _writing(check_ins.NAME, look, policy, now):
        look = replace(look, cares=care.of_owner(connection, where.owner_id))
    look = gathering_thanks.with_thanks(connection, look, policy, policies, now)
    since, in_organisation = recall.owner(connection, where.owner_id)
    installation, unread = recall.installation(connection, where), configs.unread(connection, where)
    return Seen(look, policy, installation, unread, since, in_organisation)


def _path(
    connection: Connection, who: PersonId, where: Repo, policy: Policy, policies: Policies
) -> Mapping[str, Value]:
    """Where somebody stands on the organisation's skills map, by what they did where it may be told."""
    skills = policies.skills(connection, where.owner_id) if isinstance(policies, InForce) else skillsfile.default()
    done = portrait.person_look(connection, where.owner_id, who, skills.over(policy), seen_from=where.id)
    return path.values(path.stands(done, skills), skills)


def _with_mentors(
    connection: Connection, look: ThreadLook, mentoring: Mentoring, policy: Policy, policies: Policies, now: datetime
) -> ThreadLook:
    """With who of those who mentor here, or are asked to, may be mentioned, and who could take over. The roster is the
    organisation's."""
    owner_id = look.thread.repo.owner_id
    people = [ask.person.id for ask in (*mentoring.mentors, mentoring.open_ask) if ask is not None]
    free = attention.free_of(connection, owner_id, people, policy.limits, now, look.thread.ref)
    look = replace(look, reachable=look.reachable | free)
    if not _writing(handover.NAME, look, policy, now):
        return look
    chosen = homes.policy(connection, owner_id, policies) or policy
    need, them = able.need(connection, mentoring, policy, now), roster(connection, owner_id, policies, chosen, now)
    found = able.candidates(connection, owner_id, need, them, policy, now)
    return replace(look, can_mentor=tuple(one.person for one in found if one.is_free))


def _prospects(
    connection: Connection, look: ThreadLook, policy: Policy, policies: Policies, now: datetime
) -> Prospects:
    """Of finding mentors, as if they were sought from now on."""
    owner_id, ref = look.thread.repo.owner_id, look.thread.ref
    sought = look.mentoring
    if sought is None or not sought.is_open:
        sought = Mentoring(
            ref=ref, began_at=now, because=Because.ASKED, state=State.SEEKING, state_at=now, mentee=None,
            asked_by=GHOST,
        )  # fmt: skip
    chosen = homes.policy(connection, owner_id, policies) or policy
    need, them = able.need(connection, sought, policy, now), roster(connection, owner_id, policies, chosen, now)
    found = able.candidates(connection, owner_id, need, them, policy, now)
    anybody = pairing.choose(need, found, sought, policy, now) is not None
    return Prospects(anybody=anybody, review=review_time(connection, ref.repo_id, now, policy.people.bots))


def _terms(
    connection: Connection, where: Repo, people: Sequence[PersonId], policies: Policies
) -> Mapping[PersonId, Terms | None]:
    """On which terms these mentor so far."""
    named = listed(connection, where.owner_id, policies)
    known = (threads.person(connection, id_) for id_ in people)
    return {one.id: mentors.terms_of(connection, where.owner_id, one, named) for one in known}


def _with_still_there(connection: Connection, look: ThreadLook, policy: Policy, now: datetime) -> ThreadLook:
    """With the mentor who is to be asked here whether they would still like to be asked."""
    one = _still_there(connection, look, now)
    if one is None:
        return look
    free = attention.free_of(
        connection, look.thread.repo.owner_id, [one.person.id], policy.limits, now, look.thread.ref
    )
    return replace(look, still_there=one, reachable=look.reachable | free)


def _still_there(connection: Connection, look: ThreadLook, now: datetime) -> StillThere | None:
    """A mentor who is to be asked here, if they were not seen since that was decided."""
    ref, owner_id = look.thread.ref, look.thread.repo.owner_id
    for one in signs.asked_here(connection, ref, releasing.FRESH, now):
        seen = signs.last_seen(connection, owner_id, one.person, now)
        waits = one.key(ref) not in look.said_here and not attention.away(connection, owner_id, one.person.id, now, ref)
        if waits and (seen is None or seen <= one.asked_at):
            return one
    return None


def _stepped_back(connection: Connection, look: ThreadLook, now: datetime) -> Mapping[PersonId, datetime | None]:
    """Who of those who took the issue stepped back from its repository, and until when."""
    where = look.thread.repo
    people = [claim.person.id for claim in look.claims if claim.is_open]
    found = leaves.of_people(connection, where.owner_id, people, now)
    here = {id_: [one.until for one in theirs if one.is_from(where.name)] for id_, theirs in found.items()}
    return {id_: None if None in ends else max(filter(None, ends)) for id_, ends in here.items() if ends}


def _asks_for_rota(look: ThreadLook, policy: Policy, now: datetime) -> bool:
    """To see it, to change it, or to take that back."""
    swapped = any(act.effect == TakeWeek.kind for act in look.acted)
    return bool(_writing(triage_rota.NAME, look, policy, now) or (swapped and _writing("undo", look, policy, now)))


def _with_rota(
    connection: Connection, look: ThreadLook, policy: Policy, policies: Policies, now: datetime
) -> ThreadLook:
    """It is the organisation's, wherever somebody asks for it."""
    owner_id = look.thread.repo.owner_id
    chosen = homes.policy(connection, owner_id, policies) or policy
    return replace(look, rota=rota.rota(connection, owner_id, chosen, now, triage_rota.WEEKS))


def _recording(look: ThreadLook, policy: Policy, now: datetime) -> list[Request]:
    """Each `/record` that waits for an answer."""
    return [one.request for one in answers.waiting(look, policy, now) if one.request.name == record.NAME]


def _writing(command: str, look: ThreadLook, policy: Policy, now: datetime) -> list[PersonId]:
    """Who waits for an answer to this command."""
    return sorted({asked.request.person.id for asked in answers.waiting(look, policy, now)
                   if asked.request.name == command})  # fmt: skip


def _with_claimants(
    connection: Connection, look: ThreadLook, who: Sequence[PersonId], policy: Policy, policies: Policies, now: datetime
) -> ThreadLook:
    """With what tells whether the issue fits those who want to take it."""
    owner_id, here = look.thread.repo.owner_id, look.thread.ref.repo_id
    seekers = {one: ramp.seeker(connection, owner_id, one, policy, seen_from=here) for one in who}
    return replace(look, opening=ramp.opening(connection, look.thread.ref, policies, now), seekers=seekers)


def _suggested(connection: Connection, look: ThreadLook, policy: Policy, now: datetime) -> Suggested | None:
    """What an issue looks like, by what closed others in its repository."""
    thread, where = look.thread, look.thread.repo
    known = backlog.similar(connection, where.owner_id, {where.id: where}, policy, now)
    return suggested(
        traits=look.traits, labels=thread.labels, repo=where.full_name, came=thread.hint, similar=known, policy=policy
    )


def _with_help(connection: Connection, look: ThreadLook, policy: Policy, now: datetime) -> ThreadLook:
    """With those who can be asked to help."""
    owner_id = look.thread.repo.owner_id
    people = on_call.in_turn(connection, owner_id, policy.need_help.roster, policy.limits, now, look.thread.ref)
    return replace(look, on_call=people, helped=on_call.helped(connection, owner_id, people, now))


def waiting(connection: Connection, look: ThreadLook, policy: Policy) -> Waiting:
    """Whom a thread waits for, and what tells so."""
    facts = waits.facts(connection, look.thread, look.claims, look.links)
    return derive(look.thread, replace(facts, by_team=bool(look.author.is_team)), policy)


def _with_openings(
    connection: Connection, look: ThreadLook, policy: Policy, policies: Policies, now: datetime
) -> ThreadLook:
    """With what the author could take: what is to be offered here, and after a merge all that there is."""
    thread, author_id = look.thread, look.thread.author.id
    owner_id, here = thread.repo.owner_id, thread.repo.id
    offered: tuple[Opening, ...] = ()
    openings: tuple[Opening, ...] = ()
    if policy.mode(rules.offers.NAME) is not Mode.OFF:
        refs = offers.here(connection, thread.ref, author_id, now - offers.FRESH)
        found = (ramp.opening(connection, ref, policies, now) for ref in refs)
        there = [one for one in found if one is not None]
        offered = tuple(rounds.without_tasks(connection, owner_id, there, policies, now))
    if policy.mode(next_steps.NAME) is not Mode.OFF and next_steps.concerns(look, now):
        found_all = ramp.openings(connection, owner_id, policies, now, seen_from=here)
        openings = tuple(rounds.without_tasks(connection, owner_id, found_all, policies, now))
    if not offered and not openings:
        return look
    seeker = ramp.seeker(connection, owner_id, author_id, policy, seen_from=here)
    return replace(look, offered=offered, openings=openings, seeker=seeker)


def _with_reminders(
    connection: Connection, look: ThreadLook, policy: Policy, policies: Policies, now: datetime
) -> ThreadLook:
    """With those that are to be given here: in a digest, which is by a bot, or in the thread that they are about."""
    ref, owner_id = look.thread.ref, look.thread.repo.owner_id
    if not look.thread.author.is_bot:
        reminders = nudges.about(connection, ref, now)
        return replace(look, reminders=reminders, waiting=waiting(connection, look, policy)) if reminders else look
    found = nudges.told_in(connection, ref, now)
    if not found:
        return look
    home = homes.find(connection, owner_id, policies, lambda policy: policy.digest.repo, now)
    if home is None:
        return look
    on_duty = rota.rota(connection, owner_id, home.policy, now)
    told = []
    for nudge in found:
        case = sweep.case(connection, nudge.ref, policies, now)
        if case is None or nudge.person not in {who.id for who in candidates(case, on_duty)}:  # they may have left
            continue
        person = threads.person(connection, nudge.person)
        told.append(Told(nudge=nudge, person=person, case=case, on_duty=is_on_duty(on_duty, person.id)))
    return replace(look, told_here=tuple(told))


def _origins(
    connection: Connection, look: ThreadLook, policy: Policy, now: datetime, policies: Policies
) -> dict[str, Origin]:
    """Where the settings stand that somebody asks for. What is only tried out stands nowhere."""
    if not isinstance(policies, InForce):
        return {}
    where = look.thread.repo
    return {name: policies.origin(connection, where, name) for name in answers.explained(look, policy, now)}
