"""What a CRM can answer instead of doing what it is asked."""

from __future__ import annotations


class TemporaryError(Exception):
    """The CRM did not do what was asked, and may do so if asked again.

    Attributes:
        may_have_arrived: The CRM may have written the rows and only its answer is missing.
        retry_after: Seconds that the CRM asks to wait, if it does.
    """

    def __init__(
        self, reason: str, *, may_have_arrived: bool, retry_after: float | None = None
    ) -> None:
        """Say what happened."""
        super().__init__(reason)
        self.may_have_arrived = may_have_arrived
        self.retry_after = retry_after


class BatchRefusedError(Exception):
    """The CRM refused all rows of a batch because of at least one of them; none is written."""
