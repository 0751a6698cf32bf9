"""What the extracting wing passes from step to step: quantities and times as mentioned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Qualifier(StrEnum):
    """How exact a figure is said to be."""

    EXACT = "exact"
    ABOUT = "about"  # 约, 左右
    OVER = "over"  # 余, 多, 超过, 突破, 以上 behind an achieved figure
    UNDER = "under"  # 近, 不足, 将近
    AT_LEAST = "at_least"  # 不少于, 不低于, 以上 in a rule or target
    AT_MOST = "at_most"  # 不超过, 控制在…以内
    RANGE = "range"


class Measure(StrEnum):
    """What a figure says of its indicator."""

    LEVEL = "level"
    SHARE = "share"
    GROWTH = "growth"
    CHANGE = "change"
    COMPLETION = "completion"
    RANK = "rank"


class Status(StrEnum):
    """Whether a figure has come true."""

    ACTUAL = "actual"
    FORECAST = "forecast"
    TARGET = "target"
    NORM = "norm"


class Reason(StrEnum):
    """Why a numeral of the clean text is no observation."""

    DATE = "date"
    ORDINAL = "ordinal"
    NAME = "name"
    SLOGAN = "slogan"
    HEADING = "heading"
    FURNITURE = "furniture"
    ARTICLE = "article"
    UNKNOWN = "unknown"


@dataclass(slots=True)
class Mention:
    """A quantity in the clean text.

    `[start, end)` covers the numeral, its magnitude, its unit and a qualifier inside or right
    behind (20余个, 5名以上); `unit_start` is where the unit stands, `lead` where a qualifier in
    front begins (近, 约, 不少于; equal to `start` when there is none). `value` has the
    magnitude multiplied out and is a percentage for a share (77.1, 三成 = 30); its sign is
    set later, with the measure. `unit` is the canonical unit, empty when none is printed
    (产值2.48亿). `kind` is the unit's kind in `seeds/units.csv`, `rank` for a place in a
    ranking, empty without a unit.
    """

    start: int
    end: int
    unit_start: int
    lead: int
    value: float
    value_high: float
    unit: str
    kind: str
    qualifier: Qualifier
    rule: str


@dataclass(slots=True)
class TimeMention:
    """A time in the clean text, resolved to days (both inclusive).

    `kind` is `span` (1—9月), `asof` (截至6月底: `start` is None), `base` (a time compared
    with: 比上年, 较去年同期) or `open`: what day it is cannot be told (1—9月 in a text without
    a date).
    """

    start: int
    end: int
    period_start: date | None
    period_end: date | None
    kind: str
    rule: str


@dataclass(slots=True)
class Unclaimed:
    """A numeral that is no observation, with the reason."""

    start: int
    end: int
    reason: Reason
