"""Shifts back the runs of GBK that were read one byte off, as a byte was lost.

The second reading counts only where it consists of usual characters and of the dictionary's
words, and the first did not. What cannot be settled is marked with U+FFFD and never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from transforms.restore import bridges, script, words
from transforms.restore.characters import (
    ASK,
    COMMON,
    DAMAGE,
    DIGIT,
    HAN,
    LATIN,
    RARE,
    SECOND,
    TONED,
    Flags,
    classes,
    codes_of,
    flags_of,
)
from transforms.restore.characters import (
    MARK as MARK_FLAG,
)
from transforms.restore.draft import Change, Draft
from transforms.restore.gbk import AROUND, HALF, MARK, SIGNS, pair, pairs_from, swallowed

_SIGN = re.compile(f"[{SIGNS}]")
_LONGEST_RUN = 4000
_READS = 0.5  # of a run that reads well, the share that stands in words of two and more
_READS_IF_USUAL = 0.3  # when every character is a usual one: bytes out of step give rare ones
_SAMPLE = 40  # characters by which a run is judged
_KIND = RARE | SECOND


class _Run(NamedTuple):
    """A run that lost a byte: where it stands, and what it says behind its first character."""

    start: int
    end: int
    first: int  # the byte left of the first character
    rest: str
    last: int  # the byte left of the last character, 0 where the run ends in step
    half: bool  # whether its first character was a mark that has lost its full width


def shift_back(draft: Draft, flags: Flags, seen: int) -> bool:
    """Shifts back the runs of GBK that lost a byte, and marks what stays damaged.

    Whether any was shifted back.
    """
    marking = draft.wants("damaged")
    if marking and LOCKED in draft.text:
        draft.splice([(m.start(), m.end(), MARK) for m in _LOCKED.finditer(draft.text)], "damaged")
        flags = flags_of(draft.codes)
    starts = sorted({*_signs(draft.text, flags, seen), *_clusters(flags, seen)})
    if not starts:
        return False
    changes: list[Change] = []
    damaged: list[Change] = []
    until = 0
    attempts = 60 + len(flags) // 4000  # a text is mended, or it is beyond it
    left = bridges.MOST
    gaps = bridges.may_have_gaps(draft.text)
    for start in starts:
        if start < until:
            continue
        change = None
        if attempts and (
            draft.text[start] in SIGNS or (flags[start + 1 : start + 9] & _KIND).any()
        ):
            attempts -= 1
            change = _settled(draft.text, start, until)
            if left and bridges.is_strange(draft.text, start, flags, seen):
                left -= 1
                change = bridges.bridged(draft.text, start, change, gaps)
        if change is not None:
            changes.append(change)
            until = change[1]
        elif marking and draft.text[start] in SIGNS and (span := _damage(draft.text, flags, start)):
            damaged.append((*span, MARK))
            until = span[1]
    draft.splice(sorted(changes + damaged), "byte_shift", times=len(changes))
    draft.count("damaged", len(damaged) + sum(MARK in change[2] for change in changes))
    return bool(changes)


LOCKED = "锟斤拷"  # two U+FFFD read as GBK: what stood there is lost
_LOCKED = re.compile(f"{LOCKED}(?:锟斤拷|锟斤|锟|斤拷)*")


def _signs(text: str, flags: Flags, seen: int) -> list[int]:
    """Question marks and U+FFFD in the middle of Chinese."""
    if not seen & (ASK | DAMAGE):
        return []
    found: list[int] = []
    for match in _SIGN.finditer(text):
        at = match.start()
        if 0 < at < len(text) - 1 and flags[at - 1] & HAN and not text[at + 1].isspace():
            found.append(at)
    return found


def _clusters(flags: Flags, seen: int) -> list[int]:
    """Places where unusual characters stand close together."""
    if not seen & (_KIND | DAMAGE):
        return []
    at = np.flatnonzero(flags & (_KIND | DAMAGE))
    if len(at) < 3:
        return []
    close = at[:-2][at[2:] - at[:-2] <= 9]
    starts: list[int] = []
    for position in close.tolist():
        if not starts or position > starts[-1] + 8:
            starts.append(position)
    return starts


def _settled(text: str, start: int, low: int) -> Change | None:
    """The run at `start`, or up to five characters before but not before `low`, shifted back.

    None when it makes no sense so.
    """
    signed = text[start] in SIGNS
    best: tuple[float, _Run] | None = None
    for begin in (start + 1,) if signed else range(start, max(low - 1, start - 6), -1):
        for run in _runs(text, begin, _SAMPLE):
            gain = _gain(text, begin, run)
            if gain > 0 and (best is None or gain > best[0]):
                best = (gain, run)
    if best is None:
        return None
    begin, half = best[1].start, best[1].half
    run = next(r for r in _runs(text, begin, _LONGEST_RUN) if r.half == half)
    begin = start if signed else begin
    left = text[max(0, begin - 3) : begin]
    pairs = {pair(lead, run.first) for lead in range(0x81, 0xFF)}
    if not signed:
        pairs |= {pair(run.first, trail) for trail in range(0x40, 0xFF)}
    around = text[max(0, begin - AROUND) : begin + AROUND]
    first = _fitting(left, pairs, run.rest[:3], around)
    last = ""
    if run.last:
        pairs = {pair(run.last, trail) for trail in range(0x40, 0xFF)}
        last = _fitting((first + run.rest)[-3:], pairs, text[run.end : run.end + 3], around)
        last += swallowed(text, run.end - 1)[1]
    return begin, run.end, first + run.rest + last


def _runs(text: str, begin: int, longest: int) -> Iterator[_Run]:
    """The run from `begin` on, read one byte later, up to where the bytes are in step again."""
    stop = text.find("\n", begin, begin + longest)
    piece = text[begin : stop if stop >= 0 else begin + longest]
    for half, first in ((False, piece[:1]), (True, HALF.get(piece[:1], ""))):
        if not first:
            continue
        data = bytearray()
        ends: list[int] = []
        for offset, character in enumerate(first + piece[1:]):
            try:
                encoded = character.encode("gb18030")
            except UnicodeEncodeError:
                break
            if len(encoded) > 2:
                break
            data += encoded
            ends += [begin + offset + 1] * len(encoded)
        if len(data) < 3 or data[0] < 0x40:
            continue
        rest: list[str] = []
        at = 1
        while at + 1 < len(data) and data[at] >= 0x81:
            try:
                rest.append(bytes(data[at : at + 2]).decode("gbk"))
            except UnicodeDecodeError:
                break
            at += 2
        if len(rest) >= 2:
            if at >= len(data) or data[at] < 0x81:
                yield _Run(begin, ends[at - 1], data[0], "".join(rest), 0, half)
            else:
                end = ends[min(at, len(data) - 1)]
                end += text[end : end + 1] in (*SIGNS,)  # stands for the byte behind `last`
                yield _Run(begin, end, data[0], "".join(rest), data[at], half)


def _gain(text: str, begin: int, run: _Run) -> float:
    """How much better the run reads shifted back; 0 when it does not read well."""
    new = script.convert(run.rest[:80])
    old = script.convert(text[begin : min(run.end, begin + 80)])
    after = words.covered(new)
    if after < _READS_IF_USUAL or after < words.covered(old) + 0.25:
        return 0.0
    flags = flags_of(codes_of(new))
    rare = np.count_nonzero(flags & _KIND)
    usual = len(new) >= 4 and np.count_nonzero(flags & (COMMON | DIGIT)) == len(new)
    if rare > 0.12 * len(new) or (after < _READS and not usual):
        return 0.0
    marks = np.count_nonzero(flags & MARK_FLAG)
    kept = script.convert(text[max(0, begin - 12) : begin])
    return (
        words.covered(kept) * len(kept) + after * len(new) + 1.2 * marks - 2 * rare + 0.1 * len(new)
    )


def _fitting(left: str, candidates: set[str], right: str, text: str) -> str:
    """The character of which one byte is left, by the words it makes with those around it.

    Of several that make a word the one whose word `text`, what stands around, has elsewhere;
    U+FFFD when no candidate makes a word there, or nothing settles which.
    """
    left, right = script.convert(left), script.convert(right)
    flags = classes()
    scores: dict[str, int] = {}
    made: dict[str, str] = {}
    for character in candidates:
        if not character or not flags[ord(character)] & COMMON:
            continue
        plain = script.convert(character)
        at = 0
        for word in words.cut(left + plain + right):
            if at <= len(left) < at + len(word):
                scores[plain], made[plain] = len(word), word
            at += len(word)
    best = max(scores.values(), default=1)
    chosen = [c for c, size in scores.items() if size == best]
    if best > 1 and len(chosen) > 1:
        chosen = [c for c in chosen if made[c] in text]
    return chosen[0] if best > 1 and len(chosen) == 1 else MARK


_DAMAGED = re.compile(r"[?\ufffd][^，。；：、！\s]{1,7}?[?\ufffd]")


def _damage(text: str, flags: Flags, at: int) -> tuple[int, int] | None:
    """How far the damage at a sign reaches; None for a question mark that is one."""
    match = _DAMAGED.match(text, at)
    if match and (flags[at : match.end()] & (_KIND | TONED | LATIN)).any():
        return match.span()
    if at + 1 < len(flags) and flags[at + 1] & _KIND:
        return at, at + 2
    if _MARKED.match(text, at):
        pairs, end, trail = pairs_from(HALF.get(text[at + 1], text[at + 1]), text, at + 1)
        odd = bool(trail) or (flags[at:end] & _KIND).any()
        if odd and len(pairs) + bool(trail) > 1 and words.covered(text[at:end]) < _GARBLED:
            return at, swallowed(text, end)[0]
    return None


_MARKED = re.compile(r"[?\ufffd][，；：！？（,;:!?(#＃]")  # no question is followed so
_GARBLED = 0.4  # of what bytes out of step make less stands in words
