"""Events of payment: what it publishes and subscribes to, and their names on the wire."""
