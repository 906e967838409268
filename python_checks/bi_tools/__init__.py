"""Real BI tools that read an export; each runs in an environment of its own."""
