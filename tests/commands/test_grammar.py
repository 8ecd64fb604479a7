"""Commands in what people write: found where their writer speaks, and nowhere else, in any text and in time."""

import re
from collections.abc import Callable
from time import process_time
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.commands.catalog import UNKNOWN
from bot.commands.grammar import KNOWN, Command, read

STOP: Final = Command("no-bot", "")
LONGEST: Final = 65_536  # characters, GitHub's limit for a comment
IN_TIME: Final = 4.0  # seconds of computing for the worst comment, on a slow machine too


@pytest.mark.parametrize(
    ("text", "args"),
    [
        pytest.param("/no-bot", "", id="alone"),
        pytest.param("/no-bot\n", "", id="with-a-line-break"),
        pytest.param("/No-bot", "", id="with-the-capital-of-a-telephone"),
        pytest.param("/NO-BOT", "", id="shouted"),
        pytest.param("/no-bot.", "", id="with-a-full-stop"),
        pytest.param("/no-bot, thanks!", "thanks!", id="with-a-comma"),
        pytest.param("/no-bot off", "off", id="with-an-argument"),
        pytest.param("/no-bot  off \t now ", "off \t now", id="with-arguments"),
        pytest.param("/no-bot   \t", "", id="blanks-behind"),
        pytest.param("   /no-bot", "", id="a-few-blanks-before"),
        pytest.param("Thanks!\r\n\r\n/no-bot off\r\n\r\nBye\r\n", "off", id="lines-of-windows"),
        pytest.param("Thanks!\n\n/no-bot\n\nBye", "", id="between-paragraphs"),
        pytest.param("Thanks!\n/no-bot\nBye", "", id="in-the-middle-of-a-paragraph"),
        pytest.param("Thanks,\nbut:\n/no-bot", "", id="at-the-end-of-a-paragraph"),
        pytest.param("> I am a bot.\n\n/no-bot", "", id="below-a-quote"),
        pytest.param("```\nlog\n```\n/no-bot", "", id="below-code"),
        pytest.param("- one\n- two\n\n/no-bot", "", id="below-a-list"),
        pytest.param("# Title\n/no-bot", "", id="below-a-heading"),
        pytest.param("| a |\n|---|\n| b |\n\n/no-bot", "", id="below-a-table"),
        pytest.param("<!-- template -->\n/no-bot", "", id="below-a-comment-of-html"),
        pytest.param("<details>\n\nlog\n\n</details>\n\n/no-bot", "", id="below-details"),
        pytest.param("<!-- logs go in <details> -->\n\n/no-bot", "", id="below-a-hint-of-the-template"),
        pytest.param("/no-bot\n\nOn Mon, Ada wrote:\n> hello", "", id="above-what-is-answered"),
        pytest.param("/hold\n/no-bot\n/merge now", "", id="among-commands-of-others"),
        pytest.param("/no-bot because of *this* and `that`", "because of *this* and `that`", id="markup-in-arguments"),
        pytest.param("*A*\n/no-bot\n`b`", "", id="markup-around"),
        pytest.param("/no-bot\n\n" + "x" * LONGEST, "", id="at-the-beginning-of-a-long-text"),
    ],
)
def test_a_command_on_a_line_of_its_own_counts(text: str, args: str) -> None:
    assert read(text) == (Command("no-bot", args),)


def test_all_of_them_are_found_in_their_order() -> None:
    assert read("/no-bot off\n\nNo:\n/no-bot") == (Command("no-bot", "off"), STOP)


