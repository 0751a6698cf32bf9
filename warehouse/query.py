"""Reading the published warehouse: read-only, and closed to the world outside the file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb

from schemas.exits import Exit, Stop
from warehouse.files import Home


@contextmanager
def reading(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the published build, which it keeps over a publish.

    Raises `Stop` (USAGE) where nothing is published, (IO) where the file cannot be read.
    """
    if not home.current.exists():
        raise Stop(Exit.USAGE, f"nothing is published in {home.root}; run shuxiang ingest first")
    try:
        connection = duckdb.connect(home.current.resolve(), read_only=True)
    except duckdb.Error as error:
        told = (
            f"{home.current} cannot be read ({str(error).splitlines()[0]}); run ingest to mend it"
        )
        raise Stop(Exit.IO, told) from error
    with connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        yield connection


def ask(home: Home, query: str, values: object = None) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Column names and rows of a query. Raises `Stop` (USAGE) for a query that is wrong."""
    with reading(home) as connection:
        try:
            connection.execute(query, values)
            if connection.description is None:
                return [], []
            return [column[0] for column in connection.description], connection.fetchall()
        except duckdb.IOException:
            raise
        except duckdb.Error as error:
            raise Stop(Exit.USAGE, str(error).strip()) from error
