"""What every character is, as one table of flags over all code points, and tables to change it.

A text is looked at as an array of its code points: one lookup gives the flags of all its
characters, and their union says which repairs a text can need at all.
"""

from __future__ import annotations

import codecs
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import opencc

from transforms import lexicon

Codes: TypeAlias = npt.NDArray[np.uint32]
Flags: TypeAlias = npt.NDArray[np.uint32]
Marks: TypeAlias = npt.NDArray[np.bool_]

HAN: Final = 1 << 0
HIDDEN: Final = 1 << 1  # zero-width, bidi and control characters
SPACE: Final = 1 << 2  # spaces of every width, not line breaks
BREAK: Final = 1 << 3  # \n
OTHER_BREAK: Final = 1 << 4  # \r, \v, \f and the like
WIDE: Final = 1 << 5  # full-width letters and digits, compatibility ideographs, radicals
HALF: Final = 1 << 6  # half-width punctuation that Chinese text has in full width
TRADITIONAL: Final = 1 << 7  # never in a simplified text
SIMPLIFIED: Final = 1 << 8  # never in a traditional text
AMBIGUOUS: Final = 1 << 9  # changed by opencc, but at home in a simplified text too
COMMON: Final = 1 << 10  # outside ASCII and usual in Chinese text
RARE: Final = 1 << 11  # Han, but neither among the common ones nor the traditional common ones
SECOND: Final = 1 << 12  # Han of the second level of GB 2312: usual in names alone
DAMAGE: Final = 1 << 13  # U+FFFD, private use
CONTROL: Final = 1 << 14
LATIN: Final = 1 << 15  # letters of Latin-1 and Windows-1252 outside ASCII
TONED: Final = 1 << 16  # letters of pinyin with a tone mark
LOWER: Final = 1 << 17  # a to z, and ɑ ɡ as pinyin is printed
OPENING: Final = 1 << 18  # ( （ [ 〔 【
DIGIT: Final = 1 << 19
ASK: Final = 1 << 20  # ?
MARK: Final = 1 << 21  # Chinese punctuation in full width
HASH: Final = 1 << 22  # # & < { |: crawl marks
DOT: Final = 1 << 24
COMMA: Final = 1 << 25
QUOTE: Final = 1 << 23  # 「」『』
CLOSING: Final = 1 << 26  # ) ） ] 〕 】
WIDE_DOT: Final = 1 << 27  # ．
KEY: Final = 1 << 28  # 键 鍵, with which a crawler's mark may begin: 关键词2
LOCK: Final = 1 << 29  # 锟, with which 锟斤拷 begins: two U+FFFD read as GBK
SUSPECT: Final = 1 << 30  # only with one of these do a phrase or a wrong word change the conversion
ODD: Final = 1 << 31  # of what no Chinese text has many: rare, of the second level, damaged, Latin

# Asked for by name, they are looked up anew for each text.
_encode: Final = codecs.getencoder("utf-32-le")
_decode: Final = codecs.getdecoder("utf-32-le")
_TOP: Final = 0x110000
_CODE: Final = np.dtype(np.uint32)


def codes_of(text: str) -> Codes:
    """The code points of a text."""
    return np.frombuffer(_encode(text, "surrogatepass")[0], _CODE)


def text_of(codes: Codes) -> str:
    """The text of code points."""
    return _decode(codes.tobytes(), "surrogatepass")[0]


def flags_of(codes: Codes) -> Flags:
    """The flags of each of the code points."""
    return classes().take(codes)


def having(flags: Flags, kinds: int) -> Marks:
    """Which of the characters have any of the flags `kinds`."""
    return (flags & _array(kinds)).astype(np.bool_)


def are_odd(flags: Flags) -> Marks:
    """`having` for `ODD`, in one step, for no flag is above it."""
    odd: Marks = flags >= _array(ODD)
    return odd


def has(character: str, kinds: int) -> bool:
    """Whether one character has any of the flags `kinds`."""
    return bool(classes().item(ord(character)) & kinds)


@cache
def _array(number: int) -> Flags:
    """A number as numpy works with it at once, without asking first what type it shall have."""
    return np.array(number, dtype=np.uint32)


