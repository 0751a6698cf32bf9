"""A batch of files → validated frames: the restoring wing and the extracting wing in order."""

from __future__ import annotations

import gc
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import dataframely as dy
import polars as pl

from schemas.document import Document, Period, Sentence
from schemas.mention import Reason, Unclaimed
from schemas.observation import Extraction
from schemas.quarantine import ADVICE, QuarantineReason
from schemas.tables import (
    BatchFrames,
    Documents,
    Observations,
    Quarantined,
    ReadFiles,
    Repairs,
    Texts,
    Unclaimeds,
    polars_types,
)
from transforms.extract import extract
from transforms.restore import Unreadable, decode, restore

Row = dict[str, Any]
Columns = dict[str, list[Any]]  # name → values, all of one length


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it came: its path below what was given, and its bytes."""

    path: str
    data: bytes

    @property
    def name(self) -> str:
        """The file name without its folders and archive."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one file gave for the frames of `BatchFrames`; of long ones, column by column."""

    document_id: str
    encoding: str
    document: Row
    text: Row
    observations: Columns
    repairs: list[Row]
    unclaimed: Columns


Guard = Callable[[SourceFile], AbstractContextManager[None]]


def unguarded(file: SourceFile) -> AbstractContextManager[None]:
    """No limit on the time a file may take."""
    return nullcontext()


def process(files: Sequence[SourceFile], guard: Guard = unguarded) -> BatchFrames:
    """Read `files` into validated frames; whatever a file holds, its neighbours are read.

    `guard` is entered around each file and may end its reading with TimeoutError.
    """
    with collector_paused():
        return _process(files, guard)


@contextmanager
def collector_paused() -> Iterator[None]:
    """No cyclic garbage collection inside: a batch makes many small objects and few cycles,
    and the collector's walks over them cost a third of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _process(files: Sequence[SourceFile], guard: Guard) -> BatchFrames:
    read: list[Row] = []
    readings: dict[str, Reading] = {}
    quarantine: list[Row] = []
    for file in files:
        try:
            with guard(file):
                reading = read_file(file)
        except Unreadable as error:
            quarantine.append(_refused(file, error.reason, error.advice))
        except (TimeoutError, MemoryError):
            quarantine.append(_refused(file, QuarantineReason.TOO_SLOW))
        except Exception as error:
            quarantine.append(_refused(file, QuarantineReason.FAILED, repr(error)[:300]))
        else:
            readings.setdefault(reading.document_id, reading)
            read.append(
                {
                    "path": file.path,
                    "document_id": reading.document_id,
                    "encoding": reading.encoding,
                }
            )
    return frames(read, list(readings.values()), quarantine)


def _refused(file: SourceFile, reason: str, advice: str = "") -> Row:
    return {"path": file.path, "reason": str(reason), "advice": advice or ADVICE.get(reason, "")}


def frames(read: list[Row], readings: list[Reading], quarantine: list[Row]) -> BatchFrames:
    """Rows → frames, checked by their schemas. Raises `dataframely.ValidationError`.

    A figure that breaks its schema is none: it stands with the unclaimed numerals, as unknown.
    """

    observations, failure = Observations.filter(
        _joined(Observations, [r.observations for r in readings])
    )
    outside = failure.invalid().select(
        "document_id",
        "source_start",
        "source_end",
        pl.lit(Reason.UNKNOWN, Unclaimeds.reason.dtype).alias("reason"),
        "quote",
    )
    unclaimed = pl.concat([_joined(Unclaimeds, [r.unclaimed for r in readings]), outside])
    return BatchFrames(
        files=_frame(ReadFiles, read),
        documents=_frame(Documents, [r.document for r in readings]),
        texts=_frame(Texts, [r.text for r in readings]),
        observations=observations,
        repairs=_frame(Repairs, [row for r in readings for row in r.repairs]),
        unclaimed=Unclaimeds.validate(
            unclaimed.unique(Unclaimeds.primary_key(), keep="first", maintain_order=True)
        ),
        quarantine=_frame(Quarantined, quarantine),
    )


def _joined(schema: type[dy.Schema], parts: list[Columns]) -> pl.DataFrame:
    """The columns of several documents, one below the other."""
    return pl.DataFrame(
        [
            pl.Series(name, list(chain.from_iterable(part[name] for part in parts)), dtype)
            for name, dtype in polars_types(schema).items()
        ]
    )


def _frame(schema: Any, rows: list[Row]) -> Any:
    if not rows:
        return schema.create_empty()
    return schema.validate(pl.DataFrame(rows, schema=polars_types(schema)))


@cache
def fingerprint() -> str:
    """Hash of everything that decides what is read from a text: code and reference data.

    Documents read under another fingerprint are read again.
    """
    root = Path(__file__).resolve().parent.parent
    digest = hashlib.blake2b(digest_size=8)
    code = [*(root / "schemas").rglob("*.py"), *(root / "transforms").rglob("*.py")]
    for path in sorted([*code, *_reference(root / "seeds")]):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(hashlib.blake2b(path.read_bytes()).digest())
    return digest.hexdigest()


def _reference(seeds: Path) -> list[Path]:
    """The files of `seeds/` that rules are made of: not the sample reports."""
    apart = {"reports", "expected"}
    return [
        path
        for path in seeds.rglob("*")
        if path.is_file() and path.relative_to(seeds).parts[0] not in apart
    ]


def explain(text: str, day: date | None = None, place: str | None = None) -> Reading:
    """What is read from a text typed in; `day` is the day it speaks from, `place` its place.

    Raises `Unreadable` for a text without a character to read.
    """
    document = restored(SourceFile("text.txt", text.encode("utf-8", "replace")))
    facts = document.facts
    facts.signed = day or facts.signed
    facts.place = place or facts.place
    if day and facts.period is None:
        facts.period = Period(date(day.year, 1, 1), day)
    return reading(document, extract(document))


def read_file(file: SourceFile) -> Reading:
    """One file → rows. Raises `Unreadable`."""
    document = restored(file)
    return reading(document, extract(document))


def identify(file: SourceFile) -> tuple[str, str]:
    """Id of the document in `file`, and its encoding; nothing else is read. Raises `Unreadable`."""
    decoded = decode(file.data)
    return document_id_of(decoded.text), decoded.encoding


def restored(file: SourceFile) -> Document:
    """One file → a restored document. Raises `Unreadable`."""
    return restore(file.name, decode(file.data))


def document_id_of(source: str) -> str:
    """The id of the document with this source text."""
    return hashlib.blake2b(source.encode("utf-8", "replace"), digest_size=16).hexdigest()


def reading(document: Document, extraction: Extraction) -> Reading:
    """Rows of what was extracted from a document, with the spans of the source text."""
    facts, offsets = document.facts, document.offsets
    spans = {name: offsets.source_span(*span) for name, span in sorted(facts.spans.items())}
    row: Row = {
        "document_id": document.document_id,
        "title": facts.title,
        "issuer": facts.issuer,
        "number": facts.number,
        "signer": facts.signer,
        "recipient": facts.recipient,
        "index_number": facts.index_number,
        "place": facts.place,
        "signed": facts.signed,
        "published": facts.published,
        "period_start": facts.period and facts.period.start,
        "period_end": facts.period and facts.period.end,
        "plan_period_start": facts.plan_period and facts.plan_period.start,
        "plan_period_end": facts.plan_period and facts.plan_period.end,
        "script": facts.script,
        "fact_spans": json.dumps(spans),
        "damaged_spans": json.dumps([offsets.source_span(*span) for span in document.damaged]),
        "characters": len(document.source),
        "rules": fingerprint(),
    }
    return Reading(
        document_id=document.document_id,
        encoding=document.encoding,
        document=row,
        text={
            "document_id": document.document_id,
            "source_text": document.source,
            "clean_text": document.clean,
        },
        observations=_observations(document, extraction.columns),
        repairs=[
            {"document_id": document.document_id, "repair": repair, "count": count}
            for repair, count in sorted(document.repairs.items())
            if count
        ],
        unclaimed=_unclaimed(document, extraction.unclaimed),
    )


def _observations(document: Document, found: Columns) -> Columns:
    """Columns of `Observations`; an id is the hash of a figure's document, span and turn."""
    source, clean, sentences = document.source, document.clean, document.sentences
    starts, ends = found["start"], found["end"]
    spans = list(map(document.offsets.source_span, starts, ends))
    ids = _ids(document.document_id, spans)
    return {name: column for name, column in found.items() if name in _COLUMNS} | {
        "observation_id": ids,
        "document_id": [document.document_id] * len(ids),
        "source_start": [start for start, _ in spans],
        "source_end": [end for _, end in spans],
        "quote": [source[start:end] for start, end in spans],
        "sentence": [
            _around(clean, sentences[number], start, end)
            for number, start, end in zip(found["sentence"], starts, ends, strict=True)
        ],
        "parent_id": [None if parent is None else ids[parent] for parent in found["parent"]],
        "rule": list(map(" ".join, found["rules"])),
    }


