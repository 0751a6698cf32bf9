"""The lake → a DuckDB file: made anew from every run, or a copy with the new run loaded into it.

Both ways execute the same statements, `warehouse/tables/*.sql` in the order of
`schemas.tables.WAREHOUSE`, over views named `in_*` of the runs that are loaded: all of them, or
one. The same lake gives the same tables either way.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import dataframely as dy
import duckdb
import polars as pl

from schemas.tables import LAKE, WAREHOUSE, ReferenceUnits, polars_types
from warehouse import lake

FOLDER = Path(__file__).resolve().parent
STORAGE = "v1.5.0"
CLONE = 0x40049409  # FICLONE of <linux/fs.h>: share the blocks until one side writes

TYPES: dict[type[pl.DataType] | pl.DataType, str] = {
    pl.String: "varchar",
    pl.Enum: "varchar",
    pl.Int64: "bigint",
    pl.Float64: "double",
    pl.Boolean: "boolean",
    pl.Date: "date",
    pl.Datetime: "timestamptz",
}

REFERENCE: dict[str, type[dy.Schema]] = {"reference_units": ReferenceUnits}
"""Frames of reference data that a build is handed besides the lake."""


@contextmanager
def writing(
    path: Path, memory: str, threads: int, spill: Path
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that writes `path`; afterwards the file is complete, with nothing in a WAL.

    Raises duckdb.Error; RuntimeError when a WAL is left.
    """
    with duckdb.connect(path, config={"memory_limit": memory, "threads": threads}) as connection:
        connection.execute(f"set temp_directory = {quoted(str(spill))}")
        connection.execute("set preserve_insertion_order = false")
        connection.execute("set timezone = 'UTC'")
        # what is committed goes into the file at once, not into a log first
        connection.execute("set checkpoint_threshold = '1KB'")
        yield connection
        connection.execute("checkpoint")
    if path.with_name(path.name + ".wal").exists():
        raise RuntimeError(f"{path.name} left a write-ahead log")


def create(path: Path) -> None:
    """An empty warehouse at `path`: schemas and tables with their comments."""
    with duckdb.connect(config={"threads": 1}) as connection:  # nothing to share out
        connection.execute(f"attach {quoted(str(path))} as fresh (storage_version '{STORAGE}')")
        connection.execute("use fresh")
        with _unoptimized(connection):
            connection.execute(";\n".join(["begin", *_definitions(), "commit"]))


