"""The ledger: what is known of every file and document, read from the published build."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import duckdb


class FileState(NamedTuple):
    """What is known of a file. `rules` is the fingerprint it was last judged by."""

    root: str
    path: str
    present: bool
    sha256: str | None
    document_id: str | None
    encoding: str | None
    bad: bool
    rules: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """Files by their key (`ROOT/PATH`); documents with the rules they were read by."""

    run: int = 0
    layout: str = ""
    files: dict[str, FileState] = field(default_factory=dict)
    documents: dict[str, str] = field(default_factory=dict)
    current: set[str] = field(default_factory=set)

    def below(self, prefix: str) -> list[str]:
        """Keys of the files that were there and begin with `prefix`."""
        return [key for key, file in self.files.items() if file.present and key.startswith(prefix)]


def key_of(root: str, path: str) -> str:
    """The key of a file: its absolute path, whatever folder it was reached from."""
    return f"{root.rstrip('/')}/{path}"


def read(build: Path | None) -> Ledger:
    """The ledger of a build, empty without one. Raises duckdb.Error."""
    if build is None:
        return Ledger()
    with duckdb.connect(build, read_only=True) as connection:
        about = connection.execute("select run, layout from ops.build").fetchone()
        assert about is not None
        files = connection.execute(
            "select f.root, f.path, f.present, f.sha256, f.document_id, f.encoding,"
            " f.reason is not null, r.rules"
            " from ops.files as f join ops.runs as r on f.changed_run = r.run"
        ).fetchall()
        documents = connection.execute(
            "select document_id, rules, retired_run is null from core.document"
        ).fetchall()
    return Ledger(
        run=about[0],
        layout=about[1],
        files={key_of(row[0], row[1]): FileState(*row) for row in files},
        documents={row[0]: row[1] for row in documents},
        current={row[0] for row in documents if row[2]},
    )
