"""Builds the benchmark's corpus: the sample reports with digits, names and order redrawn.

Real reports hold about 4,000 figures per MB of UTF-8; the sample reports hold more, so that
sentences without a figure, made of the reports' own clauses, are put in between.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

HERE = Path(__file__).resolve().parent
SEEDS = HERE.parent.parent / "seeds"
BYTES_PER_FIGURE = 250
SMALLEST, LARGEST = 5_200, 11_400  # bytes of a document


def build(megabytes: float, seed: int) -> list[tuple[str, bytes]]:
    """File names and UTF-8 contents of about `megabytes` × 10**6 bytes of reports.

    Every document has 5 to 12 KB. The same arguments give the same bytes on any machine.
    """
    rng = Random(f"corpus {seed}")
    files: list[tuple[str, bytes]] = []
    left = megabytes * 1e6
    while left > 0:
        content = "".join(_document(rng)).encode()
        files.append((f"report_{len(files):06d}.txt", content))
        left -= len(content)
    return files


def _document(rng: Random) -> Iterator[str]:
    """The pieces of one document: a report with a share of its sentences, padded."""
    report = rng.choice(_reports())
    budget = rng.randint(SMALLEST, LARGEST)
    share = budget / (BYTES_PER_FIGURE * report.figures)
    debt = 0.0  # bytes owed to the figures written so far
    written = 0
    paragraphs = list(report.paragraphs)
    while written < budget:
        for paragraph in paragraphs:
            sentences = list(paragraph)
            rng.shuffle(sentences)
            for sentence in sentences:
                if sentence.figures and rng.random() > share:
                    continue
                piece = sentence.draw(rng)
                debt += sentence.figures * BYTES_PER_FIGURE - len(piece.encode())
                written += len(piece.encode())
                yield piece
                while debt > 0 and written < budget:
                    piece = _filler(rng)
                    debt -= len(piece.encode())
                    written += len(piece.encode())
                    yield piece
            yield "\n"
            written += 1
            if written >= budget:
                break


def _filler(rng: Random) -> str:
    """A sentence without a figure, of two to six clauses of the reports."""
    clauses = rng.sample(_plain_clauses(), rng.randint(2, 6))
    return "，".join(clause.draw(rng) for clause in clauses) + "。"


@dataclass(frozen=True, slots=True)
class Template:
    """A stretch of text with places to redraw: literal text and slots in turn."""

    parts: tuple[str | Slot, ...]
    figures: int

    def draw(self, rng: Random) -> str:
        """The text with every slot drawn anew."""
        return "".join(
            part if isinstance(part, str) else DRAW[part.kind](part.text, rng)
            for part in self.parts
        )


@dataclass(frozen=True, slots=True)
class Slot:
    """A number or a name of the report and how to draw another one for it."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """The paragraphs of a sample report, each a list of sentences; `figures` in all of them."""

    paragraphs: tuple[tuple[Template, ...], ...]
    figures: int


@cache
def _reports() -> tuple[Report, ...]:
    """The undamaged reports of the sample corpus."""
    starts: dict[str, list[int]] = {}
    for row in _rows("observations.jsonl"):
        starts.setdefault(row["doc"], []).append(row["start"])
    return tuple(
        _report((SEEDS / "reports" / name).read_text("utf-8"), starts[name])
        for name in (d["doc"] for d in _rows("observations.docs.jsonl") if not d["damage"])
    )


def _rows(name: str) -> list[dict[str, Any]]:
    """The rows of a file of `seeds/expected`."""
    lines = (SEEDS / "expected" / name).read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _report(text: str, starts: list[int]) -> Report:
    """The report as templates; `starts` are the offsets of its figures."""
    paragraphs: list[tuple[Template, ...]] = []
    for line in re.finditer(r".+", text):
        sentences: list[Template] = []
        for match in re.finditer(r"[^。；]+[。；]?", line[0]):
            begin, end = line.start() + match.start(), line.start() + match.end()
            figures = sum(begin <= start < end for start in starts)
            sentences.append(_template(match[0], figures))
        paragraphs.append(tuple(sentences))
    return Report(tuple(paragraphs), len(starts))


@cache
def _plain_clauses() -> tuple[Template, ...]:
    """The clauses of the reports that hold no figure, without headings and signatures."""
    clauses: dict[str, None] = {}
    for report in _reports():
        for paragraph in report.paragraphs:
            for sentence in paragraph:
                text = "".join(p if isinstance(p, str) else p.text for p in sentence.parts)
                barred = ANY_NUMERAL if sentence.figures else DIGIT
                for clause in re.split(r"[，。；：]", text) if text.endswith("。") else ():
                    if 6 <= len(clause) <= 40 and not barred.search(clause):
                        clauses[clause] = None
    return tuple(_template(clause, 0) for clause in clauses)


DIGIT = re.compile(r"[0-9（）【】]|^.是|、$")
ANY_NUMERAL = re.compile(r"[0-9〇零一二三四五六七八九十百千万亿两半（）【】“”]")


def _template(text: str, figures: int) -> Template:
    """The text cut at the slots."""
    parts: list[str | Slot] = []
    at = 0
    for match in _slots().finditer(text):
        kind = match.lastgroup
        if kind is None or kind == "fixed":
            continue
        parts += [text[at : match.start()], Slot(kind, match[0])]
        at = match.end()
    parts.append(text[at:])
    return Template(tuple(parts), figures)


@cache
def _names() -> dict[str, list[str]]:
    """The lists of `names.toml`, strings of characters as lists of them, and the indicators."""
    tables = tomllib.loads((HERE / "names.toml").read_text("utf-8"))
    things = {name: None for row in _rows("observations.jsonl") for name in row["indicator"][:2]}
    tables["thing"] = [name for name in things if THING.fullmatch(name)]
    return {key: list(value) for key, value in tables.items()}


THING = re.compile(r"[^0-9〇零一二三四五六七八九十百千万亿两半的（）、“”]{3,9}")


@cache
def _slots() -> re.Pattern[str]:
    """What is redrawn; `fixed` is what looks so and is kept."""
    names = _names()
    groups = {
        # 12345热线, S323, 5G, 2022-07-06, 0564-7356218, “1+3”
        "fixed": r"12\d{3}热线|[A-Z]\d+|\d[A-Z]|\d+-\d\d-\d+|\d{4}-\d{7}|“\d\+\d”|〔\d+〕\d+",
        "year": r"20[12]\d(?=年)",
        "months": r"1(?:[-—至])[2-9](?=月)",
        "month": r"(?:1[0-2]|[1-9])(?=月)",
        "day": r"(?:[12]\d|3[01]|[1-9])(?=日)",
        "range": r"\d+(?:\.\d+)?[—至]\d+(?:\.\d+)?",
        "number": r"\d+(?:,\d{3})*(?:\.\d+)?",
        **{kind: "|".join(names[kind]) for kind in ("township", "county", "village", "person")},
        "thing": "|".join(sorted(names["thing"], key=len, reverse=True)),
    }
    return re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in groups.items()))


def _number(text: str, rng: Random) -> str:
    """A number of the same shape: as many digits, the point and the commas where they were."""
    digits = [rng.choice("0123456789") if c.isdigit() else c for c in text]
    digits[0] = rng.choice("123456789") if text[0] != "0" else "0"
    return "".join(digits)


def _range(text: str, rng: Random) -> str:
    """Two numbers of the old shapes, the smaller one first."""
    low, sign, high = re.split(r"([—至])", text)
    drawn = sorted((_number(low, rng), _number(high, rng)), key=float)
    return drawn[0] + sign + drawn[1]


def _village(_: str, rng: Random) -> str:
    """A village of two characters."""
    return "".join(rng.choices(_names()["village_characters"], k=2)) + "村"


def _person(_: str, rng: Random) -> str:
    """A name of two or three characters."""
    given = rng.choices(_names()["person_characters"], k=rng.randint(1, 2))
    return rng.choice(_names()["surnames"]) + "".join(given)


DRAW: dict[str, Callable[[str, Random], str]] = {
    "year": lambda text, rng: str(2014 + rng.randrange(11)),
    "months": lambda text, rng: text[:2] + rng.choice("23456789"),
    "month": lambda text, rng: str(rng.randint(1, 12)),
    "day": lambda text, rng: str(rng.randint(1, 28)),
    "range": _range,
    "number": _number,
    "township": lambda text, rng: rng.choice(_names()["township"]),
    "county": lambda text, rng: rng.choice(_names()["county"]),
    "village": _village,
    "person": _person,
    "thing": lambda text, rng: rng.choice(_names()["thing"]),
}
