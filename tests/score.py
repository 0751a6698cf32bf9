"""Prints how the extraction stands beside the answer keys: totals of three sets, no texts."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

ROWS = (
    "f1", "tuple_f1", "indicator", "measure", "qualifier", "period_end", "period_start", "place",
    "status", "period_own", "place_own", "status_other", "measure_related",
)  # fmt: skip
SURE = 0.9


def main() -> None:
    """Score the sets below the folder given, or say that it is not there."""
    shared = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared").resolve()
    if not (shared / "gold" / "score.py").exists():
        print(f"no answer keys in {shared}: nothing to score")
        return
    sets = {
        "seeds": shared / "seeds",
        "dev": shared / "gold" / "dev",
        "check": shared / "gold" / "check",
    }
    with tempfile.TemporaryDirectory() as home:
        totals = {
            name: score(shared, name, texts, Path(home) / name) for name, texts in sets.items()
        }
    print(f"{'':24}" + "".join(f"{name:>9}" for name in totals))
    for row in (*ROWS, "sure rows right", "sure rows of all"):
        cells = (total[row] for total in totals.values())
        print(f"{row:24}" + "".join(f"{'-' if c is None else f'{c:.4f}':>9}" for c in cells))


def score(shared: Path, name: str, texts: Path, home: Path) -> dict[str, Any]:
    """The totals of one set: those of score.py, and how far the confidence can be trusted."""
    command = [sys.executable, "-m", "flows.cli", "ingest", str(texts), "--home", str(home)]
    env = {k: v for k, v in os.environ.items() if k != "PREFECT_API_URL"}
    subprocess.run(command, check=True, capture_output=True, env=env)
    scorer, gold = shared / "gold" / "score.py", shared / "gold" / f"{name}.jsonl"
    build = home / "current.duckdb"
    command = [sys.executable, str(scorer), str(gold), str(build), "--json"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return {**json.loads(done.stdout), **calibration(_module(scorer), gold, build)}


def calibration(scorer: ModuleType, gold_file: Path, build: Path) -> dict[str, float | None]:
    """Of the rows at or above `SURE`: the share that is right as a tuple, and of all rows."""
    docs = {d["doc"]: d for d in scorer.load(gold_file.with_name(gold_file.stem + ".docs.jsonl"))}
    gold = [{**g, "doc_date": docs.get(g["doc"], {}).get("date")} for g in scorer.load(gold_file)]
    rows = [
        row
        for row in scorer.load(build)
        if not any(
            start <= row["source_start"] < end
            for start, end in docs.get(scorer.base(row["document"]), {}).get("ignore", [])
        )
    ]
    right = {
        id(row)
        for figure, row in scorer.match(gold, rows)
        if row is not None
        and (figure["optional"] or all(scorer.right(f, figure, row) for f in scorer.CORE))
    }
    sure = [row for row in rows if row["confidence"] >= SURE]
    return {
        "sure rows right": sum(id(row) in right for row in sure) / len(sure) if sure else None,
        "sure rows of all": len(sure) / len(rows) if rows else None,
    }


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
