"""Whether a figure has come true: achieved, expected, to be done, or a rule.

A section's outlook gives the status of its figures; cue words (`seeds/cues/status.toml`)
change it within their clause or sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from schemas.document import Document, Outlook, Sentence
from schemas.mention import Mention, Qualifier, Status
from transforms import lexicon


def assign(document: Document, mentions: Sequence[Mention]) -> list[Status]:
    """The status of every mention; `mentions` are in the order of the text."""
    found: list[Status] = []
    paragraph = _Paragraph()
    this_year = _year(document)
    k = 0
    for sentence in document.sentences:
        ahead = paragraph.ahead(document, sentence)
        while k < len(mentions) and mentions[k].start < sentence.start:
            found.append(Status.ACTUAL)
            k += 1
        if k == len(mentions):
            break
        if mentions[k].start >= sentence.end:
            continue
        cues = _cues(document.clean, sentence.start, sentence.end, this_year)
        while k < len(mentions) and mentions[k].start < sentence.end:
            found.append(_status(document.clean, sentence, mentions[k], cues, ahead))
            k += 1
    found.extend([Status.ACTUAL] * (len(mentions) - len(found)))
    return found


class _Paragraph:
    """Whether the text looks ahead: by its section, or since 下一步 in its paragraph."""

    def __init__(self) -> None:
        self._number = -1
        self._turned = False

    def ahead(self, document: Document, sentence: Sentence) -> bool:
        if sentence.paragraph != self._number:
            self._number, self._turned = sentence.paragraph, False
        if _turn().match(document.clean, sentence.start, sentence.end):
            self._turned = True
        sections = document.sections
        section = sections[sentence.section] if sentence.section < len(sections) else None
        return self._turned or (section is not None and section.outlook is Outlook.AHEAD)


def _status(
    clean: str,
    sentence: Sentence,
    mention: Mention,
    cues: list[tuple[int, str]],
    ahead: bool,
) -> Status:
    clause = _clause_start(clean, sentence.start, mention.start)
    rest = _rest_of_clause(clean, mention.end)
    if clean[clause : mention.lead].endswith(_begun()) and _changes().match(rest):
        return Status.ACTUAL
    if _aims().search(clean, clause, mention.start) and (goal := _goal().match(rest)):
        return Status.TARGET if goal["target"] else Status.NORM
    cue = _nearest(clean, mention.start, clause, cues)
    if cue in ("forecast", "will"):
        return Status.TARGET if ahead and cue == "will" else Status.FORECAST
    if cue in ("target", "near"):
        return Status.TARGET
    bounded = mention.qualifier in (Qualifier.AT_LEAST, Qualifier.AT_MOST)
    if bounded and _each().search(clean, clause, mention.start):
        return Status.TARGET if ahead else Status.NORM
    if cue == "done":
        return Status.ACTUAL
    if ahead or _deadline().match(rest):
        return Status.TARGET
    if mention.qualifier is Qualifier.AT_LEAST:
        return Status.NORM
    return Status.ACTUAL


def _nearest(clean: str, position: int, clause: int, cues: list[tuple[int, str]]) -> str:
    """The cue in force at a position: the last before it that still reaches so far."""
    for place, kind in reversed(cues):
        if place >= position:
            continue
        if kind == "near" and place < clause:
            continue
        if kind == "done" and place < clause:
            return ""
        if clean[place : place + 1] != "：" and _SEMICOLON.search(clean, place, position):
            continue
        return kind
    return ""


_SEMICOLON = re.compile("[；;]")
_CLAUSE = re.compile(r"[，,；;：:。！？\n]")


def _clause_start(clean: str, start: int, position: int) -> int:
    return max(start, *(clean.rfind(mark, start, position) + 1 for mark in "，,；;：:"))


def _rest_of_clause(clean: str, position: int) -> str:
    match = _CLAUSE.search(clean, position, position + 40)
    return clean[position : match.start() if match else position + 40]


def _cues(clean: str, start: int, end: int, this_year: int) -> list[tuple[int, str]]:
    """Where the cues of a sentence end, with their kinds, in order; a year to come is one."""
    return [
        (match.end(), "target" if match["year"] else match.lastgroup)
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


def _table(name: str) -> str:
    return "|".join(lexicon.toml("cues/status.toml")[name]["words"])


@cache
def _pattern() -> re.Pattern[str]:
    """All cues in one pass; what only looks like one comes first."""
    kinds = ("aside", "forecast", "target", "near", "will", "done")
    cues = "|".join(f"(?P<{kind}>{_table(kind)})" for kind in kinds)
    return re.compile(rf"(?<!\d)(?P<year>20\d\d)年|{cues}")


@cache
def _begun() -> tuple[str, ...]:
    return tuple(lexicon.toml("cues/status.toml")["begun"]["before"])


@cache
def _changes() -> re.Pattern[str]:
    return re.compile(lexicon.toml("cues/status.toml")["begun"]["changes"])


@cache
def _aims() -> re.Pattern[str]:
    return re.compile("|".join(lexicon.toml("cues/status.toml")["goal"]["before"]))


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
def _deadline() -> re.Pattern[str]:
    return re.compile(rf".*(?:{_table('deadline')})")
