"""Tests of the predictive score."""
