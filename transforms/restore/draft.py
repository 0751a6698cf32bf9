"""A text under repair: its characters, and for each one where it stands in the source text.

Every repair is one of three: characters replaced one for one, spans cut out, spans put in the
place of others. The draft keeps two numbers a character, and the edit list of the whole way is
read off them at the end, whatever the number of repairs on the way. Cuts change the text at
once; the numbers follow when somebody asks for them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from schemas.spans import OffsetMap
from transforms.restore.characters import Codes, Flags, codes_of, flags_of, text_of, union

Positions = npt.NDArray[np.int64]
Cut = tuple[int, int, str]  # start, end, for which repair
Change = tuple[int, int, str]  # start, end, what stands there instead


class Draft:
    """The text so far (`text`, `codes`) and what was done to it (`counts`, `offsets()`).

    `without` names the repairs that are switched off.
    """

    __slots__ = (
        "_codes",
        "_cuts",
        "_first",
        "_flags",
        "_last",
        "_length",
        "_seen",
        "_text",
        "_why",
        "counts",
        "without",
    )

    def __init__(self, source: str, without: frozenset[str] = frozenset()) -> None:
        self._text: str | None = source
        self._codes: Codes | None = None
        self._flags: Flags | None = None
        self._seen: int | None = None
        self.without = without
        self.counts: dict[str, int] = {}
        self._length = len(source)
        self._first: Positions | None = None  # where the source of each character begins
        self._last: Positions | None = None  # where it ends, if not one further
        # where edits ended in the text as it was, whose positions are given (None for places of
        # the source text), with the repair or one for each of them
        self._why: list[
            tuple[Positions | None, Sequence[int] | Positions, str | Sequence[str]]
        ] = []
        self._cuts: list[Sequence[Cut]] = []  # cuts that the positions do not know of yet

    @property
    def text(self) -> str:
        """The text so far."""
        if self._text is None:
            assert self._codes is not None
            self._text = text_of(self._codes)
        return self._text

    @property
    def codes(self) -> Codes:
        """Its code points; the same array for as long as the text stays as it is."""
        if self._codes is None:
            assert self._text is not None
            self._codes = codes_of(self._text)
        return self._codes

    @property
    def flags(self) -> Flags:
        """The flags of each character (see `characters`)."""
        if self._flags is None:
            self._flags = flags_of(self.codes)
        return self._flags

    @property
    def seen(self) -> int:
        """The flags that any of the characters has."""
        if self._seen is None:
            self._seen = union(self.flags)
        return self._seen

    def _become(self, codes: Codes | None, text: str | None) -> None:
        """The text changes; one of both may be left out."""
        self._codes, self._text = codes, text
        self._flags = self._seen = None

    def wants(self, repair: str) -> bool:
        """Whether the repair is switched on."""
        return repair not in self.without

    def count(self, repair: str, times: int) -> None:
        """Notes that a repair was made."""
        if times:
            self.counts[repair] = self.counts.get(repair, 0) + times

    def recode(self, codes: Codes, repair: str, text: str | None = None) -> None:
        """Replaces characters one for one. `codes` has the length of the text.

        `text` is what they spell, where that is known already.
        """
        changed = int(np.count_nonzero(codes != self.codes))
        if changed:
            self._become(codes, text)
            self.count(repair, changed)

    def put(self, places: Positions | Sequence[int], codes: Codes | int, repair: str) -> None:
        """Puts other characters in the places of as many, one for one. All are changed so."""
        changed = self.codes.copy()
        changed[places] = codes
        self._become(changed, None)
        self.count(repair, len(places))

    def cut(self, spans: Sequence[Cut]) -> None:
        """Takes spans out, each for its repair; they are in order and do not overlap."""
        if not spans:
            return
        self._cuts.append(spans)
        text, counts = self.text, self.counts
        kept: list[str] = []
        at = times = 0
        last = spans[0][2]
        for start, end, repair in spans:
            kept.append(text[at:start])
            at = end
            if repair != last:
                counts[last] = counts.get(last, 0) + times
                last, times = repair, 0
            times += 1
        counts[last] = counts.get(last, 0) + times
        kept.append(text[at:])
        self._become(None, "".join(kept))

    def cut_all(self, starts: Positions, ends: Positions, repair: str) -> None:
        """Takes many spans out for one repair; they are in order and do not overlap."""
        self._settle()
        kept = _kept(starts, ends, len(self.codes))
        self._why.append((self._first, ends, repair))
        self._first = kept if self._first is None else self._first.take(kept)
        if self._last is not None:
            self._last = self._last.take(kept)
        flags = None if self._flags is None else self._flags.take(kept)
        self._become(self.codes.take(kept), None)
        self._flags = flags
        self.count(repair, len(starts))

    def splice(self, changes: Sequence[Change], repair: str, times: int | None = None) -> None:
        """Puts other text in the place of spans; they are in order and do not overlap."""
        if not changes:
            return
        self._settle()
        first = np.arange(self._length) if self._first is None else self._first
        last = first + 1 if self._last is None else self._last
        at = 0
        behind: list[int] = []
        codes: list[Codes] = []
        firsts: list[Positions] = []
        lasts: list[Positions] = []
        for start, end, text in changes:
            codes += [self.codes[at:start], codes_of(text)]
            begin, stop = _source(first, last, start, end)
            steps = np.arange(len(text), dtype=np.int64)
            begins = np.minimum(begin + steps, max(begin, stop - 1))
            stops = np.minimum(begin + steps + 1, stop)
            if len(text):
                stops[-1] = stop
            firsts += [first[at:start], begins]
            lasts += [last[at:start], stops]
            behind += (begin, stop)
            at = end
        self._why.append((None, behind, repair))
        self._become(np.concatenate([*codes, self.codes[at:]]), None)
        self._first = np.concatenate([*firsts, first[at:]])
        self._last = np.concatenate([*lasts, last[at:]])
        self.count(repair, len(changes) if times is None else times)

    def _settle(self) -> None:
        """Brings the positions up to the cuts made."""
        for spans in self._cuts:
            starts, ends, repairs = zip(*spans, strict=True)
            first = np.arange(self._length) if self._first is None else self._first
            self._why.append((first, ends, repairs))
            kept = list(zip((0, *ends), (*starts, len(first)), strict=True))
            self._first = np.concatenate([first[start:end] for start, end in kept])
            if self._last is not None:
                self._last = np.concatenate([self._last[start:end] for start, end in kept])
        self._cuts.clear()

    def sources(self, places: Positions) -> Positions:
        """Where in the source text the characters at `places` stand."""
        self._settle()
        return places if self._first is None else self._first.take(places)

    def places(self, sources: Positions) -> Positions:
        """Where the characters stand now that stand at `sources`, in order, in the source text."""
        self._settle()
        if self._first is None:
            return sources
        at = self._first.searchsorted(sources)
        there: Positions = at[self._first.take(at, mode="clip") == sources]
        return there

    def offsets(self) -> OffsetMap:
        """The edit list that leads from the text back to the source text."""
        self._settle()
        if self._first is None:
            return OffsetMap()
        first = self._first
        if self._last is None:
            return self._of_cuts(first)
        last = self._last
        before = np.concatenate(([0], last))
        behind = np.concatenate((first, [self._length]))
        # source characters that stand nowhere, before each character
        return self._mixed(first, last, behind - before)

    def _of_cuts(self, first: Positions) -> OffsetMap:
        """The edit list where nothing but cuts was made."""
        size = len(first)
        if not size:
            at, begins, ends = ([0], [0], [self._length]) if self._length else ([], [], [])
        else:
            steps = first[1:] - first[:-1]
            apart = (steps != 1).nonzero()[0]
            at = (apart + 1).tolist()
            begins = (first[apart] + 1).tolist()
            ends = first[apart + 1].tolist()
            if first[0]:
                at, begins, ends = [0, *at], [0, *begins], [int(first[0]), *ends]
            if first[-1] + 1 != self._length:
                at.append(size)
                begins.append(int(first[-1]) + 1)
                ends.append(self._length)
        why = self._reasons()
        return OffsetMap.of_columns(at, at, begins, ends, [why[end] for end in ends])

    def _reasons(self) -> dict[int, str]:
        """Place of the source text behind an edit → the repair, the last one where several met."""
        found: dict[int, str] = {}
        for first, ends, repair in self._why:
            behind = _behind(first, ends, self._length)
            if isinstance(repair, str):
                found |= dict.fromkeys(behind, repair)
            else:
                found |= zip(behind, repair, strict=True)
        return found

    def _mixed(self, first: Positions, last: Positions, gaps: Positions) -> OffsetMap:
        """The edit list where text of other length was put in."""
        rows: list[tuple[int, int, int, int]] = []
        size = len(first)
        odd = set(np.flatnonzero(last - first != 1).tolist())
        touched = odd | set(np.flatnonzero(gaps).tolist())
        touched |= {i - 1 for i in np.flatnonzero(gaps < 0).tolist()}
        done = -1
        for i in sorted(touched):
            if i < done:
                continue
            if gaps[i] > 0:
                begin = int(last[i - 1]) if i else 0
                rows.append((i, i, begin, begin + int(gaps[i])))
            if i == size:
                break
            end = i + 1
            while end < size and gaps[end] < 0:
                end += 1
            if i in odd or end > i + 1:
                rows.append((i, end, int(first[i]), int(last[end - 1])))
            done = end
        why = self._reasons()
        names = [why.get(row[3], why.get(row[2], "")) for row in rows]
        columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], [], []]
        return OffsetMap.of_columns(columns[0], columns[1], columns[2], columns[3], names)


def _kept(starts: Positions, ends: Positions, size: int) -> Positions:
    """Places of a text of `size` that no cut takes."""
    number = len(starts)
    apart = np.empty(number + 1, dtype=np.int64)  # characters in front of each cut and behind all
    apart[0], apart[number] = starts[0], size - ends[-1]
    np.subtract(starts[1:], ends[:-1], out=apart[1:number])
    taken = np.zeros(number + 1, dtype=np.int64)  # characters cut out before
    (ends - starts).cumsum(out=taken[1:])
    kept: Positions = taken.repeat(apart)
    kept += np.arange(len(kept))
    return kept


def _behind(first: Positions | None, ends: Sequence[int] | Positions, length: int) -> Sequence[int]:
    """Places of the source text where cuts end that end at `ends` in a text of such positions."""
    if first is None:
        return [int(end) for end in ends]
    places: list[int] = first.take(ends, mode="clip").tolist()
    if ends[-1] == len(first):
        places[-1] = length
    return places


def _source(first: Positions, last: Positions, start: int, end: int) -> tuple[int, int]:
    """The source of a span, which may be empty."""
    if start < end:
        return int(first[start]), int(last[end - 1])
    if start:
        return int(last[start - 1]), int(last[start - 1])
    return 0, 0
