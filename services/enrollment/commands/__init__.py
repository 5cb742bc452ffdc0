"""Commands of enrollment for its operator, one file each."""
