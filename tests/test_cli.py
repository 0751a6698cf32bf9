"""The command line: exit codes, streams, JSON, help, exports."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from flows.cli import app
from tests.conftest import Cli, lay, report
from warehouse.export import FORMULA, to_csv

COMMANDS = sorted(
    command.name or getattr(command.callback, "__name__", "") for command in app.registered_commands
)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_an_example(command: str, cli: Cli) -> None:
    answer = cli(command, "--help")
    assert answer.code == 0
    assert f"Example: shuxiang {command} " in " ".join(answer.out.split())


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, flows.cli; from typer.testing import CliRunner;"
        "r = CliRunner().invoke(flows.cli.app, ['ingest', '--help']); assert r.exit_code == 0;"
        "print(sorted({'polars', 'duckdb', 'prefect', 'jieba', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_path_that_does_not_exist_is_usage(cli: Cli, tmp_path: Path) -> None:
    for command in ("ingest", "plan"):
        answer = cli(command, tmp_path / "nowhere")
        assert answer.code == 2
        assert "nowhere" in answer.err
        assert "Traceback" not in answer.err


USAGE = [
    ["ingest"],
    ["nonsense"],
    ["sql", "select * from nothing"],
    ["sql", "selekt"],
    ["show", "no such document"],
    ["explain", "产值1亿元", "--date", "yesterday"],
    ["explain", " "],
    ["ingest", ".", "--workers", "0"],
]


@pytest.mark.parametrize("arguments", USAGE, ids=[" ".join(a) for a in USAGE])
def test_wrong_use_is_exit_2(arguments: list[str], cli: Cli, inbox: Path) -> None:
    lay(inbox, {"a.txt": report()})
    cli("ingest", inbox)
    answer = cli(*arguments)
    assert answer.code == 2
    assert answer.err
    assert answer.out == ""


def test_a_setting_out_of_range_is_usage(
    cli: Cli, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHUXIANG_BATCH_FILES", "many")
    assert cli("ingest", inbox).code == 2


def test_asking_before_anything_is_published(cli: Cli) -> None:
    answer = cli("sql", "select 1")
    assert answer.code == 2
    assert "ingest first" in answer.err


def test_a_home_that_cannot_be_made_is_exit_5(cli: Cli, inbox: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    answer = cli("ingest", inbox, home=tmp_path / "file" / "home")
    assert answer.code == 5
    assert "Traceback" not in answer.err


def test_a_home_with_a_question_mark_is_refused(cli: Cli, inbox: Path, tmp_path: Path) -> None:
    assert cli("ingest", inbox, home=tmp_path / "ho?me").code == 2


def test_sql_neither_writes_nor_reads_elsewhere(cli: Cli, inbox: Path, tmp_path: Path) -> None:
    lay(inbox, {"a.txt": report()})
    cli("ingest", inbox)
    target = tmp_path / "out.csv"
    for query in (
        "delete from core.observation",
        "create table core.x (i int)",
        f"copy core.observation to '{target}'",
        f"select * from read_text('{inbox}/a.txt')",
        "set enable_external_access = true",
        f"attach '{target}' as other",
    ):
        assert cli("sql", query).code == 2, query
    assert not target.exists()
    assert cli("sql", "select count(*) > 0 as there from core.observation", "--json").json == [
        {"there": True}
    ]


def test_json_is_an_array_of_objects(cli: Cli, inbox: Path) -> None:
    lay(inbox, {"a.txt": report()})
    cli("ingest", inbox)
    rows = cli("sql", "select * from mart.observations", "--json").json
    assert rows
    assert {"observation_id", "value", "period_end", "rule"} <= set(rows[0])
    explained = cli("explain", "全镇完成工业总产值8.64亿元", "--json", "--date", "2022-12-31").json
    assert [row["value"] for row in explained] == [864_000_000]
    shown = cli("show", "a.txt", "--json").json
    assert shown["name"] == "a.txt"
    assert shown["observations"]
    assert cli("sql", "select 1 where false", "--json").json == []


def test_stdout_is_data_alone(cli: Cli, inbox: Path) -> None:
    lay(inbox, {"a.txt": report(), "b.pdf": b"%PDF-1.4"})
    answer = cli("ingest", inbox, "--json")
    assert answer.code == 6
    assert json.loads(answer.out)["quarantined"] == 1
    assert "b.pdf" in answer.err


def test_show_prints_what_is_known_of_a_document(cli: Cli, inbox: Path) -> None:
    lay(inbox, {"x/a.txt": report(1), "y/a.txt": report(2)})
    cli("ingest", inbox)
    both = cli("show", "a.txt")
    assert both.code == 2
    assert "x/a.txt" in both.err
    assert "y/a.txt" in both.err
    one = cli("show", "x/a.txt")
    assert one.code == 0
    assert "工业总产值1.2亿元" in one.out
    document_id = cli("show", "x/a.txt", "--json").json["document_id"]
    assert cli("show", document_id[:10], "--text").out.rstrip("\n") == report(1).rstrip("\n")


def test_exported_cells_are_defused() -> None:
    bad = [f"{start}cmd" for start in FORMULA] + ["  =1+1", "=HYPERLINK(1)"]
    good = ["产值", "1-9月", "a=b", ""]
    numbers = [-3.2, -5, 0.5]
    text = to_csv(["a"], [[cell] for cell in [*bad, *good, *numbers]])
    cells = [row[0] if row else "" for row in csv.reader(io.StringIO(text, newline=""))][1:]
    assert cells[: len(bad)] == ["'" + cell for cell in bad]
    assert cells[len(bad) : len(bad) + len(good)] == good
    assert [float(cell) for cell in cells[len(bad) + len(good) :]] == numbers


def test_csv_of_the_warehouse(cli: Cli, inbox: Path) -> None:
    lay(inbox, {"=1+1.txt": "全镇工业总产值1.5亿元，同比下降3.2%。"})
    cli("ingest", inbox)
    rows = list(
        csv.DictReader(cli("sql", "select * from mart.observations", "--csv").out.splitlines())
    )
    assert {row["document"] for row in rows} == {"'=1+1.txt"}
    assert "-3.2" in {row["value"] for row in rows}


def test_from_another_folder(inbox: Path, tmp_path: Path) -> None:
    lay(inbox, {"a.txt": report()})
    command = [sys.executable, "-m", "flows.cli", "ingest", "inbox"]
    env = os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "var" / "current.duckdb").is_symlink()
