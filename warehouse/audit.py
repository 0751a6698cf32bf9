"""Audits: each an SQL file that returns the bad rows, run over a build before it is published.

The first line of the file, a comment, says what must hold; `-- severity: error` refuses a build
with bad rows, `-- severity: warning` reports them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse import build

FOLDER = Path(__file__).resolve().parent / "audits"


@dataclass(frozen=True, slots=True)
class Finding:
    """What an audit found."""

    audit: str
    severity: str
    about: str
    bad_rows: int

    @property
    def red(self) -> bool:
        """Whether it refuses the build."""
        return self.severity == "error" and self.bad_rows > 0


def audits(*folders: Path) -> list[Path]:
    """The audits of the project and those in `folders`, sorted by name."""
    return sorted(
        (path for folder in (FOLDER, *folders) for path in folder.glob("*.sql")),
        key=lambda path: path.name,
    )


def run(connection: duckdb.DuckDBPyConnection, files: Iterable[Path]) -> list[Finding]:
    """Run the audits and note their findings in `ops.audits`. Raises duckdb.Error."""
    findings = [look(connection, file) for file in files]
    connection.execute("delete from ops.audits")
    rows = [(f.audit, f.severity, f.about, f.bad_rows) for f in findings]
    build.insert(connection, "ops.audits", rows)
    return findings


def look(connection: duckdb.DuckDBPyConnection, file: Path) -> Finding:
    """Run one audit."""
    query = file.read_text(encoding="utf-8")
    comments = [line[2:].strip() for line in query.splitlines() if line.startswith("--")]
    about = next((line for line in comments if not line.startswith("severity:")), file.stem)
    severities = [line[9:].strip() for line in comments if line.startswith("severity:")]
    query = query.strip().rstrip(";")
    counted = connection.execute(f"select count(*) from ({query}\n)").fetchone()
    assert counted is not None
    return Finding(file.stem, severities[0] if severities else "error", about, int(counted[0]))
