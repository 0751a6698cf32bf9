"""Files → published warehouse: the whole way, in order.

`ingest` is the body that every way of running shares: `map_batches` maps the reading of a batch
over the batches, in this process, over worker processes, as Prefect tasks or on a cluster.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from flows import changes, mappers, memory, sources
from flows.batches import Manifest, identify_batch, orders, read_batch
from flows.mappers import Mapper
from schemas.exits import Exit, Stop
from schemas.settings import Settings
from schemas.tables import FileEvents, Outcome, Runs, polars_types
from transforms import lexicon
from transforms.pipeline import fingerprint
from warehouse import audit, build, lake, ledger, mend, publish
from warehouse.files import Home, workplace


@dataclass(slots=True)
class Report:
    """What a run came to."""

    run: int
    counts: Counter[Outcome]
    seen: int
    observations: int = 0
    observations_read: int = 0
    documents: int = 0
    published: bool = False
    mended: list[str] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[audit.Finding] = field(default_factory=list)

    @property
    def exit(self) -> Exit:
        """How the command ends."""
        return Exit.QUARANTINED if self.counts[Outcome.QUARANTINED] else Exit.DONE


Progress = Callable[[Iterator[Manifest], int], Iterator[Manifest]]


def silent(manifests: Iterator[Manifest], total: int) -> Iterator[Manifest]:
    """No progress shown."""
    return manifests


def ingest(
    paths: Sequence[str],
    home: Home,
    settings: Settings,
    map_batches: Mapper | None = None,
    progress: Progress = silent,
) -> Report:
    """Bring the warehouse in `home`, whose lock is held, up to what lies below `paths`.

    Raises `Stop` (USAGE, REFUSED, IO); OSError and duckdb.Error where writing fails. Whatever
    is raised, the old warehouse stays published.
    """
    started = datetime.now(UTC)
    with workplace(home) as place:
        mend.sweep(home, settings.keep_builds)
        mended = mend.mend(home, settings.verify_bytes, lambda run: rebuild(home, settings, run))
        known = ledger.read(current(home))
        run = known.run + 1

        remembered = memory.read(home)
        survey = sources.survey(paths, settings, remembered, changes.members_known(known))
        unread = changes.unread(survey, known, fingerprint())

        folder = place / f"{run:06d}"
        folder.mkdir()
        batches = orders(unread, folder, settings)
        mapper = map_batches or mappers.choose(batches, settings)
        manifests = list(progress(mapper(read_batch, batches), len(batches)))
        keep_once(folder, manifests)

        judged = changes.judge(survey, known, manifests, run)
        report = Report(
            run=run,
            counts=judged.counts,
            seen=judged.seen,
            observations_read=sum(manifest.observations for manifest in manifests),
            events=judged.events,
            mended=mended,
        )
        if judged.events or manifests or known.run == 0 or known.layout != build.layout():
            write_run(folder, report, started)
            lake.commit(home, folder, run)
            try:
                report.warnings = build_and_publish(home, settings, run, known)
            except BaseException:
                mend.sweep(home, settings.keep_builds)
                raise
            report.published = True
        else:
            report.run = known.run
        memory.write(home, survey.signatures, remembered)
    count(home, report)
    return report


def plan(paths: Sequence[str], home: Home, settings: Settings) -> Report:
    """What `ingest` would come to, without writing anything: nothing is extracted."""
    known = ledger.read(current(home))
    members = changes.members_known(known)
    survey = sources.survey(paths, settings, memory.read(home), members)
    unread = changes.unread(survey, known, fingerprint())
    manifests = [identify_batch(order) for order in orders(unread, Path(), settings)]
    judged = changes.judge(survey, known, manifests, known.run + 1)
    report = Report(known.run + 1, judged.counts, judged.seen, events=judged.events)
    count(home, report)
    return report


def current(home: Home) -> Path | None:
    """The published build."""
    now = publish.published(home)
    return now[1] if now else None


def keep_once(folder: Path, manifests: Sequence[Manifest]) -> None:
    """Leave each document in the shards of one batch: that of its first file."""
    owner: dict[str, str] = {}
    others: dict[str, set[str]] = {}
    for read in sorted(read for manifest in manifests for read in manifest.read):
        if owner.setdefault(read.document_id, read.label) != read.label:
            others.setdefault(read.label, set()).add(read.document_id)
    for label, document_ids in others.items():
        lake.drop_documents(folder, label, document_ids)


def write_run(folder: Path, report: Report, started: datetime) -> None:
    """Add to a run's folder what happened to which file."""
    row = {"run": report.run, "started_at": started, "rules": fingerprint(), "seen": report.seen}
    row |= {str(outcome): report.counts[outcome] for outcome in Outcome}
    runs = Runs.validate(pl.DataFrame([row], schema=polars_types(Runs)))
    lake.write_shard(folder, "runs-00000", runs)
    events = FileEvents.validate(pl.DataFrame(report.events, schema=polars_types(FileEvents)))
    if not events.is_empty():
        lake.write_shard(folder, "files-00000", events)


def build_and_publish(
    home: Home, settings: Settings, run: int, known: ledger.Ledger
) -> list[audit.Finding]:
    """Build with run `run` loaded, audit, publish; the warnings of the audits.

    A copy of the published build takes the new run; where there is none, or one of another
    layout, all runs of the lake are loaded. Raises `Stop` (REFUSED).
    """
    building = home.staging / "building.duckdb"
    before = current(home)
    if before is not None and known.layout == build.layout():
        build.copy(before, building)
        folders = {run: home.run_folder(run)}
    else:
        build.create(building)
        folders = {number: home.run_folder(number) for number in lake.runs(home)}
    with build.writing(building, settings.memory, settings.workers, home.staging) as connection:
        build.load(connection, folders, reference(), home.staging)
        findings = audit.run(connection, audit.audits(home.audits))
    if red := [finding for finding in findings if finding.red]:
        told = "; ".join(f"{f.audit}: {f.about} ({f.bad_rows} bad rows)" for f in red)
        raise Stop(Exit.REFUSED, f"the build is refused, the old warehouse stays: {told}")
    publish.publish(home, building, run, settings.keep_builds)
    return [finding for finding in findings if finding.bad_rows]


def rebuild(home: Home, settings: Settings, run: int) -> None:
    """Build again what run `run` published, from the lake."""
    build_and_publish(home, settings, run, ledger.Ledger())


def reference() -> dict[str, pl.DataFrame]:
    """The reference data that goes into `ref`."""
    try:
        units = pl.DataFrame(lexicon.rows("units.csv"))
    except FileNotFoundError:
        return {}
    return {
        "reference_units": units.select(
            "unit", "forms", "kind", "base", pl.col("factor").cast(pl.Float64, strict=False)
        ).unique("unit", keep="first", maintain_order=True)
    }


def count(home: Home, report: Report) -> None:
    """Add how much the published warehouse holds."""
    if (published := current(home)) is None:
        return
    with duckdb.connect(published, read_only=True) as connection:
        row = connection.execute(
            "select (select count(*) from mart.observations),"
            " (select count(*) from core.document where retired_run is null)"
        ).fetchone()
    if row:
        report.observations, report.documents = row
