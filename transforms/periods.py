"""Times as reports write them, resolved to days: `resolve` for one string, `find` for a text.

The words stand in `seeds/cues/periods.toml`, the festivals in `seeds/festivals.csv` and
`seeds/festivals_by_year.csv`. Relative years count from the year of the reporting period,
relative days from the date the document speaks from.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache

from schemas.document import Facts, Outlook, Period, Section
from schemas.mention import TimeMention
from transforms import lexicon
from transforms import period_words as words
from transforms.period_rules import Clock, plain, resolved


def resolve(text: str, anchor: date, reporting: Period | None = None) -> Period | None:
    """The days that `text`, as a whole, names; None when it names no time.

    `anchor` is the day the text speaks from, `reporting` the period it reports on: years
    told from another (去年, 3月, 上半年) count from the year `reporting` ends in, else from
    the anchor's. `start` is None for a state as of `end` (截至6月底, 到2025年, 年末). Never
    raises on any text.
    """
    if len(text) > _LONGEST:
        return None
    return resolved(plain(text), anchor, reporting)


def find(clean: str, facts: Facts, sections: Sequence[Section] = ()) -> list[TimeMention]:
    """The times of a clean text (simplified script), in order, without overlap.

    A year that a section's heading sets counts there, else the reporting year. Bare
    durations (7年, 连续三年) are none. Times that need a day to count from stay unresolved when
    the document has neither a date nor a reporting period.
    """
    years = _section_years(facts, sections)
    spoken = _spoken_year(facts)
    starts = [section.start for section in sections]
    base = Clock.of(facts)
    seen: dict[tuple[str, int | None, int | None, Period | None], Period | None] = {}
    found: list[TimeMention] = []
    scope = _Scope(clean)
    for match in _matches(clean):
        start, end = match.span()
        surface, rule = match.group(), match.lastgroup or ""
        if surface.endswith(("月", "月份")) and _CLIMATE.match(clean, end):
            continue  # 1月平均气温: the month of every year, and part of the name
        scope.move(start)
        section = bisect_right(starts, start) - 1
        year = years[section] if section >= 0 else None
        if spoken and surface.startswith(_TOLD_BY_SPEAKER):
            year = spoken
        if rule == "since" and _TOLD_OF.match(clean, end) and surface[0] in "从自":
            start, surface = start + 1, surface[1:]  # 从[2020年]的260元涨到340元
        within = scope.within(surface, rule)
        key = (surface, year, scope.year, within)
        if key in seen:
            period = seen[key]
        else:
            period = seen[key] = _in_text(surface, base, year, scope.year, within)
        if period is None:
            if surface.startswith(words.longest("years")):
                scope.year = None  # 今年 of an unknown year: its months are unknown too
            if base is None and not _BARE_DAY.fullmatch(surface):
                found.append(TimeMention(start, end, None, None, _unresolved(clean, start), rule))
            continue
        kind = _kind(clean, start, surface, period, base)
        if rule == "year" and _RECORDED.match(clean, end):
            kind = "open"  # 列1956年有完整记录以来第2位
        if kind != "base":
            scope.meet(end, surface, rule, period)
        found.append(TimeMention(start, end, period.start, period.end, kind, rule))
    return found


_TOLD_OF = re.compile("(?<=[年月底末度])的(?:不足|近|约|仅|只有)?[\\d一二三四五六七八九十百千两]")
_CLIMATE = re.compile(lexicon.toml("cues/periods.toml")["climate"]["behind"])
_RECORDED = re.compile("有[^，。；、]{0,10}以来")
_LONGEST = 60  # no time is longer


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
            since = surface.endswith(words.phrases("since")) or rule == "since"
            bracketed = self._clean[end - len(surface) - 1 : end - len(surface)] in ("（", "(")
            if not since and not bracketed and _EXPLICIT.search(surface):
                self.year = period.start.year
        if rule == "day" or "日" in surface:
            last = period.end
            self._month = Period(last.replace(day=1), words.last_day(last))
            self._month_until = end + _MONTH_REACH


_MONTH_REACH = 600  # characters that a month carries on for bare days (截至26日)


# Parts of the pattern. Y: a year, M: a month, D: a day, TO: what joins two.
_Y4 = r"(?:1[89]|20)\d\d"
_Y = rf"(?:{_Y4}|[一二][〇零○一二三四五六七八九]{{3}})"
_M = r"(?:1[0-2][ ]?|0?[1-9][ ]?|十[一二]?|[一二三四五六七八九]|(?<![\d万亿千百十])元)"
_D = r"(?:3[01]|[12]\d|0?[1-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_N = r"(?:\d{1,2}|[一二三四五六七八九十两]{1,2})"
_TO = r"(?:\s?[-—–－~～─]{1,2}\s?|至|到)"
_HOUR = r"(?:\s?(?:凌晨|上午|中午|下午|晚上?)?\s?\d{1,2}(?:时|点|[:：]\d\d))"
_FIRST = "(?<![提之以此])前"
_QUARTER = r"第?[一二三四1-4]个?季度(?:当季|[初末底])?"
_EDGE = r"年?[初末底]"
_TAIL = (
    r"(?:以来|来(?![自到])|至今|起(?!来|步|点|草|重|诉)|开始|以前|之前"
    r"|前(?!后|期|列|移|进|往|[一二三四五六七八九十\d两])|期间|时期|年?[初末底])?"
)


@cache
def _times() -> re.Pattern[str]:
    """Every time of a text in one pass; the name of the group is the rule.

    The first alternative that fits wins, so the longer forms stand first.
    """
    behind_month = words.letters("not_times", "after_month")
    month = rf"{_M}月(?:份?当月|份|(?!份)(?![{behind_month}]))"
    day = rf"{_M}月(?:份)?(?:{_D}[日号]{_HOUR}?|[上中下]旬|初|中旬|末|底)"
    part = (
        rf"(?:{day}|{month}|{_QUARTER}|{_FIRST}[一二三四1-4两]个?季度|[上下]半年|{_FIRST}{_N}个月"
        rf"|(?:(?<=年)|(?<![一-龥]))后{_N}个月"
        rf"|(?<![一二三四五六七八九十几多两])年(?:[初末底]|内(?![一-龥]?[以之]))|全年(?!{_of_plan()}))"
    )
    told = words.alternatives(words.numbers("years"))
    letters = "".join(sorted({word[0] for word in words.numbers("years")}))
    # 达产后年产值, 建成后年均增收: no year after next
    next_but_one = r"(?!(?<=[^到至自从于在和与、，。；：\s])后年)"
    behind_told = words.letters("not_times", "after_told")
    carried = "|".join(words.phrases("not_times", "carried"))  # 上年结转
    told = rf"(?<![年历以之此转]){next_but_one}(?:{told})(?![{behind_told}]|{carried})"
    # the letters first: many forms ask for a year
    year = rf"(?<!\d){_Y}\s?年度?|{told}|(?<![\d.]){_Y4}(?=[-—~～至]{_Y4}年)"
    year = rf"(?:(?=[12一二{letters}])(?:{year}))"
    dated = rf"(?:{year}的?(?:{part}|{_EDGE})|{year}|{part})"
    forms = {
        # 2022-07-04 2022/7/4
        "iso": rf"(?<![\d.,/〔\[第]){_Y4}[-/.]\d{{1,2}}[-/.]\d{{1,2}}(?!\d|[-/.]\d)"
        r"(?:[ T]?\d{1,2}[:：]\d\d(?:[:：]\d\d)?)?",
        # 截至6月底, 到2025年, but not 降至2022年的211万元
        "asof": r"(?:截至到?|截止[到至]?"
        rf"|(?<![{words.letters('rising')}])[到至])\s?{dated}(?:以前|之前|前)?",
        # 截至26日, of the month named before
        "day": r"(?:截至|截止)?(?<![\d月./\-续第每])\d{1,2}日"
        r"(?!均|常|前|报|内|间|以|龄|照|产|处|活|游|光|化|[，、]?\d+[日月])(?:\s?\d{1,2}时(?!段))?",
        "now": rf"(?:{words.alternatives(words.phrases('now'))})(?!位置)",
        # “十三五”期间
        "plan": r"[“\"]?(?:十[一二三四五六七]|[八九])[·]?五[”\"]?(?:规划|计划)?"
        r"(?:期间|时期|期?末|期?初|以来)",
        # 1—9月份, 一至三季度, 6月1日至15日
        "range": rf"{year}?(?:{_M}月{_D}[日号]?{_TO}{_D}[日号]"
        rf"|(?:{_M}月{_D}日?|{_M}月?(?:份)?){_TO}{year}?{_M}月(?:份)?(?:{_D}[日号]|[初中末底])?"
        rf"|第?[一二三四1-4](?:季度)?{_TO}第?[一二三四1-4]季度)(?:期间)?",
        # 2015年至2017年
        "years": rf"(?<!\d){_Y}(?:年度?)?{_TO}{_Y}年(?:{_M}月)?(?:期间)?",
        # 自2010年以来
        "since": rf"(?:自从?|从){dated}(?:以来|来|至今|起|开始)?",
        # 民国三十八年
        "roc": rf"民国(?:\d{{1,3}}|{_N})年{part}?{_TAIL}",
        "feast": _feast(year),
        # 2022年3月, 去年下半年, 2022年秋季
        "dated": rf"{year}的?(?:{part}|{_EDGE}|[春夏秋冬]季){_TAIL}",
        # 去年同期
        "same": rf"(?:{year}的?)?同期(?!声)",
        "year": rf"{year}(?![{words.letters('not_times', 'after_year')}]){_TAIL}",
        # 22年3月
        "short": rf"(?<![\d.])\d\d年(?:{month}|[上下]半年|{_QUARTER}|以来|年?底){_TAIL}",
        "part": rf"(?<![\d.每第/]){part}(?!代|会){_TAIL}",
        "month": rf"(?:{words.alternatives(words.numbers('quarters'))})[末底]?"
        rf"|(?:{words.alternatives(words.numbers('months'))})(?:{_D}[日号]|[上中下]旬|[初底末])?",
        # 近三年, 五年来, 十年前的
        "window": rf"(?<![将接临靠])(?:近|过去|最近|未来|今后)的?{_N}"
        r"(?:年|个月|个季度)(?:以?来|间)?"
        r"|(?<![近\d一-龥])[一二三四五六七八九十两]{1,2}年(?:以来|来(?!自))"
        r"|[十二三四五六七八九]十?年前(?=的)",
        "week": r"(?<!以)(?:本|上|下|这)周(?![边围转期年岁全密到长])[一二三四五六日末]?"
        r"|昨[天日]|今[天日]",
        "decade": r"(?:(?:上个?|本|\d\d)世纪)?[1-9]0年代[初中末]?",
    }
    # the name in an empty group behind: the engine passes over forms whose first letter differs
    # sooner when no group begins there
    every = "|".join(f"(?:{form})(?P<{rule}>)" for rule, form in forms.items())
    return re.compile(f"(?={_beginning()})(?:{every})")


def _of_plan() -> str:
    """What makes 全年 part of a plan's name when it stands around it: 完成全年任务的54.8%."""
    before = "|".join(f"(?<={word}全年)" for word in words.phrases("of_plan", "before"))
    return f"(?:{before}){words.pattern('of_plan', 'behind')}"


