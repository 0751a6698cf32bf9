"""What the name of an indicator tells beyond itself: its topic, and a unit left unprinted."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from schemas.mention import Mention
from transforms import lexicon


def unit(mention: Mention, indicator: str, behind: str) -> str:
    """The unit of a figure; one left out is told by the indicator: 产值2.48亿 is in 元.

    `behind` is the text behind the figure: 0.28万[群众] are persons. Source of the units:
    `seeds/indicators.csv`.
    """
    if mention.unit or mention.kind:
        return mention.unit
    endings = _endings()
    found = endings.search(indicator)
    if found is None:
        found = _beginnings().search(behind[:8]) or _beginnings().search(indicator)
    return _units()[found[0]] if found is not None else ""


@cache
def _units() -> dict[str, str]:
    return {row["ending"]: row["unit"] for row in lexicon.rows("indicators.csv")}


@cache
def _endings() -> re.Pattern[str]:
    return re.compile(f"(?:{_alternatives()})$")


@cache
def _beginnings() -> re.Pattern[str]:
    return re.compile(_alternatives())


def _alternatives() -> str:
    return "|".join(sorted(_units(), key=len, reverse=True))


@lru_cache(maxsize=65536)
def topic(indicator: str) -> str | None:
    """The field of an indicator by the words in its name; the longest word decides.

    Source: `seeds/topics.csv`.
    """
    found = max(_words().findall(indicator), key=len, default=None)
    return None if found is None else _topics()[found]


@cache
def _topics() -> dict[str, str]:
    table: dict[str, str] = {}
    for row in lexicon.rows("topics.csv"):
        for word in row["words"].split():
            table.setdefault(word, row["topic"])
    return table


@cache
def _words() -> re.Pattern[str]:
    return re.compile("|".join(sorted(_topics(), key=len, reverse=True)))
