"""Domain: what is refused at once in a step (``find_invalid``) and what submission lacks (``find_incomplete``)."""
