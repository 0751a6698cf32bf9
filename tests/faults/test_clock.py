"""The clock back a day, ahead ten years, in another time zone: same ids, same order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import pytest

from flows import ingest
from tests.conftest import lay, report
from tests.faults.conftest import build_of, run, tries
from warehouse.digest import digests

SHIFTS = [timedelta(0), timedelta(days=-1), timedelta(days=3653)]


def test_the_clock_decides_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for number in range(tries(20, 1)):
        for shift in SHIFTS:
            folder = tmp_path / f"{number} {shift.days}"
            lay(folder / "inbox", {f"{i}.txt": report(i) for i in range(4)})
            run(folder / "inbox", folder / "home")
            with monkeypatch.context() as patch:
                patch.setattr(ingest, "datetime", shifted(shift))
                lay(folder / "inbox", {"1.txt": report(9)})
                run(folder / "inbox", folder / "home")
            found.append(digests(build_of(folder / "home")))
    assert found == [found[0]] * len(found)


def shifted(shift: timedelta) -> type[datetime]:
    """A clock that is wrong by `shift`."""

    class Shifted(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Shifted:
            return cls.fromtimestamp((datetime.now(UTC) + shift).timestamp(), tz)

    return Shifted
