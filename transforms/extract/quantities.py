"""Finds every figure of a clean text, and says of each other numeral why it is none.

A figure is a numeral with its unit, or one that a rank, a ratio or a magnitude makes a quantity
(全市排名8, 5：1, 产值2.48亿). What a reader would not put into a table — dates, ordinals, names,
slogans, articles — goes out as `Unclaimed` with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from operator import attrgetter, itemgetter
from string import ascii_letters
from typing import NamedTuple, TypeAlias

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from schemas.mention import Mention, Qualifier, Reason, Unclaimed
from transforms import lexicon, numerals

LONGEST = 40  # characters of a numeral that may be a figure
Spans = Sequence[tuple[int, int]]


def find(clean: str, times: Spans, furniture: Spans = ()) -> tuple[list[Mention], list[Unclaimed]]:
    """The quantities of `clean` and its other numerals with their reasons, both in text order.

    `times` are the spans of time expressions, `furniture` those of page furniture (breadcrumbs,
    counters); numerals inside are unclaimed. Offsets are indices into `clean`, half open.
    """
    text = _Text(clean, times, furniture)
    if any(word in clean for word in _FIRSTS):
        text.mentions += map(_first_place, _FIRST_PLACE.finditer(clean))
    text.read()
    text.mentions.sort(key=attrgetter("start"))
    return text.mentions, text.unclaimed


@dataclass(frozen=True, slots=True)
class Unit:
    """A row of `seeds/units.csv`: canonical name, kind, and which bare Chinese digits it allows."""

    name: str
    kind: str
    bare: str  # yes: any digit (一个百分点) · not_one: 一 is an article · no: none


_DAMAGED = re.compile("\ufffd(?P<rest>[\\d.,]+)")


class _Text:
    """One text on its way: the spans nothing may be found in, and what was found."""

    __slots__ = ("_masks", "clean", "mentions", "unclaimed")

    def __init__(self, clean: str, times: Spans, furniture: Spans) -> None:
        self.clean = clean
        self.mentions: list[Mention] = []
        self.unclaimed: list[Unclaimed] = []
        masks = [(start, end, Reason.DATE) for start, end in times]
        masks += [(start, end, Reason.FURNITURE) for start, end in furniture]
        masks += [
            (start, end, _NAME_REASONS[i])
            for i, start, end in _NAMES.find_matches_as_indexes(clean)
        ]
        if "\ufffd" in clean:  # a digit in front may be lost with the rest
            masks += [(*m.span("rest"), Reason.UNKNOWN) for m in _DAMAGED.finditer(clean)]
        masks.sort(key=itemgetter(0))
        self._masks = masks

    def read(self) -> None:
        """Decide about every numeral, side by side with the masks."""
        clean, masks = self.clean, self._masks
        starts = [start for start, _, _ in masks]
        starts.append(len(clean) + 1)
        reach = list(accumulate((end for _, end, _ in masks), max, initial=0))
        passed = position = 0  # so many masks begin at or before the numeral
        while (numeral := _START.search(clean, position)) is not None:
            start = numeral.start()
            while starts[passed] <= start:
                passed += 1
            if reach[passed] <= start:
                if numeral.lastgroup == "letter_":
                    position = self._one_letter(start)
                elif numeral.lastgroup == "digits_":
                    position = self._digits(start, numeral.end())
                else:
                    position = self._figure(start)
                continue
            last = passed - 1
            while masks[last][1] <= start:
                last -= 1
            position = self._reject(start, masks[last][1], masks[last][2])

    def _figure(self, start: int) -> int:
        """Decide about the numeral at `start`; the position to go on from, which lies behind."""
        clean = self.clean
        match = _FIGURE.match(clean, start)
        if match is None:
            return start + 1
        kind = match.lastgroup
        if kind == "arabic_":
            number = match.end("arabic" if match["to"] is None else "to")
            name = _arabic_name(clean, start, number)
        else:
            name = _NAMED_CHINESE(clean, start)
        if name is not None:
            return self._reject(start, name.end(), _NAME_PATTERNS.reasons[name.lastgroup or ""])
        if kind == "arabic_":
            if match.end() - start > LONGEST:
                return self._reject(start, match.end(), Reason.UNKNOWN)
            return self._arabic(start, match.end(), *_arabic_value(clean, match))
        if kind == "chinese_":
            return self._chinese(start, match.end("chinese"), match.end())
        return self._share_words(match)

    def _digits(self, start: int, end: int) -> int:
        """Arabic digits with a point at most: 8, 77.1."""
        name = _arabic_name(self.clean, start, end)
        if name is not None:
            return self._reject(start, name.end(), _NAME_PATTERNS.reasons[name.lastgroup or ""])
        if end - start > LONGEST:
            return self._reject(start, end, Reason.UNKNOWN)
        value = float(self.clean[start:end])
        return self._arabic(start, end, end, value, value, None)

    def _one_letter(self, start: int) -> int:
        """A Chinese numeral of one character."""
        clean, end = self.clean, start + 1
        name = _NAMED_CHINESE(clean, start)
        if name is not None:
            return self._reject(start, name.end(), _NAME_PATTERNS.reasons[name.lastgroup or ""])
        if clean[start - 1 : start] == "第" and clean[start] != "零":
            return self._chinese_ordinal(start, end)
        if clean[end : end + 1] not in _COUNTS_WITH:
            return self._zero(start, end) if clean[start] == "零" else end
        return self._one(start) if clean[start] == "一" else self._chinese(start, end, end)

    def _reject(self, start: int, end: int, reason: Reason) -> int:
        self.unclaimed.append(Unclaimed(start, end, reason))
        return end

    def _emit(
        self, start: int, end: int, unit: int, low: float, high: float,
        name: str, kind: str, inner: Qualifier | None, rule: str,
    ) -> int:  # fmt: skip
        """Add the figure with the qualifiers around it; the end of the figure."""
        clean = self.clean
        lead, before, tail = start, None, None
        if clean[start - 1 : start] in _LEAD_ENDS:
            lead, before = _lead(clean, start)
        if clean[end : end + 1] in _TAILS:
            tail, end = _tail(clean, end)
        if low != high:
            qualifier = Qualifier.RANGE
        elif before is not None and before in _BOUNDS:
            qualifier = before
        elif inner is Qualifier.OVER:
            qualifier = inner
        else:
            qualifier = tail or before or inner or _far(clean, start)
        self.mentions.append(
            Mention(start, end, unit, lead, low, high, name, kind, qualifier, rule)
        )
        return end

    def _share_words(self, match: re.Match[str]) -> int:
        """百分之三点五, 万分之八, 三分之二, 一半: all shares in %."""
        read = numerals.parse_number(match.group())
        if read is None:
            return self._reject(match.start(), match.end(), Reason.UNKNOWN)
        scale = 1 if read.unit else 100
        low, high = (round(float(v * scale), 4) for v in (read.value, read.value_high))
        inner = None if read.qualifier in (Qualifier.EXACT, Qualifier.RANGE) else read.qualifier
        end = match.end()
        return self._emit(match.start(), end, end, low, high, "%", "ratio", inner, "share_words")

    def _arabic(
        self, start: int, stop: int, end: int, low: float, high: float, inner: Qualifier | None
    ) -> int:
        """An Arabic numeral printed on `[start, stop)`, of which `[start, end)` is its value."""
        clean, first, rule = self.clean, start, "figure"
        before = clean[start - 1] if start else "\n"
        if before in _MARKS:
            if before in _OPEN and _COUNTER.search(clean, max(0, start - 12), start):
                return self._reject(start, end, Reason.FURNITURE)
            if before == " " and start > 1:
                before = clean[start - 2]
            if minus := _NEGATIVE.search(clean, max(0, start - 3), start):
                start, low, high = minus.start(1), -high, -low
            elif before in _PLUS and (
                clean[start - 2 : start - 1] in _OPEN_CLAUSE
                or clean.endswith(_BEFORE_PLUS, 0, start - 1)
            ):
                start, rule = start - 1, "signed"
            elif sign := _CURRENCY_BEFORE.search(clean, max(0, start - 5), start):
                return self._currency(sign, start, end, low, high, inner)
        found = _unit(clean, end)
        if clean[end : end + 1] in _JOINS:
            found = self._listed_unit(start, end) or found
        if found is None:
            return self._arabic_bare(first, stop, end, low, high, inner)
        unit, unit_start, unit_end = found
        if before == "第" or (unit.name == "人" and _rank_number(clean, start)):
            return self._ordinal(start, unit_end if clean[unit_start] in "位名" else end, low)
        if unit.name == "人" and clean[unit_start] == "位" and _moved(clean, start):
            return self._emit(
                start, unit_end, unit_start, low, high, "位", "rank", inner, "rank_move"
            )
        if low == high and clean[unit_end : unit_end + 1] in _SEPARATORS:
            second = _second_end(clean, unit_end, unit, low)
            unit_start, unit_end, high = second or (unit_start, unit_end, high)
        return self._with_unit(start, unit_start, unit_end, low, high, unit, inner, rule)

    def _currency(
        self, sign: re.Match[str], start: int, end: int, low: float, high: float,
        inner: Qualifier | None,
    ) -> int:  # fmt: skip
        """¥1200, HK$500, 人民币300万元: the sign gives the unit where none is printed."""
        found = _unit(self.clean, end)
        unit, unit_start, unit_end = _CURRENCY[sign.group(1)], end, end
        if found is not None and found[0].kind == "money":
            _, unit_start, unit_end = found
            unit = unit if found[0].name == "元" else found[0].name
        first = sign.start() if sign.group(1) in _SIGNS else start
        return self._emit(first, unit_end, unit_start, low, high, unit, "money", inner, "currency")

    def _listed_unit(self, start: int, end: int) -> tuple[Unit, int, int] | None:
        """The unit printed once behind a list: 分别提高11.2和38个百分点."""
        clean = self.clean
        match = _LISTED.match(clean, end)
        if match is None or not (
            "." in clean[start:end] or _APPORTIONED.search(clean, max(0, start - 40), start)
        ):
            return None
        found = _unit(clean, match.end() - (clean[match.end() - 1] == "个"))
        if found is None or (clean[end] == "个" and found[0].kind != "points"):
            return None
        return found[0], end, end + (clean[end] == "个")

    def _with_unit(
        self, start: int, unit_start: int, unit_end: int, low: float, high: float,
        unit: Unit, inner: Qualifier | None, rule: str,
    ) -> int:  # fmt: skip
        clean = self.clean
        if unit.name in ("成", "番"):
            if unit.name == "成":
                return self._tenths(start, unit_start, unit_end, low, high, inner)
            return self._doubling(start, unit_start, unit_end, low)
        if clean.startswith(("个多", "个半"), unit_start):
            if clean[unit_start + 1] == "多":
                inner = Qualifier.OVER
            else:
                low, high = low + 0.5, high + 0.5  # 四个半月
        if unit.kind in _COUNTED and _in_title(clean, start, unit_end, low):
            return self._reject(start, unit_end, Reason.SLOGAN)
        if clean[unit_end : unit_end + 1] in _BOUND_STARTS and (
            (unit.kind in _SIZES and _SIZE_NAME.match(clean, unit_end))
            or (unit.kind != "ratio" and _OF_SIZE.match(clean, unit_end))
            or _BOUND_SIZED.match(clean, unit_end)
        ):
            return self._reject(start, unit_end, Reason.NAME)
        if (
            unit.kind in _SIZES
            and (low != high or clean.endswith(_ABOVE, 0, start))
            and (_SIZED if low == high else _BANDED).match(clean, unit_end)
        ):
            return self._reject(start, unit_end, Reason.NAME)
        if unit.kind == "age" and not _AGE.search(clean, max(0, start - 18), start):
            return self._reject(start, unit_end, Reason.NAME)
        name = unit.name
        if unit.kind == "mass" and _PER_MU.search(clean, max(0, start - 14), start):
            name += "/亩"
        return self._emit(start, unit_end, unit_start, low, high, name, unit.kind, inner, rule)

    def _tenths(
        self,
        start: int,
        unit_start: int,
        end: int,
        low: float,
        high: float,
        inner: Qualifier | None,
    ) -> int:
        """三成 is 30 %, 九成二 92 %."""
        more = _TENTHS_REST.match(self.clean, end)
        rest = 0.0
        if more is not None:
            end = more.end()
            if more.group() in ("多", "余"):
                inner = Qualifier.OVER
            else:
                rest = 5.0 if more.group() == "半" else float(numerals.DIGITS[more.group()])
        low, high = low * 10 + rest, high * 10 + rest
        return self._emit(start, end, unit_start, low, high, "%", "ratio", inner, "tenths")

    def _doubling(self, start: int, unit_start: int, end: int, times: float) -> int:
        """翻一番 is growth of 100 %, 翻两番 of 300 %."""
        front = _TURN.search(self.clean, max(0, start - 3), start)
        if front is None or times > 20:
            return self._reject(start, end, Reason.SLOGAN)
        value = (2.0**times - 1) * 100
        return self._emit(
            front.start(), end, unit_start, value, value, "%", "ratio", None, "doubling"
        )

    def _ordinal(self, start: int, end: int, value: float) -> int:
        """第4, 第四位, 排名8: a place in a ranking where the clause is about one, else a name."""
        clean = self.clean
        first = start - 1 if start and clean[start - 1] == "第" else start
        if _AFTER_RANK.match(clean, end) and _RANK_BEFORE.search(clean, max(0, first - 26), first):
            unit = end - 1 if clean[end - 1] in "位名" else end
            return self._emit(first, end, unit, value, value, "位", "rank", None, "rank")
        return self._reject(start, end, Reason.ORDINAL)

    def _arabic_bare(
        self, start: int, stop: int, end: int, low: float, high: float, inner: Qualifier | None
    ) -> int:
        """An Arabic numeral with no unit: a rank, a ratio, an amount in 万 or 亿, or nothing."""
        clean = self.clean
        before = clean[start - 1] if start else "\n"
        if before == "第" or _rank_number(clean, start):
            return self._ordinal(start, end, low)
        ratio = _RATIO.match(clean, stop)
        if ratio and _in_ratio(clean, start):
            if ratio.group(2):
                return self._reject(start, ratio.end(), Reason.UNKNOWN)
            end = ratio.end()
            return self._emit(start, end, end, low, low, "", "ratio", None, "ratio")
        fraction = _FRACTION.match(clean, stop)
        if (
            fraction
            and _OF.search(clean, max(0, start - 1), start)
            and low < float(fraction.group(1))
        ):
            value = round(100 * low / float(fraction.group(1)), 4)
            end = fraction.end()
            return self._emit(start, end, end, value, value, "%", "ratio", None, "fraction")
        if clean[end - 1] in "万亿余多" and (clean[end - 1] in "万亿" or clean[end - 2] in "万亿"):
            return self._emit(start, end, end, low, high, "", "", inner, "magnitude")
        if low == high == 0 and stop - start == 1:
            return self._zero(start, end)
        if _AFTER_NOUN.match(clean, end) and _MEASURED.search(clean, max(0, start - 8), start):
            return self._emit(start, end, end, low, high, "", "", inner, "bare")
        if (
            "." in clean[start:stop]
            and _UNITLESS_END.match(clean, end)
            and _UNITLESS.search(clean, max(0, start - 24), start)
        ):
            return self._emit(start, end, end, low, high, "", "", inner, "bare")
        return self._reject(start, end, _why_bare(clean, start, stop))

    def _chinese(self, start: int, stop: int, end: int) -> int:
        """A Chinese numeral of which `[start, stop)` are digits: 三百[多], 三[至五]."""
        clean = self.clean
        body = clean[start:stop]
        if start and clean[start - 1] == "第":
            return self._chinese_ordinal(start, stop)
        if body == "一":
            return self._one(start)
        if body == "零":
            return self._zero(start, end)
        if clean[end : end + 1] == "大" and len(body) == 1 and _BIG.match(clean, end):
            value = float(numerals.DIGITS.get(body, 10))
            return self._emit(start, end + 1, end, value, value, "个", "count", None, "big")
        found = _unit(clean, end, prefix_from=start + 1)
        if found is None and end - start == 1:
            return end
        read = _chinese_value(clean[start : found[1] if found else end].strip())
        if read is None:
            return stop
        low, high, inner = read
        if len(body) > 1 and low == high and set(body) <= numerals.DIGITS.keys():
            return self._reject(start, end, Reason.NAME)
        if found is None:
            if _rank_number(clean, start):
                return self._ordinal(start, end, low)
            if _LARGE.fullmatch(clean, start, end) and (end - start > 2 or inner):
                return self._emit(start, end, end, low, high, "", "", inner, "magnitude")
            why = _why_bare(clean, start, end)
            if why is Reason.UNKNOWN and "\u4e00" <= clean[end : end + 1] <= "\u9fff":
                why = Reason.NAME
            return self._reject(start, end, why)
        unit, unit_start, unit_end = found
        if clean[unit_start] in "位名" and _rank_number(clean, start):
            return self._ordinal(start, unit_end, low)
        if clean[unit_start] == "位" and _moved(clean, start):
            return self._emit(
                start, unit_end, unit_start, low, high, "位", "rank", inner, "rank_move"
            )
        power = body[0] in _POWERS
        if (
            power
            and _ROUND.fullmatch(body)
            and (some := _SOME.search(clean, max(0, start - 2), start))
        ):
            start, inner = some.start(), Qualifier.OVER
        elif power and _BARE.fullmatch(body) and not inner and not self._bare_counts(start):
            return self._reject(start, unit_end, Reason.NAME)
        elif end - start == 1:
            reason = self._digit_reason(start, unit, unit_start, unit_end)
            if reason is not None:
                return self._reject(start, unit_end, reason)
        elif unit.name in ("年", "届", "期", "分", "级") or _CATCHWORD.match(clean, unit_start):
            return self._reject(start, unit_end, Reason.DATE if unit.name == "年" else Reason.NAME)
        return self._with_unit(start, unit_start, unit_end, low, high, unit, inner, "figure")

    def _zero(self, start: int, end: int) -> int:
        """A zero without a unit: 逾期率为零, 由24.6%降为0, 高新技术企业仍为零."""
        clean = self.clean
        if _AFTER_NOUN.match(clean, end):
            before = clean[max(0, start - 10) : start]
            if _RATE_IS.search(before):
                return self._emit(start, end, end, 0.0, 0.0, "%", "ratio", None, "zero")
            last = self.mentions[-1] if self.mentions else None
            if last is not None and _FALLEN_TO.fullmatch(clean, last.end, start):
                return self._emit(start, end, end, 0.0, 0.0, last.unit, last.kind, None, "zero")
            if _IS_NONE.search(before):
                return self._emit(start, end, end, 0.0, 0.0, "", "", None, "zero")
        return (
            end if clean[start] == "零" else self._reject(start, end, _why_bare(clean, start, end))
        )

    def _bare_counts(self, start: int) -> bool:
        """Whether a bare 百, 千, 万 is a figure: 近百条, 突破百亿斤; not 百亿斤产能基地."""
        clean = self.clean
        return (
            _lead(clean, start)[1] is not None
            or _BARE_BEFORE.search(clean, max(0, start - 3), start) is not None
        )

    def _digit_reason(
        self, start: int, unit: Unit, unit_start: int, unit_end: int
    ) -> Reason | None:
        """Why a single Chinese digit with a unit is no figure; None if it is one."""
        clean = self.clean
        if unit.bare == "yes":
            return None
        if unit.bare == "no":
            return Reason.DATE if unit.kind == "duration" else Reason.NAME
        if _CATCHWORD.match(clean, unit_start) or _QUOTED.search(clean, max(0, start - 1), start):
            return Reason.SLOGAN
        if clean[unit_end : unit_end + 1] in ("“", "‘") or _counts_on(clean, unit_end):
            return Reason.SLOGAN
        return None

    def _one(self, start: int) -> int:
        """一 with a unit: an article, a zero (未发生一起), or one of several (其中一栋)."""
        clean = self.clean
        found = _unit(clean, start + 1)
        if found is None:
            return start + 1
        unit, unit_start, unit_end = found
        if unit.bare == "yes" or unit.name in ("%", "番"):
            return self._with_unit(start, unit_start, unit_end, 1.0, 1.0, unit, None, "figure")
        before = clean[max(0, start - 5) : start]
        if self._in_list(start, unit):
            return self._with_unit(start, unit_start, unit_end, 1.0, 1.0, unit, None, "one")
        if unit.bare == "not_one" and not _CATCHWORD.match(clean, unit_start):
            if before.endswith(_NONE) and (unit.name != "个" or before.endswith(_EVENT)):
                return self._emit(
                    start, unit_end, unit_start, 0.0, 0.0, unit.name, unit.kind, None, "none"
                )
            if before.endswith(_ONE) or (
                _AFTER_NOUN.match(clean, unit_end)
                and (
                    _NOUN_BEFORE.search(before) is not None
                    or _EVERY.search(clean, max(0, start - 16), start) is not None
                )
            ):
                return self._with_unit(start, unit_start, unit_end, 1.0, 1.0, unit, None, "one")
        return self._reject(start, unit_end, Reason.ARTICLE)

    def _in_list(self, start: int, unit: Unit) -> bool:
        """Whether 一 goes on a list of counts: 二十一个行政村、[一]个居委会."""
        if not self.mentions or self.clean[start - 1 : start] not in _AND:
            return False
        last = self.mentions[-1]
        if last.unit != unit.name or start - last.end > _LISTED_WITHIN:
            return False
        between = self.clean[last.end : start]
        return _CLAUSE_END.search(between) is None

    def _chinese_ordinal(self, start: int, end: int) -> int:
        clean = self.clean
        read = _chinese_value(clean[start:end])
        if read is None:
            return self._reject(start, end, Reason.ORDINAL)
        after = clean[end : end + 1]
        return self._ordinal(start, end + 1 if after in ("位", "名") else end, read[0])


def _counts_on(clean: str, at: int) -> bool:
    """Whether a count goes on like a slogan: 三区三州, 四个一百; not 六大类二十项, 三户五人."""
    digits = _DIGITS.match(clean, at)
    if digits is None:
        return False
    unit = _form(clean, digits.end())[1]
    return unit is None or (unit.bare == "no" and len(digits.group()) == 1)


def _first_place(match: re.Match[str]) -> Mention:
    """居全省首位 is rank 1."""
    start, end = match.start(1), match.end(1)
    return Mention(start, end, end - 1, start, 1.0, 1.0, "位", "rank", Qualifier.EXACT, "rank")


def _arabic_name(clean: str, start: int, number: int) -> re.Match[str] | None:
    """The name (3A景区, 24小时值班) that begins at an Arabic numeral, if one does."""
    if clean[number : number + 1] in _COLONS and _in_ratio(clean, start):
        return None
    name = None
    if _NAME_PATTERNS.some.match(clean, number) is not None:
        name = _NAME_PATTERNS.behind.match(clean, number)
    if name is None and (clean[start - 1] if start else "\n") in _NAME_PATTERNS.before:
        name = _NAME_PATTERNS.after.match(clean, start)
    if name is None and clean[start] in "01249" and number - start != 2:
        name = _NAME_PATTERNS.digit.match(clean, start)
    return name


def _arabic_value(clean: str, match: re.Match[str]) -> tuple[int, float, float, Qualifier | None]:
    """Where the numeral ends, its low and high value and the qualifier inside."""
    end = match.end()
    number, more, power, mixed, more2, power2, to, to_power = match.group(*_PARTS)
    if power2 is not None:
        power = (power or "") + power2  # 1千余万
    elif power is not None and (back := _prefix_unit(clean, end)):
        end -= back
        power = power[:-back]
    inner = Qualifier.OVER if more or more2 else None
    if mixed:
        read = numerals.approximate(_GROUPING.sub("", match.group()))
        if read is not None:
            return match.end(), float(read[0]), float(read[1]), inner
    low = high = _scaled(number, power)
    if to is not None:
        high_power = to_power
        if high_power is not None and power is None and (back := _prefix_unit(clean, end)):
            end -= back
            high_power = high_power[:-back]
        high = _scaled(to, high_power)
        if high_power and not power and low < _scaled(to, None):
            low = _scaled(number, high_power)
        if low > high:
            return match.end("arabic"), low, low, inner
    return end, low, high, inner


def _scaled(number: str, power: str | None) -> float:
    """`number` times its magnitudes, rounded once: 8.64 and 亿 → 864000000.0."""
    if not number.isdigit():
        number = _GROUPING.sub("", number)
    if not power:
        return float(number)
    return float(f"{number}e{sum(map(numerals.MAGNITUDES.__getitem__, power))}")


def _prefix_unit(clean: str, end: int) -> int:
    """1 when the magnitude that ends at `end` belongs to the unit (5万千瓦, 3兆帕), else 0."""
    if clean[end - 1] in _PREFIXES:
        form, unit = _form(clean, end - 1)
        return 0 if unit is None or len(form) < 2 else 1
    return 0


@lru_cache(maxsize=8192)
def _chinese_value(body: str) -> tuple[float, float, Qualifier | None] | None:
    """Low and high value of a Chinese numeral and the qualifier inside: 一百三十余, 三至五."""
    read = numerals.parse_number(body)
    if read is None and _ROUND.fullmatch(body):
        read = numerals.parse_number("一" + body)
    if read is None or read.unit:
        return None
    inner = None if read.qualifier in (Qualifier.EXACT, Qualifier.RANGE) else read.qualifier
    return float(read.value), float(read.value_high), inner


def _unit(clean: str, end: int, prefix_from: int = -1) -> tuple[Unit, int, int] | None:
    """The unit right behind a numeral and its span; the longest form that stands there."""
    if clean[end : end + 1] in (" ", "\u3000"):
        end += 1
    if prefix_from >= 0 and end > prefix_from and _prefix_unit(clean, end):
        end -= 1
    form, unit = _form(clean, end)
    if unit is None:
        return None
    after = end + len(form)
    if clean[after : after + 1] in _GOES_ON:
        if clean[after] in "/／":
            return _compound(clean, end, after, unit)
        return _bracketed(clean, end, after, unit)
    return unit, end, after


def _form(clean: str, at: int) -> tuple[str, Unit | None]:
    """The longest printed form of a unit that stands at `at` and is no part of another word."""
    two = clean[at : at + 2]
    told = _form_of_two(two)
    if told is not None:
        return told
    for form, unit, not_before in _UNITS.get(two) or _UNITS[two[:1]]:
        if clean.startswith(form, at) and not clean.startswith(not_before, at + len(form)):
            return form, unit
    return "", None


@lru_cache(maxsize=65536)
def _form_of_two(letters: str) -> tuple[str, Unit | None] | None:
    """The unit that two letters begin with, as most do; None where it takes more to tell."""
    forms = _UNITS.get(letters) or _UNITS.get(letters[:1])
    if forms is None:
        return "", None
    form, unit, not_before = forms[0]
    if len(form) > 1 or any(word.startswith(letters[1:]) for word in not_before):
        return None
    return form, unit


def _compound(clean: str, start: int, end: int, unit: Unit) -> tuple[Unit, int, int]:
    """元/亩 and the like, where the table has no row of its own."""
    form, below = _form(clean, end + 1)
    if below is None:
        return unit, start, end
    return Unit(f"{unit.name}/{below.name}", "compound", "no"), start, end + 1 + len(form)


def _bracketed(clean: str, start: int, end: int, unit: Unit) -> tuple[Unit, int, int]:
    """头（只）, 台（套）, 场（次）: as printed."""
    match = _BRACKET.match(clean, end)
    if match is None or unit.kind not in _COUNTED or match.group(1) not in _BRACKETED:
        return unit, start, end
    return Unit(f"{unit.name}（{match.group(1)}）", unit.kind, unit.bare), start, match.end()


def _second_end(clean: str, end: int, unit: Unit, low: float) -> tuple[int, int, float] | None:
    """The second end of a range with the unit printed twice: 30%—40%, 5万元至8万元."""
    match = _TO.match(clean, end)
    if match is None:
        return None
    found = _unit(clean, match.end())
    if found is None or found[0].name != unit.name:
        return None
    high = _scaled(match["number"], match["power"])
    return (found[1], found[2], high) if high > low else None


def _in_title(clean: str, start: int, end: int, value: float) -> bool:
    """Whether a figure stands in a short quotation (“1个中心、3大板块”) or in a title (《…》)."""
    back = max(0, start - 40)
    title = clean.rfind("《", back, start)
    if title >= 0 and clean.find("》", title, start) < 0:
        return True
    quote = clean.rfind("“", back, start)
    if quote < 0 or value > 20 or not value.is_integer():
        return False
    return _QUOTE.match(clean, quote, end + 40) is not None and clean.find("”", quote, end) < 0


def _lead(clean: str, start: int) -> tuple[int, Qualifier | None]:
    """Where a qualifier in front of the figure begins, and which it is."""
    end = start
    if start and clean[start - 1] == " ":
        end -= 1
    for word, qualifier in _LEADS.get(clean[end - 1 : end], ()):
        if clean.endswith(word, 0, end):
            if word[0] == "均" and clean[end - len(word) - 1 : end - len(word)] in _MEANS:
                continue
            if len(word) == 1 and clean[max(0, end - 2) : end] in _NOT_LEADS:
                break
            return end - len(word), qualifier
    return start, None


def _far(clean: str, start: int) -> Qualifier:
    """A qualifier parted from the figure by a few words: 至少配备1名, 接近其纯收入的一半."""
    back = start - 9 if start > 9 else 0
    if clean[start - 1 : start] == "的" or clean.find("至少", back, start) >= 0:
        match = _PARTED.search(clean, back, start)
        if match is not None:
            return Qualifier.AT_LEAST if match.group(1) else _LEADS_WHOLE[match.group(2)]
    return Qualifier.EXACT


def _tail(clean: str, end: int) -> tuple[Qualifier | None, int]:
    """The qualifier right behind the figure and where it ends."""
    for word, qualifier in _TAILS.get(clean[end : end + 1], ()):
        if clean.startswith(word, end):
            after = end + len(word)
            if len(word) > 1 or _AFTER_NOUN.match(clean, after):
                return qualifier, after
    return None, end


def _rank_number(clean: str, start: int) -> bool:
    """Whether a bare numeral at `start` is a place: 全市排名8, 位列全省第二."""
    return clean[max(0, start - 1) : start] in _RANK_ENDS and clean[
        max(0, start - 3) : start
    ].endswith(_RANK_DIRECT)


def _moved(clean: str, start: int) -> bool:
    """Whether the places before a figure are moved by: 前移三位."""
    return clean[max(0, start - 4) : start].endswith(_MOVES)


def _in_ratio(clean: str, start: int) -> bool:
    """Whether the clause before `start` speaks of a ratio (收入比由2.6：1缩小到2.5：1)."""
    return _RATIO_BEFORE.search(clean, max(0, start - 30), start) is not None


def _why_bare(clean: str, start: int, end: int) -> Reason:
    """The reason of a numeral with neither unit nor rank."""
    before = clean[start - 1] if start else "\n"
    after = clean[end : end + 1]
    if before in "\n\u3000（(" and after in ".、．)）":
        return Reason.HEADING
    if before in "〔[【﹝件表图-/_" or after in "〕]】﹞号-/_":
        return Reason.ORDINAL
    if (before.isascii() and before.isalnum()) or (after.isascii() and after.isalpha()):
        return Reason.NAME
    if before in "+＋“" or after in "+＋”":
        return Reason.NAME
    if _COUNTER.search(clean, max(0, start - 12), start):
        return Reason.FURNITURE
    return Reason.UNKNOWN


_Form: TypeAlias = tuple[str, Unit, tuple[str, ...]]  # what makes another word of it behind


def _units() -> dict[str, tuple[_Form, ...]]:
    """The first two characters → the forms of units that may stand there, longest first.

    One character → its form alone, for what no two begin. What makes another word of a form
    stands with it: 成立, 方面, 星级.
    """
    table: dict[str, list[_Form]] = {}
    for row in lexicon.rows("units.csv"):
        unit = Unit(row["unit"], row["kind"], row["bare"])
        for form in row["forms"].split("|"):
            listed = form, unit, tuple(_CUES["not_before"].get(form, "").split())
            if len(form) == 1:
                table[form] = [listed]
            else:
                table.setdefault(form[:2], []).append(listed)
    for letters, forms in table.items():
        if len(letters) > 1:
            forms += table.get(letters[0], ())
            forms.sort(key=_length, reverse=True)
    return {letters: tuple(forms) for letters, forms in table.items()}


def _length(entry: tuple[str, *tuple[object, ...]]) -> int:
    return len(entry[0])


def _indexed(
    words: Mapping[str, Iterable[str]], at: int
) -> dict[str, tuple[tuple[str, Qualifier], ...]]:
    """First (`at` 0) or last (`at` -1) character → words with their qualifier, longest first."""
    table: dict[str, list[tuple[str, Qualifier]]] = {}
    for name, listed in words.items():
        for word in listed:
            table.setdefault(word[at], []).append((word, Qualifier(name)))
    return {c: tuple(sorted(forms, key=_length, reverse=True)) for c, forms in table.items()}


def _names() -> tuple[list[str], list[Reason]]:
    """Idioms, slogans and names that contain a numeral, each with its reason."""
    words: dict[str, Reason] = {}
    for reason, text in _NAME_TABLES["words"].items():
        for word in text.split():
            words[word] = Reason(reason)
    return list(words), list(words.values())


class _Patterns(NamedTuple):
    """The name patterns of the seeds: what stands around a numeral that is part of a name."""

    reasons: dict[str, Reason]  # group → reason
    some: re.Pattern[str]  # `behind` without groups: without them the engine fails sooner
    behind: re.Pattern[str]  # tried where an Arabic numeral ends
    digit: re.Pattern[str]
    chinese: re.Pattern[str]
    after: re.Pattern[str]  # Arabic, tried where one of `before` stands in front
    before: frozenset[str]


def _patterns() -> _Patterns:
    reasons: dict[str, Reason] = {}
    names = ("some", "behind", "digit", "chinese", "before")
    parts: dict[str, list[str]] = {name: [] for name in names}
    before = ""
    for i, row in enumerate(_NAME_TABLES["pattern"]):
        key = next(key for key in ("behind", "digit", "chinese") if key in row)
        reasons[f"p{i}"] = Reason(row["reason"])
        before += row.get("before", "")
        parts["before" if "before" in row else key].append(f"(?P<p{i}>{row[key]})")
        if key == "behind":
            parts["some"].append(row[key])
    letters = ascii_letters if "A-Z" in before else ""
    some, behind, digit, chinese, after = (
        re.compile("|".join(forms), re.ASCII) for forms in parts.values()
    )
    return _Patterns(reasons, some, behind, digit, chinese, after, frozenset(before + letters))


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def _catchwords() -> str:
    """One pattern of all `unit + catchword` pairs."""
    pairs = [
        f"(?:{units})(?:{_any(words.split())})"
        for units, words in _NAME_TABLES["catchwords"].items()
    ]
    pairs += [
        f"(?:{units})(?:{_any(words.split())})(?![\\u4e00-\\u9fff](?<![的和与上下中等]))"
        for units, words in _NAME_TABLES["closed_catchwords"].items()
    ]
    return "|".join(pairs)


_CUES = lexicon.toml("cues/quantities.toml")
_NAME_TABLES = lexicon.toml("names_with_numerals.toml")
_UNITS = _units()
_LEADS = _indexed(_CUES["leads"], -1)
_TAILS = _indexed(_CUES["tails"], 0)
_LEAD_ENDS = frozenset(_LEADS) | {" "}
_MEANS = frozenset(_CUES["not_leads"]["means"])
_NOT_LEADS = frozenset(_CUES["not_leads"]["words"])
_CURRENCY: dict[str, str] = _CUES["currency"]
_CURRENCY_BEFORE = re.compile(f"({_any(_CURRENCY)})\\s?$")
_SIGNS = frozenset(word for word in _CURRENCY if not "\u4e00" <= word[-1] <= "\u9fff")
_LEADS_WHOLE = {word: q for words in _LEADS.values() for word, q in words}
_BOUNDS = (Qualifier.AT_LEAST, Qualifier.AT_MOST)
_PREFIXES = frozenset("百千兆")
_SIZES = frozenset(["area", "money", "mass", "power", "volume", "length", "electric", "energy"])
_COUNTED = frozenset(["count", "occurrence", "household", "person", "area"])
_BRACKETED = frozenset(_CUES["bracketed"]["units"])
_NONE = tuple(_CUES["one"]["none"])
_ONE = tuple(_CUES["one"]["one"])
_EVENT = tuple(word for word in _NONE if len(word) > 2)
_MOVES = tuple(_CUES["rank"]["moves"])
_RANK_DIRECT = tuple(_CUES["rank"]["direct"])
_RANK_ENDS = frozenset(word[-1] for word in _RANK_DIRECT)
_CONTEXT = _CUES["context"]

_D = "零〇一二两三四五六七八九十百千万亿兆廿卅"
_AR = r"(?:\d{1,3}(?:(?:,\d{3})+|(?:[\ \u00a0\u2009]\d{3})+)(?!\d)|\d+)(?:\.\d+)?"
_GROUPING = re.compile(r"[,\s]")
_SEP = r"(?:——|[-—–~～〜－至到])"
_MORE_PARTS = "|".join(f"{more}(?!{_any(w.split())})" for more, w in _CUES["inside"].items())
_MORE = f"(?:{_MORE_PARTS})"
_SEPARATORS = frozenset("-—–~～〜－至到")
_BOUND_STARTS = frozenset("以及")
# 2个亿 is money, 301个[亿元以上]项目 and 5个[亿元]项目 are counts
_NOT_SIZE = r"(?!元?(?:以上|级|项目|产业|企业|工程|园区|集群|大户|村|镇))"
_FIGURE = re.compile(
    rf"""
      (?P<share_>(?:百万|十万|百|千|万)分之(?:{_AR}|[{_D}]+(?:点[{_D}]+)?)(?:{_SEP}(?:百分之)?[{_D}]+(?:点[{_D}]+)?)?
        | [{_D}]+分之[{_D}]+ | 一半(?!{_any(_CONTEXT["not_half"])}))
    | (?P<arabic_>(?P<arabic>{_AR})\ ?(?P<more>{_MORE})?
        (?:个(?=多?亿{_NOT_SIZE}))?(?P<power>[百千万亿兆]+)?
        (?P<mixed>(?:{_AR}[百千万亿]+)+(?:\d(?![\d.,%]))?
            | (?<=[千万亿])(?:\d,\d{{3}}|\d{{3,4}})(?![\d.,%年月]))?(?P<more2>{_MORE})?
        (?P<power2>(?<=[余多])[万亿]+)?
        (?:{_SEP}(?P<to>{_AR})(?:余|多)?(?P<to_power>[百千万亿兆]+)?)?)
    | (?P<chinese_>(?P<chinese>[{_D}]+(?:点[零〇一二三四五六七八九]+[百千万亿]*)?)
        {_MORE}?(?:个(?=多?亿))?[百千万亿]*{_MORE}?(?:[至到—-][{_D}]+)?)
    """,
    re.VERBOSE | re.ASCII,
)
_PARTS = ("arabic", "more", "power", "mixed", "more2", "power2", "to", "to_power")
# Where a numeral begins. Most are told here, sooner than by the whole pattern: digits that
# nothing goes on from (no grouping, magnitude, 余 or second end of a range), and a Chinese
# numeral of one letter, with nothing behind that makes more of it.
_START = re.compile(
    rf"""
      [\d{_D}](?:
        (?<=\d)\d*+(?:\.\d++)?+
          (?![,.\ \u00a0\u2009百千万亿兆{"".join(_CUES["inside"])}—\-–~～〜－至到]|个多?亿)
          (?P<digits_>)
        | (?<!\d)(?![{_D}点分半个至到—\-{"".join(_CUES["inside"])}])(?P<letter_>)
        | )
    """,
    re.VERBOSE | re.ASCII,
)
# what stands behind a numeral of one character that is more than a letter of a word
_COUNTS_WITH = frozenset(letters[0] for letters in _UNITS) | set("大下 \u3000")
_TO = re.compile(rf"{_SEP}(?P<number>{_AR})(?P<power>[百千万亿兆]+)?", re.ASCII)
_POWERS = frozenset("十百千万亿")
_BARE = re.compile(r"[百千万亿]+")
_SOME = re.compile(f"(?:{_any(_CONTEXT['some'])})$")
_ROUND = re.compile(r"[十百千万亿]+")
_LARGE = re.compile(
    rf"[{_D}点]+个?(?:余|多)?[万亿]+(?:余|多)?|[{_D}]+[千万亿][一二三四五六七八九](?<!千[一二三四五六七八九])"
)
_STOPS = r"，。；、,;）)”\s"
_FIRSTS = tuple(_CONTEXT["firsts"])
_FIRST_PLACE = re.compile(
    rf"(?:{_any(_CONTEXT['first_place'])})[^，。；,;\n]{{0,8}}?({_any(_FIRSTS)})(?=[{_STOPS}和并的]|$)"
)
_BARE_BEFORE = re.compile(f"(?:{_any(_CUES['bare']['before'])})$")
_RANK_BEFORE = re.compile(f"(?:{_any(_CUES['rank']['cues'])})[^，。；,;！？\\n]{{0,14}}$")
_AFTER_RANK = re.compile(rf"[{_STOPS}.（({_CONTEXT['after_rank']}]|$")
_RATIO = re.compile(
    r"\s?[:：比∶]\s?(\d++(?:\.\d++)?)((?:[:：∶]\d++(?:\.\d++)?){0,3}+)(?!\d)", re.ASCII
)
_RATIO_BEFORE = re.compile(rf"比(?!{_any(_CONTEXT['not_ratio'])})[^，。；,;\n]{{0,24}}$")
_BOUND = f"(?:{_any(_CONTEXT['bound'])})"
# 200亩以上基地, 产值5000万元以上的12家
_SIZE_NAME = re.compile(
    rf"(?:级(?=\d)|{_BOUND})的?(?:(?!{_any(_CONTEXT['bound_goes_on'])})[\u4e00-\u9fffA-Z]"
    r"|(?:\d+|[一二三四五六七八九十两]+)[个家户村处座])"
)
_SIZED = re.compile(
    rf"的?[\u4e00-\u9fff]{{0,6}}?(?:{_any(_CONTEXT['sized'])})(?:达到?|共?有|共|仅|为)?"
    r"(?:\d|[一二三四五六七八九十两][一-鿿])"
)
_BANDED = re.compile(r"的(?:有|共)?\d+[个家户村]")  # 90—100万元的2个
# 出栏50头以上养殖大户23户
_BOUND_SIZED = re.compile(rf"{_BOUND}(?={_SIZED.pattern})")
_OF_SIZE = re.compile(rf"{_BOUND}的(?!{_any(_CONTEXT['bound_of_goal'])})[\u4e00-\u9fff]")
_PARTED = re.compile(
    rf"(至少)[^，。；、\d]{{1,7}}$|({_any(_CONTEXT['parted'])})[^，。；、\d]{{1,7}}的$"
)
_AGE = re.compile(
    rf"(?:{_any(_CONTEXT['age'])})(?:[^，。；,;\n]{{0,5}}|[^。；;\n]{{0,6}}岁[^。；;\n\d]{{0,8}})$"
)
_PER_MU = re.compile(
    rf"(?:亩产|亩均产量|平均亩产|平均单产|单产)(?!{_any(_CONTEXT['not_yield'])})[^，。；,;、\n]{{0,10}}$"
)
_TENTHS_REST = re.compile(
    r"[一二三四五六七八九半](?![一二三四五六七八九十百千万亿个户名人家项件条处座成年])|[多余]"
)
_ABOVE = tuple(_CONTEXT["above"])
_TURN = re.compile(r"翻了?(?:近|约|超)?$")
_AFTER_NOUN = re.compile(r"[，。；、,;）)\n]|$")
_NOUN_BEFORE = re.compile(rf"[\u4e00-\u9fff）”](?<![{_CUES['one']['not_behind']}])$")
_BIG = re.compile(rf"大(?=[\u4e00-\u9fff]{{0,3}}(?:{_any(_CUES['big']['nouns'])}))")
_LISTED = re.compile(rf"个?(?:[、和与及]{_AR}个?){{1,12}}", re.ASCII)
_APPORTIONED = re.compile(r"分别[^，。；\n]{0,24}$")
_FRACTION = re.compile(r"/(\d{1,2})(?![\d/.年月])", re.ASCII)
_OF = re.compile(f"(?:{_any(_CONTEXT['share_of'])})$")
_DIGITS = re.compile(rf"[{_D}]+")
_QUOTE = re.compile(r"“[^“”，。！？；：\n]{1,70}”")
_QUOTED = re.compile(r"[“‘《「]$")
_MEASURED = re.compile(
    rf"(?:{_any(_CUES['measured']['nouns'])})(?:{_any(_CUES['measured']['verbs'])})?$"
)
_UNITLESS = re.compile(
    rf"(?:{_any(_CUES['unitless']['nouns'])})[^，。；：\d]{{0,8}}(?:\d+\.\d+[^，。；：\d]{{0,6}})?$"
)
_UNITLESS_END = re.compile(rf"[，。；、,;）)\n]|$|(?:{_any(_CUES['unitless']['changes'])})")
_GOES_ON = frozenset("/／（(")  # behind a unit that is told together with what follows
_BRACKET = re.compile(r"[（(]([^（）()]{1,2})[）)]")
_COUNTER = re.compile(rf"(?:{_any(_CONTEXT['counter'])})[量数]?\s*[:：]?[\s\d-]*$")
_COLONS = frozenset(":：∶")
_RATE_IS = re.compile(f"(?:{_CUES['zero']['rate']})$")
_FALLEN_TO = re.compile(_CUES["zero"]["fallen_to"])
_IS_NONE = re.compile(f"[\u4e00-\u9fff](?:{_CUES['zero']['none']})$")
_LISTED_WITHIN = 12  # characters from one count of a list to the next
_AND = frozenset("、和及")
_CLAUSE_END = re.compile("[，。；：\n]")
_JOINS = frozenset("个、和与及")
_NEGATIVE = re.compile(
    r"(?<![0-9A-Za-z%])([-－−]|(?<![\u4e00-\u9fff])负|"
    rf"(?<=[{''.join(_CONTEXT['negative_after'])}])负|零下)$"
)
_EVERY = re.compile(rf"每个?(?:{_any(_CONTEXT['every'])})[^，。；\n]{{0,10}}$")
_OPEN = frozenset(":： \u3000\n-")
_PLUS = frozenset("+＋")
_BEFORE_PLUS = tuple(_CUES["plus"]["before"])
_OPEN_CLAUSE = frozenset("，,、；;（(：: ")
_MARKS = _OPEN | _PLUS | frozenset("-－−负下") | {word[-1] for word in _CURRENCY}
_CATCHWORD = re.compile(_catchwords())
_NAME_PATTERNS = _patterns()
_NAMED_CHINESE = _NAME_PATTERNS.chinese.match
_WORDS, _NAME_REASONS = _names()
_NAMES = AhoCorasick(_WORDS, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA)
