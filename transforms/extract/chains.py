"""Figures that one list in front shares out: 2023年、2024年分别新增120张和150张."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.mention import Mention

_JOINTS = frozenset(("、", "和", "及", "与", "，", ",", "、和"))


def chain(clean: str, figures: Sequence[Mention], position: int, size: int) -> Sequence[Mention]:
    """The `size` figures behind `position` of the clean text, empty unless a list of just so many.

    A list is figures with nothing but a mark or a conjunction between them; between `position`
    and the first of them no clause ends.
    """
    first = next((i for i, figure in enumerate(figures) if figure.start >= position), None)
    if first is None or any(mark in clean[position : figures[first].lead] for mark in "，；。："):
        return ()
    last = first + 1
    while last < len(figures) and clean[figures[last - 1].end : figures[last].lead] in _JOINTS:
        last += 1
    return figures[first:last] if last - first == size else ()
