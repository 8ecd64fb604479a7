"""Team files in each of their formats, with all that people write there."""

import re
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.problems import ConfigError
from bot.team import Format
from bot.teamfile import reading
from bot.teamfile.roster import LOGIN, TEAM, Listed, Roster
from tests.test_hostile_files import bounded

CONTRIBUTORS: Final = """\
# Who is who. New people: add yourselves.
- name: Ada Lovelace
  handle: "@ada"
  affiliation: Alpine University
  teams: [council, docs]
  last-check-in: 2026-03
  status: active
- name: Grace Hopper
  handle: https://github.com/Grace/
  contributions: [code, "talks: many"]
  teams:
    - hub  # since 2019
    - null
  last-check-in: 2025-09-17
  status: Inactive
- {name: "linus", handle: linus-2, teams: [], last-check-in: 2026-3}
- name: Margaret Hamilton
  handle: 'margaret'
  teams: null
  status:
  focus: |
    # rockets
    status: inactive
- name: 王小明
  handle: 007
  teams: docs
  status: alumni
"""


def read(text: str, path: str = "team.yaml", configured: Format = Format.AUTO) -> Roster:
    return reading.read(path, text.encode(), configured)


def test_contributors_are_read_with_all_that_people_write() -> None:
    assert read(CONTRIBUTORS) == Roster(
        (
            Listed(login="ada", line=2, given_name="Ada", groups=("council", "docs"), last_check_in="2026-03"),
            Listed(login="Grace", line=8, given_name="Grace", groups=("hub",), inactive=True, last_check_in="2025-09"),
            Listed(login="linus-2", line=16, given_name="linus", last_check_in="2026-03"),
            Listed(login="margaret", line=17, given_name="Margaret"),
            Listed(login="007", line=24, given_name="王小明", groups=("docs",), inactive=True),
        )
    )


@pytest.mark.parametrize(
    ("entry", "line", "says"),
    [
        pytest.param("- name: Nobody\n", 2, "an entry without a handle is left out", id="no-handle"),
        pytest.param("- {name: Nobody, handle: null}\n", 2, "without a handle", id="null"),
        pytest.param("- {name: Nobody, handle: ada lovelace}\n", 2, "its handle is no login", id="no-login"),
        pytest.param("- {name: Nobody, handle: [ada]}\n", 2, "without a handle", id="a-list"),
        pytest.param("- just words\n", 2, "nobody's entry", id="no-entry"),
        pytest.param("- {handle: '@GOAT'}\n", 2, "they stand in line 1 already", id="twice"),
        pytest.param("- {handle: ada, status: on leave}\n", 2, "on leave is not known here", id="status"),
        pytest.param("- {handle: ada, last-check-in: spring}\n", 2, "spring is no month", id="month"),
    ],
)
def test_what_is_odd_in_an_entry_is_told_and_the_rest_counts(entry: str, line: int, says: str) -> None:
    found = read(f"- handle: goat\n{entry}")
    [problem] = found.problems
    assert (problem.line, problem.blocks) == (line, False)
    assert says in problem.what
    assert found.of("Goat")


CODEOWNERS: Final = """\
# docs.github.com: About code owners
*                       @ada @alpine/hub   # everything
/docs\\ and\\ more/       @Grace grace@alpine.example
\\#odd                   @linus
/generated/
*.py                    @ada ada_lovelace
@nobody
"""


def test_codeowners() -> None:
    found = read(CODEOWNERS, ".github/CODEOWNERS")
    assert [(one.login, one.line) for one in found.listed] == [
        ("ada", 2), ("alpine/hub", 2), ("Grace", 3), ("linus", 4),
    ]  # fmt: skip
    assert [(problem.line, problem.what.split(" ")[0]) for problem in found.problems] == [
        (3, "whose"), (6, "an"),
    ]  # fmt: skip


MAINTAINERS: Final = """\
# Maintainers

Questions? Ask @nobody, or (@nobody2) will help you gladly.
Please write to @nobody3.

- Ada Lovelace (@ada)
* [Grace Hopper](https://github.com/Grace), Alpine University
- Linus <linus@alpine.example> (@linus)
- @margaret (Margaret Hamilton) - rockets
- Docs: @edsger, @barbara and @alpine/docs
- if in doubt, ask @nobody4
- Talk to @nobody5 before you change the release, since it may break things
1. **Anita Borg** <anita@alpine.example>, @anita

```
- Code (@nobody6)
```
<!-- - Hidden (@nobody7)
- Hidden (@nobody8) -->

| Name | GitHub ID | Affiliation |
|------|:---------:|-------------|
| Katherine Johnson | katherine | NASA |
| [Dorothy Vaughan](https://example.org) | [@dorothy](https://github.com/dorothy) | NASA, dorothy@nasa.example |

## Emeritus maintainers
### 2024
Mary Jackson (@mary)
@hedy

Friends of the project
----------------------
https://github.com/radia
"""


