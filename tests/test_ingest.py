"""Files from one run to the next: identity, counting, revisions, archives."""

from __future__ import annotations

import io
import stat
import tarfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from flows import memory
from flows.sources import Remembered, Signature
from schemas.tables import Outcome
from tests.conftest import Answer, Cli, lay, report
from warehouse.files import Home
from warehouse.lake import write_shard

CASES = tomllib.loads((Path(__file__).parent / "cases" / "ingest.toml").read_text("utf-8"))["case"]


def counts(answer: Answer) -> dict[str, int]:
    """The outcomes of a run that are not 0; they add up to the files seen."""
    told = {str(o): answer.json[str(o)] for o in Outcome if answer.json[str(o)]}
    assert sum(told.values()) == answer.json["files"]
    return told


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_files_from_run_to_run(case: dict[str, Any], cli: Cli, inbox: Path) -> None:
    for number, step in enumerate(case["steps"]):
        for name, content in step.get("write", {}).items():
            text = report(content) if isinstance(content, int) else content
            lay(inbox, {name: text.encode(step.get("encoding", "utf-8"))})
        for name in step.get("remove", []):
            (inbox / name).unlink()
        for old, new in step.get("move", {}).items():
            (inbox / new).parent.mkdir(parents=True, exist_ok=True)
            (inbox / old).rename(inbox / new)
        planned = cli("plan", inbox, "--json")
        answer = cli("ingest", inbox, "--json")
        assert answer.code == step.get("code", 0), answer.err
        assert counts(answer) == step["expect"], f"step {number}"
        assert counts(planned) == step["expect"], f"plan of step {number}"
        assert answer.json["documents"] == step.get("documents", 0), f"step {number}"


def test_an_empty_folder_is_published_with_a_word(cli: Cli, inbox: Path) -> None:
    answer = cli("ingest", inbox)
    assert answer.code == 0
    assert "no files" in answer.err
    assert cli("sql", "select count(*) as n from mart.observations", "--json").json == [{"n": 0}]


def test_plan_writes_nothing(cli: Cli, inbox: Path, tmp_path: Path) -> None:
    lay(inbox, {"a.txt": report()})
    assert cli("plan", inbox).code == 0
    assert not (tmp_path / "home").exists()


def test_old_figures_can_still_be_asked_for(cli: Cli, inbox: Path) -> None:
    lay(inbox, {"a.txt": report(1), "b.txt": report(2)})
    cli("ingest", inbox)
    lay(inbox, {"a.txt": report(3)})
    (inbox / "b.txt").unlink()
    cli("ingest", inbox)
    now = cli("sql", "select distinct document from mart.observations", "--json").json
    assert now == [{"document": "a.txt"}]
    query = (
        "select document, retired_run, superseded_by is not null as revised, count(*) as n"
        " from mart.observations_history where retired_run is not null group by all order by all"
    )
    old = cli("sql", query, "--json").json
    assert [(row["document"], row["retired_run"], row["revised"]) for row in old] == [
        ("a.txt", 2, True),
        ("b.txt", 2, False),
    ]
    assert all(row["n"] > 3 for row in old)


def test_the_name_is_that_of_the_first_file(cli: Cli, inbox: Path) -> None:
    lay(inbox, {"b.txt": report(), "a/z.txt": report()})
    cli("ingest", inbox)
    query = "select distinct document, path from mart.observations"
    assert cli("sql", query, "--json").json == [{"document": "z.txt", "path": "a/z.txt"}]
    (inbox / "a/z.txt").unlink()
    cli("ingest", inbox)
    assert cli("sql", query, "--json").json == [{"document": "b.txt", "path": "b.txt"}]


def test_a_file_is_the_same_below_another_folder_given(cli: Cli, inbox: Path) -> None:
    lay(inbox, {"x/a.txt": report(1), "y/b.txt": report(2)})
    cli("ingest", inbox)
    assert counts(cli("ingest", inbox / "x", "--json")) == {"unchanged": 1}
    assert counts(cli("ingest", inbox / "y" / "b.txt", "--json")) == {"unchanged": 1}
    (inbox / "x/a.txt").unlink()
    assert counts(cli("ingest", inbox / "x", inbox, "--json")) == {"withdrawn": 1, "unchanged": 1}


