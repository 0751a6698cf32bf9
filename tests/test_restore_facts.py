"""The facts of a document, each with the span it was read from."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from schemas.document import Period
from transforms.restore import Decoded, restore

CASES = tomllib.loads(
    (Path(__file__).parent / "cases" / "restore_facts.toml").read_text(encoding="utf-8")
)["document"]


def plain(value: object) -> object:
    """A fact as the cases write it."""
    if isinstance(value, Period):
        return [value.start or "", value.end]
    return value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"].split()[0][:12])
def test_reads_the_facts(case: dict[str, object]):
    document = restore("a.txt", Decoded(str(case["text"]), "utf-8"))
    for name, expected in case.items():
        if name != "text":
            assert plain(getattr(document.facts, name)) == expected, name


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"].split()[0][:12])
def test_facts_stand_where_their_spans_say(case: dict[str, object]):
    document = restore("a.txt", Decoded(str(case["text"]), "utf-8"))
    facts = document.facts
    for name, (start, end) in facts.spans.items():
        text = document.clean[start:end].replace(" ", "")
        value = getattr(facts, name)
        assert text, name
        if isinstance(value, str) and name != "place":
            assert value.replace("　", "\n") in (text, text.replace("　", "\n")), name
        elif name == "place":
            assert value in text
        elif isinstance(value, date):
            assert any(c in text for c in f"{value.year}〇二")
