"""The names and measures of figures, by the table `cases/indicators.toml`."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from transforms.extract import extract, indicators
from transforms.extract.indicators import RULES
from transforms.restore import decode, restore

CASES = tomllib.loads(
    Path(__file__).with_name("cases").joinpath("indicators.toml").read_text(encoding="utf-8")
)["case"]


def read(text: str) -> list[str]:
    """The figures of a text as lines `quote = indicator : measure`."""
    document = restore("case.txt", decode(text.encode()))
    return [
        f"{document.clean[o.start : o.end]} = {o.indicator} : {o.measure}"
        for o in extract(document).observations
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:16])
def test_figures_are_named(case: dict[str, object]) -> None:
    assert read(str(case["text"])) == case["figures"]


def test_every_rule_has_an_example() -> None:
    fired = {
        rule
        for case in CASES
        for o in extract(restore("case.txt", decode(case["text"].encode()))).observations
        for rule in o.rules
    }
    assert {rule.__name__ for rule in RULES} <= fired


def test_rules_that_are_not_tried_name_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    reports = Path(__file__).parent.parent.joinpath("seeds", "reports").glob("*.txt")
    texts = [str(case["text"]) for case in CASES]
    texts += [decode(path.read_bytes()).text for path in sorted(reports)]
    chosen = [read(text) for text in texts]
    monkeypatch.setattr(indicators, "_rules", lambda *asked: RULES)
    assert [read(text) for text in texts] == chosen
