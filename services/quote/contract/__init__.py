"""Contract of quote: proto messages in and out, nothing else."""
