"""What a CRM can answer instead of doing what it is asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class TemporaryError(Exception):
    """The CRM did not do what was asked, and may do so if asked again.

    Attributes:
        may_have_arrived: The CRM may have written the rows and only its answer is missing.
        retry_after: Seconds that the CRM asks to wait, if it does.
        remedy: What a person can do about it; empty where waiting is all.
    """

    def __init__(
        self,
        reason: str,
        *,
        may_have_arrived: bool,
        retry_after: float | None = None,
        remedy: str = "",
    ) -> None:
        """Say what happened."""
        super().__init__(reason)
        self.may_have_arrived = may_have_arrived
        self.retry_after = retry_after
        self.remedy = remedy


class UnreadableAnswerError(TemporaryError):
    """The CRM answers with success, and with something else than its API promises.

    Nothing of such an answer counts, and the run ends; the next one looks the rows up first.
    """

    def __init__(self, crm: str, what: str) -> None:
        """Say what is wrong with the answer, which is not quoted."""
        super().__init__(
            f"{crm}'s answer is not what its API promises: {what}",
            may_have_arrived=True,
            remedy=f"check the address in CRM_{crm.upper()}_*, and whether a proxy or firewall "
            "answers instead of the CRM",
        )


class BatchRefusedError(Exception):
    """The CRM refused all rows of a batch because of at least one of them; none is written."""


@contextmanager
def after_writing() -> Iterator[None]:
    """Read back what was written: whatever goes wrong here, the rows may have arrived.

    Raises:
        TemporaryError: The CRM cannot be asked.
    """
    try:
        yield
    except BatchRefusedError as error:
        raise TemporaryError(str(error), may_have_arrived=True) from None
    except TemporaryError as error:
        error.may_have_arrived = True
        raise
