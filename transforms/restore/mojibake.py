"""Reads again what was decoded wrongly as a whole: UTF-8 read as GBK or as Latin-1.

What was read wrongly is turned back into bytes and read again; the second reading counts only
where it consists of usual characters, and the first did not. What stays lost is U+FFFD.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from operator import sub
from typing import NamedTuple

import numpy as np

from transforms.restore.characters import (
    BREAK,
    COMMON,
    DAMAGE,
    HAN,
    LATIN,
    RARE,
    Flags,
    are_odd,
    classes,
    codes_of,
    having,
)
from transforms.restore.draft import Change, Draft
from transforms.restore.gbk import MARK

_LOST = 0xFF  # a byte that is in neither encoding, for one that was lost
_CP1252 = {
    character: code
    for code in range(0x80, 0xA0)
    if (character := bytes((code,)).decode("cp1252", "ignore"))
}
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
    back: Callable[[str], bytes],
    encoding: str,
) -> _Reading:
    changes: list[Change] = []
    characters = lost = common = 0
    flags = classes()
    for match in pattern.finditer(text, start, end):
        pieces = [back(c) for c in match.group()]
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
