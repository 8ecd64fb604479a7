"""What `python -m bot preview` prints, for people or programs."""

from collections.abc import Iterator, Sequence
from typing import Final

from bot.preview import Difference, Post, Preview, difference

_MARKS: Final = {"new": "+ ", "gone": "- ", "kept": "  "}

Json = dict[str, object]


def text(told: Sequence[tuple[Preview, Preview | None]], file: str, *, all_on: bool) -> Iterator[str]:
    """Lines for people: of each organisation what would have been posted, today and with the candidate, which is called
    `file`."""
    for number, (today, candidate) in enumerate(told):
        if number:
            yield ""
        yield from _about(today, candidate, file)
    shown = [candidate or today for today, candidate in told]
    if all_on or any(one.aloud for one in shown):
        yield ""
        yield (
            "Not counted: answers to commands, offers, next steps, the list of the ramp, triage reminders, mentoring, "
            "cohorts, check-ins, hand-overs, thanks, the digests."
        )
    if not all_on and not any(one.aloud for one in shown) and any(one.recorded for one in shown):
        yield ""
        yield "Nothing is switched on yet, so all of it is only recorded. --all-on tells what would be posted."


def _about(today: Preview, candidate: Preview | None, file: str) -> Iterator[str]:
    yield f"{today.owner}, {today.since:%Y-%m-%d} to {today.until:%Y-%m-%d}"
    if not today.past_is_read:
        yield "  what was before is not read to its end yet: some may not be new, and the numbers too high or too low"
    yield f"  {'today' if candidate else 'in force'}: {_counted(today)}"
    if candidate is None:
        yield from (_line("kept", post) for post in today.aloud)
        return
    change = difference(today, candidate)
    yield f"  with {file}: {_counted(candidate)}"
    yield f"  difference: {len(change.new)} new, {len(change.gone)} go away"
    yield from (_line(mark, post) for mark, post in _marked(change))


def as_json(today: Preview, candidate: Preview | None) -> Json:
    about: Json = {
        "owner": today.owner,
        "since": today.since.isoformat(),
        "until": today.until.isoformat(),
        "past_is_read": today.past_is_read,
        "today": _told(today),
        "candidate": _told(candidate) if candidate else None,
    }
    if candidate is not None:
        change = difference(today, candidate)
        about["new"], about["gone"] = [*map(_post, change.new)], [*map(_post, change.gone)]
    return about


def _counted(shown: Preview) -> str:
    counts = ", ".join(f"{template} {number}" for template, number in sorted(shown.counts().items()))
    said = f"{len(shown.aloud)} comment{'' if len(shown.aloud) == 1 else 's'}" + (f" ({counts})" if counts else "")
    if not shown.recorded:
        return said
    return f"{said}; {len(shown.recorded)} more would have been recorded in shadow mode"


def _marked(change: Difference) -> list[tuple[str, Post]]:
    """In the order of time."""
    kinds = {"new": change.new, "gone": change.gone, "kept": change.kept}
    return sorted(((mark, post) for mark, posts in kinds.items() for post in posts), key=lambda one: one[1].at)


def _line(mark: str, post: Post) -> str:
    return f"{_MARKS[mark]}{post.at:%Y-%m-%d %H:%M:%S}  {post.thread}  {post.template} to {post.login}: {post.why}"


def _told(shown: Preview) -> Json:
    return {
        "comments": len(shown.aloud),
        "by_feature": dict(shown.by_feature()),
        "by_template": dict(shown.counts()),
        "recorded": len(shown.recorded),
        "posts": [*map(_post, shown.posts)],
    }


def _post(post: Post) -> Json:
    return {
        "at": post.at.isoformat(),
        "repo": post.repo,
        "number": post.number,
        "feature": post.feature,
        "template": post.template,
        "to": post.login,
        "why": post.why,
        "url": post.url,
        "aloud": post.aloud,
        "key": post.key,
    }
