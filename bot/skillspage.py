"""Tells a skills map as a page of Markdown: the roles, what the plateaus mean, and each area with its four."""

from collections.abc import Iterator
from typing import Final

from bot.skills import Area, Plateau, Reached, SkillsMap
from bot.wording import SPECIAL

_KINDS: Final = {
    "merged": "{} merged pull requests of one's own",
    "reviews": "{} reviews",
    "comments": "{} comments",
    "issues": "{} issues or discussions",
    "triage": "{} issues or pull requests of others sorted",
}


def markdown(skills: SkillsMap, *, picture: str = "", level: int = 1) -> str:
    """The page of a map. `picture`: where its picture is, if it has one; `level`: of its heading."""
    title, below = "#" * level, "#" * (level + 1)
    lines = [f"{title} {_plain(skills.name)}", "", f"{_plain(skills.about)}.", ""]
    if picture:
        lines += [f"![{_plain(skills.name)}: a mountain with four plateaus, and a trail for each area]({picture})", ""]
    lines += [f"{below} Roles", ""]
    for role in skills.roles:
        within = ", ".join(_plain(area.name) for area in skills.areas if area.role == role.name)
        lines.append(f"- **{_plain(role.name)}**: {_plain(role.about)}.{f' Areas: {within}.' if within else ''}")
    lines += [
        "",
        f"{below} Plateaus",
        "",
        "| plateau | what it is like | reached with any one of these |",
        "|---|---|---|",
    ]
    for plateau, enough in [(Plateau.NOVICE, "anything done in the area"), *_enough(skills)]:
        lines.append(f"| **{plateau}** | {_plain(skills.about_plateau(plateau))} | {enough} |")
    for area in skills.areas:
        lines += ["", f"{below} {_plain(area.name).capitalize()}", "", *_area(skills, area)]
    return "\n".join(lines) + "\n"


def _enough(skills: SkillsMap) -> Iterator[tuple[Plateau, str]]:
    meant = skills.plateaus
    for plateau, height in (
        (Plateau.INTERMEDIATE, meant.intermediate), (Plateau.EXPERT, meant.expert), (Plateau.MASTERY, meant.mastery),
    ):  # fmt: skip
        yield plateau, _times(height.reached)


def _area(skills: SkillsMap, area: Area) -> Iterator[str]:
    told = [
        *_listed("labels", area.labels),
        *_listed("files", area.paths),
        *_listed("repositories", area.repos),
    ]
    belongs = f" What belongs to it: {'; '.join(told)}." if told else ""
    yield f"Role: {_plain(area.role)}.{belongs}"
    yield from ("", "| plateau | what you do | what you learn | read on |", "|---|---|---|---|")
    for plateau in Plateau:
        stage = area.stage(plateau)
        links = ", ".join(f"[{_plain(name)}]({url})" for name, url in stage.links.items())
        yield f"| **{plateau}** | {_plain(stage.do)} | {_plain(stage.learn)} | {links} |"
    own = [(plateau, reached) for plateau, reached in skills.reached(area) if getattr(area.reached, plateau.value)]
    if own:
        yield ""
        told = [f"*{plateau}* with any of {_times(reached)}" for plateau, reached in own]
        yield f"Here one has reached {'; '.join(told)}."


def _listed(what: str, names: tuple[str, ...]) -> Iterator[str]:
    if names:
        yield f"{what} {', '.join(map(_code, names))}"


def _times(reached: Reached) -> str:
    return ", ".join(_KINDS[kind].format(times) for kind, times in reached if times is not None) or "nothing told"


def _code(name: str) -> str:
    return "`" + " ".join(name.replace("`", "'").split()) + "`"


def _plain(text: str) -> str:
    """A text as it is, whatever Markdown takes for its own."""
    return SPECIAL.sub(r"\\\1", text)
