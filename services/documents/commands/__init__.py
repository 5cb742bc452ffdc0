"""Commands of documents: one file each."""
