"""Mends lines: hard wraps, page breaks inside sentences, page numbers, repeated characters.

A line break ends a paragraph unless the text says otherwise: the lines are all equally long, or
the sentence is not at its end. Paragraphs stand on lines of their own afterwards, without
indentation and without blank lines between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from functools import cache
from math import ceil

import numpy as np

from transforms import lexicon
from transforms.restore import furniture, words
from transforms.restore.characters import Codes, Flags, Marks
from transforms.restore.draft import Cut, Draft, Positions

_NEWLINE = np.array(ord("\n"), dtype=np.uint32)
_NO_PLACES: Positions = np.zeros(0, dtype=np.int64)
_NO_STOPS: frozenset[int] = frozenset()
_BLANK = " \u3000"
_MIN_WRAP = 12  # characters; nobody wraps narrower
_LONGEST_HEADING = 40
_SHORT = 60  # characters of a line that can be page furniture
_LONG_IF_WRAPPED = 18  # characters of a line of wrapped text that may go on, whatever it is
_RUNNING = 25  # characters of a paragraph that is no heading
_PAGE_MARK = 24  # characters that a page number with what is around it has not
_MOST_REPEATED = 12  # characters that a page may repeat of the one before


# A line that is not blank: where it starts and ends without the spaces around it, where it
# begins and stops with them, and the flags of `_edges` of its first and last character.
_Line = tuple[int, int, int, int, int, int]


def mend(draft: Draft, breaks: Positions | None = None) -> None:
    """Joins what belongs together and takes out the rest of the layout.

    `breaks` are places of the source text where a full line ends, when repairs made before
    have changed the lengths of lines.
    """
    lines = draft.text.split("\n")
    full: Set[int] | None = None
    if draft.wants("hard_wrap"):
        if breaks is not None and len(breaks):
            full = set(draft.places(breaks).tolist())
        elif _may_be_wrapped(lines):
            begins, stops, sizes, _, _ = _filled(draft.codes)
            wide = _full(draft.text, begins, stops, sizes)
            full = None if wide is None else set(stops[wide].tolist())
    mender = _Mender(draft, full)
    mender.take(lines)
    mender.finish()


def full_breaks(draft: Draft) -> Positions:
    """Places of the line breaks behind full lines, in a draft whose lines are wrapped.

    Notes in the text that were not torn may make a line longer, by up to ten characters.
    """
    codes = draft.codes
    begins, stops, sizes, bare, finals = _filled(codes)
    full = None
    if len(bare) >= 4 and (low := _low(int(np.sort(bare)[-1 - len(bare) // 16]))):
        long = bare >= low
        torn = long & ((finals & _TERMINAL) == 0)
        if _mostly(int(np.count_nonzero(torn)), int(np.count_nonzero(long))):
            full = _full(draft.text, begins, stops, sizes)
    if full is None:
        number = int(np.count_nonzero(sizes >= _MIN_WRAP))
        if number < 5 or (most := int(np.maximum.reduce(sizes))) > 100:
            return _NO_PLACES
        full = sizes >= most - 10
        if np.count_nonzero(full) < 0.6 * number:
            return _NO_PLACES
    breaks = stops[full]
    return breaks[:-1] if breaks[-1] == len(codes) else breaks


def _filled(codes: Codes) -> tuple[Positions, Positions, Positions, Positions, Flags]:
    """Where the lines that are not blank begin and stop, and how long they are.

    All that with the spaces around them; then how long they are without, and the flags of
    `_edges` of the last character that is no space.
    """
    edges = _edge_table()
    breaks = (codes == _NEWLINE).nonzero()[0]
    number = len(breaks)
    begins, stops = np.empty((2, number + 1), dtype=np.int64)
    begins[0], stops[number] = 0, len(codes)
    np.add(breaks, 1, out=begins[1:])
    stops[:number] = breaks
    sizes = stops - begins
    if np.count_nonzero(sizes) < len(sizes):
        filled = sizes > 0
        begins, stops, sizes = begins[filled], stops[filled], sizes[filled]
    finals = edges.take(codes.take(stops - 1))
    if not np.bitwise_or.reduce(edges.take(codes.take(begins)) | finals) & _IS_BLANK:
        return begins, stops, sizes, sizes, finals
    solid = ((edges.take(codes) & _IS_BLANK) == 0).nonzero()[0]
    low, high = solid.searchsorted(begins), solid.searchsorted(stops)
    filled = low < high
    last = solid[high[filled] - 1]
    bare = last + 1 - solid[low[filled]]
    finals = edges.take(codes.take(last))
    return begins[filled], stops[filled], sizes[filled], bare, finals


# ---------------------------------------------------------------- where lines are wrapped


def _full(text: str, begins: Positions, stops: Positions, sizes: Positions) -> Marks | None:
    """For each line whether nothing more went on it; None where they have no width in common.

    Where the lines begin and stop: they are not blank and have the spaces around them.
    """
    counts = np.bincount(sizes)
    counts[:_MIN_WRAP] = 0
    if width := _shared(counts, 0, 1):
        near: Marks = abs(sizes - width) <= 1
        return near
    lines = [text[i:j] for i, j in zip(begins.tolist(), stops.tolist(), strict=True)]
    columns = np.array([_columns(line.rstrip(_BLANK)) for line in lines])
    if width := _shared(np.bincount(columns[sizes >= _MIN_WRAP]), 3, 6):
        full: Marks = columns >= width - 3
        return full
    return None


def _may_be_wrapped(lines: list[str]) -> bool:
    """Whether a fair share of the longest lines does not end as sentences do."""
    number = len(lines) - lines.count("")
    if number < 4:
        return False
    sizes = sorted(map(len, lines))
    low = _low(sizes[-1 - number // 16])
    if not low or sizes[-3] < low:
        return False
    terminal = _terminal()
    ends = [bare[-1] for line in lines if len(line) >= low and (bare := line.rstrip(_BLANK))]
    return _mostly(sum([end not in terminal for end in ends]), len(ends))


def _low(longest: int) -> int:
    """From which size on a line is among the longest, by the size of one of them; 0 for none."""
    return ceil(0.72 * longest) if longest >= _MIN_WRAP else 0


def _mostly(torn: int, long: int) -> bool:
    """Whether so many torn ones of the long lines are a fair share."""
    return torn >= 3 and 3 * torn >= long


def _columns(line: str) -> int:
    """Room on paper: a character outside ASCII takes two columns."""
    return 2 * len(line) - len(line.encode("ascii", "ignore"))


def _shared(counts: Positions, below: int, above: int) -> int:
    """The size that most have, or up to `below` less; 0 where few do or some exceed it by more.

    `counts` has the number of lines by size.
    """
    number = int(np.add.reduce(counts))
    if number < 4:
        return 0
    shared = counts
    if below:
        shared = counts.copy()
        for less in range(1, below + 1):
            shared[less:] += counts[:-less]
        shared[counts == 0] = 0
    best = len(shared) - 1 - int(shared[::-1].argmax())
    times = int(shared[best])
    if times < 3 or times < 0.35 * number:
        return 0
    beyond = int(np.add.reduce(counts[best + above + 1 :]))
    return best if beyond <= 0.1 * number else 0


# ---------------------------------------------------------------- which lines belong together


class _Mender:
    """Goes through the lines and collects the cuts.

    Where the paragraph begins and where the last line stands is all that is kept; more is
    looked at only for the lines that need it.
    """

    def __init__(self, draft: Draft, full: Set[int] | None) -> None:
        """`full` is where full lines stop, None in a text that is not wrapped."""
        self._draft = draft
        self._text = draft.text
        self._full = full
        self._cuts: list[Cut] = []
        self._blanks: list[int] = []  # line breaks that become spaces
        self._paragraph = 0  # where the paragraph begins
        self._paragraphs = 0  # how many there are
        self._last: _Line = (0, 0, 0, 0, 0, 0)  # the last line kept
        self._is_full = False  # whether it is full
        self._paged = False  # whether a page number stood behind it
        self._page = 1  # the page by the last number in front of one
        self._behind = 0  # where it ends

    def take(self, lines: list[str]) -> None:
        """All lines in turn.

        What is plain is settled here, with the state in local names; `_other` has the rest.
        """
        text, cuts, flags = self._text, self._cuts, _edges().get
        wrapped, pages = self._full is not None, self._draft.wants("page_break")
        full = self._full or _NO_STOPS
        paragraph = paragraphs = 0
        is_full = paged = open_end = False  # open: it is full, and nothing at its end is unclear
        before = behind = began = opened = closed = 0  # of the last line kept
        stopped = stop = -1
        for line in lines:
            begin = stop + 1
            stop = begin + len(line)
            if not line:
                open_end = False
                continue
            first, final = flags(line[0], 0), flags(line[-1], 0)
            if open_end and not (first & _HINDER_START or final & _IS_BLANK):
                cuts.append((behind, begin, "hard_wrap"))
                before = began = begin
                behind = stopped = stop
                opened, closed = first, final
                is_full = stop in full
                open_end = is_full and not final & _HINDER_END
                continue
            open_end = False
            start, end = begin, stop
            if (first | final) & _IS_BLANK:
                filled = line.strip(_BLANK)
                if not filled:
                    continue
                start += line.index(filled[0])
                end = start + len(filled)
                first, final = flags(filled[0], 0), flags(filled[-1], 0)
            if first & _PAGE_START and final & _PAGE_END and end - start < _PAGE_MARK:
                if pages and _page().fullmatch(text, start, end):
                    paged = True
                    continue
                plain = False
            elif not paragraphs:
                plain = True
                behind = start
                if start:
                    cuts.append((0, start, "layout"))
            elif is_full:
                plain = (
                    stopped + 1 == begin
                    and not paged
                    and start - begin <= before - began + 1
                    and not (opened & _ASIDE or closed & _UNCLEAR_END)
                    and not (
                        (first & _UNCLEAR_START or closed & _DIGIT)
                        and self._anew(start, end, closed)
                    )
                )
            elif first & _NEVER_FIRST:
                plain = False
            elif closed & _TERMINAL:
                plain = True
            else:
                plain = (
                    behind - paragraph < _RUNNING
                    and not closed & _NEVER_LAST
                    and text[start : start + 2] != text[behind - 2 : behind]
                    and "，" not in (heading := text[paragraph:behind])
                    and "。" not in heading
                    and not (wrapped and _may_go_on(text, paragraph, behind, start))
                )
            if not plain:
                self._last = (before, behind, began, stopped, opened, closed)
                self._is_full, self._paged, self._behind = is_full, paged, behind
                self._paragraph, self._paragraphs = paragraph, paragraphs
                self._other((start, end, begin, stop, first, final))
                paragraph, paragraphs = self._paragraph, self._paragraphs
            elif is_full:
                cuts.append((behind, start, "hard_wrap"))
            else:
                if start - behind > 1:
                    if text[behind] == "\n":
                        cuts.append((behind + 1, start, "layout"))
                    else:
                        cuts += _between(text, behind, start)
                paragraph = start
                paragraphs += 1
            before, behind, began = start, end, begin
            stopped, opened, closed = stop, first, final
            paged = False
            if wrapped:
                is_full = stop in full
                open_end = is_full and not (final & _HINDER_END or first & _ASIDE)
        self._behind = behind

    def _anew(self, start: int, end: int, closed: int) -> bool:
        """Whether a line behind a full one begins anew, by its number or as a field."""
        return _any_number().match(self._text, start) is not None or bool(
            closed & _DIGIT and _stands_alone(self._text, start, end)
        )

    def _other(self, line: _Line) -> None:
        """A line that is looked at more closely."""
        repair = self._joins(line) if self._paragraphs else ""
        if repair and self._draft.wants(repair):
            self._join(line, repair)
        else:
            self._begin(line)

    def _begin(self, line: _Line) -> None:
        """A paragraph begins with the line."""
        start = line[0]
        if not self._paragraphs:
            if start:
                self._cuts.append((0, start, "layout"))
        elif start - self._behind > 1:
            self._cuts += _between(self._text, self._behind, start)
        self._paragraph = start
        self._paragraphs += 1

    def _join(self, line: _Line, repair: str) -> None:
        text, behind, start = self._text, self._behind, line[0]
        if size := self._turned(line):
            self._page = int(text[start : start + size - 1])
            self._cuts.append((behind, start + size, "page_break"))
            return
        if _words_meet(text, behind, start):
            self._blanks.append(text.index("\n", behind))
            self._cuts += _around(behind, self._blanks[-1], start, repair)
            return
        self._cuts.append((behind, start, repair))
        if repair == "page_break" and (size := _repeated(text, behind, line)):
            self._cuts.append((start, start + size, "page_repeat"))

    def finish(self) -> None:
        """Makes the cuts."""
        draft, size = self._draft, len(self._text)
        if self._behind < size:
            self._cuts.append((self._behind, size, "layout"))
        if self._blanks:
            draft.put(self._blanks, ord(" "), "hard_wrap")
        draft.cut([c for c in self._cuts if draft.wants(c[2])] if draft.without else self._cuts)

    def _joins(self, line: _Line) -> str:
        """The repair by which the line goes on with the last one, empty when it begins another."""
        repair = self._unless_furniture(line)
        return "" if repair and _stands_alone(self._text, line[0], line[1]) else repair

    def _unless_furniture(self, line: _Line) -> str:
        text, paragraph = self._text, self._paragraph
        start, end, begin, _, first, _ = line
        before, behind, began, stopped, aside, _ = self._last
        apart = self._paged or stopped + 1 < begin
        repair = "page_break" if apart else "hard_wrap"
        ends = _ends()
        strong = _is_numbered(text, start, end)
        if first & _NEVER_FIRST:
            return "" if strong else repair
        if aside & _ASIDE and _SUBTITLE.fullmatch(text, before, behind):
            return ""
        tail = text[behind - 1]
        full = self._is_full and not apart
        deeper = (start - begin) - (before - began)
        if text[start].isdigit() and _NUMBER_TORN.search(text, max(paragraph, behind - 3), behind):
            heading = self._heading()
            return repair if full or self._running(heading) or self._commas(heading) else ""
        if tail in ends["terminal"] or (tail in ends["closing"] and text[behind - 2] in "。！？"):
            more = full and deeper <= 1 and not strong and tail not in "：:"
            return repair if more and not self._heading() else ""
        if strong and not full:
            return "page_break" if self._turned(line) else ""
        if full and deeper <= 1 and not strong:
            return repair
        if tail in ends["never_last"] and not strong:
            return repair
        numbered = _is_numbered(text, paragraph, behind)
        if strong and numbered:
            return ""
        if full and deeper <= 1:
            return repair
        if deeper > 0 and not apart:
            return ""
        heading = numbered and behind - paragraph <= _LONGEST_HEADING
        sentences = "。" in text[paragraph:behind]
        if self._running(heading) and (sentences or not _weak().match(text, start, end)):
            return repair
        if (not numbered or aside & _ASIDE) and self._is_torn(line, apart):
            return repair
        return ""

    def _turned(self, line: _Line) -> int:
        """The size of the number of a page that the line begins with in the middle of a sentence.

        So sites of documents print them: 实现地区生产总值⏎2、7.1亿元. Each page is one long line.
        """
        text, behind = self._text, self._behind
        number = _PAGE_NUMBER.match(text, line[0])
        if number is None or behind - self._last[0] < _LONG_PAGE:
            return 0
        finished = text[behind - 1] in _ends()["terminal"] + _ends()["closing"]
        follows = self._page < int(number[1]) <= self._page + _PAGES_MISSED
        return len(number[0]) if follows and not finished else 0

    def _is_torn(self, line: _Line, apart: bool) -> bool:
        """Whether a text too short to be known for running text is torn all the same.

        So it is by a page number in the middle, a word across the break, or a repetition.
        """
        text, behind, start = self._text, self._behind, line[0]
        size = _repeated(text, behind, line) if apart else 0
        if size > 1 and text[start + size] in _ends()["never_begins"]:
            return True
        if not self._commas(False):
            long = behind - self._last[0] >= _LONG_IF_WRAPPED
            around = text[behind - 4 : behind], text[start : start + 4]
            return self._full is not None and not apart and long and words.joined(*around)
        if size:
            return True
        return self._paged or words.joined(text[behind - 4 : behind], text[start : start + 4])

    def _heading(self) -> bool:
        """Whether the paragraph is a numbered heading."""
        size = self._behind - self._paragraph
        return size <= _LONGEST_HEADING and _is_numbered(self._text, self._paragraph, self._behind)

    def _commas(self, heading: bool) -> bool:
        """Whether the paragraph has more than one clause, which few titles have."""
        paragraph = self._text[self._paragraph : self._behind]
        return not heading and len(paragraph) >= 12 and ("，" in paragraph or "," in paragraph)

    def _running(self, heading: bool) -> bool:
        """Whether the paragraph is running text, whose sentences end with a full stop."""
        paragraph = self._text[self._paragraph : self._behind]
        if "。" in paragraph:
            return True
        if heading or not ("，" in paragraph or "," in paragraph):
            return False
        if self._paragraphs <= 2 and len(_CLAUSE_ENDS.findall(paragraph)) < 2:
            return len(paragraph) >= 60  # else it may be the title
        return len(paragraph) >= _RUNNING


_PAGE_NUMBER = re.compile(r"(\d{1,3})、")
_LONG_PAGE = 160  # characters
_PAGES_MISSED = 4  # at most, that begin with a sentence and so stay paragraphs


def _may_go_on(text: str, paragraph: int, behind: int, start: int) -> bool:
    """Whether the line at `start` may go on with what looks like the heading of a wrapped text."""
    before = text[max(paragraph, behind - _MOST_REPEATED) : behind]
    if text[start : start + 2] in before or "," in text[paragraph:behind]:
        return True
    long = behind - paragraph >= _LONG_IF_WRAPPED
    return long and words.joined(text[behind - 4 : behind], text[start : start + 4])


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a line is furniture or a field, which no sentence goes on with."""
    return end - start <= _SHORT and furniture.standing_alone(text[start:end])


