"""What can go wrong in a way that a person can act on: what happened, and the remedy.

Anything else that is raised is a defect of the package, and ends with its traceback.
"""

from __future__ import annotations

from typing import ClassVar

from lead_qualification.exit_codes import FAILED, WRONG_USE


class LeadqError(Exception):
    """The base of all errors that are told in a line and not by a traceback.

    Attributes:
        exit_code: How the command ends.
        what: What happened, and where.
        remedy: What to do about it; empty where ``what`` says it.
    """

    exit_code: ClassVar[int] = FAILED

    def __init__(self, what: str, remedy: str = "") -> None:
        """Say what happened and what to do."""
        super().__init__(f"{what}; {remedy}" if remedy else what)
        self.what = what
        self.remedy = remedy


class ConfigurationError(LeadqError):
    """Nothing can be done until a person changes something."""

    exit_code: ClassVar[int] = WRONG_USE


class WarehouseError(ConfigurationError):
    """A table of the warehouse cannot be read or written, or the warehouse cannot be opened."""


class HeldError(WarehouseError):
    """Another process has the DuckDB file open."""


class DbtError(LeadqError):
    """dbt ended with an error."""


class StoppedError(LeadqError):
    """The user stopped the command."""