# Each holds a whole line with a command, so that nothing but the place can keep it from counting.
ELSEWHERE: Final = {
    "quote": "> /no-bot",
    "quote over more lines": "> I am a bot.\n> Comment\n> /no-bot\n> and I stop.",
    "quote that goes on without its mark": "> Comment\n/no-bot",
    "quote in a quote": "> > /no-bot",
    "quote of html": "<blockquote>\n\n/no-bot\n\n</blockquote>",
    "fence": "```\n/no-bot\n```",
    "fence of tildes": "~~~\n/no-bot\n~~~",
    "fence with its language": "```console\n$ ls\n/no-bot\n```",
    "fence that stays open": "```\n/no-bot",
    "fence in a list": "- x\n  ```\n  /no-bot\n  ```",
    "indented code": "    /no-bot",
    "code indented by a tab": "\t/no-bot",
    "code inside a line": "`/no-bot`",
    "code over more lines": "Write `some\n/no-bot\ncode` here",
    "comment of html": "<!--\n/no-bot\n-->",
    "comment of html with empty lines": "<!--\n\n/no-bot\n\n-->",
    "comment of html inside a line": "Thanks <!-- or\n/no-bot\n--> a lot",
    "comment of html that stays open": "<!--\n\n/no-bot",
    "block of html": "<div>\n/no-bot\n</div>",
    "preformatted html": "<pre>\n\n/no-bot\n\n</pre>",
    "details of html": "<details><summary>Log</summary>\n\n/no-bot\n\n</details>",
    "attribute of html": 'See <a title="\n/no-bot\n">this</a>',
    "list": "- /no-bot",
    "list with numbers": "1. /no-bot",
    "list that goes on": "- Comment\n/no-bot",
    "paragraph of a list": "- Comment\n\n  /no-bot",
    "task": "- [ ] /no-bot",
    "heading": "# /no-bot",
    "heading below another line": "/x\n\n## /no-bot",
    "underlined heading": "/no-bot\n=======",
    "table": "| what |\n|---|\n| x |\n/no-bot",
    "table without its frame": "command | what\n--- | ---\n/no-bot | stops me",
    "title of a link": 'See [this](https://example.org "or\n/no-bot\n")',
    "text of a link": "See [this\n/no-bot\none](https://example.org)",
    "definition of a link": "[x]:\n/no-bot",
    "answer by e-mail": "Yes.\n\nOn Mon, 23 Nov 2026 at 10:00, Ada Lovelace <ada@example.org> wrote:\n\n/no-bot",
    "answer by e-mail in two lines": "Yes.\n\nOn Mon, 23 Nov 2026, Ada Lovelace\n<ada@example.org> wrote:\n\n/no-bot",
    "answer by Outlook": "Yes.\n\n-----Original Message-----\nFrom: Ada\n\n/no-bot",
    "answer by Outlook with a line": "Yes.\n\n________________________________\nFrom: Ada\n\n/no-bot",
    "prose": "please use /no-bot",
    "prose with the command first": "/no-bot: stops me",
    "path": "/no-bot/x",
    "longer word": "/no-bots",
    "other command": "/no-bot-please",
    "no slash": "no-bot",
    "two slashes": "//no-bot",
    "blank behind the slash": "/ no-bot",
    "escaped slash": "\\/no-bot",
    "entity for the slash": "&#47;no-bot",
    "other line breaks": "use\u2028/no-bot\x0b/no-bot\x0c/no-bot\x85/no-bot",
    "bold": "**/no-bot**",
    "bold over more lines": "**Do not\n/no-bot\nme**",
}


@pytest.mark.parametrize(
    ("text", "name", "args"),
    [
        pytest.param("@switchback claim", "claim", "", id="by-its-name"),
        pytest.param("@Switchback Claim!", "claim", "", id="with-capitals"),
        pytest.param("@switchback[bot] claim", "claim", "", id="by-its-whole-login"),
        pytest.param("@switchback, claim", "claim", "", id="with-a-comma"),
        pytest.param("@switchback: /claim", "claim", "", id="with-both"),
        pytest.param("Hello!\n@switchback snooze 2 weeks\nBye", "snooze", "2 weeks", id="with-an-argument"),
        pytest.param("@switchback pause 2 weeks", "switchback", "pause 2 weeks", id="what-steers-it"),
        pytest.param("@switchback status", "switchback", "status ", id="what-steers-it-by-one-word"),
        pytest.param("@switchback clame", UNKNOWN, "claim", id="a-slip"),
        pytest.param("@switchback snoze 2 weeks", UNKNOWN, "snooze", id="a-slip-with-an-argument"),
        pytest.param("@switchback dance", UNKNOWN, "", id="a-word-that-is-like-none"),
        pytest.param("@switchback dance\r\n\r\nBye", UNKNOWN, "", id="and-with-lines-of-windows"),
    ],
)
def test_a_command_may_be_addressed(text: str, name: str, args: str) -> None:
    assert read(text) == (Command(name, args, "switchback"),)


