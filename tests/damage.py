"""Damages clean texts the way crawling, PDF and old exports do, and moves offsets along.

A text is a list of cells: what stands there now, and which character of the clean text it was
(-1 for what was put in). Every kind of damage takes cells and gives cells, so that kinds can
follow one another and any span of the clean text can be found again afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from random import Random
from typing import NamedTuple

from opencc import OpenCC

from transforms.restore.characters import conversions
from transforms.restore.notes import readings


class Cell(NamedTuple):
    """What stands at a place, and the index of the clean character it comes from, or -1."""

    text: str
    origin: int


class Damaged(NamedTuple):
    """A damaged text and the way from offsets of the clean text into it."""

    text: str
    spans: dict[int, tuple[int, int]]  # clean index → where it stands now

    def moved(self, start: int, end: int) -> tuple[int, int] | None:
        """Where `[start, end)` of the clean text stands now; None when it is gone."""
        here = [self.spans[i] for i in range(start, end) if i in self.spans]
        return (here[0][0], here[-1][1]) if here else None


def damage(text: str, kinds: Sequence[str], rng: Random) -> Damaged:
    """`text` with the damages named, in that order."""
    cells = [Cell(c, i) for i, c in enumerate(text)]
    for kind in kinds:
        cells = KINDS[kind](cells, rng)
    spans: dict[int, tuple[int, int]] = {}
    at = 0
    for cell in cells:
        if cell.origin >= 0:
            first = spans.get(cell.origin, (at, at))[0]
            spans[cell.origin] = (first, at + len(cell.text))
        at += len(cell.text)
    return Damaged("".join(cell.text for cell in cells), spans)


_HAN = re.compile(r"[\u4e00-\u9fff]")


def _text(cells: Sequence[Cell]) -> str:
    """One character a cell, so that patterns on it give places of cells."""
    return "".join(cell.text[:1] or "\0" for cell in cells)


def _put(cells: list[Cell], behind: dict[int, str]) -> list[Cell]:
    """Texts put in behind cells."""
    found: list[Cell] = []
    for i, cell in enumerate(cells):
        found.append(cell)
        found += [Cell(c, -1) for c in behind.get(i, "")]
    return found


def _each(cells: list[Cell], change: Callable[[str], str]) -> list[Cell]:
    return [Cell(change(cell.text), cell.origin) for cell in cells]


# ---------------------------------------------------------------- script


def traditional(cells: list[Cell], rng: Random) -> list[Cell]:
    text = _text(cells)
    converted = _s2t().convert(text)
    if len(converted) != len(text):
        converted = "".join(map(_s2t().convert, text))
    return [Cell(c, cell.origin) for c, cell in zip(converted, cells, strict=True)]


@cache
def _s2t() -> OpenCC:
    return OpenCC("s2t")


OVER = dict(
    zip(
        "面制系扎复里干后只准松冲志签划几谷云范斗征周占布历钟余极卷采胜术台于",
        "麵製係紮複裏幹後隻準鬆衝誌籤劃幾穀雲範鬥徵週佔佈曆鐘餘極捲採勝術臺於",
        strict=True,
    )
)


def over_converted(cells: list[Cell], rng: Random) -> list[Cell]:
    """Traditional, with characters converted that stay in the words they stand in."""
    plain = _text(cells)
    cells = traditional(cells, rng)
    return [Cell(OVER.get(c, cell.text), cell.origin) for c, cell in zip(plain, cells, strict=True)]


VARIANTS = dict(zip("衛線峰群床為啟裏著說", "衞綫峯羣牀爲啓裡着説", strict=True))


def hong_kong(cells: list[Cell], rng: Random) -> list[Cell]:
    return _each(traditional(cells, rng), lambda c: VARIANTS.get(c, c))


TONES = {"a": "āáǎà", "o": "ōóǒò", "e": "ēéěè", "i": "īíǐì", "u": "ūúǔù", "v": "ǖǘǚǜ"}


def pinyin_notes(cells: list[Cell], rng: Random) -> list[Cell]:
    """Traditional, with the reading behind most characters that have another form."""
    brackets = rng.choice(["()", "（）"])
    toned = rng.random() < 0.7
    behind = {}
    cells = traditional(cells, rng)
    for i, cell in enumerate(cells):
        if cell.text in conversions() and cell.text in _readings() and rng.random() < 0.7:
            note = _readings()[cell.text]
            behind[i] = brackets[0] + (_with_tone(note, rng) if toned else note) + brackets[1]
    return _put(cells, behind)


def _with_tone(syllable: str, rng: Random) -> str:
    for vowel in "aoeiuv":
        if vowel in syllable:
            return syllable.replace(vowel, rng.choice(TONES[vowel]), 1).replace("v", "ü")
    return syllable


@cache
def _readings() -> dict[str, str]:
    found: dict[str, str] = {}
    for syllable, characters in readings().items():
        for character in characters:
            if len(syllable) > len(found.get(character, "")):
                found[character] = syllable
    return found


# ---------------------------------------------------------------- layout


def hard_wrapped(cells: list[Cell], rng: Random) -> list[Cell]:
    width = rng.randrange(26, 46)
    behind = {}
    column = 0
    for i, cell in enumerate(cells):
        if cell.text == "\n":
            column = 0
            continue
        column += len(cell.text)
        if column >= width and i + 1 < len(cells) and cells[i + 1].text != "\n":
            behind[i] = "\n"
            column = 0
    return _put(cells, behind)


def wrapped_by_column(cells: list[Cell], rng: Random) -> list[Cell]:
    """Lines of equal width on paper: Latin letters and digits take half the room."""
    width = rng.randrange(40, 80, 2)
    indent = rng.choice(["", "　　", "    "])
    behind: dict[int, str] = {}
    column = len(indent) if indent.isascii() else 4 * bool(indent)
    for i, cell in enumerate(cells):
        if cell.text == "\n":
            if i + 1 < len(cells) and cells[i + 1].text != "\n":
                behind[i] = indent
            column = 4 * bool(indent)
            continue
        column += 1 if cell.text.isascii() else 2
        follows = cells[i + 1].text if i + 1 < len(cells) else "\n"
        if column + 2 > width and follows not in "\n，。；、：）”":
            behind[i] = "\n"
            column = 0
    return _put(cells, behind)


def flattened(cells: list[Cell], rng: Random) -> list[Cell]:
    """Line breaks lost, with the indentation of the paragraphs in their place."""
    indent = rng.choice(["　　", "  "])
    return [Cell(indent, cell.origin) if cell.text == "\n" else cell for cell in cells]


def torn(cells: list[Cell], rng: Random) -> list[Cell]:
    """Line breaks here and there inside the words of running text."""
    text = _text(cells)
    behind = {
        i: "\n" if rng.random() < 0.7 else "\n\n"
        for i in range(40, len(cells) - 12)
        if rng.random() < 0.004
        and _HAN.match(text[i])
        and _HAN.match(text[i + 1])
        and _inside_paragraph(text, i)
    }
    return _put(cells, behind)


def pages(cells: list[Cell], rng: Random) -> list[Cell]:
    """Page breaks every 350 to 600 characters, within paragraphs, with or without numbers."""
    style = rng.choice(["- {} -", "— {} —", "第{}页", "", "—{}—"])
    repeats = rng.random() < 0.5
    text = _text(cells)
    behind: dict[int, str] = {}
    at, page = rng.randrange(150, 400), 1
    while at < len(cells) - 40:
        i = at
        while i < len(cells) - 20 and not (
            _HAN.match(text[i]) and _HAN.match(text[i + 1]) and _inside_paragraph(text, i)
        ):
            i += 1
        mark = "\n\n" + (style.format(page) + "\n\n" if style else "")
        if repeats:
            size = rng.choice([2, 2, 3])
            again = text[i + 1 - size : i + 1]
            mark += again if all(map(_HAN.match, again)) else ""
        behind[i] = mark
        at, page = i + rng.randrange(350, 600), page + 1
    return _put(cells, behind)


def _inside_paragraph(text: str, i: int) -> bool:
    """Running text on both sides of the place, so that a reader sees that it goes on."""
    low, high = text.rfind("\n", 0, i), text.find("\n", i)
    high = len(text) if high < 0 else high
    return i - low > 60 and high - i > 12


# ---------------------------------------------------------------- characters


def spaced(cells: list[Cell], rng: Random) -> list[Cell]:
    """Spaces around numbers, inside some of them, and inside words of running text."""
    text = _text(cells)
    behind: dict[int, str] = {}
    space = rng.choice([" ", " ", "\u00a0", "\u3000", "\u2009"])
    for match in re.finditer(r"(?<=[\u4e00-\u9fff])\d+(?:\.\d+)?(?=[\u4e00-\u9fff%])", text):
        start, end = match.span()
        if rng.random() < 0.5:
            behind[end - 1] = space
        if rng.random() < 0.4:
            behind[start - 1] = space
        if "." in match.group() and rng.random() < 0.3:
            dot = text.index(".", start)
            behind[dot - 1] = behind[dot] = " "
        elif end - start >= 3 and rng.random() < 0.2 and text[end] not in "年月日":
            behind[rng.randrange(start, end - 1)] = " "
    for match in re.finditer(r"(?<=[，。；])[\u4e00-\u9fff]{4,}(?=[，。；、])", text):
        if rng.random() < 0.15:
            behind[match.start() + 1] = " " if rng.random() < 0.7 else space
    return _put(cells, behind)


def wide(cells: list[Cell], rng: Random) -> list[Cell]:
    return _each(
        cells, lambda c: chr(ord(c) + 0xFEE0) if c.isascii() and (c.isalnum() or c == "%") else c
    )


HALF = dict(zip("，；：（）？！", ",;:()?!", strict=True))


def half_width(cells: list[Cell], rng: Random) -> list[Cell]:
    return _each(cells, lambda c: HALF.get(c, c))


def invisible(cells: list[Cell], rng: Random) -> list[Cell]:
    signs = "\u200b\u200c\u200d\ufeff\u2060\u00ad\u202c"
    return _put(cells, {i: rng.choice(signs) for i in range(len(cells)) if rng.random() < 0.03})


def compatible(cells: list[Cell], rng: Random) -> list[Cell]:
    """Radicals and compatibility ideographs in the place of characters."""
    table = dict(
        zip("一人大小生金立行見里長力不理料女", "⼀⼈⼤⼩⽣⾦⽴⾏見里⻑⼒不理料⼥", strict=True)
    )
    return _each(cells, lambda c: table.get(c, c))


def doubled(cells: list[Cell], rng: Random) -> list[Cell]:
    text = _text(cells)
    behind = {
        match.start(): text[match.start()]
        for match in re.finditer(r"(?<=[，。；])[\u4e00-\u9fff](?=[\u4e00-\u9fff]{3})", text)
        if rng.random() < 0.1
    }
    return _put(cells, behind)


def marked(cells: list[Cell], rng: Random) -> list[Cell]:
    """Marks of crawlers within the text."""
    marks = ["##paidbegin##", "##paidend##", "关键词2", "关键词1", "<br/>", "&nbsp;", "{{content}}"]
    text = _text(cells)
    behind = {
        match.start(): rng.choice(marks)
        for match in re.finditer(r"[，。](?=[\u4e00-\u9fff])", text)
        if rng.random() < 0.05
    }
    return _put(cells, behind)


HEAD = [
    "当前位置：首页 > 政务公开 > 规划计划\n",
    "您所在的位置：首页 >> 信息公开目录 >> 总结\n  • 索引号:\n  • 11450300007/2022-3121\n  • 公开方式:\n  • 主动公开\n",
    "首页 > 政府信息公开 > 正文\n",
]
TAIL = [
    "\n责任编辑：李某\n扫一扫在手机打开当前页\n",
    "\n附件下载:\n【打印本页】 【关闭窗口】\n上一篇: 没有了\n主办：县人民政府办公室　承办：县信息中心\n网站标识码：4205050007　鄂ICP备05019362号-1\n",
    "\n打印\n分享到：\n版权所有：县人民政府　ICP备案号：桂ICP备12003100号\n",
]


def furnished(cells: list[Cell], rng: Random) -> list[Cell]:
    """A web page around the text."""
    return [Cell(rng.choice(HEAD), -1), *cells, Cell(rng.choice(TAIL), -1)]


def shifted(cells: list[Cell], rng: Random) -> list[Cell]:
    """Runs of GBK without figures read one byte off: a byte is lost, ? stands for it."""
    text = _text(cells)
    found: list[Cell] = []
    at = 0
    for match in re.finditer(r"(?<=[\u4e00-\u9fff])[\u4e00-\u9fff]{6,14}(?=[，。；])", text):
        if rng.random() > 0.04 or match.start() < at:
            continue
        data = match.group().encode("gb18030", "ignore")
        if len(data) != 2 * len(match.group()):
            continue
        odd = data[1:].decode("gb18030", "replace").replace("\ufffd", "?")
        found += cells[at : match.start()]
        found += [
            Cell(c, cells[min(match.start() + k, match.end() - 1)].origin)
            for k, c in enumerate("?" + odd)
        ]
        at = match.end()
    return found + cells[at:]


def misread(cells: list[Cell], rng: Random) -> list[Cell]:
    """Traditional, with marks looked for in bytes of GBK and found between two characters.

    The first byte of the one is lost with that, and the bytes stay out of step up to the next one
    of ASCII; what makes no character of GBK is not printed.
    """
    cells = traditional(cells, rng)
    text = _text(cells)
    found: list[Cell] = []
    at = 0
    while at < len(cells):
        data = _gbk(text, at)
        if data is None or rng.random() > 0.7:
            found.append(cells[at])
            at += 1
            continue
        count, out_of_step = data
        for k, c in enumerate("?" + out_of_step):
            found.append(Cell(c, cells[min(at + k, at + count - 1)].origin))
        at += count
    return found


def _gbk(text: str, at: int) -> tuple[int, str] | None:
    """How many characters from `at` on are out of step, and what is printed behind their first."""
    pair = [c.encode("gbk", "ignore") for c in text[at : at + 2]]
    if any(len(c) < 2 for c in pair) or len(pair) < 2 or pair[0][0] < 0xB0 or pair[0][1] != 0xA3:
        return None
    if pair[1][0] not in (0xA1, 0xBA, 0xBB, 0xBF):
        return None
    data = pair[0][1:]
    end = at + 1
    while end < len(text) and len(c := text[end].encode("gbk", "ignore")) == 2:
        data, end = data + c, end + 1
        if c[1] < 0x80:
            return end - at, data.decode("gbk", "ignore")
    return None


KINDS: dict[str, Callable[[list[Cell], Random], list[Cell]]] = {
    "traditional": traditional,
    "over_converted": over_converted,
    "hong_kong": hong_kong,
    "pinyin_notes": pinyin_notes,
    "hard_wrapped": hard_wrapped,
    "wrapped_by_column": wrapped_by_column,
    "flattened": flattened,
    "torn": torn,
    "pages": pages,
    "spaced": spaced,
    "wide": wide,
    "half_width": half_width,
    "invisible": invisible,
    "compatible": compatible,
    "doubled": doubled,
    "marked": marked,
    "furnished": furnished,
    "shifted": shifted,
    "misread": misread,
}
"""Name of each kind of damage → how it is done."""

TOGETHER = (
    ("pinyin_notes", "half_width", "furnished"),
    ("over_converted", "half_width", "marked"),
    ("spaced", "pages", "invisible"),
    ("wide", "hard_wrapped"),
    ("half_width", "wrapped_by_column"),
    ("pinyin_notes", "hard_wrapped"),
    ("traditional", "spaced", "hard_wrapped", "furnished"),
    ("half_width", "doubled", "marked", "pages", "spaced", "furnished"),
)
"""Kinds that come together."""
