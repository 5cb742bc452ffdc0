"""Store of payment: PostgreSQL tables, repositories and migrations. No column takes a card or account number."""
