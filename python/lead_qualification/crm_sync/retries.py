"""When a call to the CRM is repeated, and how long to wait before."""

from __future__ import annotations

from dataclasses import dataclass

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    wait_random_exponential,
)

from lead_qualification.crm_sync.errors import TemporaryError, UnreadableAnswerError


@dataclass(frozen=True)
class Patience:
    """How often a call is tried, and how long a wait may be.

    Attributes:
        tries: Calls in all, the first one included.
        longest_wait: Seconds. A CRM that asks for a longer wait is not called again.
        settle_seconds: Least wait after a call that may have arrived.
    """

    tries: int
    longest_wait: float
    settle_seconds: float

    def retrying(self) -> Retrying:
        """Return attempts for one call: exponential back-off with full jitter.

        The last TemporaryError is raised when there are no more.
        """
        return Retrying(
            stop=stop_after_attempt(self.tries),
            retry=retry_if_exception(self._may_be_repeated),
            wait=self._wait,
            reraise=True,
        )

    def _may_be_repeated(self, error: BaseException) -> bool:
        """Whether a later call could succeed, soon enough."""
        if not isinstance(error, TemporaryError) or isinstance(error, UnreadableAnswerError):
            return False
        return error.retry_after is None or error.retry_after <= self.longest_wait

    def _wait(self, state: RetryCallState) -> float:
        """Seconds before the next call: what the CRM asks for, else the back-off."""
        error = state.outcome.exception() if state.outcome else None
        backoff = wait_random_exponential(multiplier=1, max=self.longest_wait)(state)
        if not isinstance(error, TemporaryError):
            return backoff
        if error.retry_after is not None:
            return error.retry_after
        return max(backoff, self.settle_seconds) if error.may_have_arrived else backoff
