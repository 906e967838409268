"""Tests of what dbt builds on DuckDB."""
