"""Spans of text and the offset map that leads from clean text back to the source text.

Offsets are Python `str` indices (code points), half open, base 0.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple


class Edit(NamedTuple):
    """One repair: `source[source_start:source_end]` stands as `clean[clean_start:clean_end]`.

    Outside edits the two texts are equal character for character, or differ only by
    one-to-one replacements (script conversion, full-width digits) that move no offset.
    """

    clean_start: int
    clean_end: int
    source_start: int
    source_end: int
    repair: str


class OffsetMap:
    """Positions of the clean text → positions of the source text, by bisection over the edits.

    `edits` are sorted by `clean_start`, do not overlap, and are the whole difference in
    length between the two texts.
    """

    __slots__ = (
        "_clean_ends",
        "_clean_starts",
        "_edits",
        "_repairs",
        "_source_ends",
        "_source_starts",
    )

    def __init__(self, edits: Iterable[Edit] = ()) -> None:
        self._edits: tuple[Edit, ...] | None = tuple(edits)
        self._clean_starts = [e.clean_start for e in self._edits]
        self._clean_ends = [e.clean_end for e in self._edits]
        self._source_starts = [e.source_start for e in self._edits]
        self._source_ends = [e.source_end for e in self._edits]
        self._repairs: list[str] = []

    @classmethod
    def of_columns(
        cls,
        clean_starts: list[int],
        clean_ends: list[int],
        source_starts: list[int],
        source_ends: list[int],
        repairs: list[str],
    ) -> OffsetMap:
        """The map of the edits given column by column, which spares making each of them."""
        self = cls()
        self._clean_starts, self._clean_ends = clean_starts, clean_ends
        self._source_starts, self._source_ends = source_starts, source_ends
        self._repairs, self._edits = repairs, None
        return self

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The edits, sorted by `clean_start`."""
        if self._edits is None:
            self._edits = tuple(
                map(
                    Edit,
                    self._clean_starts,
                    self._clean_ends,
                    self._source_starts,
                    self._source_ends,
                    self._repairs,
                )
            )
        return self._edits

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """The smallest span of the source text that shows the clean span `[start, end)`.

        A deletion at an edge of the span is left out, one inside is kept. `start < end`.
        """
        starts = self._clean_starts
        if not starts or end <= starts[0]:
            return start, end
        first = bisect_right(starts, start) - 1  # the last edit that begins at or before
        last = bisect_right(starts, end - 1, first + 1) - 1
        if first >= 0:
            if start < self._clean_ends[first]:
                start = self._source_starts[first] + self._inside(first, start - starts[first])
            else:
                start += self._source_ends[first] - self._clean_ends[first]
        if end >= self._clean_ends[last]:
            return start, end + self._source_ends[last] - self._clean_ends[last]
        return start, self._source_starts[last] + self._inside(last, end - starts[last])

    def _inside(self, i: int, steps: int) -> int:
        """How far `steps` characters into edit `i` reach in its source, at most to its end."""
        return min(steps, self._source_ends[i] - self._source_starts[i])
