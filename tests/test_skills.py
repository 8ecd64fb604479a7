"""The skills map: the shipped maps are right, and of every mistake in one it is told where it stands."""

import re
import subprocess
import sys
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

import jsonschema_rs
import pytest
from pydantic import BaseModel
from ruamel.yaml import YAML

from bot import plain, shipped, skillsfile, skillspage, skillspicture
from bot.policy import Area as PolicyArea
from bot.problems import ConfigError
from bot.skills import MOST_AREAS, Plateau, SkillsMap
from tests.rules.scenes import DEFAULTS
from tests.test_cli import run, told

JUPYTERHUB: Final = shipped.EXAMPLES / "jupyterhub-skills.yml"
FILES: Final = [shipped.SKILLS, JUPYTERHUB]
EACH: Final = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
PAGE: Final = (Path(__file__).parent.parent / "docs" / "skills-map.md").read_text("utf-8")


@EACH
def test_a_shipped_map_can_be_used(file: Path) -> None:
    skills = skillsfile.load(file)
    assert {area.role for area in skills.areas} == {role.name for role in skills.roles}
    for area in skills.areas:
        assert area.labels or area.paths or area.repos
        assert all(area.stage(plateau).links for plateau in Plateau)
    steps = [area.stage(plateau).do for area in skills.areas for plateau in Plateau]
    assert len(set(steps)) == len(steps)


@EACH
def test_check_finds_nothing_wrong_with_a_shipped_map(file: Path) -> None:
    assert (run("check", file).exit_code, run("check", file).stdout) == (0, f"{file}: all is right\n")


@EACH
def test_the_schema_takes_a_shipped_map(file: Path) -> None:
    schema = YAML(typ="safe", pure=True).load(shipped.SKILLS_SCHEMA)
    settings = YAML(typ="safe", pure=True).load(file)
    validator = jsonschema_rs.validator_for(schema)
    validator.validate(settings)
    assert not validator.is_valid({"areas": [{"name": "docs"}]})


def test_that_of_jupyterhub_has_its_skill_areas() -> None:
    skills = skillsfile.load(JUPYTERHUB)
    assert {"hub", "server", "user interface", "deployment", "community"} <= {area.name for area in skills.areas}
    policy = skills.over(DEFAULTS)
    for labels, paths, repo, areas in [
        ({"support"}, None, "jupyterhub", {"community"}),
        (set(), ["jupyterhub/auth.py"], "jupyterhub", {"hub"}),
        (set(), ["oauthenticator/google.py"], "OAuthenticator", {"hub", "oauthenticator"}),
        (set(), None, "zero-to-jupyterhub-k8s", {"deployment"}),
        ({"ci"}, ["docs/source/index.md"], "kubespawner", {"automation", "documentation", "hub"}),
    ]:
        assert policy.areas_of(frozenset(labels), paths, repo) == areas


def test_the_areas_are_the_policys() -> None:
    skills = skillsfile.default()
    first = skills.policy_areas()[0]
    assert type(first) is PolicyArea
    assert first.model_dump() == skills.areas[0].model_dump(include=set(PolicyArea.model_fields))
    assert skills.over(DEFAULTS).model_copy(update={"areas": DEFAULTS.areas}) == DEFAULTS
    assert not first.has("trail-maps")
    assert fnmatchcase("docs/a.md", first.paths[0])


@pytest.mark.parametrize(
    ("called", "name"),
    [
        ("documentation", "documentation"), ("Docs", "documentation"), ("  REST   api ", "hub"), ("k8s", "deployment"),
        ("ui", "user interface"), ("cooking", None), ("", None),
    ],
)  # fmt: skip
def test_an_area_is_found_by_its_name_and_by_the_words_for_it(called: str, name: str | None) -> None:
    found = skillsfile.load(JUPYTERHUB).area(called)
    assert (found and found.name) == name


def test_a_map_is_laid_over_the_shipped_one() -> None:
    skills = skillsfile.parse("skills.yml", b"name: Ours\nplateaus: {expert: {reached: {merged: 9}}}\n")
    assert skills.name == "Ours"
    assert skills.areas == skillsfile.default().areas
    assert skills.plateaus.expert.reached.model_dump() == {
        "merged": 9, "reviews": 15, "comments": 60, "issues": None, "triage": 50,
    }  # fmt: skip
    assert skillsfile.parse("skills.yml", b"") == skillsfile.default()


AREA: Final = """\
  - name: docs
    role: writing
    novice: {do: Read, learn: to read}
    intermediate: {do: Write, learn: to write}
    expert: {do: Order, learn: to order}
    mastery: {do: Review, learn: to review}
"""
OURS: Final = f"roles:\n  - {{name: writing, about: Write}}\nareas:\n{AREA}"


