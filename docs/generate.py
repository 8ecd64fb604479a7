"""Writes what is generated from the code: `python docs/generate.py`, or with `--check` says what is out of date.

`config/schema.json` and `docs/configuration.md` come from `bot/policy.py` and `config/defaults.yml`, `docs/rules.md`
from the table of rules.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, get_args

from pydantic import BaseModel
from ruamel.yaml import YAML

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bot import shipped  # noqa: E402 (the path comes first)
from bot.policy import Area, Call, Policy  # noqa: E402 (as above)
from bot.rules import RULES  # noqa: E402 (as above)

_HEAD: Final = "<!-- Made by docs/generate.py: change bot/policy.py and config/defaults.yml, then run `make fix`. -->"

_INTRODUCTION: Final = f"""# Configuration

{_HEAD}

Every setting has a default, in [`config/defaults.yml`](../config/defaults.yml). Your own file is laid over it: mappings
merge, lists and single values replace. Start the service with `python -m bot serve --config FILE`.

A mistake stops the start and is told with its line and column. Durations say their unit: `90 minutes`, `14 days`,
`2 weeks`. For completion in an editor, put this at the top of your file:

```yaml
# yaml-language-server: $schema=path/to/config/schema.json
```

Messages are the Markdown files in `config/messages/`, one directory for each language.
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
    each: dict[str, type[BaseModel]] = {"calls": Call, "areas": Area}
    for name, part in each.items():
        lines += ["", f"## Each of `{name}`", "", _prose(part.__doc__), "", *_table(part, {}, "")]
    return "\n".join(lines) + "\n"


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
        *(f"| [`{rule.name}`](../bot/rules/{rule.name}.py) | {rule.about} |" for rule in RULES),
        "",
        "`python -m bot explain OWNER/REPO#N` tells what they say of a thread, and why.",
    ]
    return "\n".join(lines) + "\n"


MADE: Final = {
    "config/schema.json": schema,
    "docs/configuration.md": configuration,
    "docs/rules.md": rules,
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
