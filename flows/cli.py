"""The command line. Data goes to stdout, everything else to stderr.

Only typer is imported at the top: `--help` and a refused second run answer at once.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from schemas.exits import Exit, Stop

if TYPE_CHECKING:
    from flows.batches import Manifest
    from flows.ingest import Report

app = typer.Typer(
    name="shuxiang",
    help="数乡: local-government reports into a warehouse of figures.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

HomeOption = Annotated[
    Path, typer.Option("--home", envvar="SHUXIANG_HOME", help="Folder where everything lives.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
PathsArgument = Annotated[
    list[str], typer.Argument(metavar="PATH...", help="Files, folders, .zip or .tar.gz.")
]
VAR = Path("var")


@app.command(epilog="Example: shuxiang ingest reports/ more.zip --home var")
def ingest(
    paths: PathsArgument,
    home: HomeOption = VAR,
    as_json: JsonOption = False,
    prefect: Annotated[
        bool, typer.Option("--prefect", help="Run on the server at PREFECT_API_URL.")
    ] = False,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes that read, at most.")
    ] = None,
) -> None:
    """Bring the warehouse up to what lies below the paths, and publish it."""
    from warehouse.files import Home, lock

    with ending():
        place = Home(home.absolute())
        with lock(place.root):
            settings = settings_with(workers)
            if prefect or os.environ.get("PREFECT_API_URL"):
                from flows.served import ingest_on_server

                report = ingest_on_server(paths, place, settings)
            else:
                from flows.ingest import ingest as run

                report = run(paths, place, settings, progress=shown_progress)
        tell(report, as_json)
    raise typer.Exit(report.exit)


@app.command(epilog="Example: shuxiang plan reports/ --json")
def plan(paths: PathsArgument, home: HomeOption = VAR, as_json: JsonOption = False) -> None:
    """Tell what ingest would change, without writing anything."""
    with ending():
        from flows.ingest import plan as run
        from warehouse.files import Home

        report = run(paths, Home(home.absolute()), settings_with(None))
        tell(report, as_json, planned=True)


@app.command(epilog="Example: shuxiang explain 全年完成产值8.64亿元，增长5.2% --date 2022-12-31")
def explain(
    text: Annotated[str, typer.Argument(help="A passage of a report.")],
    date: Annotated[str | None, typer.Option(help="Day the text speaks from, 2022-12-31.")] = None,
    place: Annotated[str | None, typer.Option(help="Place the text is about.")] = None,
    as_json: JsonOption = False,
    home: HomeOption = VAR,
) -> None:
    """Show the observations in a text, with the rules that made them."""
    with ending():
        from flows import tell as telling

        telling.explain(text, date, place, as_json)


@app.command(epilog="Example: shuxiang show 2022年总结.txt --text")
def show(
    document: Annotated[str, typer.Argument(help="File name, path or id of a document.")],
    text: Annotated[bool, typer.Option("--text", help="The clean text alone.")] = False,
    as_json: JsonOption = False,
    home: HomeOption = VAR,
) -> None:
    """Show a document: its facts, its clean text, the repairs made, its observations."""
    with ending():
        from flows import tell as telling
        from warehouse.files import Home

        telling.show(Home(home.absolute()), document, text, as_json)


@app.command(
    epilog='Example: shuxiang sql "select place, indicator, value from mart.completion" --json'
)
def sql(
    query: Annotated[str, typer.Argument(help="A query on the published warehouse.")],
    as_json: JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV, safe in spreadsheets.")] = False,
    home: HomeOption = VAR,
) -> None:
    """Query the published warehouse, read-only."""
    with ending():
        from flows import tell as telling
        from warehouse.files import Home

        telling.sql(Home(home.absolute()), query, as_json, as_csv)


@app.command(epilog='Example: shuxiang nightly reports/ --cron "30 2 * * *"')
def nightly(
    paths: PathsArgument,
    home: HomeOption = VAR,
    cron: Annotated[str, typer.Option(help="When to run.")] = "30 2 * * *",
) -> None:
    """Serve the nightly run on the Prefect server at PREFECT_API_URL, until interrupted."""
    with ending():
        from flows.nightly import serve

        serve(paths, home.absolute(), cron)


def main() -> NoReturn:
    """The console script."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        app()
    except SystemExit as end:
        served = sys.modules.get("flows.served")
        if served is not None and served.gone():
            # Prefect would wait for minutes to hand over its last events.
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(int(end.code or 0))
        raise
    raise SystemExit(Exit.DONE)


