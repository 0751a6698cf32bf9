"""An observation: one figure of a document with everything that is said of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from schemas.mention import Measure, Qualifier, Status, Unclaimed


@dataclass(slots=True)
class Observation:
    """One figure. `[start, end)` is its span in the clean text of its document.

    `value` is signed (下降3.2% is -3.2) and has its magnitude multiplied out; `unit` is
    canonical. `parent` is the index of the observation that this one is a part of (其中),
    `sentence` the index of its sentence. `rules` names the rules that made the row, in the
    order in which they fired.
    """

    start: int
    end: int
    value: float
    value_high: float
    unit: str
    indicator: str
    measure: Measure
    qualifier: Qualifier
    status: Status
    period_start: date | None
    period_end: date | None
    period_inherited: bool
    place: str
    rank_scope: str | None
    parent: int | None
    sentence: int
    topic: str | None
    confidence: float
    rules: list[str]


@dataclass(slots=True)
class Extraction:
    """What a document yields: its observations and the numerals that are none.

    `columns` has the values of all observations for each field of `Observation`: what comes
    next takes them column by column, and thousands of records need not be made.
    """

    columns: dict[str, list[Any]]
    unclaimed: list[Unclaimed]

    @property
    def observations(self) -> list[Observation]:
        """The observations one by one, to be read."""
        return [
            Observation(**dict(zip(self.columns, row, strict=True)))
            for row in zip(*self.columns.values(), strict=True)
        ]
