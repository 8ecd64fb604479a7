"""What happened in the sample organisation during the last three months: who opened what, and what came of it.

Everybody here is made up, and so are the places. `sample` plays this with a moving clock.
"""

from dataclasses import dataclass
from typing import Literal

from bot.sandbox.model import ChangedFile

Act = Literal["say", "label", "unlabel", "assign", "ask", "approve", "merge", "close", "decline", "answer"]
Kind = Literal["issue", "pull", "discussion"]


@dataclass(frozen=True)
class Step:
    """`hours` after the thread was opened, `by` does something; `text` is what they say, or the label."""

    hours: float
    by: str
    act: Act
    text: str = ""


@dataclass(frozen=True)
class Story:
    """One thread, opened `days` ago."""

    days: float
    repo: str
    by: str
    title: str
    body: str
    then: tuple[Step, ...] = ()
    kind: Kind = "issue"
    labels: tuple[str, ...] = ()
    files: tuple[ChangedFile, ...] = ()
    category: str = "general"


def edit(filename: str, additions: int, deletions: int = 0) -> ChangedFile:
    return ChangedFile(filename=filename, additions=additions, deletions=deletions)


STORIES = (
    Story(
        89,
        "trail-maps",
        "marmot-dev",
        "Contour lines vanish when zooming out",
        "At zoom level 9 and below all contour lines are gone. At 10 they are back. Seen with the tiles of last week.",
        (
            Step(5, "gentian", "say", "Thank you, I can see it too. The simplification step drops them, I think."),
            Step(5.1, "gentian", "unlabel", "needs: triage"),
            Step(29, "marmot-dev", "say", "I would like to try. Is `simplify.py` the place to look?"),
            Step(31, "gentian", "say", "Exactly there, and there is a test next to it that you can copy."),
        ),
        labels=("bug", "needs: triage"),
    ),
    Story(
        86,
        "trail-maps",
        "marmot-dev",
        "Keep contour lines at low zoom",
        "Fixes #1\n\nThe tolerance was meant for roads. Contours get one of their own now.",
        (
            Step(20, "gentian", "ask", "Lovely. Could the tolerance be a setting, with this value as its default?"),
            Step(44, "marmot-dev", "say", "Done, and I added a line to the docs."),
            Step(50, "gentian", "approve", "Thank you for seeing it through to the docs!"),
            Step(50.2, "gentian", "merge"),
        ),
        kind="pull",
        files=(edit("trailmaps/simplify.py", 18, 4), edit("docs/settings.md", 6)),
    ),
    Story(
        84,
        "hut-booking",
        "chough",
        "Cannot log in after the update",
        "After updating to 2.3 the login page comes back again and again. What am I doing wrong?",
        (
            Step(
                30, "larch", "say", "Please have a look at the cookie domain in your settings: 2.3 became strict there."
            ),
            Step(30.1, "larch", "label", "support"),
            Step(52, "chough", "say", "That was it, thank you."),
            Step(53, "larch", "close"),
        ),
        labels=("bug", "needs: triage"),
    ),
    Story(
        80,
        "handbook",
        "arnica-rose",
        "How do I become a hut warden?",
        "The page about roles ends in the middle of a sentence. I would love to know how it goes on.",
        (
            Step(
                70, "gentian", "say", "Oh no! It should say: ask in the monthly call. A small fix, if you feel like it?"
            ),
            Step(70.1, "gentian", "label", "good first issue"),
            Step(90, "arnica-rose", "say", "Happy to."),
        ),
        labels=("documentation",),
    ),
    Story(
        76,
        "handbook",
        "arnica-rose",
        "Finish the sentence about wardens",
        "Closes #1. My first pull request, please be gentle.",
        (
            Step(18, "larch", "approve", "Reads well. Welcome, and thank you!"),
            Step(18.5, "larch", "merge"),
        ),
        kind="pull",
        files=(edit("roles.md", 2, 1),),
    ),
    Story(
        73,
        "hut-booking",
        "marmot-dev",
        "Show how many beds are left",
        "The list of huts says only full or free. A number would spare people a click.",
        (
            Step(
                26, "larch", "say", "I like it. The number is in the answer of the API already, it is just not shown."
            ),
            Step(26.2, "larch", "unlabel", "needs: triage"),
        ),
        labels=("enhancement", "needs: triage"),
    ),
    Story(
        69,
        "trail-maps",
        "snowfinch",
        "Which projection are the tiles in?",
        "I want to draw my own tracks on top and they are off by a few hundred metres.",
        (
            Step(
                9,
                "marmot-dev",
                "say",
                "Web Mercator. Your tracks are likely in the national grid; pyproj converts them.",
            ),
            Step(33, "snowfinch", "answer"),
        ),
        kind="discussion",
        category="q-a",
    ),
    Story(
        66,
        "hut-booking",
        "dependency-goat[bot]",
        "Bump the web framework from 4.1 to 4.2",
        "Release notes and changelog are linked in the commit.",
        (Step(12, "larch", "approve"), Step(12.1, "larch", "merge")),
        kind="pull",
        labels=("dependencies",),
        files=(edit("requirements.txt", 1, 1),),
    ),
    Story(
        62,
        "trail-maps",
        "pine-marten",
        "Legend is unreadable in the dark theme",
        "Black text on dark green. A screenshot would be all black, so I spare you that.",
        (
            Step(40, "gentian", "say", "Ha! You are right. The colours come from `legend.css`."),
            Step(40.2, "gentian", "label", "good first issue"),
            Step(40.3, "gentian", "unlabel", "needs: triage"),
        ),
        labels=("bug", "needs: triage"),
    ),
    Story(
        58,
        "hut-booking",
        "marmot-dev",
        "Show the number of free beds",
        "Closes #2",
        (
            Step(47, "larch", "ask", "One thing: huts without a number should show nothing instead of 0."),
            Step(70, "marmot-dev", "say", "Good catch, pushed."),
            Step(98, "larch", "approve"),
            Step(98.3, "larch", "merge"),
        ),
        kind="pull",
        files=(
            edit("booking/templates/huts.html", 9, 2),
            edit("booking/huts.py", 14, 3),
            edit("tests/test_huts.py", 22),
        ),
    ),
    Story(
        54,
        "handbook",
        "gentian",
        "What should a first contribution feel like?",
        "I am collecting stories. What made it easy for you, what nearly made you give up?",
        (
            Step(28, "arnica-rose", "say", "Somebody answered within a day. That was all it took."),
            Step(75, "marmot-dev", "say", "The second issue was harder to find than the first."),
            Step(80, "larch", "say", "We should do something about the second one, then."),
        ),
        kind="discussion",
        category="ideas",
    ),
    Story(
        51,
        "trail-maps",
        "ibex42",
        "Export to GPX",
        "It would be great to take a route along on a watch.",
        (Step(100, "gentian", "say", "It would! Routes are lists of points already, so this is mostly writing XML."),),
        labels=("enhancement", "needs: discussion"),
    ),
    Story(
        47,
        "hut-booking",
        "snowfinch",
        "Arrival times are off by one hour",
        "Booked for 18:00, the confirmation says 19:00. Only after the clocks changed.",
        (
            Step(3, "larch", "say", "Thank you for the exact times. This is the local time that we store. I am on it."),
            Step(3.1, "larch", "assign", "larch"),
            Step(3.2, "larch", "unlabel", "needs: triage"),
            Step(96, "larch", "close"),
        ),
        labels=("bug", "needs: triage"),
    ),
    Story(
        43,
        "trail-maps",
        "pine-marten",
        "Legible legend in the dark theme",
        "Fixes #4",
        (
            Step(30, "gentian", "approve", "So much better. Thank you!"),
            Step(30.1, "gentian", "merge"),
        ),
        kind="pull",
        files=(edit("trailmaps/static/legend.css", 5, 3),),
    ),
    Story(
        40,
        "handbook",
        "chough",
        "Link to the code of conduct is broken",
        "It leads to a page that is not there any more.",
        (Step(8, "arnica-rose", "say", "I can confirm that, and I will fix it tonight."),),
        labels=("documentation", "needs: triage"),
    ),
    Story(
        39.5,
        "handbook",
        "arnica-rose",
        "Mend the link to the code of conduct",
        "Fixes #4",
        (Step(22, "gentian", "approve"), Step(22.1, "gentian", "merge")),
        kind="pull",
        files=(edit("README.md", 1, 1),),
    ),
    Story(
        36,
        "hut-booking",
        "alpine-newt",
        "Does it run on a small server?",
        "We have three huts and a very old computer. Would 512 MB of memory do?",
        (
            Step(54, "larch", "say", "For three huts, easily. Set the number of workers to one."),
            Step(60, "alpine-newt", "answer"),
        ),
        kind="discussion",
        category="q-a",
    ),
    Story(
        33,
        "trail-maps",
        "marmot-dev",
        "Cache the elevation data",
        "Drawing a region twice reads 300 MB twice. A small cache on disk makes the second time ten times faster.",
        (
            Step(60, "gentian", "ask", "Impressive. What happens when the disk is full?"),
            Step(110, "marmot-dev", "say", "It used to crash, now it draws without the cache. There is a test for it."),
            Step(160, "gentian", "approve"),
            Step(161, "gentian", "merge"),
        ),
        kind="pull",
        files=(edit("trailmaps/elevation.py", 64, 12), edit("tests/test_elevation.py", 41)),
    ),
    Story(
        29,
        "hut-booking",
        "ibex42",
        "Let people choose how to pay",
        "At the moment there is only invoice. Many guests would rather pay at the hut.",
        (Step(75, "larch", "say", "That touches a lot of places. Let us first write down how it should work."),),
        labels=("enhancement", "needs: discussion"),
    ),
    Story(
        24,
        "trail-maps",
        "alpine-newt",
        "Crash with an empty region",
        "Drawing a rectangle in the middle of the lake ends in a ZeroDivisionError.",
        (
            Step(50, "marmot-dev", "say", "I can reproduce it. The shading divides by the difference in height."),
            Step(51, "gentian", "label", "good first issue"),
            Step(51.1, "gentian", "unlabel", "needs: triage"),
            Step(200, "chough", "say", "May I take this one?"),
            Step(215, "gentian", "say", "Please do!"),
            Step(215.1, "gentian", "assign", "chough"),
        ),
        labels=("bug", "needs: triage"),
    ),
    Story(
        22,
        "trail-maps",
        "marmot-dev",
        "Error message names the wrong file",
        "When a tile is missing the message tells the name of the region instead of the tile.",
        (
            Step(15, "gentian", "say", "True! One line in `tiles.py`, and a nice way to get to know the code."),
            Step(15.1, "gentian", "label", "good first issue"),
            Step(15.2, "gentian", "label", "help wanted"),
            Step(15.3, "gentian", "unlabel", "needs: triage"),
        ),
        labels=("bug", "needs: triage"),
    ),
    Story(
        19,
        "handbook",
        "snowfinch",
        "Translate the handbook",
        "I could translate it into French. Where would such a thing live?",
        (Step(90, "gentian", "say", "How kind! A folder per language would do. Shall we talk about it in the call?"),),
        labels=("enhancement", "needs: triage"),
    ),
    Story(
        15,
        "hut-booking",
        "pine-marten",
        "Shorter confirmation mails",
        "The mail has two pages of terms above the dates. I moved the dates to the top.",
        (Step(65, "larch", "ask", "Much friendlier! Could you update the Italian one as well?"),),
        kind="pull",
        files=(edit("booking/mails/confirmation.txt", 12, 9),),
    ),
    Story(
        12,
        "trail-maps",
        "dependency-goat[bot]",
        "Bump the image library from 10.3 to 10.4",
        "Release notes and changelog are linked in the commit.",
        (Step(20, "gentian", "approve"), Step(20.1, "gentian", "merge")),
        kind="pull",
        labels=("dependencies",),
        files=(edit("requirements.txt", 1, 1),),
    ),
    Story(
        9,
        "hut-booking",
        "snowfinch",
        "Bookings for dogs",
        "Some huts take dogs, some do not. It would help to see that before the climb.",
        labels=("enhancement", "needs: triage"),
    ),
    Story(
        6,
        "trail-maps",
        "ibex42",
        "Export routes as GPX",
        "For #5. It writes the points and the heights; names are still missing. Comments welcome.",
        kind="pull",
        files=(edit("trailmaps/gpx.py", 48), edit("tests/test_gpx.py", 30), edit("docs/export.md", 15)),
    ),
    Story(
        4,
        "trail-maps",
        "arnica-rose",
        "Some summits are named twice",
        "Once in each language, on top of each other. See the ridge south of the lake.",
        (Step(10, "marmot-dev", "say", "The data has both. We could write them side by side, with a slash."),),
        labels=("bug", "needs: triage"),
    ),
)
