"""Figures that one list in front shares out: 2023年、2024年分别新增120张和150张."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from schemas.mention import Mention

_JOINTS = frozenset(("、", "和", "及", "与", "，", ",", "、和"))
_CLAUSE_ENDS = frozenset("，；。：")
_REACH = 40  # characters from the end of a list to its first figure


def chain(clean: str, figures: Sequence[Mention], position: int, size: int) -> range:
    """Numbers of the `size` figures behind `position`, empty unless a list of just so many.

    `figures` are in the order of the clean text, `position` is an offset in it. A list is
    figures with nothing but a mark or a conjunction between them; between `position` and the
    first of them no clause ends.
    """
    first = bisect_left(figures, position, key=_start)
    if first == len(figures) or figures[first].lead - position > _REACH:
        return range(0)
    if not _CLAUSE_ENDS.isdisjoint(clean[position : figures[first].lead]):
        return range(0)
    last = first + 1
    while last < len(figures) and last - first <= size and _joined(clean, figures, last):
        last += 1
    return range(first, last) if last - first == size else range(0)


def _joined(clean: str, figures: Sequence[Mention], number: int) -> bool:
    """Whether nothing but a joint stands in front of a figure."""
    return clean[figures[number - 1].end : figures[number].lead] in _JOINTS


def _start(figure: Mention) -> int:
    return figure.start
