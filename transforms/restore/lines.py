"""Mends lines: hard wraps, page breaks inside sentences, page numbers, repeated characters.

A line break ends a paragraph unless the text says otherwise: the lines are all equally long, or
the sentence is not at its end. Paragraphs stand on lines of their own afterwards, without
indentation and without blank lines between them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import repeat
from typing import NamedTuple

import numpy as np

from transforms import lexicon
from transforms.restore import furniture, words
from transforms.restore.characters import Codes, Flags, Marks, codes_of, having
from transforms.restore.draft import Cut, Draft, Positions

_NEWLINE = np.array(ord("\n"), dtype=np.uint32)
_BLANK = " \u3000"
_MIN_WRAP = 12  # characters; nobody wraps narrower
_LONGEST_HEADING = 40
_SHORT = 60  # characters of a line that can be page furniture
_RUNNING = 25  # characters of a paragraph that is no heading
_PAGE_MARK = 24  # characters that a page number with what is around it has not
_MOST_REPEATED = 12  # characters that a page may repeat of the one before


class _Span(NamedTuple):
    """A line that is not blank: `text[start:end]` without the spaces around it, and with them."""

    start: int
    end: int
    begin: int
    stop: int


class _Lines(NamedTuple):
    """The lines that are not blank, an item a line: where they stand and how they begin and end.

    `starts` and `ends` are without the spaces around a line, `begins` and `stops` with them;
    `first` and `last` are the flags of `_edges` of the characters at `starts` and `ends - 1`.
    """

    starts: Positions
    ends: Positions
    begins: Positions
    stops: Positions
    first: Flags
    last: Flags


def mend(draft: Draft, breaks: Positions | None = None) -> None:
    """Joins what belongs together and takes out the rest of the layout.

    `breaks` are places of the source text where a full line ends, when repairs made before
    have changed the lengths of lines.
    """
    lines = _lines(draft)
    full: Marks | None = None
    if draft.wants("hard_wrap"):
        if breaks is not None and len(breaks):
            ended = np.zeros(len(draft.codes) + 1, dtype=np.bool_)
            ended[draft.places(breaks)] = True
            full = ended.take(lines.stops)
        else:
            full = _full(draft.text, lines)
    mender = _Mender(draft, lines, full)
    mender.take()
    mender.finish()


def full_breaks(draft: Draft) -> Positions:
    """Places of the line breaks behind full lines, in a draft whose lines are wrapped.

    Notes in the text that were not torn may make a line longer, by up to ten characters.
    """
    lines = _lines(draft)
    full = _full(draft.text, lines)
    if full is None:
        sizes = lines.stops - lines.begins
        long = sizes[sizes >= _MIN_WRAP]
        if len(long) < 5 or (most := int(long.max())) > 100:
            return long[:0]
        full = sizes >= most - 10
        if np.count_nonzero(long >= most - 10) < 0.6 * len(long):
            return long[:0]
    stops = lines.stops[full]
    return stops[stops < len(draft.codes)]


def _lines(draft: Draft) -> _Lines:
    """The lines that are not blank."""
    codes = draft.codes
    breaks = (codes == _NEWLINE).nonzero()[0]
    bounds = np.empty(len(breaks) + 2, dtype=np.int64)
    bounds[0], bounds[1:-1], bounds[-1] = -1, breaks, len(codes)
    begins, stops = bounds[:-1] + 1, bounds[1:]
    filled = (begins < stops).nonzero()[0]
    if len(filled) < len(begins):
        begins, stops = begins.take(filled), stops.take(filled)
    first, last = _flags(codes, begins), _flags(codes, stops - 1)
    blank = having(first | last, _IS_BLANK).nonzero()[0]
    if not len(blank):
        return _Lines(begins, stops, begins, stops, first, last)
    places = zip(begins.take(blank).tolist(), stops.take(blank).tolist(), strict=True)
    around = [draft.text[begin:stop] for begin, stop in places]
    starts, ends = begins.copy(), stops.copy()
    starts[blank] += [len(line) - len(line.lstrip(_BLANK)) for line in around]
    ends[blank] -= [len(line) - len(line.rstrip(_BLANK)) for line in around]
    filled = (starts < ends).nonzero()[0]
    if len(filled) < len(begins):
        begins, stops = begins.take(filled), stops.take(filled)
        starts, ends = starts.take(filled), ends.take(filled)
    return _Lines(starts, ends, begins, stops, _flags(codes, starts), _flags(codes, ends - 1))


def _flags(codes: Codes, places: Positions) -> Flags:
    """The flags of the characters at `places`."""
    return _edges().take(codes.take(places), mode="clip")


# ---------------------------------------------------------------- where lines are wrapped


def _full(text: str, lines: _Lines) -> Marks | None:
    """For each line whether nothing more went on it; None where lines are not wrapped."""
    if not _may_be_wrapped(lines):
        return None
    sizes = lines.stops - lines.begins
    long = sizes >= _MIN_WRAP
    if width := _shared(sizes[long].tolist(), 0, 1):
        return (sizes >= width - 1) & (sizes <= width + 1)
    places = zip(lines.begins.tolist(), lines.ends.tolist(), strict=True)
    columns = np.array([_columns(text[begin:end]) for begin, end in places])
    if width := _shared(columns[long].tolist(), 3, 6):
        return columns >= width - 3
    return None


def _may_be_wrapped(lines: _Lines) -> bool:
    """Whether a fair share of the longest lines does not end as sentences do."""
    number = len(lines.starts)
    if number < 4:
        return False
    sizes = (lines.ends - lines.starts).tolist()
    longest = sorted(sizes)[-1 - number // 16]
    if longest < _MIN_WRAP:
        return False
    low = 0.72 * longest
    ends = [
        last & _TERMINAL
        for last, size in zip(lines.last.tolist(), sizes, strict=True)
        if size >= low
    ]
    torn = ends.count(0)
    return torn >= 3 and 3 * torn >= len(ends)


def _columns(line: str) -> int:
    """Room on paper: a character outside ASCII takes two columns."""
    return 2 * len(line) - len(line.encode("ascii", "ignore"))


def _shared(sizes: list[int], below: int, above: int) -> int:
    """The size that most have, or up to `below` less; 0 where few do or some exceed it by more."""
    if len(sizes) < 4:
        return 0
    counts = Counter(sizes)
    shared = counts
    if below:
        shared = Counter({s: sum(counts[s - d] for d in range(below + 1)) for s in counts})
    times = max(shared.values())
    best = max(size for size, n in shared.items() if n == times)
    beyond = sum(n for size, n in counts.items() if size > best + above)
    if times >= 3 and times >= 0.35 * len(sizes) and beyond <= 0.1 * len(sizes):
        return best
    return 0


# ---------------------------------------------------------------- which lines belong together


class _Mender:
    """Goes through the lines and collects the cuts.

    Where the paragraph begins and where the last line stands is all that is kept; more is
    looked at only for the lines that need it.
    """

    def __init__(self, draft: Draft, lines: _Lines, full: Marks | None) -> None:
        self._draft = draft
        self._text = draft.text
        self._lines = lines
        self._starts: list[int] = lines.starts.tolist()
        self._ends: list[int] = lines.ends.tolist()
        self._wrapped = full is not None
        self._going_on = np.zeros(len(lines.starts), dtype=np.bool_)
        if full is None:
            full = self._going_on
        else:
            self._going_on = _going_on(self._text, lines, full)
        self._full: list[bool] = full.tolist()
        self._cuts: list[Cut] = []
        self._blanks: list[int] = []  # line breaks that become spaces
        self._paragraph = 0  # where the paragraph begins
        self._last = -1  # number of the last line kept
        self._paragraphs = 0

    def take(self) -> None:
        """All lines in turn.

        What is plain is settled here, with the state in local names; `_other` has the rest.
        """
        text, starts, ends, cuts = self._text, self._starts, self._ends, self._cuts
        firsts, lasts = self._lines.first.tolist(), self._lines.last.tolist()
        full, going_on = self._full, self._going_on.tolist()
        wrapped, pages = self._wrapped, self._draft.wants("page_break")
        behind = paragraph = paragraphs = 0
        last = taken = -1
        for number in self._not_joined():
            if number - taken > 1:  # those before are joined
                last = number - 1
                behind = ends[last]
            taken = number
            start, end, first = starts[number], ends[number], firsts[number]
            if first & _PAGE_START and lasts[number] & _PAGE_END and end - start < _PAGE_MARK:
                if pages and _page().fullmatch(text, start, end):
                    continue
                plain = False
            elif last == number - 1 and going_on[number]:
                cuts.append((behind, start, "hard_wrap"))
                last, behind = number, end
                continue
            elif last < 0 or full[last] or first & _NEVER_FIRST:
                plain = False
            elif lasts[last] & _TERMINAL:
                plain = True
            else:
                plain = (
                    behind - paragraph < _RUNNING
                    and not lasts[last] & _NEVER_LAST
                    and text[start : start + 2] != text[behind - 2 : behind]
                    and "，" not in text[paragraph:behind]
                    and "。" not in text[paragraph:behind]
                    and not (wrapped and _may_go_on(text, paragraph, behind, start))
                )
            if plain:
                if start - behind > 1:
                    cuts += _between(text, behind, start)
                paragraph, last = start, number
                paragraphs += 1
            else:
                self._paragraph, self._last, self._paragraphs = paragraph, last, paragraphs
                self._other(number)
                paragraph, last, paragraphs = self._paragraph, self._last, self._paragraphs
            behind = end
        self._last = last if taken == len(ends) - 1 else len(ends) - 1

    def _not_joined(self) -> Sequence[int]:
        """Numbers of the lines to look at, when those that go on for certain are joined."""
        if not self._wrapped:
            return range(len(self._starts))
        lines = self._lines
        page = having(lines.first, _PAGE_START) & having(lines.last, _PAGE_END)
        page &= lines.ends - lines.starts < _PAGE_MARK
        joined = self._going_on & ~page
        joined[1:] &= ~page[:-1]
        numbers = joined.nonzero()[0]
        behind, starts = lines.ends.take(numbers - 1), lines.starts.take(numbers)
        self._cuts += zip(behind.tolist(), starts.tolist(), repeat("hard_wrap"))
        rest: list[int] = (~joined).nonzero()[0].tolist()
        return rest

    def _other(self, number: int) -> None:
        """A line that is looked at more closely."""
        span = self._span(number)
        repair = self._joins(number, span) if self._last >= 0 else ""
        if repair and self._draft.wants(repair):
            self._join(span, repair)
            self._last = number
        else:
            self._begin(number, span)

    def _span(self, number: int) -> _Span:
        """Where a line stands."""
        begin, stop = self._lines.begins[number], self._lines.stops[number]
        return _Span(self._starts[number], self._ends[number], int(begin), int(stop))

    def _begin(self, number: int, span: _Span) -> None:
        """A paragraph begins with the line."""
        behind = self._ends[self._last] if self._last >= 0 else 0
        if self._last < 0:
            if span.start:
                self._cuts.append((0, span.start, "layout"))
        elif span.start - behind > 1:
            self._cuts += _between(self._text, behind, span.start)
        self._paragraph, self._last = span.start, number
        self._paragraphs += 1

    def _join(self, span: _Span, repair: str) -> None:
        text, behind = self._text, self._ends[self._last]
        if _words_meet(text, behind, span.start):
            self._blanks.append(text.index("\n", behind))
            self._cuts += _around(behind, self._blanks[-1], span.start, repair)
            return
        self._cuts.append((behind, span.start, repair))
        if repair == "page_break" and (size := _repeated(text, behind, span)):
            self._cuts.append((span.start, span.start + size, "page_repeat"))

    def finish(self) -> None:
        """Makes the cuts."""
        self._cuts.sort()
        size = len(self._text)
        behind = self._ends[self._last] if self._last >= 0 else 0
        if behind < size:
            self._cuts.append((behind, size, "layout"))
        if self._blanks:
            codes = self._draft.codes.copy()
            codes[self._blanks] = ord(" ")
            self._draft.recode(codes, "hard_wrap")
        draft = self._draft
        draft.cut([c for c in self._cuts if draft.wants(c[2])] if draft.without else self._cuts)

    def _joins(self, number: int, span: _Span) -> str:
        """The repair by which the line goes on with the last one, empty when it begins another."""
        repair = self._unless_furniture(number, span)
        return "" if repair and _stands_alone(self._text, span.start, span.end) else repair

    def _unless_furniture(self, number: int, span: _Span) -> str:
        text, before = self._text, self._span(self._last)
        behind, start = before.end, span.start
        apart = self._last != number - 1 or text.find("\n", before.stop + 1, span.begin) >= 0
        apart = apart or before.stop + 1 < span.begin
        repair = "page_break" if apart else "hard_wrap"
        ends = _ends()
        strong = _is_numbered(text, start, span.end)
        if text[start] in ends["never_first"]:
            return "" if strong else repair
        if text[before.start] in "—（(" and _SUBTITLE.fullmatch(text, before.start, behind):
            return ""
        tail = text[behind - 1]
        full = self._full[self._last] and not apart
        deeper = (start - span.begin) - (before.start - before.begin)
        numbered = _is_numbered(text, self._paragraph, behind)
        heading = numbered and behind - self._paragraph <= _LONGEST_HEADING
        if text[start].isdigit() and _NUMBER_TORN.search(
            text, max(self._paragraph, behind - 3), behind
        ):
            return repair if full or self._running(heading) or self._commas(heading) else ""
        if tail in ends["terminal"] or (tail in ends["closing"] and text[behind - 2] in "。！？"):
            more = full and deeper <= 1 and not strong and tail not in "：:"
            return repair if more and not heading else ""
        if strong and not (full and not numbered):
            return ""
        if full and deeper <= 1:
            return repair
        if tail in ends["never_last"] and not strong:
            return repair
        if deeper > 0 and not apart:
            return ""
        sentences = "。" in text[self._paragraph : behind]
        if self._running(heading) and (sentences or not _weak().match(text, start, span.end)):
            return repair
        if not numbered and self._is_torn(number, span, apart):
            return repair
        return ""

    def _is_torn(self, number: int, span: _Span, apart: bool) -> bool:
        """Whether a text too short to be known for running text is torn all the same.

        So it is by a page number in the middle, a word across the break, or a repetition.
        """
        text, behind = self._text, self._ends[self._last]
        size = _repeated(text, behind, span) if apart else 0
        if size > 1 and text[span.start + size] in _ends()["never_begins"]:
            return True
        if not self._commas(False):
            return False
        if size:
            return True
        paged = self._last != number - 1
        return paged or words.joined(text[behind - 4 : behind], text[span.start : span.start + 4])

    def _commas(self, heading: bool) -> bool:
        """Whether the paragraph has more than one clause, which few titles have."""
        paragraph = self._text[self._paragraph : self._ends[self._last]]
        return not heading and len(paragraph) >= 12 and ("，" in paragraph or "," in paragraph)

    def _running(self, heading: bool) -> bool:
        """Whether the paragraph is running text, whose sentences end with a full stop."""
        behind = self._ends[self._last]
        paragraph = self._text[self._paragraph : behind]
        if "。" in paragraph:
            return True
        if heading or not ("，" in paragraph or "," in paragraph):
            return False
        if self._paragraphs <= 2 and len(_CLAUSE_ENDS.findall(paragraph)) < 2:
            return len(paragraph) >= 60  # else it may be the title
        return len(paragraph) >= _RUNNING


def _going_on(text: str, lines: _Lines, full: Marks) -> Marks:
    """For each line whether it plainly goes on with the one before, which is full."""
    indents = lines.starts - lines.begins
    going_on = np.zeros(len(full), dtype=np.bool_)
    going_on[1:] = (
        full[:-1]
        & (lines.stops[:-1] + 1 == lines.begins[1:])
        & (indents[1:] <= indents[:-1] + 1)
        & ~having(lines.first[:-1], _ASIDE)
        & ~having(lines.last[:-1], _UNCLEAR_END)
    )
    unclear = having(lines.first, _UNCLEAR_START)
    unclear[1:] |= having(lines.last[:-1], _DIGIT)
    for number in (unclear & going_on).nonzero()[0].tolist():
        start, end = int(lines.starts[number]), int(lines.ends[number])
        going_on[number] = not (
            _any_number().match(text, start)
            or (lines.last[number - 1] & _DIGIT and _stands_alone(text, start, end))
        )
    return going_on


def _may_go_on(text: str, paragraph: int, behind: int, start: int) -> bool:
    """Whether the line at `start` may go on with what looks like the heading of a wrapped text."""
    before = text[max(paragraph, behind - _MOST_REPEATED) : behind]
    return text[start : start + 2] in before or "," in text[paragraph:behind]


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a line is furniture or a field, which no sentence goes on with."""
    return end - start <= _SHORT and furniture.standing_alone(text[start:end])


