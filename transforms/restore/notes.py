"""Takes out pinyin notes behind characters: 堅(jiān)持 → 堅持.

A bracket is a note when what it holds is how the characters in front of it are read, so that
real brackets stay: (GDP), (km), (一), 公顷(ha).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from itertools import count
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from transforms import lexicon
from transforms.restore.characters import (
    CLOSING,
    HAN,
    OPENING,
    TONED_LETTERS,
    Codes,
    Flags,
    Marks,
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


def find(draft: Draft) -> tuple[Places, Places]:
    """Where the notes of the draft start and end.

    Notes of one syllable are found all at once; the few brackets that are left, with several
    syllables, combining marks or no note at all, one by one.
    """
    codes, flags = draft.codes, draft.flags
    kept = _without_breaks(codes)
    if len(kept) < len(codes):
        codes, flags = codes.take(kept), flags.take(kept)
    opened = having(flags, OPENING).nonzero()[0]
    before = opened - 1
    behind, simple = _simple(codes, before, opened, flags)
    starts, ends = kept.take(before) + 1, kept.take(behind, mode="clip") + 1
    if np.count_nonzero(simple) == len(simple):
        return starts, ends
    text = draft.text
    for n in (~simple).nonzero()[0].tolist():
        if note := _note(text, int(kept[opened[n]])):
            starts[n], ends[n] = note
            simple[n] = True
    return starts[simple], ends[simple]


def _without_breaks(codes: Codes) -> Places:
    """All places but those of single line breaks, by which notes may be torn."""
    kept = codes != _NEWLINE
    apart = kept[1:] | kept[:-1]
    if np.count_nonzero(apart) < len(apart):
        close = (~apart).nonzero()[0]
        kept[close] = kept[close + 1] = True
    places: Places = kept.nonzero()[0]
    return places


_NEWLINE = np.array(ord("\n"), dtype=np.uint32)


def _simple(codes: Codes, before: Places, opened: Places, flags: Flags) -> tuple[Places, Marks]:
    """Where each note closes, and whether it is one syllable of the character before.

    `opened` are the places of the brackets in a text of such codes, without line breaks, and
    `before` those of the characters in front of them.
    """
    inside = opened + 1
    syllables, letters = _syllables(), _letters_from(codes, inside)
    spelt = letters & _PLAIN
    number = syllables.slots.take((spelt * syllables.factor) >> _SHIFT)
    behind = inside + syllables.sizes.take(number)
    known = syllables.keys.take(number) == spelt
    known &= having(flags.take(behind, mode="clip"), CLOSING)
    if len(opened) and not opened[0]:
        known[0] = False  # nothing stands before
    word = codes.take(before) * _WORDS + (number >> _SIX)
    read_so = syllables.readings.take(word, mode="clip") >> (number & _IN_WORD)
    fits = (read_so & _ONE).astype(np.bool_)
    fits &= known
    other = (known ^ fits).nonzero()[0]
    if len(other):  # the tone says that it is a reading
        toned = (letters[other] & _TONE).astype(np.bool_)
        fits[other] = toned & having(flags[before[other]], HAN)
    return behind, fits


def _letters_from(codes: Codes, begun: Places) -> Keys:
    """The letters from each of the places on, a byte each: numbers and tones of `_letters`.

    Eight signs are taken at once, and those from the first one on that is no letter left out:
    the lowest bit of what `none` holds is in the byte of that sign.
    """
    letters = np.zeros(len(codes) + 8, dtype=np.uint8)
    _letters().take(codes, out=letters[:-8], mode="clip")
    windows: Keys = np.ndarray(len(codes) + 1, dtype=_EIGHT, buffer=letters, strides=(1,))
    window = windows[begun]
    none = (window - _EACH_BYTE) & ~window & _HIGH_BITS
    none &= ~none + _ONE
    none >>= _SEVEN
    none -= _ONE
    found: Keys = window & none
    return found


def _number(value: int, kind: type[np.unsignedinteger[Any]] = np.uint64) -> npt.NDArray[Any]:
    """A number as numpy works with it at once; a scalar would take it as long as all the rest."""
    return np.array(value, dtype=kind)


_EIGHT = np.dtype("<u8")
_EACH_BYTE, _HIGH_BITS = _number(0x0101010101010101), _number(0x8080808080808080)
_ONE, _SEVEN = _number(1), _number(7)
_TONE, _PLAIN = _number(0x2020202020202020), _number(0x1F1F1F1F1F1F1F1F)


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
    any other one). `readings` has eight words for each code point up to 0xFFFF, whose bits say
    by number which syllables it is read as.
    """

    keys: Keys
    sizes: Places
    factor: Keys
    slots: npt.NDArray[np.uint16]
    readings: Keys


@cache
def _syllables() -> _Syllables:
    ordered = sorted(readings())
    keys = np.array(
        [int.from_bytes(bytes(ord(c) - 96 for c in s), "little") for s in ordered], dtype=_EIGHT
    )
    factors = (_number(pow(_GOLDEN, n, 1 << 64)) for n in count(1))
    factor = next(f for f in factors if len(np.unique((keys * f) >> _SHIFT)) == len(keys))
    slots = np.zeros(1 << 16, dtype=np.uint16)
    slots[(keys * factor) >> _SHIFT] = np.arange(len(keys))
    table = np.zeros((1 << 16) * int(_WORDS), dtype=np.uint64)
    for number, syllable in enumerate(ordered):
        for character in readings()[syllable]:
            table[ord(character) * int(_WORDS) + number // 64] |= np.uint64(1 << number % 64)
    return _Syllables(keys, np.array(list(map(len, ordered))), factor, slots, table)


_SHIFT = _number(48)
_GOLDEN = 0x9E3779B97F4A7C15  # an odd number whose powers scatter well
_WORDS = _number(8, np.uint32)  # of 64 bits: room for 512 syllables
_SIX, _IN_WORD = _number(6, np.uint16), _number(63, np.uint16)


def _note(text: str, at: int) -> tuple[int, int] | None:
    """The note whose bracket opens at the place given, None where it is no note."""
    match = _NOTE.match(text, at)
    if match is None:
        return None
    note, start = match[1], at
    for _ in range(_PRINTED_AGAIN):
        if text.endswith(match[0], 0, start):
            start -= len(match[0])  # 省(sheng)(sheng)
    again = start < at
    if start and text[start - 1].isspace():
        start -= 1
    before = text[start - 1 : start]
    if len(note) > 3 and (len(note) > 7 or not _is_reading(note, before)):
        before = text[max(0, start - 4) : start]  # it may spell several characters
    if not before or not _is_reading(note, before):
        return None
    return at if again else start, match.end()


_PRINTED_AGAIN = 3  # times that a note is printed behind itself


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
