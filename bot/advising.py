"""What an open issue looks like, for maintainers: the score of `bot/levelling` over what memory knows of the issue.

Never for one that has a level already: a person said so.
"""

from collections.abc import Collection, Mapping

from bot.levelling.areas import shipped
from bot.levelling.reasons import in_words
from bot.levelling.score import Seen, Similar, suggest
from bot.model import Came
from bot.pathway import Suggested
from bot.policy import Policy


def suggested(
    *, traits: Collection[str], labels: frozenset[str], repo: str, came: Came, similar: Mapping[str, Similar],
    policy: Policy,
) -> Suggested | None:  # fmt: skip
    """None where it has a level, nothing is known of its text, or the score is not sure enough
    (`advice.at_least`)."""
    if policy.levels.of(labels) is not None or not traits:
        return None
    areas = sorted(policy.areas_of(labels, None))
    known = next((similar[area] for area in areas if area in similar), None)
    seen = Seen(
        traits=frozenset(traits),
        labels=labels,
        repo=repo,
        came=came,
        candidates=tuple(areas),
        similar=known,
    )
    found = suggest(seen, abstain_below=policy.advice.at_least)
    if found.level is None:
        return None
    return Suggested(
        rung=found.level.value,
        level=found.level.level,
        area=_called(found.area, policy) or next(iter(areas), None),
        confidence=found.confidence,
        why=in_words(found.why, policy.language),
    )


def _called(area: str | None, policy: Policy) -> str | None:
    """What the organisation calls the area that the score has found: one of the same name, or with a label in common.
    None if it has none of the kind."""
    if area is None:
        return None
    labels = shipped().areas[area].labels if area in shipped().areas else frozenset()
    for known in policy.areas:
        if known.name.casefold() == area.casefold() or labels & {label.casefold() for label in known.labels}:
            return known.name
    return None
