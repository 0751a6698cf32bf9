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
    rules, marks, chance = _table()
    chance = rules.get(figure.rules[-1], chance)
    if not inherited:
        chance *= marks["own_period"]
    if status is not Status.ACTUAL:
        chance *= marks["not_actual"]
    if figure.measure not in ("level", "share"):
        chance *= marks["related"]
    if len(figure.name) > 14:
        chance *= marks["long_name"]
    if not figure.mention.unit:
        chance *= marks["no_unit"]
    if figure.parenthesis:
        chance *= marks["parenthesis"]
    return min(round(chance, 3), 0.99)


@cache
def _table() -> tuple[dict[str, float], dict[str, float], float]:
    table = lexicon.toml("confidence.toml")
    return table["rules"], table["marks"], table["default"]
