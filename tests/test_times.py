"""The period of a figure, by the table in `cases/figures_times.toml`."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from schemas.document import Outlook, Period, Section
from tests.figured import figured
from transforms.extract.times import assign
from transforms.periods import find

CASES = Path(__file__).parent / "cases" / "figures_times.toml"


def _shown(start: date | None, end: date | None, inherited: bool) -> str:
    return "-" if inherited else f"{start or ''}..{end or ''}"


@pytest.mark.parametrize(
    "case", tomllib.loads(CASES.read_text(encoding="utf-8"))["case"], ids=lambda c: c["text"][:20]
)
def test_period(case: dict[str, Any]) -> None:
    document, sentences, mentions = figured(case["text"], units=case.get("units"))
    times = find(document.clean, document.facts, document.sections)
    assert [_shown(*p) for p in assign(document, sentences, mentions, times)] == case["periods"]


def test_heading_sets_the_period() -> None:
    document, sentences, mentions = figured("新增大棚[5座]，10月底前建成桥梁[2座]。")
    clean = document.clean
    document.sections = [
        Section(0, 0, "二、2024年打算", 1, Outlook.AHEAD, -1, year=2024),
        Section(0, len(clean), "（一）抓项目", 2, Outlook.AHEAD, 0),
    ]
    document.sentences[0].section = 1
    times = find(clean, document.facts, document.sections)
    assert assign(document, sentences, mentions, times) == [
        (date(2024, 1, 1), date(2024, 12, 31), False),
        (None, date(2024, 10, 31), False),
    ]


def test_plan_sections_without_a_year_take_the_plan_period() -> None:
    document, sentences, mentions = figured("新增大棚[5座]。", ahead=True)
    document.facts.plan_period = Period(date(2024, 1, 1), date(2024, 12, 31))
    assert assign(document, sentences, mentions, []) == [
        (date(2024, 1, 1), date(2024, 12, 31), False)
    ]
