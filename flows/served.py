"""The same run on a Prefect server: a flow, and a task for each batch with retries and logs.

The tasks wait in threads while worker processes of our own read, so that a batch costs
milliseconds of orchestration and no worker ever speaks to the server. With a Dask scheduler
in the settings the tasks run where its workers are.
"""

from __future__ import annotations

import logging
import os
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.settings import PREFECT_API_URL
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from flows import mappers
from flows.batches import Manifest, Order, read_batch
from flows.ingest import Report, ingest
from flows.mappers import Work
from schemas.exits import Exit, Stop
from schemas.settings import Settings
from warehouse.files import Home

SECONDS_TO_ANSWER = 3.0


def ingest_on_server(paths: Sequence[str], home: Home, settings: Settings) -> Report:
    """`flows.ingest.ingest` as a flow run. The lock of `home` is held.

    Raises `Stop` as that does, and (USAGE) without an address, (IO) where no server answers or
    it went away before the warehouse was published.
    """
    reachable()
    _quiet_logs()
    done: list[Report] = []
    run = ingest_flow.with_options(task_runner=_runner(settings))
    try:
        run(list(paths), home, settings, done)
    except (Stop, KeyboardInterrupt):
        raise
    except Exception as error:
        if not done and gone():
            raise Stop(Exit.IO, f"the Prefect server went away: {error}") from error
        if not done:
            raise
    return done[0]


@flow(name="ingest", validate_parameters=False)
def ingest_flow(paths: list[str], home: Home, settings: Settings, done: list[Report]) -> None:
    """Files → published warehouse; the report is added to `done` as soon as there is one."""
    log = get_run_logger()
    pool = None if settings.dask else mappers.pool(settings.workers)
    try:
        report = ingest(paths, home, settings, map_batches=_as_tasks(pool))
    finally:
        if pool is not None:
            pool.shutdown(cancel_futures=True)
    done.append(report)
    log.info("run %d: %s", report.run, {str(k): n for k, n in report.counts.items()})


def _as_tasks(pool: ProcessPoolExecutor | None) -> mappers.Mapper:
    """A mapper that makes a task of each batch; the work is done in `pool`, or in the task."""

    @task(name="read batch", retries=2, retry_delay_seconds=1, task_run_name="batch {label}")
    def read(label: str, order: Order) -> Manifest:
        manifest = pool.submit(read_batch, order).result() if pool else read_batch(order)
        get_run_logger().info(
            "batch %s: %d files read, %d refused, %d observations",
            label,
            len(manifest.read),
            len(manifest.refused),
            manifest.observations,
        )
        return manifest

    def over(work: Work, orders: Sequence[Order]) -> Iterator[Manifest]:
        futures = read.map([order.label for order in orders], list(orders))
        for future in futures:
            yield future.result()

    return over


def _runner(settings: Settings) -> TaskRunner[Any]:
    """Threads here, or the workers of a Dask scheduler. Raises `Stop` (USAGE)."""
    if not settings.dask:
        return ThreadPoolTaskRunner(max_workers=settings.workers)
    try:
        from prefect_dask import DaskTaskRunner
    except ImportError as error:
        raise Stop(Exit.USAGE, "SHUXIANG_DASK needs the package prefect-dask") from error
    runner: TaskRunner[Any] = DaskTaskRunner(address=settings.dask)
    return runner


def _quiet_logs() -> None:
    """Log what went wrong, without traces, and not once more for every lost event."""
    if os.environ.get("SHUXIANG_DEBUG"):
        return
    make = logging.getLogRecordFactory()

    def without_trace(*arguments: Any, **more: Any) -> logging.LogRecord:
        record = make(*arguments, **more)
        if record.name.startswith("prefect"):
            record.exc_info = None
        return record

    logging.setLogRecordFactory(without_trace)
    for name in ("prefect.events.clients", "prefect._internal.concurrency"):
        logging.getLogger(name).addFilter(lambda record: False)


def reachable() -> None:
    """Raises `Stop` where no Prefect server is set (USAGE) or none answers (IO)."""
    address = PREFECT_API_URL.value()
    if not address:
        raise Stop(Exit.USAGE, "--prefect needs a server; set PREFECT_API_URL to its address")
    if gone():
        raise Stop(
            Exit.IO,
            f"no Prefect server answers at {address}; start it with prefect server start,"
            " or unset PREFECT_API_URL to run without one",
        )


def gone() -> bool:
    """Whether no Prefect server answers at the address that is set."""
    address = str(PREFECT_API_URL.value())
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=SECONDS_TO_ANSWER) as answer:
            return bool(answer.status != 200)
    except (OSError, ValueError):
        return True
