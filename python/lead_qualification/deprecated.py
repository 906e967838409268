"""Earlier names of commands: they work for one version, and name the command that took over."""

from __future__ import annotations

import sys
from typing import NoReturn

from lead_qualification.cli import main


def hand_over(earlier: str, command: str) -> NoReturn:
    """Run a command with the arguments of the process, and say what it is called now."""
    print(
        f"python -m {earlier} is now leadq {command}; the old name goes with the next version",
        file=sys.stderr,
    )
    sys.exit(main([command, *sys.argv[1:]]))
