"""Publishing a build: a complete file under a new name, then one swap of a symlink.

Readers keep the file they opened; who connects afterwards sees the new one.
"""

from __future__ import annotations

import os
from pathlib import Path

from warehouse.files import Home, settle, sync


def publish(home: Home, building: Path, run: int, keep: int) -> Path:
    """Publish the finished file `building` as run `run`; `keep` builds stay. Raises OSError."""
    home.builds.mkdir(parents=True, exist_ok=True)
    build = settle(building, home.builds, f"{run:06d}")
    point(home, build)
    tidy(home, keep)
    return build


def point(home: Home, build: Path) -> None:
    """Let `current.duckdb` be `build`, in one step."""
    fresh = home.staging / "current.duckdb"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(os.path.relpath(build, home.root))
    fresh.replace(home.current)
    sync(home.root)


def published(home: Home) -> tuple[int, Path] | None:
    """Number and file of the published build, whether or not the file is still whole."""
    if home.current.is_symlink():
        build = home.root / home.current.readlink()
        return number(build), build
    return None


def number(build: Path) -> int:
    """The run that a build was made by, from its name."""
    return int(build.stem.partition("-")[0])


def builds(home: Home) -> list[Path]:
    """The files in `home.builds`, the newest first."""
    return sorted(home.builds.glob("*.duckdb"), reverse=True) if home.builds.is_dir() else []


def tidy(home: Home, keep: int) -> None:
    """Delete all but the published build and the `keep` - 1 newest before it."""
    now = published(home)
    if now is None:
        return
    older = [build for build in builds(home) if build != now[1] and number(build) <= now[0]]
    for build in builds(home):
        if build != now[1] and build not in older[: keep - 1]:
            build.unlink(missing_ok=True)
    for log in home.builds.glob("*.wal"):
        log.unlink(missing_ok=True)
