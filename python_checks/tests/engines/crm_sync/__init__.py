"""Tests of crm_sync, against servers that run here."""
