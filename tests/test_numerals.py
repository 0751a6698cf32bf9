"""Numerals of `tests/cases/numerals.toml`, and properties that hold for any string."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.mention import Qualifier
from transforms import numerals
from transforms.numerals import Number, parse_number

CASES = tomllib.loads((Path(__file__).parent / "cases" / "numerals.toml").read_text("utf-8"))
ALPHABET = (
    "零〇一二两三四五六七八九十百千万亿兆廿卅半几数余多来点分之成负又约近至到"
    "-—~%‰.,/个 0123456789kMe"
)


@pytest.mark.parametrize(
    ("text", "case"), [(text, case) for case in CASES["numeral"] for text in case["texts"]]
)
def test_numeral(text: str, case: dict[str, str]) -> None:
    low = Decimal(case["value"])
    assert parse_number(text) == Number(
        low,
        Decimal(case.get("high", low)),
        case.get("unit", ""),
        Qualifier(case.get("qualifier", "exact")),
    )


@pytest.mark.parametrize("text", CASES["none"]["texts"])
def test_no_numeral(text: str) -> None:
    assert parse_number(text) is None


@given(st.text())
def test_any_string_is_read_or_refused(text: str) -> None:
    number = parse_number(text)
    assert number is None or number.value <= number.value_high


@given(st.text(alphabet=ALPHABET, max_size=100))
def test_any_string_of_numeral_characters(text: str) -> None:
    number = parse_number(text)
    assert number is None or (number.value.is_finite() and number.value <= number.value_high)


def spelled(number: int) -> str:
    """`number` below 10**12 in Chinese, with 零 where a place is empty."""
    groups = []
    for power, big in ((8, "亿"), (4, "万"), (0, "")):
        group = number // 10**power % 10**4
        text = "".join(
            "零一二三四五六七八九"[digit] + ("千百十"[i] if i < 3 and digit else "")
            for i, digit in enumerate(divmod_digits(group))
        ).rstrip("零")
        groups.append(text + big if text else "零")
    return collapse("".join(groups))


def divmod_digits(group: int) -> list[int]:
    return [group // 10**i % 10 for i in (3, 2, 1, 0)]


def collapse(text: str) -> str:
    while "零零" in text:
        text = text.replace("零零", "零")
    return text.strip("零") or "零"


@given(st.integers(0, 10**12 - 1))
def test_spelled_number_comes_back(number: int) -> None:
    assert parse_number(spelled(number)) == Number(Decimal(number), Decimal(number))


@given(st.integers(0, 10**12 - 1))
def test_grouped_number_comes_back(number: int) -> None:
    assert parse_number(f"{number:,}") == Number(Decimal(number), Decimal(number))


def test_tables_cover_each_other() -> None:
    assert set(numerals.JOINED).isdisjoint(numerals.DIGITS)
    assert set(numerals.MAGNITUDES).isdisjoint(numerals.DIGITS)
