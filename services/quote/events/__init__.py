"""Events: what quote publishes. It consumes none."""
