"""Use cases of documents: one file each; what they need of the outside is in ``ports``."""
