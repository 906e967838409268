"""Tests of the checks that are written in Python."""
