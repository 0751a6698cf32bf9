"""Mends lines: hard wraps, page breaks inside sentences, page numbers, repeated characters.

A line break ends a paragraph unless the text says otherwise: the lines are all equally long, or
the sentence is not at its end. Paragraphs stand on lines of their own afterwards, without
indentation and without blank lines between them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from functools import cache
from itertools import compress

import numpy as np

from transforms import lexicon
from transforms.restore import furniture, words
from transforms.restore.characters import Marks
from transforms.restore.draft import Cut, Draft, Positions

_NEWLINE = np.array(ord("\n"), dtype=np.uint32)
_NO_PLACES: Positions = np.zeros(0, dtype=np.int64)
_BLANK = " \u3000"
_MIN_WRAP = 12  # characters; nobody wraps narrower
_LONGEST_HEADING = 40
_SHORT = 60  # characters of a line that can be page furniture
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
    text = draft.text
    lines = _lines(text)
    full: list[bool] | None = None
    if draft.wants("hard_wrap"):
        if breaks is not None and len(breaks):
            ended = set(draft.places(breaks).tolist())
            full = [stop in ended for _, _, _, stop, _, _ in lines]
        elif _may_be_wrapped(
            [end - start for start, end, _, _, _, _ in lines],
            [end - start for start, end, _, _, _, final in lines if not final & _TERMINAL],
        ):
            full = _full([text[begin:stop] for _, _, begin, stop, _, _ in lines])
    mender = _Mender(draft, lines, full)
    mender.take()
    mender.finish()


def full_breaks(draft: Draft) -> Positions:
    """Places of the line breaks behind full lines, in a draft whose lines are wrapped.

    Notes in the text that were not torn may make a line longer, by up to ten characters.
    """
    lines = draft.text.split("\n")
    breaks: Positions = (draft.codes == _NEWLINE).nonzero()[0]
    bare = [line.strip(_BLANK) for line in lines]
    if not all(bare):
        filled = list(map(bool, bare))
        breaks = breaks[_marks(filled[:-1])]
        lines, bare = list(compress(lines, filled)), list(filter(None, bare))
    terminal = _terminal()
    torn = [len(line) for line in bare if line[-1] not in terminal]
    full = _full(lines) if _may_be_wrapped(list(map(len, bare)), torn) else None
    if full is None:
        sizes = list(map(len, lines))
        long = [size for size in sizes if size >= _MIN_WRAP]
        if len(long) < 5 or (most := max(long)) > 100:
            return _NO_PLACES
        full = [size >= most - 10 for size in sizes]
        if sum(full) < 0.6 * len(long):
            return _NO_PLACES
    return breaks[_marks(full[: len(breaks)])]


def _marks(found: list[bool]) -> Marks:
    """An array of what a list says; by way of bytes it is made soonest."""
    return np.frombuffer(bytes(found), dtype=np.bool_)


def _lines(text: str) -> list[_Line]:
    """The lines that are not blank."""
    lines: list[_Line] = []
    flags = _edges().get
    begin = 0
    for line in text.split("\n"):
        stop = begin + len(line)
        if line:
            first, last = flags(line[0], 0), flags(line[-1], 0)
            if not (first | last) & _IS_BLANK:
                lines.append((begin, stop, begin, stop, first, last))
            elif filled := line.strip(_BLANK):
                start = begin + line.index(filled[0])
                first, last = flags(filled[0], 0), flags(filled[-1], 0)
                lines.append((start, start + len(filled), begin, stop, first, last))
        begin = stop + 1
    return lines


# ---------------------------------------------------------------- where lines are wrapped


def _full(lines: list[str]) -> list[bool] | None:
    """For each line whether nothing more went on it; None where they have no width in common.

    The lines are not blank and have the spaces around them.
    """
    sizes = list(map(len, lines))
    counts = Counter(sizes)
    if width := _shared({size: n for size, n in counts.items() if size >= _MIN_WRAP}, 0, 1):
        near = frozenset((width - 1, width, width + 1))
        return list(map(near.__contains__, sizes))
    columns = [_columns(line.rstrip(_BLANK)) for line in lines]
    long = [column for column, size in zip(columns, sizes, strict=True) if size >= _MIN_WRAP]
    if width := _shared(Counter(long), 3, 6):
        return [column >= width - 3 for column in columns]
    return None


def _may_be_wrapped(sizes: list[int], torn: list[int]) -> bool:
    """Whether a fair share of the longest lines does not end as sentences do.

    Of the lines that are not blank, how long they are without spaces, and of those that do not
    end so.
    """
    if len(sizes) < 4 or len(torn) < 3:
        return False
    ordered = sorted(sizes)
    longest = ordered[-1 - len(ordered) // 16]
    if longest < _MIN_WRAP:
        return False
    low = 0.72 * longest
    long = len(torn) - bisect_left(sorted(torn), low)
    return long >= 3 and 3 * long >= len(ordered) - bisect_left(ordered, low)


def _columns(line: str) -> int:
    """Room on paper: a character outside ASCII takes two columns."""
    return 2 * len(line) - len(line.encode("ascii", "ignore"))


def _shared(counts: dict[int, int], below: int, above: int) -> int:
    """The size that most have, or up to `below` less; 0 where few do or some exceed it by more.

    `counts` has the number of lines by size.
    """
    number = sum(counts.values())
    if number < 4:
        return 0
    shared = counts
    if below:
        shared = {s: sum(counts.get(s - d, 0) for d in range(below + 1)) for s in counts}
    times = max(shared.values())
    if times < 3 or times < 0.35 * number:
        return 0
    best = max([size for size, n in shared.items() if n == times])
    beyond = sum([n for size, n in counts.items() if size > best + above])
    return best if beyond <= 0.1 * number else 0


# ---------------------------------------------------------------- which lines belong together


class _Mender:
    """Goes through the lines and collects the cuts.

    Where the paragraph begins and where the last line stands is all that is kept; more is
    looked at only for the lines that need it.
    """

    def __init__(self, draft: Draft, lines: list[_Line], full: list[bool] | None) -> None:
        self._draft = draft
        self._text = draft.text
        self._lines = lines
        self._wrapped = full is not None
        self._full = [False] * len(lines) if full is None else full
        self._cuts: list[Cut] = []
        self._blanks: list[int] = []  # line breaks that become spaces
        self._paragraph = 0  # where the paragraph begins
        self._last = -1  # number of the last line kept
        self._behind = 0  # where it ends
        self._paragraphs = 0

    def take(self) -> None:
        """All lines in turn.

        What is plain is settled here, with the state in local names; `_other` has the rest.
        """
        text, cuts, full = self._text, self._cuts, self._full
        wrapped, pages = self._wrapped, self._draft.wants("page_break")
        behind = paragraph = paragraphs = 0
        last = -1
        before = (0, 0, 0, 0, 0, 0)  # the last line kept
        for number, line in enumerate(self._lines):
            start, end, begin, _, first, final = line
            if first & _PAGE_START and final & _PAGE_END and end - start < _PAGE_MARK:
                if pages and _page().fullmatch(text, start, end):
                    continue
                plain = False
            elif last < 0:
                plain = False
            elif full[last]:
                if (
                    last == number - 1
                    and before[3] + 1 == begin
                    and start - begin <= before[0] - before[2] + 1
                    and not (before[4] & _ASIDE or before[5] & _UNCLEAR_END)
                    and not ((first & _UNCLEAR_START or before[5] & _DIGIT) and self._anew(number))
                ):
                    cuts.append((behind, start, "hard_wrap"))
                    last, behind, before = number, end, line
                    continue
                plain = False
            elif first & _NEVER_FIRST:
                plain = False
            elif before[5] & _TERMINAL:
                plain = True
            else:
                plain = (
                    behind - paragraph < _RUNNING
                    and not before[5] & _NEVER_LAST
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
                self._paragraph, self._last, self._behind = paragraph, last, behind
                self._paragraphs = paragraphs
                self._other(number, line)
                paragraph, last, paragraphs = self._paragraph, self._last, self._paragraphs
            behind, before = end, line
        self._last, self._behind = last, behind

    def _anew(self, number: int) -> bool:
        """Whether a line behind a full one begins anew, by its number or as a field."""
        start, end = self._lines[number][:2]
        return _any_number().match(self._text, start) is not None or bool(
            self._lines[number - 1][5] & _DIGIT and _stands_alone(self._text, start, end)
        )

    def _other(self, number: int, line: _Line) -> None:
        """A line that is looked at more closely."""
        repair = self._joins(number, line) if self._last >= 0 else ""
        if repair and self._draft.wants(repair):
            self._join(line, repair)
        else:
            self._begin(line)
        self._last = number

    def _begin(self, line: _Line) -> None:
        """A paragraph begins with the line."""
        start = line[0]
        if self._last < 0:
            if start:
                self._cuts.append((0, start, "layout"))
        elif start - self._behind > 1:
            self._cuts += _between(self._text, self._behind, start)
        self._paragraph = start
        self._paragraphs += 1

    def _join(self, line: _Line, repair: str) -> None:
        text, behind, start = self._text, self._behind, line[0]
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

    def _joins(self, number: int, line: _Line) -> str:
        """The repair by which the line goes on with the last one, empty when it begins another."""
        repair = self._unless_furniture(number, line)
        return "" if repair and _stands_alone(self._text, line[0], line[1]) else repair

    def _unless_furniture(self, number: int, line: _Line) -> str:
        text, paragraph = self._text, self._paragraph
        start, end, begin, _, first, _ = line
        before, behind, began, stopped, aside, _ = self._lines[self._last]
        apart = self._last != number - 1 or stopped + 1 < begin
        repair = "page_break" if apart else "hard_wrap"
        ends = _ends()
        strong = _is_numbered(text, start, end)
        if first & _NEVER_FIRST:
            return "" if strong else repair
        if aside & _ASIDE and _SUBTITLE.fullmatch(text, before, behind):
            return ""
        tail = text[behind - 1]
        full = self._full[self._last] and not apart
        deeper = (start - begin) - (before - began)
        if text[start].isdigit() and _NUMBER_TORN.search(text, max(paragraph, behind - 3), behind):
            heading = self._heading()
            return repair if full or self._running(heading) or self._commas(heading) else ""
        if tail in ends["terminal"] or (tail in ends["closing"] and text[behind - 2] in "。！？"):
            more = full and deeper <= 1 and not strong and tail not in "：:"
            return repair if more and not self._heading() else ""
        if strong and not full:
            return ""
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
        if not numbered and self._is_torn(number, line, apart):
            return repair
        return ""

    def _is_torn(self, number: int, line: _Line, apart: bool) -> bool:
        """Whether a text too short to be known for running text is torn all the same.

        So it is by a page number in the middle, a word across the break, or a repetition.
        """
        text, behind, start = self._text, self._behind, line[0]
        size = _repeated(text, behind, line) if apart else 0
        if size > 1 and text[start + size] in _ends()["never_begins"]:
            return True
        if not self._commas(False):
            return False
        if size:
            return True
        paged = self._last != number - 1
        return paged or words.joined(text[behind - 4 : behind], text[start : start + 4])

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
def _strong() -> re.Pattern[str]:
    return re.compile("|".join(lexicon.toml("restore/lines.toml")["numbering"]["strong"]))


@cache
def _any_number() -> re.Pattern[str]:
    return re.compile(f"{_strong().pattern}|{_weak().pattern}")


@cache
def _weak() -> re.Pattern[str]:
    return re.compile("|".join(lexicon.toml("restore/lines.toml")["numbering"]["weak"]))