def test_the_smallest_map_of_ones_own() -> None:
    skills = skillsfile.parse("skills.yml", OURS.encode())
    assert [area.name for area in skills.areas] == ["docs"]
    assert skills.areas[0].stage(Plateau.EXPERT).do == "Order"
    assert skillspicture.svg(skills).count("<circle") == 6
    assert "Role: writing.\n" in skillspage.markdown(skills)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("nam: x\n", ":1:1: there is no setting nam; did you mean name? (for example: name: Skills map)"),
        ("name: 3\n", ":1:1: name: must be text (for example: name: Skills map)"),
        ("about: |\n  a\n  b\n", ":1:1: about: write one line without brackets, @ and `"),
        ("about: ask @ada\n", ":1:1: about: write one line without brackets, @ and `"),
        (f"about: {'a' * 141}\n", ":1:1: about: has more than 140 characters"),
        ("url: example.org\n", ":1:1: url: a link starts with https:// and has no blanks or brackets in it"),
        ("plateaus:\n  novice: {reached: {merged: 1}}\n", ":2:12: there is no setting plateaus.novice.reached"),
        ("plateaus:\n  expert:\n    reached: {merged: 0}\n",
         ":3:15: plateaus.expert.reached.merged: must be at least 1"),
        ("plateaus:\n  expert:\n    reached: {merged: 3}\n",
         ":2:3: expert needs more merged than intermediate: 3 is not more than 3"),
        ("plateaus:\n  mastery: {reached: {reviews: 2}}\n", ":2:3: mastery needs more reviews than expert"),
        ("roles: []\n", ":1:1: a map has at least one role"),
        ("areas: {}\n", ":1:1: areas: must be a list"),
        (f"areas:\n{AREA * (MOST_AREAS + 1)}", f":1:1: areas: has more than {MOST_AREAS} entries"),
        (f"areas:\n{AREA}", ":3:5: there is no role writing; there are: code, deployment, design"),
        (f"{OURS}{AREA.replace('docs', 'Docs')}", ":10:5: two areas cannot have the same name, Docs"),
        (OURS.replace("areas:", "  - {name: Writing, about: x}\nareas:"), ":3:5: two roles cannot have the same name"),
        (f"{OURS}    reached: {{intermediate: {{triage: 99}}}}\n",
         ":10:5: docs: expert needs more triage than intermediate: 50 is not more than 99"),
        (f"{OURS}    reached: {{novice: {{}}}}\n", ":10:15: there is no setting areas.0.reached.novice"),
        (OURS.replace("{do: Order, ", "{"), ":8:5: areas.0.expert.do is missing"),
        (f"{OURS}    repos: [alpine-tools/maps]\n",
         ":10:13: areas.0.repos.0: a repository is named without its owner; * matches any text"),
        (OURS.replace("to read}", "to read, links: {Guide: ftp://x}}"),
         ":6:48: areas.0.novice.links.Guide: a link starts with https://"),
        ("a: &b 1\n", ":1:4: anchors (&b) are not taken"),
        ("1: 2\n", ":1:1: 1 is no name of a setting"),
        ("- a\n", ":1:1: must hold settings"),
        ("name: [\n", ":2:1: is not valid YAML"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_column(text: str, problem: str) -> None:
    with pytest.raises(ConfigError) as raised:
        skillsfile.parse("skills.yml", text.encode())
    assert str(raised.value).splitlines()[0].startswith(f"skills.yml{problem}")


def test_examples_of_right_are_of_a_skills_map() -> None:
    for text in ("- a\n", "a: !!int 3\n"):
        with pytest.raises(ConfigError) as raised:
            skillsfile.parse("skills.yml", text.encode())
        assert {one.example for one in raised.value.problems} == {""}
    for path in (("areas", 0, "novice", "do"), ("plateaus", "expert", "reached"), ("roles",)):
        assert skillsfile.BOOK.example(path)
    assert skillsfile.BOOK.example(("areas", 0, "novice", "do")) == "do: Mend a sentence that did not help you"


def test_check_and_skills_tell_mistakes(tmp_path: Path) -> None:
    file = tmp_path / "skills.yml"
    file.write_text("about: x\nnam: y\n")
    result = run("check", file)
    assert (result.exit_code, result.stdout.splitlines()[0]) == (
        1, f"{file}:2:1: there is no setting nam; did you mean name?",
    )  # fmt: skip
    result = run("skills", file)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told(result.stderr).startswith("skills.yml:2:1: there is no setting nam")
    assert run("skills", tmp_path / "none.yml").exit_code == 2


def test_a_map_is_printed(tmp_path: Path) -> None:
    file = tmp_path / "skills.yml"
    file.write_text(OURS)
    assert run("skills", file).stdout == run("skills", file, "--markdown").stdout
    assert run("skills", file).stdout == skillspage.markdown(skillsfile.load(file))
    assert run("skills", "--svg").stdout == skillspicture.svg(skillsfile.default())


def settings(part: type[BaseModel] = SkillsMap) -> set[str]:
    definitions = SkillsMap.model_json_schema()["$defs"]
    return {
        name for one in (SkillsMap.model_json_schema(), *definitions.values()) for name in one.get("properties", ())
    }


def test_every_setting_is_documented() -> None:
    own = PAGE[PAGE.index("## Your own map") :]
    assert [name for name in sorted(settings()) if f"`{name}" not in own] == []


def test_a_name_that_means_something_to_markdown_is_shown_as_it_is() -> None:
    text = OURS.replace("docs", '"do|cs *and* more"').replace("novice", 'labels: ["a`b|c"]\n    novice', 1)
    page = skillspage.markdown(skillsfile.parse("skills.yml", text.encode()))
    assert r"Do\|cs \*and\* more" in page
    assert "labels `a'b|c`" in page
    assert plain.name(("areas", 0)) == "areas.0"
    assert re.search(r"^# Skills map$", page, re.MULTILINE)
    assert subprocess.run([sys.executable, "-m", "bot", "skills", "--svg"], capture_output=True).returncode == 0
