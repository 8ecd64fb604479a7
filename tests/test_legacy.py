"""The file of the welcome bot that was there before: what is taken over from it, and that it does no harm."""

from pathlib import Path
from time import process_time
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2.sandbox import ImmutableSandboxedEnvironment
from sqlalchemy import Connection

from bot import legacy, policyfile
from bot.inforce import InForce
from bot.inforce import Policies as InForcePolicies
from bot.legacy import Legacy, read
from bot.memory import configs
from bot.memory.store import Store
from bot.model import OwnerId, Repo, RepoId
from bot.policy import Policy
from tests.memory.conftest import opened
from tests.stage import BEGIN

NAME: Final = ".github/config.yml"
OURS: Final = """\
# What greets people
newIssueWelcomeComment: |
  Hello, and thank you for the first report of yours! :hugs:<br>

  Everybody here follows the [Code of Conduct](https://alpine.example/conduct.md).
  ![a mountain goat nods](https://media.giphy.com/goat.gif)<br>
newPRWelcomeComment: >
  Thank you for the first change of yours! Come to [our forum](https://discourse.alpine.example).

firstPRMergeComment: "Merged: you made it!"

# What asks for more
requestInfoReplyComment: >
  Tell us more, please.
requestInfoDefaultTitles:
  - update readme.md
requestInfoLabelToAdd: needs-more-info
requestInfoUserstoExclude:
  - goat
requestInfoOn:
  pullRequest: false
checkIssueTemplate: true

# Of yet another bot
todo:
  keyword: "@later"
"""


def found(text: str | bytes) -> Legacy:
    return read(NAME, text.encode() if isinstance(text, str) else text)


def shown(text: str) -> str:
    """What stands there in the end, of a text of the old bot."""
    [template] = legacy.templates(Legacy(NAME, {"welcome-issue": text})).values()
    return ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True).from_string(template).render()


def test_the_three_texts_are_taken_over_and_the_rest_is_told() -> None:
    it = found(OURS)
    assert list(it.messages) == ["welcome-issue", "welcome-pull-request", "welcome-merge"]
    assert it.messages["welcome-issue"].startswith("Hello, and thank you for the first report of yours! :hugs:<br>\n\n")
    assert it.messages["welcome-merge"] == "Merged: you made it!"
    assert it.left == (
        "requestInfoReplyComment", "requestInfoDefaultTitles", "requestInfoLabelToAdd", "requestInfoUserstoExclude",
        "requestInfoOn", "checkIssueTemplate",
    )  # fmt: skip
    assert it.others == ("todo",)
    assert it.problems == ()


def test_what_is_taken_over_is_a_configuration() -> None:
    source = legacy.layer(found(OURS))
    assert source is not None
    policy = policyfile.laid_over([source])
    assert sorted(policy.messages) == ["welcome-issue", "welcome-merge", "welcome-pull-request"]
    assert policy == policyfile.defaults().model_copy(update={"messages": policy.messages})


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("# nothing\n", id="comments-only"),
        pytest.param("newIssueWelcomeComment:\n", id="nothing-said"),
        pytest.param('newIssueWelcomeComment: " \\n"\n', id="blanks"),
        pytest.param("requestInfoOn: {issue: true}\n", id="of-the-other-bot"),
        pytest.param("newIssueWelcomeComment: <!-- to be written -->\n", id="a-comment"),
        pytest.param("12: red\ntodo: {3: x}\n", id="keys-that-are-no-names"),
    ],
)
def test_where_nothing_is_said_nothing_is_taken_over(text: str) -> None:
    it = found(text)
    assert (legacy.layer(it), legacy.layers(it), it.problems) == (None, [], ())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("\nnewPRWelcomeComment: [a]\n", "2:1: newPRWelcomeComment: it is no text", id="a-list"),
        pytest.param("newPRWelcomeComment: 7\n", "1:1: newPRWelcomeComment: it is no text", id="a-number"),
        pytest.param("newPRWelcomeComment: {a: b}\n", "1:1: newPRWelcomeComment: it is no text", id="a-mapping"),
        pytest.param("newPRWelcomeComment: *a\n", "1:22: aliases", id="an-alias"),
        pytest.param("\nnewPRWelcomeComment: [a\n", "3:1: is not valid YAML", id="no-yaml"),
        pytest.param("- hello\n", "1:1: must hold settings", id="a-list-of-settings"),
        pytest.param(b"\xff", "1:1: is not UTF-8", id="no-text-at-all"),
    ],
)
def test_what_cannot_be_taken_over_is_told_with_its_place(text: str | bytes, told: str) -> None:
    it = found(text)
    [problem] = it.problems
    assert str(problem).startswith(f"{NAME}:{told}")
    assert it.messages == {}


def test_one_bad_text_does_not_take_the_others_along() -> None:
    assert found("newPRWelcomeComment: [a]\nfirstPRMergeComment: Merged!\n").messages == {"welcome-merge": "Merged!"}


def test_a_bomb_is_refused_in_time() -> None:
    rings = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    began = process_time()
    assert found("\n".join(["a0: &a0 [x]", *rings, "newIssueWelcomeComment: *a11\n"])).messages == {}
    assert process_time() - began < 10


