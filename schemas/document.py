"""A document as the restoring wing hands it to the extracting wing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from schemas.spans import OffsetMap


class Script(StrEnum):
    """Script the source text is written in."""

    HANS = "hans"
    HANT = "hant"
    MIXED = "mixed"


class UnreadableReason(StrEnum):
    """Why bytes are no text; the file goes to quarantine with one of these."""

    EMPTY = "empty"
    PDF = "pdf"
    OFFICE = "office"  # DOCX, XLSX, PPTX and the older DOC, XLS, PPT
    RTF = "rtf"
    HTML = "html"
    ARCHIVE = "archive"
    PICTURE = "picture"
    BINARY = "binary"  # none of these, and no text either


class Outlook(StrEnum):
    """Where a section looks, which decides the status of its figures."""

    BACK = "back"  # what was done, and the state of things
    AHEAD = "ahead"  # plans: 下一步, 下半年工作思路, 2024年工作计划
    PROBLEMS = "problems"  # 存在的问题: the state of things, unfavourable
    RULES = "rules"  # 奖补标准, 评分办法: what holds for every case


class Period(NamedTuple):
    """A stretch of days, both ends inclusive; `start` is None for a state as of `end`."""

    start: date | None
    end: date


@dataclass(slots=True)
class Facts:
    """What a document says of itself. All texts are in simplified script."""

    title: str | None = None
    issuer: str | None = None
    number: str | None = None
    signer: str | None = None
    recipient: str | None = None
    index_number: str | None = None
    place: str | None = None  # the township, street, county or city it is about
    signed: date | None = None
    published: date | None = None
    script: Script = Script.HANS
    period: Period | None = None  # reporting period
    plan_period: Period | None = None  # the period its plans are for
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)  # fact → clean span

    @property
    def date(self) -> date | None:
        """The date the document speaks from: of signing, else of publication."""
        return self.signed or self.published


@dataclass(slots=True)
class Section:
    """A stretch of clean text under one heading; sections cover the body without overlap.

    `level` is 0 before the first heading, 1 for 一、, 2 for （一）, 3 for 1., 4 for 一是 …
    `year` is the year its heading names (2024年工作计划), if any; `period` the period that
    the heading sets for its figures (下半年工作思路), if any.
    """

    start: int
    end: int
    heading: str
    level: int
    outlook: Outlook
    parent: int  # index of the enclosing section, -1 for none
    year: int | None = None
    period: Period | None = None


@dataclass(slots=True)
class Sentence:
    """One sentence of the body: `clean[start:end]` with its closing mark; no page furniture.

    `paragraph` numbers the paragraphs of the document; `heading` is true for a heading line.
    """

    start: int
    end: int
    section: int
    paragraph: int
    heading: bool = False


@dataclass(slots=True)
class Document:
    """A restored document. `clean[start:end]` spans lead back through `offsets`."""

    document_id: str  # hash of the source text
    name: str  # file name
    source: str
    encoding: str
    clean: str
    offsets: OffsetMap
    facts: Facts
    sections: list[Section]
    sentences: list[Sentence]
    repairs: dict[str, int]  # repair name → how many
    damaged: list[tuple[int, int]] = field(default_factory=list)  # clean spans beyond repair
