"""The READMEs tell the truth: their answers are those of the sample reports, their files exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flows.cli import app
from tests.readme_answers import QUESTION, READMES, ROOT, answered, demonstrate
from warehouse.files import Home


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, str]:
    """The home of the demonstration and what it printed."""
    folder = tmp_path_factory.mktemp("demo")
    return Home(folder), demonstrate(folder)


@pytest.mark.parametrize("readme", READMES, ids=[readme.name for readme in READMES])
def test_the_answers_are_the_real_ones(readme: Path, told: tuple[Home, str]) -> None:
    text = readme.read_text("utf-8")
    assert len(QUESTION.findall(text)) == 3
    assert text == answered(text, *told), "make readme puts the real answers in"
    assert "observations" in told[1]


@pytest.mark.parametrize("readme", READMES, ids=[readme.name for readme in READMES])
def test_what_is_named_is_there(readme: Path) -> None:
    text = readme.read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"make ([a-z]+)", text)) <= targets
    commands = {c.name or getattr(c.callback, "__name__", "") for c in app.registered_commands}
    used = set(re.findall(r"shuxiang ([a-z]+)", text))
    assert used
    assert used <= commands
    for row in re.findall(r"^\| `([a-z]+)/` \| (.*)\|$", text, re.MULTILINE):
        for name in re.findall(r"`([a-z]+\.py|[a-z]+/)`", row[1]):
            assert (ROOT / row[0] / name).exists(), f"{row[0]}/{name}"


def test_every_command_is_in_the_readme() -> None:
    commands = {c.name or getattr(c.callback, "__name__", "") for c in app.registered_commands}
    text = READMES[0].read_text("utf-8")
    assert {c for c in commands if f"shuxiang {c}" not in text} == set()
