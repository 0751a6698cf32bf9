"""Which sentences of a document have figures: most have none, and need no further look."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from schemas.document import Sentence
from schemas.mention import Mention, Reason, Unclaimed


class Figured(NamedTuple):
    """A sentence with figures: `mentions[first:last]` of the document are those in it."""

    number: int  # of the sentence in the document
    sentence: Sentence
    first: int
    last: int


def figured(
    sentences: Sequence[Sentence], mentions: Sequence[Mention]
) -> tuple[list[Figured], list[Mention], list[Unclaimed]]:
    """The sentences that have figures, the mentions that stand in them, and those outside.

    All are in the order of the text, and so must be what is given. The numbers of a `Figured`
    count the mentions that are returned; a mention outside stands in page furniture.
    """
    found: list[Figured] = []
    kept: list[Mention] = []
    outside: list[Unclaimed] = []
    starts = [sentence.start for sentence in sentences]
    number, end, first = -1, 0, 0  # the sentence at hand and its first mention
    for mention in mentions:
        if mention.start >= end:
            if len(kept) > first:
                found.append(Figured(number, sentences[number], first, len(kept)))
                first = len(kept)
            number = bisect_right(starts, mention.start) - 1
            end = sentences[number].end if number >= 0 else 0
        if mention.end <= end:
            kept.append(mention)
        else:
            outside.append(Unclaimed(mention.start, mention.end, Reason.FURNITURE))
    if len(kept) > first:
        found.append(Figured(number, sentences[number], first, len(kept)))
    return found, kept, outside
