"""What every request passes before pages and API: middleware, CSRF, sessions, errors, calls to the services."""
