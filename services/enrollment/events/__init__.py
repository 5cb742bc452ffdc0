"""Events: what enrollment publishes, and what it subscribes to."""
