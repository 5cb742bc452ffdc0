"""Commands of the gateway for its operator."""
