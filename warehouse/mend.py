"""Before a run: away with what a dead run left, and stored files that no longer are what their
names say made again from the other copy.

Every row stands twice, in the lake and in the published build, so that any damaged file can be
made again: a build from the lake, a shard from a build.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb

from schemas.exits import Exit, Stop
from schemas.tables import LAKE, polars_types
from warehouse import lake, publish
from warehouse.build import duckdb_type, quoted
from warehouse.files import Home, intact, settle, sync

Rebuild = Callable[[int], None]

QUERIES = {
    "runs": "select * from ops.runs where run = $run",
    "files": "select * from ops.file_events where run = $run",
    "documents": "select * from core.document where read_run = $run",
    "texts": "select t.* from core.document_text as t semi join ("
    "select document_id from core.document where read_run = $run) as d using (document_id)",
    "observations": "select t.* from core.observation as t semi join ("
    "select document_id from core.document where read_run = $run) as d using (document_id)",
    "repairs": "select t.* from ops.repairs as t semi join ("
    "select document_id from core.document where read_run = $run) as d using (document_id)",
    "unclaimed": "select t.* from ops.unclaimed as t semi join ("
    "select document_id from core.document where read_run = $run) as d using (document_id)",
}
"""Where the rows of each table of the lake stand in a build."""


def sweep(home: Home, keep: int) -> None:
    """Delete what a dead run left: nothing of it was published. Raises OSError.

    Where no build is linked, a complete one is: the run died between its last two steps.
    """
    if publish.published(home) is None:
        whole = [build for build in publish.builds(home) if intact(build)]
        if whole:
            publish.point(home, whole[0])
    now = publish.published(home)
    for run in lake.runs(home):
        if now is None or run > now[0]:
            shutil.rmtree(home.run_folder(run))
    for build in publish.builds(home):
        if now is None or publish.number(build) > now[0]:
            build.unlink()
    publish.tidy(home, keep)


def mend(home: Home, budget: int, rebuild: Rebuild) -> list[str]:
    """Test the checksums of the stored files and mend what is damaged; says what was.

    A run tests the published build and, of the lake, `budget` bytes: those that come next.
    `rebuild` makes and publishes a run's build from the lake. Raises `Stop` (IO) when both
    copies are damaged.
    """
    now = publish.published(home)
    if now is None:
        return []
    run, build = now
    mended = []
    for older in publish.builds(home):
        if older != build and not intact(older):
            older.unlink()
            mended.append(f"{older.name}: an older build was damaged; deleted")
    whole = intact(build)
    for number in _due(home, run, budget):
        mended += _mend_run(home, number, build if whole else None)
    if not whole:
        rebuild(run)
        build.unlink(missing_ok=True)
        mended.append(f"{build.name}: the published build was damaged; made again from the lake")
    return mended


def _due(home: Home, run: int, budget: int) -> list[int]:
    """The runs whose shards are tested now: as many as the budget allows, in turn."""
    sizes = {
        number: sum(shard.stat().st_size for shard in lake.all_shards(home.run_folder(number)))
        for number in range(1, run + 1)
    }
    if sum(sizes.values()) <= budget:
        return list(sizes)
    turns = -(-sum(sizes.values()) // budget)
    day = int(home.current.lstat().st_mtime) // 86400
    return [number for number in sizes if number % turns == day % turns]


def _mend_run(home: Home, run: int, build: Path | None) -> list[str]:
    """Make the damaged or missing tables of one run's folder again, from a build."""
    folder = home.run_folder(run)
    damaged = {shard for shard in lake.all_shards(folder) if not intact(shard)}
    tables = {shard.name.partition("-")[0] for shard in damaged}
    if build is not None:
        tables |= _missing(folder, run, build)
    strays = set(folder.iterdir()) - set(lake.all_shards(folder)) if folder.is_dir() else set()
    if not tables and not strays:
        return []
    sources = [b for b in publish.builds(home) if publish.number(b) >= run and intact(b)]
    if tables and not sources:
        raise Stop(
            Exit.IO, f"{folder} and the builds are damaged; restore {home.root} from a backup"
        )
    folder.mkdir(parents=True, exist_ok=True)
    for table in sorted(tables):
        _export(sources[0], run, table, folder, home.staging)
    for stray in strays:
        stray.unlink()
    sync(folder)
    return [f"{folder.name}/{table}: damaged; made again from a build" for table in sorted(tables)]


def _missing(folder: Path, run: int, build: Path) -> set[str]:
    """Tables of which the build has rows or files that the folder lacks."""
    there = {shard.name.partition("-")[0] for shard in lake.all_shards(folder)}
    with duckdb.connect(build, read_only=True) as connection:
        known = connection.execute("select file from ops.shards where run = ?", [run]).fetchall()
        absent = {file.partition("-")[0] for (file,) in known if not (folder / file).exists()}
        gone = set()
        for table in sorted(absent):
            if table not in there or _rows(connection, table, run) != _stored(folder, table):
                gone.add(table)
    return gone


def _rows(connection: duckdb.DuckDBPyConnection, table: str, run: int) -> int:
    found = connection.execute(f"select count(*) from ({QUERIES[table]})", {"run": run}).fetchone()
    assert found is not None
    return int(found[0])


def _stored(folder: Path, table: str) -> int:
    """Rows of a table in a run's folder."""
    return sum(lake.count(shard) for shard in lake.shards(folder, table))


def _export(build: Path, run: int, table: str, folder: Path, staging: Path) -> None:
    """Write all rows of one table of one run as one shard, in place of those there."""
    columns = ", ".join(
        f'"{column}"::{duckdb_type(dtype)} as "{column}"'
        for column, dtype in polars_types(LAKE[table]).items()
    )
    temporary = staging / f"{table}.parquet"
    with duckdb.connect(build, read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        query = QUERIES[table].replace("$run", str(run))
        connection.execute(
            f"copy (select {columns} from ({query}) order by all)"
            f" to {quoted(str(temporary))} (format parquet, compression zstd)"
        )
    for shard in lake.shards(folder, table):
        shard.unlink()
    settle(temporary, folder, f"{table}-00000")
