"""Takes out spaces inside numbers, dates and words; those that separate things stay.

`2022- 07- 29 17 : 02` → `2022-07-29 17:02`, `8.64 亿元` → `8.64亿元`, `报 告` → `报告`, but
`陆建国　　联系电话` stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from transforms import lexicon
from transforms.restore import words
from transforms.restore.draft import Cut, Draft

Run = tuple[int, int]
"""Where spaces in a row begin and end."""

_S = "[ \u3000]"
_RUN = re.compile(f"{_S}+")
_DATE = re.compile(  # begins with a set of characters, which is found quickest
    rf"[12](?<!\d[12])[90](?<=19|20){_S}?\d{_S}?\d{_S}*[-./年]{_S}*\d{{1,2}}{_S}*[-./月]{_S}*\d{{1,2}}(?!\d)"
    rf"(?:{_S}*[日号])?(?P<time>{_S}+\d{{1,2}}{_S}*[:：]{_S}*\d{{2}}(?:{_S}*[:：]{_S}*\d{{2}})?(?!\d))?"
)
_CHAIN = re.compile(rf"\d(?<![\d.A-Za-z]\d)\d*(?:[.,]\d+)?(?:{_S}+\d+)+(?:{_S}*\.{_S}*\d+)?")
_HAN = re.compile(r"[\u3400-\u9fff〇]")
_MARKS = frozenset("，。、；：！？（）“”‘’《》…")
_HALF_MARKS = frozenset(",;:?!")
_ANY_MARKS = _MARKS | _HALF_MARKS
_APART = frozenset("\n>＞»|•·[]")  # belong to no word and no number


def close(draft: Draft, runs: Sequence[Run]) -> None:
    """Cuts those of the `runs` of spaces that are damage, and puts back lost decimal points."""
    text = draft.text
    cuts: list[Cut] = []
    between: list[Run] = []
    broken: list[int] = []
    numbers = _Numbers(text)
    size = len(text)
    for run in runs:
        start, end = run
        if not start or end == size:
            continue
        before, behind = text[start - 1], text[end]
        if "\u3400" <= before <= "\u9fff" and "\u3400" <= behind <= "\u9fff":
            between.append(run)
        elif before in _APART or behind in _APART:
            if (
                (before in _ANY_MARKS or behind in _ANY_MARKS)
                and before != "\n" != behind
                and _closes(text, start, end, before, behind)
            ):
                cuts.append((start, end, "space"))
        elif before.isdigit() and _TIME.match(text, start):
            continue
        elif (
            before in _NUMERIC and behind in _NUMERIC and (kept := numbers.inside(start, end)) >= 0
        ):
            if start + kept < end:
                cuts.append((start + kept, end, "space"))
                broken.append(start)
        elif _closes(text, start, end, before, behind):
            cuts.append((start, end, "space"))
    if between:
        cuts += _inside_words(text, between)
        cuts.sort()
    if len(broken) > 1 and draft.wants("decimal_point") and (lost := _lost_points(text, broken)):
        cuts = [cut for cut in cuts if cut[0] not in lost]
        draft.put(sorted(lost), ord("."), "decimal_point")
    draft.cut(cuts)


_TIME = re.compile(r" (?<=\d\d-\d\d-\d\d )\d\d:\d\d(?!\d)")  # as most dates are printed


def notable(text: str, runs: Sequence[Run]) -> list[Run]:
    """Those of the runs that may stand for more: longer ones, and those behind a sentence."""
    return [run for run in runs if run[1] > run[0] + 1 or text[run[0] - 1] in FULL_STOPS]


FULL_STOPS = frozenset("。！？")


def _lost_points(text: str, broken: Sequence[int]) -> frozenset[int]:
    """Spaces inside numbers that were decimal points: 5 9亿元，占108 3% → 5.9亿元，108.3%.

    Only in a text that has no points left, where two numbers or more are `broken`, and all of
    them so that one or two digits stand alone in front of a unit.
    """
    lost = [start for start in broken if text[start - 1].isdigit()]
    if len(lost) < 2 or not all(_lost_point().match(text, start) for start in lost):
        return frozenset()
    return frozenset() if _POINT.search(text) else frozenset(lost)


@cache
def _lost_point() -> re.Pattern[str]:
    units = lexicon.toml("restore/spaces.toml")["decimals"]["units"]
    return re.compile(rf" (?<=[0-9] )(?<!(?:19|20)\d\d )(?=\d{{1,2}}[{units}])")


_POINT = re.compile(rf"\.(?<=\d\.)\d|\d{_S}\.{_S}?\d")


def runs_of(text: str) -> list[Run]:
    """Where spaces stand, those in a row together."""
    runs = [match.span() for match in _HALF_RUN.finditer(text)]
    if "\u3000" in text:
        runs += [match.span() for match in _WIDE_RUN.finditer(text)]
        runs.sort()
    return runs


_HALF_RUN = re.compile(f" (?<!{_S} ){_S}*")  # one sign in front is found quickest
_WIDE_RUN = re.compile(f"\u3000(?<!{_S}\u3000){_S}*")
_CHAINED = frozenset("0123456789.")  # between these a space may break a number
_NUMERIC = frozenset("0123456789-./:：年月日号.,")


class _Numbers:
    """Dates and broken numbers around spaces, looked for line by line and only where needed."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._low = self._high = self._until = 0
        self._dated: dict[tuple[int, int], int] = {}
        self._chained: dict[tuple[int, int], int] | None = None

    def inside(self, start: int, end: int) -> int:
        """How many characters of the space to keep inside a date or number; -1 outside."""
        if start >= self._until:
            low = max(self._text.rfind("\n", 0, start) + 1, start - 30)
            high = self._text.find("\n", end, end + 80)
            high = high if high >= 0 else min(end + 80, len(self._text))
            self._low, self._high, self._until = low, high, min(end + 40, high)
            self._dated, self._chained = _dates(self._text, low, high), None
        if (start, end) in self._dated:
            return self._dated[start, end]
        if not (self._text[start - 1] in _CHAINED and self._text[end] in _CHAINED):
            return -1
        if self._chained is None:
            self._chained = _chains(self._text, self._low, self._high)
        return self._chained.get((start, end), -1)


