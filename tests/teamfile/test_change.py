"""The change of a team file for one person: only that, and every other byte as it was."""

from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.team import Format
from bot.teamfile import change, reading
from bot.teamfile.contributors import month

MONTH: Final = "2026-11"
TEAM: Final = """\
# The team. Add yourself!
- name: Ada Lovelace   # she/her
  handle: "@Ada"
  teams: []
  last-check-in: 2026-03
  status: active

- name: Grace
  handle: grace
  last-check-in:   '2025-09-17'   # by mail
  teams:
    - hub
    # - docs

  # the next one is new
- handle: linus
  focus: |
    kernels

    # and more
- {name: Mary, handle: mary, teams: []}
- name: Hedy
  handle: hedy
  status: "emeritus"
  last-check-in: 2020-01
"""


def contributors(text: str, deed: str, login: str) -> str | None:
    made = {"leave": change.step_back, "return": change.come_back, "check": change.checked_in}[deed]
    return made(text, Format.CONTRIBUTORS, login, MONTH)


@pytest.mark.parametrize(
    ("deed", "login", "changed"),
    [
        pytest.param(
            "leave", "ADA",
            {"  last-check-in: 2026-03": "  last-check-in: 2026-11", "  status: active": "  status: emeritus"},
            id="both-are-there",
        ),
        pytest.param("check", "ada", {"  last-check-in: 2026-03": "  last-check-in: 2026-11"}, id="the-month-alone"),
        pytest.param(
            "leave", "grace",
            {
                "  last-check-in:   '2025-09-17'   # by mail": "  last-check-in:   '2026-11'   # by mail\n"
                "  status: emeritus"
            },
            id="in-quotes-before-a-comment",
        ),
        pytest.param("check", "mary", {", teams: []}": ", teams: [], last-check-in: 2026-11}"}, id="in-braces"),
        pytest.param(
            "leave", "mary",
            {", teams: []}": ", teams: [], last-check-in: 2026-11, status: emeritus}"}, id="both-in-braces",
        ),
        pytest.param(
            "check", "linus", {"handle: linus": "handle: linus\n  last-check-in: 2026-11"}, id="where-others-have-it",
        ),
        pytest.param(
            "return", "hedy",
            {'  status: "emeritus"\n  last-check-in: 2020-01': "  last-check-in: 2026-11"},
            id="back-without-a-word",
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_of_an_entry_only_that_changes(deed: str, login: str, changed: dict[str, str], end: str) -> None:
    after = TEAM
    for old, new in changed.items():
        assert after.count(old) == 1
        after = after.replace(old, new)
    assert contributors(TEAM.replace("\n", end), deed, login) == after.replace("\n", end)


def test_a_status_that_others_have_is_written_as_they_write_it() -> None:
    text = "- {handle: ada, status: active}\n- {handle: grace, status: active}\n- handle: linus\n  status: alumni"
    assert contributors(text, "leave", "ada") == text.replace(
        "ada, status: active", "ada, status: alumni, last-check-in: 2026-11"
    )
    back = contributors(text, "return", "linus")
    assert back == text.replace("  status: alumni", "  status: active\n  last-check-in: 2026-11")


def test_a_status_that_cannot_be_left_out_becomes_another() -> None:
    braces = "- {handle: ada, status: inactive}\n- handle: grace\n"
    assert contributors(braces, "return", "ada") == braces.replace("inactive", "active, last-check-in: 2026-11")
    first = "- status: inactive\n  handle: ada\n"
    assert contributors(first, "return", "ada") == "- status: active\n  handle: ada\n  last-check-in: 2026-11\n"


def test_where_nothing_was_written_something_is() -> None:
    text = "- handle: ada\n  status:   # none yet\n  last-check-in: ~\n"
    assert contributors(text, "leave", "ada") == (
        "- handle: ada\n  status: inactive   # none yet\n  last-check-in: 2026-11\n"
    )
    text = "- handle: ada\n  focus: |\n    the hub\n\n    # and more\n\n# the end\n"
    assert contributors(text, "check", "ada") == text.replace("more\n", "more\n  last-check-in: 2026-11\n")


@pytest.mark.parametrize(
    ("text", "deed"),
    [
        pytest.param("- handle: grace\n", "leave", id="nobody"),
        pytest.param("- handle: ada\n- handle: Ada\n", "leave", id="twice"),
        pytest.param("- handle: ada\n  last-check-in: 2026-11\n", "check", id="nothing-to-do"),
        pytest.param("- handle: ada\n  last-check-in: 2026-11\n", "return", id="already-there"),
        pytest.param("- handle: ada\n  status: [active]\n", "leave", id="a-list"),
        pytest.param("- handle: ada\n  status: >\n    active\n", "leave", id="a-text"),
        pytest.param("- handle: ada\n  last-check-in: &a 2026\n", "check", id="not-taken"),
        pytest.param("people:\n- handle: ada\n", "leave", id="no-list"),
    ],
)
def test_what_is_not_certain_is_left_to_a_human(text: str, deed: str) -> None:
    assert contributors(text, deed, "ada") is None


LIST: Final = """\
# Maintainers

Those who care for it.

- Ada Lovelace (@ada)
- Grace Hopper (@grace)

## Emeritus

- Linus (@linus)

## How to join
Ask.
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            LIST,
            LIST.replace("- Ada Lovelace (@ada)\n", "").replace("(@linus)\n", "(@linus)\n- Ada Lovelace (@ada)\n"),
            id="below-the-others",
        ),
        pytest.param(
            LIST.replace("- Linus (@linus)\n", ""),
            LIST.replace("- Ada Lovelace (@ada)\n", "").replace("- Linus (@linus)\n", "- Ada Lovelace (@ada)\n"),
            id="the-first-there",
        ),
        pytest.param("# Team\n- @ada\n- @grace", "# Team\n- @grace\n\n## Emeritus\n\n- @ada", id="a-new-heading"),
        pytest.param("Who:\n@ada\n@grace\n", "Who:\n@grace\n\nEmeritus:\n@ada\n", id="a-plain-heading"),
        pytest.param("@ada\n@grace\n", "@grace\n\nEmeritus:\n@ada\n", id="no-heading"),
        pytest.param(
            "Team\n====\n\n* @ada\n* @grace\n", "Team\n====\n\n* @grace\n\nEmeritus\n--------\n\n* @ada\n",
            id="underlined",
        ),
        pytest.param("**Who**\n\n- @ada\n- @grace\n", "**Who**\n\n- @grace\n\n**Emeritus**\n\n- @ada\n", id="bold"),
        pytest.param(
            "approvers:\n- ada\n- grace\n", "approvers:\n- grace\nemeritus_approvers:\n- ada\n", id="owners",
        ),
        pytest.param(
            "### Who\n\n| Name | GitHub |\n|---|---|\n| Ada | @ada |\n| Grace | @grace |\n",
            "### Who\n\n| Name | GitHub |\n|---|---|\n| Grace | @grace |\n\n### Emeritus\n\n"
            "| Name | GitHub |\n|---|---|\n| Ada | @ada |\n",
            id="a-table",
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("first", ["", "\ufeff"], ids=["", "bom"])
def test_a_line_moves_and_back(before: str, after: str, end: str, first: str) -> None:
    before, after = first + before.replace("\n", end), first + after.replace("\n", end)
    assert change.step_back(before, Format.MAINTAINERS, "ADA", MONTH) == after
    back = change.come_back(after, Format.MAINTAINERS, "ada", MONTH)
    assert back is not None
    assert [one.inactive for one in reading.read("MAINTAINERS", back.encode(), Format.AUTO).listed][:2] == [
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("text", "login"),
    [
        pytest.param(LIST, "nobody", id="nobody"),
        pytest.param(LIST, "linus", id="gone-already"),
        pytest.param(LIST.replace("(@grace)", "(@ada)"), "ada", id="twice"),
        pytest.param("- hub: @ada, @grace\n", "ada", id="not-alone"),
        pytest.param("- @ada\n  She knows the hub.\n- @grace\n", "ada", id="more-lines"),
        pytest.param("- @ada\n- @grace\n# Emeritus\n| @linus | 2020 |\n", "ada", id="another-shape"),
        pytest.param("| @ada | hub |\n| @grace | docs |\n# Emeritus\n| @linus |\n", "ada", id="another-table"),
    ],
)
def test_a_line_that_cannot_be_moved_for_certain_stays(text: str, login: str) -> None:
    assert change.step_back(text, Format.MAINTAINERS, login, MONTH) is None


def test_where_somebody_comes_back_to_must_be_certain() -> None:
    text = "# Hub\n- @ada\n# Docs\n- @grace\n# Emeritus\n- @linus\n"
    assert change.come_back(text, Format.MAINTAINERS, "linus", MONTH) is None


def test_owners_of_code_and_months_in_lists_are_left_to_a_human() -> None:
    assert change.step_back("* @ada\n", Format.CODEOWNERS, "ada", MONTH) is None
    assert change.come_back("* @ada\n", Format.CODEOWNERS, "ada", MONTH) is None
    assert change.checked_in(LIST, Format.MAINTAINERS, "ada", MONTH) is None


def test_the_difference_is_one_that_git_takes() -> None:
    after = change.step_back("# Team\n- @ada\n- @grace", Format.MAINTAINERS, "ada", MONTH)
    assert after is not None
    assert change.diff("docs/TEAM.md", "# Team\n- @ada\n- @grace", after) == (
        "--- a/docs/TEAM.md\n+++ b/docs/TEAM.md\n@@ -1,3 +1,6 @@\n # Team\n-- @ada\n-- @grace\n"
        "\\ No newline at end of file\n+- @grace\n+\n+## Emeritus\n+\n+- @ada\n\\ No newline at end of file\n"
    )
    assert change.diff("x", "same", "same") == ""


_WORDS: Final = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp"]), max_size=12)
_SCALARS: Final = _WORDS.map(lambda text: "'" + text.replace("'", "''") + "'")
_MONTHS: Final = st.sampled_from(["2026-03", "'2025-1'", '"2024-12-31"', "2024-12-31", "", "~", "soon"])
_STATUS: Final = st.sampled_from(["active", "inactive", '"Alumni"', "", "null", "emeritus  # for now"])


@st.composite
def entry(draw: st.DrawFn, number: int) -> str:
    fields = [("handle", draw(st.sampled_from([f"p{number}", f'"@p{number}"', f"https://github.com/P{number}"])))]
    fields += [("name", draw(_SCALARS))] if draw(st.booleans()) else []
    fields += [("teams", draw(st.sampled_from(["[]", "[hub, docs]", "null", "\n  - hub\n  - docs", "\n    - a # b"])))]
    fields += [("last-check-in", draw(_MONTHS))] if draw(st.booleans()) else []
    fields += [("status", draw(_STATUS))] if draw(st.booleans()) else []
    fields += [("notes", draw(st.sampled_from(["|\n    one\n\n    two", ">-\n    # no comment", "a\n    b"])))]
    lines = [f"{name}: {value}" for name, value in draw(st.permutations(fields))]
    odd = draw(st.sampled_from(["", "\n", "# between\n", "  # inside\n"]))
    return "- " + "\n  ".join(lines) + "\n" + odd


@settings(max_examples=40)
@given(st.data(), st.sampled_from(["leave", "return", "check"]), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_whatever_stands_there_only_the_lines_of_the_person_change(
    data: st.DataObject, deed: str, end: str, ends: bool
) -> None:
    pieces = [data.draw(entry(number)) for number in range(3)]
    text = "".join(pieces).replace("\n", end)
    text = text if ends else text.rstrip()
    before = reading.read("t.yaml", text.encode(), Format.AUTO)
    after = contributors(text, deed, "p1")
    if after is None:
        return
    first, last = pieces[0].replace("\n", end), pieces[2].replace("\n", end)
    assert after.startswith(first)
    assert after.rstrip().endswith(last.rstrip())
    found = reading.read("t.yaml", after.encode(), Format.AUTO)
    for old, new in zip(before.listed, found.listed, strict=True):
        assert (old.login, old.given_name, old.groups) == (new.login, new.given_name, new.groups)
        if old.login.casefold() != "p1":
            assert (old.inactive, old.last_check_in) == (new.inactive, new.last_check_in)
        else:
            assert new.last_check_in == month(MONTH)
            assert new.inactive is {"leave": True, "return": False, "check": old.inactive}[deed]
    kept = {line.strip() for line in text.splitlines() if not line.strip(" -").startswith(("status", "last-"))}
    assert kept <= {line.strip() for line in after.splitlines()}
