"""Half-width punctuation of Chinese text in full width; thousands separators are no commas.

The convention of clean text: Chinese text has `，。、；：？！（）“”‘’`; digits and Latin letters
are half-width, with `.` for the decimal point and `,` between thousands where it is printed.
"""

from __future__ import annotations

import re
from itertools import compress

import numpy as np

from transforms.restore.characters import (
    DOT,
    HALF,
    HAN,
    MARK,
    WIDE_DOT,
    codes_of,
    has,
    having,
    places,
    text_of,
)
from transforms.restore.draft import Draft, Positions

_CHINESE = HAN | MARK
_FULL = dict(zip(",;:?!()", "，；：？！（）", strict=True))
_QUOTES = {'"': ("“", "”"), "'": ("‘", "’")}
_HALVES = (*_FULL, *_QUOTES)
_TO_FULL = str.maketrans(_FULL)
_STOP = re.compile(r"\.(?<=[\u3400-\u9fff]\.)(?=[\u3400-\u9fff0-9，。；：、！？（）“”\n])")
_DIGIT_COMMA = re.compile(r"(?<![\d.,，])\d{1,3}(?:[,，]\d{3})+(?![\d,，])")


def widen(draft: Draft, seen: int) -> None:
    """Puts half-width marks between Chinese characters into full width.

    `seen` are the flags of all characters of the draft, or of more.
    """
    text = draft.text
    stops = _stops(text) if seen & DOT else []
    inside = [match.start() for match in _COMMA.finditer(text)]
    if seen & WIDE_DOT:
        inside = sorted(inside + [match.start() for match in _POINT.finditer(text)])
    if seen & HALF:
        _widen_halves(draft)
    if stops:
        draft.put(stops, ord("。"), "punctuation")
    if inside:
        _numbers(draft, inside)


# marks between digits: 1，234 and １．５; what begins with one sign is found quickest
_COMMA = re.compile("，[0-9](?<=[0-9]，[0-9])")
_POINT = re.compile("．[0-9](?<=[0-9]．[0-9])")


def _widen_halves(draft: Draft) -> None:
    """Puts those half-width marks of the text into full width that are Chinese."""
    text = draft.text
    where, at, marks, chinese = _few_marks(text) or _many_marks(draft)
    wide = chinese.copy()
    if others := chinese.count(False):
        n = -1
        for _ in range(others):
            n = chinese.index(False, n + 1)
            if marks[n] in ",;":
                wide[n] = _is_listing(text, at[n])
        if "(" in marks and ")" in marks:
            _brackets(at, marks, chinese, wide)
    full = marks.translate(_TO_FULL)
    if '"' in marks or "'" in marks:
        full = _quotes(text, at, full, wide)
    if True in wide:
        if where is None:
            few, full = list(compress(at, wide)), "".join(compress(full, wide))
            draft.put(few, codes_of(full), "punctuation")
        else:
            chosen = np.frombuffer(bytes(wide), dtype=np.bool_)
            draft.put(where[chosen], codes_of(full)[chosen], "punctuation")


# places as an array where there is one, and as a list; the marks; whether they are in Chinese
_Marks = tuple[Positions | None, list[int], str, list[bool]]
_FEW = 12  # marks that are looked at one by one sooner than all at once


def _few_marks(text: str) -> _Marks | None:
    """Places of the half-width marks, the marks, and whether Chinese stands on a side of each.

    None where there are many.
    """
    at: list[int] = []
    for mark in _HALVES:
        if mark in text:
            if text.count(mark) > _FEW - len(at):
                return None
            at += places(text, mark)
    at.sort()
    last = len(text) - 1
    chinese = [
        (i < last and has(text[i + 1], _CHINESE)) or (i > 0 and has(text[i - 1], _CHINESE))
        for i in at
    ]
    return None, at, "".join([text[i] for i in at]), chinese


def _many_marks(draft: Draft) -> _Marks:
    """The same where there are many."""
    flags = draft.flags
    where = having(flags, HALF).nonzero()[0]
    around = flags.take(where + 1, mode="clip")
    if where[-1] == len(flags) - 1:
        around[-1] = 0
    before = flags.take(where - 1)
    if not where[0]:
        before[0] = 0
    around |= before
    marks = text_of(draft.codes.take(where))
    return where, where.tolist(), marks, having(around, _CHINESE).tolist()


def _is_listing(text: str, at: int) -> bool:
    """Whether a comma or semicolon of no Chinese character separates things: 96.2%,19家."""
    if text[at - 1] in _FIGURE_ENDS:
        return True
    if not at or text[at - 1] not in _DIGITS or text[at + 1 : at + 2] not in _DIGITS:
        return False
    return text[at] == ";" or _is_comma(text, at)


_DIGITS = frozenset("0123456789")
_FIGURE_ENDS = frozenset("%‰℃㎡²³")  # 96.2%,19家


def _is_comma(text: str, at: int) -> bool:
    """Whether a comma between digits separates no thousands: 第1,2项."""
    return not _between_thousands(text, at) and not text[max(0, at - 12) : at + 12].isascii()


def _between_thousands(text: str, at: int) -> bool:
    """Whether the comma at `at` separates thousands: 1,234 and 12,345,678 but not 5,10."""
    for match in _DIGIT_COMMA.finditer(text, max(0, at - 24), at + 24):
        if match.start() < at < match.end():
            return True
    return False


def _brackets(at: list[int], marks: str, chinese: list[bool], wide: list[bool]) -> None:
    """Both brackets of a pair go the same way. `wide` for the marks at the places `at`."""
    opened: list[int] = []
    for match in _BRACKET.finditer(marks):
        n = match.start()
        if marks[n] == "(":
            opened.append(n)
        elif opened:
            other = opened.pop()
            if chinese[n] != chinese[other] and at[n] - at[other] < 60:
                wide[n] = wide[other] = True


_BRACKET = re.compile("[()]")


def _stops(text: str) -> list[int]:
    """Full stops written as dots: 取得实效.下一步, but not 一.总体情况 and not 1.5."""
    at = [match.start() for match in _STOP.finditer(text)]
    return [i for i in at if not _NUMBERED.match(text[max(0, i - 4) : i])]


_NUMBERED = re.compile(r"(?:.*[\n。（(])?[（(]?[一二三四五六七八九十]{1,3}$", re.DOTALL)


def _quotes(text: str, at: list[int], full: str, wide: list[bool]) -> str:
    """Straight quotation marks in pairs, line by line; those without another stay.

    `full` are the marks at the places `at`, the others in full width already.
    """
    paired = list(full)
    for straight, pair in _QUOTES.items():
        pending = -1
        for n, i in enumerate(at):
            if full[n] != straight or not wide[n]:
                continue
            wide[n] = False
            if pending >= 0 and "\n" not in text[at[pending] : i]:
                paired[pending], paired[n] = pair
                wide[pending] = wide[n] = True
                pending = -1
            else:
                pending = n
    return "".join(paired)


def _numbers(draft: Draft, at: list[int]) -> None:
    """Separators inside numbers back in half width: 1，234元, １．５. `at`: between digits."""
    text = draft.text
    changes = {i: "." for i in at if text[i] == "．"}
    for i in at:
        if text[i] == "，" and _between_thousands(text, i):
            changes[i] = ","
    if changes:
        draft.put(list(changes), codes_of("".join(changes.values())), "punctuation")