def _beginning() -> str:
    """What a time begins with: asked first, since most letters of a run begin none.

    A form added to `_times` needs its first letter here; 年 and 全 are too common to be let
    through alone, as are the first letters of festivals (教师节).
    """
    told = ("years", "quarters", "months")
    letters = {word[0] for table in told for word in words.numbers(table)}
    letters |= {word[0] for word in words.phrases("now")} - {"年", "全"}
    letters |= set('〇零○一二三四五六七八九十两元第上下前截到至自从民同近过最未今本这昨“"')
    pairs = {name[:2] for name in words.festivals() if name[0] not in letters}
    return rf"[\d{''.join(sorted(letters))}]|年[初末底内]|全年|{words.alternatives(pairs)}"


def _feast(year: str) -> str:
    """国庆黄金周, “五一”假期, 国庆七天, 2023年春节, “5·20”当天."""
    letters = "".join(sorted({name[0] for name in words.festivals()}))
    names = f"(?:(?=[{letters}])(?:{words.alternatives(words.festivals())}))"
    holiday = f"(?:{words.alternatives(words.phrases('holiday'))})"
    days = "[三四五六七八九]天"
    return (
        rf"(?:{year}的?)?[“\"]?{names}{{1,2}}(?:[“”\"]*双节)?[”\"]?"
        rf"(?:{holiday}(?:{days})?|{days}{holiday}?)|{year}的?{names}"
        r"|[“\"]?\d{1,2}·\d{1,2}[”\"]?(?:当天|当日|期间)"
    )


