"""Rows for other programs: JSON, CSV that is safe in spreadsheets, and a table for people."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from unicodedata import east_asian_width

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for the beginning of a formula."""


def to_json(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """An array of objects."""
    return json.dumps(
        [dict(zip(columns, row, strict=True)) for row in rows], ensure_ascii=False, default=_plain
    )


def _plain(value: Any) -> Any:
    """A value that JSON does not know."""
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)


def to_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """CSV with a header; a text that a spreadsheet would run gets an apostrophe in front."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([defused(column) for column in columns])
    writer.writerows([defused(value) for value in row] for row in rows)
    return out.getvalue()


def defused(value: Any) -> Any:
    """`value`, and a text that begins like a formula behind an apostrophe. Numbers stay."""
    if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA):
        return "'" + value
    return value


def to_table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Columns side by side; Chinese characters count double."""
    cells = [[_shown(value) for value in row] for row in [list(columns), *rows]]
    widths = [max(_width(row[i]) for row in cells) for i in range(len(columns))]
    lines = [
        "  ".join(cell + " " * (widths[i] - _width(cell)) for i, cell in enumerate(row)).rstrip()
        for row in cells
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return (
            f"{value:.15g}"
            if abs(value) < 1e-4 or abs(value) >= 1e15
            else f"{value:.4f}".rstrip("0").rstrip(".")
        )
    return "".join(c if c.isprintable() else " " for c in str(value))


def _width(text: str) -> int:
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)
