"""The gateway's own database: people, writing numbers, delegations, sessions, notifications."""