def _matches(clean: str) -> Iterator[re.Match[str]]:
    """The times of a text: looked for only in runs of the characters they are made of.

    Few runs hold a key, so the keys are looked for first and the run around each is then told.
    """
    times, letters, run = _times(), _letters(), _run()
    position = 0
    while (key := _KEY.search(clean, position)) is not None:
        start = key.start()
        while start > position and clean[start - 1] in letters:
            start -= 1
        match = run.match(clean, start)
        end = match.end() if match else start
        for match in times.finditer(clean, start, end + _AHEAD):
            if match.start() < end:
                yield match
        position = max(end, key.end())


_AHEAD = 3  # characters behind a run that decide whether it is a time (3月龄)

# What a run must hold to be worth a look. It begins with a set of characters, so that a search
# skips to these; the rarest character of each word is in the set, what stands before it is
# looked back at.
_KEY = re.compile(
    r"[年月季昨迄旬日天前现此期周世五\-/.假](?:(?<=[年月季昨迄旬假])|(?<=[0-9当今]日)"
    r"|(?<=[三四五六七八九当今]天)|(?<=[目当]前)|(?<=现)(?:在|阶段)|(?<=此)[时刻]|(?<=同期)"
    r"|(?<=期)间|(?<=[本上下这]周)|(?<=黄金周)|(?<=世)纪"
    r"|(?<=五)[”\"]?(?:规划|计划|期|时期|末|初|以来)|(?<=[0-9]{4}[-/.])[0-9])"
)


