"""The gateway: portal pages, JSON API, sign-in and sessions, notifications.

Keeps no business rule, publishes nothing."""
