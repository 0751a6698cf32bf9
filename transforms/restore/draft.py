"""A text under repair: its characters, and for each one where it stands in the source text.

Every repair is one of three: characters replaced one for one, spans cut out, spans put in the
place of others. The draft keeps two numbers a character, and the edit list of the whole way is
read off them at the end, whatever the number of repairs on the way.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from schemas.spans import OffsetMap
from transforms.restore.characters import Codes, codes_of, text_of

Positions = npt.NDArray[np.int64]
Cut = tuple[int, int, str]  # start, end, for which repair
Change = tuple[int, int, str]  # start, end, what stands there instead


class Draft:
    """The text so far (`text`, `codes`) and what was done to it (`counts`, `offsets()`).

    `without` names the repairs that are switched off.
    """

    def __init__(self, source: str, without: frozenset[str] = frozenset()) -> None:
        self.text = source
        self.codes: Codes = codes_of(source)
        self.without = without
        self.counts: dict[str, int] = {}
        self._length = len(source)
        self._first: Positions | None = None  # where the source of each character begins
        self._last: Positions | None = None  # and where it ends
        self._why: npt.NDArray[np.uint8] | None = None  # the repair before each, and at the end
        self._names: list[str] = [""]

    def wants(self, repair: str) -> bool:
        """Whether the repair is switched on."""
        return repair not in self.without

    def count(self, repair: str, times: int) -> None:
        """Notes that a repair was made."""
        if times:
            self.counts[repair] = self.counts.get(repair, 0) + times

    def recode(self, codes: Codes, repair: str) -> None:
        """Replaces characters one for one. `codes` has the length of the text."""
        changed = int(np.count_nonzero(codes != self.codes))
        if changed:
            self.codes = codes
            self.text = text_of(codes)
            self.count(repair, changed)

    def cut(self, spans: Sequence[Cut], count: bool = True) -> None:
        """Takes spans out, each for its repair; they are in order and do not overlap.

        With `count` each one is noted as a repair of its own.
        """
        if not spans:
            return
        first, last, why = self._positions()
        bounds = np.array([(start, end) for start, end, _ in spans], dtype=np.int64)
        size = len(self.codes)
        steps = np.zeros(size + 1, dtype=np.int8)
        np.add.at(steps, bounds[:, 0], 1)
        np.add.at(steps, bounds[:, 1], -1)
        keep = np.cumsum(steps[:size], dtype=np.int8) == 0
        removed = np.cumsum(bounds[:, 1] - bounds[:, 0])
        kept_why = why[np.append(keep, True)]
        kept_why[bounds[:, 1] - removed] = [self._name(repair) for _, _, repair in spans]
        self.codes = self.codes[keep]
        self._first, self._last, self._why = first[keep], last[keep], kept_why
        self.text = text_of(self.codes)
        if count:
            for _, _, repair in spans:
                self.counts[repair] = self.counts.get(repair, 0) + 1

    def splice(self, changes: Sequence[Change], repair: str, times: int | None = None) -> None:
        """Puts other text in the place of spans; they are in order and do not overlap."""
        if not changes:
            return
        first, last, why = self._positions()
        number = self._name(repair)
        at = 0
        codes: list[Codes] = []
        firsts: list[Positions] = []
        lasts: list[Positions] = []
        whys: list[npt.NDArray[np.uint8]] = []
        for start, end, text in changes:
            codes += [self.codes[at:start], codes_of(text)]
            begin, stop = self._source(first, last, start, end)
            steps = np.arange(len(text), dtype=np.int64)
            begins = np.minimum(begin + steps, max(begin, stop - 1))
            stops = np.minimum(begin + steps + 1, stop)
            if len(text):
                stops[-1] = stop
            firsts += [first[at:start], begins]
            lasts += [last[at:start], stops]
            whys += [why[at:start], np.full(len(text), number, dtype=np.uint8)]
            at = end
        codes.append(self.codes[at:])
        firsts.append(first[at:])
        lasts.append(last[at:])
        whys.append(why[at:])
        self.codes = np.concatenate(codes)
        self._first, self._last = np.concatenate(firsts), np.concatenate(lasts)
        self._why = np.concatenate(whys)
        self.text = text_of(self.codes)
        self.count(repair, len(changes) if times is None else times)

    def _source(self, first: Positions, last: Positions, start: int, end: int) -> tuple[int, int]:
        """The source of the span, which may be empty."""
        if start < end:
            return int(first[start]), int(last[end - 1])
        if start:
            return int(last[start - 1]), int(last[start - 1])
        return 0, 0

    def _name(self, repair: str) -> int:
        if repair not in self._names:
            self._names.append(repair)
        return self._names.index(repair)

    def _positions(self) -> tuple[Positions, Positions, npt.NDArray[np.uint8]]:
        if self._first is None or self._last is None or self._why is None:
            self._first = np.arange(self._length, dtype=np.int64)
            self._last = self._first + 1
            self._why = np.zeros(self._length + 1, dtype=np.uint8)
        return self._first, self._last, self._why

    def offsets(self) -> OffsetMap:
        """The edit list that leads from the text back to the source text."""
        if self._first is None:
            return OffsetMap()
        first, last, why = self._positions()
        size = len(first)
        before = np.concatenate(([0], last))
        behind = np.concatenate((first, [self._length]))
        gaps = behind - before  # source characters that stand nowhere, before each character
        apart = np.flatnonzero(gaps != 0)
        odd = np.flatnonzero(last - first != 1)
        if not len(odd) and (not len(apart) or gaps[apart].min() > 0):
            at = apart.tolist()
            names = [self._names[i] for i in why[apart].tolist()]
            return OffsetMap.of_columns(
                at, at, before[apart].tolist(), behind[apart].tolist(), names
            )
        return self._mixed(first, last, why, gaps, set(odd.tolist()), size)

    def _mixed(
        self,
        first: Positions,
        last: Positions,
        why: npt.NDArray[np.uint8],
        gaps: Positions,
        odd: set[int],
        size: int,
    ) -> OffsetMap:
        """The edit list where text of other length was put in."""
        columns: tuple[list[int], list[int], list[int], list[int], list[str]] = ([], [], [], [], [])

        def add(start: int, end: int, begin: int, stop: int, at: int) -> None:
            row = (start, end, begin, stop)
            for column, value in zip(columns, row, strict=False):
                column.append(value)  # type: ignore[arg-type]
            columns[4].append(self._names[int(why[at])])

        touched = odd | set(np.flatnonzero(gaps != 0).tolist())
        touched |= {i - 1 for i in np.flatnonzero(gaps < 0).tolist()}
        done = -1
        for i in sorted(touched):
            if i < done:
                continue
            if gaps[i] > 0:
                begin = int(last[i - 1]) if i else 0
                add(i, i, begin, begin + int(gaps[i]), i)
            if i == size:
                break
            end = i + 1
            while end < size and gaps[end] < 0:
                end += 1
            if i in odd or end > i + 1:
                add(i, end, int(first[i]), int(last[end - 1]), i)
            done = end
        return OffsetMap.of_columns(*columns)