def _is_numbered(text: str, start: int, end: int) -> bool:
    """Whether a line or paragraph begins with a number: 一、 （二） 3."""
    first = text[start]
    if first not in _number_starts() and not first.isdecimal():
        return False
    return number().match(text, start, end) is not None


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


def _repeated(text: str, behind: int, following: _Line) -> int:
    """How many of the line's first characters repeat the last ones of the page before."""
    start, end = following[:2]
    before = text[max(0, behind - _MOST_REPEATED) : behind]
    line = text[start : min(end, start + _MOST_REPEATED + 1)]
    for size in range(min(len(before), len(line) - 1), 1, -1):
        if before.endswith(line[:size]) and _HAN.fullmatch(line[:size]):
            return size
    if before[-1:] == line[:1] and _HAN.fullmatch(before[-1:]):
        left, right = before[-6:], line[:6]
        twice = words.cut(left + right)
        if left[-1] in twice and len(words.cut(left + right[1:])) < len(twice):
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


_HINDER_START = _IS_BLANK | _PAGE_START | _UNCLEAR_START  # it may not go on with a full line
_HINDER_END = _UNCLEAR_END | _DIGIT  # the next one may not go on with it


@cache
def _edges() -> dict[str, int]:
    """Character → these flags; characters without any are left out."""
    ends = _ends()
    flags: dict[str, int] = {}
    digits = "0123456789"
    letters = "".join(map(chr, range(0x80)))
    for flag, characters in (
        (_IS_BLANK, _BLANK),
        (_TERMINAL, "".join(_terminal())),
        (_NEVER_FIRST, ends["never_first"]),
        (_NEVER_LAST, ends["never_last"]),
        (_PAGE_START, "-—–－―─_第共总總pP(（[【·•〔~～" + digits),
        (_PAGE_END, "-—–－―─_页頁)）]】·•〕~～" + digits),
        (
            _UNCLEAR_START,
            "一二三四五六七八九十（(第附首其再最—•·●■◆▲★☆◇○①②③④⑤⑥⑦⑧⑨⑩" + digits,
        ),
        (_UNCLEAR_END, ends["terminal"] + ends["closing"] + letters),
        (_ASIDE, "—（("),
        (_DIGIT, digits),
    ):
        for character in characters:
            flags[character] = flags.get(character, 0) | flag
    for digit in digits:
        flags[digit] &= ~_UNCLEAR_END
    return flags


