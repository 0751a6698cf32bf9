"""Bytes to source text: the encoding by trial and evidence, never by a guessing service.

UTF-8 is tried first, because no other encoding of Chinese passes for it by chance. Big5 bytes
decode as GB18030 without an error, so that the two are told apart by what they say: the
reading with more of the common characters is the right one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from schemas.document import UnreadableReason
from transforms import lexicon
from transforms.restore import characters

REPLACEMENT = "\ufffd"


class Unreadable(Exception):
    """The bytes are no text; `reason` and `advice` go to quarantine."""

    def __init__(self, reason: UnreadableReason) -> None:
        self.reason = reason
        self.advice: str = lexicon.toml("restore/formats.toml")[reason]["advice"]
        super().__init__(f"{reason}: {self.advice}")

    def __reduce__(self) -> tuple[type[Unreadable], tuple[UnreadableReason]]:
        """Workers hand it to another process."""
        return Unreadable, (self.reason,)


@dataclass(slots=True)
class Decoded:
    """A source text: the bytes as decoded, before any cleaning, without BOM.

    `undecodable` counts the bytes that no reading explains (each mark in the text is U+FFFD),
    `mixed` tells that lines were read in different encodings, `lines` how many in each.
    """

    text: str
    encoding: str
    undecodable: int = 0
    mixed: bool = False
    lines: dict[str, int] = field(default_factory=dict)


def decode(data: bytes) -> Decoded:
    """The source text of a file. Raises `Unreadable` for what is no text."""
    if data[:1] in _first_bytes() and (reason := _format(data)):
        raise Unreadable(reason)
    zeros = data.find(b"\0", 0, _SAMPLE) >= 0
    decoded = _decode(data, zeros)
    text = decoded.text
    if not text[:80].strip(_NOTHING) and not text.strip(_NOTHING):
        raise Unreadable(UnreadableReason.EMPTY)
    if decoded.encoding != "utf-8" or decoded.undecodable or zeros:
        _refuse_noise(decoded)
    if text.find("<", 0, _HEAD) >= 0 and _HTML.match(text):
        raise Unreadable(UnreadableReason.HTML)
    return decoded


def _decode(data: bytes, zeros: bool) -> Decoded:
    if data.startswith(_ANY_BOM):
        bom, encoding = next(known for known in _BOMS if data.startswith(known[0]))
        return _read(data[len(bom) :], encoding)
    if zeros and (encoding := _wide(data)):
        return _read(data, encoding)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _by_evidence(data)


_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_ANY_BOM = tuple(bom for bom, _ in _BOMS)
_NOTHING = "\0 \t\r\n\u3000\ufeff"
_HEAD = 201  # characters within which a page begins
_HTML = re.compile(
    r"[\s\ufeff]{0,200}(?:<!doctype\s+html|<html[\s>]|<\?xml[^>]{0,200}\?>\s*<(?:!doctype\s+)?html"
    r"|<head[\s>]|<body[\s>]|<!--[^\n]{0,200}-->\s*<)",
    re.IGNORECASE,
)


def _format(data: bytes) -> UnreadableReason | None:
    """What the file is when its first bytes say that it is no text."""
    if not data:
        return UnreadableReason.EMPTY
    head = data[:600]
    for start, reason in _starts():
        if head.startswith(start):
            if reason is UnreadableReason.ARCHIVE and start.startswith(b"PK"):
                office = any(
                    part in data[:4000] for part in (b"word/", b"xl/", b"ppt/", b"[Content")
                )
                return UnreadableReason.OFFICE if office else reason
            if len(start) > 2 or b"\0" in head:
                return reason
    return None


@cache
def _first_bytes() -> frozenset[bytes]:
    """What any of the formats begins with; an empty file has none."""
    return frozenset({start[:1] for start, _ in _starts()} | {b""})


@cache
def _starts() -> tuple[tuple[bytes, UnreadableReason], ...]:
    table = lexicon.toml("restore/formats.toml")
    return tuple(
        (bytes.fromhex(start), UnreadableReason(name))
        for name, entry in table.items()
        for start in entry.get("starts", ())
    )


_SAMPLE = 4096  # bytes in which zeros are looked for


def _wide(data: bytes) -> str:
    """UTF-16 without a BOM: every other byte of its newlines, digits and spaces is zero."""
    if len(data) % 2:
        return ""
    sample = data[:_SAMPLE]
    best = ""
    most = 0.6
    for encoding in ("utf-16-le", "utf-16-be"):
        text = sample[: len(sample) // 2 * 2].decode(encoding, "replace")
        share = characters.common_share(text)
        if share > most:
            best, most = encoding, share
    return best


def _read(data: bytes, encoding: str) -> Decoded:
    """`data` in `encoding`, what cannot be decoded marked and counted."""
    text = data.decode(encoding, "replace")
    if encoding.startswith("gb"):
        text = _without_surrogates(text)
    marks = text.count(REPLACEMENT)
    if marks:
        marks -= data.count(_MARKS.get(encoding, b"\xff\xfe\xff\xfe"))
    return Decoded(text, encoding, max(0, marks))


_MARKS = {
    "utf-8": "\ufffd".encode(),
    "utf-16-le": "\ufffd".encode("utf-16-le"),
    "utf-16-be": "\ufffd".encode("utf-16-be"),
    "gb18030": "\ufffd".encode("gb18030"),
}


def _without_surrogates(text: str) -> str:
    """GB18030 has four-byte codes for surrogates; a source text has none."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return _SURROGATE.sub(REPLACEMENT, text)
    return text


