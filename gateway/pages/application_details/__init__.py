"""Application Details (R94) and whatever can be done with an application after Submit."""
