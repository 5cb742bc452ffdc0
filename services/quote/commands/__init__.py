"""Commands of quote for its operator, one file each."""
