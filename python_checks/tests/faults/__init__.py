"""Tests of builds that are killed, fail or meet a full disk."""
