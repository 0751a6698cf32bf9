"""One byte flipped in each stored file, and each file gone: found, and made again."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.conftest import lay, report
from tests.faults.conftest import build_of, run, tries
from warehouse import lake
from warehouse.digest import digests
from warehouse.files import Home, intact


def stored(home: Path) -> list[Path]:
    """Every stored file but the lock, which holds nothing."""
    return sorted(
        p for p in home.rglob("*") if p.is_file() and p.name != "lock" and not p.is_symlink()
    )


@pytest.mark.parametrize("damage", ["flip first", "flip middle", "flip last", "delete"])
def test_every_stored_file_is_mended(damage: str, tmp_path: Path) -> None:
    inbox, home = tmp_path / "inbox", tmp_path / "home"
    lay(inbox, {f"{i}.txt": report(i) for i in range(5)})
    run(inbox, home)
    lay(inbox, {"1.txt": report(7), "x.pdf": b"%PDF-1.4"})
    run(inbox, home)
    right = digests(build_of(home))
    names = [path.relative_to(home) for path in stored(home)]
    assert len(names) > 8
    for name in random.Random(8).sample(names, tries(len(names), 4)):
        path = home / name
        if not path.exists():  # made again under another name
            continue
        if damage == "delete":
            path.unlink()
        else:
            data = bytearray(path.read_bytes())
            at = {"flip first": 0, "flip middle": len(data) // 2, "flip last": len(data) - 1}
            data[at[damage]] ^= 1
            path.write_bytes(data)
        told = run(inbox, home)
        assert digests(build_of(home)) == right, name
        assert all(intact(file) for file in stored(home)), name
        if path.name.startswith("memory") or path.parent.name == "builds":
            continue
        assert told.mended, name
    assert len(lake.runs(Home(home))) == 2