def _is_numbered(text: str, start: int, end: int) -> bool:
    """Whether a line or paragraph begins with a number: 一、 （二） 3."""
    first = text[start]
    if first not in _number_starts() and not first.isdecimal():
        return False
    return _strong().match(text, start, end) is not None


def _between(text: str, behind: int, start: int) -> Iterable[Cut]:
    """Cuts that leave only the first line break between two paragraphs."""
    if text[behind] == "\n":
        return ((behind + 1, start, "layout"),)
    return _around(behind, text.index("\n", behind), start, "layout")


def _around(behind: int, newline: int, start: int, repair: str) -> list[Cut]:
    """Cuts that leave of a gap only the character at `newline`."""
    cuts = ((behind, newline, repair), (newline + 1, start, repair))
    return [cut for cut in cuts if cut[0] < cut[1]]


def _words_meet(text: str, behind: int, start: int) -> bool:
    """Whether Latin letters meet at the break, which need a space between them."""
    before, first = text[behind - 1], text[start]
    return before.isascii() and first.isascii() and before.isalpha() and first.isalpha()


def _repeated(text: str, behind: int, span: _Span) -> int:
    """How many of the line's first characters repeat the last ones of the page before."""
    before = text[max(0, behind - _MOST_REPEATED) : behind]
    line = text[span.start : min(span.end, span.start + _MOST_REPEATED + 1)]
    for size in range(min(len(before), len(line) - 1), 1, -1):
        if before.endswith(line[:size]) and _HAN.fullmatch(line[:size]):
            return size
    if before[-1:] == line[:1] and _HAN.fullmatch(before[-1:]):
        left, right = before[-6:], line[:6]
        once, twice = words.cut(left + right[1:]), words.cut(left + right)
        if len(once) < len(twice) and left[-1] in twice:
            return 1
    return 0


