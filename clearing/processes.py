"""Work shared among processes: a pool whose workers see the same time zones and never outlive their parent.

Only the command line asks for more than one process: a worker imports the main module again, and only ours is known
to bear that. What a worker returns is what the same call would have returned here, so no result depends on it.
"""

import gc
import os
import signal
import threading
import zoneinfo
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from typing import Any

GC_THRESHOLDS = (50_000, 20, 50)
"""A month keeps a million values without circles; looking for some every 700 new ones costs a sixth of the time."""


_MOST = 8
"""Each has some 100 MB of its own, and the one that hands out the work is the slowest from here on."""


def available() -> int:
    """Return how many processes are worth having on this machine."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable, _MOST)


@contextmanager
def pool(jobs: int, begin: Callable[..., None] | None = None, *arguments: object) -> Iterator[ProcessPoolExecutor]:
    """Give out a pool of `jobs` processes, each of which calls `begin(*arguments)` first; it ends with the block."""
    # Started afresh on every system: a copy of this process (fork) would have copies of its locks as well.
    executor = ProcessPoolExecutor(
        jobs, get_context("spawn"), initializer=_begin, initargs=(zoneinfo.TZPATH, begin, arguments)
    )
    try:
        yield executor
    finally:
        executor.shutdown(cancel_futures=True)


def _begin(zones: tuple[str, ...], begin: Callable[..., None] | None, arguments: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process; the parent alone answers it
    gc.set_threshold(*GC_THRESHOLDS)
    zoneinfo.reset_tzpath(to=zones)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if begin is not None:
        begin(*arguments)


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for work forever."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
