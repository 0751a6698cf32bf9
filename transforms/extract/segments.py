"""Cuts Chinese text into tagged words with jieba's dictionary and the words of `seeds/words.txt`.

The engine is rjieba, which yields jieba's own tokens when its HMM is off (a test compares
the two) at twenty times the speed. The HMM stays off: it invents names (探索农村).
"""

from __future__ import annotations

from functools import cache

import jieba
import rjieba

from transforms import lexicon

# jieba's personal names straddle the words of reports (张家 | 庄村) and none is an indicator;
# but it also tags common words as names (文明, 荣誉, 玉米), which their frequency tells.
_NAMES = frozenset({"nr", "nrt", "nrfg"})
_COMMON = 100
_PHRASES = frozenset({"i", "l", "z"})  # among jieba's idioms and phrases stand names of things
_DOMAIN_FREQUENCY = 30_000


@cache
def _engine() -> rjieba.Jieba:
    """jieba's dictionary without rare personal names, and the domain's words."""
    engine: rjieba.Jieba = rjieba.Jieba.empty()  # type: ignore[no-untyped-call]
    domain = dict(entry.split() for entry in lexicon.words("words.txt"))
    things = frozenset(lexicon.words("things.txt"))
    with jieba.get_dict_file() as file:
        for line in file:
            word, frequency, tag = line.decode("utf-8").split()
            name = tag in _NAMES and len(word) > 1
            if tag in _PHRASES and len(word) > 3 and word[-2:] in things:
                tag = "n"
            if word not in domain and not (name and int(frequency) < _COMMON):
                engine.add_word(word, int(frequency), "n" if name else tag)
    for word, tag in domain.items():
        if tag != "-":
            engine.add_word(word, _DOMAIN_FREQUENCY, tag)
    return engine


def cut(text: str) -> list[tuple[str, str]]:
    """The words of `text` with their tags (jieba's tag set), in order, nothing left out."""
    return _engine().tag(text, False) if text else []
