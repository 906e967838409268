"""What tests and benchmarks ask of this machine about processes."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from socketserver import BaseServer
from threading import Thread

PATIENCE_SECONDS = 60
SECONDS_TO_STOP = 0.01
"""How long a server may go on after it was told to stop; Python's own default is half a second."""


def environment_without_settings() -> dict[str, str]:
    """Return the environment without what the project and dbt read from it."""
    return {
        name: value for name, value in os.environ.items() if not name.startswith(("LEAD_", "DBT_"))
    }


def free_port() -> int:
    """Return a port of this machine that nothing listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def serve(server: BaseServer) -> None:
    """Let a server answer in the background, until its shutdown."""
    Thread(target=server.serve_forever, args=(SECONDS_TO_STOP,), daemon=True).start()


def peak_memory(status: str) -> float:
    """Return the most memory that a process had, in MiB, from what Linux says of it."""
    lines = status.splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def wait_until(is_so: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until something is so, for so many seconds at most.

    Raises:
        TimeoutError: It does not become so.
    """
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} seconds: {is_so}")
        time.sleep(0.002)
