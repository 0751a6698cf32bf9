"""Takes out pinyin notes behind characters: 堅(jiān)持 → 堅持.

A bracket is a note when what it holds is how the characters in front of it are read, so that
real brackets stay: (GDP), (km), (一), 公顷(ha).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import count
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from transforms import lexicon
from transforms.restore.characters import (
    BREAK,
    CLOSING,
    HAN,
    LOWER,
    OPENING,
    SPACE,
    TONED,
    TONED_LETTERS,
    Codes,
    Flags,
    having,
)
from transforms.restore.draft import Draft

Places = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]

_LETTER = f"[a-z{TONED_LETTERS}\u0300\u0301\u0304\u0306\u030c\u0308ɑɡ]"
_NOTE = re.compile(
    r"[(（\[〔【]\s?"
    rf"({_LETTER}{{1,9}}[1-5]?(?:[ \u3000'’·\n-]?{_LETTER}{{1,9}}[1-5]?){{0,3}})\s?[)）\]〕】]"
)
_SYLLABLE = re.compile(rf"{_LETTER}+")


def find(draft: Draft, flags: Flags) -> tuple[Places, Places]:
    """Where the notes of the draft, whose flags are given, start and end.

    Notes of one syllable are found all at once; the few that are left, of several syllables
    or spelt with combining marks, one by one.
    """
    codes = draft.codes
    kept = _without_breaks(codes)
    if len(kept) < len(codes):
        codes, flags = codes.take(kept), flags.take(kept)
    opened = having(flags, OPENING).nonzero()[0]
    first = flags.take(opened + 1, mode="clip")
    opened = opened[having(first, LOWER | TONED | SPACE | BREAK)]
    if not len(opened):
        return opened, opened
    behind, simple = _simple(codes, opened, flags)
    starts, ends = kept[opened - 1] + 1, kept.take(behind, mode="clip") + 1
    if simple.all():
        return starts, ends
    starts, ends = starts[simple], ends[simple]
    if found := list(_notes(draft.text, kept[opened[~simple]].tolist())):
        more = np.array(found)
        starts, ends = np.append(starts, more[:, 0]), np.append(ends, more[:, 1])
        order = starts.argsort()
        starts, ends = starts[order], ends[order]
    return starts, ends


def _without_breaks(codes: Codes) -> Places:
    """All places but those of single line breaks, by which notes may be torn."""
    breaks = (codes == _NEWLINE).nonzero()[0]
    kept = np.ones(len(codes), dtype=np.bool_)
    kept[breaks] = False
    close = (breaks[1:] - breaks[:-1] == 1).nonzero()[0]
    if len(close):
        kept[breaks[close]] = kept[breaks[close + 1]] = True
    return kept.nonzero()[0]


_NEWLINE = np.array(ord("\n"), dtype=np.uint32)


def _simple(codes: Codes, opened: Places, flags: Flags) -> tuple[Places, npt.NDArray[np.bool_]]:
    """Where each note closes, and whether it is one syllable of the character before.

    `opened` are the places of the brackets in a text of such codes, without line breaks.
    """
    syllables, letters = _syllables(), _letters_from(codes, opened + 1)
    spelt = letters & _PLAIN
    number = syllables.slots.take((spelt * syllables.factor) >> _SHIFT)
    behind = opened + 1 + syllables.sizes.take(number)
    known = (syllables.keys.take(number) == spelt) & (opened > 0)
    known &= having(flags.take(behind, mode="clip"), CLOSING)
    before = np.minimum(codes[opened - 1], 0xFFFF)
    fits = known & (number == syllables.readings[0].take(before))
    other = (known & ~fits).nonzero()[0]  # another reading, or the tone says that it is one
    if len(other):
        again = number[other] == syllables.readings[1:, before[other]]
        toned = (letters[other] & _TONE).astype(np.bool_) & having(flags[opened[other] - 1], HAN)
        fits[other] = np.logical_or.reduce(again) | toned
    return behind, fits


def _letters_from(codes: Codes, begun: Places) -> Keys:
    """The letters from each of the places on, a byte each: numbers and tones of `_letters`.

    Eight signs are taken at once, and those from the first one on that is no letter left out:
    the lowest bit of what `none` holds is in the byte of that sign.
    """
    letters = np.zeros(len(codes) + 8, dtype=np.uint8)
    letters[:-8] = _letters().take(codes)
    windows = np.ndarray(len(codes) + 1, dtype="<u8", buffer=letters, strides=(1,))
    window = windows[begun]
    none = (window - _EACH_BYTE) & ~window & (_EACH_BYTE << _SEVEN)
    none &= ~none + _ONE
    found: Keys = window & ((none >> _SEVEN) - _ONE)
    return found


_EACH_BYTE = np.uint64(0x0101010101010101)
_ONE, _SEVEN = np.uint64(1), np.uint64(7)
_TONE, _PLAIN = np.uint64(0x2020202020202020), np.uint64(0x1F1F1F1F1F1F1F1F)


@cache
def _letters() -> npt.NDArray[np.uint8]:
    """Code point → the number of its letter, v for ü, with a bit for a tone; 0 for the rest."""
    table = np.zeros(0x110000, dtype=np.uint8)
    for letter in "abcdefghijklmnopqrstuvwxyzɑɡ" + TONED_LETTERS:
        plain = _plain(letter)
        if len(plain) == 1:
            table[ord(letter)] = ord(plain) - 96 | (letter in TONED_LETTERS) << 5
    return table


class _Syllables(NamedTuple):
    """The syllables, found by the product of their letters in `keys` with `factor`.

    The upper bits of that are a place in `slots`, which holds the number of the syllable (or of
    any other one). `readings` has a row for the first reading of each code point up to 0xFFFE,
    one for the second and so on; -1 where there is none.
    """

    keys: Keys
    sizes: Places
    factor: np.uint64
    slots: npt.NDArray[np.int16]
    readings: npt.NDArray[np.int16]


@cache
def _syllables() -> _Syllables:
    ordered = sorted(readings())
    keys = np.array(
        [int.from_bytes(bytes(ord(c) - 96 for c in s), "little") for s in ordered], dtype="<u8"
    )
    factors = (np.uint64(pow(_GOLDEN, n, 1 << 64)) for n in count(1))
    factor = next(f for f in factors if len(np.unique((keys * f) >> _SHIFT)) == len(keys))
    slots = np.zeros(1 << 16, dtype=np.int16)
    slots[(keys * factor) >> _SHIFT] = np.arange(len(keys))
    table: dict[str, list[int]] = {}
    for number, syllable in enumerate(ordered):
        for character in readings()[syllable]:
            table.setdefault(character, []).append(number)
    read_so = np.full((max(map(len, table.values())), 1 << 16), -1, dtype=np.int16)
    for character, found in table.items():
        read_so[: len(found), ord(character)] = found
    return _Syllables(keys, np.array(list(map(len, ordered))), factor, slots, read_so)


_SHIFT = np.uint64(48)
_GOLDEN = 0x9E3779B97F4A7C15  # an odd number whose powers scatter well


def _notes(text: str, opened: list[int]) -> Iterator[tuple[int, int]]:
    """The notes among the brackets that open at the places given."""
    for at in opened:
        match = _NOTE.match(text, at)
        if match is None:
            continue
        note, start = match[1], at
        if start and text[start - 1].isspace():
            start -= 1
        before = text[start - 1 : start]
        if len(note) > 3 and (len(note) > 7 or not _is_reading(note, before)):
            before = text[max(0, start - 4) : start]  # it may spell several characters
        if before and _is_reading(note, before):
            yield start, match.end()


@lru_cache(maxsize=1 << 16)
def _is_reading(note: str, before: str) -> bool:
    """Whether `note` spells the last characters of `before`, or is pinyin beyond doubt."""
    if not "\u3400" <= before[-1:] <= "\U0003ffff":
        return False
    if "\n" in note:  # a line break tears the note
        note = note.replace("\n", "")
    syllables = [_plain(s) for s in _SYLLABLE.findall(note)]
    known = readings()
    if len(syllables) == 1 and syllables[0] not in known:
        syllables = _split(syllables[0])
    if not syllables or not all(s in known for s in syllables):
        return False
    characters = before[-len(syllables) :]
    if len(characters) == len(syllables) and all(
        c in known[s] for c, s in zip(characters, syllables, strict=True)
    ):
        return True
    return len(syllables) == 1 and _toned(note)


def _toned(note: str) -> bool:
    """Whether a tone is marked; a digit does only with letters in front of it that are pinyin."""
    return _plain(note) != note.replace("ü", "v") and not note.isascii()


def _split(run: str) -> list[str]:
    """Syllables written in one (jianchi): the longest first. Empty when they are none."""
    known = readings()
    found: list[str] = []
    while run:
        size = next((n for n in range(min(6, len(run)), 0, -1) if run[:n] in known), 0)
        if not size:
            return []
        found.append(run[:size])
        run = run[size:]
    return found


def _plain(note: str) -> str:
    """The letters of a note without tone, with v for ü."""
    decomposed = unicodedata.normalize("NFD", note).replace("u\u0308", "v")
    letters = "".join(c for c in decomposed if c.isalpha() and not unicodedata.combining(c))
    return letters.replace("ɑ", "a").replace("ɡ", "g")


@cache
def readings() -> dict[str, frozenset[str]]:
    """Syllable → the characters read so."""
    entries = (line.split() for line in lexicon.words("script/readings.txt"))
    return {entry[0]: frozenset(entry[1]) for entry in entries}
