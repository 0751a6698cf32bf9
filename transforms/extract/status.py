"""Whether a figure has come true: achieved, expected, to be done, or a rule.

A section's outlook gives the status of its figures; cue words (`seeds/cues/status.toml`)
change it within their clause or sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date
from functools import cache

from schemas.document import Document, Outlook, Sentence
from schemas.mention import Mention, Qualifier, Status
from transforms import lexicon
from transforms.extract.sentences import Figured


def assign(
    document: Document,
    sentences: Sequence[Figured],
    mentions: Sequence[Mention],
    periods: Sequence[tuple[date | None, date | None, bool]] = (),
) -> list[Status]:
    """The status of every mention; `mentions` are in the order of the text.

    `periods` are first day, last day and whether inherited, one a mention: what is said of a
    time over before the plan begins has come true, wherever the plan says it.
    """
    found: list[Status] = []
    turned = _turned(document)
    this_year = _year(document)
    begin = _begin(document)
    reported = document.facts.period and document.facts.period.start
    today = document.facts.date or (document.facts.period and document.facts.period.end)
    for number, sentence, first, last in sentences:
        section = document.sections[sentence.section].outlook
        ahead = section is Outlook.AHEAD or turned.get(sentence.paragraph, number + 1) <= number
        rules = section is Outlook.RULES
        cues = _Cues(document.clean, sentence, this_year)
        for k in range(first, last):
            past = over = to_come = spans = False
            if periods and not periods[k][2]:  # a time of its own, not the document's
                start, end, _ = periods[k]
                past = begin is not None and end is not None and end < begin
                over = reported is not None and end is not None and end < reported
                to_come = _to_come(start, end, today)
                spans = to_come and start is not None
            outlook = Outlook.RULES if rules else Outlook.BACK
            if not rules and ((ahead and not past) or to_come):
                outlook = Outlook.AHEAD
            status = _status(cues, mentions[k], outlook, spans)
            if over and status is Status.FORECAST and not cues.said("forecast", mentions[k].start):
                status = Status.ACTUAL  # 预计可达9亿元；由2016年的318万元增长到860万元
            found.append(status)
    return found


def _turned(document: Document) -> dict[int, int]:
    """Paragraph → the number of the first sentence in it that looks ahead (下一步，…)."""
    turned: dict[int, int] = {}
    clean, turn = document.clean, _turn().match
    letters = _beginnings("ahead") | set(" \u3000\n\t")
    for number, sentence in enumerate(document.sentences):
        if clean[sentence.start] in letters and turn(clean, sentence.start, sentence.end):
            turned.setdefault(sentence.paragraph, number)
    return turned


class _Cues:
    """The cues of one sentence and its marks, for questions by bisection."""

    def __init__(self, clean: str, sentence: Sentence, this_year: int) -> None:
        start, end = sentence.start, sentence.end
        self.clean = clean
        self._start = start
        self._marks = [m.end() for m in _CLAUSE.finditer(clean, start, end)]
        self._cues = _cues(clean, start, end, this_year)
        if not self._cues:
            return  # as in most sentences, and nothing below is asked for
        self._places = [place for place, _ in self._cues]
        targets = [place for place, kind in self._cues if kind == "target"]
        self._last_target = targets[-1] if targets else -1
        self._stops = [mark for mark in self._marks if clean[mark - 1] in "；;"]

    def clause(self, position: int) -> int:
        """Where the clause of a position starts."""
        k = bisect_right(self._marks, position)
        return self._marks[k - 1] if k else self._start

    def _is_planned(self, position: int) -> bool:
        """Whether the clause that a position ends speaks of a target before."""
        first = bisect_right(self._places, self.clause(position - 1))
        last = bisect_right(self._places, position)
        return any(kind == "target" for _, kind in self._cues[first:last])

    def said(self, kind: str, position: int) -> bool:
        """Whether a cue of the kind stands in front of a position in its clause."""
        clause = self.clause(position)
        return any(clause < place <= position and found == kind for place, found in self._cues)

    def rest(self, position: int) -> str:
        """What stands behind a position in its clause, at most `_REACH` characters."""
        k = bisect_right(self._marks, position)
        if k < len(self._marks):
            return self.clean[position : min(self._marks[k] - 1, position + _REACH)]
        return self.clean[position : position + _REACH].partition("\n")[0]

    def _is_aim(self, place: int, position: int) -> bool:
        """Whether a position is near a cue for an aim, with no figure in between."""
        if position - place > _BEHIND:
            return False
        return not any(map(str.isdigit, self.clean[place:position]))

    def in_force(self, position: int, clause: int, to_come: bool = False) -> str:
        """The kind of the last cue before a position that still reaches so far, or "".

        What is `to_come` has not been done, whatever says so: 预计14日仍有80毫米降雨.
        """
        if not self._cues:
            return ""
        k = bisect_right(self._places, position)
        for place, kind in reversed(self._cues[max(0, k - _BACK) : k]):
            if kind == "near" and place < clause:
                continue
            if kind == "aim" and not self._is_aim(place, position):
                continue
            if kind == "then" and self._is_left(place, position):
                continue
            if kind in ("done", "then") and to_come:
                continue
            if kind in ("done", "then") and place < clause:
                return ""
            stop = bisect_left(self._stops, place + 1)
            stopped = stop < len(self._stops) and self._stops[stop] <= position
            kind = "target" if kind == "year" else kind
            if stopped and self.clean[place : place + 1] != "：":
                if kind == "target" and self._last_target > position:
                    return kind  # 力争增长6%；线上销售占比25%；力争建成3个
                if kind == "forecast" and self._opens_list(place):
                    return kind  # 预计全年实现财政收入4006万元；固定资产投资5亿元
                continue
            if kind == "will" and self._is_planned(place):
                return "target"  # 明年还将再投入
            return "done" if kind == "then" else kind
        return ""

    def _opens_list(self, place: int) -> bool:
        """Whether no figure stands in front of a cue in its sentence."""
        return not any(map(str.isdigit, self.clean[max(self._start, place - _REACH) : place]))

    def _is_left(self, place: int, position: int) -> bool:
        """Whether a change leads away from what was then: 由去年的18%[提高到]25%."""
        between = self.clean[place:position]
        return _leaves().search(between) is not None and any(map(str.isdigit, between))


_BOUNDS = (Qualifier.AT_LEAST, Qualifier.AT_MOST)
_REACH = 40  # characters that a look ahead or back goes
_BEHIND = 4  # characters between an aim's cue and its figure: 任务[数为]8亿元
_BACK = 12  # cues that a figure looks back at
_CLAUSE = re.compile(r"[，,；;：:。！？\n]")


def _status(cues: _Cues, mention: Mention, outlook: Outlook, to_come: bool = False) -> Status:
    clean = cues.clean
    ahead, rules = outlook is Outlook.AHEAD, outlook is Outlook.RULES
    clause = cues.clause(mention.start)
    near = clause if mention.start - clause < _REACH else mention.start - _REACH
    rest = cues.rest(mention.end)
    if _changes().match(rest) and _has_begun(clean, clause, mention):
        return Status.ACTUAL
    goal = _goal().match(rest)
    if goal and _aims().search(clean, near, mention.start):
        return Status.TARGET if goal["target"] else Status.NORM
    cue = cues.in_force(mention.start, clause, to_come)
    if cue in ("forecast", "will"):
        return Status.TARGET if ahead and cue == "will" else Status.FORECAST
    if cue in ("target", "near", "aim"):
        done = (
            mention.kind == "ratio"
            and not ahead
            and _completed().search(clean, near, mention.start)
        )
        return Status.ACTUAL if done else Status.TARGET
    bounded = mention.qualifier in _BOUNDS
    if cue != "done" and (rules or (ahead and mention.unit == "分")):
        return Status.NORM  # 满分100分
    if ahead and mention.kind == "money" and _is_paid(clean, near, mention.start, rest):
        return Status.NORM
    aimed = ahead and mention.kind in ("money", "ratio")  # 每个村集体收入不低于5万元
    if bounded and not aimed and _each().search(clean, near, mention.start):
        return Status.NORM
    if _obliged().search(clean, near, mention.start):
        return Status.TARGET if aimed else Status.NORM
    if mention.unit == "次" and not ahead and _regular().search(clean, near, mention.start):
        return Status.NORM
    above = bounded or clean.endswith("以上", mention.start, mention.end)
    if above and not ahead and _pairing().search(clean[near : mention.lead]):
        return Status.NORM
    if cue == "done":
        return Status.ACTUAL
    if ahead or _deadline().search(rest):
        return Status.TARGET
    if mention.kind == "duration" and rest.startswith(_within()):
        return Status.NORM  # 3个工作日内办结
    if not bounded:
        return Status.ACTUAL
    if mention.qualifier is Qualifier.AT_LEAST:
        return Status.NORM
    no_more = mention.lead < mention.start and clean.startswith("不", mention.lead)
    return Status.NORM if no_more else Status.ACTUAL


def _is_paid(clean: str, start: int, end: int, rest: str) -> bool:
    """Whether an amount is what is given out for each case: 每座补助1200元."""
    before, each, behind = _paid()
    if before.search(clean, start, end):
        return True
    return behind.match(rest) is not None and each.search(clean, start, end) is not None


def _has_begun(clean: str, clause: int, mention: Mention) -> bool:
    """Whether a figure is the state before a change: 由[每人每月]920元提高至1010元."""
    each = _each_unit().search(clean, max(clause, mention.lead - 8), mention.lead)
    return clean.endswith(_begun(), clause, each.start() if each else mention.lead)


def _cues(clean: str, start: int, end: int, this_year: int) -> list[tuple[int, str]]:
    """Where the cues of a sentence end, with their kinds, in order; a year to come is one."""
    return [
        (match.end(), match.lastgroup)
        for match in _pattern().finditer(clean, start, end)
        if match.lastgroup
        and match.lastgroup != "aside"
        and not (match["year"] and int(match["year"]) <= this_year)
    ]


def _year(document: Document) -> int:
    """The year the document speaks from; no year is to come where it is unknown."""
    facts = document.facts
    day = facts.date or (facts.period.end if facts.period else None)
    return day.year if day else 9999


def _begin(document: Document) -> date | None:
    """The first day of what the document plans for, or of what it reports on."""
    facts = document.facts
    period = facts.plan_period or facts.period
    return period.start if period else None


def _to_come(start: date | None, end: date | None, today: date | None) -> bool:
    """Whether a figure's own time lies behind the day the document speaks from.

    A state at the end of its year does not: a report of December tells of 年末 already.
    """
    if today is None or end is None:
        return False
    return start > today if start is not None else end.year > today.year


def _table(name: str) -> str:
    return "|".join(lexicon.toml("cues/status.toml")[name]["words"])


@cache
def _pattern() -> re.Pattern[str]:
    """All cues in one pass; what only looks like one comes first.

    The letters that cues begin with are asked first: most letters begin none. The kind stands
    in an empty group behind, since the engine fails sooner where no group begins.
    """
    kinds = ("aside", "aim", "forecast", "target", "near", "will", "then", "done")
    letters = "".join(sorted({c for kind in kinds for c in _beginnings(kind)}))
    cues = "|".join(f"(?:{_table(kind)})(?P<{kind}>)" for kind in kinds)
    return re.compile(rf"(?=[2{letters}])(?:(?<![\d至止])(?P<year>20\d\d)年|{cues})")


_BEGINNING = re.compile(r"(?:\(\?<[!=][^)]*\))*(?:\(\?:(?P<any>[^()]*)\)|(?P<one>[一-龥]))")


@cache
def _beginnings(name: str) -> frozenset[str]:
    """The letters that the words of a class begin with, past a look back and through a group."""
    found: set[str] = set()
    for word in lexicon.toml("cues/status.toml")[name]["words"]:
        match = _BEGINNING.match(word)
        if match is None:
            raise ValueError(f"cues/status.toml: a word of [{name}] begins with no letter: {word}")
        found.update(form[0] for form in (match["one"] or match["any"]).split("|"))
    return frozenset(found)


@cache
def _begun() -> tuple[str, ...]:
    return tuple(lexicon.toml("cues/status.toml")["begun"]["before"])


@cache
def _each_unit() -> re.Pattern[str]:
    return re.compile(lexicon.toml("cues/status.toml")["begun"]["each"] + "$")


@cache
def _changes() -> re.Pattern[str]:
    return re.compile(lexicon.toml("cues/status.toml")["begun"]["changes"])


@cache
def _aims() -> re.Pattern[str]:
    return re.compile("|".join(lexicon.toml("cues/status.toml")["goal"]["before"]))


@cache
def _completed() -> re.Pattern[str]:
    return re.compile(lexicon.toml("cues/status.toml")["completed"]["pattern"])


@cache
def _goal() -> re.Pattern[str]:
    goal = lexicon.toml("cues/status.toml")["goal"]
    return re.compile(f"(?P<target>{goal['target']})|(?P<norm>{goal['norm']})")


@cache
def _turn() -> re.Pattern[str]:
    return re.compile(rf"[\s　]*(?:{_table('ahead')})")


@cache
def _each() -> re.Pattern[str]:
    return re.compile(_table("each"))


@cache
def _leaves() -> re.Pattern[str]:
    return re.compile(lexicon.toml("cues/status.toml")["then"]["leaves"] + "$")


@cache
def _paid() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    paid = lexicon.toml("cues/status.toml")["paid"]
    return re.compile(paid["before"]), re.compile(paid["each"]), re.compile(paid["behind"])


@cache
def _obliged() -> re.Pattern[str]:
    return re.compile(f"(?:{_table('obliged')})[^，。；\\d]{{0,8}}$")


@cache
def _within() -> tuple[str, ...]:
    return tuple(lexicon.toml("cues/names.toml")["within"]["words"])


@cache
def _regular() -> re.Pattern[str]:
    return re.compile(_table("regular"))


@cache
def _pairing() -> re.Pattern[str]:
    return re.compile(lexicon.toml("cues/status.toml")["pairing"]["word"])


@cache
def _deadline() -> re.Pattern[str]:
    return re.compile(_table("deadline"))
