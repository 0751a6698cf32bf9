"""Reads runs of GBK one byte off that have lost characters besides, by the words around them.

Two bytes out of step may make none of GBK but a character for private use, which is not printed.
What the words do not settle is U+FFFD.
"""

from __future__ import annotations

import re
from functools import cache

from transforms.restore import script
from transforms.restore.characters import COMMON, RARE, SECOND, TRADITIONAL, Flags, classes
from transforms.restore.draft import Change
from transforms.restore.gbk import AROUND, HALF, MARK, SIGNS, pair, pairs_from, swallowed
from transforms.restore.lattice import Lattice, Reading, Step

_PRIVATE = re.compile("[\ue000-\uf8ff]")
MOST = 12  # runs of a text that are looked at so: it takes a while
_SURE = 4.0  # how much likelier than any other a character must be, as a logarithm
_BETTER = 6.0  # and a reading than what is printed
_GAP = -3.0  # what speaks against a character that is gone
_NEAR = 3  # characters in front and behind that words may reach to
_CLAUSE = "[，；：！？（）,;:!?()#＃“”、。]"
_TWICE = re.compile(rf"[?\ufffd]{_CLAUSE}{{1,2}}(?<=[^?\ufffd])[?\ufffd]")
# a second byte of ASCII, as only traditional characters have it, or signs of GBK: ?l鎮, ?；┧こ,
# at the end of a run that is too short to read well by itself: 確?！罢{處 (確保“調處)
_ASCII = r"@^_`{|}~\[\]\\"
_SIGNS_OF_GBK = "\u0391-\u0451\u2190-\u22ff\u2460-\u33ff"
_STRANGE = re.compile(
    rf"{_TWICE.pattern}|[?\ufffd]{_CLAUSE}{{0,2}}[A-Za-z{_ASCII}{_SIGNS_OF_GBK}]"
    rf"|[?\ufffd]{_CLAUSE}(?:[\u4e00-\u9fff]{{1,2}}[{_ASCII}]|[\u4e00-\u9fff]{{1,6}}[{_SIGNS_OF_GBK}])"
)


def may_have_gaps(text: str) -> bool:
    """Whether a text may have lost characters for private use: it has none."""
    return not _PRIVATE.search(text)


def is_strange(text: str, start: int, flags: Flags, seen: int) -> bool:
    """Whether what follows the sign at `start` is such as bytes out of step give."""
    if text[start] not in SIGNS:
        return False
    strange = _STRANGE if seen & TRADITIONAL else _TWICE
    return bool(
        (flags[start + 1 : start + 9] & (RARE | SECOND)).any() or strange.match(text, start)
    )


def bridged(text: str, start: int, settled: Change | None, gaps: bool) -> Change | None:
    """The likeliest reading of the run behind the sign at `start`, by the words around it.

    With `gaps` it may have lost characters: two bytes out of step may make none of GBK but one
    for private use, which is not printed, so that of 化供 in 規模化供水 is left what stands in
    模[化] and [供]水. `settled` is the run as if it had lost none, which stays unless one has.
    """
    around = script.convert(text[max(0, start - AROUND) : start + AROUND])
    best: tuple[Reading, int] | None = None
    opening = text[start + 1 : start + 2]
    for first in dict.fromkeys((opening, HALF.get(opening, ""))):
        pairs, end, trail = pairs_from(first, text, start + 1)
        if not pairs and not trail:
            continue
        lattice = Lattice(around)
        _lay(lattice, text, start, (pairs, end, trail), gaps)
        reading = lattice.best()
        if reading is not None and (best is None or reading.score > best[0].score):
            best = reading, end
    if best is None:
        return settled
    reading, end = best
    skipped = min(start, _NEAR)
    count = len(reading.steps) - len(text[end : end + _NEAR])
    if settled and count - skipped + settled[1] - end == len(settled[2]):
        return settled  # none is gone
    printed = Lattice(around)
    _lay_known(printed, 0, text[max(0, start - _NEAR) : end + _NEAR])
    before = printed.best()
    if before is None or reading.score < before.score + _BETTER:
        return settled
    sure = [lead >= _SURE for lead in reading.leads]
    agreed = settled[2] if settled else ""  # up to what is gone both say the same
    told = [
        step.printed if sure[i] or step.printed == agreed[i - skipped : i - skipped + 1] else MARK
        for i, step in enumerate(reading.steps[skipped:count], skipped)
    ]
    if sure[skipped] and not _in_word(reading, skipped):
        return settled
    end, besides = swallowed(text, end)
    return start, end, "".join(told) + besides


def _in_word(reading: Reading, number: int) -> bool:
    """Whether the character of that number stands in a word of two or more."""
    at = 0
    for word in reading.words:
        at += len(word)
        if at > number:
            return len(word) > 1
    return False


def _lay(
    lattice: Lattice, text: str, start: int, run: tuple[list[bytes], int, bytes], gaps: bool
) -> None:
    """Lays all readings of the run behind the sign at `start`, with what stands around it."""
    pairs, end, trail = run
    at = _lay_known(lattice, 0, text[max(0, start - _NEAR) : start])
    leads = [each[:1] for each in pairs] + ([trail] if trail else [])
    to = lattice.node()
    _choose(lattice, at, to, [bytes((lost,)) + leads[0] for lost in range(0x81, 0xFF)])
    at = to
    for own, behind in zip(pairs, leads[1:], strict=False):
        inside = [(lattice.node(), *undefined) for undefined in _undefined() if gaps]
        to = lattice.node()
        _choose(lattice, at, to, [own[1:] + behind], usual=False)
        for gap, leads_of, trails in inside:
            _choose(lattice, at, gap, [own[1:] + bytes((lost,)) for lost in leads_of], worth=_GAP)
            _choose(lattice, gap, to, [bytes((lost,)) + behind for lost in trails])
        at = to
    if pairs and not trail:
        to = lattice.node()
        _choose(lattice, at, to, [pairs[-1][1:] + bytes((lost,)) for lost in range(0x40, 0xFF)])
        at = to
    _lay_known(lattice, at, text[end : end + _NEAR])


@cache
def _undefined() -> list[tuple[list[int], list[int]]]:
    """First and second bytes that together make no character of GBK, by the second bytes.

    These are for private use, but for a few.
    """
    groups: dict[tuple[int, ...], list[int]] = {}
    for lead in range(0x81, 0xFF):
        trails = tuple(trail for trail in range(0x81, 0xFF) if not pair(lead, trail))
        if trails:
            groups.setdefault(trails, []).append(lead)
    return [(leads, list(trails)) for trails, leads in groups.items()]


def _lay_known(lattice: Lattice, at: int, text: str) -> int:
    """Lays characters that are known from a node on; the node behind them."""
    for character in text:
        to = lattice.node()
        lattice.add(Step(at, to, character, script.convert(character)))
        at = to
    return at


def _choose(
    lattice: Lattice,
    node: int,
    to: int,
    candidates: list[bytes],
    usual: bool = True,
    worth: float = 0.0,
) -> None:
    """Every character that one of the `candidates` is; only usual ones where most are guesses."""
    flags = classes()
    for data in candidates:
        character = pair(data[0], data[1])
        if character and not (usual and not flags[ord(character)] & COMMON):
            lattice.add(Step(node, to, character, script.convert(character), worth))
