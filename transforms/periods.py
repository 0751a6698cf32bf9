"""Times as reports write them, resolved to days: `resolve` for one string, `find` for a text.

The words stand in `seeds/cues/periods.toml`, the festivals in `seeds/festivals.csv` and
`seeds/festivals_by_year.csv`. Relative years count from the year of the reporting period,
relative days from the date the document speaks from.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import NamedTuple

from schemas.document import Facts, Outlook, Period, Section
from schemas.mention import TimeMention
from transforms import lexicon


def resolve(text: str, anchor: date, reporting: Period | None = None) -> Period | None:
    """The days that `text`, as a whole, names; None when it names no time.

    `anchor` is the day the text speaks from, `reporting` the period it reports on: years
    told from another (去年, 3月, 上半年) count from the year `reporting` ends in, else from
    the anchor's. `start` is None for a state as of `end` (截至6月底, 到2025年, 年末). Never
    raises on any text.
    """
    if len(text) > _LONGEST:
        return None
    return _resolve(_plain(text), anchor, reporting)


def find(clean: str, facts: Facts, sections: Sequence[Section] = ()) -> list[TimeMention]:
    """The times of a clean text (simplified script), in order, without overlap.

    A year that a section's heading sets counts there, else the reporting year. Bare
    durations (7年, 连续三年) are none. Times that need a day to count from are left out when
    the document has neither a date nor a reporting period, except explicit years.
    """
    years = _section_years(facts, sections)
    starts = [section.start for section in sections]
    base = _Clock.of(facts)
    seen: dict[tuple[str, int | None, int | None, Period | None], Period | None] = {}
    found: list[TimeMention] = []
    scope = _Scope(clean)
    for match in _matches(clean):
        start, end = match.span()
        surface, rule = match.group(), match.lastgroup or ""
        scope.move(start)
        section = bisect_right(starts, start) - 1
        year = years[section] if section >= 0 else None
        within = scope.within(surface, rule)
        key = (surface, year, scope.year, within)
        if key in seen:
            period = seen[key]
        else:
            period = seen[key] = _in_text(surface, base, year, scope.year, within)
        if period is None:
            continue
        kind = _kind(clean, start, surface, period, base)
        if kind != "base":
            scope.meet(end, surface, rule, period)
        found.append(TimeMention(start, end, period.start, period.end, kind, rule))
    return found


class _Scope:
    """What the times of a text count from: the year, period and month met before."""

    def __init__(self, clean: str) -> None:
        self._clean = clean
        self._until = -1  # end of the sentence that `year` and `_span` hold in
        self._span: Period | None = None
        self._month: Period | None = None
        self._month_until = -1
        self.year: int | None = None

    def move(self, position: int) -> None:
        if position > self._until:
            self.year = self._span = None
        if position > self._month_until:
            self._month = None

    def within(self, surface: str, rule: str) -> Period | None:
        """The period that 同期 is the same of, or the month that a bare day is in."""
        if rule == "day":
            return self._month
        return self._span if surface.endswith("同期") else None

    def meet(self, end: int, surface: str, rule: str, period: Period) -> None:
        until = _sentence_end(self._clean, end) if end > self._until else self._until
        self._until = until
        if period.start is not None:
            self._span = period
            since = surface.endswith(_since_words()) or rule == "since"
            if not since and _EXPLICIT.search(surface):
                self.year = period.start.year
        if rule == "day" or "日" in surface:
            last = period.end
            self._month = Period(last.replace(day=1), _last(last))
            self._month_until = end + _MONTH_REACH


_MONTH_REACH = 600  # characters that a month carries on for bare days (截至26日)


# ---------------------------------------------------------------- one string


_LONGEST = 60
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0, "○": 0, "Ｏ": 0, "O": 0, "两": 2, "俩": 2, "首": 1, "元": 1, "廿": 20, "卅": 30,
}  # fmt: skip
_TRADITIONAL = str.maketrans(
    "個號週當後來過時間國從於禮點紀節內兩農曆現這終財聖兒勞婦黨軍師慶陽陰萬今頭參開晝貳壹叁肆伍陸柒捌玖拾據實際會與迄嘅現",
    "个号周当后来过时间国从于礼点纪节内两农历现这终财圣儿劳妇党军师庆阳阴万今头参开昼二一三四五六七八九十据实际会与迄的现",
)
_WIDE = {i: i - 0xFEE0 for i in range(0xFF01, 0xFF5F)}
_BLANK = re.compile(r"[\s　“”\"‘’'「」『』《》]+")
_DASHES = re.compile(r"[-—–－~～─―‐‑‒−]+")


def _plain(text: str) -> str:
    """Without blanks and quotes, in simplified script, with narrow digits and one dash."""
    text = text.translate(_WIDE).translate(_TRADITIONAL)
    return _DASHES.sub("-", _BLANK.sub("", text)).strip("，,。；;：:、")


class _Span(NamedTuple):
    """Days with the coarsest and finest unit that was named, and whether a year was."""

    start: date | None
    end: date
    grain: str
    year: bool


class _Clock(NamedTuple):
    """What relative times count from."""

    anchor: date
    year: int
    reporting: Period | None
    month: date  # first day of the month that 本月 is

    @classmethod
    def at(cls, anchor: date, reporting: Period | None) -> _Clock:
        year = reporting.end.year if reporting else anchor.year
        month = anchor
        if reporting and reporting.start and _months(reporting.start, reporting.end) == 1:
            month = reporting.end
        return cls(anchor, year, reporting, month.replace(day=1))

    @classmethod
    def of(cls, facts: Facts) -> _Clock | None:
        anchor = facts.date or (facts.period.end if facts.period else None)
        return cls.at(anchor, facts.period) if anchor else None

    @property
    def now(self) -> date:
        """The last day of what is reported on."""
        return self.reporting.end if self.reporting else self.anchor


@lru_cache(maxsize=65536)
def _resolve(text: str, anchor: date, reporting: Period | None) -> Period | None:
    try:
        return _whole(text, _Clock.at(anchor, reporting))
    except (ValueError, OverflowError):
        return None


def _whole(text: str, clock: _Clock) -> Period | None:
    """A time with its prefix (截至, 自) and suffix (以来, 前, 期间)."""
    if text in _words("now"):
        return Period(None, clock.anchor)
    if window := _window(text, clock):
        return window
    if asof := _starts(text, "asof"):
        span = _core(_without(text[len(asof) :], ("during", "before")), clock)
        return Period(None, span.end) if span else None
    opened = _starts(text, "from")
    body = text[len(opened) :]
    if since := _ends(body, "since"):
        return _since(body[: -len(since)], clock, since)
    if before := _ends(body, "before"):
        span = _core(_without(body[: -len(before)], ("during",)), clock)
        if span is None:
            return None
        return Period(span.start if _SPLIT.search(body) else None, span.end)
    span = _core(body, clock) or _core(_without(body, ("during",)), clock)
    if span is None:
        return None
    if opened and "-" not in body and not _SPLIT.search(body) and span.start is not None:
        return Period(span.start, max(span.end, clock.now))
    return Period(span.start, span.end)


def _since(body: str, clock: _Clock, word: str) -> Period | None:
    """From a time to the end of what is reported on: 2021年以来, 3月20日起, 年初以来."""
    inner = _ends(body, "since")
    body = body[: -len(inner)] if inner else body
    span = _core(body, clock) or _core(_without(body, ("during",)), clock)
    if span is None:
        return None
    start = span.start
    if start is None:
        start = span.end + timedelta(days=1 if span.end.day > 1 else 0)
    end = clock.now if clock.now >= start else max(clock.anchor, span.end)
    return Period(start, max(start, end))


_SPLIT = re.compile(r"[-至到]|(?<=[年月日])[与和]")
_UNIT_AHEAD = re.compile(r"第?[\d〇零○一二三四五六七八九十两]+(年|个?季度|月|日|号)")
_BARE_END = re.compile(r"(?:[\d〇零○一二三四五六七八九十两]|第[一二三四])$")


def _core(text: str, clock: _Clock) -> _Span | None:
    """A point (2022年3月) or a range between two (1-9月份, 10月24日至26日)."""
    if not text:
        return None
    if point := _point(text, clock):
        return point
    splits = list(_SPLIT.finditer(text))
    for split in splits[:6]:
        left, right = text[: split.start()], text[split.end() :]
        if left and right and (both := _range(left, right, clock)):
            return both
    return None


def _range(left: str, right: str, clock: _Clock) -> _Span | None:
    if _BARE_END.search(left) and (unit := _UNIT_AHEAD.match(right)):
        left += unit[1]
    if _YEAR_ALONE.fullmatch(left) and _YEAR_ALONE.fullmatch(right):
        left, right = left + "年", right + "年"
    first = _point(left, clock)
    if first is None or first.start is None:
        return None
    rest = clock if first.year is False else clock._replace(year=first.start.year)
    if _DAY_ALONE.fullmatch(right):
        last = _point(f"{first.start.year}年{first.start.month}月{right}", rest)
        if last and last.end < first.start:
            after = _add_months(first.start, 1)
            last = _point(f"{after.year}年{after.month}月{right}", rest)
    else:
        last = _point(right, rest)
    if last is None:
        return None
    end = last.end
    if end < first.start and not last.year:
        end = _add_years(end, 1)
    if end < first.start:
        return None
    return _Span(first.start, end, last.grain, first.year)


_N = r"(?:\d{1,2}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九两])"
_CLOCK = r"""(?:[，,(（]?(?:周|星期|礼拜)[一二三四五六日天][)）]?)?
    (?:凌晨|早晨|早上|上午|中午|午间|下午|傍晚|晚上|晚间|晚|夜间|深夜|零时|午夜)?
    (?:(?:\d{1,2}|[一二三四五六七八九十两零]{1,3})(?:时|点钟?|[:：]\d{2}(?:[:：]\d{2})?)
      (?:整|半|\d{1,2}分?|[一二三四五六七八九十零]{1,3}分?)?(?:\d{1,2}秒)?)?"""


def _group(name: str, table: str) -> str:
    """A named alternative of the words of one table, the longest first."""
    found = sorted(_words(table), key=len, reverse=True)
    return f"(?P<{name}>{'|'.join(map(re.escape, found))})"


@cache
def _point_pattern() -> re.Pattern[str]:
    """One point in time. 2022年, 去年下半年, 3月上旬, 2022年3月5日17时, 年底, 第一季度."""
    return re.compile(
        rf"""(?:公元|公历)?
        (?:(?:(?P<year>\d{{4}}|\d{{2}}|[〇零○一二三四五六七八九]{{2,4}}|[一二两]千零?[一二三四五六七八九十]*)
              (?:年度|财年|年)
            |民国(?P<minguo>\d{{1,3}}|元|{_N}|[一]百[零一二三四五六七八九十]*)年(?:度)?
            |{_group("relyear", "years")})(?:的)?)?
        (?:
            (?P<half>[上下前后])半年度?
          | [Qq](?P<q>[1-4])季?度?
          | 第?(?P<quarter>[一二三四1-4首])个?季度?(?P<quarteredge>初|中|末|底)?
          | (?P<firstquarters>前)(?P<quarters>[一二两三四1-4])个?季度
          | (?P<lastquarters>后)(?P<quarters2>[一二两三四1-4])个?季度
          | (?:前|头)(?P<firstmonths>{_N})个?月(?:份)?
          | 后(?P<lastmonths>{_N})个?月(?:份)?
          | 第(?P<nthmonth>{_N})个月
          | (?P<thismonth>)(?:月(?P<thisedge>初|中|末|底)|(?P<thisten>[上中下])旬)
          | (?:(?P<month>{_N}|[元首正冬腊])月(?:份)?|{_group("relmonth", "months")})(?:的)?
            (?:(?P<ten>[上中下])旬
              |(?P<monthedge>初|中旬|中|末|底|尾|头)
              |(?P<day>3[01]|[12]\d|0?[1-9]|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号]?{_CLOCK})?
          | (?P<dayonly>3[01]|[12]\d|0?[1-9]|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号]{_CLOCK}
          | {_group("relquarter", "quarters")}(?P<relquarteredge>初|末|底)?
          | 年?(?P<yearedge>初|中|末|底|尾|终|头|伊始)
          | (?P<season>[春夏秋冬])[季天]?
          | (?P<yearwhole>全年度?|整年|一年|年度|年内)
        )?""",
        re.VERBOSE,
    )


_YEAR_ALONE = re.compile(r"(?:1[89]|20)\d\d")
_DAY_ALONE = re.compile(rf"{_N}[日号].*")
_ISO = re.compile(
    r"(?P<y>(?:1[89]|20)\d\d)(?P<sep>[-/.])(?P<m>0?[1-9]|1[0-2])[-/.](?P<d>3[01]|[12]\d|0?[1-9])"
    r"(?:T?\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?"
)
_ISO_MONTH = re.compile(r"(?P<y>(?:19|20)\d\d)[-/.](?P<m>0[1-9]|1[0-2])")
_BLURRED = re.compile(r"(?:大概|大约|约|在|于|截止)")


def _point(text: str, clock: _Clock) -> _Span | None:
    for rule in _POINTS:
        if span := rule(text, clock):
            return span
    return None


def _calendar(text: str, clock: _Clock) -> _Span | None:
    """Year, half, quarter, month, ten days, day, and the edges of them."""
    match = _point_pattern().fullmatch(text)
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


def _named_year(match: re.Match[str]) -> bool:
    return bool(match["year"] or match["minguo"] or match["relyear"])


def _year(match: re.Match[str], clock: _Clock) -> int | None:
    if digits := match["year"]:
        return _year_number(digits, clock.anchor.year)
    if count := match["minguo"]:
        return 1911 + _integer(count)
    if word := match["relyear"]:
        return clock.year + _words("years")[word]
    return clock.year


def _year_number(digits: str, now: int) -> int | None:
    """2022, 二〇二二, 两千零四; of two digits the one no more than ten years ahead."""
    if "千" in digits:
        rest = digits.partition("千")[2].lstrip("零")
        return (1000 if digits[0] == "一" else 2000) + (_integer(rest) if rest else 0)
    number = int("".join(c if c.isdigit() and c.isascii() else str(_DIGITS[c]) for c in digits))
    if len(digits) == 2:
        return number + (2000 if number <= (now + 10) % 100 else 1900)
    return number if 1000 <= number <= 2200 else None


def _by_month(match: re.Match[str], clock: _Clock, year: int, named: bool) -> _Span | None:
    if word := match["relmonth"]:
        first = _add_months(clock.month, _words("months")[word])
        if named:
            first = first.replace(year=year)
        named = True
    elif name := match["month"] or match["nthmonth"]:
        number = _words("names").get(name) or _integer(name)
        if not 1 <= number <= 12:
            return None
        first = date(year, number, 1)
    elif count := match["firstmonths"]:
        return _Span(date(year, 1, 1), _last(date(year, _integer(count), 1)), "month", named)
    elif count := match["lastmonths"]:
        return _Span(date(year, 13 - _integer(count), 1), date(year, 12, 31), "month", named)
    elif match["thismonth"] is not None:
        if named:
            return None
        first = clock.month
    elif day := match["dayonly"]:
        if match["year"] or match["relyear"]:
            return None
        on = clock.month.replace(day=_integer(day))
        return _Span(on, on, "day", False)
    else:
        return None
    if day := match["day"]:
        on = first.replace(day=_integer(day))
        return _Span(on, on, "day", named)
    if ten := match["ten"] or match["thisten"]:
        return _ten_days(first, ten, named)
    if edge := match["monthedge"] or match["thisedge"]:
        if edge == "中旬":
            return _ten_days(first, "中", named)
        if edge == "中":
            return _Span(None, first.replace(day=15), "point", named)
        return _Span(None, first if edge in "初头" else _last(first), "point", named)
    return _Span(first, _last(first), "month", named)


def _ten_days(first: date, ten: str, named: bool) -> _Span:
    begin, end = {"上": (1, 10), "中": (11, 20)}.get(ten, (21, _last(first).day))
    return _Span(first.replace(day=begin), first.replace(day=end), "ten", named)


def _by_quarter(match: re.Match[str], clock: _Clock, year: int, named: bool) -> _Span | None:
    if word := match["relquarter"]:
        now = clock.month
        begin = _add_months(
            now.replace(month=now.month - (now.month - 1) % 3), 3 * _words("quarters")[word]
        )
        edge, count = match["relquarteredge"], 3
    elif name := match["quarter"] or match["q"]:
        begin = date(year, 3 * _integer(name) - 2, 1)
        edge, count = match["quarteredge"], 3
    elif name := match["quarters"]:
        begin, edge, count = date(year, 1, 1), None, 3 * _integer(name)
    elif name := match["quarters2"]:
        count = 3 * _integer(name)
        begin, edge = date(year, 13 - count, 1), None
    elif half := match["half"]:
        begin, edge, count = date(year, 1 if half in "上前" else 7, 1), None, 6
    else:
        return None
    end = _last(_add_months(begin, count - 1))
    if edge:
        return _Span(None, begin if edge == "初" else end, "point", named)
    return _Span(begin, end, "quarter", named)


def _by_year(match: re.Match[str], clock: _Clock, year: int, named: bool) -> _Span | None:
    if edge := match["yearedge"]:
        if not named and not match.group().startswith("年") and edge != "伊始":
            return None
        if edge == "中":
            return _Span(None, date(year, 6, 30), "point", named)
        first = edge in ("初", "头", "伊始")
        return _Span(None, date(year, 1, 1) if first else date(year, 12, 31), "point", named)
    if season := match["season"]:
        begin, end = _words("seasons")[season]
        last = date(year + (end > 12), (end - 1) % 12 + 1, 1)
        return _Span(date(year, begin, 1), _last(last), "season", named)
    if named or match["yearwhole"]:
        return _Span(date(year, 1, 1), date(year, 12, 31), "year", named)
    return None


def _iso(text: str, clock: _Clock) -> _Span | None:
    """2022-07-04, 2022/7/4, 2022.7.4, 2022-07, 20220704 and 2018 alone."""
    if match := _ISO.fullmatch(text):
        on = date(int(match["y"]), int(match["m"]), int(match["d"]))
        return _Span(on, on, "day", True)
    if match := _ISO_MONTH.fullmatch(text):
        first = date(int(match["y"]), int(match["m"]), 1)
        return _Span(first, _last(first), "month", True)
    if re.fullmatch(r"20\d{6}", text):
        on = date(int(text[:4]), int(text[4:6]), int(text[6:]))
        return _Span(on, on, "day", True)
    if re.fullmatch(r"(?:19[4-9]|20[0-4])\d", text):
        return _Span(date(int(text), 1, 1), date(int(text), 12, 31), "year", True)
    return None


_WEEKDAY = re.compile(r"(?P<week>.*?)(?:周|星期|礼拜)?(?P<day>[一二三四五六日天])(?:早|上|下|中|晚|$).*")


def _by_week(text: str, clock: _Clock) -> _Span | None:
    """本周, 上周三, 星期五, 下周末."""
    word = next((w for w in _longest("weeks") if text.startswith(w)), None)
    if word is None:
        return None
    rest = re.sub(r"^(?:周|星期|礼拜)", "", text[len(word) :])
    monday = clock.anchor - timedelta(days=clock.anchor.weekday())
    monday += timedelta(weeks=_words("weeks")[word])
    if not rest and word not in ("周", "星期", "礼拜"):
        return _Span(monday, monday + timedelta(days=6), "week", True)
    if rest == "末":
        return _Span(monday + timedelta(days=5), monday + timedelta(days=6), "week", True)
    if match := re.fullmatch(rf"([一二三四五六日天])(?:{_CLOCK})", rest, re.VERBOSE):
        on = monday + timedelta(days="一二三四五六日天".index(match[1]) % 7)
        if match[1] == "天":
            on = monday + timedelta(days=6)
        return _Span(on, on, "day", True)
    return None


def _by_day(text: str, clock: _Clock) -> _Span | None:
    """昨天, 今天下午."""
    word = next((w for w in _longest("days") if text.startswith(w)), None)
    if word is None or not re.fullmatch(_CLOCK, text[len(word) :], re.VERBOSE):
        return None
    on = clock.anchor + timedelta(days=_words("days")[word])
    return _Span(on, on, "day", True)


_PLAN = re.compile(r"(?P<plan>十?[一二三四五六七八九十]五|九五)(?:规划|计划)?(?P<edge>期末|期初|末|初|期间|时期|中期|以来)?")


def _by_plan(text: str, clock: _Clock) -> _Span | None:
    """十三五, 十四五期间, 十二五末: the five-year plans."""
    match = _PLAN.fullmatch(text)
    years = _words("plans").get(match["plan"]) if match else None
    if match is None or years is None or (len(text) == 2 and text != "九五"):
        return None
    if (edge := match["edge"]) and edge in ("期末", "末"):
        return _Span(None, date(years[1], 12, 31), "point", True)
    if edge in ("期初", "初"):
        return _Span(None, date(years[0], 1, 1), "point", True)
    return _Span(date(years[0], 1, 1), date(years[1], 12, 31), "plan", True)


_CENTURY = re.compile(
    r"(?:(?P<which>上个?|本|这个?)世纪|(?P<nth>\d{1,2}|[一二三四五六七八九十]{1,3})世纪)?"
    r"(?:(?P<decade>\d0|[一二三四五六七八九]十)年代)?(?P<edge>初期?|前期|早期|中期?|末期?|后期|晚期|中叶)?"
)


def _by_century(text: str, clock: _Clock) -> _Span | None:
    """上世纪80年代, 90年代, 二十世纪九十年代末, 本世纪初."""
    match = _CENTURY.fullmatch(text)
    if match is None or not ("世纪" in text or "年代" in text):
        return None
    now = clock.anchor.year // 100
    if which := match["which"]:
        century = now - 1 if which.startswith("上") else now
    elif nth := match["nth"]:
        century = _integer(nth) - 1
    else:
        century = -1
    if decade := match["decade"]:
        tens = _integer(decade)
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
    return _Span(date(begin, 1, 1), date(end, 12, 31), "decade", True)


_SAME = re.compile(r"(?P<year>.*?)(?:的)?同期")


def _by_same(text: str, clock: _Clock) -> _Span | None:
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
    start = _add_years(here.start, shift) if here.start else None
    return _Span(start, _add_years(here.end, shift), "same", True)


_FEW_DAYS = re.compile("([三四五六七八九])天")


def _by_festival(text: str, clock: _Clock) -> _Span | None:
    """国庆, 国庆黄金周, 2023年春节期间: the day, or with 期间 the days off."""
    days = _FEW_DAYS.search(text)
    count = _integer(days[1]) if days else 0
    text = _FEW_DAYS.sub("", text)
    holiday = _ends(text, "holiday")
    body = (text[: -len(holiday)] if holiday else text).removesuffix("双节")
    name = next((n for n in _longest_festivals() if body.endswith(n)), None)
    if name is None:
        return None
    before = body[: -len(name)]
    other = next((n for n in _longest_festivals() if before.endswith(n)), "")
    before = before.removesuffix(other).removesuffix("的")
    year = clock.year
    if before:
        named = _calendar(before, clock)
        if named is None or named.start is None or named.grain != "year":
            return None
        year = named.start.year
    if other and (day := _festivals()[other].on(year)) and day <= date(year, 12, 31):
        first = _festivals()[name].on(year)
        name = other if first and day < first else name
    festival = _festivals()[name]
    on = festival.on(year)
    if on is None:
        return None
    if count:
        return _Span(on, on + timedelta(days=count - 1), "week", bool(before))
    if not holiday:
        return _Span(on, on, "day", bool(before))
    begin = on - timedelta(days=festival.before)
    return _Span(begin, begin + timedelta(days=festival.days - 1), "week", bool(before))


_WINDOW = re.compile(
    r"(?P<side>近|最近|过去|上|前|后|此前|今后|未来|接下来)?(?:的)?(?P<n>\d{1,3}|[一二三四五六七八九十百两几]{1,3}|半)"
    r"(?P<more>多|余)?(?P<unit>年|个?月|个?季度|周|个?星期|个?礼拜|天|日)(?P<half>半)?"
    r"(?P<end>以来|来|间|之间|以后|之后|后|以前|之前|前|内|中|里|时间)?"
)


def _window(text: str, clock: _Clock) -> Period | None:
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
        count = _integer(match["n"])
    if count <= 0 or (side in ("前", "后") and ("月" in unit or "季度" in unit)):
        return None  # 前两个月 is January and February
    ahead = side in ("后", "今后", "未来", "接下来") or (not side and end.endswith("后"))
    if not side and end in ("以前", "之前", "前", "以后", "之后", "后"):
        return _distance(count, unit, clock, 1 if ahead else -1)
    if not side and end not in ("以来", "来"):
        return None
    return _stretch(count, unit, clock, ahead)


def _distance(count: int, unit: str, clock: _Clock, sign: int) -> Period | None:
    """三年前 is that year, 两个月前 that month, 十天后 that day."""
    if unit == "年":
        year = clock.year + sign * count
        return Period(date(year, 1, 1), date(year, 12, 31))
    if "月" in unit:
        first = _add_months(clock.month, sign * count)
        return Period(first, _last(first))
    if unit in ("天", "日"):
        on = clock.anchor + timedelta(days=sign * count)
        return Period(on, on)
    return None


def _stretch(count: int, unit: str, clock: _Clock, ahead: bool) -> Period | None:
    """So many units up to now, whole calendar years where a reporting period is known."""
    now = clock.now
    if unit == "年":
        if clock.reporting:
            first = now.year + 1 if ahead else now.year - count + 1
            if ahead:
                return Period(date(first, 1, 1), date(now.year + count, 12, 31))
            return Period(date(first, 1, 1), now)
        there = _add_years(now, count if ahead else -count)
    elif "季度" in unit:
        there = _add_months_day(now, 3 * count if ahead else -3 * count)
    elif "月" in unit:
        there = _add_months_day(now, count if ahead else -count)
    else:
        days = count if unit in ("天", "日") else 7 * count
        there = now + timedelta(days=days if ahead else -days)
    return Period(now + timedelta(days=1), there) if ahead else Period(there, now)


_POINTS: tuple[Callable[[str, _Clock], _Span | None], ...] = (
    _calendar,
    _iso,
    _by_week,
    _by_day,
    _by_plan,
    _by_century,
    _by_same,
    _by_festival,
)


# ---------------------------------------------------------------- a text


_Y4 = r"(?:1[89]|20)\d\d"
_Y = rf"(?:{_Y4}|[一二][〇零○一九八七六五四三二]{{3}})"
_M = r"(?:1[0-2][ ]?|0?[1-9][ ]?|十[一二]?|[一二三四五六七八九])"
_D = r"(?:3[01]|[12]\d|0?[1-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_TO = r"(?:\s?[-—–－~～─]{1,2}\s?|至|到)"
_NOT_DIGIT = r"(?<![\d.,，/〔\[第])"


def _bare(pattern: str) -> str:
    """The pattern without its group names."""
    return re.sub(r"\(\?P<\w+>", "(?:", pattern)


@cache
def _times() -> re.Pattern[str]:
    """Every time of a text in one pass; the name of the group is the rule.

    The first alternative that fits wins, so the longer forms stand first.
    """
    not_month = _words("not_times")["after_month"]
    not_year = _words("not_times")["after_year"]
    years = _bare(_group("y", "years"))
    months = _bare(_group("m", "months"))
    quarters = _bare(_group("q", "quarters"))
    now = _bare(_alternatives("n", _words("now")))
    festivals = _bare(_alternatives("f", tuple(_festivals())))
    holiday = _bare(_alternatives("h", _words("holiday")))
    month = rf"{_M}月(?:份)?(?![{not_month}])"
    day = rf"{_M}月(?:份)?(?:{_D}[日号](?:\s?(?:凌晨|上午|中午|下午|晚上?)?\s?\d{{1,2}}(?:时|点|[:：]\d\d))?|[上中下]旬|初|中旬|末|底)"
    quarter = r"第?[一二三四1-4]个?季度[初末底]?"
    part = rf"""(?:{day}|{month}|{quarter}|前[一二三四1-4两]个?季度|[上下]半年|前{_N}个月
        |年[初末底]|全年)"""
    edges = r"年?[初末底]"
    few = "[三四五六七八九]"
    year = rf"(?:(?<!\d){_Y}\s?年度?|{years}|(?<![\d.]){_Y4}(?=[-—~～至]{_Y4}年))"
    tail = r"(?:以来|来(?![自到])|至今|起(?!来|步|点|草|重|诉)|开始|以前|之前|前(?!后|期|列|移|进|往|[一二三四五六七八九十\d两])|期间|时期|年?[初末底])?"
    return re.compile(
        rf"""
        (?P<iso>{_NOT_DIGIT}(?:{_Y4}[-/.]\d{{1,2}}[-/.]\d{{1,2}})(?!\d|[-/.]\d))
      | (?P<asof>(?:截至到?|截止[到至]?|(?<![{_words("rising")["letters"]}])[到至])\s?(?:{year}的?(?:{part}|{edges})|{year}|{part})(?:以前|之前|前)?)
      | (?P<day>(?:截至|截止)?(?<![\d月./-])\d{{1,2}}日(?!均|常|前|报|内|间|以|龄|照|产|处|活|游|光|化|[，、]?\d+[日月])(?:\s?\d{{1,2}}时(?!段))?)
      | (?P<now>{now}(?!位置))
      | (?P<plan>[“"]?(?:十[一二三四五六七]|[八九])[·]?五[”"]?(?:规划|计划)?(?:期间|时期|期?末|期?初|以来))
      | (?P<range>{year}?(?:{_M}月{_D}日?|{_M}月?(?:份)?|第?[一二三四1-4](?:季度)?)\s?{_TO}
            (?:{year}?{_M}月(?:份)?(?:{_D}[日号]|[初中末底])?|{_D}[日号]|第?[一二三四1-4]季度)(?:期间)?)
      | (?P<years>(?<!\d){_Y}(?:年度?)?{_TO}{_Y}年(?:{_M}月)?(?:期间)?)
      | (?P<since>(?:自从?|从)(?:{year}的?(?:{part}|{edges})|{year}|{part})(?:以来|来|至今|起|开始)?)
      | (?P<roc>民国(?:\d{{1,3}}|{_N})年(?:{part})?{tail})
      | (?P<feast>(?:{year}的?)?[“"]?(?:{festivals}){{1,2}}(?:[“”"]*双节)?[”"]?(?:{holiday}(?:{few}天)?|{few}天(?:{holiday})?)|{year}的?{festivals})
      | (?P<dated>{year}(?:的)?(?:{part}|{edges}|[春夏秋冬]季){tail})
      | (?P<same>(?:{year}的?)?同期(?!声))
      | (?P<year>{year}(?![{not_year}]){tail})
      | (?P<short>(?<![\d.])\d\d年(?:{month}|[上下]半年|{quarter}|以来|年?底){tail})
      | (?P<part>(?<![\d.每第/]){part}(?!代|会){tail})
      | (?P<quarter>{quarters}[末底]?|{months}(?:{_D}[日号]|[上中下]旬|[初底末])?)
      | (?P<window>(?:近|过去|最近|未来|今后)(?:的)?(?:\d{{1,2}}|[一二三四五六七八九十两]{{1,2}})(?:年|个月|个季度)(?:以?来|间)?
            |(?<![近\d一-龥])[一二三四五六七八九十两]{{1,2}}年(?:以来|来(?!自))|[十二三四五六七八九]十?年前(?=的))
      | (?P<week>(?:本|上|下|这)周[一二三四五六日末]?|昨[天日]|今[天日])
      | (?P<decade>(?:(?:上个?|本|\d\d)世纪)?[1-9]0年代[初中末]?)
        """,
        re.VERBOSE,
    )


def _matches(clean: str) -> Iterator[re.Match[str]]:
    """The times of a text: looked for only in runs of the characters they are made of."""
    times, key = _times(), _key()
    for run in _run().finditer(clean):
        start, end = run.span()
        if key.search(clean, start, end):
            for match in times.finditer(clean, start, end + 3):
                if match.start() < end:
                    yield match


@cache
def _run() -> re.Pattern[str]:
    """Characters that times are made of."""
    tables = ("years", "months", "quarters", "weeks", "days", "now", "since", "before", "during",
              "holiday", "asof", "from")  # fmt: skip
    letters = {c for table in tables for word in _words(table) for c in word}
    letters |= {c for name in _festivals() for c in name}
    letters |= set("0123456789〇零○一二三四五六七八九十两年月日号旬半度民国季点时早上下中晚午第双个")
    letters |= set("春夏秋冬天世纪代末底初规划计近过去未来最的 \u00a0　-—–－~～─至到:：/.·“”\"")
    return re.compile("[" + "".join(re.escape(c) for c in sorted(letters)) + "]+")


@cache
def _key() -> re.Pattern[str]:
    """What a run must hold to be worth a look."""
    return re.compile(
        r"[年月季昨迄旬]|\d日|[三四五六七八九]天|[目当]前|现在|现阶段|此[时刻]|今[天日]|同期|[本上下这]周|世纪"
        r"|五[”\"]?(?:规划|计划|期|时期|末|初|以来)|\d{4}[-/.]\d|期间|假|黄金周"
    )


_BARE_DAY = re.compile(r"(?:截至|截止)?\d{1,2}日.*")
_EXPLICIT = re.compile(r"(?:1[89]|20)\d\d年?|[一二][〇零○一二三四五六七八九]{3}年")
_SENTENCE = re.compile(r"[。！？!?\n]")


def _sentence_end(clean: str, position: int) -> int:
    match = _SENTENCE.search(clean, position, position + 400)
    return match.start() if match else position + 400


def _in_text(
    surface: str,
    clock: _Clock | None,
    year: int | None,
    last_year: int | None,
    within: Period | None,
) -> Period | None:
    """The days of a time met in a text, by the year of its section and of its sentence."""
    text = _plain(surface)
    if within is not None:
        return _resolve(text, within.end, within)
    if _BARE_DAY.fullmatch(text):
        return None
    if clock is None:
        if not _EXPLICIT.search(text) and "五" not in text and "世纪" not in text:
            return None
        return _resolve(text, date(2000, 12, 31), None)
    if last_year is not None and not any(text.startswith(w) for w in _words("years")):
        year = last_year
    if year is None or year == clock.year:
        return _resolve(text, clock.anchor, clock.reporting)
    if next((w for w in _longest("years") if w in text and _words("years")[w] > 0), None):
        return _resolve(text, clock.anchor, clock.reporting)
    anchor = clock.anchor if clock.anchor.year == year else date(year, 12, 31)
    return _resolve(text, anchor, Period(date(year, 1, 1), date(year, 12, 31)))


def _section_years(facts: Facts, sections: Sequence[Section]) -> list[int | None]:
    """The year each section's times count from, None for the reporting year."""
    years: list[int | None] = []
    for section in sections:
        year = section.year or (section.period.end.year if section.period else None)
        if year is None and 0 <= section.parent < len(years):
            year = years[section.parent]
        elif year is None and section.outlook is Outlook.AHEAD and facts.plan_period:
            year = facts.plan_period.end.year
        years.append(year)
    return years


_MEASURED_BY = re.compile(
    r"的(?:近|约|不足|将近)?[\d.〇一二三四五六七八九十两百点]+[余多]?(?:倍|%|％|成|分之)"
)


def _kind(clean: str, start: int, surface: str, period: Period, clock: _Clock | None) -> str:
    """`base` for a time compared with or begun from, whose figure stands right behind it."""
    if clean[max(0, start - 3) : start].endswith(_compared()):
        return "base"
    if _MEASURED_BY.match(clean, start + len(surface)):
        return "base"  # 仅为上年的七成
    if period.start is not None:
        return "span"
    if surface.endswith(("初", "伊始")) and not surface.startswith(_asof_words()):
        return "base"
    past = clock is not None and clock.reporting is not None and clock.reporting.start is not None
    if past and surface.endswith("前") and period.end < clock.reporting.start:  # type: ignore
        return "base"
    return "asof"


# ---------------------------------------------------------------- days and words


def _integer(text: str) -> int:
    """12, 十二, 二十, 〇五, 一百零二 → int. Raises ValueError on anything else."""
    if text.isascii() and text.isdigit():
        return int(text)
    if "百" in text:
        head, _, tail = text.partition("百")
        return 100 * _integer(head or "一") + (_integer(tail.lstrip("零")) if tail else 0)
    if "十" in text:
        head, _, tail = text.partition("十")
        return 10 * (_integer(head) if head else 1) + (_integer(tail) if tail else 0)
    if not text or any(c not in _DIGITS for c in text):
        raise ValueError(text)
    value = 0
    for c in text:
        value = value * 10 + _DIGITS[c] if _DIGITS[c] < 10 else value + _DIGITS[c]
    return value


def _months(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month + 1


def _last(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _add_months(day: date, months: int) -> date:
    """The first of the month so many months on."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def _add_months_day(day: date, months: int) -> date:
    first = _add_months(day, months)
    return first.replace(day=min(day.day, _last(first).day))


def _add_years(day: date, years: int) -> date:
    return _add_months_day(day, 12 * years)


@cache
def _words(table: str) -> dict[str, int] | tuple[str, ...]:  # type: ignore[type-arg]
    """A table of `cues/periods.toml`: word → number, or the words of a list."""
    found = lexicon.toml("cues/periods.toml")[table]
    return tuple(found["words"]) if "words" in found else found


@cache
def _longest(table: str) -> tuple[str, ...]:
    return tuple(sorted(_words(table), key=len, reverse=True))


def _starts(text: str, table: str) -> str:
    return next((w for w in _longest(table) if text.startswith(w) and len(text) > len(w)), "")


def _ends(text: str, table: str) -> str:
    return next((w for w in _longest(table) if text.endswith(w) and len(text) > len(w)), "")


def _without(text: str, tables: Iterable[str]) -> str:
    """The text without words of the tables at its end."""
    for table in tables:
        if word := _ends(text, table):
            text = text[: -len(word)]
    return text


def _alternatives(name: str, words: Iterable[str]) -> str:
    found = sorted(words, key=len, reverse=True)
    return f"(?P<{name}>{'|'.join(map(re.escape, found))})"


@cache
def _compared() -> tuple[str, ...]:
    cues = lexicon.toml("cues/periods.toml")
    return (*cues["compared"]["before"], *cues["leaving"]["before"])


@cache
def _since_words() -> tuple[str, ...]:
    return tuple(_words("since"))


@cache
def _asof_words() -> tuple[str, ...]:
    return tuple(_words("asof"))


class _Festival(NamedTuple):
    month_day: str
    before: int
    days: int
    name: str

    def on(self, year: int) -> date | None:
        stamp = self.month_day or _festival_days().get((self.name, year))
        return date.fromisoformat(f"{year}-{stamp}") if stamp else None


@cache
def _festivals() -> dict[str, _Festival]:
    table: dict[str, _Festival] = {}
    for row in lexicon.rows("festivals.csv"):
        festival = _Festival(
            row["date"], int(row["holiday_before"]), int(row["holiday_days"]), row["name"]
        )
        for name in (row["name"], *row["aliases"].split()):
            table[name] = festival
    return table


@cache
def _longest_festivals() -> tuple[str, ...]:
    return tuple(sorted(_festivals(), key=len, reverse=True))


@cache
def _festival_days() -> dict[tuple[str, int], str]:
    return {
        (name, int(row["year"])): day
        for row in lexicon.rows("festivals_by_year.csv")
        for name, day in row.items()
        if name != "year"
    }


