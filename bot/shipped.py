"""The files that travel with the program: `config/` in a checkout, `bot/_config` in an installed wheel."""

from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent
CONFIG: Final = _HERE / "_config" if (_HERE / "_config").is_dir() else _HERE.parent / "config"
DEFAULTS: Final = CONFIG / "defaults.yml"
SKILLS: Final = CONFIG / "skills.yml"
COHORTS: Final = CONFIG / "cohorts.yml"
MENTORS: Final = CONFIG / "mentors.yml"
PLAY: Final = CONFIG / "play.yml"
MESSAGES: Final = CONFIG / "messages"
SCHEMA: Final = CONFIG / "schema.json"
SKILLS_SCHEMA: Final = CONFIG / "skills.schema.json"
MENTORS_SCHEMA: Final = CONFIG / "mentors.schema.json"
COHORTS_SCHEMA: Final = CONFIG / "cohorts.schema.json"
MANIFEST: Final = CONFIG / "app-manifest.json"
EXAMPLES: Final = CONFIG / "examples"
AREAS: Final = CONFIG / "areas.yml"
LEVELS: Final = CONFIG / "levels.json"
