"""Measures the whole way in one process: MB of UTF-8 and figures per CPU second, by stage.

The corpus is made from the sample reports with digits, names and the order of clauses redrawn,
so that caches find little to reuse; how often they were hit is printed. The figure that counts
is the first, cold pass. Two more lines give the restoration of texts alone: report texts as they
are, and in traditional script with pinyin notes and hard wraps.

    python tests/bench/run.py [--megabytes 4] [--seed 1] [--texts FOLDER]
"""

from __future__ import annotations

import argparse
import gc
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
MEGABYTE = 1_000_000
BATCH = 200
PASSES = 100


class Stages:
    """CPU seconds of this process by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        began = time.process_time()
        yield
        spent = time.process_time() - began
        self.seconds[stage] = self.seconds.get(stage, 0.0) + spent


def main() -> None:
    sys.path.insert(0, str(PROJECT))
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--megabytes", type=float, default=4.0)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--texts", type=Path, help="a folder of .txt instead of the corpus")
    given = arguments.parse_args()
    corpus = (
        [(path.name, path.read_bytes()) for path in sorted(given.texts.glob("*.txt"))]
        if given.texts
        else _corpus(given.megabytes, given.seed)
    )
    size = sum(len(data) for _, data in corpus) / MEGABYTE
    base = _memory()
    stages = Stages()
    with tempfile.TemporaryDirectory() as folder:
        figures = run(corpus, Path(folder), stages)
    total = sum(seconds for stage, seconds in stages.seconds.items() if stage != "load rules")
    print(f"{len(corpus)} documents, {size:.2f} MB of UTF-8, {figures} figures")
    print(f"{'stage':24}{'CPU s':>9}{'MB/s':>9}{'figures/s':>11}")
    for stage, seconds in [*stages.seconds.items(), ("total without load rules", total)]:
        print(f"{stage:24}{seconds:9.3f}{size / seconds:9.2f}{figures / seconds:11.0f}")
    for name, speed in restoration(_reports(given.texts)):
        print(f"{name:50}{speed:9.2f} MB/s, the best of {PASSES} passes")
    for name, hits, misses in _caches():
        print(f"cache {name}: {hits} hits, {misses} misses, {hits / (hits + misses):.1%}")
    print(f"peak memory {_memory():.0f} MB ({base:.0f} MB before the first batch)")


def run(corpus: list[tuple[str, bytes]], folder: Path, stages: Stages) -> int:
    """The whole way from bytes to an audited build; the number of figures."""
    with stages.timed("load rules"):
        import polars as pl

        from flows.ingest import reference
        from schemas.tables import FileEvents, Runs, polars_types
        from transforms import pipeline
        from warehouse import audit, build, lake
        from warehouse.files import Home

        pipeline.process(
            [
                pipeline.SourceFile(
                    "warm.txt", "全年产值 1 亿元，新建厕所所3座，調解糾紛12起。".encode()
                )
            ]
        )
        _forget()
    gc.collect()
    home = Home(folder)
    run_folder = home.run_folder(1)
    run_folder.mkdir(parents=True)
    home.staging.mkdir()
    figures = 0
    events: list[dict[str, Any]] = []
    for number in range(0, len(corpus), BATCH):
        with pipeline.collector_paused():  # as in `pipeline.process`
            files = [
                pipeline.SourceFile(name, data) for name, data in corpus[number : number + BATCH]
            ]
            with stages.timed("decode, repair, script"):
                documents = [pipeline.restored(file) for file in files]
            with stages.timed("extract"):
                extractions = [pipeline.extract(document) for document in documents]
            with stages.timed("frames"):
                readings = [
                    pipeline.reading(document, extraction)
                    for document, extraction in zip(documents, extractions, strict=True)
                ]
                read = [
                    {"path": file.path, "document_id": r.document_id, "encoding": r.encoding}
                    for file, r in zip(files, readings, strict=True)
                ]
                frames = pipeline.frames(read, readings, [])
            with stages.timed("parquet"):
                lake.write_batch(run_folder, f"{number:05d}", frames)
            figures += frames.observations.height
            events += [_event(row) for row in read]
            del documents, extractions, readings, frames
    with stages.timed("build and audit"):
        lake.write_shard(run_folder, "files-0", pl.DataFrame(events, polars_types(FileEvents)))
        lake.write_shard(run_folder, "runs-0", pl.DataFrame([_run(events)], polars_types(Runs)))
        building = home.staging / "building.duckdb"
        build.create(building)
        with build.writing(building, "1GB", 1, home.staging) as connection:
            build.load(connection, {1: run_folder}, reference(), home.staging)
            audit.run(connection, audit.audits())
    return figures


def restoration(reports: list[bytes]) -> Iterator[tuple[str, float]]:
    """MB of UTF-8 per CPU second of decode and repair alone, of texts as they are and damaged.

    Every pass takes each text once, with no answer remembered from the pass before.
    """
    from tests.damage import damage
    from transforms import pipeline
    from transforms.restore import decode, repair
    from transforms.restore.draft import Draft

    kinds = ("pinyin_notes", "hard_wrapped")
    damaged = [
        damage(decode(data).text, kinds, Random(f"{number}")).text.encode()
        for number, data in enumerate(reports)
    ]
    for name, texts in (
        ("decode and repair, report texts", reports),
        ("decode and repair, traditional, noted, wrapped", damaged),
    ):
        best = float("inf")
        for _ in range(PASSES):
            _forget()
            with pipeline.collector_paused():
                began = time.process_time()
                for data in texts:
                    repair(Draft(decode(data).text))
                best = min(best, time.process_time() - began)
        yield name, sum(map(len, texts)) / MEGABYTE / best


def _reports(folder: Path | None) -> list[bytes]:
    """The texts of the folder, else those shared beside the project, else the sample reports."""
    shared = PROJECT.parent / "shared" / "gold" / "dev"
    folder = folder or (shared if shared.is_dir() else PROJECT / "seeds" / "reports")
    return [path.read_bytes() for path in sorted(folder.glob("*.txt"))]


def _event(row: dict[str, str]) -> dict[str, Any]:
    return {
        "run": 1, "root": "/", "path": row["path"], "name": row["path"], "outcome": "new",
        "sha256": row["document_id"], "size": 1, "encoding": row["encoding"],
        "document_id": row["document_id"],
    }  # fmt: skip


def _run(events: list[dict[str, Any]]) -> dict[str, Any]:
    counts = dict.fromkeys(
        ("revised", "unchanged", "duplicate", "withdrawn", "quarantined", "ignored"), 0
    )
    number = len(events)
    return {
        "run": 1, "started_at": datetime.now(UTC), "rules": "", "seen": number, "new": number,
        **counts,
    }  # fmt: skip


def _corpus(megabytes: float, seed: int) -> list[tuple[str, bytes]]:
    from tests.bench.corpus import build as build_corpus

    return build_corpus(megabytes, seed)


def _cached() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every function of the transforms that remembers answers for texts."""
    seen = set()
    for module in [m for n, m in sorted(sys.modules.items()) if n.startswith("transforms")]:
        for name, member in vars(module).items():
            if hasattr(member, "cache_info") and id(member) not in seen:
                seen.add(id(member))
                yield f"{module.__name__}.{name}", member


def _forget() -> None:
    """Empty the caches that hold answers for texts; tables that are loaded once stay."""
    for _, function in _cached():
        if function.cache_info().maxsize is not None:
            function.cache_clear()


def _caches() -> Iterator[tuple[str, int, int]]:
    for name, function in _cached():
        about = function.cache_info()
        if about.maxsize is not None and about.hits + about.misses:
            yield name, about.hits, about.misses


def _memory() -> float:
    """Peak resident memory in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
