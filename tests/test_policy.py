"""What the settings mean once they are read: durations, times, links, calls, labels, paths and people."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from bot import policyfile
from bot.model import Came, OwnerId, Person, PersonId, Repo, RepoId
from bot.policy import Call, Policy
from bot.policytypes import Duration, Link, Login, Name, TimeOfDay, duration_text

DEFAULTS: Final = policyfile.defaults()
MAPS: Final = Repo(RepoId(100), OwnerId(1), "alpine-tools", "trail-maps")
DURATION: Final = TypeAdapter[timedelta](Duration)
TIME: Final = TypeAdapter[time](TimeOfDay)
NOW: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday


def refused(kind: Any, value: object) -> str:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(value)
    return str(caught.value.errors()[0]["msg"])


@pytest.mark.parametrize(
    ("text", "meant", "written"),
    [
        pytest.param("0 minutes", timedelta(0), "0 minutes", id="none"),
        pytest.param("1 minute", timedelta(minutes=1), "1 minute", id="one"),
        pytest.param("90 minutes", timedelta(minutes=90), "90 minutes", id="minutes"),
        pytest.param("60 minutes", timedelta(hours=1), "1 hour", id="minutes-that-are-an-hour"),
        pytest.param("36 hours", timedelta(hours=36), "36 hours", id="hours"),
        pytest.param("14 days", timedelta(days=14), "2 weeks", id="days-that-are-weeks"),
        pytest.param(" 3 day ", timedelta(days=3), "3 days", id="blanks-around"),
    ],
)
def test_a_duration_is_a_number_and_its_unit(text: str, meant: timedelta, written: str) -> None:
    assert DURATION.validate_python(text) == meant
    assert duration_text(meant) == written


@pytest.mark.parametrize(
    "value", ["", "14", 14, 1.5, "days", "14days", "14 Days", "-1 days", "1.5 days", "2 months", "1 day 2 hours", None,
              True, "1000000 days", "14 days\n15 days"],
    ids=repr,
)  # fmt: skip
def test_anything_else_is_no_duration(value: object) -> None:
    assert refused(Duration, value) == "a duration needs a number and its unit: minutes, hours, days or weeks"


DURATIONS: Final = st.builds(
    "{} {}{}".format, st.integers(0, 999_999), st.sampled_from(["minute", "hour", "day", "week"]), st.sampled_from("s ")
)


@given(DURATIONS)
def test_durations_are_written_as_they_are_read_and_can_be_waited_for(text: str) -> None:
    try:
        meant = DURATION.validate_python(text)
    except ValidationError:  # longer than anybody would wait
        assert int(text.split()[0]) > 999
        return
    assert DURATION.validate_python(duration_text(meant)) == meant
    assert DURATION.validate_json(DURATION.dump_json(meant)) == DURATION.validate_python(meant) == meant
    assert NOW + meant >= NOW


@given(st.times().map(lambda at: at.replace(second=0, microsecond=0)))
def test_times_of_day_are_written_as_they_are_read(at: time) -> None:
    assert TIME.validate_python(f"{at:%H:%M}") == at
    assert TIME.validate_json(TIME.dump_json(at)) == at


@pytest.mark.parametrize("value", ["5", 1020, 17.5, "17", "5:00", "17:00:00", "17h00", "5 pm", None], ids=repr)
def test_other_times_of_day_are_refused_with_an_example(value: object) -> None:
    assert '"17:00"' in refused(TimeOfDay, value)


@pytest.mark.parametrize("value", ["24:00", "23:60", "\u0660\u0669:\u0660\u0660"], ids=repr)
def test_there_are_24_hours_of_60_minutes(value: str) -> None:
    assert refused(TimeOfDay, value)


@pytest.mark.parametrize(
    "link",
    [
        pytest.param("https://example.org", id="a-site"),
        pytest.param("http://example.org/a?b=c&d=%20#e", id="with-everything"),
        pytest.param("https://github.com/{owner}/{repo}/blob/HEAD/CONTRIBUTING.md", id="with-the-place"),
        pytest.param("https://github.com/{owner}/.github", id="with-the-owner"),
    ],
)
def test_links_of_the_web_are_taken(link: str) -> None:
    assert TypeAdapter[str](Link).validate_python(link) == link


@pytest.mark.parametrize(
    ("link", "says"),
    [
        pytest.param("example.org", "https://", id="no-scheme"),
        pytest.param("javascript:alert(1)", "https://", id="no-scheme-of-the-web"),
        pytest.param("https://", "https://", id="nothing-behind-it"),
        pytest.param("https://example.org/a b", "no blanks", id="a-blank"),
        pytest.param("https://example.org/a\nb", "no blanks", id="a-line-break"),
        pytest.param("https://example.org/(a)", "brackets", id="brackets"),
        pytest.param("https://example.org/<a>", "brackets", id="pointed-brackets"),
        pytest.param("https://example.org/{name}", "{owner} and {repo}", id="another-name"),
        pytest.param("https://example.org/{{owner}}", "{owner} and {repo}", id="braces-twice"),
        pytest.param("https://example.org/{", "{owner} and {repo}", id="one-brace"),
    ],
)
def test_other_links_are_refused(link: str, says: str) -> None:
    said = refused(Link, link)
    assert says in said
    assert "{{" not in said


def test_links_are_filled_in_with_the_place() -> None:
    links = DEFAULTS.links.model_copy(update={"chat": "https://example.org/{owner}/{repo}/{owner}"})
    assert links.at(MAPS) == {
        "contributing": None, "code_of_conduct": None, "ai_policy": None,
        "chat": "https://example.org/alpine-tools/trail-maps/alpine-tools",
    }  # fmt: skip


LOGINS: Final = [
    pytest.param("ada", id="plain"),
    pytest.param("A-d-4", id="with-hyphens"),
    pytest.param("welcome[bot]", id="an-app"),
    pytest.param("ada_acme", id="a-user-that-an-enterprise-manages"),
]


@pytest.mark.parametrize("login", LOGINS)
def test_logins_are_those_that_github_gives(login: str) -> None:
    assert TypeAdapter[str](Login).validate_python(login) == login


@pytest.mark.parametrize("login", ["", "@ada", "-ada", "ada-", "ada b", "ada[bot]x", "[bot]", "ada\n", "ädä"], ids=repr)
def test_other_logins_are_refused(login: str) -> None:
    assert refused(Login, login)


@pytest.mark.parametrize("name", ["", "x" * 81, "a\nb", "[a](b)", "<b>", "@ada", "`a`"], ids=repr)
def test_names_cannot_carry_links_mentions_or_code(name: str) -> None:
    assert refused(Name, name)


def call(**changes: Any) -> Call:
    return Call.model_validate(
        {"name": "Summit Tea", "when": "every Monday", "time": "17:00", "timezone": "Europe/Berlin"} | changes
    )


def with_calls(*calls: Call) -> Policy:
    return DEFAULTS.model_copy(update={"calls": calls})


def test_a_call_is_told_in_utc() -> None:
    assert call().next_after(NOW) == datetime(2026, 11, 23, 16, tzinfo=UTC)
    assert call(skip=[date(2026, 11, 23)]).next_after(NOW) == datetime(2026, 11, 30, 16, tzinfo=UTC)


def test_the_next_of_several_calls_is_named() -> None:
    tea, cafe, talk = call(), call(name="Cafe", when="every Tuesday"), call(name="Talk")
    assert with_calls().next_call(NOW) is None
    assert with_calls(cafe, tea).next_call(NOW) == (tea, datetime(2026, 11, 23, 16, tzinfo=UTC))
    assert with_calls(talk, tea).next_call(NOW) == (talk, datetime(2026, 11, 23, 16, tzinfo=UTC))
    assert with_calls(cafe, tea).next_call(NOW + timedelta(days=1)) == (cafe, datetime(2026, 11, 24, 16, tzinfo=UTC))


@pytest.mark.parametrize(
    ("labels", "came"),
    [
        pytest.param([], None, id="none"),
        pytest.param(["wontfix"], None, id="unknown"),
        pytest.param(["bug"], Came.PROBLEM, id="problem"),
        pytest.param(["Type: Question"], Came.QUESTION, id="in-any-case"),
        pytest.param(["Ideas"], Came.WISH, id="category"),
        pytest.param(["DOCS"], Came.DOCS, id="docs"),
        pytest.param(["debugging", "not a bug"], None, id="only-whole-labels"),
    ],
)
def test_labels_tell_what_somebody_came_with(labels: list[str], came: Came | None) -> None:
    assert DEFAULTS.came_with.by_labels(frozenset(labels)) == ([came] if came else [])


def test_of_several_labels_the_likeliest_comes_first() -> None:
    labels = frozenset({"docs", "enhancement", "help", "bug"})
    assert DEFAULTS.came_with.by_labels(labels) == [Came.PROBLEM, Came.QUESTION, Came.WISH, Came.DOCS]


@pytest.mark.parametrize(
    ("paths", "only_docs"),
    [
        pytest.param([], False, id="no-files"),
        pytest.param(["docs/index.md"], True, id="in-docs"),
        pytest.param(["docs/source/images/map.png"], True, id="deep-in-docs"),
        pytest.param(["src/notes/README.md"], True, id="by-its-ending-anywhere"),
        pytest.param(["LICENSE"], True, id="a-whole-name"),
        pytest.param(["src/LICENSE"], False, id="a-whole-name-elsewhere"),
        pytest.param(["src/docs/index.html"], False, id="docs-that-are-not-at-the-top"),
        pytest.param(["Docs/a.png", "README.MD"], False, id="case-counts"),
        pytest.param(["docs/index.md", "maps/draw.py"], False, id="docs-and-code"),
    ],
)
def test_only_docs_means_every_file(paths: list[str], only_docs: bool) -> None:
    assert DEFAULTS.came_with.only_docs(tuple(paths)) is only_docs


@pytest.mark.parametrize(
    ("person", "is_bot", "left_alone"),
    [
        pytest.param(Person(PersonId(1), "ada"), False, False, id="a-person"),
        pytest.param(Person(PersonId(1), "goat[bot]", is_bot=True), True, False, id="an-app"),
        pytest.param(Person(PersonId(1), "claASSISTANT"), True, False, id="acts-like-a-bot-in-any-case"),
        pytest.param(Person(PersonId(1), "talbot"), False, False, id="a-name-that-ends-so"),
        pytest.param(Person(PersonId(1), "Hermit"), False, True, id="asked-to-be-left-alone"),
        pytest.param(Person(PersonId(1), "hermitage"), False, False, id="a-name-that-begins-so"),
    ],
)
def test_people_are_known_by_their_whole_login(person: Person, is_bot: bool, left_alone: bool) -> None:
    people = DEFAULTS.people.model_copy(update={"leave_alone": ("hermit",)})
    policy = DEFAULTS.model_copy(update={"people": people})
    assert (policy.is_bot(person), policy.leaves_alone(person)) == (is_bot, left_alone)


def test_a_policy_does_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        DEFAULTS.language = "de"
    assert DEFAULTS.language == "en"
