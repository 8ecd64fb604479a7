"""The messages as a reader sees them: every language, every message, every combination that the rule can give."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import settings as slowly
from hypothesis import strategies as st
from jinja2 import meta, nodes
from markdown_it import MarkdownIt

from bot import shipped, words
from bot.effects import Say, Value
from bot.model import (
    Person,
    PersonId,
    ThreadKind,
)
from bot.rules import welcome
from bot.words import WordsError, render
from tests.rules.scenes import MAPS, NOW, look
from tests.spoken import LINKS, POINTERS, TEA, configured, messages, scenes

LANGUAGES: Final = words.languages()
# Of each language: how it says that a bot speaks, and why.
ADMITS: Final = {
    "en": (
        "I am a bot.",
        (
            r"because (this is your first|you wrote |maintainers |your report |you agreed |a pull request "
            r"|the issue is |you are |this waits |people agreed |mentors were |you took part |you belong )"
        ),
    ),
    "es": (
        "Soy un bot.",
        (
            r"porque (es|escribiste|quienes|tu informe|aceptaste|se integró|aquí|la incidencia|estás|esto espera"
            r"|hay gente|participaste|tutorizas|formas) "
        ),
    ),
}
MOST_WORDS: Final = 120
LONGER: Final = {
    "answer-help-can": 400,
    "triage-nudge": 220,
    "mentoring-plan": 190,
    "mentoring-ask": 140,
    "cohort-reviews": 180,
    "thanks-story": 230,
    "farewell-checklist": 700,
}  # they hold lists, and may have so many words
LISTS: Final = {f"{kind}_{end}" for kind in ("bullet_list", "list_item", "strong", "em") for end in ("open", "close")}
WITH_LISTS: Final = {
    "answer-path", "triage-nudge", "mentoring-plan", "mentoring-check", "mentoring-thanks", "cohort-reviews",
    "cohort-thanks", "farewell-checklist",
}  # fmt: skip
TICKED: Final = {"farewell-checklist"}  # they have boxes to tick
FOLDED: Final = {"advice"}  # a part of it is shown to whoever opens it
MARKDOWN: Final = MarkdownIt("commonmark").enable(["strikethrough", "table"])


@dataclass(frozen=True)
class Seen:
    """A message in a browser: its text, where its links lead, and whatever else it is made of."""

    text: str
    links: tuple[str, ...]
    code: tuple[str, ...]
    kinds: frozenset[str]


def seen(markdown: str) -> Seen:
    blocks = MARKDOWN.parse(markdown)
    pieces = [piece for block in blocks for piece in (block.children if block.children is not None else [block])]
    breaks = {"paragraph_close": "\n\n", "softbreak": "\n"}
    text = "".join(breaks.get(piece.type, "" if piece.type == "html_inline" else piece.content) for piece in pieces)
    return Seen(
        text.strip(),
        tuple(unquote(str(piece.attrs["href"])) for piece in pieces if piece.type == "link_open"),
        tuple(piece.content for piece in pieces if piece.type == "code_inline"),
        frozenset(piece.content if piece.type == "html_inline" else piece.type for piece in pieces),
    )


TEMPLATES: Final = sorted({file.stem for file in (shipped.MESSAGES / "en").glob("*.md")} - {"parts"})
EVERY: Final = pytest.mark.parametrize("template", TEMPLATES)
SPOKEN: Final = pytest.mark.parametrize("language", LANGUAGES)


@cache
def said(template: str, language: str) -> list[tuple[Say, str, Seen]]:
    """Rendered once for all that is asked of it."""
    texts = [(say, render(replace(say, language=language))) for say in messages() if say.template == template]
    return [(say, text, seen(text)) for say, text in texts]


def links_of(say: Say) -> set[str]:
    links = say.values.get("links", {})
    assert isinstance(links, Mapping)
    return {str(link) for link in links.values() if link} | {*addresses(say.values)}


def addresses(value: Value) -> Iterator[str]:
    """The links of a path."""
    for name, inner in value.items() if isinstance(value, Mapping) else ():
        if name in {"url", "map"} and isinstance(inner, str) and inner:
            yield inner
        elif name != "call":
            yield from addresses(inner)


def test_the_rules_use_every_message() -> None:
    assert {say.template for say in messages()} == set(TEMPLATES)


@SPOKEN
@EVERY
def test_a_message_is_short_and_well_set(template: str, language: str) -> None:
    for say, text, shown in said(template, language):
        assert len(shown.text.split()) <= LONGER.get(template, MOST_WORDS), shown.text
        assert shown.kinds <= {
            "paragraph_open", "paragraph_close", "text", "link_open", "link_close", "code_inline", "<sub>", "</sub>",
            "bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close", "fence",
            *(LISTS if template in WITH_LISTS else ()),
            *({"html_block"} if template in FOLDED else ()),
        }, text  # fmt: skip
        assert not re.search(r"\n{3,}|^\s|\s$|[ \t]\n|  | [.,:;!?]|\.\.|,\.|\(\)|\[\]", text), text
        bare = shown.text.replace("[ ] ", "") if template in TICKED else shown.text
        assert not re.search(r"[{}\\\[\]]|\bNone\b|\bTrue\b|\bFalse\b|ndefined", bare), shown.text
        origin = say.values.get("origin")
        told = {
            say.values.get("url"),
            say.values.get("chat"),
            say.values.get("talk"),
            say.values.get("guide_url"),
            origin.get("url") if isinstance(origin, Mapping) else None,
        }
        known = {f"{MAPS.url}/contribute", "https://tea.org/next_one", POINTERS}
        assert set(shown.links) <= links_of(say) | told | known


@SPOKEN
@EVERY
def test_a_message_gives_the_links_and_the_call_that_there_are(template: str, language: str) -> None:
    for say, _, shown in said(template, language):
        again, call = bool(say.values.get("again")), say.values.get("call")
        if template != "welcome-merge" and not again:
            assert links_of(say) <= set(shown.links)
        if template != "welcome-another-repo" and not again and isinstance(call, dict):
            assert f"{call['name']}, {call['at']}." in shown.text
            assert not call["url"] or call["url"] in shown.links


@SPOKEN
@EVERY
def test_a_message_says_that_it_is_a_bot_and_why_and_how_to_stop_it(template: str, language: str) -> None:
    assert language in ADMITS, "add to ADMITS how this language says it"
    for _, text, shown in said(template, language):
        assert shown.code[-1] == "/no-bot"
        assert text.count("<sub>") == text.count("</sub>") == 1
        last = shown.text.split("\n\n")[-1]
        assert all(re.search(words, last) for words in ADMITS[language]), last


@SPOKEN
@EVERY
def test_nobody_is_mentioned_but_who_it_is_for(template: str, language: str) -> None:
    for say, text, _ in said(template, language):
        assert re.findall(r"@\S*\w", text) == (["@ada"] if say.mention else [])
        without = render(replace(say, language=language, mention=False))
        assert without == text.replace("@ada", "ada")


@pytest.mark.parametrize("login", ["ada-lovelace", "ada_b_acme", "Ada", "goat[bot]"])
def test_logins_show_as_they_are(login: str) -> None:
    for say in {say.template: say for say in messages()}.values():
        text = seen(render(replace(say, to=Person(PersonId(7), login)))).text
        assert "author" not in words_used(say.template) or ("@" if say.mention else "") + login in text


NAMES: Final = ["_maps_", "__init__", "snake_case_name", "a.b-c", "-maps", "1.", "#maps"]
CALL_NAMES: Final = [
    "*Tea*", "_Tea_ & __Cake__", "~~Tea~~", "Tea | Cake", "# Tea", r"Tea \o/", "Tea {{ author }}", "Tea &amp; Cake",
    "&#42;", "!Tea", "Q&A", "1. Tea", "- Tea", "Tea ☕", "{% raw %}",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_names_of_places_show_as_they_are(name: str) -> None:
    repo = replace(MAPS, name=name, owner=name, url=f"https://github.com/{name}/{name}")
    for scene in scenes():
        for say in welcome.decide(look(**scene, repo=repo), configured(LINKS, TEA), NOW):
            assert isinstance(say, Say)
            shown = seen(render(say))
            assert name in shown.text
            assert all(name in link for link in shown.links)


PRINTABLE: Final = st.characters(categories=["L", "N", "P", "S", "Zs"], exclude_characters="[]()<>@`")
ANY_NAME: Final = st.one_of(
    st.sampled_from(CALL_NAMES),
    st.text(PRINTABLE, min_size=1, max_size=80),
    st.text(st.sampled_from("*_~\\#|!&;:x 1.-+={}\"'amp"), min_size=1, max_size=20),
)


@slowly(deadline=None)
@given(name=ANY_NAME, linked=st.booleans())
def test_names_of_calls_show_as_they_are(name: str, linked: bool) -> None:
    call = TEA.model_copy(update={"name": name, "url": "https://tea.org" if linked else None})
    for scene in [{}, {"kind": ThreadKind.PULL_REQUEST, "merged_at": NOW, "is_open": False}]:
        [say] = welcome.decide(look(**scene), configured({}, call), NOW)
        assert isinstance(say, Say)
        assert " ".join(name.split()) in " ".join(seen(render(say)).text.split())


@pytest.mark.parametrize(
    "link",
    [
        "https://a.org/_b_*c*~d~", "https://a.org/#b|c", "https://a.org/?a=1&b=2&copy=3", "https://a.org/&amp;&copy;",
        "https://a.org/[b]", "https://a.org/b\\c", "https://a.org/`b`", "https://a.org/!", "https://a.org/'\"",
    ],
)  # fmt: skip
def test_links_lead_where_they_should(link: str) -> None:
    [say] = welcome.decide(look(), configured({"chat": link}, TEA.model_copy(update={"url": link})), NOW)
    assert isinstance(say, Say)
    assert seen(render(say)).links == (link, link)


def tree(language: str, name: str) -> nodes.Template:
    environment = words._templates(language, shipped.MESSAGES)
    return environment.parse((shipped.MESSAGES / language / name).read_text("utf-8"))


@SPOKEN
def test_every_language_has_the_same_messages_and_uses_the_same_values(language: str) -> None:
    files = texts(language)
    assert files == texts("en")
    for name in files:
        here, english = tree(language, name), tree("en", name)
        assert meta.find_undeclared_variables(here) == meta.find_undeclared_variables(english), name
        assert macros(here) == macros(english), name


def texts(language: str) -> list[str]:
    """Messages and documents."""
    folder = shipped.MESSAGES / language
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.md"))


def words_used(template: str) -> set[str]:
    """What a message is given and uses."""
    return meta.find_undeclared_variables(tree("en", f"{template}.md"))


def macros(template: nodes.Template) -> dict[str, list[str]]:
    return {macro.name: [arg.name for arg in macro.args] for macro in template.find_all(nodes.Macro)}


def test_a_template_is_given_what_its_rule_gives_and_nothing_else(tmp_path: Path) -> None:
    say = replace(messages()[0], values={"place": {"name": "a_b"}, "count": 3, "there": True, "none": None})
    assert written(tmp_path, "{{ place.name }} {{ count }} {{ there }} {{ none is none }}", say) == r"a\_b 3 True True"


def written(root: Path, text: str | bytes, say: Say | None = None) -> str:
    (root / "en").mkdir()
    (root / "en" / "message.md").write_bytes(text.encode() if isinstance(text, str) else text)
    return render(replace(say or messages()[0], template="message", language="en"), root=root)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Hello {{ nobody }}", id="unknown-value"),
        pytest.param("Hello {{ links.nothing }}", id="unknown-part-of-a-value"),
        pytest.param("{% if nobody %}Hello{% endif %}", id="unknown-value-in-a-condition"),
        pytest.param("Hello {{ author ", id="open-braces"),
        pytest.param("{% if author %}Hello", id="no-endif"),
        pytest.param("{{ author | shout }}", id="unknown-filter"),
        pytest.param("{% include 'other.md' %}", id="missing-part"),
        pytest.param("{{ answer_minutes < 90 }}", id="compares-none-with-a-number"),
        pytest.param("{{ 1 / (author | length - 4) }}", id="divides-by-zero"),
        pytest.param("{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}", id="calls-itself-for-ever"),
        pytest.param(b"Gr\xfc\xdfe {{ author }}", id="not-utf-8"),
        pytest.param("{{ author.__class__ }}", id="reaches-for-python"),
        pytest.param("{{ ''.__class__.__mro__[1].__subclasses__() }}", id="reaches-for-every-class"),
        pytest.param("{{ cycler.__init__.__globals__.os }}", id="reaches-for-the-system"),
        pytest.param("{{ '{0.__class__}'.format(author) }}", id="reaches-by-format"),
        pytest.param("{{ links.update({'chat': 'x'}) }}", id="changes-its-values"),
        pytest.param("{% include '../../etc/passwd' %}", id="reaches-for-other-files"),
        pytest.param("{% include '/etc/passwd' %}", id="reaches-for-any-file"),
        pytest.param("{% for _ in range(1000000000) %}x{% endfor %}", id="goes-on-for-ever"),
    ],
)
def test_a_message_that_cannot_be_written_is_a_words_error(text: str | bytes, tmp_path: Path) -> None:
    with pytest.raises(WordsError, match=r"^en/message\.md: "):
        written(tmp_path, text)


def test_missing_messages_and_languages_are_named(tmp_path: Path) -> None:
    for language in ("en", "fr"):
        (tmp_path / language).mkdir()
    assert words.languages(tmp_path) == ["en", "fr"]
    with pytest.raises(WordsError, match=r"^fr/welcome-issue\.md: "):
        render(replace(messages()[0], template="welcome-issue", language="fr"), root=tmp_path)
    with pytest.raises(WordsError, match="no messages in the language tlh; there are: en, fr"):
        render(replace(messages()[0], language="tlh"), root=tmp_path)


def documented(root: Path, text: str, **values: words.Shown) -> str:
    (root / "en" / "documents").mkdir(parents=True)
    (root / "en" / "documents" / "paper.md").write_text(text)
    return words.document("paper", "en", values, root=root)


def test_a_document_shows_its_values_as_they_are(tmp_path: Path) -> None:
    text = "{{ name }} {{ count }} {{ none is none }}{% for one in list %}, {{ one.name }}{% endfor %}"
    values: dict[str, words.Shown] = {"name": "a_b", "count": 3, "none": None, "list": [{"name": "*c*"}, {"name": "d"}]}
    assert documented(tmp_path, text, **values) == r"a\_b 3 True, \*c\*, d"


@pytest.mark.parametrize("name", ["ada", "a_b", "goat[bot]", "`", "a``b|c", "@ada", "\\"])
def test_a_document_shows_names_in_code_as_they_are(name: str, tmp_path: Path) -> None:
    assert seen(documented(tmp_path, "by {{ name | code }}", name=name)).code == (name,)


def test_a_document_mentions_nobody_and_keeps_its_lines(tmp_path: Path) -> None:
    text = documented(tmp_path, "{{ why }}", why="asked by @ada\n# of the team")
    assert (re.findall(r"@\w", text), text.count("\n")) == ([], 0)


def test_a_document_that_cannot_be_written_is_a_words_error(tmp_path: Path) -> None:
    with pytest.raises(WordsError, match=r"^en/documents/paper\.md: UndefinedError"):
        documented(tmp_path, "{{ nothing }}")
    with pytest.raises(WordsError, match=r"^en/documents/none\.md: TemplateNotFound"):
        words.document("none", "en", {}, root=tmp_path)
