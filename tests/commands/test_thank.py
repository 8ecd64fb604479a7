"""`/thank` and `/share-thanks`: whom, for what, and where, in the words that people use."""

import pytest

from bot.commands import share_thanks, thank
from bot.commands.share_thanks import Keep, Share
from bot.commands.thank import Thank
from bot.commands.usable import usable
from bot.farewells import Where
from bot.gratitude import Work


@pytest.mark.parametrize(
    ("args", "logins"),
    [
        ("@ada for running the calls", ["ada"]),
        ("@Ada, @grace: for the calls", ["ada", "grace"]),
        ("@ada and @grace, thank you!", ["ada", "grace"]),
        ("@ada @ada", ["ada"]),
        ("@linus_acme", ["linus_acme"]),
        ("ada for the docs", ["ada"]),
        ("to ada.", ["ada"]),
        ("@ada for the calls with @grace", ["ada"]),
        ("@ada por las llamadas", ["ada"]),
    ],
)
def test_whom(args: str, logins: list[str]) -> None:
    found = thank.read(args)
    assert isinstance(found, Thank)
    assert [*found.logins] == logins


@pytest.mark.parametrize("args", ["", "you", "you all for this", "for the docs", "@org/team", "everybody here"])
def test_nobody_is_named(args: str) -> None:
    assert thank.read(args) is thank.Wrong.WORDS
    assert usable("thank", args) == ""


def test_too_many() -> None:
    assert thank.read("@a @b @c @d @e") == Thank(("a", "b", "c", "d", "e"), Work.OTHER)
    assert thank.read(usable("thank", "@a @b @c @d @e @f for all of it")) is thank.Wrong.MANY


@pytest.mark.parametrize(
    ("words", "work"),
    [
        ("running the calls", Work.CALLS), ("llevar las reuniones", Work.CALLS), ("a call.", Work.CALLS),
        ("answering in the forum", Work.SUPPORT), ("tu ayuda", Work.SUPPORT), ("the docs", Work.DOCS),
        ("la documentación", Work.DOCS), ("translating the docs", Work.TRANSLATION), ("the new logo", Work.DESIGN),
        ("el diseño", Work.DESIGN), ("the sprint in Berlin", Work.EVENTS), ("los talleres", Work.EVENTS),
        ("mentoring me", Work.MENTORING), ("the code reviews", Work.REVIEWS), ("revisar mi código", Work.REVIEWS),
        ("triage", Work.TRIAGE), ("testing the code", Work.TESTING), ("the release", Work.RELEASES),
        ("las versiones nuevas", Work.RELEASES), ("the security fix", Work.SECURITY), ("CI", Work.INFRASTRUCTURE),
        ("welcoming people", Work.COMMUNITY), ("the grant", Work.FUNDING), ("fixing that bug", Work.CODE),
        ("arreglarlo", Work.CODE), ("being there", Work.OTHER), ("what the caller did", Work.OTHER),
        ("everything, @docs", Work.OTHER),
    ],
)  # fmt: skip
def test_for_what_and_nothing_of_the_words_is_kept(words: str, work: Work) -> None:
    args = f"@Ada, @grace: for {words}"
    assert thank.read(args) == Thank(("ada", "grace"), work)
    assert usable("thank", args) == f"@ada @grace for {work.value}"


@pytest.mark.parametrize("work", Work)
def test_what_is_kept_reads_the_same(work: Work) -> None:
    assert thank.read(f"@ada for {work.value}") == Thank(("ada",), work)


@pytest.mark.parametrize(
    ("args", "wish", "kept"),
    [
        ("", Share(), ""), ("yes, please", Share(), ""), ("issue", Share(Where.ISSUE), "issue"),
        ("in the digest", Share(Where.DIGEST), "digest"), ("as a discussion.", Share(Where.DISCUSSION), "discussion"),
        ("en el resumen", Share(Where.DIGEST), "digest"), ("no", Keep(), "no"), ("No, thanks", Keep(), "no"),
        ("off", Keep(), "no"), ("on the blog of my employer", share_thanks.Wrong.WORDS, "?"),
        ("issue discussion", share_thanks.Wrong.WORDS, "?"),
    ],
)  # fmt: skip
def test_where_it_may_stand(args: str, wish: object, kept: str) -> None:
    assert share_thanks.read(args) == wish
    assert usable("share-thanks", args) == kept
    assert share_thanks.read(kept) == wish
