"""What the dictionary says of a piece of text: where its words begin and end."""

from __future__ import annotations

from functools import cache

import rjieba


@cache
def _engine() -> rjieba.Jieba:
    return rjieba.Jieba()


def cut(text: str) -> list[str]:
    """The words of `text` by jieba's dictionary alone (no HMM)."""
    return _engine().cut(text, False) if text else []


def covered(text: str) -> float:
    """The share of the characters of `text` that stand in words of two or more."""
    if not text:
        return 0.0
    return sum(len(word) for word in cut(text) if len(word) > 1) / len(text)


def joined(left: str, right: str) -> bool:
    """Whether a word of the dictionary reaches over the place where `left` meets `right`."""
    left = left[-4:]
    at = -len(left)  # counted from where they meet
    for word in cut(left + right[:4]) if left else ():
        at += len(word)
        if at >= 0:
            return at > 0
    return False


def is_verb(text: str) -> bool:
    """Whether `text` is one word of the dictionary that is no noun and no name."""
    tagged = _engine().tag(text, False)
    return len(tagged) == 1 and tagged[0][1][:1] in "vdpcam"


def has_verb(text: str) -> bool:
    """Whether a word of two letters or more is a verb, an adverb or a saying: 紧紧围绕."""
    return any(tag[0] in "vdl" and len(word) > 1 for word, tag in _engine().tag(text, False))


def is_place(text: str) -> bool:
    """Whether the dictionary knows `text` as the name of a place."""
    return [tag for _, tag in _engine().tag(text, False)] in (["ns"], ["ns", "n"])


def is_common(text: str) -> bool:
    """Whether the dictionary knows `text` as one word that names no place: 农业, 大学."""
    return len(cut(text)) == 1 and not is_named_place(text)


def is_named_place(text: str) -> bool:
    """Whether `text` is one word of the dictionary that names a place."""
    return [tag for _, tag in _engine().tag(text, False)] == ["ns"]
