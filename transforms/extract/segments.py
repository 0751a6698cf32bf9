"""Cuts Chinese text into tagged words with jieba's dictionary and the words of `seeds/words.txt`.

The engine is rjieba, which yields jieba's own tokens when its HMM is off (a test compares
the two) at twenty times the speed. The HMM stays off: it invents names (探索农村).
"""

from __future__ import annotations

from functools import cache

import jieba
import rjieba

from transforms import lexicon

# jieba's personal names straddle the words of reports (张家 | 庄村) and none is an indicator.
_LEFT_OUT = frozenset({"nr", "nrt", "nrfg"})
_DOMAIN_FREQUENCY = 30_000


@cache
def _engine() -> rjieba.Jieba:
    """jieba's dictionary without personal names, and the domain's words."""
    engine: rjieba.Jieba = rjieba.Jieba.empty()  # type: ignore[no-untyped-call]
    domain = dict(entry.split() for entry in lexicon.words("words.txt"))
    with jieba.get_dict_file() as file:
        for line in file:
            word, frequency, tag = line.decode("utf-8").split()
            if word not in domain and (tag not in _LEFT_OUT or len(word) == 1):
                engine.add_word(word, int(frequency), tag)
    for word, tag in domain.items():
        if tag != "-":
            engine.add_word(word, _DOMAIN_FREQUENCY, tag)
    return engine


def cut(text: str) -> list[tuple[str, str]]:
    """The words of `text` with their tags (jieba's tag set), in order, nothing left out."""
    return _engine().tag(text, False) if text else []
