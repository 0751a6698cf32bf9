"""Texts made for slow patterns, and far too long ones: kept out or read, neighbours loaded."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from schemas.tables import Outcome
from tests.conftest import lay, report
from tests.faults.conftest import ROOT, run, tries

PIECES = [
    "1", "9,", "1.", "万", "十", "1万", "1—", "%", "第", "年", "1年", "1月", "（", "、", "一、", " ",
    "1 ", "\n", "1\n", "增长", "分别1", "其中1个", "由1到", "百分之", "2022年1月", "截至", "全镇", "“",
    "亿元", "1个、", "同比1%", "约1余", "甲乙丙丁", "。", "a", "é", "１", "㎡", "(jiān)", "學習", "的的",
    "- 3 -", "关键词2", "〔2022〕", "1:", "0x", "——", "1户1", "三分之", "﹪",
]  # fmt: skip


def test_repeated_pieces_are_read_or_kept_out(tmp_path: Path) -> None:
    inbox, home = tmp_path / "inbox", tmp_path / "home"
    pieces = PIECES[: tries(50, 50)]
    size = tries(200_000, 20_000)
    lay(inbox, {f"{i:02}.txt": piece * (size // len(piece)) for i, piece in enumerate(pieces)})
    lay(inbox, {"good.txt": report()})
    told = run(inbox, home, workers=1)
    counts = told.counts
    kept_out = {e["path"]: e["reason"] for e in told.events if e["reason"]}
    assert "good.txt" not in kept_out
    assert counts[Outcome.NEW] + counts[Outcome.QUARANTINED] + counts[Outcome.DUPLICATE] == 51
    slow = [pieces[int(path[:2])] for path, reason in kept_out.items() if reason == "too_slow"]
    assert slow == []


def test_a_text_that_takes_too_long_is_kept_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from transforms import pipeline

    read = pipeline.read_file

    def endless(file: pipeline.SourceFile) -> pipeline.Reading:
        while file.name == "slow.txt":
            pass
        return read(file)

    monkeypatch.setattr(pipeline, "read_file", endless)
    monkeypatch.setenv("SHUXIANG_SECONDS_A_DOCUMENT", "1")
    lay(tmp_path / "inbox", {"a.txt": report(1), "slow.txt": report(2), "z.txt": report(3)})
    told = run(tmp_path / "inbox", tmp_path / "home")
    assert [e["path"] for e in told.events if e["reason"] == "too_slow"] == ["slow.txt"]
    assert told.documents == 2


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc")
def test_a_line_of_200_megabytes_is_kept_out(tmp_path: Path) -> None:
    inbox, home = tmp_path / "inbox", tmp_path / "home"
    lay(inbox, {"a.txt": report()})
    with (inbox / "line.txt").open("wb") as file:
        for _ in range(200):
            file.write(b"1" * 1_000_000)
    code = (
        "import re, sys; from flows.cli import app;"
        "app(sys.argv[1:], standalone_mode=False);"
        "print(re.search(r'VmHWM:\\s+(\\d+) kB', open('/proc/self/status').read())[1], file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, "ingest", str(inbox), "--home", str(home), "--json"]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    assert json.loads(done.stdout)["documents"] == 1
    assert '"too_large"' in done.stdout
    assert int(done.stderr.split()[-1]) < 1_000_000  # kilobytes
