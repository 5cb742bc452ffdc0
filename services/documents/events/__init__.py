"""Events of documents: what it publishes and hears, and under which names on the wire."""
