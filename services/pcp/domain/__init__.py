"""Domain of pcp: providers, their panels and groups, and what may be chosen. Pure."""
