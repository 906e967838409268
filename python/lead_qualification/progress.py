"""Progress of something that takes a while: a bar on a terminal, else a line now and then.

It goes to standard error, so that the output of a command stays what it is. Without a terminal a
line comes only after some seconds of silence, and nothing is printed for what is quick.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

from lead_qualification.redaction import redacted
from lead_qualification.untrusted import lines

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

LONGEST_SILENCE = 20.0
"""Seconds without a terminal after which a line says how far it is."""


class Progress:
    """How far something is; without a bar it only remembers.

    Attributes:
        title: What it is.
        done: Steps that are done.
        total: Steps in all; none while that is unknown.
    """

    def __init__(self, title: str, total: int | None) -> None:
        """Begin at nothing."""
        self.title = title
        self.done = 0
        self.total = total
        self.began = time.monotonic()
        self.spoke = self.began
        self.lock = Lock()

    def advance(self, steps: int) -> None:
        """Count further steps."""
        self.reach(self.done + steps, self.total)

    def reach(self, done: int, total: int | None) -> None:
        """Note how many steps are done; steps that end out of order do not go back."""
        self.done, self.total = max(done, self.done), total

    def say(self, text: str) -> None:
        """Show a message at once."""
        with self.lock:
            print(lines(redacted(text)), file=sys.stderr, flush=True)
            self.spoke = time.monotonic()

    def break_silence(self) -> None:
        """Say how far it is, if nothing was said for long."""
        if time.monotonic() - self.spoke >= LONGEST_SILENCE:
            self.say(self.line())

    def line(self) -> str:
        """How far it is, in words."""
        counted = f"{self.done} of {self.total}" if self.total else f"{self.done or 'started'}"
        return f"{self.title}: {counted}, {time.monotonic() - self.began:.0f} s"


class _BarProgress(Progress):
    """Progress with a bar on a terminal."""

    def __init__(self, title: str, total: int | None, bar: Bar) -> None:
        """Show the bar."""
        super().__init__(title, total)
        self.bar = bar
        self.task = bar.add_task(title, total=total)

    def reach(self, done: int, total: int | None) -> None:
        """Move the bar."""
        super().reach(done, total)
        self.bar.update(self.task, completed=self.done, total=total)

    def say(self, text: str) -> None:
        """Show a message above the bar."""
        self.bar.console.print(lines(redacted(text)), markup=False, highlight=False, soft_wrap=True)


@contextmanager
def progress(title: str, total: int | None = None) -> Iterator[Progress]:
    """Show how far something is while the block runs.

    Args:
        title: What it is, in a word or two.
        total: Steps in all, if that is known.
    """
    if sys.stderr.isatty():
        with _bar() as bar:
            yield _BarProgress(title, total, bar)
        return
    found = Progress(title, total)
    is_over = Event()
    speaker = Thread(target=_speak, args=(found, is_over), daemon=True)
    speaker.start()
    try:
        yield found
    finally:
        is_over.set()
        speaker.join()


def _bar() -> Bar:
    """The bar of a terminal, on standard error."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    return Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )


def _speak(found: Progress, is_over: Event) -> None:
    """Break the silence until the end."""
    while not is_over.wait(min(1.0, LONGEST_SILENCE / 4)):
        found.break_silence()
