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

_BLANK = " \u3000"
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
    size: int  # with the spaces around it
    narrow: bool  # indented by half-width spaces
    newline: int  # where the line break behind it stands, -1 at the end
    page: bool  # a page number
    gap: bool  # blank lines or a page number stand in front of it


def mend(draft: Draft, breaks: frozenset[int] = frozenset()) -> None:
    """Joins what belongs together and takes out the rest of the layout.

    `breaks` are places of the source text where a full line ends, when repairs made before
    have changed the lengths of lines.
    """
    text = draft.text
    spans = _spans(text)
    if not spans:
        draft.cut([(0, len(text), "layout")] if text else [])
        return
    width = _Width(0, 0)
    if breaks and draft.wants("hard_wrap"):
        width = _Width(0, 0, draft.places(breaks))
    elif draft.wants("hard_wrap") and _may_be_wrapped(text, spans):
        width = _wrap_width([_line(text, spans, i) for i in range(len(spans))])
    mender = _Mender(draft, width)
    mender.take(spans)
    mender.finish(len(text))


def _spans(text: str) -> list[tuple[int, int]]:
    """Where the lines that are not blank start and end, without spaces around them."""
    spans: list[tuple[int, int]] = []
    at = 0
    for line in text.split("\n"):
        size = len(line)
        if line and (line[0] in _BLANK or line[-1] in _BLANK):
            start = at + size - len(line.lstrip(_BLANK))
            end = at + len(line.rstrip(_BLANK))
            if start < end:
                spans.append((start, end))
        elif line:
            spans.append((at, at + size))
        at += size + 1
    return spans


