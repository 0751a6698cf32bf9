"""Half-width punctuation of Chinese text in full width; thousands separators are no commas.

The convention of clean text: Chinese text has `，。、；：？！（）“”‘’`; digits and Latin letters
are half-width, with `.` for the decimal point and `,` between thousands where it is printed.
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import numpy.typing as npt

from transforms.restore.characters import (
    COMMA,
    DIGIT,
    DOT,
    HALF,
    HAN,
    MARK,
    Codes,
    Flags,
    codes_of,
)
from transforms.restore.draft import Draft

Places = npt.NDArray[np.int64]

_CHINESE = HAN | MARK
_FULL = dict(zip(",;:?!()", "，；：？！（）", strict=True))
_STOP = re.compile(r"\.(?=[\u3400-\u9fff0-9，。；：、！？（）“”\n])")
_SEPARATOR = re.compile(r"[0-9][，．](?=[0-9])")
_DIGIT_COMMA = re.compile(r"(?<![\d.,，])\d{1,3}(?:[,，]\d{3})+(?![\d,，])")


def widen(draft: Draft, flags: Flags, seen: int) -> None:
    """Puts half-width marks between Chinese characters into full width."""
    new: Codes | None = None
    if seen & HALF:
        new = _halves(draft.codes, flags, draft.text)
    text = draft.text
    if seen & DOT and (stops := _stops(text)):
        new = draft.codes.copy() if new is None else new
        new[stops] = ord("。")
    inside = _separators(text, flags)
    if new is not None:
        draft.recode(new, "punctuation")
    if inside:
        _numbers(draft, inside)


def _separators(text: str, flags: Flags) -> list[int]:
    """Places of full-width marks between digits: 1，234 and １．５."""
    if "．" in text:
        return [m.start() + 1 for m in _SEPARATOR.finditer(text)]
    between = flags[:-2] & flags[2:] & (flags[1:-1] >> _TO_DIGIT) & DIGIT
    return (between.nonzero()[0] + 1).tolist() if between.any() else []


_TO_DIGIT = COMMA.bit_length() - DIGIT.bit_length()  # moves the one flag onto the other


def _halves(codes: Codes, flags: Flags, text: str) -> Codes | None:
    """The text with its half-width marks in full width, None where all stay."""
    at = np.flatnonzero(flags & HALF)
    around = np.append(flags, _EDGE)
    before, behind = around[at - 1], around[at + 1]
    marks = codes[at]
    chinese = ((before | behind) & _CHINESE) != 0
    kinds = set(marks.tolist())
    if not chinese.any() and kinds.isdisjoint((44, 59)):
        return None
    new = codes.copy()
    if not kinds.isdisjoint((44, 59)):
        chinese |= ((marks == 44) | (marks == 59)) & _behind_figure(codes, at)
    new[at] = np.where(chinese, _full()[marks], marks)
    between = at[(before & behind & DIGIT) != 0]
    if len(between):
        new[between[codes[between] == ord(";")]] = ord("；")
        new[_commas(text, between[codes[between] == ord(",")].tolist())] = ord("，")
    if not kinds.isdisjoint((40, 41)):
        _brackets(new, at, codes)
    if not kinds.isdisjoint((34, 39)):
        _quotes(new, at, codes, chinese)
    return new


_EDGE = np.zeros(1, dtype=np.uint32)


def _behind_figure(codes: Codes, at: Places) -> npt.NDArray[np.bool_]:
    """Whether a percentage ends right in front: 96.2%,19家."""
    return _figure_ends()[codes[at - 1]]


@cache
def _figure_ends() -> npt.NDArray[np.bool_]:
    table = np.zeros(0x110000, dtype=np.bool_)
    table[codes_of("%‰℃㎡²³")] = True
    return table


@cache
def _full() -> Codes:
    """The full form of each half-width mark."""
    table = np.arange(128, dtype=np.uint32)
    for half, full in _FULL.items():
        table[ord(half)] = ord(full)
    return table


def _commas(text: str, between: list[int]) -> list[int]:
    """Commas between digits that separate no thousands: 第1,2项."""
    return [
        i
        for i in between
        if not _between_thousands(text, i) and not text[max(0, i - 12) : i + 12].isascii()
    ]


def _between_thousands(text: str, at: int) -> bool:
    """Whether the comma at `at` separates thousands: 1,234 and 12,345,678 but not 5,10."""
    for match in _DIGIT_COMMA.finditer(text, max(0, at - 24), at + 24):
        if match.start() < at < match.end():
            return True
    return False


def _brackets(new: Codes, at: Places, codes: Codes) -> None:
    """Both brackets of a pair go the same way."""
    opened: list[int] = []
    for i in at[(codes[at] == ord("(")) | (codes[at] == ord(")"))].tolist():
        if codes[i] == ord("("):
            opened.append(i)
        elif opened:
            other = opened.pop()
            if i - other < 60 and (new[i] != codes[i] or new[other] != codes[other]):
                new[i], new[other] = ord("）"), ord("（")


def _stops(text: str) -> list[int]:
    """Full stops written as dots: 取得实效.下一步, but not 一.总体情况 and not 1.5."""
    at = [match.start() for match in _STOP.finditer(text)]
    return [
        i
        for i in at
        if "\u3400" <= text[i - 1] <= "\u9fff" and not _NUMBERED.match(text[max(0, i - 4) : i])
    ]


_NUMBERED = re.compile(r"(?:.*[\n。（(])?[（(]?[一二三四五六七八九十]{1,3}$", re.DOTALL)


def _quotes(new: Codes, at: Places, codes: Codes, chinese: npt.NDArray[np.bool_]) -> None:
    """Straight quotation marks in pairs, line by line."""
    for straight, opening, closing in (('"', "“", "”"), ("'", "‘", "’")):
        marks = at[(codes[at] == ord(straight)) & chinese].tolist()
        pending = -1
        for i in marks:
            if pending >= 0 and not (codes[pending:i] == 10).any():
                new[pending], new[i] = ord(opening), ord(closing)
                pending = -1
            else:
                pending = i


def _numbers(draft: Draft, at: list[int]) -> None:
    """Separators inside numbers back in half width: 1，234元, １．５. `at`: between digits."""
    text = draft.text
    places = {i: "." for i in at if text[i] == "．"}
    for i in at:
        if text[i] == "，" and _between_thousands(text, i):
            places[i] = ","
    if places:
        codes = draft.codes.copy()
        for i, c in places.items():
            codes[i] = ord(c)
        draft.recode(codes, "punctuation")
