"""Undoes wrong decodings inside a text: UTF-8 read as GBK or Latin-1, GBK read one byte off.

What was read wrongly is turned back into bytes and read again; the second reading counts only
where it consists of usual characters and of the dictionary's words, and the first did not. What
cannot be settled is marked with U+FFFD and never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import sub
from typing import NamedTuple

import numpy as np

from transforms.restore import script, words
from transforms.restore.characters import (
    ASK,
    BREAK,
    COMMON,
    DAMAGE,
    DIGIT,
    HAN,
    LATIN,
    RARE,
    SECOND,
    TONED,
    Flags,
    are_odd,
    classes,
    codes_of,
    flags_of,
    having,
)
from transforms.restore.characters import (
    MARK as MARK_FLAG,
)
from transforms.restore.draft import Change, Draft

MARK = "\ufffd"
_LOST = 0xFF  # a byte that is in neither encoding, for one that was lost
_CP1252 = {
    character: code
    for code in range(0x80, 0xA0)
    if (character := bytes((code,)).decode("cp1252", "ignore"))
}

# ---------------------------------------------------------------- whole passages read wrongly

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+(?:\?(?=[^\x00-\x7f])[^\x00-\x7f]+)*\??")
_LATIN = re.compile(f"[\x80-\xff{''.join(_CP1252)}]+")


class _Reading(NamedTuple):
    """A second reading of a passage, piece by piece, and how good it is."""

    changes: list[Change]
    characters: int
    lost: int
    common: int


def unscramble(draft: Draft, flags: Flags) -> bool:
    """Reads again the lines that were decoded wrongly as a whole; whether there were any."""
    changes: list[Change] = []
    for start, end, latin in _suspicious_lines(draft.text, flags):
        if latin:
            readings = [
                _read_again(draft.text, start, end, _LATIN, _latin_bytes, encoding)
                for encoding in ("utf-8", "gbk")
            ]
        else:
            readings = [_read_again(draft.text, start, end, _BEYOND_ASCII, _gb_bytes, "utf-8")]
        good = [r for r in readings if r.characters and _is_good(r)]
        if good:
            changes += max(good, key=lambda r: r.common / r.characters).changes
    draft.splice(changes, "mojibake")
    return bool(changes)


def is_odd(flags: Flags) -> bool:
    """Whether three unusual characters stand close together anywhere."""
    at = are_odd(flags).nonzero()[0]
    if len(flags) < 60:
        return len(at) >= 2
    if len(at) < 3:
        return False
    if len(at) > 60:
        return int(np.minimum.reduce(at[2:] - at[:-2])) <= 12
    few: list[int] = at.tolist()
    return bool(min(map(sub, few[2:], few)) <= 12)


def _suspicious_lines(text: str, flags: Flags) -> Iterator[tuple[int, int, bool]]:
    """Lines of many characters that no Chinese text has: start, end, whether Latin letters."""
    line = np.cumsum(having(flags, BREAK))
    lines = int(line[-1]) + 1 if len(line) else 0
    odd = np.bincount(line[having(flags, RARE | DAMAGE)], minlength=lines)
    latin = np.bincount(line[having(flags, LATIN)], minlength=lines)
    han = np.bincount(line[having(flags, HAN)], minlength=lines)
    by_han = ((odd >= 3) & (odd > 0.15 * han)) | ((odd >= 2) & (odd > 0.3 * han))
    by_latin = (latin >= 3) & (latin > 3 * han)
    numbers = np.flatnonzero(by_han | by_latin)
    if not len(numbers):
        return
    ends = np.append(np.flatnonzero(having(flags, BREAK)), len(flags))
    for number in numbers.tolist():
        start = int(ends[number - 1]) + 1 if number else 0
        yield start, int(ends[number]), bool(by_latin[number])


def _gb_bytes(character: str) -> bytes:
    if character in (MARK, "?"):
        return bytes((_LOST,))
    try:
        return character.encode("gb18030")
    except UnicodeEncodeError:
        return bytes((_LOST,))


def _latin_bytes(character: str) -> bytes:
    code = _CP1252.get(character, ord(character))
    return bytes((code,)) if code < 0x100 else bytes((_LOST,))


def _read_again(
    text: str,
    start: int,
    end: int,
    pattern: re.Pattern[str],
    back: object,
    encoding: str,
) -> _Reading:
    changes: list[Change] = []
    characters = lost = common = 0
    flags = classes()
    for match in pattern.finditer(text, start, end):
        pieces = [back(c) for c in match.group()]  # type: ignore[operator]
        for source_from, source_to, new in _aligned(pieces, encoding):
            if text[match.start() + source_from : match.start() + source_to] != new:
                changes.append((match.start() + source_from, match.start() + source_to, new))
            characters += len(new)
            lost += new.count(MARK)
            common += int(np.count_nonzero(flags[codes_of(new)] & COMMON))
    return _Reading(changes, characters, lost, common)


def _is_good(reading: _Reading) -> bool:
    kept = reading.characters - reading.lost
    return kept >= 2 and reading.lost <= 0.4 * reading.characters and reading.common >= 0.85 * kept


def _aligned(pieces: list[bytes], encoding: str) -> Iterator[tuple[int, int, str]]:
    """The bytes read in `encoding`, cut wherever a character of both readings ends together.

    Yields from which and to which piece a part reaches, and what it says.
    """
    data = b"".join(pieces)
    ends: dict[int, int] = {}
    total = 0
    for number, piece in enumerate(pieces):
        total += len(piece)
        ends[total] = number + 1
    begun, text = 0, ""
    for end, character in _characters(data, encoding):
        if not (character == MARK and text.endswith(MARK)):
            text += character
        if end in ends:
            yield begun, ends[end], text
            begun, text = ends[end], ""
    if begun < len(pieces):
        yield begun, len(pieces), text or MARK


def _characters(data: bytes, encoding: str) -> Iterator[tuple[int, str]]:
    """The characters of `data` with the place each ends at; U+FFFD for a byte that is none."""
    at = 0
    longest = 3 if encoding == "utf-8" else 2
    while at < len(data):
        for size in range(1, longest + 1):
            try:
                character = data[at : at + size].decode(encoding)
            except UnicodeDecodeError:
                continue
            at += size
            yield at, character
            break
        else:
            at += 1
            yield at, MARK


# ---------------------------------------------------------------- runs read one byte off

_SIGNS = "?\ufffd"  # what stands where a byte was lost
_SIGN = re.compile(f"[{_SIGNS}]")
_LONGEST_RUN = 4000
_AROUND = 20_000  # characters on each side whose words settle what a lost byte was
_READS = 0.5  # of a run that reads well, the share that stands in words of two and more
_READS_IF_USUAL = 0.3  # when every character is a usual one: bytes out of step give rare ones
_SAMPLE = 40  # characters by which a run is judged
_HALF = dict(zip("!,:;?()", "！，：；？（）", strict=True))
_KIND = RARE | SECOND


class _Run(NamedTuple):
    """A run that lost a byte: where it stands, and what it says behind its first character."""

    start: int
    end: int
    first: int  # the byte left of the first character
    rest: str
    last: int  # the byte left of the last character, 0 where the run ends in step
    half: bool  # whether its first character was a mark that has lost its full width


def shift_back(draft: Draft, flags: Flags, seen: int) -> None:
    """Shifts back the runs of GBK that lost a byte, and marks what stays damaged."""
    marking = draft.wants("damaged")
    if marking and LOCKED in draft.text:
        draft.splice([(m.start(), m.end(), MARK) for m in _LOCKED.finditer(draft.text)], "damaged")
        flags = flags_of(draft.codes)
    starts = sorted({*_signs(draft.text, flags, seen), *_clusters(flags, seen)})
    if not starts:
        return
    changes: list[Change] = []
    damaged: list[Change] = []
    until = 0
    attempts = 60 + len(flags) // 4000  # a text is mended, or it is beyond it
    for start in starts:
        if start < until:
            continue
        change = None
        if attempts and (
            draft.text[start] in _SIGNS or (flags[start + 1 : start + 9] & _KIND).any()
        ):
            attempts -= 1
            change = _settled(draft.text, start, until)
        if change is not None:
            changes.append(change)
            until = change[1]
        elif (
            marking and draft.text[start] in _SIGNS and (span := _damage(draft.text, flags, start))
        ):
            damaged.append((*span, MARK))
            until = span[1]
    draft.splice(sorted(changes + damaged), "byte_shift", times=len(changes))
    draft.count("damaged", len(damaged) + sum(MARK in change[2] for change in changes))


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
    signed = text[start] in _SIGNS
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
    pairs = {_pair(lead, run.first) for lead in range(0x81, 0xFF)}
    if not signed:
        pairs |= {_pair(run.first, trail) for trail in range(0x40, 0xFF)}
    around = text[max(0, begin - _AROUND) : begin + _AROUND]
    first = _fitting(left, pairs, run.rest[:3], around)
    last = ""
    if run.last:
        pairs = {_pair(run.last, trail) for trail in range(0x40, 0xFF)}
        last = _fitting((first + run.rest)[-3:], pairs, text[run.end : run.end + 3], around)
    if run.last and text[run.end - 1] in _SIGNS and text[run.end : run.end + 1].isdigit():
        last += MARK  # 总人口[?]76人: the sign stands for a digit too
    return begin, run.end, first + run.rest + last


def _runs(text: str, begin: int, longest: int) -> Iterator[_Run]:
    """The run from `begin` on, read one byte later, up to where the bytes are in step again."""
    stop = text.find("\n", begin, begin + longest)
    piece = text[begin : stop if stop >= 0 else begin + longest]
    for half, first in ((False, piece[:1]), (True, _HALF.get(piece[:1], ""))):
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
                end += text[end : end + 1] in (*_SIGNS,)  # stands for the byte behind `last`
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


def _pair(lead: int, trail: int) -> str:
    if lead < 0x81:
        return ""
    try:
        return bytes((lead, trail)).decode("gbk")
    except UnicodeDecodeError:
        return ""


_DAMAGED = re.compile(r"[?\ufffd][^，。；：、！\s]{1,7}?[?\ufffd]")


def _damage(text: str, flags: Flags, at: int) -> tuple[int, int] | None:
    """How far the damage at a sign reaches; None for a question mark that is one."""
    match = _DAMAGED.match(text, at)
    if match and (flags[at : match.end()] & (_KIND | TONED | LATIN)).any():
        return match.span()
    if at + 1 < len(flags) and flags[at + 1] & _KIND:
        return at, at + 2
    return None
