"""Says what an edit of the policy does to leads, by comparing a build before it with one after it.

Command: ``python -m lead_qualification.policy_diff --before main.duckdb --after branch.duckdb``.
"""
