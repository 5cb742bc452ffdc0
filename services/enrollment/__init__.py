"""Enrollment: applications for off-exchange coverage, from start to submission (R14-R113)."""