@pytest.mark.parametrize(
    ("text", "there"),
    [
        pytest.param("Hi<br>\n![goat](https://x.org/g.gif)", "Hi<br>\n![goat](https://x.org/g.gif)", id="html-stays"),
        pytest.param("Ask @grace or @alpine-tools/guides.", "Ask `@grace` or `@alpine-tools/guides`.", id="names"),
        pytest.param(
            "`@grace`, a@b.org, https://x.org/@grace", "`@grace`, a@b.org, https://x.org/@grace", id="no-names"
        ),
        pytest.param("```\n@grace\n```", "```\n@grace\n```", id="a-name-in-a-block"),
        pytest.param("a<!-- @grace -->b", "ab", id="a-comment"),
        pytest.param("a<!-- b\nc", "a", id="a-comment-without-end"),
        pytest.param(
            "{{ author }} {% if %} {# #} {{{%", "{{ author }} {% if %} {# #} {{{%", id="what-templates-are-of"
        ),
        pytest.param("{% raw %}{% endraw %}", "{% raw %}{% endraw %}", id="what-escapes-templates"),
    ],
)
def test_a_text_shows_as_it_was_but_mentions_nobody(text: str, there: str) -> None:
    assert shown(text) == there


@given(st.text(st.sampled_from("{}%#-+ \n'\"\\ax"), min_size=1).filter(str.strip))
def test_no_text_is_taken_for_a_program(text: str) -> None:
    assert shown(text) == text.strip()


HOME, MAPS, HUTS = RepoId(10), RepoId(11), RepoId(12)


@pytest.fixture
def policies(tmp_path: Path) -> "Policies":
    return Policies(f"sqlite:///{tmp_path}/memory.db")


class Policies:
    """Which words hold in the repository maps, with these files around."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.in_force = InForce()

    def __call__(self, files: dict[tuple[RepoId, str], str], in_force: InForcePolicies | None = None) -> Policy:
        with opened(self.url) as store:
            self._fill(store, files)
            chosen = in_force or self.in_force
            return store.read_now(lambda db: chosen(db, Repo(MAPS, OwnerId(1), "alpine-tools", "maps")))

    def _fill(self, store: Store, files: dict[tuple[RepoId, str], str]) -> None:
        def write(db: Connection) -> None:
            from bot.memory import schema

            for id_, name in ((HOME, ".github"), (MAPS, "maps"), (HUTS, "huts")):
                db.execute(
                    schema.repos.insert().values(
                        id=id_, owner_id=1, name=name, url="", default_branch="main", private=False, archived=False,
                        gone=False, covered=True, heard_at=BEGIN,
                    )
                )  # fmt: skip
            for (repo_id, path), text in files.items():
                configs.store(db, repo_id, path, BEGIN, blob="b", text=text)

        store.write_now(write)


def merge_comment(text: str) -> str:
    return f"firstPRMergeComment: {text}\n"


@pytest.mark.parametrize(
    ("files", "words"),
    [
        pytest.param({}, None, id="nothing-anywhere"),
        pytest.param({(MAPS, configs.OLD_PATH): "Ours"}, "Ours", id="the-repository-s-own"),
        pytest.param({(HOME, configs.OLD_PATH): "All"}, "All", id="the-organisation-s"),
        pytest.param({(HUTS, configs.OLD_PATH): "Theirs"}, None, id="another-repository-s"),
        pytest.param({(HOME, configs.OLD_PATH): "All", (MAPS, configs.OLD_PATH): "Ours"}, "Ours", id="both"),
        pytest.param({(HOME, configs.OLD_PATH): "All", (MAPS, configs.OLD_PATH): "~"}, "All", id="own-without-words"),
        pytest.param({(HOME, configs.OLD_PATH): "All", (MAPS, configs.OLD_PATH): "["}, "All", id="own-is-broken"),
    ],
)
def test_where_there_is_no_file_of_ours_the_old_words_hold(
    files: dict[tuple[RepoId, str], str], words: str | None, policies: Policies
) -> None:
    policy = policies({place: merge_comment(text) for place, text in files.items()})
    assert policy.messages.get("welcome-merge") == words
    assert policy.model_copy(update={"messages": {}}) == policyfile.defaults()


@pytest.mark.parametrize("ours", [(HOME, configs.PATH), (MAPS, configs.PATH)], ids=["organisation", "repository"])
def test_a_file_of_ours_takes_their_place(ours: tuple[RepoId, str], policies: Policies) -> None:
    old = {(repo, configs.OLD_PATH): merge_comment("Old") for repo in (HOME, MAPS)}
    assert policies({**old, ours: "no_bot_label: quiet\n"}).messages == {}


@pytest.mark.parametrize(("file", "words"), [("", None), (None, "Old")], ids=["another-file", "no-file"])
def test_what_a_change_of_our_file_does_to_the_old_words_can_be_seen_before(
    file: str | None, words: str | None, policies: Policies
) -> None:
    source = None if file is None else policyfile.parse(configs.PATH, file.encode())
    candidate = policies.in_force.candidate(MAPS, source)
    files = {(MAPS, configs.PATH): "no_bot_label: quiet\n", (HOME, configs.OLD_PATH): merge_comment("Old")}
    assert policies(files, candidate).messages.get("welcome-merge") == words
