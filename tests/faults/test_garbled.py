"""Garbled input: nothing crashes, nothing is lost, every quote equals its span."""

from __future__ import annotations

import random
from pathlib import Path

import duckdb

from schemas.tables import Outcome
from tests.conftest import lay, report
from tests.faults.conftest import build_of, run, tries

INSERTED = [
    "\0",
    "\u202e",
    "\u200b",
    "\ufeff",
    "\u2066",
    "\ud7ff",
    "\U0010ffff",
    "\r",
    "\x1a",
    "\x85",
]


def garbled(choices: random.Random) -> bytes:
    """A report with damage of one or several kinds."""
    text = report(choices.randrange(10_000))
    for _ in range(choices.randrange(4)):
        at = choices.randrange(len(text))
        text = text[:at] + choices.choice(INSERTED) + text[at:]
    encoding = choices.choice(["utf-8", "gb18030", "utf-16", "utf-16-le", "utf-8-sig"])
    data = bytearray(text.encode(encoding))
    match choices.randrange(5):
        case 0:
            for _ in range(choices.randrange(1, 20)):
                data[choices.randrange(len(data))] ^= 1 << choices.randrange(8)
        case 1:
            del data[choices.randrange(len(data))]
        case 2:
            data = data[: choices.randrange(len(data))]
        case 3:
            data += report(choices.randrange(99)).encode(choices.choice(["gb18030", "utf-8"]))
        case 4:
            data = bytearray(choices.randbytes(choices.randrange(400)))
    return bytes(data)


def test_garbled_input_is_loaded_or_kept_out(tmp_path: Path) -> None:
    choices = random.Random(6)
    inbox, home = tmp_path / "inbox", tmp_path / "home"
    number = tries(10_000, 300)
    lay(inbox, {f"{i // 1000}/{i}.txt": garbled(choices) for i in range(number)})
    report_of_run = run(inbox, home)
    counts = report_of_run.counts
    assert counts[Outcome.NEW] + counts[Outcome.DUPLICATE] + counts[Outcome.QUARANTINED] == number
    with duckdb.connect(build_of(home), read_only=True) as connection:
        failed = connection.execute(
            "select path, advice from ops.quarantine where reason in ('failed', 'too_slow')"
        ).fetchall()
        rows = connection.execute(
            "select t.source_text, o.source_start, o.source_end, o.quote"
            " from core.observation as o join core.document_text as t using (document_id)"
        ).fetchall()
    assert failed == []
    assert len(rows) > number
    assert [row[1:] for row in rows if row[0][row[1] : row[2]] != row[3]] == []
    again = run(inbox, home)
    assert again.counts[Outcome.UNCHANGED] == number
