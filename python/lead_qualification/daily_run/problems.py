"""What can go wrong in a way that the caller can mend."""

from __future__ import annotations


class ConfigurationError(RuntimeError):
    """The command cannot run as it was called; the message says what to change."""


class DbtError(RuntimeError):
    """dbt ended with an error; the message is what it printed."""
