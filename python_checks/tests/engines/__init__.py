"""Tests against other systems: PostgreSQL, Spark, CRMs."""
