"""Tests of the dashboard, with a real browser where there is one."""
