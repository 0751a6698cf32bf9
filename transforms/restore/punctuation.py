"""Half-width punctuation of Chinese text in full width; thousands separators are no commas.

The convention of clean text: Chinese text has `，。、；：？！（）“”‘’`; digits and Latin letters
are half-width, with `.` for the decimal point and `,` between thousands where it is printed.
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np

from transforms.restore.characters import (
    DOT,
    HALF,
    HAN,
    MARK,
    Codes,
    codes_of,
    having,
    text_of,
)
from transforms.restore.draft import Draft

_CHINESE = HAN | MARK
_FULL = dict(zip(",;:?!()\"'", "，；：？！（）\"'", strict=True))  # quotation marks go in pairs
_STOP = re.compile(r"\.(?<=[\u3400-\u9fff]\.)(?=[\u3400-\u9fff0-9，。；：、！？（）“”\n])")
_DIGIT_COMMA = re.compile(r"(?<![\d.,，])\d{1,3}(?:[,，]\d{3})+(?![\d,，])")


def widen(draft: Draft, seen: int) -> None:
    """Puts half-width marks between Chinese characters into full width.

    `seen` are the flags of all characters of the draft, or of more.
    """
    text = draft.text
    stops = _stops(text) if seen & DOT else []
    inside = _separators(text)
    if seen & HALF:
        _widen_halves(draft, text)
    if stops:
        draft.put(stops, ord("。"), "punctuation")
    if inside:
        _numbers(draft, inside)


def _separators(text: str) -> list[int]:
    """Places of full-width marks between digits: 1，234 and １．５."""
    found = [m.start() for m in _COMMA.finditer(text)]
    if "．" in text:
        found = sorted(found + [m.start() for m in _POINT.finditer(text)])
    return found


_COMMA = re.compile("，(?<=[0-9]，)(?=[0-9])")  # a mark in front is found quickest
_POINT = re.compile("．(?<=[0-9]．)(?=[0-9])")


def _widen_halves(draft: Draft, text: str) -> None:
    """Puts those half-width marks of the text into full width that are Chinese."""
    codes, flags = draft.codes, draft.flags
    places = having(flags, HALF).nonzero()[0]
    if not len(places):
        return
    old = codes.take(places)
    before, behind = flags.take(places - 1), flags.take(places + 1, mode="clip")
    if not places[0]:
        before[0] = 0
    if places[-1] == len(flags) - 1:
        behind[-1] = 0
    between = having(before | behind, _CHINESE)
    at, marks, chinese = places.tolist(), text_of(old), between.tolist()
    more: list[int] = []
    if "," in marks or ";" in marks:
        for n in (~between).nonzero()[0].tolist():
            if marks[n] in ",;" and _is_listing(text, at[n]):
                more.append(n)
    if "(" in marks or ")" in marks:
        more += _brackets(at, marks, chinese)
    if more:
        between[more] = True
    new = np.where(between, _full().take(old), old)
    if '"' in marks or "'" in marks:
        _quotes(new, at, chinese, text)
    changed = (new != old).nonzero()[0]
    if len(changed):
        draft.put(places.take(changed), new.take(changed), "punctuation")


@cache
def _full() -> Codes:
    """Code point → that of the mark in full width, for those in ASCII."""
    table = np.arange(0x80, dtype=np.uint32)
    for half, full in _FULL.items():
        table[ord(half)] = ord(full)
    return table


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


def _brackets(at: list[int], marks: str, chinese: list[bool]) -> list[int]:
    """Numbers of the brackets whose other one is Chinese. `marks` stand at the places `at`."""
    opened: list[int] = []
    found: list[int] = []
    for match in _BRACKET.finditer(marks):
        n = match.start()
        if marks[n] == "(":
            opened.append(n)
        elif opened:
            other = opened.pop()
            if at[n] - at[other] < 60 and chinese[n] != chinese[other]:
                found.append(other if chinese[n] else n)
    return found


_BRACKET = re.compile("[()]")


def _stops(text: str) -> list[int]:
    """Full stops written as dots: 取得实效.下一步, but not 一.总体情况 and not 1.5."""
    at = [match.start() for match in _STOP.finditer(text)]
    return [i for i in at if not _NUMBERED.match(text[max(0, i - 4) : i])]


_NUMBERED = re.compile(r"(?:.*[\n。（(])?[（(]?[一二三四五六七八九十]{1,3}$", re.DOTALL)


def _quotes(new: Codes, at: list[int], chinese: list[bool], text: str) -> None:
    """Straight quotation marks in pairs, line by line. `new` for the marks at the places `at`."""
    for straight, opening, closing in (('"', "“", "”"), ("'", "‘", "’")):
        pending = -1
        for n, i in enumerate(at):
            if text[i] != straight or not chinese[n]:
                continue
            if pending >= 0 and "\n" not in text[at[pending] : i]:
                new[pending], new[n] = ord(opening), ord(closing)
                pending = -1
            else:
                pending = n


def _numbers(draft: Draft, at: list[int]) -> None:
    """Separators inside numbers back in half width: 1，234元, １．５. `at`: between digits."""
    text = draft.text
    places = {i: "." for i in at if text[i] == "．"}
    for i in at:
        if text[i] == "，" and _between_thousands(text, i):
            places[i] = ","
    if places:
        marks = codes_of("".join(places.values()))
        draft.put(list(places), marks, "punctuation")