def test_other_folders_are_not_withdrawn(cli: Cli, inbox: Path) -> None:
    lay(inbox, {"x/a.txt": report(1), "xy/a.txt": report(2)})
    cli("ingest", inbox / "x")
    answer = cli("ingest", inbox / "xy", "--json")
    assert counts(answer) == {"new": 1}
    assert answer.json["documents"] == 2


def test_a_changed_file_with_its_old_times_is_seen(cli: Cli, inbox: Path) -> None:
    import os

    lay(inbox, {"a.txt": report(11)})
    about = (inbox / "a.txt").stat()
    cli("ingest", inbox)
    lay(inbox, {"a.txt": report(12)})
    os.utime(inbox / "a.txt", ns=(about.st_atime_ns, about.st_mtime_ns))
    assert (inbox / "a.txt").stat().st_size == about.st_size
    assert counts(cli("ingest", inbox, "--json")) == {"revised": 1}


def zipped(members: dict[str, bytes], **options: Any) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data, **options)
    return out.getvalue()


def tarred(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


@pytest.mark.parametrize(("name", "pack"), [("r.zip", zipped), ("r.tar.gz", tarred)])
def test_archives_are_read_member_by_member(cli: Cli, inbox: Path, name: str, pack: Any) -> None:
    members = {f"2023/{i}.txt": report(i).encode() for i in range(5)} | {".DS_Store": b"x"}
    lay(inbox, {name: pack(members)})
    assert counts(cli("ingest", inbox, "--json")) == {"new": 5, "ignored": 1}
    paths = cli("sql", "select path from mart.documents order by path", "--json").json
    assert paths == [{"path": f"{name}!/2023/{i}.txt"} for i in range(5)]
    assert counts(cli("ingest", inbox, "--json")) == {"unchanged": 5, "ignored": 1}
    del members["2023/4.txt"]
    members["2023/0.txt"] = report(9).encode("gb18030")
    lay(inbox, {name: pack(members)})
    expected = {"revised": 1, "unchanged": 3, "withdrawn": 1, "ignored": 1}
    assert counts(cli("ingest", inbox, "--json")) == expected
    (inbox / name).write_bytes(b"PK\x03\x04 no archive")
    broken = cli("ingest", inbox, "--json")
    assert broken.code == 6
    assert broken.json["documents"] == 4
    (inbox / name).unlink()
    assert cli("ingest", inbox, "--json").json["documents"] == 0


def test_names_in_gbk_zips_are_read(cli: Cli, inbox: Path) -> None:
    data = bytearray(zipped({"abcd.txt": report().encode()}))
    lay(inbox, {"r.zip": bytes(data).replace(b"abcd", "总结".encode("gb18030"))})
    cli("ingest", inbox)
    assert cli("sql", "select document from mart.documents", "--json").json == [
        {"document": "总结.txt"}
    ]


def bomb() -> bytes:
    return zipped({f"{i}.txt": b"0" * 15_000_000 for i in range(20)})


def link_in_zip() -> bytes:
    entry = zipfile.ZipInfo("link.txt")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    return out.getvalue()


def link_in_tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, kind in (("soft.txt", tarfile.SYMTYPE), ("hard.txt", tarfile.LNKTYPE)):
            entry = tarfile.TarInfo(name)
            entry.type = kind
            entry.linkname = "/etc/passwd"
            archive.addfile(entry)
    return out.getvalue()


HOSTILE = [
    ("bomb.zip", bomb, {"archive_too_large": 1}),
    ("up.zip", lambda: zipped({"../../up.txt": b"1", "a/../../b.txt": b"2"}), {"archive_unsafe_name": 2}),
    ("root.zip", lambda: zipped({"/etc/x.txt": b"1", "C:\\x.txt": b"1"}), {"archive_unsafe_name": 2}),
    ("root.tar.gz", lambda: tarred({"/etc/x.txt": b"1", "../x.txt": b"1"}), {"archive_unsafe_name": 2}),
    ("nested.zip", lambda: zipped({"in.zip": zipped({"a.txt": b"1"})}), {"archive_nested": 1}),
    ("nested.tar.gz", lambda: tarred({"in.tar.gz": tarred({"a.txt": b"1"})}), {"archive_nested": 1}),
    ("link.zip", link_in_zip, {"archive_link": 1}),
    ("link.tar.gz", link_in_tar, {"archive_link": 2}),
    ("cut.zip", lambda: zipped({"a.txt": report().encode() * 9})[:-40], {"archive_damaged": 1}),
    ("cut.tar.gz", lambda: tarred({"a.txt": report().encode() * 9})[:-90], {"archive_damaged": 1}),
    ("large.zip", lambda: zipped({"a.txt": b"1" * 17_000_000}), {"too_large": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "make", "reasons"), HOSTILE, ids=[h[0] for h in HOSTILE])
def test_hostile_archives_are_kept_out(
    cli: Cli, inbox: Path, name: str, make: Any, reasons: dict[str, int]
) -> None:
    lay(inbox, {name: make(), "good.txt": report()})
    answer = cli("ingest", inbox, "--json")
    assert answer.code == 6, answer.err
    assert answer.json["documents"] == 1
    query = "select reason, count(*) as n from ops.quarantine group by reason"
    told = cli("sql", query, "--json").json
    assert {row["reason"]: row["n"] for row in told} == reasons
    assert counts(cli("ingest", inbox, "--json")) == {"unchanged": 1 + sum(reasons.values())}


NAMES = [
    "it's.txt", '"quoted".txt', "a;drop table x;--.txt", "line\nbreak.txt", "tab\t.txt", "*.txt",
    "?.txt", "[a].txt", "{a}.txt", "$HOME.txt", "`x`.txt", "-rf.txt", "a b.txt", "%s.txt",
    "a\\b.txt", "~.txt", "é.txt", "e\u0301.txt", "x" * 251 + ".txt", "报" * 83 + ".txt", "!.txt",
    "a!/b.txt", "\u202e.txt", "#.txt", "a.txt.zip.txt", "' or 1=1.txt", "\U0001f600.txt",
]  # fmt: skip


def test_hostile_names_are_names(cli: Cli, inbox: Path) -> None:
    lay(inbox, {name: report(i) for i, name in enumerate(NAMES)})
    (inbox / "bad\udcff.txt").write_text(report(99), "utf-8")
    answer = cli("ingest", inbox, "--json")
    assert answer.code == 0, answer.err
    assert counts(answer) == {"new": len(NAMES) + 1}
    found = cli("sql", "select path, count(*) as n from mart.documents group by path", "--json")
    paths = {row["path"] for row in found.json}
    assert paths == set(NAMES) | {"bad\\xff.txt"}
    assert counts(cli("ingest", inbox, "--json")) == {"unchanged": len(NAMES) + 1}
    text = cli("show", "é.txt", "--text").out
    assert text.rstrip("\n") == report(NAMES.index("é.txt")).rstrip("\n")


def test_a_home_with_a_hostile_name(cli: Cli, inbox: Path, tmp_path: Path) -> None:
    home = tmp_path / "it's [a*] {h}öme"
    lay(inbox, {"a.txt": report()})
    assert cli("ingest", inbox, home=home).code == 0
    lay(inbox, {"b.txt": report(2)})
    assert cli("ingest", inbox, home=home).code == 0
    assert cli("sql", "select count(*) as n from mart.documents", "--json", home=home).json == [
        {"n": 2}
    ]


def test_a_second_memory_that_a_killed_run_left_is_cleared(tmp_path: Path) -> None:
    home = Home(tmp_path)
    seen = {"a.txt": Remembered(Signature(1, 1, 1, 1), "00")}
    memory.write(home, seen, {})
    (first,) = tmp_path.iterdir()
    write_shard(tmp_path, "memory", pl.read_parquet(first, glob=False).clear())
    memory.write(home, seen, seen)
    assert [*tmp_path.iterdir()] == [first]
    assert memory.read(home) == seen