@cache
def _letters() -> frozenset[str]:
    """Characters that times are made of."""
    told = ("years", "months", "quarters", "weeks", "days", "now")
    classes = (*told, "since", "before", "during", "holiday", "asof", "from")
    letters = {c for name in classes for word in words.longest(name) for c in word}
    letters |= {c for name in words.festivals() for c in name}
    letters |= set(
        "0123456789〇零○一二三四五六七八九十两年月日号旬半度民国季点时早上下中晚午第双个"
    )
    letters |= set('春夏秋冬天世纪代末底初规划计近过去未来最的 \u00a0　-—–－~～─至到:：/.·“”"')
    return frozenset(letters)


@cache
def _run() -> re.Pattern[str]:
    return re.compile("[" + "".join(re.escape(c) for c in sorted(_letters())) + "]+")


# times that name their years themselves: 十四五, 上世纪80年代
_OF_ITS_OWN = re.compile(r"[十八九][一二三四五六七]?[·]?五|世纪")
_BARE_DAY = re.compile(r"(?:截至|截止)?\d{1,2}日.*")
_EXPLICIT = re.compile(r"(?:1[89]|20)\d\d年?|[一二][〇零○一二三四五六七八九]{3}年")
_SENTENCE = re.compile(r"[。！？!?\n]")


