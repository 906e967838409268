"""What tests and benchmarks ask of this machine about processes."""

from __future__ import annotations

import socket


def free_port() -> int:
    """Return a port of this machine that nothing listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def peak_memory(status: str) -> float:
    """Return the most memory that a process had, in MiB, from what Linux says of it."""
    lines = status.splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
