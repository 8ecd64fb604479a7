"""The command line: `python -m bot`, or `switchback` where the package is installed."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer
from rich.console import Console
from rich.markup import escape

from bot import __version__, credentials, logs, policyfile, settings, shipped
from bot.memory.configs import OLD_PATH, PATH
from bot.memory.store import Store, StoreUnavailable
from bot.model import Person, PersonId
from bot.policy import KnownNames, Policy
from bot.policyfile import ConfigError, Source
from bot.settings import SettingsError
from bot.words import WordsError

app = typer.Typer(
    name="switchback",
    help="Switchback, a GitHub App that helps a whole organisation look after its people.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

T = TypeVar("T")
Who = Annotated[str, typer.Argument(metavar="PERSON", help="A login, or GitHub's numeric id.")]
Config = Annotated[Path | None, typer.Option("--config", metavar="FILE", help="Settings, laid over the defaults.")]


@app.callback(invoke_without_command=True)
def main_options(version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False) -> None:
    if version:
        print(f"switchback {__version__}")
        raise typer.Exit


@app.command()
def serve(config: Config = None) -> None:
    """Serve GitHub's webhooks. Everything else it needs to know is in the environment: see docs/running.md.

    Where there is no app yet it serves a page that makes one, and prints its address.
    """
    from bot import serving

    chosen, source = _or_exit(lambda: credentials.settings_or_surroundings(os.environ)), _source(config)
    logs.configure(chosen.serving.log_level, chosen.serving.log_format, chosen.secrets())
    _or_exit(lambda: serving.serve(chosen, source), serving.CannotListen)


@app.command()
def setup(
    reset: Annotated[bool, typer.Option("--reset", help="Drop the app that the database keeps.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Tell whether an app is set up here, or drop it, to set up another one: `serve` does that on a page."""
    from bot.memory import app as stored

    with _memory() as store:
        kept = _or_exit(lambda: store.read_now(stored.sealed)) is not None
        if not reset:
            print(
                "The database keeps an app." if kept else "The database keeps no app: `serve` prints where to make one."
            )
            return
        if not kept:
            _stop("the database keeps no app", code=1)
        if not yes:
            _ask("Drop the app's key for good?")
        _or_exit(lambda: store.write_now(stored.drop))
    print("It is dropped. Start the service again to set up another app, and delete the old one on GitHub.")


@app.command()
def play(config: Config = None) -> None:
    """Try it out on a page: no credentials needed.

    It is the real service and a small GitHub, both on this machine.
    """
    from bot import playing, serving

    config = config or shipped.PLAY
    chosen, source = _or_exit(lambda: settings.serving(os.environ)), _source(config)
    assert source is not None, "there is a file"
    logs.configure(chosen.log_level, chosen.log_format, ())
    _or_exit(lambda: playing.play(chosen, source, config), serving.CannotListen, playing.CannotPlay)