@contextmanager
def _unoptimized(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """No optimizer inside: hundreds of comments are each a statement with nothing to improve."""
    connection.execute("pragma disable_optimizer")
    yield
    connection.execute("pragma enable_optimizer")


SCHEMAS = ("core", "mart", "ops", "ref")

COMPRESSION = dict.fromkeys(("source_text", "clean_text", "sentence"), " using compression zstd")
"""Columns that DuckDB's own choice is wrong for: on whole texts dict_fsst takes ten times as
long as zstd for five times the size, on sentences as much longer for the same size."""


def _definitions() -> Iterator[str]:
    """The statements that make the schemas and the tables with their comments."""
    for name in SCHEMAS:
        yield f"create schema {name}"
    for table, schema in WAREHOUSE.items():
        columns = ", ".join(
            f'"{column}" {duckdb_type(dtype)}{COMPRESSION.get(column, "")}'
            for column, dtype in polars_types(schema).items()
        )
        yield f"create table {table} ({columns})"
        yield f"comment on table {table} is {quoted(summary(schema))}"
        for column, definition in schema.columns().items():
            yield f'comment on column {table}."{column}" is {quoted(definition.description or "")}'


def copy(source: Path, target: Path) -> None:
    """Copy a build, sharing its blocks where the file system can."""
    with source.open("rb") as old, target.open("wb") as new:
        try:
            fcntl.ioctl(new.fileno(), CLONE, old.fileno())
        except OSError:
            shutil.copyfileobj(old, new, 1 << 20)


def load(
    connection: duckdb.DuckDBPyConnection,
    folders: Mapping[int, Path],
    reference: Mapping[str, pl.DataFrame],
    spill: Path,
) -> None:
    """Load the runs in `folders` (number → folder) into the tables and make the marts.

    `reference` has a frame for each name in `REFERENCE`. `spill` takes its Parquet file.
    """
    _show_lake(connection, folders)
    for name, schema in REFERENCE.items():
        file = spill / f"{name}.parquet"
        frame = reference.get(name, pl.DataFrame(schema=polars_types(schema)))
        schema.validate(frame, cast=True).write_parquet(file)
        _view(connection, f"in_{name}", schema, [file])
    connection.begin()
    for statements in (FOLDER / "tables" / f"{table}.sql" for table in WAREHOUSE):
        if statements.exists():
            connection.execute(statements.read_text(encoding="utf-8"))
    connection.execute("delete from ops.build")
    insert(connection, "ops.build", [(max(folders, default=0), layout())])
    with _unoptimized(connection):
        make_marts(connection)
    connection.commit()


def make_marts(connection: duckdb.DuckDBPyConnection) -> None:
    """Create every view; a column without a comment of its own takes that of its table."""
    for statements in (FOLDER / "marts" / f"{name}.sql" for name in MARTS):
        connection.execute(statements.read_text(encoding="utf-8"))
    known = {
        column: definition.description
        for schema in reversed(WAREHOUSE.values())
        for column, definition in schema.columns().items()
    }
    bare = connection.execute(
        "select c.schema_name, c.table_name, c.column_name"
        " from duckdb_columns() as c join duckdb_views() as v"
        " on c.schema_name = v.schema_name and c.table_name = v.view_name"
        " where c.comment is null and not c.internal and c.schema_name in ('mart', 'ops')"
    ).fetchall()
    connection.execute(
        ";\n".join(
            f'comment on column {schema_name}.{view}."{column}" is {quoted(meaning)}'
            for schema_name, view, column in bare
            if (meaning := known.get(column))
        )
    )


MARTS = (
    "observations",
    "observations_history",
    "documents",
    "yearly",
    "growth",
    "completion",
    "rankings",
    "targets",
    "quarantine",
    "coverage",
)
"""The views, each after those it reads."""


def _show_lake(connection: duckdb.DuckDBPyConnection, folders: Mapping[int, Path]) -> None:
    """Make the views `in_*` of the lake, and the documents concerned.

    `read_now`: documents in `folders` with the last run that read them; `touched`: these, and
    those that a file came to or left.
    """
    shards = [(run, shard) for run, folder in folders.items() for shard in lake.all_shards(folder)]
    for table, schema in LAKE.items():
        files = [shard for _, shard in shards if shard.name.startswith(f"{table}-")]
        _view(connection, f"in_{table}", schema, files)
    connection.execute("create or replace temp table in_shards (run bigint, file varchar)")
    insert(connection, "in_shards", [(run, shard.name) for run, shard in shards])
    connection.execute(
        "create or replace temp table read_now as"
        " select document_id, max(in_run) as run from in_documents group by document_id"
    )
    connection.execute(
        "create or replace temp table touched as"
        " select document_id from read_now"
        " union select document_id from in_files where document_id is not null"
        " union select previous_document_id from in_files where previous_document_id is not null"
    )


def _view(
    connection: duckdb.DuckDBPyConnection, name: str, schema: type[dy.Schema], files: list[Path]
) -> None:
    """A view of Parquet files with the columns of `schema` and `in_run`, their folder's number.

    Columns that older files do not have are null.
    """
    types = {column: duckdb_type(dtype) for column, dtype in polars_types(schema).items()}
    if files:
        names = ", ".join(quoted(unglobbed(str(file))) for file in files)
        source = f"read_parquet([{names}], union_by_name = true, filename = true)"
        there = set(connection.sql(f"select * from {source}").columns)
        run = "try_cast(regexp_extract(filename, '([0-9]+)/[^/]*$', 1) as bigint)"
    else:
        source, there, run = "(select 1 where false)", set(), "null::bigint"
    columns = ", ".join(
        f'"{column}"::{dtype} as "{column}"' if column in there else f'null::{dtype} as "{column}"'
        for column, dtype in types.items()
    )
    connection.execute(
        f"create or replace temp view {name} as select {columns}, {run} as in_run from {source}"
    )


def insert(
    connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple[str | int, ...]]
) -> None:
    """Insert `rows`, written out: bound one by one, each value would cost 0.2 ms."""
    if rows:
        written = (
            ", ".join(quoted(v) if isinstance(v, str) else str(v) for v in row) for row in rows
        )
        connection.execute(f"insert into {table} values ({'), ('.join(written)})")


def layout() -> str:
    """Hash of everything that decides the tables; a build of another layout is made anew."""
    digest = hashlib.blake2b(digest_size=8)
    code = [FOLDER.parent / "schemas" / "tables.py", Path(__file__)]
    for path in [*code, *sorted(FOLDER.glob("*/*.sql"))]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def summary(schema: type[dy.Schema]) -> str:
    """The first sentence of a table's schema."""
    return (schema.__doc__ or "").partition("\n")[0]


def duckdb_type(dtype: pl.DataType) -> str:
    """The DuckDB type that holds a Polars type."""
    return TYPES[dtype.base_type()]


def quoted(text: str) -> str:
    """`text` as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def unglobbed(path: str) -> str:
    """`path` for DuckDB's file functions, which would take `*`, `?` and `[` for patterns."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in path)