@pytest.mark.parametrize(
    "text",
    [
        "Yes", "yes", "assign", "claim", "I claim this", "/clame", "@switchback", "@switchback!", "@switchback Thanks!",
        "@switchback yes", "@switchback thank you for the list", "@switchback helps a lot",
        "@ada could you have a look?",
        "@ada, @switchback claim", "Ask @switchback claim", "claim @switchback", "@switch_back claim",
        "@@switchback claim",
        "ada@switchback claim", "@alpine-tools/guides claim", "@switchback's claim", "`@switchback claim`",
    ],
)  # fmt: skip
def test_prose_never_asks_for_anything(text: str) -> None:
    assert read(text) == ()
    assert read(f"/x\n\n{text}") == ()


@pytest.mark.parametrize("text", ELSEWHERE.values(), ids=[name.replace(" ", "-") for name in ELSEWHERE])
@pytest.mark.parametrize("above", ["", "/x\n\n"], ids=["alone", "below-another-command"])
def test_elsewhere_it_does_not_count(text: str, above: str) -> None:
    assert read(above + text) == ()
    assert read((above + text).replace("\n", "\r\n")) == ()


@pytest.mark.parametrize("text", ELSEWHERE.values(), ids=[name.replace(" ", "-") for name in ELSEWHERE])
def test_elsewhere_it_does_not_count_with_the_name_of_the_bot_either(text: str) -> None:
    if text not in {"[x]:\n/no-bot", "/no-bots", "/no-bot-please"}:  # that is prose and a command, and slips
        assert read(f"/x\n\n{text.replace('/no-bot', '@switchback no-bot')}") == ()


def test_texts_without_anything() -> None:
    assert read("") == read("\n\n") == read("/") == read("Hello") == ()


def test_arguments_are_cut_to_what_is_kept() -> None:
    [command] = read("/no-bot " + "x" * 1000)
    assert command.args == "x" * 200


MARKS: Final = ["/no-bot", "/no-bot off", "/", "no-bot", "/x", "please use /no-bot", "`", "```", "~~~", ">", "- ",
                "1. ", "#", "|", "---", "===", "<!--", "-->", "<div>", "</div>", "<details>", "*", "_", "[", "](", ")",
                "\\", "&", "    ", "\t", " ", "a", "On x wrote:", "\u2028", "\x0b", "\x85"]  # fmt: skip
BREAKS: Final = ["\n", "\n\n", "\r\n", "\r"]
TEXTS: Final = st.lists(st.sampled_from([*MARKS, *BREAKS, "\n", "\n"]) | st.text(max_size=5), max_size=30).map("".join)
LINE: Final = re.compile(r"\s*/no-bot[.,!]*(?:[ \t].*)?\s*", re.IGNORECASE)


@given(TEXTS)
@example("use\u2028/no-bot\n\n/x")
def test_no_text_without_such_a_line_yields_a_command(text: str) -> None:
    lines = re.split(r"\r\n|\r|\n", text)
    if not any(LINE.fullmatch(line) for line in lines):
        assert read(text) == ()


@given(TEXTS)
def test_only_known_commands_come_out(text: str) -> None:
    assert {command.name for command in read(text)} <= KNOWN | {UNKNOWN}


@given(TEXTS, st.sampled_from(["> ", ">", "> > ", "    "]))
def test_a_command_that_is_quoted_or_indented_never_counts(text: str, mark: str) -> None:
    assert read("\n".join(mark + line for line in re.split(r"\r\n|\r|\n", text))) == ()


@given(TEXTS, st.sampled_from(["`", "~"]), st.sampled_from(["", "python", "/no-bot"]))
def test_a_command_in_a_fence_never_counts(text: str, mark: str, language: str) -> None:
    fence = mark * (max((len(run) for run in re.findall(f"{mark}+", text)), default=0) + 3)
    assert read(f"{fence}{language}\n{text}\n{fence}\n") == ()


@given(TEXTS)
def test_a_command_in_a_comment_of_html_never_counts(text: str) -> None:
    assert read(f"<!-- {text.replace('>', '')}\n-->") == ()


