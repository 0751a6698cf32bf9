"""2 to 8 runs at once: one works, the others are refused; a dead run's lock is taken over."""

from __future__ import annotations

import random
from pathlib import Path

from tests.faults.conftest import Night, start, tries


def test_one_of_many_works(night: Night, tmp_path: Path) -> None:
    numbers = random.Random(4)
    for _ in range(tries(100, 2)):
        home = night.home(tmp_path / "home")
        processes = [start(night.inbox, home) for _ in range(numbers.randint(2, 8))]
        told = [process.communicate() for process in processes]
        codes = [process.returncode for process in processes]
        assert codes.count(6) == 1, told
        assert set(codes) <= {0, 4, 6}  # 0: it came after the one that worked was done
        assert all("another run" in told[i][1] for i, code in enumerate(codes) if code == 4)
        night.check(home)


def test_a_held_lock_refuses_and_a_dead_ones_is_taken_over(night: Night, tmp_path: Path) -> None:
    home = night.home(tmp_path / "home")
    holder = start(night.inbox, home, env={"SHUXIANG_WORKERS": "1"})
    while holder.poll() is None and not (home / "staging").exists():
        pass
    refused = start(night.inbox, home)
    holder_alive = holder.poll() is None
    code = refused.wait()
    holder.kill()
    holder.communicate()
    assert code == 4 or not holder_alive or code == 0
    night.check(home)
