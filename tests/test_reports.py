"""The sample corpus is well formed: its files decode, and the key fits them."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
FIELDS = {
    "measure": {"level", "share", "growth", "change", "completion", "rank"},
    "status": {"actual", "forecast", "target", "norm"},
}
QUALIFIERS = {"exact", "about", "over", "under", "at_least", "at_most", "range"}


def rows(name: str) -> list[dict[str, Any]]:
    """The rows of `seeds/expected/NAME`."""
    lines = (SEEDS / "expected" / name).read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


DOCUMENTS = {row["doc"]: row for row in rows("observations.docs.jsonl")}
OBSERVATIONS = rows("observations.jsonl")


def source_text(name: str) -> str:
    """The report decoded with its own encoding, without a byte order mark."""
    content = (SEEDS / "reports" / name).read_bytes()
    return content.decode(DOCUMENTS[name]["encoding"]).removeprefix("\ufeff")


def test_every_report_has_its_key_and_no_other() -> None:
    files = {path.name for path in (SEEDS / "reports").iterdir()}
    assert files == set(DOCUMENTS) == {row["doc"] for row in OBSERVATIONS}
    assert len(files) >= 12


def test_half_of_the_reports_are_plain_and_every_encoding_is_there() -> None:
    encodings = Counter(row["encoding"] for row in DOCUMENTS.values())
    assert set(encodings) == {"utf-8", "utf-8-sig", "utf-16", "gb18030", "big5", "big5hkscs"}
    plain = [row for row in DOCUMENTS.values() if not row["damage"]]
    assert 2 * len(plain) >= len(DOCUMENTS)
    assert all(row["encoding"] == "utf-8" and row["script"] == "hans" for row in plain)


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_quotes_are_the_spans_of_the_source_text(name: str) -> None:
    text = source_text(name)
    own = [row for row in OBSERVATIONS if row["doc"] == name]
    for row in own:
        assert text[row["start"] : row["end"]] == row["quote"]
    ends = [row["end"] for row in own]
    starts = [row["start"] for row in own]
    assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))
    assert len(text) >= 800
    assert len(own) >= 25


def test_big5_reports_tell_apart_the_plain_and_the_extended_code_pages() -> None:
    extended = (SEEDS / "reports" / "tangkou_2023.txt").read_bytes()
    assert {"裏", "恒"} <= set(extended.decode("big5hkscs"))
    with pytest.raises(UnicodeDecodeError):
        extended.decode("big5")
    plain = (SEEDS / "reports" / "yongfu_2024.txt").read_bytes()
    assert plain.decode("big5") == plain.decode("cp950")
    assert plain.decode("gb18030")  # no error either: only the characters tell


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_documents_have_a_place_and_true_dates(name: str) -> None:
    row = DOCUMENTS[name]
    assert re.fullmatch(r"\d{6}(\d{3})?", row["place_code"])
    assert row["place"]
    assert in_order(*(row["period"] or (None, None)))
    assert row["date"] is None or date.fromisoformat(row["date"]).year in range(2019, 2025)


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_observations_are_well_formed(name: str) -> None:
    whole = DOCUMENTS[name]["period"] or [None, None]
    for row in (row for row in OBSERVATIONS if row["doc"] == name):
        assert row["indicator"], row
        assert row["place"], row
        for field, values in FIELDS.items():
            assert 0 < len(row[field]) == len(values & set(row[field])), row
        assert row["qualifier"] in QUALIFIERS, row
        assert (row["qualifier"] == "range") == (row["value"] < row["value_high"]), row
        assert row["measure"] != ["rank"] or row["unit"] == "位", row
        assert in_order(row["period_start"], row["period_end"]), row
        assert not row["period_inherited"] or [row["period_start"], row["period_end"]] == whole


def in_order(start: str | None, end: str | None) -> bool:
    """Whether both dates are true ones and the first is not behind the second."""
    days = [date.fromisoformat(day) for day in (start, end) if day]
    return days == sorted(days)
