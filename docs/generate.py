"""Writes what is generated from the code: `python docs/generate.py`, or with `--check` says what is out of date.

`config/schema.json` and `docs/configuration.md` come from `bot/policy.py` and `config/defaults.yml`, `docs/rules.md`
from the table of rules, `docs/commands.md` from the catalog of commands, and the pages and pictures of the skills maps
from `bot/skills.py`, `config/skills.yml` and `config/examples/jupyterhub-skills.yml`.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, get_args

from pydantic import BaseModel
from ruamel.yaml import YAML

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bot import (  # noqa: E402 (the path comes first)
    cohortsfile,
    mentorsfile,
    prose,
    shipped,
    skills,
    skillsfile,
    skillspage,
    skillspicture,
    wording,
)
from bot.commands.catalog import CATALOG, OF_THEIR_OWN, Entry  # noqa: E402 (as above)
from bot.messages import MESSAGES, Given, fields  # noqa: E402 (as above)
from bot.model import ThreadKind  # noqa: E402 (as above)
from bot.pathpolicy import Commands  # noqa: E402 (as above)
from bot.policy import Area, Call, Policy  # noqa: E402 (as above)
from bot.rules import RULES, Rule  # noqa: E402 (as above)
from bot.teampolicy import Account, Meetings, TeamFile  # noqa: E402 (as above)
from bot.triagepolicy import AreaPerson, Break  # noqa: E402 (as above)

_HEAD: Final = "<!-- Made by docs/generate.py: change bot/policy.py and config/defaults.yml, then run `make fix`. -->"

_INTRODUCTION: Final = f"""# Configuration

{_HEAD}

## Where the file is

Switchback reads `.github/switchback.yml`. From the bottom up, these are laid over each other:

1. the defaults, in [`config/defaults.yml`](../config/defaults.yml), which name every setting;
2. the file of whoever runs the service, if there is one: `python -m bot serve --config FILE`;
3. the file in the organisation's repository `.github`, which holds for all of its repositories (below it, for `areas`,
   its [skills map](skills-map.md));
4. the file in a repository, which holds there. With `extends: none` in it the organisation's file does not count.

Mappings merge; lists and single values replace: `people: {{bots: [goat]}}` leaves the rest of `people` as it is,
and makes `goat` the only one of `bots`. `null` takes a link away.

Only the default branch counts, never a fork. A file is taken up within seconds of the push. One with mistakes is
not: the last one that was right stays in force until they are mended, and the commit that broke it says so.

Until somebody switches a feature on (`mode: on`), it is in shadow mode: Switchback decides and records what it would
say, and posts nothing.

## On pull requests and pushes

A check, **Switchback configuration**, stands on the commits that touch the file, from forks too. It shows mistakes on
their lines. Where there are none it is a preview, from memory: how many comments this configuration would have posted
over the last 30 days, how many today's, and which. It also tells of labels, people and teams that nobody here has; then
the file is in force all the same, and of files in other repositories that could not be used over a changed file of the
organisation. What is in private repositories is told in themselves alone. `configuration.check_runs` switches it off.

## What is wrong is told

`python -m bot check FILE` says of every mistake where it is, what is wrong, and how it would be right. It needs no
network and no settings. With `--under ORG_FILE` the file is laid over another one, and with `--repo OWNER/REPO` labels,
people and teams are told that memory does not know there.

Files are UTF-8 and YAML 1.2, of at most 256 KiB, and say what they mean: no anchors, aliases, merge keys and tags.
Durations say their unit: `90 minutes`, `14 days`, `2 weeks`. For completion in an editor, put this at the top of
your file, with the address of the service, which has [`config/schema.json`](../config/schema.json):

```yaml
# yaml-language-server: $schema=https://YOUR-SERVER/schema.json
```
"""

_MESSAGES: Final = """## Your own words

Messages are the Markdown files in `config/messages/`, one directory for each language. Under `messages` stands what
you would like to say instead, by the name of the message:

