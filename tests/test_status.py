"""The status of a figure, by the table in `cases/figures_status.toml`."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.figured import figured
from transforms.extract import extract
from transforms.extract.status import assign
from transforms.restore import decode, restore

CASES = Path(__file__).parent / "cases" / "figures_status.toml"


@pytest.mark.parametrize(
    "case", tomllib.loads(CASES.read_text(encoding="utf-8"))["case"], ids=lambda c: c["text"][:20]
)
def test_status(case: dict[str, Any]) -> None:
    document, sentences, mentions = figured(
        case["text"], ahead=case.get("ahead", False), qualifiers=case.get("bounds")
    )
    periods = [_period(text) for text in case.get("periods", [])]
    assert [str(s) for s in assign(document, sentences, mentions, periods)] == case["status"]


def _period(text: str) -> tuple[date | None, date, bool]:
    """`..END` or `START..END`, a period of the figure's own."""
    start, _, end = text.partition("..")
    return date.fromisoformat(start) if start else None, date.fromisoformat(end), False


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("办席不超过12桌。", "norm"),
        ("逾期率控制在5‰以内。", "actual"),
        ("对群众诉求3个工作日内答复。", "norm"),
        ("历时3个月建成。", "actual"),
    ],
)
def test_a_bound_is_a_rule_where_the_words_set_one(text: str, status: str) -> None:
    (observation,) = extract(restore("case.txt", decode(text.encode()))).observations
    assert str(observation.status) == status
