"""An audit forced red, each one: yesterday's warehouse stays."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import duckdb
import pytest

from schemas.exits import Exit, Stop
from tests.faults.conftest import ROOT, Night, build_of, run
from warehouse import build
from warehouse.digest import digests

AUDITS = tomllib.loads((ROOT / "tests" / "cases" / "audits.toml").read_text("utf-8"))
ERRORS = sorted(name for name, audit in AUDITS.items() if audit["severity"] == "error")


@pytest.mark.parametrize("name", ERRORS)
def test_a_red_audit_refuses_the_build(
    name: str, night: Night, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = night.home(tmp_path / "home")
    load = build.load

    def spoiled(connection: duckdb.DuckDBPyConnection, *arguments: Any) -> None:
        load(connection, *arguments)
        for statement in AUDITS[name]["break"]:
            connection.execute(statement)

    with monkeypatch.context() as patch:
        patch.setattr(build, "load", spoiled)
        with pytest.raises(Stop, match=name) as stopped:
            run(night.inbox, home)
    assert stopped.value.code is Exit.REFUSED
    assert digests(build_of(home)) == night.before
    night.check(home)
