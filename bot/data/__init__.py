"""Policy as data: what the modules of the reading side read."""
