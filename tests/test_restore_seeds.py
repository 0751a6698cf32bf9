"""The examples that stand beside the words of `seeds/restore` hold: what goes, and what stays."""

from __future__ import annotations

import pytest

from transforms import lexicon
from transforms.restore import Decoded, restore

LINES = lexicon.toml("restore/furniture.toml")["lines"]
MARKS = lexicon.toml("restore/marks.toml")


def spoken(text: str) -> str:
    """What the sentences of a document say."""
    document = restore("a.txt", Decoded(text, "utf-8"))
    return "\n".join(document.clean[s.start : s.end] for s in document.sentences)


def between(line: str) -> str:
    """A document with the line between two paragraphs."""
    front = "青川镇今年新建厕所3座，硬化村组道路5公里，群众出行更加方便。"
    behind = "全镇发放补贴12万元，惠及农户230户，受到群众一致好评。"
    return f"青川镇工作总结\n{front}\n{line}\n{behind}\n"


@pytest.mark.parametrize("line", LINES["examples"])
def test_furniture_is_in_no_sentence(line: str):
    assert line.strip() not in spoken(between(line))


@pytest.mark.parametrize("line", LINES["leaves"])
def test_what_only_looks_like_furniture_stays(line: str):
    assert line in spoken(between(f"{line}。"))


@pytest.mark.parametrize("mark", MARKS["crawl"]["examples"])
def test_marks_of_crawling_go(mark: str):
    assert mark not in spoken(f"青川镇工作总结\n全年新建厕所{mark}3座，硬化道路5公里。\n")


@pytest.mark.parametrize("mark", MARKS["crawl"]["leaves"])
def test_what_only_looks_like_a_mark_of_crawling_stays(mark: str):
    document = restore("a.txt", Decoded(between(mark), "utf-8"))
    assert mark in document.clean


@pytest.mark.parametrize("page", MARKS["page"]["examples"])
def test_page_numbers_go(page: str):
    assert page not in spoken(f"青川镇工作总结\n全年新建厕所3座，硬化\n{page}\n道路5公里。\n")
