"""What is remembered of the input files between runs, so that unchanged ones are not read.

A cache and no more: without it, or with a damaged one, every file is read and hashed.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from flows.sources import Remembered, Signature
from warehouse.files import Home, intact
from warehouse.lake import write_shard

RACY = 2_000_000_000
"""Nanoseconds: a file written this shortly before may change once more within one tick."""

COLUMNS: dict[str, type[pl.DataType]] = {
    "location": pl.Binary,
    "size": pl.Int64,
    "modified": pl.Int64,
    "changed": pl.Int64,
    "inode": pl.UInt64,
    "sha256": pl.String,
    "members": pl.Int64,
    "ignored": pl.Int64,
}


def read(home: Home) -> dict[str, Remembered]:
    """Location → what is remembered of the file there."""
    for file in _files(home):
        if intact(file):
            rows = pl.read_parquet(file, glob=False).iter_rows()
            return {
                os.fsdecode(location): Remembered(Signature(*signature), sha256, members, ignored)
                for location, *signature, sha256, members, ignored in rows
            }
    return {}


def write(
    home: Home, signatures: Mapping[str, Remembered], before: Mapping[str, Remembered]
) -> None:
    """Remember `signatures` besides those of files that are still there. Raises OSError."""
    now = time.time_ns()
    settled = {
        location: remembered
        for location, remembered in signatures.items()
        if max(remembered.signature.modified, remembered.signature.changed) < now - RACY
    }
    others = {
        location: remembered
        for location, remembered in before.items()
        if location not in signatures and os.path.lexists(location)
    }
    everything = {**others, **settled}
    old = _files(home)
    if everything == before and len(old) < 2:  # a run that was killed here left two
        return
    rows = [
        (os.fsencode(location), *r.signature, r.sha256, r.members, r.ignored)
        for location, r in sorted(everything.items())
    ]
    frame = pl.DataFrame(rows, schema=COLUMNS, orient="row")
    new = write_shard(home.root, "memory", frame)
    for file in old:
        if file != new:
            file.unlink()


def _files(home: Home) -> list[Path]:
    return sorted(home.root.glob("memory-*.parquet"))
