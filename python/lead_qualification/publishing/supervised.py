"""Runs a command that does not outlive the process that asked for it, however that one ends.

Started by ``build_process``, as leader of a process group of its own. Its standard input is a pipe
that nobody writes into: it ends when the other process is gone.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from threading import Thread


def end_with_the_pipe() -> None:
    """Wait for the end of the pipe, then kill the whole group."""
    os.read(0, 1)
    os.killpg(0, signal.SIGKILL)


def main() -> int:
    """Run the command in the arguments and return its exit code."""
    Thread(target=end_with_the_pipe, daemon=True).start()
    code = subprocess.call(sys.argv[1:], stdin=subprocess.DEVNULL)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main())
