"""How busy a year is: figures that were measured, and some that had to be assumed. No names, no titles, no texts.

What can be told from git was measured over the year 2020 of a real organisation of 44 repositories: pull requests and
merges from its branches, by anonymous authors. Whoever had twenty or more merged before that year counts as its team.
How many issues there were is told by the numbers between those of pull requests. A pull request's opening is taken for
the time of its newest commit, so the real times until a merge are a little longer. Git holds no answers, reviews or
labels: what is below "assumed" is a guess at an organisation whose team is small.
"""

from dataclasses import dataclass
from typing import Final

Points = tuple[tuple[float, float], ...]  # of a distribution: this share takes at most so many hours

# -- measured

PULLS_A_WEEK: Final = 25.3  # by people; 6 in the quietest week, 62 in the busiest
ISSUES_A_WEEK: Final = 23.4
BOT_PULLS_A_WEEK: Final = 2.9
STEADINESS: Final = 7.9  # shape of the gamma distribution by which weeks differ: the variance is 4 times the mean
WEEKDAYS: Final = (208, 220, 237, 239, 247, 76, 94)  # pull requests, from Monday on
HOURS: Final = (28, 20, 9, 21, 13, 25, 37, 54, 84, 86, 84, 83, 89, 93, 91, 81, 66, 63, 61, 64, 41, 55, 38, 35)  # UTC

# Issues and pull requests of each repository in which there were any.
REPOS: Final = (
    (97, 354), (189, 250), (211, 183), (81, 118), (109, 69), (73, 91), (90, 26), (42, 43), (38, 43), (30, 29), (9, 48),
    (39, 17), (16, 33), (29, 16), (20, 24), (18, 23), (23, 17), (20, 12), (17, 13), (9, 16), (16, 5), (10, 9), (6, 10),
    (9, 4), (7, 5), (6, 5), (3, 4), (1, 2), (0, 1), (0, 1),
)  # fmt: skip
# Pull requests of each of the team. Fifteen had any; the others are there, and do little.
TEAM: Final = (291, 203, 112, 73, 67, 64, 32, 26, 23, 10, 5, 5, 2, 2, 1, *(0.5,) * 10)
LED: Final = 0.5  # of what the team does in a repository falls to one person

PULLS_BY_TEAM: Final = 0.69
PULLS_BY_NEW: Final = 0.10  # 136 people, whose first it was; 122 of 201 came once


@dataclass(frozen=True, slots=True)
class Merging:
    """The share that was merged, and how long it took."""

    share: float
    hours: Points


MERGING: Final = {
    "team": Merging(0.91, ((0, 0.02), (0.25, 0.2), (0.5, 1.1), (0.75, 15.8), (0.9, 95.9), (0.95, 385), (1, 4000))),
    "new": Merging(0.95, ((0, 0.1), (0.1, 0.5), (0.25, 2.9), (0.5, 20), (0.75, 207), (0.9, 971), (1, 4000))),
    "returning": Merging(0.79, ((0, 0.1), (0.25, 0.9), (0.5, 12.9), (0.75, 122), (0.9, 482), (0.95, 1360), (1, 4000))),
    "bot": Merging(0.95, ((0, 0.1), (0.25, 0.4), (0.5, 2.1), (0.75, 12.6), (0.9, 32.4), (1, 200))),
}

# -- assumed

ISSUES_BY_TEAM: Final = 0.35
ISSUES_BY_NEW: Final = 0.30
FIRST_ANSWER: Final[Points] = ((0, 0.2), (0.25, 4), (0.5, 36), (0.75, 300), (0.9, 1500), (1, 4000))
NEVER_ANSWERED: Final = 0.15  # of the issues by others
LATER_ANSWER: Final[Points] = ((0, 0.2), (0.25, 6), (0.5, 48), (0.75, 240), (0.9, 900), (1, 3000))
NEVER_ANSWERED_AGAIN: Final = 0.15
REPLY: Final[Points] = ((0, 0.2), (0.25, 2), (0.5, 20), (0.75, 96), (0.9, 400), (1, 2000))  # by an author
NEVER_REPLIED: Final = 0.25
ASKS: Final = 0.45  # of the team's answers ask the author something
NEEDS_INFO: Final = 0.4  # of these put a label on
OTHERS_SPEAK: Final = 0.35  # of the issues by others hear from somebody else, too
CLOSED: Final = 0.75  # of the issues whose talk is over; organisations like it closed two thirds in all
CLOSING: Final[Points] = ((0, 0.1), (0.25, 5), (0.5, 70), (0.75, 700), (1, 4000))
LEVELLED: Final = 0.08
ON_HOLD: Final = 0.02
TO_BE_DECIDED: Final = 0.05
DRAFT: Final = 0.05
CHECKS_FAIL: Final = 0.2
ABANDONED: Final = 0.5  # of the pull requests that are not merged are left open, the others are closed
