"""How sure a row is: the share of rows with the same marks that were right on read texts."""

from __future__ import annotations

from functools import cache

from schemas.mention import Status
from transforms import lexicon
from transforms.extract.surroundings import Figure


def confidence(figure: Figure, inherited: bool, status: Status) -> float:
    """A number between 0 and 1: the chance that the whole row is right.

    Source of the weights: `seeds/confidence.toml`, fitted on the development texts.
    """
    table = _table()
    chance = table["rules"].get(figure.rules[-1], table["default"])
    for mark, factor in table["marks"].items():
        if _marked(figure, inherited, status, mark):
            chance *= factor
    return round(min(chance, 0.99), 3)


def _marked(figure: Figure, inherited: bool, status: Status, mark: str) -> bool:
    """Whether a row bears a mark of `seeds/confidence.toml`."""
    if mark == "own_period":
        return not inherited
    if mark == "not_actual":
        return status is not Status.ACTUAL
    if mark == "related":
        return figure.measure not in ("level", "share")
    if mark == "long_name":
        return len(figure.name) > 14
    if mark == "no_unit":
        return not figure.mention.unit
    if mark == "parenthesis":
        return figure.parenthesis
    return False


@cache
def _table() -> dict[str, dict[str, float]]:
    return lexicon.toml("confidence.toml")
