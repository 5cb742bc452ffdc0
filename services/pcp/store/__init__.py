"""Store of pcp: PostgreSQL tables, repositories and migrations."""