def count(flags: Flags, kinds: int) -> int:
    """How many of the characters have any of the flags `kinds`."""
    return int(np.count_nonzero(flags & _array(kinds)))


def union(flags: Flags) -> int:
    """The flags that any of the characters has."""
    return int(np.bitwise_or.reduce(flags)) if len(flags) else 0


def places(text: str, character: str) -> list[int]:
    """Where a character stands; where it is rare a pattern takes longer."""
    found: list[int] = []
    at = text.find(character)
    while at >= 0:
        found.append(at)
        at = text.find(character, at + 1)
    return found


def common_share(text: str) -> float:
    """Of the characters outside ASCII, the share that is usual in Chinese text; 1 without any."""
    codes = codes_of(text[:400_000])
    beyond = codes >= 0x80
    total = np.count_nonzero(beyond)
    if not total:
        return 1.0
    return float(np.count_nonzero(having(flags_of(codes), COMMON)) / total)


@cache
def classes() -> Flags:
    """Code point → flags."""
    table = np.zeros(_TOP, dtype=np.uint32)

    def mark(flag: int, characters: str) -> None:
        if characters:
            table[codes_of(characters)] |= flag

    for low, high in ((0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF)):
        table[low : high + 1] |= HAN
    mark(HAN, "〇々")
    table[0x00:0x20] |= HIDDEN | CONTROL
    table[0x7F:0xA0] |= HIDDEN | CONTROL
    for c in "\t\n\v\f\r\x85":
        table[ord(c)] = 0
    mark(HIDDEN, "\u00ad\u061c\u180e\ufeff\ufff9\ufffa\ufffb")
    for low, high in ((0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0xFE00, 0xFE0F)):
        table[low : high + 1] |= HIDDEN
    table[0xE0100:0xE01F0] |= HIDDEN
    mark(SPACE, SPACES)
    mark(BREAK, "\n")
    mark(OTHER_BREAK, "\r\v\f\x85\u2028\u2029")
    wide = np.flatnonzero(plain() != np.arange(_TOP, dtype=np.uint32))
    table[wide] |= WIDE
    mark(HALF, ",;:?!()\"'")
    mark(DOT, ".．")
    mark(WIDE_DOT, "．")
    mark(COMMA, "，")
    mark(ASK, "?？")
    mark(OPENING, "(（[〔【")
    mark(CLOSING, ")）]〕】")
    mark(DIGIT, "0123456789")
    mark(LOWER, "abcdefghijklmnopqrstuvwxyzɑɡ")
    mark(HASH, "#&<{|$")
    mark(MARK, MARKS)
    mark(QUOTE, "「」『』﹁﹂﹃﹄")
    table[0xC0:0x100] |= LATIN
    table[0xA1:0xC0] |= LATIN
    mark(LATIN, "‚ƒ„†‡ˆŠ‹ŒŽ˜™š›œžŸ")
    mark(TONED, TONED_LETTERS)
    mark(DAMAGE, "\ufffd")
    table[0xD800:0xF900] |= DAMAGE
    table[0xFFFE:0x10000] |= DAMAGE
    mark(KEY, "键鍵")
    mark(LOCK, "锟")
    _mark_han(table)
    odd = (table & (RARE | SECOND | DAMAGE | LATIN)).astype(np.bool_)
    table[odd & ~having(table, TONED)] |= ODD
    return table


def _mark_han(table: Flags) -> None:
    first = _gb_rows(0xB0, 0xD7)
    second = _gb_rows(0xD8, 0xF7)
    big5 = _big5_common()
    table[codes_of(first)] |= COMMON
    table[codes_of(big5)] |= COMMON
    table[codes_of(MARKS + _SIGNS)] |= COMMON
    table[codes_of(second)] |= SECOND
    usual = codes_of(first + big5)
    rare = (table & HAN) != 0
    rare[usual] = False
    rare[ord("〇")] = False
    rare[codes_of("".join(conversions()))] = False
    table[rare] |= RARE
    kept = frozenset("".join(lexicon.words("script/kept.txt")))
    pairs = conversions()
    never = [c for c, s in pairs.items() if c != s and c not in kept]
    table[codes_of("".join(never))] |= TRADITIONAL
    table[codes_of("".join(c for c in {*pairs, *kept} if c in kept))] |= AMBIGUOUS
    table[codes_of("".join(_simplified_only()))] |= SIMPLIFIED
    table[codes_of("".join(_suspects()))] |= SUSPECT


