"""Builds, for every figure, the plain record of its surroundings that all later rules read."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from schemas.document import Document
from schemas.mention import Mention, TimeMention
from transforms import lexicon
from transforms.extract.segments import cut
from transforms.extract.sentences import Figured

Token = tuple[str, str]  # word, tag

# A clause ends at a mark, but not at a comma or colon inside a number (1,234; 5:1). The pattern
# begins with a set of characters, so that a search skips to these.
_BOUNDARY = re.compile(
    r"[，；：。！？!?;\n•,:—](?:(?<=[^,:—])|(?<!\d[,:])(?<=[,:])|(?<=[,:])(?!\d)|(?<=—)—)"
)

# 一是…, （二）…, 3.…: the number of a point is not part of what it says
_ENUMERATOR = re.compile(
    r"(?:[一二三四五六七八九十]{1,2}[是要]|（[一二三四五六七八九十]{1,3}）|\d{1,2}[.．、](?!\d)|"
    r"[①-⑳]|第[一二三四五六七八九十](?=，))"
)
_ENUMERATES = frozenset("一二三四五六七八九十（第①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")


@dataclass(slots=True)
class Figure:
    """A mention and what stands around it. Texts are clean text with the times cut out.

    `left` reaches back to the figure before or to the beginning of the clause, `right` on to
    the figure behind or to the end of the clause. `joint` is the text between the figure
    before in the same clause and this one, None where there is none.
    """

    mention: Mention
    index: int  # in the document
    sentence: int
    paragraph: int
    clause: int  # number in the document
    segment: int  # number of the stretch between semicolons, in the document
    left_text: str
    right_text: str
    joint: str | None
    previous: Figure | None  # in the same clause
    parenthesis: bool  # stands in brackets behind something
    base_time: bool  # a time compared with was cut out of the left text
    lead_clauses: Sequence[str]  # clauses without figures before it
    left: list[Token]
    right: list[Token]
    following: Figure | None = None  # in the same clause
    # what the rules find
    own: str = ""  # the name that the words in front give
    end: int = 0  # where these words end without fillers
    name: str = ""
    root: str | None = None  # the noun of the name, without verbs; what an elision takes up
    measure: str = "level"
    sign: int = 1
    relation: str = ""  # the word that ties the figure to an indicator said elsewhere
    scope: bool = False  # says among how many a rank was reached: 12个乡镇第3
    used: int = 0  # words of `right` that belong to the name
    rules: list[str] = field(default_factory=list)
    parent: Figure | None = None
    parts: Sequence[str] = ()
    whole: list[Token] = field(default_factory=list)  # what a share is of
    heading: str = ""  # the heading that its paragraph begins with


def build(
    document: Document,
    sentences: Sequence[Figured],
    mentions: Sequence[Mention],
    times: Sequence[TimeMention],
) -> list[Figure]:
    """One record a mention, in the order of the text. `mentions` and `times` are sorted."""
    figures: list[Figure] = []
    clean = document.clean
    time_starts = [t.start for t in times]
    clause_number = segment = 0
    headed = {s.paragraph for s in document.sentences if s.heading}
    for number, sentence, first, last in sentences:
        inside = mentions[first:last]
        time_from = bisect_left(time_starts, sentence.start)
        time_to = bisect_left(time_starts, sentence.end)
        cuts = [(t.start, t.end, t.kind) for t in times[time_from:time_to]]
        bounds = _bounds(clean, sentence.start, sentence.end, inside, cuts)
        before: Sequence[str] = ()
        at, count = 0, last - first
        segment += 1
        start = sentence.start
        for end in bounds:
            clause_number += 1
            begin = at
            while at < count and inside[at].start < end:
                at += 1
            here = inside[begin:at]
            if here:
                place = first + begin, number, sentence.paragraph, clause_number, segment
                found = _clause(clean, here, cuts, start, end, before, place)
                if sentence.paragraph in headed and not sentence.heading:
                    for figure in found:
                        figure.heading = document.sections[sentence.section].heading
                figures += found
                if at == count:
                    break
            # a clause with figures, or a semicolon, ends what an earlier subject reaches
            mark = clean[end : end + 1]
            segment += mark in ("；", "。")
            if here or mark == "；":
                before = ()
            else:
                opening = _enumerator(clean, start, end)
                text, _ = _cut(clean, opening.end() if opening else start, end, cuts)
                before = (text, *before[:2])
            start = end + 1
    return figures


def _bounds(
    clean: str,
    start: int,
    end: int,
    inside: Sequence[Mention],
    cuts: Sequence[tuple[int, int, str]],
) -> list[int]:
    """Where the clauses of a sentence end, up to that of the last figure.

    Marks within a figure or a time do not count.
    """
    last = inside[-1].start
    taken = [(m.start, m.end) for m in inside]
    if cuts:
        taken += [(a, b) for a, b, _ in cuts]
        taken.sort()
    taken.append((end, end))
    passed = reach = 0  # so many spans begin at or before the mark; how far they reach
    bounds: list[int] = []
    for mark in _BOUNDARY.finditer(clean, start, end):
        at = mark.start()
        while taken[passed][0] <= at:
            if taken[passed][1] > reach:
                reach = taken[passed][1]
            passed += 1
        if reach <= at:
            bounds.append(at)
            if at > last:
                return bounds
    if not bounds or bounds[-1] != end - 1:
        bounds.append(end)
    return bounds


def _clause(
    clean: str,
    here: Sequence[Mention],
    cuts: Sequence[tuple[int, int, str]],
    start: int,
    end: int,
    before: Sequence[str],
    place: tuple[int, int, int, int, int],
) -> list[Figure]:
    """The records of one clause's figures; `place`: index of the first, sentence and so on."""
    index, sentence, paragraph, clause, segment = place
    cuts = [*_touching(cuts, start, end)] if cuts else cuts
    figures: list[Figure] = []
    previous: Figure | None = None
    left_from = start
    opening = _enumerator(clean, start, len(clean))
    if opening is not None:
        left_from = min(opening.end(), here[0].lead)
    ends = [mention.lead for mention in here[1:]]  # of the text behind each
    ends.append(end)
    bare = not cuts and clean.find("（", start, end) < 0 and clean.find("）", start, end) < 0
    for mention, right_to in zip(here, ends, strict=True):
        if bare:  # as most clauses are
            left_text, based, within = clean[left_from : mention.lead], False, False
            inside = False
            right_text = clean[mention.end : min(right_to, end)]
        else:
            inside = previous is not None and clean[left_from : mention.lead] == "）的"
            if inside and (opened := clean.rfind("（", start, left_from)) >= 0:
                # 占年初预算（15.2亿元）的75.5%: as if the bracket were not there
                outer = [f.mention.end for f in figures if f.mention.end <= opened]
                left_text, based, within = _left(clean, (outer or [start])[-1], opened, cuts)
                left_text += "的"
            else:
                inside = False
                left_text, based, within = _left(clean, left_from, mention.lead, cuts)
            right_text = _right(clean, mention.end, min(right_to, end), cuts)
        # what stands between two figures is cut once, and read from both sides
        if previous is None or previous.right_text != left_text:
            left = cut(left_text)
        else:
            left = previous.right
        if based:
            left = _parted(left)
        figure = Figure(
            mention=mention,
            index=index,
            sentence=sentence,
            paragraph=paragraph,
            clause=clause,
            segment=segment,
            left_text=left_text,
            right_text=right_text,
            joint=None if previous is None else clean[left_from : mention.lead],
            previous=previous,
            parenthesis=within or (previous is not None and previous.parenthesis and not inside),
            base_time=based,
            lead_clauses=before,
            left=left,
            right=cut(right_text),
        )
        if previous is not None:
            previous.following = figure
        figures.append(figure)
        previous = figure
        index += 1
        left_from = mention.end
    return figures


