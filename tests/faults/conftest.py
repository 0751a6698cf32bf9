"""What the faults share: how often to try, a home before and after an undisturbed run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from flows.ingest import Report, ingest
from schemas.settings import Settings
from tests.conftest import lay, report
from warehouse import lake
from warehouse.digest import digests
from warehouse.files import Home, lock

ROOT = Path(__file__).resolve().parents[2]
CLI = [sys.executable, "-m", "flows.cli"]


def tries(all_of_them: int, share: int) -> int:
    """How often a fault is tried: `all_of_them` by `make faults`, a small share otherwise."""
    return all_of_them if os.environ.get("SHUXIANG_FAULTS") == "all" else share


def run(inbox: Path, home: Path, **settings: int) -> Report:
    """An undisturbed run in this process."""
    with lock(home):
        return ingest([str(inbox)], Home(home), Settings(**settings))


def start(
    inbox: Path, home: Path, *options: str, env: dict[str, str] | None = None
) -> subprocess.Popen[str]:
    """A run in a process of its own."""
    return subprocess.Popen(
        [*CLI, "ingest", str(inbox), "--home", str(home), *options],
        env=os.environ | {"PYTHONPATH": str(ROOT)} | (env or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def build_of(home: Path) -> Path:
    """The published build."""
    return (home / "current.duckdb").resolve()


@dataclass(frozen=True)
class Night:
    """An inbox with tonight's changes, yesterday's home, and the tables before and after."""

    inbox: Path
    yesterday: Path
    before: dict[str, str]
    after: dict[str, str]

    def home(self, folder: Path) -> Path:
        """A copy of yesterday's home."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.yesterday, folder, symlinks=True)
        return folder

    def check(self, home: Path) -> None:
        """The published warehouse is the old or the new one; the next run ends like an
        undisturbed one and leaves no debris.
        """
        assert digests(build_of(home)) in (self.before, self.after)
        run(self.inbox, home)
        assert digests(build_of(home)) == self.after
        names = {p.name.partition("-")[0] for p in home.iterdir()}
        assert names <= {"lock", "current.duckdb", "builds", "lake", "memory"}, names
        assert len([p for p in home.iterdir() if p.name.startswith("memory")]) <= 1
        assert lake.runs(Home(home)) == [1, 2]
        assert len(list((home / "builds").iterdir())) == 2
        for folder in (home / "lake").iterdir():
            assert set(folder.iterdir()) == set(lake.all_shards(folder))


@pytest.fixture(scope="session")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    """Yesterday's home with ten reports; tonight one is new, one revised, one withdrawn."""
    folder = tmp_path_factory.mktemp("night")
    inbox, yesterday = folder / "inbox", folder / "home"
    lay(inbox, {f"{i}.txt": report(i) for i in range(10)})
    run(inbox, yesterday)
    before = digests(build_of(yesterday))
    lay(inbox, {"0.txt": report(50), "new.txt": report(51), "bad.pdf": b"%PDF-1.4"})
    (inbox / "1.txt").unlink()
    done = folder / "done"
    shutil.copytree(yesterday, done, symlinks=True)
    run(inbox, done)
    return Night(inbox, yesterday, before, digests(build_of(done)))
