"""Which period each figure is about: its clause, its sentence, its section, its document."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from typing import TypeAlias

from schemas.document import Document, Facts, Outlook, Section, Sentence
from schemas.mention import Mention, TimeMention
from transforms import lexicon
from transforms import period_words as words
from transforms.extract.chains import chain
from transforms.extract.sentences import Figured

Assigned: TypeAlias = tuple[date | None, date | None, bool]


def assign(
    document: Document,
    sentences: Sequence[Figured],
    mentions: Sequence[Mention],
    times: Sequence[TimeMention],
) -> list[Assigned]:
    """For every mention `(period_start, period_end, inherited)`.

    `mentions` and `times` are in the order of the text. A figure takes the time in front of it
    in its clause or sentence, else one behind it in its clause, else the one that heads its
    paragraph or section; these are its own. Else it inherits the document's (`inherited`).
    """
    defaults = [_section_period(document, section) for section in document.sections]
    of_document = _document_period(document.facts)
    assigned: list[Assigned] = []
    heading = _Heading(document)
    carried: TimeMention | None = None
    met = -1
    told = _by_sentence(document, times)
    spans = {number: (first, last) for number, _, first, last in sentences}
    for number in sorted(told.keys() | spans.keys()):
        while carried and met + 1 < number:
            met += 1
            heading.meet(met, ())
            carried = _carry(document, met, (), carried)
        met = number
        here = told.get(number, ())
        heading.meet(number, here)
        if number in spans:
            sentence = document.sentences[number]
            default = heading.period or (
                defaults[sentence.section] if sentence.section < len(defaults) else of_document
            )
            first, last = spans[number]
            figures = mentions[first:last]
            if here or carried:
                clauses = _Clauses(document, sentence, here, carried, figures)
                assigned.extend(clauses.period(figure, default) for figure in figures)
            else:
                assigned.extend([default] * len(figures))
        if here or carried:
            carried = _carry(document, number, here, carried)
    return assigned


def _by_sentence(document: Document, times: Sequence[TimeMention]) -> dict[int, list[TimeMention]]:
    """The number of each sentence that has times, and these."""
    told: dict[int, list[TimeMention]] = {}
    starts = [sentence.start for sentence in document.sentences]
    for time in times:
        number = bisect_right(starts, time.start) - 1
        if number >= 0 and time.start < document.sentences[number].end:
            told.setdefault(number, []).append(time)
    return told


# ---------------------------------------------------------------- what is inherited


def _document_period(facts: Facts) -> Assigned:
    if facts.period:
        return facts.period.start, facts.period.end, True
    return None, facts.date, True


def _until(facts: Facts) -> date | None:
    """The last day of what the document reports on, where it is known."""
    return facts.period.end if facts.period else facts.date


def _aims_at_now(document: Document, section: Section) -> bool:
    """Whether a section of goals opens the document, in front of what was done for them."""
    later = lexicon.toml("cues/periods.toml")["goals"]["later"]
    if not section.level or re.search(later, section.heading):
        return False
    beside = [s for s in document.sections if s.level == section.level]
    return beside[0] is section and any(s.outlook is Outlook.BACK for s in beside)


def _section_period(document: Document, section: Section) -> Assigned:
    """The period a section's heading sets, from the nearest heading that sets one."""
    facts = document.facts
    ahead = section.outlook is Outlook.AHEAD and not _aims_at_now(document, section)
    while True:
        if section.period:
            return section.period.start, section.period.end, False
        if section.year:
            return _year_period(facts, section.year, ahead)
        if section.parent < 0:
            break
        section = document.sections[section.parent]
    if ahead and facts.plan_period:
        return facts.plan_period.start, facts.plan_period.end, False
    return _document_period(facts)


def _year_period(facts: Facts, year: int, ahead: bool) -> Assigned:
    """A year in a heading: the reporting period where it is that of the report."""
    if facts.period and not ahead and facts.period.end.year == year:
        return facts.period.start, facts.period.end, True
    return date(year, 1, 1), date(year, 12, 31), False


class _Heading:
    """The period that heads a paragraph (2023年：…) or, alone on its line, a list."""

    def __init__(self, document: Document) -> None:
        self.period: Assigned | None = None
        self._document = document
        self._paragraph = self._section = -1
        self._list = False

    def meet(self, number: int, times: Sequence[TimeMention]) -> None:
        """Take notice of a sentence; all that have times must be met, in order."""
        sentences, clean = self._document.sentences, self._document.clean
        sentence = sentences[number]
        moved = sentence.paragraph != self._paragraph
        if sentence.section != self._section or (moved and not self._list):
            self.period = None
        self._paragraph, self._section = sentence.paragraph, sentence.section
        opens = number == 0 or sentence.paragraph != sentences[number - 1].paragraph
        if not (opens and times) or times[0].kind == "open":
            return
        first = times[0]
        before = clean[sentence.start : first.start]
        behind = clean[first.end : first.end + 1]
        if behind in ("：", ":") and _LIST_MARK.fullmatch(before):
            self.period = first.period_start, first.period_end, False
            self._list = not clean[first.end + 1 : sentence.end].strip()


