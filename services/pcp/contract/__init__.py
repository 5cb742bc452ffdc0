"""Contract of pcp: proto messages in and out, nothing else."""
