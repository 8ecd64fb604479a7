"""A preview for people on GitHub: Markdown for the summary of a check run, or for an issue. The words are in
`config/messages/<language>/documents/preview.md`."""

from collections.abc import Sequence
from typing import Final

from bot import words
from bot.preview import Difference, Post, Preview
from bot.words import Shown

MOST: Final = 60_000  # characters; a check run's summary holds 65,535
_LINES: Final = (100, 50, 25, 10, 0)  # the first that fits


def summary(told: Preview | Difference, language: str, *, linked: bool = True) -> str:
    """What a configuration would have posted, or the difference that a change makes. Raises WordsError.

    `linked`: the threads are links. In an issue they should not be: GitHub would tell of it in each of them.
    """
    return next(
        text
        for most in _LINES
        if len(text := words.document("preview", language, _values(told, most, linked=linked))) < MOST or not most
    )


def _values(told: Preview | Difference, most: int, *, linked: bool) -> dict[str, Shown]:
    after = told.after if isinstance(told, Difference) else told
    changed = isinstance(told, Difference)
    lines = _lines(told)
    return {
        "days": max(1, round((after.until - after.since).total_seconds() / 86_400)),
        "total": len(after.aloud),
        "before": len(told.before.aloud) if isinstance(told, Difference) else None,
        "new": len(told.new) if isinstance(told, Difference) else 0,
        "gone": len(told.gone) if isinstance(told, Difference) else 0,
        "counts": [{"template": template, "number": number} for template, number in sorted(after.counts().items())],
        "recorded": len(after.recorded),
        "past_is_read": after.past_is_read,
        "lines": [_line(mark if changed else "", post) for mark, post in lines[:most]],
        "more": max(0, len(lines) - most),
        "linked": linked,
    }


def _lines(told: Preview | Difference) -> Sequence[tuple[str, Post]]:
    """What changes comes first, each in the order of time."""
    if isinstance(told, Preview):
        return [("", post) for post in told.aloud]
    changes = [("new", post) for post in told.new] + [("gone", post) for post in told.gone]
    return sorted(changes, key=lambda one: one[1].at) + [("", post) for post in told.kept]


def _line(mark: str, post: Post) -> dict[str, Shown]:
    return {
        "mark": mark,
        "thread": post.thread,
        "url": post.url,
        "date": f"{post.at:%Y-%m-%d}",
        "template": post.template,
        "login": post.login,
        "why": post.why,
    }
