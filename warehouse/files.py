"""Files that are whole or not there: the lock, temporary files, checksums in names, renames.

Whatever is stored under a final name was written elsewhere on the same file system, synced,
named after its own checksum and renamed. Imports nothing heavy: the lock comes first.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from schemas.exits import Exit, Stop

CHECKSUM_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Home:
    """Where everything lives; nothing is created by naming it."""

    root: Path

    def __post_init__(self) -> None:
        """Raises `Stop` (USAGE) for a name that DuckDB takes for an address with a query."""
        if "?" in str(self.root):
            raise Stop(Exit.USAGE, f"{self.root}: DuckDB cannot write below a folder with ?")

    @property
    def current(self) -> Path:
        """The symlink to the newest published build."""
        return self.root / "current.duckdb"

    @property
    def builds(self) -> Path:
        """The published builds, `RUN-CHECKSUM.duckdb`."""
        return self.root / "builds"

    @property
    def lake(self) -> Path:
        """The lake: a folder of Parquet files for each run."""
        return self.root / "lake"

    @property
    def staging(self) -> Path:
        """Work in progress; emptied when a run begins and when it ends."""
        return self.root / "staging"

    @property
    def audits(self) -> Path:
        """Audits of the house's own, `*.sql`, run besides those of the project."""
        return self.root / "audits"

    def run_folder(self, run: int) -> Path:
        """The lake's folder of run `run`."""
        return self.lake / f"{run:06d}"


@contextmanager
def lock(root: Path) -> Iterator[None]:
    """Hold the home for one run. Raises `Stop` (LOCKED, IO).

    A POSIX record lock: the kernel drops it with the process, however it ended, and forked
    workers do not inherit it.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        handle = os.open(root / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise Stop(Exit.IO, f"cannot open {root}: {error.strerror}") from error
    try:
        try:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError) as error:
            holder = os.pread(handle, 100, 0).decode("ascii", "replace").strip()
            raise Stop(Exit.LOCKED, f"another run ({holder}) holds {root}") from error
        except OSError as error:
            raise Stop(Exit.IO, f"cannot lock {root}: {error.strerror}") from error
        note = f"process {os.getpid()}\n".encode("ascii")
        try:
            os.pwrite(handle, note, 0)
            os.ftruncate(handle, len(note))
        except OSError as error:
            raise Stop(Exit.IO, f"cannot write in {root}: {error.strerror}") from error
        yield
    finally:
        os.close(handle)


@contextmanager
def workplace(home: Home) -> Iterator[Path]:
    """A fresh folder in `home.staging`, gone afterwards, as is what dead runs left there."""
    shutil.rmtree(home.staging, ignore_errors=True)
    home.staging.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=home.staging))
    try:
        yield folder
    finally:
        shutil.rmtree(home.staging, ignore_errors=True)


def settle(temporary: Path, folder: Path, stem: str) -> Path:
    """Sync `temporary` and rename it to `folder/STEM-CHECKSUM.suffix`; returns that path."""
    sync(temporary)
    final = folder / f"{stem}-{checksum(temporary)}{temporary.suffix}"
    temporary.rename(final)
    sync(folder)
    return final


def write(path: Path, data: bytes) -> None:
    """Replace `path` by a file with `data`: whole or not at all."""
    temporary = path.with_name(f".{path.name}.new")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    sync(path.parent)


def sync(path: Path) -> None:
    """Have what was written to the file or folder `path` on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def checksum(path: Path) -> str:
    """The first digits of the SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:CHECKSUM_DIGITS]


def intact(path: Path) -> bool:
    """Whether the file still is what its name says."""
    try:
        return checksum(path) == path.stem.rpartition("-")[2]
    except OSError:
        return False
