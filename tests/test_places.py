"""The place of a figure, by the table in `cases/figures_places.toml`, and the scope of ranks."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.figured import figured
from transforms.extract.places import assign, rank_scope

CASES = Path(__file__).parent / "cases" / "figures_places.toml"


@pytest.mark.parametrize(
    "case", tomllib.loads(CASES.read_text(encoding="utf-8"))["case"], ids=lambda c: c["text"][:20]
)
def test_place(case: dict[str, Any]) -> None:
    document, sentences, mentions = figured(case["text"], place="青石镇")
    assert assign(document, sentences, mentions) == case["places"]


@pytest.mark.parametrize(
    ("text", "scopes"),
    [
        ("全员劳动生产率6.5%，全市排名[8]。", ["全市"]),
        ("消防工作位于乐清[第2]、温州[第8]。", ["乐清", "温州"]),
        ("总量居全县[第五位]，去年同期为[第8位]。", ["全县", "全县"]),
        ("在全县综合考核中，我镇名列[第六]。", ["全县"]),
        ("我镇名列[第六]。", [None]),
    ],
)
def test_rank_scope(text: str, scopes: list[str | None]) -> None:
    document, _, mentions = figured(text)
    assert [rank_scope(document, mention) for mention in mentions] == scopes


def test_without_a_place_of_its_own() -> None:
    document, sentences, mentions = figured("建成大棚[5座]。")
    assert assign(document, sentences, mentions) == [""]
