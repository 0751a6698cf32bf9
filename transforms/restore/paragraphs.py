"""Begins a new line where a paragraph has lost its own.

A page taken apart for its text often loses its line breaks and keeps what indented the
paragraphs, or not even that: `。　　二、下一步打算　　（一）`, `。二、下一步打算（一）`. Titles,
headings and signatures are told by the lines they stand on, and with them which part of a
report looks ahead.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import groupby

from transforms import lexicon
from transforms.restore.draft import Change, Draft

_S = "[ \u3000]"
_NUMERALS = "一二三四五六七八九十"
_NUMBER = (
    rf"(?:[{_NUMERALS}]{{1,3}}、|[（(][{_NUMERALS}]{{1,3}}[）)]"
    rf"|\d{{1,2}}[.．、](?!\d)|第[{_NUMERALS}]{{1,2}}[，,、])"
)
_RUN = re.compile(rf"(?<=[^\s]){_S}+(?=[^\s])")
_ENDS = frozenset("。！？!?”）)")
_CALLED = frozenset("：:")  # 各位代表：
_DATED = re.compile(
    r".*(?:(?:19|20)\d\d[-./年]\d{1,2}[-./月]\d{1,2}日?|\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)"
)
_HEADING = re.compile(rf"{_NUMBER}[^。！？!?\n]{{2,40}}")
_BEHIND = re.compile(_NUMBER)
_TITLE = re.compile(r"[^，。：；,:;]{5,40}")
_SENTENCE = re.compile(r"[^。\n]+。")
_SIGNATURE = re.compile(rf"(?:19|20)\d\d年\d{{1,2}}月(?:\d{{1,2}}日)?(?={_S}*(?:\n|$))")
_SIGNED = re.compile(
    rf"[^。！？，,\s]{{4,30}}{_S}*(?:19|20)\d\d年\d{{1,2}}月(?:\d{{1,2}}日)?(?={_S}*(?:\n|$))"
)
_INLINE = re.compile(rf"([。！？]){_S}?(?=([{_NUMERALS}]{{1,3}})、(?![{_NUMERALS}]))")
_HEADS = re.compile(rf"^{_S}*([{_NUMERALS}]{{1,3}})、", re.MULTILINE)


def split(draft: Draft) -> None:
    """Puts a line break for what is left of one in the middle of a line."""
    text = draft.text
    if any(map(text.__contains__, _BLANKS)):
        draft.splice(_indented(text), "paragraph")
        text = draft.text
    if any(map(text.__contains__, _SECOND)):
        draft.splice(_numbered(text), "paragraph")


_BLANKS = ("  ", "\u3000\u3000", "。 ", "。\u3000")
_SECOND = ("。二、", "。 二、", "。\u3000二、")


def _indented(text: str) -> list[Change]:
    """What is left of breaks in the lines that have some behind a sentence."""
    found: list[Change] = []
    for begin, runs in groupby(_RUN.finditer(text), lambda m: text.rfind("\n", 0, m.start()) + 1):
        line = [match.span() for match in runs]
        if not any(_is_sure(text, begin, run) for run in line):
            continue
        for run in line:
            if _is_break(text, begin, run):
                found.append((*run, "\n"))
                begin = run[1]
    return found


def _is_sure(text: str, begin: int, run: tuple[int, int]) -> bool:
    """Whether a run of spaces in a line shows that the line has lost breaks."""
    start, end = run
    if text[start - 1] in "。！？":
        return _is_break(text, begin, run)
    dated = end - start > 1 and _DATED.fullmatch(text, begin, start)  # 2023-09-06 19:42　　今年
    return dated is not None and _SENTENCE.match(text, end) is not None


def _is_break(text: str, begin: int, run: tuple[int, int]) -> bool:
    """Whether a run of spaces stands for a break of the line that began at `begin`.

    An indentation does behind a sentence, a heading or a title, and in front of a number; a space
    alone only where a number or a signature follows, or what is a title by its words comes first.
    """
    start, end = run
    ended = text[start - 1] in _ENDS
    numbered = _BEHIND.match(text, end) is not None
    piece = text[begin:start]
    heading = _HEADING.fullmatch(piece) is not None
    title = begin == 0 and _TITLE.fullmatch(piece) is not None
    if end - start == 1:
        if title:
            return piece.endswith(_title_words())
        return (ended or heading) and (numbered or _SIGNED.match(text, end) is not None)
    wide = text.startswith("\u3000\u3000", start) and len(piece) > 1
    called = text[start - 1] in _CALLED and len(piece) > 2
    dated = _DATED.fullmatch(piece) or _SIGNATURE.match(text, end)
    return ended or called or numbered or heading or title or wide or dated is not None


@cache
def _title_words() -> tuple[str, ...]:
    return tuple(lexicon.toml("restore/facts.toml")["title"]["words"])


def _numbered(text: str) -> list[Change]:
    """The headings 一、 二、 in the middle of lines, where they count on from one another."""
    inline = {match.start(2): match for match in _INLINE.finditer(text)}
    heads = sorted([*inline, *(match.start(1) for match in _HEADS.finditer(text))])
    found: list[Change] = []
    number = 0
    for start in heads:
        if not text.startswith((_ordinal(number + 1) + "、", "一、"), start):
            continue
        number = number + 1 if text.startswith(_ordinal(number + 1) + "、", start) else 1
        if start in inline:
            found.append((inline[start].start(), inline[start].end(), inline[start][1] + "\n"))
    return found


def _ordinal(number: int) -> str:
    """一, 二, …, 十, 十一: as far as headings count."""
    tens, ones = divmod(number, 10)
    return ("十" if tens else "") + (_NUMERALS[ones - 1] if ones else "")
