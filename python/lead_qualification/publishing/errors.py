"""What can go wrong, as exceptions that say what to do about it."""

from __future__ import annotations

from collections.abc import Iterable

from lead_qualification.errors import LeadqError

SHOWN = 5


class NotPublishedError(LeadqError):
    """The new state is not published, the old one stays.

    Attributes:
        reason: Why.
    """

    def __init__(self, what: str, remedy: str = "") -> None:
        """Say why."""
        super().__init__(f"nothing published: {what}", remedy)
        self.reason = what


def listed(names: Iterable[str]) -> str:
    """Return some names for a message, and how many more there are."""
    found = sorted(names)
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return ", ".join(found[:SHOWN]) + more


def check_nothing_removed(removed: Iterable[str], *, may_drop: bool) -> None:
    """Refuse a state without tables that are published now.

    Args:
        removed: Published tables that the new state has not, with their schemas.
        may_drop: Whether that is what the user asked for.

    Raises:
        NotPublishedError: There are some, and they must not go.
    """
    names = list(removed)
    if names and not may_drop:
        raise NotPublishedError(
            f"{listed(names)}: published now, but not in the new build",
            "if the build was a selection, build everything (on DuckDB --on-top keeps the others "
            "as they are); if the models were removed, add --drop-removed",
        )
