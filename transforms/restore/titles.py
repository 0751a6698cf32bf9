"""Reads years and periods out of titles and headings: `2022年上半年工作总结` → its days."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import cache

from schemas.document import Period
from transforms import lexicon
from transforms.period_words import alternatives, integer, longest, spans

_YEAR = re.compile(r"((?:19|20)\d\d)年?(?!\d)|([一二][〇零○九一二三四五六七八Ｏ]{3})年")
_MONTHS = re.compile(
    r"(?P<from>\d{1,2})月?份?[-—－–~～至到](?P<to>\d{1,2})月|(?P<until>前(?P<first>[一二三四五六七八九十]{1,2}|\d{1,2})个?月)"
    r"|(?<![\d年])(?P<only>\d{1,2})月份?(?!\d)|年(?P<after>\d{1,2})月份?(?!\d|[日号])"
)
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_QUARTER = re.compile(
    r"(?P<until>前)?第?(?P<number>[一二三四1-4])季度|(?P<until2>[前])(?P<number2>[一二三])季度"
)
_PAIR = re.compile(r"(?:及|和|与|暨|以及|、|并|，|\s)+")


def headed_year(heading: str) -> int | None:
    """The year a heading names, the last one when it names several."""
    years = [y for y in _years(heading) if 1949 <= y <= 2060]
    return years[-1] if years else None


def _years(text: str) -> list[int]:
    return [integer(m.group(1) or m.group(2)) for m in _YEAR.finditer(text)]


def headed_period(heading: str, year: int | None) -> Period | None:
    """The part of a year that a heading names (下半年工作思路), or its whole year."""
    if year is None:
        return None
    return part(heading, year) or (_whole(year) if headed_year(heading) == year else None)


def _whole(year: int) -> Period:
    return Period(date(year, 1, 1), date(year, 12, 31))


def _months(year: int, first: int, last: int) -> Period | None:
    if not (1 <= first <= last <= 12):
        return None
    return Period(date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def _school_year(text: str) -> Period | None:
    """2021—2022学年 is from 1 September to 31 August."""
    match = _SCHOOL_YEAR.search(text) if "学年" in text else None
    if match is None:
        return None
    year = int(match[1])
    return Period(date(year, 9, 1), date(year + 1, 8, 31))


_SCHOOL_YEAR = re.compile(r"(20\d\d)(?:[-—–－~～至]{1,2}20\d\d)学年")


def part(text: str, year: int) -> Period | None:
    """Half, quarter or months of `year` that a text names, None when it names none."""
    if "上半年" in text:
        return _months(year, 1, 6)
    if "下半年" in text:
        return _months(year, 7, 12)
    if "季度" in text and (match := _QUARTER.search(text)):
        quarter = _QUARTERS[match["number"] or match["number2"]]
        first = 1 if match["until"] or match["until2"] else 3 * quarter - 2
        return _months(year, first, 3 * quarter)
    if "月" in text and (match := _MONTHS.search(text)):
        if match["from"]:
            return _months(year, int(match["from"]), int(match["to"]))
        if match["until"]:
            return _months(year, 1, integer(match["first"]))
        month = int(match["only"] or match["after"])
        return _months(year, month, month)
    return None


def periods(title: str, anchor: date | None) -> tuple[Period | None, Period | None]:
    """Reporting period and plan period that a title names.

    `anchor` gives the year of a title without one (上半年工作总结).
    """
    five = _five_year_plans().search(title)
    if five and _word("plan").search(title) and not _word("past").search(title):
        first, last = spans("plans")[five[1]]
        return None, Period(date(first, 1, 1), date(last, 12, 31))
    if school := _school_year(title):
        return (None, school) if _word("plan").search(title) else (_until(school, anchor), None)
    year = next(iter(_years(title)), None)
    named = year if year is not None else anchor.year if anchor else None
    if named is None or not 1949 <= named <= 2060:
        return None, None
    cut = _split(title)
    past, plan = title[:cut], title[cut:]
    if cut == len(title) and _word("plan").search(title) and not _word("past").search(title):
        period = part(title, named) or (_whole(named) if year else None)
        return None, period
    reporting = part(past, named) or (_whole(named) if year is not None else None)
    planned = None
    if plan:
        then = headed_year(plan)
        if then and headed_year(past) is None and part(plan, then) is None and year == then:
            reporting = _whole(then - 1)  # 工作总结及2023年工作思路
        planned = part(plan, then or named) or (_whole(then) if then else None)
    return reporting, planned


def _until(period: Period, anchor: date | None) -> Period:
    """The period as far as the day the text speaks from, if that lies in it."""
    inside = anchor is not None and period.start is not None and period.start < anchor < period.end
    return Period(period.start, anchor) if inside and anchor else period


def _split(title: str) -> int:
    """Where the part about plans begins: 2022年上半年工作总结|及下半年工作思路."""
    plan = _word("plan")
    for match in _PAIR.finditer(title):
        here = match.start()
        if (
            plan.search(title, match.end())
            and not plan.search(title, 0, here)
            and _word("past").search(title, 0, here)
        ):
            return here
    return len(title)


def following(period: Period | None) -> Period | None:
    """The next period of the same length: what a report plans for."""
    if period is None or period.start is None:
        return None
    start, end = period.start, period.end
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
        return _whole(end.year + 1)
    if end.month == 12:
        return _whole(end.year + 1)
    if end.month == 6:
        return _months(end.year, 7, 12)
    return Period(end + timedelta(days=1), date(end.year, 12, 31))


def before(period: Period) -> Period:
    """The year before the one that a period ends in."""
    return _whole(period.end.year - 1)


@cache
def _five_year_plans() -> re.Pattern[str]:
    """十四五, “十四五”; not a part of a date (十五年) or of a list of numerals."""
    return re.compile(rf"({alternatives(longest('plans'))})(?!年|月|[、一二三四五六七八九十])")


@cache
def _word(name: str) -> re.Pattern[str]:
    return re.compile(lexicon.toml("restore/facts.toml")["title"][name])
