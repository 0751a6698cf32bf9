"""Whole rows of small documents, by the table `cases/rows.toml`: what headings, titles and the
words of a sentence say together of a figure's status, last day and place."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from transforms.extract import extract
from transforms.restore import decode, restore

CASES = tomllib.loads(
    Path(__file__).with_name("cases").joinpath("rows.toml").read_text(encoding="utf-8")
)["case"]


def rows(text: str) -> list[str]:
    """The figures of a document as lines `quote = status ..last day, place`."""
    document = restore("case.txt", decode(text.strip().encode()))
    return [
        f"{document.clean[o.start : o.end]} = {o.status} ..{o.period_end or ''}, {o.place}"
        for o in extract(document).observations
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["about"])
def test_rows_of_small_documents(case: dict[str, object]) -> None:
    assert rows(str(case["text"])) == case["rows"]
