"""The Parquet lake: one folder a run, written aside and renamed into place when it is whole.

A run's folder is an addition to the log of what was ever read: `runs` and `files` (what
happened to which file) and, for the texts it read, `documents`, `texts`, `observations`,
`repairs` and `unclaimed`. Within a run a document stands once; of several runs the last one
counts. The warehouse can be made again from these folders alone.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable
from pathlib import Path

import polars as pl

from schemas.tables import LAKE, BatchFrames
from warehouse.files import Home, settle, sync

BATCH_TABLES = ("documents", "texts", "observations", "repairs", "unclaimed")


def write_batch(folder: Path, label: str, frames: BatchFrames) -> None:
    """Write the frames of one batch as shards into `folder`. Raises OSError."""
    for table in BATCH_TABLES:
        frame: pl.DataFrame = getattr(frames, table)
        if not frame.is_empty():
            write_shard(folder, f"{table}-{label}", frame)


def write_shard(folder: Path, stem: str, frame: pl.DataFrame) -> Path:
    """Write `frame` as `folder/STEM-CHECKSUM.parquet`. Raises OSError."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=3)
    temporary = folder / f".{stem}.parquet"
    temporary.write_bytes(buffer.getbuffer())
    return settle(temporary, folder, stem)


def drop_documents(folder: Path, label: str, document_ids: Iterable[str]) -> None:
    """Take documents out of a batch's shards: another batch of the run has them too."""
    gone = list(document_ids)
    for table in BATCH_TABLES:
        for shard in shards(folder, f"{table}-{label}"):
            frame = pl.read_parquet(shard).filter(~pl.col("document_id").is_in(gone))
            shard.unlink()
            if not frame.is_empty():
                write_shard(folder, f"{table}-{label}", frame)


def commit(home: Home, folder: Path, run: int) -> None:
    """Rename a whole run's folder into the lake; whatever stood there was never published."""
    home.lake.mkdir(parents=True, exist_ok=True)
    target = home.run_folder(run)
    shutil.rmtree(target, ignore_errors=True)
    sync(folder)
    folder.rename(target)
    sync(home.lake)


def runs(home: Home) -> list[int]:
    """Numbers of the runs in the lake, ascending."""
    if not home.lake.is_dir():
        return []
    return sorted(int(entry.name) for entry in home.lake.iterdir() if entry.name.isdigit())


def shards(folder: Path, stem: str) -> list[Path]:
    """The shards in `folder` whose names begin with `STEM-`, sorted."""
    if not folder.is_dir():
        return []
    return sorted(
        entry
        for entry in folder.iterdir()
        if entry.name.startswith(f"{stem}-") and entry.suffix == ".parquet"
    )


def all_shards(folder: Path) -> list[Path]:
    """Every shard in a run's folder."""
    return [shard for table in LAKE for shard in shards(folder, table)]


def count(shard: Path) -> int:
    """Rows of a shard, read from its footer."""
    found = pl.scan_parquet(shard, glob=False).select(pl.len()).collect()
    return int(found.item())
