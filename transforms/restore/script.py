"""Traditional to simplified script, as opencc does it, decided for each document and passage.

`convert` gives what opencc-python-reimplemented's t2s gives, by a character table and one
Aho-Corasick pass over its phrases. `restore` decides where to apply it: converting a text that
is simplified already damages its names (亨乾口).
"""

from __future__ import annotations

from functools import cache

import ahocorasick_rs
import numpy as np

from schemas.document import Script
from transforms import lexicon
from transforms.restore import characters
from transforms.restore.characters import (
    AMBIGUOUS,
    BREAK,
    QUOTE,
    SIMPLIFIED,
    SUSPECT,
    TRADITIONAL,
    Codes,
    Flags,
    Marks,
    codes_of,
    count,
    having,
    text_of,
)
from transforms.restore.draft import Draft, Positions


def convert(text: str) -> str:
    """`text` in simplified script, as opencc's t2s converts it."""
    codes = codes_of(text)
    return text_of(_with_phrases(text, _opencc_table()[codes]))


def _with_phrases(text: str, codes: Codes) -> Codes:
    """`codes`, where a phrase of opencc's stands, by its phrases: the longest first."""
    found = _phrases().find_matches_as_indexes(text, overlapping=True)
    if not found:
        return codes
    values = _phrase_values()
    taken: list[tuple[int, int]] = []
    codes = codes.copy()
    for number, start, end in sorted(found, key=lambda m: (m[1] - m[2], m[1])):
        if all(end <= begin or start >= stop for begin, stop in taken):
            taken.append((start, end))
            codes[start:end] = values[number]
    return codes


@cache
def _phrases() -> ahocorasick_rs.AhoCorasick:
    return _automaton(list(characters.dictionary("TSPhrases.txt")))


def _automaton(patterns: list[str]) -> ahocorasick_rs.AhoCorasick:
    """Takes more room than the library would choose for so many, and half the time."""
    return ahocorasick_rs.AhoCorasick(patterns, implementation=ahocorasick_rs.Implementation.DFA)


@cache
def _phrase_values() -> list[Codes]:
    return [codes_of(value) for value in characters.dictionary("TSPhrases.txt").values()]


def _table(pairs: dict[str, str]) -> Codes:
    table = np.arange(0x110000, dtype=np.uint32)
    table[codes_of("".join(pairs))] = codes_of("".join(pairs.values()))
    return table


@cache
def _opencc_table() -> Codes:
    return _table(characters.dictionary("TSCharacters.txt"))


@cache
def _full_table() -> Codes:
    """opencc's characters and the variants it leaves: for a traditional passage."""
    return _table(characters.conversions())


@cache
def _narrow_table() -> Codes:
    """Characters that no simplified text has: for a passage that is simplified otherwise."""
    flags = characters.classes()
    pairs = characters.conversions()
    return _table({c: s for c, s in pairs.items() if flags[ord(c)] & TRADITIONAL})


def restore(draft: Draft, flags: Flags, seen: int) -> Script:
    """Converts the draft where it is traditional, and says what its script was.

    `flags` are the flags of the draft's characters, `seen` their union.
    """
    if not seen & (TRADITIONAL | AMBIGUOUS):
        return Script.HANS
    if not seen & TRADITIONAL:
        if "著" in draft.text and draft.wants("script"):
            _put_zhu(draft, always=True)
        return Script.HANS
    traditional, simplified = count(flags, TRADITIONAL), count(flags, SIMPLIFIED)
    script = _script(traditional, simplified)
    if draft.wants("script"):
        if script is Script.HANS:
            _convert_passages(draft, flags, traditional)
        else:
            _convert_text(draft, flags, simplified, seen)
    return script


def _script(traditional: int, simplified: int) -> Script:
    """By the characters that only one of the scripts has."""
    if traditional > 2 * simplified:
        return Script.HANT
    return Script.MIXED if 2 * traditional > simplified else Script.HANS


def _convert_text(
    draft: Draft,
    flags: Flags,
    simplified: int,
    seen: int,
) -> None:
    """Converts all but the lines that are simplified, by the number of such characters."""
    codes = table = _full_table().take(draft.codes)
    text = text_of(codes)
    phrases, words = _suspects(text, flags) if seen & SUSPECT else (False, False)
    if phrases:
        codes = _with_phrases(draft.text, codes)
    if seen & QUOTE:
        codes = _quotes().take(codes)
    if simplified >= 3:
        breaks = having(flags, BREAK).nonzero()[0]
        s = _by_line(flags, SIMPLIFIED, breaks)
        if int(np.maximum.reduce(s)) >= 3:
            t = _by_line(flags, TRADITIONAL, breaks)
            left = (s >= 3) & (s > 3 * t)
            if left.any():
                inside = _spread(left, breaks, len(flags))
                codes = np.where(inside, _narrow_table().take(draft.codes), codes)
                words = True
    draft.recode(codes, "script", text if codes is table else None)
    if "著" in draft.text:
        _put_zhu(draft, always=False)
    if words:
        _correct(draft)