_CLAUSE_ENDS = re.compile("[，、；,;]")
_NUMBER_TORN = re.compile(r"\d$|\d ?[.．]$")
_SUBTITLE = re.compile(r"——.*(?:会议上|大会上|讲话|报告)|[（(].{0,30}日[)）]")
_HAN = re.compile(r"[\u3400-\u9fff]+")


# what a character says of a line that begins or ends with it
_IS_BLANK = 1 << 0
_TERMINAL = 1 << 1  # ends a sentence, and so a paragraph
_NEVER_FIRST = 1 << 2
_NEVER_LAST = 1 << 3
_PAGE_START = 1 << 4
_PAGE_END = 1 << 5
_UNCLEAR_START = 1 << 6  # may begin a paragraph: a number, a bullet
_UNCLEAR_END = 1 << 7  # a sentence may be at its end, or a word of Latin letters
_ASIDE = 1 << 8  # begins a subtitle
_DIGIT = 1 << 9


@cache
def _edges() -> Flags:
    """Code point → these flags; the last one stands for all beyond."""
    ends = _ends()
    table = np.zeros(1 << 16, dtype=np.uint32)
    digits = "0123456789"
    for flag, characters in (
        (_IS_BLANK, _BLANK),
        (_TERMINAL, ends["terminal"] + "”"),
        (_NEVER_FIRST, ends["never_first"]),
        (_NEVER_LAST, ends["never_last"]),
        (_PAGE_START, "-—–－―─_第共总總pP(（[【·•〔~～" + digits),
        (_PAGE_END, "-—–－―─_页頁)）]】·•〕~～" + digits),
        (
            _UNCLEAR_START,
            "一二三四五六七八九十（(第附首其再最—•·●■◆▲★☆◇○①②③④⑤⑥⑦⑧⑨⑩" + digits,
        ),
        (_UNCLEAR_END, ends["terminal"] + ends["closing"]),
        (_ASIDE, "—（("),
        (_DIGIT, digits),
    ):
        table[codes_of(characters)] |= flag
    table[:0x80] |= _UNCLEAR_END
    table[codes_of(digits)] &= ~np.uint32(_UNCLEAR_END)
    return table


@cache
def _page() -> re.Pattern[str]:
    return re.compile("|".join(lexicon.toml("restore/marks.toml")["page"]["patterns"]))


@cache
def _ends() -> dict[str, str]:
    table: dict[str, str] = lexicon.toml("restore/lines.toml")["ends"]
    return table


@cache
def _number_starts() -> frozenset[str]:
    """What a number begins with, digits aside."""
    return frozenset(lexicon.toml("restore/lines.toml")["numbering"]["starts"])


@cache
def _strong() -> re.Pattern[str]:
    return re.compile("|".join(lexicon.toml("restore/lines.toml")["numbering"]["strong"]))


@cache
def _any_number() -> re.Pattern[str]:
    return re.compile(f"{_strong().pattern}|{_weak().pattern}")


@cache
def _weak() -> re.Pattern[str]:
    return re.compile("|".join(lexicon.toml("restore/lines.toml")["numbering"]["weak"]))
