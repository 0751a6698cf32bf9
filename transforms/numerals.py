"""Reads Chinese and Arabic numerals: 一千二百三十四, 1.6万, 百分之三点五, 三分之一, 3至5, 数十.

Sources of the readings: the system of 万-sections with an omitted last magnitude (一万五 = 15000)
and of approximate neighbours (七八十 = 70 to 80), as GB/T 15835-2011 and grammars describe it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from schemas.mention import Qualifier
from transforms import lexicon

LONGEST = 80  # characters of a text that may still be one numeral


@dataclass(frozen=True, slots=True)
class Number:
    """A numeral's value; `value_high` differs from `value` in a range only.

    `unit` is `%` (77.1 % is 77.1), `‰` where that sign is printed, or empty. Fractions
    (三分之一) are plain numbers without a unit.
    """

    value: Decimal
    value_high: Decimal
    unit: str = ""
    qualifier: Qualifier = Qualifier.EXACT


def parse_number(text: str) -> Number | None:
    """The value of a whole string that is one numeral, else None. Never raises on a `str`.

    Accepted beside plain numerals: a sign, %, ‰, 百分之, 成, fractions, 半, qualifiers in front and
    behind (约, 余, 以上), ranges (3至5, 两三, 七八十) and a closing 个. Any script, any width.
    """
    if not text or len(text) > LONGEST:
        return None
    body = _SPACED_COMMA.sub("\0", text.strip())
    body = _MIXED_FRACTION.sub(r"\1又\2", body)
    body = _SPACE.sub("", body).translate(_VARIANTS)
    body = _HUNDREDS_OF_MILLIONS.sub("", body)
    lead, body = _split_lead(body)
    tail, body = _split_tail(body)
    if not body:
        return None
    if (lead or tail) and body[0] in MAGNITUDES:
        body = "一" + body
    read = _range(body) or _single(body)
    if read is None:
        return None
    value, high, unit, inner = read
    return Number(value, high, unit, _qualifier(lead, tail, inner, value != high))


Reading = tuple[Decimal, Decimal, str, Qualifier | None]  # low, high, unit, qualifier inside


def _qualifier(
    lead: Qualifier | None, tail: Qualifier | None, inner: Qualifier | None, ranged: bool
) -> Qualifier:
    """One qualifier of those in front, behind and inside: 余 beats 约, a bound beats both."""
    if ranged:
        return Qualifier.RANGE
    if lead in (Qualifier.AT_LEAST, Qualifier.AT_MOST):
        return lead
    if inner is Qualifier.OVER:
        return inner
    return tail or lead or inner or Qualifier.EXACT


def _split_lead(body: str) -> tuple[Qualifier | None, str]:
    match = _LEAD.match(body)
    if match is None:
        return None, body
    return _LEADS[match.group()], body[match.end() :]


def _split_tail(body: str) -> tuple[Qualifier | None, str]:
    if body.endswith("个") and len(body) > 1:
        body = body[:-1]
    match = _TAIL.search(body)
    if match is None:
        return None, body
    return _TAILS[match.group(1)], body[: match.start()]


def _range(body: str) -> Reading | None:
    """A range with a sign between its ends: 3至5, 30%—40%, 5到8万, 百分之三十至四十."""
    match = _RANGE.fullmatch(body)
    if match is None:
        return None
    low_text, high_text = match["low"], match["high"]
    high = _single(high_text)
    if high is None and (prefix := _PERCENT_WORD.match(low_text)):
        high = _single(prefix.group() + high_text)
    low = _single(low_text)
    if low is None or high is None:
        return None
    prefix = _PERCENT_WORD.match(low_text)
    if prefix and not high[2]:
        high = _single(prefix.group() + high_text)
    elif not prefix and high_text.endswith("成") and not low[2]:
        low = _single(low_text + "成")
    if low is None or high is None:
        return None
    shared = _shared_magnitude(low_text, low[0], high_text)
    value, unit = low[0] * shared, high[2]
    if low[2] not in ("", unit) or value > high[1]:
        return None
    return value, high[1], unit, None


def _shared_magnitude(low_text: str, low: Decimal, high_text: str) -> Decimal:
    """The magnitude that 5到8万 prints once for both ends: 10000; 1 where the first has its own."""
    match = _MAGNITUDES_BEHIND.search(high_text)
    if match is None or match.start() == 0:
        return Decimal(1)
    front = _plain(high_text[: match.start()])
    if front is None or low >= front[1] or low_text[-1] in MAGNITUDES:
        return Decimal(1)
    return Decimal(10 ** sum(MAGNITUDES[c] for c in match.group(1)))


def _single(body: str) -> Reading | None:
    """A numeral that is no range with a sign, in its many dresses."""
    negative = body[:1] in ("-", "负")
    body = body[1:] if negative or body[:1] == "+" else body
    read = (
        _plain_reading(body) or _percentage(body) or _fraction(body) or _tenths(body) or _half(body)
    )
    if read is None or not negative:
        return read
    low, high, unit, inner = read
    return -high, -low, unit, inner


def _plain_reading(body: str) -> Reading | None:
    read = approximate(body)
    return None if read is None else (read[0], read[1], "", read[2])


def _percentage(body: str) -> Reading | None:
    """30%, 6‰, 百分之三点五, 百分之百, 万分之八 (0.08 %)."""
    if body[-1:] in ("%", "‰"):
        minus = body[0] in "负-"
        read = approximate(body[1:-1] if minus else body[:-1])
        return None if read is None else (read[0], read[1], body[-1], read[2])
    match = _PERCENT_WORD.match(body)
    if match is None:
        return None
    rest = body[match.end() :]
    minus = rest[:1] in ("负", "-")
    read = approximate(rest[1:] if minus else rest)
    if read is None:
        return None
    scale = Decimal(100) / Decimal(10) ** sum(MAGNITUDES[c] for c in match.group(1))
    low, high = (read[0] * scale, read[1] * scale)
    return (-high, -low, "%", read[2]) if minus else (low, high, "%", read[2])


def _fraction(body: str) -> Reading | None:
    """三分之一, 1/3, 一又二分之一, 3又1/2."""
    match = _FRACTION.fullmatch(body)
    if match is None:
        return None
    below, above = match["below"] or match["under"], match["above"] or match["over"]
    parts = [_plain(below), _plain(above), _plain(match["whole"] or "零")]
    if any(part is None or part[0] != part[1] for part in parts):
        return None
    low, top, whole = (part[0] for part in parts if part is not None)
    if not low:
        return None
    value = whole + top / low
    return value, value, "", None


def _tenths(body: str) -> Reading | None:
    """三成 (30 %), 三成五, 九成二, 三成半, 两三成, 8.5成, 近八成 with its qualifier taken off."""
    match = _TENTHS.fullmatch(body)
    if match is None:
        return None
    read = (Decimal("0.5"),) * 2 if match["front"] == "半" else _plain(match["front"])
    if read is None or read[1] > 10:
        return None
    rest = match["rest"]
    more = Decimal(5) if rest == "半" else Decimal(DIGITS[rest]) if rest in DIGITS else Decimal(0)
    inner = Qualifier.OVER if rest in ("多", "余") else None
    return read[0] * 10 + more, read[1] * 10 + more, "%", inner


def _half(body: str) -> Reading | None:
    """半, 一半, 半数, 半百."""
    value = _HALVES.get(body)
    return None if value is None else (value, value, "", None)


@lru_cache(maxsize=8192)
def approximate(body: str) -> tuple[Decimal, Decimal, Qualifier | None] | None:
    """Low and high value of a numeral with 余, 多, 来, 几, 数 in it: 数十, 20余万, 十几."""
    read = _plain(body)
    if read is not None:
        return read[0], read[1], None
    match = _INDEFINITE.fullmatch(body)
    if match is None:
        return None
    some, front, mark, behind = match["some"], match["front"], match["mark"], match["behind"]
    if (not some and not mark) or (some and front[0] not in MAGNITUDES):
        return None
    if front[0] in MAGNITUDES:
        front = "一" + front
    read = _plain(front.removesuffix("零") + behind)
    if read is None:
        return None
    return read[0], read[1], Qualifier.ABOUT if mark in ("来", "把") else Qualifier.OVER


def _plain(body: str) -> tuple[Decimal, Decimal] | None:
    """Low and high value of a bare numeral; they differ for two neighbours (两三, 七八十)."""
    if not body or not _NUMERAL.fullmatch(body):
        return None
    pair = _NEIGHBOURS.fullmatch(body)
    if pair is not None and _are_neighbours(pair["a"], pair["b"]):
        low = _exact(pair["front"] + pair["a"] + pair["behind"])
        high = _exact(pair["front"] + pair["b"] + pair["behind"])
        return None if low is None or high is None else (low, high)
    value = _exact(body)
    return None if value is None else (value, value)


def _are_neighbours(a: str, b: str) -> bool:
    """Two digits that mean from one to the other: 二三, 两三, 三五."""
    return DIGITS[a] + 1 == DIGITS[b] or (a, b) == ("三", "五")


def _exact(body: str) -> Decimal | None:
    """The value of a numeral of digits, magnitudes and one decimal point."""
    for sign, written in JOINED.items():
        body = body.replace(sign, written)
    if body[-1] in SUFFIXES and body[0] in ".0123456789":
        value = _arabic(body[:-1])
        return None if value is None else value * Decimal(10) ** SUFFIXES[body[-1]]
    if body[0] in ".0123456789" and (value := _arabic(body)) is not None:
        return value
    if "点" in body:
        return _with_point(body)
    if all(c in DIGITS for c in body):
        return Decimal("".join(str(DIGITS[c]) for c in body))
    return _with_magnitudes(body)


def _arabic(body: str) -> Decimal | None:
    return Decimal(body.replace(",", "")) if _ARABIC.fullmatch(body) else None


def _with_point(body: str) -> Decimal | None:
    """三点一四, 点五, 三点五万: the magnitudes behind hold for the whole."""
    match = _POINT.fullmatch(body)
    if match is None or not (match["whole"] or match["decimals"]):
        return None
    whole = _exact(match["whole"]) if match["whole"] else Decimal(0)
    if whole is None:
        return None
    decimals = "".join(str(DIGITS[c]) for c in match["decimals"]) or "0"
    value = whole + Decimal(f"0.{decimals}")
    return value * Decimal(10) ** sum(MAGNITUDES[c] for c in match["behind"])


def _with_magnitudes(body: str) -> Decimal | None:
    """Sections of 千百十 closed by 万亿兆; a last digit behind 百 or more is a tenth of it."""
    closed: list[Decimal] = []
    section, last = Decimal(0), 9  # `last`: the lowest power used in this section
    digit: Decimal | None = None
    before = ""  # kind of the token before: digit, zero, small, big
    power = 0
    for token in _TOKEN.findall(body):
        if token == "零":
            if before == "digit":
                return None
            before = "zero"
        elif token not in MAGNITUDES:
            if before == "digit":
                return None
            digit = Decimal(DIGITS[token]) if token in DIGITS else Decimal(token.replace(",", ""))
            before = "digit"
        elif (power := MAGNITUDES[token]) < 4:
            if power >= last or (digit is None and power > 1 and (section or closed)):
                return None
            section += (Decimal(1) if digit is None else digit) * 10**power
            digit, last, before = None, power, "small"
        else:
            section += digit or 0
            if not section and before == "big":
                closed[-1] *= 10**power
                continue
            if not section and body.startswith("万亿"):
                section = Decimal(1)
            if not section:
                return None
            while closed and closed[-1] < 10**power:
                section += closed.pop()
            closed.append(section * 10**power)
            section, digit, last, before = Decimal(0), None, 9, "big"
    if digit is not None:
        section += digit * 10 ** (power - 1) if _omits(body, power) else digit
    return sum(closed, Decimal(0)) + section


def _omits(body: str, power: int) -> bool:
    """Whether the last digit has lost its magnitude: 一万五, 三百二, 2万5; not 一百零五, 十五."""
    return power >= 2 and body[-1] not in "零" and body[-2] in MAGNITUDES


def _by_length(words: Mapping[str, Qualifier]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


_TABLES = lexicon.toml("numerals.toml")
DIGITS: dict[str, int] = _TABLES["digits"]
MAGNITUDES: dict[str, int] = _TABLES["magnitudes"]
JOINED: dict[str, str] = _TABLES["joined"]
SUFFIXES: dict[str, int] = _TABLES["suffixes"]
_LEADS = {word: Qualifier(name) for name, words in _TABLES["leads"].items() for word in words}
_TAILS = {word: Qualifier(name) for name, words in _TABLES["tails"].items() for word in words}
_HALVES = {
    "半": Decimal("0.5"),
    "一半": Decimal("0.5"),
    "半数": Decimal("0.5"),
    "半百": Decimal(50),
}
_VARIANTS = {ord(v): k for k, vs in _TABLES["variants"].items() for v in vs}
_VARIANTS |= {0xFF10 + i: str(i) for i in range(10)}
_VARIANTS |= {ord(v): k for k, v in zip("kKwWMG", "ｋＫｗＷＭＧ", strict=True)}

_D = "".join(DIGITS)
_M = "".join(MAGNITUDES)
_J = "".join(JOINED)
_SPACE = re.compile(r"[\s\u200b\u3000]+")
_SPACED_COMMA = re.compile(r"[,，]\s+(?=.)")
_MIXED_FRACTION = re.compile(r"^(\d+)\s+(\d+\s*[/／]\s*\d+)$")
_ARABIC_PATTERN = r"(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{1,2})?"
_ARABIC = re.compile(_ARABIC_PATTERN, re.ASCII)
_TOKEN = re.compile(rf"(?:\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d+)(?:\.\d+)?|[{_D}{_M}]", re.ASCII)
_NUMERAL = re.compile(
    rf"(?:\d[\d,.]*+|\.\d++)?+(?:[eE][+-]?\d{{1,2}})?+(?:[{_D}{_M}{_J}点]|\d[\d.,]*+)*+[kKwWMG]?",
    re.ASCII,
)
_POINT = re.compile(
    rf"(?P<whole>[{_D}{_M}]*)点(?P<decimals>[{_D.replace('两', '')}]*)(?P<behind>[{_M}]*)"
)
_NEIGHBOURS = re.compile(
    rf"(?P<front>(?:[{_D}\d.{_M}]*[{_M}]零?)?)(?P<a>[一二两三四五六七八])(?P<b>[二三四五六七八九])"
    rf"(?P<behind>[{_M}]*)"
)
_INDEFINITE = re.compile(
    rf"(?P<some>[数几成]?)(?P<front>[\d.,{_D}{_M}{_J}点]+?)(?P<mark>余|多|来|几|把|)(?P<behind>[{_M}]*)"
)
_HUNDREDS_OF_MILLIONS = re.compile(r"(?<=[\d一二两三四五六七八九十百千几多余])个(?=多?亿)")
_RANGE = re.compile(
    rf"(?P<low>[-负]?[^-—~至到]+)(?:{'|'.join(_TABLES['ranges']['separators'])})(?P<high>[-负]?[^-—~至到]+)"
)
_MAGNITUDES_BEHIND = re.compile(rf"([{_M}]+)[余多%]?$")
_PERCENT_WORD = re.compile(r"(百万|十万|百|千|万)分之")
_FRACTION = re.compile(
    r"(?:(?P<whole>[^又/]+)又)?(?:(?P<below>[^又/分]+)分之(?P<above>[^又/分]+)|(?P<over>[^又/分]+)/(?P<under>[^又/分]+))"
)
_TENTHS = re.compile(rf"(?P<front>[\d.{_D}十点半]+)成(?P<rest>[{_D}半多余]?)")
_LEAD = re.compile(_by_length(_LEADS))
_TAIL = re.compile(rf"({_by_length(_TAILS)})$")
