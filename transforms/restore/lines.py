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


class _Span(NamedTuple):
    """A line that is not blank: `text[start:end]` without the spaces around it, and with them."""

    start: int
    end: int
    begin: int
    stop: int


def mend(draft: Draft, breaks: frozenset[int] = frozenset()) -> None:
    """Joins what belongs together and takes out the rest of the layout.

    `breaks` are places of the source text where a full line ends, when repairs made before
    have changed the lengths of lines.
    """
    text = draft.text
    spans = _spans(text)
    full: Sequence[bool] = ()
    if draft.wants("hard_wrap"):
        if breaks:
            places = draft.places(breaks)
            full = [span.stop in places for span in spans]
        else:
            full = _full(text, spans)
    mender = _Mender(draft, spans, full)
    mender.take()
    mender.finish()


def full_breaks(text: str) -> list[int]:
    """Places of the line breaks behind full lines, in a text whose lines are wrapped.

    Notes in the text that were not torn may make a line longer, by up to ten characters.
    """
    spans = _spans(text)
    full = _full(text, spans)
    if not any(full):
        sizes = [stop - begin for _, _, begin, stop in spans]
        most = max(sizes, default=0)
        long = [size for size in sizes if size >= _MIN_WRAP]
        near = len([size for size in long if size >= most - 10])
        if len(long) < 5 or near < 0.6 * len(long) or most > 100:
            return []
        full = [size >= most - 10 for size in sizes]
    return [
        s.stop for s, is_full in zip(spans, full, strict=True) if is_full and s.stop < len(text)
    ]


def _spans(text: str) -> list[_Span]:
    """The lines that are not blank."""
    spans: list[_Span] = []
    add = spans.append
    at = 0
    for line in text.split("\n"):
        stop = at + len(line)
        if line:
            if line[0] not in _BLANK and line[-1] not in _BLANK:
                add(_new(_Span, (at, stop, at, stop)))
            elif line.strip(_BLANK):
                start = stop - len(line.lstrip(_BLANK))
                add(_new(_Span, (start, at + len(line.rstrip(_BLANK)), at, stop)))
        at = stop + 1
    return spans


_new = tuple.__new__  # spares a call for every line


# ---------------------------------------------------------------- where lines are wrapped


def _full(text: str, spans: Sequence[_Span]) -> Sequence[bool]:
    """For each line whether nothing more went on it; empty where lines are not wrapped."""
    if not _may_be_wrapped(text, spans):
        return ()
    sizes = [stop - begin for _, _, begin, stop in spans]
    if width := _shared([size for size in sizes if size >= _MIN_WRAP], 0, 1):
        return [width - 1 <= size <= width + 1 for size in sizes]
    columns = [_columns(text, span) for span in spans]
    if width := _shared([n for n, s in zip(columns, sizes, strict=True) if s >= _MIN_WRAP], 3, 6):
        return [size >= width - 3 for size in columns]
    return ()


