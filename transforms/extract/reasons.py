"""How sure a row is: the share of rows with the same marks that were right on read texts."""

from __future__ import annotations

from functools import cache

from schemas.mention import Status
from transforms import lexicon
from transforms.extract import relations
from transforms.extract.surroundings import Figure


def confidence(figure: Figure, inherited: bool, status: Status, guessed: bool) -> float:
    """A number between 0 and 1: the chance that the whole row is right.

    `guessed`: neither title nor issuer says which place the document is about.
    Source of the weights: `seeds/confidence.toml`, fitted on the development texts.
    """
    rules, marks, chance = _table()
    chance = rules.get(figure.rules[-1], chance)
    if not inherited:
        chance *= marks["own_period"]
    if status is not Status.ACTUAL:
        chance *= marks["not_actual"]
    length = len(figure.name)
    if length > 14:
        chance *= marks["long_name"]
    elif length < 3:
        chance *= marks["short_name"]
    if not figure.mention.unit:
        chance *= marks["no_unit"]
    if guessed:
        chance *= marks["place_guessed"]
    if figure.parenthesis:
        chance *= marks["parenthesis"]
    tokens = figure.right[: figure.used] if figure.used else figure.left
    fillers = relations.words().fillers
    named = [word for word, _ in tokens if word not in fillers]
    if any(len(word) == 1 for word in named):
        chance *= marks["unknown_words"]
    if len(named) > 5:
        chance *= marks["many_words"]
    return min(round(chance, 3), 0.99)


@cache
def _table() -> tuple[dict[str, float], dict[str, float], float]:
    table = lexicon.toml("confidence.toml")
    return table["rules"], table["marks"], table["default"]
