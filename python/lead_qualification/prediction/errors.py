"""What can go wrong, as exceptions that say what to do about it."""

from __future__ import annotations


class NotEnoughOutcomesError(Exception):
    """There are too few outcomes to learn from; the message says how many."""


class UnusableModelError(Exception):
    """A stored model cannot be used; the message says why."""
