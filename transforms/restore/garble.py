"""Undoes wrong decodings inside a text: UTF-8 read as GBK or Latin-1, GBK read one byte off.

What was read wrongly is turned back into bytes and read again; the second reading counts only
where it consists of usual characters and of the dictionary's words, and the first did not. What
cannot be settled is marked with U+FFFD and never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
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
    TRADITIONAL,
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
from transforms.restore.lattice import Lattice, Reading, Step

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
_HALF = dict(zip("!,:;?()#", "！，：；？（）＃", strict=True))
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
    bridges = _BRIDGES
    gaps = not _PRIVATE.search(draft.text)
    for start in starts:
        if start < until:
            continue
        change = None
        if attempts and (
            draft.text[start] in _SIGNS or (flags[start + 1 : start + 9] & _KIND).any()
        ):
            attempts -= 1
            change = _settled(draft.text, start, until)
            strange = _STRANGE if seen & TRADITIONAL else _TWICE
            if (
                bridges
                and draft.text[start] in _SIGNS
                and (
                    (flags[start + 1 : start + 9] & _KIND).any() or strange.match(draft.text, start)
                )
            ):
                bridges -= 1
                change = _bridged(draft.text, start, change, gaps)
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
    if run.last:
        last += _swallowed(text, run.end - 1)[1]
    return begin, run.end, first + run.rest + last


def _swallowed(text: str, end: int) -> tuple[int, str]:
    """Where a run ends whose last byte has a sign at `end`, and what that stands for besides.

    总人口[?]76人: with the byte it took a digit.
    """
    if text[end : end + 1] not in (*_SIGNS,):
        return end, ""
    return end + 1, MARK if text[end + 1 : end + 2].isdigit() else ""


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


# ---------------------------------------------------------------- runs that lost characters too

_PRIVATE = re.compile("[\ue000-\uf8ff]")
_BRIDGES = 12  # runs of a text that are looked at so: it takes a while
_LONGEST_BRIDGE = 48  # characters
_SURE = 4.0  # how much likelier than any other a character must be, as a logarithm
_BETTER = 6.0  # and a reading than what is printed
_GAP = -3.0  # what speaks against a character that is gone
_NEAR = 3  # characters in front and behind that words may reach to
_CLAUSE = "[，；：！？（）,;:!?()#＃“”、。]"
_TWICE = re.compile(rf"[?\ufffd]{_CLAUSE}{{1,2}}(?<=[^?\ufffd])[?\ufffd]")
# a second byte of ASCII, as only traditional characters have it, or signs of GBK: ?l鎮, ?；┧こ
_STRANGE = re.compile(
    rf"{_TWICE.pattern}|[?\ufffd]{_CLAUSE}{{0,2}}[A-Za-z@^_`{{|}}~\[\]\\\u2460-\u33ff]"
)


def _bridged(text: str, start: int, settled: Change | None, gaps: bool) -> Change | None:
    """The likeliest reading of the run behind the sign at `start`, by the words around it.

    With `gaps` it may have lost characters: two bytes out of step may make none of GBK but one
    for private use, which is not printed, so that of 化供 in 規模化供水 is left what stands in
    模[化] and [供]水. `settled` is the run as if it had lost none, which stays unless one has.
    """
    around = script.convert(text[max(0, start - _AROUND) : start + _AROUND])
    best: tuple[Reading, int] | None = None
    opening = text[start + 1 : start + 2]
    for first in dict.fromkeys((opening, _HALF.get(opening, ""))):
        pairs, end, trail = _pairs(first, text, start + 1)
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
    if settled and len(reading.steps) == len(settled[2]) + min(start, _NEAR) + len(
        text[end : end + _NEAR]
    ):
        return settled
    printed = Lattice(around)
    _lay_known(printed, 0, text[max(0, start - _NEAR) : end + _NEAR])
    before = printed.best()
    if before is None or reading.score < before.score + _BETTER:
        return settled
    skipped = min(start, _NEAR)
    count = len(reading.steps) - len(text[end : end + _NEAR])
    sure = [lead >= _SURE for lead in reading.leads]
    told = [reading.steps[i].printed if sure[i] else MARK for i in range(skipped, count)]
    if not _in_word(reading, skipped):
        return settled
    end, swallowed = _swallowed(text, end)
    return start, end, "".join(told) + swallowed


def _in_word(reading: Reading, number: int) -> bool:
    """Whether the character of that number stands in a word of two or more."""
    at = 0
    for word in reading.words:
        at += len(word)
        if at > number:
            return len(word) > 1
    return False


def _pairs(first: str, text: str, begin: int) -> tuple[list[bytes], int, bytes]:
    """The bytes of the characters from `begin` on, where they end, and the last byte of the run.

    `first` stands for the first of them. The last byte is one in ASCII with which the bytes are
    in step again, or none.
    """
    pairs: list[bytes] = []
    end = begin
    for character in first + text[begin + 1 : begin + _LONGEST_BRIDGE] if first else "":
        encoded = character.encode("gb18030", "ignore")
        if len(encoded) != 2:
            if len(encoded) == 1 and 0x40 <= encoded[0] < 0x7F:
                return pairs, end + 1, encoded
            break
        pairs.append(encoded)
        end += 1
    return pairs, end, b""


def _lay(
    lattice: Lattice, text: str, start: int, run: tuple[list[bytes], int, bytes], gaps: bool
) -> None:
    """Lays all readings of the run behind the sign at `start`, with what stands around it."""
    pairs, end, trail = run
    at = _lay_known(lattice, 0, text[max(0, start - _NEAR) : start])
    leads = [pair[:1] for pair in pairs] + ([trail] if trail else [])
    to = lattice.node()
    _choose(lattice, at, to, [bytes((lost,)) + leads[0] for lost in range(0x81, 0xFF)])
    at = to
    for pair, behind in zip(pairs, leads[1:], strict=False):
        inside = [(lattice.node(), *undefined) for undefined in _undefined() if gaps]
        to = lattice.node()
        _choose(lattice, at, to, [pair[1:] + behind], usual=False)
        for gap, leads_of, trails in inside:
            _choose(lattice, at, gap, [pair[1:] + bytes((lost,)) for lost in leads_of], worth=_GAP)
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
        trails = tuple(trail for trail in range(0x81, 0xFF) if not _pair(lead, trail))
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
        character = _pair(data[0], data[1])
        if character and not (usual and not flags[ord(character)] & COMMON):
            lattice.add(Step(node, to, character, script.convert(character), worth))


_DAMAGED = re.compile(r"[?\ufffd][^，。；：、！\s]{1,7}?[?\ufffd]")


def _damage(text: str, flags: Flags, at: int) -> tuple[int, int] | None:
    """How far the damage at a sign reaches; None for a question mark that is one."""
    match = _DAMAGED.match(text, at)
    if match and (flags[at : match.end()] & (_KIND | TONED | LATIN)).any():
        return match.span()
    if at + 1 < len(flags) and flags[at + 1] & _KIND:
        return at, at + 2
    if _MARKED.match(text, at):
        pairs, end, trail = _pairs(_HALF.get(text[at + 1], text[at + 1]), text, at + 1)
        odd = bool(trail) or (flags[at:end] & _KIND).any()
        if odd and len(pairs) + bool(trail) > 1 and words.covered(text[at:end]) < _GARBLED:
            return at, _swallowed(text, end)[0]
    return None


_MARKED = re.compile(r"[?\ufffd][，；：！？（,;:!?(#＃]")  # no question is followed so
_GARBLED = 0.4  # of what bytes out of step make less stands in words