def _may_be_wrapped(text: str, spans: Sequence[_Span]) -> bool:
    """Whether a fair share of the longest lines does not end as sentences do."""
    if len(spans) < 4:
        return False
    sizes = [end - start for start, end, _, _ in spans]
    longest = sorted(sizes)[-1 - len(sizes) // 16]
    if longest < _MIN_WRAP:
        return False
    terminal = _terminal()
    low = 0.72 * longest
    lasts = [text[end - 1] for start, end, _, _ in spans if end - start >= low]
    torn = len([last for last in lasts if last not in terminal])
    return torn >= 3 and 3 * torn >= len(lasts)


def _columns(text: str, span: _Span) -> int:
    """Room on paper: a character outside ASCII takes two columns."""
    line = text[span.begin : span.end]
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

    def __init__(self, draft: Draft, spans: Sequence[_Span], full: Sequence[bool]) -> None:
        self._draft = draft
        self._text = draft.text
        self._spans = spans
        self._full = full
        self._cuts: list[Cut] = []
        self._blanks: list[int] = []  # line breaks that become spaces
        self._paragraph = 0  # where the paragraph begins
        self._last = -1  # number of the last line kept
        self._paragraphs = 0

    def take(self) -> None:
        """All lines in turn.

        What is plain is settled here, with the state in local names; `_other` has the rest.
        """
        text, terminal, firsts, lasts = self._text, _terminal(), _no_starts(), _no_ends()
        spans, full, cuts = self._spans, self._full, self._cuts
        wrapped, pages = bool(full), self._draft.wants("page_break")
        behind = paragraph = paragraphs = 0
        last = -1
        for number, span in enumerate(spans):
            start, end, _, _ = span
            first = text[start]
            if end - start < 24 and first in _PAGE_STARTS and text[end - 1] in _PAGE_ENDS:
                if pages and _page().fullmatch(text, start, end):
                    continue
                plain = False
            elif wrapped:
                if last == number - 1 >= 0 and full[last] and self._goes_on(spans[last], span):
                    cuts.append((behind, start, "hard_wrap"))
                    last, behind = number, end
                    continue
                plain = (
                    last >= 0
                    and not full[last]
                    and text[behind - 1] in terminal
                    and first not in firsts
                )
            elif behind and first not in firsts:
                tail = text[behind - 1]
                plain = tail in terminal or (
                    behind - paragraph < _RUNNING
                    and tail not in lasts
                    and text[start : start + 2] != text[behind - 2 : behind]
                    and "，" not in text[paragraph:behind]
                    and "。" not in text[paragraph:behind]
                )
            else:
                plain = False
            if plain:
                if start - behind > 1:
                    self._gap(behind, start)
                paragraph, last = start, number
                paragraphs += 1
            else:
                self._paragraph, self._last, self._paragraphs = paragraph, last, paragraphs
                self._other(number, span)
                paragraph, last, paragraphs = self._paragraph, self._last, self._paragraphs
            behind = end
        self._last = last

    def _other(self, number: int, span: _Span) -> None:
        """A line that is looked at more closely."""
        repair = self._joins(number, span) if self._last >= 0 else ""
        if repair and self._draft.wants(repair):
            self._join(span, repair)
            self._last = number
        else:
            self._begin(number, span)

    def _goes_on(self, before: _Span, span: _Span) -> bool:
        """Whether the line plainly goes on with the one before, which is full."""
        before_start, before_end, before_begin, before_stop = before
        start, _, begin, _ = span
        if before_stop + 1 != begin:
            return False
        text = self._text
        tail = text[before_end - 1]
        if tail < "\x80" or tail in _unclear_ends() or text[before_start] in "—（(":
            return False
        if start - begin > before_start - before_begin + 1:
            return False
        return text[start] not in _UNCLEAR_STARTS or not (
            _strong().match(text, start) or _weak().match(text, start)
        )

    def _begin(self, number: int, span: _Span) -> None:
        """A paragraph begins with the line."""
        behind = self._spans[self._last].end if self._last >= 0 else 0
        if self._last < 0:
            if span.start:
                self._cuts.append((0, span.start, "layout"))
        elif span.start - behind > 1:
            self._gap(behind, span.start)
        self._paragraph, self._last = span.start, number
        self._paragraphs += 1

    def _gap(self, behind: int, start: int) -> None:
        """Of what stands between two paragraphs only the first line break stays."""
        self._cuts += _around(behind, self._text.index("\n", behind), start, "layout")

    def _join(self, span: _Span, repair: str) -> None:
        text, behind = self._text, self._spans[self._last].end
        if _words_meet(text, behind, span.start):
            self._blanks.append(text.index("\n", behind))
            self._cuts += _around(behind, self._blanks[-1], span.start, repair)
            return
        self._cuts.append((behind, span.start, repair))
        if repair == "page_break" and (size := _repeated(text, behind, span)):
            self._cuts.append((span.start, span.start + size, "page_repeat"))

    def finish(self) -> None:
        """Makes the cuts."""
        size = len(self._text)
        behind = self._spans[self._last].end if self._last >= 0 else 0
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
        text = self._text
        repair = self._unless_furniture(number, span)
        line = text[span.start : min(span.end, span.start + _SHORT + 1)]
        if repair and len(line) <= _SHORT and furniture.standing_alone(line):
            return ""
        return repair

    def _unless_furniture(self, number: int, span: _Span) -> str:
        text, before = self._text, self._spans[self._last]
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
        full = bool(self._full) and self._full[self._last] and not apart
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
        text, behind = self._text, self._spans[self._last].end
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
        paragraph = self._text[self._paragraph : self._spans[self._last].end]
        return not heading and len(paragraph) >= 12 and ("，" in paragraph or "," in paragraph)

    def _running(self, heading: bool) -> bool:
        """Whether the paragraph is running text, whose sentences end with a full stop."""
        behind = self._spans[self._last].end
        paragraph = self._text[self._paragraph : behind]
        if "。" in paragraph:
            return True
        if heading or not ("，" in paragraph or "," in paragraph):
            return False
        if self._paragraphs <= 2 and len(_CLAUSE_ENDS.findall(paragraph)) < 2:
            return len(paragraph) >= 60  # else it may be the title
        return len(paragraph) >= _RUNNING


def _is_numbered(text: str, start: int, end: int) -> bool:
    """Whether a line or paragraph begins with a number: 一、 （二） 3."""
    first = text[start]
    if first not in _number_starts() and not first.isdecimal():
        return False
    return _strong().match(text, start, end) is not None


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


_PAGE_ENDS = frozenset("-—–－―─_页頁0123456789)）]】·•〕~～")
_PAGE_STARTS = frozenset("-—–－―─_第共总總pP0123456789(（[【·•〔~～")
_UNCLEAR_STARTS = frozenset("一二三四五六七八九十（(第附首其再最—•·●■◆▲★☆◇○①②③④⑤⑥⑦⑧⑨⑩0123456789")
_CLAUSE_ENDS = re.compile("[，、；,;]")
_NUMBER_TORN = re.compile(r"\d$|\d ?[.．]$")
_SUBTITLE = re.compile(r"——.*(?:会议上|大会上|讲话|报告)|[（(].{0,30}日[)）]")
_HAN = re.compile(r"[\u3400-\u9fff]+")


@cache
def _no_starts() -> frozenset[str]:
    return frozenset(_ends()["never_first"])


@cache
def _terminal() -> frozenset[str]:
    return frozenset(_ends()["terminal"] + "”")


@cache
def _unclear_ends() -> frozenset[str]:
    return frozenset(_ends()["terminal"] + _ends()["closing"])


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
def _number_starts() -> frozenset[str]:
    """What a number begins with, digits aside."""
    return frozenset(lexicon.toml("restore/lines.toml")["numbering"]["starts"])


@cache
def _strong() -> re.Pattern[str]:
    return re.compile("|".join(lexicon.toml("restore/lines.toml")["numbering"]["strong"]))


@cache
def _weak() -> re.Pattern[str]:
    return re.compile("|".join(lexicon.toml("restore/lines.toml")["numbering"]["weak"]))
