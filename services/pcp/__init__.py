"""Provider directory: who is in which plan's network, Provider Finder, and who is assigned to whom (R68-R72)."""
