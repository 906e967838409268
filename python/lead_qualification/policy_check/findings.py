"""What a check finds: where it is, what is wrong and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from lead_qualification.untrusted import plain

LONGEST_CELL = 60


@dataclass(frozen=True, order=True)
class Finding:
    """A mistake in a policy file, or what looks like one.

    Attributes:
        file: The name of the file.
        row: The row as a spreadsheet counts, the header being 1; 0 is the file as a whole.
        column: The column; empty is the row as a whole.
        what: What is wrong, with the cell where there is one.
        remedy: What to do about it.
        is_error: Whether a build would stop or compute something other than what stands there;
            otherwise it is only implausible.
    """

    file: str
    row: int
    column: str
    what: str
    remedy: str
    is_error: bool = True

    @property
    def told(self) -> str:
        """The finding as a line."""
        place = [self.file, *([f"row {self.row}"] if self.row else ()), self.column]
        sign = "error  " if self.is_error else "warning"
        where = ", ".join(part for part in place if part)
        return plain(f"{sign}  {where}: {self.what}; {self.remedy}")


def quoted(text: object) -> str:
    """Return a cell as a message shows it; what is long is cut."""
    shown = plain(text)
    return f"'{shown[:LONGEST_CELL]}...'" if len(shown) > LONGEST_CELL else f"'{shown}'"
