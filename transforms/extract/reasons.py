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
    tokens = figure.right[: figure.used] if figure.used else figure.left
    fillers = relations.words().fillers
    lengths = [len(word) for word, _ in tokens if word not in fillers]
    length = len(figure.name)
    places = [word for word, tag in tokens if tag == "ns"]
    marks = (
        not inherited,
        status is not Status.ACTUAL,
        length > 14,
        length < 3,
        not figure.mention.unit,
        guessed,
        figure.parenthesis,
        1 in lengths,
        len(lengths) > 5,
        figure.measure in ("rank", "change"),
        bool(places) and any(_at_edge(place, figure.name) for place in places),
    )
    return _chance(figure.rules[-1], marks)


_MARKS = (
    "own_period",
    "not_actual",
    "long_name",
    "short_name",
    "no_unit",
    "place_guessed",
    "parenthesis",
    "unknown_words",
    "many_words",
    "relative_to",
    "place_in_name",
)


def _at_edge(word: str, name: str) -> bool:
    """Whether a name begins or ends with a word."""
    return name.startswith(word) or name.endswith(word)


@cache
def _chance(rule: str, marks: tuple[bool, ...]) -> float:
    """The chance by the last rule of a row and which of `_MARKS` it has."""
    table = lexicon.toml("confidence.toml")
    chance: float = table["rules"].get(rule, table["default"])
    for mark, there in zip(_MARKS, marks, strict=True):
        if there:
            chance *= table["marks"][mark]
    return min(round(chance, 3), 0.99)
