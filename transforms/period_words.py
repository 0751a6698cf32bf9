"""The words of time, the festivals and the arithmetic of days that `periods` counts with."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from transforms import lexicon

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0, "○": 0, "O": 0, "Ｏ": 0, "两": 2, "俩": 2, "首": 1, "元": 1, "廿": 20, "卅": 30,
}  # fmt: skip


def _table(name: str) -> dict[str, Any]:
    table: dict[str, Any] = lexicon.toml("cues/periods.toml")[name]
    return table


@cache
def numbers(table: str) -> dict[str, int]:
    """Words and what each adds or is: 去年 → -1, 上月 → -1, 元 → 1."""
    return dict(_table(table))


@cache
def spans(table: str) -> dict[str, tuple[int, int]]:
    """Words and the first and last of what each covers: 十三五 → 2016, 2020."""
    return {word: (first, last) for word, (first, last) in _table(table).items()}


@cache
def phrases(table: str, key: str = "words") -> tuple[str, ...]:
    """The words of a class: 以来, 起, 至今."""
    return tuple(_table(table)[key])


def letters(table: str, key: str = "letters") -> str:
    """Single letters of a class."""
    text: str = _table(table)[key]
    return text


def pattern(table: str, key: str) -> str:
    """A pattern of a class, as the seeds write it."""
    text: str = _table(table)[key]
    return text


@cache
def compared() -> tuple[str, ...]:
    """What stands right in front of a time that a figure is compared with or begins from."""
    return (*_table("compared")["before"], *_table("leaving")["before"])


@cache
def longest(table: str) -> tuple[str, ...]:
    """The words of a class, the longest first."""
    found = _table(table)
    return tuple(sorted(found.get("words", found), key=len, reverse=True))


def starts(text: str, table: str) -> str:
    """The longest word of a class that the text begins with and is not, or ""."""
    if not text.startswith(longest(table)):
        return ""
    for word in longest(table):
        if text.startswith(word) and len(text) > len(word):
            return word
    return ""


def ends(text: str, table: str) -> str:
    """The longest word of a class that the text ends with and is not, or ""."""
    if not text.endswith(longest(table)):
        return ""
    for word in longest(table):
        if text.endswith(word) and len(text) > len(word):
            return word
    return ""


def without(text: str, tables: Iterable[str]) -> str:
    """The text without a word of each class at its end."""
    for table in tables:
        if word := ends(text, table):
            text = text[: -len(word)]
    return text


def alternatives(found: Iterable[str]) -> str:
    """A regular expression for any of the words, the longest first."""
    return "|".join(map(re.escape, sorted(found, key=len, reverse=True)))


class Festival(NamedTuple):
    """A festival and its days off: so many, from so many days before it."""

    name: str
    month_day: str  # "" where it moves from year to year
    before: int
    days: int

    def on(self, year: int) -> date | None:
        """Its day in a year, None outside `festivals_by_year.csv`."""
        stamp = self.month_day or _moving().get((self.name, year))
        return date.fromisoformat(f"{year:04}-{stamp}") if stamp else None


@cache
def festivals() -> dict[str, Festival]:
    """Names and other names of festivals."""
    table: dict[str, Festival] = {}
    for row in lexicon.rows("festivals.csv"):
        festival = Festival(
            row["name"], row["date"], int(row["holiday_before"]), int(row["holiday_days"])
        )
        for name in (row["name"], *row["aliases"].split()):
            table[name] = festival
    return table


@cache
def longest_festivals() -> tuple[str, ...]:
    """Names of festivals, the longest first."""
    return tuple(sorted(festivals(), key=len, reverse=True))


@cache
def _moving() -> dict[tuple[str, int], str]:
    return {
        (name, int(row["year"])): day
        for row in lexicon.rows("festivals_by_year.csv")
        for name, day in row.items()
        if name != "year"
    }


def integer(text: str) -> int:
    """12, 十二, 二十, 〇五, 一百零二 → int. Raises ValueError on anything else."""
    if text.isascii() and text.isdigit():
        return int(text)
    if "百" in text:
        head, _, tail = text.partition("百")
        return 100 * integer(head or "一") + (integer(tail.lstrip("零")) if tail else 0)
    if "十" in text:
        head, _, tail = text.partition("十")
        return 10 * (integer(head) if head else 1) + (integer(tail) if tail else 0)
    if not text or any(c not in DIGITS for c in text):
        raise ValueError(text)
    value = 0
    for c in text:
        value = value * 10 + DIGITS[c] if DIGITS[c] < 10 else value + DIGITS[c]
    return value


def months_between(start: date, end: date) -> int:
    """How many calendar months two days touch."""
    return (end.year - start.year) * 12 + end.month - start.month + 1


def last_day(day: date) -> date:
    """The last day of the month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def add_months(day: date, months: int) -> date:
    """The first of the month so many months on."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def add_months_day(day: date, months: int) -> date:
    """The same day so many months on, or the last of that month."""
    first = add_months(day, months)
    return first.replace(day=min(day.day, last_day(first).day))


def add_years(day: date, years: int) -> date:
    """The same day so many years on; 28 February for the 29th."""
    return add_months_day(day, 12 * years)
