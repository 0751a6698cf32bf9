"""Figures of `tests/cases/quantities.toml`, the examples of the seeds, and properties of `find`."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.mention import Mention, Reason
from transforms import lexicon
from transforms.extract import quantities

CASES = tomllib.loads((Path(__file__).parent / "cases" / "quantities.toml").read_text("utf-8"))
NAMES = lexicon.toml("names_with_numerals.toml")
UNITS = lexicon.rows("units.csv")
RESOLVED = {"成": "%", "番": "%"}  # 近八成 is 80 %, 翻两番 growth of 300 %
NAMING = ("番", "周年", "岁", "周岁")  # figures in contexts of their own only
PIECES = [
    *"0123456789一二三十百千万亿两几零第前近约余多个户人家元亩%成倍番位名至—-、，。：:",
    *"（）“”《》\n.,/+ ",
    *("分之 以上 左右 不少于 排名 未发生 其中 公里 千瓦 个百分点 翻 其中一 2022年".split()),
]


def printed(text: str, mention: Mention) -> str:
    value = f"{mention.value:.10g}"
    if mention.value_high != mention.value:
        value += f"~{mention.value_high:.10g}"
    parts = [text[mention.start : mention.end], value, mention.unit]
    return "|".join(parts if mention.qualifier == "exact" else [*parts, mention.qualifier.value])


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["text"][:20])
def test_figures(case: dict[str, Any]) -> None:
    text = case["text"]
    mentions, unclaimed = quantities.find(text, [])
    assert [printed(text, mention) for mention in mentions] == case["figures"]
    others = [f"{text[none.start : none.end]}|{none.reason.value}" for none in unclaimed]
    assert others == case["others"]


@pytest.mark.parametrize("row", [row for row in UNITS if row["example"]], ids=lambda r: r["unit"])
def test_unit_example(row: dict[str, str]) -> None:
    mentions, _ = quantities.find(row["example"] + "。", [])
    assert RESOLVED.get(row["unit"], row["unit"]) in [mention.unit for mention in mentions]


@pytest.mark.parametrize("row", UNITS, ids=lambda row: row["unit"])
def test_unit_forms(row: dict[str, str]) -> None:
    for form in row["forms"].split("|"):
        text = f"共37{form}。"
        mentions, _ = quantities.find(text, [])
        names = [mention.unit for mention in mentions]
        expected = [] if row["unit"] in NAMING else [RESOLVED.get(row["unit"], row["unit"])]
        assert names == expected, form


def test_units_are_many_and_each_form_once() -> None:
    forms = [form for row in UNITS for form in row["forms"].split("|")]
    assert len(UNITS) >= 300
    assert len(forms) == len(set(forms))
    assert {row["bare"] for row in UNITS} == {"yes", "not_one", "no"}
    assert all(float(row["factor"]) > 0 for row in UNITS)


@pytest.mark.parametrize(
    "example", [example for row in NAMES["pattern"] for example in row["examples"]]
)
def test_name_is_no_figure(example: str) -> None:
    for text in (example, f"{example}，"):
        mentions, unclaimed = quantities.find(text, [])
        assert [text[m.start : m.end] for m in mentions] == []
        assert unclaimed


@pytest.mark.parametrize(
    "example", [example for row in NAMES["pattern"] for example in row.get("not", [])]
)
def test_figure_is_no_name(example: str) -> None:
    mentions, _ = quantities.find(f"{example}。", [])
    assert mentions


def test_words_with_numerals_are_no_figures() -> None:
    for words in NAMES["words"].values():
        for word in words.split():
            assert quantities.find(f"坚持{word}。", [])[0] == [], word


def test_times_and_furniture_are_left_out() -> None:
    text = "2022年完成12项，第3页"
    mentions, unclaimed = quantities.find(text, [(0, 5)], [(11, 14)])
    assert [text[m.start : m.end] for m in mentions] == ["12项"]
    assert [none.reason for none in unclaimed] == [Reason.DATE, Reason.FURNITURE]


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_every_digit_is_accounted_for(text: str) -> None:
    mentions, unclaimed = quantities.find(text, [])
    spans = sorted([(x.start, x.end) for x in mentions] + [(x.start, x.end) for x in unclaimed])
    assert all(0 <= start < end <= len(text) for start, end in spans)
    starts = [mention.start for mention in mentions]
    assert starts == sorted(starts)
    for digits in re.finditer(r"[0-9]+", text):
        assert any(a < digits.end() and digits.start() < b for a, b in spans), digits.group()


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    mentions, _ = quantities.find(text, [])
    assert all(mention.lead <= mention.start <= mention.unit_start for mention in mentions)
