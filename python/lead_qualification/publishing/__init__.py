"""Builds beside the published tables and publishes only a complete, tested state."""
