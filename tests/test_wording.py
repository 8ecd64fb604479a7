"""An organisation's own words: what is refused and where, what is written, and that the bot's note stays below."""

from collections.abc import Iterator
from dataclasses import replace
from time import process_time
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import prose, wording, words
from bot.effects import Say
from bot.messages import MESSAGES, fields, samples
from bot.model import Came
from tests.spoken import messages
from tests.test_words import LANGUAGES, seen

LONG: Final = 10.0  # seconds of computing for the worst text, on a slow machine too
WELCOMES: Final = [name for name in MESSAGES if name.startswith("welcome-")]


def mistakes(text: str, name: str = "welcome-issue") -> list[wording.Mistake]:
    began = process_time()
    found = wording.check(name, text)
    assert process_time() - began < LONG
    assert all(mistake.what.isprintable() and len(mistake.what) < 500 for mistake in found)
    return found


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Welcome, {{ author }}!", id="a-value"),
        pytest.param("{{ repository | title }} {{ links['chat'] | default('', true) }}", id="filters"),
        pytest.param("Hi{% if came == 'docs' %} a{% elif not again and came != 'wish' %} b{% else %} c{% endif %}",
                     id="conditions"),
        pytest.param("Hi{% if call is not none and call.url is not none %} {{ call.url }}{% endif %}", id="tests"),
        pytest.param("Hi{{ ' again' if again else '' }}{# a note #}", id="a-condition-in-a-value"),
        pytest.param("{% raw %}{{ this }} is no value{% endraw %}", id="raw"),
        pytest.param("Answers take {{ answer_minutes | default(60, true) | int }} minutes.", id="a-default"),
        pytest.param("Say `/no-bot`, and ask `@ada` or ada@example.org, https://social.example/@ada", id="in-code"),
        pytest.param("```\n@ada\n/no-bot\n```", id="in-a-block-of-code"),
        pytest.param("<details open>\n<summary>More</summary>\n\nA<sup>b</sup><br/>\n\n</details>", id="harmless-tags"),
        pytest.param('<img src="https://example.org/a.png" alt="@ada" width="10">', id="an-image"),
        pytest.param("[a](https://example.org) <https://example.org/@ada> ![b](https://example.org/b.png)", id="links"),
        pytest.param("> quoted\n\n- a\n- b\n\n| a | b |\n|---|---|\n| c | d |", id="markdown"),
        pytest.param("ζ" * prose.MOST, id="as-long-as-it-may-be"),
        pytest.param("\N{FAMILY} \N{WOMAN}\N{ZERO WIDTH JOINER}\N{PERSONAL COMPUTER}", id="joined-pictures"),
    ],
)  # fmt: skip
def test_what_a_message_needs_is_taken(text: str) -> None:
    assert mistakes(text) == []


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        pytest.param("a\n{{ autor }}", (2, 4), "no value autor here; did you mean author?; there are", id="typo"),
        pytest.param("{{ call.nam }}", (1, 9), "call has no part nam; did you mean name?", id="a-part-with-a-typo"),
        pytest.param("{{ author.x }}", (1, 11), "author has no part x", id="a-part-of-what-has-none"),
        pytest.param("{{ range }}", (1, 4), "no value range here", id="what-templates-know-else"),
        pytest.param("{% for a in links %}{{ a }}{% endfor %}", (1, 1), "no loops", id="a-loop"),
        pytest.param("{% macro a() %}{{ a() }}{% endmacro %}", (1, 1), "no macros", id="a-macro"),
        pytest.param("{{ author.upper() }}", (1, 1), "no calls", id="a-call"),
        pytest.param("{% set a = 1 %}", (1, 1), "no {% set %}", id="a-name-of-its-own"),
        pytest.param("{% include 'parts.md' %}", (1, 1), "no {% include %}", id="another-file"),
        pytest.param("{% import 'parts.md' as p %}", (1, 1), "no {% import %}", id="an-import"),
        pytest.param("{% from 'parts.md' import a %}", (1, 1), "no {% from", id="an-import-from"),
        pytest.param("{% extends 'x.md' %}", (1, 1), "no {% extends %}", id="what-it-extends"),
        pytest.param("{% block a %}{% endblock %}", (1, 1), "no {% block %}", id="a-block"),
        pytest.param("{% filter upper %}a{% endfilter %}", (1, 1), "no {% filter %}", id="a-filtered-block"),
        pytest.param("{% with %}a{% endwith %}", (1, 1), "no {% with %}", id="with"),
        pytest.param("{% autoescape true %}a{% endautoescape %}", (1, 1), "no {% autoescape %}", id="autoescape"),
        pytest.param("{{ 'a' * 1000000000 }}", (1, 1), "no calculations", id="a-long-text-out-of-a-short-one"),
        pytest.param("{{ 9 ** 9 ** 9 }}", (1, 1), "no calculations", id="a-large-number"),
        pytest.param("{{ author ~ author }}", (1, 1), "no sign ~", id="two-values-in-one"),
        pytest.param("{{ [author] }}", (1, 1), "no lists", id="a-list"),
        pytest.param("{{ author[1:2] }}", (1, 1), "only parts of values by their name", id="a-slice"),
        pytest.param("{{ author[0] }}", (1, 1), "only parts of values by their name", id="a-letter"),
        pytest.param("{{ author.__class__ }}", (1, 1), "only parts of values by their name", id="into-python"),
        pytest.param("{{ author['__class__'] }}", (1, 1), "only parts of values", id="into-python-by-a-text"),
        pytest.param("{{ ''.__class__.__mro__ }}", (1, 1), "only parts of values", id="into-python-from-a-text"),
        pytest.param("{{ links.chat.x }}", (1, 1), "only parts of values", id="a-part-of-a-part"),
        pytest.param("{{ author | attr('x') }}", (1, 11), "the filter attr is not taken", id="into-python-by-a-filter"),
        pytest.param("{{ '%s' | format(author) }}", (1, 9), "the filter format is not taken", id="format"),
        pytest.param("{{ links | map('x') }}", (1, 10), "the filter map is not taken", id="map"),
        pytest.param("{{ author | uper }}", (1, 11), "did you mean upper?", id="a-filter-with-a-typo"),
        pytest.param("{% if author is callable %}{% endif %}", (1, 17), "the test callable is not", id="another-test"),
        pytest.param("{% if again %}a", (1, 1), "no right template", id="no-end"),
        pytest.param("a\n{{ author", (2, 1), "no right template", id="open-braces"),
        pytest.param("{% bake %}", (1, 1), "unknown tag 'bake'", id="an-unknown-tag"),
        pytest.param("{{" + "(" * 3000, (1, 1), "no right template", id="brackets-without-end"),
        pytest.param("{{ " + "not " * 900 + "again }}", (1, 1), "more than 30 deep", id="not-not-not"),
        pytest.param("{% if again %}" * 120 + "{% endif %}" * 120, (1, 1), "more than 30 deep", id="deep"),
        pytest.param("See you at {{ call.name }}.", (1, 15), "where call is none: ask first", id="what-may-be-none"),
        pytest.param("{% if call %}{{ call.url }}{% else %}a{% endif %}", (1, 7), "where parts of call are none",
                     id="url"),
        pytest.param("a\n{{ links.chat }}", (2, 4), "where parts of links are none", id="a-link-that-may-be-none"),
        pytest.param("a{% if answer_minutes < 9 %}b{% endif %}", (1, 8), "where answer_minutes is none", id="compares"),
        pytest.param("{% if call %}a{% endif %}", (1, 1), "would be empty", id="empty-at-times"),
        pytest.param(" \n", (1, 1), "would be empty", id="empty"),
        pytest.param("a" * (prose.MOST + 1), (1, 1), "4,000 are taken", id="too-long"),
        pytest.param("a\n\nask @ada", (3, 5), "mentions nobody but its author, and @ada", id="a-mention"),
        pytest.param("ask @alpine-tools/docs", (1, 5), "@alpine-tools/docs", id="a-mention-of-a-team"),
        pytest.param("ask @{{ organisation }}", (1, 5), "@alpine-tools", id="a-mention-of-a-value"),
        pytest.param("ask @{{ author }}", (1, 5), "@ada", id="a-mention-of-the-author"),
        pytest.param("ask @{# #}ada", (1, 5), "@ada", id="a-mention-over-a-note"),
        pytest.param("a {% if again %}@{% endif %}ada", (1, 17), "@ada", id="a-mention-over-a-condition"),
        pytest.param("ask {{ '@ada' }}", (1, 9), "@ada", id="a-mention-as-a-value"),
        pytest.param("ask {{ links.chat | default('@ada', true) }}", (1, 30), "@ada", id="a-mention-as-a-default"),
        pytest.param("a{% if repository == 'x' %} @ada{% endif %}", (1, 29), "@ada", id="a-mention-at-times"),
        pytest.param("ask &#64;ada", (1, 1), "@ada", id="a-mention-as-an-entity"),
        pytest.param("ask \\@ada", (1, 6), "@ada", id="a-mention-escaped"),
        pytest.param("ask **@ada**", (1, 7), "@ada", id="a-mention-in-bold"),
        pytest.param("*a*@ada", (1, 4), "@ada", id="a-mention-behind-emphasis"),
        pytest.param("ask <b>@ada</b>", (1, 8), "@ada", id="a-mention-in-html"),
        pytest.param("<details><summary>@ada</summary></details>", (1, 19), "@ada", id="a-mention-in-a-block"),
        pytest.param("| @ada |\n|---|\n| a |", (1, 3), "@ada", id="a-mention-in-a-table"),
        pytest.param("# Ask @ada", (1, 7), "@ada", id="a-mention-in-a-heading"),
        pytest.param("> - @ada", (1, 5), "@ada", id="a-mention-in-a-quoted-list"),
        pytest.param("[@ada](https://example.org)", (1, 2), "@ada", id="a-mention-in-a-link"),
        pytest.param("a <!-- switchback welcome 0 -->", (1, 3), "HTML comments", id="a-marker"),
        pytest.param("`<!--`", (1, 2), "HTML comments", id="a-comment-in-code"),
        pytest.param("<{# #}!-- a -->", (1, 1), "HTML comments", id="a-comment-over-a-note"),
        pytest.param("<{{ '!--' }} a -->", (1, 1), "HTML comments", id="a-comment-as-a-value"),
        pytest.param("a <script>b</script>", (1, 3), "this HTML is not taken", id="a-script"),
        pytest.param("<div>\na\n</div>", (1, 1), "this HTML is not taken", id="another-tag"),
        pytest.param('<img src="http://a.org" onerror="x">', (1, 1), "this HTML", id="an-image-that-does-something"),
        pytest.param('<b onclick="x">a</b>', (1, 1), "this HTML is not taken", id="a-tag-that-does-something"),
        pytest.param("a</sub>", (1, 2), "closes what is not open", id="closes-what-is-not-open"),
        pytest.param("<b>a</i>", (1, 5), "closes what is not open", id="closes-another"),
        pytest.param("<details>\n\na", (1, 1), "<details> is not closed", id="would-hide-the-note"),
        pytest.param("a\n```\nb", (2, 1), "what stands below", id="would-make-code-of-the-note"),
        pytest.param("[a](javascript:alert(1))", (1, 5), "links lead to https://", id="a-link-that-does-something"),
        pytest.param("/no-bot", (1, 1), "/no-bot could be read as a command", id="a-command"),
        pytest.param("a\n\n  /label bug", (3, 3), "/label could be read as a command", id="another-bot's-command"),
        pytest.param("a\n/{{ repository }}", (1, 1), "/trail-maps could", id="a-command-as-a-value"),
        pytest.param("a\u202eb", (1, 2), "U+202E", id="turned-around"),
        pytest.param("a\x07b", (1, 2), "U+0007", id="a-bell"),
    ],
)  # fmt: skip
def test_what_does_harm_is_refused_with_its_place(text: str, place: tuple[int, int], says: str) -> None:
    found = mistakes(text)[0]
    assert says in found.what
    if says != "/trail-maps could":
        assert (found.line, found.column) == place
    assert mistakes(f"Welcome! {found.example}") == [], found.example


