"""How sure a row is: the odds by its last rule and by the marks that were found to matter."""

from __future__ import annotations

from functools import cache

from schemas.mention import Qualifier, Status
from transforms import lexicon
from transforms.extract import relations
from transforms.extract.phrases import MEASURED
from transforms.extract.surroundings import Figure


def confidence(figure: Figure, status: Status, elsewhere: bool, guessed: bool) -> float:
    """A number between 0 and 1: the chance that the whole row is right.

    `elsewhere`: the place is not the document's; `guessed`: the document has neither
    title nor issuer to say which place that is.
    Source of the weights: `seeds/confidence.toml`.
    """
    name, mention = figure.name, figure.mention
    fillers = relations.words().fillers
    tokens = figure.right[: figure.used] if figure.used else figure.left
    right = figure.right
    single = small = False
    for word, tag in tokens:
        if len(word) == 1 and not single:
            single = word in name
        if tag in _SMALL and not small:
            small = word in name
    marks = (
        single,
        small,
        len(tokens) > _MANY and sum([word not in fillers for word, _ in tokens]) > _MANY,
        len(name) < _SHORT,
        MEASURED.search(name) is None,
        elsewhere,
        guessed,
        len(right) > 0 and right[0][1] in _VERBS,
        mention.kind in _LENGTHS,
        mention.qualifier in _BOUNDS,
        figure.parenthesis,
        status is Status.NORM,
    )
    return _chance(figure.rules[-1], marks)


_MARKS = (
    "single_letters",
    "small_words",
    "many_words",
    "short_name",
    "no_measure",
    "other_place",
    "place_guessed",
    "verb_behind",
    "length_or_weight",
    "bound",
    "parenthesis",
    "norm",
)
_SMALL = frozenset(("d", "p", "c", "r", "uj", "f", "m", "ul", "u"))
_VERBS = frozenset(("v", "vn", "d"))
_LENGTHS = frozenset(("mass", "length"))
_BOUNDS = frozenset((Qualifier.RANGE, Qualifier.AT_LEAST, Qualifier.AT_MOST, Qualifier.UNDER))
_MANY = 5
_SHORT = 3


@cache
def _chance(rule: str, marks: tuple[bool, ...]) -> float:
    """The chance by the last rule of a row and which of `_MARKS` it has."""
    table = lexicon.toml("confidence.toml")
    odds: float = table["rules"].get(rule, table["default"])
    for mark, there in zip(_MARKS, marks, strict=True):
        if there:
            odds *= table["marks"][mark]
    return min(round(odds / (1 + odds), 3), 0.99)
