"""The warehouse: comments, audits, equal tables whichever way it was built, mending."""

from __future__ import annotations

import tomllib
from pathlib import Path

import duckdb
import pytest

from schemas.settings import Settings
from tests.conftest import Cli, lay, report
from warehouse import audit, build, lake
from warehouse.build import MARTS
from warehouse.digest import digests
from warehouse.files import Home

AUDITS = tomllib.loads((Path(__file__).parent / "cases" / "audits.toml").read_text("utf-8"))
FOLDER = Path(build.__file__).parent


@pytest.fixture
def published(cli: Cli, inbox: Path, tmp_path: Path) -> Path:
    """A build after three runs: new, revised and withdrawn, quarantined and duplicate files."""
    lay(inbox, {f"{i}.txt": report(i) for i in range(8)} | {"x.pdf": b"%PDF-1.4"})
    cli("ingest", inbox)
    lay(inbox, {"0.txt": report(20), "copy.txt": report(3)})
    (inbox / "1.txt").unlink()
    cli("ingest", inbox)
    (inbox / "3.txt").unlink()
    lay(inbox, {"1.txt": report(1)})
    cli("ingest", inbox)
    return (tmp_path / "home" / "current.duckdb").resolve()


def test_every_table_and_column_says_what_it_is(published: Path) -> None:
    with duckdb.connect(published, read_only=True) as connection:
        columns = connection.execute(
            "select schema_name || '.' || table_name || '.' || column_name, comment"
            " from duckdb_columns() where not internal"
        ).fetchall()
        tables = connection.execute(
            "select table_name, comment from duckdb_tables() where not internal"
            " union all select view_name, comment from duckdb_views() where not internal"
        ).fetchall()
    assert len(columns) > 200
    assert [name for name, comment in [*columns, *tables] if not comment] == []


def test_every_mart_is_made() -> None:
    assert {path.stem for path in (FOLDER / "marts").glob("*.sql")} == set(MARTS)


def test_the_mart_has_the_columns_of_the_contract(published: Path) -> None:
    contract = [
        "observation_id",
        "document",
        "source_start",
        "source_end",
        "quote",
        "sentence",
        "indicator",
        "measure",
        "value",
        "value_high",
        "unit",
        "qualifier",
        "status",
        "period_start",
        "period_end",
        "period_inherited",
        "place",
        "rank_scope",
        "parent_id",
        "topic",
        "confidence",
        "rule",
    ]
    with duckdb.connect(published, read_only=True) as connection:
        described = connection.execute("describe mart.observations").fetchall()
    columns = {row[0]: row[1] for row in described}
    assert [column for column in contract if column not in columns] == []
    assert columns["value"] == columns["value_high"] == "DOUBLE"
    assert columns["period_end"] == "DATE"


def test_every_quote_equals_its_span(published: Path) -> None:
    with duckdb.connect(published, read_only=True) as connection:
        rows = connection.execute(
            "select t.source_text, o.source_start, o.source_end, o.quote"
            " from core.observation as o join core.document_text as t using (document_id)"
        ).fetchall()
    assert rows
    assert [row for row in rows if row[0][row[1] : row[2]] != row[3]] == []


def test_the_storage_version_is_set(published: Path) -> None:
    with duckdb.connect(published, read_only=True) as connection:
        tags = connection.execute("select tags from duckdb_databases() where not internal")
        assert tags.fetchall()[0][0]["storage_version"].startswith("v1.5")


def test_built_anew_or_run_by_run_the_tables_are_equal(published: Path, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    anew = tmp_path / "anew.duckdb"
    build.create(anew)
    folders = {run: home.run_folder(run) for run in lake.runs(home)}
    from flows.ingest import reference

    with build.writing(anew, "1GB", 2, tmp_path) as connection:
        build.load(connection, folders, reference(), tmp_path)
        audit.run(connection, audit.audits())
    assert len(folders) == 3
    assert digests(anew) == digests(published)


def test_a_warehouse_of_another_layout_is_built_anew(
    published: Path, cli: Cli, inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = digests(published)
    monkeypatch.setattr(build, "layout", lambda: "another")
    assert cli("ingest", inbox, "--json").json["published"]
    after = digests((tmp_path / "home" / "current.duckdb").resolve())
    same = {"core.observation", "core.document", "core.period", "mart.observations", "ops.files"}
    assert {table: after[table] for table in same} == {table: before[table] for table in same}


def test_documents_read_by_other_rules_are_read_again(
    published: Path, cli: Cli, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows import ingest
    from transforms import pipeline

    for module in (ingest, pipeline):
        monkeypatch.setattr(module, "fingerprint", lambda: "other rules")
    answer = cli("ingest", inbox, "--json").json
    assert answer["unchanged"] == answer["files"]
    assert answer["observations_read"] == answer["observations"] > 0
    query = "select distinct rules from core.document where retired_run is null"
    assert cli("sql", query, "--json").json == [{"rules": "other rules"}]
    assert cli("ingest", inbox, "--json").json["observations_read"] == 0


def test_every_audit_is_told_apart() -> None:
    assert set(AUDITS) == {path.stem for path in audit.audits()}


@pytest.mark.parametrize("name", sorted(AUDITS))
def test_an_audit_finds_what_it_is_for(name: str, published: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.duckdb"
    build.copy(published, broken)
    file = audit.FOLDER / f"{name}.sql"
    with duckdb.connect(broken) as connection:
        assert audit.look(connection, file).bad_rows == 0
        for statement in AUDITS[name]["break"]:
            connection.execute(statement)
        finding = audit.look(connection, file)
    assert finding.bad_rows > 0
    assert finding.red is (AUDITS[name]["severity"] == "error")
    assert finding.about


def test_a_red_audit_keeps_yesterdays_warehouse(
    published: Path, cli: Cli, inbox: Path, tmp_path: Path
) -> None:
    home = Home(tmp_path / "home")
    before = digests(published)
    home.audits.mkdir()
    (home.audits / "never.sql").write_text("-- Never holds.\nselect 1 as bad\n")
    lay(inbox, {"0.txt": report(30)})
    answer = cli("ingest", inbox)
    assert answer.code == 3
    assert "never" in answer.err
    assert home.current.resolve() == published
    assert digests(published) == before
    assert lake.runs(home) == [1, 2, 3]
    assert not home.staging.exists()
    (home.audits / "never.sql").unlink()
    assert cli("ingest", inbox, "--json").json["revised"] == 1


def test_only_the_builds_that_are_kept_stay(published: Path) -> None:
    assert len(list(published.parent.iterdir())) == Settings().keep_builds
