"""`python -m bot succession`: every repository and area, on whom it rests, and who could come after. For whoever runs
the service: private repositories are in it too."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.inforce import Policies
from bot.memory import homes, migrations, readings
from bot.memory.store import StoreUnavailable
from bot.model import Doing, Repo
from bot.stewards import CARE, Heir
from bot.succession.gathering import Entry, Seen, overview


class NotKnown(Exception):
    """There is no such organisation; the message says so."""

    def __init__(self, owner: str | None) -> None:
        what = f"no repository of {owner}" if owner else "no repository"
        super().__init__(f"{what} is known here: is that its name, and DATABASE_URL the service's?")


@dataclass(frozen=True, slots=True)
class Printed:
    """What rests on whom in an organisation: alarms first, then what rests on one person, then the rest."""

    organisation: str
    entries: Sequence[Entry]

    def lines(self) -> Iterator[str]:
        resting = [one for one in self.entries if one.first is not None]
        alarms = sum(one.alarm is not None for one in resting)
        yield f"{self.organisation}: {len(resting)} of {len(self.entries)} rest on one person, {alarms} alarming"
        for one in self.entries:
            yield f"  {_name(one)}: bus factor {one.factor}{_resting(one)}"
            for heir in one.heirs:
                yield f"      {heir.person.login} could grow into it: {_reasons(heir)}"
            if one.issues:
                kind = "medium" if one.issues[0].ready else "look medium"
                yield f"      issues to grow with ({kind}): {', '.join(issue.name for issue in one.issues)}"

    def as_json(self) -> dict[str, Any]:
        return {"organisation": self.organisation, "places": [_as_json(one) for one in self.entries]}


def printed(connection: Connection, owner: str | None, policies: Policies, now: datetime) -> list[Printed]:
    """Of one organisation, or of all. Raises NotKnown, and StoreUnavailable if the database is none of ours."""
    if migrations.revision(connection) != migrations.HEAD:
        raise StoreUnavailable("it is not a database of Switchback, or not yet upgraded: `serve` does that")
    made = []
    for account in readings.accounts(connection):
        if owner is not None and account.login.casefold() != owner.casefold():
            continue
        policy = homes.policy(connection, account.id, policies)
        if policy is not None:
            place, _ = homes.private(connection, account.id, policies, now)
            all_ = overview(
                connection, account.id, policies, policy, now, Seen(whole=True),
                without=place.repo.id if place else None,
            )  # fmt: skip
            made.append(Printed(account.login, sorted(all_, key=_order)))
    if not made:
        raise NotKnown(owner)
    return made


def text(told: Sequence[Printed]) -> Iterator[str]:
    for number, one in enumerate(told):
        if number:
            yield ""
        yield from one.lines()


def as_json(told: Sequence[Printed]) -> str:
    return json.dumps([one.as_json() for one in told], indent=2, ensure_ascii=False)


def _order(one: Entry) -> tuple[bool, bool, bool, str]:
    return one.alarm is None, one.first is None, one.kept.place.repo is None, one.kept.place.name.casefold()


def _name(one: Entry) -> str:
    return _of_repo(one.kept.place.repo) if one.kept.place.repo else f"area {one.kept.place.area}"


def _of_repo(repo: Repo) -> str:
    return f"{repo.full_name} (private)" if repo.private else repo.full_name


def _resting(one: Entry) -> str:
    if one.first is None:
        return ""
    part = round(100 * one.first.total / sum(each.total for each in one.kept.deeds))
    return f", rests on {one.first.person.login} ({part} %){', alarming' if one.alarm else ''}"


def _numbers(heir: Heir) -> Mapping[str, int]:
    did = {_CALLED[doing]: heir.deeds.counts.get(doing, 0) for doing in CARE}
    return {**did, "merged": heir.deeds.landed, "medium issues": heir.grown.medium, "mentorings": heir.grown.mentored}


def _reasons(heir: Heir) -> str:
    told = [f"{name} {number}" for name, number in _numbers(heir).items() if number]
    return ", ".join([*told, *(["interested"] if heir.interested else [])])


_CALLED = {Doing.REVIEW: "reviews", Doing.MERGE: "merges", Doing.TRIAGE: "triage", Doing.COMMIT: "commits"}


def _as_json(one: Entry) -> dict[str, Any]:
    return {
        "kind": "repository" if one.kept.place.repo else "area",
        "place": one.kept.place.name,
        "bus_factor": one.factor,
        "rests_on": one.first.person.login if one.first else None,
        "alarm": one.alarm is not None,
        "candidates": [
            {"login": heir.person.login, "interested": heir.interested}
            | {name.replace(" ", "_"): number for name, number in _numbers(heir).items()}
            for heir in one.heirs
        ],
        "issues": [{"issue": issue.name, "ready": issue.ready} for issue in one.issues],
    }
