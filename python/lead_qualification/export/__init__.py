"""Definitions for BI tools, made from what the project already says: marts, metrics, questions."""
