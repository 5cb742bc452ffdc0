"""Everything that a single machine needs: set-up, servers, the launcher of the whole suite, the demo."""
