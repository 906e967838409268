"""When does the generated timeline begin and end?"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from .draw import DAY
from .effects import LANDED_AFTER_AS_OF_HOURS


@dataclass(frozen=True)
class Clock:
    """Bounds of the timeline, in seconds since 1970 (UTC)."""

    start: int
    as_of: int
    landed: int  # the extract ran then: nothing later can be in it

    @classmethod
    def of(cls, as_of: str | pd.Timestamp, months: int) -> Clock:
        """The timeline of `months` months up to `as_of`."""
        end = pd.Timestamp(as_of)
        start = (end - pd.DateOffset(months=months)).normalize() + pd.Timedelta(days=1)
        seconds = int(end.timestamp())
        return cls(int(start.timestamp()), seconds, seconds + LANDED_AFTER_AS_OF_HOURS * 3600)

    @property
    def days(self) -> float:
        """Length of the timeline up to `as_of`, in days."""
        return (self.as_of - self.start) / DAY