_LIST_MARK = re.compile(r"[\s　•·\-—（(\d一二三四五六七八九十)）、.]*")


# ---------------------------------------------------------------- one sentence


_CARRY_ON = re.compile(r"\s*(?:其中|同期|分\S{1,4}看)")


def _carry(
    document: Document, number: int, times: Sequence[TimeMention], before: TimeMention | None
) -> TimeMention | None:
    """The time that goes on into the next sentence when that begins with 其中."""
    end = document.sentences[number].end
    if not _CARRY_ON.match(document.clean, end, end + 12):
        return None
    return next((t for t in reversed(times) if t.kind in ("span", "asof")), before)


class _Clauses:
    """The times of one sentence, and which of them a figure takes.

    All questions about what stands between two places are answered by bisection, and a figure
    looks back at no more than `_BACK` times, so that a sentence of any length costs its length.
    """

    def __init__(
        self,
        document: Document,
        sentence: Sentence,
        times: Sequence[TimeMention],
        carried: TimeMention | None,
        figures: Sequence[Mention],
    ) -> None:
        clean = document.clean
        self._clean = clean
        self._document = document
        self._carried = carried
        start, end = sentence.start, sentence.end
        self._start = start
        section = document.sections[sentence.section]
        self._until = None if section.outlook is Outlook.AHEAD else _until(document.facts)
        asides = [m.span() for m in _ASIDE.finditer(clean, start, end)]
        self._times = [t for t in times if t.rule == "plan" or not _inside(asides, t.start)]
        self._starts = [t.start for t in self._times]
        self._ends = [t.end for t in self._times]
        self._marks = [m.start() for m in _CLAUSE_MARK.finditer(clean, start, end)]
        self._stops = [i for i in self._marks if clean[i] in "；;"]
        self._closed = [m.start() for m in _CLOSED.finditer(clean, start, end)]
        opened = _OPENED.finditer(clean, start, end) if self._closed else ()
        self._opened = [m.start() for m in opened]
        self._states = [m.start() for m in _states().finditer(clean, start, end)]
        self._plans = [m.start() for m in _planned().finditer(clean, start, end)]
        self._turns = [m.start() for m in _turns().finditer(clean, start, end)]
        self._bases = [m.start() for m in _cue("basis").finditer(clean, start, end)]
        self._shared = self._share_out(figures) if len(self._times) > 1 else {}

    def _share_out(self, figures: Sequence[Mention]) -> dict[int, TimeMention]:
        """2023年、2024年分别新增120张和150张: the start of each figure → its time of the list."""
        shared: dict[int, TimeMention] = {}
        run: list[TimeMention] = []
        for time in [*self._times, None]:
            if run and time and self._clean[run[-1].end : time.start] in _LISTED:
                run.append(time)
                continue
            if len(run) > 1 and _apportioned().match(self._clean, run[-1].end):
                found = chain(self._clean, figures, run[-1].end, len(run))
                shared |= {figures[i].start: t for i, t in zip(found, run, strict=False)}
            run = [time] if time else []
        return shared

    def period(self, figure: Mention, default: Assigned) -> Assigned:
        """The period of a figure, `default` where the sentence has none for it."""
        if figure.start in self._shared:
            return _own(self._shared[figure.start])
        if self._clean[figure.lead - 1 : figure.lead] in _AIM_ENDS:
            year = self._aim(figure, default)
            if year:
                return year
        count = bisect_right(self._ends, figure.start)
        front = self._times[max(0, count - _BACK) : count]
        if front and front[-1].kind == "base" and self._touches(front[-1], figure):
            return _own(front[-1])
        plain = [t for t in front if self._reaches(t, figure)]
        if behind := self._behind(figure, plain):
            return _own(behind)
        if not plain:
            if self._carried and not _between(self._states, 0, figure.start):
                return _own(self._carried)
            return default
        nearest = plain[-1]
        if _between(self._states, nearest.end, figure.start):
            return default
        return (
            self._since(nearest)
            or self._before(nearest, figure)
            or self._to_date(nearest, figure, default)
            or _own(nearest)
        )

    def _aim(self, figure: Mention, default: Assigned) -> Assigned | None:
        """The whole year for what a year's plan aims at: 占年度计划[160户]的60%."""
        until = default[1]
        start = max(self._start, figure.lead - 16)
        if until is None or not _cue("year_of_plan").search(self._clean[start : figure.lead]):
            return None
        if figure.kind == "ratio" and _cue("done").search(self._clean, start, figure.lead):
            return None  # 完成全年目标45.5%
        return date(until.year, 1, 1), date(until.year, 12, 31), False

    def _reaches(self, time: TimeMention, figure: Mention) -> bool:
        """Whether a time in front of a figure goes on as far as it.

        A deadline, a feast and a state as of a day before the period reported on (where it
        heads the sentence, if what follows speaks of the whole area anew) end with their part
        of the sentence, and so does what lies ahead of it; the same time of another
        year (去年同期) and the day that a body was founded end with their clause; a span goes on
        to the end.
        """
        if time.kind not in ("span", "asof"):
            return False
        closed = bisect_left(self._closed, time.end)
        if closed < len(self._closed) and self._closed[closed] < figure.start:
            opened = bisect_right(self._opened, time.start) - 1
            last = bisect_left(self._closed, time.start) - 1
            if opened >= 0 and (last < 0 or self._opened[opened] > self._closed[last]):
                return False  # 可达31亿元（2020年29亿元），增长6%
        # 明年，新建3个；改造5个
        heads = self._clean.startswith(("，", ",", "："), time.end)
        inner = not heads and time.start - self._start > _OPENING
        if self._is_to_come(time) and (
            (inner and _between(self._stops, time.end, figure.start))
            or _between(self._turns, time.end, figure.start)
        ):
            return False  # 预计三季度末实现100%；立案9起
        if _between(self._bases, time.end, figure.start):
            return False  # 在去年18.6万元的基础上压减15%
        if time.rule == "same" or self._is_founding(time):
            return not _between(self._marks, time.end, figure.start)
        if self._is_of_plan(time, figure):
            return False
        deadline = time.kind == "asof" and self._clean[time.end - 1] == "前"
        past = self._is_past(time)
        if past and heads and time.start - self._start <= _OPENING:
            return _cue("anew").search(self._clean, time.end, figure.start) is None
        if time.rule == "feast" or deadline or past or self._is_event(time):
            return not _between(self._stops, time.end, figure.start)
        return True

    def _is_event(self, time: TimeMention) -> bool:
        """Whether the time is the day of one event that ends its clause: 于3月投产，."""
        return _happened().match(self._clean, time.end) is not None

    def _is_founding(self, time: TimeMention) -> bool:
        """Whether the time is the day of an event in front of it: 街道成立于1992年3月."""
        return self._clean.endswith(_founded(), self._start, time.start)

    def _is_to_come(self, time: TimeMention) -> bool:
        """Whether a time in what was done goes on behind the period reported on."""
        return self._until is not None and (time.period_end or date.min) > self._until

    def _is_of_plan(self, time: TimeMention, figure: Mention) -> bool:
        """Whether the time is that of an aim, and the figure behind it: 完成全年目标8家的[一半]."""
        if self._clean[time.start : time.end] != "全年":
            return False
        if not self._clean.endswith(words.phrases("of_plan", "before"), 0, time.start):
            return False
        between = self._clean[time.end : min(figure.start, time.end + _AIM)]
        if figure.kind == "ratio" and between[-1:] in _AIM_ENDS:
            return True  # 完成全年目标45.5%
        return any(map(str.isdigit, between))

    def _is_past(self, time: TimeMention) -> bool:
        """Whether a state is as of a day before what is reported on: 截至去年底."""
        here = self._document.facts.period
        begin = here.start if here else None
        return bool(time.kind == "asof" and begin and time.period_end and time.period_end < begin)

    def _touches(self, time: TimeMention, figure: Mention) -> bool:
        """Whether the figure is that of the time compared with: 由去年的720元."""
        if figure.unit in ("倍", "%", "‰") and self._clean[time.start - 1] in "为是于达到至":
            return False
        if self._clean.startswith("翻", figure.start) or figure.unit == "百分点":
            return False  # 比2020年翻一番, 高于一季度1.5个百分点
        gap = self._clean[time.end : min(figure.lead, time.end + _BASE_NAME)]
        if len(gap) < 8 and _GLUE.fullmatch(gap):
            return True
        if figure.unit in ("倍", "%", "‰", "百分点") or time.end + _BASE_NAME <= figure.lead:
            return False
        # 比2010年财税收入170万元增长3倍
        grown = _cue("grown_from").match(self._clean, figure.end)
        return grown is not None and _NAMED.fullmatch(gap) is not None

    def _behind(self, figure: Mention, front: Sequence[TimeMention]) -> TimeMention | None:
        """A time behind the figure in its clause: 其余3个12月10日前销号."""
        k = bisect_right(self._starts, figure.end - 1)
        time = self._times[k] if k < len(self._times) else None
        if time is None or time.kind not in ("span", "asof"):
            return None
        if self._is_event(time):
            return None
        if time.start - figure.end > 24 or _between(self._marks, figure.end, time.start):
            return None
        if not front and not self._carried:
            return time
        if time.kind != "asof" or self._clean[time.end - 1] not in "前底末":
            return None
        if front and not _between(self._marks, front[-1].end, figure.start):
            return None
        return time

    def _before(self, time: TimeMention, figure: Mention) -> Assigned | None:
        """The figure that a change begins from: 五年来，发生率从34.6%下降为零."""
        clean = self._clean
        if not clean.endswith(("由", "从"), 0, figure.lead):
            return None
        if not _changes().match(clean, figure.end):
            return None
        until = _document_period(self._document.facts)
        if until[1] and time.period_end and time.period_end > until[1]:
            return until
        start = time.period_start
        if start and time.period_end and (time.period_end - start).days > _A_YEAR:
            return None, start - timedelta(days=1), False
        return None

    def _since(self, time: TimeMention) -> Assigned | None:
        """A time that an event began at, up to the report: 5月份开张以来，营业额18万元."""
        until = _document_period(self._document.facts)[1]
        if time.kind != "span" or until is None or not _BEGAN.match(self._clean, time.end):
            return None
        if time.period_start is None or time.period_start > until:
            return None
        return time.period_start, until, False

    def _to_date(self, time: TimeMention, figure: Mention, default: Assigned) -> Assigned | None:
        """今年 in what was done is the year up to the report: 今年新添停车位480个."""
        of_document = self._document.facts.period
        until = of_document.end if of_document else self._document.facts.date
        if (
            until is None
            or time.period_start is None
            or time.period_end is None
            or not time.period_start <= until < time.period_end
            or self._clean[time.start : time.end] not in _SO_FAR
            or _between(self._plans, time.start - _PLANNED_BEFORE, figure.start)
            or (default[1] is not None and default[1] > until)
        ):
            return None
        return time.period_start, until, False


