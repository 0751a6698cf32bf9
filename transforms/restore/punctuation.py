"""Half-width punctuation of Chinese text in full width; thousands separators are no commas.

The convention of clean text: Chinese text has `，。、；：？！（）“”‘’`; digits and Latin letters
are half-width, with `.` for the decimal point and `,` between thousands where it is printed.
"""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from transforms.restore.characters import (
    DIGIT,
    DOT,
    HALF,
    HAN,
    MARK,
    Codes,
    Flags,
    codes_of,
    flags_of,
    having,
)
from transforms.restore.draft import Draft

Places = npt.NDArray[np.int64]

_CHINESE = HAN | MARK
_FULL = dict(zip(",;:?!()\"'", "，；：？！（）\"'", strict=True))  # quotation marks go in pairs
_STOP = re.compile(r"\.(?<=[\u3400-\u9fff]\.)(?=[\u3400-\u9fff0-9，。；：、！？（）“”\n])")
_DIGIT_COMMA = re.compile(r"(?<![\d.,，])\d{1,3}(?:[,，]\d{3})+(?![\d,，])")


def widen(draft: Draft, seen: int) -> None:
    """Puts half-width marks between Chinese characters into full width.

    `seen` are the flags of all characters of the draft, or of more.
    """
    new: Codes | None = None
    if seen & HALF:
        new = _halves(draft.codes, flags_of(draft.codes), draft.text)
    text = draft.text
    if seen & DOT and (stops := _stops(text)):
        new = draft.codes.copy() if new is None else new
        new[stops] = ord("。")
    inside = _separators(text)
    if new is not None:
        draft.recode(new, "punctuation")
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


def _halves(codes: Codes, flags: Flags, text: str) -> Codes | None:
    """The text with its half-width marks in full width, None where all stay."""
    places = having(flags, HALF).nonzero()[0]
    if not len(places):
        return None
    before, behind = flags[places - 1], flags[np.minimum(places + 1, len(flags) - 1)]
    if not places[0]:
        before[0] = 0
    if places[-1] == len(flags) - 1:
        behind[-1] = 0
    at = places.tolist()
    old = [text[i] for i in at]
    kinds = set(old)
    chinese = having(before | behind, _CHINESE).tolist()
    new = [
        _FULL[mark] if full or (mark in ",;" and text[i - 1] in _FIGURE_ENDS) else mark
        for i, mark, full in zip(at, old, chinese, strict=True)
    ]
    if "," in kinds or ";" in kinds:
        for n in (before & behind & DIGIT).nonzero()[0].tolist():
            if old[n] == ";":
                new[n] = "；"
            elif old[n] == "," and _is_comma(text, at[n]):
                new[n] = "，"
    if "(" in kinds or ")" in kinds:
        _brackets(new, at, old)
    if '"' in kinds or "'" in kinds:
        _quotes(new, at, chinese, text)
    if new == old:
        return None
    codes = codes.copy()
    codes[places] = codes_of("".join(new))
    return codes


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


def _brackets(new: list[str], at: list[int], old: list[str]) -> None:
    """Both brackets of a pair go the same way. `new` for the marks `old` at the places `at`."""
    opened: list[int] = []
    for n, mark in enumerate(old):
        if mark == "(":
            opened.append(n)
        elif mark == ")" and opened:
            other = opened.pop()
            if at[n] - at[other] < 60 and (new[n] != ")" or new[other] != "("):
                new[n], new[other] = "）", "（"


def _stops(text: str) -> list[int]:
    """Full stops written as dots: 取得实效.下一步, but not 一.总体情况 and not 1.5."""
    at = [match.start() for match in _STOP.finditer(text)]
    return [i for i in at if not _NUMBERED.match(text[max(0, i - 4) : i])]


_NUMBERED = re.compile(r"(?:.*[\n。（(])?[（(]?[一二三四五六七八九十]{1,3}$", re.DOTALL)


def _quotes(new: list[str], at: list[int], chinese: list[bool], text: str) -> None:
    """Straight quotation marks in pairs, line by line. `new` for the marks at the places `at`."""
    for straight, opening, closing in (('"', "“", "”"), ("'", "‘", "’")):
        pending = -1
        for n, i in enumerate(at):
            if text[i] != straight or not chinese[n]:
                continue
            if pending >= 0 and "\n" not in text[at[pending] : i]:
                new[pending], new[n] = opening, closing
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
        codes = draft.codes.copy()
        for i, c in places.items():
            codes[i] = ord(c)
        draft.recode(codes, "punctuation")
