"""Reads `seeds/`: the only door through which knowledge about the language comes in."""

from __future__ import annotations

import csv
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

SEEDS = Path(__file__).resolve().parent.parent / "seeds"


@cache
def toml(name: str) -> dict[str, Any]:
    """The tables of `seeds/NAME` (TOML). Raises FileNotFoundError and TOMLDecodeError."""
    with (SEEDS / name).open("rb") as file:
        return tomllib.load(file)


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `seeds/NAME` (CSV with a header, UTF-8)."""
    with (SEEDS / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def words(name: str) -> tuple[str, ...]:
    """The words of `seeds/NAME`: one a line, `#` begins a comment, order kept."""
    lines = (SEEDS / name).read_text(encoding="utf-8").splitlines()
    return tuple(word for line in lines if (word := line.partition("#")[0].strip()))
