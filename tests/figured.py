"""Builds documents from texts whose figures stand in brackets: 新建厕所[12座]."""

from __future__ import annotations

import re
from datetime import date

from schemas.document import Document, Facts, Outlook, Period, Script, Section, Sentence
from schemas.mention import Mention, Qualifier
from schemas.spans import OffsetMap
from transforms.extract.sentences import Figured
from transforms.extract.sentences import figured as sentences_with

_FIGURE = re.compile(r"\[(.*?)\]")
_UNIT = re.compile(r"[^\d.一二三四五六七八九十百千万亿半两成]*$")


def figured(
    text: str,
    *,
    year: int = 2023,
    place: str | None = None,
    ahead: bool = False,
    qualifiers: list[str] | None = None,
    units: list[str] | None = None,
) -> tuple[Document, list[Figured], list[Mention]]:
    """The document (one section, a paragraph a line), its sentences and bracketed figures."""
    clean, mentions, shift = _FIGURE.sub(r"\1", text), [], 0
    for k, match in enumerate(_FIGURE.finditer(text)):
        start = match.start() - shift
        shift += 2
        quote = match[1]
        unit = units[k] if units else _unit(quote)
        qualifier = Qualifier(qualifiers[k]) if qualifiers else Qualifier.EXACT
        mentions.append(
            Mention(
                start, start + len(quote), start + len(quote), start, 1, 1, unit, "", qualifier, ""
            )
        )
    outlook = Outlook.AHEAD if ahead else Outlook.BACK
    facts = Facts(
        place=place,
        signed=date(year, 12, 20),
        period=Period(date(year, 1, 1), date(year, 12, 31)),
    )
    document = Document(
        document_id="0",
        name="a.txt",
        source=clean,
        encoding="utf-8",
        clean=clean,
        offsets=OffsetMap(),
        facts=facts,
        sections=[Section(0, len(clean), "", 0, outlook, -1)],
        sentences=[
            Sentence(m.start(), m.end(), 0, clean.count("\n", 0, m.start()))
            for m in re.finditer(r"[^。！？\n]+[。！？]?", clean)
        ],
        repairs={},
    )
    assert facts.script is Script.HANS
    sentences, mentions, _ = sentences_with(document.sentences, mentions)
    return document, sentences, mentions


def _unit(quote: str) -> str:
    match = _UNIT.search(quote)
    unit = match.group() if match else ""
    return "%" if quote.endswith("成") else unit
