"""Looks for a better policy within limits, by replaying each on the history of a build.

Command: ``leadq policy search --cells cells.csv``.
"""
