"""Policy folders for tests of the reference, in which rows begin and end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from python_checks.reference import compute
from python_checks.tests.tables import POLICY
from python_checks.tests.unit.raw_rows import AS_OF, write_raw_rows
from python_checks.world_policies import Edits, write_edited_policy

Rows = list[dict[str, Any]]
Edit = tuple[str, Callable[[Edits], None]]
"""A boundary, and what changes there."""


def change(table: str, values: dict[str, str | None], **key: str) -> Callable[[Edits], None]:
    """The row with a key says something else from a boundary on."""

    def apply(edits: Edits) -> None:
        row = edits.pick(table, lambda r: all(r[name] == value for name, value in key.items()))
        assert row is not None, (table, key)
        edits.change(table, row, **values)

    return apply


def end(table: str, **key: str) -> Callable[[Edits], None]:
    """The row with a key ends at a boundary."""

    def apply(edits: Edits) -> None:
        row = edits.pick(table, lambda r: all(r[name] == value for name, value in key.items()))
        assert row is not None, (table, key)
        edits.end(table, row)

    return apply


def begin(table: str, **row: str | None) -> Callable[[Edits], None]:
    """A row begins at a boundary; columns that it does not say are empty."""

    def apply(edits: Edits) -> None:
        edits.begin(table, dict.fromkeys(edits.tables[table][0]) | row)

    return apply


class DatedRun:
    """Computes the public tables from rows by raw table, and from rules that change.

    Attributes:
        folder: Where the raw files and the policies go.
        usual: Rows by raw table that are there unless a test says otherwise.
    """

    def __init__(self, folder: Path, **usual: Rows) -> None:
        """Begin with the usual rows."""
        self.folder = folder
        self.usual = usual
        self.number = 0

    def __call__(
        self,
        *edits: Edit,
        as_of: datetime = AS_OF,
        variables: dict[str, Any] | None = None,
        **tables: Rows,
    ) -> dict[str, Rows]:
        """The public tables; every edit is a boundary and what changes there."""
        self.number += 1
        raw, policy = (self.folder / f"{name}{self.number}" for name in ("raw", "policy"))
        raw.mkdir()
        write_raw_rows(raw, self.usual | tables)
        in_order = sorted(edits, key=lambda edit: datetime.fromisoformat(edit[0]))
        write_edited_policy(
            policy, POLICY, [(datetime.fromisoformat(at), edit) for at, edit in in_order]
        )
        return compute(raw, policy, as_of, variables)