_OPENING = 6  # characters of a sentence within which a time heads all of it
_AIM_ENDS = frozenset("划标务算数资为是（")
_AIM = 16  # characters behind 完成全年 in which the aim stands
_BACK = 8  # times that a figure looks back at
_BASE_NAME = 20  # characters in which a time compared with says what it had
_NAMED = re.compile(r"[^，。；：、\d]*")
_ASIDE = re.compile("“[^“”]{0,60}”|《[^《》]{0,60}》|〔[^〔〕]{0,20}〕")
_OPENED = re.compile("[（(]")
_CLOSED = re.compile("[）)]")
_CLAUSE_MARK = re.compile("[，,；;：:。！？!?\n]")


def _own(time: TimeMention) -> Assigned:
    return time.period_start, time.period_end, False


def _between(positions: Sequence[int], start: int, end: int) -> bool:
    """Whether one of the sorted positions lies in `[start, end)`."""
    k = bisect_left(positions, start)
    return k < len(positions) and positions[k] < end


def _inside(spans: Sequence[tuple[int, int]], position: int) -> bool:
    k = bisect_right(spans, (position, position)) - 1
    return k >= 0 and position < spans[k][1]


_GLUE = re.compile(r"(?:的|时的|时|仅有?|只有|为|有|不足|近|约|达|全[国省市县区州镇乡])*")
_A_YEAR = 366
_PLANNED_BEFORE = 3  # characters in front of a time that a word of planning may stand: 预计年内
_BEGAN = re.compile(r"[^，。；、\d]{2,10}以来[，,]")
_LISTED = frozenset(("、", "和", "及", "与"))
_SO_FAR = frozenset(("今年", "本年", "本年度", "今年度", "年内", "当年"))


