"""What a command's exit code says, the same for every command.

A command that compares or checks (diff, check) ends with FAILED when it found what it looks for,
one that does something (build, publish, sync, predict) when it could not do all of it.
"""

from __future__ import annotations

OK = 0
"""Done; there was nothing to complain about."""

FAILED = 1
"""The run failed, or found what it was asked to look for."""

WRONG_USE = 2
"""Wrong usage or configuration: nothing was done; the message names the remedy."""

MEANING = (
    "exit codes: 0 done; 1 the run failed, or found what it looks for; "
    "2 wrong usage or configuration"
)
