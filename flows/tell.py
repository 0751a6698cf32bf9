"""What `explain`, `show` and `sql` print."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from schemas.exits import Exit, Stop
from transforms import pipeline
from transforms.restore import Unreadable
from warehouse.export import to_csv, to_json, to_table
from warehouse.files import Home
from warehouse.query import ask

SHORT = (
    "quote", "indicator", "measure", "value", "value_high", "unit", "qualifier", "status",
    "period_start", "period_end", "place", "confidence", "rule",
)  # fmt: skip
"""What of an observation fits on a screen."""


def explain(text: str, day: str | None, place: str | None, as_json: bool) -> None:
    """Print the observations in `text`. Raises `Stop` (USAGE) for a day that is none."""
    try:
        when = date.fromisoformat(day) if day else None
    except ValueError as error:
        raise Stop(Exit.USAGE, f"--date {day}: {error}") from error
    try:
        reading = pipeline.explain(text, when, place)
    except Unreadable as error:
        raise Stop(Exit.USAGE, f"{error.reason}: {error.advice}") from error
    found, unclaimed = reading.observations, reading.unclaimed
    if as_json:
        print(to_json(list(found), list(zip(*found.values(), strict=True))))
        return
    print(reading.text["clean_text"])
    for repair in reading.repairs:
        print(f"repair: {repair['repair']} × {repair['count']}")
    _print_observations(list(SHORT), list(zip(*(found[name] for name in SHORT), strict=True)))
    for quote, reason in zip(unclaimed["quote"], unclaimed["reason"], strict=True):
        print(f"no observation: {quote} ({reason})")


def show(home: Home, document: str, text_only: bool, as_json: bool) -> None:
    """Print a document. Raises `Stop` (USAGE) where it is not known, or not one alone."""
    document_id = _find(home, document)
    one = {"id": document_id}
    columns, rows = ask(home, "select * from core.document where document_id = $id", one)
    facts = dict(zip(columns, rows[0], strict=True))
    _, ((clean,),) = ask(
        home, "select clean_text from core.document_text where document_id = $id", one
    )
    if text_only:
        print(json.dumps(clean, ensure_ascii=False) if as_json else clean)
        return
    repairs = ask(
        home,
        'select repair, "count" from ops.repairs where document_id = $id order by repair',
        one,
    )
    observations = ask(
        home,
        "select * from core.observation where document_id = $id order by source_start, source_end",
        one,
    )
    if as_json:
        answer = facts | {
            "clean_text": clean,
            "repairs": json.loads(to_json(*repairs)),
            "observations": json.loads(to_json(*observations)),
        }
        print(to_json(list(answer), [list(answer.values())])[1:-1])
        return
    for name, value in facts.items():
        if value is not None:
            print(f"{name:18} {value}")
    print(f"\n{clean}\n")
    for repair, times in repairs[1]:
        print(f"repair: {repair} × {times}")
    chosen = [observations[0].index(column) for column in SHORT]
    _print_observations(list(SHORT), [[row[i] for i in chosen] for row in observations[1]])


def sql(home: Home, query: str, as_json: bool, as_csv: bool) -> None:
    """Print the answer to a query."""
    columns, rows = ask(home, query)
    if as_json:
        print(to_json(columns, rows))
    elif as_csv:
        print(to_csv(columns, rows), end="")
    elif columns:
        print(to_table(columns, rows))


def _find(home: Home, document: str) -> str:
    """The id of the document with that id (or the beginning of it), path or file name.

    Of documents of one name the current one; of several current ones none.
    """
    _, found = ask(
        home,
        """
        select distinct d.document_id, d.retired_run is null as current, d.path
        from core.document as d
        left join ops.file_events as f on d.document_id = f.document_id
        where
            d.document_id = $name
            or (length($name) >= 6 and starts_with(d.document_id, $name))
            or f.path = $name
            or f.name = $name
        order by current desc, d.path
        """,
        {"name": document},
    )
    current = [row for row in found if row[1]] or found
    if not current:
        raise Stop(Exit.USAGE, f"no document {document}; ask mart.documents for what there is")
    if len(current) > 1:
        told = ", ".join(f"{row[2]} ({row[0][:12]})" for row in current)
        raise Stop(Exit.USAGE, f"{document} is several documents: {told}")
    return str(current[0][0])


def _print_observations(columns: list[str], rows: Sequence[Sequence[Any]]) -> None:
    """Observations as a table, or a word where there are none."""
    print(to_table(columns, rows) if rows else "no observations")
