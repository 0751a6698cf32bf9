"""A batch of files → validated frames: the restoring wing and the extracting wing in order."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

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

Row = dict[str, Any]


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
    """What one file gave: rows of the frames of `BatchFrames`, by frame."""

    document_id: str
    encoding: str
    document: Row
    text: Row
    observations: list[Row]
    repairs: list[Row]
    unclaimed: list[Row]


Guard = Callable[[SourceFile], AbstractContextManager[None]]


def unguarded(file: SourceFile) -> AbstractContextManager[None]:
    """No limit on the time a file may take."""
    return nullcontext()


def process(files: Sequence[SourceFile], guard: Guard = unguarded) -> BatchFrames:
    """Read `files` into validated frames; whatever a file holds, its neighbours are read.

    `guard` is entered around each file and may end its reading with TimeoutError.
    """
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
    """Rows → frames, checked by their schemas. Raises `dataframely.ValidationError`."""

    def rows(take: Callable[[Reading], Iterable[Row]]) -> list[Row]:
        return [row for reading in readings for row in take(reading)]

    return BatchFrames(
        files=_frame(ReadFiles, read),
        documents=_frame(Documents, [r.document for r in readings]),
        texts=_frame(Texts, [r.text for r in readings]),
        observations=_frame(Observations, rows(lambda r: r.observations)),
        repairs=_frame(Repairs, rows(lambda r: r.repairs)),
        unclaimed=_frame(Unclaimeds, rows(lambda r: r.unclaimed)),
        quarantine=_frame(Quarantined, quarantine),
    )


def _frame(schema: Any, rows: list[Row]) -> Any:
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
    """What is read from a text typed in, with the day it speaks from and its place."""
    return read_file(SourceFile("text.txt", text.encode("utf-8", "replace")))


# The interim reading below stands until the two wings do.


class Unreadable(Exception):
    """The bytes are no text; `reason` and `advice` go to quarantine."""

    def __init__(self, reason: str, advice: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.advice = advice


_FIGURE = re.compile(
    r"(?P<number>\d+(?:,\d{3})*(?:\.\d+)?)\s*(?P<magnitude>[万亿]?)\s*(?P<unit>%|元|个|人|户|亩|家|吨|项|米)"
)
_MAGNITUDE = {"": 1.0, "万": 1e4, "亿": 1e8}


def read_file(file: SourceFile) -> Reading:
    """One file → rows. Raises `Unreadable`."""
    if b"\0" in file.data or file.data.startswith(b"%PDF"):
        raise Unreadable("binary", "Not a text; export it as .txt.")
    text = file.data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    if not text.strip():
        raise Unreadable(QuarantineReason.EMPTY, ADVICE[QuarantineReason.EMPTY])
    document_id = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
    observations = [_observation(document_id, text, match) for match in _FIGURE.finditer(text)]
    document: Row = dict.fromkeys(Documents.column_names())
    document |= {
        "document_id": document_id,
        "script": "hans",
        "fact_spans": json.dumps({}),
        "damaged_spans": json.dumps([]),
        "characters": len(text),
        "rules": fingerprint(),
    }
    return Reading(
        document_id=document_id,
        encoding="utf-8",
        document=document,
        text={"document_id": document_id, "source_text": text, "clean_text": text},
        observations=observations,
        repairs=[],
        unclaimed=[],
    )


def identify(file: SourceFile) -> tuple[str, str]:
    """Id of the document in `file`, and its encoding; nothing else is read. Raises `Unreadable`."""
    reading = read_file(file)
    return reading.document_id, reading.encoding


def _observation(document_id: str, text: str, match: re.Match[str]) -> Row:
    start, end = match.span()
    value = float(match["number"].replace(",", "")) * _MAGNITUDE[match["magnitude"]]
    row: Row = dict.fromkeys(Observations.column_names())
    key = f"{document_id} {start} {end}"
    return row | {
        "observation_id": hashlib.blake2b(key.encode(), digest_size=16).hexdigest(),
        "document_id": document_id,
        "source_start": start,
        "source_end": end,
        "quote": text[start:end],
        "sentence": text[max(0, start - 20) : end + 20],
        "indicator": text[max(0, start - 4) : start],
        "measure": "share" if match["unit"] == "%" else "level",
        "value": value,
        "value_high": value,
        "unit": match["unit"],
        "qualifier": "exact",
        "status": "actual",
        "period_inherited": True,
        "confidence": 0.5,
        "rule": "interim",
    }
