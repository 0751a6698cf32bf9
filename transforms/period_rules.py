"""The rules by which one string that names a time becomes days: a table of small readers.

`resolved` strips what opens and closes a time (截至, 自, 以来, 前, 期间), splits ranges, and asks
the readers of `_POINTS` in order what is left.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import NamedTuple

from schemas.document import Facts, Period
from transforms import period_words as words

_WIDE = {i: i - 0xFEE0 for i in range(0xFF01, 0xFF5F)}
_BLANK = re.compile(r"[\s　“”\"‘’'「」『』《》]+")
_DASHES = re.compile(r"[-—–－~～─―‐‑‒−]+")


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """Without blanks and quotes, in simplified script, with narrow digits and one dash."""
    text = text.translate(_WIDE).translate(_simplified())
    return _DASHES.sub("-", _BLANK.sub("", text)).strip("，,。；;：:、")


@cache
def _simplified() -> dict[int, int]:
    return str.maketrans(
        words.letters("script", "traditional"), words.letters("script", "simplified")
    )


class Span(NamedTuple):
    """Days with the coarsest and finest unit that was named, and whether a year was."""

    start: date | None
    end: date
    grain: str
    year: bool


class Clock(NamedTuple):
    """What relative times count from."""

    anchor: date
    year: int
    reporting: Period | None
    month: date  # first day of the month that 本月 is

    @classmethod
    def at(cls, anchor: date, reporting: Period | None) -> Clock:
        """Spoken on `anchor` of what `reporting` covers."""
        year = reporting.end.year if reporting else anchor.year
        month = anchor
        if (
            reporting
            and reporting.start
            and words.months_between(reporting.start, reporting.end) == 1
        ):
            month = reporting.end
        return cls(anchor, year, reporting, month.replace(day=1))

    @classmethod
    def of(cls, facts: Facts) -> Clock | None:
        """As the document says of itself; None when it says neither day nor period."""
        anchor = facts.date or (facts.period.end if facts.period else None)
        return cls.at(anchor, facts.period) if anchor else None

    @property
    def now(self) -> date:
        """The last day of what is reported on."""
        return self.reporting.end if self.reporting else self.anchor


@lru_cache(maxsize=65536)
def resolved(text: str, anchor: date, reporting: Period | None) -> Period | None:
    """The days that a plain string names, None when it names none."""
    try:
        return _whole(text, _clock(anchor, reporting))
    except (ValueError, OverflowError):
        return None


_clock = lru_cache(maxsize=64)(Clock.at)  # a document asks for few


def _whole(text: str, clock: Clock) -> Period | None:
    """A time with its prefix (截至, 自) and suffix (以来, 前, 期间)."""
    text = _WEEKDAY_AHEAD.sub("", _CLOCK_RANGE.sub("", text))
    if text in words.phrases("now"):
        return Period(None, clock.anchor)
    if pair := words.spans("pairs").get(text):
        first, last = (clock.year + step for step in pair)
        return Period(date(first, 1, 1), date(last, 12, 31))
    if text not in words.numbers("years") and (window := _window(text, clock)):
        return window
    if asof := words.starts(text, "asof"):
        span = _core(words.without(text[len(asof) :], ("during", "before")), clock)
        return Period(None, span.end) if span else None
    opened = words.starts(text, "from")
    body = text[len(opened) :]
    if since := words.ends(body, "since"):
        return _since(body[: -len(since)], clock, since)
    if before := words.ends(body, "before"):
        span = _core(words.without(body[: -len(before)], ("during",)), clock)
        if span is None:
            return None
        return Period(span.start if _SPLIT.search(body) else None, span.end)
    span = _core(body, clock) or _core(words.without(body, ("during",)), clock)
    if span is None:
        return None
    if (
        opened not in ("", "在")
        and "-" not in body
        and not _SPLIT.search(body)
        and span.start is not None
    ):
        return Period(span.start, max(span.end, clock.now))
    return Period(span.start, span.end)


# 6月28日[9:30-11:30], 9日0时[至18时三刻]: the hours are not kept
_CLOCK_RANGE = re.compile(
    r"(?<=[\d时点分半整刻])[-至到](?:次日|当日)?(?:凌晨|早上|上午|中午|下午|晚上|晚)?"
    r"(?:\d{1,2}|[一二三四五六七八九十两零]{1,3})(?:时|点|:\d\d)[^年月日号]*$"
)
_WEEKDAY_AHEAD = re.compile(r"^(?:周|星期|礼拜)[一二三四五六日天][,，](?=.)")


def _since(body: str, clock: Clock, word: str) -> Period | None:
    """From a time to the end of what is reported on: 2021年以来, 3月20日起, 年初以来."""
    inner = words.ends(body, "since")
    body = body[: -len(inner)] if inner else body
    span = _core(body, clock) or _core(words.without(body, ("during",)), clock)
    if span is None:
        return None
    start = span.start
    if start is None:
        start = span.end + timedelta(days=1 if span.end.day > 1 else 0)
    end = clock.now if clock.now >= start else max(clock.anchor, span.end)
    return Period(start, max(start, end))


_SPLIT = re.compile(r"[-至到]|(?<=[年月日])[与和]|(?<=[年月日号])[,，、]|(?<=\d{4})[、和与]")
_WEEKDAY_END = re.compile(r"(?:周|星期|礼拜)[一二三四五六日天]$")
_UNIT_AHEAD = re.compile(r"第?[\d〇零○一二三四五六七八九十两]+(年|个?季度|月|日|号)")
_BARE_END = re.compile(r"(?:[\d〇零○一二三四五六七八九十两]|第[一二三四])$")


def _core(text: str, clock: Clock) -> Span | None:
    """A point (2022年3月) or a range between two (1-9月份, 10月24日至26日)."""
    if not text:
        return None
    if point := _point(text, clock):
        return point
    splits = list(_SPLIT.finditer(text))
    for split in splits[:6]:
        left, right = text[: split.start()], text[split.end() :]
        if split.group() in ",，、":
            right = text[splits[-1].end() :]  # 9月10号，11号，12号
        if left and right and (both := _range(left, right, clock)):
            return both
    return None


def _range(left: str, right: str, clock: Clock) -> Span | None:
    weekday = _WEEKDAY_END.search(left)
    if weekday and len(right) == 1:
        right = weekday.group()[:-1] + right
    elif not weekday and _BARE_END.search(left) and (unit := _UNIT_AHEAD.match(right)):
        left += unit[1]
    elif _N_ALONE.fullmatch(right):
        right += "日"  # 二月十三到十五
    if _MONTH_ALONE.fullmatch(left) and _MONTH_ALONE.fullmatch(right):
        left, right = (f"{a}年{b}月" for a, b in (re.split("[./]", side) for side in (left, right)))
    if _YEAR_ALONE.fullmatch(left) and _YEAR_ALONE.fullmatch(right):
        left, right = left + "年", right + "年"
    first = _point(left, clock)
    if first is None or first.start is None:
        return None
    rest = clock if first.year is False else clock._replace(year=first.start.year)
    if _DAY_ALONE.fullmatch(right):
        last = _point(f"{first.start.year}年{first.start.month}月{right}", rest)
        if last and last.end < first.start:
            after = words.add_months(first.start, 1)
            last = _point(f"{after.year}年{after.month}月{right}", rest)
    else:
        last = _point(right, rest)
    if last is None:
        return None
    end = last.end
    if end < first.start and not last.year:
        end = words.add_years(end, 1)
    if end < first.start:
        return None
    return Span(first.start, end, last.grain, first.year)


_N = r"(?:\d{1,2}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九两])"
_D = r"(?:3[01]|[12]\d|0?[1-9]|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_CLOCK = r"""(?:[，,(（]?(?:周|星期|礼拜)[一二三四五六日天][)）]?)?
    (?:凌晨|早晨|早上|上午|中午|午间|下午|傍晚|晚上|晚间|晚|夜间|深夜|零时|午夜)?
    (?:(?:\d{1,2}|[一二三四五六七八九十两零]{1,3})(?:时|点钟?|[:：]\d{2}(?:[:：]\d{2})?)
      (?:整|半|[一二三1-3]刻|\d{1,2}分?|[一二三四五六七八九十零]{1,3}分?)?(?:\d{1,2}秒)?)?"""


def group(name: str, table: str) -> str:
    """A named alternative of the words of one table, the longest first."""
    return f"(?P<{name}>{words.alternatives(words.numbers(table))})"


@cache
def _point_pattern() -> re.Pattern[str]:
    """One point in time. 2022年, 去年下半年, 3月上旬, 2022年3月5日17时, 年底, 第一季度."""
    return re.compile(
        rf"""(?:公元|公历)?
        (?:(?:(?P<year>\d{{4}}|\d{{2}}|[〇零○一二三四五六七八九]{{2,4}}|[一二两]千零?[一二三四五六七八九十]*)
              (?:年度|财年|年)
            |(?P<shortyear>(?:19|20)\d\d)(?=[上下第前一二三四])
            |民国(?P<minguo>\d{{1,3}}|元|{_N}|[一]百[零一二三四五六七八九十]*)年(?:度)?
            |{group("relyear", "years")})(?:的)?)?
        (?:
            (?P<half>[上下前后])半年度?
          | [Qq](?P<q>[1-4])季?度?
          | (?:第?(?P<quarter>[一二三四1-4首])个?季度|第(?P<nthquarter>[一二三四])季)
            (?P<quarteredge>初|中|末|底)?
          | (?P<firstquarters>前)(?P<quarters>[一二两三四1-4])个?季度
          | (?P<lastquarters>后)(?P<quarters2>[一二两三四1-4])个?季度
          | (?:前|头)(?P<firstmonths>{_N})个?月(?:份)?
          | 后(?P<lastmonths>{_N})个?月(?:份)?
          | 第(?P<nthmonth>{_N})个月
          | (?P<thismonth>)(?:月(?P<thisedge>初|中|末|底)|(?P<thisten>[上中下])旬)
          | (?:(?P<month>{_N}|[元首正冬腊])月(?:份)?|{group("relmonth", "months")})(?:的)?
            (?:(?P<ten>[上中下])旬
              |(?P<monthedge>初|中旬|中|末|底|尾|头)
              |(?P<day>{_D})[日号]?{_CLOCK})?
          | (?P<dayonly>{_D})[日号]{_CLOCK}
          | {group("relquarter", "quarters")}(?P<relquarteredge>初|末|底)?
          | 年?(?P<yearedge>初|中|末|底|尾|终|头|伊始)
          | (?P<season>暑假|寒假|[春夏秋冬])[季天]?
          | (?P<yearwhole>全年度?|整年|一年|年度|年内)
        )?""",
        re.VERBOSE,
    )


_N_ALONE = re.compile(_N)
_MONTH_ALONE = re.compile(r"(?:19|20)\d\d[./](?:1[0-2]|[1-9])")  # 2022.1-2022.6
_YEAR_ALONE = re.compile(r"(?:1[89]|20)\d\d")
_DAY_ALONE = re.compile(rf"{_N}[日号].*")
_ISO = re.compile(
    r"(?P<y>[12]\d\d\d)(?P<sep>[-/.])(?P<m>0?[1-9]|1[0-2])[-/.](?P<d>3[01]|[12]\d|0?[1-9])"
    r"(?:T?\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?"
)
_DOTTED = re.compile(r"(1[0-2]|0?[1-9])·(3[01]|[12]\d|0?[1-9])")  # “5·20”
_ISO_MONTH = re.compile(r"(?P<y>(?:19|20)\d\d)[-/.](?P<m>0[1-9]|1[0-2])")


def _point(text: str, clock: Clock) -> Span | None:
    for rule in _POINTS:
        if span := rule(text, clock):
            return span
    return None


def _calendar(text: str, clock: Clock) -> Span | None:
    """Year, half, quarter, month, ten days, day, and the edges of them."""
    match = _point_match(text)
    if match is None or not text:
        return None
    year = _year(match, clock)
    if year is None:
        return None
    named = _named_year(match)
    for read in (_by_month, _by_quarter, _by_year):
        if span := read(match, clock, year, named):
            return span
    return None


@lru_cache(maxsize=8192)
def _point_match(text: str) -> re.Match[str] | None:
    """The parts of a point in time, which are the same whatever day it counts from."""
    return _point_pattern().fullmatch(text)


def _named_year(match: re.Match[str]) -> bool:
    return bool(match["year"] or match["shortyear"] or match["minguo"] or match["relyear"])


def _year(match: re.Match[str], clock: Clock) -> int | None:
    if digits := match["year"] or match["shortyear"]:
        return _year_number(digits, clock.anchor.year)
    if count := match["minguo"]:
        return 1911 + words.integer(count)
    if word := match["relyear"]:
        return clock.year + words.numbers("years")[word]
    return clock.year


def _year_number(digits: str, now: int) -> int | None:
    """2022, 二〇二二, 两千零四; of two digits the one no more than ten years ahead."""
    if "千" in digits:
        rest = digits.partition("千")[2].lstrip("零")
        return (1000 if digits[0] == "一" else 2000) + (words.integer(rest) if rest else 0)
    number = int(
        "".join(c if c.isdigit() and c.isascii() else str(words.DIGITS[c]) for c in digits)
    )
    if len(digits) == 2:
        return number + (2000 if number <= (now + 10) % 100 else 1900)
    return number if 1000 <= number <= 2200 else None


def _by_month(match: re.Match[str], clock: Clock, year: int, named: bool) -> Span | None:
    if word := match["relmonth"]:
        first = words.add_months(clock.month, words.numbers("months")[word])
        if named:
            first = first.replace(year=year)
        named = True
    elif name := match["month"] or match["nthmonth"]:
        number = words.numbers("names").get(name) or words.integer(name)
        if not 1 <= number <= 12:
            raise ValueError(name)  # 2022年13月 is no time at all
        first = date(year, number, 1)
    elif count := match["firstmonths"]:
        return Span(
            date(year, 1, 1), words.last_day(date(year, words.integer(count), 1)), "month", named
        )
    elif count := match["lastmonths"]:
        return Span(date(year, 13 - words.integer(count), 1), date(year, 12, 31), "month", named)
    elif match["thismonth"] is not None:
        if named:
            return None
        first = clock.month
    elif day := match["dayonly"]:
        if match["year"] or match["relyear"]:
            return None
        on = clock.month.replace(day=words.integer(day))
        return Span(on, on, "day", False)
    else:
        return None
    if day := match["day"]:
        on = first.replace(day=words.integer(day))
        return Span(on, on, "day", named)
    if ten := match["ten"] or match["thisten"]:
        return _ten_days(first, ten, named)
    if edge := match["monthedge"] or match["thisedge"]:
        if edge == "中旬":
            return _ten_days(first, "中", named)
        if edge == "中":
            return Span(None, first.replace(day=15), "point", named)
        return Span(None, first if edge in "初头" else words.last_day(first), "point", named)
    return Span(first, words.last_day(first), "month", named)


def _ten_days(first: date, ten: str, named: bool) -> Span:
    begin, end = {"上": (1, 10), "中": (11, 20)}.get(ten, (21, words.last_day(first).day))
    return Span(first.replace(day=begin), first.replace(day=end), "ten", named)


def _by_quarter(match: re.Match[str], clock: Clock, year: int, named: bool) -> Span | None:
    if word := match["relquarter"]:
        now = clock.month
        begin = words.add_months(
            now.replace(month=now.month - (now.month - 1) % 3), 3 * words.numbers("quarters")[word]
        )
        edge, count = match["relquarteredge"], 3
    elif name := match["quarter"] or match["nthquarter"] or match["q"]:
        begin = date(year, 3 * words.integer(name) - 2, 1)
        edge, count = match["quarteredge"], 3
    elif name := match["quarters"]:
        begin, edge, count = date(year, 1, 1), None, 3 * words.integer(name)
    elif name := match["quarters2"]:
        count = 3 * words.integer(name)
        begin, edge = date(year, 13 - count, 1), None
    elif half := match["half"]:
        begin, edge, count = date(year, 1 if half in "上前" else 7, 1), None, 6
    else:
        return None
    end = words.last_day(words.add_months(begin, count - 1))
    if edge:
        return Span(None, begin if edge == "初" else end, "point", named)
    return Span(begin, end, "quarter", named)


def _by_year(match: re.Match[str], clock: Clock, year: int, named: bool) -> Span | None:
    if edge := match["yearedge"]:
        if not named and not match.group().startswith("年") and edge != "伊始":
            return None
        if edge == "中":
            return Span(None, date(year, 6, 30), "point", named)
        first = edge in ("初", "头", "伊始")
        return Span(None, date(year, 1, 1) if first else date(year, 12, 31), "point", named)
    if season := match["season"]:
        begin, end = words.spans("seasons")[season]
        last = date(year + (end > 12), (end - 1) % 12 + 1, 1)
        return Span(date(year, begin, 1), words.last_day(last), "season", named)
    if named or match["yearwhole"]:
        return Span(date(year, 1, 1), date(year, 12, 31), "year", named)
    return None


def _iso(text: str, clock: Clock) -> Span | None:
    """2022-07-04, 2022/7/4, 2022.7.4, 2022-07, 20220704 and 2018 alone."""
    if match := _ISO.fullmatch(text):
        on = date(int(match["y"]), int(match["m"]), int(match["d"]))
        return Span(on, on, "day", True)
    if match := _DOTTED.fullmatch(text):
        on = date(clock.year, int(match[1]), int(match[2]))
        return Span(on, on, "day", False)
    if match := _ISO_MONTH.fullmatch(text):
        first = date(int(match["y"]), int(match["m"]), 1)
        return Span(first, words.last_day(first), "month", True)
    if re.fullmatch(r"20\d{6}", text):
        on = date(int(text[:4]), int(text[4:6]), int(text[6:]))
        return Span(on, on, "day", True)
    if re.fullmatch(r"(?:19[4-9]|20[0-4])\d", text):
        return Span(date(int(text), 1, 1), date(int(text), 12, 31), "year", True)
    return None


def _by_week(text: str, clock: Clock) -> Span | None:
    """本周, 上周三, 星期五, 下周末."""
    word = next((w for w in words.longest("weeks") if text.startswith(w)), None)
    if word is None:
        return None
    rest = re.sub(r"^(?:周|星期|礼拜)", "", text[len(word) :])
    monday = clock.anchor - timedelta(days=clock.anchor.weekday())
    monday += timedelta(weeks=words.numbers("weeks")[word])
    if not rest and word not in ("周", "星期", "礼拜"):
        return Span(monday, monday + timedelta(days=6), "week", True)
    if rest == "末":
        return Span(monday + timedelta(days=5), monday + timedelta(days=6), "week", True)
    if match := re.fullmatch(rf"([一二三四五六日天])(?:{_CLOCK})", rest, re.VERBOSE):
        on = monday + timedelta(days="一二三四五六日天".index(match[1]) % 7)
        if match[1] == "天":
            on = monday + timedelta(days=6)
        return Span(on, on, "day", True)
    return None


def _by_day(text: str, clock: Clock) -> Span | None:
    """昨天, 今天下午."""
    word = next((w for w in words.longest("days") if text.startswith(w)), None)
    if word is None or not re.fullmatch(_CLOCK, text[len(word) :], re.VERBOSE):
        return None
    on = clock.anchor + timedelta(days=words.numbers("days")[word])
    return Span(on, on, "day", True)


_PLAN = re.compile(
    r"(?P<plan>十?[一二三四五六七八九十]五|九五)(?:规划|计划)?(?P<edge>期末|期初|末|初|期间|时期|中期|以来)?"
)


def _by_plan(text: str, clock: Clock) -> Span | None:
    """十三五, 十四五期间, 十二五末: the five-year plans."""
    match = _PLAN.fullmatch(text)
    years = words.spans("plans").get(match["plan"]) if match else None
    if match is None or years is None or (len(text) == 2 and text != "九五"):
        return None
    if (edge := match["edge"]) and edge in ("期末", "末"):
        return Span(None, date(years[1], 12, 31), "point", True)
    if edge in ("期初", "初"):
        return Span(None, date(years[0], 1, 1), "point", True)
    return Span(date(years[0], 1, 1), date(years[1], 12, 31), "plan", True)


_CENTURY = re.compile(
    r"(?:(?P<which>上个?|本|这个?)世纪|(?P<nth>\d{1,2}|[一二三四五六七八九十]{1,3})世纪)?"
    r"(?:(?P<decade>\d0|[一二三四五六七八九]十)年代)?(?P<edge>初期?|前期|早期|中期?|末期?|后期|晚期|中叶)?"
)


def _by_century(text: str, clock: Clock) -> Span | None:
    """上世纪80年代, 90年代, 二十世纪九十年代末, 本世纪初."""
    match = _CENTURY.fullmatch(text)
    if match is None or not ("世纪" in text or "年代" in text):
        return None
    now = clock.anchor.year // 100
    if which := match["which"]:
        century = now - 1 if which.startswith("上") else now
    elif nth := match["nth"]:
        century = words.integer(nth) - 1
    else:
        century = -1
    if decade := match["decade"]:
        tens = words.integer(decade)
        if century < 0:
            century = now if now * 100 + tens <= clock.anchor.year and tens < 30 else now - 1
        first, years = century * 100 + tens, 10
    elif century < 0:
        return None
    else:
        first, years = century * 100, 100
    begin, end = first, first + years - 1
    if edge := match["edge"]:
        third = 3 if years == 10 else 20
        if edge[0] in "初前早":
            end = begin + third - 1
        elif edge[0] in "末后晚":
            begin = end - third + 1
        else:
            begin, end = begin + third, end - third
    return Span(date(begin, 1, 1), date(end, 12, 31), "decade", True)


_SAME = re.compile(r"(?P<year>.*?)(?:的)?同期")


def _by_same(text: str, clock: Clock) -> Span | None:
    """去年同期, 2020年同期: the reporting period (or the year to date) in another year."""
    match = _SAME.fullmatch(text)
    if match is None:
        return None
    here = clock.reporting or Period(date(clock.anchor.year, 1, 1), clock.anchor)
    shift = -1
    if match["year"] and match["year"] != "同比":
        other = _calendar(match["year"], clock)
        if other is None or other.start is None or other.grain != "year":
            return None
        shift = other.start.year - here.end.year
    start = words.add_years(here.start, shift) if here.start else None
    return Span(start, words.add_years(here.end, shift), "same", True)


_FEW_DAYS = re.compile("([三四五六七八九])天")


def _by_festival(text: str, clock: Clock) -> Span | None:
    """国庆, 国庆黄金周, 2023年春节期间: the day, or with 期间 the days off."""
    days = _FEW_DAYS.search(text)
    count = words.integer(days[1]) if days else 0
    text = _FEW_DAYS.sub("", text)
    holiday = words.ends(text, "holiday")
    body = (text[: -len(holiday)] if holiday else text).removesuffix("双节")
    name = next((n for n in words.longest_festivals() if body.endswith(n)), None)
    if name is None:
        return None
    before = body[: -len(name)]
    other = next((n for n in words.longest_festivals() if before.endswith(n)), "")
    before = before.removesuffix(other).removesuffix("的")
    year = clock.year
    if before:
        named = _calendar(before, clock)
        if named is None or named.start is None or named.grain != "year":
            return None
        year = named.start.year
    if other and (day := words.festivals()[other].on(year)) and day <= date(year, 12, 31):
        first = words.festivals()[name].on(year)
        name = other if first and day < first else name
    festival = words.festivals()[name]
    on = festival.on(year)
    if on is None:
        return None
    if count:
        return Span(on, on + timedelta(days=count - 1), "week", bool(before))
    if not holiday:
        return Span(on, on, "day", bool(before))
    begin = on - timedelta(days=festival.before)
    return Span(begin, begin + timedelta(days=festival.days - 1), "week", bool(before))


_WINDOW = re.compile(
    r"(?P<side>近|最近|过去|上|前|后|此前|今后|未来|接下来)?(?:的)?(?P<n>\d{1,3}|[一二三四五六七八九十百两几]{1,3}|半)"
    r"(?P<more>多|余)?(?P<unit>年|个?月|个季度|周|个?星期|个?礼拜|天|日)(?P<half>半)?"
    r"(?P<end>以来|来|间|之间|以后|之后|后|以前|之前|前|内|中|里|时间)?"
)


def _window(text: str, clock: Clock) -> Period | None:
    """近三年, 过去五年, 五年来, 未来三年, 三年前: so many years before or after now."""
    if text in ("近年来", "近年", "近些年", "近几年", "近几年来"):
        return None
    match = _WINDOW.fullmatch(text)
    if match is None or not (match["side"] or match["end"]) or "几" in match["n"]:
        return None
    side, end, unit = match["side"] or "", match["end"] or "", match["unit"]
    if match["n"] == "半":
        if unit != "年" or side in ("上", "前", "后"):
            return None
        count, unit = 6, "月"
    else:
        count = words.integer(match["n"])
    if count <= 0 or (side in ("前", "后") and ("月" in unit or "季度" in unit)):
        return None  # 前两个月 is January and February
    ahead = side in ("后", "今后", "未来", "接下来") or (not side and end.endswith("后"))
    if not side and end in ("以前", "之前", "前", "以后", "之后", "后"):
        return _distance(count, unit, clock, 1 if ahead else -1)
    if not side and end not in ("以来", "来"):
        return None
    return _stretch(count, unit, clock, ahead)


def _distance(count: int, unit: str, clock: Clock, sign: int) -> Period | None:
    """三年前 is that year, 两个月前 that month, 十天后 that day."""
    if unit == "年":
        year = clock.year + sign * count
        return Period(date(year, 1, 1), date(year, 12, 31))
    if "月" in unit:
        first = words.add_months(clock.month, sign * count)
        return Period(first, words.last_day(first))
    if unit in ("天", "日"):
        on = clock.anchor + timedelta(days=sign * count)
        return Period(on, on)
    return None


def _stretch(count: int, unit: str, clock: Clock, ahead: bool) -> Period | None:
    """So many units up to now, whole calendar years where a reporting period is known."""
    now = clock.now
    if unit == "年":
        if clock.reporting:
            first = now.year + 1 if ahead else now.year - count + 1
            if ahead:
                return Period(date(first, 1, 1), date(now.year + count, 12, 31))
            return Period(date(first, 1, 1), now)
        there = words.add_years(now, count if ahead else -count)
    elif "季度" in unit:
        there = words.add_months_day(now, 3 * count if ahead else -3 * count)
    elif "月" in unit:
        there = words.add_months_day(now, count if ahead else -count)
    else:
        days = count if unit in ("天", "日") else 7 * count
        there = now + timedelta(days=days if ahead else -days)
    return Period(now + timedelta(days=1), there) if ahead else Period(there, now)


_POINTS: tuple[Callable[[str, Clock], Span | None], ...] = (
    _calendar,
    _iso,
    _by_week,
    _by_day,
    _by_plan,
    _by_century,
    _by_same,
    _by_festival,
)
