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
        cues = _cues(document.clean, sentence.start, sentence.end)
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
    if ahead or _deadline().match(_rest_of_clause(clean, mention.end)):
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
        if _SEMICOLON.search(clean, place, position):
            return ""
        return kind
    return ""


_SEMICOLON = re.compile("[；;]")
_CLAUSE = re.compile(r"[，,；;：:。！？\n]")


def _clause_start(clean: str, start: int, position: int) -> int:
    return max(start, *(clean.rfind(mark, start, position) + 1 for mark in "，,；;：:"))


def _rest_of_clause(clean: str, position: int) -> str:
    match = _CLAUSE.search(clean, position, position + 40)
    return clean[position : match.start() if match else position + 40]


def _cues(clean: str, start: int, end: int) -> list[tuple[int, str]]:
    """Where the cues of a sentence end, with their kinds, in order."""
    return [
        (match.end(), match.lastgroup)
        for match in _pattern().finditer(clean, start, end)
        if match.lastgroup and match.lastgroup != "aside"
    ]


def _table(name: str) -> str:
    return "|".join(lexicon.toml("cues/status.toml")[name]["words"])


@cache
def _pattern() -> re.Pattern[str]:
    """All cues in one pass; what only looks like one comes first."""
    kinds = ("aside", "forecast", "target", "near", "will", "done")
    return re.compile("|".join(f"(?P<{kind}>{_table(kind)})" for kind in kinds))


@cache
def _turn() -> re.Pattern[str]:
    return re.compile(rf"[\s　]*(?:{_table('ahead')})")


@cache
def _each() -> re.Pattern[str]:
    return re.compile(_table("each"))


@cache
def _deadline() -> re.Pattern[str]:
    return re.compile(rf".*(?:{_table('deadline')})")