def _suspects(text: str, flags: Flags) -> tuple[bool, bool]:
    """Whether in a text converted by characters alone a phrase may have been, or is a wrong word.

    Most texts have neither, and are spared the two closer looks. `flags` are those of the text
    before: only around suspects is it looked at.
    """
    patterns, phrases, reach = _suspect_patterns()
    at = having(flags, SUSPECT).nonzero()[0].tolist()
    if len(at) * 2 * reach < len(text):
        text = "\n".join([text[max(0, i - reach) : i + reach + 1] for i in at])
    found = patterns.find_matches_as_indexes(text, overlapping=True)
    return any(number < phrases for number, _, _ in found), bool(found)


@cache
def _suspect_patterns() -> tuple[ahocorasick_rs.AhoCorasick, int, int]:
    """Phrases that come out otherwise than their characters, as these do; then wrong words.

    The numbers say how many patterns are of phrases, and how far one reaches to either side
    of its suspect.
    """
    table = _full_table()
    phrases = [
        plain
        for phrase, value in characters.dictionary("TSPhrases.txt").items()
        if (plain := text_of(table.take(codes_of(phrase)))) != value
    ]
    wrong = [entry.split()[0] for entry in lexicon.words("script/corrections.txt")]
    patterns = [*phrases, *wrong]
    return _automaton(patterns), len(phrases), max(map(len, patterns)) - 1


def _convert_passages(
    draft: Draft,
    flags: Flags,
    traditional: int,
) -> None:
    """Converts traditional lines of a simplified text, and characters it never has.

    `traditional` is the number of these.
    """
    passages: Marks | None = None
    if traditional >= 3:
        breaks = having(flags, BREAK).nonzero()[0]
        t, s = _by_line(flags, TRADITIONAL, breaks), _by_line(flags, SIMPLIFIED, breaks)
        passages = (t >= 3) & (t > s)
    if passages is not None and passages.any():
        whole = _with_phrases(draft.text, _full_table().take(draft.codes))
        narrow = _narrow_table().take(draft.codes)
        codes = np.where(_spread(passages, breaks, len(flags)), whole, narrow)
        draft.recode(codes, "script")
    else:
        at = having(flags, TRADITIONAL).nonzero()[0]
        draft.put(at, _narrow_table().take(draft.codes.take(at)), "script")
    if "著" in draft.text:
        _put_zhu(draft, always=True)


def _by_line(flags: Flags, kind: int, breaks: Positions) -> Positions:
    """How many characters of a kind each of the lines between the breaks has."""
    line = breaks.searchsorted(having(flags, kind).nonzero()[0])
    return np.bincount(line, minlength=len(breaks) + 1)


def _spread(lines: Marks, breaks: Positions, size: int) -> Marks:
    """What is said of each line, for each character of a text of that size."""
    return lines.repeat(np.diff(breaks, prepend=0, append=size))


@cache
def _quotes() -> Codes:
    return _table(dict(zip("「」『』﹁﹂﹃﹄", "“”‘’“”‘’", strict=True)))


def _correct(draft: Draft) -> None:
    """Words of a traditional text that characters and phrases alone leave wrong."""
    patterns, values = _corrections()
    if found := patterns.find_matches_as_indexes(draft.text):
        codes = draft.codes.copy()
        for number, start, end in found:
            codes[start:end] = values[number]
        draft.recode(codes, "script")


def _put_zhu(draft: Draft, always: bool) -> None:
    """著 that is 着: in a traditional text any that does not stand in a word of its own.

    With `always` only in words that are written so in any text: 著力, 著重.
    """
    before, behind, sure = _zhu()
    text = draft.text + "\0"
    at = [
        i
        for i in characters.places(text, "著")
        if text[i - 1] not in before
        and (text[i + 1] in sure if always else text[i + 1] not in behind)
    ]
    if at:
        draft.put(at, ord("着"), "script")


@cache
def _zhu() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Characters in front of and behind 著 in its own words, and behind it where it is 着."""
    table = lexicon.toml("script/zhu.toml")
    own = table["own"]
    return frozenset(own["before"]), frozenset(own["behind"]), frozenset(table["always"]["behind"])


@cache
def _corrections() -> tuple[ahocorasick_rs.AhoCorasick, list[Codes]]:
    pairs = dict(entry.split() for entry in lexicon.words("script/corrections.txt"))
    longest = ahocorasick_rs.MatchKind.LeftmostLongest
    return (
        ahocorasick_rs.AhoCorasick(list(pairs), matchkind=longest),
        [codes_of(value) for value in pairs.values()],
    )
