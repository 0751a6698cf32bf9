"""One batch: read its files, make frames of them, write the shards, return a manifest.

This is the unit of work that is mapped over processes, Prefect tasks or a cluster.
"""

from __future__ import annotations

import hashlib
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from flows.sources import DAMAGED, Found, contents
from schemas.quarantine import ADVICE, QuarantineReason
from schemas.settings import Settings
from transforms.pipeline import Guard, SourceFile, identify, process
from transforms.restore import Unreadable
from warehouse.lake import write_batch


@dataclass(frozen=True, slots=True)
class Order:
    """A batch to be read: its files in sorted order, and the folder that its shards go to."""

    label: str
    files: tuple[Found, ...]
    folder: str
    settings: Settings


class Read(NamedTuple):
    """A file that was read: the document it stands for, and the label of its shards."""

    key: str
    sha256: str
    encoding: str
    document_id: str
    label: str


class Refusal(NamedTuple):
    """A file that is kept out."""

    key: str
    sha256: str
    reason: str
    advice: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a batch came to: the files read, the files refused, how many observations."""

    read: tuple[Read, ...]
    refused: tuple[Refusal, ...]
    observations: int


def orders(files: Sequence[Found], folder: Path, settings: Settings) -> list[Order]:
    """Batches of `files`, in their order: by count and bytes. A tar is read in one batch,
    since it can only be read from its beginning.
    """
    batches: list[list[Found]] = []
    size = 0
    for file in files:
        full = (
            not batches
            or len(batches[-1]) >= settings.batch_files
            or size + file.size > settings.batch_bytes
        )
        together = (
            batches
            and file.member >= 0
            and not file.location.lower().endswith(".zip")
            and batches[-1][-1].location == file.location
        )
        if full and not together:
            batches.append([])
            size = 0
        batches[-1].append(file)
        size += file.size
    return [
        Order(f"{number:05d}", tuple(batch), str(folder), settings)
        for number, batch in enumerate(batches)
    ]


def read_batch(order: Order) -> Manifest:
    """Read a batch and write its shards. Raises OSError when a shard cannot be written."""
    read: list[Read] = []
    refused: list[Refusal] = []
    observations = 0
    for number, files in enumerate(_parts(order, refused)):
        label = f"{order.label}.{number:03d}"
        hashes = {file.path: hashlib.sha256(file.data).hexdigest() for file in files}
        frames = process(files, guard=_guard(order.settings))
        for path, document_id, encoding in frames.files.iter_rows():
            read.append(Read(path, hashes[path], encoding, document_id, label))
        for path, reason, advice in frames.quarantine.iter_rows():
            refused.append(Refusal(path, hashes[path], reason, advice))
        observations += frames.observations.height
        write_batch(Path(order.folder), label, frames)
    return Manifest(tuple(read), tuple(refused), observations)


def identify_batch(order: Order) -> Manifest:
    """The manifest of a batch that is only decoded: nothing is extracted, nothing written."""
    read: list[Read] = []
    refused: list[Refusal] = []
    for files in _parts(order, refused):
        for file in files:
            sha256 = hashlib.sha256(file.data).hexdigest()
            try:
                document_id, encoding = identify(file)
            except Unreadable as error:
                refused.append(Refusal(file.path, sha256, error.reason, error.advice))
            else:
                read.append(Read(file.path, sha256, encoding, document_id, order.label))
    return Manifest(tuple(read), tuple(refused), 0)


def _parts(order: Order, refused: list[Refusal]) -> Iterator[list[SourceFile]]:
    """The files of a batch with their bytes, no more at a time than a batch may hold."""
    most = order.settings.max_file_bytes
    part: list[SourceFile] = []
    size = 0
    for location, group in groupby(order.files, key=lambda file: file.location):
        files = list(group)
        content = contents(location, [file.member for file in files], most)
        for file in files:
            try:
                data = next(content)
            except (StopIteration, *DAMAGED):
                reason = QuarantineReason.UNREADABLE
                refused.append(Refusal(file.key, file.sha256, reason, ADVICE[reason]))
                continue
            part.append(SourceFile(file.key, data))
            size += len(data)
            if size >= order.settings.batch_bytes:
                yield part
                part, size = [], 0
    if part:
        yield part


def _guard(settings: Settings) -> Guard:
    """Ends the reading of a file with TimeoutError when it takes more CPU time than it may.

    By a signal, which only a main thread can take: elsewhere there is no limit.
    """
    if threading.current_thread() is not threading.main_thread():
        return lambda file: nullcontext()

    def limit(file: SourceFile) -> AbstractContextManager[None]:
        megabytes = len(file.data) / (1 << 20)
        return _limited(settings.seconds_a_document + settings.seconds_a_megabyte * megabytes)

    return limit


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """TimeoutError inside after `seconds` of this process's CPU time."""

    def end(signum: int, frame: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def failed(order: Order) -> Manifest:
    """The manifest of a batch of one file that took its process down."""
    reason = QuarantineReason.FAILED
    refused = [Refusal(file.key, file.sha256, reason, ADVICE[reason]) for file in order.files]
    return Manifest((), tuple(refused), 0)


def halves(order: Order) -> tuple[Order, Order]:
    """An order cut in two, with labels of their own."""
    middle = len(order.files) // 2
    return (
        replace(order, files=order.files[:middle], label=order.label + "a"),
        replace(order, files=order.files[middle:], label=order.label + "b"),
    )