def test_messages_that_do_not_exist_are_named() -> None:
    assert mistakes("a", "welcome-isue")[0].what == "there is no message welcome-isue; did you mean welcome-issue?"


def said() -> Iterator[Say]:
    yield from {(say.template, *sorted(map(str, say.values.items()))): say for say in messages()}.values()


def test_the_table_holds_what_the_rules_give_and_nothing_else() -> None:
    assert {say.template for say in said()} & words.kinds() == set(MESSAGES)
    for say in (say for say in said() if say.template in MESSAGES):
        table = MESSAGES[say.template]
        assert {"author", *say.values} == set(table)
        for name, value in say.values.items():
            if isinstance(value, dict) and all(number.isdigit() for number in value):
                usual = table[name].samples[0]
                assert isinstance(usual, dict)
                assert all(list(one) == list(usual["1"]) for one in value.values() if isinstance(one, dict))
            elif isinstance(value, dict):
                assert list(value) == fields(table[name])
            else:
                assert type(value) in map(type, table[name].samples)
    assert set(MESSAGES["welcome-issue"]["came"].samples) == set(Came)


def test_every_message_that_comes_unasked_is_in_the_table() -> None:
    """Answers to commands, and that a kind is muted, are said in our words alone."""
    assert words.kinds() == set(MESSAGES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", WELCOMES)
def test_the_note_that_a_bot_wrote_it_stays_below(template: str, language: str) -> None:
    say = replace(next(say for say in messages() if say.template == template), language=language)
    own = words.render(replace(say, words="Hello {{ author }} of {{ repository }}."))
    assert own.startswith(f"Hello @ada of {say.values['repository']}.\n\n<sub>")
    assert own.split("\n\n")[1:] == [words.render(say).split("\n\n")[-1]]
    assert seen(own).code == ("/no-bot",)
    quiet = words.render(replace(say, words="Hello {{ author }}.", mention=False))
    assert quiet.startswith("Hello ada.\n\n<sub>")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{{ nothing }}", id="unknown-value"),
        pytest.param("{{ call.name }}", id="none"),
        pytest.param("{% for a in range(9) %}a{% endfor %}", id="a-loop"),
        pytest.param("{% if repository == 'trail-maps' %}@grace{% else %}a{% endif %}", id="a-mention-at-times"),
        pytest.param("@{{ author }}", id="another-mention"),
        pytest.param("{{ '' }}", id="empty"),
        pytest.param("<details>", id="would-hide-the-note"),
        pytest.param("a" * 5000, id="too-long"),
        pytest.param("{{" + "(" * 3000, id="brackets-without-end"),
    ],
)
def test_where_own_words_cannot_be_written_the_shipped_ones_are(text: str) -> None:
    say = next(say for say in messages() if say.template == "welcome-merge" and say.values["call"] is None)
    assert words.render(replace(say, words=text)) == words.render(say)


