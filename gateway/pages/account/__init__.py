"""The signed-in user's own account: sessions, password, two-step sign-in."""