def _parted(tokens: list[Token]) -> list[Token]:
    """Words that arose where a time was cut out, parted again: 比[上半年]高 is not 比高."""
    compared = _compared()
    if not any(len(word) == 2 and word[0] in compared for word, _ in tokens):
        return tokens
    parted: list[Token] = []
    for word, tag in tokens:
        if len(word) == 2 and word[0] in compared:
            parted += [(word[0], "p"), (word[1], "a")]
        else:
            parted.append((word, tag))
    return parted


@cache
def _compared() -> frozenset[str]:
    return frozenset(lexicon.toml("cues/relations.toml")["compared"]["words"])


def _enumerator(clean: str, start: int, end: int) -> re.Match[str] | None:
    """The number of a point that a clause begins with; most begin with no letter of one."""
    letter = clean[start : start + 1]
    if letter in _ENUMERATES or letter.isdecimal():
        return _ENUMERATOR.match(clean, start, end)
    return None


def _cut(
    clean: str, start: int, end: int, cuts: Sequence[tuple[int, int, str]]
) -> tuple[str, bool]:
    """`clean[start:end]` without its times, and whether a base of comparison was among them."""
    if not cuts:
        return clean[start:end], False
    pieces: list[str] = []
    based = False
    at = start
    for a, b, kind in _touching(cuts, start, end):
        based = based or kind == "base"
        pieces.append(clean[at : max(a, at)])
        at = max(at, min(b, end))
    pieces.append(clean[at:end])
    return "".join(pieces), based


def _touching(
    cuts: Sequence[tuple[int, int, str]], start: int, end: int
) -> Iterator[tuple[int, int, str]]:
    """The cuts that share a character with `[start, end)`; found by bisection, since a clause
    may hold thousands of them."""
    i = bisect_left(cuts, (start,))
    i -= i > 0 and cuts[i - 1][1] > start
    while i < len(cuts) and cuts[i][0] < end:
        yield cuts[i]
        i += 1


def _left(
    clean: str, start: int, end: int, cuts: Sequence[tuple[int, int, str]]
) -> tuple[str, bool, bool]:
    """The text in front of a figure; it begins anew behind a bracket that opens or closed."""
    text, based = _cut(clean, start, max(start, end), cuts) if cuts else (clean[start:end], False)
    opened = text.rfind("（")
    closed = text.rfind("）")
    if opened > closed:
        return text[opened + 1 :], based, True
    if closed >= 0 and text.find("（") < 0:
        return text[closed + 1 :], based, False
    return text, based, False


def _right(clean: str, start: int, end: int, cuts: Sequence[tuple[int, int, str]]) -> str:
    """The text behind a figure, up to a bracket that closes or opens around other figures."""
    text = _to_time(clean, start, end, cuts) if cuts else clean[start:end]
    opened = text.find("（")
    closed = text.find("）")
    if closed >= 0 and (opened < 0 or closed < opened):
        return text[:closed]
    if opened >= 0 and closed < 0:
        return text[:opened]
    return text


def _to_time(clean: str, start: int, end: int, cuts: Sequence[tuple[int, int, str]]) -> str:
    """The text behind a figure, up to a time that parts it from what follows: 17个村|全年收入."""
    for a, _, kind in _touching(cuts, start, end):
        if start < a and kind != "base" and clean[start:a].strip():
            return clean[start:a]
    return _cut(clean, start, end, cuts)[0]