def _dates(text: str, low: int, high: int) -> dict[tuple[int, int], int]:
    """Spaces inside dates → how much of each stays: one in front of the time."""
    found: dict[tuple[int, int], int] = {}
    for match in _DATE.finditer(text, low, high):
        for run in _RUN.finditer(text, match.start(), match.end()):
            found[run.span()] = int(run.start() == match.start("time"))
    return found


def _chains(text: str, low: int, high: int) -> dict[tuple[int, int], int]:
    """Spaces that break one number into several: 2 86 0 万元, 32 000人, but not 2020 15个."""
    found: dict[tuple[int, int], int] = {}
    for match in _CHAIN.finditer(text, low, high):
        start, end = match.span()
        groups = _RUN.split(match.group())
        if len(groups) <= 5 and _one_number(text, start, end, groups):
            found |= {run.span(): 0 for run in _RUN.finditer(text, start, end)}
    return found


def _one_number(text: str, start: int, end: int, groups: list[str]) -> bool:
    if match := _YEAR.fullmatch(groups[0]):
        return match is None
    behind = text[end : end + 2].lstrip(" \u3000")
    if not behind or not (_HAN.match(behind) or behind[0] in "%‰％"):
        return False
    thousands = len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    before = text[max(0, start - 2) : start].rstrip(" \u3000")[-1:]
    return thousands or bool(before and before != "\n" and not before.isascii())


_YEAR = re.compile(r"(?:19|20)\d\d")


def _closes(text: str, start: int, end: int, before: str, behind: str) -> bool:
    """Whether the space `[start, end)`, not between two characters of Chinese, is damage."""
    if before in _SIGNS or behind in _SIGNS:
        if before in _MARKS or behind in _MARKS:
            return True
        if before in _HALF_MARKS or behind in _HALF_MARKS:
            other = behind if before in _HALF_MARKS else before
            return not other.isascii() or (
                before in ",:;" and other.isdigit() and not text[start - 2 : start - 1].isdigit()
            )
        return False
    numeral, number = before.isdigit(), behind.isdigit()
    if numeral:
        if behind in "%‰％℃":
            return True
        if behind in ".．-—~～":
            return _digit_behind(text, end + 1)
    elif number and before in ".．-—~～":
        digits = _DIGITS_BEFORE.search(text, max(0, start - 12), start)
        return digits is not None and (
            before not in ".．" or digits.start(1) not in (0, _line(text, start))
        )
    han_before, han_behind = _is_han(before), _is_han(behind)
    if han_behind:
        if numeral or before in "%％‰":
            dated = text[start] == "\u3000" and _AFTER_DATE.search(text, max(0, start - 20), start)
            return not dated and not _fields().match(text, end)
        return end - start == 1 and (before.isalpha() or (han_before and behind.isalpha()))
    if han_before:
        if number:
            return end - start <= 2 and not _FULL_DATE.match(text, end)
        return end - start == 1 and behind.isalpha()
    return numeral and behind.isalpha() and _units().match(text, end) is not None


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or character == "〇"