```yaml
messages:
  welcome-issue: |
    Welcome to {{ repository }}, {{ author }}!
    {% if links.chat %}We meet at {{ links.chat }}.{% endif %}
```

That a bot wrote it, why, and how to stop it is said below your text by itself. The text is a Jinja template of
values, `{% if %}` and `{# notes #}`; loops, macros, calls and calculations are not taken. A value that may be none
wants to be asked for with `{% if %}` first. The filters are FILTERS. A message mentions nobody but its author,
holds no HTML comment and no line that begins with a command, and has at most 4,000 characters; of HTML it may have
TAGS. If a text cannot be written after all, the shipped one is said.

These are the values:
"""

_SKILLS: Final = """# The skills map

<!-- Made by docs/generate.py: change config/skills.yml or bot/skills.py, then run `make fix`. -->

A path is a smooth ramp with plateaus on which one may stay, not a wall. The skills map names the roles and areas of an
organisation, and in each area four plateaus: what one does there, what one learns, and where to read on. It knows
nothing of people: nobody is ranked, and whoever comments `/path` is told about their own way alone.

- Below is [the map that fits any organisation](#skills-map), and [JupyterHub's](#jupyterhub-skills-map).
- [Your own map](#your-own-map) is a file `skills.yml` beside your organisation's `switchback.yml`. Its areas are those
  by which Switchback tells apart what happens in your repositories.
"""
_OWN_MAP: Final = """## Your own map

The file is `.github/skills.yml` in the organisation's repository `.github`, beside its `switchback.yml`: an
organisation has one map. Whoever runs the service may put a `skills.yml` beside the file of `--config`, for
organisations without one. It is laid over [`config/skills.yml`](../config/skills.yml): mappings merge, lists and single
values replace, so what the plateaus mean need not be said again.
[`config/examples/jupyterhub-skills.yml`](../config/examples/jupyterhub-skills.yml) is one.

- It is taken up within seconds of the push to the default branch. One with mistakes is not: the last one that was right
  stays. A check, **Switchback skills map**, shows mistakes on their lines, on pull requests too.
- `python -m bot check skills.yml` says the same in a terminal, with line and column.
- `python -m bot skills skills.yml --markdown` prints it as a page, `--svg` as a picture, both to be put where people
  look.
- The areas of the map stand for the setting `areas`. Where your `switchback.yml` has `areas` of its own, those count.
- Somebody has reached a plateau when they have done any one of the things that `reached` names as often as it says.
"""

Json = dict[str, Any]


def schema() -> str:
    """JSON Schema for an organisation's own file: everything may be left out but what a call needs to be one."""
    made = Policy.model_json_schema()
    defaults = _defaults()
    for part, values in _parts(made, defaults):
        part.pop("required", None)
        part.pop("title", None)
        for name, setting in part["properties"].items():
            setting.pop("title", None)
            if name in values and not isinstance(values[name], Mapping):
                setting["default"] = values[name]
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Switchback", **made}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def _parts(made: Json, defaults: Mapping[str, Any]) -> Iterator[tuple[Json, Mapping[str, Any]]]:
    """The whole and each of its sections, with their defaults."""
    yield made, defaults
    for name, setting in made["properties"].items():
        if "$ref" in setting:
            yield made["$defs"][setting["$ref"].rsplit("/", 1)[-1]], defaults[name]


def _defaults() -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = YAML(typ="safe", pure=True).load(shipped.DEFAULTS)
    return loaded


def configuration() -> str:
    """docs/configuration.md: every setting with its default and what it does."""
    defaults = _defaults()
    lines = [
        _INTRODUCTION,
        "## Top level",
        "",
        *_table(Policy, defaults, ""),
    ]
    for name, field in Policy.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            lines += ["", f"## `{name}`", "", _prose(kind.__doc__), "", *_table(kind, defaults[name], f"{name}.")]
            for within, field_within in kind.model_fields.items():
                inner = field_within.annotation
                if isinstance(inner, type) and issubclass(inner, BaseModel):
                    shown = _table(inner, defaults[name][within], f"{name}.{within}.")
                    lines += ["", f"## `{name}.{within}`", "", _prose(inner.__doc__), "", *shown]
    each: dict[str, type[BaseModel]] = {
        "calls": Call, "areas": Area, "triage.people": AreaPerson, "working_time.breaks": Break,
        "team.files": TeamFile, "team.meetings": Meetings, "farewell.accounts": Account,
    }  # fmt: skip
    for name, part in each.items():
        lines += ["", f"## Each of `{name}`", "", _prose(part.__doc__), "", *_table(part, {}, "")]
    return "\n".join([*lines, "", *_own_words()]) + "\n"


def _own_words() -> list[str]:
    """How an organisation writes messages of its own, and what each message is given."""
    told = _MESSAGES.replace("FILTERS", _listed(wording.FILTERS)).replace("TAGS", _listed(prose.TAGS))
    all_values = {
        (name, given.about, *fields(given)): given for values in MESSAGES.values() for name, given in values.items()
    }
    rows = ["| value | what it is | in |", "|---|---|---|"]
    for (name, *_), given in all_values.items():
        within = [m for m, values in MESSAGES.items() if name in values and _is_same(values[name], given)]
        others = [m for m in MESSAGES if m not in within]
        where = "all" if not others else f"all but {_listed(others)}" if len(others) < 3 else _listed(within)
        parts = fields(given)
        names = _listed([f"{name}.{part}" for part in parts] if parts else [name])
        rows.append(f"| {names} | {given.about} | {where} |")
    return [told, *rows, "", f"The messages: {_listed(MESSAGES)}."]


def _is_same(one: Given, other: Given) -> bool:
    return (one.about, fields(one)) == (other.about, fields(other))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(part: type[BaseModel], defaults: Mapping[str, Any], prefix: str) -> list[str]:
    rows = ["| setting | default | what it does |", "|---|---|---|"]
    for name, field in part.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            continue
        default = _yaml(defaults[name]) if name in defaults else "required" if field.is_required() else "none"
        choices = f" One of: {', '.join(f'`{one}`' for one in get_args(kind))}." if _is_choice(kind) else ""
        rows.append(f"| `{prefix}{name}` | {default} | {_prose(field.description)}{choices} |")
    return rows


def _is_choice(kind: object) -> bool:
    return bool(get_args(kind)) and all(isinstance(one, str) for one in get_args(kind))


def _yaml(value: object) -> str:
    match value:
        case None:
            return "none"
        case True | False:
            return f"`{str(value).lower()}`"
        case list():
            return ", ".join(f"`{one['name'] if isinstance(one, dict) else one}`" for one in value) or "none"
        case _:
            return f"`{value}`"


def _prose(text: str | None) -> str:
    return " ".join((text or "").split())


def _source(rule: Rule) -> str:
    """Where a rule is, seen from docs/."""
    path = Path(rule.decide.__code__.co_filename)
    return f"../{path.relative_to(Path(__file__).resolve().parent.parent)}"


def rules() -> str:
    """docs/rules.md: the rules in their order."""
    lines = [
        "# Rules",
        "",
        "<!-- Made by docs/generate.py from bot/rules/__init__.py. -->",
        "",
        "A rule looks at what is known of a thread and says what should be said there. They are asked in this order:",
        "",
        "| rule | what it does |",
        "|---|---|",
        *(f"| [`{rule.name}`]({_source(rule)}) | {rule.about} |" for rule in RULES),
        "",
        "`python -m bot explain OWNER/REPO#N` tells what they say of a thread, and why.",
    ]
    return "\n".join(lines) + "\n"


def skills_picture() -> str:
    return skillspicture.svg(skillsfile.default())


def jupyterhub_picture() -> str:
    return skillspicture.svg(_jupyterhub())


def skills_schema() -> str:
    """JSON Schema for a skills map: what the shipped one has may be left out."""
    made = skills.SkillsMap.model_json_schema()
    for part in (made, *(made["$defs"][name] for name in ("Plateaus", "Foot", "Height"))):
        part.pop("required")
    return _schema(made, "Switchback skills map")


def mentors_schema() -> str:
    return _schema(mentorsfile.MentorsFile.model_json_schema(), "Switchback mentors")


def cohorts_schema() -> str:
    return _schema(cohortsfile.CohortsFile.model_json_schema(), "Switchback cohorts")


def _schema(made: dict[str, Any], title: str) -> str:
    for part in (made, *made["$defs"].values()):
        part.pop("title", None)
        for setting in part.get("properties", {}).values():
            setting.pop("title", None)
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **made}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def skills_map() -> str:
    """docs/skills-map.md: the shipped map, JupyterHub's, and every setting of one."""
    pages = [
        skillspage.markdown(skillsfile.default(), picture="images/skills-map.svg", level=2),
        skillspage.markdown(_jupyterhub(), picture="images/skills-map-jupyterhub.svg", level=2),
    ]
    defaults: Mapping[str, Any] = YAML(typ="safe", pure=True).load(shipped.SKILLS)
    lines = [_OWN_MAP, "### Top level", "", *_table(skills.SkillsMap, defaults, "")]
    parts: dict[str, type[BaseModel]] = {
        "Each of `roles`": skills.Role,
        "Each of `areas`": skills.Area,
        "`novice`, `intermediate`, `expert` and `mastery` of an area": skills.Stage,
        "`plateaus.novice`": skills.Foot,
        "`plateaus.intermediate`, `plateaus.expert` and `plateaus.mastery`": skills.Height,
        "`reached` of a plateau, for all areas or in one": skills.Reached,
    }
    for name, part in parts.items():
        shown = {"about": "as shipped"} if part in {skills.Foot, skills.Height} else {}
        lines += ["", f"### {name}", "", _prose(part.__doc__), "", *_table(part, shown, "")]
    return "\n".join([_SKILLS, *pages, *lines]) + "\n"


def _jupyterhub() -> skills.SkillsMap:
    return skillsfile.load(shipped.EXAMPLES / "jupyterhub-skills.yml")


_COMMANDS: Final = """# Commands

<!-- Made by docs/generate.py from bot/commands/catalog.py and the section `commands` of bot/policy.py. -->

Whoever wants something of Switchback writes it into a comment, or into the text of an issue, pull request, discussion
or review:

```markdown
Thank you, I would like to try this.

/help
```

`@switchback help` does the same, with whatever your app is called; `@switchback[bot] help`, `@switchback: /help` and
capitals are fine too.

Other bots know `/help` and `/claim` as well. So **without the name in front** a command is heard only where something
speaks whose comments name commands, that is, anything but the welcome; before that, as in shadow mode, `/help` is left
to others. The setting `commands.without_name` says `on` or `off` instead. A command that is switched off is left to
others too. With the name in front it is always answered; `/no-bot`, `/forget-me` and `/switchback` are always heard.

## How they are read

- A command is a **whole line** of its own in a paragraph of the text, with what belongs to it behind it. Prose never
  does anything: not "yes", not "assign", not "you could write /help".
- What stands in **quotes, code, lists, tables, headings, HTML, HTML comments and answered e-mails** is not read. So a
  command that a bot explains, or that somebody quotes, asks for nothing.
- A text asks **once** for each command. An edit that adds one, or the name in front, asks then; changing it later does
  not ask again, and what somebody else put into a text of yours is not your wish.
- **Bots** are not heard. Nor is a command that comes to our ears more than a week after it was written.
- `/something` that is no command of Switchback is left to other bots. `@switchback something` is answered, with what
  may have been meant.

## How they are answered

👀 says that it was seen, then 👍 that it is done; some bring a reply. 😕 says that it could not be, and a short reply
says why, and what would work; who may not use a command is told so once in a thread. Replies mention nobody. They come
in a pause and in snoozed threads too, since you have asked. `/no-bot`, `/forget-me` and `/switchback`
are answered with one reaction, without 👀.

## Who may use them

That is a setting: `commands.NAME`, with `everybody`, `involved` (the thread's author, who is assigned or has claimed
it, and maintainers), `members` of the organisation, `maintainers` or `nobody`. Whoever may not is told whom to ask.
`/help` lists what you can use where you write it.
"""

_MORE: Final = """## More about some of them

**`/why`** tells the rule that wrote the last comment in the thread, its reason, and the line of the configuration that
let it: in the organisation's file, in the repository's own, or in the one of whoever runs the service.

**`/undo`** takes back the last thing that Switchback did in the thread: a comment goes, labels and assignments are as
before, a claim ends, a snooze and a `/waiting-on` too. Answers to commands go only where there is nothing else.
Maintainers can take back everything, others what was done for them. What a human has changed since stays as they left
it. A comment that maintainers take back, though it was for somebody else, counts as not wanted, like one that they
delete (`limits.mute_after`).

**`/snooze`** takes `2 weeks`, `3 days`, `12 hours` or `until 2026-12-24` (UTC), 26 weeks at most, and `off`. What
would have been said waits until then, and is said only if it still fits.

**`/pointers`** reads the lines below it, or the list: `outcome: …`, `where: …`, `try: …`, `ask: @login`. Only the names
of those that are there are kept, and whom to ask.

**`/waiting-on`** puts right whom a thread waits for, until something new happens there:
[triage.md](triage.md#putting-it-right) says how long each holds. Only a pull request can wait for a `review`.

**`/budget`**, **`/away`** and **`/quiet-hours`** are private: the answer is a 👍, and what you wrote is repeated
nowhere. More about them: [Attention](triage.md#attention).
"""

_PLACES: Final = {
    ThreadKind.ISSUE: "issues",
    ThreadKind.PULL_REQUEST: "pull requests",
    ThreadKind.DISCUSSION: "discussions",
}
_FOR: Final = {"switchback": "`maintainers`"}  # of those that have no setting


def commands() -> str:
    """docs/commands.md: every command, who may use it, and what it does."""
    rows = ["| command | what it does | where | who, unless configured |", "|---|---|---|---|"]
    rows += [_command(entry) for entry in CATALOG.values()]
    return "\n".join([_COMMANDS, *rows, "", _MORE])


def _command(entry: Entry) -> str:
    where = (
        "everywhere"
        if entry.places == {*ThreadKind}
        else ", ".join(name for kind, name in _PLACES.items() if kind in entry.places)
    )
    if entry.name in OF_THEIR_OWN:
        who = _FOR.get(entry.name, "everybody, always")
    else:
        who = f"`{_defaults()['commands'][entry.setting]}` (`commands.{entry.setting}`)"
        assert entry.setting in Commands.model_fields
    unless = f" Not where `{entry.feature}.mode` is `off`." if entry.feature else ""
    return f"| {'<br>'.join(f'`{example}`' for example in entry.examples)} | {entry.about}{unless} | {where} | {who} |"


MADE: Final = {
    "config/schema.json": schema,
    "docs/commands.md": commands,
    "docs/configuration.md": configuration,
    "docs/rules.md": rules,
    "config/skills.schema.json": skills_schema,
    "config/mentors.schema.json": mentors_schema,
    "config/cohorts.schema.json": cohorts_schema,
    "docs/skills-map.md": skills_map,
    "docs/images/skills-map.svg": skills_picture,
    "docs/images/skills-map-jupyterhub.svg": jupyterhub_picture,
}


def main() -> int:
    check = "--check" in sys.argv[1:]
    stale = []
    for name, make in MADE.items():
        path, text = ROOT / name, make()
        if not path.exists() or path.read_text("utf-8") != text:
            stale.append(name)
            if not check:
                path.write_text(text, "utf-8")
    if check and stale:
        print(f"out of date, run `make fix`: {', '.join(stale)}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
