"""Checks of the project that are written in Python."""
