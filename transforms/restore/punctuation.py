"""Half-width punctuation of Chinese text in full width; thousands separators are no commas.

The convention of clean text: Chinese text has `，。、；：？！（）“”‘’`; digits and Latin letters
are half-width, with `.` for the decimal point and `,` between thousands where it is printed.
"""

from __future__ import annotations

import re

import numpy as np

from transforms.restore.characters import ASK, DIGIT, HALF, HAN, MARK, Codes, Flags, classes
from transforms.restore.draft import Draft

_CHINESE = HAN | MARK
_FULL = dict(zip(",;:?!()", "，；：？！（）", strict=True))
_DIGIT_COMMA = re.compile(r"(?<![\d.,，])\d{1,3}(?:[,，]\d{3})+(?![\d,，])")
_DIGIT_DOT = re.compile(r"(?<=\d)．(?=\d)")


def widen(draft: Draft, flags: Flags) -> None:
    """Puts half-width marks between Chinese characters into full width."""
    at = np.flatnonzero(flags & HALF)
    codes = draft.codes
    around = np.concatenate(([10], codes, [10]))
    kinds = classes()
    before, behind = kinds[around[at]], kinds[around[at + 2]]
    chinese = ((before | behind) & _CHINESE) != 0
    new = codes.copy()
    for half, full in _FULL.items():
        chosen = at[(codes[at] == ord(half)) & chinese]
        new[chosen] = ord(full)
    between = at[((before & DIGIT) != 0) & ((behind & DIGIT) != 0)]
    new[between[codes[between] == ord(";")]] = ord("；")
    new[_commas(draft.text, between[codes[between] == ord(",")].tolist())] = ord("，")
    _brackets(new, at, codes)
    new[_stops(draft.text, at, codes, before, behind)] = ord("。")
    _quotes(new, at, codes, chinese, kinds)
    draft.recode(new, "punctuation")
    _numbers(draft)


def _commas(text: str, between: list[int]) -> list[int]:
    """Commas between digits that separate no thousands: 第1,2项."""
    if not between:
        return []
    kept = {
        i
        for match in _DIGIT_COMMA.finditer(text)
        for i in range(match.start(), match.end())
        if text[i] == ","
    }
    return [i for i in between if i not in kept and not text[max(0, i - 12) : i + 12].isascii()]


def _brackets(new: Codes, at: np.ndarray, codes: Codes) -> None:  # type: ignore[type-arg]
    """Both brackets of a pair go the same way."""
    opened: list[int] = []
    for i in at[(codes[at] == ord("(")) | (codes[at] == ord(")"))].tolist():
        if codes[i] == ord("("):
            opened.append(i)
        elif opened:
            other = opened.pop()
            if i - other < 60 and (new[i] != codes[i] or new[other] != codes[other]):
                new[i], new[other] = ord("）"), ord("（")


def _stops(text, at, codes, before, behind):  # type: ignore[no-untyped-def]
    """Full stops written as dots: 取得实效.下一步, but not 一.总体情况 and not 1.5."""
    chosen = at[(codes[at] == ord(".")) & ((before & HAN) != 0) & ((behind & (HAN | DIGIT | MARK)) != 0)]
    return [i for i in chosen.tolist() if not _NUMBERED.match(text[max(0, i - 4) : i])]


_NUMBERED = re.compile(r"(?:.*[\n。（(])?[（(]?[一二三四五六七八九十]{1,3}$", re.DOTALL)


def _quotes(new, at, codes, chinese, kinds):  # type: ignore[no-untyped-def]
    """Straight quotation marks in pairs, line by line."""
    for straight, opening, closing in (("\"", "“", "”"), ("'", "‘", "’")):
        marks = at[(codes[at] == ord(straight)) & chinese].tolist()
        pending = -1
        for i in marks:
            if pending >= 0 and not (codes[pending:i] == 10).any():
                new[pending], new[i] = ord(opening), ord(closing)
                pending = -1
            else:
                pending = i


def _numbers(draft: Draft) -> None:
    """Separators inside numbers back in half width: 1，234元, １．５."""
    text = draft.text
    at: dict[int, str] = {}
    if "，" in text:
        for match in _DIGIT_COMMA.finditer(text):
            for i in range(match.start(), match.end()):
                if text[i] == "，":
                    at[i] = ","
    if "．" in text:
        at |= {m.start(): "." for m in _DIGIT_DOT.finditer(text)}
    if at:
        codes = draft.codes.copy()
        for i, c in at.items():
            codes[i] = ord(c)
        draft.recode(codes, "punctuation")
