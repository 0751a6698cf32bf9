"""Every repair mends its damage, leaves other texts alone, and can be switched off."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from transforms.restore import REPAIRS, Decoded, restore

CASES = tomllib.loads(
    (Path(__file__).parent / "cases" / "restore_repairs.toml").read_text(encoding="utf-8")
)
MENDED = [(name, *pair) for name, case in CASES.items() for pair in case["mended"]]
LEFT = [(name, text) for name, case in CASES.items() for text in case["left"]]


def restored(text: str, without: frozenset[str] = frozenset()):
    return restore("case.txt", Decoded(text, "utf-8"), without)


def test_every_repair_has_cases():
    assert set(CASES) == set(REPAIRS)


@pytest.mark.parametrize(("name", "damaged", "clean"), MENDED)
def test_mends(name: str, damaged: str, clean: str):
    document = restored(damaged)
    assert document.clean == clean
    assert document.repairs[name] >= 1


@pytest.mark.parametrize(("name", "damaged", "clean"), MENDED)
def test_is_switched_off(name: str, damaged: str, clean: str):
    document = restored(damaged, frozenset({name}))
    assert name not in document.repairs
    assert document.clean != clean


@pytest.mark.parametrize(("name", "text"), LEFT)
def test_leaves_alone(name: str, text: str):
    assert name not in restored(text).repairs


@pytest.mark.parametrize(("name", "damaged", "clean"), MENDED)
def test_a_mended_text_needs_no_repair(name: str, damaged: str, clean: str):
    assert restored(clean).clean == clean