# Each is a piece of a document in which this line does not count, whatever stands above and below.
HIDES: Final[dict[str, Callable[[str], str]]] = {
    "quote": lambda line: f"> {line}",
    "quote among others": lambda line: f"> Hello\n> {line}\n> Bye",
    "fence": lambda line: f"```\n{line}\n```",
    "fence of tildes": lambda line: f"~~~console\n\n{line}\n\n~~~",
    "code": lambda line: f"Write `{line}` there",
    "list": lambda line: f"- {line}\n- and more",
    "list with numbers": lambda line: f"1. {line}",
    "paragraph of a list": lambda line: f"- one\n\n  {line}",
    "table": lambda line: f"| what |\n|---|\n| {line} |",
    "heading": lambda line: f"## {line}",
    "comment of html": lambda line: f"<!--\n\n{line}\n\n-->",
    "html": lambda line: f"<div>\n{line}\n</div>",
    "details": lambda line: f"<details>\n\n{line}\n\n</details>",
    "prose": lambda line: f"Please write {line}",
}
SAYS: Final[dict[str, Callable[[str], str]]] = {
    "alone": lambda line: line,
    "with blanks": lambda line: f" {line}  ",
    "below words": lambda line: f"Thank you.\n{line}",
    "above words": lambda line: f"{line}\nThank you, *all* of you.",
}
ENDS: Final = ["", "\n\nOn Mon, Ada wrote:\n\n{}", "\n\n-----Original Message-----\n\n{}", "\n\n```\n{}"]
COMMANDS: Final = st.builds(
    Command,
    st.sampled_from(sorted(KNOWN - {"pointers"})),  # of that only names are read from its lines
    st.text("abcxyz0189-,.:? ", max_size=20).map(lambda words: " ".join(words.split())),
    st.sampled_from([None, "switchback", "a-b-9"]),
).filter(lambda command: not command.args.startswith((".", ",")))


def written(command: Command) -> str:
    return f"{f'@{command.to} ' if command.to else '/'}{command.name} {command.args}".rstrip()


@given(COMMANDS)
def test_what_is_written_is_read_again(command: Command) -> None:
    assert read(written(command)) == (command,)


@given(
    st.lists(st.tuples(COMMANDS, st.sampled_from([*HIDES]) | st.sampled_from([*SAYS])), max_size=8),
    st.sampled_from(ENDS), COMMANDS, st.sampled_from(["\n", "\r\n"]),
)  # fmt: skip
def test_in_any_document_exactly_what_its_writer_says_counts(
    pieces: list[tuple[Command, str]], end: str, hidden: Command, line_break: str
) -> None:
    blocks = [(HIDES | SAYS)[place](written(command)) for command, place in pieces]
    text = "\n\n".join(blocks) + end.format(written(hidden))
    assert list(read(text.replace("\n", line_break))) == [command for command, place in pieces if place in SAYS]


UNITS: Final = [
    "[", "](", "![", "[a](", "[a](<b", "[a]: b\n", "[[]()", "*a ", "*a **a ", "a**b", "*_", "x*", "_a", "`", "``a ",
    "<", "<a ", "<a b='", "<!--", "<?", "<![CDATA[", "&", "&#0;", "\\", "> ", "- ", "1. ", "- a\n", "> a\n", "a\n",
    "a  \n", "\n", "\t", " ", "|", "|a", "| a\n", "#", "_", "/x\n", "/no-bot a\n\n", "On x\n", "On wrote: ", "~~~\n",
    "<details>\n\n", "<b>", "~", "@a b\n", "@a clame\n\n", "/pointers\n- a\n\n", "/pointers\n", "@a-",
]  # fmt: skip
WORST: Final = {
    **{repr(unit): unit * (LONGEST // len(unit)) for unit in UNITS},
    "nested brackets": "[" * 30_000 + "a" + "]" * 30_000,
    "nested stars": "*" * 30_000 + "a" + "*" * 30_000,
    "nested lists": "".join(f"{' ' * n}- a\n" for n in range(350)),
    "ever longer runs of backticks": "".join(f"e{'`' * n}" for n in range(1, 350)),
    "blanks in the arguments": "/no-bot a" + " " * 60_000 + "b",
    "blanks and tabs in the arguments": "/no-bot a" + "\t " * 30_000 + "b",
    "a line and blanks": "_" * 30_000 + " " * 30_000 + "x",
    "half an answer by e-mail": "On " + " wrote:  " * 7_000 + "x",
}


@pytest.mark.parametrize("text", WORST.values(), ids=WORST)
def test_the_worst_comment_is_read_in_time(text: str) -> None:
    assert len(text) <= LONGEST
    began = process_time()
    read(f"/x\n\n{text}"[:LONGEST])
    assert process_time() - began < IN_TIME
