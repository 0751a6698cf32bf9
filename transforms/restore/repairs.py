"""The repairs of a text in their order, each with a name, each to be switched off.

One look at the characters says which repairs a text can need, so that a clean text pays for
the look alone.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import numpy as np

from schemas.document import Script
from transforms import lexicon
from transforms.restore import (
    byte_shift,
    lines,
    mojibake,
    notes,
    paragraphs,
    punctuation,
    repeats,
    script,
    spaces,
)
from transforms.restore.characters import (
    ASK,
    BREAK,
    DAMAGE,
    HASH,
    HIDDEN,
    KEY,
    LATIN,
    LOCK,
    LOWER,
    ODD,
    OPENING,
    OTHER_BREAK,
    RARE,
    SPACE,
    TONED,
    WIDE,
    having,
    places,
    plain,
)
from transforms.restore.draft import Cut, Draft, Positions

REPAIRS: Final = {
    "mojibake": "UTF-8 read as GBK or Latin-1, GBK read as Latin-1: 涓浗 → 中国",
    "hidden": "zero-width, bidirectional and control characters",
    "line_end": "line ends of other systems",
    "width": "full-width digits and letters, compatibility ideographs, odd spaces",
    "crawl_mark": "marks of crawlers and leftovers of HTML: ##paidbegin##, 关键词2, &nbsp;",
    "pinyin_note": "pinyin behind characters: 堅(jiān)持",
    "byte_shift": "GBK read one byte off: 党?!钡谋匦拚n → 党校”的必修課",
    "damaged": "what cannot be settled, marked U+FFFD",
    "script": "traditional to simplified script, over-conversion undone",
    "hard_wrap": "line breaks at a fixed width or inside a sentence",
    "page_break": "page breaks inside a sentence, with their page numbers",
    "page_repeat": "first characters of a page that repeat the last ones before",
    "layout": "indentation, blank lines, page numbers between paragraphs",
    "paragraph": "paragraphs that lost their line breaks: 。　　二、打算",
    "decimal_point": "spaces in the place of decimal points: 108 3% → 108.3%",
    "space": "spaces inside numbers, dates and words: 8.64 亿元",
    "doubled": "a character printed twice: 始始终",
    "punctuation": "half-width punctuation in Chinese text, full-width in numbers",
    "furniture": "breadcrumbs, counters, links and imprints of the page",
}
"""Name of each repair → what it mends, in the order in which they are made."""


def repair(draft: Draft) -> Script:
    """Makes all repairs but the removal of furniture; the script the text was in."""
    seen = draft.seen
    odd = (
        seen & (ASK | DAMAGE)
        or (seen & ODD and mojibake.is_odd(draft.flags))
        or (seen & LOCK and byte_shift.LOCKED in draft.text)
    )
    if (
        odd
        and seen & (LATIN | RARE | DAMAGE)
        and draft.wants("mojibake")
        and mojibake.unscramble(draft, draft.flags)
    ):
        seen = draft.seen
    if seen & HIDDEN and draft.wants("hidden"):
        _cut_hidden(draft)
    if seen & OTHER_BREAK and draft.wants("line_end"):
        _line_ends(draft)
    if seen & WIDE and not odd:
        _narrow(draft)
    keyword = seen & KEY and any(_holds(draft.text, *word) for word in ("键词", "鍵詞"))
    if (seen & HASH or keyword) and draft.wants("crawl_mark"):
        _crawl_marks(draft)
    breaks: Positions | None = None
    if seen & OPENING and seen & (LOWER | TONED) and draft.wants("pinyin_note"):
        seen = draft.seen
        starts, ends = notes.find(draft)
        if len(starts):
            if seen & BREAK:
                breaks = draft.sources(lines.full_breaks(draft))
            draft.cut_all(starts, ends, "pinyin_note")
    if odd and draft.wants("byte_shift") and byte_shift.shift_back(draft, draft.flags, draft.seen):
        seen = draft.seen
        if seen & OPENING and seen & (LOWER | TONED) and draft.wants("pinyin_note"):
            starts, ends = notes.find(draft)  # behind a character that was half lost
            if len(starts):
                draft.cut_all(starts, ends, "pinyin_note")
    if seen & WIDE and odd:  # not before: bytes out of step may make a full-width digit
        _narrow(draft)
    seen = draft.seen
    found = script.restore(draft, draft.flags, seen)
    if seen & BREAK or draft.text[:1].isspace() or draft.text[-1:].isspace():
        lines.mend(draft, breaks)
    text = draft.text
    if " " in text or (seen & SPACE and "\u3000" in text):
        _mend_spaces(draft)
        text = draft.text
    if paragraphs.SECOND.search(text) and draft.wants("paragraph"):
        paragraphs.numbered(draft)
    if draft.wants("doubled"):
        repeats.single(draft)
    if draft.wants("punctuation"):
        punctuation.widen(draft, seen)
    return found


def _mend_spaces(draft: Draft) -> None:
    """What spaces stand for, and then the spaces that stand for nothing."""
    runs = spaces.runs_of(draft.text)
    notable = spaces.notable(draft.text, runs)
    if notable and draft.wants("paragraph") and paragraphs.indented(draft, runs, notable):
        runs = spaces.runs_of(draft.text)
    if draft.wants("space"):
        spaces.close(draft, runs)


def _narrow(draft: Draft) -> None:
    if draft.wants("width"):
        draft.recode(plain()[draft.codes], "width")


def _holds(text: str, first: str, second: str) -> bool:
    """Whether two characters follow one another; one alone is found sooner than both."""
    return second in text and any(text[i + 1 : i + 2] == second for i in places(text, first))


def _cut_hidden(draft: Draft) -> None:
    hidden = np.concatenate(([0], having(draft.flags, HIDDEN).astype(np.int8), [0]))
    steps = np.diff(hidden)
    starts, ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    draft.cut([(s, e, "hidden") for s, e in zip(starts.tolist(), ends.tolist(), strict=True)])


def _line_ends(draft: Draft) -> None:
    """\\r\\n and \\n\\r → \\n, a lone \\r → \\n."""
    if "\r" not in draft.text:
        return
    draft.cut([(m.start(), m.end(), "line_end") for m in _RETURN.finditer(draft.text)])
    if "\r" in draft.text:
        draft.put((draft.codes == ord("\r")).nonzero()[0], ord("\n"), "line_end")


_RETURN = re.compile(r"\r(?=\n)|(?<=\n)\r(?!\n)")


def _crawl_marks(draft: Draft) -> None:
    pattern, entities = _marks()
    if "&" in draft.text:
        changes = [
            (m.start(), m.end(), entities[m.group()])
            for m in _ENTITY.finditer(draft.text)
            if m.group() in entities
        ]
        draft.splice(changes, "crawl_mark")
    cuts: list[Cut] = [(m.start(), m.end(), "crawl_mark") for m in pattern.finditer(draft.text)]
    draft.cut(cuts)


_ENTITY = re.compile(r"&[a-z#0-9]{2,8};")


@cache
def _marks() -> tuple[re.Pattern[str], dict[str, str]]:
    table = lexicon.toml("restore/marks.toml")
    return re.compile("|".join(table["crawl"]["patterns"])), table["entities"]
