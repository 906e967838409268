"""What every CRM looks like to the delivery."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from lead_qualification.crm_sync.sync_tables import Row


@dataclass(frozen=True)
class Outcome:
    """What became of a row that was sent.

    Attributes:
        key: The row's key.
        reason: Why the CRM refused the row; empty if it has the row now.
        remedy: What a person can do about it.
    """

    key: str
    reason: str = ""
    remedy: str = "fix the value or the CRM's rule, then run again"

    @property
    def is_written(self) -> bool:
        """Whether the CRM has the row now."""
        return not self.reason


NOT_NAMED = "the answer does not name this record, so it does not count as written"
LOOK_UP = (
    "look for the record in the CRM (deleted, merged, or hidden from this user?), then run again"
)


class Crm(Protocol):
    """A CRM, seen through one of its objects: leads or accounts.

    Every method may raise TemporaryError, after which it can be called again, and
    ConfigurationError.

    Attributes:
        name: How the command calls it.
        batch_size: How many rows one call of write may have.
        settle_seconds: How long the CRM may still be working at a request whose sender is gone.
            Zero if write leaves alone a record that has all values already, so that a request
            that is carried out late does no harm.
    """

    name: str
    batch_size: int
    settle_seconds: float

    def identity(self) -> str:
        """Check access and that all fields are there; return what tells this CRM from others."""
        ...

    def write(self, rows: Sequence[Row]) -> list[Outcome]:
        """Write the rows, which are of one kind, and say for each what became of it.

        Written is a row whose key is in the answer of the CRM. A row without an outcome counts as
        failed.

        Raises:
            BatchRefusedError: No row is written, because of at least one of them.
        """
        ...

    def written_hashes(self, rows: Sequence[Row]) -> dict[str, str]:
        """Return the row hash that the CRM holds for each row's key; unknown keys are absent."""
        ...
