"""Prefect's server dies at some moment of a run: the same data, or a clean exit."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.faults.conftest import Night, build_of, start, tries
from tests.test_flow import await_health, free_port
from warehouse.digest import digests


def test_the_server_dies_in_a_run(night: Night, tmp_path: Path) -> None:
    moments = random.Random(7)
    for _ in range(tries(20, 1)):
        port = free_port()
        env = {
            "PREFECT_HOME": str(tmp_path / "prefect"),
            "PREFECT_SERVER_UI_API_URL": f"http://127.0.0.1:{port}/api",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "SHUXIANG_BATCH_FILES": "1",
        }
        command = [sys.executable, "-m", "prefect", "server", "start", "--no-ui"]
        server = subprocess.Popen(
            [*command, "--port", str(port)],
            env=os.environ | env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        home = night.home(tmp_path / "home")
        try:
            await_health(f"http://127.0.0.1:{port}/api/health", server)
            env["PREFECT_API_URL"] = f"http://127.0.0.1:{port}/api"
            process = start(night.inbox, home, env=env)
            time.sleep(moments.uniform(1.0, 5.0))
        finally:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
        out, told = process.communicate(timeout=300)
        assert process.returncode in (5, 6), told
        if process.returncode == 6:
            assert "observations" in out
            assert digests(build_of(home)) == night.after
        else:
            assert "server" in told
        assert "Traceback" not in told
        night.check(home)
