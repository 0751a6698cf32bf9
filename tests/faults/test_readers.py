"""A BI reader that holds its connection over a publish keeps its snapshot; a new one sees more."""

from __future__ import annotations

from pathlib import Path

import duckdb

from tests.faults.conftest import Night, run, tries

COUNT = "select count(*) from mart.documents where document = 'new.txt'"


def test_readers_hold_over_a_publish(night: Night, tmp_path: Path) -> None:
    for _ in range(tries(100, 2)):
        home = night.home(tmp_path / "home")
        with duckdb.connect(home / "current.duckdb", read_only=True) as reader:
            assert reader.execute(COUNT).fetchall() == [(0,)]
            run(night.inbox, home)
            assert reader.execute(COUNT).fetchall() == [(0,)]
            code = "import duckdb, sys; print(duckdb.connect(sys.argv[1], read_only=True)"
            code += f'.execute("{COUNT}").fetchall())'
            assert _elsewhere(code, home / "current.duckdb") == "[(1,)]"
            assert reader.execute(COUNT).fetchall() == [(0,)]


def _elsewhere(code: str, path: Path) -> str:
    """What another process prints."""
    import subprocess
    import sys

    command = [sys.executable, "-c", code, str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
