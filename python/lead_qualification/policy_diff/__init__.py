"""Says what an edit of the policy does to leads, by comparing a build before it with one after it.

Command: ``leadq diff --before main.duckdb --after branch.duckdb``.
"""
