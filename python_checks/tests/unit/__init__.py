"""Tests that need no build of dbt."""