@cache
def _edge_table() -> Flags:
    """Code point → these flags."""
    table = np.zeros(0x110000, dtype=np.uint32)
    for character, flags in _edges().items():
        table[ord(character)] = flags
    return table


@cache
def _page() -> re.Pattern[str]:
    return re.compile("|".join(lexicon.toml("restore/marks.toml")["page"]["patterns"]))


@cache
def _ends() -> dict[str, str]:
    table: dict[str, str] = lexicon.toml("restore/lines.toml")["ends"]
    return table


@cache
def _terminal() -> frozenset[str]:
    """What ends a sentence, and so a paragraph."""
    return frozenset(_ends()["terminal"] + "”")


@cache
def _number_starts() -> frozenset[str]:
    """What a number begins with, digits aside."""
    return frozenset(lexicon.toml("restore/lines.toml")["numbering"]["starts"])


@cache
def number() -> re.Pattern[str]:
    """The number that a paragraph begins with: 一、 （二） 3. (`seeds/restore/lines.toml`)."""
    return re.compile("|".join(lexicon.toml("restore/lines.toml")["numbering"]["strong"]))


@cache
def _any_number() -> re.Pattern[str]:
    return re.compile(f"{number().pattern}|{_weak().pattern}")


@cache
def _weak() -> re.Pattern[str]:
    return re.compile("|".join(lexicon.toml("restore/lines.toml")["numbering"]["weak"]))
