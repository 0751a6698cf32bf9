"""Mends lines: hard wraps, page breaks inside sentences, page numbers, repeated characters.

A line break ends a paragraph unless the text says otherwise: the lines are all equally long, or
the sentence is not at its end. Paragraphs stand on lines of their own afterwards, without
indentation and without blank lines between them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from transforms import lexicon
from transforms.restore import furniture, words
from transforms.restore.draft import Cut, Draft

_SPACES = " \u3000"
_MIN_WRAP = 12  # characters; nobody wraps narrower
_LONGEST_HEADING = 40
_SHORT = 60  # characters of a line that can be page furniture
_RUNNING = 25  # characters of a paragraph that is no heading
_MOST_REPEATED = 12  # characters that a page may repeat of the one before


class _Line(NamedTuple):
    """A line that is not blank: its text without spaces around it, where it starts and ends."""

    text: str
    start: int
    end: int
    indent: int
    size: int  # with the indentation
    page: bool  # a page number
    gap: bool  # blank lines or a page number stand in front of it


def mend(draft: Draft) -> None:
    """Joins what belongs together and takes out the rest of the layout."""
    text = draft.text
    found = _lines(text)
    width = _wrap_width(found) if draft.wants("hard_wrap") else _Width(0, 0)
    cuts: list[Cut] = []
    blanks: list[int] = []
    state = _Paragraph()
    behind = 0  # where the last line ended
    for number, line in enumerate(found):
        if line.page and draft.wants("page_break") and _is_page(found, number):
            continue
        repair = ""
        if behind:
            repair = state.joins(line, width)
            if repair and not draft.wants(repair):
                repair = ""
        if repair:
            repeated = _repeated(text, behind, line, repair)
            if text[behind - 1].isascii() and line.text[0].isascii() and _words_meet(text, behind, line):
                blanks.append(text.index("\n", behind))
                cuts += _around(behind, blanks[-1], line.start, repair)
            else:
                cuts.append((behind, line.start, repair))
            if repeated:
                cuts.append((line.start, line.start + repeated, "page_repeat"))
            state.add(line)
        else:
            if behind:
                cuts += _around(behind, text.index("\n", behind), line.start, "layout")
            elif line.start:
                cuts.append((0, line.start, "layout"))
            state = _Paragraph(line, first=not behind or (state.first and not state.running))
        behind = line.end
    if behind < len(text):
        cuts.append((behind, len(text), "layout"))
    if blanks:
        codes = draft.codes.copy()
        codes[blanks] = ord(" ")
        draft.recode(codes, "hard_wrap")
    draft.cut(cuts)


def _around(behind: int, newline: int, start: int, repair: str) -> list[Cut]:
    """Cuts that leave of a gap only the character at `newline`."""
    cuts = ((behind, newline, repair), (newline + 1, start, repair))
    return [cut for cut in cuts if cut[0] < cut[1]]


def _words_meet(text: str, behind: int, line: _Line) -> bool:
    """Whether Latin letters meet at the break, which need a space between them."""
    return text[behind - 1].isalpha() and line.text[0].isalpha()


def _lines(text: str) -> list[_Line]:
    found: list[_Line] = []
    page = _page()
    at = 0
    gap = False
    for raw in text.split("\n"):
        stripped = raw.strip(_SPACES)
        if stripped:
            start = at + len(raw) - len(raw.lstrip(_SPACES))
            is_page = len(stripped) < 24 and page.fullmatch(stripped) is not None
            size = start - at + len(stripped)
            found.append(
                _Line(stripped, start, start + len(stripped), start - at, size, is_page, gap)
            )
            gap = is_page
        else:
            gap = True
        at += len(raw) + 1
    return found


def _is_page(lines: Sequence[_Line], number: int) -> bool:
    """A bare number or a fraction is a page number only between lines of text."""
    return True


class _Width(NamedTuple):
    """Where lines are wrapped: after so many characters, or so many columns; 0 for nowhere."""

    characters: int
    columns: int

    def full(self, line: _Line) -> bool:
        """Whether nothing more went on the line."""
        if self.characters and self.characters - 1 <= line.size <= self.characters + 1:
            return True
        return bool(self.columns) and self.columns - 3 <= _columns(line) <= self.columns + 1


def _columns(line: _Line) -> int:
    ascii_ = len(line.text) - len(line.text.encode("ascii", "ignore"))
    return len(line.text) + ascii_ + 2 * line.indent if line.indent < 3 else len(line.text) + ascii_


def _wrap_width(lines: Sequence[_Line]) -> _Width:
    """The width that a third of the long lines share and nearly none exceeds."""
    long = [line for line in lines if line.size >= _MIN_WRAP and not line.page]
    if len(long) < 4:
        return _Width(0, 0)
    return _Width(
        _shared([line.size for line in long], 0), _shared([_columns(line) for line in long], 1)
    )


def _shared(sizes: list[int], slack: int) -> int:
    counts = Counter(sizes)
    best, times = max(
        ((size, sum(counts[size - d] for d in range(slack + 1))) for size in counts),
        key=lambda pair: (pair[1], pair[0]),
    )
    beyond = sum(n for size, n in counts.items() if size > best + 1)
    if times >= 3 and times >= 0.35 * len(sizes) and beyond <= 0.1 * len(sizes):
        return best
    return 0


class _Paragraph:
    """The paragraph being put together: enough of it to say whether the next line belongs to it."""

    def __init__(self, line: _Line | None = None, first: bool = True) -> None:
        self.size = 0
        self.sentences = False  # a sentence has ended in it
        self.commas = False
        self.numbered = False
        self.first = first  # nothing but short lines stand in front: it may be the title
        self._line: _Line = line if line is not None else _Line("", 0, 0, 0, 0, False, False)
        if line is not None:
            self.numbered = _strong().match(line.text) is not None
            self.add(line)

    def add(self, line: _Line) -> None:
        """Another line of the paragraph."""
        self.size += len(line.text)
        self.sentences = self.sentences or "。" in line.text
        self.commas = self.commas or "，" in line.text or "," in line.text
        self._line = line

    @property
    def running(self) -> bool:
        """Whether it is running text, whose sentences end with a full stop."""
        if self.sentences:
            return True
        if self.numbered and self.size <= _LONGEST_HEADING:
            return False
        return self.commas and self.size >= _RUNNING and not (self.first and self.size < 60)

    def joins(self, line: _Line, width: _Width) -> str:
        """The repair by which `line` goes on with it, empty when it begins another."""
        last = self._line
        if len(line.text) <= _SHORT and furniture.standing_alone(line.text):
            return ""
        repair = "page_break" if line.gap else "hard_wrap"
        ends = _ends()
        tail = last.text[-1]
        if line.text[0] in ends["never_first"]:
            return "" if _strong().match(line.text) else repair
        finished = tail in ends["terminal"] or (
            tail in ends["closing"] and last.text[-2:-1] in ("。", "！", "？")
        )
        full = width.full(last) and not line.gap
        strong = _strong().match(line.text) is not None
        if finished:
            more = full and line.indent <= last.indent and not strong and tail not in "：:"
            return repair if more and not (line.indent and not last.indent) else ""
        if strong and not (full and not self.numbered):
            return ""
        if full and not (line.indent > last.indent):
            return repair
        if tail in ends["never_last"] and not strong:
            return repair
        if line.indent > last.indent and not line.gap:
            return ""
        if self.running and not (_weak().match(line.text) and self.sentences is False):
            return repair
        return ""


def _repeated(text: str, behind: int, line: _Line, repair: str) -> int:
    """How many of the line's first characters repeat the last ones of the page before."""
    if not line.gap or repair != "page_break":
        return 0
    before = text[max(0, behind - _MOST_REPEATED) : behind]
    for size in range(min(len(before), len(line.text) - 1), 1, -1):
        if before.endswith(line.text[:size]) and _HAN.fullmatch(line.text[:size]):
            return size
    if before[-1:] == line.text[:1] and _HAN.fullmatch(before[-1:]):
        left, right = before[-6:], line.text[:6]
        once, twice = words.cut(left + right[1:]), words.cut(left + right)
        if len(once) < len(twice) and left[-1] in twice:
            return 1
    return 0


_HAN = re.compile(r"[\u3400-\u9fff]+")


@cache
def _page() -> re.Pattern[str]:
    return re.compile("|".join(lexicon.toml("restore/marks.toml")["page"]["patterns"]))


@cache
def _ends() -> dict[str, str]:
    table: dict[str, str] = lexicon.toml("restore/lines.toml")["ends"]
    return table


@cache
def _strong() -> re.Pattern[str]:
    return re.compile("|".join(lexicon.toml("restore/lines.toml")["numbering"]["strong"]))


@cache
def _weak() -> re.Pattern[str]:
    return re.compile("|".join(lexicon.toml("restore/lines.toml")["numbering"]["weak"]))
