"""Who of a cohort's mentors reads what an applicant does: two each, spread evenly. Pure.

Once told, it stays: a mentor who has left or is away for long is replaced, and nobody else changes. Whoever has fewer
applicants than the others gets the next ones, so that loads come together again.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import combinations
from typing import Final

from bot.model import PersonId, ThreadRef

EACH: Final = 2  # reviewers of an applicant

Pairs = Mapping[PersonId, tuple[PersonId, ...]]  # an applicant's reviewers


def assigned(
    applicants: Sequence[PersonId], mentors: Collection[PersonId], given: Pairs
) -> dict[PersonId, tuple[PersonId, ...]]:
    """The reviewers of all applicants. `mentors`: who can review now; `given`: what was told before. With fewer than
    two mentors there are as many as there are. Nobody reviews themselves."""
    free = sorted(set(mentors))
    told = {who: tuple(one for one in given.get(who, ()) if one in free and one != who)[:EACH] for who in applicants}
    load = Counter(one for those in told.values() for one in those)
    pairs = Counter(frozenset(those) for those in told.values() if len(those) == EACH)
    for who in sorted(applicants, key=lambda who: (-len(told[who]), applicants.index(who))):
        while len(told[who]) < EACH and (more := _next(who, told[who], free, load, pairs)):
            told[who] += more
            load.update(more)
            if len(told[who]) == EACH:
                pairs[frozenset(told[who])] += 1
    return told


def _next(
    who: PersonId, has: tuple[PersonId, ...], free: Sequence[PersonId], load: Counter[PersonId],
    pairs: Counter[frozenset[PersonId]],
) -> tuple[PersonId, ...]:  # fmt: skip
    """Those with the fewest applicants; of several such, who were least often together."""
    others = [one for one in free if one not in (who, *has)]
    found = list(combinations(others, min(EACH - len(has), len(others))))

    def weight(those: tuple[PersonId, ...]) -> tuple[int, int, tuple[PersonId, ...]]:
        return sum(load[one] for one in those), pairs[frozenset((*has, *those))], those

    return min(found, key=weight)


def turns(pulls: Sequence[tuple[ThreadRef, PersonId]], reviewers: Pairs) -> dict[ThreadRef, PersonId]:
    """Who of an applicant's reviewers looks at which of their pull requests, told with whose it is and in the order in
    which they came: whoever had fewer so far. Those are left out whom nobody can review."""
    load: Counter[PersonId] = Counter()
    found: dict[ThreadRef, PersonId] = {}
    for ref, who in pulls:
        those = reviewers.get(who, ())
        if those and ref not in found:
            found[ref] = min(those, key=lambda one: (load[one], those.index(one)))
            load[found[ref]] += 1
    return found
