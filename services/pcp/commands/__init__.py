"""Commands of pcp for its operator, one file each."""
