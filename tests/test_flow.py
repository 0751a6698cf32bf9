"""The ways of running give the same tables: here, over processes, on a Prefect server."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Cli, lay, report
from warehouse.digest import digests

ROOT = Path(__file__).resolve().parent.parent
CLI = [sys.executable, "-m", "flows.cli"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A Prefect server on loopback with a home of its own; the environment that names it."""
    port = free_port()
    env = os.environ | {
        "PREFECT_HOME": str(tmp_path_factory.mktemp("prefect")),
        "PREFECT_SERVER_UI_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PYTHONPATH": str(ROOT),
    }
    env.pop("PREFECT_API_URL", None)
    command = [sys.executable, "-m", "prefect", "server", "start", "--port", str(port), "--no-ui"]
    process = subprocess.Popen(
        command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        await_health(f"http://127.0.0.1:{port}/api/health", process)
        yield env | {"PREFECT_API_URL": f"http://127.0.0.1:{port}/api"}
    finally:
        process.terminate()
        process.wait(30)


def await_health(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not answer within a minute")


def runs(env: dict[str, str]) -> list[dict[str, str]]:
    """The task runs that the server knows."""
    request = urllib.request.Request(
        env["PREFECT_API_URL"] + "/task_runs/filter",
        data=b'{"limit": 200}',
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        found: list[dict[str, str]] = json.load(answer)
        return found


def test_on_a_server_and_without_one_the_tables_are_equal(
    server: dict[str, str], cli: Cli, inbox: Path, tmp_path: Path
) -> None:
    lay(inbox, {f"{i:02}.txt": report(i) for i in range(12)} | {"x.pdf": b"%PDF-1.4"})
    assert cli("ingest", inbox).code == 6
    env = server | {"SHUXIANG_BATCH_FILES": "3"}
    done = subprocess.run(
        [*CLI, "ingest", str(inbox), "--home", str(tmp_path / "served"), "--json"],
        env=env, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 6, done.stderr
    assert json.loads(done.stdout)["new"] == 12
    assert "Traceback" not in done.stderr
    served = digests((tmp_path / "served" / "current.duckdb").resolve())
    assert served == digests((tmp_path / "home" / "current.duckdb").resolve())
    names = {run["name"] for run in runs(server)}
    assert {f"batch {i:05d}" for i in range(5)} <= names


def test_a_server_that_does_not_answer_is_told(inbox: Path, tmp_path: Path) -> None:
    lay(inbox, {"a.txt": report()})
    env = os.environ | {
        "PREFECT_API_URL": f"http://127.0.0.1:{free_port()}/api",
        "PREFECT_HOME": str(tmp_path / "prefect"),
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [*CLI, "ingest", str(inbox), "--home", str(tmp_path / "home")],
        env=env, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 5
    assert "no Prefect server answers" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "home" / "current.duckdb").exists()


def test_asking_for_a_server_without_an_address_is_usage(inbox: Path, tmp_path: Path) -> None:
    env = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    env |= {"PREFECT_HOME": str(tmp_path / "prefect"), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [*CLI, "ingest", str(inbox), "--home", str(tmp_path / "home"), "--prefect"],
        env=env, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2
    assert "PREFECT_API_URL" in done.stderr


def test_the_nightly_run_is_a_deployment_that_runs(
    server: dict[str, str], inbox: Path, tmp_path: Path
) -> None:
    lay(inbox, {"a.txt": report()})
    home = tmp_path / "home"
    command = [*CLI, "nightly", str(inbox), "--home", str(home), "--cron", "30 2 * * *"]
    process = subprocess.Popen(
        command, env=server, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        deployment = await_deployment(server, process)
        start(server, deployment)
        for _ in range(900):
            if (home / "current.duckdb").exists():
                break
            assert process.poll() is None
            time.sleep(0.1)
        assert digests((home / "current.duckdb").resolve())["core.document"].startswith("1:")
    finally:
        process.terminate()
        process.communicate(timeout=60)


def post(env: dict[str, str], path: str, body: object) -> object:
    request = urllib.request.Request(
        env["PREFECT_API_URL"] + path,
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def await_deployment(env: dict[str, str], process: subprocess.Popen[bytes]) -> str:
    for _ in range(600):
        found = post(env, "/deployments/filter", {})
        assert isinstance(found, list)
        if found:
            assert found[0]["schedules"][0]["schedule"]["cron"] == "30 2 * * *"
            return str(found[0]["id"])
        assert process.poll() is None, process.stderr and process.stderr.read()
        time.sleep(0.1)
    raise AssertionError("no deployment within a minute")


def start(env: dict[str, str], deployment: str) -> None:
    post(env, f"/deployments/{deployment}/create_flow_run", {"state": {"type": "SCHEDULED"}})


def test_workers_order_and_seeds_change_nothing(
    cli: Cli, inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(inbox, {f"{i:02}.txt": report(i) for i in range(20)} | {"twin.txt": report(3)})
    assert cli("ingest", inbox).code == 0
    one = digests((tmp_path / "home" / "current.duckdb").resolve())
    other = tmp_path / "shuffled"
    shutil.copytree(inbox, other / "inbox")
    parts = sorted((other / "inbox").iterdir(), reverse=True)
    env = os.environ | {
        "SHUXIANG_BATCH_FILES": "2",
        "SHUXIANG_POOL_FROM_BYTES": "0",
        "PYTHONHASHSEED": "7",
        "PYTHONPATH": str(ROOT),
        "TZ": "Pacific/Kiritimati",
    }
    command = [*CLI, "ingest", *map(str, parts), "--home", str(other / "home"), "--workers", "3"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert digests((other / "home" / "current.duckdb").resolve()) == one


def test_a_file_that_kills_its_worker_is_kept_out(cli: Cli, inbox: Path, tmp_path: Path) -> None:
    lay(inbox, {f"{i}.txt": report(i) for i in range(4)})
    (tmp_path / "sitecustomize.py").write_text(
        "import os, sys\n"
        "if 'multiprocessing' in str(sys.argv) + str(sys.orig_argv):\n"
        "    import transforms.pipeline as p\n"
        "    read = p.read_file\n"
        "    p.read_file = lambda f: os._exit(9) if f.name == '2.txt' else read(f)\n"
    )
    env = os.environ | {
        "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}",
        "SHUXIANG_POOL_FROM_BYTES": "0",
        "SHUXIANG_BATCH_FILES": "2",
    }
    command = [*CLI, "ingest", str(inbox), "--home", str(tmp_path / "home"), "--workers", "2"]
    done = subprocess.run([*command, "--json"], env=env, capture_output=True, text=True)
    assert done.returncode == 6, done.stderr
    told = json.loads(done.stdout)
    assert (told["new"], told["quarantined"]) == (3, 1)
    assert [c["path"] for c in told["changes"] if c["reason"] == "failed"] == ["2.txt"]