_SIGNS = _ANY_MARKS | _APART | {"/"}
_AFTER_DATE = re.compile(
    r"(?:19|20)\d\d[-./年]\d{1,2}[-./月]\d{1,2}(?: \d{1,2}:\d{2}(?::\d{2})?)?$"
)
_FULL_DATE = re.compile(r"(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}|(?:19|20)\d\d年\d{1,2}月\d{1,2}日")
_DIGITS_BEFORE = re.compile(r"(\d+)[ \u3000]*[.．\-—~～]$")


def _line(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _digit_behind(text: str, at: int) -> bool:
    return text[at : at + 3].lstrip(" \u3000")[:1].isdigit()


def _inside_words(text: str, runs: list[tuple[int, int]]) -> list[Cut]:
    """Spaces between two characters of one word; all of them where the text is full of such."""
    torn: list[Cut] = []
    clause, (before, behind) = _NO_CLAUSE, _unfinished()
    last = len(runs) - 1
    for position, (start, end) in enumerate(runs):
        if end - start == 1:  # the clause says it sooner than the dictionary
            if not (start - _REACH <= clause.start and end <= clause.stop):
                clause = _clause(text, (start, end))
            if clause.in_sentence:
                torn.append((start, end, "space"))
                continue
        low = max(start - 4, runs[position - 1][1] if position else 0)
        high = min(end + 4, runs[position + 1][0] if position < last else len(text))
        left, right = text[low:start], text[end:high]
        if (
            (len(left) == 1 and len(right) == 1 and _spaced_out(runs, position))
            or left.endswith(before)
            or right.startswith(behind)
            or words.joined(left, right)
        ):
            torn.append((start, end, "space"))
    return torn


@cache
def _unfinished() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Words that call for the next one, and words that call for the one before."""
    table = lexicon.toml("restore/spaces.toml")["unfinished"]
    return tuple(table["before"]), tuple(table["behind"])


def _spaced_out(runs: list[tuple[int, int]], position: int) -> bool:
    """Whether single characters stand apart in a row of three or more: 工 作 总 结."""
    start, end = runs[position]
    before = position > 0 and start - runs[position - 1][1] == 1
    behind = position + 1 < len(runs) and runs[position + 1][0] - end == 1
    return before or behind


_REACH = 60  # characters on each side among which the ends of a clause are looked for


class _Clause(NamedTuple):
    """What stands between the marks at `start` and `stop`: part of a sentence or not.

    Both are -1 where a mark is out of reach, so that another space is looked at afresh.
    """

    start: int
    stop: int
    in_sentence: bool


_NO_CLAUSE = _Clause(-1, -1, False)


def _clause(text: str, run: tuple[int, int]) -> _Clause:
    """The clause that a space stands in. Those of sentences have none.

    Not so the halves of a slogan in quotation marks, names of reporters, and titles.
    """
    low = max(0, run[0] - _REACH)
    before = _LAST_CLAUSE_MARK.match(text, low, run[0])
    match = _CLAUSE_MARK.search(text, run[1], run[1] + _REACH)
    stop = match.start() if match else min(run[1] + _REACH, len(text))
    start = before.end() - 1 if before else low - 1
    opened = text[start] if start >= 0 else "\n"
    closed = text[stop] if stop < len(text) else "\n"
    in_sentence = (
        opened not in _OPENED
        and closed not in _CLOSED
        and (opened != "\n" or closed in "，。")
        and (closed != "\n" or opened in "，。")
        and not _credits().search(text, start + 1, stop)
    )
    return (
        _Clause(start, stop, in_sentence)
        if match and start >= low
        else _Clause(-1, -1, in_sentence)
    )


_CLAUSE_MARK = re.compile(r"[，。；：、！？（）“”‘’《》,;:!?()\"\n]")
_LAST_CLAUSE_MARK = re.compile(f".*{_CLAUSE_MARK.pattern}", re.DOTALL)
_OPENED = frozenset("“‘（《(")
_CLOSED = frozenset("”’）》)")


@cache
def _credits() -> re.Pattern[str]:
    """Words that stand in lists of names: 记者 王义正, 通讯员 张若兰."""
    return re.compile("|".join(lexicon.toml("restore/spaces.toml")["credits"]["words"]))


@cache
def _fields() -> re.Pattern[str]:
    """Names of fields that may follow a date on a line of page furniture."""
    return re.compile("|".join(lexicon.toml("restore/spaces.toml")["fields"]["words"]))


@cache
def _units() -> re.Pattern[str]:
    units = lexicon.toml("restore/spaces.toml")["units"]["words"]
    return re.compile(f"(?:{'|'.join(map(re.escape, units))})(?![A-Za-z])")
