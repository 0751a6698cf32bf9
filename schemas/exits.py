"""How a command ends: the exit codes of the contract, and the one exception that carries them."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of every command."""

    DONE = 0
    INTERNAL = 1
    USAGE = 2  # usage, a path that does not exist
    REFUSED = 3  # an audit or contract refused the build; the old warehouse stays
    LOCKED = 4  # another run holds the lock
    IO = 5  # reading or writing failed: disk full, permission, a server that is gone
    QUARANTINED = 6  # published, with files newly quarantined
    INTERRUPTED = 130


class Stop(Exception):
    """A command ends here: `code` for the shell, the message for the person."""

    def __init__(self, code: Exit, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
