"""What the tests share: the command line in process, and small reports to feed it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from flows.cli import app

Files = dict[str, str | bytes]


@dataclass(frozen=True)
class Answer:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Cli = Callable[..., Answer]


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No server, home or setting from outside."""
    for name in [n for n in os.environ if n.startswith(("SHUXIANG_", "PREFECT_"))]:
        if name != "SHUXIANG_FAULTS":
            monkeypatch.delenv(name)


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    """Runs a command in this process, with a home of the test's own."""

    def run(*arguments: str | Path, home: Path | None = None) -> Answer:
        given = [str(a) for a in arguments] + ["--home", str(home or tmp_path / "home")]
        result = CliRunner().invoke(app, given)
        return Answer(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """An empty folder for reports."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def lay(folder: Path, files: Files) -> None:
    """Write `files` (path → text or bytes) into `folder`."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def report(number: int = 1) -> str:
    """A small report with figures of its own."""
    return (
        f"柳河镇{2010 + number % 15}年工作总结\n"
        f"一年来，全镇完成工业总产值{number}.{number % 9 + 1}亿元，同比增长{number % 20 + 1}.5%；"
        f"新建高标准农田{1000 + number}亩，发放补贴{200 + number}万元。\n"
        f"全镇现有规上企业{number % 40 + 1}家，走访困难群众{300 + number}户。\n"
    )