_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_ENCODINGS = ("utf-8", "gb18030", "big5hkscs", "cp950")


def _by_evidence(data: bytes) -> Decoded:
    """Bytes that are not UTF-8 throughout: one encoding, or one a line."""
    readings = {encoding: _read(data, encoding) for encoding in _LINE_ENCODINGS}
    whole = max(readings.values(), key=lambda r: characters.common_share(r.text))
    legacy = max(
        (readings[e] for e in _LINE_ENCODINGS[1:]), key=lambda r: characters.common_share(r.text)
    )
    if _only(data, "utf-8", readings["utf-8"]):
        return readings["utf-8"]
    mixed = _by_line(data, legacy.encoding)
    return mixed if mixed is not None else whole


def _only(data: bytes, encoding: str, reading: Decoded) -> bool:
    """Whether no line of many high bytes speaks against `encoding`: its errors are damage."""
    high = sum(1 for line in data.split(b"\n") if _errors(line, encoding) > 0.2)
    return high == 0 and characters.common_share(reading.text) > 0.7


def _errors(line: bytes, encoding: str) -> float:
    """Errors a character outside ASCII when a line is read in `encoding`."""
    if line.isascii():
        return 0.0
    text = line.decode(encoding, "replace")
    beyond = len(text) - sum(map(str.isascii, text)) if len(text) < 4000 else len(text)
    return text.count(REPLACEMENT) / max(1, beyond)


def _by_line(data: bytes, legacy: str) -> Decoded | None:
    """Each line in the encoding that explains it, None where one encoding explains them all."""
    chosen: list[tuple[str, bytes]] = []
    counts: dict[str, int] = {}
    for line in data.splitlines(keepends=True) if b"\n" not in data else _lines(data):
        if line.isascii():
            chosen.append(("", line))
            continue
        encoding = _line_encoding(line, legacy)
        counts[encoding] = counts.get(encoding, 0) + 1
        chosen.append((encoding, line))
    if len(counts) < 2:
        return None
    main = max(counts, key=lambda e: counts[e])
    parts = [_read(line, encoding or main) for encoding, line in chosen]
    text = "".join(part.text for part in parts)
    return Decoded(text, "mixed", sum(part.undecodable for part in parts), True, counts)


def _lines(data: bytes) -> list[bytes]:
    lines = [line + b"\n" for line in data.split(b"\n")]
    lines[-1] = lines[-1][:-1]
    return lines


def _line_encoding(line: bytes, legacy: str) -> str:
    """UTF-8 where a line passes for it or nearly so, else the file's older encoding.

    Short lines say too little to tell GB18030 from Big5.
    """
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8"
    shares = {e: characters.common_share(line.decode(e, "replace")) for e in _LINE_ENCODINGS}
    if shares["utf-8"] > 0.75 and shares["utf-8"] >= shares[legacy]:
        return "utf-8"
    best = max(_LINE_ENCODINGS[1:], key=lambda e: shares[e])
    if len(line) >= 24 and shares[best] > shares[legacy] + 0.25:
        return best
    return legacy


def _refuse_noise(decoded: Decoded) -> None:
    """Raises `Unreadable` where hardly any character is one of a text."""
    codes = characters.codes_of(decoded.text[:200_000])
    flags = characters.flags_of(codes)
    strange = characters.having(flags, characters.CONTROL | characters.DAMAGE)
    if np.count_nonzero(strange) > 0.25 * len(codes):
        raise Unreadable(UnreadableReason.BINARY)
    if characters.common_share(decoded.text[:200_000]) < 0.35:
        raise Unreadable(UnreadableReason.BINARY)
