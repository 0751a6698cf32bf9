"""Over generated damage: every place leads back to the source, and texts come out as they were."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.document import Document
from tests.damage import KINDS, TOGETHER, damage
from transforms.restore import Decoded, decode, restore

SEEDS = Path(__file__).parent.parent / "seeds"


@cache
def reports() -> dict[str, str]:
    """The sample reports that were written without damage."""
    lines = (SEEDS / "expected" / "observations.docs.jsonl").read_text(encoding="utf-8")
    names = [doc["doc"] for doc in map(json.loads, lines.splitlines()) if not doc["damage"]]
    return {name: decode((SEEDS / "reports" / name).read_bytes()).text for name in names}


@cache
def figures() -> dict[str, list[tuple[int, int]]]:
    """Where the figures of the sample reports stand."""
    found: dict[str, list[tuple[int, int]]] = {}
    lines = (SEEDS / "expected" / "observations.jsonl").read_text(encoding="utf-8")
    for row in map(json.loads, lines.splitlines()):
        found.setdefault(row["doc"], []).append((row["start"], row["end"]))
    return found


def restored(text: str) -> Document:
    return restore("a.txt", Decoded(text, "utf-8"))


@cache
def clean(name: str) -> str:
    return restored(reports()[name]).clean


def share_in_common(left: str, right: str) -> float:
    """Share of the lines of `left` that `right` has, longest lines counting by their length."""
    lines = set(right.split("\n"))
    kept = sum(len(line) for line in left.split("\n") if line in lines)
    return kept / max(1, sum(map(len, left.split("\n"))))


# what cannot be undone: a doubled character that may be right, a byte that nothing settles
HARD = {"shifted": 0.8, "doubled": 0.85}


@pytest.mark.parametrize("kinds", [*((kind,) for kind in KINDS), *TOGETHER], ids="+".join)
def test_damage_is_undone(kinds: tuple[str, ...]):
    least = min(HARD.get(kind, 0.93) for kind in kinds)
    shares = []
    for name, text in reports().items():
        damaged = damage(text, kinds, Random(f"{name} {kinds}"))
        shares.append(share_in_common(clean(name), restored(damaged.text).clean))
    assert sum(shares) / len(shares) >= least


@pytest.mark.parametrize("kinds", [*((kind,) for kind in KINDS), *TOGETHER], ids="+".join)
def test_figures_lead_back_to_where_they_were_printed(kinds: tuple[str, ...]):
    """A figure of the clean text, found in the restored one, has the span the damage moved it to."""
    found = right = 0
    for name, text in reports().items():
        damaged = damage(text, kinds, Random(f"{name} {kinds}"))
        document = restored(damaged.text)
        at = 0
        for start, end in figures().get(name, []):
            moved = damaged.moved(start, end)
            here = document.clean.find(text[start:end], at)
            if moved is None or here < 0:
                continue
            span = document.offsets.source_span(here, here + end - start)
            found += 1
            right += span[0] < moved[1] and moved[0] < span[1] and abs(span[1] - moved[1]) <= 1
            at = here
    assert found > 100
    assert right >= 0.8 * found  # the same figure may stand more than once


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(KINDS)),
    st.sampled_from(sorted(KINDS)),
    st.integers(0, 10**6),
    st.integers(0, 2000),
)
def test_every_place_leads_back(first: str, second: str, seed: int, start: int):
    rng = Random(seed)
    text = rng.choice(list(reports().values()))[start : start + 700]
    damaged = damage(text, (first, second), rng).text
    document = restored(damaged)
    last = 0
    for edit in document.offsets.edits:
        assert last <= edit.clean_start <= edit.clean_end <= len(document.clean)
        assert 0 <= edit.source_start <= edit.source_end <= len(damaged)
        last = edit.clean_end
    grown = sum(e.clean_end - e.clean_start for e in document.offsets.edits)
    shrunk = sum(e.source_end - e.source_start for e in document.offsets.edits)
    assert len(document.clean) - grown == len(damaged) - shrunk
    for sentence in document.sentences:
        begin, end = document.offsets.source_span(sentence.start, sentence.end)
        assert 0 <= begin < end <= len(damaged)
        for i in range(sentence.start, sentence.end):
            if document.clean[i].isdigit():
                place, stop = document.offsets.source_span(i, i + 1)
                printed = damaged[place:stop]
                assert document.clean[i] in printed.translate(PLAIN), (printed, document.clean[i])


PLAIN = {0xFF10 + n: str(n) for n in range(10)}


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_restored(text: str):
    document = restored(text)
    assert document.source == text
    document.clean.encode("utf-8")


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "一、",
                "（一）",
                "1.",
                "\n",
                " ",
                "　",
                "，",
                "。",
                ",",
                ".",
                "(",
                ")",
                "?",
                "\ufffd",
                "镇",
                "12",
                "亿元",
                "年",
                "鎮",
                "著",
                "关键词2",
                "##a##",
                "涓",
                "钡谋匦拚",
                "(zhèn)",
                "- 3 -",
                "当前位置：",
                "索引号:",
                "：",
                '"',
            ]
        ),
        max_size=60,
    )
)
def test_any_mixture_is_restored(parts: list[str]):
    document = restored("".join(parts))
    for sentence in document.sentences:
        assert 0 <= sentence.start < sentence.end <= len(document.clean)
        document.offsets.source_span(sentence.start, sentence.end)
