"""Times by tables: what a string names (`cases/periods.toml`), what a text holds."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.document import Facts, Outlook, Period, Section
from transforms.periods import find, resolve

CASES = Path(__file__).parent / "cases"
TABLE = tomllib.loads((CASES / "periods.toml").read_text(encoding="utf-8"))
FOUND = tomllib.loads((CASES / "periods_found.toml").read_text(encoding="utf-8"))["case"]


def _period(text: str) -> Period:
    start, _, end = text.partition("..")
    return Period(date.fromisoformat(start) if start else None, date.fromisoformat(end))


def _resolved() -> list[Any]:
    return [
        pytest.param(
            text,
            group["anchor"],
            _period("..".join(group["reporting"])) if "reporting" in group else None,
            _period(period),
            id=f"{group['anchor']} {text}",
        )
        for group in TABLE["group"]
        for period, texts in group["periods"].items()
        for text in texts
    ]


@pytest.mark.parametrize(("text", "anchor", "reporting", "expected"), _resolved())
def test_resolves(text: str, anchor: date, reporting: Period | None, expected: Period) -> None:
    assert resolve(text, anchor, reporting) == expected


@pytest.mark.parametrize("text", TABLE["none"]["texts"])
def test_names_no_time(text: str) -> None:
    assert resolve(text, date(2022, 7, 4)) is None


@pytest.mark.parametrize("case", FOUND, ids=lambda case: case["text"][:20])
def test_finds(case: dict[str, Any]) -> None:
    clean = re.sub(r"[\[\]]", "", case["text"])
    day = date.fromisoformat(case["date"])
    facts = Facts(signed=day, period=Period(date(day.year, 1, 1), date(day.year, 12, 31)))
    times = find(clean, facts)
    assert [clean[t.start : t.end] for t in times] == re.findall(r"\[(.*?)\]", case["text"])
    assert [Period(t.period_start, t.period_end) for t in times] == [  # type: ignore[arg-type]
        _period(p) for p in case["periods"]
    ]
    assert [t.kind for t in times] == case["kinds"]


def test_section_sets_the_year() -> None:
    clean = "一、2023年回顾\n1-9月完成30个。\n二、2024年打算\n全年新建5个，6月底前开工。"
    cut = clean.index("二、")
    sections = [
        Section(0, cut, "一、2023年回顾", 1, Outlook.BACK, -1, year=2023),
        Section(cut, len(clean), "二、2024年打算", 1, Outlook.AHEAD, -1, year=2024),
    ]
    facts = Facts(signed=date(2023, 12, 6), period=Period(date(2023, 1, 1), date(2023, 12, 31)))
    found = {clean[t.start : t.end]: t.period_end for t in find(clean, facts, sections)}
    assert found["1-9月"] == date(2023, 9, 30)
    assert found["全年"] == date(2024, 12, 31)
    assert found["6月底前"] == date(2024, 6, 30)


def test_without_a_day_only_named_years_resolve() -> None:
    clean = "2017年建成大棚33栋，今年新增5栋，3月投用。"
    times = find(clean, Facts())
    assert [clean[t.start : t.end] for t in times] == ["2017年", "今年", "3月"]
    assert [t.kind for t in times] == ["span", "open", "open"]
    assert times[1].period_end is None


def test_without_a_day_months_count_from_the_year_named_in_their_sentence() -> None:
    clean = "2023年计划投资2.5亿元，1-9月已完成1.9亿元。3月开工。"
    times = find(clean, Facts())
    assert [clean[t.start : t.end] for t in times] == ["2023年", "1-9月", "3月"]
    assert times[1].period_end == date(2023, 9, 30)
    assert times[2].kind == "open"  # the year holds in its sentence alone


def test_a_speech_counts_from_the_year_it_is_held_in() -> None:
    period = Period(date(2011, 1, 1), date(2011, 12, 31))
    for title, expected in (("政府工作报告", 2011), ("青石镇2011年工作总结", 2010)):
        facts = Facts(title=title, signed=date(2012, 2, 16), period=period)
        (time,) = find("去年新建大棚5座。", facts)
        assert time.period_end == date(expected, 12, 31)


LETTERS = (
    "0123456789〇一二三四五六七八九十百千年月日号季度旬半上下中初末底前后今明去本当近来至到"
    "-—.截自从起以周星期世纪代民国春节“”（） 个全"
)
DAYS = st.dates(date(1900, 1, 1), date(2150, 12, 31))


@given(st.text(alphabet=LETTERS, max_size=30), DAYS, st.booleans())
def test_never_raises_and_keeps_order(text: str, anchor: date, reporting: bool) -> None:
    period = resolve(text, anchor, Period(date(anchor.year, 1, 1), anchor) if reporting else None)
    assert period is None or period.start is None or period.start <= period.end


@given(st.text(alphabet=LETTERS + "，。\n镇增长", max_size=200))
def test_found_times_stand_in_order_without_overlap(clean: str) -> None:
    facts = Facts(signed=date(2022, 7, 4))
    times = find(clean, facts)
    assert all(t.start < t.end for t in times)
    assert all(a.end <= b.start for a, b in pairwise(times))


@given(
    DAYS, st.sampled_from(["{y}年{m}月{d}日", "{y}-{m}-{d}", "{y}/{m:02}/{d:02}", "{y}.{m}.{d}"])
)
def test_every_day_comes_back(day: date, form: str) -> None:
    text = form.format(y=day.year, m=day.month, d=day.day)
    assert resolve(text, date(2022, 7, 4)) == Period(day, day)
