"""Brings the rows of a sync table to a CRM, each of them once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lead_qualification.checkpoint import DONE, FAILED, IN_DOUBT, Checkpoint
from lead_qualification.crm_sync.crm import LOOK_UP, NOT_NAMED, Crm, Outcome
from lead_qualification.crm_sync.errors import BatchRefusedError, TemporaryError
from lead_qualification.crm_sync.retries import Patience
from lead_qualification.crm_sync.sync_tables import Row
from lead_qualification.errors import ConfigurationError

RUN_AGAIN = "run the same command again; it goes on where this one ended"


@dataclass
class Result:
    """What a run did.

    Attributes:
        skipped: Rows that an earlier run had finished.
        arrived: Rows in doubt that the CRM turned out to have.
        written: Rows that this run wrote.
        failures: Rows that the CRM does not have, or may not have.
    """

    skipped: int = 0
    arrived: int = 0
    written: int = 0
    failures: list[Outcome] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """What there is to do, by the checkpoint.

    Attributes:
        done: Rows that need nothing.
        in_doubt: Rows that were sent and may have arrived.
        to_send: Rows that were not sent, or refused.
    """

    done: list[Row]
    in_doubt: list[Row]
    to_send: list[Row]


def planned(rows: list[Row], states: dict[str, tuple[str, str]]) -> Plan:
    """Sort rows by their state; a row of another version than the noted one is new."""
    plan = Plan([], [], [])
    places = {DONE: plan.done, IN_DOUBT: plan.in_doubt, FAILED: plan.to_send}
    for row in rows:
        version, state = states.get(row.key, ("", FAILED))
        places[state if version == row.version else FAILED].append(row)
    return plan


def unsettled(rows: list[Row], error: Exception) -> list[Outcome]:
    """Return the outcomes of rows that are left when a run ends early."""
    reason = f"the run ended before this row was settled: {error}"
    remedy = "; then ".join(filter(None, [getattr(error, "remedy", ""), RUN_AGAIN]))
    return [Outcome(row.key, reason, remedy) for row in rows]


def accounted(rows: list[Row], outcomes: list[Outcome]) -> list[Outcome]:
    """Return one outcome for each row: a refusal before a success, a failure where there is none.

    Outcomes of rows that were not sent are left out.
    """
    found = {outcome.key: outcome for outcome in outcomes if outcome.is_written}
    found |= {outcome.key: outcome for outcome in outcomes if not outcome.is_written}
    return [found.get(row.key) or Outcome(row.key, NOT_NAMED, LOOK_UP) for row in rows]


@dataclass
class Attempt:
    """A batch on its way.

    Attributes:
        missing: Rows that the CRM does not have, as far as is known.
        arrived: Outcomes of rows that the CRM has although its answer was lost.
        may_have_arrived: Whether the last answer was lost.
    """

    missing: list[Row]
    arrived: list[Outcome] = field(default_factory=list)
    may_have_arrived: bool = False


@dataclass(frozen=True)
class Delivery:
    """A run.

    Attributes:
        crm: Where the rows go.
        checkpoint: What is known of the rows.
        patience: How often calls are repeated.
        batch_size: Rows of a batch.
        progress: Called with the number of rows that are settled.
    """

    crm: Crm
    checkpoint: Checkpoint
    patience: Patience
    batch_size: int
    progress: Callable[[int], object]

    def run(self, rows: list[Row]) -> Result:
        """Bring all rows to the CRM; what could not be brought is in the result."""
        self._settle()
        plan = planned(rows, self.checkpoint.states())
        result = Result(skipped=len(plan.done))
        self.progress(len(plan.done))
        waiting = {row.key: row for row in (*plan.in_doubt, *plan.to_send)}
        try:
            for row in self._arrived(plan.in_doubt):
                del waiting[row.key]
                result.arrived += 1
            for batch in self._batches(list(waiting.values())):
                for outcome in self._deliver(batch):
                    del waiting[outcome.key]
                    if outcome.is_written:
                        result.written += 1
                    else:
                        result.failures.append(outcome)
        except (TemporaryError, ConfigurationError, BatchRefusedError) as error:
            result.failures += unsettled(list(waiting.values()), error)
        return result

    def _settle(self) -> None:
        """Wait until no request of a killed run can be under way any more."""
        passed = self.checkpoint.seconds_since_last_doubt()
        time.sleep(max(0.0, self.patience.settle_seconds - passed))

    def _batches(self, rows: list[Row]) -> Iterator[list[Row]]:
        """Cut rows into batches, each of one kind."""
        for kind in dict.fromkeys(row.kind for row in rows):
            own = [row for row in rows if row.kind == kind]
            for start in range(0, len(own), self.batch_size):
                yield own[start : start + self.batch_size]

    def _arrived(self, in_doubt: list[Row]) -> Iterator[Row]:
        """Note as done, and yield, the rows in doubt that the CRM has."""
        for batch in self._batches(in_doubt):
            found = self.patience.retrying()(self._found, batch)
            self.checkpoint.note(found, DONE)
            self.progress(len(found))
            yield from found

    def _found(self, rows: list[Row]) -> list[Row]:
        """The rows that the CRM has."""
        hashes = self.crm.written_hashes(rows)
        return [row for row in rows if hashes.get(row.key) == row.row_hash]

    def _deliver(self, batch: list[Row]) -> Iterator[Outcome]:
        """Send a batch, note each outcome and yield it; a refused batch is sent in halves."""
        self.checkpoint.note(batch, IN_DOUBT)
        attempt = Attempt(missing=batch)
        try:
            outcomes = self.patience.retrying()(self._send, attempt)
        except BatchRefusedError as refused:
            missing, middle = attempt.missing, len(attempt.missing) // 2
            yield from self._noted(batch, attempt.arrived)
            if middle == 0:
                yield from self._noted(missing, [Outcome(missing[0].key, str(refused))])
                return
            yield from self._deliver(missing[:middle])
            yield from self._deliver(missing[middle:])
            return
        yield from self._noted(batch, attempt.arrived + outcomes)

    def _send(self, attempt: Attempt) -> list[Outcome]:
        """Send once; if an answer was lost before, look up first what has arrived."""
        if attempt.may_have_arrived:
            found = self._found(attempt.missing)
            attempt.arrived += [Outcome(row.key) for row in found]
            attempt.missing = [row for row in attempt.missing if row not in found]
            attempt.may_have_arrived = False
        try:
            return accounted(
                attempt.missing, self.crm.write(attempt.missing) if attempt.missing else []
            )
        except TemporaryError as error:
            attempt.may_have_arrived = error.may_have_arrived
            raise

    def _noted(self, rows: list[Row], outcomes: list[Outcome]) -> list[Outcome]:
        """Note and return the outcomes of some of the rows."""
        is_written = {outcome.key: outcome.is_written for outcome in outcomes}
        self.checkpoint.note([row for row in rows if is_written.get(row.key) is True], DONE)
        self.checkpoint.note([row for row in rows if is_written.get(row.key) is False], FAILED)
        self.progress(len(outcomes))
        return outcomes
