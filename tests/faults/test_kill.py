"""SIGKILL at a random moment of a run, and at every change of a file."""

from __future__ import annotations

import os
import random
import shutil
import time
from pathlib import Path

import pytest

from tests.faults.conftest import ROOT, Night, start, tries

HERE = Path(__file__).resolve().parent


def test_kill_at_a_random_moment(night: Night, tmp_path: Path) -> None:
    began = time.monotonic()
    assert start(night.inbox, night.home(tmp_path / "whole")).wait() == 6
    whole = time.monotonic() - began
    moments = random.Random(1)
    for _ in range(tries(1000, 3)):
        home = night.home(tmp_path / "home")
        process = start(night.inbox, home)
        time.sleep(moments.uniform(0.1, whole))
        process.kill()
        process.communicate()
        night.check(home)


def interfered(tmp_path: Path, home: Path, kind: str, at: int) -> dict[str, str]:
    """The environment in which a run fails at its `at`-th change of a file."""
    site = tmp_path / "site"
    site.mkdir(exist_ok=True)
    shutil.copy(HERE / "interfere.py", site / "sitecustomize.py")
    return {
        "PYTHONPATH": f"{site}{os.pathsep}{ROOT}",
        "FAULT_AT": str(at),
        "FAULT_KIND": kind,
        "FAULT_BELOW": str(home),
        "FAULT_COUNT": str(tmp_path / "count"),
    }


def operations(night: Night, tmp_path: Path) -> int:
    """How often an undisturbed run changes a file."""
    home = night.home(tmp_path / "home")
    process = start(night.inbox, home, env=interfered(tmp_path, home, "kill", 0))
    assert process.wait() == 6
    return int((tmp_path / "count").read_text())


@pytest.mark.parametrize("kind", ["kill", "error"])
def test_a_fault_at_every_change_of_a_file(kind: str, night: Night, tmp_path: Path) -> None:
    number = operations(night, tmp_path)
    assert number > 20
    share = random.Random(2).sample(range(1, number + 1), min(number, tries(number, 3)))
    for at in share:
        home = night.home(tmp_path / "home")
        process = start(night.inbox, home, env=interfered(tmp_path, home, kind, at))
        _, told = process.communicate()
        assert "Traceback" not in told
        if kind == "error":
            assert process.returncode in (5, 6), (at, told)
        night.check(home)