def _sentence_end(clean: str, position: int) -> int:
    match = _SENTENCE.search(clean, position, position + 400)
    return match.start() if match else position + 400


def _in_text(
    surface: str,
    clock: Clock | None,
    year: int | None,
    last_year: int | None,
    within: Period | None,
) -> Period | None:
    """The days of a time met in a text, by the year of its section and of its sentence."""
    text = plain(surface)
    if within is not None:
        return resolved(text, within.end, within)
    if _BARE_DAY.fullmatch(text):
        return None
    if clock is None:
        if not _EXPLICIT.search(text) and not _OF_ITS_OWN.search(text):
            if last_year is None or any(text.startswith(w) for w in words.numbers("years")):
                return None
            whole = Period(date(last_year, 1, 1), date(last_year, 12, 31))
            return resolve(text, whole.end, whole)
        return resolved(text, date(2000, 12, 31), None)
    if last_year is not None and not text.startswith(words.longest("years")):
        year = last_year
    if year is None or year == clock.year:
        return resolved(text, clock.anchor, clock.reporting)
    if any(word in text for word in _years_ahead()):
        return resolved(text, clock.anchor, clock.reporting)
    anchor = clock.anchor if clock.anchor.year == year else date(year, 12, 31)
    return resolved(text, anchor, Period(date(year, 1, 1), date(year, 12, 31)))


@cache
def _years_ahead() -> tuple[str, ...]:
    return tuple(word for word, step in words.numbers("years").items() if step > 0)


def _section_years(facts: Facts, sections: Sequence[Section]) -> list[int | None]:
    """The year each section's times count from, None for the reporting year."""
    years: list[int | None] = []
    for section in sections:
        year = section.year or (section.period.end.year if section.period else None)
        if year is None and 0 <= section.parent < len(years):
            year = years[section.parent]
        elif year is None and section.outlook is Outlook.AHEAD:
            year = _plan_year(facts)
        years.append(year)
    return years


_MEASURED_BY = re.compile(
    r"的(?:近|约|不足|将近)?[\d.〇一二三四五六七八九十两百点]+[余多]?(?:倍|%|％|成|分之)"
)


def _plan_year(facts: Facts) -> int | None:
    """The year that plans are for, where it is not the reporting year."""
    if facts.plan_period:
        return facts.plan_period.end.year
    if facts.date and facts.period and facts.date.year == facts.period.end.year + 1:
        return facts.date.year
    return None


_TOLD_BY_SPEAKER = ("今年", "去年")


def _spoken_year(facts: Facts) -> int | None:
    """The year a speech on the year before is held in: its 去年 is the year reported on."""
    speech = facts.title and any(word in facts.title for word in words.phrases("speeches"))
    return _plan_year(facts) if speech else None


def _unresolved(clean: str, start: int) -> str:
    """The kind of a time whose days are not known: `base` where it is compared with."""
    return "base" if clean[max(0, start - 3) : start].endswith(words.compared()) else "open"


def _kind(clean: str, start: int, surface: str, period: Period, clock: Clock | None) -> str:
    """`base` for a time compared with or begun from, whose figure stands right behind it."""
    if clean[max(0, start - 3) : start].endswith(words.compared()):
        return "base"
    if _MEASURED_BY.match(clean, start + len(surface)):
        return "base"  # 仅为上年的七成
    if period.start is not None:
        return "span"
    if surface.endswith(("初", "伊始")) and not surface.startswith(words.phrases("asof")):
        return "base"
    begin = clock.reporting.start if clock and clock.reporting else None
    if begin and surface.endswith("前") and period.end < begin:
        return "base"
    return "asof"