def _may_be_wrapped(text: str, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether a fair share of the longest lines does not end as sentences do."""
    if len(spans) < 4:
        return False
    sizes = [end - start for start, end in spans]
    longest = sorted(sizes)[-1 - len(sizes) // 16]
    if longest < _MIN_WRAP:
        return False
    terminal = _terminal()
    low = 0.72 * longest
    near = [text[end - 1] not in terminal for start, end in spans if end - start >= low]
    torn = sum(near)
    return torn >= 3 and 3 * torn >= len(near)


@cache
def _terminal() -> frozenset[str]:
    return frozenset(_ends()["terminal"] + "”")


def _line(text: str, spans: Sequence[tuple[int, int]], number: int) -> _Line:
    start, end = spans[number]
    behind = spans[number - 1][1] if number else 0
    newline = text.rfind("\n", behind, start)
    gap = number > 0 and text.find("\n", behind, newline) >= 0
    begin = newline + 1 if newline >= 0 else behind
    stripped = text[start:end]
    page = (
        end - start < 24
        and stripped[0] in _PAGE_STARTS
        and _page().fullmatch(stripped) is not None
    )
    newline = text.find("\n", end)
    narrow = text[begin:start].isascii()
    size = (newline if newline >= 0 else len(text)) - begin
    return _Line(stripped, start, end, start - begin, size, narrow, newline, page, gap)


class _Mender:
    """Goes through the lines and collects the cuts."""

    def __init__(self, draft: Draft, width: _Width) -> None:
        self._draft = draft
        self._text = draft.text
        self._width = width
        self._cuts: list[Cut] = []
        self._blanks: list[int] = []  # line breaks that become spaces
        self._behind = 0  # where the last line ended
        self._state: _Paragraph | None = None  # None until it is needed
        self._single = True  # whether the paragraph has one line so far

    def take(self, spans: Sequence[tuple[int, int]]) -> None:
        """All lines in turn."""
        text, terminal = self._text, _terminal()
        firsts = _no_starts()
        after_page = False
        for number, (start, end) in enumerate(spans):
            finished = self._behind and text[self._behind - 1] in terminal
            short = end - start < 24 and text[start] in _PAGE_STARTS and text[end - 1] in _PAGE_ENDS
            if finished and not short and not self._width.any and text[start] not in firsts:
                self._alone(start, end)
                after_page = False
                continue
            if self._stands_alone(spans[number - 1], start) and not short:
                self._alone(start, end)
                continue
            line = _line(text, spans, number)
            if line.page and self._draft.wants("page_break"):
                after_page = True
                continue
            if after_page:
                line = line._replace(gap=True)
                after_page = False
            self._one(line, spans, number)

    def _alone(self, start: int, end: int) -> None:
        """A line that begins a paragraph, and nothing need be known of it yet."""
        self._break(start)
        self._state = None
        self._single = True
        self._behind = end

    def _stands_alone(self, last: tuple[int, int], start: int) -> bool:
        """Whether the line before is short, and neither it nor the next one is torn."""
        text = self._text
        return (
            self._single
            and self._behind == last[1]
            and last[1] - last[0] < _RUNNING
            and not self._width.any
            and text[start] not in _no_starts()
            and text[last[1] - 1] not in _no_ends()
            and "。" not in text[last[0] : last[1]]
        )

    def _one(self, line: _Line, spans: Sequence[tuple[int, int]], number: int) -> None:
        if self._state is None and self._behind:
            last = next(i for i in range(number - 1, -1, -1) if spans[i][1] == self._behind)
            self._state = _Paragraph(_line(self._text, spans, last), first=last < 3)
        repair = self._state.joins(line, self._width) if self._state else ""
        if repair and self._draft.wants(repair) and self._state:
            self._join(line, repair)
            self._state.add(line)
            self._single = False
        else:
            self._break(line.start)
            first = not self._behind or (
                self._state is not None and self._state.first and not self._state.running
            )
            self._state = _Paragraph(line, first=first)
            self._single = True
        self._behind = line.end

    def _break(self, start: int) -> None:
        """A paragraph begins at `start`."""
        behind = self._behind
        if not behind:
            if start:
                self._cuts.append((0, start, "layout"))
        elif start - behind > 1:
            self._cuts += _around(behind, self._text.index("\n", behind), start, "layout")

    def _join(self, line: _Line, repair: str) -> None:
        behind, text = self._behind, self._text
        repeated = _repeated(text, behind, line, repair)
        if _words_meet(text, behind, line):
            self._blanks.append(text.index("\n", behind))
            self._cuts += _around(behind, self._blanks[-1], line.start, repair)
        else:
            self._cuts.append((behind, line.start, repair))
        if repeated:
            self._cuts.append((line.start, line.start + repeated, "page_repeat"))

    def finish(self, end: int) -> None:
        """The text ends at `end`."""
        if self._behind < end:
            self._cuts.append((self._behind, end, "layout"))
        if self._blanks:
            codes = self._draft.codes.copy()
            codes[self._blanks] = ord(" ")
            self._draft.recode(codes, "hard_wrap")
        self._draft.cut(self._cuts)


def _around(behind: int, newline: int, start: int, repair: str) -> list[Cut]:
    """Cuts that leave of a gap only the character at `newline`."""
    cuts = ((behind, newline, repair), (newline + 1, start, repair))
    return [cut for cut in cuts if cut[0] < cut[1]]


def _words_meet(text: str, behind: int, line: _Line) -> bool:
    """Whether Latin letters meet at the break, which need a space between them."""
    before, first = text[behind - 1], line.text[0]
    return before.isascii() and first.isascii() and before.isalpha() and first.isalpha()


_PAGE_ENDS = frozenset("-—–－―─_页頁0123456789)）]】·•〕~～")
_PAGE_STARTS = frozenset("-—–－―─_第共总總pP0123456789(（[【·•〔~～")


class _Width(NamedTuple):
    """Where lines are wrapped: after so many characters, or so many columns; 0 for nowhere.

    `breaks` holds the places of line breaks behind full lines when they are known beforehand.
    """

    characters: int
    columns: int
    breaks: frozenset[int] = frozenset()

    @property
    def any(self) -> bool:
        """Whether lines are wrapped at all."""
        return bool(self.characters or self.columns or self.breaks)

    def full(self, line: _Line) -> bool:
        """Whether nothing more went on the line."""
        if self.breaks:
            return line.newline in self.breaks
        if self.characters:
            return self.characters - 1 <= line.size <= self.characters + 1
        return bool(self.columns) and _columns(line) >= self.columns - 3


def _columns(line: _Line) -> int:
    """Room on paper: a character outside ASCII takes two columns."""
    narrow = len(line.text.encode("ascii", "ignore"))
    return 2 * (len(line.text) + line.indent) - narrow - (line.indent if line.narrow else 0)


def _wrap_width(lines: Sequence[_Line]) -> _Width:
    """The width that a good part of the long lines share and nearly none exceeds."""
    long = [line for line in lines if line.size >= _MIN_WRAP and not line.page]
    if len(long) < 4:
        return _Width(0, 0)
    if characters := _shared([line.size for line in long], 0, 1):
        return _Width(characters, 0)
    return _Width(0, _shared([_columns(line) for line in long], 3, 6))


def _shared(sizes: list[int], below: int, above: int) -> int:
    """The size that most have, or up to `below` less; 0 where few do or some exceed it by more."""
    counts = Counter(sizes)
    best, times = max(
        ((size, sum(counts[size - d] for d in range(below + 1))) for size in counts),
        key=lambda pair: (pair[1], pair[0]),
    )
    beyond = sum(n for size, n in counts.items() if size > best + above)
    if times >= 3 and times >= 0.35 * len(sizes) and beyond <= 0.1 * len(sizes):
        return best
    return 0


def full_breaks(text: str) -> list[int]:
    """Places of the line breaks behind full lines, in a text whose lines are wrapped."""
    spans = _spans(text)
    if not _may_be_wrapped(text, spans):
        return []
    lines = [_line(text, spans, i) for i in range(len(spans))]
    width = _wrap_width(lines)
    if not width.any:
        return _loosely_full(lines)
    return [line.newline for line in lines if line.newline >= 0 and width.full(line)]


def _loosely_full(lines: Sequence[_Line]) -> list[int]:
    """The same where notes that were not torn make lines longer, by up to ten characters."""
    sizes = sorted(line.size for line in lines if line.size >= _MIN_WRAP)
    if len(sizes) < 5:
        return []
    most = sizes[-1]
    if sum(size >= most - 10 for size in sizes) < 0.6 * len(sizes) or most > 100:
        return []
    return [line.newline for line in lines if line.newline >= 0 and line.size >= most - 10]


class _Paragraph:
    """The paragraph being put together: enough of it to say whether the next line belongs to it."""

    def __init__(self, line: _Line | None = None, first: bool = True) -> None:
        self.size = 0
        self.sentences = False  # a sentence has ended in it
        self.commas = False
        self.numbered = False
        self.first = first  # nothing but short lines stand in front: it may be the title
        self._line: _Line = line if line is not None else _Line("", 0, 0, 0, 0, True, -1, False, False)
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
        repair = self._joins(line, width)
        if repair and len(line.text) <= _SHORT and furniture.standing_alone(line.text):
            return ""
        return repair

    def _joins(self, line: _Line, width: _Width) -> str:
        last = self._line
        tail = last.text[-1]
        repair = "page_break" if line.gap else "hard_wrap"
        ends = _ends()
        if line.text[0] in ends["never_first"]:
            return "" if _strong().match(line.text) else repair
        finished = tail in ends["terminal"] or (
            tail in ends["closing"] and last.text[-2:-1] in ("。", "！", "？")
        )
        if _SUBTITLE.fullmatch(last.text):
            return ""
        full = width.full(last) and not line.gap
        strong = _strong().match(line.text) is not None
        if _NUMBER_TORN.search(last.text[-3:]) and line.text[0].isdigit():
            return repair if full or self.running else ""
        if finished:
            more = full and line.indent <= last.indent + 1 and not strong and tail not in "：:"
            headed = self.numbered and self.size <= _LONGEST_HEADING
            return repair if more and not headed else ""
        if strong and not (full and not self.numbered):
            return ""
        if full and not (line.indent > last.indent + 1):
            return repair
        if tail in ends["never_last"] and not strong:
            return repair
        if line.indent > last.indent and not line.gap:
            return ""
        if self.running and not (_weak().match(line.text) and self.sentences is False):
            return repair
        return ""


_NUMBER_TORN = re.compile(r"\d$|\d ?[.．]$")
_SUBTITLE = re.compile(r"——.*(?:会议上|大会上|讲话|报告)|[（(].{0,30}日[)）]")


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
def _no_starts() -> frozenset[str]:
    return frozenset(_ends()["never_first"])


@cache
def _no_ends() -> frozenset[str]:
    return frozenset(_ends()["never_last"])


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
