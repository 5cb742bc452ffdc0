"""Store: applications and places in PostgreSQL."""
