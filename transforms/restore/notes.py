"""Takes out pinyin notes behind characters: 堅(jiān)持 → 堅持.

A bracket is a note when what it holds is how the characters in front of it are read, so that
real brackets stay: (GDP), (km), (一), 公顷(ha).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

from transforms import lexicon
from transforms.restore.characters import (
    BREAK,
    HAN,
    OPENING,
    SPACE,
    TONED,
    TONED_LETTERS,
    Codes,
    Flags,
)
from transforms.restore.draft import Draft

Places = npt.NDArray[np.int64]

_LETTER = f"[a-z{TONED_LETTERS}\u0300\u0301\u0304\u0306\u030c\u0308ɑɡ]"
_NOTE = re.compile(
    r"[(（\[〔【]\s?"
    rf"({_LETTER}{{1,9}}[1-5]?(?:[ \u3000'’·\n-]?{_LETTER}{{1,9}}[1-5]?){{0,3}})\s?[)）\]〕】]"
)
_SYLLABLE = re.compile(rf"{_LETTER}+")


def remove(draft: Draft, flags: Flags) -> int:
    """Cuts the notes out of the draft, whose flags are given; how many there were.

    Notes of one syllable are found all at once; the few that are left, of several syllables,
    torn or spelt with combining marks, one by one.
    """
    opened = (flags[:-1] & OPENING).nonzero()[0]
    if not len(opened):
        return 0
    letters = _letters().take(draft.codes)
    first = letters[opened + 1] > 0
    first |= (flags[opened + 1] & (SPACE | BREAK)) != 0
    opened = opened[first]
    if not len(opened):
        return 0
    starts, ends, simple = _simple(draft.codes, opened, flags, letters)
    starts, ends = starts[simple], ends[simple]
    if len(starts) < len(opened):
        found = list(_notes(draft.text, opened[~simple].tolist()))
        if found:
            more = np.array(found)
            starts, ends = np.append(starts, more[:, 0]), np.append(ends, more[:, 1])
            order = starts.argsort()
            starts, ends = starts[order], ends[order]
    if len(starts):
        draft.cut_all(starts, ends, "pinyin_note")
    return len(starts)


_LONGEST = 6  # letters of a syllable: zhuang


def _simple(
    codes: Codes, opened: Places, flags: Flags, letters: npt.NDArray[np.uint8]
) -> tuple[Places, Places, npt.NDArray[np.bool_]]:
    """Where each note starts and ends, and whether it is one syllable of the character before.

    A line break may stand on either side of the opening bracket or in front of the closing one.
    `letters` are the numbers of the letters of the text, 0 for what is none.
    """
    final = len(codes) - 1
    others = np.append((letters == 0).nonzero()[0], final)
    begun = opened + (codes[opened + 1] == _NEWLINE)
    behind = others.take(others.searchsorted(begun, side="right"), mode="clip")
    size = behind - begun - 1  # letters
    behind = np.minimum(behind + (codes[behind] == _NEWLINE), final)
    starts = opened - (codes[opened - 1] == _NEWLINE)
    known = (size > 0) & (size <= _LONGEST) & (starts > 0) & _closing().take(codes[behind])
    places = np.minimum(begun + _STEPS, final)
    weights = _weights().take(np.clip(size, 0, _LONGEST + 1), axis=1)
    spelt = (letters.take(places) * weights).sum(axis=0)
    syllables, read_so = _keys()
    number = np.minimum(syllables.searchsorted(spelt), len(syllables) - 1)
    known &= syllables[number] == spelt
    before = np.minimum(codes[starts - 1], 0xFFFF)
    fits = known & (number == read_so.take(before, axis=0).T).any(axis=0)
    other = (known & ~fits).nonzero()[0]
    if len(other):
        toned = ((flags.take(places[:, other]) & TONED) != 0) & (weights[:, other] > 0)
        fits[other] = toned.any(axis=0) & ((flags[starts[other] - 1] & HAN) != 0)
    return starts, behind + 1, fits


_NEWLINE = 10
_STEPS = np.arange(1, _LONGEST + 1)[:, None]


@cache
def _weights() -> npt.NDArray[np.int64]:
    """What each letter counts in the number it is looked up by, for a note of so many letters."""
    table = np.zeros((_LONGEST, _LONGEST + 2), dtype=np.int64)
    for size in range(1, _LONGEST + 1):
        table[:size, size] = 27 ** np.arange(size - 1, -1, -1)
    return table


@cache
def _letters() -> npt.NDArray[np.uint8]:
    """Code point → the number of its letter without tone, v for ü; 0 for what is no letter."""
    table = np.zeros(0x110000, dtype=np.uint8)
    for letter in "abcdefghijklmnopqrstuvwxyzɑɡ" + TONED_LETTERS:
        plain = _plain(letter)
        if len(plain) == 1:
            table[ord(letter)] = ord(plain) - 96
    return table


@cache
def _closing() -> npt.NDArray[np.bool_]:
    table = np.zeros(0x110000, dtype=np.bool_)
    table[[ord(c) for c in ")）]〕】"]] = True
    return table


@cache
def _keys() -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int16]]:
    """The syllables as numbers, sorted, and code point → which of them are how it is read.

    Rows of the latter are filled up with -1, and empty for code points above 0xFFFE.
    """
    numbers: dict[int, frozenset[str]] = {}
    for syllable, characters in readings().items():
        number = 0
        for letter in syllable:
            number = number * 27 + ord(letter) - 96
        numbers[number] = characters
    table: dict[str, list[int]] = {}
    for at, number in enumerate(sorted(numbers)):
        for character in numbers[number]:
            table.setdefault(character, []).append(at)
    read_so = np.full((1 << 16, max(map(len, table.values()))), -1, dtype=np.int16)
    for character, found in table.items():
        read_so[ord(character), : len(found)] = found
    return np.array(sorted(numbers)), read_so


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
