"""Contract of documents: proto messages in and out, nothing else."""
