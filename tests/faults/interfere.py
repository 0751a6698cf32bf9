"""Put on the path of a run as `sitecustomize`: a fault at its n-th change of a file.

`FAULT_AT` is n, `FAULT_KIND` is `kill` or `error`, `FAULT_BELOW` the folder that is watched.
With n = 0 nothing happens but that the changes are counted into `FAULT_COUNT`.
"""

import atexit
import errno
import os
import signal
import sys

BELOW = os.environ["FAULT_BELOW"]
AT = int(os.environ["FAULT_AT"])
CHANGES = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.symlink", "os.truncate"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
seen = 0


def watch(event: str, arguments: tuple[object, ...]) -> None:
    """Count the changes below the folder; at the n-th, kill or fail."""
    global seen
    if event == "open":
        path, _, flags = arguments
        if not (isinstance(flags, int) and flags & WRITING):
            return
    elif event in CHANGES:
        path = arguments[0]
        if event == "os.symlink":
            path = arguments[1]
    else:
        return
    if not isinstance(path, str | bytes | os.PathLike):
        return
    if not os.path.abspath(os.fsdecode(path)).startswith(BELOW):
        return
    seen += 1
    if seen == AT:
        if os.environ["FAULT_KIND"] == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        raise OSError(errno.ENOSPC, "No space left on device", os.fsdecode(path))


def tell() -> None:
    """Write down how many changes there were."""
    with open(os.environ["FAULT_COUNT"], "w") as file:
        file.write(str(seen))


if AT == 0:
    atexit.register(tell)
sys.addaudithook(watch)
