"""The seed documents, where they are at hand, come out as a person would have typed them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from transforms.restore import decode, restore

ROOT = Path(__file__).parent.parent
FOLDER = ROOT.parent / "shared" / "seeds"
CASES = tomllib.loads((ROOT / "tests/cases/restore_shared.toml").read_text(encoding="utf-8"))

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="../shared/seeds is not there")


@pytest.mark.parametrize("number", CASES)
def test_comes_out_as_typed(number: str):
    path = next(FOLDER.glob(f"{number}_*.txt"))
    document = restore(path.name, decode(path.read_bytes()))
    for words in CASES[number]["shows"]:
        assert words in document.clean
    for words in CASES[number]["gone"]:
        assert words not in document.clean


def test_the_damaged_word_is_marked():
    path = next(FOLDER.glob("004_*.txt"))
    document = restore(path.name, decode(path.read_bytes()))
    assert len(document.damaged) == 1
    start, end = document.damaged[0]
    assert document.clean[start - 2 : start] == "贯彻"
    begin, stop = document.offsets.source_span(start, end)
    assert document.source[begin:stop] == "?zé)岢?"
