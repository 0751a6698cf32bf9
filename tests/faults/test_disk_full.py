"""No file may grow beyond a limit: every write fails somewhere, as on a full disk."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

from tests.faults.conftest import CLI, ROOT, Night, build_of, tries
from warehouse.digest import digests

LIMITED = (
    "import resource, sys; n = int(sys.argv.pop(1));"
    "resource.setrlimit(resource.RLIMIT_FSIZE, (n, n));"
    "from flows.cli import main; main()"
)


def test_disk_full_at_every_size(night: Night, tmp_path: Path) -> None:
    largest = max(path.stat().st_size for path in night.yesterday.rglob("*") if path.is_file())
    sizes = [0, 10, largest - 1, *random.Random(3).sample(range(largest), tries(200, 1))]
    for size in sizes:
        home = night.home(tmp_path / "home")
        command = [CLI[0], "-c", LIMITED, str(size), "ingest", str(night.inbox)]
        done = subprocess.run(
            [*command, "--home", str(home)],
            env={"PYTHONPATH": str(ROOT), "PATH": "", "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 5, (size, done.stderr)
        assert "Traceback" not in done.stderr
        assert digests(build_of(home)) == night.before
        night.check(home)