def names(found: Roster) -> list[tuple[str, str]]:
    return [(one.login, one.given_name) for one in found.listed]


def test_maintainers_in_markdown() -> None:
    found = read(MAINTAINERS, "MAINTAINERS.md")
    assert names(found) == [
        ("ada", "Ada"), ("Grace", "Grace"), ("linus", "Linus"), ("margaret", "Margaret"),
        ("edsger", ""), ("barbara", ""), ("alpine/docs", ""), ("anita", "Anita"),
        ("katherine", "Katherine"), ("dorothy", "Dorothy"), ("mary", "Mary"), ("hedy", ""), ("radia", ""),
    ]  # fmt: skip
    assert [one.login for one in found.listed if one.inactive] == ["mary", "hedy"]


def test_a_heading_as_deep_ends_what_stood_below_another() -> None:
    found = read(
        "## Emeritus\n- @ada\n\n## Maintainers\n- @grace\n\n**Former**\n- @linus\n\n**Active**\n- @mary\n",
        "MAINTAINERS",
    )
    assert [one.login for one in found.listed if one.inactive] == ["ada", "linus"]


def test_owners() -> None:
    text = "# the owners\napprovers:\n  - ada\n  # of docs\n  - 'grace' # new\nreviewers:\n- ada\n- linus\n"
    found = read(f"{text}emeritus_approvers:\n- linus\n- mary\nlabels:\n- area/docs\n- docs\n", "OWNERS")
    assert [(one.login, one.inactive) for one in found.listed] == [
        ("ada", False), ("grace", False), ("linus", False), ("mary", True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "format_"),
    [
        ("docs/_data/contributors.yaml", Format.CONTRIBUTORS),
        ("team.YML", Format.CONTRIBUTORS),
        (".github/CODEOWNERS", Format.CODEOWNERS),
        ("MAINTAINERS.md", Format.MAINTAINERS),
        ("OWNERS", Format.MAINTAINERS),
    ],
)
def test_the_name_tells_the_format(path: str, format_: Format) -> None:
    assert reading.format_of(path, Format.AUTO) is format_
    assert reading.format_of(path, Format.CODEOWNERS) is Format.CODEOWNERS


@pytest.mark.parametrize(
    ("path", "text", "says"),
    [
        pytest.param("team.yaml", "people: [ada]\n", "must be a list of people", id="no-list"),
        pytest.param("team.yaml", "", "must be a list of people", id="empty"),
        pytest.param("team.yaml", "[]\n", "names nobody", id="nobody"),
        pytest.param("team.yaml", "- handle: ada\n  handle: grace\n", "duplicate key", id="key-twice"),
        pytest.param("team.yaml", "- &a {handle: ada}\n- *a\n", "anchors", id="anchor"),
        pytest.param("team.yaml", "- handle: ada\n status: [\n", "not valid YAML", id="yaml"),
        pytest.param("team.yaml", "[" * 300, "deep", id="deep"),
        pytest.param("CODEOWNERS", "* ada@alpine.example\n", "names nobody", id="mails-only"),
        pytest.param("MAINTAINERS", "We are many.\n", "names nobody", id="sentences"),
        pytest.param("MAINTAINERS", "- @ada\u202e\n", "U+202E", id="unseen"),
        pytest.param("MAINTAINERS", "- @ada\n" * 50_000, "larger than", id="large"),
        pytest.param("MAINTAINERS", "".join(f"- @a{n}\n" for n in range(2_001)), "more than 2,000", id="many"),
    ],
)
def test_a_file_that_cannot_be_right_is_refused(path: str, text: str, says: str) -> None:
    with pytest.raises(ConfigError) as caught, bounded():
        read(text, path)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    "line",
    [
        "(@a" * 80_000,
        "- " + "[" * 250_000,
        "- [" + "a](github.com/" * 17_000,
        "| " * 120_000,
        "a@" * 120_000,
        "\\" * 250_000,
    ],
)
@pytest.mark.parametrize("path", ["MAINTAINERS.md", "CODEOWNERS"])
def test_a_line_that_is_meant_to_do_harm_takes_no_time(path: str, line: str) -> None:
    with bounded():
        found = read(f"{'* ' if path == 'CODEOWNERS' else ''}@ada\n{line}", path)
    assert found.listed[0].login == "ada"


@given(
    st.lists(
        st.sampled_from(
            ["- ", "@ada", "(", ")", "|", "\n", "#", " ", "[", "](https://github.com/ada)", "-", ":", "`", "ada"]
        )
    )
)
def test_whatever_is_written_is_read_or_refused(pieces: list[str]) -> None:
    for path in ("MAINTAINERS.md", "CODEOWNERS", "team.yaml"):
        try:
            found = read("".join(pieces), path)
        except ConfigError:
            continue
        assert all(re.fullmatch(f"{LOGIN}|{TEAM}", one.login) for one in found.listed)