_COLUMNS = frozenset(Observations.columns())

LONGEST_SENTENCE = 600
"""Of a longer sentence a row holds what stands around its figure: a run of figures without a
full stop would otherwise take the square of its length."""


def _around(clean: str, sentence: Sentence, start: int, end: int) -> str:
    """The sentence around a figure."""
    if sentence.end - sentence.start <= LONGEST_SENTENCE:
        return clean[sentence.start : sentence.end]
    reach = LONGEST_SENTENCE // 2
    return clean[max(sentence.start, start - reach) : min(sentence.end, end + reach)]


def _ids(document_id: str, spans: list[tuple[int, int]]) -> list[str]:
    """An id for each figure; figures of one span are told apart by their turn."""
    of_document = hashlib.blake2b(f"{document_id} ".encode("ascii"), digest_size=16)
    turns: dict[tuple[int, int], int] = {}
    ids: list[str] = []
    for span in spans:
        turn = turns[span] = turns.get(span, -1) + 1
        digest = of_document.copy()
        digest.update(b"%d %d %d" % (*span, turn))
        ids.append(digest.hexdigest())
    return ids


def _unclaimed(document: Document, unclaimed: list[Unclaimed]) -> Columns:
    """Columns of `Unclaimeds`."""
    source, source_span = document.source, document.offsets.source_span
    spans = [source_span(numeral.start, numeral.end) for numeral in unclaimed]
    return {
        "document_id": [document.document_id] * len(spans),
        "source_start": [start for start, _ in spans],
        "source_end": [end for _, end in spans],
        "reason": [numeral.reason for numeral in unclaimed],
        "quote": [source[start:end] for start, end in spans],
    }
