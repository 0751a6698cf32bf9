"""One hash for each table of a warehouse: whatever the order of the rows, equal rows hash equal.

Left out is what differs between two undisturbed runs over the same files: the clock, the
folders that the files lie in, the version of the rules, and the names of the lake's shards.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

APART = {"started_at", "loaded_at", "retired_at", "root", "rules", "layout"}
"""Columns that tell of the machine and the version, not of the reports."""


def digests(build: Path) -> dict[str, str]:
    """Table or view → hash of its rows. Raises duckdb.Error."""
    with duckdb.connect(build, read_only=True) as connection:
        columns: dict[str, list[str]] = {}
        found = connection.execute(
            "select schema_name || '.' || table_name, column_name from duckdb_columns()"
            " where schema_name in ('core', 'mart', 'ops', 'ref') order by 1, column_index"
        ).fetchall()
        for table, column in found:
            if column not in APART and table != "ops.shards":
                columns.setdefault(table, []).append(column)
        return {
            table: _digest(connection, table, names) for table, names in sorted(columns.items())
        }


def _digest(connection: duckdb.DuckDBPyConnection, table: str, columns: list[str]) -> str:
    cells = ", ".join(f"coalesce('=' || \"{column}\"::varchar, '')" for column in columns)
    row = connection.execute(
        "select count(*), bit_xor(h), sum((h % 1000000007)::bigint) from"
        f" (select md5_number(concat_ws(chr(31), {cells})) as h from {table})"
    ).fetchone()
    assert row is not None
    return f"{row[0]}:{row[1] or 0:x}:{row[2] or 0:x}"
