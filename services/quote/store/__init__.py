"""Store of quote: PostgreSQL tables, repositories and migrations."""
