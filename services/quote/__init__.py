"""Quote: the plan catalogue, geography for rating, premiums and quotes."""
