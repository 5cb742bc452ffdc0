"""Store of documents: PostgreSQL tables, repository and migrations."""
