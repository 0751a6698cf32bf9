"""The same file again, renamed or re-encoded; revised and withdrawn reports; many at a time."""

from __future__ import annotations

import random
from pathlib import Path

import duckdb

from schemas.tables import Outcome
from tests.conftest import lay, report
from tests.faults.conftest import build_of, run, tries

ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "utf-16"]


def test_the_same_again_adds_nothing(tmp_path: Path) -> None:
    inbox, home = tmp_path / "inbox", tmp_path / "home"
    number = tries(1000, 60)
    lay(inbox, {f"{i}.txt": report(i) for i in range(number)})
    first = run(inbox, home)
    choices = random.Random(5)
    for i in range(number):
        path = inbox / f"{i}.txt"
        if choices.random() < 0.5:
            path.write_bytes(report(i).encode(choices.choice(ENCODINGS)))
        if choices.random() < 0.5:
            path.rename(inbox / f"renamed {i}.txt")
    second = run(inbox, home)
    assert first.counts[Outcome.NEW] == number
    assert second.counts[Outcome.NEW] == second.counts[Outcome.REVISED] == 0
    assert second.counts[Outcome.DUPLICATE] == second.counts[Outcome.WITHDRAWN]
    assert second.counts[Outcome.UNCHANGED] + second.counts[Outcome.DUPLICATE] == number
    assert (second.observations, second.documents) == (first.observations, number)


def test_revised_and_withdrawn_reports(tmp_path: Path) -> None:
    inbox, home = tmp_path / "inbox", tmp_path / "home"
    number = tries(100, 20)
    lay(inbox, {f"{i}.txt": report(i) for i in range(number)})
    first = run(inbox, home)
    lay(inbox, {f"{i}.txt": report(i + number) for i in range(0, number, 2)})
    for i in range(1, number, 4):
        (inbox / f"{i}.txt").unlink()
    second = run(inbox, home)
    gone = len(range(1, number, 4))
    assert second.counts[Outcome.REVISED] == len(range(0, number, 2))
    assert second.counts[Outcome.WITHDRAWN] == gone
    assert second.documents == number - gone
    with duckdb.connect(build_of(home), read_only=True) as connection:
        old = connection.execute(
            "select count(*) from mart.observations_history where first_run = 1"
        ).fetchone()
        query = "select count(*) from core.document where superseded_by is not null"
        replaced = connection.execute(query).fetchone()
    assert old == (first.observations,)
    assert replaced == (len(range(0, number, 2)),)
