"""The work of an extraction grows with the length of a text, by counting lines of code run."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

import pytest

from transforms.extract import extract
from transforms.restore import decode, restore

# without a full stop in between, so that all of it is one sentence, or one clause
REPEATED = [
    "甲村、乙村分别增长3%和5%，",
    "2022年、2023年分别新增3个和5个，",
    "完成全年目标8家的5%，",
    "力争建成3个；占比5%；",
    "比上年增长5%、",
    "二十一个村、一个居委会，",
    "逾期率为零，低于平均3个，",
]


def lines_run(text: str) -> int:
    """How many lines the interpreter runs, loops inside comprehensions included."""
    document = restore("a.txt", decode(text.encode()))
    count = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        extract(document)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("piece", REPEATED)
def test_twice_the_text_is_twice_the_work(piece: str) -> None:
    lines_run(piece * 3)  # tables are loaded
    assert lines_run(piece * 600) < 2.2 * lines_run(piece * 300)
