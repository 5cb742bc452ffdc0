"""Wire: single values between domain and proto, shared by contract, remote and events."""
