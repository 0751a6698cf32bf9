"""Bytes to source text: encodings by evidence, what is no text refused, nothing crashes."""

from __future__ import annotations

import pickle
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.document import UnreadableReason
from transforms import lexicon
from transforms.restore import Unreadable, decode, restore

HANS = "全镇实现农业总产值1.12亿元，比上年增长14.6%；农民人均纯收入4986元。\n其中蔬菜产业增收。"
HANT = "全鎮實現農業總產值1.12億元，比上年增長14.6%；裏面恒溫大棚收入4986元。\n其中蔬菜產業增收。"
REPORTS = sorted((Path(__file__).parent.parent / "seeds" / "reports").glob("*.txt"))


@pytest.mark.parametrize(
    ("text", "codec", "label"),
    [
        (HANS, "utf-8", "utf-8"),
        (HANS, "utf-8-sig", "utf-8"),
        (HANS, "utf-16", "utf-16-le"),
        (HANS, "utf-16-le", "utf-16-le"),
        (HANS, "utf-16-be", "utf-16-be"),
        (HANS, "gb18030", "gb18030"),
        (HANS, "gb2312", "gb18030"),
        (HANT, "utf-8", "utf-8"),
        (HANT, "gb18030", "gb18030"),
        (HANT, "big5hkscs", "big5hkscs"),
        (HANT, "cp950", "big5hkscs"),
        ("全鎮", "utf-8", "utf-8"),
    ],
)
def test_reads_the_encoding(text: str, codec: str, label: str):
    decoded = decode(text.encode(codec))
    assert decoded.text == text
    assert (decoded.encoding, decoded.undecodable, decoded.mixed) == (label, 0, False)


def test_lines_in_different_encodings_are_read_one_by_one():
    decoded = decode((HANS + "\n").encode() * 2 + HANS.encode("gb18030"))
    assert decoded.text == (HANS + "\n") * 2 + HANS
    assert decoded.mixed
    assert decoded.encoding == "mixed"
    assert decoded.lines == {"utf-8": 4, "gb18030": 2}


@pytest.mark.parametrize("cut", [1, 2])
def test_undecodable_bytes_are_marked_and_counted(cut: int):
    decoded = decode((HANS * 5 + "收").encode()[:-cut])
    assert decoded.encoding == "utf-8"
    assert decoded.text == HANS * 5 + "\ufffd"
    assert decoded.undecodable == 1


def test_a_flipped_byte_does_not_change_the_encoding():
    data = bytearray((HANS * 4).encode())
    data[60] ^= 0x80
    decoded = decode(bytes(data))
    assert decoded.encoding == "utf-8"
    assert decoded.undecodable >= 1
    assert decoded.text[-40:] == HANS[-40:]


def test_newlines_stay_and_no_lone_surrogates():
    assert decode("甲。\r\n乙。\r丙。".encode()).text == "甲。\r\n乙。\r丙。"
    lone = HANS.encode("gb18030") + b"\x83\x36\xc7\x38" + HANS.encode("gb18030")
    decode(lone).text.encode("utf-8")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", UnreadableReason.EMPTY),
        (b" \r\n\t", UnreadableReason.EMPTY),
        ("\ufeff".encode(), UnreadableReason.EMPTY),
        (b"%PDF-1.7\n%\xe2\xe3", UnreadableReason.PDF),
        (b"PK\x03\x04\x14\0\x06\0word/document.xml", UnreadableReason.OFFICE),
        (b"PK\x03\x04\x14\0\x06\0a.txt", UnreadableReason.ARCHIVE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", UnreadableReason.OFFICE),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", UnreadableReason.PICTURE),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", UnreadableReason.PICTURE),
        (b"{\\rtf1\\ansi", UnreadableReason.RTF),
        ("<!DOCTYPE html><html>全镇</html>".encode(), UnreadableReason.HTML),
        ("\n <html><body>全镇".encode("gb18030"), UnreadableReason.HTML),
        (random.Random(1).randbytes(4000), UnreadableReason.BINARY),
        (b"\0\1\2\3" * 200, UnreadableReason.BINARY),
    ],
)
def test_refuses_what_is_no_text(data: bytes, reason: UnreadableReason):
    with pytest.raises(Unreadable) as refused:
        decode(data)
    assert refused.value.reason == reason
    assert refused.value.advice == lexicon.toml("restore/formats.toml")[reason]["advice"]
    assert pickle.loads(pickle.dumps(refused.value)).reason == reason


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=600))
def test_any_bytes_are_text_or_refused(data: bytes):
    try:
        decoded = decode(data)
    except Unreadable:
        return
    document = restore("any.txt", decoded)
    assert document.source == decoded.text


def test_damaged_reports_are_text_or_refused():
    """A share of the 10,000 that `make faults` tries."""
    rng = random.Random(5)
    codecs = ("utf-8", "gb18030", "big5hkscs", "utf-16", "utf-8-sig")
    texts = [decode(path.read_bytes()).text for path in REPORTS]
    outcomes = {"loaded": 0, "quarantined": 0}
    for _ in range(150):
        data = bytearray(rng.choice(texts)[:1200].encode(rng.choice(codecs), "replace"))
        for _ in range(rng.randrange(1, 5)):
            at = rng.randrange(len(data))
            data[at : at + rng.randrange(3)] = rng.randbytes(rng.randrange(4))
        try:
            document = restore("damaged.txt", decode(bytes(data)))
        except Unreadable:
            outcomes["quarantined"] += 1
            continue
        outcomes["loaded"] += 1
        for sentence in document.sentences:
            start, end = document.offsets.source_span(sentence.start, sentence.end)
            assert 0 <= start < end <= len(document.source)
    assert sum(outcomes.values()) == 150
    assert outcomes["loaded"] > 100