@cache
def _apportioned() -> re.Pattern[str]:
    words = "|".join(lexicon.toml("cues/names.toml")["apportions"]["words"])
    return re.compile(rf"[^，；。：、]{{0,12}}?(?:{words})")


@cache
def _cue(name: str) -> re.Pattern[str]:
    return re.compile(lexicon.toml("cues/periods.toml")[name]["pattern"])


@cache
def _turns() -> re.Pattern[str]:
    return re.compile("|".join(words.phrases("turns")))


@cache
def _founded() -> tuple[str, ...]:
    return tuple(f"{event}于" for event in words.phrases("founded"))


@cache
def _happened() -> re.Pattern[str]:
    events = "|".join(words.phrases("happened"))
    return re.compile(rf"(?:正式|全面|顺利)?(?:{events})[，,；;。、）]")


@cache
def _changes() -> re.Pattern[str]:
    return re.compile(lexicon.toml("cues/status.toml")["begun"]["changes"])


@cache
def _planned() -> re.Pattern[str]:
    words = lexicon.toml("cues/periods.toml")["planned"]["words"]
    return re.compile("|".join(map(re.escape, words)))


@cache
def _states() -> re.Pattern[str]:
    words = lexicon.toml("cues/periods.toml")["state"]["words"]
    return re.compile("|".join(map(re.escape, words)))
