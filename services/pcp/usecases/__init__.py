"""Use cases of pcp: one file each; what they need of the outside is in ``ports``."""
