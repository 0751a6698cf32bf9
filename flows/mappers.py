"""What maps a function over the batches: in this process, or over worker processes."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool

from flows.batches import Manifest, Order, failed, halves
from schemas.settings import Settings

Work = Callable[[Order], Manifest]
Mapper = Callable[[Work, Sequence[Order]], Iterator[Manifest]]


def in_process(work: Work, orders: Sequence[Order]) -> Iterator[Manifest]:
    """One batch after the other, here."""
    yield from map(work, orders)


def over_processes(workers: int) -> Mapper:
    """A mapper over `workers` processes that die with this one."""

    def over(work: Work, orders: Sequence[Order]) -> Iterator[Manifest]:
        waiting = list(reversed(orders))
        running: dict[Future[Manifest], Order] = {}
        try:
            with pool(workers) as executor:
                while waiting or running:
                    while waiting and len(running) < workers + 1:
                        order = waiting.pop()
                        running[executor.submit(work, order)] = order
                    done, _ = wait(running, return_when=FIRST_COMPLETED)
                    for future in done:
                        manifest = future.result()
                        del running[future]
                        yield manifest
        except BrokenProcessPool:
            for order in [*running.values(), *reversed(waiting)]:
                yield from _alone(work, order)

    return over


def choose(orders: Sequence[Order], settings: Settings) -> Mapper:
    """Processes where there is enough to do for them, else this process."""
    size = sum(file.size for order in orders for file in order.files)
    if settings.workers > 1 and len(orders) > 1 and size > settings.pool_from_bytes:
        return over_processes(min(settings.workers, len(orders)))
    return in_process


def pool(workers: int) -> ProcessPoolExecutor:
    """Worker processes that die with this one."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, context, initializer=_begin, initargs=(os.getpid(),))


def _begin(parent: int) -> None:
    """Leave the interrupt to the parent, and die when it does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        set_death_signal = 1  # PR_SET_PDEATHSIG of <sys/prctl.h>
        ctypes.CDLL(None).prctl(set_death_signal, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _alone(work: Work, order: Order) -> Iterator[Manifest]:
    """A batch in a process of its own; where that dies, its halves, down to the one file."""
    try:
        with pool(1) as executor:
            yield executor.submit(work, order).result()
    except BrokenProcessPool:
        if len(order.files) == 1:
            yield failed(order)
        else:
            for half in halves(order):
                yield from _alone(work, half)
