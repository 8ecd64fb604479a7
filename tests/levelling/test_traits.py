"""What a title and a text tell, as tables; and that no text makes it fail, or take long."""

import time
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from bot import words
from bot.levelling.areas import AreaWords, shipped
from bot.levelling.reasons import LABELLED, NAME, SIMILAR, Reason, in_words
from bot.levelling.traits import LONGEST, traits
from bot.levelling.vocabulary import SEEN, TOGETHER, TRAITS
from bot.shipped import MESSAGES

TEMPLATE: Final = """\
<!-- Thank you for your report!
Please search the forum first, there are guides and a security policy. -->

### Bug description

{description}

### How to reproduce

1. Go to '...'
2. Click on '....'

#### Expected behaviour

### Your personal set up

 - OS:
Ubuntu 22.04, on our own cluster
 - Version(s):
3.1.4

<details><summary>Logs</summary>

```
# paste relevant logs here, if any
```
</details>
"""
TRACEBACK: Final = """\
Since yesterday:

```
[E 2026-03-01 10:00:00.123 Lighthouse app:88] Lamp went out
Traceback (most recent call last):
  File "/srv/lamp.py", line 12, in burn
RuntimeError: no oil
```
"""
SETTINGS: Final = "```yaml\nlamp:\n  oil: whale\n  wick: 3\n```"


@pytest.mark.parametrize(
    ("title", "body", "there", "absent"),
    [
        ("Typo in the guide", "", "docs-title one-place docs no-text", "error"),
        ("Lamp", "", "short-title no-text", "short-text"),
        ("The lamp goes out", "It does.", "short-text", "no-text long-text"),
        ("The lamp goes out", "It burns. " * 200, "long-text", "short-text"),
        ("Can the lamp burn longer?", "Who knows?", "title-asks text-asks", "no-text"),
        ("How do I refill the lamp", "", "how-to", "wish"),
        ("Add a second wick", "", "wish", "how-to"),
        ("Adding oil: add a second wick", "", "wish", ""),
        ("[Lamp] Feature request: allow two wicks", "", "wish", ""),
        ("Two wicks do not add up", "", "", "wish"),
        ("Lamp", TRACEBACK, "traceback log error code", "config names-file"),
        ("Lamp", SETTINGS, "config code", "log traceback"),
        ("Lamp", "It worked until 2.1 and fails with 2.2.", "version regression symptom", "config"),
        ("Lamp", "See lamp.py and `burn()`", "names-file names-code", "links-code"),
        ("Lamp", "https://example.org/a/b/blob/main/lamp.py#L12", "links-code links-page names-file", ""),
        ("Lamp", "The same as #12.", "links-thread", "links-page"),
        ("Lamp", "- [ ] oil\n- [ ] wick\n- [ ] glass\n", "parts", "steps"),
        ("Lamp", "I don't know what is wrong, it doesn't work, any help?", "asks-help symptom", ""),
        ("Any password lights the lamp", "It should refuse.", "security expected", ""),
        ("Race condition between two keepers", "", "timing", "security"),
        ("Explore other fuels", "", "research", ""),
        ("The lighthouse is down: 503", "", "operations", ""),
        ("[See this](https://example.org/pull/3)", "", "no-task", ""),
        ("Lamp flickers", "No logs, sorry.", "lacks", ""),
    ],
)  # fmt: skip
def test_what_a_text_tells(title: str, body: str, there: str, absent: str) -> None:
    found = traits(title, body)
    assert set(there.split()) - found == set()
    assert found & set(absent.split()) == set()


def test_what_a_template_says_is_none_of_its_author() -> None:
    bare = traits("Lamp", TEMPLATE.format(description="It flickers."))
    assert bare & {"security", "steps", "expected", "own-system", "log", "code", "parts", "docs", "regression"} == set()
    assert "version" in bare


def test_a_section_counts_if_something_stands_in_it() -> None:
    filled = TEMPLATE.replace("1. Go to '...'\n2. Click on '....'", "Light it, then wait.")
    assert "steps" in traits("Lamp", filled.format(description="It flickers."))


def test_what_is_in_code_is_no_prose() -> None:
    assert "security" not in traits("Lamp", "```\nsecurity vulnerability\n```")
    assert "security" in traits("Lamp", "```\nx\n```\nsecurity vulnerability")


def test_in_a_long_text_one_word_says_little() -> None:
    filler = "The sea was calm and the keeper wrote a letter to nobody. " * 20
    assert "timing" not in traits("Lamp", f"{filler} async")
    assert "timing" in traits("Lamp", f"{filler} async deadlock")
    assert "timing" in traits("Lamp", f"{filler} a race condition")


def test_areas_are_those_of_the_organisation() -> None:
    ours = {"lamp": AreaWords(words=frozenset({"wick", "whale oil", ".lmp"}))}
    assert traits("Trim the wicks", "", ours) >= {"area:lamp"}
    assert traits("It smokes", "Is it the whale oil?", ours) >= {"near:lamp"}
    assert "near:lamp" not in traits("Trim the wick", "The wick!", ours)
    assert traits("Read north.lmp", "", ours) >= {"area:lamp"}
    assert "area:auth" not in traits("Cannot login", "", ours)


def test_the_vocabulary_is_fixed() -> None:
    """What is stored of a text are these names, and nothing else."""
    areas = {f"{where}:{name}" for where in ("area", "near") for name in shipped().areas}
    for title, body in (("Lamp", TRACEBACK), ("Cannot login: spawner stuck?", TEMPLATE), (SETTINGS, SETTINGS)):
        assert traits(title, body) <= {*TRAITS, *areas}


@pytest.mark.parametrize("language", words.languages())
def test_every_trait_says_something(language: str) -> None:
    """Each something of its own, but for the sizes, which are told in numbers."""
    sizes = {"similar:small", "similar:middling", "similar:large"}
    names = {*TRAITS, *TOGETHER, *SEEN} - sizes
    said = in_words([Reason(name=name) for name in sorted(names)], language)
    assert len(set(said)) == len(said)
    assert all(one and not one.endswith(".") and len(one) <= 75 for one in said)
    table = YAML(typ="safe", pure=True).load((MESSAGES / language / NAME).read_text("utf-8"))
    assert {*table["says"]} == names | {LABELLED, SIMILAR}


@given(st.text(max_size=400), st.text(max_size=2_000))
def test_no_text_makes_it_fail(title: str, body: str) -> None:
    assert traits(title, body) == traits(title, body)


@given(
    st.lists(st.sampled_from(["```", "<!--", "-->", "# Logs", "**", "- [ ]", "#L1", "'...'", "", "a.b.c", "`", "\0"]))
)
def test_no_markdown_makes_it_fail(pieces: list[str]) -> None:
    traits("\n".join(pieces), "\n".join(pieces))


@pytest.mark.parametrize(
    "piece",
    ["a", "a.", "`", "`a", "1.", "Aa", "a_", "a(", " ", "\n", "<!--\n", "```\n", "#\n", "- ", "c.A", "[", "\ufb03",
     "#1", "word ", "https://", "not not ", "line 1 ", "/pull/"],
)  # fmt: skip
def test_hostile_texts_take_no_longer_than_others(piece: str) -> None:
    """Ten times the text may take ten times as long, not a hundred times: so nothing hangs."""
    text = piece * (LONGEST // len(piece))
    started = time.process_time()
    traits(text, text * 10)
    assert time.process_time() - started < 0.5
