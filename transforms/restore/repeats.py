"""Takes out a character printed twice: 始始终坚持 → 始终坚持.

Two equal characters in a row are often right (村村通, 东星村村民, 2022年年底). One is taken out
only where the dictionary leaves it over: it stands alone though the words on both sides are
complete, and it is no character that can stand alone there (`seeds/restore/doubled.toml`).
Where a clause begins, a preposition printed twice is left over, and a comma between two words:
发现，，根据大小. A text that has such has commas in front of other marks too.
"""

from __future__ import annotations

import re
from functools import cache

from transforms import lexicon
from transforms.restore import words
from transforms.restore.characters import HAN, MARKS, SPACES, has
from transforms.restore.draft import Draft

_AROUND = 4  # characters on each side that the dictionary sees


def single(draft: Draft) -> None:
    """Cuts one of two equal characters where the dictionary knows the word with one."""
    codes = draft.codes
    if len(codes) < 3:
        return
    at = (codes[1:] == codes[:-1]).nonzero()[0]
    if not len(at):
        return
    text, never = draft.text, _never()
    places = [i for i in at.tolist() if text[i] not in never and _left_over(text, i)]
    if any(text[i] in _ONCE for i in places):  # 发现，，根据大小，。
        places = sorted({*places, *(match.start() for match in _STRAY.finditer(text))})
    draft.cut([(i, i + 1, "doubled") for i in places])


_ONCE = frozenset("，、；,")
_STRAY = re.compile("[，,](?=[。、；;])")
_SAID = re.compile("[\u3400-\u9fff”）%\\d]")
_HAN_BEHIND = re.compile("[\u3400-\u9fff“（《]")


def _left_over(text: str, i: int) -> bool:
    """Whether one of the characters at `i` and `i + 1` belongs to no word."""
    character = text[i]
    if character in _ONCE:
        told = character != "," or "。" in text  # no empty field of a table
        return told and i > 0 and bool(_SAID.match(text, i - 1) and _HAN_BEHIND.match(text, i + 2))
    if not has(character, HAN):
        return False
    left, right = text[max(0, i - _AROUND) : i], text[i + 2 : i + 2 + _AROUND]
    if left[-1:] == character or right[:1] == character:
        return False
    if (len(right) > 1 and right[0] == right[1]) or (len(left) > 1 and left[-1] == left[-2]):
        return False  # 规规矩矩
    opens = character in _opening() and (not left or left[-1] in _clause_marks())
    if character in _alone() and not opens:
        return False
    twice = words.cut(left + character + character + right)
    number, behind = 0, len(twice[0]) - len(left)  # how far the word reaches behind the place
    while behind <= 0:
        number += 1
        behind += len(twice[number])
    if behind > 1:  # 紧紧
        return opens and twice[number] == 2 * character and right[:1] not in _opening()[character]
    first = twice[number]
    second = twice[number + 1]
    if opens and first == second == character:
        return True  # ，较|较|年初
    if character in _alone():
        return False  # ，在|在建|项目
    if second == character and len(first) > 1:  # 经济|济|发展
        if character in _free() and not any(len(third) > 1 for third in twice[number + 2 :][:1]):
            return False  # 耕地|地力
        return len(words.cut(left + character + right)) < len(twice)
    if first != character or len(second) < 2:
        return False
    if character in _free() and _HAN_OR_DIGIT.match(left[-1:]):
        return False  # 东星村|村民
    if second in _in_two():
        return False  # 洗|洗澡
    return len(words.cut(left + character + right)) < len(twice)


_HAN_OR_DIGIT = re.compile(r"[\u3400-\u9fff\d%”）A-Za-z]")


@cache
def _free() -> frozenset[str]:
    return frozenset(lexicon.toml("restore/doubled.toml")["free"]["characters"])


@cache
def _in_two() -> frozenset[str]:
    return frozenset(lexicon.toml("restore/doubled.toml")["in_two"]["words"])


@cache
def _alone() -> frozenset[str]:
    return frozenset(lexicon.toml("restore/doubled.toml")["alone"]["characters"])


@cache
def _opening() -> dict[str, str]:
    """Character that begins a clause → what may follow where it is right twice."""
    table = lexicon.toml("restore/doubled.toml")["opening"]
    right: dict[str, str] = table["right"]
    return {character: right.get(character, "") for character in table["characters"]}


@cache
def _clause_marks() -> frozenset[str]:
    """What stands in front of a clause."""
    return frozenset(lexicon.toml("restore/doubled.toml")["opening"]["behind"])


@cache
def _never() -> frozenset[str]:
    """Characters that are right twice wherever they stand, and the usual ones that are no Han."""
    usual = "".join(map(chr, range(0x80))) + MARKS + SPACES
    return ((_alone() - _opening().keys()) | frozenset(usual)) - _ONCE
