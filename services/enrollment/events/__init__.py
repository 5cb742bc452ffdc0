"""Events: what enrollment publishes, and what it hears."""