@app.command()
def explain(
    what: Annotated[
        str, typer.Argument(metavar="OWNER/REPO#N|@LOGIN", help="An issue, pull request or discussion, or somebody.")
    ],
    owner: Annotated[
        str | None, typer.Option("--owner", metavar="ORG", help="Of somebody: in this organisation alone.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    config: Config = None,
) -> None:
    """Tell what the rules would say in a thread, and why; or whether somebody of the team would be asked how they are.

    Reads memory (DATABASE_URL) and asks nobody. What it tells of people is private.
    """
    if what.startswith("@"):
        _explain_person(what, owner, config, as_json=as_json)
    elif owner is not None:
        _stop("--owner is for people: write @LOGIN", code=2)
    else:
        _explain_thread(what, config, as_json=as_json)


def _explain_person(name: str, owner: str | None, config: Path | None, *, as_json: bool) -> None:
    from bot.checkin import explaining
    from bot.clock import WallClock
    from bot.inforce import InForce

    policies, now = InForce(_source(config)), WallClock()()
    with _memory() as store:
        told = _or_exit(
            lambda: store.read_now(lambda db: explaining.explained(db, name, owner, policies, now)),
            explaining.NotKnown,
        )
    if as_json:
        print(json.dumps([one.as_json() for one in told], indent=2, ensure_ascii=False))
        return
    console = Console(highlight=False)
    for one in told:
        console.print(f"[bold]{escape(one.person.login)}[/bold]", soft_wrap=True)
        for line in one.lines():
            console.print(f"  {escape(line)}", soft_wrap=True)


def _explain_thread(thread: str, config: Path | None, *, as_json: bool) -> None:
    from bot import explain as explaining
    from bot.clock import WallClock
    from bot.inforce import InForce

    policies = InForce(_source(config))
    now = WallClock()()
    with _memory() as store:
        try:
            ref = _or_exit(lambda: store.read_now(lambda db: explaining.find(db, thread)))
        except explaining.NotAThread as error:
            _stop(str(error), code=2)
        told = _or_exit(lambda: store.read_now(lambda db: explaining.explain(db, ref, now, policies))) if ref else None
    if told is None:
        _stop(
            f"{thread} is not known here: no delivery has told of it, or it is gone; `backfill` reads what was before",
            code=1,
        )
    if as_json:
        print(json.dumps(_or_exit(told.as_json), indent=2, ensure_ascii=False))
        return
    console = Console(highlight=False)
    console.print(f"[bold]{escape(told.thread)}[/bold]", soft_wrap=True)
    if told.waiting is not None:
        console.print(f"  {escape(explaining.state(told.waiting, told.late_after))}", soft_wrap=True)
    for line in told.mentoring.lines() if told.mentoring else ():
        console.print(f"  {escape(line)}", soft_wrap=True)
    for entry in told.entries:
        outcome = f" ({escape(entry.outcome)})" if entry.outcome else ""
        console.print(
            f"  {entry.at:%Y-%m-%d %H:%M:%S}  {entry.rule}  {entry.state}{outcome}  {escape(entry.why)}", soft_wrap=True
        )
    for effect in told.effects:
        console.print(f"  now  {effect.rule}  {escape(explaining.sentence(effect))}", soft_wrap=True)


@app.command()
def preview(
    config: Annotated[
        Path | None,
        typer.Option("--config", metavar="FILE", help="Tried in the place of the organisation's file; of REPO's own."),
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=3660, help="How far back from now.")] = 30,
    repo: Annotated[str | None, typer.Option("--repo", metavar="OWNER/REPO", help="Only this repository.")] = None,
    org: Annotated[str | None, typer.Option("--org", metavar="ORG", help="Only this organisation.")] = None,
    all_on: Annotated[bool, typer.Option("--all-on", help="As if every feature were switched on.")] = False,
    operator: Annotated[
        Path | None, typer.Option("--operator", metavar="FILE", help="The file that `serve --config` is given.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Tell what would have been posted over the last days, and what a new configuration changes in that.

    Reads memory (DATABASE_URL) and asks nobody.
    """
    from bot.clock import WallClock
    from bot.preview import asked, report

    wish = asked.Asked(file=config, operator=_source(operator), days=days, repo=repo, org=org, all_on=all_on)
    now = WallClock()()
    with _memory() as store:
        try:
            told = _or_exit(lambda: store.read_now(lambda db: asked.answered(db, wish, now)), asked.NotKnown)
        except (ConfigError, asked.NotARepository) as error:
            _stop(str(error), code=2)
    if as_json:
        print(json.dumps([report.as_json(*one) for one in told], indent=2, ensure_ascii=False))
        return
    for line in report.text(told, config.name if config else "", all_on=all_on):
        print(line)


@app.command()
def backfill(
    owner: Annotated[str | None, typer.Argument(metavar="ORG", help="Only this organisation's repositories.")] = None,
    share: Annotated[
        int | None,
        typer.Option(min=1, max=100, help="Percent of GitHub's hourly limit to use. Default: BACKFILL_SHARE."),
    ] = None,
    config: Config = None,
) -> None:
    """Read the past of every repository that the app is installed on, or what has changed there since the last time.

    It can be interrupted at any moment and goes on where it stopped. It never makes the bot speak.
    """
    from bot import serving
    from bot.backfill import terminal

    chosen, source = _or_exit(lambda: credentials.settings_with_app(os.environ)), _source(config)
    logs.configure("ERROR", chosen.serving.log_format, chosen.secrets())
    reading = terminal.backfill(chosen, source, owner, share / 100 if share else None)
    done = _or_exit(lambda: serving.run(reading), terminal.CannotRead)
    raise typer.Exit(0 if done else 1)


@app.command()
def export(person: Who) -> None:
    """Print all that is stored about a person, as JSON. Reads memory (DATABASE_URL) and changes nothing."""
    from bot.memory import export as exporting

    with _memory() as store:
        who = _person(store, person)
        told = _or_exit(lambda: store.read_now(lambda db: exporting.export(db, who)))
    print(json.dumps(told.as_json(), indent=2, ensure_ascii=False))


@app.command()
def forget(
    person: Who,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Let somebody be recorded again: needs the numeric id.")] = False,
) -> None:
    """Forget a person, as their comment /forget-me does: their rows go, and a hash stays, so as not to begin again."""
    from bot.clock import WallClock
    from bot.memory import forgetting

    with _memory() as store:
        if undo:
            _remember(store, person)
            return
        who = _person(store, person)
        if not yes:
            _ask(f"Forget {who.login} ({who.id}) for good?")
        now = WallClock()()
        _or_exit(lambda: store.write_now(lambda db: forgetting.forget(db, who, now)))
    print(f"Nothing is known of {who.id} any more. What GitHub tells of them from now on is not recorded.")


def _ask(question: str) -> None:
    """Goes on if somebody says yes."""
    if not sys.stdin.isatty():
        _stop("this cannot be taken back: say --yes if you mean it", code=2)
    typer.confirm(question, abort=True)


def _remember(store: Store, person: str) -> None:
    from bot.memory import forgetting

    if not person.isascii() or not person.isdigit():
        _stop("who is forgotten is known by no name: give the numeric id (api.github.com/users/LOGIN tells it)", code=2)
    if not _or_exit(lambda: store.write_now(lambda db: forgetting.remember(db, PersonId(int(person))))):
        _stop(f"{person} was not forgotten here", code=1)
    print(f"{person} is recorded again from now on.")


def _person(store: Store, name: str) -> Person:
    from bot.memory import export as exporting
    from bot.memory import migrations

    if _or_exit(lambda: store.read_now(migrations.revision)) != migrations.HEAD:
        _stop("it is not a database of Switchback, or not yet upgraded: `serve` does that", code=1)
    who = _or_exit(lambda: store.read_now(lambda db: exporting.find(db, name)))
    if who is None:
        _stop(f"nothing is known of {name}", code=1)
    return who


@app.command()
def backup(file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file.")]) -> None:
    """Write a copy of the SQLite database (DATABASE_URL), while the service goes on."""
    from bot.memory.backup import CannotBackUp, back_up

    url = _or_exit(lambda: settings.database_url(os.environ))
    size = _or_exit(lambda: back_up(url, file), CannotBackUp)
    print(f"{file}: {size / 1_000_000:.1f} MB")


@app.command()
def replay(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A JSON object on each line, gzipped or not; -: stdin.")],
    maintainers: Annotated[
        Path | None, typer.Option("--maintainers", metavar="FILE", help="Who belongs here: a login on each line.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON lines; the summary goes to stderr.")] = False,
    config: Config = None,
) -> None:
    """Tell what the rules would have said over a history, and why. Asks nobody. README.md shows how a line looks."""
    from bot.replay import report
    from bot.replay.history import HistoryError

    policy = _policy(config)
    try:
        replayed = report.run(file, policy, maintainers)
    except HistoryError as error:
        _stop(str(error), code=2)
    with _while_somebody_reads():
        for line in replayed.lines(as_json=as_json):
            print(line)
        print(end="", flush=True)
        for line in replayed.summary():
            typer.echo(line, err=as_json)


@app.command()
def level(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A JSON object on each line, an issue; -: stdin.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON lines.")] = False,
    abstain_below: Annotated[
        float, typer.Option("--abstain-below", min=0, max=1, help="Suggest no level where it is less sure than this.")
    ] = 0.0,
    evaluate: Annotated[bool, typer.Option("--evaluate", help="Tell how good it is, by levels in FILE.")] = False,
    train: Annotated[Path | None, typer.Option("--train", metavar="OUT.json", help="Learn weights from FILE.")] = None,
    folds: Annotated[int, typer.Option(min=2, max=100, help="Into how many parts --train deals the issues.")] = 10,
    weights: Annotated[
        Path | None, typer.Option("--weights", metavar="FILE", help="Weights that --train wrote, not the shipped ones.")
    ] = None,
    config: Config = None,
) -> None:
    """Suggest a level and an area for issues, and say why. Asks nobody. docs/levels.md shows how a line looks.

    Exit code: 0 all lines were right, 1 nothing can be learned, 2 something given is wrong.
    """
    from bot import rating

    wish = rating.Wish(
        as_json=as_json, abstain_below=abstain_below, evaluate=evaluate, train=train, folds=folds, weights=weights
    )
    policy = _policy(config)
    told = _or_exit(lambda: rating.rate(file, policy, wish), rating.CannotTrain)
    with _while_somebody_reads():
        for line in told.lines:
            print(line)
        if told.suggested:
            rating.tell(told.suggested, Console(highlight=False))
        print(end="", flush=True)
    for problem in told.problems:
        print(f"switchback: {problem}", file=sys.stderr)
    raise typer.Exit(2 if told.problems else 0)


@app.command()
def community(
    owner: Annotated[str, typer.Argument(metavar="ORG", help="An organisation.")],
    month: Annotated[str | None, typer.Option(metavar="MONTH", help="2026-10. Default: the last one.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write the pictures there as SVG, and refer to them.")
    ] = None,
    config: Config = None,
) -> None:
    """Print what people did together in a month, for a blog or a forum: Markdown, and with --out pictures.

    Reads memory (DATABASE_URL) and asks nobody. Nothing private is in it.
    """
    from bot.clock import WallClock
    from bot.community import printing
    from bot.inforce import InForce

    policies, now = InForce(_source(config)), WallClock()()
    try:
        first = printing.month(month, now)
    except printing.NotAMonth as error:
        _stop(str(error), code=2)
    with _memory() as store:
        wish = printing.Wish(owner=owner, first=first, drawn=out is not None)
        told = _or_exit(
            lambda: store.read_now(lambda db: printing.printed(db, wish, policies, now)), printing.NothingKnown
        )
    for file in _or_exit(lambda: printing.write(told.pictures, out), printing.CannotWrite) if out else ():
        typer.echo(f"{file} is written.", err=True)
    with _while_somebody_reads():
        print(told.markdown, end="", flush=True)


@app.command("check-ins")
def check_ins(
    owner: Annotated[str | None, typer.Argument(metavar="ORG", help="Only this organisation.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    config: Config = None,
) -> None:
    """Tell who of the team is due for a check-in, was asked, or did not answer, and since when. For admins only.

    Reads memory (DATABASE_URL) and asks nobody.
    """
    from bot.checkin import printing
    from bot.clock import WallClock
    from bot.inforce import InForce

    policies, now = InForce(_source(config)), WallClock()()
    with _memory() as store:
        told = _or_exit(
            lambda: store.read_now(lambda db: printing.printed(db, owner, policies, now)), printing.NothingKnown
        )
    if as_json:
        print(json.dumps([one.as_json() for one in told], indent=2, ensure_ascii=False))
        return
    for one in told:
        for line in one.text():
            print(line)


@app.command()
def succession(
    owner: Annotated[str | None, typer.Argument(metavar="ORG", help="Only this organisation.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    config: Config = None,
) -> None:
    """Tell which repositories and areas rest on one person, which of that is alarming, and who could come after.

    For admins: private repositories are in it too. Reads memory (DATABASE_URL) and asks nobody.
    """
    from bot.clock import WallClock
    from bot.inforce import InForce
    from bot.succession import printing

    policies, now = InForce(_source(config)), WallClock()()
    with _memory() as store:
        told = _or_exit(
            lambda: store.read_now(lambda db: printing.printed(db, owner, policies, now)), printing.NotKnown
        )
    with _while_somebody_reads():
        for line in [printing.as_json(told)] if as_json else printing.text(told):
            print(line)
        print(end="", flush=True)


@app.command()
def migrate(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file of the old bot.")] = Path(OLD_PATH),
    output: Annotated[Path, typer.Option("--output", metavar="PATH", help="The new file.")] = Path(PATH),
    force: Annotated[bool, typer.Option("--force", help="Replace the new file if it is there.")] = False,
    stdout: Annotated[bool, typer.Option("--stdout", help="Print the new file instead of writing it.")] = False,
) -> None:
    """Write .github/switchback.yml from the .github/config.yml of the old welcome bot. Asks nobody."""
    from bot import migrate as migrating

    try:
        made = migrating.migrated(migrating.read(file))
    except migrating.NothingThere as error:
        _stop(str(error), code=2 if error.problems else 1)
    if stdout:
        print(made.text, end="")
    else:
        _or_exit(lambda: migrating.write(made.text, output, force=force), migrating.CannotWrite)
        typer.echo(f"{output} is written.", err=True)
    for line in made.told:
        typer.echo(line, err=True)


@app.command()
def check(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A switchback.yml or skills.yml, say; -: standard input.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    repo: Annotated[
        str | None,
        typer.Option("--repo", metavar="OWNER/REPO", help="Look for unknown names too: reads memory (DATABASE_URL)."),
    ] = None,
    under: Annotated[
        Path | None,
        typer.Option("--under", metavar="ORG_FILE", help="A file that it is laid over: the organisation's."),
    ] = None,
) -> None:
    """Say what is wrong with a configuration file or a skills map: where, what, and an example of right. Asks nobody.

    Exit code: 0 all is right, 1 there are mistakes, 2 it cannot be looked at.
    """
    from bot import checking

    known = _known_names(repo) if repo else KnownNames()
    below = [source] if (source := _source(under)) else []
    found = checking.check(file, _bytes(file), below, known)
    if as_json:
        print(found.as_json())
    else:
        console = Console(highlight=False)
        for line in found.lines():
            console.print(escape(line), soft_wrap=True)
    raise typer.Exit(1 if found.problems else 0)


@contextmanager
def _while_somebody_reads() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # where the rest goes
        if not isinstance(error, BrokenPipeError):  # then whoever reads has had enough
            _stop(f"the output cannot be written: {error.strerror}", code=1)


@app.command()
def skills(
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="A skills.yml. Default: the shipped map.")] = None,
    svg: Annotated[bool, typer.Option("--svg/--markdown", help="A picture, or a page of Markdown.")] = False,
) -> None:
    """Print a skills map as a page of Markdown, or as a picture. Asks nobody."""
    from bot import skillsfile, skillspage, skillspicture

    try:
        chosen = skillsfile.load(file) if file else skillsfile.default()
    except ConfigError as error:
        _stop(str(error), code=2)
    print(skillspicture.svg(chosen) if svg else skillspage.markdown(chosen), end="")


def _bytes(file: str) -> bytes:
    """No more of a file than is needed to see that it is too large."""
    try:
        if file == "-":
            return sys.stdin.buffer.read(policyfile.MAX_SIZE + 1)
        with Path(file).open("rb") as opened:
            return opened.read(policyfile.MAX_SIZE + 1)
    except (OSError, ValueError) as error:  # a name with a NUL in it
        _stop(f"{file} cannot be read: {getattr(error, 'strerror', None) or error}", code=2)


def _known_names(full_name: str) -> KnownNames:
    from bot.memory import known_names

    with _memory() as store:
        where = _or_exit(lambda: store.read_now(lambda db: known_names.find(db, full_name)))
        if where is None:
            _stop(f"{full_name} is not known here: write OWNER/REPO of a repository that the app is on", code=2)
        return _or_exit(lambda: store.read_now(lambda db: known_names.known_names(db, where)))


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list of check, state, what and how.")] = False,
    retry: Annotated[bool, typer.Option("--retry", help="Try again what failed or was given up.")] = False,
    config: Config = None,
) -> None:
    """Say in plain words what is wrong, and how to mend it: settings, database, GitHub, webhook, repositories.

    Exit code: 0 nothing is wrong, 1 something is, 2 the settings are not usable.
    """
    import asyncio

    from bot import doctor as examining
    from bot.clock import WallClock
    from bot.doctor import telling

    found = asyncio.run(examining.examine(os.environ, config, WallClock(), retry=retry))
    veil = logs.Veil(found.settings.secrets() if found.settings else ())
    if as_json:
        print(telling.as_json(found.findings, veil))
    else:
        telling.tell(found.findings, veil, Console(highlight=False))
    raise typer.Exit(found.code)


def _policy(config: Path | None) -> Policy:
    source = _source(config)
    return policyfile.laid_over([source] if source else [])


def _source(config: Path | None) -> Source | None:
    """The file, which is right, and the skills map beside it."""
    if config is None:
        return None
    from bot import skillsfile

    try:
        source = skillsfile.with_map_beside(policyfile.source(config), config)
        policyfile.laid_over([source])
    except ConfigError as error:
        _stop(str(error), code=2)
    return source


def _memory() -> closing[Store]:
    """The database that DATABASE_URL names. A missing SQLite file is not made: there would be nothing to tell."""
    url = _or_exit(lambda: settings.database_url(os.environ))
    path = url.removeprefix("sqlite:///")
    if path != url and not Path(path).exists():
        _stop(f"there is no database at {path}: set DATABASE_URL to the one that the service uses", code=2)
    return closing(_or_exit(lambda: Store(url)))


def _or_exit(do: Callable[[], T], *known: type[Exception]) -> T:
    """Runs it; what is in its way is told in one line. `known` are errors that say everything themselves."""
    try:
        return do()
    except SettingsError as error:
        _stop(str(error), code=2)
    except StoreUnavailable as error:
        _stop(f"the database (DATABASE_URL) cannot be used: {error}", code=1)
    except WordsError as error:
        _stop(f"a message cannot be written: {error}", code=1)
    except known as error:
        _stop(str(error), code=1)


def _stop(message: str, *, code: int) -> NoReturn:
    print(f"switchback: {message}", file=sys.stderr)
    raise typer.Exit(code)


def main() -> None:
    app()


if __name__ == "__main__":
    main()
