"""Contract of payment: proto messages in and out, nothing else."""