def _interrupt(signum: int, frame: object) -> None:
    """Treat a polite request to end like an interrupt from the keyboard."""
    raise KeyboardInterrupt


@contextmanager
def ending() -> Iterator[None]:
    """Turn what goes wrong inside into a line on stderr and an exit code of the contract."""
    try:
        yield
        sys.stdout.flush()
    except Stop as stop:
        say(f"shuxiang: {stop.message}")
        raise typer.Exit(stop.code) from stop
    except KeyboardInterrupt as error:
        say("shuxiang: interrupted; the old warehouse stays published")
        raise typer.Exit(Exit.INTERRUPTED) from error
    except BrokenPipeError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(Exit.DONE) from error
    except (typer.Exit, typer.Abort):
        raise
    except Exception as error:
        code = code_of(error)
        if os.environ.get("SHUXIANG_DEBUG"):
            raise
        say(f"shuxiang: {type(error).__name__}: {first_line(error)}")
        raise typer.Exit(code) from error


def code_of(error: BaseException) -> Exit:
    """The exit code for an exception that is no `Stop`, by what lies at its bottom."""
    chain: list[BaseException] = []
    looking: BaseException | None = error
    while looking is not None and looking not in chain:
        chain.append(looking)
        looking = looking.__cause__ or looking.__context__
    names = {f"{type(e).__module__.partition('.')[0]}.{type(e).__name__}" for e in chain}
    reading_or_writing = {"_duckdb.IOException", "duckdb.IOException"}
    if any(isinstance(e, OSError) for e in chain) or names & reading_or_writing:
        return Exit.IO
    if any("IO Error" in str(e) or "os error" in str(e).lower() for e in chain):
        return Exit.IO
    return Exit.INTERNAL


def first_line(error: BaseException) -> str:
    """An exception's message without its details."""
    return str(error).strip().partition("\n")[0][:500]


def say(line: str) -> None:
    """A line for the person, on stderr."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def settings_with(workers: int | None) -> Any:
    """The settings. Raises `Stop` (USAGE) for a value that is out of range."""
    from pydantic import ValidationError

    from schemas.settings import Settings

    try:
        return Settings() if workers is None else Settings(workers=workers)
    except ValidationError as error:
        raise Stop(Exit.USAGE, f"settings: {error}") from error


def tell(report: Report, as_json: bool, planned: bool = False) -> None:
    """Print what a run came to: counts on stdout, remarks on stderr."""
    from schemas.tables import Outcome

    for line in report.mended:
        say(f"shuxiang: {line}")
    for finding in report.warnings:
        say(f"shuxiang: warning: {finding.audit}: {finding.about} ({finding.bad_rows} rows)")
    counts = {str(outcome): report.counts[outcome] for outcome in Outcome}
    changed = [
        {
            "path": event["path"],
            "outcome": str(event["outcome"]),
            "reason": event["reason"] and str(event["reason"]),
            "advice": event["advice"],
        }
        for event in report.events
    ]
    if report.seen == report.counts[Outcome.IGNORED]:
        say("shuxiang: no files to read there")
    for change in changed:
        if change["outcome"] == Outcome.QUARANTINED:
            say(
                f"shuxiang: quarantined {printable(change['path'])}: {change['reason']}. "
                f"{change['advice']}"
            )
    if as_json:
        answer = {
            "run": report.run,
            "published": report.published,
            "files": report.seen,
            **counts,
            "documents": report.documents,
            "observations": report.observations,
            "observations_read": report.observations_read,
            "changes": changed,
        }
        print(json.dumps(answer, ensure_ascii=False))
        return
    if planned:
        for change in changed:
            print(f"{change['outcome']:12} {printable(change['path'])}")
    for name, number in {"files": report.seen, **counts}.items():
        print(f"{name:12} {number}")
    print(f"{'documents':12} {report.documents}")
    print(f"{'observations':12} {report.observations}")


def printable(text: str) -> str:
    """`text` on one line, with control characters as escapes."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def shown_progress(manifests: Iterator[Manifest], total: int) -> Iterator[Manifest]:
    """A bar on stderr when it is a terminal, else a line now and then."""
    if total == 0:
        yield from manifests
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import track

        yield from track(manifests, "reading", total, console=Console(stderr=True), transient=True)
    else:
        step = max(1, total // 10)
        for number, manifest in enumerate(manifests, 1):
            if number % step == 0 or number == total:
                say(f"shuxiang: read {number} of {total} batches")
            yield manifest


if __name__ == "__main__":
    main()
