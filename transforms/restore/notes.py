"""Takes out pinyin notes behind characters: 堅(jiān)持 → 堅持.

A bracket is a note when what it holds is how the characters in front of it are read, so that
real brackets stay: (GDP), (km), (一), 公顷(ha).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

from transforms import lexicon
from transforms.restore.characters import TONED_LETTERS
from transforms.restore.draft import Cut, Draft

_LETTER = f"[a-z{TONED_LETTERS}\u0300\u0301\u0304\u0306\u030c\u0308ɑɡ]"
_NOTE = re.compile(
    r"[(（\[〔【]\s?"
    rf"({_LETTER}{{1,9}}[1-5]?(?:[ \u3000'’·\n-]?{_LETTER}{{1,9}}[1-5]?){{0,3}})\s?[)）\]〕】]"
)
_SYLLABLE = re.compile(rf"{_LETTER}+")


def remove(draft: Draft) -> int:
    """Cuts the notes out of the draft; how many there were."""
    cuts = list(_notes(draft.text))
    draft.cut(cuts)
    return len(cuts)


def _notes(text: str) -> Iterator[Cut]:
    last = 0
    for match in _NOTE.finditer(text):
        start, end = match.span()
        note = match[1]
        if start and text[start - 1].isspace():
            start -= 1
        before = text[start - 1 : start]
        if len(note) > 3 and (len(note) > 7 or not _is_reading(note, before)):
            before = text[max(last, start - 4) : start]  # it may spell several characters
        if before and _is_reading(note, before):
            yield start, end, "pinyin_note"
        last = end


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
