"""Begins a new line where a paragraph has lost its own.

A page taken apart for its text often loses its line breaks and keeps what indented the
paragraphs, or not even that: `。　　二、下一步打算　　（一）`, `。二、下一步打算（一）`. Titles,
headings and signatures are told by the lines they stand on, and with them which part of a
report looks ahead.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from transforms import lexicon
from transforms.period_words import integer
from transforms.restore import lines
from transforms.restore.draft import Change, Draft
from transforms.restore.spaces import FULL_STOPS, Run

_S = "[ \u3000]"
_NUMERALS = "一二三四五六七八九十"
_NOTHING = frozenset(("", "\n"))
_ENDS = frozenset("。！？!?”）)")
_DATE_ENDS = frozenset("0123456789日")
_TELLING = FULL_STOPS | _DATE_ENDS
_CALLED = frozenset("：:")  # 各位代表：
_LONGEST = 60  # characters of a piece that ends with a date
_DATED = re.compile(r"(?:[年月./-]\d{1,2}日?|\d[:：]\d{2})$")
_TITLE = re.compile(r"[^，。：；,:;]{5,40}")
_SENTENCE = re.compile(r"[^。\n]+。")
_SIGNATURE = re.compile(rf"(?:19|20)\d\d年\d{{1,2}}月(?:\d{{1,2}}日)?(?={_S}*(?:\n|$))")
_SIGNED = re.compile(rf"[^。！？，,\s]{{4,30}}{_S}*{_SIGNATURE.pattern}")
_INLINE = re.compile(rf"([。！？])(?=([{_NUMERALS}]{{1,3}})、(?![{_NUMERALS}]))")
_HEADS = re.compile(rf"^{_S}*([{_NUMERALS}]{{1,3}})、", re.MULTILINE)


def indented(draft: Draft, runs: Sequence[Run], notable: Sequence[Run]) -> bool:
    """Puts line breaks for what is left of them among the runs of spaces; whether there were.

    A line has lost some where one of the `notable` runs shows it.
    """
    changes = [*_indented(draft.text, runs, notable)]
    draft.splice(changes, "paragraph")
    return bool(changes)


def numbered(draft: Draft) -> None:
    """Puts line breaks in front of headings 一、 二、 that follow a sentence.

    No text has such that `SECOND` does not find in it.
    """
    draft.splice(_numbered(draft.text), "paragraph")


SECOND: Final = re.compile("二(?<=[。！？]二)、")  # one sign in front is found quickest


def _indented(text: str, runs: Sequence[Run], notable: Sequence[Run]) -> Iterator[Change]:
    """What is left of breaks in the lines where one of the `notable` runs is that surely."""
    seen = 0
    for sure in notable:
        if sure[0] < seen or text[sure[0] - 1] not in _TELLING:
            continue
        begin = text.rfind("\n", 0, sure[0]) + 1
        if not _is_sure(text, begin, sure):
            continue
        stop = text.find("\n", sure[1])
        seen = stop if stop >= 0 else len(text)
        for run in runs[bisect_left(runs, (max(begin, 1), 0)) :]:
            if run[1] >= seen:
                break
            if text[run[0] - 1] != "\n" and _is_break(text, begin, run):
                yield (*run, "\n")
                begin = run[1]


def _is_sure(text: str, begin: int, run: Run) -> bool:
    """Whether a run of spaces shows that the line that began at `begin` has lost breaks."""
    start, end = run
    if text[start - 1] in FULL_STOPS:
        return text[end : end + 1] not in _NOTHING and _is_break(text, begin, run)
    return _is_dated(text[begin:start]) and _SENTENCE.match(text, end) is not None


def _is_dated(piece: str) -> bool:
    """Whether a piece of a line ends with a day or a time: 来源：云湖发布 2023-09-06 19:42."""
    dated = piece[-1:] in _DATE_ENDS and _DATED.search(piece, len(piece) - 4) is not None
    return dated and len(piece) <= _LONGEST


def _is_break(text: str, begin: int, run: Run) -> bool:
    """Whether a run of spaces stands for a break of the line that began at `begin`.

    An indentation does behind a sentence, a heading or a title, and in front of a number; a space
    alone only where a number or a signature follows, or what is a title by its words comes first.
    """
    start, end = run
    ended = text[start - 1] in _ENDS
    numbered = lines.number().match(text, end) is not None
    piece = text[begin:start]
    heading = _heading().fullmatch(piece) is not None
    title = begin == 0 and _TITLE.fullmatch(piece) is not None
    if end - start == 1:
        if title:
            return piece.endswith(_title_words())
        return (ended or heading) and (numbered or _SIGNED.match(text, end) is not None)
    wide = text.startswith("\u3000\u3000", start) and len(piece) > 1
    called = text[start - 1] in _CALLED and len(piece) > 2
    dated = _is_dated(piece) or _SIGNATURE.match(text, end) is not None
    return ended or called or numbered or heading or title or wide or dated


@cache
def _heading() -> re.Pattern[str]:
    return re.compile(rf"(?:{lines.number().pattern})[^。！？!?\n]{{2,40}}")


@cache
def _title_words() -> tuple[str, ...]:
    return tuple(lexicon.toml("restore/facts.toml")["title"]["words"])


def _numbered(text: str) -> list[Change]:
    """The headings 一、 二、 in the middle of lines, where they count on from one another."""
    inline = {match.start(2): match for match in _INLINE.finditer(text)}
    heads = sorted([*inline, *(match.start(1) for match in _HEADS.finditer(text))])
    found: list[Change] = []
    last = 0
    for start in heads:
        number = integer(text[start : text.index("、", start)])
        if number not in (1, last + 1):
            continue
        last = number
        if start in inline:
            found.append((inline[start].start(), inline[start].end(), inline[start][1] + "\n"))
    return found