def test_values_in_own_words_are_escaped() -> None:
    say = next(say for say in messages() if say.values["call"])
    assert "Summit\\_Tea" in words.render(replace(say, words="{{ call.name }}"))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        pytest.param(
            "{{ this }} {% is %} {# as #} it {stands}", "{{ this }} {% is %} {# as #} it {stands}", id="braces"
        ),
        pytest.param("{% raw %}{{{% endraw %}", "{% raw %}{{{% endraw %}", id="raw"),
        pytest.param("a\n  {{ b }}", "a\n  {{ b }}", id="blanks-before"),
        pytest.param("ask @ada or @a/b, a@b.org", "ask `@ada` or `@a/b`, a@b.org", id="mentions"),
        pytest.param("ask &#64;ada", "ask `@ada`", id="a-mention-as-an-entity"),
        pytest.param("`@ada` https://a.org/@ada", "`@ada` https://a.org/@ada", id="what-is-no-mention"),
        pytest.param("a <!-- b\nc --> d<!-- e", "a  d", id="comments"),
        pytest.param("<p align=center>a <b>b</b></p>", "a <b>b</b>", id="tags"),
        pytest.param("a\n/label b", "a\n\\/label b", id="a-command"),
        pytest.param("```\n@ada {{ a }}\n```\n", "```\n@ada {{ a }}\n```", id="code"),
    ],
)
def test_raw_text_is_written_as_it_is(text: str, written: str) -> None:
    template = words.literal(text)
    assert wording.write(template, {}, author="ada") == written
    assert mistakes(template) == []


HARM: Final = [
    "@ada",
    "`",
    "```",
    "\n",
    "<!--",
    "-->",
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "<b>",
    "</sub>",
    " ",
    "/no-bot",
    "&#64;",
    "x",
    "raw",
]


@settings(deadline=None, max_examples=200)
@given(st.lists(st.sampled_from(HARM), max_size=12).map("".join))
def test_raw_text_never_computes_anything(text: str) -> None:
    template = words.literal(text)
    for values in samples("welcome-merge"):
        assert wording.write(template, values, author="grace") == wording.write(template, {}, author="")


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.sampled_from([*HARM, "{{ author }}", "{% if again %}", "{% endif %}", "{{ '@' }}"]), max_size=12).map(
        "".join
    )
)
def test_whatever_is_written_nobody_else_is_mentioned_and_the_note_stands(text: str) -> None:
    say = next(say for say in messages() if say.template == "welcome-issue")
    own = words.render(replace(say, words=text, mention=False))
    assert own.split("\n\n")[-1] == words.render(say).split("\n\n")[-1]
    assert prose.faults(own.removesuffix(own.split("\n\n")[-1])) == []
