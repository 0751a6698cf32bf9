"""The nightly run: a Prefect deployment that ingests the same folders on a schedule."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from prefect import flow, get_run_logger

from flows.served import ingest_on_server, reachable
from schemas.exits import Exit, Stop
from schemas.settings import Settings
from schemas.tables import Outcome
from warehouse.files import Home, lock


@flow(name="nightly")
def nightly(paths: list[str], home: str) -> dict[str, int]:
    """Ingest `paths` into `home`; the counts of the run. Fails with what `Stop` says.

    Files newly quarantined are a warning in the run's log, not a failure.
    """
    root = Path(home)
    with lock(root):
        report = ingest_on_server(paths, Home(root), Settings())
    if report.exit is Exit.QUARANTINED:
        for event in report.events:
            if event["outcome"] == Outcome.QUARANTINED:
                get_run_logger().warning(
                    "quarantined %s: %s. %s", event["path"], event["reason"], event["advice"]
                )
    return {str(outcome): number for outcome, number in report.counts.items()}


def serve(paths: Sequence[str], home: Path, cron: str) -> None:
    """Serve the deployment until interrupted. Raises `Stop` where no server answers."""
    reachable()
    parameters = {"paths": [str(Path(path).absolute()) for path in paths], "home": str(home)}
    try:
        nightly.serve(name="nightly", cron=cron, parameters=parameters)
    except ValueError as error:
        raise Stop(Exit.USAGE, f"--cron {cron}: {error}") from error
