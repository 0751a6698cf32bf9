"""The conversion of script equals opencc-python-reimplemented's own, and knows when to stop."""

from __future__ import annotations

from pathlib import Path

import pytest
from opencc import OpenCC

from schemas.document import Script
from transforms.restore import Decoded, decode, restore
from transforms.restore.characters import dictionary
from transforms.restore.script import convert

T2S = OpenCC("t2s")
REPORTS = sorted((Path(__file__).parent.parent / "seeds" / "reports").glob("*.txt"))


@pytest.mark.parametrize(
    "name",
    [
        "TSPhrases.txt",
        "TSCharacters.txt",
        "STPhrases.txt",
        "STCharacters.txt",
        "TWPhrases.txt",
        "TWVariantsRevPhrases.txt",
        "HKVariantsRevPhrases.txt",
    ],
)
def test_equals_opencc_on_its_dictionaries(name: str):
    entries = dictionary(name)
    phrases = [*entries, *entries.values()]
    text = "\n".join(phrases)
    expected = "\n".join(T2S.convert(phrase) for phrase in phrases)
    assert convert(text) == expected


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_equals_opencc_on_the_sample_reports(path: Path):
    text = decode(path.read_bytes()).text
    assert convert(text) == T2S.convert(text)


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("全镇实现农业总产值，农民收入增长", Script.HANS),
        ("全鎮實現農業總產值，農民收入增長", Script.HANT),
        ("全鎮實現農業總產值，农民收入增长，产业协调发展，乡镇实现振兴", Script.MIXED),
        ("亨乾口", Script.HANS),
    ],
)
def test_tells_the_script(text: str, script: Script):
    assert restore("a.txt", Decoded(text, "utf-8")).facts.script is script


def test_each_passage_is_decided_for_itself():
    text = "全镇实现农业总产值，亨乾口改造提升。\n鐵絲塘鎮堅持發展產業，乾淨整潔。"
    document = restore("a.txt", Decoded(text, "utf-8"))
    assert (
        document.clean == "全镇实现农业总产值，亨乾口改造提升。\n铁丝塘镇坚持发展产业，干净整洁。"
    )
