"""A daily run that recomputes only the leads that something new happened to."""
