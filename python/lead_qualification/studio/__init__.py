"""Edits the policy tables, checks them, simulates them on the last build and writes patches.

Pure functions without a page: the dashboard's page Policy studio shows what they return. Nothing is
written to the warehouse; a simulation runs on a copy of its file.
"""