def _gb_rows(first: int, last: int) -> str:
    return "".join(
        bytes((row, cell)).decode("gb2312", "ignore")
        for row in range(first, last + 1)
        for cell in range(0xA1, 0xFF)
    )


def _big5_common() -> str:
    cells = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    return "".join(
        bytes((row, cell)).decode("big5", "ignore") for row in range(0xA4, 0xC7) for cell in cells
    )


def dictionary(name: str) -> dict[str, str]:
    """A dictionary of opencc-python-reimplemented: key → first of its values."""
    path = Path(opencc.__file__).parent / "dictionary" / name
    entries = (line.rstrip("\n").split("\t") for line in path.open(encoding="utf-8"))
    return {key: value.split(" ")[0] for key, value in entries}


@cache
def conversions() -> dict[str, str]:
    """Character → its simplified one, by opencc's table and the variants it leaves."""
    pairs = dict(dictionary("TSCharacters.txt"))
    for entry in lexicon.words("script/variants.txt"):
        variant, simplified = entry.split()
        if variant != simplified:
            pairs.setdefault(variant, simplified)
    return pairs


def _suspects() -> set[str]:
    """Characters that come out otherwise in a phrase of opencc's, or wrong in a word.

    A wrong word has what they are converted to.
    """
    pairs = conversions()
    found: set[str] = set()
    for phrase, value in dictionary("TSPhrases.txt").items():
        found |= {c for c, v in zip(phrase, value, strict=True) if pairs.get(c, c) != v}
    wrong: set[str] = set()
    for entry in lexicon.words("script/corrections.txt"):
        wrong |= {w for w, right in zip(*entry.split(), strict=True) if w != right}
    return found | wrong | {c for c, simplified in pairs.items() if simplified in wrong}


def _simplified_only() -> list[str]:
    """Characters that stand for a traditional one and are none themselves."""
    path = Path(opencc.__file__).parent / "dictionary" / "STCharacters.txt"
    entries = (line.rstrip("\n").split("\t") for line in path.open(encoding="utf-8"))
    return [key for key, values in entries if key not in values.split(" ")]


@cache
def plain() -> Codes:
    """Code point → the plain one: no full-width digits and letters, no compatibility forms.

    Full-width punctuation stays: it is the right one in Chinese text.
    """
    table = np.arange(_TOP, dtype=np.uint32)
    ranges = [
        *range(0xFF10, 0xFF1A),
        *range(0xFF21, 0xFF3B),
        *range(0xFF41, 0xFF5B),
        *range(0xF900, 0xFB00),
        *range(0x2F800, 0x2FA20),
        *range(0x2E80, 0x2FE0),
        *(ord(c) for c in "％＋－／＝＃＆＠＊"),
    ]
    for code in ranges:
        normal = unicodedata.normalize("NFKC", chr(code))
        if len(normal) == 1:
            table[code] = ord(normal)
    for entry in lexicon.words("script/radicals.txt"):
        radical, character = entry.split()
        table[ord(radical)] = ord(character)
    for narrow, usual in zip(
        "｡｢｣､･﹐﹑﹒﹔﹕﹖﹗﹙﹚﹪", "。「」、·，、.；：？！（）%", strict=True
    ):
        table[ord(narrow)] = ord(usual)
    for c in _ODD_SPACES:
        table[ord(c)] = ord(" ")
    for c in "\v\f\x85\u2028\u2029":
        table[ord(c)] = ord("\n")
    return table


_ODD_SPACES: Final = "\t\u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u202f\u205f"
SPACES: Final = " \u3000" + _ODD_SPACES
MARKS: Final = "，。、；：？！（）“”‘’《》〈〉【】〔〕「」『』…—～·"
_SIGNS: Final = "％℃㎡×－ⅠⅡⅢⅣⅤ①②③④⑤⑥⑦⑧⑨⑩●○■□▲△★☆•→±°‰\u3000\u00a00１２３４５６７８９０"
TONED_LETTERS: Final = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿăĕĭŏŭ"
